//! Tests of how many may wait, without a node.

use super::*;

fn call(account: AccountId) -> Waiting<u32, ()> {
    Waiting { account, call: 0, back: oneshot::channel().0 }
}

fn account(number: usize) -> AccountId {
    AccountId::named(units::Timestamp::UNIX_EPOCH, &number.to_string())
}

fn refused(lane: &Lane<u32, ()>, account: AccountId) -> Option<&'static str> {
    lane.enter(call(account)).err().map(|it| it.code.as_str())
}

#[test]
fn what_one_account_sends_does_not_fill_the_lane() {
    let lane: Lane<u32, ()> = Lane::new("test");
    for _ in 0..WAITING_OF_ACCOUNT {
        assert_eq!(refused(&lane, account(0)), None);
    }
    assert_eq!(refused(&lane, account(0)), Some("busy"));
    assert_eq!(refused(&lane, account(1)), None);
    // One call of each account has its turn; then there is room for another.
    assert_eq!(lane.next().len(), 2);
    assert_eq!(refused(&lane, account(0)), None);
    assert_eq!(refused(&lane, account(0)), Some("busy"));
}

#[test]
fn no_more_wait_than_the_lane_takes() {
    let lane: Lane<u32, ()> = Lane::new("test");
    for number in 0..WAITING {
        assert_eq!(refused(&lane, account(number)), None);
    }
    assert_eq!(refused(&lane, account(WAITING)), Some("busy"));
    assert_eq!(lane.next().len(), TOGETHER);
    for number in 0..TOGETHER {
        assert_eq!(refused(&lane, account(WAITING + number)), None);
    }
    assert_eq!(refused(&lane, account(0)), Some("busy"));
}
