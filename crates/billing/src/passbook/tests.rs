//! Passbooks against the figures of the rules, and conservation under any movements.

use super::*;
use proptest::prelude::*;
use units::Currency;

fn at() -> Timestamp {
    Timestamp::from_second(1_780_000_000).unwrap()
}

fn fen(minor: i64) -> Money {
    Money::from_minor(minor, Currency::Cny)
}

fn purses(bonus: i64, cash: i64, income: i64) -> Purses {
    Purses::of_minor([bonus, cash, income], Currency::Cny).unwrap()
}

fn passbook(cash: i64, bonus: i64) -> Passbook {
    let mut it = Passbook::new(Wallet::empty(AccountId::named(at(), "a"), Currency::Cny), at());
    it.top_up(fen(bonus), Purse::Bonus, 1).unwrap();
    it.top_up(fen(cash), Purse::Cash, 2).unwrap();
    it
}

fn bill(number: i64) -> BillId {
    BillId::named(at(), &number.to_string())
}

fn held(name: &str) -> Reason {
    Reason::Freeze(FreezeId::named(at(), name))
}

/// Source: R-WAL-1, R-WAL-2.
#[test]
fn what_is_frozen_is_not_available_and_not_gone() {
    let mut it = passbook(10_000, 2_000);
    it.freeze(fen(51), held("f")).unwrap();
    assert_eq!(it.wallet().available(), fen(11_949));
    assert_eq!(it.wallet().balance(), fen(12_000));
    assert_eq!(it.wallet().frozen(), purses(51, 0, 0));
}

/// Source: R-WAL-4.
#[test]
fn a_top_up_clears_debt_first() {
    let mut it = passbook(0, 0);
    it.settle(fen(320), bill(1)).unwrap();
    assert_eq!(it.wallet().owed(), fen(320));
    it.top_up(fen(10_000), Purse::Cash, 3).unwrap();
    assert_eq!((it.wallet().owed(), it.wallet().free()), (fen(0), purses(0, 9_680, 0)));
}

/// Source: R-PAY-4.
#[test]
fn one_fen_too_little_is_refused_and_nothing_moves() {
    let mut it = passbook(50_795, 0);
    let before = *it.wallet();
    let refused = it.freeze(fen(50_796), held("f")).unwrap_err();
    assert_eq!(refused, Insufficient { available: fen(50_795), needed: fen(50_796) }.into());
    assert_eq!(refused.to_string(), "507.95 is available, 507.96 is needed");
    assert_eq!(*it.wallet(), before);
}

/// Source: section 20 on R-FRZ-2: cash 1.64, freezes 0.42 + 0.42, bills 0.42 and 1.22 leave nothing and owe nothing.
#[test]
fn freezes_are_thawed_before_bills_are_taken() {
    let mut it = passbook(164, 0);
    let frozen = it.freeze(fen(84), held("f")).unwrap();
    let before = it.wallet().frozen();
    it.thaw(frozen).unwrap();
    it.settle(fen(42), bill(1)).unwrap();
    it.settle(fen(122), bill(2)).unwrap();
    assert_eq!(it.refreeze(fen(42)).unwrap(), purses(0, 0, 0));
    it.post_net(before, FreezeId::named(at(), "n")).unwrap();
    assert_eq!((it.wallet().balance(), it.wallet().owed()), (fen(0), fen(0)));
    assert!(it.is_explained());
}

/// Source: R-FRZ-2.
#[test]
fn a_freeze_is_taken_again_up_to_what_is_there() {
    let mut it = passbook(100, 0);
    let frozen = it.freeze(fen(51), held("f")).unwrap();
    it.thaw(frozen).unwrap();
    it.settle(fen(51), bill(1)).unwrap();
    let frozen = [30, 21].map(|target| it.refreeze(fen(target)).unwrap());
    assert_eq!(frozen, [purses(0, 30, 0), purses(0, 19, 0)]);
    frozen.into_iter().for_each(|held| it.thaw(held).unwrap());
    it.settle(fen(51), bill(2)).unwrap();
    assert_eq!(it.wallet().owed(), fen(2));
}

/// A wallet holds what fits one sum, frozen and free; one fen more is refused and nothing moves.
#[test]
fn a_wallet_is_as_large_as_a_sum() {
    let mut it = passbook(i64::MAX - 5, 2);
    it.freeze(fen(1_000), held("f")).unwrap();
    it.top_up(fen(3), Purse::Income, 3).unwrap();
    assert_eq!(it.wallet().balance(), fen(i64::MAX));
    let before = it.wallet;
    assert_eq!(it.top_up(fen(1), Purse::Cash, 4), Err(MoneyError::Overflow));
    assert_eq!((it.wallet, it.is_explained()), (before, true));
    let dollars = Money::from_minor(1, Currency::Usd);
    assert_eq!(it.top_up(dollars, Purse::Cash, 5), Err(MoneyError::Currency(Currency::Cny, Currency::Usd)));
    assert_eq!(it.settle(dollars, bill(1)), Err(MoneyError::Currency(Currency::Usd, Currency::Cny)));
}

#[test]
fn a_debt_is_as_large_as_a_sum() {
    let mut it = passbook(0, 0);
    it.settle(fen(i64::MAX), bill(1)).unwrap();
    assert_eq!(it.settle(fen(1), bill(2)), Err(MoneyError::Overflow));
    assert_eq!(it.wallet().balance(), fen(-i64::MAX));
}

#[test]
fn nothing_is_taken_that_is_not_frozen() {
    let mut it = passbook(100, 0);
    it.freeze(fen(50), held("f")).unwrap();
    let before = it.wallet;
    assert_eq!(it.capture(purses(0, 51, 0), bill(1)), Err(MoneyError::BelowZero));
    assert_eq!(it.release(purses(1, 0, 0), held("f"), 1), Err(MoneyError::BelowZero));
    assert_eq!(it.thaw(purses(0, 51, 0)), Err(MoneyError::BelowZero));
    assert_eq!(it.wallet, before);
}

proptest! {
    #[test]
    fn balances_are_their_transfers_and_never_negative(steps in prop::collection::vec((0_u8..7, 0_i64..5_000), 1..40)) {
        let mut it = passbook(1_000, 300);
        let mut holds: Vec<Purses> = Vec::new();
        for (number, (step, sum)) in steps.into_iter().enumerate() {
            let (name, reason) = (number as u128 + 10, held(&number.to_string()));
            match step {
                0 => it.top_up(fen(sum), Purse::Cash, name).unwrap(),
                1 => it.top_up(fen(sum), Purse::Bonus, name).unwrap(),
                2 => { it.settle(fen(sum), bill(number as i64)).unwrap(); }
                3 => { it.settle(fen(-sum), bill(number as i64)).unwrap(); }
                4 => { if let Ok(held) = it.freeze(fen(sum), reason) { holds.push(held); } }
                5 => { if let Some(held) = holds.pop() { it.release(held, reason, name).unwrap(); } }
                _ => { if let Some(held) = holds.pop() { it.capture(held, bill(number as i64)).unwrap(); } }
            }
            let wallet = *it.wallet();
            prop_assert!(wallet.free().is_sound() && wallet.frozen().is_sound() && !wallet.owed().is_negative());
            prop_assert!(wallet.owed().is_zero() || wallet.free().total().is_zero());
            prop_assert_eq!(Money::sum(holds.iter().map(Purses::total), Currency::Cny).unwrap(), wallet.frozen().total());
            prop_assert!(it.is_explained());
        }
    }
}
