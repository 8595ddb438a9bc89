//! Vouchers: issued and withdrawn by an operator, chosen for a purchase that waits; what they would pay.
//!
//! In:  what an operator gives to an account; how somebody chooses. Out: vouchers; orders with what vouchers pay of them.
//! Invariant: the wallet of the account is held whenever vouchers of it are held or spent, so that none is spent twice.
//! Rules: R-VOU-1 to R-VOU-5, R-ORD-3, R-PAY-1, sections 20 and 22.

use super::act::Act;
use super::facts::{self, Fact};
use super::voucher_holds::{self, Choosing};
use super::{At, Refusal, after, freezes, letters, quotes};
use billing::account::Account;
use billing::book::Book;
use billing::notice::{Notice, NoticeKind};
use billing::order::{self, Action, Event, Item, Order, OrderError};
use billing::quote::Quote;
use billing::voucher::choose::{self, Choice, Due, Share};
use billing::voucher::issue::{self as issuing, Draft};
use billing::voucher::{Mode, Regions, Scope, Spend, Unfit, Voucher, VoucherError, Window, hold};
use store::vouchers::{self, StoredVoucher};
use store::{StoreError, Tx, accounts, orders};
use units::{AccountId, Currency, Money, MoneyError, VoucherId};

/// A voucher that an operator gives.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    pub account: AccountId,
    pub name: &'a str,
    pub face: Money,
    pub scope: &'a Scope,
    pub window: Window,
    /// What tells it from others.
    pub token: &'a str,
}

/// Gives an account a voucher; its people are told.
///
/// Errors: `NotFound` for the account; `Invalid` with the field that is wrong; a product or region that there is not; another currency.
pub fn issue(tx: &mut Tx<'_>, at: At<'_>, new: New<'_>) -> Result<Voucher, Refusal> {
    let owner = accounts::get(tx, new.account)?;
    known(at, owner.currency, new.scope)?;

    let New { account, name, face, scope, window, token } = new;
    let id = VoucherId::named(at.now, &format!("{account} {token}"));
    let currency = owner.currency;
    let made = issuing::New { id, account, currency, name, face, scope, window, code: None };
    let made = issuing::issue(made, at.now)?;

    give(tx, at, &made)?;
    Ok(made)
}

/// Everything that is wrong with a voucher that is wanted in a currency, before any row is read: each field at most once, but for one
/// that names what there is not as well. What is not read yet is not judged.
///
/// Errors: a currency in which nothing is sold.
pub fn faults(at: At<'_>, currency: Currency, of: Draft<'_>) -> Result<Vec<Refusal>, Refusal> {
    let judged = issuing::faults(of, at.now).into_iter();
    Ok(judged.chain(unknown(at.book(currency)?, of.scope)).map(Refusal::from).collect())
}

/// Errors: `Product`, `Region` for one that the book does not know.
pub(super) fn known(at: At<'_>, currency: Currency, scope: &Scope) -> Result<(), Refusal> {
    match unknown(at.book(currency)?, scope).into_iter().next() {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}

/// The first product and the first region that a book does not know.
fn unknown(book: &Book, scope: &Scope) -> Vec<VoucherError> {
    let product = scope.products.iter().find(|it| book.product(it).is_none());
    let region = scope.regions.iter().find(|it| book.regions.iter().all(|known| known.id != **it));
    let product = product.map(|it| VoucherError::Product { product: it.clone() });
    let region = region.map(|it| VoucherError::Region { region: it.clone() });
    product.into_iter().chain(region).collect()
}

/// Writes a voucher that is new, and tells its account.
pub(super) fn give(tx: &mut Tx<'_>, at: At<'_>, it: &Voucher) -> Result<(), Refusal> {
    vouchers::add(tx, it)?;
    let notice = Notice {
        account: it.account,
        subject: it.id.to_string(),
        kind: NoticeKind::VoucherIssued,
        threshold: 0,
        occasion: String::new(),
        at: at.now,
    };
    letters::notice(tx, at, &notice)?;
    facts::note(tx, &[Fact::voucher(it)], at.now)
}

/// Takes a voucher back: what is left of it lapses. Errors: `NotFound`; one that is held, used up or over.
pub fn withdraw(tx: &mut Tx<'_>, at: At<'_>, id: VoucherId) -> Result<Voucher, Refusal> {
    let owner = vouchers::find(tx, id)?.voucher.account;
    freezes::held(tx, owner)?;
    let read = vouchers::get(tx, owner, id)?;

    let voucher = read.voucher.withdraw(at.now)?;

    let after = [StoredVoucher { voucher: voucher.clone(), version: read.version }];
    let mut writes = store::Writes::default();
    vouchers::save(&mut writes, &after);
    tx.write(writes)?;
    facts::note(tx, &[Fact::voucher(&voucher)], at.now)?;
    Ok(voucher)
}

/// A purchase that waits for its payment, and how vouchers are chosen for it.
#[derive(Clone, Copy, Debug)]
pub struct Chosen<'a> {
    pub account: AccountId,
    /// The token of the purchase.
    pub token: &'a str,
    pub choice: Choice<'a>,
}

/// Chooses vouchers for orders that wait for their payment, in place of those that they hold. Gives the orders.
///
/// Errors: `NotFound`; orders that wait no more; what refuses a choice. Source: R-VOU-5, section 6.
pub fn choose(tx: &mut Tx<'_>, at: At<'_>, of: Chosen<'_>) -> Result<Vec<Order>, Refusal> {
    let owner = freezes::held(tx, of.account)?.account;
    let batch = orders::of_batch(tx, of.account, of.token)?;
    if batch.is_empty() {
        return Err(StoreError::NotFound(format!("order {}", of.token)).into());
    }
    for it in &batch {
        if it.order.state != order::State::Unpaid {
            // It says what is done instead.
            it.order.state.on(Event::Submit).map_err(OrderError::from)?;
        }
    }
    let mut drawer =
        voucher_holds::read(tx, &[(of.account, of.choice)], at.now)?.remove(&of.account).unwrap_or_default();
    let mut before = vouchers::of_batch(tx, of.account, of.token)?;
    drawer.retain(|it| before.iter().all(|held| held.voucher.id != it.voucher.id));
    for it in &mut before {
        it.voucher = it.voucher.clone().let_go(of.token)?;
    }
    let versions: Vec<i64> = batch.iter().map(|it| it.version).collect();
    let mut orders: Vec<Order> = batch.into_iter().map(|it| it.order).collect();
    drawer.extend(before.iter().cloned());
    let choosing = Choosing { account: &owner, choice: of.choice, drawer };
    let mut page = voucher_holds::hold(at, choosing, &mut orders)?;
    let is_free = |it: &StoredVoucher| page.changed.iter().all(|held| held.voucher.id != it.voucher.id);
    let free: Vec<StoredVoucher> = before.into_iter().filter(is_free).collect();
    page.changed.extend(free);
    page.forgotten.push((of.account, of.token.to_string()));

    let mut act = Act::on(tx, at, [of.account])?;
    act.sheet.vouchers.append(page);
    act.sheet.changed.extend(orders.iter().cloned().zip(versions));
    after::finish(tx, act)?;
    Ok(orders)
}

/// What vouchers would pay of something, and why others do not.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub total: Money,
    pub shares: Vec<(Voucher, Money)>,
    /// What is left for money.
    pub due: Money,
    /// Those that would pay for it.
    pub fit: Vec<Voucher>,
    /// Those that do not pay for it, with the first reason.
    pub unfit: Vec<(Voucher, Unfit)>,
    /// So many are taken at most.
    pub limit: u32,
}

impl Proposal {
    /// What is left for money at least, however vouchers are chosen: by the rule, or one of those that fit. Errors: `Overflow`.
    pub fn least(&self) -> Result<Money, MoneyError> {
        let mut least = self.due;
        for it in &self.fit {
            let rest = self.total.checked_sub(it.balance()?.checked_min(self.total)?)?;
            least = least.checked_min(rest)?;
        }
        Ok(least)
    }
}

/// A purchase that is not made yet, and how vouchers are chosen for it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub account: AccountId,
    pub items: &'a [Item],
    pub choice: Choice<'a>,
}

/// What vouchers would pay of items that are not ordered yet. Nothing is kept. Errors: what a quote of an item refuses, what a choice.
pub fn quote(tx: &mut Tx<'_>, at: At<'_>, of: Asked<'_>) -> Result<Proposal, Refusal> {
    let account = accounts::get(tx, of.account)?;
    let (quotes, _) = quotes::total(at, &account, of.items)?;
    let quotes: Vec<&Quote> = quotes.iter().collect();
    let priced = Priced { account: of.account, quotes: &quotes, action: Action::New, choice: of.choice };
    of_priced(tx, at, &account, priced)
}

/// What is priced and not ordered yet, all of it by orders of one kind, and how vouchers are chosen for it.
#[derive(Clone, Copy, Debug)]
pub struct Priced<'a> {
    pub account: AccountId,
    pub quotes: &'a [&'a Quote],
    pub action: Action,
    pub choice: Choice<'a>,
}

/// What vouchers would pay of what is priced already. Nothing is kept. Errors: `NotFound` for nothing; what refuses a choice.
pub fn of_quotes(tx: &mut Tx<'_>, at: At<'_>, of: Priced<'_>) -> Result<Proposal, Refusal> {
    let account = accounts::get(tx, of.account)?;
    of_priced(tx, at, &account, of)
}

fn of_priced(tx: &mut Tx<'_>, at: At<'_>, account: &Account, of: Priced<'_>) -> Result<Proposal, Refusal> {
    let first = of.quotes.first().ok_or_else(|| Refusal::missing("an item"))?;
    let months = |it: &&Quote| it.months.saturating_add(it.days.div_ceil(31));
    let spend = Spend {
        product: &first.product,
        regions: Regions::Quotes(of.quotes),
        mode: Mode::Prepaid,
        action: Some(of.action),
        months: of.quotes.iter().map(months).max().unwrap_or(0),
        total: Money::sum(of.quotes.iter().map(|it| it.total), account.currency)?,
        orders: of.quotes.len(),
    };
    propose(tx, at, account, (spend, of.choice))
}

/// What vouchers would pay of orders that wait for their payment; those that they hold are as if they did not. Nothing is kept.
///
/// Errors: `NotFound`; what refuses a choice.
pub fn quote_orders(tx: &mut Tx<'_>, at: At<'_>, of: Chosen<'_>) -> Result<Proposal, Refusal> {
    let account = accounts::get(tx, of.account)?;
    let batch: Vec<Order> =
        orders::of_batch(tx, of.account, of.token)?.into_iter().map(|it| it.order).collect();
    let spend = hold::spend(&batch)?.ok_or_else(|| StoreError::NotFound(format!("order {}", of.token)))?;
    let mut all = drawer(tx, &account, of.choice)?;
    all = all.into_iter().map(|it| it.let_go(of.token)).collect::<Result<_, VoucherError>>()?;
    proposed(at, &account, all, (spend, of.choice))
}

fn propose(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: &Account,
    of: (Spend<'_>, Choice<'_>),
) -> Result<Proposal, Refusal> {
    let all = drawer(tx, account, of.1)?;
    proposed(at, account, all, of)
}

/// The vouchers of an account that nobody took back and of which something is left, also those that are not usable now; and those that
/// are named, so that a quote refuses one of them as its order does.
fn drawer(tx: &mut Tx<'_>, account: &Account, choice: Choice<'_>) -> Result<Vec<Voucher>, Refusal> {
    let mut all = vouchers::left(tx, account.id)?;
    if let Choice::These(ids) = choice {
        let is_new = |id: &&VoucherId| all.iter().all(|it| it.voucher.id != **id);
        let named: Vec<(AccountId, VoucherId)> =
            ids.iter().filter(is_new).map(|id| (account.id, *id)).collect();
        all.extend(vouchers::get_all(tx, &named)?);
    }
    Ok(all.into_iter().map(|it| it.voucher).collect())
}

fn proposed(
    at: At<'_>,
    account: &Account,
    all: Vec<Voucher>,
    (spend, choice): (Spend<'_>, Choice<'_>),
) -> Result<Proposal, Refusal> {
    let limit = account.vouchers_per_order;
    let shares = choose::choose(&all, choice, Due { spend, now: at.now, limit })?;
    let paid = Money::sum(shares.iter().map(|it| it.money), spend.total.currency())?;
    let of = |it: &Share| {
        all.iter().find(|voucher| voucher.id == it.voucher).map(|voucher| (voucher.clone(), it.money))
    };
    let unfit = |it: &Voucher| it.fit(&spend, at.now).err().map(|why| (it.clone(), why));
    Ok(Proposal {
        total: spend.total,
        due: spend.total.checked_sub(paid)?,
        shares: shares.iter().filter_map(of).collect(),
        fit: all.iter().filter(|it| it.fit(&spend, at.now).is_ok()).cloned().collect(),
        unfit: all.iter().filter_map(unfit).collect(),
        limit,
    })
}
