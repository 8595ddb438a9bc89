//! Which chains are known, and how old they are.

use super::Pulse;
use desk::jobs::Chain;
use std::time::Duration;

#[test]
fn a_chain_has_an_age_from_its_first_sign_of_life_on() {
    let pulse = Pulse::default();
    assert!(pulse.ages().is_empty() && pulse.late().is_none());
    pulse.beat(Chain::Deliveries);
    std::thread::sleep(Duration::from_millis(20));
    pulse.beat(Chain::Books);
    let ages = pulse.ages();
    assert_eq!(ages.iter().map(|it| it.0).collect::<Vec<_>>(), [Chain::Books, Chain::Deliveries]);
    assert!(ages[0].1 < ages[1].1 && ages[1].1 >= Duration::from_millis(20), "{ages:?}");
    assert_eq!(pulse.late(), None);
}
