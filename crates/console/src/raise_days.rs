//! The days of a raise: its fields below the options, and what the form of a change sends of them.
//!
//! In:  the options that may be raised, days as they were typed or as they were read. Out: fields.
//! Invariant: what is sent are the days that were priced. Source: R-NET-3.

use crate::show;
use crate::signed::Signed;
use billing::book::Product;
use billing::control::option_name;
use billing::resource::raise::Days;
use maud::{Markup, html};
use units::Timestamp;
use units::calendar::second_at;

/// What the fields of the first and the last day of a raise are called.
pub(crate) const FIRST: &str = "from";
pub(crate) const LAST: &str = "until";

/// What the options of a product are called that are raised for some days.
pub(crate) fn called(signed: &Signed, product: &Product) -> String {
    let language = signed.visit.language;
    let name = |it: &String| option_name(product, it).get(language).to_string();
    let names: Vec<String> = product.raised_for_days.iter().map(name).collect();
    show::listed(&names, language)
}

/// The first and the last day of what is `called`, where it is not for all the time that is left.
pub(crate) fn fields(signed: &Signed, called: &str, typed: &[Option<String>; 2]) -> Markup {
    let (texts, [first, last]) = (signed.visit.texts(), typed);
    html! {
        div.opts {
            div.opt {
                div.name { b { (texts.change_days_of(called)) } }
                div.what {
                    label { (texts.change_first_day()) " " input.input type="date" name=(FIRST) value=(first.as_deref().unwrap_or("")); }
                    label { (texts.change_last_day()) " " input.input type="date" name=(LAST) value=(last.as_deref().unwrap_or("")); }
                    p.hint { (texts.change_only_days()) }
                }
            }
        }
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
