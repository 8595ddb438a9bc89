//! What customers come to on both sides: by product and component, who pays more and who less.
//!
//! In:  what each account comes to. Out: sums, and those that move most.
//! Invariant: exact in 1e-8, rounded once where a figure is shown; however customers are put together, the same comes out, and only
//! so many of them are kept by name.
//! Rules: R-PRC-6, R-MON-2.

use super::pair::Asked;
use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;
use units::decimal::div_half_up;
use units::{AccountId, Amount, Currency};

/// What something comes to before and after, in 1e-8.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sides {
    pub before_e8: i128,
    pub after_e8: i128,
}

impl Sides {
    pub(super) fn add(&mut self, other: Sides) {
        self.before_e8 += other.before_e8;
        self.after_e8 += other.after_e8;
    }

    /// Before, after, and by how much that is more.
    pub fn amounts(self, currency: Currency) -> [Amount; 3] {
        let more = self.after_e8 - self.before_e8;
        [self.before_e8, self.after_e8, more].map(|e8| Amount::from_e8(e8, currency))
    }

    /// By how many percent it is more, to a tenth: `+11.8`, `0.0`. `None` where nothing came to anything before.
    pub fn percent(self) -> Option<String> {
        if self.before_e8 == 0 {
            return None;
        }
        // The sign of what it came to before says nothing of the direction: it is never below zero.
        let tenths = div_half_up((self.after_e8 - self.before_e8).checked_mul(1_000)?, self.before_e8.abs());
        let sign = match tenths.cmp(&0) {
            Ordering::Less => "-",
            Ordering::Equal => "",
            Ordering::Greater => "+",
        };
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub resources: u64,
    /// What they came to alone; of what is added up over an account nothing.
    pub before_e8: i128,
    /// The options of the first of them.
    pub example: String,
}

impl Kept {
    pub(super) fn add(&mut self, other: &Kept) {
        self.resources += other.resources;
        self.before_e8 += other.before_e8;
        if self.example.is_empty() {
            self.example.clone_from(&other.example);
        }
    }
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
    /// By how much the sums of customers change, up and down added up, in 1e-8.
    pub moved_e8: i128,
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
            moved_e8: 0,
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
            self.keep(((*product).to_string(), why.clone()), own);
        }
        self.customers += 1;
        self.charged += u64::from(sides != Sides::default());
        self.more += u64::from(sides.after_e8 > sides.before_e8);
        self.less += u64::from(sides.after_e8 < sides.before_e8);
        self.sides.add(sides);
        self.moved_e8 += (sides.after_e8 - sides.before_e8).abs();
        let mover = Mover { account, name: name.to_string(), sides };
        match sides.after_e8.cmp(&sides.before_e8) {
            Ordering::Greater => self.rising.push(mover),
            Ordering::Less => self.falling.push(mover),
            Ordering::Equal => {}
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
        self.moved_e8 += other.moved_e8;
        for (product, components) in other.products {
            let own = self.products.entry(product).or_default();
            for (component, sides) in components {
                own.entry(component).or_default().add(sides);
            }
        }
        for (what, kept) in other.kept {
            self.keep(what, &kept);
        }
        self.rising.extend(other.rising);
        self.falling.extend(other.falling);
        self.failures.extend(other.failures);
        self.keep_most();
    }

    fn keep(&mut self, what: (String, String), kept: &Kept) {
        self.kept.entry(what).or_default().add(kept);
    }

    /// Forgets those that do not move most, so that memory does not grow with customers.
    pub fn keep_most(&mut self) {
        let more = |it: &Mover| it.sides.after_e8 - it.sides.before_e8;
        self.rising.sort_by_key(|it| (Reverse(more(it)), it.account));
        self.falling.sort_by_key(|it| (more(it), it.account));
        self.rising.truncate(self.most);
        self.falling.truncate(self.most);
        self.failures.truncate(self.most);
    }
}
