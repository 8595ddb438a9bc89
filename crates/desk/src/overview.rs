//! The overview of an account: its money, what it has to know, what this month came to, and what comes next.
//!
//! In:  an account. Out: all of it, at one instant.
//! Invariant: each part is what the operation or list of that name gives.

use super::ahead::{self, Ahead, Known};
use super::commitments::{self, Seen};
use super::cost::{self, AccountCost};
use super::lists::accounts::{self, Customer};
use super::lists::bills::InMonth;
use super::lists::costs::{self, Cut, Group};
use super::lists::notices::{self, Read};
use super::lists::orders;
use super::outlook::{self, Standing};
use super::page::Part;
use super::{At, Refusal};
use billing::notice::current::InForce;
use billing::order::Order;
use store::Tx;
use units::AccountId;

/// An account at one instant.
#[derive(Clone, Debug)]
pub struct Overview {
    pub customer: Customer,
    pub cost: AccountCost,
    /// What the bills of this month come to by the day of their use.
    pub days: Vec<Group>,
    /// What it was told and is still so, the newest first.
    pub told: Vec<Read>,
    /// The packs that are in force.
    pub packs: Vec<Standing>,
    pub ahead: Ahead,
    /// The purchase that waits for its payment and closes first, if any.
    pub unpaid: Vec<Order>,
    /// What it is to spend in this month, and what of that is missing.
    pub commitment: Seen,
}

/// Days of a month at most.
const DAYS: u16 = 31;

/// Looks at all of it. Errors: `NotFound`.
pub fn of_account(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<Overview, Refusal> {
    let customer = accounts::one(tx, account)?;
    let cost = cost::of_account(tx, at, account)?;
    let month = InMonth { account, month: cost.month.clone(), product: None };
    let days = costs::page(tx, at, &month, &Cut::Day.used(), &Part::first(DAYS))?.items;
    let packs = outlook::in_force(tx, at, account)?;
    let in_force: Vec<InForce> = packs.iter().map(|it| InForce { id: it.pack.id, left: it.left }).collect();
    let told = notices::current(tx, at, &customer, &in_force)?;
    let ahead = ahead::of_account(tx, at, Known { customer: &customer, cost: &cost, packs: &packs })?;
    let commitment = commitments::seen(tx, at, account)?;
    let unpaid = match store::orders::first_unpaid(tx, account, at.now)? {
        Some(order) => orders::together(tx, account, order)?,
        None => Vec::new(),
    };
    Ok(Overview { customer, cost, days, told, packs, ahead, unpaid, commitment })
}
