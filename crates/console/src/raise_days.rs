//! The days of a raise: its fields below the options, what is wrong with them, and what the form of a change sends of them.
//!
//! In:  the options that may be raised, days as they were typed or as they were read. Out: fields; the days, or why not.
//! Invariant: what is sent are the days that were priced; what is wrong with a day is said beside it and in the list above.
//! Source: R-NET-3.

use crate::parts::Wrong;
use crate::show;
use crate::signed::Signed;
use crate::visit::Visit;
use billing::book::Product;
use billing::change::ChangeError;
use billing::control::option_name;
use billing::raise::{self, RangeError};
use billing::resource::raise::Days;
use desk::Refusal;
use maud::{Markup, html};
use units::calendar::second_at;
use units::{Calendar, Timestamp};
use web::problem::Problem;

/// What the fields of the first and the last day of a raise are called.
pub(crate) const FIRST: &str = "from";
pub(crate) const LAST: &str = "until";

/// Their places on the page, under which they have the names that stand beside them.
const FIRST_PLACE: &str = "first_day";
const LAST_PLACE: &str = "last_day";

/// What the options of a product are called that are raised for some days.
pub(crate) fn called(signed: &Signed, product: &Product) -> String {
    let language = signed.visit.language;
    let name = |it: &String| option_name(product, it).get(language).to_string();
    let names: Vec<String> = product.raised_for_days.iter().map(name).collect();
    show::listed(&names, language)
}

fn refused(error: RangeError) -> Refusal {
    Refusal::from(ChangeError::from(error))
}

/// The first and the last day as they were typed; `None` where neither was. Errors: all that is wrong with them, as one.
pub(crate) fn read(days: &[Option<String>; 2], calendar: &Calendar) -> Result<Option<Days>, Problem> {
    let [first, last] = [days[0].as_deref(), days[1].as_deref()];
    let alone = |day: Option<&str>, other: Option<&str>| match (day, other) {
        (Some(day), _) => raise::days(Some(day), Some(day), calendar).err(),
        (None, Some(_)) => Some(RangeError::Half),
        (None, None) => None,
    };
    let wrong = [(FIRST, alone(first, last)), (LAST, alone(last, first))];
    let wrong = wrong.into_iter().filter_map(|(field, error)| Some(refused(error?).of(field)));
    Problem::together(wrong.map(Problem::from))?;
    raise::days(first, last, calendar).map_err(|error| refused(error).into())
}

/// A problem of the days beside their fields; `None` of any other.
pub(crate) fn beside(problem: &Problem, visit: &Visit) -> Option<Wrong> {
    let place = |field: &str| match field {
        FIRST => Some(FIRST_PLACE.to_string()),
        LAST => Some(LAST_PLACE.to_string()),
        _ => None,
    };
    problem.field.as_deref().and_then(place)?;
    Some(Wrong::of(problem, visit).beside(&|it: String| place(&it)))
}

/// The first and the last day of what is `called`, where it is not for all the time that is left.
pub(crate) fn fields(
    signed: &Signed,
    called: &str,
    typed: &[Option<String>; 2],
    wrong: Option<&Wrong>,
) -> Markup {
    let (texts, [first, last]) = (signed.visit.texts(), typed);
    html! {
        div.opts {
            div.opt {
                div.name { b { (texts.change_days_of(called)) } }
                div.what {
                    (day(&texts.change_first_day(), (FIRST, FIRST_PLACE), first.as_deref(), wrong))
                    (day(&texts.change_last_day(), (LAST, LAST_PLACE), last.as_deref(), wrong))
                    p.hint { (texts.change_only_days()) }
                }
            }
        }
    }
}

/// The field of a day, and what is wrong with it.
fn day(label: &str, (name, place): (&str, &str), typed: Option<&str>, wrong: Option<&Wrong>) -> Markup {
    let wrong = wrong.and_then(|it| it.at(place));
    html! {
        label {
            (label) " "
            input.input type="date" id=(place) name=(name) value=(typed.unwrap_or(""))
                aria-invalid=[wrong.map(|_| "true")] aria-describedby=[wrong.map(|_| format!("e-{place}"))];
        }
        @if let Some(wrong) = wrong { p.error id=(format!("e-{place}")) { (wrong.text) } }
    }
}

/// The first and the last day of a raise, each with its field, as they are typed.
pub(crate) fn typed(signed: &Signed, days: Days) -> [(&'static str, String); 2] {
    let calendar = &signed.visit.calendar;
    let date = |at: Timestamp| calendar.print(at).chars().take(10).collect::<String>();
    let last = second_at(days.to.as_second() - 1).unwrap_or(days.from);
    [(FIRST, date(days.from)), (LAST, date(last))]
}

/// The days of a raise, as the form of the change sends them.
pub(crate) fn sent(signed: &Signed, days: Days) -> Markup {
    html! {
        @for (name, day) in typed(signed, days) { input type="hidden" form="to-resize" name=(name) value=(day); }
    }
}
