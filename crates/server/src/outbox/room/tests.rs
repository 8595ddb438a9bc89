//! Tests of who gets how much room.

use super::*;
use units::{AccountId, MessageId, Timestamp};

fn endpoint(owner: u32, number: u32) -> EndpointId {
    EndpointId::named(Timestamp::UNIX_EPOCH, &format!("{owner} {number}"))
}

fn account(number: u32) -> Owner {
    Owner::Account(AccountId::named(Timestamp::UNIX_EPOCH, &number.to_string()))
}

/// So many messages to one endpoint of `owner`, which is the cloud where it is 0.
fn due(owner: u32, number: u32, count: usize) -> Vec<DueMessage> {
    let message = |at: usize| DueMessage {
        id: MessageId::named(Timestamp::UNIX_EPOCH, &format!("{owner} {number} {at}")),
        endpoint: endpoint(owner, number),
        owner: if owner == 0 { Owner::Cloud } else { account(owner) },
        due: Timestamp::UNIX_EPOCH,
    };
    (0..count).map(message).collect()
}

fn to(it: &DueMessage) -> To {
    To { endpoint: it.endpoint, owner: it.owner }
}

fn count(all: &[DueMessage], owner: Owner) -> usize {
    all.iter().filter(|it| it.owner == owner).count()
}

#[test]
fn twenty_receivers_of_one_customer_leave_room_for_others() {
    let (fine, own) = (HashSet::new(), account(1));
    let mut all: Vec<DueMessage> = (0..20).flat_map(|it| due(1, it, 4)).collect();
    all.extend(due(2, 0, 4));
    all.extend(due(0, 0, 4));
    let admitted = Traffic::default().admitted(all.clone(), &fine);
    assert_eq!((count(&admitted, own), count(&admitted, account(2))), (8, 4));
    assert_eq!(count(&admitted, Owner::Cloud), 4);
    // While these hang, nothing more of theirs goes, and others do.
    let hanging = || admitted.iter().filter(|it| it.owner == own).map(to);
    let more = Traffic::of(hanging(), &fine).admitted(all, &fine);
    assert_eq!((count(&more, own), count(&more, account(2)), count(&more, Owner::Cloud)), (0, 4, 4));
}

#[test]
fn what_failed_waits_among_its_likes_one_at_a_time() {
    let ailing: HashSet<EndpointId> =
        (1..=10).flat_map(|it| (0..20).map(move |no| endpoint(it, no))).collect();
    let mut all: Vec<DueMessage> =
        (1..=10).flat_map(|it| (0..20).flat_map(move |no| due(it, no, 4))).collect();
    // A sound endpoint of a customer who has others that failed has a share like everybody.
    all.extend(due(1, 99, 4));
    all.extend(due(11, 0, 4));
    all.extend(due(0, 0, 4));
    let admitted = Traffic::default().admitted(all, &ailing);
    let of_ailing: Vec<EndpointId> =
        admitted.iter().map(|it| it.endpoint).filter(|it| ailing.contains(it)).collect();
    let apart: HashSet<&EndpointId> = of_ailing.iter().collect();
    assert_eq!((of_ailing.len(), apart.len()), (16, 16));
    // Four that failed and the sound one; four that failed.
    assert_eq!((count(&admitted, account(1)), count(&admitted, account(2))), (8, 4));
    assert_eq!((count(&admitted, account(11)), count(&admitted, Owner::Cloud)), (4, 4));
}

#[test]
fn no_room_is_overfilled() {
    let all: Vec<DueMessage> = (1..=100).flat_map(|it| due(it, 0, 4)).chain(due(0, 0, 100)).collect();
    let admitted = Traffic::default().admitted(all, &HashSet::new());
    assert_eq!(admitted.len() - count(&admitted, Owner::Cloud), 48);
    assert_eq!(count(&admitted, Owner::Cloud), 4);
}
