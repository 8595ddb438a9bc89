//! Cycles tile time; months come back to their anchor.

use super::*;
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

/// Source: R-TIM-1.
#[test]
fn january_in_utc_may_be_february_here() {
    let calendar = Calendar::settlement();
    assert_eq!(calendar.month("2026-01-31T16:30:00Z".parse().unwrap()), "2026-02");
}

/// Source: R-TIM-2.
#[test]
fn parts_of_a_second_are_cut_off() {
    assert_eq!(seconds_between(at("2026-05-05 12:30:30"), at("2026-05-05 13:30:30")), 3600);
    assert_eq!(seconds_between(at("2026-05-05 10:00:00.2"), at("2026-05-05 10:00:00.9")), 0);
    assert_eq!(whole_second("1969-12-31T23:59:59.5Z".parse().unwrap()).as_second(), -1);
}

#[track_caller]
fn months(anchor: &str, count: u32, expected: &str) {
    let calendar = Calendar::settlement();
    assert_eq!(calendar.print(calendar.add_months(at(anchor), count).unwrap()), expected);
}

/// Source: R-TIM-6.
#[test]
fn a_month_keeps_the_time_and_the_day_comes_back() {
    months("2016-11-24 09:22:25", 2, "2017-01-24 09:22:25");
    months("2026-01-31 10:00:00", 1, "2026-02-28 10:00:00");
    months("2026-01-31 10:00:00", 2, "2026-03-31 10:00:00");
}

/// Source: R-TIM-7.
#[test]
fn a_started_day_counts() {
    assert_eq!(days_left(at("2018-09-14 10:00:00"), at("2018-10-04 18:00:00")), 21);
    assert_eq!(days_left(at("2017-05-01"), at("2017-12-31")), 244);
}

#[test]
fn what_is_not_a_time_is_refused() {
    let calendar = Calendar::settlement();
    for text in ["", "yesterday", "2026-13-01", "2026-05-05 25:00:00", "5"] {
        assert!(calendar.parse(text).is_err(), "{text}");
    }
    assert!(Calendar::in_zone("Nowhere/City").is_err());
    assert!(Calendar::in_zone("+99:99").is_err());
    assert_eq!(Calendar::in_zone("+08:00").unwrap().month(at("2026-05-05")), "2026-05");
}

/// Walks a hundred years of cycles and expects each to begin where the one before ended.
#[track_caller]
fn tiles(zone: &str, kind: CycleKind) {
    let calendar = Calendar::in_zone(zone).unwrap();
    let (mut cycle, last) = (calendar.cycle(kind, at("1990-01-01")).unwrap(), at("2090-01-01"));
    while cycle.from < last {
        let next = calendar.next(&cycle).unwrap();
        assert!(cycle.from < cycle.to, "{zone} {cycle:?}");
        assert_eq!(cycle.to, next.from, "{zone}");
        cycle = next;
    }
}

#[test]
fn a_zone_has_a_name_for_people() {
    let name = |zone: &str| Calendar::in_zone(zone).unwrap().zone();
    assert_eq!(Calendar::settlement().zone(), "UTC+08:00");
    assert_eq!(name("-03:30"), "UTC-03:30");
    assert_eq!(name("+00:00"), "UTC");
    assert_eq!(name("Europe/Berlin"), "Europe/Berlin");
}

#[test]
fn days_have_numbers_and_numbers_dates() {
    let calendar = Calendar::settlement();
    let number = |text: &str| calendar.day_number(calendar.parse(text).unwrap()).unwrap();
    assert_eq!(number("1970-01-01"), 0);
    assert_eq!(number("1969-12-31 23:59:59"), -1);
    assert_eq!(number("2026-03-01") - number("2026-02-28 23:59:59"), 1);
    assert_eq!(number("2026-05-11") - number("2026-01-01"), 130);
    assert_eq!(calendar.date_of(number("2028-02-29 12:00:00")).unwrap(), "2028-02-29");
    assert!(calendar.date_of(i64::MAX).is_err());
}

/// Zones that set their clocks by half an hour, just after midnight, over a whole day, or not at all.
const ODD_ZONES: [&str; 6] = [
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Apia",
    "Asia/Pyongyang",
    "America/Caracas",
    "Africa/Casablanca",
];

#[test]
fn days_and_months_tile_a_hundred_years() {
    for zone in ["+08:00", "Europe/Berlin", "America/New_York"].into_iter().chain(ODD_ZONES) {
        tiles(zone, CycleKind::Day);
        tiles(zone, CycleKind::Month);
    }
}

#[test]
fn hours_tile_a_hundred_years() {
    for zone in ["+08:00", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"] {
        tiles(zone, CycleKind::Hour);
    }
}

/// Source: R-TIM-10. Its clock is set by half an hour: one hour has thirty minutes, none is counted twice.
#[test]
fn an_hour_ends_where_the_clock_is_set_by_half_of_it() {
    let calendar = Calendar::in_zone("Australia/Lord_Howe").unwrap();
    let hour = |text: &str| {
        let cycle = calendar.cycle(CycleKind::Hour, text.parse().unwrap()).unwrap();
        format!("{} {}", cycle.from, cycle.to)
    };
    // Back from +11:00 to +10:30 at 15:00 UTC, on from +10:30 to +11:00 at 15:30 UTC.
    assert_eq!(hour("2026-04-04T14:59:59Z"), "2026-04-04T14:00:00Z 2026-04-04T15:00:00Z");
    assert_eq!(hour("2026-04-04T15:00:00Z"), "2026-04-04T15:00:00Z 2026-04-04T15:30:00Z");
    assert_eq!(hour("2026-04-04T15:30:00Z"), "2026-04-04T15:30:00Z 2026-04-04T16:30:00Z");
    assert_eq!(hour("2026-10-03T15:29:59Z"), "2026-10-03T14:30:00Z 2026-10-03T15:30:00Z");
    assert_eq!(hour("2026-10-03T15:30:00Z"), "2026-10-03T15:30:00Z 2026-10-03T16:00:00Z");
    assert_eq!(hour("2026-10-03T16:00:00Z"), "2026-10-03T16:00:00Z 2026-10-03T17:00:00Z");
}

/// Source: R-TIM-10.
#[test]
fn a_zone_whose_clock_is_set_by_half_an_hour_is_told() {
    let odd = |zone: &str, from: &str| {
        let calendar = Calendar::in_zone(zone).unwrap();
        calendar.odd_change(calendar.parse(from).unwrap()).map(|it| it.to_string())
    };
    assert_eq!(odd("Australia/Lord_Howe", "2026-01-01").as_deref(), Some("2026-04-04T15:00:00Z"));
    assert_eq!(odd("Asia/Pyongyang", "2015-01-01").as_deref(), Some("2015-08-14T15:00:00Z"));
    assert_eq!(odd("Asia/Pyongyang", "2026-01-01"), None);
    for zone in ["+05:30", "Asia/Kathmandu", "Europe/Berlin", "America/St_Johns", "Africa/Casablanca"] {
        assert_eq!(odd(zone, "2026-01-01"), None, "{zone}");
    }
}

/// Source: R-TIM-10: the 25-hour day shows one hour twice.
#[test]
fn a_time_that_the_clock_shows_twice_is_printed_with_its_offset() {
    let berlin = Calendar::in_zone("Europe/Berlin").unwrap();
    let print = |text: &str| berlin.print(text.parse().unwrap());
    assert_eq!(print("2026-10-24T23:59:59Z"), "2026-10-25 01:59:59");
    assert_eq!(print("2026-10-25T00:30:00Z"), "2026-10-25 02:30:00+02:00");
    assert_eq!(print("2026-10-25T01:30:00Z"), "2026-10-25 02:30:00+01:00");
    assert_eq!(print("2026-10-25T02:00:00Z"), "2026-10-25 03:00:00");
    for second in [1_792_888_200_i64, 1_792_891_800, 1_774_746_000] {
        let at = Timestamp::from_second(second).unwrap();
        assert_eq!(
            berlin.parse(&berlin.print(at)).unwrap(),
            at,
            "what is printed is read as the same instant"
        );
    }
}

#[test]
fn a_day_of_clock_change_has_23_or_25_hours() {
    let berlin = Calendar::in_zone("Europe/Berlin").unwrap();
    let day = |text: &str| berlin.cycle(CycleKind::Day, berlin.parse(text).unwrap()).unwrap().seconds();
    assert_eq!(day("2026-03-29 12:00:00"), 23 * 3600);
    assert_eq!(day("2026-10-25 12:00:00"), 25 * 3600);
}

proptest! {
    #[test]
    fn every_instant_is_in_its_cycle(second in 631_152_000_i64..3_786_912_000, kind in 0_usize..3) {
        let instant = Timestamp::from_second(second).unwrap();
        for zone in ["+08:00", "Europe/Berlin", "America/New_York"].into_iter().chain(ODD_ZONES) {
            let cycle = Calendar::in_zone(zone).unwrap().cycle(CycleKind::ALL[kind], instant).unwrap();
            prop_assert!(cycle.contains(instant));
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in ".*") {
        let _ = Calendar::settlement().parse(&text);
        let _ = Calendar::in_zone(&text);
    }
}
