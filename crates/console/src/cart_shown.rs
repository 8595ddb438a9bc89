//! How a cart is shown: its items with their prices, the sum, and the button that pays it.
//!
//! In:  items as they stand, what was refused. Out: a page's body.
//! Invariant: an item that cannot be had says so beside it, and so does one whose price is another than when it was put
//! there, with the difference.

use crate::parts::{self, Wrong};
use crate::signed::Signed;
use crate::wish::field;
use crate::{reasons, short, show, slip, voucher_choice, words};
use billing::quote::Quote;
use desk::cart::Kept;
use desk::vouchers::Proposal;
use maud::{Markup, html};
use units::{Currency, Money};

/// What was refused: of which item, counted from 0, and whether it is that a price is another one.
pub(crate) struct Told {
    pub item: Option<usize>,
    pub wrong: Wrong,
    pub is_price: bool,
}

/// What is in a cart, and what vouchers would pay of it.
#[derive(Clone, Copy)]
pub(crate) struct Full<'a> {
    pub items: &'a [Kept],
    pub by_vouchers: Option<&'a Proposal>,
}

pub(crate) fn cart(signed: &Signed, it: Full<'_>, told: Option<&Told>) -> Markup {
    let (texts, items) = (signed.visit.texts(), it.items);
    html! {
        (refused(signed, told))
        @if let Some((sums, held)) = short_of(signed, it) { (short::missing(signed, sums, held)) }
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
                div.stick { (slip(signed, it)) (bar(signed, it)) p.hint { (texts.price_checked_again()) } }
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
                    p { (told.wrong.text) " " (texts.price_changed_hint()) }
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
            @if let Some(sums) = since(signed, it) { p.hint role="status" { (show::sentences(&[&texts.changed_since_put_here(), &sums], visit.language)) } }
            p.quiet { (chosen(signed, it)) }
            @if let Some(month) = it.month.as_ref().filter(|it| !it.lines.is_empty()) {
                p.quiet { (texts.about_a_month(month.hours, said(signed, month.total))) }
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

/// What it cost when it was put there, what it costs now and the difference; nothing where that is the same.
fn since(signed: &Signed, it: &Kept) -> Option<String> {
    reasons::difference(&signed.visit, it.was, it.quote.as_ref().ok()?.total)
}

/// What was chosen, in a line: options by name, months, the month in which it begins.
fn chosen(signed: &Signed, it: &Kept) -> String {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let option = |(name, value): &(String, String)| {
        let (name, value) = words::option(signed, &it.item.wish.product, name, value);
        format!("{name} {value}")
    };
    let wish = &it.item.wish;
    let options = words::in_order(signed, &wish.product, wish.options.clone());
    let options = options.iter().map(option);
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

fn slip(signed: &Signed, of: Full<'_>) -> Markup {
    let (texts, items) = (signed.visit.texts(), of.items);
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
                @if let Some([list, total, _]) = sums { (total_rows(signed, [list, total, due(of, total)])) }
            }
            @match sums {
                Some(sums) => (pay(signed, of, sums)),
                None => p.error data-say { (texts.cart_not_whole()) },
            }
        }
    }
}

/// What vouchers leave to be paid.
fn due(of: Full<'_>, total: Money) -> Money {
    of.by_vouchers.map_or(total, |it| it.due)
}

fn total_rows(signed: &Signed, [list, total, due]: [Money; 3]) -> Markup {
    let texts = signed.visit.texts();
    let less = list.checked_sub(total).ok().filter(|it| !it.is_zero());
    html! {
        @if let Some(less) = less { div.rule { dt { (texts.discount()) } dd.minus { "\u{2212}" (show::money(less)) } } }
        (slip::sum(signed, total, due))
    }
}

/// What is left of the balance, and the form that pays.
fn pay(signed: &Signed, of: Full<'_>, [_, total, held]: [Money; 3]) -> Markup {
    let (texts, items) = (signed.visit.texts(), of.items);
    let available = signed.customer.as_ref().map(|it| it.wallet.available());
    let due = due(of, total);
    let rest = due.checked_add(held).ok().zip(available).and_then(|(needed, it)| it.checked_sub(needed).ok());
    let rest = rest.filter(|it| !it.is_negative());
    let missing = missing(signed, of, held);
    html! {
        ul.also.dots {
            @if !held.is_zero() { li { (texts.held_while_it_lives(said(signed, held))) } }
            @match (available, missing, rest) {
                (Some(_), Some([available, missing]), _) => li { b { (texts.balance_short(said(signed, available), said(signed, missing))) } " " a href=(short::TOP_UP) { (texts.top_up()) } },
                (Some(available), None, Some(rest)) => li { (texts.balance_rest(said(signed, available), said(signed, rest))) },
                (Some(_), None, None) | (None, _, _) => {}
            }
        }
        form id="pay" method="post" action="/cart/pay" {
            (parts::hidden(&signed.visit))
            @for it in items { @if let Ok(quote) = &it.quote { input type="hidden" name=(format!("q.{}", it.id)) value=(quote.total.minor()); } }
            @if let Some(it) = of.by_vouchers { (voucher_choice::field(signed, it)) }
            (pay_button(signed, [total, due], missing.is_some()))
        }
    }
}

fn pay_button(signed: &Signed, [total, due]: [Money; 2], is_short: bool) -> Markup {
    let texts = signed.visit.texts();
    html! {
        button.btn.main.wide form="pay" disabled[is_short] {
            @if total.is_zero() { (texts.order_it()) } @else { (slip::pay_word(signed, due)) }
        }
    }
}

/// What is there of the balance and what is missing for what is paid and held, however vouchers are chosen; `None` when it is enough.
fn missing(signed: &Signed, of: Full<'_>, held: Money) -> Option<[Money; 2]> {
    voucher_choice::missing(signed, of.by_vouchers?, held)
}

/// What is there of the balance and what is missing for all of it, where it does not suffice; what is held of it meanwhile.
fn short_of(signed: &Signed, of: Full<'_>) -> Option<([Money; 2], Money)> {
    let [_, _, held] = sums(of.items, signed.customer.as_ref()?.account.currency)?;
    Some((missing(signed, of, held)?, held))
}

/// What is to be paid and its button, at the lower edge of a narrow screen.
fn bar(signed: &Signed, of: Full<'_>) -> Markup {
    let sums = signed.customer.as_ref().and_then(|it| sums(of.items, it.account.currency));
    html! {
        @if let Some([_, total, held]) = sums {
            @let due = due(of, total);
            @let button = pay_button(signed, [total, due], missing(signed, of, held).is_some());
            (slip::bar_of(signed, due, &signed.visit.texts().to_pay(), &button))
        }
    }
}
