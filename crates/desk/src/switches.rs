//! Switches of a mode of what is prepaid: how often there were some, and what one gives back.
//!
//! In:  something prepaid, the orders that are not over. Out: how often it was switched; what a switch to what is paid by use comes to.
//! Invariant: switches are counted by what the life line says of its options.
//! Rules: R-NET-4, R-NET-6.

use super::{At, Refusal};
use billing::book::Product;
use billing::downgrade::Downgrade;
use billing::plan::PlanError;
use billing::purchase;
use billing::quote::Quote;
use billing::refund::Asked;
use billing::resource::Resource;
use billing::switch::{self, Direction, Switch};
use billing::switched::{self, Bought, Switching};
use store::Tx;
use store::resources::{self, LifeFilter};

/// Before the first event of a life line.
const BEFORE_ALL: i64 = -1;

/// How often something was switched so. Source: R-NET-6.
pub(super) fn so_often(tx: &mut Tx<'_>, it: &Resource, switch: Switch<'_>) -> Result<u32, Refusal> {
    let filter = LifeFilter { account: it.account, resource: it.id, after: BEFORE_ALL };
    let life = resources::life(tx, filter, usize::MAX)?;
    Ok(switch::so_often(switch.rule, switch.to, life.iter().map(|it| &it.1.options)))
}

/// How often something was switched to what is paid by use, each time by an order that is written as a downgrade.
pub(super) fn to_use(tx: &mut Tx<'_>, it: &Resource, product: &Product) -> Result<u32, Refusal> {
    match &product.switch {
        Some(rule) => so_often(tx, it, Switch { rule, to: Direction::ByUse }),
        None => Ok(0),
    }
}

/// What a switch to what is paid by use comes to now. Errors: no price of an order by its book. Source: R-NET-4.
pub(super) fn find(
    at: At<'_>,
    asked: Asked<'_>,
    product: &Product,
    quote: Quote,
) -> Result<Downgrade, Refusal> {
    let mut bought = Vec::with_capacity(asked.terms.len());
    for it in asked.terms {
        let no_book = PlanError::NoBook(it.order.currency(), it.order.created);
        let book = at.desk.books.get(it.order.book).ok_or(no_book)?;
        bought.push(Bought { book, quote: purchase::requoted(book, it.order)? });
    }
    Ok(switched::switched(&Switching { asked, bought: &bought, product }, quote, at.now)?)
}
