//! The impact of a price book: what a past month of accounts comes to by it, beside what it came to.
//!
//! In:  the configurations of accounts by the books before and after, what each account came to by both.
//! Out: pairs of configurations to rate by; sums by product and component, who pays more and who less.
//! Invariant: exact in 1e-8, rounded once where a figure is shown; what the book after has no price for keeps the one that it
//! had on both sides, and is said.
//! Rules: R-PRC-6, R-CAT-1.

mod month;
mod walk;

use crate::book::{Above, Book, Books, Scope};
use crate::plan::{Config, ConfigRef, Configs, Plan};
use crate::rerate;
use std::collections::BTreeMap;
use std::sync::Arc;
use units::decimal::div_half_up;
use units::{AccountId, Amount, Currency, CycleKind};

pub use month::{Month, MonthError};
pub use walk::{AccountMonth, Agreed, account};

/// What is compared: a month by the books that held, or by one instead of them, with the same month by another.
#[derive(Clone, Debug)]
pub struct Asked {
    pub month: Month,
    /// `None`: the books that held then, and what people corrected of them: what was billed.
    pub before: Option<Arc<Book>>,
    pub after: Arc<Book>,
    /// How many of the customers that move most are named, up and down.
    pub most: usize,
}

/// Numbers of the books that stand above all others; corrections count up from 1.
const BEFORE: i64 = i64::MAX - 1;
const AFTER: i64 = i64::MAX;

/// One configuration by the books before and after.
#[derive(Clone, Debug)]
pub struct Pair {
    pub before: ConfigRef,
    /// The same as `before` where both charge the same.
    pub after: ConfigRef,
    /// Why it keeps the price that it had.
    pub kept: Option<String>,
    /// The kinds of cycle in which it is charged on either side, and added up by what.
    charges: Vec<(CycleKind, Scope)>,
}

impl Pair {
    /// Whether it is charged in cycles of `kind`, added up by `scope`.
    fn settles(&self, kind: CycleKind, scope: Scope) -> bool {
        self.charges.contains(&(kind, scope))
    }

    /// Whether any of it is measured by readings.
    pub fn reads_samples(&self, configs: &Configs) -> bool {
        let plans = [self.before, self.after].into_iter().flat_map(|it| &configs.get(it).versions);
        plans.filter_map(|it| it.1.as_ref().ok()).any(Plan::reads_samples)
    }
}

impl Asked {
    /// A configuration as `books` resolve it, by both books. Source: R-CAT-1.
    pub fn pair(&self, configs: &mut Configs, books: &Books, config: ConfigRef) -> Pair {
        let side =
            |configs: &mut Configs, book: &Arc<Book>, number| match self.lacks(configs.get(config), book) {
                Some(why) => (config, Some(why)),
                None => (self.by(configs, books, config, number), None),
            };
        let before = match &self.before {
            Some(book) => side(configs, book, BEFORE).0,
            None => config,
        };
        let (after, kept) = side(configs, &self.after, AFTER);
        let after = if is_same(configs.get(before), configs.get(after)) { before } else { after };
        let mut charges = rerate::charges(configs.get(before));
        charges.extend(rerate::charges(configs.get(after)));
        let kept = kept.filter(|_| !charges.is_empty());
        Pair { before, after, kept, charges }
    }

    /// The configuration by a book that stands above all others in the month.
    fn by(&self, configs: &mut Configs, books: &Books, config: ConfigRef, number: i64) -> ConfigRef {
        let book = if number == AFTER { &self.after } else { self.before.as_ref().unwrap_or(&self.after) };
        let (from, until) = (self.month.cycle.from, self.month.cycle.to);
        let above = Above { number, book: book.clone(), from, until };
        let Config { product, options, .. } = configs.get(config).clone();
        configs.intern(&books.beneath(above), &product, &options.to_string())
    }

    /// What a book has no price for that was charged after use in the month, in words. Source: R-CAT-1.
    fn lacks(&self, config: &Config, book: &Arc<Book>) -> Option<String> {
        let plan = match Plan::resolve(book, &config.product, &config.options) {
            Ok(plan) => plan,
            Err(error) => return Some(error.to_string()),
        };
        let (from, to) = (self.month.cycle.from.as_second(), self.month.cycle.to.as_second());
        let held = config.version(from)..=config.version(to - 1);
        let gone = held.filter_map(|it| config.plan(it).ok()).find_map(|before| plan.lacks_after_use(before));
        gone.map(|it| format!("the price book has no component `{it}` for it"))
    }
}

/// Whether both charge by the same books at the same times.
fn is_same(one: &Config, other: &Config) -> bool {
    let book =
        |it: &'_ (i64, Result<Plan, crate::plan::PlanError>)| Some((it.0, it.1.as_ref().ok()?.book.id));
    one.versions.len() == other.versions.len()
        && one.versions.iter().zip(&other.versions).all(
            |(one, other)| matches!((book(one), book(other)), (Some(mine), Some(theirs)) if mine == theirs),
        )
}

/// What something comes to before and after, in 1e-8.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sides {
    pub before_e8: i128,
    pub after_e8: i128,
}

impl Sides {
    pub(crate) fn add(&mut self, other: Sides) {
        self.before_e8 += other.before_e8;
        self.after_e8 += other.after_e8;
    }

    /// Before, after, and by how much that is more.
    pub fn amounts(self, currency: Currency) -> [Amount; 3] {
        let more = self.after_e8 - self.before_e8;
        [self.before_e8, self.after_e8, more].map(|e8| Amount::from_e8(e8, currency))
    }

    /// By how many percent it is more, to a tenth: `+11.8`. `None` where nothing came to anything before.
    pub fn percent(self) -> Option<String> {
        if self.before_e8 == 0 {
            return None;
        }
        // The sign of what it came to before says nothing of the direction: it is never below zero.
        let tenths = div_half_up((self.after_e8 - self.before_e8).checked_mul(1_000)?, self.before_e8.abs());
        let sign = if tenths < 0 { '-' } else { '+' };
        let tenths = tenths.unsigned_abs();
        Some(format!("{sign}{}.{}", tenths / 10, tenths % 10))
    }
}

/// What an account comes to, by product and component.
#[derive(Clone, Debug, Default)]
pub struct Costs<'c> {
    pub by: BTreeMap<(&'c str, &'c str), Sides>,
    /// What keeps its price, by product and why.
    pub kept: BTreeMap<(&'c str, String), Kept>,
}

/// What the book after has no price for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub resources: u64,
    /// What they came to alone; of what is added up over an account nothing.
    pub before_e8: i128,
}

/// A customer that pays more, or less.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mover {
    pub account: AccountId,
    pub name: String,
    pub sides: Sides,
}

/// What all customers come to.
#[derive(Clone, Debug)]
pub struct Impact {
    pub currency: Currency,
    /// Those that were looked at.
    pub customers: u64,
    /// Those that something was charged to, on either side.
    pub charged: u64,
    pub more: u64,
    pub less: u64,
    pub sides: Sides,
    pub products: BTreeMap<String, BTreeMap<String, Sides>>,
    /// Those whose sum rises most, the first most; then those whose sum falls most.
    pub rising: Vec<Mover>,
    pub falling: Vec<Mover>,
    pub kept: BTreeMap<(String, String), Kept>,
    /// Customers that could not be rated, and why; as many as movers are named.
    pub failed: u64,
    pub failures: Vec<(String, String)>,
    most: usize,
}

impl Impact {
    /// Nothing yet.
    pub fn none(asked: &Asked) -> Impact {
        Impact {
            currency: asked.after.currency,
            customers: 0,
            charged: 0,
            more: 0,
            less: 0,
            sides: Sides::default(),
            products: BTreeMap::new(),
            rising: Vec::new(),
            falling: Vec::new(),
            kept: BTreeMap::new(),
            failed: 0,
            failures: Vec::new(),
            most: asked.most,
        }
    }

    /// Customers whose sum changes.
    pub const fn hit(&self) -> u64 {
        self.more + self.less
    }

    /// Adds one customer.
    pub fn add(&mut self, account: AccountId, name: &str, costs: &Costs<'_>) {
        let mut sides = Sides::default();
        for ((product, component), own) in &costs.by {
            sides.add(*own);
            let components = self.products.entry((*product).to_string()).or_default();
            components.entry((*component).to_string()).or_default().add(*own);
        }
        for ((product, why), own) in &costs.kept {
            self.keep(((*product).to_string(), why.clone()), *own);
        }
        self.customers += 1;
        self.charged += u64::from(sides != Sides::default());
        self.more += u64::from(sides.after_e8 > sides.before_e8);
        self.less += u64::from(sides.after_e8 < sides.before_e8);
        self.sides.add(sides);
        let mover = Mover { account, name: name.to_string(), sides };
        match sides.after_e8.cmp(&sides.before_e8) {
            std::cmp::Ordering::Greater => self.rising.push(mover),
            std::cmp::Ordering::Less => self.falling.push(mover),
            std::cmp::Ordering::Equal => {}
        }
    }

    /// Adds one customer that could not be rated.
    pub fn fail(&mut self, name: &str, why: String) {
        self.customers += 1;
        self.failed += 1;
        if self.failures.len() < self.most {
            self.failures.push((name.to_string(), why));
        }
    }

    /// Adds what other customers come to.
    pub fn merge(&mut self, other: Impact) {
        self.customers += other.customers;
        self.charged += other.charged;
        self.more += other.more;
        self.less += other.less;
        self.failed += other.failed;
        self.sides.add(other.sides);
        for (product, components) in other.products {
            let own = self.products.entry(product).or_default();
            for (component, sides) in components {
                own.entry(component).or_default().add(sides);
            }
        }
        for (what, kept) in other.kept {
            self.keep(what, kept);
        }
        self.rising.extend(other.rising);
        self.falling.extend(other.falling);
        self.failures.extend(other.failures);
        self.keep_most();
    }

    fn keep(&mut self, what: (String, String), kept: Kept) {
        let sum = self.kept.entry(what).or_default();
        sum.resources += kept.resources;
        sum.before_e8 += kept.before_e8;
    }

    /// Forgets those that do not move most, so that memory does not grow with customers.
    pub fn keep_most(&mut self) {
        let more = |it: &Mover| it.sides.after_e8 - it.sides.before_e8;
        self.rising.sort_by_key(|it| (std::cmp::Reverse(more(it)), it.account));
        self.falling.sort_by_key(|it| (more(it), it.account));
        self.rising.truncate(self.most);
        self.falling.truncate(self.most);
        self.failures.truncate(self.most);
    }
}

#[cfg(test)]
mod tests;
