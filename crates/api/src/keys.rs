//! API keys: `/v1/keys`.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use desk::keys::{self, Key, NewKey, Rotation};
use desk::network::Network;
use desk::{Refusal, lists};
use serde::{Deserialize, Serialize};
use units::KeyId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Nothing, OrNothing, Reply};
use web::caller::Owner;
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, Page, Path, Query, Text, When, Whole};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_keys, create_key))
        .routes(routes!(get_key))
        .routes(routes!(revoke_key))
        .routes(routes!(rotate_key))
}

/// A key as it stands; its text is shown once, when it is made.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "key_019eb7696c008cf183c2a061049531a6", "name": "shop", "account": "acc_019eb7696c008cf183c2a061049531a6",
    "scopes": ["buy", "read"], "created": "2026-06-01T00:00:00Z", "expires": "2030-01-01T00:00:00Z", "revoked": null,
    "addresses": [], "last_used": null
}))]
pub struct KeyView {
    pub id: String,
    pub name: String,
    /// `null` for clouds, meters and operators.
    pub account: Option<String>,
    #[schema(value_type = Vec<words::KeyScope>)]
    pub scopes: Vec<String>,
    pub created: Moment,
    pub expires: Option<Moment>,
    pub revoked: Option<Moment>,
    /// Networks from which it may be used; empty for anywhere.
    pub addresses: Vec<String>,
    /// When it was used last, to the minute; `null` for never.
    pub last_used: Option<Moment>,
}

impl From<&Key> for KeyView {
    fn from(it: &Key) -> KeyView {
        KeyView {
            id: it.id.to_string(),
            name: it.name.clone(),
            account: it.account.map(|it| it.to_string()),
            scopes: it.scopes.split(' ').map(str::to_string).collect(),
            created: wire::time(it.created),
            expires: it.expires.map(wire::time),
            revoked: it.revoked.map(wire::time),
            addresses: it.addresses.split_whitespace().map(str::to_string).collect(),
            last_used: it.last_used.map(wire::time),
        }
    }
}

/// A new key with its text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NewKeyView {
    #[serde(flatten)]
    pub key: KeyView,
    /// The key itself. It is shown once and cannot be read back.
    #[schema(example = "till_live_00712a42ab00d483cb66326c9cb927bfa107503880d01c25a65339863c61e018")]
    pub secret: String,
}

/// What a new key is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "shop", "scopes": ["read", "buy"], "expires": "2030-01-01T00:00:00Z"}))]
pub struct KeyBody {
    name: Text<1, 80>,
    /// `read` and `buy` are of an account; `cloud`, `meter` and `operator` of none.
    #[schema(min_items = 1, max_items = 5)]
    #[serde(deserialize_with = "one_to_five")]
    scopes: Vec<words::ScopeBody>,
    /// When it ends by itself; with the key that makes it if left out, which may be never. No later than that key.
    expires: Option<When>,
    /// Networks or addresses from which it may be used, such as `203.0.113.0/24`; those of the key that makes it if left
    /// out, which may be anywhere.
    #[schema(min_items = 1, max_items = 20)]
    #[serde(default, deserialize_with = "some_addresses")]
    addresses: Option<Vec<Text<1, 60>>>,
}

fn some_addresses<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Vec<Text<1, 60>>>, D::Error> {
    let all = Option::<Vec<Text<1, 60>>>::deserialize(from)?;
    match all.as_ref().map_or(1, Vec::len) {
        1..=20 => Ok(all),
        many => Err(serde::de::Error::invalid_length(many, &"1 to 20 addresses")),
    }
}

fn networks(body: &KeyBody) -> Result<Vec<Network>, Refusal> {
    let read = |(index, it): (usize, &Text<1, 60>)| {
        it.as_str().parse().map_err(|error| Refusal::Network(error).of(format!("addresses[{index}]")))
    };
    body.addresses.iter().flatten().enumerate().map(read).collect()
}

fn one_to_five<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<words::ScopeBody>, D::Error> {
    let scopes = Vec::deserialize(from)?;
    match scopes.len() {
        1..=5 => Ok(scopes),
        many => Err(serde::de::Error::invalid_length(many, &"1 to 5 scopes")),
    }
}

/// Makes a key. Its text is in the answer, once.
///
/// A customer makes keys of the own account; an operator with `Till-Account` those of that account, without it keys
/// of clouds, meters and operators. What a key makes may do no more than that key, from no more places, and ends with it.
#[utoipa::path(post, path = "/v1/keys", tag = "keys", request_body = KeyBody,
    security(("key" = ["buy"])), responses((status = 201, body = NewKeyView)))]
async fn create_key(State(node): State<Node>, call: Call<Owner, KeyBody>) -> Result<Response, Problem> {
    let secret = web::random::key()?;
    let (hash, maker) = (keys::hash(&secret), call.actor().key()?);
    node.once(call, move |tx, at, call| {
        let new = NewKey {
            account: call.who.account,
            name: call.body.name.as_str().to_string(),
            scopes: call.body.scopes.iter().map(|it| it.0).collect(),
            expires: call.body.expires.as_ref().map(|it| it.of("expires")).transpose()?,
            addresses: networks(&call.body)?,
        };
        let new = keys::within(tx, maker, new)?;
        shown_once(&keys::add(tx, &new, &hash, at.now)?, &secret)
    })
    .await
}

/// The answer with the text of a new key, and without it when the same call comes again.
fn shown_once(key: &Key, secret: &str) -> Result<Reply<NewKeyView>, Refusal> {
    let (account, key) = (key.account, KeyView::from(key));
    let hidden = "shown once, with the first answer".to_string();
    let kept = NewKeyView { key: key.clone(), secret: hidden };
    let place = below("/v1/keys", &key.id);
    Ok(Reply::created(place, NewKeyView { key, secret: secret.to_string() }).keeping(&kept)?.about(account))
}

/// For how long an old key is still good.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"overlap_seconds": 86400}))]
pub struct RotateKeyBody {
    /// Seconds in which the old key is good beside the new one; a day if left out, 0 for none.
    overlap_seconds: Option<Whole<0, 2_592_000>>,
}

/// Makes a key that takes the place of another: it may do the same, and the old one ends after a while.
///
/// A key may do that for itself. Its text is in the answer, once. The body may be left out.
#[utoipa::path(post, path = "/v1/keys/{key}/rotate", tag = "keys", params(("key" = String, Path)),
    request_body = RotateKeyBody, security(("key" = ["buy"])), responses((status = 201, body = NewKeyView)))]
async fn rotate_key(
    State(node): State<Node>,
    Path(key): Path<Id<KeyId>>,
    call: Call<Owner, OrNothing<RotateKeyBody>>,
) -> Result<Response, Problem> {
    let (secret, own) = (web::random::key()?, call.actor().key()?);
    let hash = keys::hash(&secret);
    let done = node
        .once(call, move |tx, at, call| {
            let asked = call.body.0.overlap_seconds;
            let rotation = Rotation {
                asking: Some(own),
                account: call.who.account,
                id: key.0,
                hash: &hash,
                overlap_seconds: asked.map_or(keys::OVERLAP_SECONDS, |it| it.get().unsigned_abs()),
            };
            shown_once(&keys::rotate(tx, &rotation, at.now)?, &secret)
        })
        .await;
    node.known_keys().forget();
    done
}

/// Which keys.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct KeysQuery {
    /// Only keys of this account; an account has its own alone.
    account: Option<Text<0, 80>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists keys, the newest first: those of the account, or all of them for an operator.
#[utoipa::path(get, path = "/v1/keys", tag = "keys", params(KeysQuery),
    security(("key" = ["buy"])), responses((status = 200, body = Page<KeyView>),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn list_keys(
    State(node): State<Node>,
    who: Owner,
    Query(query): Query<KeysQuery>,
) -> Result<Json<Page<KeyView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let asked = query.account.map(|it| lists::accounts::id(it.as_str())).transpose()?;
    if let (Some(own), Some(asked)) = (who.account, asked)
        && own != asked
    {
        return Err(web::call::hidden("such account").into());
    }
    let account = who.account.or(asked);
    let page = node.read(move |tx, _| lists::keys::page(tx, account, &part)).await?;
    Ok(Json(Page::of(page, |it| KeyView::from(&it))))
}

/// One key, without its text.
#[utoipa::path(get, path = "/v1/keys/{key}", tag = "keys", params(("key" = String, Path)),
    security(("key" = ["buy"])), responses((status = 200, body = KeyView)))]
async fn get_key(
    State(node): State<Node>,
    who: Owner,
    Path(key): Path<Id<KeyId>>,
) -> Result<Json<KeyView>, Problem> {
    let found = node.read(move |tx, _| lists::keys::one(tx, who.account, key.0)).await?;
    Ok(Json(KeyView::from(&found)))
}

/// Ends a key, at once and for good. The key that asks does not end itself.
#[utoipa::path(post, path = "/v1/keys/{key}/revoke", tag = "keys", params(("key" = String, Path)),
    security(("key" = ["buy"])), responses((status = 200, body = KeyView)))]
async fn revoke_key(
    State(node): State<Node>,
    Path(key): Path<Id<KeyId>>,
    call: Call<Owner, Nothing>,
) -> Result<Response, Problem> {
    let own = call.actor().key()?;
    let done = node
        .once(call, move |tx, at, call| {
            let ended = keys::revoke(tx, Some(own), call.who.account, key.0, at.now)?;
            Ok(Reply::ok(KeyView::from(&ended)).about(ended.account))
        })
        .await;
    node.known_keys().forget();
    done
}
