//! The whole table of steps; what is asked next; who pays what.

use super::limits::Limits;
use super::split::{Means, of_card, room, shares};
use super::*;
use crate::made;
use units::Currency;

#[test]
fn every_state_against_every_event() {
    let table = made::table(&State::ALL, &Event::ALL, State::as_str, |state, event| state.on(event).ok());
    assert_eq!(table, include_str!("steps.txt"));
}

fn cny(minor: i64) -> Money {
    Money::from_minor(minor, Currency::CNY)
}

fn payment(state: State, intent: Option<&str>, tries: u32) -> Payment {
    let now = Timestamp::UNIX_EPOCH;
    Payment {
        id: PaymentId::named(now, "payment"),
        account: AccountId::named(now, "shop"),
        kind: Kind::Order,
        group: "purchase".into(),
        card: CardId::named(now, "card"),
        customer: "cus_1".into(),
        method: "pm_1".into(),
        money: cny(20_796),
        taken: cny(10_000),
        refunded: cny(0),
        state,
        intent: intent.map(str::to_string),
        reason: None,
        tries,
        due: Some(now),
        created: now,
        changed: now,
    }
}

/// Source: R-PAY-2, the example; shares: three pieces of 507.96 with 300.00 of balance.
#[test]
fn the_balance_comes_first_and_the_card_pays_the_rest() {
    let total = cny(50_796);
    let card = |available, means| of_card(total, cny(available), means).unwrap().minor();
    assert_eq!(card(30_000, Means::BalanceThenCard), 20_796);
    assert_eq!(card(50_796, Means::BalanceThenCard), 0);
    assert_eq!(card(-1, Means::BalanceThenCard), 50_796);
    assert_eq!(card(30_000, Means::Card), 50_796);
    assert_eq!(card(30_000, Means::Balance), 0);
    assert_eq!(shares(cny(122_388), &[total; 3], cny(1)), [cny(40_796); 3]);
    let odd = [cny(615), cny(619)];
    let of = Limits { least: cny(10), step: cny(10) };
    assert_eq!(room(&odd, of), Ok(cny(1_220)));
    assert_eq!(shares(cny(1_220), &odd, of.step), [cny(610); 2]);
    assert_eq!(shares(cny(30), &odd, of.step), [cny(20), cny(10)]);
}

#[test]
fn what_was_begun_is_looked_at_before_it_is_done_again() {
    let next = |state, intent, tries| payment(state, intent, tries).next();
    assert_eq!(next(State::Created, None, 0), Some(Call::Authorise));
    assert_eq!(next(State::Created, None, 1), Some(Call::Find));
    assert_eq!(next(State::Created, Some("pi_1"), 1), Some(Call::Look));
    assert_eq!(next(State::Challenged, Some("pi_1"), 0), Some(Call::Look));
    assert_eq!(next(State::Capturing, Some("pi_1"), 0), Some(Call::Capture(cny(10_000))));
    assert_eq!(next(State::Capturing, Some("pi_1"), 1), Some(Call::Look));
    assert_eq!(next(State::Releasing, Some("pi_1"), 0), Some(Call::Cancel));
    assert_eq!(next(State::Declined, None, 0), Some(Call::Find));
    for over in [State::Held, State::Captured, State::Released, State::Failed, State::Lost] {
        assert_eq!(next(over, Some("pi_1"), 0), None);
    }
}

fn said(status: Status) -> Answer {
    Answer::Said(Said { intent: "pi_1".into(), status, money: cny(20_796), reason: None })
}

#[test]
fn another_sum_or_another_name_is_not_believed() {
    let ours = payment(State::Created, Some("pi_1"), 1);
    assert!(ours.noted(&said(Status::Authorised)).is_ok());
    let other = |intent: &str, money| {
        Answer::Said(Said { intent: intent.into(), status: Status::Authorised, money, reason: None })
    };
    assert!(matches!(ours.noted(&other("pi_1", cny(1))), Err(Unheard::Sum { .. })));
    let dollars = Money::from_minor(20_796, Currency::USD);
    assert!(matches!(ours.noted(&other("pi_1", dollars)), Err(Unheard::Sum { .. })));
    assert!(matches!(ours.noted(&other("pi_2", cny(20_796))), Err(Unheard::Name { .. })));
}

#[test]
fn a_card_whose_holder_is_not_there_is_not_asked_for_a_proof() {
    let attended = payment(State::Created, None, 0);
    assert_eq!(attended.event(&said(Status::Challenged)), Some(Event::Challenge));
    let alone = Payment { kind: Kind::Automatic, ..attended };
    assert_eq!(alone.event(&said(Status::Challenged)), Some(Event::Decline));
}

/// Whatever the gateway says in whatever state, what follows is a step that the state takes.
#[test]
fn what_follows_from_an_answer_is_a_step_of_the_table() {
    let all = [
        Status::Open,
        Status::Challenged,
        Status::Authorised,
        Status::Refused,
        Status::Paid,
        Status::Cancelled,
    ];
    for state in State::ALL {
        let answers = all.map(said).into_iter().chain([
            Answer::Nothing,
            Answer::Refused("card_declined".into()),
            Answer::Silent("away".into()),
        ]);
        for answer in answers {
            let of = payment(state, Some("pi_1"), 1);
            if let Some(event) = of.event(&answer) {
                assert!(state.on(event).is_ok(), "{state:?} {answer:?} {event:?}");
                assert_eq!(of.resumed(&answer), None, "{state:?} {answer:?}");
            }
        }
    }
}

/// A state that waits for somebody ends: the gateway that was away charges nothing an hour later.
#[test]
fn what_nobody_agreed_to_in_time_is_given_up() {
    let after = |seconds: u64| Timestamp::from_second(i64::try_from(seconds).unwrap()).unwrap();
    for state in State::ALL {
        let waits = matches!(state, State::Created | State::Challenged);
        let of = payment(state, Some("pi_1"), 1);
        assert!(!of.is_over(after(CHALLENGE_SECONDS - 1)), "{state:?}");
        assert_eq!(of.is_over(after(CHALLENGE_SECONDS)), waits, "{state:?}");
        assert!(!waits || state.on(Event::Release).is_ok(), "{state:?}");
    }
}

/// Given up while the gateway is being asked: what that comes to is looked for after the claim, or a sum would be kept for ever.
#[test]
fn what_is_given_up_while_it_is_asked_for_is_looked_for_later() {
    let asked = payment(State::Created, None, 1);
    assert_eq!(asked.pause_after(Event::Release), CLAIM_SECONDS);
    assert_eq!(asked.pause_after(Event::Authorise), 0);
    assert_eq!(payment(State::Created, None, 0).pause_after(Event::Release), 0);
    assert_eq!(payment(State::Created, None, 1).pause_after(Event::Challenge), LOOK_SECONDS);
    const { assert!(CALL_SECONDS < CLAIM_SECONDS) };
}
