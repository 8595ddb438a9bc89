//! Where readings belong, case by case of R-TIM-9.

use super::*;

/// A component that is charged each hour, by its resource, in these states.
fn reader<'a>(component: &'a str, states: &[State]) -> Reader<'a> {
    let billed_while = States::of(states);
    Reader { component, tally: Tally::Sum, kind: CycleKind::Hour, scope: Scope::Resource, billed_while }
}

/// Where a reading belongs that these states touch, of a meter that is charged while the resource runs.
fn home_in(states: &[State]) -> Result<Vec<(CycleKind, Scope)>, Reason> {
    let readers = || vec![reader("traffic", &[State::Running])];
    let stood: Vec<Standing<'_>> =
        states.iter().map(|it| Standing { state: *it, readers: readers() }).collect();
    home(&stood).map(|it| it.charged)
}

const HOURLY: [(CycleKind, Scope); 1] = [(CycleKind::Hour, Scope::Resource)];

#[test]
fn a_second_touches_what_it_begins_in_and_what_changes_within_it() {
    let life = [10, 20, 20, 30];
    let touched = |second| touched(&life, second, |it| *it).to_vec();
    assert_eq!(touched(9), [0; 0]);
    assert_eq!(touched(10), [10], "the second of its birth");
    assert_eq!(touched(19), [10]);
    assert_eq!(touched(20), [10, 20, 20]);
    assert_eq!(touched(30), [20, 30]);
    assert_eq!(touched(31), [30]);
}

/// Source: R-TIM-9.
#[test]
fn the_second_of_an_end_belongs_to_what_ended() {
    for after in [State::Stopped, State::StoppedFree, State::Limited, State::Released, State::Recycled] {
        assert_eq!(home_in(&[State::Running, after]), Ok(HOURLY.to_vec()), "{after:?}");
        assert_eq!(home_in(&[after]), Err(Reason::NotRunning), "{after:?}");
    }
    assert_eq!(home_in(&[State::Pending, State::Running, State::Released]), Ok(HOURLY.to_vec()));
    assert_eq!(home_in(&[State::Stopped, State::Released]), Err(Reason::NotRunning));
}

#[test]
fn the_second_of_delivery_counts() {
    assert_eq!(home_in(&[State::Pending]), Err(Reason::NotDelivered));
    assert_eq!(home_in(&[]), Err(Reason::NotDelivered));
    assert_eq!(home_in(&[State::Pending, State::Running]), Ok(HOURLY.to_vec()));
}

/// What arrears cut is charged only by components that say so; what nothing charges is kept while the resource runs.
#[test]
fn a_cut_network_takes_what_nothing_reads() {
    let nothing = |state| home(&[Standing { state, readers: Vec::new() }]);
    for state in [State::Running, State::Limited] {
        assert_eq!(nothing(state), Ok(Home { tally: Tally::Kept, charged: Vec::new() }), "{state:?}");
    }
    assert_eq!(nothing(State::Stopped), Err(Reason::NotRunning));
    let both =
        Standing { state: State::Limited, readers: vec![reader("a", &[State::Running, State::Limited])] };
    assert_eq!(home(&[both]).map(|it| it.charged), Ok(HOURLY.to_vec()));
}

/// A meter may be read by several components that settle in different cycles: each takes the reading once.
#[test]
fn each_component_takes_a_reading_once() {
    let monthly = Reader {
        kind: CycleKind::Month,
        scope: Scope::Account,
        tally: Tally::Highest,
        ..reader("p95", &[State::Running])
    };
    let readers = vec![reader("a", &[State::Running]), monthly, reader("b", &[State::Running])];
    let stood = [
        Standing { state: State::Running, readers: readers.clone() },
        Standing { state: State::Running, readers },
    ];
    let found = home(&stood).unwrap();
    assert_eq!(found.tally, Tally::Highest);
    assert_eq!(found.charged, [HOURLY[0], (CycleKind::Month, Scope::Account)]);
}

/// Source: R-SET-5: 13 months after the end of the cycle, that instant included.
#[test]
fn a_closed_cycle_takes_what_comes_within_its_horizon() {
    let calendar = Calendar::settlement();
    let at = |text: &str| calendar.parse(text).unwrap();
    let cycle = calendar.cycle(CycleKind::Month, at("2026-05-20")).unwrap();
    let horizon = Horizon { months: 13, calendar: &calendar };
    let closing = |settled: &str, now: &str| horizon.closing(&cycle, at(settled), at(now)).unwrap();
    assert_eq!(closing("2026-05-01", "2026-06-01 00:05:00"), Closing::Open);
    assert_eq!(closing("2026-06-01", "2026-06-10"), Closing::Closed);
    assert_eq!(closing("2027-06-01", "2027-07-01"), Closing::Closed);
    assert_eq!(closing("2027-06-01", "2027-07-01 00:00:01"), Closing::Over);
    assert_eq!(closing("2026-05-01", "2027-08-01"), Closing::Open, "what is not closed is not too old");
}
