//! Renewal: for how long, what it costs and until when; the review, and the order. What is done about a deadline by itself.
//!
//! In:  resources that were selected, months. Out: pages with the price of each; an order that is paid, or the way to pay it.
//! Invariant: nothing is renewed but at the prices and from the deadlines that were shown; what cannot be renewed is named with
//! the reason; the review of a renewal that was made leads to its order.

use crate::fields::Fields;
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::voucher_choice::{self, Picked};
use crate::wish::PURCHASE;
use crate::{choice, frame, lost, made_before, marks, renewal_terms, short, show, slip};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use billing::choices::MonthsChoice;
use billing::order::Action;
use billing::quote::Quote;
use billing::resource::Resource;
use billing::resource::renew::Flag;
use billing::user::Right;
use desk::lists::resources::{self as list, Seen};
use desk::purchases::Pay;
use desk::renewals::{self, Choice, Proposal, Renewal, Wanted};
use desk::vouchers;
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use std::str::FromStr;
use texts::Texts;
use units::{AccountId, Money, ResourceId, Timestamp};
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/renew", get(choose))
        .route("/renew/review", get(review).post(order))
        .route("/resources/{resource}/renewal", post(flag))
}

/// What is done about a deadline, in words.
pub(crate) fn flag_name(texts: &Texts, flag: Flag) -> String {
    match flag {
        Flag::Auto => texts.renewal_auto(),
        Flag::Manual => texts.renewal_manual(),
        Flag::None => texts.renewal_none(),
    }
}

/// The choice of it, as radio buttons that begin with `chosen`.
pub(crate) fn flag_field(texts: &Texts, chosen: Flag, wrong: Option<&Wrong>) -> Markup {
    let of = Flag::ALL.map(|it| (it.as_str(), flag_name(texts, it)));
    let form = Fields::of([("renewal", chosen.as_str())]);
    choice::Radios { name: "renewal", legend: texts.at_its_deadline(), of: &of }.show(&form, wrong)
}

/// What a form says of it. Errors: of the field.
pub(crate) fn flag_of(form: &Fields) -> Result<Flag, Problem> {
    choice::read(form, "renewal", &Flag::ALL, Flag::as_str)
}

async fn flag(
    Path(resource): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    let id: ResourceId = signed.id(&resource).await?;
    let failed = |problem: Problem| lost::failed(&signed.visit, &problem);
    let flag = flag_of(&form).map_err(failed)?;
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        renewals::choose(tx, at, Choice { account, resource: id, flag })?;
        Ok(format!("/resources/{id}"))
    };
    let to = signed.once(&form, work).await.map_err(failed)?;
    Ok(see_other(&to))
}

/// What is to be renewed: the resources of an address, each once, and for how many months.
#[derive(Clone, Debug)]
struct Asked {
    marks: Vec<ResourceId>,
    months: u32,
}

impl Asked {
    /// Errors: what is no resource; more than are done at once; no number.
    fn of(form: &Fields) -> Result<Asked, Problem> {
        Ok(Asked { marks: marks::of(form)?, months: choice::number(form, "months")?.unwrap_or(1) })
    }

    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.marks.iter().map(|it| ("mark", it.to_string())));
        query.append_pair("months", &self.months.to_string());
        query.finish()
    }
}

/// One resource, and its renewal or why there is none.
struct Line {
    resource: Resource,
    renewal: Result<Proposal, Refusal>,
}

/// What a page shows.
struct Shown {
    lines: Vec<Line>,
    /// Months that all of those are sold for that can be renewed.
    months: Vec<MonthsChoice>,
    total: Option<Money>,
    /// What vouchers would pay of it; `None` where nothing is renewed.
    by_vouchers: Option<vouchers::Proposal>,
}

fn read(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, asked: &Asked) -> Result<Shown, Refusal> {
    let found = list::several(tx, account, &asked.marks)?;
    let wanted = |it: &Seen| {
        let resource = it.shown.resource.id;
        Wanted { resource, months: asked.months, quoted_minor: None, from: None }
    };
    let wanted: Vec<Wanted> = found.iter().map(wanted).collect();
    let renewals = renewals::each(tx, at, account, &wanted)?;
    let line = |(it, renewal): (Seen, _)| Line { resource: it.shown.resource, renewal };
    let lines: Vec<Line> = found.into_iter().zip(renewals).map(line).collect();
    let all: Vec<&Resource> = lines.iter().map(|it| &it.resource).collect();
    let months = renewal_terms::months(at, account, &all);
    let able: Vec<Money> =
        lines.iter().filter_map(|it| Some(it.renewal.as_ref().ok()?.quote.total)).collect();
    let total = able.first().map(|it| Money::sum(able.iter().copied(), it.currency())).transpose()?;
    let quotes: Vec<&Quote> = lines.iter().filter_map(|it| Some(&it.renewal.as_ref().ok()?.quote)).collect();
    let by_vouchers = match quotes.is_empty() {
        true => None,
        false => Some(voucher_choice::proposed(tx, at, account, (&quotes, Action::Renew))?),
    };
    Ok(Shown { lines, months, total, by_vouchers })
}

impl Shown {
    fn able(&self) -> impl Iterator<Item = &Proposal> {
        self.lines.iter().filter_map(|it| it.renewal.as_ref().ok())
    }

    /// What vouchers leave to be paid.
    fn due(&self) -> Option<Money> {
        self.by_vouchers.as_ref().map(|it| it.due)
    }
}

/// What an address asks for, as it stands; `None` where it names nothing. The answer otherwise.
async fn found(signed: &Signed, form: &Fields) -> Result<Option<(Asked, Shown)>, Response> {
    frame::needs(signed, Right::Buy)?;
    let account = whose(signed)?;
    let asked = Asked::of(form).map_err(|problem| lost::failed(&signed.visit, &problem))?;
    let wanted = asked.clone();
    let shown = signed.read(move |tx: &mut Tx<'_>, at: At<'_>| read(tx, at, account, &wanted)).await?;
    Ok((!shown.lines.is_empty()).then_some((asked, shown)))
}

async fn choose(signed: Signed, Query(query): Query<Vec<(String, String)>>) -> Result<Response, Response> {
    let Some((asked, shown)) = found(&signed, &Fields::of(query)).await? else {
        return Ok(see_other("/resources"));
    };
    let price = price(&signed, &shown);
    if signed.visit.part.as_deref() == Some("price") {
        return Ok(Html(price.into_string()).into_response());
    }
    let texts = signed.visit.texts();
    let body = html! {
        form.buy method="get" action="/renew" data-live="/renew" {
            @for it in &asked.marks { input type="hidden" name="mark" value=(it); }
            div {
                @if !shown.months.is_empty() { (renewal_terms::field(&signed, &shown.months, asked.months)) }
                (table(&signed, &shown))
            }
            div.stick { (price) p.hint { (texts.price_checked_again()) } }
        }
    };
    let resources = texts.resources();
    let (title, sub) = (texts.renew(), texts.renew_hint());
    let page = frame::Page { title: &title, sub: &sub, above: &[("/resources", &resources)], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn table(signed: &Signed, shown: &Shown) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead { tr { th scope="col" { (texts.name()) } th scope="col" { (texts.expires()) } } }
            tbody {
                @for it in &shown.lines {
                    tr.dim[it.renewal.is_err()] {
                        th scope="row" { (signed.called(&it.resource)) span.s { (signed.product(&it.resource.product)) } }
                        td {
                            @match it.resource.deadline { Some(at) => (visit.time(at)), None => "–" }
                            @if let Err(refusal) = &it.renewal { span.s { (parts::why(visit, refusal)) } }
                        }
                    }
                }
            }
        }
    }
}

/// The rows of a slip: each resource with its new deadline and its price, and the sum.
fn rows(signed: &Signed, shown: &Shown) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        dl.rows {
            @for it in shown.able() {
                div {
                    dt {
                        (signed.called(&it.resource))
                        small {
                            (texts.until(visit.time(it.to)))
                            @if it.quote.days > 0 { (visit.language.say(", ".into(), "，".into())) (texts.with_days(it.quote.days)) }
                        }
                        (renewal_terms::lines(signed, &it.quote))
                    }
                    dd { (show::money(it.quote.total)) }
                }
            }
            @if let Some(total) = shown.total {
                (slip::sum(signed, total, shown.due().unwrap_or(total)))
            }
        }
    }
}

fn price(signed: &Signed, shown: &Shown) -> Markup {
    let texts = signed.visit.texts();
    let button = html! { button.btn.main.wide formaction="/renew/review" { (texts.review_and_pay()) } };
    html! {
        div.live id="price" {
            aside.slip aria-labelledby="h-price" {
                h2 id="h-price" { (texts.price()) }
                @if shown.total.is_some() {
                    (rows(signed, shown))
                    @if let Some(it) = &shown.by_vouchers { (renewal_terms::balance(signed, it)) }
                    button.btn.wide.nojs { (texts.update_price()) }
                    (button)
                } @else {
                    p.error data-say { (texts.nothing_to_renew()) }
                    button.btn.wide.nojs { (texts.update_price()) }
                }
            }
            @if let Some(due) = shown.due() { (slip::bar_of(signed, due, &texts.to_pay(), &button)) }
        }
    }
}

async fn review(signed: Signed, Query(query): Query<Vec<(String, String)>>) -> Result<Response, Response> {
    if made_before::purchase(&signed).is_none() {
        // Whoever comes back to this page by the browser's history finds the renewal that was made of it.
        frame::needs(&signed, Right::Buy)?;
        return Ok(see_other(&made_before::named(&signed)));
    }
    page(&signed, &Fields::of(query), None).await
}

async fn page(signed: &Signed, form: &Fields, wrong: Option<&Problem>) -> Result<Response, Response> {
    frame::needs(signed, Right::Buy)?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let (resources, status) = (texts.resources(), wrong.map_or(StatusCode::OK, |it| it.status));
    if let Some(order) = made_before::order(signed, whose(signed)?).await? {
        let above = [("/resources", resources.as_str())];
        let it = made_before::Review { above: &above, once_more: texts.renew_once_more() };
        return Ok(made_before::page(signed, &it, order, status));
    }
    let Some((asked, shown)) = found(signed, form).await? else { return Ok(see_other("/resources")) };
    let (back, once) = (format!("/renew?{}", asked.query()), made_before::purchase(signed));
    let once = once.unwrap_or_else(web::random::hexadecimal::<16>);
    let (Some(total), Some(by_vouchers)) = (shown.total, &shown.by_vouchers) else {
        return Ok(see_other(&back));
    };
    let missing = voucher_choice::missing(signed, by_vouchers, Money::zero(total.currency()));
    let body = html! {
        (parts::not_ordered(visit, wrong))
        @if let Some(sums) = missing { (short::missing(signed, sums, Money::zero(total.currency()))) }
        form.buy method="post" action=(format!("/renew/review?{}&{PURCHASE}={once}", asked.query())) {
            (parts::hidden_once(visit, &once))
            input type="hidden" name="months" value=(asked.months);
            @for it in shown.able() {
                input type="hidden" name="mark" value=(it.resource.id);
                input type="hidden" name="quoted" value=(it.quote.total.minor());
                input type="hidden" name="deadline" value=(it.from);
            }
            section aria-labelledby="h-then" {
                div.sect { h2 id="h-then" { (texts.what_then()) } a.more href=(back) { (texts.change()) } }
                ul.tick { li { (texts.then_renewed()) } li { (texts.then_runs_on()) } }
            }
            div.stick {
                aside.slip aria-labelledby="h-price" {
                    h2 id="h-price" { (texts.order()) }
                    (rows(signed, &shown))
                    (voucher_choice::field(signed, by_vouchers))
                    (pay_button(signed, by_vouchers.due, missing.is_some()))
                    (other_way(signed, missing.is_some()))
                }
                (slip::bar_of(signed, by_vouchers.due, &texts.to_pay(), &in_reach(signed, by_vouchers.due, missing.is_some())))
                p.hint { (texts.price_checked_again()) }
            }
        }
    };
    let (title, sub, renew) = (texts.review_and_pay(), texts.nothing_bought_yet(), texts.renew());
    let above = [("/resources", resources.as_str()), (back.as_str(), renew.as_str())];
    let page = frame::Page { title: &title, sub: &sub, above: &above, body: &body };
    Ok(frame::page(signed, status, &page))
}

fn pay_button(signed: &Signed, due: Money, is_short: bool) -> Markup {
    html! { button.btn.main.wide disabled[is_short] { (slip::pay_word(signed, due)) } }
}

/// The button at the lower edge of a narrow screen: one that can be pressed.
fn in_reach(signed: &Signed, due: Money, is_short: bool) -> Markup {
    if is_short { other_way(signed, true) } else { pay_button(signed, due, false) }
}

/// The button by which it is ordered and paid later, or by card.
fn other_way(signed: &Signed, is_short: bool) -> Markup {
    let texts = signed.visit.texts();
    html! {
        @if signed.takes_cards() || is_short {
            button.btn.wide name="by" value="later" {
                @if signed.takes_cards() { (texts.pay_by_card()) } @else { (texts.order_and_pay_later()) }
            }
        }
    }
}

/// The word of the button by which something is paid.
pub(crate) const fn by(pay: Pay) -> &'static str {
    match pay {
        Pay::Now => "",
        Pay::Later => "later",
    }
}

async fn order(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    match ordered(&signed, account, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) if problem.status == StatusCode::INTERNAL_SERVER_ERROR => {
            Err(lost::failed(&signed.visit, &problem))
        }
        Err(problem) => page(&signed, &form, Some(&problem)).await,
    }
}

/// What a form holds of each resource, in their order. Errors: what cannot be read; another number than that of the resources.
fn of_each<T: FromStr>(form: &Fields, name: &str, count: usize) -> Result<Vec<T>, Problem> {
    let wrong = |detail: String| Problem::malformed(Some(name.to_string()), detail);
    let sent = form.pairs().filter(|it| it.0 == name);
    let read = sent.map(|it| it.1.parse::<T>().map_err(|_| wrong(format!("`{name}` cannot be read"))));
    let all: Vec<T> = read.collect::<Result<_, _>>()?;
    if all.len() == count { Ok(all) } else { Err(wrong(format!("each resource has one `{name}`"))) }
}

/// Renews what a form names, each at the price and from the deadline that it shows.
async fn ordered(signed: &Signed, account: AccountId, form: &Fields) -> Result<String, Problem> {
    let asked = Asked::of(form)?;
    let pay = choice::read(form, "by", &[Pay::Now, Pay::Later], by)?;
    let count = asked.marks.len();
    let quoted: Vec<i64> = of_each(form, "quoted", count)?;
    let deadlines: Vec<Timestamp> = of_each(form, "deadline", count)?;
    let shown = quoted.into_iter().zip(deadlines);
    let wanted = asked.marks.iter().zip(shown).map(|(resource, (quoted, from))| Wanted {
        resource: *resource,
        months: asked.months,
        quoted_minor: Some(quoted),
        from: Some(from),
    });
    let (items, token): (Vec<Wanted>, String) = (wanted.collect(), form.once().to_string());
    let picked = Picked::read(form)?;
    let page = if pay == Pay::Now { "" } else { short::to_pay(signed) };
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let of = Renewal { account, token: &token, items: &items, pay, vouchers: picked.choice() };
        let orders = renewals::renew(tx, at, of).map_err(Refusal::of_all)?;
        let first = orders.first().ok_or_else(|| Refusal::missing("order"))?;
        Ok(format!("/orders/{}{page}", first.id))
    };
    signed.once(form, work).await
}
