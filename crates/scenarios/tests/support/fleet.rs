//! Customers with a pay-per-use server each, made by the operations of the desk.
//!
//! In:  a store with a price book, names, instants. Out: accounts with money, servers that are paid and not yet delivered;
//! what the books of a store came to.

use billing::account::Verified;
use billing::quote::Wish;
use billing::voucher::choose::Choice;
use billing::wallet::Purse;
use desk::accounts::TopUp;
use desk::orders::{self, Item, Payment};
use desk::purchases::{Pay, Purchase};
use desk::{At, Refusal, accounts};
use store::{Store, StoreError, Tx};
use units::{AccountId, Calendar, Currency, Money, OrderId, Timestamp};

pub fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

/// An account with 100.00.
pub fn customer(tx: &mut Tx<'_>, at: At<'_>, name: &str) -> Result<AccountId, Refusal> {
    let (currency, terms) = (Currency::CNY, billing::rate::Terms::default());
    let opening = accounts::Opening { currency, terms, verified: Verified::Yes, alert: None };
    let account = accounts::open(tx, name, opening, at.now)?;
    let money = Money::from_minor(10_000, currency);
    accounts::top_up(tx, at, account.id, TopUp { money, purse: Purse::Cash, reference: "first" })?;
    Ok(account.id)
}

/// A server by the hour, ordered and paid.
pub fn buy(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<(), Refusal> {
    let pairs = [("charge", "payg"), ("region", "guangzhou"), ("zone", "guangzhou-1"), ("type", "S1.SMALL1")];
    let options = pairs.map(|it| (it.0.to_string(), it.1.to_string())).to_vec();
    let wish = Wish { product: "server".into(), options, months: 0, quantity: 1 };
    let items = [Item { wish, name: "s".into(), ..Item::default() }];
    let placed = orders::one(
        tx,
        at,
        Purchase { account, token: "first", items: &items, pay: Pay::Later, vouchers: Choice::None },
    )?;
    let ids: Vec<OrderId> = placed.iter().map(|it| it.id).collect();
    orders::pay(tx, at, Payment { account, token: "first", orders: &ids }).map(drop)
}

/// Every balance, every bill, and how often each kind of event was told.
pub fn books_of(store: &Store) -> Vec<String> {
    let read = |tx: &mut Tx<'_>| -> Result<Vec<String>, StoreError> {
        let mut all = Vec::new();
        for account in store::accounts::all(tx)? {
            let wallet = store::ledger::get(tx, account.id, account.currency)?.wallet;
            let bills = store::bills::of_account(tx, account.id)?.len();
            all.push(format!(
                "{} {bills} {:?}",
                account.name,
                (wallet.free(), wallet.frozen(), wallet.owed())
            ));
        }
        let events = store::events::page(tx, &store::events::EventFilter::default(), 1_000)?;
        let mut kinds: Vec<String> = events.iter().map(|it| it.kind.as_str().to_string()).collect();
        kinds.sort();
        all.extend(kinds);
        Ok(all)
    };
    store.read(read).unwrap()
}
