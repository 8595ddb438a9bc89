//! Lists over all accounts, on both engines: orders, top-ups, arrears, the audit log; page by page, in their order.
//!
//! In:  a few accounts. Out: what each list says, whole and in parts.

use crate::support::{parse, stores};
use billing::order::Outcome;
use billing::story::What;
use desk::lists::journal::{self, Whose};
use desk::lists::wallet::TopUpFilter;
use desk::lists::{arrears, orders, wallet};
use desk::page::{Page, Part};
use desk::{Refusal, today};
use server::cli::simulate::play;
use store::sort::Age;
use units::{Calendar, Timestamp};

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

/// Two accounts that fall into arrears an hour apart, and one that does not. 0.42 an hour. Source: the story of the grace.
const THREE: &str = "2026-06-01 08:00:00 account late
topup late 1.20
buy late slow server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1
account soon
topup soon 0.74
buy soon fast server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1
account rich
topup rich 100.00
buy rich one server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1
2026-06-01 11:30:00 settle
";

/// A list page by page, each of one thing.
fn one_by_one<T>(mut page: impl FnMut(&Part) -> Result<Page<T>, Refusal>) -> Vec<T> {
    let (mut all, mut part) = (Vec::new(), Part::first(1));
    loop {
        let found = page(&part).unwrap();
        assert!(found.items.len() <= 1);
        all.extend(found.items);
        let Some(next) = found.next else { return all };
        part.after = Some(next);
    }
}

#[test]
fn what_happens_next_comes_first_and_pages_are_parts_of_the_whole() {
    for (engine, store, _server) in stores() {
        let (player, _) = play(&store, &parse("three", THREE)).unwrap();
        let now = player.desk.at(at("2026-06-01 11:30:00"));
        let board = one_by_one(|part| store.read(|tx| arrears::page(tx, now, part)));
        let names: Vec<&str> = board.iter().map(|it| it.customer.account.name.as_str()).collect();
        assert_eq!(names, ["soon", "late"], "{engine}");
        let next: Vec<(What, &str)> = board
            .iter()
            .filter_map(|it| Some((it.coming.as_ref()?.what, it.coming.as_ref()?.resource.name.as_str())))
            .collect();
        assert_eq!(next, [(What::ArrearsStopped, "fast"), (What::ArrearsStopped, "slow")], "{engine}");
        let gone = Part { after: Some("acc_00000000000000000000000000000000".into()), most: 1 };
        assert!(store.read(|tx| arrears::page(tx, now, &gone)).is_err(), "{engine}");

        let all = one_by_one(|part| store.read(|tx| orders::of_all(tx, &orders::AllFilter::default(), part)));
        let whose: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
        let whole =
            store.read(|tx| orders::of_all(tx, &orders::AllFilter::default(), &Part::first(9))).unwrap();
        assert_eq!(whose, whole.items.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), "{engine}");
        assert_eq!(all.len(), 3, "{engine}");

        let oldest = orders::AllFilter { age: Age::Oldest, ..orders::AllFilter::default() };
        let mut backward = one_by_one(|part| store.read(|tx| orders::of_all(tx, &oldest, part)));
        backward.reverse();
        assert!(backward.iter().map(|it| it.of.id).eq(all.iter().map(|it| it.of.id)), "{engine}");

        let every = TopUpFilter { account: None, from: Timestamp::MIN, to: Timestamp::MAX };
        let paid = one_by_one(|part| store.read(|tx| wallet::all_top_ups(tx, every, part)));
        let mut sums: Vec<i64> = paid.iter().map(|it| it.of.money.minor()).collect();
        sums.sort_unstable();
        assert_eq!(sums, [74, 120, 10_000], "{engine}");
        let only = TopUpFilter { account: Some(paid[0].account), ..every };
        assert_eq!(
            one_by_one(|part| store.read(|tx| wallet::all_top_ups(tx, only, part))).len(),
            1,
            "{engine}"
        );
        let before = TopUpFilter { to: at("2026-06-01 08:00:00"), ..every };
        assert!(
            one_by_one(|part| store.read(|tx| wallet::all_top_ups(tx, before, part))).is_empty(),
            "{engine}"
        );
    }
}

#[test]
fn today_adds_up_and_the_log_is_one_in_the_order_of_time() {
    for (engine, store, _server) in stores() {
        let (player, _) = play(&store, &parse("three", THREE)).unwrap();
        let now = player.desk.at(at("2026-06-01 11:30:00"));
        let today = store.read(|tx| today::read(tx, now)).unwrap();
        assert_eq!(
            today.money_in.iter().map(|it| it.minor()).collect::<Vec<_>>(),
            [74 + 120 + 10_000],
            "{engine}"
        );
        assert_eq!(today.arrears.iter().map(|it| it.0).collect::<Vec<_>>(), [2], "{engine}");
        // Three servers, three hours each: 9 × 0.42. Source: R-MON-2, the demo book.
        assert_eq!(today.revenue.iter().map(|it| it.minor()).collect::<Vec<_>>(), [378], "{engine}");

        let every = journal::Filter {
            whose: Whose::All,
            actor: String::new(),
            action: String::new(),
            from: Timestamp::MIN,
            to: Timestamp::MAX,
        };
        for (number, operation) in [(1, "one"), (2, "two"), (3, "Three")] {
            let write = desk::journal::Write { account: None, actor: "ann", operation, target: "", body: "" };
            let when = at(&format!("2026-06-01 12:00:0{number}"));
            store.write(|tx| desk::journal::note(tx, &write, when)).unwrap();
        }
        let all = one_by_one(|part| store.read(|tx| journal::found(tx, &every, part)));
        let times: Vec<Timestamp> = all.iter().map(|it| it.entry.at).collect();
        assert!(times.windows(2).all(|it| it[0] >= it[1]), "{engine}: {times:?}");
        assert_eq!(all[0].entry.operation, "Three", "{engine}");
        assert!(
            all.iter().all(|it| it.entry.operation != "facts"),
            "{engine}: facts are no writes of people"
        );
        let found = |filter: journal::Filter| {
            let page = store.read(|tx| journal::found(tx, &filter, &Part::first(50))).unwrap();
            page.items.into_iter().map(|it| it.entry.operation).collect::<Vec<_>>()
        };
        let with = |action: &str| journal::Filter { action: action.into(), ..every.clone() };
        assert_eq!(found(with("TH")), ["Three"], "{engine}");
        assert_eq!(
            found(journal::Filter { actor: "ANN".into(), ..every.clone() }),
            ["Three", "two", "one"],
            "{engine}"
        );
        let early = journal::Filter {
            to: at("2026-06-01 12:00:03"),
            from: at("2026-06-01 12:00:02"),
            ..every.clone()
        };
        assert_eq!(found(early), ["two"], "{engine}");
        assert_eq!(found(journal::Filter { whose: Whose::Till, ..with("o") }), ["two", "one"], "{engine}");
    }
}

/// One order of each outcome: three servers of which one fails, one that comes, one that fails, one that waits for its payment.
const OUTCOMES: &str = "2026-06-01 12:00:00 account acme
topup acme 9000.00
buy acme some server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=1 quantity=3 failing=1
buy acme one server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=1
buy acme none server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=1 failing=1
account other
topup other 100.00
buy other theirs server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=1
2026-06-01 12:10:00 settle
order acme later server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=1
";

#[test]
fn orders_are_found_by_how_they_came_out() {
    for (engine, store, _server) in stores() {
        play(&store, &parse("outcomes", OUTCOMES)).unwrap();
        let every = Part::first(9);
        let names = |of: orders::AllFilter| -> Vec<String> {
            let mut found: Vec<String> = store
                .read(|tx| orders::of_all(tx, &of, &every))
                .unwrap()
                .items
                .iter()
                .map(|it| it.of.name.clone())
                .collect();
            found.sort();
            found
        };
        let acme = store
            .read(|tx| orders::of_all(tx, &orders::AllFilter::default(), &every))
            .unwrap()
            .items
            .iter()
            .find(|it| it.name == "acme")
            .map(|it| it.account);
        for (result, all, own) in [
            (Outcome::Open, vec!["later"], vec!["later"]),
            (Outcome::Complete, vec!["one", "theirs"], vec!["one"]),
            (Outcome::Partial, vec!["some"], vec!["some"]),
            (Outcome::Failed, vec!["none"], vec!["none"]),
        ] {
            for age in [Age::Newest, Age::Oldest] {
                let of = orders::AllFilter { result: Some(result), age, ..orders::AllFilter::default() };
                assert_eq!(names(of.clone()), all, "{engine} {result:?}");
                assert_eq!(
                    names(orders::AllFilter { account: acme, ..of }),
                    own,
                    "{engine} {result:?} of one account"
                );
            }
        }
    }
}
