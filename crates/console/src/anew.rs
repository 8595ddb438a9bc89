//! The way to order again what was ordered before.
//!
//! In:  an order. Out: the address where the same is chosen, as it is sold by now.
//! Invariant: no address names nothing, and nothing is ordered by it: what it costs by now is shown and agreed to first.

use crate::raise_days;
use crate::signed::Signed;
use crate::wish::Sent;
use billing::order::{Action, Order};
use maud::{Markup, html};

/// Where the same is chosen; nowhere for an order that is about nothing.
pub(crate) fn address(signed: &Signed, it: &Order) -> Option<String> {
    let resource = it.pieces.first()?.resource;
    Some(match it.action {
        Action::New => format!("/buy/{}?{}", it.product, bought(it).query()),
        Action::Renew => format!("/renew?mark={resource}&months={}", it.months),
        Action::Convert => format!("/resources/{resource}/convert?months={}", it.months),
        Action::Upgrade | Action::Downgrade => {
            format!("/resources/{resource}/resize?{}", changed(signed, it))
        }
    })
}

/// What was chosen of a product.
fn bought(it: &Order) -> Sent {
    Sent {
        options: it.options.pairs(),
        months: (it.months > 0).then(|| it.months.to_string()),
        quantity: it.pieces.len().to_string(),
        name: it.name.clone(),
        start: it.month.clone(),
        ..Sent::default()
    }
}

/// The options that were to be others, and the days of a raise.
fn changed(signed: &Signed, it: &Order) -> String {
    let had = |name: &str| it.had.as_ref().and_then(|had| had.get(name));
    let mut options = it.options.pairs();
    options.retain(|(name, value)| had(name) != Some(value.as_str()));
    let mut query = form_urlencoded::Serializer::new(Sent { options, ..Sent::default() }.query());
    if let Some(days) = it.raise {
        query.extend_pairs(raise_days::typed(signed, days));
    }
    query.finish()
}

/// The button that leads there, where there is a way.
pub(crate) fn button(signed: &Signed, it: &Order) -> Markup {
    html! { @if let Some(address) = address(signed, it) { a.btn.main href=(address) { (signed.visit.texts().order_again()) } } }
}
