//! The slip: what is to be paid, how it comes about, and what is charged later.
//!
//! In:  a quote that was taken apart. Out: the one tinted thing of a page.
//! Invariant: every figure is one of the quote that will be ordered; nothing is computed here but what is left of a balance.

use crate::parts::Wrong;
use crate::signed::Signed;
use crate::{after_use, burn, short, show, tariff, voucher_choice};
use billing::book::Component;
use billing::breakdown::{self, Breakdown, PaidNow, RateFrom};
use billing::language::Language;
use billing::plan::Part;
use billing::price::FULL_RATE_E8;
use billing::quote::Quote;
use desk::breakdown::Detailed;
use desk::pack_quotes::PackQuote;
use desk::vouchers::Proposal;
use maud::{Markup, html};
use units::Money;

/// The rows of a slip: what is paid now. `due` is what vouchers leave of it.
pub(crate) fn rows(signed: &Signed, it: &Detailed, due: Money) -> Markup {
    let texts = signed.visit.texts();
    let (quote, parts) = (&it.quote, &it.breakdown);
    let less = quote.list.checked_sub(quote.total).ok().filter(|it| !it.is_zero());
    html! {
        dl.rows {
            @for line in &parts.now { (paid_now(signed, parts, line)) }
            @for place in &parts.included { (included(signed, parts, *place)) }
            @if quote.quantity > 1 {
                div { dt { (texts.pieces(quote.quantity, show::thousands(&quote.quantity.to_string()))) } dd { (show::money(quote.list)) } }
            }
            @if let Some(less) = less {
                div.rule { dt { (texts.discount()) small { (rates(signed, parts)) } } dd.minus { "\u{2212}" (show::money(less)) } }
            }
            (sum(signed, quote.total, due))
        }
    }
}

/// The last rows of a slip: where vouchers pay, the sum and what they pay of it; and what is left to be paid.
pub(crate) fn sum(signed: &Signed, total: Money, due: Money) -> Markup {
    let texts = signed.visit.texts();
    let by_vouchers = total.checked_sub(due).ok().filter(|it| it.is_positive());
    html! {
        @if let Some(paid) = by_vouchers {
            @let minus = voucher_choice::minus(paid);
            div.rule { dt { (texts.sum()) } dd { (show::money(total)) } }
            div { dt { (texts.from_vouchers()) } dd.minus data-minus=(minus) { (minus) } }
        }
        div.sum data-say { dt { (texts.to_pay()) } dd { span data-due=(show::money(due)) { (show::money(due)) } " " span.cur { (signed.unit()) } } }
    }
}

/// What a button says that pays what vouchers leave; it follows the vouchers that are chosen.
pub(crate) fn pay_word(signed: &Signed, due: Money) -> Markup {
    let sum = show::money(due);
    html! { span data-due=(sum) { (signed.visit.texts().pay(format!("{sum} {}", signed.unit()))) } }
}

pub(crate) fn name(component: &Component, language: Language) -> String {
    component.label.or(&component.name).get(language).to_string()
}

fn paid_now(signed: &Signed, parts: &Breakdown, line: &PaidNow) -> Markup {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let component = parts.component(&line.part);
    let quantity = line.steps.iter().find_map(|it| it.by_quantity(language));
    let price = quantity.unwrap_or_else(|| tariff::words(component, parts.item(&line.part), language));
    let currency = signed.customer.as_ref().map(|it| it.account.currency);
    html! {
        div {
            dt {
                (name(component, language))
                small {
                    (price)
                    @if line.months > 0 { " × " (texts.months(line.months)) }
                    @if line.days > 0 { (language.say(", ".into(), "，".into())) (texts.with_days(line.days)) }
                }
                (listed(signed, parts, &line.part))
            }
            dd { @if let Some(currency) = currency { (show::cost(line.list_e8.into(), currency)) } }
        }
    }
}

/// What everybody else pays, where a contract price stands in its place.
fn listed(signed: &Signed, parts: &Breakdown, part: &Part) -> Markup {
    let price = |it| tariff::words(parts.component(part), it, signed.visit.language);
    html! {
        @if let Some(item) = parts.listed(part) {
            small { (signed.visit.texts().contract_price_instead(price(item))) }
        }
    }
}

fn included(signed: &Signed, parts: &Breakdown, place: usize) -> Markup {
    let component = parts.plan.product().components.get(place);
    html! {
        @if let Some(component) = component {
            div { dt { (name(component, signed.visit.language)) small { (signed.visit.texts().included()) } } dd { @if let Some(it) = &signed.customer { (show::money(Money::zero(it.account.currency))) } } }
        }
    }
}

/// Which components cost less than the list, at which rate and why; those with the same rates are named together.
fn rates(signed: &Signed, parts: &Breakdown) -> String {
    let language = signed.visit.language;
    let between = language.say("; ".into(), "；".into());
    let mut said: Vec<(String, Vec<String>)> = Vec::new();
    for line in parts.now.iter().filter(|it| !it.rates.is_empty()) {
        let why: Vec<String> = line.rates.iter().map(|it| why_less(signed, &it.0, it.1)).collect();
        let (rate, why) = (breakdown::rate(line.rate_e8), why.join(&between));
        let text = language.say(format!(" × {rate} ({why})"), format!(" × {rate}（{why}）"));
        let called = name(parts.component(&line.part), language);
        match said.iter_mut().find(|it| it.0 == text) {
            Some((_, names)) if names.contains(&called) => {}
            Some((_, names)) => names.push(called),
            None => said.push((text, vec![called])),
        }
    }
    let one = |(text, names): &(String, Vec<String>)| format!("{}{text}", show::listed(names, language));
    said.iter().map(one).collect::<Vec<_>>().join(&between)
}

/// Where a rate comes from, and how much it is alone.
fn why_less(signed: &Signed, from: &RateFrom, rate_e8: u64) -> String {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    match from {
        RateFrom::Months { months, .. } => {
            show::listed(&[texts.months(*months), show::less(rate_e8, language)], language)
        }
        RateFrom::Contract => texts.contract_rate(breakdown::rate(rate_e8)),
        RateFrom::Offer(_) => texts.offered_rate(breakdown::rate(rate_e8)),
    }
}

/// What is charged after use, and what else is to be known before buying. `by_vouchers` is what vouchers would pay.
pub(crate) fn later(signed: &Signed, it: &Detailed, by_vouchers: &Proposal) -> Markup {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let parts = &it.breakdown;
    html! {
        @if !parts.later.is_empty() {
            h3.later { (texts.charged_later()) }
            dl.rows {
                @for line in &parts.later {
                    @let component = parts.component(&line.part);
                    div {
                        dt {
                            (name(component, language)) small { (tariff::when(texts, component, language)) }
                            @for it in tariff::besides(texts, component, parts.item(&line.part), language) { small { (it) } }
                            @for it in after_use::limits(signed, parts, &line.part) { small { (it) } }
                            (listed(signed, parts, &line.part))
                            @if line.rate_e8 != FULL_RATE_E8 { small { (texts.contract_rate(breakdown::rate(line.rate_e8))) } }
                        }
                        dd.wrap { (after_use::price(parts, &line.part, language)) }
                    }
                }
            }
        }
        ul.also.dots {
            @if let Some(share) = breakdown::a_month(&it.quote) {
                li { (texts.a_month(format!("{} {}", show::money(share), signed.unit()))) }
            }
            @if let Some(month) = &parts.month {
                @if !month.lines.is_empty() { li { (texts.about_a_month(month.hours, format!("{} {}", show::money(month.total), signed.unit()))) } }
                @if !month.left_out.is_empty() && !month.lines.is_empty() { li { (texts.use_not_in_it()) } }
            }
            @if let Some(held) = held(&it.quote).filter(|it| !it.is_zero()) {
                li { (texts.held_while_it_lives(format!("{} {}", show::money(held), signed.unit()))) }
            }
            @if let Some(pack) = &it.pack { (of_pack(signed, pack)) }
            (balance(signed, &it.quote, by_vouchers))
        }
    }
}

/// From when until when a pack is good, and when it would be empty.
fn of_pack(signed: &Signed, it: &PackQuote) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        li { (texts.pack_period(visit.time(it.period.effective), visit.time(it.period.expires))) }
        @if let Some(short) = burn::short_of_month(signed, it.period.effective, it.period.expires) { li { (short) } }
        @if it.looks_back { li { (texts.pack_looks_back()) } }
        @match it.empty {
            Some(empty) => li { (texts.pack_empty(visit.time(empty))) },
            None if it.is_used => li { (texts.pack_left()) },
            None => li { (texts.pack_no_use()) },
        }
    }
}

/// What is held of the balance while all pieces live.
pub(crate) fn held(quote: &Quote) -> Option<Money> {
    quote.freeze.checked_mul(quote.quantity).ok()
}

/// What is there of the balance and what is missing for a purchase, however vouchers are chosen; `None` when it is enough.
pub(crate) fn missing(signed: &Signed, quote: &Quote, by_vouchers: &Proposal) -> Option<[Money; 2]> {
    voucher_choice::missing(signed, by_vouchers, held(quote)?)
}

fn balance(signed: &Signed, quote: &Quote, by_vouchers: &Proposal) -> Markup {
    let (texts, unit) = (signed.visit.texts(), signed.unit());
    let available = signed.customer.as_ref().map(|it| it.wallet.available());
    let said = |it: Money| format!("{} {unit}", show::money(it));
    let needed = || by_vouchers.due.checked_add(held(quote)?).ok();
    let rest = || available?.checked_sub(needed()?).ok().filter(|it| !it.is_negative());
    html! {
        @if let Some(available) = available {
            @match (missing(signed, quote, by_vouchers), rest()) {
                (Some([available, missing]), _) => li { b { (texts.balance_short(said(available), said(missing))) } " " a href=(short::top_up_of(missing)) { (texts.top_up()) } },
                (None, Some(rest)) => li { (texts.balance_rest(said(available), said(rest))) },
                (None, None) => {}
            }
        }
    }
}

/// What vouchers leave to be paid and the button that goes on, at the lower edge of a narrow screen.
pub(crate) fn bar(signed: &Signed, it: &Detailed, due: Money, button: &Markup) -> Markup {
    let texts = signed.visit.texts();
    let hint = if it.breakdown.later.is_empty() { texts.to_pay() } else { texts.to_pay_and_later() };
    bar_of(signed, due, &hint, button)
}

/// The same of any sum.
pub(crate) fn bar_of(signed: &Signed, sum: Money, hint: &str, button: &Markup) -> Markup {
    html! {
        div.paybar {
            div { b.n { span data-due=(show::money(sum)) { (show::money(sum)) } " " span.cur { (signed.unit()) } } span.hint { (hint) } }
            (button)
        }
    }
}

/// Why there is no price.
pub(crate) fn no_price(signed: &Signed, wrong: &Wrong) -> Markup {
    html! { p.error data-say { (wrong.text) } p.hint { (signed.visit.texts().no_price_hint()) } }
}
