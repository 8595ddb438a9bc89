//! The server that is measured: this program, started as `till serve` on a free port.
//!
//! In:  where it keeps its books. Out: its address, its first key, its memory.
//! Invariant: it is a child of this process and ends with it; its folder is removed at the end.

use super::http::{Connection, Request};
use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

const READY_WITHIN: Duration = Duration::from_secs(60);

/// Where the books are kept while it is measured.
pub(super) struct Place {
    pub folder: PathBuf,
    pub database_url: Option<String>,
    /// What the server is started with beside what all are.
    arguments: Vec<String>,
    /// The text of the installation's key, as every node is given it.
    key: String,
}

impl Place {
    pub fn new(within: Option<&Path>, database_url: Option<&str>, arguments: &[&str]) -> Result<Place> {
        let within = within.map_or_else(std::env::temp_dir, Path::to_path_buf);
        let folder = within.join(format!("till-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let key = providers::installation::fresh()?;
        let arguments = arguments.iter().map(ToString::to_string).collect();
        Ok(Place { folder, database_url: database_url.map(str::to_string), arguments, key })
    }

    pub fn engine(&self) -> &'static str {
        if self.database_url.is_some() { "PostgreSQL" } else { "SQLite" }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Nothing depends on it: a folder that stays is only in the way.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(super) struct Served {
    child: Child,
    /// Held open: a server that prints to a closed pipe would end.
    _printed: BufReader<ChildStdout>,
    first_key: Option<String>,
    first_link: Option<String>,
    pub address: SocketAddr,
    /// From the start of the process to the first good answer of `/ready`.
    pub ready_after: Duration,
}

impl Served {
    pub fn start(place: &Place) -> Result<Served> {
        let program = std::env::current_exe().context("finding this program")?;
        let mut command = Command::new(program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--rate-limit", "0", "--cloud-delay-seconds", "0"]);
        command.args(["--log-level", "warn", "--data"]).arg(&place.folder).args(&place.arguments);
        command.env("TILL_INSTALLATION_KEY", &place.key);
        if let Some(url) = &place.database_url {
            command.args(["--database-url", url]);
        }
        let start = Instant::now();
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("starting the server")?;
        let mut printed = BufReader::new(child.stdout.take().context("the server prints nowhere")?);
        let (mut first_key, mut first_link, mut line) = (None, None, String::new());
        let address = loop {
            line.clear();
            ensure!(printed.read_line(&mut line)? > 0, "the server ended before it was ready");
            if let Some(key) = line.trim().strip_prefix("operator key, shown once: ") {
                first_key = Some(key.to_string());
            }
            if let Some((_, link)) = line.trim().split_once("/invitation/") {
                first_link = Some(format!("/invitation/{link}"));
            }
            if let Some(address) = line.trim().strip_prefix("listening on http://") {
                break address.parse().context("reading where the server listens")?;
            }
        };
        let mut served =
            Served { child, _printed: printed, first_key, first_link, address, ready_after: Duration::ZERO };
        served.wait_until_ready()?;
        served.ready_after = start.elapsed();
        Ok(served)
    }

    fn wait_until_ready(&self) -> Result<()> {
        let start = Instant::now();
        let request = Request::get("/ready", "none");
        while start.elapsed() < READY_WITHIN {
            if Connection::open(self.address)?.send(&request)?.status == 200 {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        bail!("the server does not become ready")
    }

    /// The operator's key. Errors: the database had a key before.
    pub fn first_key(&self) -> Result<String> {
        self.first_key.clone().context("this database is not empty; name an empty one")
    }

    /// Where the first operator sets a password. Errors: the database had a user before.
    pub fn first_link(&self) -> Result<String> {
        self.first_link.clone().context("this database is not empty; name an empty one")
    }

    /// Memory that the process holds now.
    pub fn resident_kib(&self) -> Result<u64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).context("reading the server's memory (Linux only)")?;
        let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:")).context("no VmRSS")?;
        line.trim().trim_end_matches("kB").trim().parse().context("reading VmRSS")
    }

    /// Ends it as an operator would.
    pub fn stop(mut self) -> Result<()> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        ensure!(asked.success(), "the server cannot be told to end");
        let ended = self.child.wait()?;
        ensure!(ended.success(), "the server ended with {ended}");
        Ok(())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It has ended where it was stopped; then both are refused.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
