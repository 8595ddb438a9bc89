//! Pages where something is not as it was asked for, in the frame of whoever is signed in.
//!
//! In:  requests and their answers. Out: the same; what `lost` says has the navigation around it where somebody is signed in.
//! Invariant: whoever is signed in never loses the navigation; nobody else is shown it.

use crate::frame;
use crate::lost::{self, Lost};
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::Visit;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

/// Puts the frame around an answer of `lost`. An address that cannot be read at all has nothing there.
pub(crate) async fn framed(State(console): State<Console>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let mut asked = parts.clone();
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if is_unread(&response) {
        let Ok(visit) = Visit::from_request_parts(&mut asked, &console).await;
        response = lost::nowhere(visit).await;
    }
    // A part of a page is put into one that has a frame.
    let said =
        response.extensions().get::<Lost>().filter(|_| !asked.headers.contains_key("till-part")).cloned();
    let Some(said) = said else { return response };
    match Signed::from_request_parts(&mut asked, &console).await {
        Ok(signed) => {
            let page = frame::Page { title: &said.title, sub: "", above: &[], body: &said.content };
            frame::page(&signed, response.status(), &page)
        }
        Err(_) => response,
    }
}

/// Whether the address could not be read: a part of it is no text.
fn is_unread(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    response.status() == StatusCode::BAD_REQUEST && kind.is_some_and(|it| it.starts_with("text/plain"))
}
