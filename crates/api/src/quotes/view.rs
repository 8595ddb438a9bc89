//! What the API shows of a quote.
//!
//! In:  a quote taken apart. Out: the public contract.
//! Invariant: every sum comes with the figures that it follows from; texts are there in both languages.

mod later;
mod pack;

use crate::items::options;
use crate::tariff::TariffView;
use billing::book::Component;
use billing::breakdown::{self, Breakdown, PaidNow, RateFrom};
use billing::explain::{Language, Reason, Step};
use billing::quote::Quote;
use billing::text::Text;
use desk::breakdown::Detailed;
use later::{EstimateView, UnitPriceView};
use pack::PackQuoteView;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use web::texts::TextView;
use web::{wire, words};

/// Why a line does not cost what the list says.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RateView {
    /// `months` (the discount table of the price, by the months of the order), `contract` or `offer`.
    pub from: words::RateFrom,
    /// The discount table.
    pub table: Option<String>,
    #[schema(minimum = 0)]
    pub months: Option<u32>,
    /// The offer that sets the price, in place of all others.
    pub offer: Option<String>,
    /// Such as `0.88`.
    pub rate: String,
}

impl RateView {
    fn new((from, rate_e8): &(RateFrom, u64)) -> RateView {
        let rate = breakdown::rate(*rate_e8);
        match from {
            RateFrom::Months { table, months } => RateView {
                from: words::RateFrom::Months,
                table: Some(table.clone()),
                months: Some(*months),
                offer: None,
                rate,
            },
            RateFrom::Contract => {
                RateView { from: words::RateFrom::Contract, table: None, months: None, offer: None, rate }
            }
            RateFrom::Offer(offer) => RateView {
                from: words::RateFrom::Offer,
                table: None,
                months: None,
                offer: Some(offer.to_string()),
                rate,
            },
        }
    }
}

/// One step of the arithmetic of a line, as that of a bill has it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuoteStepView {
    /// What it does, such as `bought`, `units`, `tiers`, `rate`.
    pub step: String,
    /// Its figures by name, as decimal text.
    pub figures: BTreeMap<String, String>,
    /// What the line comes to after it; `null` before something was priced.
    pub result: Option<String>,
    pub text: TextView,
}

impl From<&Reason> for QuoteStepView {
    fn from(it: &Reason) -> QuoteStepView {
        QuoteStepView {
            step: it.step.as_str().to_string(),
            figures: it.step.figures().into_iter().collect(),
            result: it.result.map(|it| it.to_string()),
            text: Text::of(|language: Language| it.sentence(language)).into(),
        }
    }
}

/// A component that is paid with the order, for one piece.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuoteLineView {
    pub component: String,
    /// As bills print it.
    pub name: String,
    pub label: TextView,
    /// The price item of the price book.
    pub price: String,
    /// How many units are paid for, without those that are free.
    pub quantity: String,
    pub unit: words::Unit,
    /// So many of what was chosen are free.
    pub free: String,
    /// How many months are paid for; `null` for what is paid once.
    #[schema(minimum = 1)]
    pub months: Option<u32>,
    /// Days beyond the months, up to the account's fixed day, at a thirtieth of a month each.
    pub days: u32,
    /// What one unit costs, or its tiers.
    pub tariff: TariffView,
    /// What it costs by the price book, where a contract price stands in its place; `null` elsewhere.
    pub listed: Option<TariffView>,
    /// Before discounts, for one piece.
    pub list: wire::AmountShown,
    /// The part of the list price that is paid, such as `0.88`; the product of `rates`.
    pub rate: String,
    /// What it is from; empty at list price.
    pub rates: Vec<RateView>,
    /// After discounts, for one piece.
    pub cost: wire::AmountShown,
    /// The arithmetic: worked out one after the other, the steps give `cost`.
    pub steps: Vec<QuoteStepView>,
}

impl QuoteLineView {
    fn new(it: &PaidNow, of: &Breakdown) -> QuoteLineView {
        let (component, currency) = (of.component(&it.part), of.plan.book.currency);
        QuoteLineView {
            component: component.id.clone(),
            name: component.name.clone(),
            label: component.label.or(&component.name).into(),
            price: of.item(&it.part).key.clone(),
            quantity: it.part.quantity.to_string(),
            unit: component.quantity.unit.into(),
            free: component.quantity.less.to_string(),
            months: (it.months > 0).then_some(it.months),
            days: it.days,
            tariff: TariffView::new(component, of.item(&it.part)),
            listed: of.listed(&it.part).map(|it| TariffView::new(component, it)),
            list: wire::amount(it.list_e8, currency),
            rate: breakdown::rate(it.rate_e8),
            rates: it.rates.iter().map(RateView::new).collect(),
            cost: wire::amount(it.cost_e8, currency),
            steps: it.steps.iter().filter(|it| !is_named(it)).map(QuoteStepView::from).collect(),
        }
    }
}

/// Whether a step only says which price it is; the line has that as a field.
const fn is_named(it: &Reason) -> bool {
    matches!(it.step, Step::Priced { .. })
}

/// A component of which all that was chosen is free.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FreeView {
    pub component: String,
    pub label: TextView,
    /// The option that says how many, and so many were chosen.
    pub option: Option<String>,
    pub quantity: Option<String>,
    pub unit: words::Unit,
}

impl FreeView {
    fn new(it: &Component, of: &Breakdown) -> FreeView {
        let option = it.quantity.option.clone();
        FreeView {
            component: it.id.clone(),
            label: it.label.or(&it.name).into(),
            quantity: option.as_deref().and_then(|it| of.plan.options.get(it)).map(str::to_string),
            option,
            unit: it.quantity.unit.into(),
        }
    }
}

/// The quote of the examples, as the till answers it.
fn quote_example() -> serde_json::Value {
    serde_json::from_str(include_str!("example.json"))
        .expect("invariant: the example is JSON; a test reads it")
}

/// What an item would cost.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!(quote_example()))]
pub struct QuoteView {
    pub product: String,
    pub label: TextView,
    /// Every option, those left to their defaults too.
    pub options: BTreeMap<String, String>,
    pub months: u32,
    /// Days beyond the months, up to the account's fixed day.
    pub days: u32,
    pub quantity: u32,
    pub currency: String,
    /// For all pieces, before discounts.
    pub list: wire::MoneyShown,
    /// What discounts take off the list price, for all pieces.
    pub discount: wire::MoneyShown,
    /// What is paid with the order, for all pieces.
    pub total: wire::MoneyShown,
    /// The share of one month in it, rounded; `null` for what is not paid by the month.
    pub monthly: Option<wire::MoneyShown>,
    /// What is held for one piece as long as it lives.
    pub freeze: wire::MoneyShown,
    pub lines: Vec<QuoteLineView>,
    /// What was chosen and costs nothing, since all of it is free.
    pub free: Vec<FreeView>,
    /// What is paid after use.
    pub unit_prices: Vec<UnitPriceView>,
    /// About what a month of what is paid after use costs; `null` where nothing is.
    pub estimate: Option<EstimateView>,
    /// Of a resource pack: from when until when, and when it would be empty.
    pub pack: Option<PackQuoteView>,
}

/// What discounts take off.
fn discount(it: &Quote) -> wire::MoneyShown {
    let less = it.list.minor() - it.total.minor();
    wire::money(units::Money::from_minor(less, it.total.currency()))
}

impl From<&Detailed> for QuoteView {
    fn from(Detailed { quote: it, breakdown: of, pack }: &Detailed) -> QuoteView {
        let product = of.plan.product();
        let component = |at: &usize| &product.components[*at];
        QuoteView {
            product: it.product.clone(),
            label: product.look.label.or(&product.name).into(),
            options: options(&it.options),
            months: it.months,
            days: it.days,
            quantity: it.quantity,
            currency: it.total.currency().as_str().to_string(),
            list: wire::money(it.list),
            discount: discount(it),
            total: wire::money(it.total),
            monthly: breakdown::a_month(it).map(wire::money),
            freeze: wire::money(it.freeze),
            lines: of.now.iter().map(|it| QuoteLineView::new(it, of)).collect(),
            free: of.included.iter().map(|it| FreeView::new(component(it), of)).collect(),
            unit_prices: of.later.iter().map(|it| UnitPriceView::new(it, of)).collect(),
            estimate: of.month.as_ref().map(|it| EstimateView::new(it, of)),
            pack: pack.as_ref().map(PackQuoteView::from),
        }
    }
}

/// What a purchase would cost.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [quote_example()], "total": "71.00", "currency": "CNY"}))]
pub struct QuotesView {
    pub items: Vec<QuoteView>,
    /// What is paid with the orders.
    pub total: wire::MoneyShown,
    pub currency: String,
}
