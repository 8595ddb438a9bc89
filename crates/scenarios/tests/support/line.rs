//! A line to a database that can fall silent: it swallows what is sent on it, and says nothing.
//!
//! In:  the URL of a database on this machine. Out: a URL that leads there over a line of its own.
//! Invariant: what was swallowed never comes out again; connections that are made afterwards are as good as new.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long a line looks for something to carry before it looks whether it may go on.
const LOOK: Duration = Duration::from_millis(100);

pub struct Line {
    pub url: String,
    silent: Arc<AtomicBool>,
    over: Arc<AtomicBool>,
}

impl Line {
    pub fn to(url: &str) -> Line {
        let (scheme, rest) = url.split_once("://").unwrap();
        let (user, place) = rest.split_once('@').unwrap();
        let (address, name) = place.split_once('/').unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let here = listener.local_addr().unwrap();
        let (silent, over) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let line = Line {
            url: format!("{scheme}://{user}@{here}/{name}"),
            silent: silent.clone(),
            over: over.clone(),
        };
        let address = address.to_string();
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let far = TcpStream::connect(&address).unwrap();
                let swallows = Arc::new(AtomicBool::new(silent.load(Ordering::SeqCst)));
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let (silent, swallows) = (silent.clone(), swallows.clone());
                    std::thread::spawn(move || carry(from, to, &silent, &swallows));
                }
            }
        });
        line
    }

    /// From now on nothing comes through.
    pub fn fall_silent(&self) {
        self.silent.store(true, Ordering::SeqCst);
    }

    /// New connections come through; those on which something was swallowed stay silent.
    pub fn speak(&self) {
        self.silent.store(false, Ordering::SeqCst);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes whoever waits for the next connection.
        let address = self.url.split('@').nth(1).and_then(|it| it.split('/').next()).unwrap();
        let _ = TcpStream::connect(address);
    }
}

/// Carries bytes one way, and none any more once the line was silent while there was something to carry.
fn carry(mut from: TcpStream, mut to: TcpStream, silent: &AtomicBool, swallows: &AtomicBool) {
    from.set_read_timeout(Some(LOOK)).unwrap();
    let mut bytes = [0; 65_536];
    loop {
        match from.read(&mut bytes) {
            Ok(0) => break,
            Ok(count) => {
                if silent.load(Ordering::SeqCst) {
                    swallows.store(true, Ordering::SeqCst);
                }
                if !swallows.load(Ordering::SeqCst) && to.write_all(&bytes[..count]).is_err() {
                    break;
                }
            }
            Err(error)
                if [std::io::ErrorKind::WouldBlock, std::io::ErrorKind::TimedOut].contains(&error.kind()) => {
            }
            Err(_) => break,
        }
    }
    // One that swallows does not tell the other end either.
    if !swallows.load(Ordering::SeqCst) {
        let _ = to.shutdown(Shutdown::Both);
    }
}
