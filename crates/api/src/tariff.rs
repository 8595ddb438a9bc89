//! A price as figures: what it is per, its tiers, what is free. The catalogue and quotes show the same.
//!
//! In:  a component and its price item. Out: the public contract.
//! Invariant: amounts and quantities are text; nothing has to be read out of a sentence.

use billing::book::{Component, FreeTier};
use billing::price::{Edge, PriceItem, Pricing};
use billing::tag::{self, Per};
use billing::text::Text;
use serde::Serialize;
use units::{Amount, Quantity, Unit};
use utoipa::ToSchema;
use web::texts::TextView;
use web::wire::{self, PriceShown};
use web::words;

/// A tier or band: what lies above `above` and up to the next, at `amount`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TierView {
    pub above: String,
    /// Where the next begins, or where nothing is on sale any more; `null` without an end.
    pub up_to: Option<String>,
    pub amount: PriceShown,
    /// Taken once when the tier is entered.
    pub flat: PriceShown,
}

/// What an amount is for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PerView {
    /// So many of `unit`.
    pub quantity: String,
    pub unit: words::Unit,
    /// For so many seconds; `null` for what is counted, or paid by the month.
    #[schema(minimum = 0)]
    pub seconds: Option<u64>,
    /// Whether it is for a month.
    pub month: bool,
    /// The same in words, such as `GB and hour`.
    pub text: TextView,
}

impl From<Per> for PerView {
    fn from(it: Per) -> PerView {
        let Quantity { value, unit } = it.quantity();
        PerView {
            quantity: value.to_string(),
            unit: unit.into(),
            seconds: it.seconds(),
            month: it.is_by_month(),
            text: Text::of(|language| it.words(language)).into(),
        }
    }
}

/// What costs an account nothing of a calendar month, of all components that name it together.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FreeTierView {
    /// Components of the same name share it.
    #[schema(example = "egress")]
    pub name: String,
    /// So many of `unit`.
    #[schema(example = "107374182400")]
    pub quantity: String,
    pub unit: words::Unit,
}

impl FreeTierView {
    /// That of a component, if it names one.
    pub fn of(component: &Component) -> Option<FreeTierView> {
        let FreeTier { name, units } = component.free_tier.clone()?;
        Some(FreeTierView { name, quantity: units.to_string(), unit: component.counted().into() })
    }
}

/// A price.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TariffView {
    /// `per_unit`, `graduated`, `volume`, `package`, `percentage` or `band`.
    pub kind: words::PriceKind,
    /// What one unit or package costs; for a percentage, its fixed part. `null` with tiers.
    pub amount: Option<PriceShown>,
    /// What an amount is for.
    pub per: PerView,
    /// For a percentage: so many percent of the value of an event, and the least and the most that an event costs.
    pub percent: Option<String>,
    pub least: Option<PriceShown>,
    pub most: Option<PriceShown>,
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
}

/// What kind of price it is.
const fn kind(it: &Pricing) -> words::PriceKind {
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
    amount: Option<Amount>,
    per: Quantity,
    tiers: Option<Steps>,
}

/// Tiers or bands.
struct Steps {
    unit: Unit,
    tiers: Vec<(u128, Amount, Amount)>,
    up_to: Option<u128>,
    edge: Option<Edge>,
}

fn shape(item: &PriceItem) -> Shape {
    let one = |amount: Amount, per| Shape { amount: Some(amount), per, tiers: None };
    match &item.pricing {
        Pricing::PerUnit(price) => one(price.amount, price.per),
        Pricing::Package { size, price } => one(*price, *size),
        Pricing::Percentage(it) => one(it.fixed, Quantity::new(1, Unit::Event)),
        Pricing::Graduated(it) | Pricing::Volume(it) => {
            let tiers = it.tiers.iter().map(|it| (it.above, it.amount, it.flat)).collect();
            let tiers = Steps { unit: it.per.unit, tiers, up_to: it.up_to, edge: None };
            Shape { amount: None, per: it.per, tiers: Some(tiers) }
        }
        Pricing::Band(it) => {
            let band = |it: &(u128, Amount)| (it.0, it.1, Amount::zero(it.1.currency()));
            let tiers = it.bands.iter().map(band).collect();
            let tiers = Steps { unit: it.unit, tiers, up_to: it.up_to, edge: Some(it.edge) };
            Shape { amount: None, per: Quantity::new(1, it.unit), tiers: Some(tiers) }
        }
    }
}

fn tiers(steps: &Steps) -> Vec<TierView> {
    let next = steps.tiers.iter().skip(1).map(|it| Some(it.0)).chain([steps.up_to]);
    let tier = |(it, next): (&(u128, Amount, Amount), Option<u128>)| TierView {
        above: it.0.to_string(),
        up_to: next.map(|it| it.to_string()),
        amount: wire::price(it.1),
        flat: wire::price(it.2),
    };
    steps.tiers.iter().zip(next).map(tier).collect()
}

impl TariffView {
    pub fn new(component: &Component, item: &PriceItem) -> TariffView {
        let shape = shape(item);
        let share = if let Pricing::Percentage(it) = &item.pricing { Some(it) } else { None };
        let edge = |it: Edge| match it {
            Edge::Upper => words::Edge::Upper,
            Edge::Lower => words::Edge::Lower,
        };
        let steps = shape.tiers.as_ref();
        TariffView {
            kind: kind(&item.pricing),
            amount: shape.amount.map(wire::price),
            per: tag::per(component, shape.per, item.per_seconds).into(),
            percent: share.map(|it| units::decimal::print_short(it.rate_e8.into(), 6, 0)),
            least: share.and_then(|it| it.least).map(wire::price),
            most: share.and_then(|it| it.most).map(wire::price),
            tier_unit: steps.map(|it| it.unit.into()),
            tiers: steps.map(tiers).unwrap_or_default(),
            up_to: steps.and_then(|it| it.up_to).map(|it| it.to_string()),
            edge: steps.and_then(|it| it.edge).map(edge),
            free: item.free.to_string(),
            minimum: item.minimum.map(wire::price),
            started: item.started.map(|it| it.to_string()),
        }
    }
}
