//! Conversions: what is paid by use is prepaid from a payment on.
//!
//! In:  a resource of an account, months. Out: what it would cost and until when; the order, paid or waiting.
//! Invariant: it is an order like any other, priced by the quote; until it is paid the resource is paid by use as before.
//! Rules: R-CNV-1, R-ORD-4 to R-ORD-7, R-ARR-2, R-PRE-3, section 20 of the rules.

use super::fulfil::{self, Again, Lot, Placing, Row};
use super::purchases::Pay;
use super::resources::Own;
use super::{At, Refusal, freezes, open_orders, token};
use billing::account::Account;
use billing::conversion::{self, ConversionError};
use billing::order::standing::{self, Placement};
use billing::order::{Action, Order, TIME_OUT_SECONDS};
use billing::purchase;
use billing::quote::{self, Agreed, Quote, Wish};
use billing::renewal::{self, Term};
use billing::resource::Resource;
use billing::voucher::choose::Choice;
use store::{Tx, accounts, ledger, orders, resources};
use units::calendar::seconds_after;
use units::{Money, Timestamp};

/// A conversion that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub own: Own,
    pub months: u32,
    /// The total that the client was quoted.
    pub quoted_minor: Option<i64>,
}

/// What a conversion would come to.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub resource: Resource,
    pub quote: Quote,
    /// The list price of everybody else, where a contract price of the account stands in its place. Source: R-PRC-22.
    pub listed: Option<Money>,
    /// Until when it would be paid, if it was paid now.
    pub until: Timestamp,
    /// What is held for its use, and would be free.
    pub freed: Money,
}

/// What a conversion would cost now. Nothing is kept.
///
/// Errors: `NotFound`, also for a resource of another account; what is not converted, or not for so long; an order that waits.
/// Source: R-CNV-1.
pub fn quote(tx: &mut Tx<'_>, at: At<'_>, wanted: Wanted) -> Result<Proposal, Refusal> {
    let account = accounts::get(tx, wanted.own.account)?;
    let resource = resources::get(tx, account.id, wanted.own.id)?.resource;
    proposal(tx, at, &account, (resource, wanted.months))
}

/// For how many months it may be paid ahead. Errors: `NotFound`; why it is not converted.
pub fn months(tx: &mut Tx<'_>, at: At<'_>, own: Own) -> Result<Vec<u32>, Refusal> {
    let resource = resources::get(tx, own.account, own.id)?.resource;
    let product = at.product_of(&resource)?;
    conversion::wish(&resource, product, 1)?;
    Ok(product.limits.months.clone())
}

fn proposal(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: &Account,
    (resource, months): (Resource, u32),
) -> Result<Proposal, Refusal> {
    let wish = conversion::wish(&resource, at.product_of(&resource)?, months)?;
    if let Some(open) = open_orders::about(tx, account.id, resource.id)? {
        return Err(ConversionError::OpenOrder(open).into());
    }
    let (quote, until) = priced(at, account, &wish)?;
    let held = ledger::freeze(tx, account.id, resource.id)?;
    let freed = held.map_or(Money::zero(account.currency), |it| it.held.total());
    let listed = listed(at, account, (&wish, &quote))?;
    Ok(Proposal { resource, quote, listed, until, freed })
}

/// The list price of the same by the book that contract prices of the account stand in, where that is another one.
fn listed(at: At<'_>, account: &Account, (wish, quote): (&Wish, &Quote)) -> Result<Option<Money>, Refusal> {
    let own = at.book_of(account.id, account.currency)?;
    let Some(book) = at.desk.books.listed(own.id) else { return Ok(None) };
    let usual = quote::conversion(book, wish, Agreed { days: quote.days, ..account.terms.into() })?;
    Ok(Some(usual.list).filter(|it| *it != quote.list))
}

/// What so many months cost from now on, and the days up to the fixed day of the account. Source: R-PRE-3.
fn priced(at: At<'_>, account: &Account, wish: &Wish) -> Result<(Quote, Timestamp), Refusal> {
    let (book, calendar) = (at.book_of(account.id, account.currency)?, &at.desk.calendar);
    // Months that are not sold are refused before any day is counted.
    quote::conversion(book, wish, account.terms.into())?;
    let end = conversion::until(Term { months: wish.months, days: 0 }, at.now, calendar)?;
    let days = renewal::days(account.expiry_day, end, wish.months, calendar)?;
    let quote = quote::conversion(book, wish, Agreed { days, ..account.terms.into() })?;
    let until = conversion::until(Term { months: quote.months, days: quote.days }, at.now, calendar)?;
    Ok((quote, until))
}

/// A conversion that is to be ordered: under which token, and whether it is paid at once.
#[derive(Clone, Copy, Debug)]
pub struct Conversion<'a> {
    pub wanted: Wanted,
    pub token: &'a str,
    pub pay: Pay,
    pub vouchers: Choice<'a>,
}

/// Orders a conversion. The same token and wish again give the same order.
///
/// Errors: as `quote`; arrears; `PriceChanged`; a token used for something else; with `Pay::Now` what a payment refuses.
/// Source: R-CNV-1, R-ORD-4 to R-ORD-7, R-ARR-2.
pub fn convert(tx: &mut Tx<'_>, at: At<'_>, of: Conversion<'_>) -> Result<Order, Refusal> {
    let Conversion { wanted, token, pay, vouchers } = of;
    let Own { account, id } = wanted.own;
    let held = freezes::held(tx, account)?;
    let asked = token::conversion(id, wanted.months, wanted.quoted_minor);
    let before = orders::of_batch(tx, account, token)?;
    let done = if before.is_empty() {
        let resource = resources::get(tx, account, id)?.resource;
        let found = proposal(tx, at, &held.account, (resource, wanted.months))?;
        purchase::solvent(&held.wallet.wallet)?;
        let place = Placement {
            resource: &found.resource,
            action: Action::Convert,
            terms: held.account.terms,
            token,
            number: 0,
            quoted_minor: wanted.quoted_minor,
            until: seconds_after(at.now, TIME_OUT_SECONDS)?,
        };
        let order = standing::place(
            &found.quote,
            place,
            at.book_of(held.account.id, held.account.currency)?.id,
            at.now,
        )?;
        let lots = vec![Lot { order, row: Row::New { number: 0, asked } }];
        fulfil::place(tx, at, held, Placing { lots, pay, vouchers })?
    } else {
        fulfil::again(tx, at, Again { token, asked: vec![asked], pay }, held, before)?
    };
    done.into_iter().next().ok_or_else(|| Refusal::missing("order"))
}
