//! Resources: `/v1/resources`, what is written on them, and what their owner does with them.

mod cost;
mod history;
pub(super) mod raises;

use super::items::options;
use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::resource::{self, EndedBy, Event, MeterEvent};
use desk::labels::{self, Change, MOST_TAGS, TagChange};
use desk::lists::{self, resources::Seen};
use desk::resources::Own;
use desk::{Desk, Refusal, Tx, changes, resources};
use raises::RaiseView;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use units::{AccountId, ProjectId, ResourceId, Timestamp};
use utoipa::openapi::schema::{AdditionalProperties, SchemaType, Type};
use utoipa::openapi::{Object, ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Form, Nothing, Reply};
use web::caller::{Buyer, Reader};
use web::choice::Choice;
use web::in_place;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, Page, Param, Path, Query, Text, When};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_resources))
        .routes(routes!(get_resource, label_resource))
        .routes(routes!(stop_resource))
        .routes(routes!(start_resource))
        .routes(routes!(resize_resource))
        .routes(routes!(release_resource))
        .routes(routes!(get_resource_life))
        .merge(cost::routes())
        .merge(history::routes())
}

/// What was bought and what became of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "res_019eb7696c008cf183c2a061049531a6", "order": "ord_019eb7696c008cf183c2a061049531a6", "product": "server",
    "name": "web", "service": null, "project": null, "tags": {"owner": "shop team"}, "options": {"charge": "payg",
        "data_disk": "0", "data_disk_type": "premium", "network": "none", "os": "linux", "region": "guangzhou",
        "system_disk": "50", "system_disk_type": "premium", "type": "S2.MEDIUM4", "zone": "guangzhou-2"},
    "state": "running", "since": "2026-06-01T00:02:11Z", "region": "guangzhou", "zone": "guangzhou-1",
    "address": "10.0.0.7", "attributes": {"hostname": "web-1.cloud.example"}, "charge": "pay_per_use", "created": "2026-06-01T00:00:00Z",
    "updated": "2026-06-01T00:02:11Z", "delivered": "2026-06-01T00:02:11Z", "deadline": null, "renewal": null, "ended_by": null, "raises": [], "currency": "CNY", "held": "0.30"
}))]
pub struct ResourceView {
    pub id: String,
    pub order: String,
    pub product: String,
    pub name: String,
    /// The container service that it belongs to.
    pub service: Option<String>,
    pub project: Option<String>,
    pub tags: BTreeMap<String, String>,
    pub options: BTreeMap<String, String>,
    /// `pending`, `running`, `stopped`, `stopped_free`, `limited`, `arrears_stopped`, `expired`, `releasing`,
    /// `recycled`, `released` or `failed`.
    pub state: words::ResourceState,
    /// When this state began.
    pub since: Moment,
    pub region: Option<String>,
    pub zone: Option<String>,
    pub address: Option<String>,
    /// What the cloud said of it, such as its host name.
    pub attributes: BTreeMap<String, String>,
    /// `prepaid` or `pay_per_use`.
    pub charge: words::Charge,
    pub created: Moment,
    /// When its state, options, name, project or tags were last changed.
    pub updated: Moment,
    pub delivered: Option<Moment>,
    /// When what was prepaid ends.
    pub deadline: Option<Moment>,
    /// `auto`, `manual` or `none`: what is done as the deadline comes near; `null` without one.
    pub renewal: Option<words::Renewal>,
    /// `owner`, `service`, `deadline` or `arrears`.
    pub ended_by: Option<words::Cause>,
    /// Options that are raised for some days, now or later.
    pub raises: Vec<RaiseView>,
    pub currency: String,
    /// What is held of the wallet as long as it lives.
    pub held: wire::MoneyShown,
}

impl From<Seen> for ResourceView {
    fn from(Seen { shown, attributes, currency }: Seen) -> ResourceView {
        let is_prepaid = shown.is_prepaid();
        let it = shown.resource;
        let option = |name: &str| it.options.get(name).map(str::to_string);
        ResourceView {
            id: it.id.to_string(),
            order: it.order.to_string(),
            name: it.name.clone(),
            project: shown.labels.project.map(|it| it.to_string()),
            tags: shown.labels.tags,
            options: options(&it.options),
            state: it.state.into(),
            since: wire::time(it.since),
            region: option("region"),
            zone: option("zone"),
            charge: if is_prepaid { words::Charge::Prepaid } else { words::Charge::PayPerUse },
            created: wire::time(it.created),
            updated: wire::time(shown.updated),
            delivered: it.delivered.map(wire::time),
            deadline: it.deadline.map(wire::time),
            renewal: it.deadline.map(|_| it.renew.flag.into()),
            ended_by: it.ended_by.map(words::Cause::from),
            raises: it.raises.iter().map(RaiseView::from).collect(),
            currency: currency.as_str().to_string(),
            held: wire::money(shown.held),
            product: it.product,
            service: it.service,
            address: it.address,
            attributes,
        }
    }
}

/// A tag to search for, as `key:value`.
#[derive(Clone, Debug)]
pub struct Tag {
    key: Text<1, 60>,
    value: Text<0, 100>,
}

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Tag, D::Error> {
        use serde::de::IntoDeserializer;
        let text = String::deserialize(from)?;
        let wrong = || serde::de::Error::custom("a tag is written `key:value`");
        let (key, value) = text.split_once(':').ok_or_else(wrong)?;
        let key = Text::deserialize(IntoDeserializer::<D::Error>::into_deserializer(key))?;
        let value = Text::deserialize(IntoDeserializer::<D::Error>::into_deserializer(value))?;
        Ok(Tag { key, value })
    }
}

web::in_place! {
    [] Tag = in_place::pattern(r"^[^:\x00-\x1f\x7f]{1,60}:[^\x00-\x1f\x7f]{0,100}$");
}

/// Which resources.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ResourcesQuery {
    /// Only resources in this state.
    state: Option<Word<words::ResourceState>>,
    /// Only resources of this product.
    product: Option<Text<0, 60>>,
    /// Only resources in the project with this id.
    project: Option<Text<0, 80>>,
    /// Only resources of this container service.
    service: Option<Text<0, 80>>,
    /// Only resources of this name.
    name: Option<Text<0, 80>>,
    /// Only resources with this tag, written `key:value`.
    tag: Option<Tag>,
    /// Only resources with this in their name, whatever the case, or of this address or id.
    search: Option<Text<0, 80>>,
    /// Only what was changed then or later: state, options, name, project or tags.
    updated_since: Option<When>,
    /// Only resources in this region.
    region: Option<Text<0, 60>>,
    /// In which order; the newest first if left out.
    sort: Option<Word<words::Sort>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

impl ResourcesQuery {
    fn filter(self, account: AccountId) -> Result<lists::resources::Filter, Refusal> {
        let updated_since = self.updated_since.map(|it| it.of("updated_since")).transpose()?;
        Ok(lists::resources::Filter {
            account,
            sort: self.sort.map_or_else(Default::default, |it| it.0.0),
            state: self.state.map(|it| it.0.0),
            product: self.product.map(Text::into_string),
            service: self.service.map(Text::into_string),
            name: self.name.map(Text::into_string),
            project: self.project.map(Text::into_string),
            tag: self.tag.map(|it| (it.key.into_string(), it.value.into_string())),
            search: self.search.map(Text::into_string),
            updated_since,
            region: self.region.map(Text::into_string),
        })
    }
}

/// Lists resources.
#[utoipa::path(get, path = "/v1/resources", tag = "resources", params(ResourcesQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<ResourceView>)))]
async fn list_resources(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<ResourcesQuery>,
) -> Result<Json<Page<ResourceView>>, Problem> {
    let part = wire::part(query.limit, query.after.clone().map(Text::into_string));
    let of = query.filter(who.account)?;
    let page = node.read(move |tx, _| lists::resources::page(tx, &of, &part)).await?;
    Ok(Json(Page::of(page, ResourceView::from)))
}

/// One resource.
#[utoipa::path(get, path = "/v1/resources/{resource}", tag = "resources", params(("resource" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = ResourceView)))]
async fn get_resource(
    State(node): State<Node>,
    who: Reader,
    Path(resource): Path<Id<ResourceId>>,
) -> Result<Json<ResourceView>, Problem> {
    let found = node.read(move |tx, _| lists::resources::one(tx, who.account, resource.0)).await?;
    Ok(Json(ResourceView::from(found)))
}

/// Tags: at most 20; keys of 1 to 60 characters without a colon, values of up to 100.
#[derive(Clone, Debug)]
pub struct Tags(BTreeMap<String, Option<String>>);

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Tags, D::Error> {
        let read = BTreeMap::<Text<1, 60>, Option<Text<0, 100>>>::deserialize(from)?;
        if read.len() > MOST_TAGS {
            return Err(serde::de::Error::invalid_length(read.len(), &"at most 20 tags"));
        }
        if read.keys().any(|it| it.as_str().contains(':')) {
            return Err(serde::de::Error::custom("the key of a tag has no colon"));
        }
        Ok(Tags(
            read.into_iter().map(|(key, value)| (key.into_string(), value.map(Text::into_string))).collect(),
        ))
    }
}

impl Tags {
    /// To be put beside those that there are.
    pub(super) fn merged(&self) -> BTreeMap<String, Option<String>> {
        self.0.clone()
    }

    fn change(&self, form: Form) -> TagChange {
        match form {
            Form::Json => {
                let said = self.0.iter().filter_map(|it| Some((it.0.clone(), it.1.clone()?)));
                TagChange::Replace(said.collect())
            }
            Form::MergePatch => TagChange::Merge(self.0.clone()),
        }
    }
}

impl ToSchema for Tags {}

impl PartialSchema for Tags {
    fn schema() -> RefOr<Schema> {
        let key = text(60).min_length(Some(1)).pattern(Some(r"^[^:\x00-\x1f\x7f]*$")).build();
        let mut value = text(100).pattern(Some(wire::PLAIN)).build();
        value.schema_type = SchemaType::Array(vec![Type::String, Type::Null]);
        let tags = ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::Object))
            .property_names(Some(Schema::Object(key)))
            .additional_properties(Some(AdditionalProperties::RefOr(RefOr::T(Schema::Object(value)))))
            .max_properties(Some(MOST_TAGS))
            .build();
        RefOr::T(Schema::Object(tags))
    }
}

fn text(most: usize) -> ObjectBuilder {
    Object::builder().schema_type(SchemaType::Type(Type::String)).max_length(Some(most))
}

/// What of a resource's labels is to change; what is left out stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "web 2", "tags": {"owner": "shop team"}}))]
pub struct LabelsBody {
    name: Option<Text<1, 80>>,
    /// The id of a project; `null` takes the resource out of its project.
    #[serde(default, deserialize_with = "said")]
    project: Option<Option<Text<0, 80>>>,
    /// In place of all tags before; a value of `null` is no tag. In a merge patch: beside those before, and `null` takes one away.
    tags: Option<Tags>,
}

/// Tells `null` from nothing at all.
pub(super) fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

impl LabelsBody {
    fn change(&self, form: Form, at: Timestamp) -> Result<Change, Refusal> {
        let id = |it: &Text<0, 80>| -> Result<ProjectId, Refusal> {
            it.as_str().parse().map_err(|_| web::call::hidden("such project"))
        };
        let project = match &self.project {
            Some(Some(text)) => Some(Some(id(text)?)),
            Some(None) => Some(None),
            None => None,
        };
        Ok(Change {
            at,
            name: self.name.as_ref().map(|it| it.as_str().to_string()),
            project,
            tags: self.tags.as_ref().map(|it| it.change(form)),
        })
    }
}

/// Changes name, project or tags of a resource. Nothing that is charged depends on them.
#[utoipa::path(patch, path = "/v1/resources/{resource}", tag = "resources", params(("resource" = String, Path)),
    request_body = LabelsBody, security(("key" = ["buy"])), responses((status = 200, body = ResourceView)))]
async fn label_resource(
    State(node): State<Node>,
    Path(resource): Path<Id<ResourceId>>,
    call: Call<Buyer, LabelsBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        labels::change(tx, call.who.account, resource.0, call.body.change(call.form(), at.now)?)?;
        Ok(Reply::ok(ResourceView::from(lists::resources::one(tx, call.who.account, resource.0)?)))
    })
    .await
}

/// How a resource is stopped.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"charge": "continues"}))]
pub struct StopBody {
    /// `continues` if left out.
    #[serde(default)]
    charge: words::StoppedCharge,
}

/// Stops a running resource.
#[utoipa::path(post, path = "/v1/resources/{resource}/stop", tag = "resources", params(("resource" = String, Path)),
    request_body = StopBody, security(("key" = ["buy"])), responses((status = 200, body = ResourceView)))]
async fn stop_resource(
    State(node): State<Node>,
    Path(resource): Path<Id<ResourceId>>,
    call: Call<Buyer, StopBody>,
) -> Result<Response, Problem> {
    change(node, call, resource.0, |tx, desk, (account, id, body), now| {
        let event = match body.charge {
            words::StoppedCharge::Continues => Event::Stop,
            words::StoppedCharge::Ends => Event::StopFree,
        };
        resources::switch(tx, desk.at(now), Own { account, id }, event)
    })
    .await
}

/// Starts a stopped resource, or takes one out of the recycle bin.
#[utoipa::path(post, path = "/v1/resources/{resource}/start", tag = "resources", params(("resource" = String, Path)),
    security(("key" = ["buy"])), responses((status = 200, body = ResourceView)))]
async fn start_resource(
    State(node): State<Node>,
    Path(resource): Path<Id<ResourceId>>,
    call: Call<Buyer, Nothing>,
) -> Result<Response, Problem> {
    change(node, call, resource.0, |tx, desk, (account, id, _), now| {
        resources::switch(tx, desk.at(now), Own { account, id }, Event::Start)
    })
    .await
}

/// What is chosen anew.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"options": {"type": "S2.LARGE8"}}))]
pub struct ResizeBody {
    /// What is left out stays.
    options: BTreeMap<String, Choice>,
}

/// Changes options of a resource at once, where nothing is to be paid for it: of a pay-per-use one, the old price to that second and the
/// new one after it; of a prepaid one, what is not paid ahead. What costs something for the time that is left is ordered: `POST /v1/changes`.
#[utoipa::path(post, path = "/v1/resources/{resource}/resize", tag = "resources", params(("resource" = String, Path)),
    request_body = ResizeBody, security(("key" = ["buy"])), responses((status = 200, body = ResourceView)))]
async fn resize_resource(
    State(node): State<Node>,
    Path(resource): Path<Id<ResourceId>>,
    call: Call<Buyer, ResizeBody>,
) -> Result<Response, Problem> {
    change(node, call, resource.0, |tx, desk, (account, id, body), now| {
        let wanted: Vec<(String, String)> =
            body.options.iter().map(|it| (it.0.clone(), it.1.text())).collect();
        changes::resize(tx, desk.at(now), Own { account, id }, &wanted)
    })
    .await
}

/// Ends a pay-per-use resource.
///
/// 202 while the release is not complete: products differ in whether they are charged until then.
#[utoipa::path(post, path = "/v1/resources/{resource}/release", tag = "resources", params(("resource" = String, Path)),
    security(("key" = ["buy"])),
    responses((status = 200, body = ResourceView), (status = 202, body = ResourceView)))]
async fn release_resource(
    State(node): State<Node>,
    Path(resource): Path<Id<ResourceId>>,
    call: Call<Buyer, Nothing>,
) -> Result<Response, Problem> {
    change(node, call, resource.0, |tx, desk, (account, id, _), now| {
        resources::release(tx, desk.at(now), Own { account, id }, EndedBy::Owner)
    })
    .await
}

/// One step of a resource, and the resource after it.
async fn change<B, F>(node: Node, call: Call<Buyer, B>, id: ResourceId, step: F) -> Result<Response, Problem>
where
    B: Send + 'static,
    F: Fn(&mut Tx<'_>, &Desk, (AccountId, ResourceId, &B), Timestamp) -> Result<resource::Resource, Refusal>
        + Send
        + 'static,
{
    node.once(call, move |tx, at, call| {
        let account = call.who.account;
        let after = step(tx, at.desk, (account, id, &call.body), at.now)?;
        let view = ResourceView::from(lists::resources::one(tx, account, id)?);
        Ok(if after.state == resource::State::Releasing { Reply::accepted(view) } else { Reply::ok(view) })
    })
    .await
}

/// What metering saw: from `at` on the resource had this state and these options.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "at": "2026-06-01T00:02:11Z", "asked": null, "state": "running", "options": {"type": "S1.SMALL1"}
}))]
pub struct LifeView {
    pub at: Moment,
    /// When it was asked for, where that lies in cycles that were closed by then: it counts from `at` on, and what closed
    /// cycles cost otherwise is an adjustment at their next close. `null`: it counts from when it was asked for.
    pub asked: Option<Moment>,
    pub state: words::ResourceState,
    pub options: BTreeMap<String, String>,
}

impl From<&MeterEvent> for LifeView {
    fn from(it: &MeterEvent) -> LifeView {
        LifeView {
            at: wire::time(it.at),
            asked: it.asked.map(wire::time),
            state: it.state.into(),
            options: options(&it.options),
        }
    }
}

/// Which events of a life line.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LifeQuery {
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Param<0, 4_503_599_627_370_496>>,
}

/// The life line of a resource, the oldest event first: what its charges follow from.
#[utoipa::path(get, path = "/v1/resources/{resource}/life", tag = "resources",
    params(("resource" = String, Path), LifeQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<LifeView>)))]
async fn get_resource_life(
    State(node): State<Node>,
    who: Reader,
    Path(resource): Path<Id<ResourceId>>,
    Query(query): Query<LifeQuery>,
) -> Result<Json<Page<LifeView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(|it| it.get().to_string()));
    let read = move |tx: &mut Tx<'_>| lists::resources::life(tx, who.account, resource.0, &part);
    let page = node.read(move |tx, _| read(tx)).await?;
    Ok(Json(Page::of(page, |it| LifeView::from(&it))))
}
