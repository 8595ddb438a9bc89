//! Receivers that never answer: what they cost the cloud's tasks and another customer's messages.
//!
//! In:  how many messages, how many receivers. Out: how long messages took before and beside them.
//! Invariant: every message is awaited and counted; the receivers that never answer take connections and read nothing from them.

use super::http::{Connection, Request};
use super::print::{Output, print, say};
use super::served::{Place, Served};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

const JSON: &str = "content-type: application/json";
/// A message that takes longer is said to be lost.
const WITHIN: Duration = Duration::from_secs(180);

/// How many of each.
#[derive(clap::Args)]
pub struct Arguments {
    /// Messages to each of the cloud and another customer, before and beside the receivers that never answer
    #[arg(long, default_value_t = 200)]
    messages: usize,
    /// Receivers of one customer that never answer: the product allows 20
    #[arg(long, default_value_t = 20)]
    receivers: usize,
    /// Measure the server on this PostgreSQL database, which must be empty
    #[arg(long)]
    database_url: Option<String>,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// What came, and when.
type Arrived = (String, Instant);

/// The times of one round of messages, in milliseconds, sorted.
struct Times {
    of: &'static str,
    beside: usize,
    sorted: Vec<f64>,
}

pub(super) fn run(of: &Arguments) -> Result<ExitCode> {
    ensure!(of.messages >= 1, "at least one message");
    let place =
        Place::new(None, of.database_url.as_deref(), &["--allow-private-webhooks", "--cloud", "external"])?;
    let served = Served::start(&place)?;
    let mut till = Till::open(&served)?;
    let hanging = hanging()?;
    let mut all = till.round(of.messages, 0)?;
    say(&format!("{} receivers of one customer stop answering", of.receivers));
    for number in 0..of.receivers {
        let url = format!("http://{hanging}/{number}");
        till.post("/v1/webhooks", Some(&till.dead.clone()), json!({ "url": url, "kinds": ["wallet.*"] }))?;
    }
    all.extend(till.round(of.messages, of.receivers)?);
    match Output::from(of.json) {
        Output::Json => {
            let rows: Vec<Value> = all.iter().map(Times::json).collect();
            let found = json!({ "engine": place.engine(), "messages": of.messages, "rounds": rows });
            println!("{}", serde_json::to_string_pretty(&found)?);
        }
        Output::Text => {
            println!("From the request to the message, on {}\n", place.engine());
            let rows: Vec<Vec<String>> = all.iter().map(Times::row).collect();
            print(&["message", "receivers that hang", "median ms", "p99 ms", "longest ms"], &rows);
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Times {
    fn at(&self, per_mille: usize) -> f64 {
        self.sorted[(self.sorted.len() - 1) * per_mille / 1_000]
    }

    fn row(&self) -> Vec<String> {
        let ms = |it: f64| format!("{it:.1}");
        let times = [self.at(500), self.at(990), self.at(1_000)].map(ms);
        [self.of.to_string(), self.beside.to_string()].into_iter().chain(times).collect()
    }

    fn json(&self) -> Value {
        json!({
            "message": self.of, "receivers": self.beside, "median_ms": self.at(500), "p99_ms": self.at(990),
            "longest_ms": self.at(1_000),
        })
    }
}

/// The server that is measured, who asks, and who is told.
struct Till {
    key: String,
    connection: Connection,
    /// The customer whose receivers never answer, and another one.
    dead: String,
    other: String,
    came: Receiver<Arrived>,
    sent: usize,
}

impl Till {
    /// Two customers with money, and receivers that answer for the cloud and one of them.
    fn open(served: &Served) -> Result<Till> {
        let (tell, came) = channel();
        let answering = answering(tell)?;
        let (key, connection) = (served.first_key()?, Connection::open(served.address)?);
        let (dead, other) = (String::new(), String::new());
        let mut till = Till { key, connection, dead, other, came, sent: 0 };
        till.dead = till.customer("dead")?;
        till.other = till.customer("other")?;
        let url = format!("http://{answering}/");
        till.post("/v1/webhooks", None, json!({ "url": url, "for": "cloud" }))?;
        let other = till.other.clone();
        till.post("/v1/webhooks", Some(&other), json!({ "url": url, "kinds": ["wallet.topped_up"] }))?;
        Ok(till)
    }

    fn customer(&mut self, name: &str) -> Result<String> {
        let opened = self.post("/v1/accounts", None, json!({ "name": name }))?;
        let account = text(&opened["id"])?;
        self.top_up(&account, "first", "100000.00")?;
        Ok(account)
    }

    fn top_up(&mut self, account: &str, reference: &str, amount: &str) -> Result<Value> {
        let paid = json!({ "amount": amount, "reference": reference });
        self.post(&format!("/v1/accounts/{account}/top-ups"), None, paid)
    }

    fn post(&mut self, path: &str, account: Option<&str>, body: Value) -> Result<Value> {
        let header = account.map(|it| format!("till-account: {it}"));
        let headers: Vec<&str> = [JSON].into_iter().chain(header.as_deref()).collect();
        let request = Request::post(path, &self.key, &headers, body.to_string().as_bytes());
        self.connection.send(&request)?.good()?.json()
    }

    /// Messages to the cloud and to the other customer, and one of the first customer beside each.
    fn round(&mut self, messages: usize, beside: usize) -> Result<Vec<Times>> {
        say(&format!("{messages} messages to each, {beside} receivers hang"));
        let (mut tasks, mut paid) = (HashMap::new(), HashMap::new());
        let (dead, other) = (self.dead.clone(), self.other.clone());
        for _ in 0..messages {
            self.sent += 1;
            let reference = format!("payment {}", self.sent);
            self.top_up(&dead, &reference, "0.01")?;
            let start = Instant::now();
            self.top_up(&other, &reference, "0.01")?;
            paid.insert(reference, start);
            let start = Instant::now();
            let item = json!({ "product": "disk", "name": "d", "options": { "charge": "payg",
                "region": "guangzhou", "zone": "guangzhou-1", "type": "premium", "size": 10 } });
            let bought = self.post("/v1/orders", Some(&other), json!({ "pay": true, "items": [item] }))?;
            tasks.insert(text(&bought["orders"][0]["pieces"][0]["resource"])?, start);
        }
        self.wait(beside, [("task.opened", tasks), ("wallet.topped_up", paid)])
    }

    /// Until all have come. Errors: one that did not.
    fn wait(&self, beside: usize, of: [(&'static str, HashMap<String, Instant>); 2]) -> Result<Vec<Times>> {
        let mut all = of.map(|(of, sent)| (sent, Times { of, beside, sorted: Vec::new() }));
        let until = Instant::now() + WITHIN;
        while all.iter().any(|it| !it.0.is_empty()) {
            let left = until.saturating_duration_since(Instant::now());
            let (name, at) = self.came.recv_timeout(left).context("messages that did not come")?;
            for (sent, times) in &mut all {
                if let Some(start) = sent.remove(&name) {
                    times.sorted.push(at.duration_since(start).as_secs_f64() * 1_000.0);
                }
            }
        }
        Ok(all
            .into_iter()
            .map(|(_, mut times)| {
                times.sorted.sort_by(f64::total_cmp);
                times
            })
            .collect())
    }
}

fn text(value: &Value) -> Result<String> {
    value.as_str().map(str::to_string).with_context(|| format!("the server answered `{value}` for an id"))
}

/// Takes connections and answers nothing on them.
fn hanging() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").context("listening")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        kept.extend(listener.incoming().flatten());
    });
    Ok(address)
}

/// Answers all that comes, and tells what it was about.
fn answering(tell: Sender<Arrived>) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").context("listening")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let tell = tell.clone();
            // A connection that breaks off is opened again by the server: what did not come is missed by whoever waits for it.
            std::thread::spawn(move || answer(stream, &tell));
        }
    });
    Ok(address)
}

/// Message after message on one connection, until it ends.
fn answer(stream: TcpStream, tell: &Sender<Arrived>) -> Result<()> {
    let mut from = BufReader::new(stream);
    loop {
        let (mut length, mut line) = (0, String::new());
        loop {
            line.clear();
            if from.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let head = line.trim_end().to_ascii_lowercase();
            if let Some(value) = head.strip_prefix("content-length:") {
                length = value.trim().parse().context("reading Content-Length")?;
            }
            if head.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        from.read_exact(&mut body)?;
        let at = Instant::now();
        from.get_mut().write_all(b"HTTP/1.1 204 No Content\r\n\r\n")?;
        let message: Value = serde_json::from_slice(&body)?;
        let about = message["data"]["resource"].as_str().or(message["data"]["reference"].as_str());
        if let Some(about) = about {
            tell.send((about.to_string(), at))?;
        }
    }
}
