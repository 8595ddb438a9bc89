//! The audit log: `/v1/audit-log` for operators, `/v1/account/audit-log` for an account; its anchor.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use desk::anchor::Anchor;
use desk::lists::journal::{self, Entry, Filter, Told, Whose};
use desk::page::Part;
use desk::{At, Refusal, Tx};
use serde::{Deserialize, Serialize};
use units::Timestamp;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::{Operator, Reader};
use web::problem::Problem;
use web::wire::{self, Limit, Moment, Page, Param, Query, Text, When};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_audit_log))
        .routes(routes!(list_own_audit_log))
        .routes(routes!(search_audit_log))
        .routes(routes!(get_anchor))
}

/// One write, bound to the one before it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "number": 7, "at": "2026-06-01T00:00:00Z", "key": "key_019eb7696c008cf183c2a061049531a6",
    "operation": "POST /v1/orders/{order}/pay", "target": "POST /v1/orders/ord_019eb7696c008cf183c2a061049531a6/pay",
    "body": "{}", "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}))]
pub struct EntryView {
    /// From 1 on, without a gap.
    pub number: i64,
    pub at: Moment,
    /// The key that asked, or `command line`.
    pub key: String,
    pub operation: String,
    pub target: String,
    /// What was sent; a long body as its length and SHA-256.
    pub body: String,
    /// SHA-256 over this entry and the hash of the one before. Noted elsewhere, it proves all that came before.
    pub hash: String,
}

impl From<Entry> for EntryView {
    fn from(it: Entry) -> EntryView {
        EntryView {
            number: it.number,
            at: wire::time(it.at),
            key: it.actor,
            operation: it.operation,
            target: it.target,
            body: it.body,
            hash: it.hash,
        }
    }
}

/// Numbers of entries; beyond it they would not be exact in JSON.
type Number = Param<1, 9_007_199_254_740_991>;

/// The part of a chain that is asked for.
fn part(limit: Option<Limit>, after: Option<Number>) -> Part {
    wire::part(limit, after.map(|it| it.get().to_string()))
}

/// Which part of the audit log.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditLogQuery {
    /// The account whose writes are shown; `till`, or nothing, for those of no account.
    account: Option<Text<1, 80>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: entries with smaller numbers follow.
    after: Option<Number>,
}

/// Lists writes, the newest first: those of an account, or those of none.
#[utoipa::path(get, path = "/v1/audit-log", tag = "operations", params(AuditLogQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<EntryView>),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn list_audit_log(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<AuditLogQuery>,
) -> Result<Json<Page<EntryView>>, Problem> {
    let part = part(query.limit, query.after);
    let account = query.account.as_ref().map_or(Ok(None), |it| journal::account(it.as_str()))?;
    let page = node.read(move |tx, _| journal::page(tx, account, &part)).await?;
    Ok(Json(Page::of(page, EntryView::from)))
}

/// Which entries of the own audit log.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OwnAuditLogQuery {
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: entries with smaller numbers follow.
    after: Option<Number>,
}

/// Lists the writes of the own account, the newest first.
#[utoipa::path(get, path = "/v1/account/audit-log", tag = "accounts", params(OwnAuditLogQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<EntryView>)))]
async fn list_own_audit_log(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<OwnAuditLogQuery>,
) -> Result<Json<Page<EntryView>>, Problem> {
    let part = part(query.limit, query.after);
    let page = node.read(move |tx, _| journal::page(tx, Some(who.account), &part)).await?;
    Ok(Json(Page::of(page, EntryView::from)))
}

/// One write, with names for people.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "account": "acc_019eb7696c008cf183c2a061049531a6", "account_name": "shop", "by": "shop", "number": 7,
    "at": "2026-06-01T00:00:00Z", "key": "key_019eb7696c008cf183c2a061049531a6",
    "operation": "POST /v1/orders/{order}/pay", "target": "POST /v1/orders/ord_019eb7696c008cf183c2a061049531a6/pay",
    "body": "{}", "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}))]
pub struct FoundEntryView {
    /// The account that was written to; `null` for what is of none.
    pub account: Option<String>,
    /// What the account is called.
    pub account_name: Option<String>,
    /// What the key or the user is called, where it has a name.
    pub by: Option<String>,
    #[serde(flatten)]
    pub entry: EntryView,
}

impl From<Told> for FoundEntryView {
    fn from(it: Told) -> FoundEntryView {
        let (account, account_name) = it.account.map(|it| (it.0.to_string(), it.1)).unzip();
        FoundEntryView { account, account_name, by: it.by, entry: EntryView::from(it.entry) }
    }
}

/// Which entries of the whole audit log.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditSearchQuery {
    /// Only writes to this account; `till` for those to none.
    account: Option<Text<1, 80>>,
    /// Only writes of whom this is a part of, whatever the case: an id or a mail address.
    actor: Option<Text<0, 80>>,
    /// Only writes of whose operation this is a part, whatever the case: such as `top-ups`.
    action: Option<Text<0, 80>>,
    /// Only writes that were made then or later.
    from: Option<When>,
    /// Only writes that were made before.
    to: Option<When>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 4200>>,
}

/// Finds writes in the audit log of all accounts, the newest first.
#[utoipa::path(get, path = "/v1/audit-log/search", tag = "operations", params(AuditSearchQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<FoundEntryView>),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn search_audit_log(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<AuditSearchQuery>,
) -> Result<Json<Page<FoundEntryView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let whose = match query.account.as_ref().map(|it| journal::account(it.as_str())).transpose()? {
        None => Whose::All,
        Some(None) => Whose::Till,
        Some(Some(account)) => Whose::Account(account),
    };
    let of = Filter {
        whose,
        actor: query.actor.map_or_else(String::new, Text::into_string),
        action: query.action.map_or_else(String::new, Text::into_string),
        from: query.from.map_or(Ok(Timestamp::MIN), |it| it.of("from"))?,
        to: query.to.map_or(Ok(Timestamp::MAX), |it| it.of("to"))?,
    };
    let page = node.report(move |tx, _| journal::found(tx, &of, &part)).await?;
    Ok(Json(Page::of(page, FoundEntryView::from)))
}

/// The end of a chain of the audit log.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "chain": "till", "number": 7, "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}))]
pub struct ChainView {
    /// An account, or what else has a chain.
    pub chain: String,
    /// Of its last entry.
    pub number: i64,
    /// Of its last entry, from which all before it follows.
    pub hash: String,
}

/// The ends of all chains of the audit log, signed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "anchor": 1, "at": "2026-06-01T00:00:00Z",
    "public_key": "ed25519:3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29",
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "signature": "1ae1b8c0",
    "chains": [{"chain": "till", "number": 7, "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}]
}))]
pub struct AnchorView {
    /// The version of what is signed: 1.
    pub anchor: i64,
    pub at: Moment,
    /// The public half of the installation's key, which signed it.
    pub public_key: String,
    /// SHA-256 over the ends of all chains.
    pub digest: String,
    /// Ed25519, in hexadecimal digits.
    pub signature: String,
    /// By name.
    pub chains: Vec<ChainView>,
}

impl From<Anchor> for AnchorView {
    fn from(it: Anchor) -> AnchorView {
        let digest = it.digest();
        let chain =
            |it: desk::anchor::ChainHead| ChainView { chain: it.chain, number: it.number, hash: it.hash };
        AnchorView {
            anchor: 1,
            at: wire::time(it.at),
            public_key: it.public_key,
            digest,
            signature: it.signature,
            chains: it.chains.into_iter().map(chain).collect(),
        }
    }
}

/// Anchors the audit log: the end of every chain as it stands, signed with the installation's key.
///
/// Kept where nobody who writes to the database gets at it, it proves everything up to now: `till verify --anchor` takes
/// the answer as it is.
#[utoipa::path(get, path = "/v1/audit-log/anchor", tag = "operations",
    security(("key" = ["operator"])), responses((status = 200, body = AnchorView)))]
async fn get_anchor(State(node): State<Node>, _: Operator) -> Result<Json<AnchorView>, Problem> {
    let made = |tx: &mut Tx<'_>, at: At<'_>| {
        let key = at.desk.key.as_ref().ok_or_else(|| Refusal::missing("installation's key"))?;
        Anchor::make(tx, key, at.now)
    };
    node.report(made).await.map(|it| Json(AnchorView::from(it)))
}
