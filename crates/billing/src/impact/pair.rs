//! Configurations by the books before and after.
//!
//! In:  a configuration as the books that held resolve it, a month, a book that stands above them in it, or two.
//! Out: the same configuration by both, and why one keeps its price.
//! Invariant: what a book has no price for, or only without a component that was charged after use, keeps the price that it had.
//! Rules: R-PRC-6, R-CAT-1.

use super::month::Month;
use crate::book::{Book, Scope};
use crate::books::{Above, Series};
use crate::plan::{Config, ConfigRef, Configs, Plan, PlanError};
use crate::rerate;
use std::sync::Arc;
use units::CycleKind;

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
    pub(super) fn settles(&self, kind: CycleKind, scope: Scope) -> bool {
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
    pub fn pair(&self, configs: &mut Configs, books: &Series, config: ConfigRef) -> Pair {
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
    fn by(&self, configs: &mut Configs, books: &Series, config: ConfigRef, number: i64) -> ConfigRef {
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
            // Which options is said by an example: there may be as many as there are resources.
            Err(PlanError::NoPrice { product, component, .. }) => {
                return Some(format!("`{component}` of {product} has no price for these options"));
            }
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
    let book = |it: &'_ (i64, Result<Plan, PlanError>)| Some((it.0, it.1.as_ref().ok()?.book.id));
    one.versions.len() == other.versions.len()
        && one.versions.iter().zip(&other.versions).all(
            |(one, other)| matches!((book(one), book(other)), (Some(mine), Some(theirs)) if mine == theirs),
        )
}
