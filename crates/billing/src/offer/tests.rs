//! The time of an offer, its steps, and what is ordered by it. Prices are tried with real books: `scenarios/tests/together/offers.rs`.

use super::*;
use crate::quote::Wish;
use units::Currency;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn yuan(fen: i64) -> Money {
    Money::from_minor(fen, Currency::CNY)
}

fn offer() -> Offer {
    let account = AccountId::named(at(0), "acme");
    let wish = Wish { product: "container-pack".into(), quantity: 2, ..Wish::default() };
    let item = Item { wish, ..Item::default() };
    let one = OfferedItem { item, rate_e8: 90_000_000, list: yuan(20_000), total: yuan(18_000) };
    Offer {
        id: OfferId::named(at(0), "one"),
        account,
        request: None,
        book: BookId::named(at(0), "book"),
        items: vec![one.clone(), one],
        note: String::new(),
        state: State::Open,
        created: at(0),
        until: at(100),
        ended: None,
        reason: String::new(),
    }
}

#[test]
fn an_offer_that_nobody_took_in_time_has_expired() {
    assert_eq!(offer().state_at(at(99)), State::Open);
    assert_eq!(offer().state_at(at(100)), State::Expired);
    assert!(offer().on(Event::Accept, at(100)).is_err());
    let accepted = offer().on(Event::Accept, at(99)).unwrap();
    assert_eq!((accepted.state_at(at(200)), accepted.ended), (State::Accepted, Some(at(99))));
    assert!(accepted.on(Event::Withdraw, at(100)).is_err());
}

#[test]
fn what_is_ordered_carries_the_rate_of_its_offer() {
    let (it, items) = (offer(), offer().items());
    let offered = Offered { offer: it.id, book: it.book, rate_e8: 90_000_000 };
    assert!(items.iter().all(|it| it.offered == Some(offered)));
    assert_eq!((it.total().unwrap(), it.list().unwrap()), (yuan(36_000), yuan(40_000)));
    assert!(it.token().len() <= 64, "a token has at most 64 characters");
}

#[test]
fn an_offer_holds_for_a_while_and_not_for_ever() {
    let day = 86_400;
    assert_eq!(until(at(1), at(0)), Ok(at(1)));
    assert_eq!(until(at(366 * day), at(0)), Ok(at(366 * day)));
    for wrong in [at(0), at(366 * day + 1)] {
        assert_eq!(until(wrong, at(0)), Err(OfferError::Until));
    }
    assert_eq!(note(" 720 h ").unwrap(), "720 h");
    assert_eq!(note(&"x".repeat(LONGEST_NOTE + 1)), Err(OfferError::Note));
}
