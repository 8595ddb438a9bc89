//! A resize before it is done: what a day would cost, what would be held, or why it cannot be.
//!
//! In:  a resource of an account, options that are to change. Out: both prices. Nothing is written.
//! Invariant: whatever a resize refuses by its options is refused here with the same reason.
//! Rules: R-CHG-4, R-FRZ-1.

use super::resources::Own;
use super::{At, Refusal};
use billing::plan::Plan;
use billing::{change, pace, quote};
use store::{Tx, accounts};
use units::{Amount, Money};

/// What a resource would be with other options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resized {
    /// What a day costs of it as it stands, with its options and with the others: what is held, without use and packs.
    pub a_day: [Amount; 2],
    /// What would be held of the balance while it lives.
    pub held: Money,
    /// Whether anything would be another.
    pub is_other: bool,
}

/// What a resize would come to.
///
/// Errors: `NotFound`, what `resources::resize` refuses but a balance that is too small.
pub fn preview(
    tx: &mut Tx<'_>,
    at: At<'_>,
    own: Own,
    changes: &[(String, String)],
) -> Result<Resized, Refusal> {
    let resource = store::resources::get(tx, own.account, own.id)?.resource;
    let account = accounts::get(tx, own.account)?;
    let wish = change::wish(&resource, at.product(&resource.product)?, changes)?;
    let book = at.book()?;
    let quote = quote::quote(book, &wish, account.terms)?;
    let cost = |options| -> Result<Amount, Refusal> {
        let plan = Plan::resolve(book, &resource.product, options)?;
        Ok(pace::a_day(&plan, resource.state, account.terms)?)
    };
    let a_day = [cost(&resource.options)?, cost(&quote.options)?];
    Ok(Resized { a_day, held: quote.freeze, is_other: quote.options != resource.options })
}
