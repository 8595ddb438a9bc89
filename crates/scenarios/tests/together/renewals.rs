//! Renewals at any prices, months and instants: what is quoted is what is billed, and how a clock goes on changes nothing.
//!
//! In:  servers with flags, top-ups, instants at which the clock stops. Out: the same books, and an audit that finds nothing.
//! Source: R-REN-1, R-REN-2, R-PRE-3, R-ORD-1.

use crate::support::parse;
use desk::audit;
use play::step::View;
use play::{Played, Player};
use proptest::prelude::*;
use server::cli::simulate::play;
use store::Store;

const SERVER: &str = "server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1";

fn look(player: &Player<'_>, text: &str) -> Vec<String> {
    let mut words = text.split(' ').map(str::to_string);
    let view = View { what: words.next().unwrap(), args: words.collect() };
    player.look(&view).unwrap_or_else(|refusal| panic!("{text}: {refusal}"))
}

fn clean(store: &Store, player: &Player<'_>) {
    let audit = store.read(|tx| audit::audit(tx, &player.desk)).unwrap();
    assert!(audit.differences.is_empty(), "{:?}", audit.differences);
}

fn story<'a>(store: &'a Store, text: &str) -> (Player<'a>, Played) {
    play(store, &parse("renewals", text)).unwrap()
}

/// Ten weeks of three servers with what each choice does, and money that comes in late.
fn weeks(stops: &[u32], money: u32, flags: &[&str; 3]) -> Vec<String> {
    let mut lines = vec![(0, "topup acme 153.00".to_string())];
    for (name, flag) in ["web", "api", "job"].into_iter().zip(flags) {
        lines.push((0, format!("buy acme {name} {SERVER} months=1")));
        lines.push((0, format!("renewal {name} {flag}")));
    }
    lines.push((money, "topup acme 60.00".to_string()));
    lines.extend(stops.iter().map(|it| (*it, "settle".to_string())));
    lines.push((70 * 24 * 60, "settle".to_string()));
    lines.sort_by_key(|it| it.0);
    let mut text = String::from("2026-02-10 15:00:00 account acme\n");
    let mut before = 0;
    for (minute, line) in lines {
        text += &format!("+{}m {line}\n", minute - before);
        before = minute;
    }
    let store = Store::memory().unwrap();
    let (player, played) = story(&store, &text);
    assert!(played.steps.iter().all(|it| it.code == "ok"), "{:?}", played.steps);
    clean(&store, &player);
    let views = [
        "orders acme",
        "bills acme",
        "notices acme",
        "resources acme",
        "movements acme",
        "life web",
        "life api",
    ];
    views.into_iter().flat_map(|it| look(&player, it)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn a_clock_that_stops_more_often_changes_nothing(
        stops in prop::collection::vec(1_u32..70 * 24 * 60, 0..12), money in 20_u32 * 24 * 60..45 * 24 * 60,
        flags in prop::array::uniform3(prop::sample::select(vec!["auto", "manual", "none"])),
    ) {
        prop_assert_eq!(weeks(&stops, money, &flags), weeks(&[], money, &flags));
    }

    #[test]
    fn what_is_quoted_is_what_is_billed(
        months in prop::sample::select(vec![1_u32, 2, 5, 6, 9, 11, 12, 24, 36]), day in 1_u32..32, mbps in 0_u32..9,
        disk in 0_u32..40, contract in 1_u32..101, late in 0_u32..35,
    ) {
        let network = if mbps > 0 { format!(" network=bandwidth bandwidth={mbps}") } else { String::new() };
        let options = format!("{network} data_disk_type=premium data_disk={}", disk * 10);
        let text = format!(
            "2026-02-10 15:00:00 account acme contract={}.{:02}\ntopup acme 1000000.00\nbuy acme web {SERVER} months=1{options}\n\
             expiryday acme {day}\n+{late}d settle\n",
            contract / 100, contract % 100,
        );
        let store = Store::memory().unwrap();
        let (mut player, _) = story(&store, &text);
        let quoted = look(&player, &format!("renewal web {months}"));
        let (total, to) = (quoted[0].split(' ').nth(1).unwrap(), quoted[0].split(" to ").nth(1).unwrap());
        let order = format!("2026-03-18 renew acme r1 web months={months} quoted={total}\n");
        let order = parse("order", &order.replace("2026-03-18", &player.desk.calendar.print(player.now)));
        let played = player.play(&order, &mut |_, _| {}).unwrap();
        prop_assert_eq!(&played.steps[0].code, "ok", "{:?}", played.steps[0].message);
        let bills = look(&player, "bills acme prepaid_renew");
        prop_assert!(bills.len() == 1 && bills[0].ends_with(&format!(" {total}")), "{bills:?} of {total}");
        let ends = format!("deadline {to}");
        prop_assert!(look(&player, "resource web")[0].ends_with(&ends));
        clean(&store, &player);
    }
}
