//! Changes of what lives: what they would come to, done at once or by an order.
//!
//! In:  a resource of an account, options that are to be others. Out: what it would cost, or why it cannot be; the resource, an order.
//! Invariant: there is one way to ask, however it is paid. What is paid by use, or costs nothing, is changed at once; what costs more
//! for the time that is left is an order like any other, priced by the quote; what costs no more is lowered at once.
//! Rules: R-CHG-1 to R-CHG-6, R-NET-3 to R-NET-6, R-ORD-1, R-ORD-4, R-ORD-5, R-ORD-7, R-ARR-2, R-FRZ-1, section 20 of the rules.

use super::act::Act;
use super::downgrades::{self, Lowered, Lowering, Sought};
use super::fulfil::{self, Again, Lot, Placing, Row};
use super::purchases::Pay;
use super::resources::Own;
use super::{At, Refusal, after, freezes, open_orders, steps, switches, token};
use billing::account::Account;
use billing::change::{self, ChangeError};
use billing::difference::{self, Change as Difference};
use billing::options::Options;
use billing::order::standing::{self, Placement};
use billing::order::{Action, Order};
use billing::plan::Plan;
use billing::quote::{self, Quote, Wish};
use billing::raise::{self, Asked, RangeError};
use billing::resource::Resource;
use billing::resource::raise::Days;
use billing::voucher::choose::Choice;
use billing::{pace, purchase};
use std::cmp::Ordering;
use store::resources::StoredResource;
use store::{Tx, accounts, orders, resources};
use units::calendar::days_left;
use units::{Amount, Money, MoneyError, Timestamp};

/// A change that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub own: Own,
    /// The options that are to be others, by name.
    pub options: &'a [(String, String)],
    /// The total that the client was quoted; below zero what is to go back at least.
    pub quoted_minor: Option<i64>,
    /// The days that it is for; `None` for all the time that is left. Source: R-NET-3.
    pub days: Option<Days>,
}

/// What a change would come to.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub resource: Resource,
    /// All options that it would have.
    pub options: Options,
    pub way: Way,
}

/// How something is changed.
#[derive(Clone, Debug)]
pub enum Way {
    /// At once, and nothing is paid for it now.
    AtOnce(AtOnce),
    /// By an order that is paid. Source: R-CHG-1.
    Order(Box<Ordered>),
    /// At once, and what is left over of what was paid goes back. Source: R-CHG-3.
    Lower(Box<Lowered>),
}

/// What is paid after use, as it is and as it would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtOnce {
    /// What a day costs of it, now and then: what is held, without use and packs.
    pub a_day: [Amount; 2],
    /// What would be held of the balance while it lives.
    pub held: Money,
}

/// What an order of a change is made from.
#[derive(Clone, Debug)]
pub struct Ordered {
    pub quote: Quote,
    /// Until when it is paid for: the deadline that it has, or the end of the days that it is for.
    pub until: Timestamp,
    /// Those days. Source: R-NET-3.
    pub raise: Option<Days>,
}

/// What a change would come to now. Nothing is kept.
///
/// Errors: `NotFound`, also for a resource of another account; options that cannot change, are not on sale, or are there already; an
/// order that waits. Source: R-CHG-1, R-CHG-4.
pub fn quote(tx: &mut Tx<'_>, at: At<'_>, wanted: Wanted<'_>) -> Result<Proposal, Refusal> {
    let account = accounts::get(tx, wanted.own.account)?;
    let read = resources::get(tx, account.id, wanted.own.id)?;
    proposal(tx, at, &account, (&read, wanted))
}

fn proposal(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: &Account,
    (read, wanted): (&StoredResource, Wanted<'_>),
) -> Result<Proposal, Refusal> {
    let (resource, changes) = (read.resource.clone(), wanted.options);
    if let Some(days) = wanted.days {
        return for_days(tx, at, account, (&resource, Asked { changes, days }));
    }
    let product = at.product_of(&resource)?;
    let wish = change::wish(&resource, product, changes, at.now)?;
    change::not_raised(&resource)?;
    nothing_waits(tx, &resource)?;
    if let Some(switch) = change::switch_of(&resource, product, changes) {
        change::may_switch(switch, switches::so_often(tx, &resource, switch)?)?;
    }
    let (options, way) = match resource.deadline {
        None => by_use(at, account, &resource, &wish)?,
        Some(deadline) => prepaid(tx, at, account, (&resource, &wish, deadline))?,
    };
    match options == resource.options {
        true => Err(ChangeError::Same.into()),
        false => Ok(Proposal { resource, options, way }),
    }
}

/// Errors: `OpenOrder` where one about it waits for its payment. Source: R-ORD-5.
pub fn nothing_waits(tx: &mut Tx<'_>, it: &Resource) -> Result<(), Refusal> {
    match open_orders::about(tx, it.account, it.id)? {
        Some(open) => Err(ChangeError::OpenOrder(open).into()),
        None => Ok(()),
    }
}

/// What is prepaid is raised for some days, by an order that costs the difference for these. Errors: why not. Source: R-NET-3.
fn for_days(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: &Account,
    (it, asked): (&Resource, Asked<'_>),
) -> Result<Proposal, Refusal> {
    let product = at.product_of(it)?;
    let own = Resource { options: it.own_options(), ..it.clone() };
    let wish = change::wish(&own, product, asked.changes, at.now)?;
    nothing_waits(tx, it)?;
    raise::may_raise(it, product, asked, at.now).map_err(ChangeError::from)?;
    let days = raise::count(asked.days, &at.desk.calendar).map_err(ChangeError::from)?;
    let change = Difference { product: &own.product, had: &own.options, options: &wish.options, days };
    let quote = difference::quote(at.book_of(account.id, account.currency)?, change, account.terms)?;
    if difference::direction(&quote) != Ordering::Greater {
        // What costs nothing is changed at once.
        let option = asked.changes.first().map_or_else(String::new, |it| it.0.clone());
        return Err(ChangeError::from(RangeError::NotForDays(option)).into());
    }
    let options = quote.options.clone();
    let ordered = Ordered { quote, until: asked.days.to, raise: Some(asked.days) };
    Ok(Proposal { resource: own, options, way: Way::Order(Box::new(ordered)) })
}

/// What is paid by use: the old price to this second, the new one after. Source: R-CHG-4.
fn by_use(at: At<'_>, account: &Account, it: &Resource, wish: &Wish) -> Result<(Options, Way), Refusal> {
    let quote = quote::quote(at.book_of(account.id, account.currency)?, wish, account.terms)?;
    let way = at_once(at, account, it, &quote.options)?;
    Ok((quote.options, way))
}

fn at_once(at: At<'_>, account: &Account, it: &Resource, options: &Options) -> Result<Way, Refusal> {
    let a_day = [cost_of_day(at, account, it, &it.options)?, cost_of_day(at, account, it, options)?];
    Ok(Way::AtOnce(AtOnce {
        a_day,
        held: quote::held(at.book_of(account.id, account.currency)?, &it.product, options)?,
    }))
}

/// What a day costs of a resource with these options, after use.
pub(super) fn cost_of_day(
    at: At<'_>,
    account: &Account,
    it: &Resource,
    options: &Options,
) -> Result<Amount, Refusal> {
    let plan = Plan::resolve(at.book_of(account.id, account.currency)?, &it.product, options)?;
    Ok(pace::a_day(&plan, it.state, account.terms)?)
}

/// What a day costs of a resource as it is, after use: what is held, without use and packs. Errors: `NotFound`, no price.
pub fn a_day(tx: &mut Tx<'_>, at: At<'_>, own: Own) -> Result<Amount, Refusal> {
    let account = accounts::get(tx, own.account)?;
    let resource = resources::get(tx, own.account, own.id)?.resource;
    cost_of_day(at, &account, &resource, &resource.options)
}

/// What is prepaid: an order where the time that is left costs more, at once where no price changes, lowered where it costs no more.
///
/// Errors: `Lowered`, `LoweredOften`. Source: R-CHG-1 to R-CHG-3, R-CHG-6, R-TIM-7.
fn prepaid(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: &Account,
    (it, wish, deadline): (&Resource, &Wish, Timestamp),
) -> Result<(Options, Way), Refusal> {
    let days = u32::try_from(days_left(at.now, deadline)).map_err(|_| MoneyError::Overflow)?;
    let change = Difference { product: &it.product, had: &it.options, options: &wish.options, days };
    let quote = difference::quote(at.book_of(account.id, account.currency)?, change, account.terms)?;
    if quote.lines.is_empty() {
        let way = at_once(at, account, it, &quote.options)?;
        return Ok((quote.options, way));
    }
    match difference::direction(&quote) {
        Ordering::Greater => {
            let options = quote.options.clone();
            Ok((options, Way::Order(Box::new(Ordered { quote, until: deadline, raise: None }))))
        }
        Ordering::Less | Ordering::Equal => {
            let sought = Sought { resource: it, options: &quote.options, terms: account.terms };
            let lowered = downgrades::find(tx, at, sought)?;
            Ok((quote.options, Way::Lower(Box::new(lowered))))
        }
    }
}

/// A change that is to be done: under which token, and whether it is paid at once where it costs anything.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    pub wanted: Wanted<'a>,
    pub token: &'a str,
    pub pay: Pay,
    /// Which vouchers pay for it. Source: R-CHG-1.
    pub vouchers: Choice<'a>,
}

/// What was done: the resource as it is then, and the order where there is one.
#[derive(Clone, Debug)]
pub struct Changed {
    pub resource: Resource,
    pub order: Option<Order>,
}

/// Changes a resource, at once or by an order. The same token and change again give the same order.
///
/// Errors: as `quote`; `PriceChanged`; arrears for what costs anything; a token used for something else; what a payment or a larger
/// freeze refuses. Source: R-CHG-1, R-CHG-4, R-ORD-4 to R-ORD-7, section 20 (R-ARR-2).
pub fn change(tx: &mut Tx<'_>, at: At<'_>, of: Change<'_>) -> Result<Changed, Refusal> {
    let Change { wanted, token, pay, vouchers } = of;
    let Own { account, id } = wanted.own;
    let held = freezes::held(tx, account)?;
    let asked = token::change(id, wanted.options, wanted.quoted_minor, wanted.days);
    let before = orders::of_batch(tx, account, token)?;
    if !before.is_empty() {
        let done = fulfil::again(tx, at, Again { token, asked: vec![asked], pay }, held, before)?;
        return changed(tx, wanted.own, done);
    }
    let read = resources::get(tx, account, id)?;
    let found = proposal(tx, at, &held.account, (&read, wanted))?;
    may_be_changed(&held, &read)?;
    let Ordered { quote, until, raise } = match found.way {
        Way::AtOnce(it) => {
            let resource = do_at_once(tx, at, &read, (found.options, it.held))?;
            return Ok(Changed { resource, order: None });
        }
        Way::Lower(lowered) => {
            let found = lowered.found.as_quoted(wanted.quoted_minor)?;
            let lowering = Lowering { read: &read, lowered: Lowered { found, ..*lowered }, token, asked };
            let order = downgrades::lower(tx, at, held, lowering)?;
            return changed(tx, wanted.own, vec![order]);
        }
        Way::Order(ordered) => *ordered,
    };
    let place = Placement {
        resource: &found.resource,
        action: Action::Upgrade,
        terms: held.account.terms,
        token,
        number: 0,
        quoted_minor: wanted.quoted_minor,
        until: raise.map_or(until, |it| it.from),
    };
    let order =
        standing::place(&quote, place, at.book_of(held.account.id, held.account.currency)?.id, at.now)?;
    let order = Order { raise, ..order };
    let lots = vec![Lot { order, row: Row::New { number: 0, asked } }];
    let done = fulfil::place(tx, at, held, Placing { lots, pay, vouchers })?;
    changed(tx, wanted.own, done)
}

fn changed(tx: &mut Tx<'_>, own: Own, done: Vec<Order>) -> Result<Changed, Refusal> {
    let resource = resources::get(tx, own.account, own.id)?.resource;
    Ok(Changed { resource, order: done.into_iter().next() })
}

/// Changes a resource at once. Errors: as `quote`; `NeedsOrder` for what is to be paid; `BalanceInsufficient` when the larger freeze
/// cannot be taken. Source: R-CHG-4, R-CHG-6, R-QCS-6, section 20.
pub fn resize(
    tx: &mut Tx<'_>,
    at: At<'_>,
    own: Own,
    changes: &[(String, String)],
) -> Result<Resource, Refusal> {
    // The wallet first: nobody orders anything for it meanwhile.
    let held = freezes::held(tx, own.account)?;
    let read = resources::get(tx, own.account, own.id)?;
    let wanted = Wanted { own, options: changes, quoted_minor: None, days: None };
    let found = proposal(tx, at, &held.account, (&read, wanted))?;
    may_be_changed(&held, &read)?;
    match found.way {
        Way::AtOnce(it) => do_at_once(tx, at, &read, (found.options, it.held)),
        Way::Order(_) | Way::Lower(_) => Err(ChangeError::NeedsOrder.into()),
    }
}

/// What is prepaid is not changed in arrears, also not for nothing. Errors: `InArrears`.
fn may_be_changed(held: &store::accounts::Held, read: &StoredResource) -> Result<(), Refusal> {
    if read.resource.deadline.is_some() {
        purchase::solvent(&held.wallet.wallet)?;
    }
    Ok(())
}

fn do_at_once(
    tx: &mut Tx<'_>,
    at: At<'_>,
    read: &StoredResource,
    (options, target): (Options, Money),
) -> Result<Resource, Refusal> {
    let (account, id) = (read.resource.account, read.resource.id);
    let mut act = Act::on(tx, at, [account])?;
    let wanted = freezes::Wanted { account, resource: id, target, version: read.version };
    freezes::renew(tx, &mut act, wanted)?;
    let resource = Resource { options, ..read.resource.clone() };
    act.sheet.lives.meter(&resource, resource.metered(at.now), read.version + 1);
    act.sheet.news.extend(act.ears.resource_stepped(&resource));
    steps::change(&mut act, read, resource.clone());
    after::finish(tx, act)?;
    Ok(resource)
}
