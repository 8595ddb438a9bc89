//! What may be resized.

use super::*;
use crate::book::{Conditions, Limits, MeteringEnd, OnServiceStop, OptionKind, OptionRule, RealName, Sale};
use crate::options::Options;
use units::{AccountId, OrderId, ResourceId, Timestamp};

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
    Product {
        id: "server".into(),
        name: "Server".into(),
        options: vec![option("size", Resize::Allowed), option("zone", Resize::Fixed)],
        offers: Vec::new(),
        readings: Vec::new(),
        components: Vec::new(),
        limits: Limits {
            quantity: 1,
            months: Vec::new(),
            prepaid_per_zone_and_month: None,
            pay_per_use_per_zone: None,
            least_months: Vec::new(),
            real_name: RealName::NotNeeded,
        },
        metering_ends: MeteringEnd::Requested,
        delivery_seconds: (0, 0),
        arrears: None,
        release_days: 0,
        expiry: Default::default(),
        recycle_seconds: 0,
        pack: None,
        with_service: OnServiceStop::Stays,
        rounding: None,
        sale: Sale::Open,
        refund: None,
        look: Default::default(),
    }
}

fn resource(state: State) -> Resource {
    Resource {
        id: ResourceId::named(NOW, "one"),
        account: AccountId::named(NOW, "shop"),
        order: OrderId::named(NOW, "one"),
        product: "server".into(),
        options: Options::parse("size=1 zone=a").unwrap(),
        name: "one".into(),
        service: None,
        state,
        before: state,
        since: NOW,
        created: NOW,
        delivered: Some(NOW),
        deadline: None,
        address: None,
        due: None,
        ended_by: None,
        renew: Default::default(),
        kept: Default::default(),
    }
}

fn changes(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|it| (it.0.to_string(), it.1.to_string())).collect()
}

/// Source: R-CHG-4.
#[test]
fn options_that_nobody_named_stay() {
    let wish = wish(&resource(State::Running), &product(), &changes(&[("size", "2")])).unwrap();
    assert_eq!(wish.options, changes(&[("zone", "a"), ("size", "2")]));
    assert_eq!((wish.product.as_str(), wish.months, wish.quantity), ("server", 0, 1));
}

/// Source: R-CHG-4, R-QCS-6.
#[test]
fn only_what_is_paid_by_use_and_stands_still_or_runs_is_changed() {
    let fixed = changes(&[("zone", "b")]);
    for state in State::ALL {
        let found = wish(&resource(state), &product(), &changes(&[("size", "2")]));
        let may = matches!(state, State::Running | State::Stopped | State::StoppedFree);
        assert_eq!(found.is_ok(), may, "{}", state.as_str());
    }
    let refused = wish(&resource(State::Running), &product(), &fixed);
    assert_eq!(refused, Err(ResourceError::Fixed("zone".into())));
    let refused = wish(&resource(State::Limited), &product(), &fixed);
    assert_eq!(refused, Err(ResourceError::NotResizable(State::Limited)), "the state, before the option");
    let prepaid = Resource { deadline: Some(NOW), ..resource(State::Limited) };
    assert_eq!(wish(&prepaid, &product(), &fixed), Err(ResourceError::PrepaidChange), "the deadline first");
}
