//! Mail: addresses of an account at `/v1/account/mail-addresses`; what was sent at `/v1/mails`, for operators.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::language::Language;
use billing::letter::Address;
use billing::user::House;
use desk::correspondents::{self, New};
use desk::lists;
use desk::lists::mails::Named;
use desk::mails::{self, Mail, MailFilter};
use serde::{Deserialize, Serialize};
use units::{AccountId, MailId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Nothing, Reply};
use web::caller::{Buyer, Operator, Reader};
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, Page, Path, Query, Text};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_mail_addresses, add_mail_address))
        .routes(routes!(get_mail_address, remove_mail_address))
        .routes(routes!(get_mail_language, set_mail_language))
        .routes(routes!(list_mails))
        .routes(routes!(get_mail))
        .routes(routes!(resend_mail))
}

/// An address that is told what concerns an account, beside its people.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "mail": "finance@shop.example", "topics": ["finance"], "language": "zh", "created": "2026-06-01T00:00:00Z"
}))]
pub struct MailAddressView {
    pub mail: String,
    /// `finance`: receipts, statements, arrears, balance, budgets, offers; `technical`: deliveries and packs.
    pub topics: Vec<words::MailTopic>,
    /// In which language it is written to; `null` for the account's.
    pub language: Option<words::Language>,
    pub created: Moment,
}

impl From<&Address> for MailAddressView {
    fn from(it: &Address) -> MailAddressView {
        MailAddressView {
            mail: it.mail.clone(),
            topics: it.topics.iter().map(|it| (*it).into()).collect(),
            language: it.language.map(Into::into),
            created: wire::time(it.created),
        }
    }
}

/// Lists the addresses of the account, by their letters.
#[utoipa::path(get, path = "/v1/account/mail-addresses", tag = "accounts",
    security(("key" = ["read"])), responses((status = 200, body = Page<MailAddressView>)))]
async fn list_mail_addresses(
    State(node): State<Node>,
    who: Reader,
) -> Result<Json<Page<MailAddressView>>, Problem> {
    let found = node.read(move |tx, _| correspondents::addresses(tx, who.account)).await?;
    Ok(Json(Page { items: found.iter().map(MailAddressView::from).collect(), next: None }))
}

/// An address for what concerns the account.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"mail": "finance@shop.example", "topics": ["finance"], "language": "zh"}))]
pub struct MailAddressBody {
    /// On one line.
    #[schema(min_length = 1, max_length = 254)]
    mail: String,
    /// What it is told: `finance`, `technical`, or both.
    #[schema(min_items = 1, max_items = 2, value_type = Vec<words::MailTopic>)]
    topics: Vec<String>,
    /// In which language it is written to; the account's if left out.
    language: Option<words::LanguageBody>,
}

/// Adds an address to the account, at most ten; one that is there is told something else from here on.
///
/// Refused with `mail_line_break` for an address with a line break in it, and with `mail_invalid` for one that is none.
#[utoipa::path(post, path = "/v1/account/mail-addresses", tag = "accounts", request_body = MailAddressBody,
    security(("key" = ["buy"])), responses((status = 201, body = MailAddressView)))]
async fn add_mail_address(
    State(node): State<Node>,
    call: Call<Buyer, MailAddressBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let body = &call.body;
        let language = body.language.map(|it| it.0);
        let new = New { mail: &body.mail, topics: &body.topics, language };
        let address = correspondents::add_address(tx, at, call.who.account, &new)?;
        let place = below("/v1/account/mail-addresses", &address.mail);
        Ok(Reply::created(place, MailAddressView::from(&address)))
    })
    .await
}

/// One address of the account.
#[utoipa::path(get, path = "/v1/account/mail-addresses/{address}", tag = "accounts", params(("address" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = MailAddressView)))]
async fn get_mail_address(
    State(node): State<Node>,
    who: Reader,
    Path(address): Path<Text<1, 254>>,
) -> Result<Json<MailAddressView>, Problem> {
    let found = node.read(move |tx, _| correspondents::address(tx, who.account, address.as_str())).await?;
    Ok(Json(MailAddressView::from(&found)))
}

/// Takes an address away: nothing more is sent there.
#[utoipa::path(delete, path = "/v1/account/mail-addresses/{address}", tag = "accounts", params(("address" = String, Path)),
    security(("key" = ["buy"])), responses((status = 200, body = MailAddressView)))]
async fn remove_mail_address(
    State(node): State<Node>,
    Path(address): Path<Text<1, 254>>,
    call: Call<Buyer, Nothing>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, _, call| {
        let gone = correspondents::address(tx, call.who.account, address.as_str())?;
        correspondents::remove_address(tx, call.who.account, &gone.mail)?;
        Ok(Reply::ok(MailAddressView::from(&gone)))
    })
    .await
}

/// In which language mails to the account are, for addresses and people for whom nothing else is said.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"language": "zh"}))]
pub struct MailLanguageView {
    pub language: words::Language,
}

impl From<Language> for MailLanguageView {
    fn from(it: Language) -> MailLanguageView {
        MailLanguageView { language: it.into() }
    }
}

/// The language of mails to the account.
#[utoipa::path(get, path = "/v1/account/mail-language", tag = "accounts",
    security(("key" = ["read"])), responses((status = 200, body = MailLanguageView)))]
async fn get_mail_language(State(node): State<Node>, who: Reader) -> Result<Json<MailLanguageView>, Problem> {
    let found = node.read(move |tx, at| correspondents::of_account(tx, at, who.account)).await?;
    Ok(Json(found.into()))
}

/// A language for mails to the account.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"language": "zh"}))]
pub struct MailLanguageBody {
    language: words::LanguageBody,
}

/// Sets the language of mails to the account.
#[utoipa::path(put, path = "/v1/account/mail-language", tag = "accounts", request_body = MailLanguageBody,
    security(("key" = ["buy"])), responses((status = 200, body = MailLanguageView)))]
async fn set_mail_language(
    State(node): State<Node>,
    call: Call<Buyer, MailLanguageBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, _, call| {
        let language = call.body.language.0;
        correspondents::set_language(tx, call.who.account, language)?;
        Ok(Reply::ok(MailLanguageView::from(language)))
    })
    .await
}

/// One letter to one address.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "mal_019eb7696c008cf183c2a061049531a6", "kind": "pack_low", "account": "acc_019eb7696c008cf183c2a061049531a6",
    "account_name": "shop", "to": "ops@shop.example", "language": "en", "state": "dead", "tries": 1, "reply": 550,
    "error": "permanent error (550): no such mailbox", "created": "2026-06-01T00:00:00Z", "next_try": null,
    "ended": "2026-06-01T00:00:01Z"
}))]
pub struct MailView {
    /// Also in the Message-ID, the same in every try.
    pub id: String,
    pub kind: words::MailKind,
    /// `null` for what is to the operator's people.
    pub account: Option<String>,
    pub account_name: Option<String>,
    pub to: String,
    pub language: words::Language,
    /// `queued`, `sent` or `dead`: not tried any more.
    pub state: words::MailState,
    /// Since it was made, or sent again.
    pub tries: i64,
    /// The last code of the mail server; `null` when none came.
    pub reply: Option<i64>,
    /// What was wrong with the last try; empty when nothing was.
    pub error: String,
    pub created: Moment,
    pub next_try: Option<Moment>,
    pub ended: Option<Moment>,
}

impl From<Named<Mail>> for MailView {
    fn from(Named { name, of: it }: Named<Mail>) -> MailView {
        MailView {
            id: it.id.to_string(),
            kind: it.kind.into(),
            account: it.house.account().map(|it| it.to_string()),
            account_name: name,
            to: it.address,
            language: it.language.into(),
            state: it.state.into(),
            tries: it.tries,
            reply: it.reply,
            error: it.error,
            created: wire::time(it.created),
            next_try: it.due.map(wire::time),
            ended: it.ended.map(wire::time),
        }
    }
}

/// Which mails.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MailsQuery {
    /// Only mails in this state.
    state: Option<Word<words::MailState>>,
    /// Only mails to this account.
    account: Option<Text<0, 80>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: a mail.
    after: Option<Text<0, 80>>,
}

/// Lists mails of all accounts, the newest first.
#[utoipa::path(get, path = "/v1/mails", tag = "operations", params(MailsQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<MailView>)))]
async fn list_mails(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<MailsQuery>,
) -> Result<Json<Page<MailView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let house = match query.account.as_ref().map(|it| it.as_str().parse::<AccountId>()) {
        None => None,
        Some(Ok(account)) => Some(House::Account(account)),
        // There are no mails of what cannot be an account.
        Some(Err(_)) => return Ok(Json(Page { items: Vec::new(), next: None })),
    };
    let filter = MailFilter { state: query.state.map(|it| it.0.0), house };
    let page = node.read(move |tx, _| lists::mails::page(tx, filter, &part)).await?;
    Ok(Json(Page::of(page, MailView::from)))
}

/// One mail.
#[utoipa::path(get, path = "/v1/mails/{mail}", tag = "operations", params(("mail" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = MailView)))]
async fn get_mail(
    State(node): State<Node>,
    _: Operator,
    Path(id): Path<Id<MailId>>,
) -> Result<Json<MailView>, Problem> {
    let found = node.read(move |tx, _| lists::mails::one(tx, id.0)).await?;
    Ok(Json(found.into()))
}

/// Sends a dead mail again, as it was: with the same Message-ID.
///
/// Refused with `mail_state_refused` for one that is queued or sent.
#[utoipa::path(post, path = "/v1/mails/{mail}/resend", tag = "operations", params(("mail" = String, Path)),
    security(("key" = ["operator"])), responses((status = 202, body = MailView)))]
async fn resend_mail(
    State(node): State<Node>,
    Path(id): Path<Id<MailId>>,
    call: Call<Operator, Nothing>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, _| {
        mails::again(tx, at, id.0)?;
        Ok(Reply::accepted(MailView::from(lists::mails::one(tx, id.0)?)))
    })
    .await
}
