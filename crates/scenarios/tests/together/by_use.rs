//! Disks that are paid by use after any time, and prepaid again: what is quoted is what goes back, each order once, and the books are whole.
//!
//! In:  a prepaid disk, what paid for it, when it is converted. Out: the refund, the balance, what is held; an audit that finds nothing.
//! Source: R-CNV-1, R-CNV-2, R-REF-2, R-FRZ-1.

use crate::support::parse;
use desk::{audit, later};
use play::Player;
use play::step::View;
use proptest::prelude::*;
use server::cli::simulate::play;
use store::Store;

fn look(player: &Player<'_>, text: &str) -> Vec<String> {
    let mut words = text.split(' ').map(str::to_string);
    let view = View { what: words.next().unwrap(), args: words.collect() };
    player.look(&view).unwrap_or_else(|refusal| panic!("{text}: {refusal}"))
}

/// Plays one line more, so many seconds later, and gives what came of it.
fn then(player: &mut Player<'_>, seconds: u64, line: &str) -> String {
    let at = player.desk.calendar.print(later(player.now, seconds));
    let line = format!("{at} {line}\n");
    player.play(&parse("then", &line), &mut |_, _| {}).unwrap().steps[0].code.to_string()
}

/// The word behind `name` in a line.
fn word(line: &str, name: &str) -> String {
    let mut words = line.split(' ').skip_while(|it| *it != name);
    words.nth(1).unwrap_or_else(|| panic!("no {name} in {line}")).to_string()
}

fn fen(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn what_is_quoted_goes_back_and_each_order_once(
        months in prop::sample::select(vec![1_u32, 3, 6]), minutes in 1_u32..27 * 24 * 60, bonus in 1_u32..500,
        size in 1_u32..200, renewed in any::<bool>(),
    ) {
        let renew = if renewed { "renew acme r1 d months=1\n" } else { "" };
        let text = format!(
            "2026-02-10 15:00:00 account acme\ntopup acme {bonus}.00 to=bonus\ntopup acme 1000000.00\nbuy acme d disk charge=prepaid \
             region=guangzhou zone=guangzhou-1 type=premium size={} months={months}\n{renew}+{minutes}m settle\n",
            size * 10,
        );
        let store = Store::memory().unwrap();
        let (mut player, _) = play(&store, &parse("by use", &text)).unwrap();
        let before = fen(&look(&player, "balance acme")[0]);
        let quoted = look(&player, "byuse d").remove(0);
        let (total, holds) = (word(&quoted, "total"), word(&quoted, "holds"));
        prop_assert_eq!(then(&mut player, 0, &format!("byuse d least={total}")), "ok");
        prop_assert_eq!(fen(&look(&player, "balance acme")[0]), before + fen(&total));
        prop_assert_eq!(word(&look(&player, "wallet acme")[0], "frozen"), holds);
        let refund = format!("d converted {total}");
        prop_assert!(look(&player, "refunds acme")[0].ends_with(&refund));
        prop_assert_eq!(look(&player, "resource d"), vec!["d disk running".to_string()]);
        prop_assert_eq!(then(&mut player, 0, "byuse d"), "not_prepaid");
        let month = word(&look(&player, "conversion d 1")[0], "total");
        prop_assert_eq!(then(&mut player, 60, "convert acme p1 d months=1"), "ok");
        prop_assert_eq!(then(&mut player, 60, "settle"), "ok");
        let again = look(&player, "byuse d").remove(0);
        prop_assert_eq!(word(&again, "of"), month, "only what was paid since");
        prop_assert_eq!(then(&mut player, 0, &format!("byuse d least={}", word(&again, "total"))), "ok");
        prop_assert_eq!(look(&player, "refunds acme").len(), 2);
        let audit = store.read(|tx| audit::audit(tx, &player.desk)).unwrap();
        prop_assert!(audit.differences.is_empty(), "{:?}", audit.differences);
    }
}
