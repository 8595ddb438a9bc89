//! Review and pay: what was chosen, its price, what happens then; and the purchase.
//!
//! In:  what was chosen, the price that was seen. Out: an order that is paid, or a page that says why not.
//! Invariant: nothing is bought but at the price that was shown; a form that is sent twice buys once, and the review of a
//! purchase that was made leads to its order.

use crate::buy::priced;
use crate::fields::Fields;
use crate::parts;
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::voucher_choice::{self, Picked};
use crate::wish::{PURCHASE, Sent, Settled, settled};
use crate::{choice, frame, lost, made_before, short, show, slip, words};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::order::{Action, Item};
use billing::payment::split::Means;
use billing::user::Right;
use desk::breakdown::Detailed;
use desk::purchases::{self, Pay, Purchase};
use desk::vouchers::Proposal;
use desk::{At, Patience, Refusal, Tx};
use maud::{Markup, html};
use units::{AccountId, Money};
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/buy/{product}/review", get(review).post(order))
}

async fn review(
    signed: Signed,
    Path(product): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Response> {
    if made_before::purchase(&signed).is_none() {
        // Whoever comes back to this page by the browser's history finds the purchase that was made of it.
        frame::needs(&signed, Right::Buy)?;
        return Ok(see_other(&made_before::named(&signed)));
    }
    let sent = Sent::read(query.iter().map(|it| (it.0.as_str(), it.1.as_str())));
    page(&signed, &product, sent, None).await
}

/// What a page shows.
struct Review {
    body: Markup,
    title: String,
    back: String,
}

async fn page(
    signed: &Signed,
    product: &str,
    sent: Sent,
    wrong: Option<&Problem>,
) -> Result<Response, Response> {
    frame::needs(signed, Right::Buy)?;
    let account = whose(signed)?;
    if let Some(order) = made_before::order(signed, account).await? {
        // What was sent is another purchase than the one that was made.
        let status = wrong.map_or(StatusCode::OK, |it| it.status);
        let (once_more, buy) = (signed.visit.texts().order_once_more(), signed.visit.texts().buy());
        let it = made_before::Review { above: &[("/buy", &buy)], once_more };
        return Ok(made_before::page(signed, &it, order, status));
    }
    let once = made_before::purchase(signed).unwrap_or_else(web::random::hexadecimal::<16>);
    let again = if wrong.is_some() { sent.query() } else { query_of(signed) };
    let (looker, id) = (signed.clone(), product.to_string());
    let prices = signed.good(signed.prices())?;
    let told = parts::not_ordered(&signed.visit, wrong);
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let found = settled(at, prices, &id, &sent)?;
        let Some(detailed) = priced(tx, at, &found, account)? else { return Ok(None) };
        let by_vouchers = voucher_choice::proposed(tx, at, account, (&[&detailed.quote], Action::New))?;
        let shown = Shown { detailed: &detailed, by_vouchers: &by_vouchers };
        Ok(Some(reviewed(&looker, &found, (shown, &told, &once))))
    };
    let found = match signed.visit.node.read(read).await {
        Ok(Some(found)) => found,
        // Something is still to be chosen, or cannot be had: the page before says what.
        Ok(None) | Err(_) => return Ok(see_other(&format!("/buy/{product}?{again}"))),
    };
    let (texts, status) = (signed.visit.texts(), wrong.map_or(StatusCode::OK, |it| it.status));
    let buy = texts.buy();
    let above = [("/buy", buy.as_str()), (found.back.as_str(), found.title.as_str())];
    let (title, sub) = (texts.review_and_pay(), texts.nothing_bought_yet());
    Ok(frame::page(
        signed,
        status,
        &frame::Page { title: &title, sub: &sub, above: &above, body: &found.body },
    ))
}

fn query_of(signed: &Signed) -> String {
    signed.visit.address.split_once('?').map_or_else(String::new, |it| it.1.to_string())
}

/// What is bought, and what vouchers would pay of it.
#[derive(Clone, Copy)]
struct Shown<'a> {
    detailed: &'a Detailed,
    by_vouchers: &'a Proposal,
}

fn reviewed(signed: &Signed, it: &Settled<'_>, of: (Shown<'_>, &Markup, &str)) -> Review {
    let (texts, language, (shown, told, once)) = (signed.visit.texts(), signed.visit.language, of);
    let detailed = shown.detailed;
    let product = it.product();
    let title = product.look.label.or(&product.name).get(language).to_string();
    let back = format!("/buy/{}?{}", product.id, it.query());
    let ([pay, other], is_short) = (buttons(signed, shown), short_of(signed, shown).is_some());
    // At the lower edge of a narrow screen only what can be pressed.
    let reach = html! { @if !is_short { (pay) } (other) };
    let body = html! {
        (told)
        @if let Some((sums, held)) = short_of(signed, shown) { (short::missing(signed, sums, held)) }
        form.buy method="post" action=(format!("/buy/{}/review?{}&{PURCHASE}={once}", product.id, it.query())) {
            (parts::hidden_once(&signed.visit, once))
            @for (name, value) in it.fields() { input type="hidden" name=(name) value=(value); }
            input type="hidden" name="quoted" value=(detailed.quote.total.minor());
            div {
                section aria-labelledby="h-item" {
                    div.sect { h2 id="h-item" { (it.item.wish.quantity) " × " (title) } a.more href=(back) { (texts.change()) } }
                    (pairs(signed, it))
                }
                section aria-labelledby="h-then" {
                    div.sect { h2 id="h-then" { (texts.what_then()) } }
                    ul.tick {
                        @if detailed.quote.total.is_zero() { li { (texts.then_charged()) } } @else { li { (texts.then_held()) } }
                        @match &detailed.pack {
                            Some(pack) => li { (texts.then_pack(signed.visit.time(pack.period.effective), signed.visit.time(pack.period.expires))) },
                            None => li { (texts.then_delivered()) }
                        }
                        @if !detailed.quote.total.is_zero() && detailed.pack.is_none() { li { (texts.then_failed()) } }
                    }
                }
            }
            div.stick {
                aside.slip aria-labelledby="h-price" {
                    h2 id="h-price" { (texts.order()) }
                    (slip::rows(signed, detailed, shown.by_vouchers.due))
                    (slip::later(signed, detailed, shown.by_vouchers))
                    (voucher_choice::field(signed, shown.by_vouchers))
                    (pay)
                    (other)
                }
                (slip::bar(signed, detailed, shown.by_vouchers.due, &reach))
                p.hint { (texts.price_checked_again()) }
                @if signed.who.acts_for().is_some() && signed.may(Right::Offers) {
                    p { a.btn.wide href=(format!("/buy/{}/offer?{}", product.id, it.query())) { (texts.offer_it_at()) } }
                }
            }
        }
    };
    Review { body, title, back }
}

/// What is there of the balance and what is missing, where it does not suffice; what is held of it meanwhile.
fn short_of(signed: &Signed, of: Shown<'_>) -> Option<([Money; 2], Money)> {
    let quote = &of.detailed.quote;
    Some((slip::missing(signed, quote, of.by_vouchers)?, slip::held(quote)?))
}

/// The button that pays out of the balance, where that suffices, and the one of another way to pay.
fn buttons(signed: &Signed, of: Shown<'_>) -> [Markup; 2] {
    let it = of.detailed;
    let (texts, sum) = (signed.visit.texts(), it.quote.total);
    let is_short = slip::missing(signed, &it.quote, of.by_vouchers).is_some();
    // What holds money while it lives is paid out of the balance alone.
    let holds = slip::held(&it.quote).is_none_or(|it| !it.is_zero());
    let with_card = signed.takes_cards() && !holds;
    let pay = html! {
        button.btn.main.wide disabled[is_short] { @if sum.is_zero() { (texts.order_it()) } @else { (slip::pay_word(signed, of.by_vouchers.due)) } }
    };
    let other = html! {
        @if !sum.is_zero() && (with_card || is_short) {
            button.btn.wide name="by" value=(by(Means::Card)) {
                @if with_card { (texts.pay_by_card()) } @else { (texts.order_and_pay_later()) }
            }
        }
    };
    [pay, other]
}

/// What was chosen, by name.
fn pairs(signed: &Signed, it: &Settled<'_>) -> Markup {
    let (texts, language, product) = (signed.visit.texts(), signed.visit.language, it.product());
    let chosen = it.choices().options.iter().filter_map(|it| Some((&it.option, it.value.as_ref()?)));
    let named = chosen.map(|(option, value)| words::option(signed, &product.id, option, value));
    html! {
        dl.pairs.ruled {
            @if !it.item.name.is_empty() { dt { (texts.name()) } dd { (it.item.name) } }
            @for (name, value) in named { dt { (name) } dd { (value) } }
            @if it.item.wish.months > 0 { dt { (texts.duration()) } dd { (texts.months(it.item.wish.months)) } }
            @if let Some(month) = &it.item.month { dt { (texts.begins()) } dd { (show::month(month, language)) } }
        }
    }
}

async fn order(
    Path(product): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    match ordered(&signed, account, &product, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) if problem.status == StatusCode::INTERNAL_SERVER_ERROR => {
            Err(lost::failed(&signed.visit, &problem))
        }
        Err(problem) => page(&signed, &product, Sent::read(form.pairs()), Some(&problem)).await,
    }
}

/// What the button says by which something is paid.
const fn by(means: Means) -> &'static str {
    match means {
        Means::Balance => "",
        Means::Card | Means::BalanceThenCard => "card",
    }
}

/// Buys what a form holds, at the price that it shows. What is not on sale like that any more is refused.
async fn ordered(
    signed: &Signed,
    account: AccountId,
    product: &str,
    form: &Fields,
) -> Result<String, Problem> {
    let (asked, quoted) = (Sent::of(form)?, choice::needed::<i64>(form, "quoted")?);
    let (id, token) = (product.to_string(), form.once().to_string());
    let currency = signed.currency()?;
    // The button that was pressed says by what it is paid.
    let means = choice::read(form, "by", &[Means::Balance, Means::Card], by)?;
    let page = if means == Means::Balance { "" } else { short::to_pay(signed) };
    let picked = Picked::read(form)?;
    let buy = move |tx: &mut Tx<'_>, at: At<'_>| {
        let item = settled(at, currency, &id, &asked)?.exactly()?;
        let items = [Item { quoted_minor: Some(quoted), ..item }];
        let pay = if means == Means::Balance { Pay::Now } else { Pay::Later };
        let purchase = Purchase { account, token: &token, items: &items, pay, vouchers: picked.choice() };
        let done = purchases::buy(tx, at, &[purchase], Patience::Wait)?;
        let orders = done.into_iter().next().unwrap_or_else(|| Err(Refusal::missing("purchase")))?;
        let first = orders.first().ok_or_else(|| Refusal::missing("order"))?;
        Ok(format!("/orders/{}{page}", first.id))
    };
    signed.once(form, buy).await
}
