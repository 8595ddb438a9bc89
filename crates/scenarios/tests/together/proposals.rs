//! Proposals of price changes: of however many customers those are told whom a change hits, once, and no others; what is changed
//! beside the books is found.
//!
//! In:  stories in which a price change is proposed. Out: notices, and what an audit says.
//! Rules: R-PRC-6, R-BIL-4.

use crate::support::served::Folder;
use crate::support::{data, parse, stores};
use billing::notice::NoticeKind;
use billing::proposal::State;
use desk::proposals::{self, Named};
use desk::{Desk, audit, books, price_notices};
use play::Player;
use pricebook::Files;
use server::cli::files;
use server::cli::simulate::play;
use std::collections::BTreeSet;
use store::Store;

/// More customers than are told in one transaction.
const CUSTOMERS: usize = 205;

fn played<'s>(store: &'s Store, text: &str) -> Player<'s> {
    let file = data().join("proposal").join("made-up.till").display().to_string();
    let (player, played) = play(store, &parse(&file, text)).unwrap();
    let refused: Vec<_> = played.steps.iter().filter(|it| it.code != "ok").map(|it| &it.text).collect();
    assert!(refused.is_empty(), "{refused:?} of {text}");
    player
}

/// Every third customer has a container, every third a load balancer, whose price stays.
fn customers() -> String {
    let mut text = "2026-06-30 22:00:00 account a0\n".to_string();
    for number in 0..CUSTOMERS {
        if number > 0 {
            text += &format!("account a{number}\n");
        }
        text += &format!("topup a{number} 10.00\n");
        text += &match number % 3 {
            0 => format!("buy a{number} c{number} container region=guangzhou spec=1U1G\n"),
            1 => format!("buy a{number} lb{number} load-balancer-hourly region=guangzhou\n"),
            _ => String::new(),
        };
    }
    text
}

/// The customers that were told something of this kind, each once.
fn told(store: &Store, kind: NoticeKind) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for account in store.read(store::accounts::all).unwrap() {
        let notices = store.read(|tx| store::notices::of_account(tx, account.id)).unwrap();
        match notices.iter().filter(|it| it.kind == kind).count() {
            0 => {}
            1 => assert!(found.insert(account.name)),
            more => panic!("{} was told {more} times", account.name),
        }
    }
    found
}

/// Source: R-PRC-6.
#[test]
fn whoever_a_change_hits_is_told_once_and_nobody_else() {
    for (engine, store, _server) in stores() {
        let text = customers()
            + "2026-07-01 00:10:00 propose p-1 container compute 0.19 spec=1U1G from=2026-08-01 by=ann\n\
               proposal p-1 agree by=bob\n\
               proposal p-1 apply by=ann\n\
               settle\n";
        let player = played(&store, &text);
        let hit: BTreeSet<String> = (0..CUSTOMERS).step_by(3).map(|it| format!("a{it}")).collect();
        assert_eq!(told(&store, NoticeKind::PriceChange), hit, "{engine}");
        let told_of = store.read(|tx| {
            let account = store::accounts::by_name(tx, "a0")?;
            store::notices::of_account(tx, account.id)
        });
        let told_of = told_of.unwrap().into_iter().find(|it| it.kind == NoticeKind::PriceChange).unwrap();
        assert_eq!(told_of.occasion, "2026-07-31T16:00:00Z container/compute=0.17>0.19", "{engine}");
        let at = player.desk.at(player.now);
        let again = store.write(|tx| price_notices::part(tx, at)).unwrap();
        assert_eq!(again, None, "{engine}: nothing is left to be told");
        drop(player);
        played(&store, "2026-07-02 00:10:00 proposal p-1 undo by=bob\nsettle\n");
        assert_eq!(told(&store, NoticeKind::PriceChangeUndone), hit, "{engine}");
        assert_eq!(told(&store, NoticeKind::PriceChange), hit, "{engine}");
    }
}

/// The demo book in which a container of 1U1G costs something else.
fn dearer(amount: &str) -> Files {
    let mut files = files::book("demo").unwrap();
    let text = "[[price]]\nproduct = \"container\"\ncomponent = \"compute\"\nwhen = { spec = [\"1U1G\"] }\nsource = \"demo\"\n";
    files.add("amendments.toml", &format!("{text}amount = \"{amount}\"\n"));
    files
}

/// The same files with another text, which is another book.
fn said_again(mut files: Files) -> Files {
    let head = files.get("book.toml").unwrap().to_string() + "\n# Another text, the same prices.\n";
    files.add("book.toml", &head);
    files
}

/// Source: R-PRC-6. A book that is applied as it is tells the same customers as a proposal would; the same again tells nobody.
#[test]
fn whoever_a_book_hits_that_no_proposal_applies_is_told_once_and_nobody_else() {
    for (engine, store, _server) in stores() {
        let mut player = played(&store, &customers());
        let hit: BTreeSet<String> = (0..CUSTOMERS).step_by(3).map(|it| format!("a{it}")).collect();
        let from = Some(player.desk.calendar.parse("2026-08-01 00:00:00").unwrap());
        let apply = |now| store.write(|tx| books::apply(tx, &dearer("0.19"), from, now)).unwrap();
        let told_of = |player: &mut Player<'_>, time: &str| {
            player.desk = store.read(Desk::open).unwrap();
            let played = player.play(&parse("direct", &format!("{time} settle\n")), &mut |_, _| {}).unwrap();
            assert!(played.steps.iter().all(|it| it.code == "ok"), "{:?}", played.steps);
            [NoticeKind::PriceChange, NoticeKind::PriceChangeUndone].map(|kind| told(&store, kind))
        };
        let first = apply(player.now);
        assert_eq!(told_of(&mut player, "2026-07-01 00:10:00"), [hit.clone(), BTreeSet::new()], "{engine}");
        assert!(apply(player.now).before, "{engine}");
        assert_eq!(told_of(&mut player, "2026-07-01 00:20:00"), [hit.clone(), BTreeSet::new()], "{engine}");
        store.write(|tx| books::undo(tx, player.desk.at(player.now), first.id)).unwrap();
        assert_eq!(told_of(&mut player, "2026-07-01 00:30:00"), [hit.clone(), hit], "{engine}");
    }
}

/// Plays more, with the books that the store holds by now.
fn goes_on(player: &mut Player<'_>, text: &str) {
    player.desk = player.store.read(Desk::open).unwrap();
    let played = player.play(&parse("goes on", text), &mut |_, _| {}).unwrap();
    assert!(played.steps.iter().all(|it| it.code == "ok"), "{:?}", played.steps);
}

/// Source: R-PRC-6. A book is taken back, and while that is still told it is applied once more, when it charges nothing otherwise than
/// the one before it, and taken back again: whoever was told of it hears of the first time all the same.
#[test]
fn what_is_still_told_goes_on_when_the_book_is_taken_back_once_more() {
    let store = Store::memory().unwrap();
    let mut player = played(&store, &customers());
    let hit: BTreeSet<String> = (0..CUSTOMERS).step_by(3).map(|it| format!("a{it}")).collect();
    let on = |text: &str| Some(player.desk.calendar.parse(text).unwrap());
    let (july, august) = (on("2026-07-15 00:00:00"), on("2026-08-01 00:00:00"));
    let apply = |files: &Files, from, now| store.write(|tx| books::apply(tx, files, from, now)).unwrap();
    let first = apply(&dearer("0.19"), august, player.now);
    goes_on(&mut player, "2026-07-01 00:10:00 settle\n");
    let now = player.now;
    store.write(|tx| books::undo(tx, Desk::empty().at(now), first.id)).unwrap();
    apply(&said_again(dearer("0.19")), july, now);
    let again = apply(&dearer("0.19"), august, now);
    assert_eq!((again.id, again.before), (first.id, false));
    store.write(|tx| books::undo(tx, Desk::empty().at(now), again.id)).unwrap();
    goes_on(&mut player, "2026-07-01 00:20:00 settle\n");
    assert_eq!(told(&store, NoticeKind::PriceChangeUndone), hit);
    assert_eq!(store.read(store::price_notices::pending).unwrap(), None);
}

/// The same book without a product.
fn without(files: &Files) -> Files {
    let mut fewer = Files::default();
    for path in files.paths().filter(|it| *it != "products/load-balancer-hourly.toml") {
        fewer.add(path, files.get(path).unwrap());
    }
    fewer
}

const AUGUST: &str = "2026-08-01 00:00:00";

/// A book is to hold from August on, by a proposal.
fn proposed(player: &mut Player<'_>) {
    goes_on(
        player,
        "2026-07-01 00:10:00 propose p-1 container compute 0.19 spec=1U1G from=2026-08-01 by=ann\n\
         proposal p-1 agree by=bob\n\
         proposal p-1 apply by=ann\n",
    );
}

/// The same book as it is.
fn sent(player: &mut Player<'_>) {
    goes_on(player, "2026-07-01 00:10:00 settle\n");
    applied(player, &without(&dearer("0.19")), AUGUST);
}

fn applied(player: &Player<'_>, files: &Files, from: &str) {
    let (from, now) = (Some(player.desk.calendar.parse(from).unwrap()), player.now);
    player.store.write(|tx| books::apply(tx, files, from, now)).unwrap();
}

/// How a book is applied, and by what word that is called.
type Way = (&'static str, fn(&mut Player<'_>));

/// Source: R-CAT-1, R-PRC-6. A book that drops what was bought meanwhile does not begin, and whoever was told of its prices is told so
/// by itself; that it is taken back afterwards tells nobody anything.
#[test]
fn whoever_was_told_of_a_book_that_does_not_begin_is_told_so() {
    let ways: [Way; 2] = [("proposed", proposed), ("sent", sent)];
    for (way, apply) in ways {
        let store = Store::memory().unwrap();
        let start = units::Calendar::settlement().parse("2026-06-01 00:00:00").unwrap();
        let demo = files::book("demo").unwrap();
        store.write(|tx| books::apply(tx, &without(&demo), None, start)).unwrap();
        let mut player = Player::new(&store, start).unwrap();
        let bought = "account acme\ntopup acme 1000.00\nbuy acme c container region=guangzhou spec=1U1G\n";
        goes_on(&mut player, &format!("2026-06-01 00:00:00 {bought}"));
        apply(&mut player);
        applied(&player, &demo, "2026-07-10 00:00:00");
        goes_on(&mut player, "2026-07-10 00:10:00 buy acme lb load-balancer-hourly region=guangzhou\n");
        let kinds = [NoticeKind::PriceChange, NoticeKind::PriceChangeUndone];
        let (acme, nobody) = (BTreeSet::from(["acme".to_string()]), BTreeSet::new());
        assert_eq!(kinds.map(|it| told(&store, it)), [acme.clone(), nobody], "{way}");
        goes_on(&mut player, "2026-08-01 00:10:00 settle\n");
        assert_eq!(kinds.map(|it| told(&store, it)), [acme.clone(), acme.clone()], "{way}");
        let all = store.read(store::books::all).unwrap();
        let (dropped, now) = (all.iter().find(|it| it.withheld.is_some()).unwrap().id, player.now);
        match store.read(|tx| store::proposals::applied_with(tx, dropped)).unwrap() {
            Some(_) => goes_on(&mut player, "2026-08-02 00:10:00 proposal p-1 undo by=bob\n"),
            None => store.write(|tx| books::undo(tx, Desk::empty().at(now), dropped)).unwrap(),
        }
        goes_on(&mut player, "2026-08-02 00:20:00 settle\n");
        assert_eq!(kinds.map(|it| told(&store, it)), [acme.clone(), acme], "{way}");
        assert_eq!(store.read(store::price_notices::pending).unwrap(), None, "{way}");
    }
}

/// How often somebody was told that prices change, and that they do not.
fn times(store: &Store, name: &str) -> [usize; 2] {
    let account = store.read(|tx| store::accounts::by_name(tx, name)).unwrap();
    let notices = store.read(|tx| store::notices::of_account(tx, account.id)).unwrap();
    [NoticeKind::PriceChange, NoticeKind::PriceChangeUndone]
        .map(|kind| notices.iter().filter(|it| it.kind == kind).count())
}

/// One customer with a container.
const ACME: &str =
    "2026-06-30 22:00:00 account acme\ntopup acme 1000.00\nbuy acme c container region=guangzhou spec=1U1G\n";

/// Source: R-PRC-6. Two books with the same prices, a day apart: the first one is told, and when it is taken back the second one.
#[test]
fn whoever_a_later_book_hits_is_told_when_the_one_before_is_taken_back() {
    for (engine, store, _server) in stores() {
        let mut player = played(&store, ACME);
        applied(&player, &dearer("0.30"), "2026-08-01 00:00:00");
        goes_on(&mut player, "2026-07-01 00:10:00 settle\n");
        let first = player.desk.books.all().last().unwrap().id;
        applied(&player, &dearer("0.30"), "2026-08-02 00:00:00");
        goes_on(&mut player, "2026-07-01 00:20:00 settle\n");
        assert_eq!(times(&store, "acme"), [1, 0], "{engine}: the second one changes nothing");
        store.write(|tx| books::undo(tx, player.desk.at(player.now), first)).unwrap();
        goes_on(&mut player, "2026-07-01 00:30:00 settle\n");
        assert_eq!(times(&store, "acme"), [2, 1], "{engine}");
        goes_on(&mut player, "2026-08-02 00:10:00 settle\n");
        assert_eq!(times(&store, "acme"), [2, 1], "{engine}: nothing more when it begins");
    }
}

/// Source: R-CAT-1, R-PRC-6. The first of two such books drops what was bought meanwhile, and does not begin.
#[test]
fn whoever_a_later_book_hits_is_told_when_the_one_before_does_not_begin() {
    let store = Store::memory().unwrap();
    let mut player = played(&store, ACME);
    applied(&player, &without(&dearer("0.30")), "2026-08-01 00:00:00");
    applied(&player, &dearer("0.30"), "2026-08-03 00:00:00");
    goes_on(&mut player, "2026-07-10 00:10:00 buy acme lb load-balancer-hourly region=guangzhou\n");
    assert_eq!(times(&store, "acme"), [1, 0]);
    goes_on(&mut player, "2026-08-01 00:10:00 settle\n");
    assert_eq!(times(&store, "acme"), [2, 1]);
}

/// Source: R-PRC-6. A book between two others: the later one changed nothing and takes back what this one lowers.
#[test]
fn whoever_a_later_book_hits_is_told_when_another_one_comes_between() {
    let store = Store::memory().unwrap();
    let mut player = played(&store, ACME);
    applied(&player, &dearer("0.17"), "2026-08-02 00:00:00");
    goes_on(&mut player, "2026-07-01 00:10:00 settle\n");
    assert_eq!(times(&store, "acme"), [0, 0]);
    applied(&player, &dearer("0.10"), "2026-08-01 00:00:00");
    goes_on(&mut player, "2026-07-01 00:20:00 settle\n");
    assert_eq!(times(&store, "acme"), [2, 0], "lower from the first day on, and as before from the second");
}

/// Source: R-PRC-6. Of a book that hit nobody when it was applied whoever bought something since is told when it begins.
#[test]
fn whoever_buys_before_a_book_begins_is_told_when_it_does() {
    for (engine, store, _server) in stores() {
        let came = "2026-06-30 22:00:00 account acme\ntopup acme 1000.00\naccount late\ntopup late 1000.00\n";
        let mut player = played(&store, came);
        applied(&player, &dearer("0.30"), "2026-08-01 00:00:00");
        goes_on(&mut player, "2026-07-05 00:00:00 buy acme c container region=guangzhou spec=1U1G\n");
        goes_on(&mut player, "2026-07-31 23:00:00 settle\n");
        assert_eq!(times(&store, "acme"), [0, 0], "{engine}");
        goes_on(&mut player, "2026-08-01 00:10:00 buy late d container region=guangzhou spec=1U1G\n");
        goes_on(&mut player, "2026-08-01 00:20:00 settle\n");
        assert_eq!([times(&store, "acme"), times(&store, "late")], [[1, 0], [0, 0]], "{engine}");
    }
}

/// Source: R-PRC-6. Of two books of one instant the one that was applied last holds: what both charge alike is told once, and whoever
/// bought since hears of it when they begin, by one of them.
#[test]
fn whoever_is_hit_by_two_books_of_one_instant_is_told_of_the_one_that_holds() {
    for (last, told) in [("0.30", 1), ("0.40", 2)] {
        let store = Store::memory().unwrap();
        let mut player = played(&store, &format!("{ACME}account late\ntopup late 1000.00\n"));
        applied(&player, &dearer("0.30"), AUGUST);
        goes_on(&mut player, "2026-07-01 00:10:00 settle\n");
        applied(&player, &said_again(dearer(last)), AUGUST);
        goes_on(&mut player, "2026-07-01 00:20:00 settle\n");
        goes_on(&mut player, "2026-07-05 00:00:00 buy late d container region=guangzhou spec=1U1G\n");
        goes_on(&mut player, "2026-07-31 23:00:00 settle\n");
        assert_eq!([times(&store, "acme"), times(&store, "late")], [[told, 0], [0, 0]], "{last}");
        goes_on(&mut player, "2026-08-01 00:10:00 settle\n");
        goes_on(&mut player, "2026-08-01 00:20:00 settle\n");
        assert_eq!([times(&store, "acme"), times(&store, "late")], [[told, 0], [1, 0]], "{last}");
    }
}

/// Source: R-PRC-6. The later book is two of one instant: they are compared with the book before them, not with each other.
#[test]
fn whoever_two_later_books_of_one_instant_hit_is_told_when_the_one_before_is_taken_back() {
    let store = Store::memory().unwrap();
    let mut player = played(&store, ACME);
    applied(&player, &dearer("0.30"), AUGUST);
    goes_on(&mut player, "2026-07-01 00:10:00 settle\n");
    let first = player.desk.books.all().last().unwrap().id;
    for files in [dearer("0.30"), said_again(dearer("0.30"))] {
        applied(&player, &files, "2026-08-02 00:00:00");
    }
    goes_on(&mut player, "2026-07-01 00:20:00 settle\n");
    assert_eq!(times(&store, "acme"), [1, 0], "the others change nothing");
    store.write(|tx| books::undo(tx, player.desk.at(player.now), first)).unwrap();
    goes_on(&mut player, "2026-07-01 00:30:00 settle\n");
    assert_eq!(times(&store, "acme"), [2, 1]);
    goes_on(&mut player, "2026-08-02 00:10:00 settle\n");
    assert_eq!(times(&store, "acme"), [2, 1], "nothing more when they begin");
}

/// Source: R-PRC-6. With a limit the first of two books is not taken back where the second one would be a change that nobody proposed.
#[test]
fn where_a_limit_is_set_the_later_of_two_books_is_taken_back_first() {
    let store = Store::memory().unwrap();
    let mut player = played(&store, ACME);
    applied(&player, &dearer("0.30"), "2026-08-01 00:00:00");
    player.desk = store.read(Desk::open).unwrap();
    let first = player.desk.books.all().last().unwrap().id;
    let limited = Desk { price_limit_tenths: Some(50), ..player.desk.clone() };
    let from = player.desk.calendar.parse("2026-08-02 00:00:00").unwrap();
    let second = books::prepared(&dearer("0.30"), Some(from)).unwrap();
    let second = store.write(|tx| books::add(tx, limited.at(player.now), &second)).unwrap().id;
    let undo = |id| store.write(|tx| books::undo(tx, limited.at(player.now), id));
    assert_eq!(undo(first).unwrap_err().code(), "book_later_first");
    assert_eq!(store.read(store::books::ids).unwrap().len(), 3, "nothing is taken back");
    undo(second).unwrap();
    undo(first).unwrap();
    assert_eq!(store.read(store::books::ids).unwrap().len(), 1);
}

/// Source: R-PRC-6. The same of proposals: figures that compare the second book with the first one say nothing of it alone.
#[test]
fn where_a_limit_is_set_the_later_of_two_proposals_is_undone_first() {
    let store = Store::memory().unwrap();
    let text = ACME.to_string()
        + "2026-07-01 00:10:00 propose p-1 container compute 0.30 spec=1U1G from=2026-08-01 by=ann\n\
           proposal p-1 agree by=bob\n\
           proposal p-1 apply by=ann\n\
           propose p-2 container compute 0.30 spec=1U1G from=2026-08-02 by=ann\n\
           proposal p-2 apply by=ann\n";
    let player = played(&store, &text);
    let limited = Desk { price_limit_tenths: Some(50), ..player.desk.clone() };
    let undo = |id| {
        let of = Named { id, by: "ann" };
        store.write(|tx| proposals::undo(tx, limited.at(player.now), of)).map(|it| it.state)
    };
    assert_eq!(undo("p-1").unwrap_err().code(), "book_later_first");
    assert_eq!(undo("p-2").unwrap(), State::Undone);
    assert_eq!(undo("p-1").unwrap(), State::Undone);
}

/// Source: R-PRC-6. With a limit no book comes before another one that would then take back what it lowers, which nobody proposed:
/// neither as it is nor by a proposal.
#[test]
fn where_a_limit_is_set_no_book_comes_before_one_that_takes_it_back() {
    let store = Store::memory().unwrap();
    let mut player = played(&store, ACME);
    applied(&player, &dearer("0.17"), "2026-08-02 00:00:00");
    let lower =
        "propose p-1 container compute 0.10 spec=1U1G from=2026-08-01 by=ann\nproposal p-1 agree by=bob\n";
    goes_on(&mut player, &format!("2026-07-01 00:10:00 {lower}"));
    let (later, now) = (player.desk.books.all().last().unwrap().id, player.now);
    let limited = Desk { price_limit_tenths: Some(50), ..player.desk.clone() };
    let from = player.desk.calendar.parse(AUGUST).unwrap();
    let between = books::prepared(&dearer("0.10"), Some(from)).unwrap();
    let sent = store.write(|tx| books::add(tx, limited.at(now), &between));
    assert_eq!(sent.unwrap_err().code(), "book_by_proposal");
    let (text, from) = store.read(|tx| proposals::text(tx, "p-1")).unwrap();
    let book = books::again(&text, from).unwrap();
    let apply = |desk: &Desk| {
        let of = Named { id: "p-1", by: "ann" };
        store.write(|tx| proposals::apply(tx, desk.at(now), of, &book)).map(|it| it.state)
    };
    assert_eq!(apply(&limited).unwrap_err().code(), "book_later_first");
    assert_eq!(store.read(store::books::ids).unwrap().len(), 2, "nothing is applied");
    assert_eq!(store.read(|tx| proposals::one(tx, "p-1")).unwrap().state, State::Ready);
    store.write(|tx| books::undo(tx, limited.at(now), later)).unwrap();
    assert_eq!(apply(&limited).unwrap(), State::Applied);
}

/// Source: R-PRC-6. What changes no price comes before a later book, which changes what it changed before; a book of the same instant
/// as another one changes prices where that one's would hold without it.
#[test]
fn where_a_limit_is_set_a_book_that_changes_nothing_comes_before_any_other() {
    let store = Store::memory().unwrap();
    let mut player = played(&store, ACME);
    goes_on(
        &mut player,
        "2026-07-01 00:10:00 propose p-1 container compute 0.30 spec=1U1G from=2026-08-02 by=ann\n\
         proposal p-1 agree by=bob\n\
         proposal p-1 apply by=ann\n",
    );
    let limited = Desk { price_limit_tenths: Some(50), ..player.desk.clone() };
    let (calendar, now) = (player.desk.calendar.clone(), player.now);
    let add = |files: &Files, from: &str| {
        let book = books::prepared(files, Some(calendar.parse(from).unwrap())).unwrap();
        store.write(|tx| books::add(tx, limited.at(now), &book)).map(|it| it.before)
    };
    assert!(!add(&said_again(files::book("demo").unwrap()), AUGUST).unwrap());
    goes_on(&mut player, "2026-07-01 00:20:00 settle\n");
    assert_eq!(times(&store, "acme"), [1, 0], "told of the later one once");
    let refused = add(&dearer("0.17"), "2026-08-02 00:00:00").unwrap_err();
    assert_eq!(refused.code(), "book_by_proposal", "it would hide a change that was agreed to");
    assert!(!add(&said_again(dearer("0.30")), "2026-08-02 00:00:00").unwrap());
    goes_on(&mut player, "2026-08-02 00:10:00 settle\n");
    assert_eq!(times(&store, "acme"), [1, 0], "told once");
}

/// Proposals and books without one at the same time, each with a number of its own.
#[test]
fn no_two_price_changes_have_one_number() {
    for (engine, store, _server) in stores() {
        let take =
            || -> Vec<i64> { (0..20).map(|_| store.write(store::proposals::next_number).unwrap()).collect() };
        let mut taken: Vec<i64> = std::thread::scope(|scope| {
            let all = [scope.spawn(take), scope.spawn(take)];
            all.into_iter().flat_map(|it| it.join().unwrap()).collect()
        });
        taken.sort_unstable();
        assert_eq!(taken, (1..=40).collect::<Vec<i64>>(), "{engine}");
    }
}

/// Source: R-PRC-6. Where a limit is set, a book that charges otherwise what somebody has is proposed; others are applied as they are.
#[test]
fn where_a_limit_is_set_new_prices_of_what_lives_are_proposed() {
    let store = Store::memory().unwrap();
    let player = played(&store, &customers());
    let from = player.desk.calendar.parse("2026-08-01 00:00:00").unwrap();
    let apply = |files: &Files, limit: Option<u32>| {
        let prepared = books::prepared(files, Some(from)).unwrap();
        let desk = Desk { price_limit_tenths: limit, ..player.desk.clone() };
        store.write(|tx| books::add(tx, desk.at(player.now), &prepared))
    };
    let refused = apply(&dearer("0.19"), Some(50)).unwrap_err();
    assert_eq!(refused.code(), "book_by_proposal");
    assert_eq!(store.read(store::books::ids).unwrap().len(), 1, "nothing is applied");
    apply(&said_again(files::book("demo").unwrap()), Some(50)).unwrap();
    apply(&dearer("0.19"), None).unwrap();
}

/// Source: R-PRC-6, R-PRC-22. Whose contract price ends while the new price holds is told of that day, others of the proposal's.
#[test]
fn whoever_has_a_contract_price_is_told_from_when_it_ends() {
    let store = Store::memory().unwrap();
    let text = "2026-06-01 00:00:00 account acme\n\
        account terms\n\
        topup acme 1000.00\n\
        topup terms 1000.00\n\
        contract terms c-1 container compute 0.15 spec=1U1G until=2026-07-20\n\
        buy acme c1 container region=guangzhou spec=1U1G\n\
        buy terms c2 container region=guangzhou spec=1U1G\n\
        2026-07-01 00:10:00 propose p-1 container compute 0.30 spec=1U1G from=2026-07-15 by=ann\n\
        proposal p-1 agree by=bob\n\
        proposal p-1 apply by=ann\n\
        settle\n";
    let _player = played(&store, text);
    let mut from = Vec::new();
    for account in store.read(store::accounts::all).unwrap() {
        let notices = store.read(|tx| store::notices::of_account(tx, account.id)).unwrap();
        let own = notices.iter().filter(|it| it.kind == NoticeKind::PriceChange);
        from.extend(own.map(|it| format!("{} {}", account.name, it.occasion)));
    }
    from.sort();
    assert_eq!(
        from,
        [
            "acme 2026-07-14T16:00:00Z container/compute=0.17>0.30",
            "terms 2026-07-19T16:00:00Z container/compute=0.15>0.30"
        ]
    );
}

/// Source: R-PRC-6, R-BIL-4.
#[test]
fn what_is_changed_beside_the_proposals_is_found() {
    let changes = [
        "update price_proposals set agreed_by = 'ann'",
        "update price_proposals set state = 'applied'",
        "update price_proposals set from_us = from_us + 1",
        "update price_proposals set limit_tenths = 1000",
        "update price_proposal_figures set moved_e8 = '0'",
        "delete from price_proposals",
    ];
    let differences = |store: &Store| {
        let desk = store.read(desk::Desk::open).unwrap();
        store.read(|tx| audit::audit(tx, &desk)).unwrap().differences
    };
    for sql in changes {
        let folder = Folder::new("proposals");
        let file = folder.0.join("till.db");
        let store = Store::embedded(&file).unwrap();
        let text = "2026-06-01 00:00:00 account acme\ntopup acme 1000.00\nbuy acme c container spec=1U1G\n\
            2026-07-01 00:10:00 propose p-1 container compute 0.19 spec=1U1G from=2026-08-01 by=ann\n\
            proposal p-1 agree by=bob\n";
        drop(played(&store, text));
        assert_eq!(differences(&store), Vec::<String>::new());
        drop(store);
        let changed = rusqlite::Connection::open(&file).unwrap().execute(sql, []).unwrap();
        assert!(changed > 0, "{sql}");
        let found = differences(&Store::embedded(&file).unwrap());
        assert!(found.iter().any(|it| it.contains("proposal p-1")), "{sql}: {found:?}");
    }
}
