//! Notices: what the account was told, the newest first.
//!
//! In:  an account. Out: titles and sentences in the language of the page.
//! Invariant: the sentences are those of the API.

use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::{frame, parts, short};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::notice::{Notice, NoticeKind};
use billing::user::House;
use desk::lists::notices::{self as list, Filter, Read};
use desk::page::Part;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Notices of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/notices", get(notices))
}

async fn notices(
    signed: Signed,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let part = Part { after: query.get("after").cloned(), most: MOST };
    let read = move |tx: &mut desk::Tx<'_>, at: desk::At<'_>| {
        list::page(tx, at, Filter { account, kind: None }, &part)
    };
    let found = signed.read(read).await?;
    let texts = signed.visit.texts();
    let body = html! {
        @if found.items.is_empty() {
            div.empty { h2 { (texts.no_notices()) } p { (texts.no_notices_hint()) } }
        } @else {
            (shown(&signed, &found.items))
            (parts::more(&signed.visit, found.next.as_deref()))
            (parts::csv(&signed.visit, "notices", &[]))
        }
    };
    Ok(frame::page(
        &signed,
        StatusCode::OK,
        &frame::Page { title: &texts.notices(), sub: "", above: &[], body: &body },
    ))
}

/// Where a notice leads: to what can be done about it.
fn leads(signed: &Signed, it: &Notice) -> (String, String) {
    let texts = signed.visit.texts();
    match it.kind {
        NoticeKind::BalanceLow | NoticeKind::InArrears => (short::TOP_UP.to_string(), texts.top_up()),
        NoticeKind::PackLow | NoticeKind::PackExhausted | NoticeKind::PackExpiring => {
            ("/packs".to_string(), texts.packs())
        }
        NoticeKind::BudgetReached | NoticeKind::BudgetForecast => ("/budgets".to_string(), texts.budgets()),
        NoticeKind::VoucherIssued | NoticeKind::VoucherEnding => ("/vouchers".to_string(), texts.vouchers()),
        NoticeKind::CardRefundFailed => (format!("/refunds/{}", it.subject), texts.refund()),
        NoticeKind::OfferMade => ("/requests".to_string(), texts.sales()),
        NoticeKind::CommitmentAgreed | NoticeKind::CreditAgreed => ("/".to_string(), texts.overview()),
        NoticeKind::PriceChange | NoticeKind::PriceChangeUndone => {
            ("/resources".to_string(), texts.resources())
        }
        NoticeKind::ResourceExpiring | NoticeKind::RenewalFailed | NoticeKind::ResourceExpired => {
            (format!("/renew?mark={}", it.subject), texts.renew())
        }
        NoticeKind::RenewalAhead | NoticeKind::RenewalDone => {
            (format!("/resources/{}", it.subject), texts.resource())
        }
    }
}

/// Notices as a list; for customers each with the way to what can be done about it, as long as it can.
pub(crate) fn shown(signed: &Signed, all: &[Read]) -> Markup {
    let (visit, language) = (&signed.visit, signed.visit.language);
    let own = matches!(signed.house(), House::Account(_));
    html! {
        ul.todo {
            @for it in all {
                li {
                    div {
                        b { (it.said.title.get(language)) }
                        span.s { (it.said.sentence.get(language)) }
                        span.s { (visit.exact_time(it.notice.at)) }
                    }
                    @if own && it.is_open {
                        @let (place, label) = leads(signed, &it.notice);
                        a.btn.small href=(place) aria-label=(format!("{label}: {}", it.said.title.get(language))) { (label) }
                    }
                }
            }
        }
    }
}
