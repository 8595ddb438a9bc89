//! Budgets: what somebody means to spend in a month, what the month has come to, and which marks it has crossed.
//!
//! In:  a budget, the parts of a month's cost, the month and up to when it is known. Out: spent, forecast, marks.
//! Invariant: what is spent is what the bills of the month come to, as its costs are listed; a forecast multiplies first,
//! divides once and is rounded once; a month that is over has none.
//!
//! ```text
//! forecast = spent + open + (used + open) × seconds to the end of the month ÷ seconds since the first use of the month
//! used: billed after use. open: what cycles that are not settled yet would be billed with if everything ended now.
//! What was paid with an order or put right counts once, and goes on in no forecast.
//! ```

use crate::bill::Kind;
use crate::notice::{Notice, NoticeKind};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use units::decimal::div_half_up;
use units::{AccountId, BudgetId, Currency, Cycle, Money, MoneyError, ProjectId, Timestamp};

/// What of an account's costs a budget counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    Account,
    /// What stood in this project when it was deducted.
    Project(ProjectId),
    /// The product of this id.
    Product(String),
}

/// Of what a mark is a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// What was spent.
    Actual,
    /// What the month is heading for.
    Forecast,
}

impl Measure {
    pub const ALL: [Measure; 2] = [Measure::Actual, Measure::Forecast];

    pub const fn as_str(self) -> &'static str {
        match self {
            Measure::Actual => "actual",
            Measure::Forecast => "forecast",
        }
    }

    const fn notice(self) -> NoticeKind {
        match self {
            Measure::Actual => NoticeKind::BudgetReached,
            Measure::Forecast => NoticeKind::BudgetForecast,
        }
    }
}

/// At which shares of a budget its owner is told, in percent, each measure by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marks {
    actual: Vec<u32>,
    forecast: Vec<u32>,
}

/// The marks of a measure, and the highest.
pub const MOST_MARKS: usize = 10;
pub const HIGHEST_PERCENT: u32 = 1_000;
/// Budgets of one account.
pub const MOST: usize = 50;

impl Marks {
    /// Marks in the order of their percents. Errors: `Percent`.
    pub fn new(actual: &[u32], forecast: &[u32]) -> Result<Marks, BudgetError> {
        Ok(Marks { actual: ascending(actual)?, forecast: ascending(forecast)? })
    }

    pub fn of(&self, measure: Measure) -> &[u32] {
        match measure {
            Measure::Actual => &self.actual,
            Measure::Forecast => &self.forecast,
        }
    }
}

/// What is told where nothing else is said.
impl Default for Marks {
    fn default() -> Marks {
        Marks { actual: vec![50, 80, 100], forecast: vec![100] }
    }
}

fn ascending(percents: &[u32]) -> Result<Vec<u32>, BudgetError> {
    let all: BTreeSet<u32> = percents.iter().copied().collect();
    let sane = all.len() == percents.len()
        && all.len() <= MOST_MARKS
        && all.iter().all(|it| (1..=HIGHEST_PERCENT).contains(it));
    if sane { Ok(all.into_iter().collect()) } else { Err(BudgetError::Percent) }
}

/// What an account means to spend in each month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    pub id: BudgetId,
    pub account: AccountId,
    /// Unique among the budgets of the account that go on.
    pub name: String,
    pub of: Of,
    /// Above zero.
    pub amount: Money,
    pub marks: Marks,
    pub created: Timestamp,
    pub ended: Option<Timestamp>,
}

/// Why something about budgets is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BudgetError {
    #[error("the name of a budget has 1 to 80 characters")]
    Name,
    #[error("another budget is called {0}; choose another name")]
    NameTaken(String),
    #[error("a budget is more than 0.00; write its amount like 500.00")]
    Amount,
    #[error(
        "thresholds are whole percents from 1 to {HIGHEST_PERCENT}, each once, {MOST_MARKS} at most; write them like 50, 80, 100"
    )]
    Percent,
    #[error("a budget is of a project or of a product; make two")]
    Both,
    #[error("there are {0} budgets already; delete one first")]
    TooMany(usize),
}

/// A name as it is kept. Errors: `Name`.
pub fn name(text: &str) -> Result<String, BudgetError> {
    let text = text.trim();
    let sane = (1..=80).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if sane { Ok(text.to_string()) } else { Err(BudgetError::Name) }
}

/// An amount that a budget may have. Errors: `Amount`.
pub fn amount(money: Money) -> Result<Money, BudgetError> {
    if money.is_positive() { Ok(money) } else { Err(BudgetError::Amount) }
}

/// How a part of a month's cost goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Paid with an order, or put right by people or by rounding.
    Once,
    /// Billed after use.
    Used,
    /// Not billed yet.
    Open,
}

impl Basis {
    /// How what a bill of this kind says goes on.
    pub const fn of(kind: Kind) -> Basis {
        if kind.is_post_paid() { Basis::Used } else { Basis::Once }
    }
}

/// A part of what a month came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub product: String,
    pub project: Option<ProjectId>,
    pub basis: Basis,
    pub total: Money,
    /// When the first use in it began.
    pub since: Timestamp,
}

/// A month, and up to when its cost is known.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    pub month: Cycle,
    pub until: Timestamp,
}

/// Use of a shorter time is too little to go by: three days.
pub const THIN_SECONDS: i64 = 3 * 86_400;

/// Why there is no forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoForecast {
    /// The month is over.
    Over,
    /// The first use of the month is less than three days ago.
    TooEarly,
    /// What is not billed yet cannot be computed.
    Unknown,
}

impl NoForecast {
    pub const ALL: [NoForecast; 3] = [NoForecast::Over, NoForecast::TooEarly, NoForecast::Unknown];

    pub const fn as_str(self) -> &'static str {
        match self {
            NoForecast::Over => "month_over",
            NoForecast::TooEarly => "too_early",
            NoForecast::Unknown => "unknown",
        }
    }
}

/// What a budget's month has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    pub spent: Money,
    /// What the whole month will come to at the pace so far.
    pub forecast: Result<Money, NoForecast>,
}

impl Budget {
    fn counts(&self, part: &Part) -> bool {
        match &self.of {
            Of::Account => true,
            Of::Project(id) => part.project == Some(*id),
            Of::Product(id) => part.product == *id,
        }
    }

    /// What the month has come to. `open` is `None` where what is not billed yet cannot be computed.
    ///
    /// Errors: a sum that does not fit, another currency.
    pub fn figures(
        &self,
        billed: &[Part],
        open: Option<&[Part]>,
        known: Known,
    ) -> Result<Figures, MoneyError> {
        let currency = self.amount.currency();
        let own = || billed.iter().filter(|it| self.counts(it));
        let spent = Money::sum(own().map(|it| it.total), currency)?;
        if known.until >= known.month.to {
            return Ok(Figures { spent, forecast: Err(NoForecast::Over) });
        }
        let Some(open) = open else { return Ok(Figures { spent, forecast: Err(NoForecast::Unknown) }) };
        let open: Vec<&Part> = open.iter().filter(|it| self.counts(it)).collect();
        let going_on: Vec<&Part> =
            own().filter(|it| it.basis == Basis::Used).chain(open.iter().copied()).collect();
        let so_far = open.iter().try_fold(spent, |sum, it| sum.checked_add(it.total))?;
        let forecast = match to_come(&going_on, known, currency)? {
            Some(rest) => Ok(so_far.checked_add(rest)?),
            None => Err(NoForecast::TooEarly),
        };
        Ok(Figures { spent, forecast })
    }

    /// The marks that a month has crossed: at a mark is crossed.
    pub fn crossed(&self, figures: &Figures) -> Vec<(Measure, u32, Money)> {
        let of = |measure: Measure| match measure {
            Measure::Actual => Some(figures.spent),
            Measure::Forecast => figures.forecast.ok(),
        };
        let mut found = Vec::new();
        for measure in Measure::ALL {
            let Some(reached) = of(measure) else { continue };
            let marks = self.marks.of(measure).iter().copied();
            found.extend(marks.filter(|it| self.is_reached(reached, *it)).map(|it| (measure, it, reached)));
        }
        found
    }

    fn is_reached(&self, reached: Money, percent: u32) -> bool {
        i128::from(reached.minor()) * 100 >= i128::from(self.amount.minor()) * i128::from(percent)
    }
}

/// What goes on comes to so much more by the end of the month; `None` where it began too lately to say.
fn to_come(parts: &[&Part], known: Known, currency: Currency) -> Result<Option<Money>, MoneyError> {
    let Some(first) = parts.iter().map(|it| it.since).min() else { return Ok(Some(Money::zero(currency))) };
    let until = known.until.as_second();
    let passed = until - first.max(known.month.from).as_second();
    if passed < THIN_SECONDS {
        return Ok(None);
    }
    let used = Money::sum(parts.iter().map(|it| it.total), currency)?;
    let ahead = i128::from(known.month.to.as_second() - until);
    let rest = div_half_up(i128::from(used.minor()) * ahead, i128::from(passed));
    Ok(Some(Money::from_minor(i64::try_from(rest).map_err(|_| MoneyError::Overflow)?, currency)))
}

/// A mark that a month crossed, as its owner is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub budget: Budget,
    /// Such as `2026-06`.
    pub month: String,
    pub measure: Measure,
    pub percent: u32,
    /// What the month has come to, or is heading for.
    pub reached: Money,
    pub at: Timestamp,
}

impl Mark {
    /// Once for each budget, month and mark.
    pub fn notice(&self) -> Notice {
        Notice {
            account: self.budget.account,
            subject: self.budget.id.to_string(),
            kind: self.measure.notice(),
            threshold: self.percent.into(),
            occasion: self.month.clone(),
            at: self.at,
        }
    }
}

/// Which of two budgets stands first in a list: by name.
pub fn order(one: &Budget, other: &Budget) -> Ordering {
    one.name.cmp(&other.name).then(one.id.cmp(&other.id))
}

#[cfg(test)]
mod tests;
