//! What the API shows of products and prices.
//!
//! In:  a price book. Out: the public contract.
//! Invariant: words are those of the price files; amounts and quantities are text.

mod condition;
mod look;
mod price;

use crate::tariff::FreeTierView;
use billing::book::{
    Book, Component, Conditions, Contract, Due, Meter, OptionKind, OptionRule, PackRule, PackStart, Product,
    RealName, Region, Resize, Scope,
};
use billing::control::Control;
use condition::{ConditionView, conditions};
use look::{AttributeView, GroupView, ValueView, ZoneView, help, zones};
use serde::Serialize;
use utoipa::ToSchema;
use web::texts::TextView;
use web::wire::{self, Moment};
use web::words;

pub use price::PriceView;

/// A component that a product charges for, by its name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComponentNameView {
    pub id: String,
    pub name: String,
    pub label: TextView,
}

/// Something on sale.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "server", "name": "Cloud server", "label": {"en": "Cloud server", "zh": "云服务器"},
    "help": {"en": "Ready one to five minutes after it is paid.", "zh": "付款后 1–5 分钟可用。"},
    "group": {"id": "compute", "label": {"en": "Compute", "zh": "计算"}, "help": null}, "order": 10, "sold": ["prepaid", "pay_per_use"],
    "components": [{"id": "hardware", "name": "CPU and memory", "label": {"en": "CPU and memory", "zh": "CPU 和内存"}}]
}))]
pub struct ProductView {
    pub id: String,
    /// As bills print it.
    pub name: String,
    pub label: TextView,
    pub help: Option<TextView>,
    /// What it stands with.
    pub group: Option<GroupView>,
    /// Within its group less comes first; those that have the same stand as listed.
    pub order: i64,
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

/// The group of a product in its book.
fn group(it: &Product, book: &Book) -> Option<GroupView> {
    let id = it.look.group.as_ref()?;
    book.groups.iter().find(|it| it.id == *id).map(GroupView::from)
}

impl ProductView {
    pub(super) fn new(it: &Product, book: &Book) -> ProductView {
        let name = |it: &Component| ComponentNameView {
            id: it.id.clone(),
            name: it.name.clone(),
            label: it.label.or(&it.name).into(),
        };
        ProductView {
            id: it.id.clone(),
            name: it.name.clone(),
            label: it.look.label.or(&it.name).into(),
            help: help(&it.look.label),
            group: group(it, book),
            order: it.look.order,
            sold: sold(it),
            components: it.components.iter().map(name).collect(),
        }
    }
}

/// What may be chosen for one option.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "name": "bandwidth", "kind": "range", "choices": [], "from": 0, "to": 1000, "step": 1, "unit": "Mbps", "default": "0",
    "when": [{"option": "network", "values": ["bandwidth"]}], "changeable": true, "at_least": null,
    "label": {"en": "Bandwidth", "zh": "带宽"}, "help": null, "group": "network", "order": 0, "control": "number", "measure": null,
    "stops": [1, 2, 5, 10, 100], "recommended": null, "values": [], "attributes": []
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
    /// Whether it may be changed during the life of a resource, if only as a switch of what is prepaid.
    pub changeable: bool,
    /// The option that it must not be below, unless it is 0.
    pub at_least: Option<String>,
    pub label: TextView,
    pub help: Option<TextView>,
    /// One of `option_groups` of the product.
    pub group: Option<String>,
    /// Within its group less comes first; those that have the same stand as they are asked.
    pub order: i64,
    /// What it is chosen with; follows from what there is to choose.
    pub control: words::Control,
    /// What a value that is a number counts, where `unit` does not say it.
    pub measure: Option<TextView>,
    /// For a range: the numbers that are offered at hand. Any other may be written.
    pub stops: Vec<u64>,
    /// What most take. It is not taken where nothing is said.
    pub recommended: Option<String>,
    /// `choices` with their names and what tells them apart.
    pub values: Vec<ValueView>,
    pub attributes: Vec<AttributeView>,
}

impl OptionView {
    pub(super) fn new(it: &OptionRule, product: &Product, book: &Book) -> OptionView {
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
            values: choices.iter().map(|value| ValueView::new(book, it, value)).collect(),
            choices,
            from: range.as_ref().map(|it| it.0),
            to: range.as_ref().map(|it| it.1),
            step: range.as_ref().map(|it| it.2),
            unit: range.map(|it| it.3),
            default: it.default.clone(),
            when: conditions(&it.when),
            changeable: it.resize != Resize::Fixed
                || product.switch.as_ref().is_some_and(|of| of.option == it.name),
            at_least: it.at_least.clone(),
            label: it.look.label.or(&it.name).into(),
            help: help(&it.look.label),
            group: it.look.group.clone(),
            order: it.look.order,
            control: Control::of(it).into(),
            measure: it.look.measure.as_ref().map(TextView::from),
            stops: it.look.stops.clone(),
            recommended: it.look.recommended.clone(),
            attributes: it.look.attributes.iter().map(AttributeView::from).collect(),
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
    /// As bills print it.
    pub name: String,
    pub label: TextView,
    pub help: Option<TextView>,
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
    /// So many seconds from the begin of a life on are charged whatever becomes of it; 0 where time counts as it is.
    #[schema(minimum = 0)]
    pub least_seconds: u64,
    /// So many seconds of a calendar month are charged at most; `null` where it goes on.
    #[schema(minimum = 0)]
    pub month_seconds: Option<u64>,
    /// What costs an account nothing of a calendar month; `null` where all is paid.
    pub free_tier: Option<FreeTierView>,
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
            label: it.label.or(&it.name).into(),
            help: help(&it.label),
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
            least_seconds: it.least_seconds,
            month_seconds: it.month_seconds,
            free_tier: FreeTierView::of(it),
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

/// The elastic IP of the demo book, as the till answers it.
fn product_example() -> serde_json::Value {
    let text = include_str!("view/product.json");
    serde_json::from_str(text).expect("invariant: the example is JSON; a test reads it")
}

/// A product with all that can be chosen and is charged for.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!(product_example()))]
pub struct WholeProductView {
    pub id: String,
    /// As bills print it.
    pub name: String,
    pub label: TextView,
    pub help: Option<TextView>,
    /// What it stands with.
    pub group: Option<GroupView>,
    pub order: i64,
    /// As in `GET /v1/products`.
    pub sold: Vec<words::Sold>,
    /// In which options stand together.
    pub option_groups: Vec<GroupView>,
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
            label: it.look.label.or(&it.name).into(),
            help: help(&it.look.label),
            group: group(it, book),
            order: it.look.order,
            sold: sold(it),
            option_groups: it.look.groups.iter().map(GroupView::from).collect(),
            options: it.options.iter().map(|option| OptionView::new(option, it, book)).collect(),
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

/// A place with its zones.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "guangzhou", "name": "Guangzhou", "label": {"en": "Guangzhou", "zh": "广州"}, "help": null,
    "zones": ["guangzhou-1", "guangzhou-2"], "named_zones": [
        {"id": "guangzhou-1", "label": {"en": "Guangzhou 1", "zh": "广州一区"}},
        {"id": "guangzhou-2", "label": {"en": "Guangzhou 2", "zh": "广州二区"}}
    ]
}))]
pub struct RegionView {
    pub id: String,
    pub name: String,
    pub label: TextView,
    pub help: Option<TextView>,
    pub zones: Vec<String>,
    /// The same zones with their names.
    pub named_zones: Vec<ZoneView>,
}

impl From<&Region> for RegionView {
    fn from(it: &Region) -> RegionView {
        RegionView {
            id: it.id.clone(),
            name: it.name.clone(),
            label: it.look.label.or(&it.name).into(),
            help: help(&it.look.label),
            zones: it.zones.clone(),
            named_zones: zones(it),
        }
    }
}
