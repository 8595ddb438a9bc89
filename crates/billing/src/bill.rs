//! Bills and their lines, and the statement that adds them up.
//!
//! In:  what settlement and orders made. Out: totals per month and product that re-add from the bills.
//! Invariant: a bill is the rounded sum of its stored lines; a statement only adds bills.
//! Rules: R-BIL-1 to R-BIL-4, R-MON-1, R-MON-2, R-MON-6, R-TIM-5.

use crate::pack::Pack;
use crate::wallet::{Paid, Purses};
use std::borrow::Cow;
use std::collections::BTreeMap;
use units::{
    AccountId, Amount, BillId, BookId, Calendar, Currency, Cycle, CycleKind, Measured, Money, MoneyError,
    OrderId, PackId, ResourceId, Timestamp,
};

/// What a bill is for. Source: R-BIL-3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    PrepaidNew,
    PackPurchase,
    Hourly,
    Daily,
    Monthly,
    /// Use that came after its cycle was closed. Source: R-SET-5.
    Adjustment,
    /// More was deducted in fen than the lines add up to. Source: R-MON-4.
    PrecisionCredit,
    /// Less was deducted; the difference is recorded and not collected. Source: R-MON-4.
    PrecisionWaiver,
}

impl Kind {
    pub const ALL: [Kind; 8] = [
        Kind::PrepaidNew,
        Kind::PackPurchase,
        Kind::Hourly,
        Kind::Daily,
        Kind::Monthly,
        Kind::Adjustment,
        Kind::PrecisionCredit,
        Kind::PrecisionWaiver,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::PrepaidNew => "prepaid_new",
            Kind::PackPurchase => "pack_purchase",
            Kind::Hourly => "hourly",
            Kind::Daily => "daily",
            Kind::Monthly => "monthly",
            Kind::Adjustment => "adjustment",
            Kind::PrecisionCredit => "precision_credit",
            Kind::PrecisionWaiver => "precision_waiver",
        }
    }

    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|it| it.as_str() == text)
    }

    pub const fn of_cycle(kind: CycleKind) -> Kind {
        match kind {
            CycleKind::Hour => Kind::Hourly,
            CycleKind::Day => Kind::Daily,
            CycleKind::Month => Kind::Monthly,
        }
    }

    /// Whether it has no lines, and settles what rounding bill by bill took too much or too little. Source: R-MON-4.
    pub const fn is_correction(self) -> bool {
        matches!(self, Kind::PrecisionCredit | Kind::PrecisionWaiver)
    }

    /// Whether the monthly precision adjustment counts it. Source: R-MON-4, section 20.
    pub const fn is_post_paid(self) -> bool {
        matches!(self, Kind::Hourly | Kind::Daily | Kind::Monthly | Kind::Adjustment)
    }
}

/// One component, quantity and price of a bill, with all that its cost follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    pub component: Cow<'a, str>,
    pub name: Cow<'a, str>,
    /// The price item, in the book version named beside it.
    pub price: Cow<'a, str>,
    pub book: BookId,
    pub measured: Measured,
    pub offset: u64,
    /// Units that packs covered; they are not in `measured`.
    pub covered: u64,
    pub list_e8: i64,
    /// The discount rate, in 1e-8.
    pub rate_e8: u64,
    pub cost_e8: i64,
    pub from: i64,
    pub to: i64,
}

/// What is deducted: one sum, rounded once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill<'a> {
    pub id: BillId,
    pub account: AccountId,
    pub kind: Kind,
    pub product: Cow<'a, str>,
    pub region: Cow<'a, str>,
    /// The resource that is billed; `None` for a sum over the account.
    pub resource: Option<ResourceId>,
    /// The spec of an account-wide sum.
    pub spec: Cow<'a, str>,
    pub order: Option<OrderId>,
    /// Fee begin and end. Source: R-TIM-5.
    pub from: Timestamp,
    pub to: Timestamp,
    /// When it was deducted, and what had been received by then.
    pub posted: Timestamp,
    pub watermark: Timestamp,
    /// The closed cycle that an adjustment belongs to.
    pub original: Option<(Timestamp, Timestamp)>,
    pub currency: Currency,
    pub amount_e8: i64,
    pub total_minor: i64,
    pub paid: Paid,
    pub lines: Vec<Line<'a>>,
}

/// The rule of rounding that a stored line was made by; raised when a rule is mended.
pub const RULE_VERSION: i64 = 1;

impl Bill<'_> {
    /// The rounded sum of `lines`. Source: R-MON-2, section 20.
    #[inline]
    pub fn sum(lines: &[Line<'_>], currency: Currency) -> Result<(i64, Money), MoneyError> {
        let e8: i128 = lines.iter().map(|it| i128::from(it.cost_e8)).sum();
        let amount = Amount::from_e8(e8, currency);
        Ok((amount.to_row()?, amount.round()?))
    }
}

/// The months' statement is an estimate until 00:00 of the third day after the month. Source: R-SET-7.
pub fn is_estimate(month: &Cycle, now: Timestamp, calendar: &Calendar) -> bool {
    calendar.midnight_after(month.to, 2).map_or(true, |ready| now < ready)
}

impl Bill<'_> {
    /// The pack that was bought, where it is the bill of one.
    pub fn pack(&self) -> Option<PackId> {
        pack_of(self.kind, self.resource)
    }

    /// What each line was paid with; the shares of every purse add up to the bill's. Source: R-BIL-4.
    ///
    /// A bill below zero, and one without lines, has nothing to spread.
    pub fn spread(&self) -> Vec<Paid> {
        let weight = |it: &Line<'_>| it.cost_e8.max(0).unsigned_abs();
        let weights: Vec<u64> = self.lines.iter().map(weight).collect();
        let split = |minor: i64| units::money::split(minor, &weights);
        let purses = self.paid.purses;
        let (bonus, cash, income, owed) =
            (split(purses.bonus), split(purses.cash), split(purses.income), split(self.paid.owed));
        let part = |at: usize| Paid {
            purses: Purses { bonus: bonus[at], cash: cash[at], income: income[at] },
            owed: owed[at],
        };
        (0..self.lines.len()).map(part).collect()
    }
}

/// The pack that a bill of `kind` is for; its subject is stored as the piece of the order that became it.
pub fn pack_of(kind: Kind, piece: Option<ResourceId>) -> Option<PackId> {
    piece.filter(|_| kind == Kind::PackPurchase).map(Pack::id_of)
}

/// The id of a bill follows from what it is for, so a cycle settles once. Source: R-SET-2.
pub fn id(account: AccountId, kind: Kind, cycle: &Cycle, subject: u128) -> BillId {
    let mut name = [0_u8; 49];
    name[..16].copy_from_slice(&account.bits().to_be_bytes());
    name[16..32].copy_from_slice(&subject.to_be_bytes());
    name[32..40].copy_from_slice(&cycle.from.as_second().to_be_bytes());
    name[40..48].copy_from_slice(&cycle.to.as_second().to_be_bytes());
    name[48] = kind as u8;
    BillId::of_bytes(cycle.to, &name)
}

/// What some bills come to. Source: R-BIL-1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub bills: u64,
    /// What their lines cost, before rounding. A correction has no line.
    pub amount_e8: i128,
    /// What was deducted, corrections included.
    pub total_minor: i64,
    /// What of the total corrects rounding: below zero where something was given back.
    pub correction_minor: i64,
    pub paid: Paid,
}

impl Sum {
    /// The sum of bills of one kind, whose amounts add up to `amount_e8`. Source: R-BIL-1, R-MON-4.
    pub fn of_kind(kind: Kind, bills: u64, amount_e8: i128, total_minor: i64, paid: Paid) -> Sum {
        match kind.is_correction() {
            true => Sum { bills, amount_e8: 0, total_minor, correction_minor: total_minor, paid },
            false => Sum { bills, amount_e8, total_minor, correction_minor: 0, paid },
        }
    }

    /// The sum of all: a level of a statement is the sum of the level below. Source: R-BIL-1.
    pub fn of<'a>(all: impl IntoIterator<Item = &'a Sum>) -> Sum {
        let mut total = Sum::default();
        for it in all {
            total.bills += it.bills;
            total.amount_e8 += it.amount_e8;
            total.total_minor += it.total_minor;
            total.correction_minor += it.correction_minor;
            total.paid.purses = total.paid.purses.plus(&it.paid.purses);
            total.paid.owed += it.paid.owed;
        }
        total
    }
}

/// Bills by the month of their use, in order. Source: R-TIM-5.
pub fn by_month<'a>(bills: &'a [Bill<'a>], calendar: &Calendar) -> BTreeMap<String, Vec<&'a Bill<'a>>> {
    let mut months: BTreeMap<String, Vec<&Bill<'_>>> = BTreeMap::new();
    for bill in bills {
        months.entry(calendar.month(bill.from)).or_default().push(bill);
    }
    months
}
