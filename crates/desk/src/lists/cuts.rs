//! Cuts of a month: its costs by day, product, kind, region, project or tag, on any basis.
//!
//! In:  an account, a month, how it is cut, by what costs belong to it. Out: sums by what they are for.
//! Invariant: the groups of a cut together are what the month came to on that basis; the months of each basis together are all
//! that was deducted, as soon as what was paid ahead is over. The number of statements does not grow with the rows.
//! Rules: R-BIL-1, R-BIL-3, R-TIM-5, R-ALC-1, R-ALC-2, R-AMO-1 to R-AMO-3.

use super::bills::{InMonth, month};
use super::shares::{Shares, Wanted};
use crate::{At, Refusal, cost_tags};
use billing::bill::{Kind, Sum};
use billing::consumption::{Ahead, Basis, Course, Day, Share};
use billing::pack::Pack;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use store::Tx;
use store::bills::basis::{self, AheadBill, PackUse};
use store::bills::shared::{self, SharedBill};
use store::bills::{self, Span};
use store::labels::Labels;
use units::{Calendar, PackId, Timestamp};

/// How a month is cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cut {
    /// By the day in which the use began; by that of the payment where a month is one of payments.
    Day,
    Product,
    /// By what the bills are for; what was left when something ended is `rest`.
    Kind,
    Region,
    /// By the projects that the resources were in when the bills were deducted; what resources share goes to each of them.
    Project,
    /// By the values of the tag with this key, as they stood then, in months in which it is a cost tag. Source: R-ALC-2.
    Tag(String),
}

impl Cut {
    /// The same by the time of use.
    pub const fn used(self) -> By {
        By { cut: self, basis: Basis::Used }
    }
}

/// How a month is cut, and by what costs belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    pub cut: Cut,
    pub basis: Basis,
}

/// The group of what was left when something that was paid ahead ended, in a cut by kind.
const REST: &str = "rest";

/// Sums by what they are for.
pub(super) type Groups = BTreeMap<Option<String>, Sum>;

/// A part of a month: what it is for by the cut, what its bills are for, what they come to.
type Parts = Vec<(Option<String>, Kind, Sum)>;

/// What a month came to by its cut.
pub(super) fn groups(tx: &mut Tx<'_>, at: At<'_>, of: &InMonth, by: &By) -> Result<Groups, Refusal> {
    let cycle = month(at.desk, &of.month)?;
    let is_told = match &by.cut {
        Cut::Tag(key) => cost_tags::of_month(tx, of.account, &cycle)?.contains(key),
        Cut::Day | Cut::Product | Cut::Kind | Cut::Region | Cut::Project => true,
    };
    let look = Look { at, of, cut: &by.cut, span: Span { from: cycle.from, to: cycle.to }, is_told };
    let mut groups = Groups::new();
    match by.basis {
        Basis::Used => {
            for (value, _, sum) in look.used(tx)? {
                add(&mut groups, value, &sum)?;
            }
        }
        Basis::Paid => {
            for (value, sum) in look.paid(tx)? {
                add(&mut groups, value, &sum)?;
            }
        }
        Basis::Consumed => {
            let used = look.used(tx)?;
            for (value, _, sum) in used.into_iter().filter(|it| !it.1.is_ahead()) {
                add(&mut groups, value, &sum)?;
            }
            look.ahead(tx, &mut groups)?;
        }
    }
    Ok(groups)
}

/// Adds to the sum of a group.
pub(super) fn add<K: Ord>(groups: &mut BTreeMap<K, Sum>, of: K, sum: &Sum) -> Result<(), Refusal> {
    let currency = sum.total.currency();
    let before = groups.entry(of).or_insert(Sum::zero(currency));
    *before = Sum::of([&*before, sum], currency)?;
    Ok(())
}

/// What is looked at.
struct Look<'a> {
    at: At<'a>,
    of: &'a InMonth,
    cut: &'a Cut,
    span: Span,
    /// Whether the cut tells anything apart: a tag does in months in which it is a cost tag.
    is_told: bool,
}

impl Look<'_> {
    /// By the time of use.
    fn used(&self, tx: &mut Tx<'_>) -> Result<Parts, Refusal> {
        let (account, span) = (self.of.account, self.span);
        let parts = match self.cut {
            Cut::Day => {
                let day = |(quarter, kind, sum)| Ok((Some(self.day_of(quarter)?), kind, sum));
                bills::by_quarter(tx, account, span)?.into_iter().map(day).collect::<Result<_, Refusal>>()?
            }
            Cut::Product => {
                bills::sums(tx, account, span)?.into_iter().map(|it| (Some(it.0), it.1, it.2)).collect()
            }
            Cut::Kind => {
                let kind = |(_, kind, sum): (String, Kind, Sum)| (Some(kind.as_str().to_string()), kind, sum);
                bills::sums(tx, account, span)?.into_iter().map(kind).collect()
            }
            Cut::Region => {
                bills::by_region(tx, account, span)?.into_iter().map(|it| (Some(it.0), it.1, it.2)).collect()
            }
            Cut::Project | Cut::Tag(_) => {
                let value = |(labels, kind, sum): (Labels, Kind, Sum)| (self.label(&labels), kind, sum);
                let own: Parts = bills::by_labels(tx, account, span)?.into_iter().map(value).collect();
                let shared = shared::used(tx, account, span)?;
                own.into_iter().chain(self.shared(tx, &shared)?).collect()
            }
        };
        Ok(parts)
    }

    /// Bills of what resources share, by what is written on those that they served. Source: R-ALC-2.
    fn shared(&self, tx: &mut Tx<'_>, bills: &[SharedBill]) -> Result<Parts, Refusal> {
        if !self.is_told {
            return Ok(bills.iter().map(|it| (None, it.kind, it.sum)).collect());
        }
        let wanted = Wanted { account: self.of.account, bills, packs: BTreeSet::new() };
        let shares = Shares::read(tx, self.at, &wanted)?;
        let mut parts = Parts::new();
        for bill in bills {
            let split = shares.parts(&self.at.desk.calendar, bill, &|it| self.label(it))?;
            parts.extend(split.into_iter().map(|(value, sum)| (value, bill.kind, sum)));
        }
        Ok(parts)
    }

    /// By the time of the payment.
    fn paid(&self, tx: &mut Tx<'_>) -> Result<Vec<(Option<String>, Sum)>, Refusal> {
        if *self.cut == Cut::Day {
            let found = basis::paid_by_quarter(tx, self.of.account, self.span)?;
            return found.into_iter().map(|it| Ok((Some(self.day_of(it.0)?), it.1))).collect();
        }
        let is_by_labels = matches!(self.cut, Cut::Project | Cut::Tag(_));
        let value = |it: basis::PaidSum| match self.cut {
            Cut::Day => (None, it.sum),
            Cut::Product => (Some(it.product), it.sum),
            Cut::Kind => (Some(it.kind.as_str().to_string()), it.sum),
            Cut::Region => (Some(it.region), it.sum),
            Cut::Project | Cut::Tag(_) => (self.label(&it.labels), it.sum),
        };
        let all = basis::paid(tx, self.of.account, self.span)?.into_iter();
        let mut found: Vec<(Option<String>, Sum)> =
            all.filter(|it| !(is_by_labels && it.is_shared)).map(value).collect();
        if is_by_labels {
            let shared = shared::paid(tx, self.of.account, self.span)?;
            found.extend(self.shared(tx, &shared)?.into_iter().map(|(value, _, sum)| (value, sum)));
        }
        Ok(found)
    }

    /// What was paid ahead, as far as it falls into the month.
    fn ahead(&self, tx: &mut Tx<'_>, groups: &mut Groups) -> Result<(), Refusal> {
        let calendar = &self.at.desk.calendar;
        let days = calendar.day_number(self.span.from)?..calendar.day_number(self.span.to)?;
        let uses = basis::pack_uses(tx, self.of.account, self.span)?;
        let bills = basis::paid_ahead(tx, self.of.account, self.span)?;
        let shares = self.shares_of_packs(tx, &bills)?;
        for bill in bills {
            let Some(ahead) = ahead(&bill, &uses, calendar)? else { continue };
            if *self.cut == Cut::Day {
                for day in days.clone() {
                    put(groups, calendar.date_of(day)?, (&ahead, &(day..day + 1)))?;
                }
                continue;
            }
            let share = ahead.within(&days)?;
            if let (Some(shares), Some(pack)) = (&shares, pack_of(&bill)) {
                self.put_shared(groups, (shares, pack), &share)?;
                continue;
            }
            let (value, rest) = self.values(bill);
            for (value, sum) in [(value, share.consumed), (rest, share.rest)] {
                if !sum.is_nothing() {
                    add(groups, value, &sum)?;
                }
            }
        }
        Ok(())
    }

    /// Who took what of the packs among `bills`, where the cut is by what is written on them.
    fn shares_of_packs(&self, tx: &mut Tx<'_>, bills: &[AheadBill]) -> Result<Option<Shares>, Refusal> {
        if !(self.is_told && matches!(self.cut, Cut::Project | Cut::Tag(_))) {
            return Ok(None);
        }
        let packs = bills.iter().filter_map(pack_of).collect();
        Shares::read(tx, self.at, &Wanted { account: self.of.account, bills: &[], packs }).map(Some)
    }

    /// Adds what a pack gave in the month to those that took it, and what it lost to all that ever did.
    fn put_shared(
        &self,
        groups: &mut Groups,
        (shares, pack): (&Shares, PackId),
        share: &Share,
    ) -> Result<(), Refusal> {
        for (month, sum) in [(Some(self.span.from), share.consumed), (None, share.rest)] {
            if sum.is_nothing() {
                continue;
            }
            for (value, part) in shares.parts_of_pack(&sum, (pack, month), &|it| self.label(it))? {
                add(groups, value, &part)?;
            }
        }
        Ok(())
    }

    /// The groups of what is consumed of a bill, and of what was left of it.
    fn values(&self, bill: AheadBill) -> (Option<String>, Option<String>) {
        let value = match self.cut {
            Cut::Day => None,
            Cut::Product => Some(bill.product),
            Cut::Kind => return (Some(bill.kind.as_str().to_string()), Some(REST.to_string())),
            Cut::Region => Some(bill.region),
            Cut::Project | Cut::Tag(_) => self.label(&bill.labels),
        };
        (value.clone(), value)
    }

    /// What the cut tells labels apart by.
    fn label(&self, labels: &Labels) -> Option<String> {
        match self.cut {
            Cut::Project => labels.project.map(|it| it.to_string()),
            Cut::Tag(key) => labels.tags.get(key).filter(|_| self.is_told).cloned(),
            Cut::Day | Cut::Product | Cut::Kind | Cut::Region => None,
        }
    }

    /// The day of a quarter of an hour.
    fn day_of(&self, quarter: i64) -> Result<String, Refusal> {
        let begun = Timestamp::from_second(quarter * 900).map_err(|_| Refusal::Time(quarter.to_string()))?;
        Ok(self.at.desk.calendar.print(begun).chars().take(10).collect())
    }
}

/// Adds what falls into a day to its group.
fn put(groups: &mut Groups, day: String, (ahead, days): (&Ahead, &Range<Day>)) -> Result<(), Refusal> {
    let share = ahead.within(days)?;
    for sum in [share.consumed, share.rest] {
        if !sum.is_nothing() {
            add(groups, Some(day.clone()), &sum)?;
        }
    }
    Ok(())
}

/// The pack that was bought by a bill.
fn pack_of(bill: &AheadBill) -> Option<PackId> {
    billing::bill::pack_of(bill.kind, bill.piece)
}

/// How a bill is consumed; `None` for a pack that was over before.
fn ahead(
    bill: &AheadBill,
    uses: &BTreeMap<PackId, PackUse>,
    calendar: &Calendar,
) -> Result<Option<Ahead>, Refusal> {
    let day = |at: Timestamp| calendar.day_number(at);
    let (course, ended) = if bill.kind == Kind::PackPurchase {
        let Some(pack) = bill.piece.and_then(|it| uses.get(&Pack::id_of(it))) else { return Ok(None) };
        units(pack, calendar)?
    } else {
        // What a change gives back is for the days that are left, though its lines say what was used before. Source: R-AMO-1.
        let gives_back = bill.kind == Kind::PrepaidChange && bill.sum.total.is_negative();
        let from = if gives_back { bill.posted.max(bill.from) } else { bill.from };
        let days = day(from)?..day(bill.to)?;
        // What was over before is consumed, whatever became of the resource.
        let refunded = bill.refunded.map(day).transpose()?.filter(|it| *it < days.end);
        (Course::Days(days), refunded)
    };
    Ok(Some(Ahead { course, paid_on: day(bill.posted)?, ended, sum: bill.sum }))
}

/// What closed months took of a pack, and the day on which what was left of it went back or was lost.
fn units(pack: &PackUse, calendar: &Calendar) -> Result<(Course, Option<Day>), Refusal> {
    let refunded = pack.refunded.map(|it| calendar.day_number(it)).transpose()?;
    let (mut taken, mut lost) = (Vec::new(), None);
    for (to, used, left) in &pack.closes {
        // The last day of the cycle.
        let day = calendar.day_number(*to)? - 1;
        taken.push((day, *used));
        if *left > 0 {
            lost = lost.or(Some(day));
        }
    }
    Ok((Course::Units { capacity: pack.capacity, taken }, refunded.or(lost)))
}
