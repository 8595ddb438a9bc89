//! Wallets against the figures of the rules, and conservation under any movements.

use super::*;
use proptest::prelude::*;

fn at() -> Timestamp {
    Timestamp::from_second(1_780_000_000).unwrap()
}

fn till(cash: i64, bonus: i64) -> Till {
    let account = AccountId::named(at(), "a");
    let mut till = Till::new(Wallet::empty(account, Currency::Cny), at());
    till.top_up(bonus, Purse::Bonus, 1);
    till.top_up(cash, Purse::Cash, 2);
    till
}

fn bill(number: i64) -> BillId {
    BillId::named(at(), &number.to_string())
}

/// Source: R-WAL-1, R-WAL-2.
#[test]
fn what_is_frozen_is_not_available_and_not_gone() {
    let mut till = till(10_000, 2_000);
    till.freeze(51, Reason::Freeze(FreezeId::named(at(), "f"))).unwrap();
    assert_eq!(till.wallet.available(), 11_949);
    assert_eq!(till.wallet.balance(), 12_000);
    assert_eq!(till.wallet.frozen, Purses { bonus: 51, cash: 0, income: 0 });
}

/// Source: R-WAL-4.
#[test]
fn a_top_up_clears_debt_first() {
    let mut till = till(0, 0);
    till.charge(320, bill(1));
    assert_eq!(till.wallet.owed, 320);
    till.top_up(10_000, Purse::Cash, 3);
    assert_eq!((till.wallet.owed, till.wallet.free.cash), (0, 9_680));
}

/// Source: R-PAY-4.
#[test]
fn one_fen_too_little_is_refused_and_nothing_moves() {
    let mut till = till(50_795, 0);
    let before = till.wallet;
    let refused = till.freeze(50_796, Reason::Freeze(FreezeId::named(at(), "f")));
    assert_eq!(refused, Err(Insufficient { available: 50_795, needed: 50_796 }));
    assert_eq!(till.wallet, before);
}

/// Source: section 20 on R-FRZ-2: cash 1.64, freezes 0.42 + 0.42, bills 0.42 and 1.22 leave nothing and owe nothing.
#[test]
fn freezes_are_thawed_before_bills_are_taken() {
    let mut till = till(164, 0);
    let held = till.freeze(84, Reason::Freeze(FreezeId::named(at(), "f"))).unwrap();
    let before = till.wallet.frozen;
    till.thaw(held);
    till.charge(42, bill(1));
    till.charge(122, bill(2));
    assert_eq!(till.refreeze(42).total(), 0);
    till.post_net(before, FreezeId::named(at(), "n"));
    assert_eq!((till.wallet.balance(), till.wallet.owed), (0, 0));
}

/// Source: R-FRZ-2.
#[test]
fn a_freeze_is_taken_again_up_to_what_is_there() {
    let mut till = till(100, 0);
    let held = till.freeze(51, Reason::Freeze(FreezeId::named(at(), "f"))).unwrap();
    till.thaw(held);
    till.charge(51, bill(1));
    let held = till.refreeze(51);
    assert_eq!(held.total(), 49);
    till.thaw(held);
    till.charge(51, bill(2));
    assert_eq!(till.wallet.owed, 2);
}

/// What the transfers say, purse by purse.
fn replay(transfers: &[Transfer], purse: Purse) -> i64 {
    let sign = |it: &Transfer| i64::from(it.credit == purse) - i64::from(it.debit == purse);
    transfers.iter().map(|it| sign(it) * it.minor).sum()
}

proptest! {
    #[test]
    fn balances_are_their_transfers_and_never_negative(steps in prop::collection::vec((0_u8..6, 0_i64..5_000), 1..40)) {
        let mut till = till(1_000, 300);
        let mut holds: Vec<Purses> = Vec::new();
        for (number, (step, sum)) in steps.into_iter().enumerate() {
            let name = FreezeId::named(at(), &number.to_string());
            match step {
                0 => till.top_up(sum, Purse::Cash, number as u128 + 10),
                1 => till.top_up(sum, Purse::Bonus, number as u128 + 10),
                2 => { till.charge(sum, bill(number as i64)); }
                3 => { if let Ok(held) = till.freeze(sum, Reason::Freeze(name)) { holds.push(held); } }
                4 => { if let Some(held) = holds.pop() { till.release(held, Reason::Freeze(name), number as u128); } }
                _ => { if let Some(held) = holds.pop() { till.capture(held, bill(number as i64)); } }
            }
            let wallet = till.wallet;
            for kind in wallet.free.kinds().into_iter().chain(wallet.frozen.kinds()).chain([wallet.owed]) {
                prop_assert!(kind >= 0);
            }
            prop_assert!(wallet.owed == 0 || wallet.free.total() == 0);
            prop_assert_eq!(holds.iter().map(Purses::total).sum::<i64>(), wallet.frozen.total());
        }
        let wallet = till.wallet;
        for ((free, frozen), (minor, held)) in Purses::KINDS.into_iter().zip(wallet.free.kinds().into_iter().zip(wallet.frozen.kinds())) {
            prop_assert_eq!(replay(&till.transfers, free), minor);
            prop_assert_eq!(replay(&till.transfers, frozen), held);
        }
        prop_assert_eq!(replay(&till.transfers, Purse::Owed), -wallet.owed);
    }
}
