//! Every currency: its code, its digits, and sums in it.

use super::*;
use crate::money::{AMOUNT_DIGITS, Amount, Money};
use proptest::prelude::*;
use std::sync::LazyLock;

/// Every code of three capital letters that is a currency.
static ALL: LazyLock<Vec<Currency>> = LazyLock::new(|| {
    let letters = || (b'A'..=b'Z').map(char::from);
    let codes =
        letters().flat_map(|one| letters().flat_map(move |two| letters().map(move |it| [one, two, it])));
    codes.filter_map(|it| Currency::parse(&it.iter().collect::<String>()).ok()).collect()
});

fn why(code: &str) -> String {
    Currency::parse(code).and_then(Currency::active).unwrap_err().to_string()
}

/// Source: ISO 4217, list one of 2026-01-01: 155 currencies that people pay with.
#[test]
fn the_list_is_that_of_iso_4217() {
    let active: Vec<Currency> = ALL.iter().copied().filter(|it| it.active().is_ok()).collect();
    assert_eq!(active.len(), 155);
    let with = |digits: u32| -> String {
        let of: Vec<&str> =
            active.iter().filter(|it| it.minor_digits() == digits).map(|it| it.as_str()).collect();
        of.join(" ")
    };
    assert_eq!(with(0), "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF");
    assert_eq!(with(3), "BHD IQD JOD KWD LYD OMR TND");
    assert_eq!(with(1), "");
    assert!(active.is_sorted() && active.contains(&Currency::CNY) && active.contains(&Currency::USD));
}

#[test]
fn what_is_no_currency_says_why() {
    assert!(why("XAU").contains("no minor unit"), "{}", why("XAU"));
    assert!(why("XTS").contains("no minor unit"), "{}", why("XTS"));
    assert!(why("XAD").contains("no minor unit"), "{}", why("XAD"));
    assert!(why("CLF").contains("a fund"), "{}", why("CLF"));
    assert!(why("UYW").contains("a fund"), "{}", why("UYW"));
    assert!(why("BGN").contains("write EUR"), "{}", why("BGN"));
    assert!(why("cny").contains("capital letters"), "{}", why("cny"));
    assert!(why("").contains("ISO 4217"), "{}", why(""));
    assert!(Currency::parse("VES").unwrap().active().is_ok());
}

/// What was stored in a currency stays readable after it was superseded.
#[test]
fn a_currency_that_was_superseded_is_still_read() {
    assert_eq!(Money::parse("12.34", Currency::parse("HRK").unwrap()).unwrap().minor(), 1_234);
}

#[test]
fn the_two_that_need_no_search_are_as_listed() {
    for it in [Currency::CNY, Currency::USD] {
        assert_eq!((listed(it.as_str()), Currency::parse(it.as_str())), (Ok(it), Ok(it)));
    }
}

/// Source: R-MON-2. Half a minor unit goes away from zero, whatever the digits: 0.5 yen, 0.005 yuan, 0.0005 dinars.
#[test]
fn every_currency_is_rounded_once_to_its_own_digits() {
    for currency in ALL.iter().copied() {
        let unit = Money::from_minor(1, currency).to_amount().e8();
        assert_eq!(unit * i128::from(currency.minor_per_major()), 10_i128.pow(AMOUNT_DIGITS), "{currency}");
        let rounded = |e8: i128| Amount::from_e8(e8, currency).round().unwrap().minor();
        let half = unit / 2;
        assert_eq!(
            [rounded(half - 1), rounded(half), rounded(-half), rounded(unit + half)],
            [0, 1, -1, 2],
            "{currency}"
        );
    }
}

#[track_caller]
fn rounds(text: &str, code: &str, expected: &str) {
    let amount = Amount::parse(text, Currency::parse(code).unwrap()).unwrap();
    assert_eq!(amount.round().unwrap().to_string(), expected, "{text} {code}");
}

#[test]
fn yen_and_dinars_by_hand() {
    rounds("12.49999999", "JPY", "12");
    rounds("12.5", "JPY", "13");
    rounds("-12.5", "JPY", "-13");
    rounds("0.0005", "KWD", "0.001");
    rounds("1.2344", "KWD", "1.234");
    let yen = Currency::parse("JPY").unwrap();
    assert_eq!(Money::parse("1.5", yen), Err(MoneyError::TooFine { text: "1.5".into(), places: 0 }));
    assert_eq!(Money::parse("1.0", yen).unwrap().minor(), 1);
    let short = |text: &str, code: &str| Amount::parse(text, Currency::parse(code).unwrap()).unwrap().short();
    let all = [short("12", "JPY"), short("0.5", "JPY"), short("0.4", "CNY"), short("0.4", "KWD")];
    assert_eq!(all, ["12", "0.5", "0.40", "0.400"]);
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(at in any::<prop::sample::Index>(), minor in any::<i64>()) {
        let money = Money::from_minor(minor, *at.get(&ALL));
        prop_assert_eq!(Money::parse(&money.to_string(), money.currency()), Ok(money));
        prop_assert_eq!(money.to_amount().round(), Ok(money));
        prop_assert_eq!(Currency::parse(money.currency().as_str()), Ok(money.currency()));
    }

    #[test]
    fn parts_of_any_currency_add_up(
        at in any::<prop::sample::Index>(), minor in 0_i64..1_000_000_000, parts in 1_usize..9,
    ) {
        let money = Money::from_minor(minor, *at.get(&ALL));
        let sum = Money::sum(money.split(&vec![1; parts]), money.currency());
        prop_assert_eq!(sum, Ok(money));
    }
}
