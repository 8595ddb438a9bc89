//! An OpenID provider on this machine: PyPI's `oidc-provider-mock`, which signs what it is told to say of somebody.
//!
//! In:  what it is to say. Out: an issuer; where it sends a browser back to.
//! Invariant: it listens on a port of its own and ends with the test.
#![allow(dead_code)]

use super::served::{Answer, Running, eventually, exchange, free_address};
use super::tools::tool;
use serde_json::{Value, json};
use std::net::{SocketAddr, TcpStream};
use std::process::Stdio;

/// Where people reach the console, and so where the provider sends them back to.
pub const CONSOLE: &str = "https://console.example";

/// A running provider.
pub struct Provider {
    running: Option<Running>,
    pub address: SocketAddr,
}

impl Provider {
    /// Starts one on a free port.
    pub fn start() -> Provider {
        Provider::start_with(&[])
    }

    /// Starts one with these arguments on a free port.
    pub fn start_with(arguments: &[&str]) -> Provider {
        let free = free_address();
        let mut provider = Provider { running: None, address: free };
        provider.go_on(arguments);
        provider
    }

    /// Starts again where it was, with other keys.
    pub fn go_on(&mut self, arguments: &[&str]) {
        let mut command = tool("oidc-provider-mock", &std::env::temp_dir());
        command.args(["--port", &self.address.port().to_string()]).args(arguments);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        self.running = Some(Running(child));
        eventually("the provider listens", || TcpStream::connect(self.address).ok());
    }

    /// Ends, and answers nobody until it goes on.
    pub fn stop(&mut self) {
        self.running = None;
    }

    pub fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Arguments of a server that is registered here and reached at `CONSOLE`.
    pub fn arguments(&self) -> Vec<String> {
        self.arguments_at(CONSOLE)
    }

    /// The same, of one that is reached at another address.
    pub fn arguments_at(&self, console: &str) -> Vec<String> {
        let issuer = self.issuer();
        let pairs = [
            ("--rate-limit", "0"),
            ("--public-url", console),
            ("--oidc-issuer", &issuer),
            ("--oidc-client-id", "till"),
            ("--oidc-client-secret", "a secret: of tests & others"),
            ("--oidc-name", "Company <account>"),
        ];
        pairs.iter().flat_map(|it| [it.0.to_string(), it.1.to_string()]).collect()
    }

    fn call(&self, method: &str, path: &str, (kind, body): (&str, String)) -> Answer {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: {kind}\r\n",
            self.address
        );
        exchange(self.address, head, body.as_bytes())
    }

    /// From here on it says this of a subject.
    pub fn says(&self, subject: &str, claims: &Value) {
        let told = self.call("PUT", &format!("/users/{subject}"), ("application/json", claims.to_string()));
        assert_eq!(told.status, 204, "{}", told.text());
    }

    /// Knows somebody with a mail address that it verified.
    pub fn knows(&self, subject: &str, mail: &str) {
        self.says(subject, &json!({ "email": mail, "email_verified": true }));
    }

    /// Somebody who was sent here agrees, or not. The path on the console to which the browser is sent back.
    fn answered(&self, departure: &str, form: &str) -> String {
        let path = departure.strip_prefix(&self.issuer()).expect("not sent to this provider");
        let kind = "application/x-www-form-urlencoded";
        let answer = self.call("POST", path, (kind, form.to_string()));
        let to = answer.header("location").unwrap_or_else(|| panic!("{}: {}", answer.status, answer.text()));
        to.strip_prefix(CONSOLE).expect("not sent back to the console").to_string()
    }

    pub fn agrees(&self, departure: &str, subject: &str) -> String {
        self.answered(departure, &format!("sub={subject}"))
    }

    pub fn denies(&self, departure: &str) -> String {
        self.answered(departure, "action=deny")
    }
}
