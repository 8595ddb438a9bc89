//! Purchases: placed and paid, as many as come in at the same time.
//!
//! In:  purchases, each of another account. Out: for each its orders, or why not.
//! Invariant: everything is read before anything is decided, and a purchase that is refused leaves nothing behind;
//! the number of statements does not grow with the number of purchases.

use super::events::Ears;
use super::orders::Item;
use super::sheet::Sheet;
use super::{At, Refusal, packs, tasks};
use billing::account::{Account, Verified};
use billing::book::RealName;
use billing::event::EventKind;
use billing::order::{self, Order, OrderError, Placement};
use billing::passbook::Passbook;
use billing::plan::Plan;
use billing::quote::{self, Becomes, Quote, QuoteError, Wish};
use billing::resource::{Resource, State};
use billing::wallet::Wallet;
use std::collections::{BTreeMap, BTreeSet};
use store::accounts::{Held, Patience};
use store::orders::{NewOrder, QuotaCounts, QuotaPlace, StoredOrder};
use store::{StoreError, Tx, accounts, orders};
use units::{AccountId, CycleKind, Money};

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
}

/// What all purchases of a batch read.
struct Shop {
    buyers: BTreeMap<AccountId, Held>,
    patience: Patience,
    /// Orders that were placed before, by account and token.
    before: BTreeMap<(AccountId, String), Vec<StoredOrder>>,
    counts: BTreeMap<QuotaPlace, QuotaCounts>,
    ears: Ears,
}

/// Makes purchases. The same token and items again give the same orders.
///
/// For each purchase: everything that a quote refuses, arrears, quota, a token used for something else; with
/// `Pay::Now` all that a payment refuses. with `Patience::Skip` it is `Stale`
/// for one whose wallet is held elsewhere: it is to come again, alone. Errors: what the database says, and two purchases of one account.
/// Source: R-ORD-1, R-ORD-6 to R-ORD-9, R-PAY-3 to R-PAY-5, R-FRZ-1.
pub fn buy(
    tx: &mut Tx<'_>,
    at: At<'_>,
    (purchases, patience): (&[Purchase<'_>], Patience),
) -> Result<Vec<Result<Vec<Order>, Refusal>>, Refusal> {
    let all: BTreeSet<AccountId> = purchases.iter().map(|it| it.account).collect();
    if all.len() < purchases.len() {
        return Err(StoreError::Setup("two purchases of one account at once".into()).into());
    }
    let buyers = accounts::lock(tx, all.iter().copied(), patience)?;
    let ears = Ears::of(tx, all)?;
    let tokens: Vec<(AccountId, &str)> = purchases.iter().map(|it| (it.account, it.token)).collect();
    let mut before: BTreeMap<(AccountId, String), Vec<StoredOrder>> = BTreeMap::new();
    for read in orders::of_batches(tx, &tokens)? {
        before.entry((read.order.account, read.order.group.clone())).or_default().push(read);
    }
    let quoted: Vec<Quotes> = purchases
        .iter()
        .map(|it| {
            buyers.get(&it.account).map_or_else(|| Ok(Vec::new()), |by| quotes(at, &by.account, it.items))
        })
        .collect::<Result<_, _>>()?;
    let mut places = BTreeSet::new();
    for (it, quotes) in purchases.iter().zip(&quoted) {
        places.append(&mut counted(at, it.account, quotes)?);
    }
    let counts = orders::counts(tx, &places.into_iter().collect::<Vec<_>>())?;
    let shop = Shop { buyers, patience, before, counts, ears };

    let (mut sheet, mut done) = (Sheet::default(), Vec::new());
    for (it, quotes) in purchases.iter().zip(quoted) {
        let mut page = Sheet::default();
        let decided = shop.decide(at, it, quotes, &mut page);
        if decided.is_ok() {
            sheet.append(page);
        }
        done.push(decided);
    }
    written(tx, at, (sheet, &shop.ears), &shop.buyers)?;
    Ok(done)
}

/// Writes what was decided, and tells the customers what follows from it for packs and balances.
pub(super) fn written(
    tx: &mut Tx<'_>,
    at: At<'_>,
    (sheet, ears): (Sheet, &Ears),
    buyers: &BTreeMap<AccountId, Held>,
) -> Result<(), Refusal> {
    let paid: Vec<AccountId> = sheet.moved.iter().map(|it| it.1.wallet().account()).collect();
    let mut owners: BTreeSet<AccountId> = sheet.packs.iter().map(|it| it.account).collect();
    let payers: Vec<&Held> = paid.iter().filter_map(|it| buyers.get(it)).collect();
    owners.extend(payers.iter().filter(|it| it.has_packs).map(|it| it.account.id));
    sheet.write(tx, ears, at.now)?;
    for owner in owners {
        packs::remind(tx, at, owner)?;
    }
    for it in payers.iter().filter(|it| it.account.alert.is_positive()) {
        super::accounts::alert(tx, at, it.account.id)?;
    }
    Ok(())
}

impl Shop {
    fn decide(
        &self,
        at: At<'_>,
        it: &Purchase<'_>,
        quotes: Quotes,
        sheet: &mut Sheet,
    ) -> Result<Vec<Order>, Refusal> {
        let missing = || match self.patience {
            Patience::Wait => StoreError::NotFound(format!("account {}", it.account)),
            Patience::Skip => StoreError::Stale(format!("the wallet of {}", it.account)),
        };
        let held = self.buyers.get(&it.account).ok_or_else(missing)?;
        let account = &held.account;
        let lots = match self.before.get(&(it.account, it.token.to_string())) {
            Some(before) => again(before, it)?,
            None => {
                let wallet = &held.wallet.wallet;
                let placed = prepared(at, (account, wallet), (it.token, it.items), (quotes, &self.counts))?;
                sheet.news.extend(
                    placed
                        .iter()
                        .filter_map(|order| self.ears.order(EventKind::OrderPlaced, order, account.currency)),
                );
                let row = |(number, (order, item)): (i64, (Order, &Item))| Lot {
                    order,
                    row: Row::New { number, asked: asked(item) },
                };
                (0..).zip(placed.into_iter().zip(it.items)).map(row).collect()
            }
        };
        let was_paid = lots.iter().all(|it| it.order.state.was_paid());
        match it.pay {
            Pay::Now if was_paid => Ok(lots.into_iter().map(|it| it.order).collect()),
            Pay::Now => paid(at, held, lots, &self.ears, sheet),
            Pay::Later => Ok(lots.into_iter().map(|lot| sheet.note(lot)).collect()),
        }
    }
}

/// What a client asked for, as it is kept to tell one purchase from another.
fn asked(item: &Item) -> String {
    format!("{item:?}")
}

/// The orders that were placed under the same token. Errors: `TokenReused`. Source: R-ORD-7.
fn again(before: &[StoredOrder], it: &Purchase<'_>) -> Result<Vec<Lot>, Refusal> {
    let same = before.len() == it.items.len()
        && before.iter().zip(it.items).all(|(read, item)| read.asked == asked(item));
    if !same {
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

/// Quotes of items, in their order.
pub type Quotes = Vec<Result<Quote, QuoteError>>;

/// What the items would cost. Errors: no price book holds.
pub fn quotes(at: At<'_>, account: &Account, items: &[Item]) -> Result<Quotes, Refusal> {
    let book = at.book()?;
    Ok(items.iter().map(|it| quote::quote(book, &it.wish, account.terms)).collect())
}

/// Where quotas have to be counted for what is quoted.
pub fn counted(at: At<'_>, account: AccountId, quotes: &Quotes) -> Result<BTreeSet<QuotaPlace>, Refusal> {
    let limited = |it: &&Quote| {
        let limits = at.product(&it.product).ok().map(|it| &it.limits);
        limits.is_some_and(|it| it.prepaid_per_zone_and_month.is_some() || it.pay_per_use_per_zone.is_some())
    };
    quotes.iter().flatten().filter(limited).map(|it| place(at, account, it)).collect()
}

fn place(at: At<'_>, account: AccountId, quote: &Quote) -> Result<QuotaPlace, Refusal> {
    let month = at.desk.calendar.cycle(CycleKind::Month, at.now)?;
    Ok(QuotaPlace {
        account,
        product: quote.product.clone(),
        zone: quote.options.place().to_string(),
        month: (month.from, month.to),
    })
}

/// The orders that a purchase would be: everything that is checked before one is placed.
///
/// `quotes` are those of `items`, `counts` what stands in their places.
/// Source: R-ORD-1, R-ORD-8, R-ORD-9, R-ARR-2.
pub fn prepared(
    at: At<'_>,
    (account, wallet): (&Account, &Wallet),
    (token, items): (&str, &[Item]),
    (quotes, counts): (Quotes, &BTreeMap<QuotaPlace, QuotaCounts>),
) -> Result<Vec<Order>, Refusal> {
    if billing::arrears::blocks_purchase(wallet.balance()) {
        return Err(OrderError::InArrears.into());
    }
    let book = at.book()?;
    if account.currency != book.currency {
        return Err(units::MoneyError::Currency(account.currency, book.currency).into());
    }
    let mut placed: Vec<Order> = Vec::new();
    for (number, (item, quote)) in items.iter().zip(quotes).enumerate() {
        let asked = (token, number, item);
        let order = quote.map_err(Refusal::from).and_then(|quote| {
            let here = placed.iter().filter(|it| same_place(it, &quote)).map(|it| it.pieces.len()).sum();
            allowed(at, account, (&quote, here), counts)?;
            placement(at, account, asked, &quote)
        });
        placed.push(order.map_err(|refusal| refusal.of_item(number))?);
    }
    Ok(placed)
}

/// One item as an order.
fn placement(
    at: At<'_>,
    account: &Account,
    (token, number, item): (&str, usize, &Item),
    quote: &Quote,
) -> Result<Order, Refusal> {
    let book = at.book()?;
    if let Some(rule) = &at.product(&item.wish.product)?.pack {
        billing::pack::period(rule, &quote.options, item.month.as_deref(), at.now, &at.desk.calendar)?;
    }
    let place = Placement {
        account: account.id,
        terms: account.terms,
        token: token.to_string(),
        number,
        month: item.month.clone(),
        name: item.name.clone(),
        service: item.service.clone(),
        quoted: item.quoted_minor.map(|it| Money::from_minor(it, account.currency)),
    };
    Ok(order::place(quote, place, book.id, at.now)?)
}

/// Whether an order counts against the same quota as what is quoted.
fn same_place(order: &Order, quote: &Quote) -> bool {
    order.product == quote.product
        && (order.months > 0) == (quote.months > 0)
        && order.options.place() == quote.options.place()
}

/// Quota and real name. Source: R-ORD-8.
fn allowed(
    at: At<'_>,
    account: &Account,
    (quote, in_cart): (&Quote, usize),
    counts: &BTreeMap<QuotaPlace, QuotaCounts>,
) -> Result<(), Refusal> {
    let product = at.product(&quote.product)?;
    let plan = Plan::resolve(at.book()?, &product.id, &quote.options)?;
    let prepaid = quote::is_prepaid(&plan);
    if !prepaid && product.limits.real_name == RealName::Needed && account.verified == Verified::No {
        return Err(OrderError::NotVerified.into());
    }
    let here = counts.get(&place(at, account.id, quote)?).copied().unwrap_or_default();
    let (most, used) = match prepaid {
        true => (product.limits.prepaid_per_zone_and_month, here.bought),
        false => (product.limits.pay_per_use_per_zone, here.in_use),
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

/// Pays orders of one purchase out of its wallet, all or none; what is a pack is delivered at once.
///
/// Errors: `BalanceInsufficient`, arrears, state, `PriceChanged`; then the sheet is not to be used.
pub(super) fn paid(
    at: At<'_>,
    held: &Held,
    lots: Vec<Lot>,
    ears: &Ears,
    sheet: &mut Sheet,
) -> Result<Vec<Order>, Refusal> {
    let (account, read) = (&held.account, held.wallet);
    if billing::arrears::blocks_purchase(read.wallet.balance()) {
        return Err(OrderError::InArrears.into());
    }
    let mut passbook = Passbook::new(read.wallet, at.now);
    let mut done = Vec::new();
    for lot in lots {
        unchanged(at, &lot.order)?;
        let (order, opening) = order::pay(lot.order, &mut passbook, at.now)?;
        sheet.freezes.extend(opening.into_iter().map(|it| (account.id, it)));
        done.push((order, lot.row));
    }
    let mut orders = Vec::new();
    for (order, row) in done {
        let order = match order.becomes {
            Becomes::Pack => packs::deliver(at, order, &mut passbook, (ears, sheet))?,
            Becomes::Resource => handed_over(at, order, ears, sheet)?,
        };
        match row {
            Row::New { number, asked } => sheet.placed.push(NewOrder { order: order.clone(), number, asked }),
            Row::Read { version } => sheet.changed.push((order.clone(), version)),
        }
        sheet.news.extend(ears.order(EventKind::OrderPaid, &order, account.currency));
        sheet.news.extend(ears.order_ended(&order, account.currency));
        orders.push(order);
    }
    sheet.moved.push((read, passbook));
    Ok(orders)
}

/// An unpaid order whose price has changed is not paid: it becomes Invalid. Source: R-ORD-3, R-PRC-6.
fn unchanged(at: At<'_>, order: &Order) -> Result<(), Refusal> {
    let book = at.book()?;
    if book.id == order.book || order.state != order::State::Unpaid {
        return Ok(());
    }
    let quote = quote::quote(book, &wish_of(order), order.terms)?;
    let (quoted, total) = (order.total, quote.total);
    let same = quoted == total && order.freeze == quote.freeze;
    if same { Ok(()) } else { Err(OrderError::PriceChanged { quoted, now: total }.into()) }
}

/// Hands every piece to the cloud.
fn handed_over(at: At<'_>, order: Order, ears: &Ears, sheet: &mut Sheet) -> Result<Order, Refusal> {
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
            since: at.now,
            created: at.now,
            delivered: None,
            deadline: None,
            address: None,
            due: None,
            ended_by: None,
        };
        let task = tasks::delivery(at, &resource)?;
        sheet.news.extend(tasks::told(at.desk, ears, &task)?);
        sheet.asked.push(task);
        sheet.pending.push((resource, order.months));
    }
    sheet.services.extend(order.service.iter().map(|it| (order.account, it.clone())));
    Ok(order)
}

/// What an order asked for.
pub(super) fn wish_of(order: &Order) -> Wish {
    Wish {
        product: order.product.clone(),
        options: order.options.pairs(),
        months: order.months,
        quantity: u32::try_from(order.pieces.len()).unwrap_or(u32::MAX),
    }
}
