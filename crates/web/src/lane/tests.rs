//! Tests of how many may wait, without a node.

use super::*;

fn call(account: AccountId) -> Waiting<u32, ()> {
    waits(account, 1)
}

fn waits(owner: AccountId, weight: usize) -> Waiting<u32, ()> {
    Waiting { owner, weight, call: 0, back: oneshot::channel().0 }
}

fn account(number: usize) -> AccountId {
    AccountId::named(units::Timestamp::UNIX_EPOCH, &number.to_string())
}

fn refused(lane: &Lane<u32, ()>, account: AccountId) -> Option<&'static str> {
    lane.enter(call(account)).err().map(|it| it.code.as_str())
}

#[test]
fn what_one_account_sends_does_not_fill_the_lane() {
    let lane: Lane<u32, ()> = Lane::new("test", Bounds::ONE_BY_ONE);
    for _ in 0..Bounds::ONE_BY_ONE.of_owner {
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
    let lane: Lane<u32, ()> = Lane::new("test", Bounds::ONE_BY_ONE);
    for number in 0..Bounds::ONE_BY_ONE.waiting {
        assert_eq!(refused(&lane, account(number)), None);
    }
    assert_eq!(refused(&lane, account(Bounds::ONE_BY_ONE.waiting)), Some("busy"));
    assert_eq!(lane.next().len(), Bounds::ONE_BY_ONE.together);
    for number in 0..Bounds::ONE_BY_ONE.together {
        assert_eq!(refused(&lane, account(Bounds::ONE_BY_ONE.waiting + number)), None);
    }
    assert_eq!(refused(&lane, account(0)), Some("busy"));
}

#[test]
fn what_is_heavy_shares_a_turn_as_far_as_it_fits() {
    let bounds = Bounds { together: 10, waiting: 40, of_owner: 30, sharing: Sharing::Any, turns: 1 };
    let lane: Lane<u32, ()> = Lane::new("test", bounds);
    let enter = |owner, weight| lane.enter(waits(account(owner), weight)).is_ok();
    assert!(enter(0, 4) && enter(0, 6) && enter(0, 1), "one owner may come twice");
    assert!(enter(1, 15), "more than a turn takes is taken alone");
    assert!(!enter(0, 20), "an owner's share is full");
    assert!(!enter(2, 15), "so is the lane");
    let weights = || lane.next().iter().map(|it| it.weight).collect::<Vec<usize>>();
    assert_eq!(weights(), [4, 6]);
    assert_eq!(weights(), [1]);
    assert_eq!(weights(), [15]);
}
