//! Bills and their lines, and the statement that adds them up.
//!
//! In:  what settlement and orders made. Out: totals per month and product that re-add from the bills.
//! Invariant: a bill is the rounded sum of its stored lines; a statement only adds bills.
//! Rules: R-BIL-1 to R-BIL-4, R-MON-1, R-MON-2, R-MON-6, R-TIM-5.

use crate::pack::Pack;
use crate::price::{FULL_RATE_E8, Position};
use crate::text::Text;
use crate::wallet::{Paid, Purses};
use std::borrow::Cow;
use std::collections::BTreeMap;
use units::calendar::CalendarError;
use units::{
    AccountId, Amount, BillId, BookId, Calendar, Currency, Cycle, CycleKind, Measured, Money, MoneyError,
    OrderId, PackId, ResourceId, Timestamp, Unit,
};

/// What a bill is for. The ids of bills follow from their numbers: a new one goes to the end. Source: R-BIL-3.
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
    /// Bought once, without a deadline: a fee for setting up, a name that one has.
    OneTime,
    /// What people credit or debit against another bill. Source: R-COR-1.
    Correction,
    /// Something prepaid, paid for longer. Source: R-REN-1.
    PrepaidRenew,
    /// What goes back of something prepaid, below zero. Source: R-MON-6, R-REF-1 to R-REF-6.
    Refund,
    /// Something prepaid, changed for the time that is left. Source: R-CHG-1.
    PrepaidChange,
    /// What a month lacks of what was agreed to be spent in it. Source: R-PRC-26.
    Commitment,
}

impl Kind {
    pub const ALL: [Kind; 14] = [
        Kind::PrepaidNew,
        Kind::PackPurchase,
        Kind::Hourly,
        Kind::Daily,
        Kind::Monthly,
        Kind::Adjustment,
        Kind::PrecisionCredit,
        Kind::PrecisionWaiver,
        Kind::OneTime,
        Kind::Correction,
        Kind::PrepaidRenew,
        Kind::Refund,
        Kind::PrepaidChange,
        Kind::Commitment,
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
            Kind::OneTime => "one_time",
            Kind::Correction => "correction",
            Kind::PrepaidRenew => "prepaid_renew",
            Kind::Refund => "refund",
            Kind::PrepaidChange => "prepaid_change",
            Kind::Commitment => "commitment",
        }
    }

    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// The same for people.
    pub fn text(self) -> Text {
        match self {
            Kind::PrepaidNew => Text::new("annual/monthly", "包年包月"),
            Kind::PackPurchase => Text::new("resource pack", "资源包"),
            Kind::Hourly => Text::new("by the hour", "按小时"),
            Kind::Daily => Text::new("by the day", "按日"),
            Kind::Monthly => Text::new("by the month", "按月"),
            Kind::Adjustment => Text::new("adjustment", "差额调整"),
            Kind::PrecisionCredit => Text::new("given back for rounding", "精度返还"),
            Kind::PrecisionWaiver => Text::new("waived for rounding", "精度免收"),
            Kind::OneTime => Text::new("once", "一次性"),
            Kind::Correction => Text::new("correction", "更正"),
            Kind::PrepaidRenew => Text::new("renewal", "续费"),
            Kind::Refund => Text::new("refund", "退款"),
            Kind::PrepaidChange => Text::new("change", "变更配置"),
            Kind::Commitment => Text::new("commitment", "承诺消费"),
        }
    }

    pub const fn of_cycle(kind: CycleKind) -> Kind {
        match kind {
            CycleKind::Hour => Kind::Hourly,
            CycleKind::Day => Kind::Daily,
            CycleKind::Month => Kind::Monthly,
        }
    }

    /// Whether it has no lines: it settles what rounding bill by bill took too much or too little, or what people put
    /// right. Source: R-MON-4, R-COR-1.
    pub const fn is_correction(self) -> bool {
        matches!(self, Kind::PrecisionCredit | Kind::PrecisionWaiver | Kind::Correction)
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
    /// What was used before it in the cycle, or what the tier clock showed, in the unit of the quantity.
    pub offset: u64,
    /// What was used after it in the cycle, where the price is that of the whole.
    pub later: u64,
    /// Units that packs covered; they are not in `measured`.
    pub covered: u64,
    /// Units that a free tier of the account took; they are not in `measured`. Source: R-PRC-25.
    pub free: u64,
    pub list_e8: i64,
    /// The list price of the lines before it, where the minimum of the cycle lifts this one, the last. Source: R-PRC-16.
    pub earlier_e8: Option<i64>,
    /// The discount rate, in 1e-8.
    pub rate_e8: u64,
    /// What the closed cycle had come to before, where this line bills the difference. Source: R-SET-5.
    pub billed_e8: Option<i64>,
    pub cost_e8: i64,
    pub from: i64,
    pub to: i64,
}

/// The component of the line that takes what rounding left of earlier bills; no price item of a book has an empty key.
pub const CARRIED: &str = "carried";

/// The component of the line of an adjustment that holds back what was not paid with money: shares of vouchers never go back.
pub const KEPT: &str = "kept";

impl Line<'_> {
    /// Whether it takes what rounding left of an earlier bill. Source: R-MON-9.
    pub fn is_carried(&self) -> bool {
        self.is_sum() && self.component == CARRIED
    }

    /// Whether it holds back what was not paid with money, or makes good what was held back before. Source: R-SET-5, section 20.
    pub fn is_kept(&self) -> bool {
        self.is_sum() && self.component == KEPT
    }

    /// Whether it is a sum that follows from no price: what rounding left, what a refund gives back, what is held back.
    pub fn is_sum(&self) -> bool {
        self.price.is_empty()
    }

    /// Whether it gives back what something cost before it was changed: list price and cost lie below zero. Source: R-CHG-1, R-MON-6.
    pub const fn gives_back(&self) -> bool {
        self.list_e8 < 0
    }

    /// A sum that follows from no price, at no time.
    pub(crate) fn of_sum(
        component: &'static str,
        name: &'static str,
        cost_e8: i64,
        book: BookId,
    ) -> Line<'static> {
        Line {
            component: Cow::Borrowed(component),
            name: Cow::Borrowed(name),
            price: Cow::Borrowed(""),
            book,
            measured: Measured::of(1, Unit::Piece),
            offset: 0,
            later: 0,
            covered: 0,
            free: 0,
            list_e8: cost_e8,
            earlier_e8: None,
            rate_e8: FULL_RATE_E8,
            billed_e8: None,
            cost_e8,
            from: 0,
            to: 0,
        }
    }

    /// Where it stands among all that was used.
    pub fn position(&self) -> Position {
        Position { before: self.offset.into(), after: self.later.into() }
    }

    /// A line that outlives its book.
    pub fn into_owned(self) -> Line<'static> {
        Line {
            component: self.component.into_owned().into(),
            name: self.name.into_owned().into(),
            price: self.price.into_owned().into(),
            ..self
        }
    }
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
    pub amount_e8: i64,
    /// What of it rounding left to the next bill of the product, also below zero. Source: R-MON-9.
    pub carried_e8: i64,
    pub total: Money,
    pub paid: Paid,
    pub lines: Vec<Line<'a>>,
}

/// What the id of a bill follows from, so that a cycle settles once. Source: R-SET-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title {
    pub account: AccountId,
    pub kind: Kind,
    pub cycle: Cycle,
    /// What it is about: a resource, a sum, a product.
    pub subject: u128,
}

impl Title {
    #[inline(always)]
    pub fn id(&self) -> BillId {
        let mut name = [0_u8; 49];
        name[..16].copy_from_slice(&self.account.bits().to_be_bytes());
        name[16..32].copy_from_slice(&self.subject.to_be_bytes());
        name[32..40].copy_from_slice(&self.cycle.from.as_second().to_be_bytes());
        name[40..48].copy_from_slice(&self.cycle.to.as_second().to_be_bytes());
        name[48] = self.kind as u8;
        BillId::of_bytes(self.cycle.to, &name)
    }
}

/// The rule of rounding that a stored line was made by; raised when a rule is mended.
pub const RULE_VERSION: i64 = 2;

impl<'a> Bill<'a> {
    /// A bill of nothing, deducted at the end of its cycle: what it is about and what it comes to is still to be said.
    #[inline(always)]
    pub fn blank(title: &Title, currency: Currency) -> Bill<'a> {
        let Title { account, kind, cycle, .. } = *title;
        Bill {
            id: title.id(),
            account,
            kind,
            product: Cow::Borrowed(""),
            region: Cow::Borrowed(""),
            resource: None,
            spec: Cow::Borrowed(""),
            order: None,
            from: cycle.from,
            to: cycle.to,
            posted: cycle.to,
            watermark: cycle.to,
            original: None,
            amount_e8: 0,
            carried_e8: 0,
            total: Money::zero(currency),
            paid: Paid::none(currency),
            lines: Vec::new(),
        }
    }

    /// The rounded sum of `lines`. Source: R-MON-2, section 20.
    #[inline]
    pub fn sum(lines: &[Line<'_>], currency: Currency) -> Result<(i64, Money), MoneyError> {
        let e8: i128 = lines.iter().map(|it| i128::from(it.cost_e8)).sum();
        let amount = Amount::from_e8(e8, currency);
        Ok((amount.to_row()?, amount.round()?))
    }

    pub const fn currency(&self) -> Currency {
        self.total.currency()
    }

    /// When its use began: of an adjustment, the closed cycle that it belongs to. Source: R-TIM-5, R-SET-5.
    pub fn used_from(&self) -> Timestamp {
        self.original.map_or(self.from, |it| it.0)
    }

    /// What its own lines cost, without what it takes over from an earlier bill or holds back of a credit.
    pub fn own_lines(&self) -> impl Iterator<Item = &Line<'a>> {
        self.lines.iter().filter(|it| !it.is_carried() && !it.is_kept())
    }
}

/// When a month becomes final: at 00:00 of the third day after it. Source: R-SET-7.
pub fn final_from(month: &Cycle, calendar: &Calendar) -> Result<Timestamp, CalendarError> {
    calendar.midnight_after(month.to, 2)
}

/// The month's statement is an estimate until it is final. Source: R-SET-7.
pub fn is_estimate(month: &Cycle, now: Timestamp, calendar: &Calendar) -> bool {
    final_from(month, calendar).map_or(true, |ready| now < ready)
}

impl Bill<'_> {
    /// What its lines cost, in 1e-8, as sums of bills count it: without what it carries on to the next one; a correction has
    /// no lines, and what it settles is no cost of its own. Source: R-BIL-1, R-MON-4, R-MON-9, R-COR-1.
    pub fn lines_e8(&self) -> i128 {
        let own = i128::from(self.amount_e8) - i128::from(self.carried_e8);
        Sum::new(1, own, self.total, self.paid).of_kind(self.kind).amount_e8
    }

    /// The pack that was bought, where it is the bill of one.
    pub fn pack(&self) -> Option<PackId> {
        pack_of(self.kind, self.resource)
    }

    /// What vouchers paid of it: all that the wallet neither paid nor owes. Source: R-BIL-4, R-VOU-5.
    pub const fn vouchers(&self) -> Money {
        besides(self.total, &self.paid)
    }

    /// A bill that outlives its book.
    pub fn into_owned(self) -> Bill<'static> {
        Bill {
            product: self.product.into_owned().into(),
            region: self.region.into_owned().into(),
            spec: self.spec.into_owned().into(),
            lines: self.lines.into_iter().map(Line::into_owned).collect(),
            ..self
        }
    }

    /// What each line was paid with, or gave back; the shares of every purse add up to the bill's. Source: R-BIL-4.
    ///
    /// A line whose cost has another sign than the bill has no share of it.
    pub fn spread(&self) -> Result<Vec<Paid>, MoneyError> {
        let sign = if self.total.is_negative() { -1 } else { 1 };
        let weight = |it: &Line<'_>| if it.cost_e8.signum() == sign { it.cost_e8.unsigned_abs() } else { 0 };
        let weights: Vec<u64> = self.lines.iter().map(weight).collect();
        let [bonus, cash, income] = self.paid.purses().kinds().map(|it| it.split(&weights));
        let owed = self.paid.owed().split(&weights);
        let part = |at: usize| Paid::new(Purses::new(bonus[at], cash[at], income[at])?, owed[at]);
        (0..self.lines.len()).map(part).collect()
    }
}

/// The pack that a bill of `kind` is for; its subject is stored as the piece of the order that became it.
pub fn pack_of(kind: Kind, piece: Option<ResourceId>) -> Option<PackId> {
    piece.filter(|_| kind == Kind::PackPurchase).map(Pack::id_of)
}

/// What of a total the wallet neither paid nor owes. It fits: what is paid lies between nothing and the total.
const fn besides(total: Money, paid: &Paid) -> Money {
    Money::from_minor(total.minor().saturating_sub(paid.total().minor()), total.currency())
}

/// What some bills come to. Source: R-BIL-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    pub bills: u64,
    /// What their lines cost, before rounding. A correction has no line.
    pub amount_e8: i128,
    /// What was deducted, corrections included.
    pub total: Money,
    /// What of the total corrects rounding, or was corrected by people: below zero where something was given back.
    pub correction: Money,
    pub paid: Paid,
}

impl Sum {
    /// The sum of no bill.
    pub const fn zero(currency: Currency) -> Sum {
        let none = Money::zero(currency);
        Sum { bills: 0, amount_e8: 0, total: none, correction: none, paid: Paid::none(currency) }
    }

    /// The sum of bills whose lines add up to `amount_e8`.
    pub const fn new(bills: u64, amount_e8: i128, total: Money, paid: Paid) -> Sum {
        Sum { bills, amount_e8, total, correction: Money::zero(total.currency()), paid }
    }

    /// The same as a sum of bills of one kind: corrections have no lines. Source: R-BIL-1, R-MON-4, R-COR-1.
    pub const fn of_kind(self, kind: Kind) -> Sum {
        match kind.is_correction() {
            true => Sum { amount_e8: 0, correction: self.total, ..self },
            false => self,
        }
    }

    /// What vouchers paid of it. Source: R-BIL-4.
    pub const fn vouchers(&self) -> Money {
        besides(self.total, &self.paid)
    }

    /// The sum of all, zero of none: a level of a statement is the sum of the level below.
    ///
    /// Errors: `Currency`, `Overflow`. Source: R-BIL-1.
    pub fn of<'a>(all: impl IntoIterator<Item = &'a Sum>, currency: Currency) -> Result<Sum, MoneyError> {
        all.into_iter().try_fold(Sum::zero(currency), |sum, it| sum.checked_add(it))
    }

    fn checked_add(&self, other: &Sum) -> Result<Sum, MoneyError> {
        Ok(Sum {
            bills: self.bills + other.bills,
            amount_e8: self.amount_e8.checked_add(other.amount_e8).ok_or(MoneyError::Overflow)?,
            total: self.total.checked_add(other.total)?,
            correction: self.correction.checked_add(other.correction)?,
            paid: self.paid.checked_add(other.paid)?,
        })
    }
}

/// Bills by the month of their use, in order. Source: R-TIM-5.
pub fn by_month<'a>(bills: &'a [Bill<'a>], calendar: &Calendar) -> BTreeMap<String, Vec<&'a Bill<'a>>> {
    let mut months: BTreeMap<String, Vec<&Bill<'_>>> = BTreeMap::new();
    for bill in bills {
        months.entry(calendar.month(bill.used_from())).or_default().push(bill);
    }
    months
}
