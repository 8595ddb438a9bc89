//! Where a change lies, by what is closed.

use super::Closed;
use crate::options::Options;
use crate::resource::{MeterEvent, State};
use units::{AccountId, Calendar, CycleKind, ResourceId, Timestamp};

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

fn event(text: &str) -> MeterEvent {
    MeterEvent {
        account: AccountId::named(at("2026-06-01"), "acme"),
        resource: ResourceId::named(at("2026-06-01"), "web"),
        at: at(text),
        state: State::Released,
        product: "server".into(),
        options: Options::default(),
        asked: None,
        late: Vec::new(),
    }
}

const HOUR: CycleKind = CycleKind::Hour;
const DAY: CycleKind = CycleKind::Day;

#[track_caller]
fn check(closed: &Closed, last: Option<&MeterEvent>, asked: &str, expected: (&str, &[CycleKind])) {
    let placed = closed.place(event(asked), last);
    assert_eq!((placed.at, placed.late.as_slice()), (at(expected.0), expected.1), "{asked}");
    assert_eq!(placed.asked.is_some(), placed.at != placed.happened(), "{asked}");
}

#[test]
fn what_lies_in_a_closed_cycle_takes_effect_at_its_end() {
    let closed = Closed::new(&[(HOUR, at("2026-06-02 02:00:00")), (DAY, at("2026-06-02"))], &[]);
    check(&closed, None, "2026-06-02 02:00:00", ("2026-06-02 02:00:00", &[]));
    check(&closed, None, "2026-06-02 01:59:59", ("2026-06-02 02:00:00", &[HOUR]));
    check(&closed, None, "2026-06-02 00:00:00", ("2026-06-02 02:00:00", &[HOUR]));
    check(&closed, None, "2026-06-01 23:59:59", ("2026-06-02 02:00:00", &[HOUR, DAY]));
    assert_eq!(closed.place(event("2026-06-01 23:59:59"), None).asked, Some(at("2026-06-01 23:59:59")));
    assert_eq!(closed.first_open(at("2026-06-01")), at("2026-06-02 02:00:00"));
}

#[test]
fn an_account_without_cycles_of_a_kind_goes_by_the_newest_close() {
    let newest = [(HOUR, at("2026-06-02 03:00:00")), (DAY, at("2026-06-02"))];
    let closed = Closed::new(&[(HOUR, at("2026-06-02 02:00:00"))], &newest);
    assert_eq!(closed.to(HOUR), Some(at("2026-06-02 02:00:00")));
    check(&closed, None, "2026-06-01 23:00:00", ("2026-06-02 02:00:00", &[HOUR, DAY]));
    let calendar = Calendar::settlement();
    let open = |kind: CycleKind, text: &str| {
        closed.open_cycle(calendar.cycle(kind, at(text)).unwrap(), &calendar).unwrap().from
    };
    assert_eq!(open(DAY, "2026-06-01 23:00:00"), at("2026-06-02"));
    assert_eq!(open(DAY, "2026-06-02 23:00:00"), at("2026-06-02"));
    assert_eq!(open(CycleKind::Month, "2026-06-01 23:00:00"), at("2026-06-01"));
}

/// A clock that was set back makes no life line that goes back.
#[test]
fn a_life_line_never_goes_back() {
    let closed = Closed::new(&[(HOUR, at("2026-06-02 02:00:00"))], &[]);
    let last = event("2026-06-02 02:30:00");
    check(&closed, Some(&last), "2026-06-02 02:10:00", ("2026-06-02 02:30:00", &[]));
    let moved = closed.place(event("2026-06-02 01:30:00"), None);
    check(&closed, Some(&moved), "2026-06-02 01:10:00", ("2026-06-02 02:00:00", &[HOUR]));
    assert_eq!(closed.place(event("2026-06-02 01:10:00"), Some(&moved)).asked, moved.asked);
}
