//! A real `till serve` on a free port of this machine, and a small HTTP client for it.
//!
//! In:  arguments of `till serve`. Out: where it listens, the operator's key of its first start, answers.
//! Invariant: each server is a child of its test with a folder of its own; both are gone when it is dropped.
//! What it logged is printed when its test fails.
#![allow(dead_code)]

use super::root;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

const READY_WITHIN: Duration = Duration::from_secs(60);
const ANSWERED_WITHIN: Duration = Duration::from_secs(120);

/// The installation's key of every server here, as nodes of one PostgreSQL database are given it.
pub const KEY: &str =
    concat!("till_installation_", "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef");

/// The program as the test command built it: the profile of the tests, so that libraries are built once for both.
pub fn program() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let program = std::env::var_os("TILL").map_or_else(|| target.join("debug/till"), PathBuf::from);
    assert!(program.is_file(), "{} is missing: run `cargo xtask test`, which builds it", program.display());
    program
}

/// Where something may listen later: below the ports that the system gives to whoever asks for any.
pub fn free_address() -> SocketAddr {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    let own = 10_000 + (std::process::id() % 100) * 200;
    loop {
        let port = own + GIVEN.fetch_add(1, Ordering::Relaxed) % 200;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, u16::try_from(port).unwrap()));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}

/// A folder of its own that goes with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(what: &str) -> Folder {
        static MADE: AtomicU32 = AtomicU32::new(0);
        loop {
            let number = MADE.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("till-{what}-{}-{number}", std::process::id()));
            match fs::create_dir(&path) {
                Ok(()) => return Folder(path),
                // Of a run that was killed, whose number came again.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => panic!("{}: {error}", path.display()),
            }
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Nothing depends on it: a folder that stays is only in the way.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running server.
pub struct Served {
    child: Child,
    /// Held open: a server that prints to a closed pipe would end.
    printed: BufReader<ChildStdout>,
    pub address: SocketAddr,
    /// Empty when the database had a key before.
    pub operator: String,
    /// The path with which the first operator sets a password; empty when the database had a user before.
    pub first_link: String,
    pub folder: Folder,
}

/// A customer with money and a key.
pub struct Customer {
    pub account: String,
    pub key: String,
}

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Served {
    /// Starts a server with these arguments on an empty folder.
    pub fn start(arguments: &[&str]) -> Served {
        Served::start_in(Folder::new("serve"), arguments)
    }

    /// Starts a server on a folder that may hold a database.
    pub fn start_in(folder: Folder, arguments: &[&str]) -> Served {
        Served::started(folder, Command::new(program()), arguments)
    }

    /// Starts a server that may have so many files and sockets open at once.
    pub fn start_with_descriptors(most: u32, arguments: &[&str]) -> Served {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit -n {most} && exec \"$0\" \"$@\"")]).arg(program());
        Served::started(Folder::new("serve"), command, arguments)
    }

    fn started(folder: Folder, mut command: Command, arguments: &[&str]) -> Served {
        let log = fs::File::create(folder.0.join("server.log")).unwrap();
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.0.join("data"))
            .args(arguments)
            .env("TILL_INSTALLATION_KEY", KEY)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut printed = BufReader::new(child.stdout.take().unwrap());
        let (mut operator, mut first_link, mut line) = (String::new(), String::new(), String::new());
        let address = loop {
            line.clear();
            if printed.read_line(&mut line).unwrap() == 0 {
                let _ = child.wait();
                panic!("the server ended: {}", log_of(&folder.0));
            }
            let text = line.trim_end();
            if let Some(key) = text.strip_prefix("operator key, shown once: ") {
                operator = key.to_string();
            }
            if let Some((_, path)) = text.split_once("/invitation/") {
                first_link = format!("/invitation/{path}");
            }
            if let Some(address) = text.strip_prefix("listening on http://") {
                break address.parse().unwrap();
            }
        };
        let served = Served { child, printed, address, operator, first_link, folder };
        served.wait_until_ready();
        served
    }

    fn wait_until_ready(&self) {
        let start = Instant::now();
        while self.call("GET", "/ready", "", &[], b"").status != 200 {
            assert!(start.elapsed() < READY_WITHIN, "the server does not become ready");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        log_of(&self.folder.0)
    }

    /// Asks the server to end, and gives its exit code and its folder.
    pub fn stop(mut self) -> (Option<i32>, Folder) {
        let asked = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status().unwrap();
        assert!(asked.success());
        let code = self.child.wait().unwrap().code();
        let folder = std::mem::replace(&mut self.folder, Folder(PathBuf::new()));
        (code, folder)
    }

    /// Kills the server, whatever it does, and gives its folder.
    pub fn kill(mut self) -> Folder {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::mem::replace(&mut self.folder, Folder(PathBuf::new()))
    }

    pub fn get(&self, key: &str, path: &str) -> Answer {
        self.call("GET", path, key, &[], b"")
    }

    pub fn post(&self, key: &str, path: &str, body: &Value) -> Answer {
        self.call("POST", path, key, &["content-type: application/json"], body.to_string().as_bytes())
    }

    /// The same, of something that is made: it is found where the answer says.
    pub fn made(&self, key: &str, path: &str, body: &Value) -> Value {
        let answer = self.post(key, path, body);
        assert_eq!(answer.status, 201, "{path}: {}", answer.text());
        let place = answer.header("location").unwrap_or_else(|| panic!("{path} says no place"));
        let found = self.get(key, place);
        assert_eq!(found.status, 200, "{path} says {place}: {}", found.text());
        answer.json()
    }

    /// One request on a connection of its own. An empty key is not sent; headers are whole lines.
    pub fn call(&self, method: &str, path: &str, key: &str, headers: &[&str], body: &[u8]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        if !key.is_empty() {
            head.push_str(&format!("authorization: Bearer {key}\r\n"));
        }
        for line in headers {
            head.push_str(&format!("{line}\r\n"));
        }
        exchange(self.address, head, body)
    }

    /// A key of nobody's account: for clouds, meters and operators.
    pub fn key(&self, scopes: &[&str]) -> String {
        let made = self.post(&self.operator, "/v1/keys", &json!({ "name": "test", "scopes": scopes }));
        made.good()["secret"].as_str().unwrap().to_string()
    }

    /// Opens an account with so much cash and a key that reads and buys.
    pub fn customer(&self, name: &str, amount: &str) -> Customer {
        self.customer_of(&json!({ "name": name }), amount)
    }

    /// The same with all that is said of the account, such as its currency.
    pub fn customer_of(&self, said: &Value, amount: &str) -> Customer {
        let opened = self.post(&self.operator, "/v1/accounts", said).good();
        let name = said["name"].as_str().unwrap();
        let account = opened["id"].as_str().unwrap().to_string();
        let paid = json!({ "amount": amount, "reference": format!("first of {name}") });
        self.post(&self.operator, &format!("/v1/accounts/{account}/top-ups"), &paid).good();
        let wanted = json!({ "name": name, "scopes": ["read", "buy"] });
        let header = format!("till-account: {account}");
        let headers = ["content-type: application/json", header.as_str()];
        let made = self.call("POST", "/v1/keys", &self.operator, &headers, wanted.to_string().as_bytes());
        let key = made.good()["secret"].as_str().unwrap().to_string();
        Customer { account, key }
    }
}

/// Sends a request on a connection of its own; what is left of its head is how long the body is.
pub fn exchange(address: SocketAddr, mut head: String, body: &[u8]) -> Answer {
    head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(ANSWERED_WITHIN)).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    // A server that refuses a body early hangs up while it is still sent: the answer is what counts.
    let _ = stream.write_all(body);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    Answer::read(&bytes)
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("the server logged:\n{}", log_of(&self.folder.0));
        }
    }
}

fn log_of(folder: &Path) -> String {
    fs::read_to_string(folder.join("server.log")).unwrap_or_default()
}

impl Answer {
    fn read(bytes: &[u8]) -> Answer {
        let end = bytes.windows(4).position(|it| it == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("no answer: {}", String::from_utf8_lossy(bytes)));
        let head = String::from_utf8_lossy(&bytes[..end]);
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let header =
            |it: &str| it.split_once(':').map(|it| (it.0.to_ascii_lowercase(), it.1.trim().to_string()));
        let headers: Vec<(String, String)> = lines.filter_map(header).collect();
        let rest = &bytes[end + 4..];
        let chunked = headers.iter().any(|it| it.0 == "transfer-encoding" && it.1 == "chunked");
        Answer { status, body: if chunked { dechunked(rest) } else { rest.to_vec() }, headers }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body of an answer that went well.
    #[track_caller]
    pub fn good(&self) -> Value {
        assert!((200..300).contains(&self.status), "{}: {}", self.status, self.text());
        self.json()
    }
}

fn dechunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|it| it == b"\r\n") {
        let length = usize::from_str_radix(String::from_utf8_lossy(&rest[..end]).trim(), 16).unwrap();
        body.extend_from_slice(&rest[end + 2..end + 2 + length]);
        rest = &rest[end + 4 + length..];
        if length == 0 {
            break;
        }
    }
    body
}

/// A process that ends with the test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Asks until `look` finds what it waits for.
#[track_caller]
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + READY_WITHIN;
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
