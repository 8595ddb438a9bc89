//! The audit log of everything: who did what, for which customer, when.
//!
//! In:  a customer, a part of who it was or of what was done, days. Out: entries, the newest first, with names.
//! Invariant: it is only read here; no entry is ever changed.

use crate::house::{self, Asked};
use crate::signed::Signed;
use crate::state::Console;
use crate::tables::log;
use crate::{frame, parts};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::user::Right;
use desk::lists::journal::{self as list, Filter, Whose};
use desk::page::{Page, Part};
use desk::{At, Refusal, Tx, journal};
use maud::{Markup, html};

/// Entries of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/audit", get(audit_log))
}

/// Whose entries a filter leaves; `None` when it names nobody.
fn whose(tx: &mut Tx<'_>, named: Option<&str>) -> Result<Option<Whose>, Refusal> {
    if named == Some(journal::TILL) {
        return Ok(Some(Whose::Till));
    }
    Ok(match house::whose(tx, named)? {
        house::Whose::Everybody => Some(Whose::All),
        house::Whose::Of(account) => Some(Whose::Account(account)),
        house::Whose::Nobody => None,
    })
}

/// The same as the list of the API is asked for it.
fn word(whose: Whose) -> String {
    match whose {
        Whose::All => String::new(),
        Whose::Till => journal::TILL.to_string(),
        Whose::Account(id) => id.to_string(),
    }
}

async fn audit_log(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Audit)?;
    let (from, to) = house::days(&signed, &asked)?;
    let text = |name: &str| house::text(&asked, name);
    let named = text("account");
    let (actor, action) = (text("actor").unwrap_or_default(), text("action").unwrap_or_default());
    let part = Part { after: text("after"), most: MOST };
    let (by, what) = (actor.clone(), action.clone());
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        let Some(whose) = whose(tx, named.as_deref())? else {
            return Ok((Whose::All, Page::whole(Vec::new())));
        };
        let of = Filter { whose, actor: by.clone(), action: what.clone(), from, to };
        Ok((whose, list::found(tx, &of, &part)?))
    };
    let (whose, found) = signed.report(read).await?;
    let [account, since, until] = house::of_list(&word(whose), from, to);
    let csv = [account, since, until, ("actor", actor), ("action", action)];
    let csv: Vec<(&str, &str)> = csv.iter().map(|it| (it.0, it.1.as_str())).collect();
    let texts = signed.visit.texts();
    let nothing = [texts.nothing_yet(), texts.audit_log_sub()];
    let body = html! {
        (filter(&signed, &asked))
        @if signed.visit.node.clock().is_test() { (parts::hint(&texts.audit_of_two_clocks())) }
        @if found.items.is_empty() { (house::empty(&signed, &asked, &nothing)) } @else {
            (log(&signed, &found.items))
            (parts::more(&signed.visit, found.next.as_deref()))
            (parts::csv(&signed.visit, "audit-log", &csv))
        }
    };
    let page =
        frame::Page { title: &texts.audit_log(), sub: &texts.audit_log_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn filter(signed: &Signed, asked: &Asked) -> Markup {
    let texts = signed.visit.texts();
    let value = |name: &str| asked.get(name).map_or("", String::as_str);
    html! {
        form.filter method="get" action="/operator/audit" role="search" {
            (house::filters(signed, asked))
            input.input type="search" name="actor" value=(value("actor")) aria-label=(texts.who_did()) placeholder=(texts.who_did());
            input.input type="search" name="action" value=(value("action")) aria-label=(texts.what_was_done()) placeholder=(texts.what_was_done());
            button.btn { (texts.search()) }
        }
    }
}
