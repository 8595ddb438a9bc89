//! Passbooks against the figures of the rules, and conservation under any movements.

use super::*;
use proptest::prelude::*;
use units::Currency;

fn at() -> Timestamp {
    Timestamp::from_second(1_780_000_000).unwrap()
}

fn fen(minor: i64) -> Money {
    Money::from_minor(minor, Currency::CNY)
}

fn purses(bonus: i64, cash: i64, income: i64) -> Purses {
    Purses::of_minor([bonus, cash, income], Currency::CNY).unwrap()
}

fn passbook(cash: i64, bonus: i64) -> Passbook {
    let mut it = Passbook::new(Wallet::empty(AccountId::named(at(), "a"), Currency::CNY), at());
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
    let dollars = Money::from_minor(1, Currency::USD);
    assert_eq!(it.top_up(dollars, Purse::Cash, 5), Err(MoneyError::Currency(Currency::CNY, Currency::USD)));
    assert_eq!(it.settle(dollars, bill(1)), Err(MoneyError::Currency(Currency::USD, Currency::CNY)));
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

/// What `sum` of credit gives back of `paid` and `owed`, over a debt: bonus, cash, income, debt.
fn credited(sum: i64, paid: Purses, owed: i64, debt: i64) -> [i64; 4] {
    let mut it = passbook(0, 0);
    it.settle(fen(debt), bill(1)).unwrap();
    let back = it.credit(fen(sum), Paid::new(paid, fen(owed)).unwrap(), bill(2)).unwrap();
    assert!(it.is_explained());
    let [bonus, cash, income] = back.purses().kinds().map(|it| -it.minor());
    assert_eq!(it.wallet().free(), purses(bonus, cash, income));
    assert_eq!(it.wallet().owed(), fen(debt + back.owed().minor()));
    [bonus, cash, income, -back.owed().minor()]
}

/// Source: section 22 on R-SET-5; R-REF-4: 362.60 over cash 200.00 and bonus 207.96 is 177.76 and 184.84 (R-MON-7).
#[test]
fn a_credit_goes_back_to_where_it_came_from() {
    assert_eq!(credited(36_260, purses(20_796, 20_000, 0), 0, 0), [18_484, 17_776, 0, 0]);
    assert_eq!(credited(1_000, purses(4_000, 6_000, 0), 0, 0), [400, 600, 0, 0]);
    assert_eq!(credited(100, purses(0, 50, 50), 0, 0), [0, 50, 50, 0]);
    // Debt comes first, and only what is left goes back.
    assert_eq!(credited(1_000, purses(4_000, 6_000, 0), 0, 400), [240, 360, 0, 400]);
    assert_eq!(credited(300, purses(4_000, 6_000, 0), 0, 400), [0, 0, 0, 300]);
    // What was owed when it was billed is paid by now, in cash.
    assert_eq!(credited(400, purses(500, 0, 0), 500, 0), [200, 200, 0, 0]);
    assert_eq!(credited(400, purses(0, 0, 0), 500, 0), [0, 400, 0, 0]);
    // An earlier credit paid 30.00 of a debt: what is left of 100.00 is 50.00, still four to six.
    assert_eq!(credited(5_000, purses(3_200, 4_800, 0), -3_000, 0), [2_000, 3_000, 0, 0]);
}

/// Source: section 22 on R-SET-5, "at most what was paid for that cycle".
#[test]
fn a_credit_is_at_most_what_was_paid() {
    assert_eq!(credited(1_001, purses(400, 600, 0), 0, 0), [400, 600, 0, 0]);
    assert_eq!(credited(1_000, purses(400, 600, 0), 0, 5_000), [0, 0, 0, 1_000]);
    assert_eq!(credited(1, purses(0, 0, 0), 0, 0), [0, 0, 0, 0]);
    assert_eq!(credited(1, purses(10, 0, 0), -20, 7), [0, 0, 0, 0]);
    let mut it = passbook(0, 0);
    let paid = Paid::new(purses(1, 0, 0), fen(0)).unwrap();
    assert_eq!(it.credit(fen(-1), paid, bill(1)), Err(MoneyError::BelowZero));
    let dollars = Money::from_minor(1, Currency::USD);
    assert_eq!(it.credit(dollars, paid, bill(1)), Err(MoneyError::Currency(Currency::USD, Currency::CNY)));
}

/// 51.00 were owed; what paid them gets them back: bonus as bonus, also by parts. Source: R-REF-4.
#[test]
fn what_granted_money_paid_of_a_debt_comes_back_as_granted_money() {
    let mut it = passbook(0, 0);
    let paid = it.settle(fen(5_100), bill(1)).unwrap();
    it.top_up(fen(5_100), Purse::Bonus, 3).unwrap();
    let back = it.credit(fen(5_100), paid, bill(2)).unwrap();
    assert_eq!((back.purses(), back.owed()), (purses(-5_100, 0, 0), fen(0)));
    assert_eq!(it.wallet().free(), purses(5_100, 0, 0));
    assert!(it.is_explained());

    // 10.00 of cash, 41.00 owed, of which bonus pays 20.00 and cash 21.00. 20.00 back: 3.92 of cash and 16.08 of what was owed.
    let mut it = passbook(1_000, 0);
    let paid = it.settle(fen(5_100), bill(1)).unwrap();
    it.top_up(fen(2_000), Purse::Bonus, 3).unwrap();
    it.top_up(fen(2_100), Purse::Cash, 4).unwrap();
    let back = it.credit(fen(2_000), paid, bill(2)).unwrap();
    assert_eq!(it.wallet().free(), purses(1_608, 392, 0));
    // Bonus got back 16.08 of what was owed: 41.00 - 16.08 = 24.92 is left of that.
    let left = paid.checked_add(back).unwrap().netted().unwrap();
    assert_eq!((left.purses(), left.owed()), (purses(0, 608, 0), fen(2_492)));
    it.credit(fen(3_100), left, bill(3)).unwrap();
    assert_eq!(it.wallet().free(), purses(2_000, 3_100, 0));
    assert!(it.is_explained());
}

/// What is still owed of a bill goes first; and bonus that goes back into another debt paid that. Source: R-REF-4, R-WAL-4.
#[test]
fn what_is_owed_goes_first_and_bonus_pays_as_bonus() {
    let mut it = passbook(0, 0);
    let paid = it.settle(fen(5_100), bill(1)).unwrap();
    it.top_up(fen(3_000), Purse::Bonus, 3).unwrap();
    let back = it.credit(fen(5_100), paid, bill(2)).unwrap();
    assert_eq!((back.purses(), back.owed()), (purses(-3_000, 0, 0), fen(-2_100)));

    let mut it = passbook(0, 5_100);
    let first = it.settle(fen(5_100), bill(1)).unwrap();
    let second = it.settle(fen(5_100), bill(2)).unwrap();
    let back = it.credit(fen(5_100), first, bill(3)).unwrap();
    assert_eq!((back.purses(), back.owed()), (purses(0, 0, 0), fen(-5_100)));
    it.credit(fen(5_100), second, bill(4)).unwrap();
    assert_eq!(it.wallet().free(), purses(5_100, 0, 0));
    assert!(it.is_explained());
}

proptest! {
    /// Money comes in, bills are paid or owed and go back whole or in parts, in any order: no more cash and no more bonus comes back
    /// than was paid in. A part goes back where nothing is owed, since a part of a bill that pays another is cut to the fen. Source: R-REF-4.
    #[test]
    fn no_purse_gets_back_more_than_was_paid_in(steps in prop::collection::vec((0_u8..5, 0_i64..3_000, any::<prop::sample::Index>()), 1..60)) {
        let mut it = passbook(0, 0);
        let (mut cash, mut bonus) = (0, 0);
        let mut bills: Vec<Paid> = Vec::new();
        for (number, (step, sum, which)) in steps.into_iter().enumerate() {
            let (name, id) = (number as u128 + 10, bill(number as i64));
            let chosen = (!bills.is_empty()).then(|| which.index(bills.len()));
            match (step, chosen) {
                (0, _) => { it.top_up(fen(sum), Purse::Cash, name).unwrap(); cash += sum; }
                (1, _) => { it.top_up(fen(sum), Purse::Bonus, name).unwrap(); bonus += sum; }
                (3, Some(chosen)) => {
                    let whole = bills.swap_remove(chosen);
                    let back = it.credit(whole.total(), whole, id).unwrap();
                    prop_assert_eq!(back.total().minor(), -whole.total().minor());
                }
                (4, Some(chosen)) if it.wallet().owed().is_zero() => {
                    let back = it.credit(fen(sum), bills[chosen], id).unwrap();
                    bills[chosen] = bills[chosen].checked_add(back).unwrap();
                }
                _ => bills.push(it.settle(fen(sum), id).unwrap()),
            }
            let free = it.wallet().free();
            prop_assert!(free.cash().minor() <= cash && free.bonus().minor() <= bonus, "{free:?} of {cash} and {bonus}");
            prop_assert!(it.is_explained());
        }
    }

    /// A bill is paid, the purses change, and credits give it back by and by: never more than was paid, of each purse
    /// no more than it paid (a debt counts as cash), to the fen all that was asked for as long as there is some left.
    #[test]
    fn credits_give_back_what_was_paid_and_no_more(
        had in (0_i64..900, 0_i64..900),
        sum in 1_i64..2_000,
        later in (0_i64..900, 0_i64..900),
        credits in prop::collection::vec(0_i64..900, 1..6),
    ) {
        let mut it = passbook(had.0, had.1);
        let paid = it.settle(fen(sum), bill(0)).unwrap();
        it.settle(fen(later.0), bill(1)).unwrap();
        it.top_up(fen(later.1), Purse::Cash, 3).unwrap();
        let (mut so_far, most) = (paid, paid.purses().checked_add(Purses::in_purse(Purse::Cash, paid.owed())).unwrap());
        for (at, asked) in credits.into_iter().enumerate() {
            let (before, debt) = (*it.wallet(), it.wallet().owed());
            let back = it.credit(fen(asked), so_far, bill(2 + at as i64)).unwrap();
            let moved = back.total().minor();
            prop_assert_eq!(-moved, asked.min(so_far.total().minor()));
            prop_assert_eq!(-back.owed().minor(), debt.minor().min(-moved));
            prop_assert_eq!(it.wallet().balance().minor(), before.balance().minor() - moved);
            so_far = so_far.checked_add(back).unwrap();
            prop_assert!(!so_far.total().is_negative());
            let returned = paid.purses().checked_sub(so_far.purses()).unwrap();
            prop_assert!(returned.is_sound() && most.checked_sub(returned).unwrap().is_sound());
            prop_assert!(it.wallet().owed().is_zero() || it.wallet().free().total().is_zero());
            prop_assert!(it.is_explained());
        }
    }

    /// The parts are in the ratio of what was paid, none off by a fen or more (R-MON-7).
    #[test]
    fn credits_keep_the_ratio(kinds in (0_i64..9_000, 0_i64..9_000, 0_i64..9_000), sum in 0_i64..30_000) {
        let whole = kinds.0 + kinds.1 + kinds.2;
        let back = credited(sum, purses(kinds.0, kinds.1, kinds.2), 0, 0);
        for (part, weight) in back.into_iter().zip([kinds.0, kinds.1, kinds.2]) {
            prop_assert!((part * whole - sum.min(whole) * weight).abs() < whole.max(1));
        }
    }

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
            prop_assert_eq!(Money::sum(holds.iter().map(Purses::total), Currency::CNY).unwrap(), wallet.frozen().total());
            prop_assert!(it.is_explained());
        }
    }
}

/// 100.00 of cash, 60.00 of which go to a card; 0.80 are owed when it is refused. Source: R-REF-4, R-WAL-4.
#[test]
fn cash_on_its_way_to_a_card_is_nobodys_until_it_is_there_or_back() {
    let id = CardRefundId::named(at(), "card");
    let mut it = passbook(10_000, 2_000);
    let before = *it.wallet();
    assert_eq!(it.to_card(fen(10_001), id), Err(MoneyError::BelowZero), "bonus goes to no card");
    assert_eq!(*it.wallet(), before);
    it.to_card(fen(6_000), id).unwrap();
    assert_eq!(it.wallet().free(), purses(2_000, 4_000, 0));

    let mut there = it.clone();
    there.card_took(fen(6_000), id);
    assert_eq!(there.wallet(), it.wallet());
    let last = there.transfers().last().unwrap();
    assert_eq!((last.debit, last.credit, last.money), (Purse::Clearing, Purse::Bank, fen(6_000)));
    assert!(there.is_explained());

    it.settle(fen(6_080), bill(1)).unwrap();
    assert_eq!(it.wallet().owed(), fen(80));
    it.card_refused(fen(6_000), id).unwrap();
    assert_eq!((it.wallet().owed(), it.wallet().free()), (fen(0), purses(0, 5_920, 0)));
    assert!(it.is_explained());
    let ids: std::collections::BTreeSet<_> = it.transfers().iter().map(|it| it.id).collect();
    assert_eq!(ids.len(), it.transfers().len(), "each movement has an id of its own");
}
