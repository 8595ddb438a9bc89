//! Closed cycles that wait to be rated once more, on both engines: what waits, by which terms, from which lives; and what
//! loses its home. The stories of `late` have the figures.

use crate::support::{data, files, parse, read, stores};
use billing::bill::{Bill, Kind};
use billing::counter::Counting;
use billing::history;
use billing::plan::Configs;
use billing::rate::Terms;
use billing::resource::State;
use billing::segment::{self, Change, Opening};
use desk::accounts::{self, Change as NewTerms};
use desk::jobs::{self, Turn};
use desk::usage::{self, Reading, Taken};
use desk::{Desk, Refusal, audit};
use server::cli::simulate::play;
use store::meters::{self, MeterFilter};
use store::{Store, Writes, recounts};
use units::{AccountId, Calendar, CycleKind, ResourceId, Timestamp};

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

/// A customer with one resource, after `text` was played.
struct Shop<'a> {
    store: &'a Store,
    desk: Desk,
    account: AccountId,
    resource: String,
}

impl<'a> Shop<'a> {
    fn open(store: &'a Store, text: &str) -> Shop<'a> {
        let (player, played) = play(store, &parse("shop", text)).unwrap();
        assert!(played.steps.iter().all(|it| it.code == "ok"), "{text}");
        let account = store.read(|tx| store::accounts::by_name(tx, "acme")).unwrap().id;
        let all = store.read(|tx| store::resources::of_account(tx, account)).unwrap();
        Shop { store, desk: player.desk, account, resource: all[0].resource.id.to_string() }
    }

    fn id(&self) -> ResourceId {
        self.resource.parse().unwrap()
    }

    /// What falls due until `now`.
    fn advance(&self, now: &str) {
        let now = at(now);
        jobs::run_due(&Turn::alone(self.store, self.desk.at(now), now), &mut Err).unwrap();
    }

    fn reading<'r>(&'r self, event: &'r str, happened: &str, quantity: u64) -> Reading<'r> {
        Reading {
            source: "test",
            event,
            resource: &self.resource,
            usage: "traffic_out",
            at: at(happened),
            received: at("2030-01-01"),
            quantity,
            key: "",
            counting: Counting::Delta,
        }
    }

    fn take(&self, all: &[Reading<'_>], now: &str) -> Vec<Taken> {
        let found = self.store.write(|tx| usage::record_all(tx, self.desk.at(at(now)), all)).unwrap();
        found.into_iter().map(Result::unwrap).collect()
    }

    fn adjustments(&self) -> Vec<Bill<'static>> {
        let all = self.store.read(|tx| store::bills::of_account(tx, self.account)).unwrap();
        all.into_iter().filter(|it| it.kind == Kind::Adjustment).collect()
    }

    fn waiting(&self, kind: CycleKind) -> usize {
        self.store.read(|tx| recounts::of_account(tx, self.account, kind)).unwrap().len()
    }

    /// Whether a cycle of this kind is to be settled some time.
    fn is_due(&self, kind: CycleKind) -> bool {
        self.store.read(|tx| store::usage::settled_to(tx, self.account, kind)).unwrap().is_some()
    }

    #[track_caller]
    fn is_sound(&self) {
        let audit = self.store.read(|tx| audit::audit(tx, &self.desk)).unwrap();
        assert_eq!(audit.differences, Vec::<String>::new());
        assert_eq!(self.store.read(store::settlements::aside).unwrap(), []);
    }
}

const SERVER: &str = "2026-06-01 00:00:00 account acme
topup acme 1000.00
buy acme web server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=traffic bandwidth=5 months=12
2026-06-05 12:10:00 settle
";

/// R-SET-5: a thousand late readings of 6 000 000 bytes in one hour are 4.47, not a thousand bills of nothing.
#[test]
fn a_thousand_late_readings_are_one_adjustment() {
    for (engine, store, _server) in stores() {
        let shop = Shop::open(&store, SERVER);
        let names: Vec<String> = (0..1_000).map(|it| format!("e{it}")).collect();
        let batch: Vec<Reading<'_>> =
            names.iter().map(|it| shop.reading(it, "2026-06-05 10:15:00", 6_000_000)).collect();
        let taken = shop.take(&batch, "2026-06-05 12:20:00");
        assert!(taken.iter().all(|it| *it == Taken::Late), "{engine}");
        assert_eq!(shop.waiting(CycleKind::Hour), 1, "{engine}");
        shop.advance("2026-06-05 13:00:00");
        assert_eq!(shop.waiting(CycleKind::Hour), 0, "{engine}");
        let made = shop.adjustments();
        assert_eq!(made.iter().map(|it| it.amount_e8).collect::<Vec<_>>(), [447_034_836], "{engine}");
        assert_eq!(made[0].total.minor(), 447, "{engine}");
        assert_eq!(made[0].original, Some((at("2026-06-05 10:00:00"), at("2026-06-05 11:00:00"))));
        // Nothing more: the rows are gone, and so is what they would bill again.
        shop.advance("2026-06-05 15:00:00");
        assert_eq!(shop.adjustments().len(), 1, "{engine}");
        shop.is_sound();
    }
}

/// What is gone has no open cycle: what comes late for it waits for the next close all the same.
#[test]
fn an_account_waits_for_its_close_as_long_as_something_is_late() {
    for (engine, store, _server) in stores() {
        let text = "book kinds\n2026-06-05 10:00:00 account acme\ntopup acme 10.00\nbuy acme e egress-minimum\n\
                    2026-06-05 11:30:00 release e\n2026-06-06 00:00:00 settle\n";
        let shop = Shop::open(&store, text);
        assert!(!shop.is_due(CycleKind::Hour), "{engine}");
        assert_eq!(
            shop.take(&[shop.reading("e", "2026-06-05 10:30:00", 5 << 30)], "2026-06-06 10:30:00"),
            [Taken::Late]
        );
        shop.advance("2026-06-06 11:00:00");
        assert_eq!(
            shop.adjustments().iter().map(|it| it.total.minor()).collect::<Vec<_>>(),
            [400],
            "{engine}"
        );
        assert!(!shop.is_due(CycleKind::Hour), "{engine}");
        shop.is_sound();
    }
}

/// A closed cycle is rated by the terms of its close, an open one by those of its end.
#[test]
fn terms_are_those_that_held_when_the_cycle_closed() {
    for (engine, store, _server) in stores() {
        let text = "2026-05-05 00:00:00 account acme\ntopup acme 10.00\n\
                    buy acme ep endpoint region=guangzhou billing=traffic\n2026-06-05 00:00:00 settle\n";
        let shop = Shop::open(&store, text);
        let half = NewTerms { terms: Some(Terms { contract_rate_e8: 50_000_000 }), ..NewTerms::default() };
        let change =
            |tx: &mut store::Tx<'_>| accounts::change(tx, shop.desk.at(at("2026-06-05")), shop.account, half);
        store.write(change).unwrap();
        let both = [
            shop.reading("may", "2026-05-20 10:00:00", 1 << 30),
            shop.reading("june", "2026-06-07 10:00:00", 1 << 30),
        ];
        assert_eq!(shop.take(&both, "2026-06-10 00:00:00"), [Taken::Late, Taken::Accepted], "{engine}");
        shop.advance("2026-07-01 00:00:00");
        let bills = store.read(|tx| store::bills::of_account(tx, shop.account)).unwrap();
        let mut sums: Vec<(Kind, i64)> = bills.iter().map(|it| (it.kind, it.total.minor())).collect();
        sums.sort();
        assert_eq!(sums, [(Kind::Monthly, 40), (Kind::Adjustment, 80)], "{engine}");
        shop.is_sound();
    }
}

/// R-TIM-9: what was accepted, and what a later fact left without a home, lies in quarantine; its sender is told so.
#[test]
fn what_loses_its_home_is_set_aside() {
    for (engine, store, _server) in stores() {
        let shop = Shop::open(&store, SERVER);
        let kept = shop.reading("kept", "2026-06-05 12:30:00", 1 << 30);
        let lost = shop.reading("lost", "2026-06-05 12:30:01", 1 << 30);
        let both = [kept.clone(), lost.clone()];
        assert_eq!(shop.take(&both, "2026-06-05 12:40:00"), [Taken::Accepted; 2], "{engine}");
        // A cloud that is heard late: the server had been stopped before.
        let stop = |tx: &mut store::Tx<'_>| -> Result<(), Refusal> {
            let mut events = store::resources::events(tx, shop.account, shop.id())?;
            let mut stopped = events.remove(0);
            (stopped.at, stopped.state) = (at("2026-06-05 12:30:00"), State::Stopped);
            let (stopped, mut writes) = ([(stopped, 1_000)], Writes::default());
            store::resources::add_events(&mut writes, &stopped);
            Ok(tx.write(writes)?)
        };
        store.write(stop).unwrap();
        shop.advance("2026-06-05 13:00:00");
        let aside = store.read(store::quarantine::all).unwrap();
        let aside: Vec<_> = aside.iter().map(|it| (it.sent.event.as_str(), it.reason.as_str())).collect();
        assert_eq!(aside, [("lost", "not_running")], "{engine}");
        let bills = store.read(|tx| store::bills::of_account(tx, shop.account)).unwrap();
        let hourly = bills.iter().filter(|it| it.kind == Kind::Hourly).map(|it| it.total.minor());
        assert_eq!(hourly.collect::<Vec<_>>(), [80], "{engine}");
        let again = shop.take(&both, "2026-06-05 13:10:00");
        let words: Vec<&str> = again.iter().map(|it| it.as_str()).collect();
        assert_eq!(words, ["duplicate", "not_running"], "{engine}");
        shop.is_sound();
    }
}

/// How meters stand at an instant, as their segments from there on.
fn next_segments(openings: &[Opening], configs: &Configs, from: Timestamp) -> Vec<segment::Segment> {
    let cycle = Calendar::settlement().cycle(CycleKind::Hour, from).unwrap();
    segment::segments(openings, &[], cycle, configs).unwrap().0
}

/// R-PRC-3: what is made again from whole lives is what the runs carried, tier clocks included.
#[test]
fn openings_made_again_are_those_that_were_carried() {
    let mut compared = 0;
    for folder in ["server", "container", "arrears", "aggregate", "expiry"] {
        for path in files(&data().join(folder), "till") {
            let store = Store::memory().unwrap();
            let (player, _) = play(&store, &read(&path)).unwrap();
            for account in store.read(store::accounts::all).unwrap() {
                compared += same_openings(&store, &player.desk, account.id, &path.display().to_string());
            }
        }
    }
    assert!(compared > 40, "{compared}");
}

/// Compares the meters of an account; returns how many there were.
fn same_openings(store: &Store, desk: &Desk, account: AccountId, story: &str) -> usize {
    let mut compared = 0;
    for kind in CycleKind::ALL {
        let Some(from) = store.read(|tx| store::usage::settled_to(tx, account, kind)).unwrap() else {
            continue;
        };
        for it in store.read(|tx| store::resources::of_account(tx, account)).unwrap() {
            let (resource, mut configs) = (it.resource.id, Configs::default());
            let filter = MeterFilter { account, resource, kind, from, to: from };
            let meter = store.read(|tx| meters::look(tx, filter, &desk.books, &mut configs)).unwrap();
            let Some(carried) = meter.opening else { continue };
            let life = store.read(|tx| store::resources::events(tx, account, resource)).unwrap();
            let change = |it: billing::resource::MeterEvent| Change {
                resource,
                at: it.at.as_second(),
                state: it.state,
                config: configs.intern(
                    desk.books.of(units::Currency::CNY),
                    &it.product,
                    &it.options.to_string(),
                ),
            };
            let life: Vec<Change> = life.into_iter().map(change).collect();
            let (made, _) = history::meters(&life, from, &configs).unwrap();
            let made = next_segments(&made, &configs, from);
            assert_eq!(made, next_segments(&[carried], &configs, from), "{story}: {resource}");
            compared += 1;
        }
    }
    compared
}
