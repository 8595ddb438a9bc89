//! The parameters of a query against the document of the API.
//!
//! In:  a request. Out: the same, or a problem that names the parameter that its operation does not take.
//! Invariant: an operation takes the parameters that the document says and no other; what the document does not
//! describe is not looked at.

use super::routes;
use axum::extract::{MatchedPath, Query, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::sync::OnceLock;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, ParameterIn};
use web::problem::Problem;

/// Names of parameters by method and path.
type Declared = HashMap<(&'static str, String), Vec<String>>;

fn declared() -> &'static Declared {
    static DECLARED: OnceLock<Declared> = OnceLock::new();
    DECLARED.get_or_init(|| {
        let mut all = Declared::new();
        for (path, item) in routes::with_document().1.paths.paths {
            let operations = [
                ("GET", &item.get),
                ("POST", &item.post),
                ("PUT", &item.put),
                ("PATCH", &item.patch),
                ("DELETE", &item.delete),
            ];
            for (method, operation) in operations {
                all.extend(operation.as_ref().map(|it| ((method, path.clone()), names(it))));
            }
        }
        all
    })
}

fn names(operation: &Operation) -> Vec<String> {
    let name = |it: &RefOr<utoipa::openapi::path::Parameter>| match it {
        RefOr::T(it) if it.parameter_in == ParameterIn::Query => Some(it.name.clone()),
        RefOr::T(_) | RefOr::Ref(_) => None,
    };
    operation.parameters.iter().flatten().filter_map(name).collect()
}

/// Refuses a parameter that the operation does not take.
pub async fn only(request: Request, next: Next) -> Response {
    match unknown(&request) {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    }
}

fn unknown(request: &Request) -> Option<Problem> {
    request.uri().query().filter(|it| !it.is_empty())?;
    let path = request.extensions().get::<MatchedPath>()?.as_str().to_string();
    let method = match request.method().as_str() {
        "GET" | "HEAD" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => return None,
    };
    let takes = declared().get(&(method, path))?;
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(request.uri()).ok()?;
    let (name, _) = pairs.into_iter().find(|it| !takes.contains(&it.0))?;
    let name: String = name.chars().take(120).collect();
    let known = match takes.as_slice() {
        [] => "it takes none".to_string(),
        some => format!("it takes {}", some.join(", ")),
    };
    Some(Problem::malformed(Some(name.clone()), format!("this operation has no parameter `{name}`; {known}")))
}
