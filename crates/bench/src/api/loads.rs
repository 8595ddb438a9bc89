//! The loads: quotes, "may this start?", usage in batches, purchases until they are delivered.
//!
//! In:  a server with customers. Out: how many requests were done and how long each took.
//! Invariant: every answer is read and checked. Bodies that need not differ are made before the clock starts.

use crate::http::{Answer, Connection, Request};
use crate::pace::{self, Load, Pace};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use units::Timestamp;

/// Usage events in one request.
pub(super) const BATCH: usize = 1_000;
const JSON: &str = "content-type: application/json";
/// Threads that send at a fixed rate: enough that one is always free.
const SENDERS: usize = 16;
/// What a customer may have of one zone at a time is limited: purchases take turns.
const ZONES: [(&str, &str); 4] = [
    ("guangzhou", "guangzhou-1"),
    ("guangzhou", "guangzhou-2"),
    ("shanghai", "shanghai-1"),
    ("hongkong", "hongkong-1"),
];
const DELIVERED_WITHIN: Duration = Duration::from_secs(120);

/// Somebody with money and one server.
pub(super) struct Customer {
    pub account: String,
    pub resource: String,
}

/// An event as it is sent.
pub(super) struct Event {
    pub id: String,
    pub customer: usize,
    pub quantity: u64,
}

/// Events of one run with what they have in common.
pub(super) struct Events {
    pub at: Timestamp,
    pub customers: Vec<(String, String)>,
    pub batches: Vec<Vec<Event>>,
}

/// The server that is measured, and who asks.
pub(super) struct Against<'a> {
    pub address: SocketAddr,
    pub key: &'a str,
    pub customers: &'a [Customer],
}

/// Opens accounts, fills their wallets, and buys each a server.
pub(super) fn customers(address: SocketAddr, key: &str, how_many: usize) -> Result<Vec<Customer>> {
    let mut connection = Connection::open(address)?;
    let mut post = |path: &str, headers: &[&str], body: Value| -> Result<Value> {
        let request = Request::post(path, key, headers, body.to_string().as_bytes());
        connection.send(&request)?.good()?.json()
    };
    let mut made = Vec::new();
    for number in 0..how_many {
        let opened = post("/v1/accounts", &[JSON], json!({ "name": format!("customer {number}") }))?;
        let account = text(&opened["id"])?;
        let paid = json!({ "amount": "1000000.00", "reference": format!("first {number}") });
        post(&format!("/v1/accounts/{account}/top-ups"), &[JSON], paid)?;
        let header = format!("till-account: {account}");
        let bought = post("/v1/orders", &[JSON, &header], json!({ "pay": true, "items": [item(0)] }))?;
        let resource = text(&bought["orders"][0]["pieces"][0]["resource"])?;
        made.push(Customer { account, resource });
    }
    let against = Against { address, key, customers: &made };
    against.wait_for_deliveries()?;
    Ok(made)
}

fn item(number: u64) -> Value {
    let (region, zone) = ZONES[number as usize % ZONES.len()];
    json!({ "product": "server", "name": "web", "options": { "charge": "payg", "region": region, "zone": zone,
        "type": "S1.SMALL1", "network": "traffic", "bandwidth": 100 } })
}

fn text(value: &Value) -> Result<String> {
    value.as_str().map(str::to_string).with_context(|| format!("the server answered `{value}` for an id"))
}

/// Events of now, so many, for all customers in turn.
pub(super) fn events(customers: &[Customer], how_many: usize) -> Events {
    let event = |number: usize| Event {
        id: format!("2026-{number:010}"),
        customer: number % customers.len(),
        quantity: 1_000 + number as u64 % 1_000_000,
    };
    let batch = |first: usize| (first..(first + BATCH).min(how_many)).map(event).collect();
    Events {
        at: units::calendar::whole_second(Timestamp::now()),
        customers: customers.iter().map(|it| (it.account.clone(), it.resource.clone())).collect(),
        batches: (0..how_many).step_by(BATCH).map(batch).collect(),
    }
}

impl Events {
    fn body(&self, batch: &[Event]) -> String {
        let time = self.at;
        let one = |it: &Event| {
            let resource = &self.customers[it.customer].1;
            format!(
                r#"{{"specversion":"1.0","type":"cloudtill.usage.v1","source":"/bench","id":"{}","subject":"{resource}","time":"{time}","data":{{"meter":"traffic_out","quantity":{}}}}}"#,
                it.id, it.quantity
            )
        };
        format!("[{}]", batch.iter().map(one).collect::<Vec<_>>().join(","))
    }
}

impl Against<'_> {
    /// For each customer, a request that is sent as it is.
    fn requests(&self, path: &str, body: &Value) -> Vec<Request> {
        let bytes = body.to_string();
        let header = |it: &Customer| format!("till-account: {}", it.account);
        let each = self.customers.iter();
        each.map(|it| Request::post(path, self.key, &[JSON, &header(it)], bytes.as_bytes())).collect()
    }

    /// Sends the requests in turn at a fixed rate.
    fn steadily(
        &self,
        requests: &[Request],
        (rate, length): (u64, Duration),
        check: impl Fn(Answer) -> Result<()> + Sync,
    ) -> Result<Load> {
        let check = &check;
        pace::run(Pace::Open(rate, length), SENDERS, |_| {
            let mut connection = Connection::open(self.address)?;
            Ok(move |number: u64| {
                check(connection.send(&requests[number as usize % requests.len()])?.good()?)
            })
        })
    }

    pub fn quotes(&self, rate: u64, length: Duration) -> Result<Load> {
        let requests = self.requests("/v1/quotes", &json!({ "items": [item(0)] }));
        self.steadily(&requests, (rate, length), |_| Ok(()))
    }

    pub fn authorize(&self, rate: u64, length: Duration) -> Result<Load> {
        let requests = self.requests("/v1/authorize", &json!({ "items": [item(1)] }));
        self.steadily(&requests, (rate, length), |answer| {
            let allowed = answer.body.windows(14).any(|it| it == br#""allowed":true"#);
            ensure!(allowed, "the server does not allow it: {}", String::from_utf8_lossy(&answer.body));
            Ok(())
        })
    }

    /// Sends every batch once, as fast as it goes.
    pub fn usage(&self, events: &Events, connections: usize) -> Result<Load> {
        let header = "content-type: application/cloudevents-batch+json";
        let request = |batch: &Vec<Event>| {
            Request::post("/v1/usage", self.key, &[header], events.body(batch).as_bytes())
        };
        let requests: Vec<Request> = events.batches.iter().map(request).collect();
        let requests = &requests;
        pace::run(Pace::Count(requests.len() as u64), connections, |_| {
            let mut connection = Connection::open(self.address)?;
            Ok(move |number: u64| {
                let answer = connection.send(&requests[number as usize])?.good()?.json()?;
                let accepted = answer["counts"]["accepted"].as_u64();
                let sent = events.batches[number as usize].len() as u64;
                ensure!(accepted == Some(sent), "of {sent} events the server answered {}", answer["counts"]);
                Ok(())
            })
        })
    }

    /// Orders and pays as fast as it goes; the time ends when everything is delivered.
    pub fn purchases(&self, connections: usize, length: Duration) -> Result<Load> {
        let start = Instant::now();
        let load = pace::run(Pace::Closed(length), connections, |_| {
            let mut connection = Connection::open(self.address)?;
            Ok(move |number: u64| {
                let turn = number / self.customers.len() as u64;
                let customer = &self.customers[number as usize % self.customers.len()];
                let body = json!({ "pay": true, "items": [item(turn)] }).to_string();
                let headers = [
                    JSON.to_string(),
                    format!("till-account: {}", customer.account),
                    format!("idempotency-key: bench-{number}"),
                ];
                let headers = headers.each_ref().map(String::as_str);
                connection.send(&Request::post("/v1/orders", self.key, &headers, body.as_bytes()))?.good()?;
                Ok(())
            })
        })?;
        self.wait_for_deliveries()?;
        Ok(load.ended_after(start.elapsed()))
    }

    fn wait_for_deliveries(&self) -> Result<()> {
        let mut connection = Connection::open(self.address)?;
        let start = Instant::now();
        for it in self.customers {
            let request = Request::get_for("/v1/orders?state=delivering&limit=1", self.key, &it.account);
            while connection.send(&request)?.good()?.json()?["items"][0].is_object() {
                ensure!(start.elapsed() < DELIVERED_WITHIN, "orders of {} are not delivered", it.account);
                std::thread::sleep(Duration::from_millis(2));
            }
        }
        Ok(())
    }
}
