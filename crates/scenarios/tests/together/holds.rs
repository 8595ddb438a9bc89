//! A server holds: a database that falls silent, and clients who connect and say nothing, stop it from nothing else.

use crate::support::line::Line;
use crate::support::served::{Served, eventually};
use desk::Refusal;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::{Duration, Instant};
use store::{Store, StoreError, TimeOuts, Tx};

/// What a metric says, with its labels as they stand in the text.
fn metric(served: &Served, name: &str) -> f64 {
    let text = served.get("", "/metrics").text();
    let value = text.lines().find_map(|it| it.strip_prefix(name)?.strip_prefix(' ')?.parse().ok());
    value.unwrap_or_else(|| panic!("{name}: {text}"))
}

fn ready(served: &Served) -> (u16, String) {
    let answer = served.get("", "/ready");
    (answer.status, answer.json()["code"].as_str().unwrap_or("").to_string())
}

/// A month of a small server, 51.00; the simulated cloud delivers it at once, by a job.
fn buy(served: &Served, key: &str, token: &str) -> u16 {
    let body = r#"{"pay": true, "items": [{"product": "server", "name": "web", "months": 1, "options": {
        "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1"}}]}"#;
    let headers = ["content-type: application/json".to_string(), format!("idempotency-key: {token}")];
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    served.call("POST", "/v1/orders", key, &headers, body.as_bytes()).status
}

/// Silent for ten seconds: what was sent on the line then is never answered. Statements may take three seconds here.
#[test]
fn jobs_go_on_after_a_database_link_that_was_silent() {
    let server = store::testing::postgres();
    let url = server.fresh_database();
    let line = Line::to(&url);
    let arguments = ["--database-url", &line.url, "--database-seconds", "3", "--cloud-delay-seconds", "0"];
    let served = Served::start(&arguments);
    let shop = served.customer("shop", "1000.00");
    assert_eq!(metric(&served, "till_database_up"), 1.0);
    line.fall_silent();
    let silent = Instant::now();
    assert_eq!(ready(&served), (503, "database_unavailable".into()));
    let mut oldest: f64 = 0.0;
    while silent.elapsed() < Duration::from_secs(10) {
        assert_eq!(served.get("", "/health").status, 200);
        assert_eq!(metric(&served, "till_database_up"), 0.0);
        oldest = oldest.max(metric(&served, "till_job_age_seconds{job=\"settle\"}"));
    }
    assert!(oldest > 6.0, "the jobs stood: {oldest}");
    line.speak();
    eventually("it is ready again", || (ready(&served).0 == 200).then_some(()));
    let bought = eventually("it sells", || Some(buy(&served, &shop.key, "one")).filter(|it| *it != 503));
    assert_eq!(bought, 201);
    eventually("the jobs deliver", || {
        let all = served.get(&shop.key, "/v1/resources").good();
        (all["items"][0]["state"] == "running").then_some(())
    });
    eventually("the metrics ask it again", || (metric(&served, "till_database_up") == 1.0).then_some(()));
    // The last attempt to connect that fell into the silence ends first.
    let age = || metric(&served, "till_job_age_seconds{job=\"settle\"}");
    eventually("all jobs go on", || (age() < 3.0).then_some(()));
    assert_eq!(served.get(&served.operator, "/v1/verify").good()["differences"], serde_json::json!([]));
}

/// Also with the time-outs of a server that says nothing of them: a minute for a statement.
#[test]
fn a_server_ends_when_it_is_asked_to_while_its_database_is_silent() {
    let server = store::testing::postgres();
    let url = server.fresh_database();
    let line = Line::to(&url);
    let served = Served::start(&["--database-url", &line.url]);
    line.fall_silent();
    assert_eq!(ready(&served), (503, "database_unavailable".into()));
    let asked = Instant::now();
    let (code, _folder) = served.stop();
    assert_eq!(code, Some(0));
    assert!(asked.elapsed() < Duration::from_secs(35), "{:?}", asked.elapsed());
}

fn connected(served: &Served) -> TcpStream {
    let stream = TcpStream::connect(served.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
    stream
}

/// How long until the server closed it, whatever it said before.
fn closed_after(mut stream: TcpStream) -> Duration {
    let start = Instant::now();
    let mut bytes = Vec::new();
    // A connection that is reset is closed as well.
    if let Err(error) = stream.read_to_end(&mut bytes) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}");
    }
    start.elapsed()
}

/// 600 connections that say nothing, where there is room for 128: the first of them go, and whoever has a key is served.
#[test]
fn idle_connections_do_not_shut_out_a_client_with_a_key() {
    let served = Served::start_with_descriptors(256, &["--rate-limit", "0"]);
    let shop = served.customer("shop", "10.00");
    assert_eq!(metric(&served, "till_connections_most"), 128.0);
    let mut known = connected(&served);
    let ask = format!("GET /v1/wallet HTTP/1.1\r\nhost: till\r\nauthorization: Bearer {}\r\n\r\n", shop.key);
    let mut asks = || {
        known.write_all(ask.as_bytes()).unwrap();
        let mut answer = [0; 4096];
        let count = known.read(&mut answer).unwrap();
        String::from_utf8_lossy(&answer[..count]).into_owned()
    };
    assert!(asks().starts_with("HTTP/1.1 200"));
    let mut idle: Vec<TcpStream> = Vec::new();
    for number in 0..600 {
        let mut stream = connected(&served);
        if number % 2 == 0 {
            // The server may have closed it already.
            let _ = stream.write_all(b"POST /v1/orders HTTP/1.1\r\nhost: till\r\ncontent-le");
        }
        idle.push(stream);
        if number % 60 == 59 {
            assert_eq!(served.get(&shop.key, "/v1/wallet").status, 200, "after {number}");
        }
    }
    assert!(asks().starts_with("HTTP/1.1 200"), "who has shown a key keeps its connection");
    assert!(metric(&served, "till_connections_closed_total{reason=\"room\"}") >= 400.0);
    assert!(served.log().contains("there is little room"), "{}", served.log());
}

#[test]
fn what_says_nothing_or_half_of_something_is_closed_after_a_time() {
    let served = Served::start(&[]);
    let half_a_head = |stream: &mut TcpStream| stream.write_all(b"GET /health HTTP/1.1\r\nhos").unwrap();
    let half_a_body = format!(
        "POST /v1/accounts HTTP/1.1\r\nhost: till\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         content-length: 100\r\n\r\n{{\"name\"",
        served.operator
    );
    let (silent, mut head, mut body, mut kept) =
        (connected(&served), connected(&served), connected(&served), connected(&served));
    half_a_head(&mut head);
    body.write_all(half_a_body.as_bytes()).unwrap();
    kept.write_all(b"GET /health HTTP/1.1\r\nhost: till\r\n\r\n").unwrap();
    let waits: Vec<_> =
        [silent, head, body, kept].map(|it| std::thread::spawn(move || closed_after(it))).into();
    let [silent, head, body, kept]: [Duration; 4] =
        waits.into_iter().map(|it| it.join().unwrap()).collect::<Vec<_>>().try_into().unwrap();
    let (least, most) = (Duration::from_secs(15), Duration::from_secs(35));
    for (what, took) in [("silent", silent), ("half a head", head), ("kept alive", kept)] {
        assert!(took > least && took < most, "{what}: {took:?}");
    }
    assert!(body > Duration::from_secs(8) && body < Duration::from_secs(20), "half a body: {body:?}");
}

/// What a transaction on PostgreSQL comes to: how long it took, and the code of its error.
fn taken(store: &Store, sql: &str) -> (Duration, Option<&'static str>) {
    let start = Instant::now();
    let done = store.write(|tx| -> Result<(), Refusal> {
        let Tx::Pg(tx, _) = tx else { return Ok(()) };
        Ok(tx.batch_execute(sql).map_err(StoreError::from)?)
    });
    (start.elapsed(), done.err().map(|it| it.code()))
}

/// A second for a statement, half of one for a lock, and nobody holds locks without asking for anything.
#[test]
fn statements_locks_and_idle_transactions_end_in_time() {
    let server = store::testing::postgres();
    let second = Duration::from_secs(1);
    let within = TimeOuts { short: second, report: second };
    let store = Store::postgres_within(&server.fresh_database(), within).unwrap();
    assert_eq!(taken(&store, "create table held (id bigint primary key)").1, None);
    let (took, code) = taken(&store, "select pg_sleep(20)");
    assert_eq!(code, Some("database_unavailable"));
    assert!(took < 3 * second, "the statement: {took:?}");
    let (held, is_held) = mpsc::channel();
    std::thread::scope(|scope| {
        let sleeper = scope.spawn(|| {
            store.write(|tx| -> Result<(), Refusal> {
                let Tx::Pg(tx, _) = tx else { return Ok(()) };
                tx.batch_execute("lock table held").map_err(StoreError::from)?;
                held.send(()).unwrap();
                std::thread::sleep(3 * second);
                Ok(tx.batch_execute("select 1").map_err(StoreError::from)?)
            })
        });
        is_held.recv().unwrap();
        let (took, code) = taken(&store, "lock table held");
        assert_eq!(code, Some("database_unavailable"));
        assert!(took < second, "the lock: {took:?}");
        std::thread::sleep(second);
        assert_eq!(
            taken(&store, "lock table held").1,
            None,
            "who sleeps in a transaction holds nothing any more"
        );
        assert_eq!(sleeper.join().unwrap().unwrap_err().code(), "database_unavailable");
    });
    assert_eq!(taken(&store, "select 1").1, None);
}
