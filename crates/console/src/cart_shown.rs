//! How a cart is shown: its items with their prices, the sum, and the button that pays it.
//!
//! In:  items as they stand, what was refused. Out: a page's body.
//! Invariant: an item that cannot be had says so beside it, and so does one whose price is another than when it was put there.

use crate::parts::{self, Wrong};
use crate::signed::Signed;
use crate::wish::field;
use crate::words;
use crate::{short, show};
use billing::quote::Quote;
use desk::cart::Kept;
use maud::{Markup, html};
use units::{Currency, Money};

/// What was refused: of which item, counted from 0, and whether it is that a price is another one.
pub(crate) struct Told {
    pub item: Option<usize>,
    pub wrong: Wrong,
    pub is_price: bool,
}

pub(crate) fn cart(signed: &Signed, items: &[Kept], told: Option<&Told>) -> Markup {
    let texts = signed.visit.texts();
    html! {
        (refused(signed, told))
        @if let Some((sums, held)) = short_of(signed, items) { (short::missing(signed, sums, held)) }
        @if items.is_empty() {
            div.empty { h2 { (texts.cart_empty()) } p { (texts.cart_empty_hint()) } p.acts { a.btn.main href="/buy" { (texts.buy()) } } }
        } @else {
            div.buy {
                div {
                    @for (index, it) in items.iter().enumerate() {
                        (item(signed, it, told.filter(|told| told.item == Some(index))))
                    }
                    p.acts { a.btn href="/buy" { (texts.buy_more()) } }
                    (what_then(signed))
                }
                div.stick { (slip(signed, items)) (bar(signed, items)) p.hint { (texts.price_checked_again()) } }
            }
        }
    }
}

fn refused(signed: &Signed, told: Option<&Told>) -> Markup {
    let texts = signed.visit.texts();
    html! {
        @if let Some(told) = told {
            @if told.is_price {
                div.errors role="alert" tabindex="-1" aria-labelledby="h-err" {
                    h2 id="h-err" { (texts.price_changed()) }
                    p { (texts.price_changed_hint()) }
                }
            } @else { (parts::errors(&signed.visit, Some(&told.wrong))) }
        }
    }
}

fn what_then(signed: &Signed) -> Markup {
    let texts = signed.visit.texts();
    html! {
        section aria-labelledby="h-then" {
            div.sect { h2 id="h-then" { (texts.what_then()) } }
            ul.tick {
                li { (texts.cart_held()) }
                li { (texts.then_delivered()) }
                li { (texts.then_failed()) }
            }
        }
    }
}

/// The address of its purchase page, with all that was chosen.
fn change(it: &Kept) -> String {
    let (wish, mut to) = (&it.item.wish, form_urlencoded::Serializer::new(String::new()));
    to.extend_pairs(wish.options.iter().map(|(option, value)| (field(option), value.clone())));
    if wish.months > 0 {
        to.append_pair("months", &wish.months.to_string());
    }
    if let Some(month) = &it.item.month {
        to.append_pair("start", month);
    }
    to.append_pair("quantity", &wish.quantity.to_string());
    if !it.item.name.is_empty() {
        to.append_pair("name", &it.item.name);
    }
    to.append_pair("cart", &it.id);
    format!("/buy/{}?{}", wish.product, to.finish())
}

fn item(signed: &Signed, it: &Kept, told: Option<&Told>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let id = format!("i-{}", it.id);
    html! {
        article.bad[it.quote.is_err()] aria-labelledby=(id) {
            div.sect {
                h2 id=(id) { (signed.product(&it.item.wish.product)) @if !it.item.name.is_empty() { (signed.visit.language.say(": ".into(), "：".into())) (it.item.name) } }
                a.more href=(change(it)) { (texts.change()) }
            }
            @if let Err(refusal) = &it.quote { p.error { (texts.not_to_be_had(Wrong::of_refusal(refusal, visit).text)) } }
            @if let Some(told) = told.filter(|it| !it.is_price) { p.error { (told.wrong.text) } }
            @if it.is_dearer_or_cheaper() { @if let Ok(quote) = &it.quote { p.hint role="status" { (texts.was_and_is(said(signed, it.was), said(signed, quote.total))) } } }
            p.quiet { (chosen(signed, it)) }
            @if let Some(month) = it.month.as_ref().filter(|it| !it.lines.is_empty()) {
                p.quiet { (texts.about_a_month(said(signed, month.total), month.hours.to_string())) }
            }
            div.line {
                form.line method="post" action="/cart/count" {
                    (parts::hidden(visit))
                    input type="hidden" name="item" value=(it.id);
                    input.input.n.w-s type="number" name="quantity" min="1" value=(it.item.wish.quantity) inputmode="numeric" aria-label=(texts.quantity());
                    button.btn.small { (texts.change_count()) }
                }
                (parts::button(visit, "/cart/remove", &[("item", &it.id)], &texts.take_out()))
            }
        }
    }
}

/// What was chosen, in a line: options by name, months, the month in which it begins.
fn chosen(signed: &Signed, it: &Kept) -> String {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let option = |(name, value): &(String, String)| {
        let (name, value) = words::option(signed, &it.item.wish.product, name, value);
        format!("{name} {value}")
    };
    let options = it.item.wish.options.iter().map(option);
    let months = (it.item.wish.months > 0).then(|| texts.months(it.item.wish.months));
    let start =
        it.item.month.as_ref().map(|month| format!("{} {}", texts.begins(), show::month(month, language)));
    options.chain(months).chain(start).collect::<Vec<_>>().join(" · ")
}

fn said(signed: &Signed, it: Money) -> String {
    format!("{} {}", show::money(it), signed.unit())
}

/// What all of it comes to: list, to pay, held. `None` where an item cannot be had, or a sum is too large.
fn sums(items: &[Kept], currency: Currency) -> Option<[Money; 3]> {
    let mut sums = [Money::zero(currency); 3];
    for it in items {
        let Quote { list, total, freeze, quantity, .. } = it.quote.as_ref().ok()?;
        let held = freeze.checked_mul(*quantity).ok()?;
        for (sum, more) in sums.iter_mut().zip([*list, *total, held]) {
            *sum = sum.checked_add(more).ok()?;
        }
    }
    Some(sums)
}

fn slip(signed: &Signed, items: &[Kept]) -> Markup {
    let texts = signed.visit.texts();
    let sums = signed.customer.as_ref().and_then(|it| sums(items, it.account.currency));
    html! {
        aside.slip aria-labelledby="h-price" {
            h2 id="h-price" { (texts.order()) }
            dl.rows {
                @for it in items {
                    div {
                        dt { (signed.product(&it.item.wish.product)) small { (it.item.name) @if it.item.wish.quantity > 1 { " × " (it.item.wish.quantity) } } }
                        dd { @match &it.quote { Ok(quote) => (show::money(quote.list)), Err(_) => "–" } }
                    }
                }
                @if let Some([list, total, _]) = sums { (total_rows(signed, list, total)) }
            }
            @match sums {
                Some(sums) => (pay(signed, items, sums)),
                None => p.error data-say { (texts.cart_not_whole()) },
            }
        }
    }
}

fn total_rows(signed: &Signed, list: Money, total: Money) -> Markup {
    let texts = signed.visit.texts();
    let less = list.checked_sub(total).ok().filter(|it| !it.is_zero());
    html! {
        @if let Some(less) = less { div.rule { dt { (texts.discount()) } dd.minus { "\u{2212}" (show::money(less)) } } }
        div.sum data-say { dt { (texts.to_pay()) } dd { (show::money(total)) " " span.cur { (signed.unit()) } } }
    }
}

/// What is left of the balance, and the form that pays.
fn pay(signed: &Signed, items: &[Kept], [_, total, held]: [Money; 3]) -> Markup {
    let texts = signed.visit.texts();
    let available = signed.customer.as_ref().map(|it| it.wallet.available());
    let rest =
        total.checked_add(held).ok().zip(available).and_then(|(needed, it)| it.checked_sub(needed).ok());
    let missing = missing(signed, total, held);
    html! {
        ul.also.dots {
            @if !held.is_zero() { li { (texts.held_while_it_lives(said(signed, held))) } }
            @match (available, missing, rest) {
                (Some(available), Some(missing), _) => li { b { (texts.balance_short(said(signed, available), said(signed, missing))) } " " a href=(short::TOP_UP) { (texts.top_up()) } },
                (Some(available), None, Some(rest)) => li { (texts.balance_rest(said(signed, available), said(signed, rest))) },
                (Some(_), None, None) | (None, _, _) => {}
            }
        }
        form id="pay" method="post" action="/cart/pay" {
            (parts::hidden(&signed.visit))
            @for it in items { @if let Ok(quote) = &it.quote { input type="hidden" name=(format!("q.{}", it.id)) value=(quote.total.minor()); } }
            (pay_button(signed, total, missing))
        }
    }
}

fn pay_button(signed: &Signed, total: Money, missing: Option<Money>) -> Markup {
    let texts = signed.visit.texts();
    html! {
        button.btn.main.wide form="pay" disabled[missing.is_some()] {
            @if total.is_zero() { (texts.order_it()) } @else { (texts.pay(said(signed, total))) }
        }
    }
}

/// What is missing of the balance for what is paid and held; `None` when it is enough.
fn missing(signed: &Signed, total: Money, held: Money) -> Option<Money> {
    let available = signed.customer.as_ref()?.wallet.available();
    total.checked_add(held).ok()?.checked_sub(available).ok().filter(|it| it.is_positive())
}

/// What is there of the balance and what is missing for all of it, where it does not suffice; what is held of it meanwhile.
fn short_of(signed: &Signed, items: &[Kept]) -> Option<([Money; 2], Money)> {
    let it = signed.customer.as_ref()?;
    let [_, total, held] = sums(items, it.account.currency)?;
    Some(([it.wallet.available(), missing(signed, total, held)?], held))
}

/// What is to be paid and its button, at the lower edge of a narrow screen.
fn bar(signed: &Signed, items: &[Kept]) -> Markup {
    let sums = signed.customer.as_ref().and_then(|it| sums(items, it.account.currency));
    html! {
        @if let Some(sums) = sums {
            div.paybar {
                div { b.n { (show::money(sums[1])) " " span.cur { (signed.unit()) } } span.hint { (signed.visit.texts().to_pay()) } }
                (pay_button(signed, sums[1], missing(signed, sums[1], sums[2])))
            }
        }
    }
}
