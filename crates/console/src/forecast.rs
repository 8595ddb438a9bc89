//! What a month has come to so far and what it will come to, as figures.
//!
//! In:  costs of an account or a resource. Out: figures of a strip, and the rule of the forecast in a sentence.
//! Invariant: what is forecast is called about so much; the sums are those of the API.

use crate::parts::figure;
use crate::show;
use crate::signed::Signed;
use desk::cost::{AccountCost, Cost};
use maud::{Markup, html};
use units::{Money, MoneyError};

/// Billed, and open where that is known.
fn so_far(cost: &AccountCost) -> Result<(Money, Option<Money>), MoneyError> {
    let billed = Money::sum(cost.billed.values().map(|it| it.total), cost.currency)?;
    let Ok(open) = &cost.open else { return Ok((billed, None)) };
    Ok((billed, Some(Money::sum(open.iter().map(|it| it.total), cost.currency)?)))
}

/// The month of an account so far, and about what it will come to; what is open is called unknown where it is.
///
/// Errors: a sum that is too large.
pub(crate) fn of_account(signed: &Signed, cost: &AccountCost) -> Result<Markup, MoneyError> {
    let (texts, unit) = (signed.visit.texts(), signed.unit());
    let month = show::month(&cost.month, signed.visit.language);
    let ((billed, open), total) = (so_far(cost)?, cost.forecast.total()?);
    let (name, sum, of) = match open {
        Some(open) => {
            let of = texts.billed_and_open(show::money(billed), show::money(open));
            (texts.so_far(), billed.checked_add(open)?, of)
        }
        // What was billed is not all that the month came to so far.
        None => (texts.billed_so_far(), billed, texts.open_unknown()),
    };
    Ok(html! {
        dl.figures {
            (figure(&name, &show::money(sum), unit, &html! { (of) }))
            @if let Some(total) = total {
                (figure(&texts.forecast_for(month), &about(signed, total), unit, &html! { (texts.forecast_hint()) }))
            }
        }
        @if total.is_some() { p.hint { (texts.forecast_rule()) } }
    })
}

/// The forecast of a resource; nothing where it cannot be said of it alone.
pub(crate) fn of_resource(signed: &Signed, cost: &Cost) -> Markup {
    let (texts, unit) = (signed.visit.texts(), signed.unit());
    let month = show::month(&cost.month, signed.visit.language);
    let alone = cost.scope == billing::book::Scope::Resource;
    let total = cost.forecast.total().ok().flatten().filter(|_| alone);
    html! {
        @if let Some(total) = total {
            (figure(&texts.forecast_for(month), &about(signed, total), unit, &html! { (texts.forecast_of_one()) }))
        }
    }
}

fn about(signed: &Signed, sum: Money) -> String {
    format!("{} {}", signed.visit.texts().about(), show::money(sum))
}
