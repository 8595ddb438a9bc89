//! Price books of two currencies side by side: what begins, drops or changes in one says nothing of the other.
//!
//! In:  stories over the books in yuan and in yen, on both engines. Out: books, refusals, bills.
//! Rules: R-MON-5, R-CAT-1, R-PRC-6.

use crate::support::{data, differences, parse, stores};
use desk::books::{self, Applied};
use desk::lists::books::{self as list, State};
use desk::page::Part;
use desk::{Desk, Refusal};
use play::Player;
use pricebook::Files;
use proptest::prelude::*;
use server::cli::files;
use server::cli::simulate::play;
use store::Store;
use units::{Calendar, Currency, Timestamp};

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

fn yen() -> Currency {
    Currency::parse("JPY").unwrap()
}

fn book(name: &str) -> Files {
    files::book(&data().join("books").join(name).display().to_string()).unwrap()
}

/// A book that sells something else than disks.
fn without_disks(name: &str) -> Files {
    let (all, mut other) = (book(name), Files::default());
    for path in all.paths() {
        let text = all.get(path).unwrap();
        match path {
            "products/disk.toml" => {
                other.add("products/tape.toml", &text.replace("id = \"disk\"", "id = \"tape\""))
            }
            path => other.add(path, text),
        }
    }
    other
}

const NOON: &str = "2026-06-01 12:00:00";

fn apply(store: &Store, files: &Files, from: &str) -> Result<Applied, Refusal> {
    store.write(|tx| books::apply(tx, files, Some(at(from)), at(NOON)))
}

/// A player over both books at noon of June 1; each account has a disk that is paid by the hour since midnight.
fn both(store: &Store) -> Player<'_> {
    for name in ["yuan", "yen"] {
        store.write(|tx| books::apply(tx, &book(name), None, at("2026-06-01"))).unwrap();
    }
    let mut player = Player::new(store, at("2026-06-01")).unwrap();
    let story = "2026-06-01 account acme currency=CNY\naccount tokyo currency=JPY\ntopup acme 100.00\ntopup tokyo 1000\n\
        buy acme hours disk charge=payg size=40\nbuy tokyo jikan disk charge=payg size=40\n2026-06-01 12:00:00 settle\n";
    let played = player.play(&parse("both", story), &mut |_, _| {}).unwrap();
    assert!(played.steps.iter().all(|it| it.code == "ok"), "{:?}", played.steps);
    player
}

fn states(store: &Store, desk: &Desk, now: Timestamp) -> Vec<(Currency, State)> {
    let part = Part { after: None, most: 50 };
    let page = store.read(|tx| list::standings(tx, desk.at(now), &part)).unwrap();
    page.items.into_iter().map(|it| (it.head.currency, it.state)).collect()
}

#[test]
fn a_book_keeps_what_lives_in_its_currency_alone() {
    for (engine, store, _server) in stores() {
        let mut player = both(&store);
        let refused = apply(&store, &without_disks("yen"), "2026-06-01 13:00:00").unwrap_err();
        assert_eq!(refused.code(), "book_drops_living", "{engine}");
        assert!(refused.to_string().contains("1 × disk"), "{engine}: that in yen alone: {refused}");

        // Nothing in yen is left; what lives in yuan stops no book in yen.
        let story = "2026-06-01 12:00:00 release jikan\n2026-06-01 12:30:00 settle\n";
        player.play(&parse("released", story), &mut |_, _| {}).unwrap();
        apply(&store, &without_disks("yen"), "2026-06-01 13:00:00").unwrap();
        let desk = store.read(Desk::open).unwrap();
        let sells = |currency, it: &str| {
            desk.book(currency, at("2026-06-01 14:00:00")).unwrap().product(it).is_some()
        };
        assert_eq!([sells(Currency::CNY, "disk"), sells(Currency::CNY, "tape")], [true, false], "{engine}");
        assert_eq!([sells(yen(), "disk"), sells(yen(), "tape")], [false, true], "{engine}");
    }
}

#[test]
fn a_book_stands_among_those_of_its_currency() {
    for (engine, store, _server) in stores() {
        let player = both(&store);
        let (cny, jpy) = (Currency::CNY, yen());
        let desk = &player.desk;
        assert_eq!(
            states(&store, desk, at(NOON)),
            [(jpy, State::InForce), (cny, State::InForce)],
            "{engine}"
        );
        let mut dearer = book("yen");
        let text = dearer.get("products/disk.toml").unwrap().replace("0.0205", "0.05");
        dearer.add("products/disk.toml", &text);
        let next = apply(&store, &dearer, "2026-06-01 13:00:00").unwrap();
        let one = at("2026-06-01 13:00:00");
        let all = [(jpy, State::Scheduled), (jpy, State::InForce), (cny, State::InForce)];
        assert_eq!(states(&store, desk, at(NOON)), all, "{engine}");
        let all = [(jpy, State::InForce), (jpy, State::Past), (cny, State::InForce)];
        assert_eq!(states(&store, desk, one), all, "{engine}");

        // Compared with the one of its currency that holds, and with none of another.
        let changes = |files: &Files, against| store.read(|tx| books::diff(tx, files, against, at(NOON)));
        assert_eq!(changes(&dearer, None).unwrap().len(), 1, "{engine}: the price of an hour");
        let other = store.read(|tx| list::holding(tx, desk.at(at(NOON)), cny)).unwrap().unwrap();
        assert_eq!(changes(&dearer, Some(other.id)).unwrap_err().code(), "currency_mismatch", "{engine}");
        let mut dinars = book("yen");
        let head = dinars.get("book.toml").unwrap().replace("JPY", "KWD");
        dinars.add("book.toml", &head);
        assert_eq!(
            changes(&dinars, None).unwrap_err().code(),
            "no_price_book",
            "{engine}: the first of its currency"
        );

        store.write(|tx| books::undo(tx, desk.at(at(NOON)), next.id)).unwrap();
        assert_eq!(states(&store, desk, one), [(jpy, State::InForce), (cny, State::InForce)], "{engine}");
    }
}

/// What is billed in one currency holds back no book of another: nothing of that is billed yet.
#[test]
fn a_book_may_begin_before_what_is_billed_in_another_currency() {
    for (engine, store, _server) in stores() {
        drop(both(&store));
        let refused = apply(&store, &without_disks("yuan"), "2026-06-01 01:00:00").unwrap_err();
        assert_eq!(refused.code(), "book_too_early", "{engine}");
        let mut dinars = book("yen");
        let head = dinars.get("book.toml").unwrap().replace("JPY", "KWD");
        dinars.add("book.toml", &head);
        apply(&store, &dinars, "2026-06-01 01:00:00").unwrap();
        let desk = store.read(Desk::open).unwrap();
        assert!(desk.book(Currency::parse("KWD").unwrap(), at("2026-06-01 01:00:00")).is_ok(), "{engine}");
    }
}

/// Books from before their currency was kept beside them are of the one that their text says.
#[test]
fn books_of_before_have_the_currency_of_their_text() {
    let folder = crate::support::served::Folder::new("price-lists");
    let file = folder.0.join("till.db");
    {
        let store = Store::embedded(&file).unwrap();
        store.write(|tx| books::apply(tx, &book("yen"), None, at("2026-06-01"))).unwrap();
    }
    rusqlite::Connection::open(&file).unwrap().execute("update books set currency = null", []).unwrap();
    let store = Store::embedded(&file).unwrap();
    store.write(|tx| books::apply(tx, &book("yuan"), None, at("2026-06-01"))).unwrap();
    let desk = store.read(Desk::open).unwrap();
    let all = [(yen(), State::InForce), (Currency::CNY, State::InForce)];
    assert_eq!(states(&store, &desk, at("2026-06-01")), all);
    drop(store);
    assert_eq!(differences(&file), Vec::<String>::new());
}

/// What an account in yuan was billed in a story in which prices in yen are something else at each of these hours.
fn billed(books: &str, hours: &[(u32, u32)], yuan: &[(u32, u32)]) -> Vec<(String, i64, i64)> {
    let mut story = format!("{books}2026-06-01 account acme currency=CNY\ntopup acme 1000.00\n");
    story += "buy acme one disk charge=payg size=40\nbuy acme year disk charge=prepaid size=100 months=12\n";
    let mut steps: Vec<(u32, String)> = Vec::new();
    let line = |(hour, price): &(u32, u32), code: &str| {
        (*hour, format!("2026-06-01 {hour:02}:30:00 reprice disk hour 0.{price:04} currency={code}\n"))
    };
    steps.extend(hours.iter().map(|it| line(it, "JPY")));
    steps.extend(yuan.iter().map(|it| line(it, "CNY")));
    steps.sort_by_key(|it| it.0);
    story.extend(steps.into_iter().map(|it| it.1));
    story += "2026-06-02 release one\n2026-06-02 02:00:00 settle\n";
    let store = Store::memory().unwrap();
    let file = data().join("money").join("property.till").display().to_string();
    let (_, played) = play(&store, &parse(&file, &story)).unwrap();
    let refused: Vec<_> = played.steps.iter().filter(|it| it.code != "ok").map(|it| &it.text).collect();
    assert!(refused.is_empty(), "{refused:?} of {story}");
    let owner = store.read(|tx| store::accounts::by_name(tx, "acme")).unwrap().id;
    let bills = store.read(|tx| store::bills::of_account(tx, owner)).unwrap();
    bills.iter().map(|it| (it.from.to_string(), it.amount_e8, it.total.minor())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    /// Books of another currency never change what an account is billed. Source: R-MON-5.
    #[test]
    fn books_of_another_currency_change_no_bill(
        hours in prop::collection::btree_map(0..24_u32, 1..9_999_u32, 0..6),
        yuan in prop::collection::btree_map(0..24_u32, 1..9_999_u32, 0..4),
    ) {
        let (hours, yuan): (Vec<_>, Vec<_>) = (hours.into_iter().collect(), yuan.into_iter().collect());
        let alone = billed("book ../books/yuan\n", &[], &yuan);
        let beside = billed("book ../books/yen\nbook ../books/yuan\n", &hours, &yuan);
        prop_assert!(alone.len() >= 24);
        prop_assert_eq!(alone, beside);
    }
}
