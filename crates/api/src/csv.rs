//! Every list as CSV: the pages of the list, one after another, as lines under one heading.
//!
//! In:  a request for a list that accepts `text/csv`. Out: all of it from `after` on, or `limit` lines of it, as a stream.
//! Invariant: what a line says is what the item of a page says, asked for with the same key; one page is in memory at a
//! time; a list that cannot go on breaks off and never looks whole.

mod columns;

use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use columns::Columns;
use futures_util::stream::try_unfold;
use serde::Deserialize;
use serde_json::Value;
use std::io;
use std::num::ParseIntError;
use std::sync::Arc;
use std::time::Duration;
use web::problem::Problem;

pub(super) use columns::{Tables, declare};

/// Items of one page.
const AT_ONCE: usize = 200;
/// How often a page is asked for that was refused for a while, before the list breaks off.
const TRIES: u32 = 60;
/// The longest wait for a page that was refused for a while.
const LONGEST_WAIT: u64 = 10;

/// A page as the handlers write it.
#[derive(Deserialize)]
struct Page {
    items: Vec<Value>,
    next: Option<String>,
}

/// A list that is being written out.
struct Export {
    next: Next,
    /// The request for its pages, but for which of them.
    page: Parts,
    columns: Columns,
    /// Where it goes on; `None` when it is at its end.
    place: Option<Place>,
}

/// A place in a list: the beginning, or behind what `after` names.
struct Place {
    after: Option<String>,
    /// How many lines are still wanted, where somebody said.
    left: Option<usize>,
}

/// Answers lists as CSV where that is asked for; everything else goes on as it came.
pub async fn lists(tables: Arc<Tables>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|it| it.as_str().to_string());
    let wanted = request.method() == Method::GET && accepts(request.headers());
    let columns = path.as_ref().filter(|_| wanted).and_then(|it| tables.columns(it)).cloned();
    let place = Place::of(request.uri());
    match (columns, place, path) {
        (Some(columns), Ok(place), Some(path)) => {
            let (mut page, _) = request.into_parts();
            page.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
            exported(Export { next, page, columns, place: Some(place) }, &path).await
        }
        // A limit that is no number is refused by the list itself.
        (Some(_), Err(_), _) | (None, _, _) | (_, _, None) => next.run(request).await,
    }
}

/// Whether CSV is what the caller wants most: what it names first.
fn accepts(headers: &HeaderMap) -> bool {
    let first = headers
        .get(header::ACCEPT)
        .and_then(|it| it.to_str().ok())
        .and_then(|it| it.split([',', ';']).next());
    first.is_some_and(|it| it.trim().eq_ignore_ascii_case("text/csv"))
}

async fn exported(mut export: Export, path: &str) -> Response {
    // The first page is asked for before anything is answered: what is refused is refused as it would be in JSON.
    let first = match export.first().await {
        Ok(first) => first,
        Err(refused) => return refused,
    };
    let lines = try_unfold((Some(first), export), |(ready, mut export)| async move {
        let lines = match ready {
            Some(lines) => Some(lines),
            None => export.more().await?,
        };
        Ok::<_, io::Error>(lines.map(|it| (it, (None, export))))
    });
    let name = path.rsplit('/').find(|it| !it.starts_with('{')).unwrap_or("list");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ];
    (headers, Body::from_stream(lines)).into_response()
}

/// The value of a parameter of a query, as it is written there.
fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let axum::extract::Query(pairs) =
        axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    pairs.into_iter().find(|it| it.0 == name).map(|it| it.1)
}

impl Place {
    /// Where a list is asked for from. Errors: a limit that is no number.
    fn of(uri: &Uri) -> Result<Place, ParseIntError> {
        let left = parameter(uri, "limit").map(|it| it.parse()).transpose()?;
        Ok(Place { after: parameter(uri, "after"), left })
    }
}

impl Export {
    /// The heading and the first lines. Errors: what the list answered instead.
    async fn first(&mut self) -> Result<Bytes, Response> {
        let Some(place) = self.place.take() else { return Ok(Bytes::new()) };
        let response = self.ask(&place).await;
        if response.status() != StatusCode::OK {
            return Err(response);
        }
        let failed = |error: io::Error| {
            tracing::error!("a list could not be written as CSV: {error}");
            Problem::internal().into_response()
        };
        let page = page(response).await.map_err(failed)?;
        let mut lines = self.columns.heading().map_err(failed)?;
        lines.extend(self.lines(page, &place).map_err(failed)?);
        Ok(lines.into())
    }

    /// The lines of the next page, if there is one. Errors: a list that cannot go on; then the answer breaks off.
    async fn more(&mut self) -> Result<Option<Bytes>, io::Error> {
        let Some(place) = self.place.take() else { return Ok(None) };
        for _ in 0..TRIES {
            let response = self.ask(&place).await;
            match wait(&response) {
                Some(pause) => tokio::time::sleep(pause).await,
                None if response.status() == StatusCode::OK => {
                    let page = page(response).await?;
                    return Ok(Some(self.lines(page, &place)?.into()));
                }
                None => return Err(broken_off(response.status())),
            }
        }
        Err(broken_off(StatusCode::TOO_MANY_REQUESTS))
    }

    async fn ask(&self, place: &Place) -> Response {
        let mut page = self.page.clone();
        let most = place.left.map_or(AT_ONCE, |it| it.min(AT_ONCE));
        if let Some(uri) = uri(&page.uri, place, most) {
            page.uri = uri;
        }
        self.next.clone().run(Request::from_parts(page, Body::empty())).await
    }

    /// The lines of a page; notes where the list goes on.
    fn lines(&mut self, page: Page, place: &Place) -> Result<Vec<u8>, io::Error> {
        let left = place.left.map(|it| it.saturating_sub(page.items.len()));
        self.place = page.next.filter(|_| left != Some(0)).map(|it| Place { after: Some(it), left });
        self.columns.lines(&page.items)
    }
}

/// How long to wait when a page is refused for a while: by the key's own limit, or because the till is busy.
fn wait(response: &Response) -> Option<Duration> {
    let passing = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE];
    let said = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.parse::<u64>().ok()?;
    passing.contains(&response.status()).then(|| Duration::from_secs(said.clamp(1, LONGEST_WAIT)))
}

fn broken_off(status: StatusCode) -> io::Error {
    tracing::warn!(%status, "a list as CSV broke off");
    io::Error::other(format!("the list broke off with {status}"))
}

/// The same address with another part of the list.
fn uri(of: &Uri, place: &Place, most: usize) -> Option<Uri> {
    let kept = of.query().unwrap_or("").split('&').filter(|it| {
        let name = it.split('=').next().unwrap_or("");
        !it.is_empty() && name != "after" && name != "limit"
    });
    let mut query: Vec<String> = kept.map(str::to_string).collect();
    query.push(format!("limit={most}"));
    query.extend(place.after.as_ref().map(|it| format!("after={}", escaped(it))));
    format!("{}?{}", of.path(), query.join("&")).parse().ok()
}

/// What a query may hold, with everything else as `%41`.
fn escaped(text: &str) -> String {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b"-._~".contains(&it);
    text.bytes().map(|it| if plain(it) { char::from(it).to_string() } else { format!("%{it:02X}") }).collect()
}

async fn page(response: Response) -> Result<Page, io::Error> {
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.map_err(io::Error::other)?;
    serde_json::from_slice(&bytes).map_err(io::Error::other)
}

#[cfg(test)]
mod tests;
