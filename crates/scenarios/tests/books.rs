//! Books after books: what lives keeps its price, what is retired is not sold anew.

mod support;

use desk::Refusal;
use desk::books::{self, Applied};
use play::Player;
use pricebook::Files;
use server::cli::files;
use store::Store;
use support::{parse, stores};
use units::{Calendar, Timestamp};

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
        player.desk = store.read(desk::Desk::open).unwrap();
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
}
