//! What is shown of corrections.

use billing::bill::Bill;
use desk::Refusal;
use desk::lists::corrections::Listed;
use serde::Serialize;
use units::{Currency, Cycle, Money};
use utoipa::ToSchema;
use web::wire::{self, Moment, MoneyShown};
use web::words;

/// A correction: who put what right, when and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "number": 7, "id": "ticket-4711", "kind": "void", "account": "acc_019eb7696c008cf183c2a061049531a6",
    "by": "key_019eb7696c008cf183c2a061049531a6", "at": "2026-06-01T02:00:00Z", "reason": "the meter counted twice",
    "source": "/gateways/guangzhou-1", "event": "2026-06-01T01:00/res1"
}))]
pub struct CorrectionView {
    /// From 1 on, in the order in which they were made: a later one stands above an earlier one.
    pub number: i64,
    pub id: String,
    pub kind: words::CorrectionKind,
    /// `null` for all accounts.
    pub account: Option<String>,
    /// The key that asked, or `command line`.
    pub by: String,
    pub at: Moment,
    pub reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// The bill that it is against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<MoneyShown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The bill that it made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<String>,
    /// The price book that holds instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub book: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// How far a correction of prices is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<ProgressView>,
}

/// How far a correction of prices is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"accounts": 312, "cycles": 624, "done": "2026-03-05T02:00:00Z"}))]
pub struct ProgressView {
    /// Accounts that are done.
    pub accounts: i64,
    /// Their closed cycles that are rated once more at the next close of their kind.
    pub cycles: i64,
    /// When the last account was done; `null` while some are left.
    pub done: Option<Moment>,
}

impl TryFrom<Listed> for CorrectionView {
    type Error = Refusal;

    /// Errors: `Corrupt` for a kind that this program does not know.
    fn try_from(it: Listed) -> Result<CorrectionView, Refusal> {
        let unknown = || Refusal::corrupt(format!("the kind of correction {}", it.row.id));
        let wrong = |_| Refusal::corrupt(format!("the amount of correction {}", it.row.id));
        let kind = words::read::<words::CorrectionKind>(&it.row.kind).ok_or_else(unknown)?;
        let says = |name: &str| it.says.get(name).and_then(|it| it.as_str()).map(str::to_string);
        let amount = match (says("amount"), says("currency")) {
            (Some(amount), Some(currency)) => {
                let currency = Currency::parse(&currency).map_err(wrong)?;
                Some(wire::money(Money::parse(&amount, currency).map_err(wrong)?))
            }
            (Some(_), None) | (None, _) => None,
        };
        Ok(CorrectionView {
            number: it.row.number,
            kind,
            account: it.row.account.map(|it| it.to_string()),
            at: wire::time(it.row.at),
            source: says("source"),
            event: says("event"),
            quantity: says("quantity"),
            bill: says("bill"),
            line: says("line"),
            amount,
            currency: says("currency"),
            made: it.made.map(|it| it.to_string()),
            book: says("book"),
            from: says("from"),
            until: says("until"),
            progress: it.progress.map(|it| ProgressView {
                accounts: it.accounts,
                cycles: it.cycles,
                done: it.done.map(wire::time),
            }),
            id: it.row.id,
            by: it.row.actor,
            reason: it.row.reason,
        })
    }
}

/// What would follow from a correction.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PreviewView {
    /// The bill of a credit or a debit; adjustments that the next close of their kind would make.
    pub bills: Vec<PreviewBillView>,
    /// Open cycles: their close takes the correction into account.
    pub open: Vec<OpenCycleView>,
}

/// A bill that would be made.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "account": "acc_019eb7696c008cf183c2a061049531a6", "kind": "adjustment", "product": "server", "region": "guangzhou",
    "resource": "res_019eb7696c008cf183c2a061049531a6", "spec": "", "from": "2026-06-01T01:00:00Z",
    "to": "2026-06-01T02:00:00Z", "total": "-4.00", "currency": "CNY"
}))]
pub struct PreviewBillView {
    pub account: String,
    #[schema(value_type = words::BillKind)]
    pub kind: String,
    pub product: String,
    pub region: String,
    /// `null` for what is summed up over the account.
    pub resource: Option<String>,
    pub spec: String,
    /// The cycle that is put right.
    pub from: Moment,
    pub to: Moment,
    /// Below zero for what goes back.
    pub total: wire::MoneyShown,
    pub currency: String,
}

/// A cycle that is open.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"cycle": "hour", "from": "2026-06-01T01:00:00Z", "to": "2026-06-01T02:00:00Z"}))]
pub struct OpenCycleView {
    pub cycle: words::Cycle,
    pub from: Moment,
    pub to: Moment,
}

impl PreviewView {
    pub(super) fn of(bills: &[Bill<'_>], open: &[Cycle]) -> PreviewView {
        PreviewView {
            bills: bills.iter().map(PreviewBillView::from).collect(),
            open: open.iter().map(OpenCycleView::from).collect(),
        }
    }
}

impl From<&Bill<'_>> for PreviewBillView {
    fn from(it: &Bill<'_>) -> PreviewBillView {
        let (from, to) = it.original.unwrap_or((it.from, it.to));
        PreviewBillView {
            account: it.account.to_string(),
            kind: it.kind.as_str().to_string(),
            product: it.product.to_string(),
            region: it.region.to_string(),
            resource: it.resource.map(|it| it.to_string()),
            spec: it.spec.to_string(),
            from: wire::time(from),
            to: wire::time(to),
            total: wire::money(it.total),
            currency: it.currency().as_str().to_string(),
        }
    }
}

impl From<&Cycle> for OpenCycleView {
    fn from(it: &Cycle) -> OpenCycleView {
        OpenCycleView { cycle: it.kind.into(), from: wire::time(it.from), to: wire::time(it.to) }
    }
}
