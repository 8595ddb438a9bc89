//! Commitments in the books: a month that is not billed in full waits, and what was changed by hand is found.
//!
//! In:  books with a commitment. Out: its bill once all hours are billed, whatever was tried before; `till verify` names what differs.
//! Source: R-PRC-26.

use crate::support::served::Folder;
use crate::support::{differences, parse};
use billing::bill::Kind;
use desk::jobs::{self, Turn};
use desk::{Desk, audit, settle};
use server::cli::simulate::play;
use store::{Store, settlements};
use units::{Calendar, CycleKind, Timestamp};

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

fn run(store: &Store, desk: &Desk, now: Timestamp) {
    jobs::run_due(&Turn::alone(store, desk.at(now), now), &mut Err)
        .unwrap_or_else(|it| panic!("{}: {}", it.job.as_str(), it.refusal));
}

/// Four hours of 0.42 are 1.68 of 30.00: 28.32 are missing, which nobody bills while the hours are set aside.
#[test]
fn a_month_waits_for_hours_that_are_set_aside() {
    let store = Store::memory().unwrap();
    let text = "
2026-06-30 20:00:00 account a
topup a 100.00
commit a 30.00 from=2026-06 until=2026-07
buy a web server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=none
";
    let (player, played) = play(&store, &parse("waits", text)).unwrap();
    assert!(played.steps.iter().all(|it| it.code == "ok"), "{:?}", played.steps);
    let id = store.read(|tx| store::accounts::by_name(tx, "a")).unwrap().id;
    let hour = player.desk.calendar.cycle(CycleKind::Hour, at("2026-06-30 20:00:00")).unwrap();
    store.write(|tx| settlements::set_aside(tx, id, &hour, "by hand")).unwrap();
    run(&store, &player.desk, at("2026-07-01 00:30:00"));
    let missing = || {
        let bills = store.read(|tx| store::bills::of_account(tx, id)).unwrap();
        let own = bills.into_iter().filter(|it| it.kind == Kind::Commitment);
        own.map(|it| it.total.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(missing(), Vec::<String>::new());
    let aside = store.read(settlements::aside).unwrap();
    let month = aside.iter().find(|it| it.kind == CycleKind::Month).unwrap();
    assert!(month.reason.contains("not settled yet"), "{}", month.reason);
    for minute in ["2026-07-01 00:40:00", "2026-07-01 00:50:00"] {
        store.write(|tx| settle::retry(tx, None)).unwrap();
        run(&store, &player.desk, at(minute));
        assert_eq!(missing(), ["28.32"]);
    }
    let found = store.read(|tx| audit::audit(tx, &player.desk)).unwrap();
    assert_eq!(found.differences, Vec::<String>::new());
}

/// What is billed of a commitment follows from what was agreed and from the other bills.
#[test]
fn what_was_changed_by_hand_is_found() {
    let check = |sql: &str, word: &str| {
        let folder = Folder::new("committed");
        let file = folder.0.join("till.db");
        let text = "
2026-05-20 account a
topup a 100.00
commit a 30.00 from=2026-05
2026-06-01 00:00:00 settle
";
        play(&Store::embedded(&file).unwrap(), &parse("committed", text)).unwrap();
        assert_eq!(differences(&file), Vec::<String>::new(), "before");
        rusqlite::Connection::open(&file).unwrap().execute_batch(sql).unwrap();
        let found = differences(&file);
        assert!(found.iter().any(|it| it.contains(word)), "{sql}: {found:?}");
    };
    check(
        "update commitments set amount_minor = 4000",
        "2026-05 lacks 40.00 of its commitment, 30.00 was billed",
    );
    check("delete from commitments", "nothing was agreed for a month that it closes");
}
