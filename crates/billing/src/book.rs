//! The price book as the till sees it: products, their options, and what each component charges.
//!
//! In:  what `pricebook` read from files. Out: values that `plan` resolves and `price` applies.
//! Invariant: a book is never edited. What changes is a later book, with the instant it holds from.
//! Rules: R-PRC-*, R-ORD-8, R-ORD-9, R-TIM-3.

use crate::conversion::rule::ConversionRule;
use crate::look::{Group, Label, OptionLook, ProductLook, RegionLook};
pub use crate::meter::{AttackMode, Meter};
use crate::price::PriceItem;
use crate::refund::rule::RefundRule;
use crate::resource::states::State;
use crate::switch::rule::SwitchRule;
use std::collections::BTreeMap;
use units::{BookId, Currency, CycleKind, Timestamp, Unit};

/// One dated version of all prices.
#[derive(Clone, Debug, PartialEq)]
pub struct Book {
    pub id: BookId,
    pub name: String,
    pub currency: Currency,
    /// The settlement zone, as `Calendar::in_zone` reads it.
    pub zone: String,
    /// Holds from here until the next version. Source: R-PRC-6.
    pub from: Timestamp,
    /// What becomes of what rounding leaves, where a product does not say otherwise. Source: R-MON-9.
    pub rounding: Rounding,
    /// The groups in which products stand.
    pub groups: Vec<Group>,
    pub regions: Vec<Region>,
    pub discounts: BTreeMap<String, DiscountTable>,
    pub products: Vec<Product>,
}

/// A place with its zones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    pub id: String,
    pub name: String,
    pub zones: Vec<String>,
    pub look: RegionLook,
}

/// Months and the rate (in 1e-8) that holds from them on. Source: R-PRC-4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiscountTable {
    pub steps: Vec<(u32, u64)>,
    /// Where the rates come from, or `demo`.
    pub source: String,
}

impl DiscountTable {
    /// The rate for `months`, matched down; full price below the first step.
    pub fn rate_e8(&self, months: u32) -> u64 {
        let reached = self.steps.partition_point(|it| it.0 <= months);
        reached.checked_sub(1).map_or(crate::price::FULL_RATE_E8, |at| self.steps[at].1)
    }
}

/// Something on sale.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    pub id: String,
    pub name: String,
    pub options: Vec<OptionRule>,
    /// The combinations on sale, where not every one is.
    pub offers: Vec<Offer>,
    /// Usage meters that its resources may report although nothing charges them.
    pub readings: Vec<String>,
    pub components: Vec<Component>,
    pub limits: Limits,
    pub metering_ends: MeteringEnd,
    /// Shortest and longest time that the simulated cloud takes to deliver, in seconds.
    pub delivery_seconds: (u64, u64),
    pub arrears: Option<ArrearsPolicy>,
    /// Days after the deadline at whose 00:00 an expired resource is released. Source: R-EXP-1, R-EXP-3.
    pub release_days: i64,
    /// What else becomes of what is prepaid behind its deadline. Source: R-EXP-3, R-EXP-4.
    pub expiry: Expiry,
    /// Seconds that a pay-per-use resource stays in the recycle bin after its owner destroys it.
    pub recycle_seconds: u64,
    pub pack: Option<PackRule>,
    /// Whether stopping its service releases it. Source: R-QCS-4.
    pub with_service: OnServiceStop,
    /// `None`: as its book says. Source: R-MON-9.
    pub rounding: Option<Rounding>,
    pub sale: Sale,
    /// What goes back of it; `None` where nothing does. Source: R-REF-1 to R-REF-6, R-PKG-14.
    pub refund: Option<RefundRule>,
    /// How what is paid by use becomes prepaid; `None` where it does not. Source: R-CNV-1.
    pub conversion: Option<ConversionRule>,
    /// How a mode of what is prepaid is switched; `None` where none is. Source: R-NET-4 to R-NET-6.
    pub switch: Option<SwitchRule>,
    /// Options that may be raised for some days of what is prepaid. Source: R-NET-3.
    pub raised_for_days: Vec<String>,
    pub look: ProductLook,
}

/// What becomes of what rounding leaves of a bill that is paid after use. Source: R-MON-4, R-MON-9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Over a month too much is given back and too little is waived.
    Waive,
    /// The next bill of the product takes it.
    Carry,
}

/// Whether something can be had anew. What is retired keeps its price for those who have it. Source: R-CAT-1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sale {
    #[default]
    Open,
    Retired,
}

/// Combinations of some options; each row follows `columns`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// What stopping a service does to the resources of a product that belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnServiceStop {
    Stays,
    Released,
}

/// Which instant of a release ends metering. Source: R-TIM-3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeteringEnd {
    Requested,
    Completed,
}

/// What may be chosen for one option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionRule {
    pub name: String,
    pub kind: OptionKind,
    pub default: Option<String>,
    /// Only asked for when these hold.
    pub when: Conditions,
    /// Whether it may be changed while the resource lives.
    pub resize: Resize,
    /// The option that it must not be below, unless it is 0. Source: R-ORD-9.
    pub at_least: Option<String>,
    pub look: OptionLook,
}

/// Whether an option may change during the life of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resize {
    Allowed,
    /// Its number only becomes larger. Source: R-CHG-5.
    Raised,
    Fixed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionKind {
    Region,
    Zone,
    Choice(Vec<String>),
    /// A container spec such as `1U1G,1P4`; written in several ways, kept in one. Source: R-QCS-5.
    Spec(Vec<String>),
    Range {
        from: u64,
        to: u64,
        step: u64,
        unit: Unit,
    },
}

/// Options and the values that each may have; all must hold.
pub type Conditions = Vec<(String, Vec<String>)>;

/// One thing that is charged for.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    pub id: String,
    pub name: String,
    pub when: Conditions,
    pub due: Due,
    pub meter: Meter,
    pub quantity: QuantityRule,
    pub scope: Scope,
    /// The option that names the aggregate of an account-wide sum.
    pub spec: Option<String>,
    /// The family of packs that may cover it, which also names what a spec of theirs is.
    pub pack: Option<String>,
    /// Whether a discount agreed with the customer applies. Source: R-PRC-5.
    pub contract: Contract,
    /// Whether the discount for months applies to a change of what is prepaid.
    pub change_discount: ChangeDiscount,
    /// The opening freeze, in seconds of its price. Source: R-FRZ-1.
    pub freeze_seconds: u64,
    /// The states of the resource in which it is charged.
    pub billed_while: Vec<State>,
    /// So many seconds from the begin of a life on are charged whatever becomes of it; 0 where it says nothing of that.
    /// Source: R-PRC-23.
    pub least_seconds: u64,
    /// So many seconds of a calendar month are charged at most; `None` where it goes on. Source: R-PRC-24.
    pub month_seconds: Option<u64>,
    /// What of it costs an account nothing. Source: R-PRC-25.
    pub free_tier: Option<FreeTier>,
    pub sale: Sale,
    pub label: Label,
    pub prices: Vec<PriceRow>,
}

/// So much of a calendar month costs an account nothing, of all that names it together. Source: R-PRC-25.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeTier {
    pub name: String,
    /// In the unit that is counted.
    pub units: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contract {
    Applies,
    ListPrice,
}

/// Whether a change of what is prepaid has the discount of the months that are left. Source: R-CHG-1, R-CHG-5, section 20 (R-NET-3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChangeDiscount {
    #[default]
    Months,
    /// Only where another component is changed with it.
    WithOthers,
    Never,
}

/// When a component is paid: with the order, or after each cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Order,
    Cycle(CycleKind),
}

/// What one bill line adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Resource,
    /// All resources of the account in one region with the same spec. Source: R-QCS-3.
    Account,
}

/// How many units a resource has of a component: a fixed number or an option, less what is free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuantityRule {
    pub option: Option<String>,
    pub fixed: u128,
    pub less: u128,
    pub unit: Unit,
}

/// A price and the option values that it is for; an option that is not named may have any value.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceRow {
    pub keys: Conditions,
    pub sale: Sale,
    pub item: PriceItem,
}

/// Bounds of a purchase. Source: R-ORD-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    pub quantity: u32,
    pub months: Vec<u32>,
    pub prepaid_per_zone_and_month: Option<u32>,
    pub pay_per_use_per_zone: Option<u32>,
    /// Fewest months where these hold.
    pub least_months: Vec<(Conditions, u32)>,
    pub real_name: RealName,
}

/// Whether pay-per-use of a product asks for a verified account. Source: R-ORD-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RealName {
    Needed,
    NotNeeded,
}

/// What arrears do to a resource, and when. Source: R-ARR-1, R-ARR-5, R-ARR-6, R-ARR-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArrearsPolicy {
    pub grace_seconds: u64,
    pub action: ArrearsAction,
    /// From the stop to the end of the resource. `None`: it lives to its deadline.
    pub reclaim_seconds: Option<u64>,
}

/// What becomes of what is prepaid behind its deadline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expiry {
    /// It goes on for so long before it is cut off. Source: R-EXP-3.
    pub runs_on_seconds: u64,
    /// `None`: it is kept until `release_days` of its product are over.
    pub keeping: Option<Keeping>,
}

/// How long what was cut off is kept, to the second. Source: R-EXP-4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// Where it is, with less of its service.
    pub kept_seconds: u64,
    /// Then in the bin.
    pub bin_seconds: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrearsAction {
    /// Shut down, data kept.
    Stop,
    /// Keeps running without its pay-per-use parts.
    Limit,
    /// Gone, as when its service is stopped.
    Release,
}

/// This product is a pack: what it covers and how long. Source: R-PKG-1, R-PKG-2, R-PKG-9.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackRule {
    pub family: String,
    /// The option that holds the exact spec; `None` where sizes are linear.
    pub spec: Option<String>,
    /// The option that holds the size; 1 without.
    pub size: Option<String>,
    /// The option that holds the hours.
    pub hours: String,
    pub start: PackStart,
    pub ended: EndedPack,
    /// Shares of the capacity, in percent, at which a notice goes out. Source: R-PKG-15.
    pub notices_percent: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackStart {
    /// 1st 00:00:00 of a month that the buyer chooses.
    Month,
    /// The instant of payment.
    Purchase,
}

/// What happens to the purchase of a pack whose period is already over. Source: R-PKG-5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedPack {
    Refused,
    Sold,
}

impl Due {
    /// When it is paid, as price books write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Due::Order => "order",
            Due::Cycle(kind) => kind.as_str(),
        }
    }
}

impl Book {
    pub fn product(&self, id: &str) -> Option<&Product> {
        self.products.iter().find(|it| it.id == id)
    }
}

impl Component {
    /// The unit that is counted: what is held for a time is, where its meter adds that up.
    pub fn counted(&self) -> Unit {
        self.meter.form().unit.of(self.quantity.unit)
    }
}

impl Product {
    pub fn option(&self, name: &str) -> Option<&OptionRule> {
        self.options.iter().find(|it| it.name == name)
    }

    /// Whether its resources may report `usage`.
    pub fn reads(&self, usage: &str) -> bool {
        self.readings.iter().any(|it| it == usage)
            || self.components.iter().any(|it| it.meter.usage() == Some(usage))
    }

    /// Whether a part of it is charged on while it is stopped without charge, such as the disks of a server.
    pub fn is_stopped_free(&self) -> bool {
        self.components.iter().any(|it| it.billed_while.contains(&State::StoppedFree))
    }

    /// Whether it is charged for less while it is stopped; what is charged alike, such as a disk, is not stopped to save anything.
    pub fn is_stopped_for_less(&self) -> bool {
        let is_less = |it: &Component| {
            it.billed_while.contains(&State::Running) && !it.billed_while.contains(&State::Stopped)
        };
        self.is_stopped_free() || self.components.iter().any(is_less)
    }

    /// The cycles in which it settles after use, in order.
    pub fn cycles(&self) -> Vec<CycleKind> {
        let has = |kind: &CycleKind| self.components.iter().any(|it| it.due == Due::Cycle(*kind));
        CycleKind::ALL.into_iter().filter(has).collect()
    }
}
