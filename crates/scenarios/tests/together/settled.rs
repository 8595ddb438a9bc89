//! Nothing happens before what is settled, on both engines: changes of state that race with closes, or come after them.
//!
//! In:  customers with one of everything, whose resources change in the last minute of a month. Out: what all that costs is
//! what it costs when nothing is late, and the audit finds nothing.
//! Source: R-TIM-11.

use crate::support::nodes::{Nodes, nodes};
use crate::support::parse;
use billing::bill::Kind;
use billing::quote::Wish as Wanted;
use billing::rate::Terms;
use billing::resource::{EndedBy, Event, MeterEvent, Resource, State};
use billing::voucher::choose::Choice;
use desk::accounts::{self as customers, Change};
use desk::jobs::{self, Turn};
use desk::orders::{self, Item};
use desk::purchases::{Pay, Purchase};
use desk::resources::{self, Own};
use desk::{Desk, Refusal, audit, changes, later, settled, tasks};
use server::cli::simulate::play;
use std::collections::BTreeMap;
use std::sync::Barrier;
use store::{Store, Tx};
use units::{AccountId, Calendar, CycleKind, ResourceId, Timestamp};

const CUSTOMERS: usize = 8;

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

/// The hour, the day and the month that the changes race with end here.
fn close() -> Timestamp {
    at("2026-07-01 00:00:00")
}

/// Customers with addresses and servers by the hour, disks by the day, volumes by the month.
fn fleet(store: &Store) -> Desk {
    let mut text = String::from("2026-06-30 20:00:00 ");
    let place = "region=guangzhou zone=guangzhou-1";
    for number in 0..CUSTOMERS {
        let name = format!("c{number}");
        text += &format!("account {name}\n");
        text += &format!("topup {name} 9000.00\n");
        for (what, product) in [
            ("ip", "eip region=guangzhou".to_string()),
            ("web", format!("server charge=payg {place} type=S1.SMALL1")),
            ("app", format!("server charge=payg {place} type=S1.SMALL1")),
            ("job", format!("server charge=payg {place} type=S1.SMALL1")),
            ("disk", format!("disk charge=payg {place} type=premium size=100")),
            ("old", format!("disk charge=payg {place} type=premium size=200")),
            ("vol", "volume size=50".to_string()),
        ] {
            text += &format!("buy {name} {name}-{what} {product}\n");
        }
    }
    let (player, played) = play(store, &parse("fleet", &text)).unwrap();
    assert!(played.steps.iter().all(|it| it.code == "ok"), "{:?}", played.steps);
    run(store, &player.desk, at("2026-06-30 23:00:00"));
    player.desk
}

/// What falls due until `now`.
fn run(store: &Store, desk: &Desk, now: Timestamp) {
    jobs::run_due(&Turn::alone(store, desk.at(now), now), &mut Err)
        .unwrap_or_else(|it| panic!("{}: {}", it.job.as_str(), it.refusal));
}

/// Something that a customer asks for in the last minute.
#[derive(Clone)]
struct Wish {
    own: Own,
    what: What,
    now: Timestamp,
}

#[derive(Clone)]
enum What {
    Release,
    Switch(Event),
    Resize(&'static str, &'static str),
}

impl Wish {
    fn of(it: &Resource, number: usize) -> Wish {
        let what = match it.name.split('-').nth(1).unwrap() {
            "ip" => What::Resize("bound", "yes"),
            "web" => What::Release,
            "app" => What::Switch(Event::StopFree),
            "job" => What::Resize("type", "S2.MEDIUM4"),
            "disk" => What::Resize("size", "300"),
            "old" => What::Release,
            "vol" => What::Resize("size", "80"),
            other => panic!("{other}"),
        };
        let own = Own { account: it.account, id: it.id };
        Wish { own, what, now: later(at("2026-06-30 23:59:01"), number as u64 % 58) }
    }

    fn ask(&self, store: &Store, desk: &Desk) {
        let Wish { own, what, now } = self;
        let done = store.write(|tx| -> Result<Resource, Refusal> {
            match what {
                What::Release => resources::release(tx, desk.at(*now), *own, EndedBy::Owner),
                What::Switch(event) => resources::switch(tx, desk.at(*now), *own, *event),
                What::Resize(option, value) => {
                    let changes = [(option.to_string(), value.to_string())];
                    changes::resize(tx, desk.at(*now), *own, &changes)
                }
            }
        });
        done.unwrap_or_else(|error| panic!("{}: {error}", own.id));
    }
}

fn accounts(tx: &mut Tx<'_>) -> Result<Vec<AccountId>, Refusal> {
    Ok(store::accounts::all(tx)?.into_iter().map(|it| it.id).collect())
}

fn all_resources(store: &Store) -> Vec<Resource> {
    let read = |tx: &mut Tx<'_>| -> Result<Vec<Resource>, Refusal> {
        let mut all = Vec::new();
        for account in accounts(tx)? {
            all.extend(store::resources::of_account(tx, account)?.into_iter().map(|it| it.resource));
        }
        Ok(all)
    };
    store.read(read).unwrap()
}

fn wishes(store: &Store) -> Vec<Wish> {
    all_resources(store).iter().enumerate().map(|(number, it)| Wish::of(it, number)).collect()
}

/// What each resource, and each sum over an account, cost with all its adjustments, in 1e-8.
fn costs(store: &Store) -> BTreeMap<(AccountId, String, Option<ResourceId>), i64> {
    let read = |tx: &mut Tx<'_>| -> Result<_, Refusal> {
        let mut sums = BTreeMap::new();
        for account in accounts(tx)? {
            for it in store::bills::of_account(tx, account)? {
                if matches!(it.kind, Kind::Hourly | Kind::Daily | Kind::Monthly | Kind::Adjustment) {
                    *sums.entry((account, it.product.to_string(), it.resource)).or_default() += it.amount_e8;
                }
            }
        }
        Ok(sums)
    };
    let mut sums = store.read(read).unwrap();
    sums.retain(|_, sum| *sum != 0);
    sums
}

fn events(store: &Store) -> Vec<MeterEvent> {
    let read = |tx: &mut Tx<'_>| -> Result<Vec<MeterEvent>, Refusal> {
        let mut all = Vec::new();
        for account in accounts(tx)? {
            all.extend(store::resources::events_of_account(tx, account)?);
        }
        Ok(all)
    };
    store.read(read).unwrap()
}

#[track_caller]
fn is_sound(engine: &str, store: &Store, desk: &Desk) {
    let audit = store.read(|tx| audit::audit(tx, desk)).unwrap();
    assert_eq!(audit.differences, Vec::<String>::new(), "{engine}");
    assert_eq!(store.read(store::settlements::aside).unwrap(), [], "{engine}");
}

/// Past the first edge of tiers, then everything ends, and its month is closed.
fn to_the_end(store: &Store, desk: &Desk) {
    let end = "2026-07-06 00:00:00";
    run(store, desk, at(end));
    for it in all_resources(store) {
        if matches!(it.state, State::Running | State::Stopped | State::StoppedFree) {
            release(store, desk, &it, end);
        }
    }
    run(store, desk, at("2026-08-01 00:00:00"));
}

/// What it costs when every change is written before the close.
fn in_time() -> BTreeMap<(AccountId, String, Option<ResourceId>), i64> {
    let store = Store::memory().unwrap();
    let desk = fleet(&store);
    wishes(&store).iter().for_each(|it| it.ask(&store, &desk));
    assert!(events(&store).iter().all(|it| it.asked.is_none()));
    run(&store, &desk, close());
    to_the_end(&store, &desk);
    is_sound("in time", &store, &desk);
    costs(&store)
}

#[test]
fn changes_that_race_with_a_close_cost_what_they_cost_in_time() {
    let expected = in_time();
    assert!(expected.len() >= 7 * CUSTOMERS - 1, "{}", expected.len());
    for it in nodes() {
        let desk = fleet(&it.one);
        let mut wishes = wishes(&it.one);
        let late = wishes.split_off(wishes.len() * 3 / 4);
        let begin = Barrier::new(5);
        std::thread::scope(|scope| {
            for hand in 0..4 {
                let (one, desk, wishes, begin) = (&it.one, &desk, &wishes, &begin);
                scope.spawn(move || {
                    begin.wait();
                    wishes.iter().skip(hand).step_by(4).for_each(|wish| wish.ask(one, desk));
                });
            }
            begin.wait();
            run(&it.other, &desk, close());
        });
        // These come when all is closed.
        late.iter().for_each(|wish| wish.ask(&it.one, &desk));
        is_sound(it.engine, &it.one, &desk);
        let moved: Vec<MeterEvent> = events(&it.one).into_iter().filter(|it| it.asked.is_some()).collect();
        assert!(moved.len() >= late.len(), "{}: {} of {}", it.engine, moved.len(), late.len());
        assert!(moved.iter().all(|it| it.at == close()), "{}: {moved:?}", it.engine);
        to_the_end(&it.one, &desk);
        is_sound(it.engine, &it.one, &desk);
        assert_eq!(costs(&it.one), expected, "{}", it.engine);
    }
}

/// One node on each engine, with the fleet, closed up to 00:00:00.
fn closed() -> Vec<(Nodes, Desk)> {
    let open = |it: Nodes| {
        let desk = fleet(&it.one);
        run(&it.one, &desk, close());
        (it, desk)
    };
    nodes().into_iter().map(open).collect()
}

fn named(store: &Store, name: &str) -> Resource {
    all_resources(store).into_iter().find(|it| it.name == name).unwrap()
}

fn release(store: &Store, desk: &Desk, it: &Resource, now: &str) {
    let own = Own { account: it.account, id: it.id };
    store.write(|tx| resources::release(tx, desk.at(at(now)), own, EndedBy::Owner)).unwrap();
}

fn last_event(store: &Store, it: &Resource) -> MeterEvent {
    store.read(|tx| store::resources::events(tx, it.account, it.id)).unwrap().pop().unwrap()
}

fn cost(store: &Store, it: &Resource) -> i64 {
    costs(store).into_iter().filter(|one| one.0.2 == Some(it.id)).map(|one| one.1).sum()
}

/// 0.09 an hour, from June 30 20:00:00. July 1 was billed 2.16; its request lies 3599 s after midnight: 0.08997500 stay.
#[test]
fn a_release_that_waits_until_its_day_is_settled_counts_from_the_next_day() {
    for (it, desk) in closed() {
        run(&it.one, &desk, at("2026-07-02 00:00:00"));
        let disk = named(&it.one, "c0-disk");
        assert_eq!(cost(&it.one, &disk), 36_000_000 + 216_000_000, "{}", it.engine);
        release(&it.one, &desk, &disk, "2026-07-01 00:59:59");
        let event = last_event(&it.one, &disk);
        assert_eq!((event.at, event.state), (at("2026-07-02 00:00:00"), State::Recycled), "{}", it.engine);
        assert_eq!(event.asked, Some(at("2026-07-01 00:59:59")), "{}", it.engine);
        assert_eq!(event.late, [CycleKind::Day], "{}", it.engine);
        is_sound(it.engine, &it.one, &desk);
        run(&it.one, &desk, at("2026-07-03 00:00:00"));
        assert_eq!(cost(&it.one, &disk), 36_000_000 + 8_997_500, "{}", it.engine);
        let bills = it.one.read(|tx| store::bills::of_account(tx, disk.account)).unwrap();
        let credit = bills.iter().find(|it| it.kind == Kind::Adjustment).unwrap();
        assert_eq!((credit.resource, credit.total.minor()), (Some(disk.id), -207), "{}", it.engine);
        is_sound(it.engine, &it.one, &desk);
    }
}

/// An address at 0.20 an hour that came up two seconds before the close, and was gone at 01:00:00: 0.00011111 + 0.20, also
/// where its account had nothing to settle until then.
#[test]
fn a_delivery_that_is_written_after_the_close_counts_from_its_end() {
    for (it, desk) in closed() {
        let new = "2026-07-01 00:00:00 account new\ntopup new 100.00\n";
        let (_, played) = play(&it.one, &parse("new", new)).unwrap();
        assert!(played.steps.iter().all(|it| it.code == "ok"), "{:?}", played.steps);
        for name in ["c0", "new"] {
            let account = it.one.read(|tx| store::accounts::by_name(tx, name)).unwrap().id;
            let options = vec![("region".to_string(), "guangzhou".to_string())];
            let wish = Wanted { product: "eip".into(), options, months: 0, quantity: 1 };
            let items = [Item { wish, name: format!("{name}-late"), ..Item::default() }];
            let purchase =
                Purchase { account, token: "late", items: &items, pay: Pay::Now, vouchers: Choice::None };
            let now = desk.at(at("2026-06-30 23:59:50"));
            let placed = it.one.write(|tx| orders::one(tx, now, purchase)).unwrap();
            let pieces: Vec<ResourceId> =
                placed.iter().flat_map(|it| &it.pieces).map(|it| it.resource).collect();
            let open = it.one.read(|tx| store::tasks::unfinished(tx, account, pieces[0])).unwrap();
            let now = desk.at(at("2026-06-30 23:59:58"));
            it.one.write(|tx| tasks::hasten(tx, now, open[0].task.id)).unwrap();
            let address = named(&it.one, &format!("{name}-late"));
            let event = last_event(&it.one, &address);
            assert_eq!((event.at, event.asked), (close(), Some(at("2026-06-30 23:59:58"))), "{}", it.engine);
            is_sound(it.engine, &it.one, &desk);
            release(&it.one, &desk, &address, "2026-07-01 01:00:00");
        }
        run(&it.one, &desk, at("2026-07-01 02:00:00"));
        for name in ["c0-late", "new-late"] {
            assert_eq!(cost(&it.one, &named(&it.one, name)), 20_011_111, "{}: {name}", it.engine);
        }
        is_sound(it.engine, &it.one, &desk);
    }
}

/// The clock is set back by two hours, and by less than that since the newest close.
#[test]
fn a_clock_that_steps_back_does_no_harm() {
    for (it, desk) in closed() {
        let check = |now: &str| it.one.read(|tx| settled::check_clock(tx, at(now)));
        assert!(check("2026-06-30 23:59:00").is_ok(), "{}", it.engine);
        for now in ["2026-06-30 23:58:59", "2026-06-30 22:00:00"] {
            assert_eq!(check(now).unwrap_err().code(), "clock_behind", "{}: {now}", it.engine);
        }
        let web = named(&it.one, "c0-web");
        let own = Own { account: web.account, id: web.id };
        let now = desk.at(at("2026-07-01 00:40:00"));
        it.one.write(|tx| resources::switch(tx, now, own, Event::StopFree)).unwrap();
        release(&it.one, &desk, &web, "2026-07-01 00:10:00");
        let event = last_event(&it.one, &web);
        assert_eq!((event.at, event.asked), (at("2026-07-01 00:40:00"), None), "{}", it.engine);
        run(&it.one, &desk, at("2026-07-01 01:00:00"));
        is_sound(it.engine, &it.one, &desk);
    }
}

/// Terms that are agreed before a close and written after it hold from its end on.
#[test]
fn terms_that_are_written_after_a_close_do_not_touch_it() {
    for (it, desk) in closed() {
        let account = it.one.read(|tx| store::accounts::by_name(tx, "c0")).unwrap().id;
        let half = Change { terms: Some(Terms { contract_rate_e8: 50_000_000 }), ..Change::default() };
        let now = desk.at(at("2026-06-30 23:59:59"));
        it.one.write(|tx| customers::change(tx, now, account, half)).unwrap();
        is_sound(it.engine, &it.one, &desk);
    }
}
