//! What verbs of budgets, projects and tags do, and what their view shows.

use super::player::Player;
use super::step::{Budget, BudgetStep, Pairs};
use billing::budget::{BudgetError, Marks, Measure, NoForecast, Of};
use desk::budgets::{self, Change, New, Own};
use desk::labels::{self, Change as Labels, TagChange};
use desk::lists::budgets::{self as list, Filter};
use desk::page::Part;
use desk::projects::{self, Opening};
use desk::spending::Standing;
use desk::{Refusal, Tx, cost_tags};
use units::{AccountId, Money};

impl Player<'_> {
    /// Opens a project and puts resources into it.
    pub(crate) fn project(&mut self, account: &str, name: &str, resources: &[String]) -> Result<(), Refusal> {
        let (account, _) = self.of(account)?;
        let inside: Vec<_> = resources.iter().map(|it| self.resource(it)).collect::<Result<_, _>>()?;
        let now = self.now;
        self.store.write(|tx| {
            let project = projects::open(tx, Opening { account, name, token: "scenario" }, now)?;
            for (account, id) in &inside {
                let change = Labels { at: now, project: Some(Some(project.id)), ..Labels::default() };
                labels::change(tx, *account, *id, change)?;
            }
            Ok(())
        })
    }

    /// Writes tags on a resource, in place of those before.
    pub(crate) fn tag(&mut self, name: &str, tags: &Pairs) -> Result<(), Refusal> {
        let (account, id) = self.resource(name)?;
        let tags = Some(TagChange::Replace(tags.iter().cloned().collect()));
        let change = Labels { at: self.now, tags, ..Labels::default() };
        self.store.write(|tx| labels::change(tx, account, id, change.clone()))
    }

    /// Makes exactly these keys the cost tags of an account.
    pub(crate) fn cost_tags(&mut self, account: &str, keys: &[String]) -> Result<(), Refusal> {
        let (account, _) = self.of(account)?;
        let at = self.desk.at(self.now);
        self.store.write(|tx| cost_tags::set(tx, at, account, keys)).map(drop)
    }

    /// Makes, changes or ends a budget.
    pub(crate) fn budget(&mut self, it: &Budget) -> Result<(), Refusal> {
        let (account, currency) = self.of(&it.account)?;
        let at = self.desk.at(self.now);
        self.store.write(|tx| {
            let there =
                store::budgets::of_account(tx, account)?.into_iter().find(|that| that.name == it.name);
            let own = there.as_ref().map(|it| Own { account, id: it.id });
            let missing = || Refusal::missing(format!("budget {}", it.name));
            match (&it.what, own) {
                (BudgetStep::End, own) => budgets::end(tx, at, own.ok_or_else(missing)?).map(drop),
                (BudgetStep::Set { amount, pairs }, Some(own)) => {
                    let amount = Some(Money::parse(amount, currency)?);
                    let before = there.map_or_else(Marks::default, |it| it.marks);
                    let change = Change { name: None, amount, marks: Some(marks(pairs, &before)?) };
                    budgets::change(tx, at, own, change).map(drop)
                }
                (BudgetStep::Set { amount, pairs }, None) => {
                    let new = New {
                        account,
                        name: &it.name,
                        of: of(tx, account, pairs)?,
                        amount: Money::parse(amount, currency)?,
                        marks: marks(pairs, &Marks::default())?,
                        token: "scenario",
                    };
                    budgets::open(tx, at, new).map(drop)
                }
            }
        })
    }
}

fn said<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
}

fn of(tx: &mut Tx<'_>, account: AccountId, pairs: &Pairs) -> Result<Of, Refusal> {
    match (said(pairs, "project"), said(pairs, "product")) {
        (None, None) => Ok(Of::Account),
        (None, Some(product)) => Ok(Of::Product(product.to_string())),
        (Some(name), None) => {
            let found = store::projects::by_name(tx, account, name)?;
            Ok(Of::Project(found.ok_or_else(|| Refusal::missing(format!("project {name}")))?.id))
        }
        (Some(_), Some(_)) => Err(BudgetError::Both.into()),
    }
}

fn marks(pairs: &Pairs, before: &Marks) -> Result<Marks, Refusal> {
    let percents = |measure: Measure| match said(pairs, measure.as_str()) {
        None => Ok(before.of(measure).to_vec()),
        Some(text) => {
            let read: Result<Vec<u32>, _> = text.split(',').map(str::parse).collect();
            read.map_err(|_| BudgetError::Percent)
        }
    };
    Ok(Marks::new(&percents(Measure::Actual)?, &percents(Measure::Forecast)?)?)
}

/// `servers 42.00 of 500.00 forecast 126.00` for each budget in a month, that of now where none is named.
pub(crate) fn lines(
    tx: &mut Tx<'_>,
    player: &Player<'_>,
    account: AccountId,
    filter: &[String],
) -> Result<Vec<String>, Refusal> {
    let of = Filter { account, month: filter.first().cloned() };
    let found = list::page(tx, player.desk.at(player.now), &of, &Part::first(200))?.items;
    let line = |it: &Standing| {
        let forecast = match it.figures.forecast {
            Ok(money) => money.to_string(),
            Err(none) => none.as_str().to_string(),
        };
        let unknown = || NoForecast::Unknown.as_str().to_string();
        let spent = it.figures.spent.map_or_else(unknown, |it| it.to_string());
        format!("{} {spent} of {} forecast {forecast}", it.budget.name, it.budget.amount)
    };
    Ok(found.iter().map(line).collect())
}
