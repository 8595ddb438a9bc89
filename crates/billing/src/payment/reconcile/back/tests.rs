//! What is a difference of refunds to cards, and what is not. Source: R-REF-4.

use super::*;
use units::{AccountId, Currency, RefundId};

fn cny(minor: i64) -> Money {
    Money::from_minor(minor, Currency::CNY)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn ours(state: State) -> CardRefund {
    CardRefund {
        id: CardRefundId::named(at(0), "one"),
        account: AccountId::named(at(0), "shop"),
        refund: RefundId::named(at(0), "web"),
        payment: PaymentId::named(at(0), "visa"),
        money: cny(400),
        state,
        name: Some("re_1".into()),
        reason: None,
        tries: 1,
        due: None,
        created: at(0),
        changed: at(0),
    }
}

fn theirs(name: &str, money: i64, is_good: bool) -> ListedBack {
    let (ours, payment) = (CardRefundId::named(at(0), "one"), PaymentId::named(at(0), "visa"));
    ListedBack { name: name.into(), ours, payment, money: cny(money), is_good }
}

fn kinds(ours: &[CardRefund], theirs: &[ListedBack]) -> Vec<&'static str> {
    let (since, asked) = (at(-MARGIN_SECONDS), at(10));
    let listing = ListingBack { since, asked, refunds: theirs.to_vec() };
    differences(ours, &listing).iter().map(|it| it.kind.as_str()).collect()
}

#[test]
fn both_say_the_same() {
    assert_eq!(kinds(&[ours(State::Sent)], &[theirs("re_1", 400, true)]), [""; 0]);
    assert_eq!(kinds(&[ours(State::Failed)], &[theirs("re_1", 400, false)]), [""; 0]);
    assert_eq!(kinds(&[ours(State::ToSend)], &[]), [""; 0]);
    assert_eq!(kinds(&[ours(State::ToSend)], &[theirs("re_1", 400, true)]), [""; 0]);
    assert_eq!(kinds(&[], &[theirs("re_1", 400, false)]), [""; 0]);
}

#[test]
fn each_difference_has_its_kind() {
    assert_eq!(kinds(&[], &[theirs("re_1", 400, true)]), ["unknown"]);
    assert_eq!(kinds(&[ours(State::Sent)], &[]), ["missing"]);
    // The bank gave it back to the gateway later.
    assert_eq!(kinds(&[ours(State::Sent)], &[theirs("re_1", 400, false)]), ["missing"]);
    assert_eq!(kinds(&[ours(State::Sent)], &[theirs("re_1", 399, true)]), ["sum"]);
    assert_eq!(kinds(&[ours(State::Failed)], &[theirs("re_1", 400, true)]), ["state"]);
    let twice = [theirs("re_1", 400, true), theirs("re_2", 400, true)];
    assert_eq!(kinds(&[ours(State::Sent)], &twice), ["twice"]);
}

#[test]
fn what_changed_while_it_was_asked_is_no_difference() {
    let after = CardRefund { changed: at(11), ..ours(State::Sent) };
    assert_eq!(kinds(&[after], &[]), [""; 0]);
    let before = CardRefund { created: at(-1), ..ours(State::Sent) };
    assert_eq!(kinds(&[before], &[]), [""; 0], "it was made before what is listed, and a margin");
}
