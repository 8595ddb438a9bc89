//! Bandwidth raised for any days: what is quoted is billed, the forecast says when it begins and ends, so it happens, and renewals cost what they
//! cost without it.
//!
//! In:  a server, how much more, which days. Out: the bill, the options day by day, an audit that finds nothing.
//! Source: R-NET-3, R-ORD-1, R-REN-1.

use crate::support::parse;
use crate::support::plays::owner;
use billing::ahead::Coming;
use billing::story::What;
use desk::ahead::{self, Look};
use desk::audit;
use play::Player;
use play::step::View;
use proptest::prelude::*;
use server::cli::simulate::play;
use store::Store;
use units::Timestamp;

fn look(player: &Player<'_>, text: &str) -> Vec<String> {
    let mut words = text.split(' ').map(str::to_string);
    let view = View { what: words.next().unwrap(), args: words.collect() };
    player.look(&view).unwrap_or_else(|refusal| panic!("{text}: {refusal}"))
}

/// Plays one line more at `when`, and gives what came of it.
fn then(player: &mut Player<'_>, when: &str, line: &str) -> String {
    let played = player.play(&parse("then", &format!("{when} {line}\n")), &mut |_, _| {}).unwrap();
    played.steps[0].code.to_string()
}

/// When it is foretold to become another.
fn foretold(store: &Store, player: &Player<'_>) -> Vec<Timestamp> {
    let account = owner(store, "acme");
    let at = player.desk.at(player.now);
    let told = store.read(|tx| ahead::alone(tx, at, account, Look::forecast(99))).unwrap();
    let changes =
        told.steps.iter().filter(|it| matches!(it.coming, Coming::Resource { what: What::Changed, .. }));
    changes.map(|it| it.at).collect()
}

fn fen(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn it_is_raised_on_its_days_for_what_was_quoted(
        minutes in 0_u32..10 * 24 * 60, first in 1_i64..20, days in 1_i64..30, had in 1_u32..9, more in 1_u32..9, contract in 50_u32..101,
    ) {
        let text = format!(
            "2026-02-10 15:00:00 account acme contract={}.{:02}\ntopup acme 1000000.00\nbuy acme web server charge=prepaid \
             region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=bandwidth bandwidth={had} months=3\n+{minutes}m settle\n",
            contract / 100, contract % 100,
        );
        let store = Store::memory().unwrap();
        let (mut player, _) = play(&store, &parse("raises", &text)).unwrap();
        let calendar = player.desk.calendar.clone();
        let today = calendar.day_number(player.now).unwrap();
        let date = |number: i64| calendar.date_of(number).unwrap();
        let (from, last, end) = (date(today + first), date(today + first + days - 1), date(today + first + days));
        let options = format!("bandwidth={} from={from} until={last}", had + more);
        let (balance, renewal) = (fen(&look(&player, "balance acme")[0]), look(&player, "renewal web"));
        let quoted = look(&player, &format!("change web {options}"));
        prop_assert!(quoted[0].contains(&format!(" for {days} days from {from} 00:00:00 until {end} 00:00:00")), "{quoted:?}");
        let total = quoted[0].split(' ').nth(1).unwrap().to_string();
        let now = calendar.print(player.now);
        prop_assert_eq!(then(&mut player, &now, &format!("change acme c1 web {options} quoted={total}")), "ok");
        let bills = look(&player, "bills acme prepaid_change");
        prop_assert!(bills.len() == 1 && bills[0].ends_with(&format!(" {total}")), "{bills:?} of {total}");
        prop_assert_eq!(fen(&look(&player, "balance acme")[0]), balance - fen(&total));
        let instant = |date: &str| calendar.parse(date).unwrap();
        prop_assert_eq!(foretold(&store, &player), vec![instant(&from), instant(&end)]);
        prop_assert_eq!(look(&player, "option web bandwidth"), vec![had.to_string()]);

        prop_assert_eq!(then(&mut player, &from, "settle"), "ok");
        prop_assert_eq!(look(&player, "option web bandwidth"), vec![(had + more).to_string()]);
        prop_assert_eq!(look(&player, "renewal web"), renewal);
        prop_assert_eq!(foretold(&store, &player), vec![instant(&end)]);
        prop_assert_eq!(then(&mut player, &from, "change acme c2 web network=traffic"), "raise_waits");

        prop_assert_eq!(then(&mut player, &end, "settle"), "ok");
        prop_assert_eq!(look(&player, "option web bandwidth"), vec![had.to_string()]);
        prop_assert!(foretold(&store, &player).is_empty());
        prop_assert_eq!(fen(&look(&player, "balance acme")[0]), balance - fen(&total));
        let audit = store.read(|tx| audit::audit(tx, &player.desk)).unwrap();
        prop_assert!(audit.differences.is_empty(), "{:?}", audit.differences);
    }
}
