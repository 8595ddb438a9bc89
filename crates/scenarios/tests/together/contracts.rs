//! Contract prices of any product, price and time: who has none is billed as if nobody had any, what is quoted is what is billed, and
//! an audit and the log agree with it on both engines.
//!
//! In:  stories in which one of two accounts agrees on prices. Out: bills.
//! Rules: R-PRC-22, R-PRC-6.

use crate::support::served::Folder;
use crate::support::{data, parse, stores};
use billing::quote::Wish;
use desk::contract_prices::{self, Named, New};
use desk::explain::{self, Question};
use desk::{Refusal, audit};
use play::Player;
use proptest::prelude::*;
use server::cli::simulate::play;
use store::{Store, StoreError};
use units::{Calendar, Timestamp};

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

fn played<'s>(store: &'s Store, text: &str) -> Player<'s> {
    let file = data().join("contract").join("property.till").display().to_string();
    let (player, played) = play(store, &parse(&file, text)).unwrap();
    let refused: Vec<_> = played.steps.iter().filter(|it| it.code != "ok").map(|it| &it.text).collect();
    assert!(refused.is_empty(), "{refused:?} of {text}");
    player
}

/// From when, amount to 1e-8, total and product of every bill of an account.
fn bills(store: &Store, name: &str) -> Vec<(String, i64, i64, String)> {
    let owner = store.read(|tx| store::accounts::by_name(tx, name)).unwrap().id;
    let all = store.read(|tx| store::bills::of_account(tx, owner)).unwrap();
    let told = |it: &billing::bill::Bill<'_>| {
        (it.from.to_string(), it.amount_e8, it.total.minor(), it.product.to_string())
    };
    let mut told: Vec<_> = all.iter().map(told).collect();
    told.sort();
    told
}

/// Prices that `acme` agrees on: the day and hour from which it holds, price of a container, price of a GB of disk, hours until its end.
type Deal = (u32, u32, u32, u32, u32);

/// A June of two accounts with a container, a disk and a server each; what `acme` agrees on stands in `deals`.
fn june(deals: &[Deal], repriced: u32) -> String {
    let mut text =
        "2026-06-01 00:00:00 account acme\ntopup acme 3000.00\naccount other\ntopup other 3000.00\n"
            .to_string();
    for (number, (day, hour, container, disk, hours)) in deals.iter().enumerate() {
        let from = format!("2026-06-{day:02}T{hour:02}:10:00");
        let until = at(&format!("2026-06-{day:02} {hour:02}:10:00"))
            + jiff::SignedDuration::from_hours((*hours).into());
        let until = Calendar::settlement().print(until).replace(' ', "T");
        text += &format!(
            "contract acme c{number} container compute 0.{container:04} spec=1U1G from={from} until={until}\n"
        );
        text += &format!(
            "contract acme d{number} disk storage-hour 0.{disk:05} region=hongkong type=premium from={from}\n"
        );
    }
    for who in ["acme", "other"] {
        text += &format!("buy {who} {who}-c container region=guangzhou spec=1U1G\n");
        text += &format!(
            "buy {who} {who}-d disk charge=payg region=hongkong zone=hongkong-1 type=premium size=40\n"
        );
        text += &format!(
            "buy {who} {who}-s server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=1\n"
        );
    }
    text += &format!("2026-06-{repriced:02} 07:30:00 reprice container compute 0.2 spec=1U1G\n");
    text + "2026-07-01 00:00:00 settle\n"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]
    /// Who has no contract prices is billed the same to the last digit, whatever others agree on; and the audit derives every bill again.
    #[test]
    fn contract_prices_of_others_change_no_bill(
        deals in prop::collection::vec((1_u32..28, 0_u32..24, 1_u32..9_999, 1_u32..999, 1_u32..500), 1..4),
        repriced in 2_u32..28,
    ) {
        let (one, two) = (Store::memory().unwrap(), Store::memory().unwrap());
        played(&one, &june(&[], repriced));
        played(&two, &june(&deals, repriced));
        let (alone, beside) = (bills(&one, "other"), bills(&two, "other"));
        prop_assert!(alone.len() > 30);
        prop_assert_eq!(&alone, &beside);
        prop_assert_eq!(differences(&two), Vec::<String>::new());
    }

    /// What is quoted at a contract price is what the order comes to, and what is billed.
    #[test]
    fn what_is_quoted_by_contract_is_billed(price in 1_i64..100_000, months in prop::sample::select(vec![1_u32, 3, 6, 12])) {
        let store = Store::memory().unwrap();
        let price = format!("{}.{:02}", price / 100, price % 100);
        let start = format!(
            "2026-06-01 00:00:00 account acme\ntopup acme 50000.00\ncontract acme c server hardware {price} type=S1.SMALL1\n"
        );
        let player = played(&store, &start);
        let owner = store.read(|tx| store::accounts::by_name(tx, "acme")).unwrap().id;
        let options = [("charge", "prepaid"), ("region", "guangzhou"), ("zone", "guangzhou-1"), ("type", "S1.SMALL1")];
        let wish = Wish {
            product: "server".into(),
            options: options.iter().map(|it| (it.0.to_string(), it.1.to_string())).collect(),
            months,
            quantity: 1,
        };
        let desk = &player.desk;
        let quoted = store.read(|tx| desk::quotes::one(tx, desk.at(at("2026-06-01")), owner, &wish)).unwrap();
        drop(player);
        let other = Store::memory().unwrap();
        let told: Vec<String> = options.iter().map(|it| format!("{}={}", it.0, it.1)).collect();
        let text = format!("{start}buy acme web server {} months={months}\n", told.join(" "));
        played(&other, &text);
        let billed: i64 = bills(&other, "acme").iter().map(|it| it.2).sum();
        prop_assert_eq!(quoted.total.minor(), billed);
        prop_assert_eq!(differences(&other), Vec::<String>::new());
    }
}

/// What an audit of the books finds; the desk is opened anew, so it lays contract prices over the books once more.
fn differences(store: &Store) -> Vec<String> {
    let desk = store.read(desk::Desk::open).unwrap();
    store.read(|tx| audit::audit(tx, &desk)).unwrap().differences
}

/// S1.SMALL1 is 0.42 an hour for 96 hours by the book, then 0.10 by the contract: only those hours are said to be of it.
#[test]
fn hours_of_other_tiers_are_not_said_to_be_of_a_contract() {
    let store = Store::memory().unwrap();
    let player = played(
        &store,
        "2026-06-01 00:00:00 account acme\ntopup acme 1000.00\n\
         contract acme c4 server compute 0.10 above=96h type=S1.SMALL1\n\
         buy acme web server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1\n\
         2026-06-06 00:00:00 settle\n",
    );
    let owner = store.read(|tx| store::accounts::by_name(tx, "acme")).unwrap().id;
    let all = store.read(|tx| store::bills::of_account(tx, owner)).unwrap();
    let told = |from: &str| {
        let is_of_hour = |it: &&billing::bill::Bill<'_>| it.from == at(from) && it.product == "server";
        let bill = all.iter().find(is_of_hour).unwrap();
        let number = bill.lines.iter().position(|it| it.component == "compute").unwrap();
        let question = Question::of(owner, bill.id, number);
        store.read(|tx| explain::line(tx, &player.desk, question)).unwrap().sentences().join("\n")
    };
    let first = told("2026-06-01 10:00:00");
    assert!(first.contains("costs what the price book says") && !first.contains("contract c4"), "{first}");
    let later = told("2026-06-05 10:00:00");
    assert!(later.contains("A part of the price of ") && later.contains("(contract c4)"), "{later}");
}

/// The same again changes nothing and something else is refused, on both engines; what is written beside the books is found.
#[test]
fn a_contract_price_is_agreed_once() {
    for (engine, store, _server) in stores() {
        let player = played(&store, "2026-06-01 00:00:00 account acme\n");
        let account = store.read(|tx| store::accounts::by_name(tx, "acme")).unwrap().id;
        let when = vec![("spec".to_string(), vec!["1U1G".to_string(), "2U4G".to_string()])];
        let new = |amount| New {
            account,
            id: "c-17",
            product: "container",
            component: "compute",
            when: when.clone(),
            above: None,
            amount,
            from: Some(at("2026-06-02")),
            until: None,
            reason: "contract 17",
        };
        let agree = |amount, now: &str| {
            let at = player.desk.at(at(now));
            store.write(|tx| contract_prices::agree(tx, at, &new(amount)))
        };
        let made = agree("0.15", "2026-06-01").unwrap();
        assert_eq!(agree("0.15", "2026-06-05").unwrap(), made, "{engine}: the same, later");
        let other = agree("0.16", "2026-06-01").unwrap_err();
        assert!(matches!(other, Refusal::Store(StoreError::Differs(_))), "{engine}: {other}");
        let all = || store.read(|tx| contract_prices::of_account(tx, account)).unwrap();
        assert_eq!(all(), std::slice::from_ref(&made), "{engine}");

        let named = Named { account, id: "c-17" };
        let end = |until: &str| {
            let at_once = player.desk.at(at("2026-06-03"));
            store.write(|tx| contract_prices::end(tx, at_once, named, Some(at(until))))
        };
        let ended = end("2026-06-10").unwrap();
        assert_eq!(end("2026-06-10").unwrap(), ended, "{engine}: the same again");
        assert_eq!(all(), [ended], "{engine}");
        assert_eq!(
            agree("0.15", "2026-06-05").unwrap().until,
            Some(at("2026-06-10")),
            "{engine}: as it is by now"
        );
    }
}

/// Source: R-PRC-22, R-BIL-4.
#[test]
fn what_is_changed_beside_the_books_is_found() {
    let changes = [
        "update contract_prices set amount_e8 = amount_e8 + 1",
        "update contract_prices set from_us = from_us + 1",
        "update contract_prices set until_us = until_us + 1",
        "delete from contract_prices",
    ];
    for sql in changes {
        let folder = Folder::new("contracts");
        let file = folder.0.join("till.db");
        let store = Store::embedded(&file).unwrap();
        drop(played(&store, &june(&[(2, 3, 1_500, 40, 100)], 5)));
        assert_eq!(differences(&store), Vec::<String>::new());
        drop(store);
        let changed = rusqlite::Connection::open(&file).unwrap().execute(sql, []).unwrap();
        assert!(changed > 0, "{sql}");
        let found = differences(&Store::embedded(&file).unwrap());
        assert!(found.iter().any(|it| it.contains("contract price c0")), "{sql}: {found:?}");
    }
}
