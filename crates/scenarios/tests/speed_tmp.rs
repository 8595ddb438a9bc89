//! tmp
mod support;
use billing::counter::Counting;
use billing::quote::Wish;
use server::cli::files;
use server::desk::orders::{self, Item};
use server::desk::usage::{self, Reading};
use server::desk::{Desk, Refusal, accounts, books};
use server::jobs;
use store::Store;
use store::accounts::{Account, Verified};
use units::{Calendar, Currency, Money, OrderId, Timestamp};
fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}
fn go(engine: &str, store: &Store) {
    let b = files::book("demo").unwrap();
    store.write(|tx| books::apply(tx, &b, None, at("2026-06-01"))).unwrap();
    let desk = store.read(Desk::open).unwrap();
    let now = at("2026-06-01 09:00:00");
    let mut ids = Vec::new();
    for n in 0..20 {
        let a = store
            .write(|tx| -> Result<Account, Refusal> {
                let opening = accounts::Opening {
                    currency: Currency::Cny,
                    terms: Default::default(),
                    verified: Verified::Yes,
                    alert_minor: 0,
                };
                let account = accounts::open(tx, &format!("a{n}"), opening, now)?;
                accounts::top_up(
                    tx,
                    &desk,
                    account.id,
                    (Money::from_minor(50_000_000, Currency::Cny), billing::wallet::Purse::Cash, "f"),
                    now,
                )?;
                let pairs = [
                    ("charge", "prepaid"),
                    ("region", "guangzhou"),
                    ("zone", "guangzhou-1"),
                    ("type", "S1.SMALL1"),
                    ("network", "traffic"),
                    ("bandwidth", "5"),
                ];
                let options = pairs.iter().map(|it| (it.0.to_string(), it.1.to_string())).collect();
                let item = Item {
                    wish: Wish { product: "server".into(), options, months: 1, quantity: 5 },
                    name: "s".into(),
                    ..Item::default()
                };
                let placed = orders::place(tx, &desk, account.id, "t", std::slice::from_ref(&item), now)?;
                let o: Vec<OrderId> = placed.iter().map(|it| it.id).collect();
                orders::pay(tx, &desk, account.id, "t", &o, now)?;
                Ok(account)
            })
            .unwrap();
        ids.push(a.id);
    }
    for t in ["2026-06-01 09:00:00", "2026-06-01 09:10:00"] {
        jobs::run_due(store, &desk, (at(t), at(t)), &mut Err).unwrap();
    }
    let mut res = Vec::new();
    for a in &ids {
        for r in store.read(|tx| store::resources::of_account(tx, *a)).unwrap() {
            res.push(r.resource.id.to_string());
        }
    }
    let mut total = std::time::Duration::ZERO;
    for batch in 0..100 {
        let names: Vec<String> = (0..1000).map(|it| format!("2026-06-01T01:00/{batch:05}/{it:05}")).collect();
        let happened = Timestamp::from_second(at("2026-06-01 09:10:00").as_second() + batch * 10).unwrap();
        let all: Vec<Reading<'_>> = names
            .iter()
            .enumerate()
            .map(|(i, it)| Reading {
                source: "/gateways/guangzhou-1",
                event: it,
                resource: &res[i % res.len()],
                usage: "traffic_out",
                at: happened,
                received: happened,
                quantity: 1000 + i as u64,
                key: "",
                counting: Counting::Delta,
            })
            .collect();
        let start = std::time::Instant::now();
        let out = store.write(|tx| usage::record_all(tx, &desk, &all, happened)).unwrap();
        total += start.elapsed();
        assert!(out.iter().all(|it| it.as_ref().unwrap().as_str() == "accepted"));
    }
    println!(
        "{engine}: {} resources, {:?} for 100 batches of 1000: {:.0}/s",
        res.len(),
        total,
        100_000.0 / total.as_secs_f64()
    );
}
#[test]
fn speed() {
    let dir = std::env::temp_dir().join(format!("till-speed-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    go("sqlite", &Store::embedded(&dir.join("x.db")).unwrap());
    std::fs::remove_dir_all(&dir).unwrap();
    let server = store::testing::postgres();
    go("postgres", &Store::postgres(&server.fresh_database()).unwrap());
}
