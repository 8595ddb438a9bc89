//! One order and one bill of a customer, as operators look at them.
//!
//! In:  a customer, an order or a bill. Out: the parts of the customer's own pages, and the ways to what an operator may do.
//! Invariant: they are read alone, and one of another customer is not there; what is done about them is done on pages of its own.

use crate::house::{self, Asked, Below};
use crate::signed::Signed;
use crate::state::Console;
use crate::why::BillLine;
use crate::{bill, charges, lost, ordered, orders, parts, tasks, why, words};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use billing::bill::Kind;
use billing::task::Task;
use billing::user::Right;
use desk::lists::accounts::Customer;
use desk::lists::orders::{self as order_list, Delivery};
use desk::lists::{bills as bill_list, tasks as task_list};
use desk::{At, Tx};
use maud::{Markup, html};
use units::{BillId, OrderId};

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/customers/{account}/orders/{order}", get(one_order))
        .route("/operator/customers/{account}/bills/{bill}", get(one_bill))
        .route("/operator/customers/{account}/bills/{bill}/{line}", get(one_line))
}

async fn one_order(
    signed: Signed,
    Path((account, order)): Path<(String, String)>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Customers, &account).await?;
    let (account, id): (_, OrderId) = (customer.account.id, signed.id(&order).await?);
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        Ok((order_list::delivery(tx, account, id)?, task_list::of_order(tx, account, id)?))
    };
    let (found, tasks) = signed.read(read).await?;
    let looking = signed.looking_at(&customer);
    if signed.visit.part.as_deref() == Some("delivery") {
        return Ok(Html(orders::delivery(&looking, &found).into_string()).into_response());
    }
    let own = format!("/orders/{id}");
    let body = html! {
        (deeds(&signed, &customer, &own, None))
        (orders::delivery(&looking, &found))
        (ordered::section(&looking, &found.order))
        (orders::money(&looking, &found))
        (asked(&signed, &found, &tasks))
    };
    let (title, sub) = (orders::title(&looking, &found.order), orders::sub(&looking, &found.order));
    Ok(below(&signed, &customer, (&title, &sub), &body))
}

/// What the cloud was asked for an order: asking again and giving up stand on the page of each task.
fn asked(signed: &Signed, it: &Delivery, all: &[Task]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        @if it.packs.is_empty() {
            section aria-labelledby="h-tasks" {
                div.sect { h2 id="h-tasks" { (texts.tasks()) } }
                @if all.is_empty() { p.quiet { (texts.nothing_yet()) } } @else {
                    table.table {
                        thead { tr { th scope="col" { (texts.what()) } th scope="col" { (texts.state()) } th.p2 scope="col" { (texts.asked_at()) } } }
                        tbody {
                            @for it in all {
                                tr {
                                    th scope="row" { a href=(format!("/operator/tasks/{}", it.id)) { (tasks::title(signed, it)) } }
                                    td { (words::task_pill(texts, it.state)) @if !it.reason.is_empty() { span.s { (it.reason) } } }
                                    td.p2.pre { (visit.exact_time(it.created)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

async fn one_bill(
    signed: Signed,
    Path((account, bill)): Path<(String, String)>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Customers, &account).await?;
    let (account, id): (_, BillId) = (customer.account.id, signed.id(&bill).await?);
    let whole = signed.read(move |tx, _| bill_list::whole(tx, account, id)).await?;
    let found = &whole.named;
    let (looking, own) = (signed.looking_at(&customer), format!("/bills/{id}"));
    let correctable = (found.bill.kind != Kind::Correction).then_some(id);
    let body = html! { (deeds(&signed, &customer, &own, correctable)) (bill::shown(&looking, &whole)) };
    let title = signed.visit.texts().bill_of(charges::subject(&looking, found));
    Ok(below(&signed, &customer, (&title, &bill::sub(&looking, &found.bill)), &body))
}

async fn one_line(
    signed: Signed,
    Path((account, bill, line)): Path<(String, String, String)>,
    Query(query): Query<Asked>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Customers, &account).await?;
    let (Ok(id), Ok(number)) = (bill.parse::<BillId>(), line.parse::<usize>()) else {
        return Ok(lost::nowhere(signed.visit).await);
    };
    let line = BillLine { bill: id, number };
    let (found, bill) = why::read(&signed, customer.account.id, line, &query).await?;
    let looking = signed.looking_at(&customer);
    let (name, title) = why::titles(&looking, number, &bill);
    let back = format!("{}/bills/{id}", house::address(customer.account.id));
    let body = html! {
        p.acts { a.btn.small href=(back) { (signed.visit.texts().bill_of(charges::subject(&looking, &bill))) } }
        (why::reasons(&looking, number, &found, &bill))
    };
    Ok(below(&signed, &customer, (&title, &name), &body))
}

/// What the role may do about it: see it as the customer does, and put a bill right.
fn deeds(signed: &Signed, customer: &Customer, own: &str, bill: Option<BillId>) -> Markup {
    let (texts, account) = (signed.visit.texts(), customer.account.id.to_string());
    let correct = bill.filter(|_| signed.may(Right::Money));
    html! {
        @if signed.may(Right::ActFor) || correct.is_some() {
            div.acts.deeds {
                @if signed.may(Right::ActFor) {
                    (parts::button(&signed.visit, "/operator/act", &[("account", &account), ("to", own)], &texts.act_for()))
                }
                @if let Some(id) = correct {
                    a.btn.small href=(format!("{}/correct?bill={id}", house::address(customer.account.id))) { (texts.credit_or_debit()) }
                }
            }
        }
    }
}

fn below(signed: &Signed, customer: &Customer, (title, sub): (&str, &str), body: &Markup) -> Response {
    house::below(signed, customer, &Below { title, sub, status: StatusCode::OK, body })
}
