//! What an account has to do something about, at the top of its overview: what is owed, what waits for its payment, and what will
//! not be renewed.
//!
//! In:  its overview. Out: banners, each with the way to bring money in, or to pay.
//! Invariant: what comes next is what the arrears do; what ends whether anything is owed or not is in the list below.

use crate::orders;
use crate::short;
use crate::show;
use crate::signed::Signed;
use billing::ahead::{Coming, Step};
use billing::order::Order;
use billing::renewal::Failure;
use billing::user::Right;
use desk::overview::Overview;
use maud::{Markup, html};
use units::{Money, ResourceId};

/// What is owed since when, what that has stopped already, and what it stops or deletes next.
pub(crate) fn arrears(signed: &Signed, of: &Overview) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let Some(since) = of.customer.account.arrears_since else { return html! {} };
    let owed = of.customer.wallet.owed();
    let said = [stopped(signed, of), next(signed, of)].into_iter().flatten();
    let all: Vec<String> = std::iter::once(texts.nothing_new_until_paid()).chain(said).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    html! {
        div.banner.bad role="status" {
            svg viewBox="0 0 20 20" aria-hidden="true" { circle cx="10" cy="10" r="7.5" {} path d="m7.2 7.2 5.6 5.6M12.8 7.2l-5.6 5.6" {} }
            p { b { (texts.you_owe_since(sum(signed, owed), visit.time(since))) } " " (show::sentences(&all, visit.language)) }
            div.acts { a.btn href=(short::top_up_of(owed)) { (texts.top_up()) } }
        }
    }
}

fn sum(signed: &Signed, it: Money) -> String {
    format!("{} {}", show::money(it), signed.unit())
}

/// What is stopped or limited; nothing where nothing is.
fn stopped(signed: &Signed, of: &Overview) -> Option<String> {
    let halted = &of.ahead.halted;
    let names: Vec<String> = halted.first.iter().map(|it| signed.called(it)).collect();
    let names = show::listed(&names, signed.visit.language);
    let names = if halted.all > halted.first.len() { format!("{names}…") } else { names };
    (halted.all > 0).then(|| signed.visit.texts().stopped_already(names))
}

/// The first step by which arrears take something away.
fn next(signed: &Signed, of: &Overview) -> Option<String> {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let step = of.ahead.taken?;
    let id = step.coming.resource()?;
    Some(texts.stops_next(visit.time(step.at), name(signed, of, id), step.coming.text().get(visit.language)))
}

fn name(signed: &Signed, of: &Overview, id: ResourceId) -> String {
    of.ahead.resources.get(&id).map_or_else(|| id.to_string(), |it| signed.called(it))
}

/// That a purchase waits for its payment: what is to be paid, until when, and where.
pub(crate) fn unpaid(signed: &Signed, of: &Overview) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let Some(first) = of.unpaid.first() else { return html! {} };
    let dues = of.unpaid.iter().map(Order::due).collect::<Result<Vec<_>, _>>().ok();
    let due = dues.and_then(|all| Money::sum(all, first.currency()).ok()).unwrap_or(first.total);
    let until = of.unpaid.iter().map(|it| it.expires).min().unwrap_or(first.expires);
    let order = format!("/orders/{}", first.id);
    html! {
        div.banner.care role="status" {
            svg viewBox="0 0 20 20" aria-hidden="true" { path d="M10 3 2.5 16.5h15zM10 8v4.2M10 14.2v.6"; }
            p { b { (texts.order_waits(sum(signed, due), orders::title(signed, first))) } " " (texts.to_be_paid_until(visit.time(until))) }
            div.acts {
                @if signed.may(Right::Buy) { a.btn href=(format!("{order}/pay")) { (texts.pay_order()) } }
                @else { a.btn href=(order) { (texts.order()) } }
            }
        }
    }
}

/// That something is not renewed by itself because too little is there, what it costs, and what there is.
pub(crate) fn renewal(signed: &Signed, of: &Overview) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let failing = |it: &Step| match it.coming {
        Coming::RenewalFails(id, Failure::Balance) => it.sum.map(|sum| (it.at, id, sum)),
        Coming::RenewalFails(_, Failure::OpenOrder | Failure::Price)
        | Coming::Resource { .. }
        | Coming::PackEmpty(_)
        | Coming::PackEnds(_)
        | Coming::MoneyGone
        | Coming::MoneyBack => None,
    };
    let Some((at, id, costs)) = of.ahead.steps.iter().find_map(failing) else { return html! {} };
    let available = of.customer.wallet.available();
    let what = texts.renewal_will_fail(name(signed, of, id), visit.time(at));
    let why = texts.renewal_needs(sum(signed, costs), sum(signed, available));
    let missing = costs.checked_sub(available).ok().filter(|it| it.is_positive());
    short::told(signed, &what, &why, &missing.map_or_else(|| short::TOP_UP.to_string(), short::top_up_of))
}
