//! Conversions back: what is prepaid is paid by use from a second on, and what was not used of what was paid goes back.
//!
//! In:  a resource of an account. Out: what would go back line by line, what would be held and what a day costs then; the refund.
//! Invariant: what goes back is what the quote says at the same instant; one bill, one row, in one transaction; nothing stops.
//! Rules: R-CNV-2, R-REF-2, R-REF-4, R-FRZ-1, R-ARR-2, R-ORD-5, R-ORD-8, section 20 of the rules.

use super::act::Act;
use super::refunds::{self, GivenBack, PaidTerm, Rest, Seen, Subject};
use super::resources::Own;
use super::sheet::Moved;
use super::{At, Refusal, changes, freezes, open_orders, steps};
use billing::account::Account;
use billing::conversion::{ConversionError, by_use};
use billing::life::Standing;
use billing::options::Options;
use billing::refund::RefundError;
use billing::resource::Resource;
use billing::wallet::Paid;
use billing::{order, purchase, quote, refund};
use store::orders::StoredOrder;
use store::resources::StoredResource;
use store::{Tx, Writes, accounts, ledger, resources};
use units::{Amount, Money, RefundId};

/// A resource that is to be paid by use.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub own: Own,
    /// What is expected back at least: it becomes less with time.
    pub least: Option<Money>,
}

/// What it would come to.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub resource: Resource,
    /// All options that it would have.
    pub options: Options,
    pub refund: refund::Refund,
    /// Where it would go: the purses that paid.
    pub back: Paid,
    /// The orders that it is of, the one that runs first.
    pub terms: Vec<PaidTerm>,
    /// What would be held of the balance while it is paid by use.
    pub held: Money,
    /// What a day costs of it then: what is held, without use and packs.
    pub a_day: Amount,
}

/// All that a conversion is done by.
struct Found {
    read: StoredResource,
    rest: Rest,
    options: Options,
    held: Money,
}

/// What it would come to now. Nothing is kept.
///
/// Errors: `NotFound`, also for a resource of another account; what is not converted; an order that waits; what is not on sale paid by use;
/// `NotVerified`; what is not refunded so often. Source: R-CNV-2.
pub fn quote(tx: &mut Tx<'_>, at: At<'_>, own: Own) -> Result<Proposal, Refusal> {
    let account = accounts::get(tx, own.account)?;
    let Found { read, rest, options, held } = find(tx, at, &account, own)?;
    let wallet = ledger::get(tx, account.id, account.currency)?.wallet;
    let passbook = refunds::passbook(tx, at, wallet, &rest.refund.paid)?;
    let back = refunds::back(passbook, &rest.refund, at.now)?;
    let a_day = changes::cost_of_day(at, &account, &read.resource, &options)?;
    let Rest { terms, refund, .. } = rest;
    Ok(Proposal { resource: read.resource, options, refund, back, terms, held, a_day })
}

fn find(tx: &mut Tx<'_>, at: At<'_>, account: &Account, own: Own) -> Result<Found, Refusal> {
    let read = resources::get(tx, account.id, own.id)?;
    let product = at.product_of(&read.resource)?;
    let wish = by_use::wish(&read.resource, product, at.now)?;
    if let Some(open) = open_orders::about(tx, account.id, own.id)? {
        return Err(ConversionError::OpenOrder(open).into());
    }
    purchase::known_to_use(product, account.verified)?;
    let book = at.book_of(account.id, account.currency)?;
    let options = quote::quote(book, &wish, account.terms)?.options;
    let held = quote::held(book, &product.id, &options)?;
    let rest = refunds::rest(tx, at, &read.resource, |asked| by_use::rest(asked, at.now))?;
    Ok(Found { read, rest, options, held })
}

/// Converts it: what was not used goes back to the purses that paid, and it is paid by use from this second on, its tiers from the first.
///
/// Errors: as `quote`; arrears; `Less`; `BalanceInsufficient` where what is to be held for its use is not there, with what goes back.
/// Source: R-CNV-2, R-REF-4, R-FRZ-1, R-ARR-2.
pub fn convert(tx: &mut Tx<'_>, at: At<'_>, wanted: Wanted) -> Result<Seen, Refusal> {
    let Wanted { own, least } = wanted;
    let held = freezes::held(tx, own.account)?;
    let found = find(tx, at, &held.account, own)?;
    purchase::solvent(&held.wallet.wallet)?;
    let Found { read, rest: Rest { terms, orders, refund }, options, held: target } = found;
    let refund = refund.at_least(least)?;
    let first = terms.first().ok_or(RefundError::NothingPaid)?;
    let subject = Subject::Resource(own.id);
    let id = RefundId::named(at.now, &format!("{} {subject} by use {}", own.account, first.order));
    let about = refunds::about(id, own.account, subject, first);
    let mut passbook = refunds::passbook(tx, at, held.wallet.wallet, &refund.paid)?;
    let bill = refunds::paid_out(refund.bill(about, at.now)?, &refund, &mut passbook)?;
    let mut act = Act::on(tx, at, [own.account])?;
    let freeze = freezes::Wanted { account: own.account, resource: own.id, target, version: read.version };
    let before = ledger::freeze(tx, own.account, own.id)?;
    freezes::take(&mut act, &mut passbook, freeze, before)?;
    let resource = by_use::converted(read.resource.clone(), options, at.now)?;
    let balance = passbook.wallet().standing();
    steps::becomes(
        &mut act,
        &read,
        resource,
        Standing { arrears_since: held.account.arrears_since, balance },
    )?;
    for StoredOrder { order, version, .. } in orders {
        act.sheet.changed.push((order::refunded(order, own.id)?, version));
    }
    let to_cards = Money::zero(refund.currency());
    let (name, moved) = (read.resource.name.clone(), Moved { held, passbook });
    let given = GivenBack { id, subject, name, first, refund: &refund, bill, to_cards, moved };
    given.keep(tx, act, Writes::default())
}
