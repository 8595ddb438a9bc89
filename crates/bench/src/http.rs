//! A small HTTP/1.1 client: one kept connection per thread, and little work per request, so that what is measured is
//! the server.
//!
//! In:  an address on this machine, a key, requests. Out: statuses and bodies.
//! Invariant: an answer is read to its end before the next request is sent; whatever is not HTTP/1.1 is an error.

#[cfg(test)]
mod tests;

use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any request may take.
const TIMEOUT: Duration = Duration::from_secs(60);
/// What a head or a chunk's head may be at most.
const LINE: u64 = 16 * 1024;

/// A request as it goes over the wire, written once and sent often.
#[derive(Clone)]
pub(super) struct Request(Vec<u8>);

pub(super) struct Answer {
    pub status: u16,
    /// What it leads on to.
    pub location: Option<String>,
    /// Names and values that a browser would keep.
    pub cookies: Vec<(String, String)>,
    pub body: Vec<u8>,
}

pub(super) struct Connection {
    stream: BufReader<TcpStream>,
}

impl Request {
    pub fn get(path: &str, key: &str) -> Request {
        Request(
            format!("GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\n\r\n").into_bytes(),
        )
    }

    /// A request of a browser: `headers` are whole lines without their ends; a form is sent where there is one.
    pub fn page(path: &str, headers: &[String], form: Option<&str>) -> Request {
        let method = if form.is_some() { "POST" } else { "GET" };
        let mut text = format!("{method} {path} HTTP/1.1\r\nhost: bench\r\naccept: text/html\r\n");
        for line in headers {
            text.push_str(line);
            text.push_str("\r\n");
        }
        if let Some(form) = form {
            let length = form.len();
            text.push_str(&format!(
                "content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n"
            ));
        }
        Request(format!("{text}\r\n{}", form.unwrap_or("")).into_bytes())
    }

    /// The same for an account that an operator names.
    pub fn get_for(path: &str, key: &str, account: &str) -> Request {
        let head = format!("GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\n");
        Request(format!("{head}till-account: {account}\r\n\r\n").into_bytes())
    }

    /// `headers` are whole lines without their ends.
    pub fn post(path: &str, key: &str, headers: &[&str], body: &[u8]) -> Request {
        let mut head = format!("POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\n");
        for line in headers {
            head.push_str(line);
            head.push_str("\r\n");
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);
        Request(bytes)
    }
}

impl Answer {
    pub fn json(&self) -> Result<serde_json::Value> {
        serde_json::from_slice(&self.body).context("reading an answer of the server")
    }

    /// The answer, if it went well; else what the server said.
    pub fn good(self) -> Result<Answer> {
        ensure!(
            (200..300).contains(&self.status),
            "the server answered {}: {}",
            self.status,
            String::from_utf8_lossy(&self.body)
        );
        Ok(self)
    }
}

impl Connection {
    pub fn open(address: SocketAddr) -> Result<Connection> {
        let stream = TcpStream::connect(address).with_context(|| format!("connecting to {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        Ok(Connection { stream: BufReader::with_capacity(64 * 1024, stream) })
    }

    pub fn send(&mut self, request: &Request) -> Result<Answer> {
        self.stream.get_mut().write_all(&request.0).context("sending a request")?;
        read_answer(&mut self.stream)
    }
}

fn read_answer(from: &mut impl BufRead) -> Result<Answer> {
    let mut line = String::new();
    let status = status_of(read_line(from, &mut line)?)?;
    let (mut length, mut chunked, mut location, mut cookies) = (0, false, None, Vec::new());
    loop {
        let header = read_line(from, &mut line)?;
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').with_context(|| format!("a header is `{header}`"))?;
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().context("reading Content-Length")?;
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            chunked = value.trim().eq_ignore_ascii_case("chunked");
        } else if name.eq_ignore_ascii_case("location") {
            location = Some(value.trim().to_string());
        } else if name.eq_ignore_ascii_case("set-cookie") {
            let pair = value.split(';').next().and_then(|it| it.trim().split_once('='));
            cookies.extend(pair.map(|it| (it.0.to_string(), it.1.to_string())));
        }
    }
    let mut body = Vec::new();
    if chunked {
        while read_chunk(from, &mut line, &mut body)? {}
    } else {
        read_exactly(from, length, &mut body)?;
    }
    Ok(Answer { status, location, cookies, body })
}

/// Whether another chunk may follow.
fn read_chunk(from: &mut impl BufRead, line: &mut String, body: &mut Vec<u8>) -> Result<bool> {
    let head = read_line(from, line)?;
    let digits = head.split(';').next().unwrap_or("").trim();
    let length =
        u64::from_str_radix(digits, 16).with_context(|| format!("the length of a chunk is `{digits}`"))?;
    read_exactly(from, length, body)?;
    let after = read_line(from, line)?;
    ensure!(after.is_empty(), "a chunk ends with `{after}`");
    Ok(length > 0)
}

fn read_exactly(from: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> Result<()> {
    let read = from.take(length).read_to_end(body).context("reading an answer")?;
    ensure!(read as u64 == length, "an answer broke off");
    Ok(())
}

fn status_of(line: &str) -> Result<u16> {
    let rest = line.strip_prefix("HTTP/1.1 ").with_context(|| format!("an answer begins with `{line}`"))?;
    let digits = rest.split(' ').next().unwrap_or("");
    digits.parse().with_context(|| format!("a status is `{digits}`"))
}

/// A line without its end.
fn read_line<'a>(from: &mut impl BufRead, line: &'a mut String) -> Result<&'a str> {
    line.clear();
    from.take(LINE).read_line(line).context("reading an answer")?;
    match line.strip_suffix('\n') {
        Some(it) => Ok(it.strip_suffix('\r').unwrap_or(it)),
        None if line.is_empty() => bail!("the server hung up"),
        None => bail!("a line of an answer is too long or broke off"),
    }
}
