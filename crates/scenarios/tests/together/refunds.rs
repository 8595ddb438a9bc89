//! Refunds at any instant of a life, of any price, renewals and purses: what goes back is what was quoted, never more than was paid,
//! and every sum adds up.
//!
//! In:  a server with renewals, an upgrade and credits, money of two kinds, an instant. Out: its refund, and an audit that finds nothing.
//! Source: R-REF-1 to R-REF-4, R-MON-7; issue 14, properties.

use crate::support::parse;
use desk::audit;
use play::step::View;
use play::{Played, Player};
use proptest::prelude::*;
use server::cli::simulate::play;
use store::Store;
use units::{Currency, Money};

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
    play(store, &parse("refunds", text)).unwrap()
}

fn minor(text: &str) -> i64 {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |it| (-1, it));
    sign * Money::parse(text, Currency::CNY).unwrap().minor()
}

/// The figure behind a word of a line.
fn figure(line: &str, word: &str) -> i64 {
    let mut words = line.split(' ').skip_while(|it| *it != word);
    minor(words.nth(1).unwrap_or_else(|| panic!("no {word} in {line}")))
}

/// 1e-8 of the costs of the lines behind the first.
fn costs(lines: &[String]) -> i128 {
    let amount = |it: &String| {
        units::Amount::parse(it.split(' ').nth(1).unwrap().trim_start_matches('-'), Currency::CNY)
    };
    let sign = |it: &String| if it.contains(" -") { -1 } else { 1 };
    lines.iter().map(|it| sign(it) * amount(it).unwrap().e8()).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_more_goes_back_than_was_paid_and_every_sum_adds_up(
        months in prop::sample::select(vec![1_u32, 3, 6, 12]), renewals in prop::collection::vec(prop::sample::select(vec![1_u32, 6]), 0..3),
        bonus in 0_u32..60_000, credit in 0_u32..5_000, mbps in 0_u32..8, contract in 50_u32..101,
        second in 0_u32..200 * 86_400, first in any::<bool>(), upgraded in any::<bool>(),
    ) {
        let network = if mbps > 0 { format!(" network=bandwidth bandwidth={mbps}") } else { String::new() };
        let mut text = format!(
            "2026-02-10 15:00:00 account acme contract={}.{:02}\ntopup acme 100000.00\n", contract / 100, contract % 100,
        );
        if first {
            text += &format!("buy acme early {SERVER} months=1\nrefund early\n");
        }
        if bonus > 0 {
            text += &format!("topup acme {}.{:02} to=bonus\n", bonus / 100, bonus % 100);
        }
        text += &format!("buy acme web {SERVER} months={months}{network}\n");
        if credit > 0 {
            let number = if first { 3 } else { 1 };
            text += &format!("correct credit acme {number} {}.{:02} reason=ours\n", credit / 100, credit % 100);
        }
        for (number, it) in renewals.iter().enumerate() {
            text += &format!("renew acme r{number} web months={it}\n");
        }
        if upgraded {
            text += &format!("+{}s change acme up web type=S2.MEDIUM4\n", second / 4);
        }
        text += &format!("+{second}s settle\n");
        let store = Store::memory().unwrap();
        let (mut player, _) = story(&store, &text);
        let before = figure(&look(&player, "wallet acme")[0], "available");
        let now = player.desk.calendar.print(player.now);
        let quoted = { let view = View { what: "refund".into(), args: vec!["web".into()] }; player.look(&view) };
        let played = player.play(&parse("refund", &format!("{now} refund web\n")), &mut |_, _| {}).unwrap();
        let code = played.steps[0].code.as_str();
        match quoted {
            Err(refusal) => {
                prop_assert_eq!(code, refusal.code());
                prop_assert!(["refund_expired", "resource_state_refused"].contains(&code), "{code}");
            }
            Ok(lines) => {
                prop_assert_eq!(code, "ok");
                let (total, paid) = (figure(&lines[0], "total"), figure(&lines[0], "of"));
                prop_assert!(0 <= total && total <= paid, "{lines:?}");
                let split = ["bonus", "cash", "owed"].map(|it| figure(&lines[0], it));
                prop_assert_eq!(split.iter().sum::<i64>(), total);
                prop_assert!(split.iter().all(|it| *it >= 0));
                let exact = units::Amount::from_e8(-costs(&lines[1..]), Currency::CNY).round().unwrap();
                prop_assert_eq!(exact.minor(), total, "{:?}", lines);
                let bills = look(&player, "bills acme refund web");
                let said = Money::from_minor(-total, Currency::CNY).to_string();
                prop_assert!(bills.len() == 1 && bills[0].ends_with(&format!(" {said}")), "{bills:?} of {said}");
                prop_assert_eq!(figure(&look(&player, "wallet acme")[0], "available"), before + total);
            }
        }
        clean(&store, &player);
    }
}

/// Of two orders for the same server what is left of a refund is never negative, however a year is cut.
#[test]
fn what_goes_back_never_grows_while_it_runs() {
    let text =
        format!("2026-02-10 15:00:00 account acme\ntopup acme 1000.00\nbuy acme web {SERVER} months=12\n");
    let store = Store::memory().unwrap();
    let (mut player, _) = story(&store, &text);
    let mut before = i64::MAX;
    for day in 0..27 {
        let total = figure(&look(&player, "refund web")[0], "total");
        assert!(total <= before, "day {day}: {total} after {before}");
        before = total;
        let now = player.desk.calendar.print(player.now);
        player.play(&parse("on", &format!("{now} settle\n+1d settle\n")), &mut |_, _| {}).unwrap();
    }
}
