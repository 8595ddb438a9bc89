//! Forms as they are sent.
//!
//! In:  a body of `application/x-www-form-urlencoded`. Out: its fields, and who sent it.
//! Invariant: a form that this console did not give to this browser is refused before anything of it is looked at.

use crate::fields::{Fields, KEY};
use crate::lost;
use crate::signed::{Half, Signed};
use crate::state::Console;
use crate::visit::Visit;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// A form, and who sent it.
pub(crate) struct Posted<W> {
    pub who: W,
    pub form: Fields,
}

/// Whoever looks at a page.
// trait: implemented by visits and those who signed in
pub(crate) trait Visitor: FromRequestParts<Console> {
    fn visit(&self) -> &Visit;
}

impl Visitor for Visit {
    fn visit(&self) -> &Visit {
        self
    }
}

impl Visitor for Signed {
    fn visit(&self) -> &Visit {
        &self.visit
    }
}

impl Visitor for Half {
    fn visit(&self) -> &Visit {
        &self.visit
    }
}

impl<W> FromRequest<Console> for Posted<W>
where
    W: Visitor + Send,
{
    type Rejection = Response;

    async fn from_request(request: Request, console: &Console) -> Result<Posted<W>, Response> {
        let (mut parts, body) = request.into_parts();
        let who = W::from_request_parts(&mut parts, console).await.map_err(IntoResponse::into_response)?;
        let bytes = Bytes::from_request(Request::from_parts(parts, body), console).await;
        let texts = who.visit().texts();
        let large = |_| lost::page(who.visit(), StatusCode::PAYLOAD_TOO_LARGE, &texts.form_large());
        let bytes = bytes.map_err(large)?;
        let form = Fields::read(&bytes);
        if form.exact(KEY) != who.visit().form_key() {
            return Err(lost::page(who.visit(), StatusCode::FORBIDDEN, &texts.form_foreign()));
        }
        Ok(Posted { who, form })
    }
}
