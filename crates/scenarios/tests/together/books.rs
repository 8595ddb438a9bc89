//! Books after books: what lives keeps its price, what is retired is not sold anew.

use crate::support::{parse, stores};
use billing::endpoint::Owner;
use billing::event::EventKind;
use desk::audit::audit;
use desk::books::{self, Applied};
use desk::page::Part;
use desk::webhooks::{self, New};
use desk::{Desk, Refusal, lists};
use play::Player;
use pricebook::Files;
use providers::webhook::Reach;
use server::cli::files;
use store::Store;
use units::{BookId, Calendar, Currency, Timestamp};

const PRODUCT: &str = "products/load-balancer-hourly.toml";

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

/// The demo book without the load balancer by the hour.
fn without() -> Files {
    let all = files::book("demo").unwrap();
    let mut some = Files::default();
    for path in all.paths().filter(|it| *it != PRODUCT) {
        some.add(path, all.get(path).unwrap());
    }
    some
}

/// The demo book in which it is retired.
fn retired() -> Files {
    let mut all = files::book("demo").unwrap();
    let text = format!("retired = true\n{}", all.get(PRODUCT).unwrap());
    all.add(PRODUCT, &text);
    all
}

fn apply(store: &Store, files: &Files, from: &str) -> Result<Applied, Refusal> {
    store.write(|tx| books::apply(tx, files, Some(at(from)), at("2026-06-01 12:10:00")))
}

fn play(player: &mut Player<'_>, text: &str) -> Vec<String> {
    let played = player.play(&parse("books", text), &mut |_, _| {}).unwrap();
    assert!(played.failures.is_empty(), "{:?}", played.failures);
    played.steps.into_iter().map(|it| it.code).collect()
}

/// Source: R-CAT-1: `load-balancer-hourly` dropped with 3 alive is refused; retired, a new one is refused, and the three
/// are billed on and can be released. From 12:00 to 14:00 a started hour costs 0.02: 3 × 2 × 0.02 = 0.12.
#[test]
fn a_book_keeps_the_price_of_what_lives() {
    for (engine, store, _server) in stores() {
        let start = at("2026-06-01");
        store.write(|tx| books::apply(tx, &files::book("demo").unwrap(), None, start)).unwrap();
        let mut player = Player::new(&store, start).unwrap();
        let one = "load-balancer-hourly region=guangzhou";
        let buys: String = (1..=3).map(|it| format!("buy acme lb{it} {one}\n")).collect();
        play(&mut player, &format!("2026-06-01 12:00:00 account acme\ntopup acme 100.00\n{buys}"));

        let refused = apply(&store, &without(), "2026-06-01 13:00:00").unwrap_err();
        assert_eq!(refused.code(), "book_drops_living", "{engine}");
        let text = refused.to_string();
        assert!(
            text.contains("3 × load-balancer-hourly") && text.contains("retired = true"),
            "{engine}: {text}"
        );

        apply(&store, &retired(), "2026-06-01 13:00:00").unwrap();
        player.desk = store.read(Desk::open).unwrap();
        let later = format!(
            "2026-06-01 13:10:00 buy acme lb4 {one}\nexpect refused option_not_on_sale\n\
             2026-06-01 14:00:00 release lb1\nrelease lb2\nrelease lb3\n\
             2026-06-01 15:00:00 settle\nexpect wallet acme:\n    \
             cash 99.88 bonus 0.00 frozen 0.00 owed 0.00 available 99.88\n"
        );
        let codes = play(&mut player, &later);
        assert_eq!(codes.iter().filter(|it| *it != "ok").count(), 1, "{engine}: {codes:?}");

        // Nothing of it lives any more: now it may go.
        apply(&store, &without(), "2026-06-01 16:00:00").unwrap();
    }
}

/// A container that is repriced at every hour of June: 360 h × 0.17 + 360 h × 0.18 = 126.00. Source: R-PRC-6.
#[test]
fn a_price_that_changes_every_hour_of_a_month() {
    let mut story = String::from(
        "2026-06-01 00:00:00 account acme\ntopup acme 1000.00\nbuy acme c container region=guangzhou spec=1U1G\n",
    );
    for hour in 1..720 {
        let price = if hour % 2 == 0 { "0.17" } else { "0.18" };
        let (day, hour) = (hour / 24 + 1, hour % 24);
        story += &format!("2026-06-{day:02} {hour:02}:00:00 reprice container compute {price} spec=1U1G\n");
    }
    story += "2026-07-01 01:00:00 settle\nexpect months acme 2026-06:\n    2026-06 container 126.00\n    2026-06 total 126.00\n";
    let (store, began) = (Store::memory().unwrap(), std::time::Instant::now());
    let start = at("2026-06-01");
    store.write(|tx| books::apply(tx, &files::book("demo").unwrap(), None, start)).unwrap();
    let mut player = Player::new(&store, start).unwrap();
    let codes = play(&mut player, &story);
    assert!(codes.iter().all(|it| it == "ok"), "{codes:?}");
    println!("{} steps with 719 new prices in {:.1} s", codes.len(), began.elapsed().as_secs_f64());
    let began = std::time::Instant::now();
    let opened = store.read(Desk::open).unwrap();
    println!("{} books opened in {:.2} s", opened.books.all().len(), began.elapsed().as_secs_f64());
    assert_eq!(opened.books.all(), player.desk.books.all(), "read again they are what they were");
}

/// The demo book in which an endpoint is not charged for its traffic.
fn without_traffic() -> Files {
    let mut all = files::book("demo").unwrap();
    let path = "products/endpoint.toml";
    let text = all.get(path).unwrap().to_string();
    let (rest, _) = text.split_once("[[component]]\nid = \"traffic\"").unwrap();
    all.add(path, rest);
    all
}

fn in_demo(store: &Store) -> Player<'_> {
    let start = at("2026-06-01");
    store.write(|tx| books::apply(tx, &files::book("demo").unwrap(), None, start)).unwrap();
    Player::new(store, start).unwrap()
}

/// How a book stands, and why it did not begin.
fn standing(player: &Player<'_>, id: BookId) -> (&'static str, String) {
    let shown = player.store.read(|tx| lists::books::one(tx, player.desk.at(player.now), id)).unwrap();
    (shown.state.as_str(), shown.head.withheld.unwrap_or_default())
}

/// What the operator is told from now on.
fn listen(store: &Store) {
    let kinds = ["*".to_string()];
    let new = New { owner: Owner::Operator, url: "http://127.0.0.1:9", kinds: &kinds, secret: "secret" };
    store.write(|tx| webhooks::create(tx, &new, Reach::Anywhere, at("2026-06-01"))).unwrap();
}

fn told(store: &Store) -> Vec<(EventKind, String)> {
    let part = Part::first(50);
    let page = store.read(|tx| lists::events::page(tx, lists::events::Filter::of(None), &part)).unwrap();
    page.items.into_iter().map(|it| (it.kind, it.body)).collect()
}

/// Source: R-CAT-1: a book that drops nothing when it is applied is asked again when it would begin. One was bought at
/// 12:30 and released at 14:00, by the book before: 2 started hours × 0.02 = 0.04; another
/// from 13:30 to 14:00: 0.02. When nothing lives any more, the
/// same book begins.
#[test]
fn a_scheduled_book_that_drops_what_was_bought_meanwhile_does_not_begin() {
    for (engine, store, _server) in stores() {
        let mut player = in_demo(&store);
        listen(&store);
        let dropping = apply(&store, &without(), "2026-06-01 13:00:00").unwrap();
        player.desk = store.read(Desk::open).unwrap();
        play(
            &mut player,
            "2026-06-01 12:30:00 account acme\ntopup acme 100.00\nbuy acme lb load-balancer-hourly region=guangzhou",
        );
        assert_eq!(standing(&player, dropping.id).0, "scheduled", "{engine}");

        play(
            &mut player,
            "2026-06-01 13:30:00 settle\nbuy acme again load-balancer-hourly region=guangzhou\n\
             2026-06-01 14:00:00 release lb\nrelease again\n2026-06-01 15:00:00 settle\nexpect wallet acme:\n    \
             cash 99.94 bonus 0.00 frozen 0.00 owed 0.00 available 99.94\n",
        );
        let (state, why) = standing(&player, dropping.id);
        assert_eq!(state, "withheld", "{engine}");
        assert!(why.contains("1 × load-balancer-hourly region=guangzhou"), "{engine}: {why}");
        let told: Vec<_> = told(&store).into_iter().filter(|it| it.0 == EventKind::BookWithheld).collect();
        assert_eq!(told.len(), 1, "{engine}: {told:?}");
        assert!(told[0].1.contains("load-balancer-hourly"), "{engine}: {told:?}");
        assert_eq!(
            store.read(|tx| desk::gauges::read(tx, player.desk.at(player.now))).unwrap().books_withheld,
            1,
            "{engine}"
        );

        let refused = apply(&store, &without(), "2026-06-01 13:00:00").unwrap_err();
        assert_eq!(refused.code(), "book_withheld", "{engine}");
        let later = apply(&store, &without(), "2026-06-01 16:00:00").unwrap();
        player.desk = store.read(Desk::open).unwrap();
        player.advance(at("2026-06-01 16:00:00")).unwrap();
        assert_eq!(standing(&player, later.id), ("in_force", String::new()), "{engine}");

        // A book that never held may be taken back.
        store.write(|tx| books::undo(tx, player.desk.at(player.now), dropping.id)).unwrap();
        assert!(store.read(|tx| audit(tx, &player.desk)).unwrap().differences.is_empty(), "{engine}");
    }
}

/// Source: R-CAT-1: a component that goes while its product stays is refused like a product: when the book is applied, and
/// when it would begin. Where nobody has it, it goes.
#[test]
fn a_component_does_not_disappear_under_a_living_resource() {
    for (engine, store, _server) in stores() {
        let mut player = in_demo(&store);
        let scheduled = apply(&store, &without_traffic(), "2026-06-01 13:00:00").unwrap();
        player.desk = store.read(Desk::open).unwrap();
        play(
            &mut player,
            "2026-06-01 12:10:00 account acme\ntopup acme 100.00\nbuy acme wide endpoint billing=bandwidth bandwidth=5\n\
             buy acme ep endpoint billing=traffic\n2026-06-01 13:00:00 settle\n",
        );
        let (state, why) = standing(&player, scheduled.id);
        assert_eq!(state, "withheld", "{engine}");
        assert!(
            why.contains("1 × endpoint billing=traffic") && why.contains("component `traffic`"),
            "{engine}: {why}"
        );
        assert!(!why.contains("billing=bandwidth"), "{engine}: {why}");

        let refused = apply(&store, &without_traffic(), "2026-06-01 14:00:00").unwrap_err();
        assert_eq!(refused.code(), "book_drops_living", "{engine}");
        play(&mut player, "2026-06-01 15:00:00 release ep\n2026-06-01 16:00:00 settle\n");
        apply(&store, &without_traffic(), "2026-06-01 17:00:00").unwrap();
    }
}

/// The demo book with the load balancer by the hour written otherwise: at `amount`, with a component that nobody has before
/// its own, another source, and not sold any more.
fn rewritten(amount: &str) -> Files {
    let mut all = files::book("demo").unwrap();
    let text = all.get(PRODUCT).unwrap();
    let other = "[[component]]\nid = \"far\"\nname = { en = \"Far away\", zh = \"异地\" }\nwhen = { region = [\"shanghai\"] }\n\
                 due = \"hour\"\nmeter = \"held\"\n\
                 price = { kind = \"per_unit\", per = \"hour\", amount = \"9.00\", source = \"demo\" }\n\n[[component]]\nid = \"instance\"";
    let text = text.replace("[[component]]\nid = \"instance\"", other);
    let text = text.replace("published: load balancer instance by the hour", "another page");
    let text =
        format!("retired = true\n{}", text.replace("amount = \"0.02\"", &format!("amount = \"{amount}\"")));
    all.add(PRODUCT, &text);
    all
}

/// What a book touches is what it charges otherwise, however it is written; asked against a book that this node has not read
/// yet, too.
#[test]
fn a_book_touches_what_it_charges_otherwise_and_nothing_else() {
    for (engine, store, _server) in stores() {
        let mut player = in_demo(&store);
        let one = "load-balancer-hourly region=guangzhou";
        let buys: String = (1..=3).map(|it| format!("buy acme lb{it} {one}\n")).collect();
        play(&mut player, &format!("2026-06-01 12:00:00 account acme\ntopup acme 100.00\n{buys}"));
        let touched = |against: BookId, files: &Files| {
            let after = books::prepared(files, Some(at("2026-06-02"))).unwrap().book;
            let found =
                store.read(|tx| books::touched(tx, player.desk.at(player.now), against, &after)).unwrap();
            found.into_iter().map(|it| (it.product, it.resources, it.of)).collect::<Vec<_>>()
        };
        let now = player.desk.at(player.now);
        let holds = store.read(|tx| lists::books::holding(tx, now, Currency::CNY)).unwrap().unwrap().id;
        assert_eq!(touched(holds, &rewritten("0.02")), [], "{engine}: written otherwise");
        let all = ("load-balancer-hourly".to_string(), 3, 3);
        assert_eq!(touched(holds, &rewritten("0.03")), std::slice::from_ref(&all), "{engine}: dearer");

        let dearer = apply(&store, &rewritten("0.03"), "2026-06-01 13:00:00").unwrap();
        assert!(player.desk.books.get(dearer.id).is_none(), "{engine}: this node knows it already");
        assert_eq!(touched(dearer.id, &rewritten("0.03")), [], "{engine}");
        assert_eq!(touched(dearer.id, &rewritten("0.02")), [all], "{engine}");
    }
}

/// The demo book with another row of the types of servers.
fn with_type(row: &str) -> Files {
    const TYPES: &str = "tables/server_types.csv";
    let mut all = files::book("demo").unwrap();
    let text = all.get(TYPES).unwrap().replace("S1.SMALL1,51.00,0.42,", &format!("S1.SMALL1,{row},"));
    all.add(TYPES, &text);
    all
}

/// What is paid ahead costs otherwise from its renewal on, what is paid by use at once.
#[test]
fn what_is_paid_ahead_is_touched_at_its_renewal() {
    for (engine, store, _server) in stores() {
        let mut player = in_demo(&store);
        let one = "region=guangzhou zone=guangzhou-1 type=S1.SMALL1";
        let buys = format!(
            "buy acme ahead server charge=prepaid {one} months=1\nbuy acme used server charge=payg {one}\n"
        );
        play(&mut player, &format!("2026-06-01 12:00:00 account acme\ntopup acme 100.00\n{buys}"));
        let now = player.desk.at(player.now);
        let holds = store.read(|tx| lists::books::holding(tx, now, Currency::CNY)).unwrap().unwrap().id;
        let touched = |row: &str| {
            let after = books::prepared(&with_type(row), Some(at("2026-06-02"))).unwrap().book;
            let found = store.read(|tx| books::touched(tx, now, holds, &after)).unwrap();
            found.into_iter().map(|it| [it.resources, it.renewals, it.of]).collect::<Vec<_>>()
        };
        assert!(touched("51.00,0.42").is_empty(), "{engine}");
        assert_eq!(touched("52.00,0.42"), [[1, 1, 2]], "{engine}: the month");
        assert_eq!(touched("51.00,0.43"), [[1, 0, 2]], "{engine}: the hour");
        assert_eq!(touched("52.00,0.43"), [[2, 1, 2]], "{engine}: both");
    }
}
