//! Changes of any options at any instant: what is quoted is what is billed, nothing moves but that, and the books are whole.
//!
//! In:  a server, what it is changed into, when. Out: the bill, the deadline and the balance; an audit that finds nothing.
//! Source: R-CHG-1 to R-CHG-3, R-ORD-1, R-TIM-7.

use crate::support::parse;
use desk::audit;
use play::step::View;
use play::{Played, Player};
use proptest::prelude::*;
use server::cli::simulate::play;
use store::Store;

const SERVER: &str = "server charge=prepaid region=guangzhou zone=guangzhou-1";
const TYPES: [&str; 4] = ["S1.SMALL1", "S2.MEDIUM4", "S5.SMALL2", "S5.LARGE8"];

fn look(player: &Player<'_>, text: &str) -> Vec<String> {
    let mut words = text.split(' ').map(str::to_string);
    let view = View { what: words.next().unwrap(), args: words.collect() };
    player.look(&view).unwrap_or_else(|refusal| panic!("{text}: {refusal}"))
}

fn story<'a>(store: &'a Store, text: &str) -> (Player<'a>, Played) {
    play(store, &parse("changes", text)).unwrap()
}

/// Plays one line more, now, and gives what came of it.
fn then(player: &mut Player<'_>, line: &str) -> String {
    let line = format!("{} {line}\n", player.desk.calendar.print(player.now));
    player.play(&parse("then", &line), &mut |_, _| {}).unwrap().steps[0].code.to_string()
}

fn clean(store: &Store, player: &Player<'_>) {
    let audit = store.read(|tx| audit::audit(tx, &player.desk)).unwrap();
    assert!(audit.differences.is_empty(), "{:?}", audit.differences);
}

fn fen(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn what_is_quoted_is_what_is_billed(
        months in prop::sample::select(vec![1_u32, 3, 6, 12, 24]), minutes in 0_u32..27 * 24 * 60, contract in 1_u32..101,
        from in prop::sample::select(&TYPES[..]), to in prop::sample::select(&TYPES[..]), disks in prop::array::uniform2(0_u32..40),
        mbps in prop::array::uniform2(1_u32..9),
    ) {
        let text = format!(
            "2026-02-10 15:00:00 account acme contract={}.{:02}\ntopup acme 1000000.00\nbuy acme web {SERVER} months={months} type={from} \
             network=bandwidth bandwidth={} data_disk={}\n+{minutes}m settle\n",
            contract / 100, contract % 100, mbps[0], disks[0] * 10,
        );
        let store = Store::memory().unwrap();
        let (mut player, _) = story(&store, &text);
        let before = (look(&player, "resource web"), look(&player, "balance acme"));
        let options = format!("type={to} bandwidth={} data_disk={}", mbps[1], disks[1] * 10);
        let args = format!("web {options}").split(' ').map(str::to_string).collect();
        let view = View { what: "change".into(), args };
        match player.look(&view) {
            Ok(quoted) => {
                let total = quoted[0].split(' ').nth(1).unwrap().to_string();
                prop_assert_eq!(then(&mut player, &format!("change acme c1 web {options} quoted={total}")), "ok");
                let bills = look(&player, "bills acme prepaid_change");
                prop_assert!(bills.len() == 1 && bills[0].ends_with(&format!(" {total}")), "{bills:?} of {total}");
                prop_assert_eq!(look(&player, "resource web"), before.0);
                prop_assert_eq!(look(&player, "option web type"), vec![to.to_string()]);
                prop_assert_eq!(fen(&look(&player, "balance acme")[0]), fen(&before.1[0]) - fen(&total));
                prop_assert_eq!(then(&mut player, &format!("change acme c2 web {options}")), "nothing_changed");
            }
            Err(refusal) => {
                prop_assert_eq!(refusal.code(), "nothing_changed");
                prop_assert_eq!(then(&mut player, &format!("change acme c1 web {options}")), refusal.code());
                prop_assert_eq!((look(&player, "resource web"), look(&player, "balance acme")), before);
            }
        }
        clean(&store, &player);
    }
}
