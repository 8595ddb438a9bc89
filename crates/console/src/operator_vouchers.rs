//! Vouchers and promotion codes as the operator sees them: all of them, a voucher for one customer, a code for everybody.
//!
//! In:  what is given, to whom, for what and until when. Out: lists, the newest first; a voucher; a code.
//! Invariant: what is done about a voucher stands in the audit log of its customer; a form that is sent twice gives once.

use crate::fields::Fields;
use crate::house::{self, Asked, Below, Whose};
use crate::parts::{self, Sure, Wrong};
use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::voucher_form::{self, last_day, needed};
use crate::vouchers::{MOST, below_name, head, left, pays_for, state};
use crate::{choice, frame, opening, show};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::user::Right;
use billing::voucher::State;
use billing::voucher::code::{self, Lasts};
use desk::lists::accounts::{self, Customer, Owned};
use desk::lists::vouchers::{self as list, Code, Filter, Voucher};
use desk::page::{Page, Part};
use desk::promotions::{self, New as NewCode};
use desk::vouchers::{self, New};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use units::{AccountId, Currency, PromotionId, Timestamp, VoucherId};
use web::once::Done;
use web::problem::Problem;
use web::wire::Text;

/// Where the list of codes goes on.
const AFTER_CODES: &str = "after-codes";

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/vouchers", get(all))
        .route("/operator/vouchers/{voucher}/withdraw", get(up).post(withdraw))
        .route("/operator/promotion-codes", get(up).post(make))
        .route("/operator/promotion-codes/{code}/withdraw", get(up).post(take_back))
        .route("/operator/customers/{account}/voucher", get(blank))
        .route("/operator/customers/{account}/vouchers", post(issue))
}

async fn up() -> Response {
    see_other("/operator/vouchers")
}

async fn all(signed: Signed, Query(query): Query<Asked>) -> Result<Response, Response> {
    listed(&signed, &query, &Fields::default(), None).await
}

/// What was just done, as the address says it.
fn said(signed: &Signed, query: &Asked) -> Option<String> {
    let texts = signed.visit.texts();
    match query.get("said").map(String::as_str) {
        Some("issued") => Some(texts.voucher_is_issued()),
        Some("withdrawn") => Some(texts.voucher_is_withdrawn()),
        Some("made") => Some(texts.code_is_made()),
        Some("taken-back") => Some(texts.code_is_withdrawn()),
        Some(_) | None => None,
    }
}

async fn listed(
    signed: &Signed,
    query: &Asked,
    form: &Fields,
    wrong: Option<&Problem>,
) -> Result<Response, Response> {
    frame::operators(signed, Right::Customers)?;
    let part = |name: &str| Part { after: house::text(query, name), most: MOST };
    let (of_vouchers, of_codes) = (part("after"), part(AFTER_CODES));
    let named = house::text(query, "account");
    let is_of_one = named.is_some();
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let of = |account| Filter { account, state: None };
        let found = match house::whose(tx, named.as_deref())? {
            Whose::Everybody => list::page(tx, at, of(None), &of_vouchers)?,
            Whose::Of(account) => list::page(tx, at, of(Some(account)), &of_vouchers)?,
            Whose::Nobody => Page::whole(Vec::new()),
        };
        Ok((accounts::owned(tx, found, |it| it.account)?, list::codes(tx, &of_codes)?, at.now))
    };
    let (found, codes, now) = signed.read(read).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it, visit));
    let body = html! {
        @if let Some(said) = said(signed, query) { (parts::done(&said, &html! {})) }
        (parts::errors(visit, told.as_ref()))
        @if signed.may(Right::Money) { p { a href="/operator/customers" { (texts.voucher_at_customer()) } } }
        section aria-labelledby="h-vouchers" {
            div.sect { h2 id="h-vouchers" { (texts.vouchers()) } }
            (filter(signed, query))
            @if found.items.is_empty() { (parts::nothing(&signed.visit, &texts.no_vouchers_given())) } @else {
                (table(signed, &found.items, now))
                (parts::more(visit, found.next.as_deref()))
                @if !is_of_one { (parts::csv(visit, "vouchers", &[])) }
            }
        }
        section aria-labelledby="h-codes" {
            div.sect { h2 id="h-codes" { (texts.promotion_codes()) } }
            @if codes.items.is_empty() { (parts::nothing(&signed.visit, &texts.no_promotion_codes())) } @else { (code_table(signed, &codes)) }
        }
        @if signed.may(Right::Money) {
            section aria-labelledby="h-new" {
                div.sect { h2 id="h-new" { (texts.new_promotion_code()) } }
                (code_form(signed, form, told.as_ref()))
            }
        }
    };
    let page =
        frame::Page { title: &texts.vouchers(), sub: &texts.vouchers_all_sub(), above: &[], body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.status), &page))
}

/// The customer whose vouchers are looked at.
fn filter(signed: &Signed, query: &Asked) -> Markup {
    let texts = signed.visit.texts();
    let account = query.get("account").map_or("", String::as_str);
    html! {
        form.filter method="get" action="/operator/vouchers" role="search" {
            input.input type="search" name="account" value=(account) aria-label=(texts.customer_or_id()) placeholder=(texts.customer_or_id());
            button.btn { (texts.search()) }
        }
    }
}

fn table(signed: &Signed, all: &[Owned<Voucher>], now: Timestamp) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            (head(texts))
            tbody {
                @for Owned { account, name, of: it } in all {
                    @let standing = it.state_at(now);
                    tr.dim[!matches!(standing, State::Unused | State::Frozen)] {
                        th scope="row" { (it.name) span.s { (house::link(*account, name)) } (below_name(signed, &it.scope, it.window.until)) }
                        td {
                            (state(texts, standing))
                            @if standing == State::Unused && signed.may(Right::Money) {
                                (withdrawing(signed, it))
                            }
                        }
                        td.n { (left(texts, it)) " " (show::currency(it.currency(), visit.language)) }
                        td.p2 { (pays_for(signed, &it.scope)) }
                        td.p2.pre { (visit.exact_time(it.window.until)) }
                    }
                }
            }
        }
    }
}

fn code_table(signed: &Signed, found: &Page<Code>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.promotion_code()) }
                    th.n scope="col" { (texts.code_redeemed()) }
                    th.n scope="col" { (texts.amount(sold_in(signed))) }
                    th.p2 scope="col" { (texts.voucher_pays_for()) }
                    th.p2 scope="col" { (texts.good_until()) }
                }
            }
            tbody {
                @for it in &found.items {
                    @let is_over = it.withdrawn.is_some() || it.window.until <= visit.now;
                    tr.dim[is_over] {
                        th scope="row" {
                            code { (it.word) } span.s { (it.name) }
                            @if !is_over && signed.may(Right::Money) {
                                (taking_back(signed, it))
                            }
                            (below_name(signed, &it.scope, it.window.until))
                        }
                        td.n { (texts.code_redeemed_of(it.redeemed.to_string(), it.times.to_string())) }
                        td.n { (show::money(it.face)) " " span.cur { (show::currency(it.face.currency(), visit.language)) } }
                        td.p2 { (pays_for(signed, &it.scope)) }
                        td.p2.pre { (visit.exact_time(it.window.until)) }
                    }
                }
            }
        }
        (parts::more_of(visit, AFTER_CODES, found.next.as_deref()))
    }
}

/// The button that takes a voucher back, once it is asked.
fn withdrawing(signed: &Signed, it: &Voucher) -> Markup {
    let texts = signed.visit.texts();
    let left = it.balance().map_or_else(|_| String::new(), show::money);
    let unit = show::currency(it.currency(), signed.visit.language);
    parts::sure(
        &signed.visit,
        &Sure {
            id: &format!("w-{}", it.id),
            action: &format!("/operator/vouchers/{}/withdraw", it.id),
            title: texts.voucher_withdraw_this(it.name.as_str()),
            hint: texts.voucher_withdraw_hint(format!("{left} {unit}")),
            label: texts.withdraw(),
        },
    )
}

/// The button that takes a promotion code back, once it is asked.
fn taking_back(signed: &Signed, it: &Code) -> Markup {
    let texts = signed.visit.texts();
    parts::sure(
        &signed.visit,
        &Sure {
            id: &format!("w-{}", it.id),
            action: &format!("/operator/promotion-codes/{}/withdraw", it.id),
            title: texts.voucher_withdraw_this(it.word.as_str()),
            hint: texts.code_withdraw_hint(),
            label: texts.withdraw(),
        },
    )
}

/// The currencies in which something is sold.
fn sold_in(signed: &Signed) -> String {
    let language = signed.visit.language;
    let all: Vec<&str> = signed.books().iter().map(|it| show::currency(it.currency, language)).collect();
    all.join(" / ")
}

fn code_form(signed: &Signed, form: &Fields, told: Option<&Wrong>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        form.narrow method="post" action="/operator/promotion-codes" {
            (parts::hidden(visit))
            (needed(form, "code", texts.promotion_code(), told))
            (voucher_form::fields(signed, form, &sold_in(signed), told))
            (opening::currency_field(signed, form, told))
            (needed(form, "times", texts.code_times(), told))
            (last_day(form, texts.code_until(), told))
            (needed(form, "voucher_days", texts.code_days(), told))
            div.field { button.btn { (texts.make_code()) } }
        }
    }
}

/// What a form says of a code beside its vouchers: each field by itself may be wrong.
struct Typed {
    word: Result<Text<1, 60>, Problem>,
    times: Result<u32, Problem>,
    days: Result<u32, Problem>,
}

impl Typed {
    /// Reads it, with everything that is wrong with it.
    fn read(form: &Fields) -> (Typed, Vec<Problem>) {
        let it = Typed {
            word: house::read(form, "code"),
            times: choice::needed(form, "times"),
            days: choice::needed(form, "voucher_days"),
        };
        let word = it.word.as_ref().ok().map(|it| code::word(it.as_str()));
        let (times, days) = (it.times.as_ref().ok().copied(), it.days.as_ref().ok().copied());
        let judged = code::faults(code::Draft { word: word.as_deref(), times, days }).into_iter();
        let unread = [it.word.as_ref().err(), it.times.as_ref().err(), it.days.as_ref().err()];
        let unread = unread.into_iter().flatten().cloned();
        let wrong = unread.chain(judged.map(|it| Problem::from(Refusal::from(it)))).collect();
        (it, wrong)
    }
}

async fn make(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Money)?;
    match made(&signed, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => listed(&signed, &Asked::new(), &form, Some(&problem)).await,
    }
}

async fn made(signed: &Signed, form: &Fields) -> Result<String, Problem> {
    let desk = signed.visit.node.desk();
    let (code, mut wrong) = Typed::read(form);
    let currency = opening::currency_of(desk.at(signed.visit.now), form.text("currency"));
    let currency = currency.map_err(Problem::from);
    if let Err(problem) = &currency {
        wrong.push(problem.clone());
        Problem::together(wrong.iter().cloned())?;
    }
    let worth = voucher_form::read(signed, form, (currency?, wrong))?;
    let (word, times, days) = (code.word?, code.times?, code.days?);
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let new = NewCode {
            word: word.as_str(),
            name: &worth.name,
            face: worth.face,
            scope: &worth.scope,
            window: worth.window(at),
            lasts: Lasts::Days(days),
            times,
        };
        promotions::make(tx, at, new)?;
        Ok("/operator/vouchers?said=made".to_string())
    };
    signed.once(form, work).await
}

async fn take_back(
    Path(code): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::operators(&signed, Right::Money)?;
    let id: PromotionId = signed.id(&code).await?;
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        promotions::withdraw(tx, at, id)?;
        Ok("/operator/vouchers?said=taken-back".to_string())
    };
    match signed.once(&form, work).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => listed(&signed, &Asked::new(), &Fields::default(), Some(&problem)).await,
    }
}

async fn withdraw(
    Path(voucher): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::operators(&signed, Right::Money)?;
    let id: VoucherId = signed.id(&voucher).await?;
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let after = vouchers::withdraw(tx, at, id)?;
        let to = "/operator/vouchers?said=withdrawn".to_string();
        Ok(Done { to, about: Some(after.account), did: true })
    };
    match signed.once_of(&form, work).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => listed(&signed, &Asked::new(), &Fields::default(), Some(&problem)).await,
    }
}

async fn blank(signed: Signed, Path(account): Path<String>) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Money, &account).await?;
    Ok(issuing(&signed, &customer, &house::prefilled(&signed), None))
}

fn issuing(signed: &Signed, customer: &Customer, form: &Fields, wrong: Option<&Problem>) -> Response {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it, visit));
    let unit = show::currency(customer.account.currency, visit.language);
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        form.narrow method="post" action=(format!("{}/vouchers", house::address(customer.account.id))) {
            (parts::hidden(visit))
            (voucher_form::fields(signed, form, unit, told.as_ref()))
            (last_day(form, texts.voucher_until(), told.as_ref()))
            div.field { button.btn.main { (texts.issue_voucher()) } }
        }
    };
    let (title, sub) = (texts.issue_voucher(), texts.issue_voucher_sub());
    let status = wrong.map_or(StatusCode::OK, |it| it.status);
    house::below(signed, customer, &Below { title: &title, sub: &sub, status, body: &body })
}

async fn issue(
    Path(account): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Money, &account).await?;
    match issued(&signed, &customer, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => Ok(issuing(&signed, &customer, &form, Some(&problem))),
    }
}

async fn issued(signed: &Signed, customer: &Customer, form: &Fields) -> Result<String, Problem> {
    let (account, currency): (AccountId, Currency) = (customer.account.id, customer.account.currency);
    let worth = voucher_form::read(signed, form, (currency, Vec::new()))?;
    let token = form.once().to_string();
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let (face, scope, window) = (worth.face, &worth.scope, worth.window(at));
        let new = New { account, name: &worth.name, face, scope, window, token: &token };
        vouchers::issue(tx, at, new)?;
        Ok("/operator/vouchers?said=issued".to_string())
    };
    signed.once_for(account, form, work).await
}
