//! Accounts with what they own.

use crate::page::{self, Page, Part, place};
use crate::{At, Refusal};
use billing::account::Account;
use billing::wallet::Wallet;
use std::collections::{BTreeMap, BTreeSet};
use store::accounts;
use store::sort::Sort;
use store::{StoreError, Tx, ledger};
use units::{AccountId, Currency};

/// An account and its money.
#[derive(Clone, Debug)]
pub struct Customer {
    pub account: Account,
    pub wallet: Wallet,
}

impl Customer {
    /// An account with its money, as it stands in this transaction.
    pub fn of(tx: &mut Tx<'_>, account: Account) -> Result<Customer, Refusal> {
        let wallet = ledger::get(tx, account.id, account.currency)?.wallet;
        Ok(Customer { account, wallet })
    }
}

/// Which accounts.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub sort: Sort,
    pub name: Option<String>,
    /// A part of its name, whatever the case; its whole id, or the whole mail address of one of its users.
    pub search: Option<String>,
}

/// Accounts, in the order that is asked for.
pub fn page(tx: &mut Tx<'_>, of: &Filter, part: &Part) -> Result<Page<Customer>, Refusal> {
    let after = place(of.sort, part, |id| page::there(accounts::get(tx, id)))?;
    let (name, search) = (of.name.as_deref(), of.search.as_deref());
    let filter = accounts::AccountFilter { sort: of.sort, after: &after, name, search };
    let found = accounts::page(tx, &filter, part.reach())?;
    let Page { items, next } = Page::of(found, part, |it| it.id.to_string());
    let mut with = accounts::with_wallets(tx, items.iter().map(|it| it.id))?;
    let customer = |it: Account| with.remove(&it.id).map(|(account, wallet)| Customer { account, wallet });
    Ok(Page { items: items.into_iter().filter_map(customer).collect(), next })
}

/// One account. Errors: `NotFound`.
pub fn one(tx: &mut Tx<'_>, id: AccountId) -> Result<Customer, Refusal> {
    let account = accounts::get(tx, id)?;
    Customer::of(tx, account)
}

/// The id that a filter names. Errors: `NotFound` of the field `account` for what is none.
pub fn id(text: &str) -> Result<AccountId, Refusal> {
    let missing = |_| Refusal::missing(format!("account {}", text.chars().take(60).collect::<String>()));
    text.parse().map_err(|it| missing(it).of("account"))
}

/// The account of a name, if there is one.
pub fn named(tx: &mut Tx<'_>, name: &str) -> Result<Option<Account>, Refusal> {
    match accounts::by_name(tx, name) {
        Ok(found) => Ok(Some(found)),
        Err(StoreError::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The account that a text names, by its id or its whole name; `None` where there is none.
pub fn called(tx: &mut Tx<'_>, text: &str) -> Result<Option<Account>, Refusal> {
    let Ok(id) = text.parse() else { return named(tx, text) };
    match accounts::get(tx, id) {
        Ok(found) => Ok(Some(found)),
        Err(StoreError::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What accounts are called, by their ids; whoever is not there is left out.
pub fn names(
    tx: &mut Tx<'_>,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, String>, Refusal> {
    Ok(accounts::names(tx, ids)?)
}

/// Accounts by their ids; whoever is not there is left out.
pub fn of(
    tx: &mut Tx<'_>,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, Customer>, Refusal> {
    let found = accounts::with_wallets(tx, ids)?.into_iter();
    Ok(found.map(|(id, (account, wallet))| (id, Customer { account, wallet })).collect())
}

/// Something of an account, and what that account is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned<T> {
    pub account: AccountId,
    pub name: String,
    pub of: T,
}

/// A page of things of several accounts with the names of those; one read for all of them.
///
/// Errors: `Corrupt` for a thing of an account that there is not.
pub fn owned<T>(
    tx: &mut Tx<'_>,
    page: Page<T>,
    account: impl Fn(&T) -> AccountId,
) -> Result<Page<Owned<T>>, Refusal> {
    let names = accounts::names(tx, page.items.iter().map(&account))?;
    page.try_map(|of| {
        let account = account(&of);
        let missing = || Refusal::corrupt(format!("{account} owns something and is not there"));
        Ok(Owned { account, name: names.get(&account).cloned().ok_or_else(missing)?, of })
    })
}

/// Whether whoever asks is there; the till itself always is. Errors: `NotFound`.
pub fn check(tx: &mut Tx<'_>, account: Option<AccountId>) -> Result<(), Refusal> {
    account.map_or(Ok(()), |it| currency(tx, it).map(drop))
}

/// The currency of an account. Errors: `NotFound`.
pub fn currency(tx: &mut Tx<'_>, id: AccountId) -> Result<Currency, Refusal> {
    Ok(accounts::get(tx, id)?.currency)
}

/// The currencies in which sums of several accounts are read. Where only one is sold no row is asked: who has another one
/// is sold nothing. Accounts that are not there may be left out.
pub fn currencies(
    tx: &mut Tx<'_>,
    at: At<'_>,
    ids: &BTreeSet<AccountId>,
) -> Result<BTreeMap<AccountId, Currency>, Refusal> {
    let sold: Vec<Currency> = at.desk.books.currencies().collect();
    match sold.as_slice() {
        [one] => Ok(ids.iter().map(|it| (*it, *one)).collect()),
        _ => Ok(accounts::currencies(tx, ids)?),
    }
}
