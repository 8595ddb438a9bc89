//! Explanations of what a story billed, and reasons of what could not be billed: they name what they are of.

use crate::support::{data, parse, stores};
use billing::bill::Kind;
use billing::explain::Language;
use desk::explain::{self, Question};
use desk::{Desk, books};
use play::Player;
use server::cli::files;
use store::Store;
use units::{Calendar, Timestamp};

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

/// A player over the book `kinds` who has played a story.
fn played<'a>(store: &'a Store, text: &str) -> Player<'a> {
    played_by(store, "kinds", text)
}

fn played_by<'a>(store: &'a Store, book: &str, text: &str) -> Player<'a> {
    let start = at("2026-06-01");
    store.write(|tx| books::apply(tx, &files::book(book).unwrap(), None, start)).unwrap();
    let mut player = Player::new(store, start).unwrap();
    let played = player.play(&parse("explained", text), &mut |_, _| {}).unwrap();
    assert!(played.failures.is_empty(), "{:?}", played.failures);
    player
}

/// The explanation of the first line of the bill of a resource.
fn sentences(store: &Store, desk: &Desk, name: &str, language: Language) -> Vec<String> {
    store
        .read(|tx| {
            let account = store::accounts::all(tx)?.remove(0).id;
            let named = |it: &&store::resources::StoredResource| it.resource.name == name;
            let all = store::resources::of_account(tx, account)?;
            let resource = all.iter().find(named).unwrap().resource.id;
            let bills = store::bills::of_account(tx, account)?;
            let bill = bills.iter().find(|it| it.resource == Some(resource)).unwrap().id;
            explain::line(tx, desk, Question { language, ..Question::of(account, bill, 0) })
        })
        .unwrap()
        .sentences()
}

const BRIEF: &str = "
2026-06-01 10:00:00 account acme
                    topup acme 10.00
                    buy acme a job
2026-06-01 10:00:10 release a
2026-06-01 11:00:00 settle
";

/// Source: R-PRC-23. What counts whole of a life is told beside the time that it ran.
#[test]
fn the_rest_of_a_first_minute_is_told() {
    for (engine, store, _server) in stores() {
        let book = data().join("books/least").display().to_string();
        let player = played_by(&store, &book, BRIEF);
        let all = sentences(&store, &player.desk, "a", Language::English);
        let said =
            |wanted: &str| assert!(all.iter().any(|it| it.contains(wanted)), "{engine}: {wanted}\n{all:#?}");
        said("The first 60 s of a life count whole, however soon it ends.");
        said("a was running from 2026-06-01 10:00:00 to 2026-06-01 10:00:10");
        said(" to 2026-06-01 10:01:00, in the first ");
    }
}

const RENEWED: &str = "
2026-06-01 10:00:00 account acme
                    topup acme 1000.00
                    buy acme web server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=1
2026-06-05 16:00:00 renew acme r1 web months=1
";

/// Source: R-REN-1. The bill of a renewal is for the time that it adds, in both languages: from the old deadline, not from the order.
#[test]
fn a_renewal_is_told_with_one_period() {
    for (engine, store, _server) in stores() {
        let player = played_by(&store, "demo", RENEWED);
        let told = |language: Language| {
            let read = |tx: &mut store::Tx<'_>| {
                let account = store::accounts::all(tx)?.remove(0).id;
                let all = store::bills::of_account(tx, account)?;
                let bill = all.iter().find(|it| it.kind == Kind::PrepaidRenew).unwrap().id;
                explain::line(tx, &player.desk, Question { language, ..Question::of(account, bill, 0) })
            };
            store.read(read).unwrap().sentences()
        };
        let english = told(Language::English);
        let head = "renewal, for 2026-07-01 10:00:00 to 2026-08-01 10:00:00 (times here are UTC+08:00)";
        assert!(english[0].contains(head), "{engine}: {english:#?}");
        assert!(
            english[1].contains("from 2026-07-01 10:00:00 to 2026-08-01 10:00:00"),
            "{engine}: {english:#?}"
        );
        let chinese = told(Language::Chinese);
        assert!(chinese[0].contains("2026-07-01 10:00:00 至 2026-08-01 10:00:00"), "{engine}: {chinese:#?}");
    }
}

const SLOTS: &str = "
2026-06-01 00:00:00 account demo
                    topup demo 1000.00
                    buy demo t transit
                    buy demo s transit
                    buy demo top transit-top
2026-06-01 00:10:00 use t bandwidth 5Mbps
                    use s bandwidth 7Mbps
                    use top bandwidth 6Mbps
2026-06-01 00:20:00 use t bandwidth 1Mbps
2026-06-01 00:30:00 use t bandwidth 4Mbps
                    use top bandwidth 9Mbps
2026-06-01 00:40:00 use t bandwidth 2Mbps
2026-06-01 00:50:00 use t bandwidth 3Mbps
2026-06-01 01:40:00 release t
                    release s
2026-07-01 00:00:00 settle
";

/// Source: R-SLT-1, R-PRC-12, R-PRC-13. Position ceil(0.95 × 20) = 19 of 15 silent slots and 1, 2, 3, 4, 5 Mbps is 4 Mbps,
/// from 00:30; of 19 silent ones and one of 7 Mbps it is silent. A mean of the five largest of two goes by both.
#[test]
fn a_line_says_which_slots_it_goes_by() {
    for (engine, store, _server) in stores() {
        let player = played(&store, SLOTS);
        let said = |name: &str, language: Language, wanted: &str| {
            let all = sentences(&store, &player.desk, name, language);
            assert!(all.iter().any(|it| it == wanted), "{engine}: {wanted}\n{all:#?}");
        };
        let english = Language::English;
        said("t", english, "Number 19 of 20 slots, smallest first: 4000000 bit/s from 2026-06-01 00:30:00.");
        said(
            "t",
            Language::Chinese,
            "共 20 个时隙，自小到大第 19 个：2026-06-01 00:30:00 起 4000000 bit/s。",
        );
        said("t", Language::Chinese, "每 Mbps 20.00：20.00 × 4000000 bit/s / 1000000：80.00000000。");
        said("s", english, "Number 19 of 20 slots, smallest first: one without a report, 0.");
        let both = "6000000 bit/s from 2026-06-01 00:10:00, 9000000 bit/s from 2026-06-01 00:30:00";
        said("top", english, &format!("Chosen slots: {both}."));
    }
}

/// Ten keys of 1 000 000 000 Mbps at 20.00 are 200 000 000 000.00, more than a line holds: the reason for which the
/// account is set aside names resource, component and product.
#[test]
fn a_sum_that_is_too_large_names_what_it_is_of() {
    let uses: String = (0..10).map(|it| format!("use t bandwidth 1000000000Mbps key=k{it}\n")).collect();
    let story = format!(
        "2026-06-01 00:00:00 account acme\ntopup acme 100.00\nbuy acme t transit-top\n{uses}2026-07-01 00:00:00 settle\n"
    );
    let store = Store::memory().unwrap();
    played(&store, &story);
    let aside = store.read(store::settlements::aside).unwrap();
    let reason = &aside.first().expect("an account that is set aside").reason;
    assert!(reason.starts_with("res_"), "{reason}");
    assert!(reason.ends_with("component `bandwidth` of transit-top: the sum is too large"), "{reason}");
}
