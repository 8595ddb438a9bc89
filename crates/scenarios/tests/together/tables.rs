//! What becomes of four kinds of resources of the demo book: every state against every event, and what time does to it.
//!
//! In:  a server paid ahead, one by use, a high-defence IP, a container. Out: tables as text, compared with those that stand beside this.
//! Source: sections 7 and 10 of the rules, R-EXP-1, R-EXP-3, R-ARR-1, R-ARR-5, R-ARR-6, R-ARR-8; issue 14, golden stories.

use crate::support::plays::at;
use billing::book::Product;
use billing::life::{self, Standing};
use billing::options::Options;
use billing::resource::{EndedBy, Event, Resource, State};
use server::cli::files;
use units::{AccountId, Calendar, Currency, Money, OrderId, ResourceId};

/// A kind: what it is called, its product, its options, whether it has a deadline.
const KINDS: [(&str, &str, &str, bool); 4] = [
    ("a server paid ahead, its traffic by use", "server", "charge=prepaid network=traffic", true),
    ("a server by use", "server", "charge=payg network=none", false),
    ("a high-defence IP with elastic protection", "high-defence-ip", "base=20 elastic=50", true),
    ("a container of a service", "container", "spec=1U1G", false),
];

fn resource(product: &str, options: &str, has_deadline: bool, state: State) -> Resource {
    let since = at("2026-06-01 09:00:00");
    Resource {
        id: ResourceId::named(since, "it"),
        account: AccountId::named(since, "acme"),
        order: OrderId::named(since, "it"),
        product: product.into(),
        options: Options::parse(options).unwrap(),
        name: "it".into(),
        service: None,
        state,
        before: State::Running,
        since,
        created: since,
        delivered: Some(since),
        deadline: has_deadline.then(|| at("2026-07-01 08:00:00")),
        address: None,
        due: None,
        ended_by: None,
        renew: Default::default(),
        kept: Default::default(),
        raises: Vec::new(),
        currency: Currency::CNY,
    }
}

/// What time does to it: at a balance of 1.00, and since 2026-06-01 10:00:00 in arrears.
fn time(it: &Resource, product: &Product) -> String {
    let calendar = Calendar::settlement();
    let said = |minor: i64, since: Option<&str>| {
        let balance = Money::from_minor(minor, Currency::CNY);
        let standing = Standing { arrears_since: since.map(at), balance };
        match life::next(it, product, standing, &calendar).unwrap() {
            Some(step) => format!("{:?} {}", step.event, calendar.print(step.at)),
            None => "nothing".to_string(),
        }
    };
    let (solvent, owing) = (said(100, None), said(-1, Some("2026-06-01 10:00:00")));
    if solvent == owing {
        format!("time: {solvent}")
    } else {
        format!("time: {solvent}; in arrears: {owing}")
    }
}

/// Every state that it can be in; an event that is not named is refused.
fn table(product: &Product, options: &str, has_deadline: bool) -> String {
    let mut text = String::new();
    for state in State::ALL {
        let it = resource(&product.id, options, has_deadline, state);
        text += &format!("{}:", state.as_str());
        for event in Event::ALL {
            let mut after = it.clone();
            // What is paid by use is not renewed, in whatever state it is.
            let is_other = event == Event::Renew && !has_deadline;
            if !is_other && after.advance(event, at("2026-06-01 12:00:00")).is_ok() {
                text += &format!(" {event:?}→{}", after.state.as_str());
            }
        }
        let owner = it.release_event(product, None).ok().filter(|event| it.state.on(*event).is_ok());
        let owner = owner.map_or_else(|| "refused".to_string(), |event| format!("{event:?}"));
        text += &format!("\n    its owner's release: {owner}; {}\n", time(&it, product));
    }
    text
}

#[test]
fn every_state_of_four_kinds_is_as_the_tables_say() {
    let book = pricebook::load(&files::book("demo").unwrap(), None).unwrap();
    let mut text = String::new();
    for (name, product, options, has_deadline) in KINDS {
        let product = book.product(product).unwrap();
        text += &format!("# {name}\n\n{}\n", table(product, options, has_deadline));
    }
    let expected = include_str!("tables.txt");
    assert!(text == expected, "the tables are these now:\n{text}");
}

/// What is promised of the bin is what happens, of every product and whoever puts it there. Source: R-REF-5, section 7 of the rules.
#[test]
fn what_lies_in_the_bin_lies_there_as_long_as_is_promised() {
    let book = pricebook::load(&files::book("demo").unwrap(), None).unwrap();
    let standing = Standing { arrears_since: None, balance: Money::from_minor(100, Currency::CNY) };
    let lies = |product: &Product, by: EndedBy, has_deadline: bool| {
        let it = resource(&product.id, "", has_deadline, State::Recycled);
        let it = Resource { ended_by: Some(by), ..it };
        let step = life::next(&it, product, standing, &Calendar::settlement()).unwrap().unwrap();
        assert_eq!((step.event, step.ended_by), (Event::Release, Some(by)), "{}", product.id);
        units::calendar::seconds_between(it.since, step.at)
    };
    let mut refunded = 0;
    for product in &book.products {
        let released = life::bin_seconds(product, EndedBy::Owner);
        assert_eq!(released, product.recycle_seconds, "{}", product.id);
        assert_eq!(lies(product, EndedBy::Owner, false), released, "{}", product.id);
        let given_back = life::bin_seconds(product, EndedBy::Refund);
        assert_eq!(lies(product, EndedBy::Refund, true), given_back, "{}", product.id);
        if let Some(rule) = &product.refund {
            refunded += 1;
            assert_eq!((given_back, rule.bin_seconds), (604_800, 604_800), "{}", product.id);
        }
    }
    assert!(refunded > 2, "{refunded}");
}

/// Every state of a proposal of a price change against every event; what is not named is refused. Source: R-PRC-6.
#[test]
fn every_state_of_a_proposal_is_as_its_table_says() {
    use billing::proposal::{Event, State};
    let step = |state: State, event: Event| {
        let after = state.on(event).map_or("refused", State::as_str);
        format!("{event:?}→{after}")
    };
    let row = |state: State| {
        let steps: Vec<String> = Event::ALL.into_iter().map(|it| step(state, it)).collect();
        format!("{}: {}\n", state.as_str(), steps.join(" "))
    };
    let text: String = State::ALL.into_iter().map(row).collect();
    let expected = include_str!("proposals.txt");
    assert!(text == expected, "the table is this now:\n{text}");
}
