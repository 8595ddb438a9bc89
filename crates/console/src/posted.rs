//! Forms as they are sent.
//!
//! In:  a body of `application/x-www-form-urlencoded`, or of `multipart/form-data` where it has files. Out: its fields, and
//! who sent it.
//! Invariant: a form that this console did not give to this browser is refused before anything of it is looked at, and one of
//! another house than the one that somebody is in does nothing.

use crate::fields::{BROWSER, Fields, HOUSE, KEY, MAKER};
use crate::kept_form::KeptForm;
use crate::signed::{Half, Signed, ToSignIn};
use crate::state::Console;
use crate::visit::Visit;
use crate::{elsewhere, lost, sign_in_pages};
use axum::body::Bytes;
use axum::extract::multipart::{Multipart, MultipartError, MultipartRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A form, and who sent it.
pub(crate) struct Posted<W> {
    pub who: W,
    pub form: Fields,
}

/// Whoever looks at a page.
// trait: implemented by visits and those who signed in
pub(crate) trait Visitor: FromRequestParts<Console> {
    /// Whether what a form holds is kept for somebody who is to sign in first.
    const IS_KEPT: bool = false;

    fn visit(&self) -> &Visit;
    /// Who is in a house, where forms are taken that were made for that house alone.
    fn in_house(&self) -> Option<&Signed>;
}

impl Visitor for Visit {
    fn visit(&self) -> &Visit {
        self
    }

    fn in_house(&self) -> Option<&Signed> {
        None
    }
}

impl Visitor for Signed {
    const IS_KEPT: bool = true;

    fn visit(&self) -> &Visit {
        &self.visit
    }

    fn in_house(&self) -> Option<&Signed> {
        Some(self)
    }
}

/// Somebody who is signed in, for what is the same in every house: to go into another one, to sign out.
pub(crate) struct Anywhere(pub Signed);

impl FromRequestParts<Console> for Anywhere {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Anywhere, Response> {
        Signed::from_request_parts(parts, console).await.map(Anywhere)
    }
}

impl Visitor for Anywhere {
    fn visit(&self) -> &Visit {
        &self.0.visit
    }

    fn in_house(&self) -> Option<&Signed> {
        None
    }
}

impl Visitor for Half {
    fn visit(&self) -> &Visit {
        &self.visit
    }

    fn in_house(&self) -> Option<&Signed> {
        None
    }
}

impl<W> FromRequest<Console> for Posted<W>
where
    W: Visitor + Send,
{
    type Rejection = Response;

    async fn from_request(request: Request, console: &Console) -> Result<Posted<W>, Response> {
        let (mut parts, body) = request.into_parts();
        let found = W::from_request_parts(&mut parts, console).await.map_err(IntoResponse::into_response);
        let who = match found {
            Ok(who) => who,
            Err(away) if W::IS_KEPT && away.extensions().get::<ToSignIn>().is_some() => {
                return Err(kept(away, Request::from_parts(parts, body), console).await);
            }
            Err(away) => return Err(away),
        };
        let texts = who.visit().texts();
        let form = sent(Request::from_parts(parts, body)).await.map_err(|broken| match broken {
            Broken::Large => lost::page(who.visit(), StatusCode::PAYLOAD_TOO_LARGE, &texts.form_large()),
            Broken::Off => lost::page(who.visit(), StatusCode::BAD_REQUEST, &texts.form_broken()),
        })?;
        let house = form.exact(HOUSE);
        if form.exact(KEY) != who.visit().form_key(house) {
            // Made before somebody signed in as another one, or in another house: which of them is said.
            let is_other = who.in_house().is_some_and(|it| !house.is_empty() && it.visit.house != house);
            let why = if is_other { texts.form_of_another() } else { texts.form_foreign() };
            return Err(lost::page(who.visit(), StatusCode::FORBIDDEN, &why));
        }
        if let Some(signed) = who.in_house().filter(|it| it.visit.house != house) {
            return Err(elsewhere::refused(signed, house, &form).await);
        }
        Ok(Posted { who, form })
    }
}

/// Keeps what a form holds through the sign-in, where this console gave it to this browser; `away` otherwise.
async fn kept(away: Response, request: Request, console: &Console) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(visit) = Visit::from_request_parts(&mut parts, console).await;
    let Ok(form) = sent(Request::from_parts(parts, body)).await else { return away };
    let (house, maker) = (form.exact(HOUSE), form.exact(MAKER));
    // The session may be gone from the browser, as where somebody signed out in another tab.
    let is_own =
        form.exact(KEY) == visit.form_key(house) || form.exact(BROWSER) == visit.browser_key(house, maker);
    match KeptForm::of(&visit, &form, house).filter(|_| is_own) {
        Some(kept) => sign_in_pages::again(&visit, &kept),
        None => away,
    }
}

/// Why a form cannot be read.
enum Broken {
    /// It holds more than it may.
    Large,
    /// It broke off, or is no form.
    Off,
}

impl Broken {
    fn of(status: StatusCode) -> Broken {
        if status == StatusCode::PAYLOAD_TOO_LARGE { Broken::Large } else { Broken::Off }
    }
}

impl From<MultipartError> for Broken {
    fn from(error: MultipartError) -> Broken {
        Broken::of(error.status())
    }
}

impl From<MultipartRejection> for Broken {
    fn from(error: MultipartRejection) -> Broken {
        Broken::of(error.status())
    }
}

async fn sent(request: Request) -> Result<Fields, Broken> {
    if has_parts(request.headers()) {
        return in_parts(Multipart::from_request(request, &()).await?).await;
    }
    match Bytes::from_request(request, &()).await {
        Ok(bytes) => Ok(Fields::read(&bytes)),
        Err(error) => Err(Broken::of(error.status())),
    }
}

fn has_parts(headers: &HeaderMap) -> bool {
    let is_parts = |it: &str| it.to_ascii_lowercase().starts_with("multipart/form-data");
    headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).is_some_and(is_parts)
}

/// The parts of a form with files. Where no file was chosen, the browser sends one without a name.
async fn in_parts(mut parts: Multipart) -> Result<Fields, Broken> {
    let mut fields = Fields::default();
    while let Some(part) = parts.next_field().await? {
        let (name, path) = (part.name().unwrap_or("").to_string(), part.file_name().map(str::to_string));
        let bytes = part.bytes().await?;
        match path {
            None => fields.add(name, &bytes),
            Some(path) if path.is_empty() => {}
            Some(path) => fields.add_file(path, bytes.to_vec()),
        }
    }
    Ok(fields)
}
