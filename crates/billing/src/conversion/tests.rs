//! What may be converted, and what it is then.

use super::rule::ConversionRule;
use super::*;
use crate::book::{Conditions, OptionKind, OptionRule, Resize};
use crate::made;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn option(name: &str) -> OptionRule {
    OptionRule {
        name: name.into(),
        kind: OptionKind::Choice(Vec::new()),
        default: None,
        when: Conditions::new(),
        resize: Resize::Fixed,
        at_least: None,
        look: Default::default(),
    }
}

fn product() -> Product {
    let conversion = ConversionRule {
        options: [("charge".to_string(), "prepaid".to_string())].into(),
        except: vec![("network".into(), vec!["bandwidth".into()])],
        by_use: None,
    };
    let options = vec![option("charge"), option("network")];
    Product { options, conversion: Some(conversion), ..made::product("server", Vec::new()) }
}

fn by_use(network: &str) -> Resource {
    made::resource(NOW, &format!("charge=payg network={network}"))
}

/// Source: R-CNV-1.
#[test]
fn all_options_stay_but_those_that_say_how_it_is_paid() {
    let wish = wish(&by_use("traffic"), &product(), 3).unwrap();
    let pair = |name: &str, value: &str| (name.to_string(), value.to_string());
    assert_eq!(wish.options, [pair("charge", "prepaid"), pair("network", "traffic")]);
    assert_eq!((wish.months, wish.quantity), (3, 1));
}

/// Source: R-CNV-1, R-PPU-2.
#[test]
fn what_is_not_converted_says_why() {
    let refused = |it: &Resource, product: &Product| wish(it, product, 1).unwrap_err();
    for state in State::ALL {
        let it = Resource { state, ..by_use("none") };
        let may = matches!(state, State::Running | State::Stopped);
        assert_eq!(wish(&it, &product(), 1).is_ok(), may, "{}", state.as_str());
    }
    let prepaid = Resource { deadline: Some(NOW), ..by_use("none") };
    assert_eq!(refused(&prepaid, &product()), ConversionError::Prepaid);
    let excepted = ConversionError::Excepted { option: "network".into(), value: "bandwidth".into() };
    assert_eq!(refused(&by_use("bandwidth"), &product()), excepted);
    let other = made::product("eip", Vec::new());
    assert_eq!(refused(&by_use("none"), &other), ConversionError::NotConvertible("eip".into()));
}
