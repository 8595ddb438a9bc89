//! Paying ahead for what is paid by use: for how long, what it costs and until when, and the order.
//!
//! In:  a resource, months. Out: a page with the price; an order that is paid, or the way to pay it.
//! Invariant: nothing is ordered but at the price that was shown; until it is paid the resource is paid by use as before.

use crate::fields::Fields;
use crate::parts;
use crate::posted::Posted;
use crate::resource::own;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::voucher_choice::{self, Picked};
use crate::{choice, frame, lost, renewal, short, show, slip};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use billing::order::Action;
use billing::user::Right;
use desk::conversions::{self, Conversion, Proposal, Wanted};
use desk::lists::resources as list;
use desk::purchases::Pay;
use desk::resources::Own;
use desk::vouchers;
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use units::Money;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/resources/{resource}/convert", get(choose).post(order))
}

/// What a page shows.
struct Shown {
    called: String,
    /// For how many months it is sold; none where it is not converted.
    months: Vec<u32>,
    chosen: u32,
    found: Result<Found, Refusal>,
}

/// What it would come to, and what vouchers would pay of that.
struct Found {
    it: Proposal,
    by_vouchers: vouchers::Proposal,
}

fn found(tx: &mut Tx<'_>, at: At<'_>, wanted: Wanted) -> Result<Found, Refusal> {
    let it = conversions::quote(tx, at, wanted)?;
    let by_vouchers = voucher_choice::proposed(tx, at, wanted.own.account, (&[&it.quote], Action::Convert))?;
    Ok(Found { it, by_vouchers })
}

fn read(tx: &mut Tx<'_>, at: At<'_>, own: Own, asked: Option<u32>) -> Result<(Shown, String), Refusal> {
    let resource = list::one(tx, own.account, own.id)?.shown.resource;
    let (months, found) = match conversions::months(tx, at, own) {
        Ok(months) => {
            let chosen = asked.or(months.first().copied()).unwrap_or(1);
            (months, (chosen, found(tx, at, Wanted { own, months: chosen, quoted_minor: None })))
        }
        Err(refusal) => (Vec::new(), (1, Err(refusal))),
    };
    let (chosen, found) = found;
    let product = resource.product.clone();
    Ok((Shown { called: resource.name, months, chosen, found }, product))
}

async fn choose(
    signed: Signed,
    Path(resource): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Response> {
    let (own, form) = (own(&signed, &resource).await?, Fields::of(query));
    let failed = |problem: Problem| lost::failed(&signed.visit, &problem);
    choice::number::<u32>(&form, "months").map_err(failed)?;
    page(&signed, own, &form, None).await
}

async fn page(
    signed: &Signed,
    own: Own,
    form: &Fields,
    wrong: Option<&Problem>,
) -> Result<Response, Response> {
    frame::needs(signed, Right::Buy)?;
    let asked = choice::number::<u32>(form, "months").ok().flatten();
    let (shown, product) = signed.read(move |tx, at| read(tx, at, own, asked)).await?;
    let price = price(signed, &shown);
    if signed.visit.part.as_deref() == Some("price") {
        return Ok(Html(price.into_string()).into_response());
    }
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let path = format!("/resources/{}", own.id);
    let to = format!("{path}/convert");
    let missing = shown.found.as_ref().ok().and_then(|it| short_of(signed, &it.by_vouchers));
    let body = html! {
        (parts::not_ordered(visit, wrong))
        @if let Some(sums) = missing { (short::missing(signed, sums, Money::zero(sums[0].currency()))) }
        // The choice goes into the address; what is ordered is sent by a form of its own, whose fields stand in the slip.
        form.buy method="get" data-live=(to) {
            div { @if !shown.months.is_empty() { (months(signed, &shown)) } }
            div.stick { (price) }
        }
        form id="to-convert" method="post" action=(to) { (parts::hidden(visit)) }
    };
    let called = if shown.called.is_empty() { signed.product(&product) } else { shown.called };
    let resources = texts.resources();
    let above = [("/resources", resources.as_str()), (path.as_str(), called.as_str())];
    let page =
        frame::Page { title: &texts.convert(), sub: &texts.convert_hint(), above: &above, body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.status), &page))
}

/// What is there of the balance and what is missing, where it does not suffice.
fn short_of(signed: &Signed, by_vouchers: &vouchers::Proposal) -> Option<[Money; 2]> {
    voucher_choice::missing(signed, by_vouchers, Money::zero(by_vouchers.total.currency()))
}

fn months(signed: &Signed, shown: &Shown) -> Markup {
    let texts = signed.visit.texts();
    html! {
        div.field {
            label for="months" { (texts.duration()) }
            select.input.w-m id="months" name="months" {
                @for it in &shown.months { option value=(it) selected[*it == shown.chosen] { (texts.months(*it)) } }
            }
        }
    }
}

fn price(signed: &Signed, shown: &Shown) -> Markup {
    let texts = signed.visit.texts();
    let (content, bar) = match &shown.found {
        Ok(found) => ordered(signed, found),
        Err(refusal) => {
            let why = parts::why(&signed.visit, refusal);
            let bar = html! { div.paybar { div { b { "–" } span.hint { (why) } } } };
            (html! { p.error data-say { (why) } }, bar)
        }
    };
    html! {
        div.live id="price" {
            aside.slip aria-labelledby="h-price" { h2 id="h-price" { (texts.price()) } (content) }
            (bar)
        }
    }
}

/// The price, what happens then, and the ways to pay it.
fn ordered(signed: &Signed, Found { it, by_vouchers }: &Found) -> (Markup, Markup) {
    let (visit, texts, unit) = (&signed.visit, signed.visit.texts(), signed.unit());
    let (total, list) = (it.quote.total, it.quote.list);
    let less = list.checked_sub(total).ok().filter(|it| !it.is_zero());
    let is_short = short_of(signed, by_vouchers).is_some();
    let button = html! {
        button.btn.main.wide form="to-convert" disabled[is_short] { (slip::pay_word(signed, by_vouchers.due)) }
    };
    let later = html! {
        button.btn.wide form="to-convert" name="by" value="later" {
            @if signed.takes_cards() { (texts.pay_by_card()) } @else { (texts.order_and_pay_later()) }
        }
    };
    let content = html! {
        dl.rows {
            div {
                @match it.listed {
                    Some(usual) => dt { (texts.own_price(unit)) small { (texts.contract_price_instead(show::money(usual))) } },
                    None => dt { (texts.list_price(unit)) },
                }
                dd { (show::money(list)) }
            }
            @if let Some(less) = less {
                div { dt { (texts.discount()) } dd.minus { "\u{2212}" (show::money(less)) } }
            }
            (slip::sum(signed, total, by_vouchers.due))
        }
        ul.also.dots {
            li { (texts.convert_until(visit.time(it.until))) @if it.quote.days > 0 { (visit.language.say(", ".into(), "，".into())) (texts.with_days(it.quote.days)) } }
            li { (texts.convert_by_use()) }
            @if it.freed.is_positive() { li { (texts.convert_frees(format!("{} {unit}", show::money(it.freed)))) } }
            li { (texts.convert_no_whole()) }
            li { (texts.price_checked_again()) }
        }
        button.btn.wide.nojs { (texts.update_price()) }
        input type="hidden" form="to-convert" name="months" value=(it.quote.months);
        input type="hidden" form="to-convert" name="quoted" value=(total.minor());
        (voucher_choice::field_of(signed, by_vouchers, "to-convert"))
        (button)
        @if signed.takes_cards() || is_short { (later) }
    };
    let bar = slip::bar_of(signed, by_vouchers.due, &texts.to_pay(), if is_short { &later } else { &button });
    (content, bar)
}

async fn order(
    Path(resource): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let own = own(&signed, &resource).await?;
    match done(&signed, own, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, own, &form, Some(&problem)).await,
    }
}

/// Orders it at the price that was shown. Gives where that is seen.
async fn done(signed: &Signed, own: Own, form: &Fields) -> Result<String, Problem> {
    let pay = choice::read(form, "by", &[Pay::Now, Pay::Later], renewal::by)?;
    let quoted_minor = choice::number::<i64>(form, "quoted")?;
    let months = choice::number::<u32>(form, "months")?.unwrap_or(1);
    let (token, picked) = (form.once().to_string(), Picked::read(form)?);
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let wanted = Wanted { own, months, quoted_minor };
        let vouchers = picked.choice();
        let order = conversions::convert(tx, at, Conversion { wanted, token: &token, pay, vouchers })?;
        Ok(match pay {
            Pay::Later => format!("/orders/{}/pay", order.id),
            Pay::Now => format!("/orders/{}", order.id),
        })
    };
    signed.once(form, work).await
}
