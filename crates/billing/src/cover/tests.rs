//! The sweep against the figures of the rules, and against a reference that goes second by second.

use super::*;
use proptest::prelude::*;
use units::Timestamp;

fn id(number: i64) -> ResourceId {
    ResourceId::named(Timestamp::from_second(number).unwrap(), "r")
}

fn pack(number: i64, left: u64, effective: i64, expires: i64) -> Supply {
    let id = PackId::named(Timestamp::from_second(number).unwrap(), "p");
    Supply { id, capacity: left, left, effective, from: effective, expires, bought: number, marks: vec![0] }
}

fn demand(number: i64, from: i64, to: i64, rate: u64) -> Demand {
    Demand { created: number, resource: id(number), from, to, rate }
}

const DAY: i64 = 86_400;
const HOUR: u64 = 3_600;

/// Source: S3 and R-PKG-6: two containers empty a pack of 720 h in 15 days.
#[test]
fn two_containers_share_a_pack() {
    let found =
        cover(&[demand(1, 0, 30 * DAY, 1), demand(2, 0, 30 * DAY, 1)], &[pack(1, 720 * HOUR, 0, 30 * DAY)]);
    assert_eq!(found.covered, [360 * HOUR, 360 * HOUR]);
    assert_eq!(found.crossings[0].at, 15 * DAY);
}

/// Source: R-PKG-11: 370 285 full seconds, then five of seven.
#[test]
fn the_last_partial_second_serves_the_oldest() {
    let seven: Vec<Demand> = (1..=7).map(|it| demand(it, 0, 30 * DAY, 1)).collect();
    let found = cover(&seven, &[pack(1, 720 * HOUR, 0, 30 * DAY)]);
    assert_eq!(found.covered, [370_286, 370_286, 370_286, 370_286, 370_286, 370_285, 370_285]);
    assert_eq!(found.crossings[0].at, 370_286);
}

/// Source: R-PKG-12: A is empty on the 16th, C has 672 h left when May ends.
#[test]
fn the_pack_that_expires_first_is_used_first() {
    let packs = [pack(1, 1440 * HOUR, 0, 60 * DAY), pack(2, 720 * HOUR, 0, 30 * DAY)];
    let found = cover(&[demand(1, 0, 31 * DAY, 1), demand(2, 0, 31 * DAY, 1)], &packs);
    assert_eq!(found.left, [672 * HOUR, 0]);
    assert_eq!(found.crossings[0].at, 15 * DAY);
}

/// Two packs of three seconds' worth and a half: in the fourth second, which both cover, the older of two has the first one's half.
#[test]
fn in_a_second_of_two_packs_the_oldest_has_the_first() {
    let two = [demand(1, 0, 10, 1), demand(2, 0, 10, 1)];
    let packs = [pack(2, 7, 0, 2 * DAY), pack(1, 7, 0, DAY)];
    assert_eq!(by_pack(&two, &packs), [[3, 4], [4, 3]]);
    assert_eq!(cover(&two, &packs).covered, [7, 7]);
}

/// Source: R-PKG-12. A month was closed after both began: the one that began earlier goes first, whichever was bought
/// earlier.
#[test]
fn what_is_left_to_settle_does_not_decide() {
    let of = |number, began| Supply { from: 31 * DAY, ..pack(number, 720 * HOUR, began, 60 * DAY) };
    let one = [demand(1, 31 * DAY, 41 * DAY, 1)];
    assert_eq!(cover(&one, &[of(1, 30 * DAY), of(2, 0)]).left, [720 * HOUR, 480 * HOUR]);
    assert_eq!(cover(&one, &[of(1, 0), of(2, 30 * DAY)]).left, [480 * HOUR, 720 * HOUR]);
    // Of those that began together, the one that was bought earlier.
    assert_eq!(cover(&one, &[of(2, 0), of(1, 0)]).left, [720 * HOUR, 480 * HOUR]);
}

/// Second by second, as the rule is written.
fn reference(demands: &[Demand], packs: &[Supply]) -> (Vec<u64>, Vec<u64>) {
    let (mut covered, mut left) =
        (vec![0; demands.len()], packs.iter().map(|it| it.left).collect::<Vec<u64>>());
    let mut order: Vec<usize> = (0..packs.len()).collect();
    order.sort_by_key(|it| (packs[*it].expires, packs[*it].effective, packs[*it].bought, packs[*it].id));
    let mut oldest: Vec<usize> = (0..demands.len()).collect();
    oldest.sort_by_key(|it| (demands[*it].created, demands[*it].resource, *it));
    for second in 0..210 {
        let valid: Vec<usize> = order
            .iter()
            .copied()
            .filter(|it| packs[*it].from <= second && second < packs[*it].expires)
            .collect();
        for at in &oldest {
            if demands[*at].from <= second && second < demands[*at].to {
                let mut need = demands[*at].rate;
                for pack in &valid {
                    let units = left[*pack].min(need);
                    left[*pack] -= units;
                    covered[*at] += units;
                    need -= units;
                }
            }
        }
    }
    (covered, left)
}

prop_compose! {
    fn any_demand()(number in 1_i64..50, from in 0_i64..150, length in 0_i64..60, rate in 1_u64..30) -> Demand {
        demand(number, from, from + length, rate)
    }
}

prop_compose! {
    fn any_pack()(
        number in 1_i64..50,
        left in 0_u64..2_000,
        effective in 0_i64..150,
        length in 1_i64..100,
        settled in prop_oneof![Just(0_i64), 0_i64..150],
    ) -> Supply {
        // Some begin in one second or end in one, and of some a part is settled.
        let effective = effective / 10 * 10;
        let expires = effective + (length + 19) / 20 * 20;
        Supply { from: effective.max(settled).min(expires), ..pack(number, left, effective, expires) }
    }
}

proptest! {
    #[test]
    fn the_sweep_agrees_with_the_reference(demands in prop::collection::vec(any_demand(), 0..8), packs in prop::collection::vec(any_pack(), 0..5)) {
        let found = cover(&demands, &packs);
        let (covered, left) = reference(&demands, &packs);
        prop_assert_eq!(&found.covered, &covered);
        prop_assert_eq!(&found.left, &left);
        let taken: u64 = packs.iter().map(|it| it.left).sum::<u64>() - left.iter().sum::<u64>();
        prop_assert_eq!(taken, covered.iter().sum::<u64>());
    }

    /// Whose units they are is found by one sweep: what is covered with a pack and those before its turn, and not without it.
    /// Source: R-PKG-12.
    #[test]
    fn a_pack_covers_what_is_covered_with_it_and_not_without_it(demands in prop::collection::vec(any_demand(), 0..8), packs in prop::collection::vec(any_pack(), 0..5)) {
        let found = by_pack(&demands, &packs);
        let mut turns: Vec<usize> = (0..packs.len()).collect();
        turns.sort_by_key(|it| packs[*it].turn());
        let (mut before, mut own) = (vec![0_u64; demands.len()], Vec::new());
        for at in turns {
            own.push(packs[at].clone());
            let (covered, _) = reference(&demands, &own);
            let by: Vec<u64> = covered.iter().zip(&before).map(|(with, without)| with - without).collect();
            prop_assert_eq!(&found[at], &by);
            before = covered;
        }
        prop_assert_eq!(before, cover(&demands, &packs).covered);
    }

    /// A pack takes what those before its turn leave: with these alone it covers what it covers among all. Source: R-PKG-12.
    #[test]
    fn those_that_come_later_take_nothing_of_the_first(demands in prop::collection::vec(any_demand(), 0..8), packs in prop::collection::vec(any_pack(), 0..5)) {
        let mut packs = packs;
        packs.sort_by_key(Supply::turn);
        let all = cover(&demands, &packs);
        let mut before = vec![0_u64; demands.len()];
        for (number, pack) in packs.iter().enumerate() {
            let found = cover(&demands, &packs[..=number]);
            prop_assert!(found.covered.iter().zip(&before).all(|(with, without)| with >= without));
            let own = found.covered.iter().sum::<u64>() - before.iter().sum::<u64>();
            prop_assert_eq!(own, pack.left - all.left[number]);
            before = found.covered;
        }
        prop_assert_eq!(before, all.covered);
    }
}
