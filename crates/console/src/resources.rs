//! Resources of an account: found by name, address, id, state and product.
//!
//! In:  what is looked for, in the address. Out: resources with their states, the newest first.
//! Invariant: an address says all of what is shown, so that it can be kept and sent.

use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::{frame, parts, words};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::resource::State;
use desk::lists::resources::{self as list, Filter, Seen, Sort};
use desk::page::{Page, Part};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Resources of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/resources", get(resources))
}

/// What is looked for.
struct Asked {
    search: Option<String>,
    state: Option<State>,
    product: Option<String>,
}

impl Asked {
    /// As the list of the API is asked for the same.
    fn of_list(&self) -> [(&'static str, &str); 3] {
        [
            ("search", self.search.as_deref().unwrap_or("")),
            ("state", self.state.map_or("", State::as_str)),
            ("product", self.product.as_deref().unwrap_or("")),
        ]
    }

    const fn is_none(&self) -> bool {
        self.search.is_none() && self.state.is_none() && self.product.is_none()
    }
}

async fn resources(
    signed: Signed,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let text = |name: &str| query.get(name).map(|it| it.trim().to_string()).filter(|it| !it.is_empty());
    let asked = Asked {
        search: text("q"),
        state: text("state").as_deref().and_then(State::parse),
        product: text("product"),
    };
    let filter = Filter {
        account,
        sort: Sort::Newest,
        state: asked.state,
        product: asked.product.clone(),
        service: None,
        name: None,
        project: None,
        tag: None,
        search: asked.search.clone(),
        updated_since: None,
    };
    let part = Part { after: text("after"), most: MOST };
    let found = signed.read(move |tx, _| list::page(tx, &filter, &part)).await?;
    let texts = signed.visit.texts();
    let body = html! {
        (filter_form(&signed, &asked))
        @if found.items.is_empty() { (empty(&signed, &asked)) } @else {
            (table(&signed, &found))
            (parts::csv(&signed.visit, "resources", &asked.of_list()))
        }
    };
    let page = frame::Page { title: &texts.resources(), sub: "", above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn filter_form(signed: &Signed, asked: &Asked) -> Markup {
    let (texts, desk) = (signed.visit.texts(), signed.visit.node.desk());
    let products = desk.book(signed.visit.now).map(|it| it.products.clone()).unwrap_or_default();
    html! {
        form.filter method="get" action="/resources" role="search" {
            input.input type="search" name="q" value=(asked.search.as_deref().unwrap_or("")) aria-label=(texts.search_resources());
            select.select name="product" aria-label=(texts.product()) {
                option value="" { (texts.all_products()) }
                @for it in &products {
                    option value=(it.id) selected[asked.product.as_deref() == Some(it.id.as_str())] {
                        (it.look.label.or(&it.name).get(signed.visit.language))
                    }
                }
            }
            select.select name="state" aria-label=(texts.state()) {
                option value="" { (texts.all_states()) }
                @for state in State::ALL {
                    option value=(state.as_str()) selected[asked.state == Some(state)] { (words::resource_state(texts, state)) }
                }
            }
            button.btn { (texts.search()) }
        }
    }
}

fn empty(signed: &Signed, asked: &Asked) -> Markup {
    let texts = signed.visit.texts();
    html! {
        div.empty {
            @if asked.is_none() {
                h2 { (texts.no_resources()) }
                p { (texts.no_resources_hint()) }
                p.acts { a.btn.main href="/buy" { (texts.buy()) } }
            } @else {
                h2 { (texts.nothing_fits()) }
                p.acts { a.btn href="/resources" { (texts.show_all()) } }
            }
        }
    }
}

fn table(signed: &Signed, found: &Page<Seen>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table data-rows {
            thead {
                tr {
                    th scope="col" { (texts.name()) }
                    th scope="col" { (texts.state()) }
                    th.p2 scope="col" { (texts.place()) }
                    th.p2 scope="col" { (texts.address()) }
                    th.p2 scope="col" { (texts.billing()) }
                }
            }
            tbody {
                @for it in &found.items {
                    @let resource = &it.shown.resource;
                    tr.dim[resource.state.is_over()] {
                        th scope="row" { a href=(format!("/resources/{}", resource.id)) { (signed.called(resource)) } span.s { (signed.product(&resource.product)) } }
                        td { (words::state_pill(texts, resource.state)) }
                        td.p2.pre { (signed.place(resource.options.place())) }
                        td.p2 { @match &resource.address { Some(address) => code { (address) }, None => "–" } }
                        td.p2 {
                            @match (resource.deadline, it.shown.months) {
                                (Some(deadline), _) => (texts.until(visit.time(deadline))),
                                (None, 0) => (texts.pay_as_you_go()),
                                (None, _) => (texts.annual_monthly()),
                            }
                        }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
    }
}
