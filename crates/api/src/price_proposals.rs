//! Proposals of price changes: `/v1/price-proposals`.
//!
//! In:  a book that is to hold from a date on, and why; what is done with it. Out: proposals with what they were shown to change.
//! Invariant: a book that is applied or taken back here is used here by the next request.

use super::bills::MonthText;
use super::books::{BookFiles, small_book};
use super::impact::{MoverView, SidesView};
use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::proposal::{self, Figures, Proposal, ProposalError};
use desk::books::{self, Prepared};
use desk::proposals::{self, Named, New, Said, Standing, Whole};
use desk::{At, Refusal, Tx, lists};
use pricebook::Files;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::{Amount, BookId, Currency};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Nothing, OrNothing, Reply};
use web::caller::Operator;
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Limit, Moment, Page, Path, Query, Text, When};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_price_proposals, propose_price_change))
        .routes(routes!(get_price_proposal))
        .routes(routes!(compute_price_proposal))
        .routes(routes!(agree_price_proposal))
        .routes(routes!(reject_price_proposal))
        .routes(routes!(withdraw_price_proposal))
        .routes(routes!(apply_price_proposal))
        .routes(routes!(undo_price_proposal))
}

/// A price book that is to hold from a date on.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "p-2026-07", "state": "proposed", "stale": false, "book": "boo_019eb7696c008cf183c2a061049531a6", "name": "mine",
    "currency": "CNY", "from": "2098-12-31T16:00:00Z", "reason": "dearer power", "proposed_by": "key_019eb7696c008cf183c2a061049531a6",
    "proposed": "2026-06-01T00:00:00Z", "limit_percent": "5.0", "variance_percent": "11.8", "impact": {
        "month": "2026-05", "against": "boo_019eb7696c008cf183c2a061049531a7", "computed": "2026-06-01T00:00:00Z", "customers": 2,
        "of_customers": 2, "with_use": 1, "more": 1, "less": 0, "failed": 0,
        "sum": {"before": "122.40000000", "after": "136.80000000", "change": "14.40000000", "percent": "+11.8"},
        "moved": "14.40000000"
    }, "told": 0
}))]
pub struct PriceProposalView {
    /// Chosen by whoever proposed it.
    pub id: String,
    /// `proposed` while another operator has to agree, `ready` to be applied, `applied`, `rejected`, `withdrawn` or `undone`.
    pub state: words::ProposalState,
    /// Whether its figures compare with another book than the one that will hold until its date: then they have to be computed again.
    pub stale: bool,
    /// The id that its book has when it is applied.
    pub book: String,
    pub name: String,
    pub currency: String,
    /// From when its book is to hold.
    pub from: Moment,
    pub reason: String,
    /// Who proposed it, as the audit log names them.
    pub proposed_by: String,
    pub proposed: Moment,
    /// Who agreed, and when; left out where nobody had to, or has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreed_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreed: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied: Option<Moment>,
    /// Who rejected, withdrew or undid it, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<Moment>,
    /// Above so much of the month's revenue another operator has to agree, in percent.
    pub limit_percent: String,
    /// How much of it moves, up and down added up; left out where nothing was charged in the month. Then, and where customers were
    /// left out, another operator has to agree in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variance_percent: Option<String>,
    pub impact: KeptImpactView,
    /// How many customers were told so far that prices change.
    pub told: i64,
}

/// What a proposal was shown to change: a month by the book that was to hold until its date, beside the proposed one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeptImpactView {
    pub month: String,
    /// The book that was to hold until its date when it was computed.
    pub against: String,
    pub computed: Moment,
    /// Customers that were looked at.
    pub customers: u64,
    /// How many there were.
    pub of_customers: u64,
    /// Those to whom something was charged after use, on either side.
    pub with_use: u64,
    pub more: u64,
    pub less: u64,
    /// Those that could not be rated, or have contract prices; they are on neither side.
    pub failed: u64,
    pub sum: SidesView,
    /// By how much the sums of customers change, up and down added up.
    pub moved: wire::AmountShown,
}

/// A proposal with its book, and the customers that move most.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WholePriceProposalView {
    #[serde(flatten)]
    pub proposal: PriceProposalView,
    /// Those whose sum rises most, the first most; then those whose sum falls most.
    #[schema(example = json!([{"account": "acc_019eb7696c008cf183c2a061049531a6", "name": "shop",
        "sum": {"before": "14.40000000", "after": "28.80000000", "change": "14.40000000", "percent": "+100.0"}}]))]
    pub movers: Vec<MoverView>,
    /// The text of each file by its path.
    #[schema(example = json!(small_book()))]
    pub files: BTreeMap<String, String>,
}

impl KeptImpactView {
    fn new(it: &Figures, of: &Proposal) -> KeptImpactView {
        KeptImpactView {
            month: it.month.clone(),
            against: it.against.to_string(),
            computed: wire::time(of.computed),
            customers: it.customers,
            of_customers: it.all,
            with_use: it.charged,
            more: it.more,
            less: it.less,
            failed: it.failed,
            sum: SidesView::new(it.sides, of.currency),
            moved: wire::amount_of(Amount::from_e8(it.moved_e8, of.currency)),
        }
    }
}

impl From<&Standing> for PriceProposalView {
    fn from(Standing { proposal: it, is_stale, told, .. }: &Standing) -> PriceProposalView {
        let by = |done: &Option<proposal::Deed>| done.as_ref().map(|it| it.by.clone());
        let at = |done: &Option<proposal::Deed>| done.as_ref().map(|it| wire::time(it.at));
        PriceProposalView {
            id: it.id.clone(),
            state: it.state.into(),
            stale: *is_stale,
            book: it.book.to_string(),
            name: it.name.clone(),
            currency: it.currency.as_str().to_string(),
            from: wire::time(it.from),
            reason: it.reason.clone(),
            proposed_by: it.made.by.clone(),
            proposed: wire::time(it.made.at),
            agreed_by: by(&it.agreed),
            agreed: at(&it.agreed),
            applied_by: by(&it.applied),
            applied: at(&it.applied),
            ended_by: by(&it.ended),
            ended: at(&it.ended),
            limit_percent: proposal::percent(it.limit_tenths.into()),
            variance_percent: it.figures.variance_tenths().map(proposal::percent),
            impact: KeptImpactView::new(&it.figures, it),
            told: *told,
        }
    }
}

impl From<&Whole> for WholePriceProposalView {
    fn from(it: &Whole) -> WholePriceProposalView {
        let (files, currency): (_, Currency) =
            (Files::from_text(&it.text.body), it.standing.proposal.currency);
        let text = |path: &str| (path.to_string(), files.get(path).unwrap_or("").to_string());
        WholePriceProposalView {
            proposal: PriceProposalView::from(&it.standing),
            movers: it.movers.iter().map(|it| MoverView::new(it, currency)).collect(),
            files: files.paths().map(text).collect(),
        }
    }
}

/// A price change to propose.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "id": "p-2026-07", "files": small_book(), "from": "2099-01-01T00:00:00+08:00", "reason": "dearer power"
}))]
pub struct PriceProposalBody {
    /// Such as the number of a ticket; the same again changes nothing.
    id: Text<1, 100>,
    /// The book that is to hold; or `book`.
    files: Option<BookFiles>,
    /// A book that was applied before and is to hold again, by its id; or `files`.
    book: Option<Text<1, 80>>,
    /// From when it is to hold, later than now; the date in the book if left out.
    from: Option<When>,
    /// Why.
    reason: Text<1, 500>,
    /// The month that is over in which it is shown what changes, such as `2026-06`; the last one if left out.
    month: Option<MonthText>,
}

/// The book that a body names.
async fn read(node: &Node, body: PriceProposalBody) -> Result<Prepared, Problem> {
    let from = body.from.as_ref().map(|it| it.of("from")).transpose()?;
    let files = match (body.files, body.book) {
        (Some(files), None) => files.files().clone(),
        (None, Some(id)) => {
            let missing = || Refusal::missing(format!("price book {}", id.as_str())).of("book");
            let id: BookId = id.as_str().parse().map_err(|_| missing())?;
            let shown = node.read(move |tx, at| lists::books::one(tx, at, id)).await?;
            shown.files
        }
        (Some(_), Some(_)) | (None, None) => return Err(Refusal::from(ProposalError::Book).into()),
    };
    node.blocking(move |_| books::prepared(&files, from)).await
}

/// Proposes a price change: what it changes of a past month is computed beside the book that will hold until its date, and kept. It looks at 5,000
/// customers; where there are more, or more than the limit moves, another operator has to agree before it can be applied.
#[utoipa::path(post, path = "/v1/price-proposals", tag = "operations", request_body = PriceProposalBody,
    security(("key" = ["operator"])), responses((status = 201, body = PriceProposalView)))]
async fn propose_price_change(
    State(node): State<Node>,
    call: Call<Operator, PriceProposalBody>,
) -> Result<Response, Problem> {
    let body = call.body.clone();
    let month = body.month.clone().map(MonthText::into_string);
    let (id, reason) = (body.id.as_str().to_string(), body.reason.as_str().to_string());
    let by = call.note().actor.to_string();
    let book = read(&node, body).await?;
    let of = book.book.id;
    let there = node.read(move |tx, _| {
        let said = Said { id: &id, reason: &reason, by: &by, book: of };
        proposals::known(tx, &said).map_err(|it| it.by_code(&[("conflict", "id")]))
    });
    if let Some(there) = there.await? {
        return node.once(call, move |tx, at, _| created(tx, at, &there.id)).await;
    }
    let found = web::proposals::computed(&node, book.book.clone(), month).await?;
    node.once(call, move |tx, at, call| {
        let (id, reason, by) = (call.body.id.as_str(), call.body.reason.as_str(), call.note().actor);
        let new = New { id, reason, by, book: &book, found: &found };
        let made = proposals::propose(tx, at, &new).map_err(|it| it.by_code(&[("conflict", "id")]))?;
        created(tx, at, &made.id)
    })
    .await
}

fn created(tx: &mut Tx<'_>, at: At<'_>, id: &str) -> Result<Reply<PriceProposalView>, Refusal> {
    Ok(Reply::created(below("/v1/price-proposals", id), shown(tx, at, id)?))
}

fn shown(tx: &mut Tx<'_>, at: At<'_>, id: &str) -> Result<PriceProposalView, Refusal> {
    Ok(PriceProposalView::from(&proposals::standing(tx, at, id)?))
}

/// Which proposals.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PriceProposalsQuery {
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 100>>,
}

/// Lists proposals of price changes, the last one first.
#[utoipa::path(get, path = "/v1/price-proposals", tag = "operations", params(PriceProposalsQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<PriceProposalView>)))]
async fn list_price_proposals(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<PriceProposalsQuery>,
) -> Result<Json<Page<PriceProposalView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let page = node.read(move |tx, at| proposals::page(tx, at, &part)).await?;
    Ok(Json(Page::of(page, |it| PriceProposalView::from(&it))))
}

/// One proposal with its book and the customers that move most.
#[utoipa::path(get, path = "/v1/price-proposals/{proposal}", tag = "operations", params(("proposal" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = WholePriceProposalView)))]
async fn get_price_proposal(
    State(node): State<Node>,
    _: Operator,
    Path(proposal): Path<String>,
) -> Result<Json<WholePriceProposalView>, Problem> {
    let found = node.read(move |tx, at| proposals::whole(tx, at, &proposal)).await?;
    Ok(Json(WholePriceProposalView::from(&found)))
}

/// Which month is looked at.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"month": "2026-05"}))]
pub struct ProposalComputeBody {
    /// A month that is over, such as `2026-06`; the last one if left out.
    month: Option<MonthText>,
}

/// Computes once more what a proposal changes, beside the book that will hold until its date. What was agreed to holds no more, unless the same comes out.
#[utoipa::path(post, path = "/v1/price-proposals/{proposal}/compute", tag = "operations", params(("proposal" = String, Path)),
    request_body = ProposalComputeBody,
    security(("key" = ["operator"])), responses((status = 200, body = PriceProposalView)))]
async fn compute_price_proposal(
    State(node): State<Node>,
    Path(proposal): Path<String>,
    call: Call<Operator, OrNothing<ProposalComputeBody>>,
) -> Result<Response, Problem> {
    let month = call.body.0.month.clone().map(MonthText::into_string);
    let found = web::proposals::again(&node, proposal.clone(), month).await?;
    node.once(call, move |tx, at, _| {
        proposals::compute(tx, at, &proposal, &found)?;
        Ok(Reply::ok(shown(tx, at, &proposal)?))
    })
    .await
}

/// What somebody does with a proposal.
type Step = fn(&mut Tx<'_>, At<'_>, Named<'_>) -> Result<Proposal, Refusal>;

async fn stepped(
    node: &Node,
    proposal: String,
    call: Call<Operator, Nothing>,
    step: Step,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        step(tx, at, Named { id: &proposal, by: call.note().actor })?;
        Ok(Reply::ok(shown(tx, at, &proposal)?))
    })
    .await
}

/// Agrees to a proposal that moves more than the limit: another operator than the one who proposed it.
#[utoipa::path(post, path = "/v1/price-proposals/{proposal}/agree", tag = "operations", params(("proposal" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = PriceProposalView)))]
async fn agree_price_proposal(
    State(node): State<Node>,
    Path(proposal): Path<String>,
    call: Call<Operator, Nothing>,
) -> Result<Response, Problem> {
    stepped(&node, proposal, call, proposals::agree).await
}

/// Rejects a proposal: another operator than the one who proposed it.
#[utoipa::path(post, path = "/v1/price-proposals/{proposal}/reject", tag = "operations", params(("proposal" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = PriceProposalView)))]
async fn reject_price_proposal(
    State(node): State<Node>,
    Path(proposal): Path<String>,
    call: Call<Operator, Nothing>,
) -> Result<Response, Problem> {
    stepped(&node, proposal, call, proposals::reject).await
}

/// Withdraws a proposal: the operator who proposed it.
#[utoipa::path(post, path = "/v1/price-proposals/{proposal}/withdraw", tag = "operations", params(("proposal" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = PriceProposalView)))]
async fn withdraw_price_proposal(
    State(node): State<Node>,
    Path(proposal): Path<String>,
    call: Call<Operator, Nothing>,
) -> Result<Response, Problem> {
    stepped(&node, proposal, call, proposals::withdraw).await
}

/// Applies the book of a proposal from its date on. Customers who have something that is charged otherwise from then on are told.
#[utoipa::path(post, path = "/v1/price-proposals/{proposal}/apply", tag = "operations", params(("proposal" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = PriceProposalView)))]
async fn apply_price_proposal(
    State(node): State<Node>,
    Path(proposal): Path<String>,
    call: Call<Operator, Nothing>,
) -> Result<Response, Problem> {
    let book = web::proposals::book(&node, proposal.clone()).await?;
    let done = node
        .once(call, move |tx, at, call| {
            proposals::apply(tx, at, Named { id: &proposal, by: call.note().actor }, &book)?;
            Ok(Reply::ok(shown(tx, at, &proposal)?))
        })
        .await?;
    node.blocking(Node::reload).await?;
    Ok(done)
}

/// Takes the book of a proposal back before it begins. Customers who were told of it are told so.
#[utoipa::path(post, path = "/v1/price-proposals/{proposal}/undo", tag = "operations", params(("proposal" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = PriceProposalView)))]
async fn undo_price_proposal(
    State(node): State<Node>,
    Path(proposal): Path<String>,
    call: Call<Operator, Nothing>,
) -> Result<Response, Problem> {
    let done = stepped(&node, proposal, call, proposals::undo).await?;
    node.blocking(Node::reload).await?;
    Ok(done)
}

#[cfg(test)]
mod tests;
