//! What is made again from a life is what is carried from cycle to cycle.

use super::*;
use crate::books::Series;
use crate::resource::State;
use units::ResourceId;

fn change(number: i64, at: i64, state: State, configs: &mut Configs) -> Change {
    let resource = ResourceId::named(Timestamp::from_second(number).unwrap(), "r");
    Change { resource, at, state, config: configs.intern(&Series::default(), "p", "") }
}

#[test]
fn a_resource_that_was_not_there_has_no_opening() {
    let mut configs = Configs::default();
    let life = [change(1, 100, State::Running, &mut configs), change(1, 160, State::Released, &mut configs)];
    let (openings, within) = meters(&life, Timestamp::from_second(100).unwrap(), &configs).unwrap();
    assert!(openings.is_empty());
    assert_eq!(within, life);
}

/// One account is set aside for it, when it is settled: reading the others goes on.
#[test]
fn a_life_that_no_book_knows_is_an_error_of_its_own() {
    let mut configs = Configs::default();
    let life = [change(1, 100, State::Running, &mut configs)];
    assert!(meters(&life, Timestamp::from_second(200).unwrap(), &configs).is_err());
    assert!(meters(&[], Timestamp::from_second(200).unwrap(), &configs).unwrap().0.is_empty());
}
