//! What is a difference, and what is not.

use super::*;
use units::{AccountId, CardId, Currency};

fn cny(minor: i64) -> Money {
    Money::from_minor(minor, Currency::CNY)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn ours(state: State) -> Payment {
    let none = cny(0);
    Payment {
        id: PaymentId::named(at(0), "ours"),
        account: AccountId::named(at(0), "shop"),
        kind: super::super::Kind::TopUp,
        group: String::new(),
        card: CardId::named(at(0), "card"),
        customer: "cus_1".into(),
        method: "pm_1".into(),
        money: cny(1_000),
        taken: if state == State::Captured { cny(1_000) } else { none },
        refunded: none,
        state,
        intent: Some("pi_1".into()),
        reason: None,
        tries: 0,
        due: None,
        created: at(0),
        changed: at(0),
    }
}

fn theirs(intent: &str, status: Status, taken: i64) -> Listed {
    let id = PaymentId::named(at(0), "ours");
    Listed { intent: intent.into(), ours: id, status, money: cny(1_000), taken: cny(taken) }
}

/// What differs, where both go back for longer than the margin.
fn kinds(ours: &[Payment], theirs: &[Listed], now: i64) -> Vec<&'static str> {
    of(ours, theirs, (-10 * MARGIN_SECONDS, now), now)
}

fn of(ours: &[Payment], theirs: &[Listed], (since, asked): (i64, i64), now: i64) -> Vec<&'static str> {
    let listing = Listing { since: at(since), asked: at(asked), payments: theirs.to_vec() };
    let none = BTreeMap::new();
    differences(ours, &none, &listing, at(now)).iter().map(|it| it.kind.as_str()).collect()
}

#[test]
fn both_say_the_same() {
    let paid = [theirs("pi_1", Status::Paid, 1_000)];
    assert_eq!(kinds(&[ours(State::Captured)], &paid, 10_000), [""; 0]);
    assert_eq!(kinds(&[ours(State::Held)], &[theirs("pi_1", Status::Authorised, 0)], 10_000), [""; 0]);
    assert_eq!(kinds(&[ours(State::Failed)], &[theirs("pi_1", Status::Cancelled, 0)], 10_000), [""; 0]);
    assert_eq!(kinds(&[ours(State::Failed)], &[], 10_000), [""; 0]);
}

#[test]
fn each_difference_has_its_kind() {
    assert_eq!(kinds(&[], &[theirs("pi_1", Status::Paid, 1_000)], 10_000), ["unknown"]);
    assert_eq!(kinds(&[], &[theirs("pi_1", Status::Cancelled, 0)], 10_000), [""; 0]);
    assert_eq!(kinds(&[ours(State::Captured)], &[], 10_000), ["missing"]);
    assert_eq!(kinds(&[ours(State::Captured)], &[theirs("pi_1", Status::Paid, 999)], 10_000), ["sum"]);
    assert_eq!(kinds(&[ours(State::Captured)], &[theirs("pi_1", Status::Authorised, 0)], 10_000), ["state"]);
    assert_eq!(kinds(&[ours(State::Released)], &[theirs("pi_1", Status::Paid, 1_000)], 10_000), ["state"]);
    let twice = [theirs("pi_1", Status::Paid, 1_000), theirs("pi_2", Status::Authorised, 0)];
    assert_eq!(kinds(&[ours(State::Captured)], &twice, 10_000), ["twice"]);
}

#[test]
fn what_is_under_way_is_no_difference_for_a_while() {
    let held = [theirs("pi_1", Status::Authorised, 0)];
    assert_eq!(kinds(&[ours(State::Releasing)], &held, 60), [""; 0]);
    assert_eq!(kinds(&[ours(State::Releasing)], &held, 900), ["state"]);
}

/// A payment is made in the books before it is made at the gateway: what one side has of the end of the time is no difference.
#[test]
fn the_ends_of_the_time_are_no_difference() {
    let paid = [theirs("pi_1", Status::Paid, 1_000)];
    let captured = [ours(State::Captured)];
    // Made a second before the listing begins, and there a second after that.
    assert_eq!(of(&captured, &paid, (1, 10_000), 10_000), [""; 0]);
    assert_eq!(of(&captured, &[], (1, 10_000), 10_000), [""; 0]);
    assert_eq!(of(&captured, &[], (-MARGIN_SECONDS, 10_000), 10_000), ["missing"]);
    // Taken while the listing was on its way.
    let after = Payment { changed: at(5_000), ..ours(State::Captured) };
    assert_eq!(of(std::slice::from_ref(&after), &[], (-MARGIN_SECONDS, 4_999), 5_010), [""; 0]);
    assert_eq!(of(&[after], &[], (-MARGIN_SECONDS, 5_001), 5_010), ["missing"]);
}

#[test]
fn what_went_back_to_the_card_past_the_books_is_a_difference() {
    let half = [theirs("pi_1", Status::Paid, 600)];
    assert_eq!(kinds(&[ours(State::Captured)], &half, 10_000), ["sum"]);
    let refunded = Payment { refunded: cny(400), ..ours(State::Captured) };
    assert_eq!(kinds(&[refunded], &half, 10_000), [""; 0]);
}

/// 4.00 of 10.00 is on its way: it may be there or not yet, and nothing else may.
#[test]
fn what_is_on_its_way_to_the_card_may_be_there_or_not() {
    let going = Payment { refunded: cny(400), ..ours(State::Captured) };
    let on_their_way = BTreeMap::from([(going.id, cny(400))]);
    let kinds = |taken: i64, on_their_way: &BTreeMap<PaymentId, Money>| -> Vec<&'static str> {
        let (since, asked) = (at(-10 * MARGIN_SECONDS), at(10_000));
        let listing = Listing { since, asked, payments: vec![theirs("pi_1", Status::Paid, taken)] };
        let found = differences(std::slice::from_ref(&going), on_their_way, &listing, asked);
        found.iter().map(|it| it.kind.as_str()).collect()
    };
    assert_eq!(kinds(600, &on_their_way), [""; 0]);
    assert_eq!(kinds(1_000, &on_their_way), [""; 0]);
    assert_eq!(kinds(599, &on_their_way), ["sum"]);
    assert_eq!(kinds(1_001, &on_their_way), ["sum"]);
    assert_eq!(kinds(1_000, &BTreeMap::new()), ["sum"]);
}
