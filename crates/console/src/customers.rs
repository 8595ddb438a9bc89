//! The operator's customers: found by name, and opened.
//!
//! In:  a part of a name. Out: customers with their money, each a way to its own page.
//! Invariant: a search stands in the address, so that it can be kept and sent.

use crate::house::{self, Asked};
use crate::signed::Signed;
use crate::state::Console;
use crate::{frame, parts, show};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::user::Right;
use desk::lists::accounts::{self, Customer, Filter};
use desk::page::{Page, Part};
use maud::{Markup, html};

/// Customers of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/customers", get(customers))
}

async fn customers(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let search = house::text(&asked, "q");
    let part = Part { after: house::text(&asked, "after"), most: MOST };
    let filter = Filter { search: search.clone(), ..Filter::default() };
    let found = signed.read(move |tx, _| accounts::page(tx, &filter, &part)).await?;
    let texts = signed.visit.texts();
    let body = html! {
        form.filter method="get" action="/operator/customers" role="search" {
            input.input type="search" name="q" value=(search.as_deref().unwrap_or("")) aria-label=(texts.search_customers());
            button.btn { (texts.search()) }
            @if signed.may(Right::Terms) { a.btn.main href="/operator/customers/new" { (texts.open_account()) } }
        }
        @if found.items.is_empty() { (empty(&signed, search.as_deref())) } @else {
            (table(&signed, &found))
            (parts::csv(&signed.visit, "accounts", &[("search", search.as_deref().unwrap_or(""))]))
        }
    };
    let page = frame::Page { title: &texts.customers(), sub: "", above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn empty(signed: &Signed, search: Option<&str>) -> Markup {
    let texts = signed.visit.texts();
    html! {
        div.empty {
            @match search {
                Some(search) => {
                    h2 { (texts.no_customer_called(search)) }
                    p.acts { a.btn href="/operator/customers" { (texts.show_all()) } }
                }
                None => { h2 { (texts.no_customers()) } p { (texts.no_customers_hint()) } }
            }
        }
    }
}

fn table(signed: &Signed, found: &Page<Customer>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table data-rows {
            thead {
                tr {
                    th scope="col" { (texts.name()) }
                    th.n scope="col" { (texts.available()) }
                    th.n.p2 scope="col" { (texts.frozen()) }
                    th.n scope="col" { (texts.owed()) }
                    th.p2 scope="col" { (texts.since()) }
                    th scope="col" { span.sr { (texts.actions()) } }
                }
            }
            tbody {
                @for it in &found.items {
                    @let unit = show::currency(it.account.currency, visit.language);
                    tr {
                        th scope="row" { (house::link(it.account.id, &it.account.name)) span.s.id { (it.account.id) } span.only.s { (show::labelled(&texts.frozen(), &show::money(it.wallet.frozen().total()), visit.language)) } }
                        td.n { (show::money(it.wallet.available())) " " (unit) }
                        td.n.p2 { (show::money(it.wallet.frozen().total())) }
                        td.n { (show::money(it.wallet.owed())) }
                        td.p2 { (visit.time(it.account.created)) }
                        td.one {
                            @if signed.may(Right::ActFor) {
                                (parts::button(visit, "/operator/act", &[("account", &it.account.id.to_string())], &texts.act_for()))
                            }
                        }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
    }
}
