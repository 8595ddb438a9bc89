//! What is a switch, and how often there was one.

use super::*;
use crate::made;

fn rule() -> SwitchRule {
    SwitchRule { option: "network".into(), prepaid: "bandwidth".into(), by_use: "traffic".into(), most: 1 }
}

fn options(text: &str) -> Options {
    Options::parse(text).unwrap()
}

/// Only between the two values that the product names. Source: R-NET-4, R-NET-5.
#[test]
fn a_switch_is_between_two_values() {
    let product = Product { switch: Some(rule()), ..made::product("server", Vec::new()) };
    let to = |had: &str, new: &str| of(&product, &options(had), &options(new).pairs()).map(|it| it.to);
    assert_eq!(to("network=bandwidth", "network=traffic"), Some(Direction::ByUse));
    assert_eq!(to("network=traffic", "bandwidth=2 network=bandwidth"), Some(Direction::Prepaid));
    assert_eq!(to("network=none", "network=traffic"), None);
    assert_eq!(to("network=bandwidth", "network=none"), None);
    assert_eq!(to("network=bandwidth", "network=bandwidth"), None);
    assert_eq!(to("network=bandwidth", "bandwidth=2"), None);
    let product = Product { switch: None, ..product };
    assert_eq!(of(&product, &options("network=bandwidth"), &options("network=traffic").pairs()), None);
}

/// Each direction by itself; what happens in between is no switch. Source: R-NET-6.
#[test]
fn switches_are_counted_by_direction() {
    let life = ["bandwidth", "bandwidth", "traffic", "traffic", "bandwidth", "none", "traffic"];
    let life: Vec<Options> = life.iter().map(|it| options(&format!("network={it}"))).collect();
    assert_eq!(so_often(&rule(), Direction::ByUse, &life), 1);
    assert_eq!(so_often(&rule(), Direction::Prepaid, &life), 1);
    assert_eq!(so_often(&rule(), Direction::ByUse, &life[..2]), 0);
}
