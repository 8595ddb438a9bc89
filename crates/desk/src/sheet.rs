//! What decisions led to, written together: one round trip, however many decisions and kinds of rows there were.
//!
//! In:  rows, in memory. Out: the same rows in the database, and the news of them told.
//! Invariant: nothing is read here, so that what is not on the sheet did not happen.

use super::Refusal;
use super::events::{Ears, News};
use billing::bill::Bill;
use billing::order::Order;
use billing::pack::Pack;
use billing::passbook::Passbook;
use billing::resource::{MeterEvent, Resource};
use billing::task::Task;
use billing::wallet::Freeze;
use std::collections::BTreeSet;
use store::{Tx, Writes, bills, ledger, orders, packs, resources, services, tasks, usage};
use units::{AccountId, Cycle, Timestamp};

/// Rows that are to be written. Each order, resource and wallet stands on it once.
#[derive(Debug, Default)]
pub struct Sheet {
    /// New orders.
    pub placed: Vec<orders::NewOrder>,
    /// Orders that changed, with the version that was read.
    pub changed: Vec<(Order, i64)>,
    /// Wallets as they were read, and after their transfers.
    pub moved: Vec<(ledger::StoredWallet, Passbook)>,
    pub freezes: Vec<(AccountId, Freeze)>,
    pub bills: Vec<Bill<'static>>,
    pub packs: Vec<Pack>,
    /// New resources, with the months that they were ordered for.
    pub pending: Vec<(Resource, u32)>,
    /// Resources that changed, with the version that was read.
    pub stepped: Vec<resources::StoredResource>,
    pub metered: Vec<(MeterEvent, i64)>,
    /// What the cloud is asked for.
    pub asked: Vec<Task>,
    /// Tasks that changed, with the version that was read.
    pub answered: Vec<tasks::StoredTask>,
    /// Services that run.
    pub services: BTreeSet<(AccountId, String)>,
    /// Cycles that an account has something to settle in.
    pub dues: Vec<(AccountId, Cycle)>,
    pub news: Vec<News>,
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
        self.asked.append(&mut other.asked);
        self.answered.append(&mut other.answered);
        self.services.append(&mut other.services);
        self.dues.append(&mut other.dues);
        self.news.append(&mut other.news);
    }

    /// Writes everything. Errors: `Stale` for what was changed by somebody else, `Differs` for what is there already.
    pub fn write(self, tx: &mut Tx<'_>, ears: &Ears, now: Timestamp) -> Result<(), Refusal> {
        let mut writes = Writes::default();
        bills::add(&mut writes, &self.bills)?;
        ledger::save_all(&mut writes, &self.moved);
        ledger::save_freezes(&mut writes, &self.freezes);
        orders::add(&mut writes, &self.placed);
        orders::save(&mut writes, &self.changed);
        packs::save(&mut writes, &self.packs);
        resources::add(&mut writes, &self.pending);
        resources::save_all(&mut writes, &self.stepped);
        resources::add_events(&mut writes, &self.metered);
        tasks::add(&mut writes, &self.asked);
        tasks::save(&mut writes, &self.answered);
        services::run(&mut writes, &self.services);
        usage::open_dues(&mut writes, &self.dues);
        tx.write(writes)?;
        ears.tell(tx, self.news, now)
    }
}
