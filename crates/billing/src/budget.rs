//! Budgets: what somebody means to spend in a month, what the month has come to, and which marks it has crossed.
//!
//! In:  a budget, the parts of a month's cost, the month and up to when it is known. Out: spent, forecast, marks.
//! Invariant: what is spent is what the bills of the month come to, as its costs are listed; a forecast is that and what is
//! still to come of it if all goes on as it is, rounded once; a month that is over has none.

use crate::notice::{Notice, NoticeKind};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use units::{AccountId, Amount, BudgetId, Cycle, Money, MoneyError, ProjectId, Timestamp};

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
    #[error("the name of a budget has 1 to {LONGEST_NAME} characters")]
    Name,
    #[error("another budget is called {0}; choose another name")]
    NameTaken(String),
    #[error("a budget is more than 0; write its amount like 500.00")]
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

/// Most characters of the name of a budget.
pub const LONGEST_NAME: usize = 80;

/// A name as it is kept. Errors: `Name`.
pub fn name(text: &str) -> Result<String, BudgetError> {
    let text = text.trim();
    let sane = (1..=LONGEST_NAME).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if sane { Ok(text.to_string()) } else { Err(BudgetError::Name) }
}

/// An amount that a budget may have. Errors: `Amount`.
pub fn amount(money: Money) -> Result<Money, BudgetError> {
    if money.is_positive() { Ok(money) } else { Err(BudgetError::Amount) }
}

/// A part of what a month came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub product: String,
    pub project: Option<ProjectId>,
    pub total: Money,
}

/// A part of what is still to come of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead {
    pub product: String,
    pub project: Option<ProjectId>,
    /// In 1e-8.
    pub amount_e8: i128,
}

/// A month, and up to when its cost is known.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    pub month: Cycle,
    pub until: Timestamp,
}

/// Why there is no forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoForecast {
    /// The month has not begun.
    NotBegun,
    /// The month is over.
    Over,
    /// What is still to come cannot be computed.
    Unknown,
}

impl NoForecast {
    pub const ALL: [NoForecast; 3] = [NoForecast::NotBegun, NoForecast::Over, NoForecast::Unknown];

    pub const fn as_str(self) -> &'static str {
        match self {
            NoForecast::NotBegun => "month_not_begun",
            NoForecast::Over => "month_over",
            NoForecast::Unknown => "unknown",
        }
    }
}

/// What a budget's month has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// `None` where what resources share cannot be split any more.
    pub spent: Option<Money>,
    /// What the whole month will come to if all that runs goes on as it is.
    pub forecast: Result<Money, NoForecast>,
}

impl Budget {
    fn counts(&self, product: &str, project: Option<ProjectId>) -> bool {
        match &self.of {
            Of::Account => true,
            Of::Project(id) => project == Some(*id),
            Of::Product(id) => product == id,
        }
    }

    /// What the month has come to. `billed` is `None` where its parts cannot be told, and `ahead` where what is still to come cannot be
    /// computed.
    ///
    /// Errors: a sum that does not fit, another currency.
    pub fn figures(
        &self,
        billed: Option<&[Part]>,
        ahead: Option<&[Ahead]>,
        known: Known,
    ) -> Result<Figures, MoneyError> {
        let spent = billed.map(|it| self.spent(it)).transpose()?;
        let forecast = match (spent, ahead) {
            _ if known.until < known.month.from => Err(NoForecast::NotBegun),
            _ if known.until >= known.month.to => Err(NoForecast::Over),
            (None, _) | (_, None) => Err(NoForecast::Unknown),
            (Some(spent), Some(ahead)) => Ok(spent.checked_add(self.rest(ahead)?)?),
        };
        Ok(Figures { spent, forecast })
    }

    fn spent(&self, billed: &[Part]) -> Result<Money, MoneyError> {
        let own = billed.iter().filter(|it| self.counts(&it.product, it.project));
        Money::sum(own.map(|it| it.total), self.amount.currency())
    }

    /// What is still to come of its own, rounded once.
    fn rest(&self, ahead: &[Ahead]) -> Result<Money, MoneyError> {
        let currency = self.amount.currency();
        let own = ahead.iter().filter(|it| self.counts(&it.product, it.project));
        let mut rest = own.map(|it| Amount::from_e8(it.amount_e8, currency));
        rest.try_fold(Amount::zero(currency), Amount::checked_add)?.round()
    }

    /// The marks that a month has crossed: at a mark is crossed.
    pub fn crossed(&self, figures: &Figures) -> Vec<(Measure, u32, Money)> {
        let of = |measure: Measure| match measure {
            Measure::Actual => figures.spent,
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
