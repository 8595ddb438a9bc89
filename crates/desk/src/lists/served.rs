//! What bills of what resources share come to for the projects of those that they served.
//!
//! In:  an account, a span of use. Out: what is to be counted in another way than the bills themselves say, which are in no project.
//! Invariant: the parts of a product add up to nothing. An account without such bills is asked for them in one statement.
//! Rules: R-ALC-1, R-ALC-2.

use super::shares::{Shares, Wanted};
use crate::{At, Refusal};
use billing::budget::Part;
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::bills::{Span, shared};
use store::labels::Labels;
use units::{AccountId, Money, ProjectId};

/// What of shared bills goes from no project to projects: for each product what each project has of them, and the same below zero
/// for no project.
pub(crate) fn moved(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    span: Span,
) -> Result<Vec<Part>, Refusal> {
    let bills = shared::used(tx, account, span)?;
    if bills.is_empty() {
        return Ok(Vec::new());
    }
    let shares = Shares::read(tx, at, &Wanted { account, bills: &bills, packs: BTreeSet::new() })?;
    let mut found: BTreeMap<(String, Option<ProjectId>), Money> = BTreeMap::new();
    for bill in &bills {
        let parts =
            shares.parts(&at.desk.calendar, bill, &|it: &Labels| it.project.map(|it| it.to_string()))?;
        for (project, sum) in parts {
            let Some(project) = project.and_then(|it| it.parse::<ProjectId>().ok()) else { continue };
            add(&mut found, (bill.product.clone(), Some(project)), sum.total)?;
            add(&mut found, (bill.product.clone(), None), sum.total.checked_neg()?)?;
        }
    }
    Ok(found.into_iter().map(|((product, project), total)| Part { product, project, total }).collect())
}

fn add(
    found: &mut BTreeMap<(String, Option<ProjectId>), Money>,
    of: (String, Option<ProjectId>),
    money: Money,
) -> Result<(), Refusal> {
    let sum = found.entry(of).or_insert(Money::zero(money.currency()));
    *sum = sum.checked_add(money)?;
    Ok(())
}
