//! Quotes: `POST /v1/quotes`.
//!
//! In:  what is wanted. Out: what it would cost, item by item.
//! Invariant: nothing is kept; quotes that are asked for at the same time share one reading.

pub mod body;
pub mod view;

use super::items::desk_items;
use super::state::{Api, Lanes};
use axum::Json;
use axum::extract::State;
use billing::account::Account;
use billing::breakdown::Assumed;
use body::QuoteBody;
use desk::breakdown::{self, Question};
use desk::lists::{accounts, offers};
use desk::{At, Refusal, Tx};
use units::OfferId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use view::{QuoteView, QuotesView};
use web::Node;
use web::call::Call;
use web::caller::Reader;
use web::lane::{self, Asking, Waiting};
use web::problem::Problem;
use web::wire::{Id, Path};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(create_quote)).routes(routes!(get_offer_quote))
}

/// What an offer would be ordered at, line by line: rates are from the offer. Refused is what is not on sale any more.
#[utoipa::path(get, path = "/v1/offers/{offer}/quote", tag = "sales", params(("offer" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = QuotesView)))]
async fn get_offer_quote(
    State(node): State<Node>,
    who: Reader,
    Path(id): Path<Id<OfferId>>,
) -> Result<Json<QuotesView>, Problem> {
    let quote = move |tx: &mut Tx<'_>, at: At<'_>| {
        let account = accounts::one(tx, who.account)?.account;
        let offer = offers::one(tx, Some(who.account), id.0)?;
        shown(tx, at, Question { account: &account, items: &offer.items(), assumed: &Assumed::default() })
    };
    Ok(Json(node.read(quote).await?))
}

/// Says what a purchase would cost. Nothing is kept.
#[utoipa::path(post, path = "/v1/quotes", tag = "orders", request_body = QuoteBody,
    security(("key" = ["read"])), responses((status = 200, body = QuotesView)))]
async fn create_quote(
    State(node): State<Node>,
    State(lanes): State<Lanes>,
    call: Call<Reader, QuoteBody>,
) -> Result<Json<QuotesView>, Problem> {
    let together = |node: &Node, next| lane::read_together(node, next, answers);
    let told = lane::ask(&node, &lanes.quotes, Asking::one(call.who.account, call.body), together).await?;
    told.map(Json).map_err(|refusal| node.problem(refusal))
}

fn answers(
    tx: &mut Tx<'_>,
    at: At<'_>,
    next: &[Waiting<QuoteBody, Result<QuotesView, Refusal>>],
) -> Result<Vec<Result<QuotesView, Refusal>>, Refusal> {
    let accounts = accounts::of(tx, next.iter().map(Waiting::account))?;
    let mut one = |it: &Waiting<QuoteBody, Result<QuotesView, Refusal>>| {
        let id = it.account();
        let missing = || Refusal::missing(format!("account {id}"));
        quotes(tx, at, &accounts.get(&id).ok_or_else(missing)?.account, &it.call)
    };
    Ok(next.iter().map(&mut one).collect())
}

fn quotes(tx: &mut Tx<'_>, at: At<'_>, account: &Account, asked: &QuoteBody) -> Result<QuotesView, Refusal> {
    let items = desk_items(&asked.items, account.currency)?;
    shown(tx, at, Question { account, items: &items, assumed: &asked.assume.assumed() })
}

fn shown(tx: &mut Tx<'_>, at: At<'_>, question: Question<'_>) -> Result<QuotesView, Refusal> {
    let currency = question.account.currency;
    let (items, total) = breakdown::detailed(tx, at, question)?;
    Ok(QuotesView {
        items: items.iter().map(QuoteView::from).collect(),
        total: web::wire::money(total),
        currency: currency.as_str().to_string(),
    })
}
