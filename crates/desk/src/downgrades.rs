//! Downgrades: what prepaid time that is left would come to with other options, and having it so.
//!
//! In:  something prepaid, options that cost no more. Out: what goes back line by line and to which purses; the resource as it is then.
//! Invariant: a downgrade gives what its quote says at the same instant; one order, one bill, one row, in one transaction.
//! Rules: R-CHG-2, R-CHG-3, R-NET-4, R-REF-2, R-REF-4, R-FRZ-1, section 20 of the rules.

use super::act::Act;
use super::sheet::Moved;
use super::{At, Refusal, after, freezes, refunds, step_letters, steps, switches};
use billing::change;
use billing::downgrade::{self, Downgrade};
use billing::life::Standing;
use billing::options::Options;
use billing::order::standing::{self, Placement};
use billing::order::{Action, Order};
use billing::plan::PlanError;
use billing::quote::{self, Agreed, Wish};
use billing::rate::Terms;
use billing::refund::{Asked, Counted, RefundError};
use billing::resource::Resource;
use billing::wallet::Paid;
use store::accounts::Held;
use store::orders::NewOrder;
use store::resources::StoredResource;
use store::{StoreError, Tx, Writes, ledger};
use units::{BillId, OrderId, Timestamp};

/// What a downgrade would come to.
#[derive(Clone, Debug)]
pub struct Lowered {
    pub found: Downgrade,
    /// Where what goes back would go: the purses that paid.
    pub back: Paid,
    /// The deadline, which stays.
    pub until: Timestamp,
    /// The orders whose time it would take over.
    pub replaced: Vec<OrderId>,
}

/// Something that is to have other options, and what is agreed with its account.
pub(super) struct Sought<'a> {
    pub resource: &'a Resource,
    pub options: &'a Options,
    pub terms: Terms,
}

/// What it would come to now. Nothing is kept.
///
/// Errors: `Lowered` for what is not lowered, `LoweredOften`; `NothingPaid`; no price. Source: R-CHG-3, R-NET-4.
pub(super) fn find(tx: &mut Tx<'_>, at: At<'_>, of: Sought<'_>) -> Result<Lowered, Refusal> {
    let Sought { resource: it, options, terms } = of;
    let rule = at.life_of(it).ok().and_then(|it| it.refund.as_ref());
    let product = at.product_of(it)?;
    let switched = change::switch_of(it, product, &options.pairs());
    if switched.is_none() {
        let before = store::downgrades::of_resource(tx, it.account, it.id)?.len();
        let lowered = u32::try_from(before).unwrap_or(u32::MAX);
        downgrade::may_be_lowered(rule, lowered.saturating_sub(switches::to_use(tx, it, product)?))?;
    }
    let paid = store::refunds::terms(tx, it.account, it.id, at.now)?;
    let orders = refunds::of_terms(tx, it.account, &paid)?;
    let first = orders.first().ok_or(RefundError::NothingPaid)?;
    let book = at.desk.books.get(first.order.book);
    let book = book.ok_or(PlanError::NoBook(first.order.currency(), first.order.created))?;
    let asked = Asked {
        resource: it,
        rule,
        terms: &refunds::with_orders(&paid, &orders),
        book,
        counted: Counted::default(),
        calendar: &at.desk.calendar,
    };
    let (months, days) = asked.left(at.now)?;
    let wish = Wish { product: it.product.clone(), options: options.pairs(), months, quantity: 1 };
    let quote =
        quote::remaining(at.book_of(it.account, it.currency)?, &wish, Agreed { days, ..terms.into() })?;
    let found = match switched {
        Some(_) => switches::find(at, asked, product, quote)?,
        None => downgrade::downgrade(&asked, quote, at.now)?,
    };
    let wallet = ledger::get(tx, it.account, it.currency)?.wallet;
    let nobody = BillId::named(at.now, "a downgrade that is not made");
    let mut passbook = refunds::passbook(tx, at, wallet, &found.value.paid)?;
    let back = passbook.refund(found.total, found.value.paid, nobody)?.checked_neg()?;
    let until = it.deadline.ok_or(RefundError::NotPrepaid)?;
    Ok(Lowered { found, back, until, replaced: paid.iter().map(|it| it.order).collect() })
}

/// Something that is to be lowered, and under which token.
pub(super) struct Lowering<'a> {
    pub read: &'a StoredResource,
    pub lowered: Lowered,
    pub token: &'a str,
    /// What was asked for, as it is kept.
    pub asked: String,
}

/// Lowers it: what goes back goes to the purses that paid, and from now on it is what it is to be. Source: R-CHG-3, R-REF-4.
pub(super) fn lower(tx: &mut Tx<'_>, at: At<'_>, held: Held, of: Lowering<'_>) -> Result<Order, Refusal> {
    let Lowering { read, lowered: Lowered { found, until, replaced, .. }, token, asked } = of;
    let it = &read.resource;
    let place = Placement {
        resource: it,
        action: Action::Downgrade,
        terms: held.account.terms,
        token,
        number: 0,
        quoted_minor: None,
        until,
    };
    let book = at.book_of(it.account, it.currency)?;
    let order = standing::place(&found.quote, place, book.id, at.now)?.done();
    let bill = found.bill(&order, until, at.now)?;
    let mut passbook = refunds::passbook(tx, at, held.wallet.wallet, &found.value.paid)?;
    let paid = passbook.refund(found.total, found.value.paid, bill.id)?;
    if paid.total() != bill.total {
        return Err(StoreError::Corrupt(format!("{} went back of {}", paid.total(), bill.total)).into());
    }
    let mut act = Act::on(tx, at, [it.account])?;
    let target = quote::held(book, &it.product, &order.options)?;
    let wanted = freezes::Wanted { account: it.account, resource: it.id, target, version: read.version };
    let before = ledger::freeze(tx, it.account, it.id)?;
    freezes::retake(&mut act, &mut passbook, wanted, before)?;
    let standing =
        Standing { arrears_since: held.account.arrears_since, balance: passbook.wallet().standing() };
    let (resource, _) = change::changed(it.clone(), &order, at.now)?;
    steps::becomes(&mut act, read, resource, standing)?;
    let row = store::downgrades::Downgrade {
        account: it.account,
        resource: it.id,
        order: order.id,
        bill: bill.id,
        replaced,
        at: at.now,
        until,
        counted: found.counted,
    };
    let currency = held.account.currency;
    act.sheet.news.extend(act.ears.order_ended(&order, currency));
    act.sheet.news.extend(act.ears.refunded(&bill));
    act.sheet.letters.extend(step_letters::lowered(at, &order));
    act.sheet.bills.push(billing::bill::Bill { paid, ..bill });
    act.sheet.placed.push(NewOrder { order: order.clone(), number: 0, asked });
    act.sheet.moved.push(Moved { held, passbook });
    let mut writes = Writes::default();
    store::downgrades::add(&mut writes, &row);
    tx.write(writes)?;
    after::finish(tx, act)?;
    Ok(order)
}
