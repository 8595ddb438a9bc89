//! What decisions led to, written together: one statement for each kind of row, however many decisions there were.
//!
//! In:  rows, in memory. Out: the same rows in the database, and the news of them told.
//! Invariant: nothing is read here, so that what is not on the sheet did not happen.

use super::Refusal;
use super::events::{Ears, News};
use billing::bill::Bill;
use billing::order::Order;
use billing::pack::Pack;
use billing::resource::{MeterEvent, Resource};
use billing::settle::Freeze;
use billing::wallet::Till;
use std::collections::BTreeSet;
use store::tasks::Task;
use store::{Tx, bills, ledger, orders, packs, resources, services, tasks, usage};
use units::{AccountId, Cycle, Timestamp};

/// Rows that are to be written. Each order, resource and wallet stands on it once.
#[derive(Debug, Default)]
pub struct Sheet {
    /// New orders.
    pub placed: Vec<orders::New>,
    /// Orders that changed, with the version that was read.
    pub changed: Vec<(Order, i64)>,
    /// Wallets as they were read, and after their transfers.
    pub moved: Vec<(ledger::Read, Till)>,
    pub freezes: Vec<(AccountId, Freeze)>,
    pub bills: Vec<Bill<'static>>,
    pub packs: Vec<Pack>,
    /// New resources, with the months that they were ordered for.
    pub pending: Vec<(Resource, u32)>,
    /// Resources that changed, with the version that was read.
    pub stepped: Vec<resources::Read>,
    pub metered: Vec<(MeterEvent, i64)>,
    pub tasks: Vec<Task>,
    /// Services that run.
    pub services: BTreeSet<(AccountId, String)>,
    /// Cycles that an account has something to settle in.
    pub dues: Vec<(AccountId, Cycle)>,
    pub news: Vec<News<'static>>,
}

impl Sheet {
    /// Takes over what another sheet says.
    pub fn append(&mut self, mut other: Sheet) {
        self.placed.append(&mut other.placed);
        self.changed.append(&mut other.changed);
        self.moved.append(&mut other.moved);
        self.freezes.append(&mut other.freezes);
        self.bills.append(&mut other.bills);
        self.packs.append(&mut other.packs);
        self.pending.append(&mut other.pending);
        self.stepped.append(&mut other.stepped);
        self.metered.append(&mut other.metered);
        self.tasks.append(&mut other.tasks);
        self.services.append(&mut other.services);
        self.dues.append(&mut other.dues);
        self.news.append(&mut other.news);
    }

    /// Writes everything. Errors: `Stale` for what was changed by somebody else, `Differs` for what is there already.
    pub fn write(self, tx: &mut Tx<'_>, ears: &Ears, now: Timestamp) -> Result<(), Refusal> {
        bills::add(tx, &self.bills)?;
        let moved: Vec<(ledger::Read, &Till)> = self.moved.iter().map(|it| (it.0, &it.1)).collect();
        ledger::save_all(tx, &moved)?;
        ledger::save_freezes(tx, &self.freezes)?;
        orders::add(tx, &self.placed)?;
        orders::save(tx, &self.changed)?;
        packs::save(tx, &self.packs)?;
        resources::add(tx, &self.pending)?;
        resources::save_all(tx, &self.stepped)?;
        resources::add_events(tx, &self.metered)?;
        tasks::add(tx, &self.tasks)?;
        services::run(tx, &self.services)?;
        let dues: Vec<(String, Cycle)> = self.dues.iter().map(|it| (it.0.to_string(), it.1)).collect();
        let dues: Vec<(&str, Cycle)> = dues.iter().map(|it| (it.0.as_str(), it.1)).collect();
        usage::open_dues(tx, &dues)?;
        ears.tell(tx, self.news, now)
    }
}
