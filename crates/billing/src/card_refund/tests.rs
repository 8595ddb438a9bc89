//! Cash on its way back to a card. Source: R-REF-4.

use super::{Answer, Call, CardRefund, SEND_SECONDS, State};
use units::calendar::seconds_after;
use units::{AccountId, CardRefundId, Currency, Money, PaymentId, RefundId, Timestamp};

const BEGIN: Timestamp = Timestamp::UNIX_EPOCH;

fn after(seconds: u64) -> Timestamp {
    seconds_after(BEGIN, seconds).unwrap()
}

fn new() -> CardRefund {
    CardRefund {
        id: CardRefundId::named(BEGIN, "one"),
        account: AccountId::named(BEGIN, "acme"),
        refund: RefundId::named(BEGIN, "web"),
        payment: PaymentId::named(BEGIN, "visa"),
        money: Money::from_minor(20_796, Currency::CNY),
        state: State::ToSend,
        name: None,
        reason: None,
        tries: 0,
        due: Some(BEGIN),
        created: BEGIN,
        changed: BEGIN,
    }
}

#[test]
fn what_was_begun_is_looked_for_before_it_is_sent_again() {
    let fresh = new();
    assert_eq!(fresh.next(), Call::Send);
    let claimed = fresh.claimed(BEGIN).unwrap();
    assert_eq!(claimed.claimed(after(29)), None, "nobody else makes its call");
    // Whoever had it in hand was killed: it may be there.
    assert_eq!(claimed.next(), Call::Find);
    assert_eq!(claimed.resumed(&Answer::Nothing, after(30)), Some(Call::Send));
    assert_eq!(claimed.resumed(&Answer::Sent("re_1".into()), after(30)), None);
    assert_eq!(claimed.resumed(&Answer::Silent("away".into()), after(30)), None);
}

#[test]
fn it_ends_once() {
    let claimed = new().claimed(BEGIN).unwrap();
    let sent = claimed.heard(&Answer::Sent("re_1".into()), after(1));
    assert_eq!((sent.state, sent.name.as_deref(), sent.due), (State::Sent, Some("re_1"), None));
    assert_eq!(sent.heard(&Answer::Refused("late".into()), after(2)), sent);
    assert_eq!(sent.claimed(after(9_999)), None);
    let failed = claimed.heard(&Answer::Refused("charge_not_refundable".into()), after(1));
    assert_eq!((failed.state, failed.reason.as_deref()), (State::Failed, Some("charge_not_refundable")));
    assert_eq!(failed.heard(&Answer::Sent("re_1".into()), after(2)), failed);
}

#[test]
fn what_gets_no_answer_waits_longer_each_time() {
    let mut it = new();
    let mut waits = Vec::new();
    for _ in 0..7 {
        let now = it.due.unwrap();
        it = it.claimed(now).unwrap().heard(&Answer::Silent("away".into()), now);
        assert_eq!((it.state, it.reason.as_deref()), (State::ToSend, Some("away")));
        waits.push(it.due.unwrap().duration_since(now).as_secs());
    }
    assert_eq!(waits, [2, 5, 15, 60, 300, 900, 900]);
}

/// After three days nothing is sent any more. What is not there is the wallet's; while that is not known it is not.
#[test]
fn what_was_not_sent_in_three_days_goes_to_the_wallet_once_it_is_known_not_to_be_there() {
    let over = after(u64::try_from(SEND_SECONDS).unwrap());
    let asked = new().claimed(BEGIN).unwrap().heard(&Answer::Silent("away".into()), BEGIN);
    assert_eq!(asked.resumed(&Answer::Nothing, over), None);
    assert_eq!(asked.heard(&Answer::Silent("away".into()), over).state, State::ToSend);
    assert_eq!(asked.heard(&Answer::Nothing, over).state, State::Failed);
    assert_eq!(asked.heard(&Answer::Nothing, after(60)).state, State::ToSend);
    assert_eq!(asked.heard(&Answer::Sent("re_1".into()), over).state, State::Sent);
}
