//! Projects: `/v1/projects`. What is in one: `GET /v1/resources?project=…`.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use desk::lists::{self, projects::Project};
use desk::projects::{self, Opening};
use serde::{Deserialize, Serialize};
use units::ProjectId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Nothing, Reply};
use web::caller::{Buyer, Reader};
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, Page, Path, Query, Text};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_projects, create_project)).routes(routes!(
        get_project,
        rename_project,
        remove_project
    ))
}

/// What resources are sorted by.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "prj_019eb7696c008cf183c2a061049531a6", "name": "website", "created": "2026-06-01T00:00:00Z"
}))]
pub struct ProjectView {
    pub id: String,
    pub name: String,
    pub created: Moment,
}

impl From<&Project> for ProjectView {
    fn from(it: &Project) -> ProjectView {
        ProjectView { id: it.id.to_string(), name: it.name.clone(), created: wire::time(it.created) }
    }
}

/// A project, or what it is to be called from now on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "website"}))]
pub struct ProjectBody {
    /// Unique within the account.
    name: Text<1, 80>,
}

/// Opens a project. The same name again gives the project that there is.
#[utoipa::path(post, path = "/v1/projects", tag = "resources", request_body = ProjectBody,
    security(("key" = ["buy"])), responses((status = 201, body = ProjectView)))]
async fn create_project(
    State(node): State<Node>,
    call: Call<Buyer, ProjectBody>,
) -> Result<Response, Problem> {
    let fresh = web::random::fresh("project");
    node.once(call, move |tx, at, call| {
        let token = call.token_or(&fresh);
        let opening = Opening { account: call.who.account, name: call.body.name.as_str(), token: &token };
        let project = projects::open(tx, opening, at.now)?;
        Ok(Reply::created(below("/v1/projects", &project.id.to_string()), ProjectView::from(&project)))
    })
    .await
}

/// Which projects.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProjectsQuery {
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists projects, the newest first.
#[utoipa::path(get, path = "/v1/projects", tag = "resources", params(ProjectsQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<ProjectView>)))]
async fn list_projects(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<ProjectsQuery>,
) -> Result<Json<Page<ProjectView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let page = node.read(move |tx, _| lists::projects::page(tx, who.account, &part)).await?;
    Ok(Json(Page::of(page, |it| ProjectView::from(&it))))
}

/// One project.
#[utoipa::path(get, path = "/v1/projects/{project}", tag = "resources", params(("project" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = ProjectView)))]
async fn get_project(
    State(node): State<Node>,
    who: Reader,
    Path(project): Path<Id<ProjectId>>,
) -> Result<Json<ProjectView>, Problem> {
    let found = node.read(move |tx, _| lists::projects::one(tx, who.account, project.0)).await?;
    Ok(Json(ProjectView::from(&found)))
}

/// Gives a project another name.
#[utoipa::path(patch, path = "/v1/projects/{project}", tag = "resources", params(("project" = String, Path)),
    request_body = ProjectBody, security(("key" = ["buy"])), responses((status = 200, body = ProjectView)))]
async fn rename_project(
    State(node): State<Node>,
    Path(project): Path<Id<ProjectId>>,
    call: Call<Buyer, ProjectBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, _, call| {
        let renamed = projects::rename(tx, call.who.account, project.0, call.body.name.as_str())?;
        Ok(Reply::ok(ProjectView::from(&renamed)))
    })
    .await
}

/// Takes a project away. Refused while a resource in it lives.
#[utoipa::path(delete, path = "/v1/projects/{project}", tag = "resources", params(("project" = String, Path)),
    security(("key" = ["buy"])), responses((status = 200, body = ProjectView)))]
async fn remove_project(
    State(node): State<Node>,
    Path(project): Path<Id<ProjectId>>,
    call: Call<Buyer, Nothing>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, _, call| {
        Ok(Reply::ok(ProjectView::from(&projects::remove(tx, call.who.account, project.0)?)))
    })
    .await
}
