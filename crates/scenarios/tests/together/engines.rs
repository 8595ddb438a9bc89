//! What must hold on both engines: statements, floors under concurrency, settling once.

use crate::support::stores;
use billing::account::{Account, Verified};
use billing::quote::Wish;
use billing::settle::Run;
use billing::voucher::choose::Choice;
use desk::accounts::TopUp;
use desk::jobs::{self, Turn};
use desk::orders::{self, Item, Payment};
use desk::purchases::{Pay, Purchase};
use desk::{Desk, Refusal, accounts, books, settle};
use server::cli::files;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::settlements::{self, Batch};
use store::{Row, Store, StoreError, Value, Writes};
use units::{Calendar, Currency, Money, OrderId, Timestamp};

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

/// A desk over the demo book, applied to the store.
fn desk(store: &Store) -> Desk {
    let book = files::book("demo").unwrap();
    store.write(|tx| books::apply(tx, &book, None, at("2026-06-01"))).unwrap();
    store.read(Desk::open).unwrap()
}

fn customer(store: &Store, desk: &Desk, name: &str, yuan: i64) -> Account {
    let now = at("2026-06-01");
    store
        .write(|tx| -> Result<Account, Refusal> {
            let terms = billing::rate::Terms::default();
            let opening =
                accounts::Opening { currency: Currency::CNY, terms, verified: Verified::Yes, alert: None };
            let account = accounts::open(tx, name, opening, now)?;
            let money = Money::from_minor(yuan * 100, Currency::CNY);
            accounts::top_up(
                tx,
                desk.at(now),
                account.id,
                TopUp { money, purse: billing::wallet::Purse::Cash, reference: "first" },
            )?;
            Ok(account)
        })
        .unwrap()
}

fn server(charge: &str, months: u32) -> Item {
    let pairs = [("charge", charge), ("region", "guangzhou"), ("zone", "guangzhou-1"), ("type", "S1.SMALL1")];
    let options = pairs.map(|it| (it.0.to_string(), it.1.to_string())).to_vec();
    let wish = Wish { product: "server".into(), options, months, quantity: 1 };
    Item { wish, name: "s".into(), ..Item::default() }
}

fn buy(
    store: &Store,
    desk: &Desk,
    account: &Account,
    token: &str,
    item: Item,
    now: Timestamp,
) -> Result<(), Refusal> {
    let items = std::slice::from_ref(&item);
    let purchase = Purchase { account: account.id, token, items, pay: Pay::Later, vouchers: Choice::None };
    let placed = store.write(|tx| orders::one(tx, desk.at(now), purchase))?;
    let ids: Vec<OrderId> = placed.iter().map(|it| it.id).collect();
    let payment = Payment { account: account.id, token, orders: &ids };
    store.write(|tx| orders::pay(tx, desk.at(now), payment)).map(drop)
}

#[test]
fn every_statement_prepares_on_every_engine() {
    for (engine, store, _server) in stores() {
        for statement in store::all_statements() {
            let checked = store.write(|tx| tx.check(statement));
            checked.unwrap_or_else(|error| panic!("{engine}: {statement}: {error}"));
        }
    }
}

/// 510.00 buys ten servers of 51.00, however many ask at once.
#[test]
fn a_balance_is_spent_once() {
    for (engine, store, _server) in stores() {
        let desk = desk(&store);
        let account = customer(&store, &desk, "crowd", 510);
        let (paid, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for number in 0..24 {
                let (store, desk, account, paid, refused) = (&store, &desk, &account, &paid, &refused);
                scope.spawn(move || {
                    match buy(
                        store,
                        desk,
                        account,
                        &format!("t{number}"),
                        server("prepaid", 1),
                        at("2026-06-01 09:00:00"),
                    ) {
                        Ok(()) => paid.fetch_add(1, Ordering::Relaxed),
                        Err(error) if error.code() == "balance_insufficient" => {
                            refused.fetch_add(1, Ordering::Relaxed)
                        }
                        Err(error) => panic!("{engine}: {error}"),
                    }
                });
            }
        });
        assert_eq!((paid.into_inner(), refused.into_inner()), (10, 14), "{engine}");
        let wallet = store.read(|tx| store::ledger::get(tx, account.id, account.currency)).unwrap().wallet;
        assert_eq!(
            (wallet.free().total().minor(), wallet.frozen().total().minor(), wallet.owed().minor()),
            (0, 51_000, 0),
            "{engine}"
        );
        let audit = store.read(|tx| desk::audit::audit(tx, &desk)).unwrap();
        assert_eq!(audit.differences, Vec::<String>::new(), "{engine}");
    }
}

/// Six customers with one pay-per-use server each, up since 09:00:00.
fn fleet(store: &Store) -> Desk {
    let desk = desk(store);
    for number in 0..6 {
        let account = customer(store, &desk, &format!("customer-{number}"), 100);
        buy(store, &desk, &account, "first", server("payg", 0), at("2026-06-01 09:00:00")).unwrap();
    }
    let now = at("2026-06-01 09:00:00");
    jobs::run_due(&Turn::alone(store, desk.at(now), now), &mut Err).unwrap();
    desk
}

/// Every bill and balance, for comparing two stores.
fn books_of(store: &Store) -> Vec<String> {
    store
        .read(|tx| -> Result<Vec<String>, StoreError> {
            let mut all = Vec::new();
            for account in store::accounts::all(tx)? {
                let wallet = store::ledger::get(tx, account.id, account.currency)?.wallet;
                all.push(format!("{} {:?}", account.name, (wallet.free(), wallet.frozen(), wallet.owed())));
                let bills = store::bills::of_account(tx, account.id)?;
                all.extend(
                    bills
                        .iter()
                        .map(|it| format!("{} {} {} {:?}", it.id, it.total.minor(), it.amount_e8, it.paid)),
                );
            }
            Ok(all)
        })
        .unwrap()
}

fn nine_to_ten(desk: &Desk) -> Run {
    let cycle = desk.calendar.cycle(units::CycleKind::Hour, at("2026-06-01 09:30:00")).unwrap();
    Run { cycle, posted: cycle.to, watermark: cycle.to }
}

#[test]
fn a_run_started_twice_at_once_bills_once() {
    for (engine, store, _server) in stores() {
        let desk = fleet(&store);
        let run = nine_to_ten(&desk);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let (store, desk) = (&store, &desk);
                scope.spawn(move || {
                    settle::run(store, desk, run, 2).unwrap_or_else(|error| panic!("{engine}: {error}"))
                });
            }
        });
        let all = books_of(&store);
        assert_eq!(all.iter().filter(|it| it.starts_with("bil_")).count(), 6, "{engine}: {all:?}");
        let before = all;
        settle::run(&store, &desk, run, 2).unwrap();
        assert_eq!(books_of(&store), before, "{engine}: settling again changed something");
    }
}

/// Stops a run after its first batch, in the middle of its second, and starts it again.
#[test]
fn a_run_that_is_killed_goes_on_where_it_stopped() {
    for ((engine, store, _server), (_, undisturbed, _other)) in stores().into_iter().zip(stores()) {
        let desk = fleet(&store);
        let run = nine_to_ten(&desk);
        let killed = |after: &str, ends: Result<(), StoreError>| {
            let mut ends = Some(ends);
            store.write(|tx| -> Result<Option<Batch>, Refusal> {
                let Some(batch) = settlements::batch(tx, &run.cycle, after, 2)? else { return Ok(None) };
                settle::settle(tx, &desk, &batch, run)?;
                ends.take().unwrap_or(Ok(()))?;
                Ok(Some(batch))
            })
        };
        let first = killed("", Ok(())).unwrap().unwrap();
        killed(&first.to, Err(StoreError::Setup("the power went".into()))).unwrap_err();
        assert_eq!(books_of(&store).iter().filter(|it| it.starts_with("bil_")).count(), 2, "{engine}");
        settle::run(&store, &desk, run, 2).unwrap();

        let other = fleet(&undisturbed);
        settle::run(&undisturbed, &other, run, settle::BATCH).unwrap();
        assert_eq!(books_of(&store), books_of(&undisturbed), "{engine}");
    }
}

#[test]
fn something_else_under_the_same_id_is_an_error() {
    for (engine, store, _server) in stores() {
        let desk = fleet(&store);
        let account = store.read(|tx| store::accounts::by_name(tx, "customer-0")).unwrap();
        let now = at("2026-06-01 09:10:00");
        let twice = |months| {
            let items = [server("prepaid", months)];
            let purchase = Purchase {
                account: account.id,
                token: "same",
                items: &items,
                pay: Pay::Later,
                vouchers: Choice::None,
            };
            store.write(|tx| orders::one(tx, desk.at(now), purchase))
        };
        let first = twice(1).unwrap();
        assert_eq!(twice(1).unwrap(), first, "{engine}");
        assert_eq!(twice(2).unwrap_err().code(), "token_reused", "{engine}");
        // As it was kept before it had a form of its own.
        let kept = r#"Item { wish: Wish { product: "server", options: [("charge", "prepaid"), ("region", "guangzhou"), ("zone", "guangzhou-1"), ("type", "S1.SMALL1")], months: 1, quantity: 1 }, month: None, name: "s", service: None, quoted_minor: None }"#;
        let changed =
            store.write(|tx| tx.exec("update orders set asked = $1 where batch = 'same'", &[kept.into()]));
        assert_eq!(changed.unwrap(), 1, "{engine}");
        assert_eq!(twice(1).unwrap(), first, "{engine}: the same purchase after an upgrade");
        assert_eq!(twice(2).unwrap_err().code(), "token_reused", "{engine}");
        let top_up = |yuan: i64| {
            let money = Money::from_minor(yuan, Currency::CNY);
            store.write(|tx| {
                accounts::top_up(
                    tx,
                    desk.at(now),
                    account.id,
                    TopUp { money, purse: billing::wallet::Purse::Cash, reference: "wire-1" },
                )
            })
        };
        let after = top_up(100).unwrap();
        assert_eq!(top_up(100).unwrap(), after, "{engine}: a payment reported again moved money");
        assert_eq!(top_up(200).unwrap_err().code(), "conflict", "{engine}");
    }
}

/// Few are inserted and many are copied in, where the engine can: in both cases one that is there is an error, and none is
/// written.
#[test]
fn new_rows_are_written_all_or_none() {
    const ADD: &str =
        "insert into jobs (name, holder, until_us, last_us) values ($1, $2, $3, $4) on conflict do nothing";
    let rows = |from: i64, to: i64| {
        (from..to).map(|it| {
            let last = if it % 2 == 0 { Value::Null } else { it.into() };
            [format!("{it:04} 名, \"\\\t").into(), "".into(), (-it).into(), last]
        })
    };
    let read = |row: &Row<'_>| Ok((row.text(0)?, row.text(1)?, row.int(2)?, row.maybe_int(3)?));
    for (engine, store, _server) in stores() {
        let write = |from: i64, to: i64| {
            store.write(|tx| {
                let mut writes = Writes::default();
                writes.new_rows(ADD, rows(from, to), StoreError::Differs("a row".into()));
                tx.write(writes)
            })
        };
        write(0, 10).unwrap();
        write(10, 1_000).unwrap();
        for (from, to) in [(999, 1_005), (999, 2_000), (0, 300)] {
            let error = write(from, to).unwrap_err();
            assert!(matches!(error, StoreError::Differs(_)), "{engine}: {error}");
        }
        let all = "select name, holder, until_us, last_us from jobs order by name";
        let found = store.read(|tx| tx.rows(all, &[], read)).unwrap();
        let expected: Vec<_> = (0..1_000)
            .map(|it| (format!("{it:04} 名, \"\\\t"), String::new(), -it, (it % 2 != 0).then_some(it)))
            .collect();
        assert_eq!(found, expected, "{engine}");
    }
}

/// October in Berlin has a day of 25 hours: the package is used on 31 of 31 days. One reading of 120 Mbps
/// is the one day peak there is: 120 × 108.00 = 12 960.00. Source: R-NET-8, R-TIM-4.
#[test]
fn a_day_of_clock_change_is_one_day() {
    const STORY: &str = "
2026-10-01 06:00:00 account net
topup net 20000.00
buy net bp bandwidth-package region=guangzhou
2026-10-10 12:00:00 use bp bandwidth 120Mbps
2026-11-01 07:00:00 settle
";
    for (engine, store, _server) in stores() {
        let mut book = files::book("demo").unwrap();
        let head = book.get("book.toml").unwrap().replace("+08:00", "Europe/Berlin");
        book.add("book.toml", &head);
        let start = at("2026-10-01 06:00:00");
        store.write(|tx| books::apply(tx, &book, None, start)).unwrap();
        let mut player = play::Player::new(&store, start).unwrap();
        player.play(&crate::support::parse("berlin", STORY), &mut |_, _| {}).unwrap();
        let account = store.read(|tx| store::accounts::by_name(tx, "net")).unwrap();
        let bills = store.read(|tx| store::bills::of_account(tx, account.id)).unwrap();
        assert_eq!(bills.iter().map(|it| it.total.minor()).collect::<Vec<_>>(), [1_296_000], "{engine}");
    }
}

/// An account whose product lost its price is set aside; the others settle, and it follows later.
#[test]
fn one_account_that_fails_does_not_hold_up_the_others() {
    for (engine, store, _server) in stores() {
        let desk = fleet(&store);
        let run = nine_to_ten(&desk);
        let unlucky = store.read(|tx| store::accounts::by_name(tx, "customer-3")).unwrap();
        let mut broken = store.read(|tx| store::resources::of_account(tx, unlucky.id)).unwrap().remove(0);
        let options = broken.resource.options.to_string().replace("S1.SMALL1", "S1.GONE");
        broken.resource.options = billing::options::Options::parse(&options).unwrap();
        let now = at("2026-06-01 09:20:00");
        let event = broken.resource.metered(now);
        store
            .write(|tx| {
                let (mut writes, events) = (store::Writes::default(), [(event.clone(), 50)]);
                store::resources::add_events(&mut writes, &events);
                tx.write(writes)
            })
            .unwrap();
        let outcome = settle::run(&store, &desk, run, 10).unwrap();
        assert_eq!((outcome.bills, outcome.set_aside), (5, 1), "{engine}");
        let aside = store.read(settlements::aside).unwrap();
        assert_eq!(aside.len(), 1, "{engine}");
        assert!(aside[0].reason.contains("S1.GONE"), "{engine}: {}", aside[0].reason);
    }
}

/// The account's rate changes after the order was placed and again before it is delivered: the price does not.
#[test]
fn terms_that_change_before_delivery_change_no_order() {
    for (engine, store, _server) in stores() {
        let desk = desk(&store);
        let account = customer(&store, &desk, "webshop", 1_000);
        let rate = |contract_rate_e8: u64, now: &str| {
            let terms = Some(billing::rate::Terms { contract_rate_e8 });
            let change = accounts::Change { terms, ..accounts::Change::default() };
            store.write(|tx| accounts::change(tx, desk.at(at(now)), account.id, change)).unwrap();
        };
        let item = server("prepaid", 1);
        let items = std::slice::from_ref(&item);
        let purchase =
            Purchase { account: account.id, token: "t", items, pay: Pay::Later, vouchers: Choice::None };
        let placed = store.write(|tx| orders::one(tx, desk.at(at("2026-06-01 09:00:00")), purchase)).unwrap();
        rate(90_000_000, "2026-06-01 09:00:10");
        let ids: Vec<OrderId> = placed.iter().map(|it| it.id).collect();
        let payment = Payment { account: account.id, token: "t", orders: &ids };
        store.write(|tx| orders::pay(tx, desk.at(at("2026-06-01 09:00:20")), payment)).unwrap();
        rate(80_000_000, "2026-06-01 09:00:30");
        let (from, to) = (at("2026-06-01 09:00:20"), at("2026-06-01 10:00:00"));
        jobs::run_due(&Turn::alone(&store, desk.at(to), from), &mut Err).unwrap();
        let bills = store.read(|tx| store::bills::of_account(tx, account.id)).unwrap();
        // S1.SMALL1 costs 51.00 a month.
        assert_eq!(bills.iter().map(|it| it.total.minor()).collect::<Vec<_>>(), [5_100], "{engine}");
        let wallet = store.read(|tx| store::ledger::get(tx, account.id, account.currency)).unwrap().wallet;
        assert_eq!(
            (wallet.free().total().minor(), wallet.frozen().total().minor(), wallet.owed().minor()),
            (94_900, 0, 0),
            "{engine}"
        );
        let audit = store.read(|tx| desk::audit::audit(tx, &desk)).unwrap();
        assert_eq!(audit.differences, Vec::<String>::new(), "{engine}");
    }
}
