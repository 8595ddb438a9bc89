//! What the API shows of prices.
//!
//! Invariant: words are those of the price files; amounts and quantities are text.

use super::condition::{ConditionView, condition};
use billing::book::{Book, Component, PriceRow};
use billing::price::{Edge, PriceItem, Pricing};
use serde::Serialize;
use units::{Amount, Unit};
use utoipa::ToSchema;
use web::wire::{self, PriceShown};
use web::words;

/// A tier or band: what lies above `above` and up to the next, at `amount`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TierView {
    pub above: String,
    pub amount: PriceShown,
    /// Taken once when the tier is entered.
    pub flat: PriceShown,
}

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
    "unit": "month", "tier_unit": null, "tiers": [], "up_to": null, "edge": null, "free": "0", "minimum": null, "started": null, "discount": "general",
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
    /// What an amount is for.
    pub unit: String,
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
    /// What is started counts whole: so many units.
    pub started: Option<String>,
    /// The discount table for orders of several months.
    pub discount: Option<String>,
    pub discounts: Vec<DiscountView>,
    /// Where the figure comes from.
    pub source: String,
    pub currency: String,
}

/// What kind of price it is.
const fn price_kind(it: &Pricing) -> words::PriceKind {
    match it {
        Pricing::PerUnit(_) => words::PriceKind::PerUnit,
        Pricing::Graduated(_) => words::PriceKind::Graduated,
        Pricing::Volume(_) => words::PriceKind::Volume,
        Pricing::Package { .. } => words::PriceKind::Package,
        Pricing::Percentage(_) => words::PriceKind::Percentage,
        Pricing::Band(_) => words::PriceKind::Band,
    }
}

/// What differs between the kinds of price.
struct Shape {
    amount: Option<PriceShown>,
    unit: String,
    tier_unit: Option<Unit>,
    tiers: Vec<TierView>,
    up_to: Option<u128>,
    edge: Option<Edge>,
}

fn shape(component: &Component, item: &PriceItem) -> Shape {
    let per = |it| billing::tag::per(component, it, item.per_seconds).to_string();
    let one = |amount, unit| Shape {
        amount: Some(amount),
        unit,
        tier_unit: None,
        tiers: Vec::new(),
        up_to: None,
        edge: None,
    };
    let tier = |above: u128, amount: Amount, flat: Amount| TierView {
        above: above.to_string(),
        amount: wire::price(amount),
        flat: wire::price(flat),
    };
    match &item.pricing {
        Pricing::PerUnit(price) => one(wire::price(price.amount), per(price.per)),
        Pricing::Package { size, price } => one(wire::price(*price), per(*size)),
        Pricing::Percentage(it) => one(wire::price(it.fixed), "event".to_string()),
        Pricing::Graduated(it) | Pricing::Volume(it) => Shape {
            amount: None,
            unit: per(it.per),
            tier_unit: Some(it.per.unit),
            tiers: it.tiers.iter().map(|it| tier(it.above, it.amount, it.flat)).collect(),
            up_to: it.up_to,
            edge: None,
        },
        Pricing::Band(it) => Shape {
            amount: None,
            unit: it.unit.as_str().to_string(),
            tier_unit: Some(it.unit),
            tiers: it.bands.iter().map(|it| tier(it.0, it.1, Amount::zero(it.1.currency()))).collect(),
            up_to: it.up_to,
            edge: Some(it.edge),
        },
    }
}

impl PriceView {
    pub fn new(component: &Component, row: &PriceRow, book: &Book) -> PriceView {
        let (item, shape) = (&row.item, shape(component, &row.item));
        let share = if let Pricing::Percentage(it) = &item.pricing { Some(it) } else { None };
        let table = item.discount.as_ref().and_then(|it| book.discounts.get(it));
        let rate = |it: &(u32, u64)| DiscountView { months: it.0, rate: wire::rate(it.1, 2) };
        let edge = |it: Edge| match it {
            Edge::Upper => words::Edge::Upper,
            Edge::Lower => words::Edge::Lower,
        };
        PriceView {
            key: item.key.clone(),
            component: component.id.clone(),
            component_name: component.name.clone(),
            due: component.due.into(),
            when: component.when.iter().chain(&row.keys).map(condition).collect(),
            kind: price_kind(&item.pricing),
            price: billing::tag::in_words(component, item),
            amount: shape.amount,
            percent: share.map(|it| units::decimal::print_short(it.rate_e8.into(), 6, 0)),
            least: share.and_then(|it| it.least).map(wire::price),
            most: share.and_then(|it| it.most).map(wire::price),
            unit: shape.unit,
            tier_unit: shape.tier_unit.map(words::Unit::from),
            tiers: shape.tiers,
            up_to: shape.up_to.map(|it| it.to_string()),
            edge: shape.edge.map(edge),
            free: item.free.to_string(),
            minimum: item.minimum.map(wire::price),
            started: item.started.map(|it| it.to_string()),
            discount: item.discount.clone(),
            discounts: table.map_or_else(Vec::new, |it| it.steps.iter().map(rate).collect()),
            source: item.source.clone(),
            currency: book.currency.as_str().to_string(),
        }
    }
}
