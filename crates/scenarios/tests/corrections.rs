//! Corrections by people, on both engines: what is kept, what is only looked at, what is told of them. The stories of
//! `corrections` have the figures.

mod support;

use billing::bill::{Bill, Kind};
use billing::correction::{Aim, Correction};
use desk::corrections::{self, Ask, preview};
use desk::explain::{self, Question};
use desk::{Desk, Refusal, audit, lists};
use server::cli::simulate::play;
use store::Store;
use support::{files, parse, stores};
use units::{AccountId, Calendar, Money, Timestamp};

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

const HOUR: &str =
    "book kinds\n2026-06-05 10:00:00 account acme\ntopup acme 100.00\nbuy acme e egress-minimum
2026-06-05 10:10:00 traffic e out 5GB id=e1\ntraffic e out 2GB id=e2\n2026-06-05 11:10:00 settle\n";

fn void(event: &str, id: &str) -> Ask {
    Ask {
        id: id.into(),
        reason: "the meter counted twice".into(),
        actor: "key_of_somebody".into(),
        account: None,
        what: Correction::Void { source: "scenario".into(), event: event.into() },
    }
}

fn acme(store: &Store) -> AccountId {
    store.read(|tx| store::accounts::by_name(tx, "acme")).unwrap().id
}

fn bills(store: &Store) -> Vec<Bill<'static>> {
    let account = acme(store);
    store.read(|tx| store::bills::of_account(tx, account)).unwrap()
}

#[track_caller]
fn is_sound(store: &Store, desk: &Desk) {
    let audit = store.read(|tx| audit::audit(tx, desk)).unwrap();
    assert_eq!(audit.differences, Vec::<String>::new());
}

/// What would follow is said, and nothing of it is kept.
#[test]
fn a_preview_keeps_nothing() {
    for (engine, store, _server) in stores() {
        let (player, _) = play(&store, &parse("hour", HOUR)).unwrap();
        let (desk, now) = (&player.desk, at("2026-06-05 11:20:00"));
        let follows = |ask: &Ask| {
            store.rehearse(|tx| -> Result<Vec<i64>, Refusal> {
                let made = corrections::make(tx, desk.at(now), ask)?;
                let bills = preview::bills(tx, desk, &made)?;
                Ok(bills.iter().map(|it| it.total.minor()).collect())
            })
        };
        assert_eq!(follows(&void("e1", "c1")).unwrap(), [-400], "{engine}");
        assert_eq!(follows(&void("e2", "c1")).unwrap(), [-160], "{engine}");
        let bill = bills(&store)[0].id;
        let total = Money::parse("1.25", units::Currency::Cny).unwrap();
        let credit = Ask { what: Correction::Credit(Aim { bill, line: Some(0), total }), ..void("", "c2") };
        assert_eq!(follows(&credit).unwrap(), [-125], "{engine}");
        let kept = store.read(|tx| store::corrections::page(tx, None, i64::MAX, 10)).unwrap();
        assert_eq!((kept.len(), bills(&store).len()), (0, 1), "{engine}");
        is_sound(&store, desk);
    }
}

/// The explanation of an adjustment says that it is a correction, by whom and why; that of late use says what it did.
#[test]
fn an_adjustment_says_which_correction_it_settles() {
    for (engine, store, _server) in stores() {
        let (mut player, _) = play(&store, &parse("hour", HOUR)).unwrap();
        let ask = void("e1", "ticket-1");
        store.write(|tx| corrections::make(tx, player.desk.at(at("2026-06-05 11:20:00")), &ask)).unwrap();
        player.advance(at("2026-06-05 12:00:00")).unwrap();
        let adjustment = bills(&store).into_iter().find(|it| it.kind == Kind::Adjustment).unwrap();
        assert_eq!(adjustment.total.minor(), -400, "{engine}");
        let question = Question::of(acme(&store), adjustment.id, 0);
        let told = store.read(|tx| explain::line(tx, &player.desk, question)).unwrap().sentences().join("\n");
        for part in [
            "rated once more after a correction",
            "Correction ticket-1 of 2026-06-05 11:20:00 by key_of_somebody voids the reading e1",
            "the meter counted twice",
        ] {
            assert!(told.contains(part), "{engine}: {told}");
        }
        is_sound(&store, &player.desk);
    }
}

/// Who corrected what, when and why, and the bill that was made: the newest first.
#[test]
fn corrections_are_listed() {
    for (engine, store, _server) in stores() {
        let text = format!(
            "{HOUR}correct void e1 id=c1 reason=counted_twice\n2026-06-05 11:20:00 correct credit acme 1 1.00 id=c2 reason=an_outage\n"
        );
        let (player, played) = play(&store, &parse("list", &text)).unwrap();
        assert!(played.steps.iter().all(|it| it.code == "ok"), "{engine}");
        let (account, part) = (acme(&store), desk::page::Part::first(1));
        let first = store.read(|tx| lists::corrections::page(tx, Some(account), &part)).unwrap();
        let credit = &first.items[0];
        assert_eq!((credit.row.id.as_str(), credit.row.reason.as_str()), ("c2", "an outage"), "{engine}");
        let made = bills(&store).into_iter().find(|it| it.kind == Kind::Correction).unwrap();
        assert_eq!(credit.made, Some(made.id), "{engine}");
        let told =
            store.read(|tx| explain::line(tx, &player.desk, Question::of(made.account, made.id, 0))).unwrap();
        assert!(
            told.sentences().join("\n").contains("credits 1.00 CNY against bil_"),
            "{:?}",
            told.sentences()
        );
        let part = desk::page::Part { after: first.next, most: 1 };
        let second = store.read(|tx| lists::corrections::page(tx, None, &part)).unwrap();
        assert_eq!(second.items[0].says["event"], "e1", "{engine}");
        assert_eq!(second.next, None, "{engine}");
        is_sound(&store, &player.desk);
    }
}

/// The stories of corrections hold on PostgreSQL as they do in memory.
#[test]
fn stories_of_corrections_hold_on_postgres() {
    let server = store::testing::postgres();
    for path in files(&support::data().join("corrections"), "till") {
        let store = Store::postgres(&server.fresh_database()).unwrap();
        let (player, played) = play(&store, &support::read(&path)).unwrap();
        assert!(played.failures.is_empty(), "{}: {:?}", path.display(), played.failures);
        is_sound(&store, &player.desk);
    }
}
