//! Orders: quoted, placed, paid, cancelled, timed out.

use super::{Desk, Refusal, events, packs, tasks};
use billing::book::{Product, RealName};
use billing::order::{self, Event, Order, OrderError, Placement};
use billing::plan::Plan;
use billing::quote::{self, Quote, Wish};
use billing::resource::{Resource, State};
use billing::settle::Freeze;
use billing::wallet::{Till, Wallet};
use store::accounts::{Account, Verified};
use store::{Tx, accounts, ledger, orders};
use units::{AccountId, CycleKind, OrderId, Timestamp};

/// One item of a purchase: what, and the words that go with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    pub wish: Wish,
    /// The month that a pack is to begin in.
    pub month: Option<String>,
    pub name: String,
    pub service: Option<String>,
    pub quoted_minor: Option<i64>,
}

/// What a purchase would cost now. No effect. Source: R-ORD-1.
pub fn quote(
    tx: &mut Tx<'_>,
    desk: &Desk,
    account: AccountId,
    wish: &Wish,
    now: Timestamp,
) -> Result<Quote, Refusal> {
    let account = accounts::get(tx, account)?;
    Ok(quote::quote(desk.book(now)?, wish, account.terms)?)
}

/// Places the orders of one purchase. The same token and items again give the same orders.
///
/// Errors: everything that a quote refuses, arrears, quota, a token used for something else.
/// Source: R-ORD-1, R-ORD-6 to R-ORD-9.
pub fn place(
    tx: &mut Tx<'_>,
    desk: &Desk,
    id: AccountId,
    token: &str,
    items: &[Item],
    now: Timestamp,
) -> Result<Vec<Order>, Refusal> {
    let asked: Vec<String> = items.iter().map(|it| format!("{it:?}")).collect();
    let before = orders::asked(tx, id, token)?;
    if !before.is_empty() {
        let same = before == asked;
        let placed = orders::of_batch(tx, id, token)?.into_iter().map(|it| it.order).collect();
        return if same { Ok(placed) } else { Err(Refusal::TokenReused(token.to_string())) };
    }
    let (account, wallet) = accounts::with_wallet(tx, id)?;
    let placed = prepared(tx, desk, (&account, &wallet), token, items, now)?;
    for ((number, order), asked) in (0..).zip(&placed).zip(&asked) {
        orders::add(tx, order, number, asked)?;
        events::order(tx, "order.placed", order, now)?;
    }
    Ok(placed)
}

/// The orders that a purchase would be: everything that `place` checks, nothing written.
///
/// Source: R-ORD-1, R-ORD-8, R-ORD-9, R-ARR-2.
pub fn prepared(
    tx: &mut Tx<'_>,
    desk: &Desk,
    (account, wallet): (&Account, &Wallet),
    token: &str,
    items: &[Item],
    now: Timestamp,
) -> Result<Vec<Order>, Refusal> {
    if billing::arrears::blocks_purchase(wallet.balance()) {
        return Err(OrderError::InArrears.into());
    }
    let book = desk.book(now)?;
    if account.currency != book.currency {
        return Err(units::MoneyError::Currency(account.currency, book.currency).into());
    }
    let mut placed: Vec<Order> = Vec::new();
    for (number, item) in items.iter().enumerate() {
        let quote = quote::quote(book, &item.wish, account.terms)?;
        let product = desk.product(&item.wish.product, now)?;
        let here = placed.iter().filter(|it| same_place(it, &quote)).map(|it| it.pieces.len()).sum();
        allowed(tx, desk, account, (product, &quote, here), now)?;
        if let Some(rule) = &product.pack {
            billing::pack::period(rule, &quote.options, item.month.as_deref(), now, &desk.calendar)?;
        }
        let place = Placement {
            account: account.id,
            terms: account.terms,
            token: token.to_string(),
            number,
            month: item.month.clone(),
            name: item.name.clone(),
            service: item.service.clone(),
            quoted_minor: item.quoted_minor,
        };
        placed.push(order::place(&quote, place, book.id, now)?);
    }
    Ok(placed)
}

/// Whether an order counts against the same quota as what is quoted.
fn same_place(order: &Order, quote: &Quote) -> bool {
    order.product == quote.product
        && (order.months > 0) == (quote.months > 0)
        && order.options.place() == quote.options.place()
}

/// Quota and real name. Source: R-ORD-8.
fn allowed(
    tx: &mut Tx<'_>,
    desk: &Desk,
    account: &Account,
    (product, quote, in_cart): (&Product, &Quote, usize),
    now: Timestamp,
) -> Result<(), Refusal> {
    let plan = Plan::resolve(desk.book(now)?, &product.id, &quote.options)?;
    let prepaid = quote::is_prepaid(&plan);
    if !prepaid && product.limits.real_name == RealName::Needed && account.verified == Verified::No {
        return Err(OrderError::NotVerified.into());
    }
    let zone = quote.options.place();
    let (most, used) = if prepaid {
        let month = desk.calendar.cycle(CycleKind::Month, now)?;
        let used = orders::bought(tx, account.id, &product.id, zone, (month.from, month.to))?;
        (product.limits.prepaid_per_zone_and_month, used)
    } else {
        (product.limits.pay_per_use_per_zone, orders::in_use(tx, account.id, &product.id, zone)?)
    };
    let in_cart = u32::try_from(in_cart).unwrap_or(u32::MAX);
    let used = u32::try_from(used).unwrap_or(u32::MAX).saturating_add(in_cart);
    match most {
        Some(most) if used.saturating_add(quote.quantity) > most => {
            Err(OrderError::Quota { used, most }.into())
        }
        _ => Ok(()),
    }
}

/// Pays the orders `ids` of one purchase out of the wallet, all or none; what is a pack is delivered at once.
///
/// Errors: `NeedPayTogether` for a part of a purchase, `BalanceInsufficient`, arrears, state.
/// Source: R-ORD-6, R-PAY-3 to R-PAY-5, R-FRZ-1.
pub fn pay(
    tx: &mut Tx<'_>,
    desk: &Desk,
    id: AccountId,
    token: &str,
    ids: &[OrderId],
    now: Timestamp,
) -> Result<Vec<Order>, Refusal> {
    let batch = orders::of_batch(tx, id, token)?;
    if batch.is_empty() {
        return Err(store::StoreError::NotFound(format!("order {token}")).into());
    }
    let missing: Vec<String> =
        batch.iter().map(|it| it.order.id).filter(|it| !ids.contains(it)).map(|it| it.to_string()).collect();
    if !missing.is_empty() {
        return Err(OrderError::NeedPayTogether { missing: missing.join(", ") }.into());
    }
    let account = accounts::get(tx, id)?;
    let read = ledger::lock(tx, id, account.currency)?;
    if billing::arrears::blocks_purchase(read.wallet.balance()) {
        return Err(OrderError::InArrears.into());
    }

    let mut till = Till::new(read.wallet, now);
    let mut paid = Vec::new();
    for it in batch {
        let version = it.version;
        unchanged(desk, &it.order, now)?;
        let (order, opening) = order::pay(it.order, &mut till, now)?;
        paid.push((order, opening, version));
    }

    let mut done = Vec::new();
    for (order, opening, version) in paid {
        for (resource, held) in opening {
            ledger::save_freeze(tx, id, &Freeze { resource, target: order.freeze_minor, held })?;
        }
        let order = match desk.product(&order.product, now)?.pack.clone() {
            Some(rule) => packs::deliver(tx, desk, (order, &rule), &mut till, now)?,
            None => start_delivery(tx, desk, order, now)?,
        };
        orders::save(tx, &order, version)?;
        events::order(tx, "order.paid", &order, now)?;
        events::order_ended(tx, &order, now)?;
        done.push(order);
    }
    ledger::save(tx, &read, &till.wallet, &till.transfers)?;
    packs::remind(tx, desk, id, now)?;
    super::accounts::alert(tx, desk, id, now)?;
    Ok(done)
}

/// An unpaid order whose price has changed is not paid: it becomes Invalid. Source: R-ORD-3, R-PRC-6.
fn unchanged(desk: &Desk, order: &Order, now: Timestamp) -> Result<(), Refusal> {
    let book = desk.book(now)?;
    if book.id == order.book || order.state != order::State::Unpaid {
        return Ok(());
    }
    let quote = quote::quote(book, &wish_of(order), order.terms)?;
    let (quoted, now) = (order.total_minor, quote.total.minor());
    let same = quoted == now && order.freeze_minor == quote.freeze.minor();
    if same { Ok(()) } else { Err(OrderError::PriceChanged { quoted, now }.into()) }
}

/// Hands every piece to the cloud.
fn start_delivery(tx: &mut Tx<'_>, desk: &Desk, order: Order, now: Timestamp) -> Result<Order, Refusal> {
    let many = order.pieces.len() > 1;
    for (number, piece) in (1..).zip(&order.pieces) {
        let name = if many { format!("{}-{number}", order.name) } else { order.name.clone() };
        let resource = Resource {
            id: piece.resource,
            account: order.account,
            order: order.id,
            product: order.product.clone(),
            options: order.options.clone(),
            name,
            service: order.service.clone(),
            state: State::Pending,
            before: State::Pending,
            since: now,
            created: now,
            delivered: None,
            deadline: None,
            address: None,
            due: None,
            ended_by: None,
        };
        store::resources::add(tx, &resource)?;
        tasks::deliver(tx, desk, &resource, now)?;
    }
    if let Some(service) = &order.service {
        store::services::save(tx, order.account, service, store::services::Standing::Running)?;
    }
    Ok(order)
}

/// What an order costs by the book and the terms that it was placed with: its lines are made again from there.
pub fn quote_of(desk: &Desk, order: &Order) -> Result<Quote, Refusal> {
    let book = desk.books.get(order.book).ok_or(billing::plan::PlanError::NoBook(order.created))?;
    Ok(quote::quote(book, &wish_of(order), order.terms)?)
}

/// What an order asked for.
fn wish_of(order: &Order) -> Wish {
    Wish {
        product: order.product.clone(),
        options: order.options.pairs(),
        months: order.months,
        quantity: u32::try_from(order.pieces.len()).unwrap_or(u32::MAX),
    }
}

/// Cancels the unpaid orders of a purchase. Source: R-ORD-3.
pub fn cancel(tx: &mut Tx<'_>, id: AccountId, token: &str, now: Timestamp) -> Result<Vec<Order>, Refusal> {
    let batch = orders::of_batch(tx, id, token)?;
    if batch.is_empty() {
        return Err(store::StoreError::NotFound(format!("order {token}")).into());
    }
    batch.into_iter().map(|it| close(tx, it, Event::Cancel, now)).collect()
}

fn close(tx: &mut Tx<'_>, read: orders::Read, event: Event, now: Timestamp) -> Result<Order, Refusal> {
    let state = read.order.state.on(event)?;
    let order = Order { state, ..read.order };
    orders::save(tx, &order, read.version)?;
    events::order_ended(tx, &order, now)?;
    Ok(order)
}

/// Expires what was not paid in time. Source: R-ORD-4.
pub fn time_out(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize, Refusal> {
    let late = orders::timed_out(tx, now)?;
    let count = late.len();
    for read in late {
        close(tx, read, Event::TimeOut, now)?;
    }
    Ok(count)
}

/// An order whose month or period has passed meanwhile. Source: section 20 of the rules (R-PKG-2).
pub fn invalidate(tx: &mut Tx<'_>, id: AccountId, token: &str, now: Timestamp) -> Result<(), Refusal> {
    for read in orders::of_batch(tx, id, token)? {
        if read.order.state == order::State::Unpaid {
            close(tx, read, Event::Invalidate, now)?;
        }
    }
    Ok(())
}

/// The same for the purchase that these orders are of.
pub fn invalidate_those(
    tx: &mut Tx<'_>,
    id: AccountId,
    ids: &[OrderId],
    now: Timestamp,
) -> Result<(), Refusal> {
    match ids.first() {
        Some(first) => {
            let token = orders::get(tx, id, *first)?.order.group;
            invalidate(tx, id, &token, now)
        }
        None => Ok(()),
    }
}
