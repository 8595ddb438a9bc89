//! What follows from an operation: read off its sheet, and worked off one after another once that is written.
//!
//! In:  an operation with its sheet. Out: everything on it in the database, and everything that follows from it.
//! Invariant: a consequence reads what was written before it, and writes before the next; operations never call each
//! other for it. What follows comes to an end.
//!
//! ```text
//! money moved        arrears begin or end, what they stopped goes on; the balance alert
//! packs bought       what they give notice of
//! pieces came out    what vouchers pay of them is spent, or given back; what a card pays is taken, or let go of
//! a budget changed   the marks that its months crossed; what bills bring is looked at by a job, hour by hour
//! resources stepped  what the cloud is asked; freezes of those that ended; containers of a stopped service
//! ```

use super::act::Act;
use super::sheet::{Moved, Sheet, Stepped};
use super::spending::{self, Reach};
use super::{At, Desk, Refusal, alert, arrears, card_due, freezes, packs, request, steps, voucher_holds};
use billing::book::OnServiceStop;
use billing::provision::Kind;
use billing::resource::{EndedBy, Resource, State};
use std::collections::BTreeMap;
use store::services::ServiceState;
use store::{StoreError, Tx, services};
use units::{AccountId, ResourceId};

/// How often something may follow from what followed: a step, its task, its freeze, its arrears, and room.
const ROUNDS: usize = 8;

/// Something that is to be looked at because of what an operation did.
#[derive(Debug)]
pub enum Consequence {
    /// The cloud is asked for what steps of resources need.
    Request(Vec<(Kind, Stepped)>),
    /// The balance may say something else about arrears than what is written down.
    Arrears(AccountId),
    /// Nothing is held any more for resources that ended.
    Thaw(AccountId, Vec<ResourceId>),
    /// Something of this purchase came out that vouchers pay.
    Vouchers(AccountId, String),
    /// Packs may have crossed a mark, or a voucher may end soon.
    Remind(AccountId),
    /// All that a card pays for in this purchase may have come out.
    Card(AccountId, String),
    /// Little may be left.
    Alert(AccountId),
    /// Marks of budgets may be crossed.
    Budgets(AccountId, Reach),
    /// Came up, maybe after its service was stopped.
    Delivered(Box<Resource>),
}

/// Writes what an operation noted and works off what follows from it.
///
/// Errors: what the sheet says, and those of what follows; then nothing of it may be kept.
pub fn finish(tx: &mut Tx<'_>, act: Act<'_>) -> Result<(), Refusal> {
    let Act { at, ears, sheet } = act;
    let next = consequences(at.desk, &sheet);
    sheet.write(tx, &ears, at)?;
    work_off(tx, Act { at, ears, sheet: Sheet::default() }, next)
}

/// Looks at one thing of an account for which an operation is not to blame: time, or another threshold.
pub fn look(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, what: Consequence) -> Result<(), Refusal> {
    let act = Act::on(tx, at, [account])?;
    work_off(tx, act, vec![what])
}

fn work_off(tx: &mut Tx<'_>, mut act: Act<'_>, mut due: Vec<Consequence>) -> Result<(), Refusal> {
    for _ in 0..ROUNDS {
        let mut next = Vec::new();
        for it in due {
            it.work_off(tx, &mut act)?;
            let sheet = std::mem::take(&mut act.sheet);
            next.extend(consequences(act.at.desk, &sheet));
            sheet.write(tx, &act.ears, act.at)?;
        }
        due = next;
        if due.is_empty() {
            return Ok(());
        }
    }
    Err(StoreError::Setup(format!("something still follows after {ROUNDS} rounds: {due:?}")).into())
}

/// What follows from a sheet, in the order in which it is looked at.
fn consequences(desk: &Desk, sheet: &Sheet) -> Vec<Consequence> {
    let mut found = Vec::new();
    let requests = sheet.stepped.iter().filter_map(|it| Some((request::kind(desk, it)?, it.clone())));
    let requests: Vec<(Kind, Stepped)> = requests.collect();
    if !requests.is_empty() {
        found.push(Consequence::Request(requests));
    }
    found.extend(sheet.moved.iter().filter(|it| stirs_arrears(it)).map(|it| Consequence::Arrears(owner(it))));
    found.extend(thaws(sheet));
    found.extend(
        voucher_holds::groups(sheet)
            .into_iter()
            .map(|(account, group)| Consequence::Vouchers(account, group)),
    );
    found.extend(
        card_due::groups(sheet).into_iter().map(|(account, group)| Consequence::Card(account, group)),
    );
    found.extend(sheet.owners.iter().copied().map(Consequence::Remind));
    found.extend(sheet.moved.iter().filter(|it| may_alert(it)).map(|it| Consequence::Alert(owner(it))));
    found.extend(
        sheet
            .stepped
            .iter()
            .filter(|it| came_up(it))
            .map(|it| Consequence::Delivered(Box::new(it.after.resource.clone()))),
    );
    found
}

fn owner(moved: &Moved) -> AccountId {
    moved.held.account.id
}

fn stirs_arrears(moved: &Moved) -> bool {
    billing::arrears::stirs(moved.held.wallet.wallet.standing(), moved.passbook.wallet().standing())
}

fn may_alert(moved: &Moved) -> bool {
    moved.held.account.alert.is_positive()
        && moved.held.wallet.wallet.available() != moved.passbook.wallet().available()
}

fn came_up(step: &Stepped) -> bool {
    step.before == State::Pending
        && step.after.resource.state == State::Running
        && step.after.resource.service.is_some()
}

fn thaws(sheet: &Sheet) -> impl Iterator<Item = Consequence> {
    let mut ended: BTreeMap<AccountId, Vec<ResourceId>> = BTreeMap::new();
    for it in &sheet.stepped {
        let resource = &it.after.resource;
        if it.before.is_held_for() && !resource.state.is_held_for() {
            ended.entry(resource.account).or_default().push(resource.id);
        }
    }
    ended.into_iter().map(|(account, ids)| Consequence::Thaw(account, ids))
}

impl Consequence {
    fn work_off(self, tx: &mut Tx<'_>, act: &mut Act<'_>) -> Result<(), Refusal> {
        match self {
            Consequence::Request(steps) => request::follow(tx, act, &steps),
            Consequence::Arrears(account) => arrears::evaluate(tx, act, account),
            Consequence::Thaw(account, ended) => freezes::give_back(tx, act, account, &ended),
            Consequence::Vouchers(account, group) => voucher_holds::follow(tx, act, account, &group),
            Consequence::Card(account, group) => card_due::come_out(tx, act.at, account, &group),
            Consequence::Remind(account) => {
                packs::remind(tx, act, account)?;
                voucher_holds::remind(tx, act, account)
            }
            Consequence::Alert(account) => alert::test(tx, act, account),
            Consequence::Budgets(account, reach) => spending::tell(tx, act, account, reach),
            Consequence::Delivered(resource) => delivered(tx, act, &resource),
        }
    }
}

/// A container that comes up when its service was stopped meanwhile is released at once: by what stopped it, so that only
/// what a stop released is brought back. Source: R-QCS-4, R-ARR-8.
fn delivered(tx: &mut Tx<'_>, act: &mut Act<'_>, resource: &Resource) -> Result<(), Refusal> {
    let Some(service) = &resource.service else { return Ok(()) };
    let stopped = services::get(tx, resource.account, service)? == ServiceState::Stopped;
    let product = act.at.product_of(resource)?;
    if !stopped || product.with_service != OnServiceStop::Released {
        return Ok(());
    }
    let read = store::resources::get(tx, resource.account, resource.id)?;
    let standing = steps::standing(tx, resource.account)?;
    let by = read.resource.ended_by.unwrap_or(EndedBy::Service);
    steps::release(act, read, by, standing).map(drop)
}
