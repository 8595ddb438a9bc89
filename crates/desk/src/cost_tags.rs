//! Cost tags: which keys of tags count in the costs of an account.
//!
//! In:  keys. Out: the cost tags from this month on.
//! Invariant: months that are over keep theirs; the same keys again change nothing. Source: R-ALC-2.

use crate::labels::tag;
use crate::{At, Refusal};
use billing::cost_tag::{self, CostTag, MOST, TooMany};
use std::collections::BTreeSet;
use store::{Tx, labels};
use units::{AccountId, Cycle, CycleKind};

/// Those that count from now on, by their keys.
pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<CostTag>, Refusal> {
    let all = store::cost_tags::of_account(tx, account)?;
    Ok(all.into_iter().filter(|it| it.until.is_none()).collect())
}

/// The keys that count in any month.
pub fn ever(tx: &mut Tx<'_>, account: AccountId) -> Result<BTreeSet<String>, Refusal> {
    Ok(store::cost_tags::of_account(tx, account)?.into_iter().map(|it| it.key).collect())
}

/// The keys that count in a month.
pub fn of_month(tx: &mut Tx<'_>, account: AccountId, month: &Cycle) -> Result<BTreeSet<String>, Refusal> {
    let all = store::cost_tags::of_account(tx, account)?;
    Ok(all.into_iter().filter(|it| it.counts_in(month)).map(|it| it.key).collect())
}

/// Cost tags beside what stands on resources now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    pub all: Vec<CostTag>,
    /// Keys of tags that stand on resources and are no cost tags; of very many, some.
    pub others: Vec<String>,
    /// Keys of cost tags that stand on no resource; none where there are too many tags to say so.
    pub idle: BTreeSet<String>,
}

/// The cost tags of an account beside what stands on its resources.
pub fn beside(tx: &mut Tx<'_>, account: AccountId) -> Result<Beside, Refusal> {
    let (all, found) = (of_account(tx, account)?, labels::keys(tx, account)?);
    let own: BTreeSet<String> = all.iter().map(|it| it.key.clone()).collect();
    let idle = match found.is_all {
        true => own.difference(&found.keys).cloned().collect(),
        false => BTreeSet::new(),
    };
    Ok(Beside { all, others: found.keys.difference(&own).cloned().collect(), idle })
}

/// Makes exactly these keys the cost tags of an account from this month on.
///
/// Errors: `NotFound` for an account that is not there; of the field `keys`: `TagText` for what no key can be, `CostTags` for too many.
pub fn set(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    keys: &[String],
) -> Result<Vec<CostTag>, Refusal> {
    let currency = store::accounts::get(tx, account)?.currency;
    // Two at once would each see room.
    store::ledger::lock(tx, account, currency)?;
    let there = store::cost_tags::of_account(tx, account)?;
    let mut wanted = BTreeSet::new();
    for key in keys {
        wanted.insert(tag(key, "").map_err(|_| Refusal::TagText.of("keys"))?.0);
    }
    let month = at.desk.calendar.cycle(CycleKind::Month, at.now)?;

    let changed = cost_tag::changed(&there, &wanted, month.from)
        .map_err(|TooMany(there)| Refusal::CostTags { there, most: MOST }.of("keys"))?;

    store::cost_tags::save(tx, account, &changed)?;
    of_account(tx, account)
}
