//! Cover: which part of the use a pack takes, by a sweep over breakpoints, never second by second.
//!
//! In:  demands (who needs how many units a second, from when to when) and packs.
//! Out: units covered of each demand, of all packs or of each, units taken from each pack, and when packs crossed their marks.
//! Invariant: units taken = units covered, and no pack gives more than it had or outside its period.
//! Rules: R-PKG-6, R-PKG-8, R-PKG-10, R-PKG-11, R-PKG-12.

use std::collections::BTreeMap;
use units::{PackId, ResourceId};

/// A resource that needs `rate` units every second of `[from, to)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Oldest first is served first.
    pub created: i64,
    pub resource: ResourceId,
    pub from: i64,
    pub to: i64,
    pub rate: u64,
}

/// A pack as a sweep sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supply {
    pub id: PackId,
    pub capacity: u64,
    pub left: u64,
    /// Its true beginning, which decides on its turn.
    pub effective: i64,
    /// From here on there is something to take: what lies before is final.
    pub from: i64,
    pub expires: i64,
    pub bought: i64,
    /// Units left at which the sweep notes the time, highest first.
    pub marks: Vec<u64>,
}

impl Supply {
    /// Its turn: of several the one that comes first is used first. Source: R-PKG-12.
    pub const fn turn(&self) -> (i64, i64, i64, PackId) {
        (self.expires, self.effective, self.bought, self.id)
    }
}

/// A pack had no more than `left` units at the end of second `at - 1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossing {
    pub pack: PackId,
    pub left: u64,
    pub at: i64,
}

/// What a sweep found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    /// Units covered of each demand, in the order given.
    pub covered: Vec<u64>,
    /// Units left of each pack, in the order given.
    pub left: Vec<u64>,
    pub crossings: Vec<Crossing>,
}

impl Cover {
    /// Whether what was covered is what `packs` gave.
    fn is_balanced(&self, packs: &[Supply]) -> bool {
        let sum = |units: &mut dyn Iterator<Item = u64>| units.map(u128::from).sum::<u128>();
        let had = sum(&mut packs.iter().map(|it| it.left));
        had == sum(&mut self.left.iter().copied()) + sum(&mut self.covered.iter().copied())
    }
}

/// Serves `demands` from `packs` in time order.
///
/// Among packs: earliest expiry, effective, purchase, id. In the last partial second the oldest
/// resources are served first, a volume also in part.
/// Source: R-PKG-11, R-PKG-12.
pub fn cover(demands: &[Demand], packs: &[Supply]) -> Cover {
    let mut sweep = Sweep::new(demands, packs);
    sweep.run();
    let cover = Cover { covered: sweep.covered, left: sweep.left, crossings: sweep.crossings };
    debug_assert!(cover.is_balanced(packs), "units taken are units covered");
    cover
}

/// What each pack covers of each demand, both in the order given: the same sweep, which notes whose units they are. In a second that
/// several packs cover the oldest resource has those of the first.
///
/// Source: R-PKG-11, R-PKG-12.
pub fn by_pack(demands: &[Demand], packs: &[Supply]) -> Vec<Vec<u64>> {
    let mut sweep = Sweep { owners: Some(Owners::new(demands, packs)), ..Sweep::new(demands, packs) };
    sweep.run();
    sweep.owners.map_or_else(Vec::new, |it| it.covered)
}

/// Whose units those are that are covered.
struct Owners {
    /// Of each pack, the seconds so far in which it alone covered every active demand whole.
    whole: Vec<u64>,
    /// The same when each demand came.
    whole_at_entry: Vec<Vec<u64>>,
    /// What each pack covered of each demand.
    covered: Vec<Vec<u64>>,
}

impl Owners {
    fn new(demands: &[Demand], packs: &[Supply]) -> Owners {
        Owners {
            whole: vec![0; packs.len()],
            whole_at_entry: vec![Vec::new(); demands.len()],
            covered: vec![vec![0; demands.len()]; packs.len()],
        }
    }

    fn enter(&mut self, at: usize) {
        self.whole_at_entry[at].clone_from(&self.whole);
    }

    fn leave(&mut self, at: usize, rate: u64) {
        for (pack, before) in self.whole_at_entry[at].iter().enumerate() {
            self.covered[pack][at] += rate * (self.whole[pack] - before);
        }
    }

    /// One second: what packs gave in their turn goes to demands, each with its rate, the oldest first.
    fn hand_out(&mut self, given: &[(usize, u64)], demands: impl Iterator<Item = (usize, u64)>) {
        let mut given = given.iter().copied();
        let mut next = given.next();
        for (at, mut need) in demands {
            while let Some((pack, left)) = next.filter(|_| need > 0) {
                let units = need.min(left);
                self.covered[pack][at] += units;
                need -= units;
                next = if left > units { Some((pack, left - units)) } else { given.next() };
            }
        }
    }
}

struct Sweep<'a> {
    demands: &'a [Demand],
    packs: &'a [Supply],
    /// Packs in the order in which they are used.
    order: Vec<usize>,
    active: BTreeMap<(i64, ResourceId, usize), usize>,
    rate: u64,
    /// Seconds so far in which every active demand was covered whole.
    whole: u64,
    whole_at_entry: Vec<u64>,
    covered: Vec<u64>,
    left: Vec<u64>,
    crossings: Vec<Crossing>,
    /// Where it is asked whose units they are.
    owners: Option<Owners>,
}

impl<'a> Sweep<'a> {
    fn new(demands: &'a [Demand], packs: &'a [Supply]) -> Sweep<'a> {
        let mut order: Vec<usize> = (0..packs.len()).collect();
        order.sort_by_key(|it| packs[*it].turn());
        Sweep {
            demands,
            packs,
            order,
            active: BTreeMap::new(),
            rate: 0,
            whole: 0,
            whole_at_entry: vec![0; demands.len()],
            covered: vec![0; demands.len()],
            left: packs.iter().map(|it| it.left).collect(),
            crossings: Vec::new(),
            owners: None,
        }
    }

    /// Everything in time order.
    fn run(&mut self) {
        let (demands, packs) = (self.demands, self.packs);
        let mut edges: Vec<i64> = demands.iter().flat_map(|it| [it.from, it.to]).collect();
        edges.extend(packs.iter().flat_map(|it| [it.from, it.expires]));
        edges.sort_unstable();
        edges.dedup();
        let mut starts: Vec<usize> =
            (0..demands.len()).filter(|it| demands[*it].from < demands[*it].to).collect();
        let mut ends = starts.clone();
        starts.sort_by_key(|it| demands[*it].from);
        ends.sort_by_key(|it| demands[*it].to);
        let (mut started, mut ended) = (0, 0);
        for pair in edges.windows(2) {
            while ended < ends.len() && demands[ends[ended]].to <= pair[0] {
                self.leave(ends[ended]);
                ended += 1;
            }
            while started < starts.len() && demands[starts[started]].from <= pair[0] {
                self.enter(starts[started]);
                started += 1;
            }
            self.span(pair[0], pair[1]);
        }
        while ended < ends.len() {
            self.leave(ends[ended]);
            ended += 1;
        }
    }

    fn enter(&mut self, at: usize) {
        let demand = &self.demands[at];
        self.active.insert((demand.created, demand.resource, at), at);
        self.rate += demand.rate;
        self.whole_at_entry[at] = self.whole;
        if let Some(owners) = &mut self.owners {
            owners.enter(at);
        }
    }

    fn leave(&mut self, at: usize) {
        let demand = &self.demands[at];
        self.active.remove(&(demand.created, demand.resource, at));
        self.rate -= demand.rate;
        self.covered[at] += demand.rate * (self.whole - self.whole_at_entry[at]);
        if let Some(owners) = &mut self.owners {
            owners.leave(at, demand.rate);
        }
    }

    /// Between two edges: whole seconds from the first pack that has them, then its last partial one.
    fn span(&mut self, mut from: i64, to: i64) {
        while from < to && self.rate > 0 {
            let valid = |it: &&usize| {
                self.packs[**it].from <= from && from < self.packs[**it].expires && self.left[**it] > 0
            };
            let Some(first) = self.order.iter().find(valid).copied() else { return };
            let seconds = (self.left[first] / self.rate).min(to.abs_diff(from));
            if seconds == 0 {
                self.partial_second(from);
                from += 1;
                continue;
            }
            self.take(first, seconds * self.rate, from);
            self.whole += seconds;
            if let Some(owners) = &mut self.owners {
                owners.whole[first] += seconds;
            }
            // At most as many as there are up to `to`.
            from = from.wrapping_add_unsigned(seconds);
        }
    }

    /// One second that the first pack cannot cover alone.
    fn partial_second(&mut self, at: i64) {
        let mut need = self.rate;
        let mut given = Vec::new();
        for index in 0..self.order.len() {
            let pack = self.order[index];
            let valid = self.packs[pack].from <= at && at < self.packs[pack].expires;
            let units = if valid { self.left[pack].min(need) } else { 0 };
            if units > 0 {
                self.take_in_second(pack, units, at);
                given.push((pack, units));
                need -= units;
            }
        }
        if let Some(owners) = &mut self.owners {
            owners.hand_out(&given, self.active.values().map(|it| (*it, self.demands[*it].rate)));
        }
        if need == 0 {
            self.whole += 1;
            return;
        }
        let mut left = self.rate - need;
        for demand in self.active.values() {
            let units = self.demands[*demand].rate.min(left);
            self.covered[*demand] += units;
            left -= units;
            if left == 0 {
                break;
            }
        }
    }

    /// Takes `units` at the present rate from second `at` on, and notes the marks on the way.
    fn take(&mut self, pack: usize, units: u64, at: i64) {
        let (before, after) = (self.left[pack], self.left[pack] - units);
        for mark in &self.packs[pack].marks {
            if before > *mark && after <= *mark {
                // The mark lies within the seconds of this span.
                let at = at.wrapping_add_unsigned((before - mark).div_ceil(self.rate));
                self.crossings.push(Crossing { pack: self.packs[pack].id, left: *mark, at });
            }
        }
        self.left[pack] = after;
    }

    fn take_in_second(&mut self, pack: usize, units: u64, at: i64) {
        let (before, after) = (self.left[pack], self.left[pack] - units);
        for mark in &self.packs[pack].marks {
            if before > *mark && after <= *mark {
                self.crossings.push(Crossing { pack: self.packs[pack].id, left: *mark, at: at + 1 });
            }
        }
        self.left[pack] = after;
    }
}

#[cfg(test)]
mod tests;
