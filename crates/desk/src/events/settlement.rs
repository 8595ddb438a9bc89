//! What is told of bills and of settlement runs.
//!
//! In:  what was billed, what failed. Out: news of it.
//! Invariant: one event for all bills of an account in a run; one read for a whole batch of accounts.

use super::ears::{Ears, News, emit};
use crate::Refusal;
use billing::bill::Bill;
use billing::event::EventKind;
use billing::settle::{Run, Settled};
use serde_json::json;
use store::Tx;
use units::{AccountId, Money};

impl Ears {
    /// The bill of something that was bought.
    pub fn bought(&self, it: &Bill<'_>) -> Option<News> {
        self.news(it.account, EventKind::BillPosted, || {
            json!({
                "cycle": "purchase",
                "order": it.order.map(|it| it.to_string()),
                "bill": it.id.to_string(),
                "from": it.from.to_string(),
                "to": it.to.to_string(),
                "bills": 1,
                "total": it.total.to_string(),
                "currency": it.currency().as_str(),
            })
        })
    }

    /// The bill of what people credited or debited.
    pub fn corrected(&self, it: &Bill<'_>) -> Option<News> {
        self.news(it.account, EventKind::BillPosted, || {
            json!({
                "cycle": "correction",
                "bill": it.id.to_string(),
                "from": it.from.to_string(),
                "to": it.to.to_string(),
                "bills": 1,
                "total": it.total.to_string(),
                "currency": it.currency().as_str(),
            })
        })
    }

    /// What a settlement run billed an account.
    ///
    /// Errors: a sum of bills that no wallet could pay.
    fn billed(&self, it: &Settled<'_>, run: Run) -> Result<Option<News>, Refusal> {
        let currency = it.wallet.currency();
        let total = Money::sum(it.bills.iter().map(|it| it.total), currency)?;
        Ok(self.news(it.account, EventKind::BillPosted, || {
            json!({
                "cycle": run.cycle.kind.as_str(),
                "from": run.cycle.from.to_string(),
                "to": run.cycle.to.to_string(),
                "bills": it.bills.len(),
                "total": total.to_string(),
                "currency": currency.as_str(),
            })
        }))
    }
}

/// What a settlement run billed: one event for each account that has bills. One read for the whole batch.
pub fn settled(tx: &mut Tx<'_>, batch: &[(usize, Settled<'_>)], run: Run) -> Result<(), Refusal> {
    let ears = Ears::of(tx, batch.iter().map(|it| it.1.account))?;
    let billed = batch.iter().filter(|it| !it.1.bills.is_empty());
    let news = billed
        .map(|it| ears.billed(&it.1, run))
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .flatten()
        .collect();
    ears.tell(tx, news, run.posted)
}

/// An account that a run could not settle.
pub fn set_aside(tx: &mut Tx<'_>, account: AccountId, run: Run, reason: &str) -> Result<(), Refusal> {
    let cycle = run.cycle;
    let data = json!({
        "cycle": cycle.kind.as_str(),
        "from": cycle.from.to_string(),
        "to": cycle.to.to_string(),
        "reason": reason,
    });
    let kind = EventKind::SettlementSetAside;
    emit(tx, News { account: Some(account), kind, data }, run.posted)
}
