//! Attempts that fail again and again.

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn resource(name: &str) -> ResourceId {
    ResourceId::named(at(0), name)
}

fn step(second: i64, coming: Coming) -> Step {
    Step::plain(at(second), coming)
}

/// How the steps are told: when, how many more, until when.
fn told(steps: &[Step]) -> Vec<(i64, usize, i64)> {
    fold(steps).iter().map(|it| (it.step.at.as_second(), it.more, it.last.as_second())).collect()
}

#[test]
fn one_cause_is_told_once_before_and_after_the_deadline() {
    let (web, what) = (resource("web"), What::Expired);
    let fails = |second| step(second, Coming::RenewalFails(web, Failure::Balance));
    let expired = step(2, Coming::Resource { id: web, what });
    assert_eq!(told(&[fails(1), fails(2), expired, fails(3), fails(4)]), [(1, 3, 4), (2, 0, 2)]);
}

#[test]
fn another_cause_another_resource_and_a_renewal_between_are_told() {
    let (web, lab) = (resource("web"), resource("lab"));
    let fails = |second, id, why| step(second, Coming::RenewalFails(id, why));
    let renewed = step(5, Coming::Resource { id: web, what: What::Renewed });
    let steps = [
        fails(1, web, Failure::OpenOrder),
        fails(2, lab, Failure::OpenOrder),
        fails(3, web, Failure::Balance),
        fails(4, web, Failure::Balance),
        renewed,
        fails(6, web, Failure::Balance),
    ];
    assert_eq!(told(&steps), [(1, 0, 1), (2, 0, 2), (3, 1, 4), (5, 0, 5), (6, 0, 6)]);
}
