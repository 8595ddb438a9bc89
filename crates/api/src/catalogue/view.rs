//! What the API shows of products and prices.
//!
//! In:  a price book. Out: the public contract.
//! Invariant: words are those of the price files; amounts and quantities are text.

use billing::book::{
    Book, Component, Conditions, Contract, Due, Meter, OptionKind, OptionRule, PackRule, PackStart, PriceRow,
    Product, RealName, Region, Resize, Scope,
};
use billing::price::{Edge, PriceItem, Pricing};
use serde::Serialize;
use units::{Amount, Unit};
use utoipa::ToSchema;
use web::wire::{self, Moment};
use web::words;

/// A component that a product charges for, by its name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComponentNameView {
    pub id: String,
    pub name: String,
}

/// Something on sale.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "server", "name": "Cloud server", "sold": ["prepaid", "pay_per_use"],
    "components": [{"id": "hardware", "name": "CPU and memory"}]
}))]
pub struct ProductView {
    pub id: String,
    pub name: String,
    /// How it is paid: `prepaid` (by the month, ahead), `pay_per_use` (after each cycle), `once` (with the order), `pack`
    /// (a resource pack, which other products use up).
    pub sold: Vec<words::Sold>,
    pub components: Vec<ComponentNameView>,
}

/// Every way in which a product is paid.
fn sold(it: &Product) -> Vec<words::Sold> {
    let any = |test: fn(&Component) -> bool| it.components.iter().any(test);
    // What must be bought by the month, as the base of a protection must, is not sold by use alone.
    let months = || it.components.iter().filter(|it| it.meter == Meter::Months);
    let mut used = it.components.iter().filter(|it| it.due != Due::Order);
    let ways = [
        (words::Sold::Prepaid, any(|it| it.meter == Meter::Months)),
        (words::Sold::PayPerUse, used.any(|used| !months().any(|it| goes_with(it, used)))),
        (words::Sold::Once, it.pack.is_none() && any(|it| it.meter == Meter::Once)),
        (words::Sold::Pack, it.pack.is_some()),
    ];
    ways.into_iter().filter(|it| it.1).map(|it| it.0).collect()
}

/// Whether `it` is charged for in every combination of options in which `other` is.
fn goes_with(it: &Component, other: &Component) -> bool {
    let held = |(option, values): &(String, Vec<String>)| {
        let mut same = other.when.iter().filter(|it| it.0 == *option);
        same.any(|it| it.1.iter().all(|value| values.contains(value)))
    };
    it.when.iter().all(held)
}

impl From<&Product> for ProductView {
    fn from(it: &Product) -> ProductView {
        let name = |it: &Component| ComponentNameView { id: it.id.clone(), name: it.name.clone() };
        ProductView {
            id: it.id.clone(),
            name: it.name.clone(),
            sold: sold(it),
            components: it.components.iter().map(name).collect(),
        }
    }
}

/// An option and the values that it must have one of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConditionView {
    pub option: String,
    pub values: Vec<String>,
}

fn condition((option, values): &(String, Vec<String>)) -> ConditionView {
    ConditionView { option: option.clone(), values: values.clone() }
}

fn conditions(all: &Conditions) -> Vec<ConditionView> {
    all.iter().map(condition).collect()
}

/// What may be chosen for one option.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "name": "bandwidth", "kind": "range", "choices": [], "from": 0, "to": 1000, "step": 1, "unit": "Mbps", "default": "0",
    "when": [{"option": "network", "values": ["bandwidth"]}], "changeable": true, "at_least": null
}))]
pub struct OptionView {
    pub name: String,
    /// `region`, `zone`, `choice`, `spec` or `range`.
    pub kind: words::OptionKind,
    /// The values on sale; a zone must be one of the region chosen.
    pub choices: Vec<String>,
    /// For a range: the smallest number.
    #[schema(minimum = 0)]
    pub from: Option<u64>,
    /// For a range: the largest number.
    #[schema(minimum = 0)]
    pub to: Option<u64>,
    #[schema(minimum = 0)]
    pub step: Option<u64>,
    pub unit: Option<String>,
    /// What is taken when it is left out; `null` when it must be given.
    pub default: Option<String>,
    /// Only asked for when all of these hold.
    pub when: Vec<ConditionView>,
    /// Whether it may be changed during the life of a pay-per-use resource.
    pub changeable: bool,
    /// The option that it must not be below, unless it is 0.
    pub at_least: Option<String>,
}

impl OptionView {
    pub(super) fn new(it: &OptionRule, book: &Book) -> OptionView {
        let (kind, choices) = match &it.kind {
            OptionKind::Region => {
                (words::OptionKind::Region, book.regions.iter().map(|it| it.id.clone()).collect())
            }
            OptionKind::Zone => {
                (words::OptionKind::Zone, book.regions.iter().flat_map(|it| it.zones.clone()).collect())
            }
            OptionKind::Choice(values) => (words::OptionKind::Choice, values.clone()),
            OptionKind::Spec(values) => (words::OptionKind::Spec, values.clone()),
            OptionKind::Range { .. } => (words::OptionKind::Range, Vec::new()),
        };
        let range = match it.kind {
            OptionKind::Range { from, to, step, unit } => Some((from, to, step, unit.as_str().to_string())),
            OptionKind::Region | OptionKind::Zone | OptionKind::Choice(_) | OptionKind::Spec(_) => None,
        };
        OptionView {
            name: it.name.clone(),
            kind,
            choices,
            from: range.as_ref().map(|it| it.0),
            to: range.as_ref().map(|it| it.1),
            step: range.as_ref().map(|it| it.2),
            unit: range.map(|it| it.3),
            default: it.default.clone(),
            when: conditions(&it.when),
            changeable: it.resize == Resize::Allowed,
            at_least: it.at_least.clone(),
        }
    }
}

/// The combinations of some options that are on sale; each row follows the columns.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfferView {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Fewest months where conditions hold.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeastView {
    pub when: Vec<ConditionView>,
    #[schema(minimum = 0)]
    pub months: u32,
}

/// How much one account may buy.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LimitsView {
    /// Pieces of one order.
    #[schema(minimum = 0)]
    pub quantity: u32,
    #[schema(minimum = 0)]
    pub prepaid_per_zone_and_month: Option<u32>,
    #[schema(minimum = 0)]
    pub pay_per_use_per_zone: Option<u32>,
    pub least_months: Vec<LeastView>,
    /// Whether pay-per-use asks for a verified account.
    pub verified: bool,
}

/// One thing that is charged for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComponentView {
    pub id: String,
    pub name: String,
    /// Only charged when all of these hold.
    pub when: Vec<ConditionView>,
    /// When it is paid: with the `order`, or after each `hour`, `day` or `month`.
    pub due: words::Due,
    /// How what was used is added up in a cycle; docs/pricebook.md lists the meters.
    pub meter: String,
    /// The readings that it adds up, if it adds up readings.
    pub usage: Option<String>,
    /// The option that says how many units; one without.
    pub quantity: Option<String>,
    pub unit: words::Unit,
    /// Whether a line is for one `resource`, or for all of the `account` with the same spec.
    pub scope: words::LineScope,
    /// The kinds of price that it has.
    pub prices: Vec<String>,
    /// The family of resource packs that may cover it.
    pub pack: Option<String>,
    /// Whether a discount agreed with the customer applies.
    pub contract: bool,
    /// Seconds of its price that are held when it opens.
    #[schema(minimum = 0)]
    pub freeze_seconds: u64,
    /// The states of the resource in which it is charged.
    pub billed_while: Vec<String>,
}

impl From<&Component> for ComponentView {
    fn from(it: &Component) -> ComponentView {
        let mut prices: Vec<String> =
            it.prices.iter().map(|it| it.item.pricing.as_str().to_string()).collect();
        prices.sort();
        prices.dedup();
        let scope = match it.scope {
            Scope::Resource => words::LineScope::Resource,
            Scope::Account => words::LineScope::Account,
        };
        ComponentView {
            id: it.id.clone(),
            name: it.name.clone(),
            when: conditions(&it.when),
            due: it.due.into(),
            meter: it.meter.as_str().to_string(),
            usage: it.meter.usage().map(str::to_string),
            quantity: it.quantity.option.clone(),
            unit: it.quantity.unit.into(),
            scope,
            prices,
            pack: it.pack.clone(),
            contract: it.contract == Contract::Applies,
            freeze_seconds: it.freeze_seconds,
            billed_while: it.billed_while.iter().map(|it| it.as_str().to_string()).collect(),
        }
    }
}

/// What a resource pack covers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PackRuleView {
    /// Components of the same family are covered.
    pub family: String,
    /// The option that holds the exact spec; `null` where sizes are linear.
    pub spec: Option<String>,
    /// The option that holds the size.
    pub size: Option<String>,
    /// The option that holds the hours.
    pub hours: String,
    /// Begins with a `month` that the buyer chooses, or with the `purchase`.
    pub start: words::PackStart,
    /// Shares of the capacity, in percent, at which a notice goes out.
    pub notices_percent: Vec<u32>,
}

impl From<&PackRule> for PackRuleView {
    fn from(it: &PackRule) -> PackRuleView {
        let start = match it.start {
            PackStart::Month => words::PackStart::Month,
            PackStart::Purchase => words::PackStart::Purchase,
        };
        PackRuleView {
            family: it.family.clone(),
            spec: it.spec.clone(),
            size: it.size.clone(),
            hours: it.hours.clone(),
            start,
            notices_percent: it.notices_percent.clone(),
        }
    }
}

/// The elastic IP of the demo book.
fn product_example() -> serde_json::Value {
    let option = |name: &str, kind: &str, choices: &[&str], default: Option<&str>| {
        serde_json::json!({
            "name": name, "kind": kind, "choices": choices, "from": null, "to": null, "step": null, "unit": null,
            "default": default, "when": [], "changeable": kind == "choice", "at_least": null
        })
    };
    let regions = ["guangzhou", "shanghai", "hongkong", "siliconvalley"];
    serde_json::json!({
        "id": "eip", "name": "Elastic IP", "sold": ["pay_per_use"],
        "options": [option("region", "region", &regions, None), option("bound", "choice", &["no", "yes"], Some("no"))],
        "offers": [], "months": [],
        "limits": {"quantity": 20, "prepaid_per_zone_and_month": null, "pay_per_use_per_zone": null, "least_months": [],
            "verified": true},
        "components": [{
            "id": "idle", "name": "Idle elastic IP", "when": [{"option": "bound", "values": ["no"]}], "due": "hour",
            "meter": "held", "usage": null, "quantity": null, "unit": "piece", "scope": "resource", "prices": ["per_unit"],
            "pack": null, "contract": false, "freeze_seconds": 0, "billed_while": ["running"]
        }],
        "pack": null, "book": "boo_0151f8c4680087829228d0e13fdc7a7c", "since": "2015-12-31T16:00:00Z", "currency": "CNY"
    })
}

/// A product with all that can be chosen and is charged for.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!(product_example()))]
pub struct WholeProductView {
    pub id: String,
    pub name: String,
    /// As in `GET /v1/products`.
    pub sold: Vec<words::Sold>,
    /// In the order in which they are asked for.
    pub options: Vec<OptionView>,
    /// The combinations on sale, where not every one is.
    pub offers: Vec<OfferView>,
    /// The numbers of months that are sold ahead.
    pub months: Vec<u32>,
    pub limits: LimitsView,
    pub components: Vec<ComponentView>,
    pub pack: Option<PackRuleView>,
    /// The price book, and since when it holds.
    pub book: String,
    pub since: Moment,
    pub currency: String,
}

impl WholeProductView {
    pub(super) fn new(it: &Product, book: &Book) -> WholeProductView {
        let least = |it: &(Conditions, u32)| LeastView { when: conditions(&it.0), months: it.1 };
        let offer =
            |it: &billing::book::Offer| OfferView { columns: it.columns.clone(), rows: it.rows.clone() };
        WholeProductView {
            id: it.id.clone(),
            name: it.name.clone(),
            sold: sold(it),
            options: it.options.iter().map(|it| OptionView::new(it, book)).collect(),
            offers: it.offers.iter().map(offer).collect(),
            months: it.limits.months.clone(),
            limits: LimitsView {
                quantity: it.limits.quantity,
                prepaid_per_zone_and_month: it.limits.prepaid_per_zone_and_month,
                pay_per_use_per_zone: it.limits.pay_per_use_per_zone,
                least_months: it.limits.least_months.iter().map(least).collect(),
                verified: it.limits.real_name == RealName::Needed,
            },
            components: it.components.iter().map(ComponentView::from).collect(),
            pack: it.pack.as_ref().map(PackRuleView::from),
            book: book.id.to_string(),
            since: wire::time(book.from),
            currency: book.currency.as_str().to_string(),
        }
    }
}

/// A tier or band: what lies above `above` and up to the next, at `amount`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TierView {
    pub above: String,
    pub amount: String,
    /// Taken once when the tier is entered.
    pub flat: String,
}

/// The rate that holds from so many months on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DiscountView {
    #[schema(minimum = 0)]
    pub months: u32,
    pub rate: String,
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
    pub amount: Option<String>,
    /// For a percentage: so many percent of the value of an event.
    pub percent: Option<String>,
    /// For a percentage: the least and the most that an event costs.
    pub least: Option<String>,
    pub most: Option<String>,
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
    pub minimum: Option<String>,
    /// What is started counts whole: so many units.
    pub started: Option<String>,
    /// The discount table for orders of several months.
    pub discount: Option<String>,
    pub discounts: Vec<DiscountView>,
    /// Where the figure comes from.
    pub source: String,
    pub currency: String,
}

fn short(amount: Amount) -> String {
    units::decimal::print_short(amount.e8(), 8, 2)
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
    amount: Option<String>,
    unit: String,
    tier_unit: Option<Unit>,
    tiers: Vec<TierView>,
    up_to: Option<u128>,
    edge: Option<Edge>,
}

fn shape(component: &Component, item: &PriceItem) -> Shape {
    let per = |it| billing::tag::per(component, it, item.per_seconds);
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
        amount: short(amount),
        flat: short(flat),
    };
    match &item.pricing {
        Pricing::PerUnit(price) => one(short(price.amount), per(price.per)),
        Pricing::Package { size, price } => one(short(*price), per(*size)),
        Pricing::Percentage(it) => one(short(it.fixed), "event".to_string()),
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
    pub(super) fn new(component: &Component, row: &PriceRow, book: &Book) -> PriceView {
        let (item, shape) = (&row.item, shape(component, &row.item));
        let share = if let Pricing::Percentage(it) = &item.pricing { Some(it) } else { None };
        let table = item.discount.as_ref().and_then(|it| book.discounts.get(it));
        let rate = |it: &(u32, u64)| DiscountView {
            months: it.0,
            rate: units::decimal::print_short(it.1.into(), 8, 2),
        };
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
            least: share.and_then(|it| it.least).map(short),
            most: share.and_then(|it| it.most).map(short),
            unit: shape.unit,
            tier_unit: shape.tier_unit.map(words::Unit::from),
            tiers: shape.tiers,
            up_to: shape.up_to.map(|it| it.to_string()),
            edge: shape.edge.map(edge),
            free: item.free.to_string(),
            minimum: item.minimum.map(short),
            started: item.started.map(|it| it.to_string()),
            discount: item.discount.clone(),
            discounts: table.map_or_else(Vec::new, |it| it.steps.iter().map(rate).collect()),
            source: item.source.clone(),
            currency: book.currency.as_str().to_string(),
        }
    }
}

/// A place with its zones.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "guangzhou", "name": "Guangzhou", "zones": ["guangzhou-1", "guangzhou-2"]}))]
pub struct RegionView {
    pub id: String,
    pub name: String,
    pub zones: Vec<String>,
}

impl From<&Region> for RegionView {
    fn from(it: &Region) -> RegionView {
        RegionView { id: it.id.clone(), name: it.name.clone(), zones: it.zones.clone() }
    }
}
