//! Refunds: what would go back of something and how that comes about, giving it back, and what was given back.
//!
//! In:  a resource or a pack; a refund. Out: the sum explained line by line and where it goes; the refund, done once.
//! Invariant: nothing is given back for less than the page allowed for; every figure is one of the quote or of the bill.

use crate::fields::Fields;
use crate::house::{self, Asked};
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::{arithmetic, choice, frame, lost, refund_cards, show};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::bill::{Bill, Line};
use billing::card_refund::CardRefund;
use billing::readable;
use billing::refund::Way;
use billing::refund::to_card::CashTo;
use billing::user::Right;
use billing::wallet::Paid;
use desk::card_refunds;
use desk::lists::accounts::Owned;
use desk::lists::refunds as list;
use desk::page::{Page, Part};
use desk::refunds::{self, Proposal, Seen, Subject, Wanted};
use desk::{At, Refusal, Tx, later};
use maud::{Markup, html};
use texts::Texts;
use units::{AccountId, Money, RefundId, Unit};
use web::problem::Problem;

/// Refunds of a page.
const MOST: u16 = 50;
/// Seconds for which what was shown may become less by use and still be agreed to.
pub(crate) const READING_SECONDS: u64 = 900;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/refund", get(ask).post(give))
        .route("/refunds", get(mine))
        .route("/refunds/{refund}", get(made))
        .route("/operator/refunds", get(all))
}

/// How a refund was found, in words.
pub(crate) fn way(texts: &Texts, it: Way) -> String {
    match it {
        Way::Whole => texts.refund_whole(),
        Way::Used => texts.refund_used(),
        Way::Share => texts.refund_share(),
        Way::Unused => texts.refund_unused(),
        Way::Converted => texts.refund_converted(),
    }
}

/// What a form or an address names: a resource or a pack.
fn subject(form: &Fields) -> Result<Subject, Problem> {
    let (resource, pack) = (form.text("resource"), form.text("pack"));
    let found = resource.parse().map(Subject::Resource).or_else(|_| pack.parse().map(Subject::Pack));
    found.map_err(|_| Problem::not_found("such resource or pack"))
}

const fn field(subject: Subject) -> &'static str {
    match subject {
        Subject::Resource(_) => "resource",
        Subject::Pack(_) => "pack",
    }
}

/// What would go back, and the least that whoever reads the page agrees to.
struct Shown {
    proposal: Proposal,
    least: Money,
}

fn read(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, of: Subject) -> Result<Shown, Refusal> {
    let proposal = refunds::quote(tx, at, account, of)?;
    let soon = At { now: later(at.now, READING_SECONDS), ..at };
    let least = match refunds::quote(tx, soon, account, of) {
        Ok(it) if it.refund.way == proposal.refund.way => it.refund.total,
        Ok(_) | Err(_) => proposal.refund.total,
    };
    Ok(Shown { proposal, least })
}

/// For how long something lies in the bin, in words.
fn in_bin(signed: &Signed, seconds: u64) -> String {
    let (texts, hours) = (signed.visit.texts(), seconds.div_ceil(3_600));
    match u32::try_from(hours / 24) {
        Ok(days) if hours.is_multiple_of(24) => texts.change_days(days),
        Ok(_) | Err(_) => readable::quantity(seconds.into(), Unit::PieceSecond, signed.visit.language),
    }
}

/// What becomes of it.
fn then(signed: &Signed, it: &Shown) -> String {
    let texts = signed.visit.texts();
    match (it.proposal.subject, it.proposal.bin_seconds) {
        (Subject::Pack(_), _) => texts.refund_then_pack(),
        (Subject::Resource(_), 0) => texts.refund_then_gone(),
        (Subject::Resource(_), seconds) => texts.refund_then_bin(in_bin(signed, seconds)),
    }
}

/// That what vouchers paid does not come back. Source: R-VOU-5.
fn vouchers_lost(signed: &Signed, it: &Proposal) -> Option<String> {
    let lost = it.by_vouchers.is_positive();
    let sum = || format!("{} {}", show::money(it.by_vouchers), signed.unit());
    lost.then(|| signed.visit.texts().refund_vouchers_lost(sum()))
}

async fn ask(signed: Signed, Query(query): Query<Vec<(String, String)>>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    // A page that is opened again without what it was about.
    if !query.iter().any(|it| ["resource", "pack"].contains(&it.0.as_str())) {
        return Ok(see_other("/refunds"));
    }
    page(&signed, &Fields::of(query), None).await
}

async fn page(signed: &Signed, form: &Fields, wrong: Option<&Problem>) -> Result<Response, Response> {
    let account = whose(signed)?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let of = subject(form).map_err(|problem| lost::failed(visit, &problem))?;
    let name = called(signed, account, of).await?;
    let found = signed.visit.node.read(move |tx, at| read(tx, at, account, of)).await;
    let back = match of {
        Subject::Resource(id) => format!("/resources/{id}"),
        Subject::Pack(_) => "/packs".to_string(),
    };
    let told = wrong.map(|it| Wrong::of(it, visit).among(&[]));
    let (body, status) = match &found {
        Ok(shown) => {
            let words = (back.as_str(), form.text("cash_to"), name.as_str());
            let body = html! { (parts::errors(visit, told.as_ref())) (explained(signed, shown, words)) };
            (body, wrong.map_or(StatusCode::OK, |it| it.status))
        }
        Err(problem) if problem.status == StatusCode::NOT_FOUND => return Err(lost::failed(visit, problem)),
        Err(problem) => {
            let why = parts::why_not(visit, wrong.unwrap_or(problem));
            let body = html! {
                div.empty { h2 { (texts.refund_not_possible()) } p { (why) } p.acts { a.btn href=(back) { (texts.keep_it()) } } }
            };
            (body, wrong.map_or(StatusCode::OK, |it| it.status))
        }
    };
    let (title, sub, resources) = (texts.refund(), texts.refund_sub(name), texts.resources());
    let above = [("/resources", resources.as_str())];
    let page = frame::Page { title: &title, sub: &sub, above: &above, body: &body };
    Ok(frame::page(signed, status, &page))
}

/// What something is called: by the name that was chosen, or its product. The answer where it is not there.
pub(crate) async fn called(signed: &Signed, account: AccountId, of: Subject) -> Result<String, Response> {
    let (name, product) = signed.read(move |tx, _| refunds::named(tx, account, of)).await?;
    Ok(if name.is_empty() { signed.product(&product) } else { name })
}

/// A warning where nothing goes back.
pub(crate) fn nothing(signed: &Signed, total: Money) -> Markup {
    html! { @if total.is_zero() { p.error role="alert" { (signed.visit.texts().refund_of_nothing()) } } }
}

/// The sum, how it comes about, where it goes, and the button that asks. `back` is the page before, `cash_to` where the cash is to go.
fn explained(signed: &Signed, shown: &Shown, (back, cash_to, name): (&str, &str, &str)) -> Markup {
    let texts = signed.visit.texts();
    let it = &shown.proposal;
    let refund = &it.refund;
    html! {
        form.buy method="post" action="/refund" {
            (parts::hidden(&signed.visit))
            input type="hidden" name=(field(it.subject)) value=(it.subject);
            input type="hidden" name="least" value=(shown.least.minor());
            div {
                section aria-labelledby="h-how" {
                    div.sect {
                        h2 id="h-how" { (texts.refund_how()) }
                        p { (way(texts, refund.way)) @if let Some(lost) = vouchers_lost(signed, it) { (signed.visit.language.say(" ".into(), String::new())) b { (lost) } } }
                    }
                    (lines(signed, &it.product, &refund.lines, refund.amount_e8))
                }
                section aria-labelledby="h-then" {
                    div.sect { h2 id="h-then" { (texts.afterwards()) } }
                    ul.tick {
                        li { (texts.refund_then_back()) }
                        li { (then(signed, shown)) }
                        li { (texts.refund_then_final()) }
                    }
                }
            }
            div.stick {
                aside.slip aria-labelledby="h-back" {
                    h2 id="h-back" { (texts.refund_goes_back()) }
                    (places(signed, &it.back, Money::zero(refund.currency()), &Sum { what: &texts.refund_goes_back(), total: refund.total }))
                    (nothing(signed, refund.total))
                    (refund_cards::choice(signed, it, cash_to))
                    a.btn.danger.wide href="#sure" { (texts.refund_now()) }
                    a.btn.wide href=(back) { (texts.keep_it()) }
                    (sure(signed, shown, name))
                }
                p.hint { (texts.refund_checked_again()) }
            }
        }
    }
}

/// What is asked before anything is given back.
fn sure(signed: &Signed, shown: &Shown, name: &str) -> Markup {
    let (texts, it) = (signed.visit.texts(), &shown.proposal);
    let total = format!("{} {}", show::money(it.refund.total), signed.unit());
    html! {
        dialog id="sure" aria-labelledby="h-sure" {
            h2 id="h-sure" { (texts.refund_this(name)) }
            p { (texts.refund_goes_back()) (signed.visit.language.say(": ".into(), "：".into())) b { (total) } }
            @if let Some(lost) = vouchers_lost(signed, it) { p { b { (lost) } } }
            p.quiet { (then(signed, shown)) " " (texts.refund_then_final()) }
            div.acts {
                a.btn href="#" data-close { (texts.keep_it()) }
                button.btn.danger { (texts.refund_now()) }
            }
        }
    }
}

/// The lines that add up to what goes back: what was paid, less what was used. Shown from the customer's side: what comes back is above zero.
pub(crate) fn lines(signed: &Signed, product: &str, all: &[Line<'static>], amount_e8: i64) -> Markup {
    let (visit, texts, unit) = (&signed.visit, signed.visit.texts(), signed.unit());
    let Some(currency) = signed.customer.as_ref().map(|it| it.account.currency) else { return html! {} };
    let when =
        |second| units::calendar::second_at(second).map_or_else(|_| String::new(), |at| visit.time(at));
    let name = |it: &Line<'_>| named(signed, product, it);
    html! {
        table.table {
            thead { tr { th scope="col" { (texts.what()) } th.p2 scope="col" { (texts.refund_rate()) } th.n scope="col" { (texts.amount(unit)) } } }
            tbody {
                @for it in all {
                    tr {
                        @let worked = arithmetic::of_cost(signed, product, it);
                        th scope="row" {
                            (name(it)) @if it.from < it.to { span.s { (texts.refund_time(when(it.from), when(it.to))) } }
                            @if !worked.is_empty() { span.s { (worked) } }
                        }
                        td.p2 { @if it.is_sum() { "–" } @else { (show::rate(it.rate_e8)) } }
                        td.n { (parts::exact(-i128::from(it.cost_e8), currency)) }
                    }
                }
            }
            tfoot { tr { th scope="row" { (texts.sum_of_lines()) } td.p2 {} td.n { (parts::exact(-i128::from(amount_e8), currency)) } } }
        }
    }
}

fn named(signed: &Signed, product: &str, line: &Line<'_>) -> String {
    let of = Bill { product: product.to_string().into(), ..blank(signed) };
    let name = signed.component(&of, line);
    if line.is_sum() { name } else { signed.visit.texts().refund_used_of(name) }
}

/// A bill of nothing, by which a component is named.
fn blank(signed: &Signed) -> Bill<'static> {
    let (now, account) = (signed.visit.now, AccountId::named(signed.visit.now, ""));
    let cycle = units::Cycle { kind: units::CycleKind::Month, from: now, to: now };
    let title = billing::bill::Title { account, kind: billing::bill::Kind::Refund, cycle, subject: 0 };
    Bill::blank(&title, units::Currency::CNY)
}

/// What goes back in all, and what it is called.
pub(crate) struct Sum<'a> {
    pub what: &'a str,
    pub total: Money,
}

/// Where the money goes, what of it to cards, and the sum.
pub(crate) fn places(signed: &Signed, back: &Paid, to_cards: Money, sum: &Sum<'_>) -> Markup {
    let (texts, unit) = (signed.visit.texts(), signed.unit());
    let [bonus, cash, income] = back.purses().kinds();
    let cash = cash.checked_sub(to_cards).unwrap_or(cash);
    let all = [
        (texts.refund_to_owed(), back.owed()),
        (texts.refund_to_card(), to_cards),
        (texts.refund_to_bonus(), bonus),
        (texts.refund_to_cash(), cash),
        (texts.refund_to_income(), income),
    ];
    html! {
        dl.rows {
            @for (name, money) in all.iter().filter(|it| it.1.is_positive()) {
                div { dt { (name) } dd { (show::money(*money)) } }
            }
            div.sum data-say { dt { (sum.what) } dd { (show::money(sum.total)) " " span.cur { (unit) } } }
        }
    }
}

async fn give(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    match given(&signed, account, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) if problem.status == StatusCode::INTERNAL_SERVER_ERROR => {
            Err(lost::failed(&signed.visit, &problem))
        }
        Err(problem) => page(&signed, &form, Some(&problem)).await,
    }
}

async fn given(signed: &Signed, account: AccountId, form: &Fields) -> Result<String, Problem> {
    let of = subject(form)?;
    let wrong = |_| Problem::malformed(Some("least".into()), "`least` is no sum".to_string());
    let least: i64 = form.text("least").parse().map_err(wrong)?;
    let cash_to = match form.text("cash_to") {
        "" => CashTo::Wallet,
        chosen => choice::of("cash_to", chosen, &CashTo::ALL, CashTo::as_str)?,
    };
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let currency = desk::lists::accounts::currency(tx, account)?;
        let least = Some(Money::from_minor(least, currency));
        let seen = refunds::refund(tx, at, Wanted { account, subject: of, least, cash_to })?;
        Ok(format!("/refunds/{}", seen.refund.id))
    };
    signed.once(form, work).await
}

async fn made(signed: Signed, Path(refund): Path<String>) -> Result<Response, Response> {
    let (account, id): (AccountId, RefundId) = (whose(&signed)?, signed.id(&refund).await?);
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        let (seen, bill) = refunds::one(tx, account, id)?;
        Ok((seen, bill, card_refunds::of_refund(tx, account, id)?))
    };
    let (seen, bill, cards): (Seen, Bill<'static>, Vec<CardRefund>) = signed.read(read).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let back = signed.good(seen.paid.checked_neg())?;
    let body = html! {
        div.buy {
            section aria-labelledby="h-how" {
                div.sect { h2 id="h-how" { (texts.refund_how()) } p { (way(texts, seen.refund.way)) } }
                (lines(&signed, &seen.product, &bill.lines, bill.amount_e8))
                p { a href=(format!("/bills/{}", bill.id)) { (texts.refund_see_bill()) } }
            }
            div.stick {
                aside.slip aria-labelledby="h-back" {
                    h2 id="h-back" { (texts.refund_went_back()) }
                    (places(&signed, &back, seen.to_cards, &Sum { what: &texts.refund_went_back(), total: seen.total }))
                    (refund_cards::rows(&signed, &cards))
                }
            }
        }
    };
    let (title, refunds) = (texts.refund(), texts.refunds());
    let sub = format!("{} · {}", name(&signed, &seen), visit.exact_time(seen.refund.at));
    let page = frame::Page { title: &title, sub: &sub, above: &[("/refunds", &refunds)], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn name(signed: &Signed, it: &Seen) -> String {
    if it.name.is_empty() { signed.product(&it.product) } else { it.name.clone() }
}

async fn mine(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let part = Part { after: house::text(&asked, "after"), most: MOST };
    let found = signed.report(move |tx, _| list::page(tx, account, &part)).await?;
    let texts = signed.visit.texts();
    let body = html! {
        @if found.items.is_empty() {
            div.empty { h2 { (texts.no_refunds()) } p { (texts.no_refunds_hint()) } }
        } @else {
            (table(&signed, &found))
            (parts::csv(&signed.visit, "refunds", &[]))
        }
    };
    let (title, sub, orders) = (texts.refunds(), texts.refunds_sub(), texts.orders());
    let page = frame::Page { title: &title, sub: &sub, above: &[("/orders", &orders)], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn table(signed: &Signed, found: &Page<Seen>) -> Markup {
    let (visit, texts, unit) = (&signed.visit, signed.visit.texts(), signed.unit());
    html! {
        table.table {
            thead { tr { th scope="col" { (texts.what()) } th.p2 scope="col" { (texts.at()) } th.n scope="col" { (texts.amount(unit)) } } }
            tbody {
                @for it in &found.items {
                    tr {
                        th scope="row" { a href=(format!("/refunds/{}", it.refund.id)) { (name(signed, it)) } span.s { (way(texts, it.refund.way)) } span.only.s { (visit.exact_time(it.refund.at)) } }
                        td.p2.pre { (visit.exact_time(it.refund.at)) }
                        td.n { (show::money(it.total)) }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
    }
}

async fn all(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let part = Part { after: house::text(&asked, "after"), most: MOST };
    let found = signed.report(move |tx, _| list::of_all(tx, &part)).await?;
    let texts = signed.visit.texts();
    let body = html! {
        @if found.items.is_empty() {
            div.empty { h2 { (texts.no_refunds()) } p { (texts.no_refunds_hint()) } }
        } @else {
            (table_of_all(&signed, &found))
            (parts::csv(&signed.visit, "refunds", &[]))
        }
    };
    let (title, sub) = (texts.refunds(), texts.all_refunds_sub());
    let page = frame::Page { title: &title, sub: &sub, above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn table_of_all(signed: &Signed, found: &Page<Owned<Seen>>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.customer()) }
                    th.p2 scope="col" { (texts.at()) }
                    th scope="col" { (texts.what()) }
                    th.n scope="col" { (texts.sum()) }
                }
            }
            tbody {
                @for Owned { account, name: customer, of: it } in &found.items {
                    tr {
                        th scope="row" { (house::link(*account, customer)) span.s.id { (it.refund.id) } span.only.s { (visit.exact_time(it.refund.at)) } }
                        td.p2.pre { (visit.exact_time(it.refund.at)) }
                        td { (name(signed, it)) span.s { (way(texts, it.refund.way)) } }
                        td.n { (show::money(it.total)) " " (show::currency(it.total.currency(), visit.language)) }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
    }
}
