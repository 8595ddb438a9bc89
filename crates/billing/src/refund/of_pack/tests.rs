//! The whole table of a pack's steps, by what covers use, closes months and gives back.

use super::*;
use crate::cover::{Demand, cover};
use crate::made;
use crate::order::Action;
use crate::pack::PackState;
use crate::refund::tests::{at, order, paid, resource, yuan};
use units::{Cycle, CycleKind, PackId};

#[derive(Clone, Copy, Debug)]
enum Event {
    Begin,
    UseUp,
    End,
    Refund,
}

const EVENTS: [Event; 4] = [Event::Begin, Event::UseUp, Event::End, Event::Refund];

/// Of June and July, bought in May: 1,464 hours.
fn sold() -> Pack {
    let (it, bought) = (resource(), at("2026-05-05"));
    Pack {
        id: PackId::named(bought, "p"),
        account: it.account,
        order: it.order,
        family: "container".into(),
        spec: None,
        name: String::new(),
        capacity: 5_270_400,
        effective: at("2026-06-01"),
        expires: at("2026-08-01"),
        bought,
        left: 5_270_400,
        settled_to: at("2026-06-01"),
        used: 0,
        lost: 0,
        notices_percent: Vec::new(),
        refunded: None,
    }
}

fn month(from: &str, to: &str) -> Cycle {
    Cycle { kind: CycleKind::Month, from: at(from), to: at(to) }
}

/// Both of its months closed, June with `left` units.
fn closed(pack: Pack, left: u64) -> Pack {
    let july = month("2026-07-01", "2026-08-01");
    pack.close(left, &month("2026-06-01", "2026-07-01")).close(left, &july)
}

/// One that stands there, and what time it is.
fn in_state(state: PackState) -> (Pack, Timestamp) {
    let it = sold();
    match state {
        PackState::Scheduled => (it, at("2026-05-10")),
        PackState::Active => (it, at("2026-06-10")),
        PackState::Exhausted => (it.close(0, &month("2026-06-01", "2026-07-01")), at("2026-07-10")),
        PackState::Expired => (closed(it, 3_600), at("2026-08-10")),
        PackState::Refunded => (it.give_back(at("2026-05-10")), at("2026-05-10")),
    }
}

/// What a thousand million containers up to `now` leave of it.
fn used_up(it: &Pack, now: Timestamp) -> u64 {
    let resource = resource();
    let (from, to) = (it.bought.as_second(), now.as_second());
    let demand = Demand { created: from, resource: resource.id, from, to, rate: 1_000_000_000 };
    cover(&[demand], &[it.supply()]).left[0]
}

fn given_back(it: Pack, now: Timestamp) -> Option<PackState> {
    let (order, book) = (order(&resource(), Action::New), made::book(at("2026-01-01"), Vec::new()));
    let rule = RefundRule { whole: None, rest: RefundRest::Unused, most_per_year: 2, bin_seconds: 0 };
    let paid = paid(yuan("0.00"), yuan("100.00"));
    let term = Term { order: &order, from: it.effective, to: it.expires, paid };
    let asked = AskedOfPack { pack: &it, rule: Some(&rule), term, book: &book, counted: Counted::default() };
    asked.refund(now).ok()?;
    let it = it.give_back(now);
    Some(it.state(it.left, now))
}

fn on(state: PackState, event: Event) -> Option<PackState> {
    let (it, now) = in_state(state);
    let to = match event {
        Event::Begin => it.state(it.left, now.max(it.effective)),
        Event::UseUp => it.state(used_up(&it, now), now),
        Event::End if it.settled_to < it.expires && it.refunded.is_none() => {
            let (left, end) = (it.left, it.expires);
            closed(it, left).state(0, end)
        }
        Event::End => it.state(it.left, now.max(it.expires)),
        Event::Refund => given_back(it, now)?,
    };
    (to != state).then_some(to)
}

/// Source: section 13 of the rules, the states of packs; R-PKG-14.
#[test]
fn every_state_against_every_event() {
    for state in PackState::ALL {
        let (it, now) = in_state(state);
        assert_eq!(it.state(it.left, now), state);
        assert!(it.is_whole());
    }
    let table = made::table(&PackState::ALL, &EVENTS, PackState::as_str, on);
    assert_eq!(table, include_str!("steps.txt"));
}
