//! Tests of counters: resets, late standings, and totals that no order changes.

use super::*;
use proptest::prelude::*;

fn grown(standings: &[(i64, u64, Counting)]) -> Vec<u64> {
    let mut history = History::default();
    standings.iter().map(|it| history.add(it.0, it.1, it.2).unwrap()).collect()
}

#[test]
fn the_first_standing_is_where_counting_begins() {
    use Counting::{Began, Standing};
    assert_eq!(grown(&[(10, 700, Standing), (20, 750, Standing), (30, 750, Standing)]), [0, 50, 0]);
    assert_eq!(grown(&[(10, 700, Began), (20, 750, Standing)]), [700, 50]);
}

#[test]
fn a_lower_value_means_that_the_counter_began_anew() {
    use Counting::{Began, Standing};
    assert_eq!(grown(&[(10, 700, Standing), (20, 30, Standing), (30, 40, Standing)]), [0, 30, 10]);
    assert_eq!(grown(&[(10, 700, Standing), (20, 900, Began)]), [0, 900]);
}

#[test]
fn a_standing_that_comes_late_adds_what_could_not_be_seen() {
    use Counting::Standing;
    // Simply grown: nothing new. 100 → 150 → 200.
    assert_eq!(grown(&[(10, 100, Standing), (30, 200, Standing), (20, 150, Standing)]), [0, 100, 0]);
    // 100 → 900 → (anew) 200: 800 + 200, of which 100 were counted.
    assert_eq!(grown(&[(10, 100, Standing), (30, 200, Standing), (20, 900, Standing)]), [0, 100, 900]);
    // 100 → (anew) 20 → 200: 20 + 180, of which 100 were counted.
    assert_eq!(grown(&[(10, 100, Standing), (30, 200, Standing), (20, 20, Standing)]), [0, 100, 100]);
    // Before the first: 40 → 100.
    assert_eq!(grown(&[(10, 100, Standing), (5, 40, Standing)]), [0, 60]);
}

#[test]
fn one_instant_has_one_value() {
    let mut history = History::default();
    assert_eq!(history.add(10, 7, Counting::Standing), Ok(0));
    assert_eq!(history.add(10, 7, Counting::Standing), Ok(0));
    assert_eq!(history.add(10, 8, Counting::Standing), Err(TwoValues(7)));
}

#[test]
fn a_standing_that_is_not_taken_after_all_is_as_if_it_never_came() {
    let mut history = History::default();
    assert_eq!(history.add(10, 7, Counting::Standing), Ok(0));
    assert_eq!(history.add(20, 9_000, Counting::Standing), Ok(8_993));
    history.forget(20);
    assert_eq!(history.add(30, 9, Counting::Standing), Ok(2));
}

#[test]
fn the_largest_values_do_not_wrap() {
    let most = i64::MAX.unsigned_abs();
    use Counting::{Began, Standing};
    assert_eq!(grown(&[(30, most, Standing), (10, most, Began)]), [0, most]);
    assert_eq!(grown(&[(30, most - 1, Standing), (10, most, Began)]), [0, u64::MAX - 2]);
}

fn total(standings: &[(i64, u64, Counting)]) -> u128 {
    let mut sorted = standings.to_vec();
    sorted.sort_by_key(|it| it.0);
    grown(&sorted).iter().map(|it| u128::from(*it)).sum()
}

proptest! {
    #[test]
    fn no_order_and_no_split_changes_the_total(
        values in prop::collection::vec((0_u64..1_000, 0_u8..4), 1..24),
        order in any::<u64>(),
    ) {
        let standings: Vec<(i64, u64, Counting)> = (0_i64..).zip(&values)
            .map(|(at, it)| (at, it.0, if it.1 == 0 { Counting::Began } else { Counting::Standing }))
            .collect();
        let mut shuffled = standings.clone();
        shuffled.sort_by_key(|it| (order.rotate_left(it.0 as u32) ^ it.1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let sum: u128 = grown(&shuffled).iter().map(|it| u128::from(*it)).sum();
        prop_assert_eq!(sum, total(&standings));

        // In two parts, the second with no more than the neighbours of what it adds.
        let (one, two) = shuffled.split_at(shuffled.len() / 2);
        let mut sum: u128 = grown(one).iter().map(|it| u128::from(*it)).sum();
        let mut stored: BTreeMap<i64, (u64, Counting)> = one.iter().map(|it| (it.0, (it.1, it.2))).collect();
        for it in two {
            let mut near = History::default();
            let around = stored.range(..it.0).next_back().into_iter().chain(stored.range(it.0..).next());
            around.for_each(|(at, (value, counting))| near.known(*at, *value, *counting));
            sum += u128::from(near.add(it.0, it.1, it.2).unwrap());
            stored.insert(it.0, (it.1, it.2));
        }
        prop_assert_eq!(sum, total(&standings));
    }
}
