//! Days of a raise, and what something is on them.

use super::*;
use crate::made;

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

fn of(from: &str, until: &str) -> Result<Option<Days>, RangeError> {
    days(Some(from), Some(until), &Calendar::settlement())
}

fn server(raises: Vec<Raise>) -> Resource {
    let deadline = Some(at("2026-06-01 10:00:00"));
    Resource { deadline, raises, ..made::resource(at("2026-03-01"), "bandwidth=2 network=bandwidth") }
}

fn raise(from: &str, until: &str) -> Raise {
    Raise {
        option: "bandwidth".into(),
        base: "2".into(),
        value: "5".into(),
        days: of(from, until).unwrap().unwrap(),
        begun: false,
    }
}

/// 72 days, the last included. Source: R-NET-3.
#[test]
fn days_are_whole_and_the_last_is_one_of_them() {
    let found = of("2026-03-10", "2026-05-20").unwrap().unwrap();
    assert_eq!((found.from, found.to), (at("2026-03-10 00:00:00"), at("2026-05-21 00:00:00")));
    assert_eq!(count(found, &Calendar::settlement()), Ok(72));
    let berlin = Calendar::in_zone("Europe/Berlin").unwrap();
    let october = days(Some("2026-10-25"), Some("2026-10-25"), &berlin).unwrap().unwrap();
    assert_eq!(count(october, &berlin), Ok(1), "a day of 25 hours is one day");
    assert_eq!(of("2026-03-10", "2026-03-09"), Err(RangeError::Empty));
    assert_eq!(of("2026-03-10", "tomorrow"), Err(RangeError::NoDay("tomorrow".into())));
    assert_eq!(of("2026-03-10", "2026-02-30"), Err(RangeError::NoDay("2026-02-30".into())));
    assert_eq!(of("2026-03-10", "9999-12-31"), Err(RangeError::TooFar("9999-12-31".into())));
    let calendar = Calendar::settlement();
    assert_eq!(days(Some("2026-03-10"), None, &calendar), Err(RangeError::Half));
    assert_eq!(days(None, None, &calendar), Ok(None));
}

/// Source: R-NET-3.
#[test]
fn what_may_be_raised_when() {
    let product =
        Product { raised_for_days: vec!["bandwidth".into()], ..made::product("server", Vec::new()) };
    let taken = raise("2026-04-10", "2026-04-19");
    let (it, now) = (server(vec![taken.clone()]), at("2026-04-01 12:00:00"));
    let may = |option: &str, value: &str, from: &str, until: &str| {
        let changes = [(option.to_string(), value.to_string())];
        let asked = Asked { changes: &changes, days: of(from, until).unwrap().unwrap() };
        may_raise(&it, &product, asked, now)
    };
    assert_eq!(may("bandwidth", "5", "2026-04-02", "2026-04-09"), Ok(()));
    assert_eq!(may("bandwidth", "5", "2026-04-20", "2026-05-31"), Ok(()));
    let days = taken.days;
    let share = Err(RangeError::Taken { from: days.from, to: days.to });
    assert_eq!(may("bandwidth", "9", "2026-04-19", "2026-04-25"), share);
    assert_eq!(may("bandwidth", "9", "2026-04-02", "2026-04-10"), share);
    let beside = |mode: &str| {
        let named = |name: &str, value: &str| (name.to_string(), value.to_string());
        let changes = [named("network", mode), named("bandwidth", "5")];
        let days = of("2026-04-02", "2026-04-09").unwrap().unwrap();
        may_raise(&it, &product, Asked { changes: &changes, days }, now)
    };
    assert_eq!(beside("bandwidth"), Ok(()), "what stays as it is may be named");
    assert_eq!(beside("traffic"), Err(RangeError::One));
    let begun = Err(RangeError::Begun(at("2026-04-01")));
    assert_eq!(may("bandwidth", "5", "2026-04-01", "2026-04-02"), begun);
    let behind = Err(RangeError::BehindDeadline(at("2026-06-01 10:00:00")));
    assert_eq!(may("bandwidth", "5", "2026-05-30", "2026-06-01"), behind);
    assert_eq!(
        may("bandwidth", "2", "2026-04-02", "2026-04-09"),
        Err(RangeError::NotMore("bandwidth".into()))
    );
    assert_eq!(may("type", "9", "2026-04-02", "2026-04-09"), Err(RangeError::NotForDays("type".into())));
}

/// What follows at once on another raise begins as that one ends. Source: R-NET-3.
#[test]
fn it_is_raised_on_its_days_alone() {
    let next = Raise { value: "9".into(), ..raise("2026-04-20", "2026-04-20") };
    let it = server(vec![raise("2026-04-10", "2026-04-19"), next]);
    let on = |it: &Resource, day: &str| {
        let then = it.clone().raised_at(at(day));
        let all = Raise::parse(&Raise::text(&then.raises));
        assert_eq!(all.as_ref(), Some(&then.raises), "written and read");
        (then.options.get("bandwidth").unwrap().to_string(), then)
    };
    assert_eq!(it.next_raise(), Some(at("2026-04-10")));
    assert_eq!(on(&it, "2026-04-09 23:59:59").0, "2");
    let (value, first) = on(&it, "2026-04-10");
    assert_eq!((value.as_str(), first.next_raise()), ("5", Some(at("2026-04-20"))));
    assert_eq!(first.own_options().get("bandwidth"), Some("2"));
    let (value, second) = on(&first, "2026-04-20");
    assert_eq!((value.as_str(), second.raises.len()), ("9", 1));
    let (value, after) = on(&second, "2026-04-21");
    assert_eq!((value.as_str(), after.raises.len(), after.next_raise()), ("2", 0, None));
    let own = first.without_raises();
    assert_eq!((own.options.get("bandwidth"), own.next_raise()), (Some("2"), None));
    // All of it slept through.
    assert_eq!(on(&it, "2026-05-01").0, "2");
    let over = Resource { state: State::Recycled, ..it };
    assert_eq!(over.next_raise(), None);
}

/// 2 Mbps are 5 from 2026-04-10 on, then at once 8, and 2 again from 2026-04-25 on. Source: R-NET-3.
#[test]
fn what_changes_when_a_raise_begins_or_ends() {
    let higher = Raise { value: "8".into(), ..raise("2026-04-20", "2026-04-24") };
    let it = server(vec![raise("2026-04-10", "2026-04-19"), higher]);
    let turns = |day: &str| -> Vec<(String, Option<String>, Option<String>)> {
        it.turns(at(day)).into_iter().map(|it| (it.option, it.before, it.after)).collect()
    };
    let turn = |before: &str, after: &str| {
        vec![("bandwidth".to_string(), Some(before.to_string()), Some(after.to_string()))]
    };
    assert_eq!(turns("2026-04-10 00:00:00"), turn("2", "5"));
    assert_eq!(turns("2026-04-20 00:00:00"), turn("5", "8"));
    assert_eq!(turns("2026-04-25 00:00:00"), turn("8", "2"));
    assert!(turns("2026-04-12 00:00:00").is_empty());
}
