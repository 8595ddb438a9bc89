//! What may be resized.

use super::*;
use crate::book::{Conditions, OptionKind, OptionRule};
use crate::made;
use crate::options::Options;
use crate::switch::rule::SwitchRule;
use units::Timestamp;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn option(name: &str, resize: Resize) -> OptionRule {
    let kind = OptionKind::Choice(Vec::new());
    OptionRule {
        name: name.into(),
        kind,
        default: None,
        when: Conditions::new(),
        resize,
        at_least: None,
        look: Default::default(),
    }
}

fn product() -> Product {
    let options = vec![option("size", Resize::Allowed), option("zone", Resize::Fixed)];
    Product { options, ..made::product("server", Vec::new()) }
}

fn resource(state: State) -> Resource {
    Resource { state, before: state, ..made::resource(NOW, "size=1 zone=a") }
}

fn changes(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|it| (it.0.to_string(), it.1.to_string())).collect()
}

/// Source: R-CHG-4.
#[test]
fn options_that_nobody_named_stay() {
    let wish = wish(&resource(State::Running), &product(), &changes(&[("size", "2")]), NOW).unwrap();
    assert_eq!(wish.options, changes(&[("size", "2"), ("zone", "a")]));
    assert_eq!((wish.product.as_str(), wish.months, wish.quantity), ("server", 0, 1));
}

/// Source: R-CHG-4, R-QCS-6.
#[test]
fn only_what_runs_or_stands_still_is_changed() {
    let fixed = changes(&[("zone", "b")]);
    for state in State::ALL {
        let found = wish(&resource(state), &product(), &changes(&[("size", "2")]), NOW);
        let may = matches!(state, State::Running | State::Stopped | State::StoppedFree);
        assert_eq!(found.is_ok(), may, "{}", state.as_str());
    }
    let refused = wish(&resource(State::Running), &product(), &fixed, NOW);
    assert_eq!(refused, Err(ChangeError::Fixed("zone".into())));
    let refused = wish(&resource(State::Limited), &product(), &fixed, NOW);
    assert_eq!(refused, Err(ChangeError::State(State::Limited)), "the state, before the option");
    let prepaid = Resource { deadline: Some(NOW), ..resource(State::Running) };
    assert_eq!(wish(&prepaid, &product(), &fixed, NOW), Err(ChangeError::Expired(NOW)), "the deadline first");
}

/// Named with the value that it has, also what is fixed is none of what changes. Source: R-CHG-1, R-CHG-4.
#[test]
fn what_stays_as_it_is_may_be_named() {
    let to = |pairs| wish(&resource(State::Running), &product(), &changes(pairs), NOW).map(|it| it.options);
    assert_eq!(to(&[("zone", "a"), ("size", "2")]), Ok(changes(&[("size", "2"), ("zone", "a")])));
    assert_eq!(to(&[("zone", "a")]), Ok(changes(&[("size", "1"), ("zone", "a")])));
}

/// Source: R-CHG-5.
#[test]
fn what_is_only_raised_is_not_lowered() {
    let product = Product { options: vec![option("size", Resize::Raised)], ..product() };
    let to = |value| wish(&resource(State::Running), &product, &changes(&[("size", value)]), NOW);
    assert!(to("1").is_ok() && to("2").is_ok());
    assert_eq!(to("0"), Err(ChangeError::OnlyRaised("size".into())));
}

/// Elastic protection ends where the base is raised above it; who names both gets what was named. Source: R-CHG-5.
#[test]
fn what_lies_below_what_is_raised_is_off() {
    let elastic = OptionRule { at_least: Some("base".into()), ..option("elastic", Resize::Allowed) };
    let product = Product { options: vec![option("base", Resize::Raised), elastic], ..product() };
    let protected =
        Resource { options: Options::parse("base=20 elastic=50").unwrap(), ..resource(State::Running) };
    let to = |pairs| wish(&protected, &product, &changes(pairs), NOW).unwrap().options;
    assert_eq!(to(&[("base", "50")]), changes(&[("base", "50"), ("elastic", "50")]));
    assert_eq!(to(&[("base", "60")]), changes(&[("base", "60"), ("elastic", "0")]));
    assert_eq!(to(&[("base", "60"), ("elastic", "100")]), changes(&[("base", "60"), ("elastic", "100")]));
}

/// An option that goes no longer with what was named is left out. Source: R-CHG-4.
#[test]
fn what_goes_no_longer_is_left_out() {
    let bandwidth =
        OptionRule { when: vec![("network".into(), vec!["yes".into()])], ..option("mbps", Resize::Allowed) };
    let product = Product { options: vec![option("network", Resize::Allowed), bandwidth], ..product() };
    let had = Resource { options: Options::parse("network=yes mbps=5").unwrap(), ..resource(State::Running) };
    let wish = wish(&had, &product, &changes(&[("network", "no")]), NOW).unwrap();
    assert_eq!(wish.options, changes(&[("network", "no")]));
}

/// A network that hangs on its mode, on something prepaid.
fn switched(mode: &str) -> (Resource, Product) {
    let when = vec![("network".to_string(), vec!["bandwidth".to_string(), "traffic".to_string()])];
    let bandwidth = OptionRule { when, ..option("bandwidth", Resize::Allowed) };
    let options = vec![option("network", Resize::Fixed), bandwidth, option("size", Resize::Allowed)];
    let rule = SwitchRule {
        option: "network".into(),
        prepaid: "bandwidth".into(),
        by_use: "traffic".into(),
        most: 2,
    };
    let product = Product { options, switch: Some(rule), ..made::product("server", Vec::new()) };
    let later = Timestamp::from_second(1).unwrap();
    let had = format!("bandwidth=1 network={mode} size=1");
    (Resource { deadline: Some(later), ..made::resource(NOW, &had) }, product)
}

/// Source: R-NET-4, R-NET-5.
#[test]
fn a_mode_is_switched_with_what_hangs_on_it_alone() {
    let (it, product) = switched("bandwidth");
    let to = |pairs: &[(&str, &str)]| wish(&it, &product, &changes(pairs), NOW).map(|it| it.options);
    let all = changes(&[("bandwidth", "1"), ("network", "traffic"), ("size", "1")]);
    assert_eq!(to(&[("network", "traffic")]), Ok(all.clone()));
    assert_eq!(to(&[("network", "traffic"), ("size", "1")]), Ok(all), "what stays may be named");
    let all = changes(&[("bandwidth", "2"), ("network", "traffic"), ("size", "1")]);
    assert_eq!(to(&[("network", "traffic"), ("bandwidth", "2")]), Ok(all));
    let alone = ChangeError::SwitchAlone { option: "network".into(), with: "size".into() };
    assert_eq!(to(&[("size", "2"), ("network", "traffic")]), Err(alone));
    let fixed = || ChangeError::Fixed("network".into());
    assert_eq!(to(&[("network", "none")]), Err(fixed()));
    let by_use = Resource { deadline: None, ..it.clone() };
    let found = wish(&by_use, &product, &changes(&[("network", "traffic")]), NOW);
    assert_eq!(found, Err(fixed()), "what is paid by use is not switched");
    assert!(is_switchable(&it, &product, "network") && !is_switchable(&it, &product, "size"));
    assert!(!is_switchable(&by_use, &product, "network"));
    assert!(!is_switchable(&switched("none").0, &product, "network"));
}

/// Source: R-NET-6, a field of the product.
#[test]
fn a_mode_is_switched_so_often() {
    let (it, product) = switched("bandwidth");
    let switch = switch_of(&it, &product, &changes(&[("network", "traffic")])).unwrap();
    assert_eq!((may_switch(switch, 0), may_switch(switch, 1)), (Ok(()), Ok(())));
    let often = ChangeError::SwitchedOften { option: "network".into(), value: "traffic".into(), most: 2 };
    assert_eq!(may_switch(switch, 2), Err(often));
}
