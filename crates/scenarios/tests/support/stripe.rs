//! A gateway for cards on this machine: PyPI's `localstripe`, and a line to it on which answers get lost.
//!
//! In:  what is to go wrong. Out: a gateway, what was asked of it, what it knows.
//! Invariant: it listens on a port of its own and ends with the test; what is asked goes over the line, in the order in which it is
//! noted. It knows nothing of an Idempotency-Key.
#![allow(dead_code)]

use super::served::{Answer, Folder, Running, eventually, exchange, free_address};
use super::tools::tool;
use serde_json::{Value, json};
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// With which it signs what it sends.
pub const SECRET: &str = "whsec_of_these_tests";

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It does not get there.
    Down,
    /// It gets there, and its answer does not come back.
    AnswerLost,
    /// It gets there later than anybody waits.
    Slow,
    /// It does not get there, and is refused with this code.
    Refused(&'static str),
}

/// Which calls something happens to, how often.
#[derive(Clone, Debug)]
struct Rule {
    of: &'static str,
    fault: Fault,
    times: usize,
}

#[derive(Default)]
struct Told {
    rules: Vec<Rule>,
    calls: Vec<String>,
}

/// A running gateway.
pub struct Gateway {
    running: Option<Running>,
    pub own: SocketAddr,
    /// Where the line to it begins.
    pub line: SocketAddr,
    told: Arc<Mutex<Told>>,
    files: Folder,
}

impl Gateway {
    pub fn start() -> Gateway {
        let own = free_address();
        let mut command = tool("localstripe", &std::env::temp_dir());
        command.args(["--from-scratch", "--port", &own.port().to_string()]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let told = Arc::new(Mutex::new(Told::default()));
        let line = line(own, told.clone());
        let gateway =
            Gateway { running: Some(Running(child)), own, line, told, files: Folder::new("gateway") };
        eventually("the gateway listens", || TcpStream::connect(own).ok());
        fs::write(gateway.files.0.join("key"), "sk_test_12345\n").unwrap();
        fs::write(gateway.files.0.join("hook"), SECRET).unwrap();
        gateway
    }

    /// Arguments of a server that takes cards by it.
    pub fn arguments(&self) -> Vec<String> {
        let file = |name: &str| self.files.0.join(name).display().to_string();
        let (url, script) =
            (format!("http://{}", self.line), format!("http://{}/js.stripe.com/v3/", self.own));
        let pairs = [
            ("--rate-limit", "0"),
            ("--stripe-url", &url),
            ("--stripe-key-file", &file("key")),
            ("--stripe-publishable-key", "pk_test_12345"),
            ("--stripe-webhook-secret-file", &file("hook")),
            ("--stripe-script", &script),
        ];
        pairs.iter().flat_map(|it| [it.0.to_string(), it.1.to_string()]).collect()
    }

    /// The next `times` calls whose `METHOD /path` begins with `of` go wrong.
    pub fn fails(&self, of: &'static str, fault: Fault, times: usize) {
        self.told.lock().unwrap().rules.push(Rule { of, fault, times });
    }

    /// Everything that was asked over the line, as `METHOD /path`.
    pub fn calls(&self, of: &str) -> usize {
        self.told.lock().unwrap().calls.iter().filter(|it| it.starts_with(of)).count()
    }

    /// Asks it past the line, as its owner.
    pub fn call(&self, method: &str, path: &str, form: &str) -> Answer {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nauthorization: Bearer sk_test_12345\r\n\
             content-type: application/x-www-form-urlencoded\r\n",
            self.own
        );
        exchange(self.own, head, form.as_bytes())
    }

    /// A card of this number, as the gateway's script makes one.
    pub fn card(&self, number: &str) -> String {
        let form =
            format!("type=card&card[number]={number}&card[exp_month]=12&card[exp_year]=2030&card[cvc]=123");
        let made = self.call("POST", "/v1/payment_methods", &form).good();
        made["id"].as_str().unwrap().to_string()
    }

    /// Every payment that it knows.
    pub fn intents(&self) -> Vec<Value> {
        let found = self.call("GET", "/v1/payment_intents?limit=100", "").good();
        found["data"].as_array().unwrap().clone()
    }

    /// What cards were charged, less what went back, in minor units.
    pub fn charged(&self) -> i64 {
        let all = self.call("GET", "/v1/charges?limit=100", "").good();
        let of = |it: &Value| match it["captured"].as_bool() {
            Some(true) if it["status"] == "succeeded" => {
                it["amount"].as_i64().unwrap() - it["amount_refunded"].as_i64().unwrap()
            }
            _ => 0,
        };
        all["data"].as_array().unwrap().iter().map(of).sum()
    }

    /// What went back to cards because the till asked for it: under which of its ids, and how much in minor units.
    pub fn given_back(&self) -> Vec<(String, i64)> {
        let all = self.call("GET", "/v1/refunds?limit=100", "").good();
        let of = |it: &Value| {
            Some((it["metadata"]["till_refund"].as_str()?.to_string(), it["amount"].as_i64().unwrap()))
        };
        all["data"].as_array().unwrap().iter().filter_map(of).collect()
    }

    /// Payments whose sum some bank still keeps.
    pub fn holds(&self) -> usize {
        self.intents().iter().filter(|it| it["status"] == "requires_capture").count()
    }

    /// The holder of a card proves that it is its own.
    pub fn proves(&self, secret: &str) {
        self.asks_holder(secret, "true");
    }

    /// The holder of a card fails to prove that it is its own.
    pub fn fails_to_prove(&self, secret: &str) {
        self.asks_holder(secret, "false");
    }

    fn asks_holder(&self, secret: &str, success: &str) {
        let id = secret.split_once("_secret_").unwrap().0;
        let path = format!("/v1/payment_intents/{id}/_authenticate?success={success}");
        let body = json!({ "key": "pk_test_12345", "client_secret": secret }).to_string();
        let head = format!("POST {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.own);
        exchange(self.own, head, body.as_bytes());
    }

    /// Sends what happens from here on to `url`.
    pub fn tells(&self, url: &str) {
        let form = format!("url={url}&secret={SECRET}");
        assert_eq!(self.call("POST", "/_config/webhooks/till", &form).status, 200);
    }
}

/// A line to the gateway, on which calls are noted and go wrong as they are told to.
fn line(to: SocketAddr, told: Arc<Mutex<Told>>) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let here = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for near in listener.incoming().map_while(Result::ok) {
            let told = told.clone();
            std::thread::spawn(move || carry(near, to, &told));
        }
    });
    here
}

fn carry(mut near: TcpStream, to: SocketAddr, told: &Mutex<Told>) {
    let Some((head, body)) = request(&mut near) else { return };
    let first = head.lines().next().unwrap_or("");
    let asked = first.rsplit_once(' ').map_or(first, |it| it.0).to_string();
    let fault = fault(&mut told.lock().unwrap(), &asked);
    match fault {
        Some(Fault::Down) => return,
        Some(Fault::Slow) => std::thread::sleep(Duration::from_secs(12)),
        Some(Fault::Refused(code)) => return refuse(&mut near, code),
        Some(Fault::AnswerLost) | None => {}
    }
    let kept = head.lines().filter(|it| !it.to_ascii_lowercase().starts_with("connection:"));
    let head: Vec<&str> = kept.collect();
    let Ok(mut far) = TcpStream::connect(to) else { return };
    let sent = format!("{}\r\nconnection: close\r\n\r\n", head.join("\r\n"));
    let _ = far.write_all(sent.as_bytes()).and_then(|()| far.write_all(&body));
    let mut answer = Vec::new();
    let _ = far.read_to_end(&mut answer);
    if fault.is_none() {
        let _ = near.write_all(&answer);
    }
}

/// Says that nothing is done, as Stripe does.
fn refuse(near: &mut TcpStream, code: &str) {
    let body = json!({ "error": { "type": "invalid_request_error", "code": code } }).to_string();
    let length = body.len();
    let head = format!(
        "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    let _ = near.write_all(head.as_bytes()).and_then(|()| near.write_all(body.as_bytes()));
}

/// Notes a call, and what is to happen to it.
fn fault(told: &mut Told, asked: &str) -> Option<Fault> {
    told.calls.push(asked.to_string());
    let rule = told.rules.iter_mut().find(|it| it.times > 0 && asked.starts_with(it.of))?;
    rule.times -= 1;
    Some(rule.fault)
}

/// The head, without the empty line at its end, and the body of a request.
fn request(near: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let (mut bytes, mut part) = (Vec::new(), [0_u8; 4096]);
    loop {
        let count = near.read(&mut part).ok().filter(|it| *it > 0)?;
        bytes.extend_from_slice(&part[..count]);
        let Some(end) = bytes.windows(4).position(|it| it == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let length = head.lines().find_map(|it| {
            let (name, value) = it.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        let body = &bytes[end + 4..];
        if body.len() >= length.unwrap_or(0) {
            return Some((head, body.to_vec()));
        }
    }
}
