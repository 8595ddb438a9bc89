//! What is told of bills and of settlement runs.
//!
//! In:  what was billed, what failed. Out: news of it.
//! Invariant: one event for all bills of an account in a run; one read for a whole batch of accounts.

use super::ears::{Ears, News, emit};
use super::told::{Shape, Sometimes, Told, payload};
use crate::Refusal;
use billing::bill;
use billing::event::EventKind;
use billing::settle::{Run, Settled};
use serde_json::{Value, json};
use store::Tx;
use units::{AccountId, BillId, Currency, CycleKind, Money, OrderId, Timestamp};

/// What bills are of: use of a cycle, something that was bought, or what people credited or debited.
#[derive(Clone, Copy, Debug)]
pub(super) enum Occasion {
    Cycle(CycleKind),
    Purchase,
    Correction,
    Refund,
}

impl Occasion {
    const ALL: [Occasion; 6] = [
        Occasion::Cycle(CycleKind::Hour),
        Occasion::Cycle(CycleKind::Day),
        Occasion::Cycle(CycleKind::Month),
        Occasion::Purchase,
        Occasion::Correction,
        Occasion::Refund,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Occasion::Cycle(kind) => kind.as_str(),
            Occasion::Purchase => "purchase",
            Occasion::Correction => "correction",
            Occasion::Refund => "refund",
        }
    }
}

impl Told for Occasion {
    fn shape() -> Shape {
        Shape::Words(Occasion::ALL.map(Occasion::as_str).to_vec())
    }

    fn told(&self) -> Option<Value> {
        Some(json!(self.as_str()))
    }
}

payload! {
    /// What an account was billed at once.
    Billed of [BillPosted] {
        account: AccountId,
        /// What the bills are of: use of an hour, a day or a month, something that was bought, a correction, or a refund.
        cycle: Occasion,
        /// The order that was bought or given back; only for a purchase or a refund.
        order: Sometimes<OrderId>,
        /// The bill, where it is one: for a purchase, a correction or a refund.
        bill: Sometimes<BillId>,
        from: Timestamp,
        to: Timestamp,
        /// How many bills.
        bills: u64,
        /// What they come to together.
        total: Money,
        currency: Currency,
    }
}

payload! {
    /// An account that a settlement run could not settle.
    SetAside of [SettlementSetAside] {
        account: AccountId,
        cycle: CycleKind,
        from: Timestamp,
        to: Timestamp,
        reason: String,
    }
}

impl Ears {
    /// The bill of something that was bought.
    pub fn bought(&self, it: &bill::Bill<'_>) -> Option<News> {
        self.news(it.account, EventKind::BillPosted, || one(it, Occasion::Purchase))
    }

    /// The bill of what people credited or debited.
    pub fn corrected(&self, it: &bill::Bill<'_>) -> Option<News> {
        self.news(it.account, EventKind::BillPosted, || one(it, Occasion::Correction))
    }

    /// The bill of what was given back.
    pub fn refunded(&self, it: &bill::Bill<'_>) -> Option<News> {
        self.news(it.account, EventKind::BillPosted, || one(it, Occasion::Refund))
    }

    /// What a settlement run billed an account.
    ///
    /// Errors: a sum of bills that no wallet could pay.
    fn billed(&self, it: &Settled<'_>, run: Run) -> Result<Option<News>, Refusal> {
        let currency = it.wallet.currency();
        let total = Money::sum(it.bills.iter().map(|it| it.total), currency)?;
        Ok(self.news(it.account, EventKind::BillPosted, || Billed {
            account: it.account,
            cycle: Occasion::Cycle(run.cycle.kind),
            order: Sometimes(None),
            bill: Sometimes(None),
            from: run.cycle.from,
            to: run.cycle.to,
            bills: it.bills.len() as u64,
            total,
            currency,
        }))
    }
}

/// One bill, of a purchase, a correction or a refund.
fn one(it: &bill::Bill<'_>, cycle: Occasion) -> Billed {
    let order = match cycle {
        Occasion::Purchase | Occasion::Refund => it.order,
        Occasion::Correction | Occasion::Cycle(_) => None,
    };
    Billed {
        account: it.account,
        cycle,
        order: Sometimes(order),
        bill: Sometimes(Some(it.id)),
        from: it.from,
        to: it.to,
        bills: 1,
        total: it.total,
        currency: it.currency(),
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
    let (cycle, from, to) = (run.cycle.kind, run.cycle.from, run.cycle.to);
    let told = SetAside { account, cycle, from, to, reason: reason.to_string() };
    emit(tx, News::of(account, EventKind::SettlementSetAside, &told), run.posted)
}
