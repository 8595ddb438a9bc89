//! Several resources at once: `POST /v1/resource-actions`, as the console's list does it.

use super::resources::{Tags, said};
use super::state::Api;
use axum::extract::State;
use axum::response::Response;
use desk::Code;
use desk::bulk::{self, Action, Deed, MOST, Outcome, Wish};
use serde::{Deserialize, Serialize};
use units::{ProjectId, ResourceId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Reply};
use web::caller::Buyer;
use web::problem::Problem;
use web::wire::Text;
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(act_on_resources))
}

/// What is done to which resources.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resources": ["res_019eb7696c008cf183c2a061049531a6"], "action": "tag", "tags": {"owner": "shop team"}}))]
pub struct ActionsBody {
    /// Each counts once.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 50)]
    resources: ResourceIds,
    action: words::ResourceAction,
    /// To move: the id of a project; `null` takes the resources out of their projects.
    #[serde(default, deserialize_with = "said")]
    project: Option<Option<Text<0, 80>>>,
    /// To tag: beside the tags that there are; a value of `null` takes one away.
    tags: Option<Tags>,
    /// For `renewal`: what is done as the deadline comes near.
    renewal: Option<words::RenewalBody>,
}

/// Resources that are named in a body.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
struct ResourceIds(#[serde(deserialize_with = "one_to_most")] Vec<String>);

fn one_to_most<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let all = Vec::<String>::deserialize(from)?;
    if (1..=MOST).contains(&all.len()) {
        return Ok(all);
    }
    Err(serde::de::Error::invalid_length(all.len(), &"1 to 50 resources"))
}

impl ActionsBody {
    /// Errors: `NotFound` for what cannot be a resource.
    fn resources(&self) -> Result<Vec<ResourceId>, Problem> {
        let mut found: Vec<ResourceId> = Vec::new();
        for text in &self.resources.0 {
            let id = text.parse().map_err(|_| missing("resources", "resource"))?;
            if !found.contains(&id) {
                found.push(id);
            }
        }
        Ok(found)
    }

    /// Errors: of the field, where an action lacks what it needs, or is given what it has no use for.
    fn deed(&self) -> Result<Deed, Problem> {
        let deed = match self.action.0 {
            Action::Stop => Deed::Stop,
            Action::StopFree => Deed::StopFree,
            Action::Start => Deed::Start,
            Action::Release => Deed::Release,
            Action::Move => Deed::Move(self.project()?),
            Action::Tag => match &self.tags {
                Some(tags) => Deed::Tag(tags.merged()),
                None => return Err(wrong("tags", "to tag, say which tags")),
            },
            Action::Renewal => match self.renewal {
                Some(flag) => Deed::Renewal(flag.0),
                None => return Err(wrong("renewal", "say which: `auto`, `manual` or `none`")),
            },
        };
        let sent = [
            ("project", Action::Move, self.project.is_some()),
            ("tags", Action::Tag, self.tags.is_some()),
            ("renewal", Action::Renewal, self.renewal.is_some()),
        ];
        match sent.into_iter().find(|it| it.2 && it.1 != self.action.0) {
            Some((field, of, _)) => {
                Err(wrong(field, &format!("only `{}` takes it; leave it out", of.as_str())))
            }
            None => Ok(deed),
        }
    }

    /// Errors: of the field, where no project is said, or what cannot be one.
    fn project(&self) -> Result<Option<ProjectId>, Problem> {
        let Some(said) = &self.project else {
            return Err(wrong("project", "to move, say into which project, or null for none"));
        };
        let id = said.as_ref().map(|it| it.as_str().parse());
        id.transpose().map_err(|_| missing("project", "project"))
    }
}

fn wrong(field: &str, detail: &str) -> Problem {
    Problem { field: Some(field.to_string()), ..Problem::new(Code::FieldInvalid, detail) }
}

fn missing(field: &str, what: &str) -> Problem {
    Problem { field: Some(field.to_string()), ..Problem::not_found(what) }
}

/// What became of one resource.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "resource": "res_019eb7696c008cf183c2a061049531a6", "done": false, "code": "resource_refused",
    "detail": "a resource that is released does not take stop"
}))]
pub struct ActionView {
    pub resource: String,
    pub done: bool,
    /// Why not, as the operation for one resource refuses it; `null` where it was done.
    pub code: Option<String>,
    pub detail: Option<String>,
}

impl From<&Outcome> for ActionView {
    fn from(it: &Outcome) -> ActionView {
        ActionView {
            resource: it.resource.to_string(),
            done: it.refused.is_none(),
            code: it.refused.as_ref().map(|it| it.code().to_string()),
            detail: it.refused.as_ref().map(ToString::to_string),
        }
    }
}

/// What became of each resource.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ActionsView {
    /// In the order asked for.
    pub results: Vec<ActionView>,
}

/// Does one thing to up to 50 resources, each as if it were asked for alone: one that is refused keeps no other from it. What is
/// missing in the body, and a project that there is not, refuses all.
#[utoipa::path(post, path = "/v1/resource-actions", tag = "resources", request_body = ActionsBody,
    security(("key" = ["buy"])), responses((status = 200, body = ActionsView)))]
async fn act_on_resources(
    State(node): State<Node>,
    call: Call<Buyer, ActionsBody>,
) -> Result<Response, Problem> {
    let (resources, deed) = (call.body.resources()?, call.body.deed()?);
    node.once(call, move |tx, at, call| {
        let wish = Wish { account: call.who.account, resources: &resources, deed: &deed };
        let done = bulk::act(tx, at, wish)?;
        Ok(Reply::ok(ActionsView { results: done.iter().map(ActionView::from).collect() }))
    })
    .await
}
