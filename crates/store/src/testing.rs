//! A real PostgreSQL for tests, started on first use and gone with its last user.
//!
//! In:  the server binaries of this machine.
//! Out: a server that listens on 127.0.0.1 only, on a port of its own, and as many empty databases as tests ask for.
//!
//! Invariant: nothing is left behind. A guard process holds the other end of a pipe: it stops our server and removes its
//! folder when the pipe closes, which happens when the last test lets go, and also when the test process is killed.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Where Debian puts the binaries of each version: they are not on PATH.
const DEBIAN: &str = "/usr/lib/postgresql";
const BINARIES: [&str; 5] = ["initdb", "postgres", "pg_ctl", "pg_isready", "createdb"];
/// PostgreSQL refuses to run as root, so root runs it as the user of Debian's package.
const USER: &str = "postgres";

const READY_WITHIN: Duration = Duration::from_secs(60);
const STOPPED_WITHIN: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);
/// Another process may take the port between our choice and the server's start.
const PORT_ATTEMPTS: u32 = 5;

/// Makes the data folder and says how that went; then waits for its input to end, stops the server by its data folder
/// and removes everything. A server that was started an instant ago gets the time to write its lock file. A closed
/// pipe must not end the guard early: that is when it is needed.
const GUARD: &str = r#"
trap '' PIPE
folder=$1 binaries=$2
shift 2
exec 2>"$folder/log"
[ $# -eq 0 ] || chown postgres: "$folder"
"$@" "$binaries/initdb" --username postgres --auth trust --encoding UTF8 --locale C --no-sync \
    --pgdata "$folder/data" >&2
echo "$?"
cat >/dev/null
[ -e "$folder/data/postmaster.pid" ] || sleep 2
"$@" "$binaries/pg_ctl" stop --silent --mode immediate --timeout 30 --pgdata "$folder/data"
rm -rf -- "$folder"
"#;

/// What tests do without: they need no database that outlives them.
const SETTINGS: [&str; 6] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=500",
];

/// A server of this process. It stops when the last `Arc` is dropped.
pub struct Postgres {
    binaries: PathBuf,
    folder: PathBuf,
    port: u16,
    databases: AtomicU32,
    server: Child,
    guard: Guard,
}

/// The server that the tests of this process share.
pub fn postgres() -> Arc<Postgres> {
    static SHARED: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(running) = shared.upgrade() {
        return running;
    }
    let started = Arc::new(Postgres::start());
    *shared = Arc::downgrade(&started);
    started
}

impl Postgres {
    /// Where `database` is, whether it exists or not.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}", self.port)
    }

    /// Creates an empty database and gives its URL.
    pub fn fresh_database(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        // Nobody can be connected to template0, so creating from it never waits for anybody.
        let mut command = client(&self.binaries, "createdb", self.port);
        run(command.args(["--username", USER, "--no-password", "--template=template0", &name]));
        self.url(&name)
    }

    fn start() -> Postgres {
        let binaries = find_binaries();
        let folder = make_folder();
        let guard = Guard::start(&binaries, &folder);
        for _ in 0..PORT_ATTEMPTS {
            let port = free_port();
            let mut server = spawn_server(&binaries, &folder, port);
            if becomes_ready(&mut server, &binaries, &folder, port) {
                return Postgres { binaries, folder, port, databases: AtomicU32::new(0), server, guard };
            }
        }
        panic!("PostgreSQL does not start:\n{}", log(&folder));
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.guard.finish();
        if !ends(&mut self.server, STOPPED_WITHIN) {
            eprintln!("PostgreSQL in {} does not stop when asked: killing it", self.folder.display());
            let _ = self.server.kill();
            let _ = self.server.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The process that cleans up, whatever becomes of this one.
struct Guard(Child);

impl Guard {
    /// Comes back when the data folder is made.
    fn start(binaries: &Path, folder: &Path) -> Guard {
        let mut command = clean(Command::new("sh"));
        command.args(["-c", GUARD, "guard"]).arg(folder).arg(binaries).args(become_server_user());
        // A group of its own: Ctrl-C ends the tests, and the guard must outlive them.
        command.process_group(0).current_dir(folder);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut guard = Guard(command.spawn().unwrap_or_else(|err| panic!("cannot start sh: {err}")));
        let mut code = String::new();
        let answer = guard.0.stdout.take().map(|it| BufReader::new(it).read_line(&mut code));
        assert!(matches!(answer, Some(Ok(_))) && code.trim() == "0", "initdb failed:\n{}", log(folder));
        guard
    }

    fn finish(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Also when a start fails half way.
impl Drop for Guard {
    fn drop(&mut self) {
        self.finish();
    }
}

/// The folder that holds all binaries: Debian's, highest version first, or one on PATH.
fn find_binaries() -> PathBuf {
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let mut debian: Vec<(u32, PathBuf)> = versions
        .filter_map(|it| Some((it.file_name().to_str()?.parse().ok()?, it.path().join("bin"))))
        .collect();
    debian.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = debian.into_iter().rev().map(|(_, bin)| bin).chain(std::env::split_paths(&path));
    folders.into_iter().find(|bin| BINARIES.iter().all(|it| bin.join(it).is_file())).unwrap_or_else(|| {
        panic!(
            "the binaries of PostgreSQL ({}) are neither in {DEBIAN}/*/bin nor on PATH: \
             run `cargo xtask test`, which installs it, or apt-get install postgresql",
            BINARIES.join(", ")
        )
    })
}

/// A new folder of this start alone. One that exists is somebody else's.
fn make_folder() -> PathBuf {
    static STARTED: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("till-postgres-{}-{number}", std::process::id()));
        match fs::create_dir(&folder) {
            Ok(()) => return folder,
            Err(err) if err.kind() == io::ErrorKind::AlreadyExists => {}
            Err(err) => panic!("cannot create {}: {err}", folder.display()),
        }
    }
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

fn log(folder: &Path) -> String {
    fs::read_to_string(folder.join("log")).unwrap_or_else(|err| format!("no log: {err}"))
}

fn is_root() -> bool {
    let output = run(Command::new("id").arg("-u"));
    output.stdout.trim_ascii() == b"0"
}

/// What stands before a command that root may not run itself.
fn become_server_user() -> Vec<String> {
    if !is_root() {
        return Vec::new();
    }
    ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"].map(String::from).into()
}

fn client(binaries: &Path, name: &str, port: u16) -> Command {
    let mut command = clean(Command::new(binaries.join(name)));
    command.args(["--host=127.0.0.1", "--port", &port.to_string()]);
    command
}

/// Without the settings of PostgreSQL that the environment may hold: PGHOSTADDR would lead to another server.
fn clean(mut command: Command) -> Command {
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"PG")) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|it| it.local_addr())
        .unwrap_or_else(|err| panic!("127.0.0.1 has no free port: {err}"))
        .port()
}

fn spawn_server(binaries: &Path, folder: &Path, port: u16) -> Child {
    let log = File::create(folder.join("log")).unwrap_or_else(|err| panic!("cannot write the log: {err}"));
    let errors = log.try_clone().unwrap_or_else(|err| panic!("cannot write the log: {err}"));
    // `env` runs what follows it, with or without a change of user.
    let mut command = clean(Command::new("env"));
    command.args(become_server_user()).arg(binaries.join("postgres"));
    command.arg("-D").arg(data(folder)).args(["-p", &port.to_string()]);
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    // That user may not be allowed into the folder where the tests run.
    command.current_dir(folder).stdout(log).stderr(errors).process_group(0);
    command.spawn().unwrap_or_else(|err| panic!("cannot start postgres: {err}"))
}

/// Waits until `server` answers on `port`; false when it ended because somebody else had the port.
fn becomes_ready(server: &mut Child, binaries: &Path, folder: &Path, port: u16) -> bool {
    let deadline = Instant::now() + READY_WITHIN;
    while Instant::now() < deadline {
        if has_ended(server) {
            let log = log(folder);
            assert!(log.contains("in use"), "PostgreSQL does not start:\n{log}");
            return false;
        }
        if holds_port(folder, port) && accepts(binaries, port) {
            return true;
        }
        sleep(POLL);
    }
    panic!("PostgreSQL is not ready after {READY_WITHIN:?}:\n{}", log(folder));
}

/// Whether our server says so itself: its lock file names its port on line 4 and its state on line 8. Whoever answers
/// on the port could be another server.
fn holds_port(folder: &Path, port: u16) -> bool {
    let lock = fs::read_to_string(data(folder).join("postmaster.pid")).unwrap_or_default();
    let line = |number: usize| lock.lines().nth(number - 1).map(str::trim);
    line(4) == Some(port.to_string().as_str()) && line(8) == Some("ready")
}

fn accepts(binaries: &Path, port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let answers =
        || client(binaries, "pg_isready", port).arg("--quiet").status().is_ok_and(|it| it.success());
    TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok() && answers()
}

fn has_ended(process: &mut Child) -> bool {
    process.try_wait().unwrap_or_else(|err| panic!("cannot ask for a process of ours: {err}")).is_some()
}

fn ends(process: &mut Child, within: Duration) -> bool {
    let deadline = Instant::now() + within;
    while !has_ended(process) {
        if Instant::now() >= deadline {
            return false;
        }
        sleep(POLL);
    }
    true
}

/// Runs a command to its end; one that fails is a test that fails, with what it said.
fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|err| panic!("cannot run {command:?}: {err}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed ({}):\n{said}", output.status);
    output
}
