//! What the API shows of bills.
//!
//! In:  bills, lines and sums. Out: the public contract.
//! Invariant: totals are whole fen, costs of lines have eight digits; what is not there is `null`.

use billing::bill::{Bill, Kind, Line, Sum, pack_of};
use billing::explain::{Language, Reason, with_unit};
use billing::wallet::Paid;
use desk::explain::{Explanation, Question};
use desk::lists::bills::{MadeAgainst, NamedLine, SubjectSum, Whole};
use serde::Serialize;
use std::collections::BTreeMap;
use units::{Amount, Currency, MoneyError, ResourceId, Timestamp};
use utoipa::ToSchema;
use web::wire::{self, Moment};
use web::words;

/// What paid: money of each purse, and what was missing and is owed since.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"bonus": "0.00", "cash": "0.42", "income": "0.00", "owed": "0.00"}))]
pub struct PaidView {
    pub bonus: wire::MoneyShown,
    pub cash: wire::MoneyShown,
    pub income: wire::MoneyShown,
    /// What was missing when it was deducted. Later payments pay debts first; this figure stays.
    pub owed: wire::MoneyShown,
}

impl PaidView {
    pub fn new(it: &Paid) -> PaidView {
        let [bonus, cash, income] = it.purses().kinds().map(wire::money);
        PaidView { bonus, cash, income, owed: wire::money(it.owed()) }
    }
}

/// What some bills come to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SumView {
    /// How many bills.
    #[schema(minimum = 0)]
    pub bills: u64,
    pub currency: String,
    /// What their lines cost, before rounding.
    pub amount: wire::AmountShown,
    /// What was deducted, `correction` included.
    pub total: wire::MoneyShown,
    /// What of `total` was given back because rounding bill by bill took too much over a month: below zero, or `0.00`.
    /// What it took too little is waived: then `total` stays below `amount`.
    pub correction: wire::MoneyShown,
    /// What of `total` vouchers paid; `paid` is the rest.
    pub vouchers: wire::MoneyShown,
    pub paid: PaidView,
}

impl SumView {
    pub fn new(it: &Sum) -> SumView {
        let currency = it.total.currency();
        SumView {
            bills: it.bills,
            currency: currency.as_str().to_string(),
            amount: wire::amount_of(Amount::from_e8(it.amount_e8, currency)),
            total: wire::money(it.total),
            correction: wire::money(it.correction),
            vouchers: wire::money(it.vouchers()),
            paid: PaidView::new(&it.paid),
        }
    }
}

/// A month: L0 of the statement.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "month": "2026-06", "estimate": false, "bills": 720, "currency": "CNY", "amount": "302.40000000", "total": "302.40",
    "correction": "0.00", "vouchers": "0.00", "paid": {"bonus": "0.00", "cash": "302.40", "income": "0.00", "owed": "0.00"}
}))]
pub struct MonthView {
    pub month: String,
    /// Whether more may still come into it: until 00:00 of the third day after the month.
    pub estimate: bool,
    #[serde(flatten)]
    pub sum: SumView,
}

/// What a product came to in a month: L1.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "product": "server", "bills": 720, "currency": "CNY", "amount": "302.40000000", "total": "302.40",
    "correction": "0.00", "vouchers": "0.00", "paid": {"bonus": "0.00", "cash": "302.40", "income": "0.00", "owed": "0.00"}
}))]
pub struct ProductSumView {
    pub product: String,
    #[serde(flatten)]
    pub sum: SumView,
}

/// What a resource, or a spec that is added up over the account, came to in a month: L2.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "product": "server", "region": "guangzhou", "kind": "hourly", "resource": "res_019eb7696c008cf183c2a061049531a6",
    "pack": null, "name": "web", "spec": null, "bills": 720, "currency": "CNY", "amount": "302.40000000", "total": "302.40",
    "correction": "0.00", "vouchers": "0.00", "paid": {"bonus": "0.00", "cash": "302.40", "income": "0.00", "owed": "0.00"}
}))]
pub struct ResourceSumView {
    pub product: String,
    pub region: String,
    /// A kind of bill, as in `GET /v1/bills`.
    pub kind: words::BillKind,
    /// `null` for a sum over the account, and for a pack.
    pub resource: Option<String>,
    /// The pack that was bought; `null` for everything else.
    pub pack: Option<String>,
    /// What the resource is called.
    pub name: Option<String>,
    /// What was added up over the account.
    pub spec: Option<String>,
    #[serde(flatten)]
    pub sum: SumView,
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_string())
}

/// What is billed: a resource or a pack.
fn subject(kind: Kind, resource: Option<ResourceId>) -> (Option<String>, Option<String>) {
    match pack_of(kind, resource) {
        Some(pack) => (None, Some(pack.to_string())),
        None => (resource.map(|it| it.to_string()), None),
    }
}

impl ResourceSumView {
    pub(super) fn new(it: &SubjectSum) -> ResourceSumView {
        let (resource, pack) = subject(it.kind, it.subject.resource.parse().ok());
        ResourceSumView {
            product: it.subject.product.clone(),
            region: it.subject.region.clone(),
            kind: it.kind.into(),
            resource,
            pack,
            name: some(&it.name),
            spec: some(&it.subject.spec),
            sum: SumView::new(&it.sum),
        }
    }
}

/// A period: from is in, to is out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PeriodView {
    pub from: Moment,
    pub to: Moment,
}

/// What was deducted at once, rounded once.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "bil_019eb7696c008cf183c2a061049531a6", "kind": "hourly", "product": "server", "region": "guangzhou",
    "resource": "res_019eb7696c008cf183c2a061049531a6", "pack": null, "name": "web", "spec": null, "order": null,
    "from": "2026-06-01T00:00:00Z", "to": "2026-06-01T01:00:00Z", "posted": "2026-06-01T01:00:00Z", "original": null,
    "currency": "CNY", "amount": "0.42000000", "total": "0.42", "vouchers": "0.00",
    "paid": {"bonus": "0.00", "cash": "0.42", "income": "0.00", "owed": "0.00"}
}))]
pub struct BillView {
    pub id: String,
    /// `prepaid_new`, `prepaid_renew`, `prepaid_change`, `pack_purchase`, `hourly`, `daily`, `monthly`, `adjustment` (use that came late),
    /// `precision_credit` or `precision_waiver` (what rounding bill by bill took too much or too little), `one_time`
    /// (what was bought once, without a deadline), `refund` (below zero), or `commitment` (what a month lacks of what was
    /// agreed to be spent in it).
    pub kind: words::BillKind,
    pub product: String,
    pub region: String,
    /// `null` for a sum over the account, and for a pack.
    pub resource: Option<String>,
    /// The pack that was bought; `null` for everything else.
    pub pack: Option<String>,
    /// What the resource is called.
    pub name: Option<String>,
    /// What was added up over the account.
    pub spec: Option<String>,
    pub order: Option<String>,
    /// The time that is charged for. Of what is renewed or changed it begins when that was paid: the time that it is for
    /// stands on its lines. Of a pack it is the instant of its purchase, twice: when the pack can be used
    /// stands in `GET /v1/packs/{pack}`.
    pub from: Moment,
    pub to: Moment,
    /// When it was deducted.
    pub posted: Moment,
    /// The closed cycle that an adjustment belongs to.
    pub original: Option<PeriodView>,
    pub currency: String,
    /// What its lines add up to, before it is rounded. A credit or waiver has no line: of such a bill it is the difference
    /// that rounding left over the month, `amount` of the lines less what was deducted.
    pub amount: wire::AmountShown,
    /// What was deducted.
    pub total: wire::MoneyShown,
    /// What of `total` vouchers paid; `paid` is the rest.
    pub vouchers: wire::MoneyShown,
    pub paid: PaidView,
}

impl BillView {
    pub fn new(it: &Bill<'_>, name: &str) -> BillView {
        let (resource, pack) = subject(it.kind, it.resource);
        let period = |it: (Timestamp, Timestamp)| PeriodView { from: wire::time(it.0), to: wire::time(it.1) };
        BillView {
            id: it.id.to_string(),
            kind: it.kind.into(),
            product: it.product.to_string(),
            region: it.region.to_string(),
            resource,
            pack,
            name: some(name),
            spec: some(&it.spec),
            order: it.order.map(|it| it.to_string()),
            from: wire::time(it.from),
            to: wire::time(it.to),
            posted: wire::time(it.posted),
            original: it.original.map(period),
            currency: it.currency().as_str().to_string(),
            amount: wire::amount(it.amount_e8, it.currency()),
            total: wire::money(it.total),
            vouchers: wire::money(it.vouchers()),
            paid: PaidView::new(&it.paid),
        }
    }
}

/// One component of a bill, with all that its cost follows from: L3.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "line": 0, "component": "compute", "component_name": "CPU and memory", "measured": "3600 s", "quantity": "3600", "count": 1, "num": 1,
    "den": 1, "unit": "s", "clock": 0, "covered": "0", "free_tier": "0", "price": "server/compute S1.SMALL1",
    "book": "boo_0151f8c468008052ae95585354865024", "list": "0.42000000", "rate": "1.00", "billed": null, "cost": "0.42000000",
    "from": "2026-06-01T00:00:00Z", "to": "2026-06-01T01:00:00Z"
}))]
pub struct LineView {
    /// Its number in the bill, from 0.
    #[schema(minimum = 0)]
    pub line: i64,
    pub component: String,
    pub component_name: String,
    /// What was measured, in words, such as `3600 s`, `10 Mbps × 1800 / 3600`, or `1 piece × 6` for what is paid ahead for six months.
    pub measured: String,
    /// What was measured: `quantity` / `count`, × `num` / `den`, of `unit`.
    pub quantity: String,
    /// Of how many values `quantity` is the sum: a mean is kept as a sum and their number.
    #[schema(minimum = 0)]
    pub count: u64,
    #[schema(minimum = 0)]
    pub num: u64,
    #[schema(minimum = 0)]
    pub den: u64,
    pub unit: words::Unit,
    /// What was used before it in the cycle, or where the tier clock of the resource stood, in `unit`.
    #[schema(minimum = 0)]
    pub clock: u64,
    /// Units that resource packs covered; they are not in `quantity`.
    pub covered: String,
    /// Units that a free tier of the account took; they are not in `quantity`.
    pub free_tier: String,
    /// The price, in the price book beside it.
    pub price: String,
    pub book: String,
    /// Before discounts; below zero where a change gives back what something cost before.
    pub list: wire::AmountShown,
    /// What the list price was multiplied with.
    pub rate: wire::PriceShown,
    /// Of an adjustment, what the closed cycle had come to before; `cost` is the difference, and `list` is of the whole cycle.
    pub billed: Option<wire::AmountShown>,
    /// After discounts, not rounded: bills are.
    pub cost: wire::AmountShown,
    pub from: Moment,
    pub to: Moment,
}

impl LineView {
    pub fn new(number: i64, it: &Line<'_>, currency: Currency) -> LineView {
        LineView {
            line: number,
            component: it.component.to_string(),
            component_name: it.name.to_string(),
            measured: with_unit(it.measured, Language::English),
            quantity: it.measured.quantity.to_string(),
            count: it.measured.count,
            num: it.measured.num,
            den: it.measured.den,
            unit: it.measured.unit.into(),
            clock: it.offset,
            covered: it.covered.to_string(),
            free_tier: it.free.to_string(),
            price: it.price.to_string(),
            book: it.book.to_string(),
            list: wire::amount(it.list_e8, currency),
            rate: wire::rate(it.rate_e8, 2),
            billed: it.billed_e8.map(|it| wire::amount(it, currency)),
            cost: wire::amount(it.cost_e8, currency),
            from: wire::second(it.from),
            to: wire::second(it.to),
        }
    }
}

/// A line and what it was paid with.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaidLineView {
    #[serde(flatten)]
    pub line: LineView,
    /// Its share of what paid for the bill.
    pub paid: PaidView,
}

/// What people credited or charged of a bill.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "bill": "bil_019eb7696c008cf183c2a061049531a6", "line": null, "total": "-1.20", "at": "2026-06-05T03:20:00Z", "reason": "outage"
}))]
pub struct BillCorrectionView {
    /// The bill that it made.
    pub bill: String,
    /// Against which line, from 0; `null` where it is against the bill.
    #[schema(minimum = 0)]
    pub line: Option<u64>,
    /// Of a credit below zero.
    pub total: wire::MoneyShown,
    pub at: Moment,
    pub reason: String,
}

impl From<&MadeAgainst> for BillCorrectionView {
    fn from(it: &MadeAgainst) -> BillCorrectionView {
        BillCorrectionView {
            bill: it.made.to_string(),
            line: it.line.map(|it| u64::try_from(it).unwrap_or(u64::MAX)),
            total: wire::money(it.total),
            at: wire::time(it.correction.at),
            reason: it.correction.reason.clone(),
        }
    }
}

/// A bill with its lines.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WholeBillView {
    #[serde(flatten)]
    pub bill: BillView,
    pub lines: Vec<PaidLineView>,
    /// What people credited or charged of it since, in that order.
    pub corrections: Vec<BillCorrectionView>,
    /// The bill that it corrects itself.
    pub corrects: Option<String>,
}

impl WholeBillView {
    pub(super) fn new(whole: &Whole) -> Result<WholeBillView, MoneyError> {
        let it = &whole.named;
        let bill = &it.bill;
        let line = |(number, (line, paid)): (i64, (&Line<'_>, Paid))| PaidLineView {
            line: LineView::new(number, line, bill.currency()),
            paid: PaidView::new(&paid),
        };
        let lines = (0..).zip(bill.lines.iter().zip(bill.spread()?)).map(line).collect();
        Ok(WholeBillView {
            bill: BillView::new(bill, &it.name),
            lines,
            corrections: whole.corrections.iter().map(BillCorrectionView::from).collect(),
            corrects: whole.against.map(|it| it.to_string()),
        })
    }
}

/// A line of any bill.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BillLineView {
    #[schema(example = "bil_019eb7696c008cf183c2a061049531a6")]
    pub bill: String,
    /// The kind of its bill.
    #[schema(example = "hourly")]
    pub kind: words::BillKind,
    #[schema(example = "server")]
    pub product: String,
    #[schema(example = "guangzhou")]
    pub region: String,
    #[schema(example = "res_019eb7696c008cf183c2a061049531a6")]
    pub resource: Option<String>,
    /// The pack that was bought.
    pub pack: Option<String>,
    /// What the resource is called.
    #[schema(example = "web")]
    pub name: Option<String>,
    pub spec: Option<String>,
    #[schema(example = "CNY")]
    pub currency: String,
    #[serde(flatten)]
    pub line: LineView,
}

impl From<NamedLine> for BillLineView {
    fn from(it: NamedLine) -> BillLineView {
        let (resource, pack) = subject(it.kind, it.resource);
        BillLineView {
            bill: it.bill.to_string(),
            kind: it.kind.into(),
            product: it.product,
            region: it.region,
            resource,
            pack,
            name: some(&it.name),
            spec: some(&it.spec),
            currency: it.currency.as_str().to_string(),
            line: LineView::new(it.number, &it.line, it.currency),
        }
    }
}

/// Why a line costs what it costs, in sentences, down to the events behind it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "bill": "bil_019eb7696c008cf183c2a061049531a6", "line": 0,
    "sentences": [
        "Bill bil_019eb7696c008cf183c2a061049531a6 of shop: Cloud server, by the hour, for 2026-06-01 08:00:00 to 2026-06-01 09:00:00 (times here are UTC+08:00), 0.42 CNY.",
        "web was running from 2026-06-01 08:00:00 to 2026-06-01 09:00:00: 3600 s.",
        "CPU and memory costs what the price book says (published: refund example of a server).",
        "Measured: 3600 s.",
        "By tiers, per hour: (3600 × 0.42 (0, 345600]) / 3600: 0.42000000.",
        "The bill adds 1 line, 0.42000000, and is rounded once to 0.42; paid from cash 0.42."
    ],
    "steps": [
        {"step": "measured", "figures": {"quantity": "3600", "unit": "s"}, "result": null, "sentence": "Measured: 3600 s."},
        {"step": "tiers", "figures": {"quantity": "3600", "unit": "s", "per": "3600", "tier_0_from": "0", "tier_0_up_to": "345600",
            "tier_0_quantity": "3600", "tier_0_price": "0.42"}, "result": "0.42000000",
         "sentence": "By tiers, per hour: (3600 × 0.42 (0, 345600]) / 3600: 0.42000000."}
    ]
}))]
pub struct ExplanationView {
    pub bill: String,
    #[schema(minimum = 0)]
    pub line: usize,
    pub sentences: Vec<String>,
    /// The arithmetic: worked out one after the other, the steps give the line.
    pub steps: Vec<StepView>,
}

/// One step of the arithmetic of a line.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StepView {
    /// What it does, such as `measured`, `units`, `tiers`, `minimum`, `rate`.
    #[schema(example = "units")]
    pub step: String,
    /// Its figures by name, as decimal text.
    pub figures: BTreeMap<String, String>,
    /// What the line comes to after it; nothing before something was priced.
    #[schema(example = "0.42000000")]
    pub result: Option<String>,
    pub sentence: String,
}

impl ExplanationView {
    pub(super) fn new(question: Question, it: &Explanation) -> ExplanationView {
        let step = |reason: &Reason| StepView {
            step: reason.step.as_str().to_string(),
            figures: reason.step.figures().into_iter().collect(),
            result: reason.result.map(|it| it.to_string()),
            sentence: reason.sentence(it.language),
        };
        let steps = it.steps.iter().map(step).collect();
        let (bill, line) = (question.bill.to_string(), question.number);
        ExplanationView { bill, line, sentences: it.sentences(), steps }
    }
}
