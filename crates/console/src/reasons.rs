//! Why something was refused, in both languages and with the names that people see.
//!
//! In:  a reason with its values. Out: a sentence; nothing where the detail of its problem is all there is.
//! Invariant: no name that only programs know stands in a sentence, where the price books have another.

use crate::visit::Visit;
use crate::{field_names, resource_words, rules, show};
use billing::change::ChangeError;
use billing::conversion::ConversionError;
use billing::impact::MonthError;
use billing::options::OptionError;
use billing::order::open::{Open, Stage};
use billing::quote::QuoteError;
use billing::raise::RangeError;
use billing::renewal::RenewalError;
use units::Money;
use units::calendar::CalendarError;
use web::reason::Reason;

/// A reason as a sentence.
pub(crate) fn said(visit: &Visit, reason: &Reason) -> Option<String> {
    let texts = visit.texts();
    match reason {
        Reason::NotAmong { word, words } => {
            Some(texts.reason_not_among(word, show::listed(words, visit.language)))
        }
        Reason::NoNumber(text) => Some(texts.reason_no_number(text)),
        Reason::Empty => Some(texts.reason_empty()),
        Reason::Price { quoted, now } => Some(price(visit, *quoted, *now)),
        Reason::OpenOrder(it) => Some(open_order(visit, it)),
        Reason::Change(it) => change(visit, it),
        Reason::Conversion(it) => conversion(visit, it),
        Reason::Renewal(it) => renewal(visit, it),
        Reason::Option(it) => Some(option(visit, it)),
        Reason::Quote(it) => quote(visit, it),
        Reason::Month(it) => month(visit, it),
        Reason::Calendar(it) => calendar(visit, it),
        Reason::Rule(it) => Some(rules::said(visit, it)),
    }
}

/// What is done about an order that is in the way, by how far it is.
fn open_order(visit: &Visit, it: &Open) -> String {
    let (texts, order) = (visit.texts(), it.order.to_string());
    match it.stage {
        Stage::Unpaid => texts.reason_open_order(order),
        Stage::Paying => texts.reason_order_paying(order),
        Stage::Paid => texts.reason_order_paid(order),
    }
}

/// A sum with its currency.
pub(crate) fn sum(visit: &Visit, it: Money) -> String {
    format!("{} {}", show::money(it), show::currency(it.currency(), visit.language))
}

/// What something cost, what it costs now, and the difference; nothing where that is the same.
pub(crate) fn difference(visit: &Visit, was: Money, is: Money) -> Option<String> {
    let more = is.checked_sub(was).ok().filter(|it| !it.is_zero())?;
    let (texts, [was, is]) = (visit.texts(), [was, is].map(|it| sum(visit, it)));
    Some(match more.is_positive() {
        true => texts.costs_more(was, is, sum(visit, more)),
        false => texts.costs_less(was, is, sum(visit, more.checked_neg().ok()?)),
    })
}

/// Another price than before; what goes back is below zero.
fn price(visit: &Visit, quoted: Money, now: Money) -> String {
    let texts = visit.texts();
    let back = |it: Money| Money::zero(it.currency()).checked_sub(it).ok().filter(|it| !it.is_negative());
    if quoted == now {
        return texts.reason_hold_changed();
    }
    match (back(quoted), back(now)) {
        (Some(quoted), Some(now)) => texts.reason_back_changed(sum(visit, quoted), sum(visit, now)),
        (Some(_) | None, _) => difference(visit, quoted, now).unwrap_or_else(|| texts.price_changed()),
    }
}

fn change(visit: &Visit, it: &ChangeError) -> Option<String> {
    let (texts, called) = (visit.texts(), |option: &str| field_names::option(visit, option));
    Some(match it {
        ChangeError::Expired(at) => texts.reason_expired(visit.exact_time(*at)),
        ChangeError::State(state) => texts.reason_not_changed(resource_words::state(texts, *state)),
        ChangeError::Fixed(option) => texts.reason_fixed(called(option)),
        ChangeError::OnlyRaised(option) => texts.reason_only_raised(called(option)),
        ChangeError::Same => texts.reason_same(),
        ChangeError::Lowered => texts.reason_lowered(),
        ChangeError::LoweredOften { most } => texts.reason_lowered_often(*most),
        ChangeError::SwitchedOften { option, value, most } => texts.reason_switched_often(
            called(option),
            field_names::value(visit, option, value),
            most.to_string(),
        ),
        ChangeError::SwitchAlone { option, with } => texts.reason_switch_alone(called(option), called(with)),
        ChangeError::Raised(it) => texts.reason_raised(visit.time(it.from), visit.time(it.to)),
        ChangeError::Days(it) => days(visit, it),
        ChangeError::Other => texts.reason_other(),
        // That is a reason of its own; no page sends what the others are about.
        ChangeError::OpenOrder(_) | ChangeError::NeedsOrder | ChangeError::Both => return None,
    })
}

fn days(visit: &Visit, it: &RangeError) -> String {
    let (texts, called) = (visit.texts(), |option: &str| field_names::option(visit, option));
    match it {
        RangeError::NotForDays(option) => texts.reason_not_for_days(called(option)),
        RangeError::One => texts.reason_one_for_days(),
        RangeError::NotMore(option) => texts.reason_not_more(called(option)),
        RangeError::NoDay(text) => texts.reason_no_day(text),
        RangeError::TooFar(text) => texts.reason_day_too_far(text),
        RangeError::Half => texts.reason_half_days(),
        RangeError::Empty => texts.reason_days_swapped(),
        RangeError::Begun(at) => texts.reason_day_begun(visit.exact_time(*at)),
        RangeError::BehindDeadline(at) => texts.reason_behind_deadline(visit.exact_time(*at)),
        RangeError::Taken { from, to } => {
            texts.reason_days_taken(visit.exact_time(*from), visit.exact_time(*to))
        }
    }
}

fn conversion(visit: &Visit, it: &ConversionError) -> Option<String> {
    let texts = visit.texts();
    Some(match it {
        ConversionError::Prepaid => texts.reason_prepaid_already(),
        ConversionError::NotConvertible(product) => {
            texts.convert_not_product(field_names::product(visit, product))
        }
        ConversionError::Excepted { option, value } => {
            let (called, value) =
                (field_names::option(visit, option), field_names::value(visit, option, value));
            texts.convert_not_with(show::labelled(&called, &value, visit.language))
        }
        ConversionError::ByUse => texts.reason_by_use_already(),
        ConversionError::StaysPrepaid(product) => {
            texts.reason_stays_prepaid(field_names::product(visit, product))
        }
        ConversionError::Expired(at) => texts.reason_expired(visit.exact_time(*at)),
        ConversionError::State(state) => texts.reason_not_converted(resource_words::state(texts, *state)),
        ConversionError::Other => texts.reason_other(),
        ConversionError::Calendar(it) => return calendar(visit, it),
        // That is a reason of its own.
        ConversionError::OpenOrder(_) => return None,
    })
}

fn renewal(visit: &Visit, it: &RenewalError) -> Option<String> {
    let texts = visit.texts();
    Some(match it {
        RenewalError::NotPrepaid => texts.reason_nothing_to_renew(),
        RenewalError::Late(at) => texts.reason_too_late_to_renew(visit.exact_time(*at)),
        RenewalError::Twice => texts.reason_twice(),
        RenewalError::Moved { shown, now } => {
            texts.reason_deadline_moved(visit.exact_time(*now), visit.exact_time(*shown))
        }
        RenewalError::State(it) => texts.reason_not_renewed(resource_words::state(texts, it.state)),
        RenewalError::Calendar(it) => return calendar(visit, it),
        // An order that waits is a reason of its own.
        RenewalError::OpenOrder(_) | RenewalError::Day(_) | RenewalError::NoStopDays(_) => return None,
    })
}

fn option(visit: &Visit, it: &OptionError) -> String {
    let (texts, called) = (visit.texts(), |option: &str| field_names::option(visit, option));
    match it {
        OptionError::Missing { option, choices } => {
            texts.reason_missing(called(option), values(visit, option, choices))
        }
        OptionError::NotOnSale { option, value, choices } => {
            texts.reason_not_on_sale(called(option), value, values(visit, option, choices))
        }
        OptionError::OutOfRange { option, value, from, to, step } => {
            let number = |it: &u64| show::thousands(&it.to_string());
            texts.reason_out_of_range(called(option), value, number(from), number(to), number(step))
        }
        OptionError::Below { option, value, other, least } => {
            texts.reason_below(called(option), value, called(other), least.to_string())
        }
        OptionError::Unknown { option, .. } => texts.reason_no_option(option),
        OptionError::DoesNotGoWith { option, .. } => texts.reason_goes_not_with(called(option)),
        OptionError::Combination { choices, .. } => texts.reason_no_combination(choices),
        OptionError::Retired { .. } => texts.reason_retired(),
    }
}

/// Values of an option that stand in a line, as people say them.
fn values(visit: &Visit, option: &str, choices: &str) -> String {
    let all: Vec<String> = choices.split(", ").map(|it| field_names::value(visit, option, it)).collect();
    show::listed(&all, visit.language)
}

fn quote(visit: &Visit, it: &QuoteError) -> Option<String> {
    let texts = visit.texts();
    match it {
        QuoteError::Option(it) => Some(option(visit, it)),
        QuoteError::Quantity { most, .. } => Some(texts.reason_quantity(show::thousands(&most.to_string()))),
        QuoteError::Months { choices, .. } => Some(texts.reason_months(choices)),
        QuoteError::TooShort { least, .. } => Some(texts.reason_fewer_months(*least)),
        QuoteError::NotPrepaid => Some(texts.reason_no_months()),
        QuoteError::UnknownProduct { .. }
        | QuoteError::Plan(_)
        | QuoteError::Rate(_)
        | QuoteError::Money(_) => None,
    }
}

fn month(visit: &Visit, it: &MonthError) -> Option<String> {
    match it {
        MonthError::Unreadable(text) => Some(visit.texts().reason_no_month(text)),
        MonthError::NotOver { month, until } => {
            let until = show::readable(until, &visit.calendar);
            Some(visit.texts().reason_month_not_over(month, until))
        }
        MonthError::Calendar(it) => calendar(visit, it),
    }
}

fn calendar(visit: &Visit, it: &CalendarError) -> Option<String> {
    match it {
        CalendarError::NoMonth(text) => Some(visit.texts().reason_no_month(text)),
        CalendarError::OutOfRange(_) | CalendarError::Malformed(_) => Some(visit.texts().reason_no_time()),
        CalendarError::UnknownZone(_) => None,
    }
}
