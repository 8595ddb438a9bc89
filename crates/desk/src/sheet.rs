//! What decisions led to, written together: one round trip, however many decisions and kinds of rows there were.
//!
//! In:  rows, in memory. Out: the same rows in the database, and the news of them told.
//! Invariant: nothing is read here, so that what is not on the sheet did not happen.

use super::events::{Ears, News};
use super::settled::{self, Lives};
use super::{At, Refusal, letters};
use billing::alert::Told;
use billing::bill::Bill;
use billing::budget::Mark;
use billing::letter::Letter;
use billing::notice::Notice;
use billing::options::Options;
use billing::order::Order;
use billing::pack::Pack;
use billing::passbook::Passbook;
use billing::resource::{Resource, State};
use billing::task::Task;
use billing::voucher::hold::Part;
use billing::wallet::Freeze;
use std::collections::{BTreeMap, BTreeSet};
use store::accounts::Held;
use store::resources::StoredResource;
use store::services::ServiceState;
use store::tasks::StoredTask;
use store::vouchers::StoredVoucher;
use store::{
    Tx, Writes, accounts, bills, ledger, orders, packs, recounts, resources, services, settlements, tasks,
    usage,
};
use units::{AccountId, ResourceId, Timestamp};

/// A wallet that is held, and where it stands after its transfers.
#[derive(Debug)]
pub struct Moved {
    pub held: Held,
    pub passbook: Passbook,
}

/// A resource that changed: how it stood, and how it is to be written with the version that was read.
#[derive(Clone, Debug)]
pub struct Stepped {
    pub before: State,
    pub old: Options,
    pub after: StoredResource,
}

/// What is written of vouchers: as they stand, what purchases hold of them, what became of that.
#[derive(Debug, Default)]
pub struct VoucherRows {
    pub changed: Vec<StoredVoucher>,
    /// Purchases that choose anew: what they held is forgotten.
    pub forgotten: Vec<(AccountId, String)>,
    pub held: Vec<Part>,
    pub done: Vec<Part>,
}

impl VoucherRows {
    pub(super) fn append(&mut self, mut other: VoucherRows) {
        self.changed.append(&mut other.changed);
        self.forgotten.append(&mut other.forgotten);
        self.held.append(&mut other.held);
        self.done.append(&mut other.done);
    }
}

/// Rows that are to be written. Each order, resource and wallet stands on it once.
#[derive(Debug, Default)]
pub struct Sheet {
    /// New orders.
    pub placed: Vec<orders::NewOrder>,
    /// Orders that changed, with the version that was read.
    pub changed: Vec<(Order, i64)>,
    pub moved: Vec<Moved>,
    pub freezes: Vec<(AccountId, Freeze)>,
    /// Resources for which nothing is frozen any more.
    pub thawed: Vec<(AccountId, ResourceId)>,
    pub bills: Vec<Bill<'static>>,
    pub packs: Vec<Pack>,
    /// Owners of packs who bought something: what packs give notice of is looked at.
    pub owners: BTreeSet<AccountId>,
    /// New resources, with the months that they were ordered for.
    pub pending: Vec<(Resource, u32)>,
    pub stepped: Vec<Stepped>,
    pub vouchers: VoucherRows,
    /// Meter events and what is settled by them.
    pub lives: Lives,
    /// What the cloud is asked for.
    pub asked: Vec<Task>,
    /// Tasks that changed, with the version that was read.
    pub answered: Vec<StoredTask>,
    pub services: BTreeMap<(AccountId, String), ServiceState>,
    /// Services that something was bought into: new ones run, others stand as they do.
    pub joined: BTreeSet<(AccountId, String)>,
    /// Accounts whose arrears began or ended.
    pub arrears: Vec<(AccountId, Option<Timestamp>)>,
    /// What customers were told of a low balance.
    pub told: Vec<(AccountId, Told)>,
    /// What customers are told; who was told before is not told again.
    pub notices: Vec<Notice>,
    /// Marks of budgets that are crossed: told like those.
    pub marks: Vec<Mark>,
    /// What is told by mail alone.
    pub letters: Vec<Letter>,
    pub news: Vec<News>,
}

impl Sheet {
    /// Takes over what another sheet says.
    pub fn append(&mut self, mut other: Sheet) {
        self.placed.append(&mut other.placed);
        self.changed.append(&mut other.changed);
        self.moved.append(&mut other.moved);
        self.freezes.append(&mut other.freezes);
        self.thawed.append(&mut other.thawed);
        self.bills.append(&mut other.bills);
        self.packs.append(&mut other.packs);
        self.owners.append(&mut other.owners);
        self.pending.append(&mut other.pending);
        self.stepped.append(&mut other.stepped);
        self.vouchers.append(other.vouchers);
        self.lives.append(other.lives);
        self.asked.append(&mut other.asked);
        self.answered.append(&mut other.answered);
        self.services.append(&mut other.services);
        self.joined.append(&mut other.joined);
        self.arrears.append(&mut other.arrears);
        self.told.append(&mut other.told);
        self.notices.append(&mut other.notices);
        self.marks.append(&mut other.marks);
        self.letters.append(&mut other.letters);
        self.news.append(&mut other.news);
    }

    /// Writes everything, lives where cycles are open, then tells it: notices before other news.
    ///
    /// Errors: `Stale` for what was changed by somebody else, `Differs` for what is there already.
    pub fn write(mut self, tx: &mut Tx<'_>, ears: &Ears, at: At<'_>) -> Result<(), Refusal> {
        let now = at.now;
        self.lives = settled::place(tx, at, self.lives)?;
        tx.write(self.rows(now)?)?;
        let mut news = Vec::new();
        for it in &self.notices {
            if letters::notice(tx, at, it)? {
                news.extend(ears.notice(it));
            }
        }
        for it in &self.marks {
            if letters::notice(tx, at, &it.notice())? {
                news.extend(ears.mark(it));
            }
        }
        news.extend(self.news);
        ears.tell(tx, news, at)
    }

    /// The rows of every table but that of notices, of which one has to know whether they are new.
    fn rows(&self, now: Timestamp) -> Result<Writes<'_>, Refusal> {
        let mut writes = Writes::default();
        bills::add(&mut writes, &self.bills)?;
        ledger::save(&mut writes, self.moved.iter().map(|it| (&it.held.wallet, &it.passbook)));
        ledger::save_freezes(&mut writes, &self.freezes);
        ledger::drop_freezes(&mut writes, &self.thawed);
        orders::add(&mut writes, &self.placed);
        orders::save(&mut writes, &self.changed, now);
        packs::save(&mut writes, &self.packs);
        store::vouchers::forget(&mut writes, &self.vouchers.forgotten);
        store::vouchers::save(&mut writes, &self.vouchers.changed);
        store::vouchers::add_parts(&mut writes, &self.vouchers.held, now);
        store::vouchers::save_parts(&mut writes, &self.vouchers.done, now);
        resources::add(&mut writes, &self.pending);
        resources::save(&mut writes, self.stepped.iter().map(|it| &it.after), now);
        resources::add_events(&mut writes, &self.lives.metered);
        tasks::add(&mut writes, &self.asked);
        tasks::save(&mut writes, &self.answered);
        services::save(&mut writes, &self.services);
        services::join(&mut writes, &self.joined);
        recounts::add(&mut writes, &self.lives.recounts);
        usage::open_dues(&mut writes, &self.lives.dues);
        settlements::forget(&mut writes, &self.lives.forgotten);
        accounts::save_arrears(&mut writes, &self.arrears);
        accounts::save_told(&mut writes, &self.told);
        store::letters::add(&mut writes, &self.letters, now);
        Ok(writes)
    }
}
