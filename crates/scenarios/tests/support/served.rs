//! A real `till serve` on a free port of the loopback, and calls to it.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The program that is tried out: `TILL_PROGRAM`, or the release that `cargo xtask test` builds.
pub fn program() -> PathBuf {
    if let Some(path) = std::env::var_os("TILL_PROGRAM") {
        return path.into();
    }
    let program = super::root().join("target/release/till");
    let program =
        std::env::var_os("CARGO_TARGET_DIR").map_or(program, |it| PathBuf::from(it).join("release/till"));
    assert!(program.is_file(), "{} is missing: run `cargo xtask test`, which builds it", program.display());
    program
}

/// A process that ends with the test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server with its own folder; both go away with the test.
pub struct Served {
    /// Host and port.
    pub address: String,
    /// The operator's key.
    pub operator: String,
    folder: PathBuf,
    _process: Running,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    /// The body of an answer that must be good.
    #[track_caller]
    pub fn good(self) -> Value {
        assert!((200..300).contains(&self.status), "{}: {}", self.status, self.body);
        self.body
    }
}

/// Starts a server on an empty folder and waits until it takes requests.
pub fn serve(name: &str, args: &[&str]) -> Served {
    let folder = std::env::temp_dir().join(format!("till-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let mut child = Command::new(program())
        .args(["serve", "--listen", "127.0.0.1:0", "--log-level", "warn", "--data"])
        .arg(&folder)
        .args(args)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = child.stdout.take().unwrap();
    let process = Running(child);
    let (mut operator, mut address) = (String::new(), String::new());
    for line in BufReader::new(stdout).lines() {
        let line = line.unwrap();
        if let Some(key) = line.strip_prefix("operator key, shown once: ") {
            operator = key.to_string();
        }
        if let Some(at) = line.strip_prefix("listening on http://") {
            address = at.to_string();
            break;
        }
    }
    assert!(!address.is_empty() && !operator.is_empty(), "`till serve` ended before it listened");
    Served { address, operator, folder, _process: process }
}

impl Served {
    /// One request. `account` is for operators.
    pub fn call(
        &self,
        key: &str,
        (method, path): (&str, &str),
        account: Option<&str>,
        body: Option<Value>,
    ) -> Answer {
        let body = body.map_or_else(String::new, |it| it.to_string());
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\
            Content-Type: application/json\r\nContent-Length: {}\r\n",
            self.address,
            body.len()
        );
        if let Some(account) = account {
            head += &format!("Till-Account: {account}\r\n");
        }
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(90))).unwrap();
        stream.write_all(format!("{head}\r\n{body}").as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, body: serde_json::from_str(body).unwrap_or(json!(body)) }
    }

    /// A request of the operator.
    pub fn operate(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.call(&self.operator, (method, path), None, body)
    }

    /// A key of an account, or of none.
    pub fn key(&self, account: Option<&str>, scopes: &[&str]) -> String {
        let body = json!({"name": "test", "scopes": scopes});
        let made = self.call(&self.operator, ("POST", "/v1/keys"), account, Some(body)).good();
        made["secret"].as_str().unwrap().to_string()
    }

    /// A verified account with money; its id and a key that reads and buys.
    pub fn customer(&self, name: &str, amount: &str) -> (String, String) {
        let made = self.operate("POST", "/v1/accounts", Some(json!({"name": name}))).good();
        let id = made["id"].as_str().unwrap().to_string();
        let money = json!({"amount": amount, "reference": format!("first of {name}")});
        self.operate("POST", &format!("/v1/accounts/{id}/top-ups"), Some(money)).good();
        let key = self.key(Some(&id), &["read", "buy"]);
        (id, key)
    }
}

/// Asks until `look` finds what it waits for.
#[track_caller]
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < until, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A Python program of the examples, with its arguments and variables, not yet started.
pub fn python(script: &Path) -> Command {
    let there = Command::new("python3").arg("--version").output();
    let works = there.is_ok_and(|it| it.status.success());
    assert!(works, "python3 is missing: this test runs {}; install Python 3.9 or later", script.display());
    let mut command = Command::new("python3");
    command.arg(script).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}
