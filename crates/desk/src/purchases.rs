//! Purchases: placed and paid, as many as come in at the same time.
//!
//! In:  purchases, each of another account. Out: for each its orders, or why not.
//! Invariant: everything is read before anything is decided, and a purchase that is refused leaves nothing behind;
//! the number of statements does not grow with the number of purchases.

use super::act::Act;
use super::quotas::{Cart, Quotas};
use super::quotes::{self, Quotes};
use super::sheet::{Moved, Sheet};
use super::voucher_holds::Choosing;
use super::{At, Refusal, after, letters, packs, request, token, voucher_holds};
use billing::account::Account;
use billing::book::OnServiceStop;
use billing::event::EventKind;
use billing::order::{self, Item, Order};
use billing::passbook::Passbook;
use billing::purchase;
use billing::quote::Becomes;
use billing::resource::kept::Kept;
use billing::resource::renew::Renew;
use billing::resource::{Resource, State};
use billing::voucher::choose::Choice;
use std::collections::{BTreeMap, BTreeSet};
use store::accounts::{Held, Patience};
use store::orders::{NewOrder, StoredOrder};
use store::services::ServiceState;
use store::vouchers::StoredVoucher;
use store::{StoreError, Tx, accounts, orders};
use units::AccountId;

/// Whether a purchase is paid out of the wallet with its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pay {
    Now,
    /// Within 24 hours. Source: R-ORD-4.
    Later,
}

/// One purchase: whose it is, its token, what is in it.
#[derive(Clone, Copy, Debug)]
pub struct Purchase<'a> {
    pub account: AccountId,
    pub token: &'a str,
    pub items: &'a [Item],
    pub pay: Pay,
    /// Which vouchers pay for it. Orders that were placed before under its token keep those that they hold.
    pub vouchers: Choice<'a>,
}

/// What all purchases of a batch read.
struct Shop {
    buyers: BTreeMap<AccountId, Held>,
    patience: Patience,
    /// Orders that were placed before, by account and token.
    before: BTreeMap<(AccountId, String), Vec<StoredOrder>>,
    quotas: Quotas,
    /// Vouchers that are chosen among, by account.
    drawers: BTreeMap<AccountId, Vec<StoredVoucher>>,
}

/// Makes purchases. The same token and items again give the same orders.
///
/// For each purchase: everything that a quote refuses, arrears, quota, vouchers that do not pay for it, a token used for something else; with
/// `Pay::Now` all that a payment refuses. with `Patience::Skip` it is `Stale`
/// for one whose wallet is held elsewhere: it is to come again, alone. Errors: what the database says, and two purchases of one account.
/// Source: R-ORD-1, R-ORD-6 to R-ORD-9, R-PAY-3 to R-PAY-5, R-FRZ-1.
pub fn buy(
    tx: &mut Tx<'_>,
    at: At<'_>,
    purchases: &[Purchase<'_>],
    patience: Patience,
) -> Result<Vec<Result<Vec<Order>, Refusal>>, Refusal> {
    let all: BTreeSet<AccountId> = purchases.iter().map(|it| it.account).collect();
    if all.len() < purchases.len() {
        return Err(StoreError::Setup("two purchases of one account at once".into()).into());
    }
    let buyers = accounts::lock(tx, all.iter().copied(), patience)?;
    let mut act = Act::on(tx, at, all)?;
    let tokens: Vec<(AccountId, &str)> = purchases.iter().map(|it| (it.account, it.token)).collect();
    let mut before: BTreeMap<(AccountId, String), Vec<StoredOrder>> = BTreeMap::new();
    for read in orders::of_batches(tx, &tokens)? {
        before.entry((read.order.account, read.order.group.clone())).or_default().push(read);
    }
    let quoted: Vec<Quotes> = purchases
        .iter()
        .map(|it| {
            buyers
                .get(&it.account)
                .map_or_else(|| Ok(Vec::new()), |by| quotes::of_items(at, &by.account, it.items))
        })
        .collect::<Result<_, _>>()?;
    let quotas = Quotas::read(tx, at, purchases.iter().map(|it| it.account).zip(&quoted))?;
    let choices: Vec<(AccountId, Choice<'_>)> =
        purchases.iter().map(|it| (it.account, it.vouchers)).collect();
    let drawers = voucher_holds::read(tx, &choices, at.now)?;
    let shop = Shop { buyers, patience, before, quotas, drawers };

    let decide = |(it, quotes)| act.attempt(|act| shop.decide(act, it, quotes));
    let done = purchases.iter().zip(quoted).map(decide).collect();
    after::finish(tx, act)?;
    Ok(done)
}

impl Shop {
    fn decide(&self, act: &mut Act<'_>, it: &Purchase<'_>, quotes: Quotes) -> Result<Vec<Order>, Refusal> {
        let missing = || match self.patience {
            Patience::Wait => StoreError::NotFound(format!("account {}", it.account)),
            Patience::Skip => StoreError::Stale(format!("the wallet of {}", it.account)),
        };
        let held = self.buyers.get(&it.account).ok_or_else(missing)?;
        let lots = match self.before.get(&(it.account, it.token.to_string())) {
            Some(before) => again(before, it)?,
            None => {
                let (account, wallet) = (&held.account, &held.wallet.wallet);
                self.place(act, it, Cart { account, wallet, items: it.items, quotes })?
            }
        };
        let was_paid = lots.iter().all(|it| it.order.state.was_paid());
        match it.pay {
            Pay::Now if was_paid => Ok(lots.into_iter().map(|it| it.order).collect()),
            Pay::Now => pay(act, held, lots),
            Pay::Later => Ok(lots.into_iter().map(|lot| act.sheet.note(lot)).collect()),
        }
    }

    /// Orders of a purchase under a new token.
    fn place(&self, act: &mut Act<'_>, it: &Purchase<'_>, cart: Cart<'_>) -> Result<Vec<Lot>, Refusal> {
        let (account, currency, items) = (cart.account, cart.account.currency, cart.items);
        let mut placed = self.quotas.orders(act.at, it.token, cart)?;
        let drawer = self.drawers.get(&account.id).cloned().unwrap_or_default();
        let choosing = Choosing { account, choice: it.vouchers, drawer };
        act.sheet.vouchers.append(voucher_holds::hold(act.at, choosing, &mut placed)?);
        let news = placed.iter().filter_map(|order| act.ears.order(EventKind::OrderPlaced, order, currency));
        act.sheet.news.extend(news);
        let row = |(number, (order, item)): (i64, (Order, &Item))| Lot {
            order,
            row: Row::New { number, asked: token::text(item) },
        };
        Ok((0..).zip(placed.into_iter().zip(items)).map(row).collect())
    }
}

/// The orders that were placed under the same token. Errors: `TokenReused`. Source: R-ORD-7.
fn again(before: &[StoredOrder], it: &Purchase<'_>) -> Result<Vec<Lot>, Refusal> {
    if !token::is_same(before, it.items) {
        return Err(Refusal::TokenReused(it.token.to_string()));
    }
    Ok(before.iter().cloned().map(Lot::from).collect())
}

/// An order, and the row that it is to be written to.
pub(super) struct Lot {
    order: Order,
    row: Row,
}

enum Row {
    New { number: i64, asked: String },
    Read { version: i64 },
}

impl From<StoredOrder> for Lot {
    fn from(read: StoredOrder) -> Lot {
        Lot { order: read.order, row: Row::Read { version: read.version } }
    }
}

impl Sheet {
    /// Notes an order that is placed; one that was placed before stays as it is.
    fn note(&mut self, lot: Lot) -> Order {
        if let Row::New { number, asked } = lot.row {
            self.placed.push(NewOrder { order: lot.order.clone(), number, asked });
        }
        lot.order
    }
}

/// Pays orders of one purchase out of its wallet, all or none; what is a pack is delivered at once.
///
/// Errors: arrears, `PriceChanged`, state, `BalanceInsufficient`; then the sheet is not to be used.
pub(super) fn pay(act: &mut Act<'_>, held: &Held, lots: Vec<Lot>) -> Result<Vec<Order>, Refusal> {
    let (account, read, at) = (&held.account, held.wallet, act.at);
    purchase::solvent(&read.wallet)?;
    let mut passbook = Passbook::new(read.wallet, at.now);
    let mut done = Vec::new();
    for lot in lots {
        purchase::unchanged(at.book_of(account.id, account.currency)?, &lot.order)?;
        let (order, opening) = order::pay(lot.order, &mut passbook, at.now)?;
        act.sheet.freezes.extend(opening.into_iter().map(|it| (account.id, it)));
        done.push((order, lot.row));
    }
    let mut orders = Vec::new();
    for (order, row) in done {
        let order = match order.becomes {
            Becomes::Pack => packs::deliver(act, order, &mut passbook)?,
            Becomes::Resource => hand_over(act, account, order)?,
        };
        match row {
            Row::New { number, asked } => {
                act.sheet.placed.push(NewOrder { order: order.clone(), number, asked });
            }
            Row::Read { version } => act.sheet.changed.push((order.clone(), version)),
        }
        act.sheet.letters.extend(letters::paid(at, &order));
        act.sheet.news.extend(act.ears.order(EventKind::OrderPaid, &order, account.currency));
        act.sheet.news.extend(act.ears.order_ended(&order, account.currency));
        orders.push(order);
    }
    if held.has_packs {
        act.sheet.owners.insert(account.id);
    }
    act.sheet.moved.push(Moved { held: held.clone(), passbook });
    Ok(orders)
}

/// Hands every piece to the cloud. What stopping its service would release makes it run; what stays joins it as it
/// stands. What was agreed of their lives is kept with them. Source: R-QCS-4, R-EXP-5.
pub(super) fn hand_over(act: &mut Act<'_>, owner: &Account, order: Order) -> Result<Order, Refusal> {
    for (number, piece) in (1..).zip(&order.pieces) {
        let name = order.piece_name(number);
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
            since: act.at.now,
            created: act.at.now,
            delivered: None,
            deadline: None,
            address: None,
            due: None,
            ended_by: None,
            renew: Renew::default(),
            kept: Kept { book: Some(order.book), no_stop_days: owner.no_stop_days },
            raises: Vec::new(),
            currency: owner.currency,
        };
        request::delivery(act, &resource)?;
        act.sheet.pending.push((resource, order.months));
    }
    if let Some(name) = &order.service {
        let service = (order.account, name.clone());
        match act.at.product(owner.currency, &order.product)?.with_service {
            OnServiceStop::Released => drop(act.sheet.services.insert(service, ServiceState::Running)),
            OnServiceStop::Stays => drop(act.sheet.joined.insert(service)),
        }
    }
    Ok(order)
}
