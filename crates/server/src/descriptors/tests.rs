//! How much room there is under which limit.

use super::{connections, raise};

#[test]
fn what_is_kept_is_at_most_half_and_room_has_an_end() {
    let room = [0, 64, 256, 512, 1_024, 1_048_576].map(connections);
    assert_eq!(room, [0, 32, 128, 256, 768, 10_000]);
}

#[test]
fn the_soft_limit_is_the_hard_one_afterwards() {
    let limit = raise();
    assert_eq!(raise(), limit);
    assert!(limit > 0);
}
