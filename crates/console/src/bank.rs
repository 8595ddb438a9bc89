//! Money that came in by bank: statements, and whose each entry is.
//!
//! In:  a bank's file; what an operator says of an entry. Out: entries that are open, each with whose it may be.
//! Invariant: nothing comes into a wallet before somebody says so; a statement that is not whole is refused as a whole.

use crate::fields::Fields;
use crate::house::{self, Asked};
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{frame, show};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::bank::State;
use billing::user::Right;
use desk::bank;
use desk::lists::accounts;
use desk::lists::bank::{self as list, StoredEntry};
use desk::page::Part;
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;
use units::AccountId;
use web::Node;
use web::problem::Problem;
use web::wire::Text;

/// A statement of more bytes is refused.
const LARGEST: usize = 5 * 1024 * 1024;
const PLACE: &str = "/operator/bank";
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route(PLACE, get(all).post(add).layer(DefaultBodyLimit::max(LARGEST)))
        .route("/operator/bank/{entry}/confirm", post(confirm))
        .route("/operator/bank/{entry}/aside", post(set_aside))
}

async fn all(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Response> {
    let part = Part { after: house::text(&asked, "after"), most: MOST };
    page(&signed, part, None).await
}

async fn page(signed: &Signed, part: Part, wrong: Option<&Problem>) -> Result<Response, Response> {
    frame::operators(signed, Right::Money)?;
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        let open = list::entries(tx, State::Open, &part)?;
        let names = accounts::names(tx, open.items.iter().filter_map(|it| it.standing.account))?;
        Ok((open, names))
    };
    let (open, names) = signed.read(read).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it, visit));
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        form.narrow method="post" action=(PLACE) enctype="multipart/form-data" {
            (parts::hidden(visit))
            div.field {
                label for="statement" { (texts.bank_statement()) }
                span.hint id="h-statement" { (texts.bank_statement_hint()) }
                input.input type="file" id="statement" name="statement" required aria-describedby="h-statement";
            }
            div.field { button.btn.main { (texts.bank_statement_add()) } }
        }
        @if open.items.is_empty() {
            div.empty { h2 { (texts.no_bank_entries()) } p { (texts.no_bank_entries_hint()) } }
        } @else { (table(signed, &open.items, &names)) (parts::more(visit, open.next.as_deref())) (parts::csv(visit, "bank-entries", &[("state", State::Open.as_str())])) }
    };
    let (title, sub) = (texts.bank_transfers(), texts.bank_transfers_sub());
    let page = frame::Page { title: &title, sub: &sub, above: &[], body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.status), &page))
}

fn table(signed: &Signed, open: &[StoredEntry], names: &BTreeMap<AccountId, String>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.bank_entry()) }
                    th.p2 scope="col" { (texts.bank_written()) }
                    th.n scope="col" { (texts.sum()) }
                    th scope="col" { (texts.customer()) }
                }
            }
            tbody {
                @for it in open {
                    @let entry = &it.entry;
                    @let name = it.standing.account.and_then(|id| names.get(&id)).map_or("", String::as_str);
                    tr {
                        th scope="row" { (entry.payer) span.s { (visit.time(entry.booked)) " · " code { (entry.id) } } }
                        td.p2 { (entry.text) }
                        td.n { (show::money(entry.money)) " " (show::currency(entry.money.currency(), visit.language)) }
                        td {
                            @if entry.money.is_positive() {
                                form method="post" action=(address(&entry.id, "confirm")) {
                                    (parts::hidden(visit))
                                    input.input type="text" name="account" value=(name) required autocomplete="off" aria-label=(texts.customer());
                                    button.btn.small.main { (texts.bank_confirm()) }
                                }
                            } @else { p.hint { (name) " " (texts.bank_went_back()) } }
                            form method="post" action=(address(&entry.id, "aside")) {
                                (parts::hidden(visit))
                                input.input type="text" name="reason" required maxlength="200" autocomplete="off"
                                    placeholder=(texts.bank_reason_hint()) aria-label=(texts.bank_reason());
                                button.btn.small { (texts.bank_set_aside()) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn address(entry: &str, step: &str) -> String {
    let entry: String = form_urlencoded::byte_serialize(entry.as_bytes()).collect();
    format!("{PLACE}/{}/{step}", entry.replace('+', "%20"))
}

async fn add(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Money)?;
    match added(&signed, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, Part::first(MOST), Some(&problem)).await,
    }
}

async fn added(signed: &Signed, form: &Fields) -> Result<String, Problem> {
    let wrong = |what: &str| Problem::malformed(Some("statement".into()), what);
    let (_, bytes) = form.files().first().ok_or_else(|| wrong("choose the bank's file"))?;
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| wrong("the file is not text in UTF-8"))?;
    let read = move |node: &Node| {
        let read = providers::bank::read(&text, &node.desk().calendar);
        read.map_err(|error| Refusal::from(error).of("statement"))
    };
    let read = signed.visit.node.blocking(read).await?;
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        bank::add(tx, at, &read)?;
        Ok(PLACE.to_string())
    };
    signed.once(form, work).await
}

async fn confirm(
    Path(entry): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::operators(&signed, Right::Money)?;
    let named = form.text("account").to_string();
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let found = accounts::named(tx, &named)?;
        let account = found.ok_or_else(|| Refusal::missing(format!("account {named}")).of("account"))?.id;
        bank::confirm(tx, at, &entry, Some(account))?;
        Ok(PLACE.to_string())
    };
    match signed.once(&form, work).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, Part::first(MOST), Some(&problem)).await,
    }
}

async fn set_aside(
    Path(entry): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::operators(&signed, Right::Money)?;
    match laid_aside(&signed, entry, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, Part::first(MOST), Some(&problem)).await,
    }
}

async fn laid_aside(signed: &Signed, entry: String, form: &Fields) -> Result<String, Problem> {
    let reason: Text<1, 200> = house::read(form, "reason")?;
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        bank::set_aside(tx, at, &entry, reason.as_str())?;
        Ok(PLACE.to_string())
    };
    signed.once(form, work).await
}
