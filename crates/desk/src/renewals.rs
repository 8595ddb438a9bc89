//! Renewals: what they cost, ordered and paid; by hand, and by themselves when time brings it.
//!
//! In:  resources of an account with months, or one that is due. Out: quotes; orders, paid at once or waiting; notices.
//! Invariant: a renewal is an order like any other, priced by the quote; of several, all are ordered or none. What is tried by
//! itself leaves no order that waits.
//! Rules: R-REN-1 to R-REN-3, R-EXP-2, R-ORD-4 to R-ORD-7, R-ARR-2, R-PRE-3, section 20 of the rules.

use super::act::Act;
use super::fulfil::{self, Again, Lot, Placing, Row};
use super::purchases::Pay;
use super::resources::Own;
use super::{At, Refusal, after, freezes, open_orders, steps, token};
use billing::account::Account;
use billing::event::EventKind;
use billing::life;
use billing::notice::renewals::{self as told, Again as Next, What};
use billing::order::standing::{self, Placement};
use billing::order::{self, Action, Order, OrderError};
use billing::quote::{self, Agreed, Quote, Wish};
use billing::renewal::{self, Due, Failure, RenewalError, Term};
use billing::resource::Resource;
use billing::resource::renew::{Flag, Renew};
use billing::voucher::choose::Choice as Vouchers;
use std::collections::{BTreeMap, BTreeSet};
use store::accounts::Held;
use store::resources::StoredResource;
use store::{StoreError, Tx, accounts, orders, resources};
use units::calendar::seconds_after;
use units::{AccountId, ResourceId, Timestamp};

/// A renewal that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub resource: ResourceId,
    pub months: u32,
    /// The total that the client was quoted.
    pub quoted_minor: Option<i64>,
    /// The deadline that the client was shown: where it is another by now, nothing is renewed.
    pub from: Option<Timestamp>,
}

impl Wanted {
    /// What is kept of it with its order.
    fn text(&self) -> String {
        token::renewal(self.resource, self.months, self.quoted_minor)
    }
}

/// What a renewal would cost, and what it would change.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub resource: Resource,
    pub quote: Quote,
    /// The deadline that it has.
    pub from: Timestamp,
    /// The deadline that it would have.
    pub to: Timestamp,
    /// Until when it can be renewed: its release.
    pub until: Timestamp,
}

/// What renewals would cost now. Nothing is kept.
///
/// Errors: of the first item, by its number: `NotFound`, also for a resource of another account; what is not renewed, or not for
/// so long; an order that waits. Source: R-REN-1.
pub fn quotes(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    wanted: &[Wanted],
) -> Result<Vec<Proposal>, Refusal> {
    let account = accounts::get(tx, account)?;
    proposals(tx, at, &account, wanted)
}

/// The same of each by itself: what one is refused for keeps no other from it.
pub fn each(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    wanted: &[Wanted],
) -> Result<Vec<Result<Proposal, Refusal>>, Refusal> {
    let account = accounts::get(tx, account)?;
    one_by_one(tx, at, &account, wanted)
}

fn proposals(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: &Account,
    wanted: &[Wanted],
) -> Result<Vec<Proposal>, Refusal> {
    let found = one_by_one(tx, at, account, wanted)?.into_iter().enumerate();
    found.map(|(index, it)| it.map_err(|error| error.of_item(index))).collect()
}

fn one_by_one(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: &Account,
    wanted: &[Wanted],
) -> Result<Vec<Result<Proposal, Refusal>>, Refusal> {
    let keys: Vec<_> = wanted.iter().map(|it| (account.id, it.resource)).collect();
    let found = resources::get_all(tx, &keys)?;
    let mut there: BTreeMap<ResourceId, Resource> =
        found.into_iter().map(|it| (it.resource.id, it.resource)).collect();
    let open = open_orders::all(tx, &keys)?;
    let mut seen = BTreeSet::new();
    let of = |it: &Wanted| {
        if !seen.insert(it.resource) {
            return Err(RenewalError::Twice.into());
        }
        let missing = || StoreError::NotFound(format!("resource {}", it.resource));
        let resource = there.remove(&it.resource).ok_or_else(missing)?;
        let product = at.life_of(&resource)?;
        let until = renewal::may_renew(&resource, product, at.now, &at.desk.calendar)?;
        match open.get(&resource.id) {
            Some(open) => Err(RenewalError::OpenOrder(*open).into()),
            None => priced(at, account, resource, (it.months, until)),
        }
    };
    Ok(wanted.iter().map(of).collect())
}

/// A renewal of a resource that may be renewed. Errors: months that it is not sold for, no price.
fn priced(
    at: At<'_>,
    account: &Account,
    resource: Resource,
    (months, until): (u32, Timestamp),
) -> Result<Proposal, Refusal> {
    let calendar = &at.desk.calendar;
    // Months that are not sold are refused before any day is counted.
    quoted(at, account, &resource, Term { months, days: 0 })?;
    let from = resource.deadline.ok_or(RenewalError::NotPrepaid)?;
    let end = renewal::behind(&resource, months, calendar)?.ok_or(RenewalError::NotPrepaid)?;
    let days = renewal::days(account.expiry_day, end, months, calendar)?;
    let quote = quoted(at, account, &resource, Term { months, days })?;
    let to = calendar.add_days(end, quote.days, resource.anchor().unwrap_or(end))?;
    Ok(Proposal { resource, quote, from, to, until })
}

/// What so many months and days more of a resource cost.
pub(super) fn quoted(
    at: At<'_>,
    account: &Account,
    resource: &Resource,
    term: Term,
) -> Result<Quote, Refusal> {
    let Term { months, days } = term;
    let book = at.book_of(account.id, account.currency)?;
    let wish = Wish {
        product: resource.product.clone(),
        options: resource.own_options().pairs(),
        months,
        quantity: 1,
    };
    Ok(quote::renewal(book, &wish, Agreed { days, ..account.terms.into() })?)
}

/// Renewals that are ordered together: whose, under which token, whether they are paid at once, and which vouchers pay for them.
#[derive(Clone, Copy, Debug)]
pub struct Renewal<'a> {
    pub account: AccountId,
    pub token: &'a str,
    pub items: &'a [Wanted],
    pub pay: Pay,
    pub vouchers: Vouchers<'a>,
}

/// Orders renewals, one order for each resource, all or none. The same token and items again give the same orders.
///
/// Errors: as `quotes`; `PriceChanged`; `Moved`; a token used for something else; with `Pay::Now` what a payment refuses. Arrears refuse
/// nothing. Source: R-REN-1, R-ORD-4 to R-ORD-7, section 20 (R-ARR-2).
pub fn renew(tx: &mut Tx<'_>, at: At<'_>, of: Renewal<'_>) -> Result<Vec<Order>, Refusal> {
    let held = freezes::held(tx, of.account)?;
    let before = orders::of_batch(tx, of.account, of.token)?;
    if !before.is_empty() {
        let asked = of.items.iter().map(Wanted::text).collect();
        let again = Again { token: of.token, asked, pay: of.pay };
        return fulfil::again(tx, at, again, held, before);
    }
    let mut lots = Vec::with_capacity(of.items.len());
    let proposals = proposals(tx, at, &held.account, of.items)?;
    for ((number, row), (it, wanted)) in (0..).zip(0..).zip(proposals.iter().zip(of.items)) {
        if let Some(shown) = wanted.from.filter(|shown| *shown != it.from) {
            return Err(Refusal::from(RenewalError::Moved { shown, now: it.from }).of_item(number));
        }
        let place = Placement {
            resource: &it.resource,
            action: Action::Renew,
            terms: held.account.terms,
            token: of.token,
            number,
            quoted_minor: wanted.quoted_minor,
            until: it.until,
        };
        let order =
            standing::place(&it.quote, place, at.book_of(of.account, it.resource.currency)?.id, at.now);
        let order = order.map_err(|error| Refusal::from(error).of_item(number))?;
        lots.push(Lot { order, row: Row::New { number: row, asked: wanted.text() } });
    }
    fulfil::place(tx, at, held, Placing { lots, pay: of.pay, vouchers: of.vouchers })
}

/// A resource of an account, and what is to be done as its deadline comes near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub account: AccountId,
    pub resource: ResourceId,
    pub flag: Flag,
}

/// Says whether something is renewed by itself, told of, or left to end.
///
/// Errors: `NotFound`, also for a resource of another account; `NotPrepaid`; `State` for what is gone. Source: R-REN-2, R-REN-3.
pub fn choose(tx: &mut Tx<'_>, at: At<'_>, it: Choice) -> Result<Resource, Refusal> {
    let read = resources::get(tx, it.account, it.resource)?;
    let product = at.life_of(&read.resource)?;
    renewal::may_renew(&read.resource, product, at.now, &at.desk.calendar)?;
    let renew = Renew { flag: it.flag, ..read.resource.renew };
    let resource = steps::with_renewal_due(at, Resource { renew, ..read.resource.clone() })?;
    let mut act = Act::on(tx, at, [it.account])?;
    if resource.renew != read.resource.renew {
        act.sheet.news.extend(act.ears.resource_stepped(&resource));
        steps::change(&mut act, &read, resource.clone());
    }
    after::finish(tx, act)?;
    Ok(resource)
}

/// What falls due of a renewal: its owner is told, or it is renewed by itself. Gives since when the next renewal is due where that was
/// missed as well. Source: R-REN-2, R-EXP-2.
pub fn fall_due(tx: &mut Tx<'_>, at: At<'_>, own: Own) -> Result<Option<Timestamp>, Refusal> {
    let Own { account, id } = own;
    // The wallet first: whoever holds it is alone with the orders of its account.
    let held = freezes::held(tx, account)?;
    let read = resources::get(tx, account, id)?;
    if read.resource.renew.due.is_none_or(|it| it > at.now) {
        return Ok(None);
    }
    let product = at.life_of(&read.resource)?;
    let due = renewal::due(&read.resource, product, at.now, &at.desk.calendar)?;
    let mut act = Act::on(tx, at, [account])?;
    let renewed = match due {
        Some((_, Due::Notice(days))) => {
            let stop = life::stop(&read.resource, product, &at.desk.calendar)?;
            let what = match stop {
                Some(stop) if read.resource.renew.flag != Flag::Auto => What::Expiring { days, stop },
                Some(_) | None => What::Ahead(days),
            };
            act.sheet.notices.extend(told::notice(&read.resource, what, at.now));
            false
        }
        Some((when, Due::Attempt)) => attempt(tx, &mut act, held, (&read, when))?,
        None => false,
    };
    let missed = match due {
        Some((when, _)) if renewed => missed(&mut act, id, when)?,
        Some(_) | None => {
            let resource = steps::with_renewal_due(at, read.resource.clone())?;
            steps::change(&mut act, &read, resource);
            None
        }
    };
    after::finish(tx, act)?;
    Ok(missed)
}

/// Where the renewal behind the one of `when` was missed as well, it is due at once. Gives since when.
fn missed(act: &mut Act<'_>, id: ResourceId, when: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    let at = act.at;
    let renewed = act.sheet.stepped.iter_mut().find(|it| it.after.resource.id == id);
    let Some(resource) = renewed.map(|it| &mut it.after.resource) else { return Ok(None) };
    let next = renewal::attempt_after(resource, at.life_of(resource)?, when, &at.desk.calendar)?;
    let missed = next.filter(|it| *it <= at.now);
    resource.renew.due = missed.or(resource.renew.due);
    Ok(missed)
}

/// Tries to renew something by itself, for the shortest time that it is sold for. Whether it was renewed.
///
/// An attempt that fails leaves a closed order, or none where there cannot be one. Source: R-REN-2, section 20.
fn attempt(
    tx: &mut Tx<'_>,
    act: &mut Act<'_>,
    held: Held,
    (read, when): (&StoredResource, Timestamp),
) -> Result<bool, Refusal> {
    let (at, resource) = (act.at, &read.resource);
    if let Some(open) = orders::open_orders(tx, &[(resource.account, resource.id)])?.get(&resource.id) {
        // One that timed out now is closed after this, and is paid no more. Source: R-SET-6.
        let it = orders::get(tx, resource.account, *open)?.order;
        if it.state != order::State::Unpaid || at.now < it.expires {
            return failed(act, resource, Failure::OpenOrder);
        }
    }
    let months = renewal::shortest(at.product_of(resource)?, resource);
    // One that was missed is made at its own time, and pays at once: its order never waits.
    let release = renewal::may_renew(resource, at.life_of(resource)?, when, &at.desk.calendar)?;
    let until = release.max(seconds_after(at.now, 1)?);
    let proposal = match priced(at, &held.account, resource.clone(), (months, until)) {
        Ok(proposal) => proposal,
        Err(refusal) if is_of_price(&refusal) => return failed(act, resource, Failure::Price),
        Err(refusal) => return Err(refusal),
    };
    let token = format!("renewal of {} at {when}", resource.id);
    let place = Placement {
        resource,
        action: Action::Renew,
        terms: held.account.terms,
        token: &token,
        number: 0,
        quoted_minor: None,
        until,
    };
    let placed =
        standing::place(&proposal.quote, place, at.book_of(held.account.id, resource.currency)?.id, at.now)?;
    // Vouchers come first; what fails holds none. Source: R-REN-2.
    let mut chosen = [placed.clone()];
    let page = fulfil::with_vouchers(tx, at, &held.account, Vouchers::Automatic, &mut chosen)?;
    let [order] = chosen;
    let asked = Wanted { resource: resource.id, months, quoted_minor: None, from: None }.text();
    let currency = held.account.currency;
    act.sheet.news.extend(act.ears.order(EventKind::OrderPlaced, &order, currency));
    let row = Row::New { number: 0, asked };
    if let Err(error) = order.payable(held.wallet.wallet.available()) {
        if !matches!(error, OrderError::BalanceInsufficient(_)) {
            return Err(error.into());
        }
        let state = placed.state.on(order::Event::Cancel).map_err(OrderError::from)?;
        let order = Order { state, ..placed };
        act.sheet.news.extend(act.ears.order_ended(&order, currency));
        fulfil::noted(act, Lot { order, row });
        return failed(act, resource, Failure::Balance);
    }
    act.sheet.vouchers.append(page);
    fulfil::paid(tx, act, held, vec![Lot { order, row }])?;
    let longer = Resource { deadline: Some(proposal.to), ..resource.clone() };
    act.sheet.notices.extend(told::notice(&longer, What::Done, at.now));
    Ok(true)
}

/// Whether something cannot be had as it is any more, and it is not the books that are wrong.
const fn is_of_price(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Quote(_) | Refusal::Plan(_) | Refusal::Option(_))
}

/// Notes why something was not renewed, and when it is tried again. Gives that it was not.
fn failed(act: &mut Act<'_>, resource: &Resource, why: Failure) -> Result<bool, Refusal> {
    let at = act.at;
    let product = at.life_of(resource)?;
    let calendar = &at.desk.calendar;
    let again = match renewal::attempt_after(resource, product, at.now, calendar)? {
        Some(again) => Next::At(again),
        None if life::release(resource, product, calendar)?.is_some_and(|it| it <= at.now) => Next::Gone,
        None => Next::Never,
    };
    act.sheet.notices.extend(told::notice(resource, What::Failed { why, again }, at.now));
    Ok(false)
}

/// What is told of something that passes its deadline; nothing where its owner lets it end. Source: R-EXP-2, R-REN-3.
pub(super) fn expired(act: &mut Act<'_>, resource: &Resource) -> Result<(), Refusal> {
    let product = act.at.life_of(resource)?;
    let release = life::release(resource, product, &act.at.desk.calendar)?;
    if let Some(release) = release.filter(|_| resource.renew.flag != Flag::None) {
        act.sheet.notices.extend(told::notice(resource, What::Expired { release }, act.at.now));
    }
    Ok(())
}
