//! The document of the API: OpenAPI 3.1, made from the handlers, finished here.
//!
//! In:  the document as the handlers describe it. Out: the same with what holds for every operation.
//! Invariant: every operation that needs a key says so, takes the same headers and may answer the same problems.

use super::{codes, csv, headers, hooks, merge};
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayItems, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Content, ContentBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder, Schema,
};
use utoipa::{OpenApi as _, PartialSchema, ToSchema};
use web::in_place;
use web::problem::Problem;

/// The document before any operation is in it.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Cloudtill",
        description = include_str!("openapi.md"),
        contact(name = "Cloudtill"),
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/", description = "The till that serves this document")),
    components(schemas(Problem)),
    tags(
        (name = "catalogue", description = "What is sold, and for how much"),
        (name = "orders", description = "Quotes, orders and payments"),
        (name = "sales", description = "Requests of customers, offers of the operator"),
        (name = "resources", description = "What was bought, and what is done with it"),
        (name = "vouchers", description = "Vouchers and promotion codes: what pays before money does"),
        (name = "packs", description = "Resource packs: paid ahead, used up by all instances"),
        (name = "wallet", description = "Money: balance, movements, top-ups"),
        (name = "usage", description = "Readings in, sums out"),
        (name = "bills", description = "Months, products, resources, lines, and why"),
        (name = "documents", description = "Statements, receipts, invoices and credit notes, on paper and as data"),
        (name = "tasks", description = "What the cloud is to do, and what it answers"),
        (name = "webhooks", description = "Events, told to an address"),
        (name = "events", description = "What webhooks are told, kind by kind"),
        (name = "accounts", description = "Customers and their terms"),
        (name = "keys", description = "Who may call"),
        (name = "operations", description = "Price books, settlement, audit"),
        (name = "system", description = "Health and clock. Metrics for Prometheus are at `/metrics`, as text, without a key.")
    )
)]
struct Head;

pub(super) fn head() -> OpenApi {
    let mut document = Head::openapi();
    document.info.version = env!("CARGO_PKG_VERSION").to_string();
    let key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An API key, as in `Authorization: Bearer till_live_…`"))
        .build();
    document.components.get_or_insert_default().add_security_scheme("key", SecurityScheme::Http(key));
    document
}

/// Adds to every operation what holds for all.
pub(super) fn finished(mut document: OpenApi) -> OpenApi {
    in_place::put(&mut document);
    name_items_of_pages(&mut document);
    merge::declare(&mut document);
    csv::declare(&mut document);
    hooks::add(&mut document);
    codes::list(&mut document);
    headers::describe_limits(&mut document);
    for (path, item) in &mut document.paths.paths {
        let in_path = path.contains('{');
        let writes = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in writes.into_iter().flatten() {
            if operation.security.is_some() && !has_own_identity(path) {
                add_header(operation, idempotency_key());
                headers::replayed(operation);
            }
            headers::location(operation);
            problems(operation, &[400, 404, 409, 413, 415, 422]);
            if scopes(operation).iter().any(|it| it == "buy") {
                problems(operation, &[402]);
            }
            may_be_left_out(operation);
            common(operation, in_path);
        }
        if let Some(operation) = &mut item.get {
            problems(operation, &[400]);
            common(operation, in_path);
        }
        let all = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in all.into_iter().flatten() {
            describe_success(operation);
            describe(operation);
        }
    }
    document
}

/// Schemas of bodies that may be left out: as good as an empty object.
const LEFT_OUT: [&str; 4] = ["RotateKeyBody", "RotateWebhookBody", "AcceptBody", "ReasonBody"];

/// Says so of a body that may be left out.
fn may_be_left_out(operation: &mut Operation) {
    let Some(RefOr::T(body)) = &mut operation.request_body else { return };
    let is_left_out = |it: &Ref| LEFT_OUT.iter().any(|name| it.ref_location.ends_with(&format!("/{name}")));
    let is_named = |it: &RefOr<Content>| match it {
        RefOr::T(Content { schema: Some(RefOr::Ref(named)), .. }) => is_left_out(named),
        RefOr::T(_) | RefOr::Ref(_) => false,
    };
    if body.content.values().any(is_named) {
        body.required = Some(Required::False);
    }
}

/// What the names of pages of a list begin with; the name of what is listed follows.
const PAGE: &str = "Page_";

/// A page refers to the schema of its items instead of repeating it, so that a generated client has one type for both.
fn name_items_of_pages(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    let named: Vec<String> = components.schemas.keys().cloned().collect();
    for (name, schema) in &mut components.schemas {
        let item = name.strip_prefix(PAGE).filter(|it| named.iter().any(|name| name == it));
        if let (Some(item), RefOr::T(Schema::Object(page))) = (item, schema)
            && let Some(RefOr::T(Schema::Array(items))) = page.properties.get_mut("items")
        {
            items.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(item).into()));
        }
    }
}

/// Whether a write takes no Idempotency-Key because what it takes says by itself what it is: usage events.
fn has_own_identity(path: &str) -> bool {
    path == "/v1/usage" || path.starts_with("/v1/usage/")
}

/// Every response has a description, as OpenAPI demands: those of success get one here.
fn describe_success(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if response.description.is_empty() {
            response.description = match status.as_str() {
                "201" => "It was made",
                "202" => "It was taken and is done shortly",
                "204" => "It was done",
                _ => "What was asked for",
            }
            .to_string();
        }
    }
}

/// An operation that says all in its summary says it again where linters and generators look for more.
fn describe(operation: &mut Operation) {
    if operation.description.is_none() {
        operation.description.clone_from(&operation.summary);
    }
}

fn common(operation: &mut Operation, in_path: bool) {
    if operation.security.is_none() {
        // Said in so many words: no key is needed.
        operation.security = Some(Vec::new());
        return;
    }
    problems(operation, &[401, 403, 404, 409, 422, 429, 500, 503]);
    headers::limits(operation);
    let of_account = scopes(operation).iter().any(|it| it == "read" || it == "buy");
    if of_account {
        add_header(operation, till_account());
    }
    if in_path {
        for parameter in operation.parameters.iter_mut().flatten() {
            if let RefOr::T(parameter) = parameter {
                word(parameter);
            }
        }
    }
}

/// An id in a path is any text; one of nothing that there is, is answered with 404.
fn word(parameter: &mut Parameter) {
    if parameter.parameter_in == ParameterIn::Path {
        let text =
            ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).min_length(Some(1)).build();
        parameter.required = Required::True;
        parameter.schema = Some(RefOr::T(Schema::Object(text)));
    }
}

fn scopes(operation: &Operation) -> Vec<String> {
    let text = serde_json::to_value(&operation.security).unwrap_or_default();
    let of = |it: &serde_json::Value| it["key"].as_array().cloned().unwrap_or_default();
    let words = text.as_array().into_iter().flatten().flat_map(of);
    words.filter_map(|it| it.as_str().map(str::to_string)).collect()
}

fn add_header(operation: &mut Operation, header: Parameter) {
    operation.parameters.get_or_insert_default().push(RefOr::T(header));
}

fn idempotency_key() -> Parameter {
    let text = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some("^[!-~]+$"))
        .build();
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .description(Some(
            "The same key and body again get the first answer; another body is refused with 422.",
        ))
        .required(Required::False)
        .schema(Some(text))
        .build()
}

fn till_account() -> Parameter {
    let text = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .pattern(Some("^acc_[0-9a-f]{32}$"))
        .build();
    ParameterBuilder::new()
        .name("Till-Account")
        .parameter_in(ParameterIn::Header)
        .description(Some(
            "For operators: the account that this is about. A customer's key says it by itself.",
        ))
        .required(Required::False)
        .schema(Some(text))
        .build()
}

fn problems(operation: &mut Operation, statuses: &[u16]) {
    for status in statuses {
        let missing = !operation.responses.responses.contains_key(&status.to_string());
        if missing {
            let response = RefOr::T(problem(*status));
            operation.responses.responses.insert(status.to_string(), response);
        }
    }
}

fn problem(status: u16) -> Response {
    let description = match status {
        400 => "The request is not what this document asks for",
        401 => "No key, or one that is unknown, ended or expired",
        402 => "Refused: money is missing",
        403 => "The key lacks the scope, or says no account",
        404 => "There is no such thing, or it is not yours",
        409 => "Refused by the state of things, or because it says something else than before",
        413 => "The body is too large",
        415 => "The body has another type",
        422 => "Refused: as it was asked it can never succeed",
        429 => "Too many requests; wait as long as Retry-After says",
        503 => "Try again shortly",
        _ => "Something failed inside",
    };
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
    let response = ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content)
        .extensions(Some(codes::retries(status)));
    match status {
        429 | 503 => response.header("Retry-After", Header::new(u32::schema())).build(),
        _ => response.build(),
    }
}
