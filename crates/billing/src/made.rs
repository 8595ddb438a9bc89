//! What tests of this crate are about, with everything that they do not say at its plainest.
//!
//! In:  an id, a time. Out: a product that is sold open and priced by its components alone, a book of such, a resource that runs.

use crate::bill::{Bill, Line, Title};
use crate::book::{Book, Component, Limits, MeteringEnd, OnServiceStop, Product, RealName, Rounding, Sale};
use crate::options::Options;
use crate::resource::{Resource, State};
use std::collections::BTreeMap;
use std::fmt::Debug;
use units::{AccountId, BookId, Currency, OrderId, ResourceId, Timestamp};

/// A bill of one priced line.
pub(crate) fn bill(title: &Title, cost_e8: i64) -> Bill<'static> {
    let book = BookId::named(Timestamp::UNIX_EPOCH, "test");
    let lines = vec![Line { price: "p/c".into(), ..Line::of_sum("c", "C", cost_e8, book) }];
    let (amount_e8, total) = Bill::sum(&lines, Currency::CNY).unwrap();
    Bill { amount_e8, total, lines, ..Bill::blank(title, Currency::CNY) }
}

/// A product without options, of which one is bought at a time.
pub(crate) fn product(id: &str, components: Vec<Component>) -> Product {
    Product {
        id: id.into(),
        name: id.into(),
        options: Vec::new(),
        offers: Vec::new(),
        readings: Vec::new(),
        components,
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
        conversion: None,
        switch: None,
        raised_for_days: Vec::new(),
        look: Default::default(),
    }
}

/// A book in yuan that holds from then on.
pub(crate) fn book(from: Timestamp, products: Vec<Product>) -> Book {
    Book {
        id: BookId::named(from, "test"),
        name: "test".into(),
        currency: Currency::CNY,
        zone: "+08:00".into(),
        from,
        rounding: Rounding::Waive,
        groups: Vec::new(),
        regions: Vec::new(),
        discounts: BTreeMap::new(),
        products,
    }
}

/// A server that runs since its delivery, without a deadline.
pub(crate) fn resource(delivered: Timestamp, options: &str) -> Resource {
    Resource {
        id: ResourceId::named(delivered, "web"),
        account: AccountId::named(delivered, "acme"),
        order: OrderId::named(delivered, "web"),
        product: "server".into(),
        options: Options::parse(options).unwrap(),
        name: "web".into(),
        service: None,
        state: State::Running,
        before: State::Running,
        since: delivered,
        created: delivered,
        delivered: Some(delivered),
        deadline: None,
        address: None,
        due: None,
        ended_by: None,
        renew: Default::default(),
        kept: Default::default(),
        raises: Vec::new(),
        currency: Currency::CNY,
    }
}

/// Every state against every event, as text: a line for each state with the steps that it takes, and where each leads.
pub(crate) fn table<S: Copy, E: Copy + Debug>(
    states: &[S],
    events: &[E],
    name: impl Fn(S) -> &'static str,
    on: impl Fn(S, E) -> Option<S>,
) -> String {
    let step = |state: S, event: E| on(state, event).map(|to| format!("{event:?}→{}", name(to)));
    let line = |state: &S| {
        let steps: Vec<String> = events.iter().filter_map(|it| step(*state, *it)).collect();
        format!("{}: {}\n", name(*state), steps.join(" "))
    };
    states.iter().map(line).collect()
}

/// What is said of every step that is not taken.
pub(crate) fn refusals<S: Copy, E: Copy, X: ToString>(
    states: &[S],
    events: &[E],
    on: impl Fn(S, E) -> Result<S, X>,
) -> Vec<String> {
    let all = states.iter().flat_map(|state| events.iter().map(|event| (*state, *event)));
    all.filter_map(|(state, event)| on(state, event).err()).map(|it| it.to_string()).collect()
}
