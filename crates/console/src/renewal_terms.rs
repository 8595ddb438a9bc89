//! For how long something may be renewed, and how the price of a renewal comes about.
//!
//! In:  resources of an account, a quote. Out: the months that all of those have that can be renewed; words for a slip.
//! Invariant: what cannot be renewed at all takes no months away from the others; every figure is one of the quote.
//! Source: R-REN-1, R-PRC-4.

use crate::signed::Signed;
use crate::{arithmetic, lines_shown, short, show, voucher_choice};
use billing::choices::{self, MonthsChoice};
use billing::price::FULL_RATE_E8;
use billing::quote::Quote;
use billing::resource::Resource;
use desk::bulk::{self, Action};
use desk::{At, vouchers};
use maud::{Markup, html};
use units::{AccountId, Money};

/// The months that all of those are sold for that can be renewed, each with the lowest rate that any of them gets for it.
pub(crate) fn months(at: At<'_>, account: AccountId, all: &[&Resource]) -> Vec<MonthsChoice> {
    let may = |it: &&&Resource| bulk::is_offered(at, it, Action::Renewal);
    let mut each = all.iter().filter(may).map(|it| sold(at, account, it));
    let Some(mut months) = each.next() else { return Vec::new() };
    for own in each {
        months.retain_mut(|it| match own.iter().find(|other| other.months == it.months) {
            Some(other) => {
                it.rate_e8 = it.rate_e8.min(other.rate_e8);
                it.barred = it.barred.take().or_else(|| other.barred.clone());
                true
            }
            None => false,
        });
    }
    months
}

/// The months that one resource is sold for; none where the book of now does not know its product.
fn sold(at: At<'_>, account: AccountId, it: &Resource) -> Vec<MonthsChoice> {
    let Ok(book) = at.book_of(account, it.currency) else { return Vec::new() };
    let product = book.product(&it.product);
    product.map_or_else(Vec::new, |product| choices::months(book, product, &it.own_options()))
}

/// The choice of them, which begins with `asked`.
pub(crate) fn field(signed: &Signed, all: &[MonthsChoice], asked: u32) -> Markup {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    html! {
        div.field {
            label for="months" { (texts.duration()) }
            select.input.w-m id="months" name="months" {
                @for it in all {
                    option value=(it.months) selected[it.months == asked] disabled[it.barred.is_some()] {
                        (texts.months(it.months))
                        @if it.rate_e8 < FULL_RATE_E8 { (language.say(", ".into(), "，".into())) (show::less(it.rate_e8, language)) }
                    }
                }
            }
        }
    }
}

/// How the price of one comes about: its lines at their list prices, and what is taken off.
pub(crate) fn lines(signed: &Signed, quote: &Quote) -> Markup {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let less = quote.list.checked_sub(quote.total).ok().filter(|it| !it.is_zero());
    let said = |name: &str, value: &str| show::labelled(name, value, language);
    html! {
        @for line in &quote.lines {
            small { (said(&lines_shown::component(signed, &quote.product, line), &arithmetic::of_list(signed, &quote.product, line))) }
        }
        @if let Some(less) = less {
            @let rates = lines_shown::rates(signed, quote);
            small { (said(&texts.discount(), &format!("\u{2212}{}", show::money(less)))) (language.say(format!(" ({rates})"), format!("（{rates}）"))) }
        }
    }
}

/// What is left of the balance behind it, or what is missing.
pub(crate) fn balance(signed: &Signed, by_vouchers: &vouchers::Proposal) -> Markup {
    let (texts, unit) = (signed.visit.texts(), signed.unit());
    let said = |it: Money| format!("{} {unit}", show::money(it));
    let missing = voucher_choice::missing(signed, by_vouchers, Money::zero(by_vouchers.total.currency()));
    let available = signed.customer.as_ref().map(|it| it.wallet.available());
    let rest = available.and_then(|it| Some((it, it.checked_sub(by_vouchers.due).ok()?)));
    html! {
        ul.also.dots {
            @match (missing, rest.filter(|it| !it.1.is_negative())) {
                (Some([available, missing]), _) => li { b { (texts.balance_short(said(available), said(missing))) } " " a href=(short::top_up_of(missing)) { (texts.top_up()) } },
                (None, Some((available, rest))) => li { (texts.balance_rest(said(available), said(rest))) },
                (None, None) => {}
            }
        }
    }
}
