//! A mail server on this machine: PyPI's `aiosmtpd`, which keeps what it takes and answers as it is told.
//!
//! In:  what it is to answer. Out: the mails that it took.
//! Invariant: it listens on a port of its own and ends with the test.
#![allow(dead_code)]

use super::root;
use super::served::{Folder, Running, eventually, free_address};
use super::tools::{good, tool};
use serde_json::Value;
use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A mail that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    pub path: PathBuf,
    pub to: String,
    /// Whether it came over TLS.
    pub secret: bool,
    pub user: Option<String>,
    pub text: String,
}

impl Taken {
    /// A header, with its folds undone.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
        let lines = head.split("\r\n").filter_map(|it| it.split_once(": "));
        lines.into_iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1.to_string())
    }

    /// Subject, text and HTML as a reader of mails shows them.
    pub fn read(&self) -> Value {
        const SCRIPT: &str = "import email, email.policy, json, sys
m = email.message_from_bytes(open(sys.argv[1], 'rb').read(), policy=email.policy.default)
part = lambda kind: m.get_body((kind,)).get_content()
print(json.dumps({'subject': m['subject'], 'to': m['to'], 'text': part('plain'), 'html': part('html'), 'defects': len(m.defects)}))";
        let printed = good(tool("python", &std::env::temp_dir()).args(["-c", SCRIPT]).arg(&self.path));
        serde_json::from_slice(&printed).unwrap()
    }
}

/// A running mail server.
pub struct Sink {
    running: Option<Running>,
    pub address: SocketAddr,
    pub folder: Folder,
    arguments: Vec<String>,
}

impl Sink {
    /// Starts one on a free port.
    pub fn start(arguments: &[&str]) -> Sink {
        let mut sink = Sink::away(arguments);
        sink.go_on();
        sink
    }

    /// One that does not listen yet.
    pub fn away(arguments: &[&str]) -> Sink {
        let address = free_address();
        let arguments = arguments.iter().map(ToString::to_string).collect();
        Sink { running: None, address, folder: Folder::new("sink"), arguments }
    }

    /// Starts where it was.
    pub fn go_on(&mut self) {
        let script = root().canonicalize().unwrap().join("crates/scenarios/mail/sink.py");
        let mut command = tool("python", &std::env::temp_dir());
        command.arg(script).args(["--port", &self.address.port().to_string(), "--folder"]);
        command.arg(&self.folder.0).args(&self.arguments);
        self.running = Some(Running(command.stdout(Stdio::null()).spawn().unwrap()));
        eventually("the mail server listens", || TcpStream::connect(self.address).ok());
    }

    /// Ends, and answers nobody until it goes on.
    pub fn stop(&mut self) {
        self.running = None;
    }

    /// What the next mails are answered.
    pub fn answers(&self, words: &[&str]) {
        fs::write(self.folder.0.join("answers"), words.join("\n")).unwrap();
    }

    /// A mail that waits for its answer gets it.
    pub fn go(&self) {
        fs::write(self.folder.0.join("go"), "").unwrap();
    }

    /// How often a mail was brought, taken or not.
    pub fn asked(&self) -> usize {
        fs::read_to_string(self.folder.0.join("asked")).map_or(0, |it| it.lines().count())
    }

    /// The mails that it took, in their order.
    pub fn taken(&self) -> Vec<Taken> {
        let mut paths = super::files(&self.folder.0, "eml");
        paths.sort();
        paths.into_iter().map(taken).collect()
    }

    /// Arguments of `till serve` and `till mail test` that send here in the clear.
    pub fn arguments(&self) -> Vec<String> {
        let port = self.address.port().to_string();
        let pairs = [
            ("--public-url", "https://console.example"),
            ("--mail-server", "127.0.0.1"),
            ("--mail-port", &port),
            ("--mail-way", "none"),
            ("--mail-from", "Example Cloud <no-reply@cloud.example>"),
            ("--mail-seconds", "5"),
        ];
        pairs.iter().flat_map(|it| [it.0.to_string(), it.1.to_string()]).collect()
    }
}

fn taken(path: PathBuf) -> Taken {
    let told = fs::read_to_string(path.with_extension("json")).unwrap();
    let told: Value = serde_json::from_str(&told).unwrap();
    Taken {
        to: told["to"][0].as_str().unwrap().to_string(),
        secret: told["secret"].as_bool().unwrap(),
        user: told["user"].as_str().map(str::to_string),
        text: String::from_utf8(fs::read(&path).unwrap()).unwrap(),
        path,
    }
}

/// A certificate for 127.0.0.1 and its key, made with openssl: their paths.
pub fn certificate(folder: &Folder) -> [String; 2] {
    let [certificate, key] = ["tls.crt", "tls.key"].map(|it| folder.0.join(it).display().to_string());
    let made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"];
    let mut command = Command::new("openssl");
    command.args(made).args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    command.args(["-addext", "subjectAltName=IP:127.0.0.1", "-out", &certificate, "-keyout", &key]);
    good(command.stderr(Stdio::null()));
    [certificate, key]
}

/// What `dkimpy` says of a mail whose key stands in DNS as `record` at `name`.
pub fn verified(mail: &Taken, record: &str, name: &str) -> Value {
    let script = root().canonicalize().unwrap().join("crates/scenarios/mail/verify.py");
    let mut command = tool("python", &std::env::temp_dir());
    serde_json::from_slice(&good(command.arg(script).arg(&mail.path).args([record, name]))).unwrap()
}
