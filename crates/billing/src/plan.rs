//! A plan: which components a choice of options has, how much of each, and which price applies.
//!
//! In:  a book, a product, canonical options. Out: components with quantity and price resolved, so
//! that nothing on the way of a million resources looks anything up by name.
//! Invariant: resolving reads only the book; the same options in the same book give the same plan.

use crate::book::{
    Book, Component, Due, FreeTier, Meter, PriceRow, Product, QuantityRule, Rounding, Sale, Scope,
};
use crate::books::Series;
use crate::meter::HeldBy;
use crate::options::Options;
use crate::price::PriceItem;
use crate::resource::states::States;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use units::{Calendar, Currency, CycleKind, Measured, Timestamp};

/// Why options have no plan in a book.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("no price book of {0} holds at {1}")]
    NoBook(Currency, Timestamp),
    #[error("no price book holds at {0}")]
    NoBooks(Timestamp),
    #[error("the price book has no product `{0}`")]
    UnknownProduct(String),
    #[error("`{component}` of {product} has no price for {options}")]
    NoPrice { product: String, component: String, options: String },
    #[error("the options `{0}` cannot be read")]
    Unreadable(String),
    #[error("`{component}` of {product} counts option `{option}`, which is not a number")]
    NotANumber { product: String, component: String, option: String },
}

/// One component of a plan: indexes into the product, and how many units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub component: usize,
    pub price: usize,
    pub quantity: u128,
    /// The spec that account-wide sums and packs go by.
    pub spec: String,
    /// What the component says of them, kept here because settlement asks of every part whether it is wanted.
    pub due: Due,
    pub scope: Scope,
    pub billed_while: States,
    /// So many seconds from the begin of a life on are charged in every state, also behind its end; mostly none.
    /// Source: R-PRC-23.
    pub least_seconds: u64,
    /// So many seconds of a calendar month are charged at most, by the month clock of the resource. Source: R-PRC-24.
    pub month_seconds: Option<u64>,
    /// What of it costs an account nothing. Source: R-PRC-25.
    pub free_tier: Option<FreeTier>,
    pub reads: Reads,
}

impl Part {
    /// Whether a run over cycles of `kind` adds it up by `scope`.
    #[inline]
    pub fn settles(&self, kind: CycleKind, scope: Scope) -> bool {
        self.due == Due::Cycle(kind) && self.scope == scope
    }
}

/// What a part is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    Segments,
    Samples,
}

/// Options resolved against one book.
#[derive(Clone, Debug)]
pub struct Plan {
    pub book: Arc<Book>,
    product: usize,
    pub options: Options,
    pub parts: Vec<Part>,
    region: String,
    /// The states in which the tier clock runs. Source: R-PRC-3.
    pub clock_runs: States,
    /// The states in which the month clock runs: none where no price stops within a month. Source: R-PRC-24.
    pub month_runs: States,
    /// The longest of its parts' first seconds that count whole. Source: R-PRC-23.
    pub least_seconds: u64,
    /// The kinds of cycle, one bit each, in which a part adds to a sum over the account.
    summed_in: u8,
}

impl Plan {
    /// Errors: `UnknownProduct`, `NoPrice`, `NotANumber`.
    pub fn resolve(book: &Arc<Book>, product: &str, options: &Options) -> Result<Plan, PlanError> {
        let at = book.products.iter().position(|it| it.id == product);
        let at = at.ok_or_else(|| PlanError::UnknownProduct(product.chars().take(60).collect()))?;
        let mut parts = Vec::new();
        for (index, component) in book.products[at].components.iter().enumerate() {
            if let Some(part) = part(&book.products[at], index, component, options)? {
                parts.push(part);
            }
        }
        let clocks =
            parts.iter().filter(|it| book.products[at].components[it.component].meter == Meter::Clock);
        let clock_runs = clocks.fold(States::default(), |states, it| states.or(it.billed_while));
        let stops = parts.iter().filter(|it| it.month_seconds.is_some());
        let month_runs = stops.fold(States::default(), |states, it| states.or(it.billed_while));
        let region = options.get("region").unwrap_or("").to_string();
        let summed_in = CycleKind::ALL
            .into_iter()
            .filter(|kind| parts.iter().any(|it| it.settles(*kind, Scope::Account)))
            .fold(0, |bits, kind| bits | 1 << kind as u8);
        let least_seconds = parts.iter().map(|it| it.least_seconds).max().unwrap_or(0);
        let (book, options) = (book.clone(), options.clone());
        Ok(Plan {
            book,
            product: at,
            options,
            parts,
            region,
            clock_runs,
            month_runs,
            least_seconds,
            summed_in,
        })
    }

    /// Whether any part adds to a sum over the account in cycles of `kind`.
    #[inline]
    pub const fn sums_up(&self, kind: CycleKind) -> bool {
        self.summed_in >> kind as u8 & 1 == 1
    }

    #[inline]
    pub fn product(&self) -> &Product {
        &self.book.products[self.product]
    }

    /// What of it is not sold any more, in words; `None` where all can be had anew. Source: R-CAT-1.
    pub fn retired(&self) -> Option<String> {
        if self.product().sale == Sale::Retired {
            return Some(format!("product `{}`", self.product().id));
        }
        self.parts.iter().find_map(|part| self.retired_part(part))
    }

    /// The same of one part.
    pub fn retired_part(&self, part: &Part) -> Option<String> {
        let component = self.component(part);
        let row = &component.prices[part.price];
        match (component.sale, row.sale) {
            (Sale::Retired, _) => Some(format!("`{}` of {}", component.id, self.product().id)),
            (Sale::Open, Sale::Retired) => Some(format!("`{}`", row.item.key)),
            (Sale::Open, Sale::Open) => None,
        }
    }

    /// Whether nothing of `part` can cost anything as it was chosen, whatever is measured: its cap is not above its base.
    ///
    /// Errors: `NotANumber`. Source: R-DDS-9.
    pub fn is_off(&self, part: &Part) -> Result<bool, PlanError> {
        let component = self.component(part);
        match &component.meter {
            Meter::Attack { base, cap, .. } => {
                Ok(self.number(component, cap)? <= self.number(component, base)?)
            }
            Meter::Months
            | Meter::Once
            | Meter::Held
            | Meter::HeldSum
            | Meter::HeldHighest
            | Meter::HeldMean
            | Meter::Clock
            | Meter::Sum { .. }
            | Meter::Events { .. }
            | Meter::PeakAbove { .. }
            | Meter::VolumeAbove { .. }
            | Meter::Percentile { .. }
            | Meter::TopMean { .. }
            | Meter::DayPeaks { .. } => Ok(false),
        }
    }

    /// The first component of `before` that has no price in this plan any more. One whose quantity comes to nothing,
    /// since more of it is free, is still there. Source: R-CAT-1.
    pub fn lacks<'a>(&self, before: &'a Plan) -> Option<&'a str> {
        before.parts.iter().map(|it| before.component(it).id.as_str()).find(|it| !self.has(it))
    }

    /// The same of what is paid after use.
    pub fn lacks_after_use<'a>(&self, before: &'a Plan) -> Option<&'a str> {
        let after_use = before.parts.iter().filter(|it| it.due != Due::Order);
        after_use.map(|it| before.component(it).id.as_str()).find(|it| !self.has(it))
    }

    /// Whether a component is charged for such options, however many units of it are free.
    fn has(&self, component: &str) -> bool {
        let here = self.product().components.iter().find(|it| it.id == component);
        here.is_some_and(|it| self.options.hold(&it.when))
    }

    /// Whether anything that is paid after use is measured by readings.
    pub fn reads_samples(&self) -> bool {
        self.parts.iter().any(|it| it.due != Due::Order && it.reads == Reads::Samples)
    }

    #[inline]
    pub fn component(&self, part: &Part) -> &Component {
        &self.product().components[part.component]
    }

    #[inline]
    pub fn item(&self, part: &Part) -> &PriceItem {
        &self.component(part).prices[part.price].item
    }

    /// What `part` measures when it is held for `seconds` of a window of so many. Freezes and aggregation both use it.
    #[inline(always)]
    pub fn held(&self, part: &Part, seconds: u64, window: u64) -> Measured {
        let component = self.component(part);
        let unit = component.quantity.unit;
        match component.meter.held_by() {
            Some(HeldBy::Sum | HeldBy::Clock) => {
                Measured::of(part.quantity * u128::from(seconds), unit.seconds())
            }
            Some(HeldBy::Mean) => Measured::of(part.quantity * u128::from(seconds), unit).mean(window),
            Some(HeldBy::Rate | HeldBy::Highest) | None => {
                Measured::of(part.quantity, unit).part(seconds, self.item(part).per_seconds)
            }
        }
    }

    pub fn region(&self) -> &str {
        &self.region
    }

    /// The number that `option` of `component` holds; 0 without it. Errors: `NotANumber`.
    pub fn number(&self, component: &Component, option: &str) -> Result<u64, PlanError> {
        match self.options.get(option) {
            None => Ok(0),
            Some(text) => text.parse().map_err(|_| not_a_number(self.product(), component, option)),
        }
    }

    /// Whether lines of both may stand under one version of prices: a new book that leaves a price alone starts no new one. What
    /// charges the same though it is written otherwise is `alike`. Source: R-PRC-6.
    pub fn same_prices(&self, other: &Plan) -> bool {
        self.parts == other.parts
            && self.product().components.len() == other.product().components.len()
            && self.parts.iter().zip(&other.parts).all(|(one, two)| {
                let (mine, theirs) = (self.component(one), other.component(two));
                self.item(one) == other.item(two)
                    && (&mine.id, &mine.due, &mine.meter, mine.scope, &mine.billed_while)
                        == (&theirs.id, &theirs.due, &theirs.meter, theirs.scope, &theirs.billed_while)
            })
    }
}

fn part(
    product: &Product,
    index: usize,
    component: &Component,
    options: &Options,
) -> Result<Option<Part>, PlanError> {
    if !options.hold(&component.when) {
        return Ok(None);
    }
    let quantity = quantity(product, component, options)?;
    if quantity == 0 {
        return Ok(None);
    }
    let Some(price) = component.prices.iter().position(|row| matches(row, options)) else {
        let (product, component, options) = (product.id.clone(), component.id.clone(), options.to_string());
        return Err(PlanError::NoPrice { product, component, options });
    };
    let spec = component.spec.as_deref().and_then(|it| options.get(it)).unwrap_or("").to_string();
    let reads = if component.meter.usage().is_some() { Reads::Samples } else { Reads::Segments };
    let billed_while = States::of(&component.billed_while);
    Ok(Some(Part {
        component: index,
        price,
        quantity,
        spec,
        due: component.due,
        scope: component.scope,
        billed_while,
        least_seconds: component.least_seconds,
        month_seconds: component.month_seconds,
        free_tier: component.free_tier.clone(),
        reads,
    }))
}

/// Whether a price row is for these options.
pub fn matches(row: &PriceRow, options: &Options) -> bool {
    options.hold(&row.keys)
}

fn quantity(product: &Product, component: &Component, options: &Options) -> Result<u128, PlanError> {
    let QuantityRule { option, fixed, less, .. } = &component.quantity;
    let Some(option) = option else { return Ok(fixed.saturating_sub(*less)) };
    let number = options.get(option).and_then(|it| it.parse::<u128>().ok());
    let number = number.ok_or_else(|| not_a_number(product, component, option))?;
    Ok(number.saturating_sub(*less))
}

fn not_a_number(product: &Product, component: &Component, option: &str) -> PlanError {
    let (product, component, option) = (product.id.clone(), component.id.clone(), option.to_string());
    PlanError::NotANumber { product, component, option }
}

/// A configuration and its plan in every book version that a run meets.
#[derive(Clone, Debug)]
pub struct Config {
    pub product: String,
    pub options: Options,
    /// From when, and the plan, or why there is none. Neighbours charge differently.
    pub versions: Vec<(i64, Result<Plan, PlanError>)>,
    /// Whether a price of any of them stops within a month. Source: R-PRC-24.
    pub stops_in_month: bool,
}

impl Config {
    /// The version that holds at `second`.
    #[inline]
    pub fn version(&self, second: i64) -> usize {
        // Most have one plan for the whole cycle.
        if self.versions.len() < 2 {
            return 0;
        }
        self.versions.partition_point(|it| it.0 <= second).saturating_sub(1)
    }

    /// Errors: why there is no plan in that version.
    #[inline(always)]
    pub fn plan(&self, version: usize) -> Result<&Plan, PlanError> {
        match self.versions.get(version) {
            Some((_, Ok(plan))) => Ok(plan),
            _ => Err(self.no_plan(version)),
        }
    }

    /// Whether anything of it names a free tier in any version.
    fn names_free_tier(&self) -> bool {
        let mut plans = self.versions.iter().filter_map(|it| it.1.as_ref().ok());
        plans.any(|it| it.parts.iter().any(|part| part.free_tier.is_some()))
    }

    /// Kept apart, so that the way to a plan stays short enough to be inlined.
    #[cold]
    fn no_plan(&self, version: usize) -> PlanError {
        match self.versions.get(version) {
            Some((_, Err(error))) => error.clone(),
            _ => PlanError::UnknownProduct(self.product.clone()),
        }
    }
}

/// Where a configuration stands in `Configs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConfigRef(pub u32);

/// Every configuration that a run meets, resolved once.
#[derive(Clone, Debug, Default)]
pub struct Configs {
    list: Vec<Config>,
    index: HashMap<String, ConfigRef>,
    /// What each product says of rounding, from when on, by its id in the books of a currency.
    roundings: BTreeMap<Currency, HashMap<String, Vec<(i64, Rounding)>>>,
    /// That of the books' zone, for prices that stop within a month. Source: R-PRC-24.
    calendar: Option<Calendar>,
    /// Whether anything names a free tier. Source: R-PRC-25.
    frees: bool,
}

impl Configs {
    #[inline]
    pub fn get(&self, at: ConfigRef) -> &Config {
        &self.list[at.0 as usize]
    }

    /// Resolves `options` of `product` in all books of a currency, the first time it is asked for.
    pub fn intern(&mut self, books: &Series, product: &str, options: &str) -> ConfigRef {
        let text = format!("{}{product} {options}", books.mark());
        if let Some(at) = self.index.get(&text) {
            return *at;
        }
        assert!(self.list.len() < u32::MAX as usize, "a run has fewer configurations than 32 bits count");
        let at = ConfigRef(self.list.len() as u32);
        self.list.push(match Options::parse(options) {
            Some(options) => config(books, product, options),
            None => unreadable(product, options),
        });
        self.index.insert(text, at);
        self.frees = self.frees || self.get(at).names_free_tier();
        if self.calendar.is_none() {
            self.calendar = books.all().first().and_then(|it| Calendar::in_zone(&it.zone).ok());
        }
        if let Some(currency) = books.currency() {
            let known = self.roundings.entry(currency).or_default();
            if !known.contains_key(product) {
                known.insert(product.to_string(), roundings(books, product));
            }
        }
        at
    }

    /// The calendar month of `second` in the zone of the books, `[from, to)`; all of time without a book, and beyond the end of
    /// the calendar.
    pub fn month(&self, second: i64) -> (i64, i64) {
        let at = Timestamp::from_second(second).ok();
        let month = self.calendar.as_ref().zip(at).and_then(|it| it.0.cycle(CycleKind::Month, it.1).ok());
        month.map_or((i64::MIN, i64::MAX), |it| (it.from.as_second(), it.to.as_second()))
    }

    /// The same as if the prices that hold at `second` held on for ever.
    pub fn held_at(&self, second: i64) -> Cow<'_, Configs> {
        let changes = |it: &Config| it.versions.iter().skip(1).any(|it| it.0 > second);
        if !self.list.iter().any(changes) {
            return Cow::Borrowed(self);
        }
        let mut held = self.clone();
        // The first version holds from the begin of time on.
        held.list.iter_mut().for_each(|it| it.versions.retain(|it| it.0 <= second));
        Cow::Owned(held)
    }

    /// Whether anything names a free tier. Source: R-PRC-25.
    pub const fn any_free_tier(&self) -> bool {
        self.frees
    }

    /// Whether what rounding leaves is carried on by any product.
    pub fn any_carries(&self) -> bool {
        self.roundings.values().flat_map(HashMap::values).flatten().any(|it| it.1 == Rounding::Carry)
    }

    /// What becomes at `second` of what rounding leaves of bills of `product` in a currency. Source: R-MON-9.
    pub fn rounding(&self, currency: Currency, product: &str, second: i64) -> Rounding {
        let known = self.roundings.get(&currency).and_then(|it| it.get(product));
        let versions = known.map_or(&[][..], Vec::as_slice);
        let held = versions.partition_point(|it| it.0 <= second).checked_sub(1);
        held.map_or(Rounding::Waive, |at| versions[at].1)
    }
}

/// What the books say of rounding for `product`, one after another.
fn roundings(books: &Series, product: &str) -> Vec<(i64, Rounding)> {
    let of = |book: &Arc<Book>| {
        let own = book.product(product)?.rounding;
        Some((book.from.as_second(), own.unwrap_or(book.rounding)))
    };
    books.all().iter().filter_map(of).collect()
}

/// Options that nobody can read have no plan: their account is set aside, not left uncharged.
fn unreadable(product: &str, options: &str) -> Config {
    let error = PlanError::Unreadable(format!("{product} {options}"));
    Config {
        product: product.to_string(),
        options: Options::default(),
        versions: vec![(i64::MIN, Err(error))],
        stops_in_month: false,
    }
}

fn config(books: &Series, product: &str, options: Options) -> Config {
    let mut versions: Vec<(i64, Result<Plan, PlanError>)> = Vec::new();
    for (at, holding) in books.timeline() {
        let Some(plan) = plan_of(&holding, product, &options) else { continue };
        let same = match (versions.last(), &plan) {
            (Some((_, Ok(before))), Ok(now)) => before.same_prices(now),
            _ => false,
        };
        if !same {
            let from = if versions.is_empty() { i64::MIN } else { at.as_second() };
            versions.push((from, plan));
        }
    }
    let mut plans = versions.iter().filter_map(|it| it.1.as_ref().ok());
    let stops_in_month = plans.any(|it| !it.month_runs.is_empty());
    Config { product: product.to_string(), options, versions, stops_in_month }
}

/// The plan in the first book that has one; what stands above says nothing of what it has no price for. Source: R-COR-1.
fn plan_of(holding: &[&Arc<Book>], product: &str, options: &Options) -> Option<Result<Plan, PlanError>> {
    let (own, above) = holding.split_last()?;
    let corrected = above.iter().find_map(|book| Plan::resolve(book, product, options).ok());
    Some(corrected.map_or_else(|| Plan::resolve(own, product, options), Ok))
}
