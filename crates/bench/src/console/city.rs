//! A database as large as a cloud's: what the product made of a few purchases, copied under other ids.
//!
//! In:  a server with a customer's first purchases; how many of everything. Out: rows.
//! Invariant: a copy differs from its original in its ids, its name and its time alone.

use crate::http::{Connection, Request};
use crate::print::say;
use crate::served::Served;
use anyhow::{Context, Result, ensure};
use rusqlite::types::Value as Cell;
use rusqlite::{Connection as Database, Transaction, params_from_iter};
use serde_json::{Value, json};
use std::path::Path;

/// When the first things are bought, in the settlement zone of the demo's book, and when pages are looked at.
pub(super) const BEGIN: &str = "2026-06-28 10:00:00";
const LOOKED_AT: &str = "2026-06-28T05:30:00Z";
/// What the price panel is asked for.
pub(super) const CHOSEN: &str =
    "/buy/server?o.charge=payg&o.type=S2.MEDIUM4&o.network=traffic&o.bandwidth=100&quantity=3";
/// Of the demo's book: pay-per-use, one line an hour for the machine and one for its disk.
const SERVER: [(&str, &str); 4] =
    [("region", "guangzhou"), ("zone", "guangzhou-1"), ("charge", "payg"), ("type", "S2.MEDIUM4")];
const MONTH_US: i64 = 30 * 24 * 3_600 * 1_000_000;
/// The largest customer has the bills of so many hours beside one of each month.
const HOURS: i64 = 24;
const HOUR_US: i64 = 3_600 * 1_000_000;
/// Accounts of one transaction.
const BATCH: usize = 500;

/// How many of everything.
pub(super) struct City {
    pub accounts: usize,
    pub resources: usize,
    pub largest: usize,
    pub months: usize,
}

/// What the product made, from which the rest is copied.
pub(super) struct Template {
    pub account: String,
    purchase: String,
    order: String,
    resource: String,
    bill: String,
    month: String,
}

/// Opens an account, buys a server and a pack, and lets hours pass.
pub(super) fn bought(served: &Served, key: &str) -> Result<Template> {
    let mut api = Api { connection: Connection::open(served.address)?, key };
    let account = text(&api.post("/v1/accounts", "", &json!({ "name": "the largest" }))?["id"])?;
    let paid = json!({ "amount": "1000000.00", "reference": "first" });
    api.post(&format!("/v1/accounts/{account}/top-ups"), "", &paid)?;
    let options: serde_json::Map<String, Value> =
        SERVER.iter().map(|it| (it.0.into(), it.1.into())).collect();
    let server = json!({ "product": "server", "name": "the-first", "options": options });
    let pack = json!({ "product": "container-pack", "options": { "spec": "1U1G", "hours": "720" } });
    let made = api.post("/v1/orders", &account, &json!({ "items": [server, pack], "pay": true }))?;
    let (purchase, order) = (text(&made["purchase"])?, &made["orders"][0]);
    let (order, resource) = (text(&order["id"])?, text(&order["pieces"][0]["resource"])?);
    api.post("/v1/clock/advance", "", &json!({ "to": LOOKED_AT }))?;
    let path = format!("/v1/bills?resource={resource}&limit=1");
    let bill = text(&api.get(&path, &account)?["items"][0]["id"]).context("an hour was not settled")?;
    Ok(Template { account, purchase, order, resource, bill, month: LOOKED_AT[..7].to_string() })
}

struct Api<'a> {
    connection: Connection,
    key: &'a str,
}

impl Api<'_> {
    fn post(&mut self, path: &str, account: &str, body: &Value) -> Result<Value> {
        let account = format!("till-account: {account}");
        let mut headers = vec!["content-type: application/json"];
        headers.extend((account.len() > "till-account: ".len()).then_some(account.as_str()));
        let request = Request::post(path, self.key, &headers, body.to_string().as_bytes());
        self.connection.send(&request)?.good()?.json()
    }

    fn get(&mut self, path: &str, account: &str) -> Result<Value> {
        self.connection.send(&Request::get_for(path, self.key, account))?.good()?.json()
    }
}

fn text(value: &Value) -> Result<String> {
    Ok(value.as_str().context("an id is missing")?.to_string())
}

impl Template {
    /// The pages of the largest customer.
    pub fn pages(&self) -> Vec<(&'static str, String)> {
        let Template { resource, bill, order, month, .. } = self;
        vec![
            ("overview", "/".into()),
            ("forecast", "/forecast".into()),
            ("what is sold", "/buy".into()),
            ("a server", "/buy/server".into()),
            ("high-defence IP", "/buy/high-defence-ip".into()),
            // With the purchase that the page before names: without one it leads on to an address of its own.
            ("review", format!("/buy/server/review?o.charge=payg&o.type=S2.MEDIUM4&purchase={:032x}", 1)),
            ("orders", "/orders".into()),
            ("an order", format!("/orders/{order}")),
            ("resources", "/resources".into()),
            ("resources found", "/resources?q=copy-77".into()),
            ("a resource", format!("/resources/{resource}")),
            ("packs", "/packs".into()),
            ("months", "/bills".into()),
            ("a month", format!("/bills/{month}")),
            ("bills of a resource", format!("/charges?month={month}&resource={resource}")),
            ("a bill", format!("/bills/{bill}")),
            ("why", format!("/bills/{bill}/0")),
            ("cost by day", format!("/cost?month={month}")),
            ("cost by project", format!("/cost?month={month}&by=project")),
            ("movements", "/movements".into()),
            ("notices", "/notices".into()),
        ]
    }
}

/// Rows of a table, to be copied.
struct Rows {
    insert: String,
    rows: Vec<Vec<Cell>>,
    /// Which columns are instants, in so many parts of a second.
    times: Vec<(usize, i64)>,
    /// Where each row has a number and an id of its own, of which nothing else speaks: their columns.
    own: Option<(usize, usize)>,
}

/// How a copy differs from its original.
struct Other<'a> {
    /// Ids and names, old and new.
    ids: &'a [(&'a str, &'a str)],
    earlier_us: i64,
    /// What tells rows apart that have a number of their own.
    later: i64,
}

impl Rows {
    fn read(database: &Database, table: &str, which: &str) -> Result<Rows> {
        let mut statement = database.prepare(&format!("select * from {table} where {which}"))?;
        let names: Vec<String> = statement.column_names().map(ToString::to_string).collect();
        let rows = statement
            .query_map([], |row| (0..names.len()).map(|at| row.get(at)).collect::<Result<Vec<Cell>, _>>())?
            .collect::<Result<Vec<_>, _>>()?;
        let places = vec!["?"; names.len()].join(", ");
        // Durations end like instants do, but no copy lives long enough to have another.
        let unit = |name: &str| match name {
            _ if name.ends_with("_us") => Some(1),
            "from_s" | "to_s" => Some(1_000_000),
            _ => None,
        };
        let times = names.iter().enumerate().filter_map(|it| Some((it.0, unit(it.1)?))).collect();
        ensure!(!rows.is_empty(), "{table} has nothing to copy where {which}");
        let place = |name: &str| names.iter().position(|it| it == name).filter(|_| table == "transfers");
        let own = place("number").zip(place("id"));
        Ok(Rows { insert: format!("insert into {table} values ({places})"), rows, times, own })
    }

    /// Adds a copy: texts with other ids, instants so much earlier.
    fn copy(&self, tx: &Transaction<'_>, other: &Other<'_>) -> Result<()> {
        let mut insert = tx.prepare_cached(&self.insert)?;
        for row in &self.rows {
            let cells = row.iter().enumerate().map(|(at, cell)| match cell {
                Cell::Text(text) if self.own.is_some_and(|it| it.1 == at) => {
                    Cell::Text(self::other(text, other.later as usize))
                }
                Cell::Text(text) => {
                    Cell::Text(other.ids.iter().fold(text.clone(), |it, id| it.replace(id.0, id.1)))
                }
                Cell::Integer(number) if self.own.is_some_and(|it| it.0 == at) => {
                    Cell::Integer(number + other.later)
                }
                Cell::Integer(number) => {
                    let unit = self.times.iter().find(|it| it.0 == at).map(|it| it.1);
                    Cell::Integer(unit.map_or(*number, |unit| number - other.earlier_us / unit))
                }
                it @ (Cell::Null | Cell::Real(_) | Cell::Blob(_)) => it.clone(),
            });
            insert.execute(params_from_iter(cells))?;
        }
        Ok(())
    }
}

/// What is copied of the first customer.
struct Originals<'a> {
    template: &'a Template,
    account: Vec<Rows>,
    resource: Vec<Rows>,
    bill: Vec<Rows>,
}

impl City {
    /// Fills the database of a server that has stopped.
    pub fn fill(&self, database: &Path, template: &Template) -> Result<()> {
        let mut database = Database::open(database)?;
        database.execute_batch("pragma synchronous = off; pragma cache_size = -262144")?;
        database.set_prepared_statement_cache_capacity(64);
        let originals = originals(&database, template)?;
        let mut made = 0;
        for first in (0..self.accounts).step_by(BATCH) {
            say(&format!("filling the database: {first} of {} customers", self.accounts));
            let tx = database.transaction()?;
            for number in first..self.accounts.min(first + BATCH) {
                let account = originals.add_account(&tx, number)?;
                let until = self.until(number);
                for resource in made.max(1)..until {
                    originals.add_resource(&tx, &account, resource)?;
                    self.add_bills(&tx, &originals, (&account, resource))?;
                }
                made = until;
            }
            tx.commit()?;
        }
        // No kept sum counts the copies yet: the server rolls everybody up.
        database.execute_batch("update rolled set below = '', due_us = 0; pragma optimize")?;
        Ok(())
    }

    /// How many resources the customers up to this one have together; the first is the largest.
    const fn until(&self, number: usize) -> usize {
        let rest = self.resources - self.largest;
        self.largest + rest * number / (self.accounts - 1)
    }

    /// A bill of each month, and of the largest customer's resources those of its newest hours.
    fn add_bills(&self, tx: &Transaction<'_>, originals: &Originals<'_>, of: (&str, usize)) -> Result<()> {
        let hours = if of.0 == originals.template.account { HOURS } else { 0 };
        let months = (0..self.months as i64).map(|it| it * MONTH_US);
        for (at, earlier) in months.chain((1..=hours).map(|it| it * HOUR_US)).enumerate() {
            originals.add_bill(tx, of, (at, earlier))?;
        }
        Ok(())
    }
}

impl Originals<'_> {
    /// A customer; the first is there. Its id.
    fn add_account(&self, tx: &Transaction<'_>, number: usize) -> Result<String> {
        let first = &self.template.account;
        if number == 0 {
            return Ok(first.clone());
        }
        let (id, name) = (other(first, number), format!("customer {number}"));
        let ids = [(first.as_str(), id.as_str()), ("the largest", name.as_str())];
        let other = Other { ids: &ids, earlier_us: 0, later: 0 };
        self.account.iter().try_for_each(|it| it.copy(tx, &other))?;
        Ok(id)
    }

    fn add_resource(&self, tx: &Transaction<'_>, account: &str, number: usize) -> Result<()> {
        let Template { account: first, purchase, order, resource, .. } = self.template;
        let purchased = format!("{purchase}-{number}");
        let new = [other(order, number), other(resource, number), format!("copy-{number}")];
        let ids = [
            (first.as_str(), account),
            (purchase, &purchased),
            (order, &new[0]),
            (resource, &new[1]),
            ("the-first", &new[2]),
        ];
        let other = Other { ids: &ids, earlier_us: 0, later: 0 };
        self.resource.iter().try_for_each(|it| it.copy(tx, &other))
    }

    /// A bill of a resource, of so much earlier.
    fn add_bill(&self, tx: &Transaction<'_>, of: (&str, usize), when: (usize, i64)) -> Result<()> {
        let Template { account: first, resource, bill, .. } = self.template;
        let ((account, number), (at, earlier_us)) = (of, when);
        let new = [other(resource, number), earlier(bill, number * 1_000 + at, earlier_us)?];
        let ids = [(first.as_str(), account), (resource, &new[0]), (bill, &new[1])];
        // No hour moves so many sums.
        let other = Other { ids: &ids, earlier_us, later: (number * 1_000 + at) as i64 * 10 };
        self.bill.iter().try_for_each(|it| it.copy(tx, &other))
    }
}

fn originals<'a>(database: &Database, template: &'a Template) -> Result<Originals<'a>> {
    let Template { account, order, resource, bill, .. } = template;
    let rows = |table: &str, which: String| Rows::read(database, table, &which);
    Ok(Originals {
        template,
        account: vec![
            rows("accounts", format!("id = '{account}'"))?,
            rows("wallets", format!("account = '{account}'"))?,
            rows("rolled", format!("account = '{account}'"))?,
        ],
        resource: vec![
            rows("orders", format!("id = '{order}'"))?,
            rows("pieces", format!("order_id = '{order}'"))?,
            rows("resources", format!("id = '{resource}'"))?,
        ],
        bill: vec![
            rows("bills", format!("id = '{bill}'"))?,
            rows("lines", format!("bill = '{bill}'"))?,
            rows("transfers", format!("subject = '{bill}'"))?,
        ],
    })
}

/// The id of a bill that was made so much earlier: ids of bills begin with their milliseconds.
fn earlier(id: &str, number: usize, earlier_us: i64) -> Result<String> {
    let parted = id.split_once('_').and_then(|(word, digits)| Some((word, digits.split_at_checked(12)?)));
    let (word, (made, rest)) = parted.with_context(|| format!("`{id}` is no id of a bill"))?;
    let made = i64::from_str_radix(made, 16).with_context(|| format!("`{id}` says not when it was made"))?;
    Ok(other(&format!("{word}_{:012x}{rest}", made - earlier_us / 1_000), number))
}

/// The id of another thing of the same kind: as old, and so told apart by its last digits.
fn other(id: &str, number: usize) -> String {
    let kept = id.len() - 12;
    format!("{}{number:012x}", &id[..kept])
}
