//! What comes next: words, and the order in which it is told.

use super::*;
use std::collections::BTreeSet;
use units::Currency;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_243_200 + second).unwrap()
}

#[test]
fn steps_come_in_the_order_of_time_and_none_from_behind_the_end() {
    let pack = PackId::named(at(0), "p");
    let balance = Some(Money::from_minor(-10, Currency::CNY));
    let gone = Step { at: at(5), coming: Coming::MoneyGone, sum: None, balance, ended_by: None };
    let packs = [
        Step::plain(at(10), Coming::PackEnds(pack)),
        Step::plain(at(9), Coming::PackEnds(pack)),
        Step::plain(at(5), Coming::PackEmpty(pack)),
        Step::plain(at(-1), Coming::PackEmpty(pack)),
        Step::plain(at(0), Coming::PackEmpty(pack)),
    ];
    let found = in_order(vec![gone], packs, (at(0), at(10)));
    assert_eq!(found, [packs[4], gone, packs[2], packs[1]]);
}

#[test]
fn every_kind_and_every_assumption_has_its_own_word() {
    let kinds: BTreeSet<&str> = Kind::ALL.iter().map(|it| it.as_str()).collect();
    assert_eq!(kinds.len(), Kind::ALL.len());
    let assumptions: BTreeSet<&str> = Assumption::ALL.iter().map(|it| it.as_str()).collect();
    assert_eq!(assumptions.len(), Assumption::ALL.len());
}
