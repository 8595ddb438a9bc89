//! What the API shows of prices.
//!
//! Invariant: words are those of the price files; amounts and quantities are text.

use super::condition::{ConditionView, condition};
use crate::tariff::{PerView, TariffView, TierView};
use billing::book::{Book, Component, PriceRow};
use billing::price::Pricing;
use serde::Serialize;
use utoipa::ToSchema;
use web::wire::{self, PriceShown};
use web::words;

/// The rate that holds from so many months on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DiscountView {
    #[schema(minimum = 0)]
    pub months: u32,
    pub rate: PriceShown,
}

/// One price of the book.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "key": "server/hardware S1.SMALL1", "component": "hardware", "component_name": "CPU and memory", "due": "order",
    "when": [{"option": "charge", "values": ["prepaid"]}, {"option": "type", "values": ["S1.SMALL1"]}], "kind": "per_unit",
    "price": "51.00 per month", "amount": "51.00", "percent": null, "least": null, "most": null,
    "unit": "month", "per": {"quantity": "1", "unit": "piece", "seconds": null, "month": true,
        "text": {"en": "month", "zh": "月"}}, "tier_unit": null, "tiers": [], "up_to": null, "edge": null, "free": "0",
    "minimum": null, "started": null, "discount": "general",
    "discounts": [{"months": 1, "rate": "1.00"}, {"months": 6, "rate": "0.88"}, {"months": 12, "rate": "0.83"},
        {"months": 24, "rate": "0.70"}, {"months": 36, "rate": "0.50"}],
    "source": "published: refund example of a server", "currency": "CNY"
}))]
pub struct PriceView {
    /// Unique in its book; lines of bills name it.
    pub key: String,
    pub component: String,
    pub component_name: String,
    /// When it is paid, as in `GET /v1/products/{product}`.
    pub due: words::Due,
    /// The option values that it is for, those of its component first; an option that is not named may have any.
    pub when: Vec<ConditionView>,
    /// `per_unit`, `graduated`, `volume`, `package`, `percentage` or `band`.
    pub kind: words::PriceKind,
    /// In words, such as `0.42 per hour`.
    pub price: String,
    /// What one unit or package costs; for a percentage, its fixed part. `null` with tiers.
    pub amount: Option<PriceShown>,
    /// For a percentage: so many percent of the value of an event.
    pub percent: Option<String>,
    /// For a percentage: the least and the most that an event costs.
    pub least: Option<PriceShown>,
    pub most: Option<PriceShown>,
    /// What an amount is for, in words.
    pub unit: String,
    /// The same as figures.
    pub per: PerView,
    /// What tiers and bands count, such as seconds (`s`) for a price per hour.
    pub tier_unit: Option<words::Unit>,
    /// Tiers or bands, in ascending order.
    pub tiers: Vec<TierView>,
    /// Nothing above this is on sale.
    pub up_to: Option<String>,
    /// For bands: whether the `upper` or the `lower` edge belongs to a band.
    pub edge: Option<words::Edge>,
    /// Units of a cycle that cost nothing.
    pub free: String,
    /// The least that a cycle with any use costs.
    pub minimum: Option<PriceShown>,
    /// What is started counts whole: so many seconds of what is held for a time, otherwise so many units.
    pub started: Option<String>,
    /// The discount table for orders of several months.
    pub discount: Option<String>,
    pub discounts: Vec<DiscountView>,
    /// Where the figure comes from.
    pub source: String,
    pub currency: String,
}

/// What an amount is for, in words.
fn unit(tariff: &TariffView, pricing: &Pricing) -> String {
    match pricing {
        Pricing::Percentage(_) => "event".to_string(),
        Pricing::Band(it) => it.unit.as_str().to_string(),
        Pricing::PerUnit(_) | Pricing::Package { .. } | Pricing::Graduated(_) | Pricing::Volume(_) => {
            tariff.per.text.en.clone()
        }
    }
}

impl PriceView {
    pub fn new(component: &Component, row: &PriceRow, book: &Book) -> PriceView {
        let item = &row.item;
        let tariff = TariffView::new(component, item);
        let table = item.discount.as_ref().and_then(|it| book.discounts.get(it));
        let rate = |it: &(u32, u64)| DiscountView { months: it.0, rate: wire::rate(it.1, 2) };
        PriceView {
            key: item.key.clone(),
            component: component.id.clone(),
            component_name: component.name.clone(),
            due: component.due.into(),
            when: component.when.iter().chain(&row.keys).map(condition).collect(),
            kind: tariff.kind,
            price: billing::tag::in_words(component, item),
            unit: unit(&tariff, &item.pricing),
            amount: tariff.amount,
            percent: tariff.percent,
            least: tariff.least,
            most: tariff.most,
            per: tariff.per,
            tier_unit: tariff.tier_unit,
            tiers: tariff.tiers,
            up_to: tariff.up_to,
            edge: tariff.edge,
            free: tariff.free,
            minimum: tariff.minimum,
            started: tariff.started,
            discount: item.discount.clone(),
            discounts: table.map_or_else(Vec::new, |it| it.steps.iter().map(rate).collect()),
            source: item.source.clone(),
            currency: book.currency.as_str().to_string(),
        }
    }
}
