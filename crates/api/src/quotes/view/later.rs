//! What the API shows of what is paid after use, and of what a month of it would cost.
//!
//! In:  a quote taken apart. Out: the public contract.
//! Invariant: an estimate says all that it assumes, and names what is not in it.

use crate::tariff::{FreeTierView, TariffView};
use billing::book::{Component, Scope};
use billing::breakdown::{self, Breakdown, Estimate, EstimateLine, PaidLater};
use billing::tag;
use serde::Serialize;
use utoipa::ToSchema;
use web::texts::TextView;
use web::{wire, words};

/// What a component costs that is paid after use.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnitPriceView {
    pub component: String,
    /// As bills print it.
    pub name: String,
    pub label: TextView,
    /// How many units there are; 1 for what is reported.
    pub quantity: String,
    pub unit: words::Unit,
    /// When it is paid: after each `hour`, `day` or `month`.
    pub due: words::Due,
    /// How what was used is added up in a cycle; docs/pricebook.md lists the meters.
    pub meter: String,
    /// The readings that it adds up; `null` where the time is counted that it is held.
    pub usage: Option<String>,
    /// Whether a line is for one `resource`, or for all of the `account` with the same spec.
    pub scope: words::LineScope,
    /// The family of resource packs that may cover it.
    pub pack: Option<String>,
    /// The price in English words, such as `0.17 per hour`.
    pub price: String,
    /// So many seconds from the begin of a life on are charged whatever becomes of it; 0 where time counts as it is.
    #[schema(minimum = 0)]
    pub least_seconds: u64,
    /// So many seconds of a calendar month are charged at most; `null` where it goes on.
    #[schema(minimum = 0)]
    pub month_seconds: Option<u64>,
    /// What costs an account nothing of a calendar month; `null` where all is paid.
    pub free_tier: Option<FreeTierView>,
    /// The price as figures.
    pub tariff: TariffView,
    /// What it costs by the price book, where a contract price stands in its place; `null` elsewhere.
    pub listed: Option<TariffView>,
    /// The part of it that is paid by what was agreed with the customer, such as `0.90`.
    pub rate: String,
}

impl UnitPriceView {
    pub(super) fn new(it: &PaidLater, of: &Breakdown) -> UnitPriceView {
        let (component, item) = (of.component(&it.part), of.item(&it.part));
        let scope = match component.scope {
            Scope::Resource => words::LineScope::Resource,
            Scope::Account => words::LineScope::Account,
        };
        UnitPriceView {
            component: component.id.clone(),
            name: component.name.clone(),
            label: component.label.or(&component.name).into(),
            quantity: it.part.quantity.to_string(),
            unit: component.quantity.unit.into(),
            due: component.due.into(),
            meter: component.meter.as_str().to_string(),
            usage: component.meter.usage().map(str::to_string),
            scope,
            pack: component.pack.clone(),
            price: tag::in_words(component, item),
            least_seconds: component.least_seconds,
            month_seconds: component.month_seconds,
            free_tier: FreeTierView::of(component),
            tariff: TariffView::new(component, item),
            listed: of.listed(&it.part).map(|it| TariffView::new(component, it)),
            rate: breakdown::rate(it.rate_e8),
        }
    }
}

/// A component in an estimate, for one piece.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EstimateLineView {
    pub component: String,
    pub label: TextView,
    /// Before what was agreed with the customer.
    pub list: wire::AmountShown,
    pub cost: wire::AmountShown,
    /// What was assumed to be reported, in `unit`; `null` where the time is counted that it is held.
    pub usage: Option<String>,
    pub unit: words::Unit,
}

/// A component that costs something only when it is used, and of which nothing was assumed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeftOutView {
    pub component: String,
    pub label: TextView,
    /// The meter of `assume.usage` that would bring it in, if it is one that adds up.
    pub usage: Option<String>,
}

/// About what a month costs: one piece that runs so many hours, alone and without packs, its tier clock beginning with them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EstimateView {
    /// Hours that it is assumed to run.
    pub hours: u32,
    pub lines: Vec<EstimateLineView>,
    /// For one piece, rounded once. Bills are rounded one by one, so they may differ by fen.
    pub piece: wire::MoneyShown,
    /// For all pieces.
    pub total: wire::MoneyShown,
    pub left_out: Vec<LeftOutView>,
}

impl EstimateView {
    pub(super) fn new(it: &Estimate, of: &Breakdown) -> EstimateView {
        let component = |at: usize| &of.plan.product().components[at];
        EstimateView {
            hours: it.hours,
            lines: it.lines.iter().map(|line| line_view(line, component(line.component), of)).collect(),
            piece: wire::money(it.piece),
            total: wire::money(it.total),
            left_out: it.left_out.iter().map(|at| left_out(component(*at))).collect(),
        }
    }
}

fn line_view(it: &EstimateLine, component: &Component, of: &Breakdown) -> EstimateLineView {
    let currency = of.plan.book.currency;
    EstimateLineView {
        component: component.id.clone(),
        label: component.label.or(&component.name).into(),
        list: wire::amount(it.list_e8, currency),
        cost: wire::amount(it.cost_e8, currency),
        usage: it.usage.map(|it| it.to_string()),
        unit: component.quantity.unit.into(),
    }
}

fn left_out(it: &Component) -> LeftOutView {
    let adds_up = it.meter.tally() == billing::meter::Tally::Sum;
    LeftOutView {
        component: it.id.clone(),
        label: it.label.or(&it.name).into(),
        usage: it.meter.usage().filter(|_| adds_up).map(str::to_string),
    }
}
