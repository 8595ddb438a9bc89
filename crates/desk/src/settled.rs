//! What is settled stands: a change of state takes effect in what is open, whoever asks for it and however late.
//!
//! In:  lives that are to be written. Out: the same with their meter events where cycles are open, and closed cycles that
//! are rated once more for them.
//! Invariant: every meter event passes here, under the lock that a close takes; so no life line is written into a cycle
//! that is closed, and nobody closes one between this look and the row.
//! Source: R-TIM-11, R-SET-5.

use super::{At, Refusal};
use billing::book::{Due, Product, Scope};
use billing::closed::Closed;
use billing::resource::{MeterEvent, Resource};
use std::collections::{BTreeMap, BTreeSet};
use store::recounts::Waiting;
use store::{StoreError, Tx, closes, resources};
use units::{AccountId, Currency, Cycle, CycleKind, ResourceId, Timestamp};

/// A clock that lies farther than this behind the newest close writes nothing.
const BEHIND_SECONDS: u64 = 60;

/// Lives that are to be written, and what they are settled by.
#[derive(Debug, Default)]
pub struct Lives {
    pub metered: Vec<(MeterEvent, i64)>,
    /// Cycles that an account has something to settle in.
    pub dues: Vec<(AccountId, Cycle)>,
    /// Closed cycles that the next close of their kind rates once more.
    pub recounts: Vec<Waiting>,
    /// Resources that are over, and kinds of cycle whose runs need not know of them.
    pub forgotten: Vec<(AccountId, ResourceId, CycleKind)>,
    /// Whose price books the accounts of meter events go by.
    currencies: BTreeMap<AccountId, Currency>,
}

impl Lives {
    /// Notes a meter event of a resource, the `number`th of its life.
    pub fn meter(&mut self, of: &Resource, event: MeterEvent, number: i64) {
        self.currencies.insert(of.account, of.currency);
        self.metered.push((event, number));
    }

    /// The product of a meter event, as the book of now has it.
    fn product<'a>(&self, at: At<'a>, event: &MeterEvent) -> Result<&'a Product, Refusal> {
        let missing = || StoreError::NotFound(format!("account {}", event.account));
        at.product(*self.currencies.get(&event.account).ok_or_else(missing)?, &event.product)
    }

    /// Takes over what others say.
    pub fn append(&mut self, mut other: Lives) {
        self.currencies.append(&mut other.currencies);
        self.metered.append(&mut other.metered);
        self.dues.append(&mut other.dues);
        self.recounts.append(&mut other.recounts);
        self.forgotten.append(&mut other.forgotten);
    }
}

/// Places lives where cycles are open; holds the wallets of their accounts.
pub(super) fn place(tx: &mut Tx<'_>, at: At<'_>, mut lives: Lives) -> Result<Lives, Refusal> {
    let changed = lives.metered.iter().map(|it| it.0.account);
    let accounts: BTreeSet<AccountId> = changed.chain(lives.dues.iter().map(|it| it.0)).collect();
    if accounts.is_empty() {
        return Ok(lives);
    }
    let closed = closes::hold(tx, &accounts)?;
    let named: Vec<_> = lives.metered.iter().map(|it| (it.0.account, it.0.resource)).collect();
    let last = resources::last_events(tx, &named)?;
    let last: BTreeMap<ResourceId, MeterEvent> = last.into_iter().map(|it| (it.resource, it)).collect();
    for (account, cycle) in &mut lives.dues {
        *cycle = of(&closed, *account)?.open_cycle(*cycle, &at.desk.calendar)?;
    }
    for (event, number) in std::mem::take(&mut lives.metered) {
        let (closed, last) = (of(&closed, event.account)?, last.get(&event.resource));
        let kinds = lives.product(at, &event)?.cycles();
        let placed = closed.of(&kinds).place(event, last);
        if placed.asked.is_some() {
            late(at, &mut lives, &placed, closed)?;
        }
        lives.metered.push((placed, number));
    }
    Ok(lives)
}

fn of(closed: &BTreeMap<AccountId, Closed>, account: AccountId) -> Result<&Closed, Refusal> {
    let missing = || StoreError::NotFound(format!("account {account}"));
    Ok(closed.get(&account).ok_or_else(missing)?)
}

/// What follows from a change that closed cycles did not know of: the next close rates them once more.
fn late(at: At<'_>, lives: &mut Lives, event: &MeterEvent, closed: &Closed) -> Result<(), Refusal> {
    let (product, calendar) = (lives.product(at, event)?, &at.desk.calendar);
    for kind in &event.late {
        let to = closed.to(*kind).unwrap_or(event.at);
        let mut original = calendar.cycle(*kind, event.happened())?;
        while original.from < to {
            let waiting = |resource| Waiting { account: event.account, original, resource };
            lives.recounts.extend(subjects(product, *kind, event.resource).into_iter().map(waiting));
            original = calendar.next(&original)?;
        }
        lives.dues.push((event.account, calendar.cycle(*kind, to)?));
    }
    if event.state.is_over() {
        // Runs in which it costs nothing would carry it on for ever.
        let is_other = |it: &CycleKind| !event.late.contains(it) && closed.to(*it) > Some(event.happened());
        let others = CycleKind::ALL.into_iter().filter(is_other);
        lives.forgotten.extend(others.map(|it| (event.account, event.resource, it)));
    }
    Ok(())
}

/// What components of a product add up by in cycles of a kind: the resource, sums over the account.
fn subjects(product: &Product, kind: CycleKind, resource: ResourceId) -> BTreeSet<Option<ResourceId>> {
    let own = product.components.iter().filter(|it| it.due == Due::Cycle(kind));
    let by = |scope: Scope| match scope {
        Scope::Resource => Some(resource),
        Scope::Account => None,
    };
    own.map(|it| by(it.scope)).collect()
}

/// The first instant from now on that lies in no closed cycle of an account, which is held.
pub(super) fn first_open(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<Timestamp, Refusal> {
    let closed = closes::hold(tx, &BTreeSet::from([account]))?;
    Ok(of(&closed, account)?.first_open(at.now))
}

/// Whether a node may write at `at`: by its clock, and by the installation's key that it has.
///
/// Errors: `ClockBehind` for a clock that lies far behind the newest close; `OtherInstallation` for a key that another
/// has taken the place of.
pub fn check_node(tx: &mut Tx<'_>, at: At<'_>) -> Result<(), Refusal> {
    let (closed, public) = closes::standing(tx)?;
    is_behind(closed, at.now)?;
    match (&at.desk.key, public) {
        (Some(key), Some(there)) if key.public() != there => {
            Err(Refusal::OtherInstallation { there, given: key.public() })
        }
        (Some(_), Some(_)) | (None, _) | (_, None) => Ok(()),
    }
}

/// Whether a clock that says `now` may write.
///
/// Errors: `ClockBehind` for one that lies far behind the newest close.
pub fn check_clock(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), Refusal> {
    is_behind(closes::newest(tx)?, now)
}

fn is_behind(closed: Option<Timestamp>, now: Timestamp) -> Result<(), Refusal> {
    match closed {
        Some(closed) if super::later(now, BEHIND_SECONDS) < closed => {
            Err(Refusal::ClockBehind { now, closed })
        }
        Some(_) | None => Ok(()),
    }
}
