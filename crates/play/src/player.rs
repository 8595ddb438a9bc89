//! A player: one store, a virtual clock, and what a scenario called things.
//!
//! Invariant: a name stands for one thing as long as the player lives.

use billing::order::Item;
use billing::quote::Quote;
use billing::wallet::Wallet;
use desk::jobs::{self, Leap};
use desk::{Desk, Refusal};
use std::collections::BTreeMap;
use store::{Store, StoreError};
use units::{AccountId, CardId, Currency, OfferId, OrderId, ResourceId, Timestamp, VoucherId};

/// A purchase by the name that the scenario gave it.
#[derive(Clone, Debug)]
pub(crate) struct Purchase {
    pub account: AccountId,
    pub token: String,
    pub orders: Vec<OrderId>,
}

/// Plays scenarios against one store.
pub struct Player<'a> {
    pub store: &'a Store,
    pub desk: Desk,
    pub now: Timestamp,
    pub(crate) accounts: BTreeMap<String, (AccountId, Currency)>,
    pub(crate) purchases: BTreeMap<String, Purchase>,
    pub(crate) resources: BTreeMap<String, (AccountId, ResourceId)>,
    /// Cards by account and name.
    pub(crate) cards: BTreeMap<String, CardId>,
    /// Offers by the name that the scenario gave them.
    pub(crate) offers: BTreeMap<String, (AccountId, OfferId)>,
    /// Vouchers by the name that the scenario gave them.
    pub(crate) vouchers: BTreeMap<String, (AccountId, VoucherId)>,
    pub(crate) last: (String, Option<String>),
    pub(crate) last_taken: Option<&'static str>,
    pub(crate) taken: Option<&'static str>,
    pub(crate) quote: Option<Quoted>,
    pub(crate) events: u64,
    pub(crate) file: String,
}

/// What somebody asked the price of, and what it is.
#[derive(Clone, Debug)]
pub struct Quoted {
    pub account: AccountId,
    pub item: Item,
    pub quote: Quote,
}

impl<'a> Player<'a> {
    /// A player over the books that the store holds.
    pub fn new(store: &'a Store, start: Timestamp) -> Result<Player<'a>, Refusal> {
        let desk = store.write(Desk::open)?;
        let mut player = Player {
            store,
            desk,
            now: start,
            accounts: BTreeMap::new(),
            purchases: BTreeMap::new(),
            resources: BTreeMap::new(),
            cards: BTreeMap::new(),
            offers: BTreeMap::new(),
            vouchers: BTreeMap::new(),
            last: ("ok".into(), None),
            last_taken: None,
            taken: None,
            quote: None,
            events: 0,
            file: String::new(),
        };
        for account in store.read(|tx| store::accounts::all(tx).map_err(Refusal::from))? {
            player.accounts.insert(account.name, (account.id, account.currency));
        }
        Ok(player)
    }

    /// Lets time pass up to `to`, doing what falls due on the way.
    pub fn advance(&mut self, to: Timestamp) -> Result<(), Refusal> {
        let (store, desk, now) = (self.store, &mut self.desk, &mut self.now);
        jobs::advance(store, desk, Leap { from: *now, to }, |at| {
            *now = at;
            Ok(())
        })
    }

    pub(crate) fn of(&self, name: &str) -> Result<(AccountId, Currency), Refusal> {
        let found = self.accounts.get(name).copied();
        found.ok_or_else(|| StoreError::NotFound(format!("account {name}")).into())
    }

    pub(crate) fn purchase(&self, label: &str) -> Result<Purchase, Refusal> {
        let found = self.purchases.get(label).cloned();
        found.ok_or_else(|| StoreError::NotFound(format!("purchase {label}")).into())
    }

    pub(crate) fn resource(&self, name: &str) -> Result<(AccountId, ResourceId), Refusal> {
        let found = self.resources.get(name).copied();
        found.ok_or_else(|| StoreError::NotFound(format!("resource {name}")).into())
    }

    /// Every wallet by the name of its account.
    pub(crate) fn wallets(&self) -> Result<Vec<(String, Wallet)>, Refusal> {
        let list = |(name, (id, currency)): (&String, &(AccountId, Currency))| (name.clone(), *id, *currency);
        let accounts: Vec<_> = self.accounts.iter().map(list).collect();
        self.store.read(|tx| {
            let mut found = Vec::new();
            for (name, id, currency) in &accounts {
                found.push((name.clone(), store::ledger::get(tx, *id, *currency)?.wallet));
            }
            Ok(found)
        })
    }
}
