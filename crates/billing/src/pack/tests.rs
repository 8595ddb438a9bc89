//! The months that a pack may begin in.

use super::*;

fn begins(month: &str) -> Result<Timestamp, PackError> {
    let rule = PackRule {
        family: "container".into(),
        spec: None,
        hours: "hours".into(),
        size: None,
        start: PackStart::Month,
        ended: EndedPack::Refused,
        notices_percent: Vec::new(),
    };
    let (options, calendar) = (Options::parse("hours=720").unwrap(), Calendar::settlement());
    let now = "2026-06-15T00:00:00Z".parse().unwrap();
    period(&rule, &options, Some(month), now, &calendar).map(|it| it.effective)
}

#[test]
fn a_pack_begins_in_this_month_or_in_one_of_the_twelve_after_it() {
    assert_eq!(begins("2026-06").unwrap().to_string(), "2026-05-31T16:00:00Z");
    assert_eq!(begins("2027-06").unwrap().to_string(), "2027-05-31T16:00:00Z");
    assert_eq!(begins("2026-05"), Err(PackError::NotAMonth("2026-05".into())));
    assert_eq!(begins("2027-07"), Err(PackError::TooFar("2027-07".into())));
    let far = begins("2199-12").unwrap_err().to_string();
    assert_eq!(
        far,
        "a pack begins at most 12 months from now, and 2199-12 is later; choose an earlier month"
    );
}
