//! What becomes of money and pieces, whatever the split, the number of pieces and those that come.

use super::*;
use crate::payment::limits::Limits;
use crate::wallet::Wallet;
use proptest::prelude::*;
use units::{AccountId, BookId, Currency, OrderId};

fn cny(minor: i64) -> Money {
    Money::from_minor(minor, Currency::CNY)
}

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

fn payment() -> PaymentId {
    PaymentId::named(now(), "payment")
}

fn order(totals: &[i64]) -> Order {
    let piece = |(number, total): (usize, &i64)| Piece {
        voucher: Money::zero(Currency::CNY),
        resource: ResourceId::named(now(), &format!("piece {number}")),
        total: cny(*total),
        card: cny(0),
        held: Purses::none(Currency::CNY),
        state: PieceState::Waiting,
    };
    Order {
        id: OrderId::named(now(), "order"),
        account: AccountId::named(now(), "shop"),
        group: "purchase".into(),
        action: crate::order::Action::New,
        product: "server".into(),
        options: crate::options::Options::default(),
        had: None,
        months: 12,
        days: 0,
        raise: None,
        month: None,
        name: String::new(),
        service: None,
        book: BookId::named(now(), "book"),
        terms: crate::rate::Terms::default(),
        offered: None,
        becomes: crate::quote::Becomes::Resource,
        state: order::State::Unpaid,
        created: now(),
        expires: Timestamp::MAX,
        list: cny(totals.iter().sum()),
        total: cny(totals.iter().sum()),
        freeze: cny(0),
        pieces: totals.iter().enumerate().map(piece).collect(),
    }
}

fn wallet(cash: i64, bonus: i64) -> Wallet {
    let free = Purses::new(cny(bonus), cny(cash), cny(0)).unwrap();
    Wallet::new(AccountId::named(now(), "shop"), free, Purses::none(Currency::CNY), cny(0)).unwrap()
}

/// Source: R-PAY-2, the example: 300.00 frozen, 207.96 by card; declined, both are undone.
#[test]
fn declined_both_are_undone() {
    let mut passbook = Passbook::new(wallet(30_000, 0), now());
    let waiting = submit(
        order(&[50_796]),
        Share { payment: payment(), amount: cny(20_796), step: cny(1) },
        &mut passbook,
        now(),
    )
    .unwrap();
    assert_eq!(waiting.state, order::State::Paying);
    assert_eq!(passbook.wallet().available(), cny(0));
    let unpaid = declined(waiting, payment(), &mut passbook).unwrap();
    assert_eq!(unpaid, order(&[50_796]));
    assert_eq!(*passbook.wallet(), wallet(30_000, 0));
    assert!(passbook.is_explained());
}

#[test]
fn what_holds_money_while_it_runs_is_not_paid_by_card() {
    let mut passbook = Passbook::new(wallet(100, 0), now());
    let holding = Order { freeze: cny(42), ..order(&[100]) };
    let refused =
        submit(holding, Share { payment: payment(), amount: cny(100), step: cny(1) }, &mut passbook, now());
    assert_eq!(refused, Err(OrderError::HoldsNeedBalance));
    assert!(passbook.transfers().is_empty());
}

proptest! {
    /// Every fen of an order is frozen, the card's, or free again; and the card is charged its share in what came: a multiple of what
    /// the gateway charges, with one fen at a time or ten.
    #[test]
    fn every_fen_has_one_place(
        totals in prop::collection::vec(1_i64..100_000, 1..6),
        bonus in 0_i64..50_000,
        own in 0_i64..=1000,
        comes in prop::collection::vec(any::<bool>(), 6),
        step in prop::sample::select(vec![1_i64, 10]),
    ) {
        let total: i64 = totals.iter().sum();
        let limits = Limits { least: cny(step), step: cny(step) };
        let room = split::room(&totals.iter().map(|it| cny(*it)).collect::<Vec<_>>(), limits).unwrap();
        let card = limits.up(cny(total - total * own / 1000)).unwrap().checked_min(room).unwrap().minor();
        let of_wallet = total - card;
        let before = wallet(of_wallet, bonus);
        let mut passbook = Passbook::new(before, now());
        let waiting = submit(order(&totals), Share { payment: payment(), amount: cny(card), step: cny(step) }, &mut passbook, now()).unwrap();
        for piece in &waiting.pieces {
            let parts = piece.held.total().checked_add(piece.card).unwrap();
            prop_assert_eq!(parts, piece.total);
            prop_assert!(piece.held.is_sound() && !piece.card.is_negative());
            prop_assert_eq!(piece.card.minor() % step, 0);
        }
        let mut paid = authorised(waiting).unwrap();
        let pieces: Vec<_> = paid.pieces.iter().map(|it| (it.resource, it.card)).collect();
        let mut expected = 0;
        for (at, (resource, share)) in pieces.iter().enumerate() {
            let still_waits = due(&paid).unwrap();
            prop_assert!(still_waits.is_none() || !paid.pieces.iter().any(|it| it.state == PieceState::Waiting));
            if comes[at] {
                paid = arrive(paid, *resource).unwrap();
                prop_assert!(arrive(paid.clone(), *resource).is_err(), "a piece arrives once");
                expected += share.minor();
            } else {
                paid = order::fail(paid, *resource, &mut passbook).unwrap();
            }
        }
        prop_assert_eq!(due(&paid).unwrap(), Some(cny(expected)));
        if expected > 0 {
            passbook.card_paid(cny(expected), 1).unwrap();
        }
        let funded = funded(paid).unwrap();
        for piece in funded.pieces.iter().filter(|it| it.state == PieceState::Arrived) {
            prop_assert_eq!(piece.held.total(), piece.total);
        }
        let held = Purses::sum(funded.pieces.iter().map(|it| it.held), Currency::CNY).unwrap();
        prop_assert_eq!(held, passbook.wallet().frozen());
        let came: i64 = funded.pieces.iter().filter(|it| it.state == PieceState::Arrived).map(|it| it.total.minor()).sum();
        let left = passbook.wallet().available().minor();
        prop_assert_eq!(left + came, of_wallet + bonus + expected);
        prop_assert!(passbook.is_explained());
    }
}
