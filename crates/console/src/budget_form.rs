//! The form of a budget: what is typed, and what it asks for.
//!
//! In:  fields, or a budget that is there. Out: HTML; what is asked of the desk.
//! Invariant: what was typed stays; numbers are read here, and judged by the desk.

use crate::fields::Fields;
use crate::house;
use crate::parts::{self, Field, Wrong};
use crate::signed::Signed;
use billing::budget::{self, Budget, BudgetError, Marks, Measure, Of};
use desk::budgets::{self, Change, New, Own};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use std::collections::HashMap;
use units::{AccountId, Money, ProjectId};
use web::problem::Problem;

/// What stands in the fields.
#[derive(Clone, Debug)]
pub(crate) struct Filled {
    name: String,
    amount: String,
    of: String,
    actual: String,
    forecast: String,
}

impl Default for Filled {
    fn default() -> Filled {
        let marks = Marks::default();
        Filled {
            name: String::new(),
            amount: String::new(),
            of: String::new(),
            actual: percents(&marks, Measure::Actual),
            forecast: percents(&marks, Measure::Forecast),
        }
    }
}

impl Filled {
    /// What was sent.
    pub(crate) fn of(form: &Fields) -> Filled {
        let text = |name: &str| form.text(name).to_string();
        Filled {
            name: text("name"),
            amount: text("amount"),
            of: text("of"),
            actual: text("actual"),
            forecast: text("forecast"),
        }
    }
}

impl From<&Budget> for Filled {
    fn from(it: &Budget) -> Filled {
        Filled {
            name: it.name.clone(),
            amount: it.amount.to_string(),
            of: String::new(),
            actual: percents(&it.marks, Measure::Actual),
            forecast: percents(&it.marks, Measure::Forecast),
        }
    }
}

fn percents(marks: &Marks, measure: Measure) -> String {
    marks.of(measure).iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}

impl Wrong {
    /// The same, beside the field that a form has for it.
    pub(crate) fn of_forms(self) -> Wrong {
        self.beside(&|field: String| {
            Some(match field.as_str() {
                "thresholds" => "actual".to_string(),
                "product" | "project" => "of".to_string(),
                _ => field,
            })
        })
    }
}

/// The form for a new one.
pub(crate) fn new(
    signed: &Signed,
    filled: &Filled,
    projects: &HashMap<ProjectId, String>,
    wrong: Option<&Wrong>,
) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let bad = wrong.and_then(|it| it.at("of"));
    html! {
        form.narrow method="post" action="/budgets" {
            (parts::hidden(visit))
            (name(signed, filled, wrong))
            div.field.bad[bad.is_some()] {
                label for="of" { (texts.budget_of()) }
                select.select id="of" name="of" aria-describedby=[bad.map(|_| "e-of")] {
                    @for (value, label) in choices(signed, projects) {
                        option value=(value) selected[filled.of == value] { (label) }
                    }
                }
                @if let Some(bad) = bad { p.error id="e-of" { (bad.text) } }
            }
            (rest(signed, filled, wrong))
            div.field { button.btn.main { (texts.make_budget()) } }
        }
    }
}

/// The form for one that is there.
pub(crate) fn change(signed: &Signed, place: &str, filled: &Filled, wrong: Option<&Wrong>) -> Markup {
    html! {
        section aria-labelledby="h-change" {
            div.sect { h2 id="h-change" { (signed.visit.texts().change_budget()) } }
            form.narrow method="post" action=(place) {
                (parts::hidden(&signed.visit))
                (name(signed, filled, wrong))
                (rest(signed, filled, wrong))
                div.field { button.btn.main { (signed.visit.texts().save_changes()) } }
            }
        }
    }
}

fn name(signed: &Signed, filled: &Filled, wrong: Option<&Wrong>) -> Markup {
    Field::text("name", signed.visit.texts().name(), &filled.name).show(wrong)
}

/// The amount and the thresholds.
fn rest(signed: &Signed, filled: &Filled, wrong: Option<&Wrong>) -> Markup {
    let texts = signed.visit.texts();
    let amount = Field::text("amount", texts.budget_amount(signed.unit()), &filled.amount);
    html! {
        (amount.show(wrong))
        (marks("actual", &filled.actual, &[texts.told_at(), texts.told_at_hint()], wrong))
        (marks("forecast", &filled.forecast, &[texts.told_ahead(), texts.told_ahead_hint()], wrong))
    }
}

/// A field that may be empty: then nothing is told.
fn marks(name: &str, value: &str, [label, hint]: &[String; 2], wrong: Option<&Wrong>) -> Markup {
    Field::text(name, label.clone(), value).hint(hint.clone()).optional(wrong)
}

/// What a budget may count: everything, a product of the book, a project.
fn choices(signed: &Signed, projects: &HashMap<ProjectId, String>) -> Vec<(String, String)> {
    let texts = signed.visit.texts();
    let products = signed.products().into_iter().map(|(id, name)| (format!("product:{id}"), name));
    let mut own: Vec<(String, String)> =
        projects.iter().map(|(id, name)| (format!("project:{id}"), texts.of_project(name))).collect();
    own.sort_by(|one, other| one.1.cmp(&other.1));
    let mut all = vec![(String::new(), texts.whole_account())];
    all.extend(own);
    all.extend(products);
    all
}

/// What a form asks for.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    name: String,
    amount: Money,
    of: Of,
    marks: Marks,
    /// What tells it from another.
    token: String,
}

/// What a form is told that says of nothing what the budget counts.
const NOTHING_COUNTED: &str = "a budget counts the whole account, a product or a project; choose one of them";

/// Reads the form. Errors: everything that is wrong with it, as one.
pub(crate) fn asked(signed: &Signed, form: &Fields) -> Result<Asked, Problem> {
    let currency = signed.currency()?;
    let refused = |error: BudgetError| Problem::from(Refusal::from(error));
    let name = budget::name(form.text("name")).map_err(refused);
    let amount = Money::parse(form.text("amount"), currency);
    let amount = amount.map_err(|it| Problem::from(Refusal::from(it).of("amount")));
    let amount = amount.and_then(|it| budget::amount(it).map_err(refused));
    let (of, actual, forecast) = (of(form), percents_of(form, "actual"), percents_of(form, "forecast"));
    house::all_read([
        name.as_ref().err(),
        of.as_ref().err(),
        amount.as_ref().err(),
        actual.as_ref().err(),
        forecast.as_ref().err(),
    ])?;
    let marks = Marks::new(&actual?, &forecast?).map_err(refused)?;
    Ok(Asked { name: name?, amount: amount?, of: of?, marks, token: form.once().to_string() })
}

/// What a budget is to count. Errors: a project that cannot be, a choice that is none.
fn of(form: &Fields) -> Result<Of, Problem> {
    match form.text("of").split_once(':') {
        Some(("product", id)) => Ok(Of::Product(id.to_string())),
        Some(("project", id)) => {
            let missing = |_| Refusal::missing("such project").of("project");
            Ok(Of::Project(id.parse().map_err(missing)?))
        }
        None if form.text("of").is_empty() => Ok(Of::Account),
        Some(_) | None => Err(Problem::malformed(Some("of".into()), NOTHING_COUNTED)),
    }
}

/// The thresholds of a field. Errors: `Percent`, of that field.
fn percents_of(form: &Fields, name: &str) -> Result<Vec<u32>, Problem> {
    let read = read(form.text(name)).and_then(|it| Marks::new(&it, &[]).map(|_| it));
    read.map_err(|error| Refusal::from(error).of(name).into())
}

fn read(text: &str) -> Result<Vec<u32>, BudgetError> {
    let parts = text.split([',', '，', '、', '%', ' ']).filter(|it| !it.is_empty());
    parts.map(|it| it.parse().map_err(|_| BudgetError::Percent)).collect()
}

/// Makes it.
pub(crate) fn open(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, asked: &Asked) -> Result<(), Refusal> {
    let token = asked.token.as_str();
    let amount = asked.amount;
    let (of, marks) = (asked.of.clone(), asked.marks.clone());
    budgets::open(tx, at, New { account, name: &asked.name, of, amount, marks, token }).map(drop)
}

/// Changes it.
pub(crate) fn apply(tx: &mut Tx<'_>, at: At<'_>, own: Own, asked: &Asked) -> Result<(), Refusal> {
    let change = Change {
        name: Some(asked.name.clone()),
        amount: Some(asked.amount),
        marks: Some(asked.marks.clone()),
    };
    budgets::change(tx, at, own, change).map(drop)
}
