//! A network switched from bandwidth to traffic and back at any instant: what is quoted is what is billed, nothing moves but that, each
//! direction goes once, and the books are whole.
//!
//! In:  a server, how it was paid, when it is switched. Out: the bills, the deadline and the balance; an audit that finds nothing.
//! Source: R-NET-4 to R-NET-6, R-ORD-1, R-MON-7.

use crate::support::parse;
use desk::audit;
use play::Player;
use play::step::View;
use proptest::prelude::*;
use server::cli::simulate::play;
use store::Store;

const SERVER: &str = "server charge=prepaid region=guangzhou zone=guangzhou-1";

fn look(player: &Player<'_>, text: &str) -> Vec<String> {
    let mut words = text.split(' ').map(str::to_string);
    let view = View { what: words.next().unwrap(), args: words.collect() };
    player.look(&view).unwrap_or_else(|refusal| panic!("{text}: {refusal}"))
}

/// Plays one line more after so many minutes, and gives what came of it.
fn after(player: &mut Player<'_>, minutes: u32, line: &str) -> String {
    let text = format!("{} settle\n+{minutes}m {line}\n", player.desk.calendar.print(player.now));
    let played = player.play(&parse("after", &text), &mut |_, _| {}).unwrap();
    played.steps.last().unwrap().code.to_string()
}

fn fen(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap()
}

/// Switches it at the price that is quoted, and gives what was paid, below zero what went back.
fn switched(player: &mut Player<'_>, label: &str, to: &str) -> i64 {
    let before = fen(&look(player, "balance acme")[0]);
    let quoted = look(player, &format!("change web {to}"));
    let total = quoted[0].split(' ').nth(1).unwrap().to_string();
    let line = format!("change acme {label} web {to} quoted={total}");
    assert_eq!(after(player, 0, &line), "ok", "{quoted:?}");
    let bills = look(player, "bills acme prepaid_change");
    assert!(bills.last().unwrap().ends_with(&format!(" {total}")), "{bills:?} of {total}");
    assert_eq!(fen(&look(player, "balance acme")[0]), before - fen(&total));
    // The same again is the same.
    assert_eq!(after(player, 0, &line), "ok");
    assert_eq!(look(player, "bills acme prepaid_change"), bills);
    fen(&total)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn what_is_quoted_is_what_moves(
        months in prop::sample::select(vec![2_u32, 3, 6, 12]), bonus in 0_u32..200, contract in 50_u32..101,
        minutes in prop::array::uniform3(0_u32..14 * 24 * 60), mbps in 1_u32..9, renews in any::<bool>(), raises in any::<bool>(),
    ) {
        let text = format!(
            "2026-02-10 15:00:00 account acme contract={}.{:02}\ntopup acme 1000000.00\ntopup acme {}.00 to=bonus\n\
             buy acme web {SERVER} months={months} type=S1.SMALL1 network=bandwidth bandwidth={mbps}\n",
            contract / 100, contract % 100, bonus + 1,
        );
        let store = Store::memory().unwrap();
        let (mut player, _) = play(&store, &parse("switches", &text)).unwrap();
        if renews {
            prop_assert_eq!(after(&mut player, 1, "renew acme r1 web"), "ok");
        }
        if raises {
            prop_assert_eq!(after(&mut player, 1, &format!("change acme u1 web bandwidth={}", mbps + 1)), "ok");
        }
        let deadline = look(&player, "resource web");
        after(&mut player, minutes[0], "settle");
        prop_assert!(switched(&mut player, "c1", "network=traffic") <= 0);
        after(&mut player, minutes[1], "settle");
        prop_assert!(switched(&mut player, "c2", "network=bandwidth bandwidth=3") > 0);
        after(&mut player, minutes[2], "settle");
        prop_assert_eq!(after(&mut player, 0, "change acme c3 web network=traffic"), "switch_limit");
        prop_assert_eq!(look(&player, "resource web"), deadline);
        prop_assert_eq!(look(&player, "option web network"), vec!["bandwidth".to_string()]);
        let refund = look(&player, "refund web");
        prop_assert!(refund[0].contains(" total "), "{:?}", refund);
        prop_assert_eq!(after(&mut player, 0, "refund web"), "ok");
        let audit = store.read(|tx| audit::audit(tx, &player.desk)).unwrap();
        prop_assert!(audit.differences.is_empty(), "{:?}", audit.differences);
    }
}
