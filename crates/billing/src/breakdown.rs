//! The breakdown of a quote: how each sum comes about, what is paid after use, and what a month of it would cost.
//!
//! In:  a book, a quote by it, what is assumed of use. Out: lines as figures, for pages and programs.
//! Invariant: list, rate and cost of a line are those of the quote; what a line says of itself comes to them again.
//! Rules: R-PRC-1, R-PRC-4, R-PRC-5, R-FRZ-1, R-DSK-2, R-BIL-2.

mod month;
mod reach;

use crate::bill::Line;
use crate::book::{Book, Component, Due};
use crate::explain::{self, Reason};
use crate::meter::Meter;
use crate::plan::{Part, Plan};
use crate::price::{FULL_RATE_E8, PriceItem};
use crate::quote::{self, Agreed, Quote, QuoteError, Rates};
use crate::rate::{self, Terms};
use std::sync::Arc;
use units::decimal::{div_half_up, print_short};
use units::{Currency, Money, OfferId};

pub use month::{Assumed, Estimate, EstimateLine, HOURS};
pub use reach::Reach;

/// Why a line costs less than the list says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RateFrom {
    /// A discount table of the book, by the months of the order. Source: R-PRC-4.
    Months { table: String, months: u32 },
    /// What was agreed with the customer. Source: R-PRC-5.
    Contract,
    /// An offer, in place of all others.
    Offer(OfferId),
}

/// A component that is paid with the order, for one piece.
#[derive(Clone, Debug)]
pub struct PaidNow {
    pub part: Part,
    /// 0 for what is paid once.
    pub months: u32,
    /// Days beyond them, up to the fixed day of the account.
    pub days: u32,
    pub list_e8: i64,
    /// The product of `rates`, in 1e-8.
    pub rate_e8: u64,
    /// Only what is less than the list; of an offer, its rate alone.
    pub rates: Vec<(RateFrom, u64)>,
    pub cost_e8: i64,
    /// The arithmetic, as of the line of a bill.
    pub steps: Vec<Reason>,
}

/// A component that is paid after use.
#[derive(Clone, Debug)]
pub struct PaidLater {
    pub part: Part,
    /// The rate agreed with the customer, in 1e-8.
    pub rate_e8: u64,
}

/// A quote taken apart.
#[derive(Clone, Debug)]
pub struct Breakdown {
    pub plan: Plan,
    pub now: Vec<PaidNow>,
    pub later: Vec<PaidLater>,
    /// Components of which all that was chosen is free: their places in the product. Source: R-DSK-2.
    pub included: Vec<usize>,
    /// What a month costs that is paid after use; `None` where nothing is.
    pub month: Option<Estimate>,
    /// The same by the prices that everybody sees, where the account has prices of its own.
    listed: Option<Plan>,
}

/// Takes apart a quote by `book` and `terms`.
///
/// Errors: as when it was made.
pub fn breakdown(
    book: &Arc<Book>,
    quote: &Quote,
    terms: Terms,
    assumed: &Assumed,
) -> Result<Breakdown, QuoteError> {
    let plan = Plan::resolve(book, &quote.product, &quote.options)?;
    let is_due = |part: &&Part| plan.component(part).due == Due::Order;
    let mut now = Vec::with_capacity(quote.lines.len());
    for (part, line) in plan.parts.iter().filter(is_due).zip(&quote.lines) {
        let agreed = Agreed { terms, offered: quote.offered, days: quote.days };
        now.push(paid_now(Quoted { plan: &plan, part, line }, quote.months, agreed)?);
    }
    let mut later = Vec::new();
    for it in plan.parts.iter().filter(|it| !is_due(it)) {
        // What is off is not charged later.
        if !plan.is_off(it)? {
            later.push(PaidLater { part: it.clone(), rate_e8: rate::rate_e8(plan.component(it), terms) });
        }
    }
    let month = month::of(&plan, quote.quantity, terms, assumed)?;
    let included = included(&plan);
    Ok(Breakdown { now, later, included, month, plan, listed: None })
}

/// A part of a plan, and the line that a quote has for it.
struct Quoted<'a> {
    plan: &'a Plan,
    part: &'a Part,
    line: &'a Line<'static>,
}

fn paid_now(quoted: Quoted<'_>, months: u32, agreed: Agreed) -> Result<PaidNow, QuoteError> {
    let Quoted { plan, part, line } = quoted;
    let (component, item) = (plan.component(part), plan.item(part));
    let months = if component.meter == Meter::Months { months } else { 0 };
    // What is paid once is priced as for one month.
    let Rates { months_e8, contract_e8, offered } = quote::rates(plan, part, months.max(1), agreed);
    let by_months = item.discount.clone().map(|table| (RateFrom::Months { table, months }, months_e8));
    let usual = by_months.into_iter().chain([(RateFrom::Contract, contract_e8)]);
    let rates = match offered {
        Some(it) => vec![(RateFrom::Offer(it.offer), it.rate_e8)],
        None => usual.filter(|it| it.1 != FULL_RATE_E8).collect(),
    };
    Ok(PaidNow {
        part: part.clone(),
        months,
        days: if months == 0 { 0 } else { agreed.days },
        list_e8: line.list_e8,
        rate_e8: line.rate_e8,
        rates,
        cost_e8: line.cost_e8,
        steps: explain::line(line, component, item, plan.book.currency)?,
    })
}

/// Where something was chosen, and no more than what is free.
fn included(plan: &Plan) -> Vec<usize> {
    let is_free = |at: &usize| {
        let component = &plan.product().components[*at];
        let number =
            component.quantity.option.as_ref().and_then(|it| plan.options.get(it)?.parse::<u128>().ok());
        let is_all_free = number.is_some_and(|it| it > 0 && it <= component.quantity.less);
        is_all_free && plan.options.hold(&component.when)
    };
    (0..plan.product().components.len()).filter(is_free).collect()
}

impl Breakdown {
    /// The same, beside the book in whose place contract prices stand. Errors: what was chosen has no price there.
    pub fn beside(self, listed: &Arc<Book>) -> Result<Breakdown, QuoteError> {
        let listed = Plan::resolve(listed, &self.plan.product().id, &self.plan.options)?;
        Ok(Breakdown { listed: Some(listed), ..self })
    }

    /// The price that everybody sees of a part, where a contract price stands in its place. Source: R-PRC-22.
    pub fn listed(&self, part: &Part) -> Option<&PriceItem> {
        let plan = self.listed.as_ref()?;
        let other = plan.parts.iter().find(|it| it.component == part.component)?;
        Some(plan.item(other)).filter(|it| it.pricing != self.item(part).pricing)
    }

    /// The currency of the book that it is priced by.
    pub fn currency(&self) -> Currency {
        self.plan.book.currency
    }

    pub fn component(&self, part: &Part) -> &Component {
        self.plan.component(part)
    }

    pub fn item(&self, part: &Part) -> &PriceItem {
        self.plan.item(part)
    }
}

/// The share of one month in what is paid ahead for all pieces, rounded. `None` without months.
pub fn a_month(quote: &Quote) -> Option<Money> {
    let (month, days) = (i128::from(quote::MONTH_DAYS), i128::from(quote.days));
    let all = i128::from(quote.months) * month + days;
    let share = (quote.months > 0).then(|| div_half_up(i128::from(quote.total.minor()) * month, all))?;
    // A share is not more than the whole.
    Some(Money::from_minor(i64::try_from(share).ok()?, quote.total.currency()))
}

/// A rate as people write it: `0.88`.
pub fn rate(rate_e8: u64) -> String {
    print_short(rate_e8.into(), 8, 2)
}
