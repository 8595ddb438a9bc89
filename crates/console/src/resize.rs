//! Other options for what lives: what a day costs now and then, or the difference up to the deadline, and the change.
//!
//! In:  a resource, other options. Out: a page with a control for each that may change, and the price; the change, or its order.
//! Invariant: the options are those of the purchase page, with the same reasons why not; what was shown is what is done.

use crate::fields::Fields;
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::resource::own;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::voucher_choice::{self, Picked};
use crate::wish::{Sent, Settled, field, settled};
use crate::{choice, frame, lines_shown, lowered, options, raise_days, renewal, short, show, slip};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use billing::book::{OptionRule, Resize};
use billing::change;
use billing::order::Action;
use billing::resource::Resource;
use billing::user::Right;
use desk::catalogue::Prices;
use desk::changes::{self, AtOnce, Change, Ordered, Proposal, Wanted, Way};
use desk::downgrades::Lowered;
use desk::lists::resources as list;
use desk::purchases::Pay;
use desk::resources::Own;
use desk::{At, Refusal, Tx, later, vouchers};
use maud::{Markup, html};
use units::{Amount, Money};
use web::problem::Problem;

/// Seconds for which what was shown may become less by use and still be agreed to.
const READING_SECONDS: u64 = 900;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/resources/{resource}/resize", get(choose).post(change))
}

/// What is asked for: of which resource, which options, and the first and the last day of a raise as they were typed.
#[derive(Clone)]
struct Asked {
    own: Own,
    sent: Sent,
    days: [Option<String>; 2],
}

impl Asked {
    fn read(own: Own, pairs: &[(&str, &str)]) -> Asked {
        let day = |name: &str| {
            let value = pairs.iter().find(|it| it.0 == name).map(|it| it.1.trim().to_string());
            value.filter(|it| !it.is_empty())
        };
        Asked {
            own,
            days: [day(raise_days::FIRST), day(raise_days::LAST)],
            sent: Sent::read(pairs.iter().copied()),
        }
    }
}

/// What a page shows.
struct Shown {
    called: String,
    is_prepaid: bool,
    options: Markup,
    price: Markup,
    /// What may be raised for some days of it, where anything may.
    for_days: Option<String>,
    /// Why nothing of it is changed now, or nothing but for some days.
    stands: Stands,
    /// What is wrong with these days.
    wrong_days: Option<Wrong>,
    /// What is there of the balance and what is missing, where a fee is not covered.
    missing: Option<[Money; 2]>,
}

/// What may be changed of a resource as it stands.
enum Stands {
    Free,
    /// It is raised for some days: others may be raised, and nothing else. Source: R-NET-3.
    Raised(Markup),
    /// Nothing is changed.
    Fixed(Markup),
}

/// `waits` says that no order about it waits for its payment, or which one does.
fn stands(signed: &Signed, it: &Resource, found: &Settled<'_>, waits: Result<(), Refusal>) -> Stands {
    let said = |refusal: Refusal| parts::why(&signed.visit, &refusal);
    let may = change::wish(it, found.product(), &[], signed.visit.now).map(drop);
    match (may.map_err(Refusal::from).and(waits), change::not_raised(it)) {
        (Err(refusal), _) => Stands::Fixed(said(refusal)),
        (Ok(()), Err(error)) => Stands::Raised(said(error.into())),
        (Ok(()), Ok(())) => Stands::Free,
    }
}

/// The options of a resource, with those that were chosen instead.
fn wanted(it: &Resource, sent: &Sent) -> Sent {
    let mut options = it.options.pairs();
    options.retain(|had| !sent.options.iter().any(|new| new.0 == had.0));
    options.extend(sent.options.iter().cloned());
    Sent { options, ..Sent::default() }
}

/// The options that are others than those the resource has.
fn named(it: &Resource, found: &Settled<'_>) -> Vec<(String, String)> {
    let is_new = |pair: &(String, String)| it.options.get(&pair.0) != Some(pair.1.as_str());
    found.choices().chosen.pairs().into_iter().filter(is_new).collect()
}

async fn choose(
    signed: Signed,
    Path(resource): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Response> {
    let own = own(&signed, &resource).await?;
    let pairs: Vec<(&str, &str)> = query.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let asked = Asked::read(own, &pairs);
    page(&signed, asked, None).await
}

/// What the page of something shows for what is asked for.
fn shown(tx: &mut Tx<'_>, at: At<'_>, looker: &Signed, asked: &Asked) -> Result<Shown, Refusal> {
    let own = asked.own;
    let resource = list::one(tx, own.account, own.id)?.shown.resource;
    let prices = Prices::Of(own.account, resource.currency);
    let found = settled(at, prices, &resource.product, &wanted(&resource, &asked.sent))?;
    let others = named(&resource, &found);
    let wanted = |days| Wanted { own, options: &others, quoted_minor: None, days };
    let days = raise_days::read(&asked.days, &at.desk.calendar);
    let then = days.and_then(|days| Ok(changes::quote(tx, at, wanted(days))?));
    let waits = match changes::nothing_waits(tx, &resource) {
        Err(refusal) if refusal.open_order().is_none() => return Err(refusal),
        waits => waits,
    };
    let (product, stands) = (found.product(), stands(looker, &resource, &found, waits));
    let rules = |it: &OptionRule| match &stands {
        Stands::Free => it.resize != Resize::Fixed || change::is_switchable(&resource, product, &it.name),
        Stands::Raised(_) => product.raised_for_days.contains(&it.name),
        Stands::Fixed(_) => false,
    };
    let has_days = resource.deadline.is_some() && !product.raised_for_days.is_empty();
    let is_asked = has_days && !matches!(stands, Stands::Fixed(_));
    let wrong_days = then.as_ref().err().filter(|_| is_asked);
    let wrong_days = wrong_days.and_then(|it| raise_days::beside(it, &looker.visit));
    let by_vouchers = match &then {
        Ok(then) => by_vouchers(tx, at, own, then)?,
        Err(_) => None,
    };
    Ok(Shown {
        called: looker.called(&resource),
        is_prepaid: resource.deadline.is_some(),
        for_days: has_days.then(|| raise_days::called(looker, product)),
        options: options::others(looker, &found, &resource.options, rules),
        stands,
        wrong_days,
        missing: by_vouchers.as_ref().and_then(|it| short_of(looker, it)),
        price: match then {
            _ if !found.is_whole => none(looker, &options::why_not_whole(looker, &found)),
            _ if others.is_empty() => {
                let is_by_use = resource.deadline.is_none();
                let a_day = is_by_use.then(|| changes::a_day(tx, at, own)).transpose()?;
                nothing(looker, a_day)
            }
            Ok(then) => {
                let least = least(tx, at, &then, wanted(None));
                price(looker, &then, &Paid { least, by_vouchers: by_vouchers.as_ref(), others: &others })
            }
            Err(problem) => none(looker, &Wrong::of(&problem, &looker.visit).text),
        },
    })
}

async fn page(signed: &Signed, asked: Asked, wrong: Option<&Problem>) -> Result<Response, Response> {
    frame::needs(signed, Right::Buy)?;
    let (looker, own, days) = (signed.clone(), asked.own, asked.days.clone());
    let read = move |tx: &mut Tx<'_>, at: At<'_>| shown(tx, at, &looker, &asked);
    let it = signed.read(read).await?;
    match signed.visit.part.as_deref() {
        Some("options") => return Ok(Html(it.options.into_string()).into_response()),
        Some("price") => return Ok(Html(it.price.into_string()).into_response()),
        Some(_) | None => {}
    }
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let path = format!("/resources/{}", own.id);
    let body = html! {
        @if it.wrong_days.is_some() { (parts::errors(visit, it.wrong_days.as_ref())) } @else { (parts::not_ordered(visit, wrong)) }
        @if let Some(sums) = it.missing { (short::missing(signed, sums, Money::zero(sums[0].currency()))) }
        // The choices go into the address; what is done is sent by a form of its own, whose fields stand in the slip.
        @match &it.stands {
            Stands::Free => {}
            Stands::Raised(why) => div.banner.care role="status" { p { (why) " " (texts.change_other_days()) } },
            Stands::Fixed(why) => div.banner.care role="status" { p { (why) } },
        }
        @if !matches!(it.stands, Stands::Fixed(_)) {
            form.buy method="get" data-live=(format!("{path}/resize")) {
                div {
                    (it.options)
                    @if let Some(called) = &it.for_days { (raise_days::fields(signed, called, &days, it.wrong_days.as_ref())) }
                }
                div.stick { (it.price) }
            }
            form id="to-resize" method="post" action=(format!("{path}/resize")) { (parts::hidden(visit)) }
        }
    };
    let resources = texts.resources();
    let above = [("/resources", resources.as_str()), (path.as_str(), it.called.as_str())];
    let hint = if it.is_prepaid { texts.change_hint_prepaid() } else { texts.resize_hint() };
    let (title, sub) = (texts.resize(), hint);
    let page = frame::Page { title: &title, sub: &sub, above: &above, body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.status), &page))
}

/// The slip, and on narrow screens a bar that keeps its button in reach.
fn slip(signed: &Signed, content: &Markup, bar: &Markup) -> Markup {
    html! {
        div.live id="price" {
            aside.slip aria-labelledby="h-price" { h2 id="h-price" { (signed.visit.texts().price()) } (content) }
            (bar)
        }
    }
}

fn none(signed: &Signed, why: &str) -> Markup {
    let texts = signed.visit.texts();
    let content = html! {
        p.error data-say { (why) }
        p.hint { (texts.no_price_hint()) }
        button.btn.wide.nojs { (texts.update_price()) }
    };
    slip(signed, &content, &html! { div.paybar { div { b { "–" } span.hint { (why) } } } })
}

/// Nothing else is chosen yet: what a day costs as it is, where it is paid by use.
fn nothing(signed: &Signed, a_day: Option<Amount>) -> Markup {
    let texts = signed.visit.texts();
    let content = html! {
        @if let Some(now) = a_day {
            dl.rows { div { dt { (texts.a_day_as_it_is()) } dd { (parts::exact(now.e8(), now.currency())) } } }
        }
        p.hint data-say { (texts.nothing_chosen_else()) }
        button.btn.wide.nojs { (texts.update_price()) }
        button.btn.main.wide form="to-resize" disabled { (texts.resize_it()) }
    };
    slip(signed, &content, &html! {})
}

/// What vouchers would pay of what is to be paid now, if anything is. Source: R-VOU-1.
fn by_vouchers(
    tx: &mut Tx<'_>,
    at: At<'_>,
    own: Own,
    it: &Proposal,
) -> Result<Option<vouchers::Proposal>, Refusal> {
    match &it.way {
        Way::AtOnce(_) | Way::Lower(_) => Ok(None),
        Way::Order(ordered) => {
            voucher_choice::proposed(tx, at, own.account, (&[&ordered.quote], Action::Upgrade)).map(Some)
        }
    }
}

/// What is there of the balance and what is missing, where it does not suffice.
fn short_of(signed: &Signed, by_vouchers: &vouchers::Proposal) -> Option<[Money; 2]> {
    voucher_choice::missing(signed, by_vouchers, Money::zero(by_vouchers.total.currency()))
}

/// What belongs to a price: what goes back at least, what vouchers would pay, and the choices that are sent.
struct Paid<'a> {
    least: Money,
    by_vouchers: Option<&'a vouchers::Proposal>,
    others: &'a [(String, String)],
}

/// What it comes to, and the button.
fn price(signed: &Signed, it: &Proposal, paid: &Paid<'_>) -> Markup {
    let others = paid.others;
    match &it.way {
        Way::Order(ordered) => ordered_price(signed, ordered, paid),
        Way::Lower(lowered) => {
            lowered_price(signed, &it.resource.product, (lowered.as_ref(), paid.least, others))
        }
        Way::AtOnce(_) if it.resource.deadline.is_some() => free(signed, others),
        Way::AtOnce(used) => used_price(signed, used, others),
    }
}

/// What goes back at least of a downgrade that is agreed to while the page is read: it becomes less by use.
fn least(tx: &mut Tx<'_>, at: At<'_>, it: &Proposal, wanted: Wanted<'_>) -> Money {
    let none = Money::zero(it.resource.currency);
    let Way::Lower(lowered) = &it.way else { return none };
    let soon = At { now: later(at.now, READING_SECONDS), ..at };
    match changes::quote(tx, soon, wanted).map(|it| it.way) {
        Ok(Way::Lower(then)) => then.found.total,
        Ok(Way::AtOnce(_) | Way::Order(_)) | Err(_) => lowered.found.total,
    }
}

/// What goes back and why, and the button. Source: R-CHG-3.
fn lowered_price(
    signed: &Signed,
    product: &str,
    (it, least, others): (&Lowered, Money, &[(String, String)]),
) -> Markup {
    let texts = signed.visit.texts();
    let button = html! { button.btn.main.wide form="to-resize" { (texts.resize_it()) } };
    let content = html! {
        (lowered::rows(signed, product, it))
        (chosen(others))
        input type="hidden" form="to-resize" name="quoted" value=(-least.minor());
        (button)
    };
    slip(signed, &content, &html! { div.paybar { (lowered::sum(signed, it)) (button) } })
}

/// The choices that the form of the change sends.
fn chosen(others: &[(String, String)]) -> Markup {
    html! {
        @for (option, value) in others { input type="hidden" form="to-resize" name=(field(option)) value=(value); }
    }
}

/// What a day costs now and then, what is held, and the button.
fn used_price(signed: &Signed, it: &AtOnce, others: &[(String, String)]) -> Markup {
    let (texts, unit) = (signed.visit.texts(), signed.unit());
    let [now, then] = it.a_day;
    let (read, finer) = show::cost_parts(then.e8(), then.currency());
    let button = html! { button.btn.main.wide form="to-resize" { (texts.resize_it()) } };
    let sum = html! { (read) @if !finer.is_empty() { span.f { (finer) } } " " span.cur { (unit) } };
    let content = html! {
        dl.rows {
            div { dt { (texts.a_day_as_it_is()) } dd { (parts::exact(now.e8(), now.currency())) } }
            div.sum data-say { dt { (texts.a_day_changed()) } dd { (sum) } }
        }
        ul.also.dots {
            li { (texts.resize_at_once()) }
            li { (texts.held_then(format!("{} {unit}", show::money(it.held)))) }
            li { (texts.a_day_hint()) }
        }
        button.btn.wide.nojs { (texts.update_price()) }
        (chosen(others))
        (button)
    };
    let bar = html! { div.paybar { div { b.n { (sum) } span.hint { (texts.a_day_changed()) } } (button) } };
    slip(signed, &content, &bar)
}

/// A change of something prepaid that costs nothing. Source: R-CHG-6.
fn free(signed: &Signed, others: &[(String, String)]) -> Markup {
    let texts = signed.visit.texts();
    let button = html! { button.btn.main.wide form="to-resize" { (texts.resize_it()) } };
    let content = html! {
        p data-say { (texts.change_free()) }
        button.btn.wide.nojs { (texts.update_price()) }
        (chosen(others))
        // Where it costs something by then, that is said first.
        input type="hidden" form="to-resize" name="quoted" value="0";
        (button)
    };
    slip(signed, &content, &html! { div.paybar { div { span.hint { (texts.change_free()) } } (button) } })
}

/// The difference, line by line, for the days that are left, and the ways to pay it. Source: R-CHG-1.
fn ordered_price(signed: &Signed, it: &Ordered, paid: &Paid<'_>) -> Markup {
    let (visit, texts, unit) = (&signed.visit, signed.visit.texts(), signed.unit());
    let total = it.quote.total;
    let lacking = paid.by_vouchers.and_then(|it| short_of(signed, it));
    let is_short = lacking.is_some();
    let due = paid.by_vouchers.map_or(total, |it| it.due);
    let said = |it: Money| format!("{} {unit}", show::money(it));
    let button = html! {
        button.btn.main.wide form="to-resize" disabled[is_short] { (slip::pay_word(signed, due)) }
    };
    let later = html! {
        button.btn.wide form="to-resize" name="by" value="later" {
            @if signed.takes_cards() { (texts.pay_by_card()) } @else { (texts.order_and_pay_later()) }
        }
    };
    let content = html! {
        dl.rows {
            (lines_shown::rows(signed, &it.quote))
            (lines_shown::discount(signed, &it.quote))
            (slip::sum(signed, total, due))
        }
        ul.also.dots {
            @if let Some([available, missing]) = lacking {
                li { b { (texts.balance_short(said(available), said(missing))) } " " a href=(short::top_up_of(missing)) { (texts.top_up()) } }
            }
            @if let Some(days) = it.raise {
                li { (texts.change_raise_term(texts.change_days(it.quote.days), visit.time(days.from), visit.time(days.to))) }
                li { (texts.change_raise_after()) }
            } @else {
                li { (texts.change_term(texts.change_days(it.quote.days), visit.time(it.until))) }
                li { (texts.change_when_paid()) }
            }
            li { (texts.price_checked_again()) }
        }
        button.btn.wide.nojs { (texts.update_price()) }
        (chosen(paid.others))
        @if let Some(days) = it.raise { (raise_days::sent(signed, days)) }
        input type="hidden" form="to-resize" name="quoted" value=(total.minor());
        @if let Some(it) = paid.by_vouchers { (voucher_choice::field_of(signed, it, "to-resize")) }
        (button)
        @if signed.takes_cards() || is_short { (later) }
    };
    let reach = if is_short { &later } else { &button };
    slip(signed, &content, &slip::bar_of(signed, due, &texts.to_pay(), reach))
}

async fn change(
    Path(resource): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let own = own(&signed, &resource).await?;
    let pairs: Vec<(&str, &str)> = form.pairs().collect();
    let asked = Asked::read(own, &pairs);
    match done(&signed, &form, asked.clone()).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, asked, Some(&problem)).await,
    }
}

/// Changes it at once, or orders the change at the price that was shown. Gives where that is seen.
async fn done(signed: &Signed, form: &Fields, asked: Asked) -> Result<String, Problem> {
    let pay = choice::read(form, "by", &[Pay::Now, Pay::Later], renewal::by)?;
    let quoted_minor = choice::number::<i64>(form, "quoted")?;
    let (token, picked) = (form.once().to_string(), Picked::read(form)?);
    let (own, days) = (asked.own, raise_days::read(&asked.days, &signed.visit.calendar)?);
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let resource = list::one(tx, own.account, own.id)?.shown.resource;
        let found = settled(at, resource.currency, &resource.product, &wanted(&resource, &asked.sent))?;
        // What was shown cannot be had like that any more: the page says what can.
        let mut wrong = found.unknown.iter().chain(&found.dropped);
        if let Some(wrong) = wrong.find(|it| asked.sent.options.contains(it)) {
            return Err(Refusal::from(found.not_on_sale(wrong)));
        }
        let others = named(&resource, &found);
        let wanted = Wanted { own, options: &others, quoted_minor, days };
        let vouchers = picked.choice();
        let done = changes::change(tx, at, Change { wanted, token: &token, pay, vouchers })?;
        Ok(match done.order {
            None => format!("/resources/{}", own.id),
            Some(order) if pay == Pay::Later => format!("/orders/{}/pay", order.id),
            Some(order) => format!("/orders/{}", order.id),
        })
    };
    signed.once(form, work).await
}
