//! Signing in by an OpenID provider: a browser leaves by a link, and comes back with a code.
//!
//! In:  a browser, where it wants to go; later what it brings back. Out: a way to the provider; a session, or a page that says why
//! there is none.
//! Invariant: whoever comes back is the browser that left, minutes ago at most, and comes back once; what binds it is shown by
//! that browser alone and goes with its return. What others say in an address is not shown.

use crate::cookies::{self, Cookie, Kept, Reached};
use crate::state::Console;
use crate::visit::{Visit, is_plain, place, see_other};
use crate::{document, lost, sign_in};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use billing::user::Session;
use desk::journal::digest;
use desk::oidc::{self, Arrival};
use desk::sessions::New;
use desk::{At, Refusal, Tx, correspondents, keys, tries};
use maud::html;
use providers::oidc::{Journey, OidcError, Provider};
use std::collections::BTreeMap;
use web::clock::{Clock, real};
use web::problem::Problem;
use web::telemetry;

/// Where the provider sends browsers back to.
pub const BACK: &str = "/sign-in/oidc/return";
/// A sign-in that takes longer begins anew.
const LONGEST_SECONDS: i64 = 600;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/sign-in/oidc", get(depart))
        .route(BACK, get(come_back))
        .route("/sign-in/oidc/refused/{why}", get(refused))
}

type Asked = Query<BTreeMap<String, String>>;

/// One sign-in of one browser, which alone shows its secret.
struct Trip {
    secret: String,
    /// Seconds since 1970.
    began: i64,
    /// Where to go on.
    to: String,
}

impl Trip {
    /// What this trip has of its own for a purpose: nobody without the secret can tell it.
    fn own(&self, purpose: &str) -> String {
        let Trip { secret, began, to } = self;
        digest(format!("{purpose} {began} {to} {secret}").as_bytes())
    }

    fn state(&self) -> String {
        format!("{}.{}.{}", self.began, self.own("state"), self.to)
    }

    /// The trip that this browser is on, if that is the one that `state` is of, and it did not take too long.
    fn of(state: &str, headers: &HeaderMap, reached: Reached, now: i64) -> Option<Trip> {
        let secret = cookies::get(headers, Cookie::Trip, reached).filter(|it| is_plain(it))?.to_string();
        let mut parts = state.splitn(3, '.');
        let (began, _, to) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?);
        let trip = Trip { secret, began, to: place(Some(to)).to_string() };
        let is_fresh = (0..LONGEST_SECONDS).contains(&now.checked_sub(began)?);
        (is_fresh && trip.state() == state).then_some(trip)
    }
}

/// Why a sign-in came to nothing, as people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Denied,
    State,
    Mail,
    Nobody,
    Away,
    Rushed,
}

impl Why {
    const ALL: [Why; 6] = [Why::Denied, Why::State, Why::Mail, Why::Nobody, Why::Away, Why::Rushed];

    const fn as_str(self) -> &'static str {
        match self {
            Why::Denied => "denied",
            Why::State => "state",
            Why::Mail => "mail",
            Why::Nobody => "nobody",
            Why::Away => "away",
            Why::Rushed => "rushed",
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Why::Denied | Why::Mail | Why::Nobody => StatusCode::FORBIDDEN,
            Why::State => StatusCode::BAD_REQUEST,
            Why::Away => StatusCode::SERVICE_UNAVAILABLE,
            Why::Rushed => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    fn of(error: &OidcError) -> Why {
        match error {
            OidcError::Code => Why::State,
            OidcError::Mail => Why::Mail,
            OidcError::Away(_)
            | OidcError::Issuer(_)
            | OidcError::OtherIssuer(_)
            | OidcError::Client
            | OidcError::Token(_) => Why::Away,
        }
    }

    fn sentence(self, visit: &Visit, name: &str) -> String {
        let texts = visit.texts();
        match self {
            Why::Denied => texts.oidc_denied_why(name),
            Why::State => texts.oidc_state_why(),
            Why::Mail => texts.oidc_mail_why(name),
            Why::Nobody => texts.oidc_nobody_why(name),
            Why::Away => texts.oidc_away_why(name),
            Why::Rushed => texts.oidc_rushed_why(),
        }
    }
}

/// The provider; where none is set up there is nothing at these addresses.
async fn provider(visit: &Visit) -> Result<&Provider, Response> {
    match visit.settings.oidc.as_deref() {
        Some(provider) => Ok(provider),
        None => Err(lost::nowhere(visit.clone()).await),
    }
}

/// The address of a page with where to go on behind it.
fn onward(path: &str, to: &str) -> Response {
    let to: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
    see_other(&format!("{path}?to={to}"))
}

/// Goes on at the page that says why somebody is not signed in.
fn turned_away(why: Why, to: &str) -> Response {
    telemetry::came_by_oidc(why.as_str());
    onward(&format!("/sign-in/oidc/refused/{}", why.as_str()), to)
}

fn now() -> i64 {
    Clock::Machine.now().as_second()
}

/// Leaves for the provider.
async fn depart(visit: Visit, Query(query): Asked) -> Result<Response, Response> {
    let provider = provider(&visit).await?;
    let secret = web::random::secret().map_err(|problem| lost::failed(&visit, &problem))?;
    let to = place(query.get("to").map(String::as_str)).to_string();
    let trip = Trip { secret, began: now(), to };
    let away = |error: &OidcError| {
        tracing::warn!("nobody is sent to the OpenID provider: {error}");
        turned_away(Why::Away, &trip.to)
    };
    let address = departure(&visit, provider, &trip).map_err(|error| away(&error))?;
    let value = HeaderValue::from_str(&address).map_err(|_| away(&OidcError::Away(address)))?;
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, value)]).into_response();
    let cookie = cookies::set(Cookie::Trip, &trip.secret, Kept::UntilItCloses, visit.reached());
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

fn departure(visit: &Visit, provider: &Provider, trip: &Trip) -> Result<String, OidcError> {
    let (state, nonce, verifier) = (trip.state(), trip.own("nonce"), trip.own("verifier"));
    let back = visit.whole(BACK);
    provider.departure(Journey { state: &state, nonce: &nonce, verifier: &verifier, back: &back })
}

/// Comes back from the provider. From here on the trip is over, however it ended.
async fn come_back(visit: Visit, headers: HeaderMap, Query(query): Asked) -> Result<Response, Response> {
    let provider = provider(&visit).await?;
    let said = |name: &str| query.get(name).map(String::as_str);
    let trip = said("state").and_then(|it| Trip::of(it, &headers, visit.reached(), now()));
    // Some say no without saying to whom: that changes nothing here.
    let Some(trip) = trip else {
        let why = if said("error").is_some() { Why::Denied } else { Why::State };
        return Ok(turned_away(why, "/"));
    };
    // Source: RFC 9207, 2.4.
    let is_theirs = said("iss").is_none_or(|it| it == provider.registration().issuer);
    let mut response = match said("code").filter(|_| said("error").is_none()) {
        Some(code) if is_theirs => {
            let done = arrived(&visit, provider, &trip, code).await;
            done.unwrap_or_else(|why| turned_away(why, &trip.to))
        }
        Some(_) => turned_away(Why::State, &trip.to),
        None => turned_away(Why::Denied, &trip.to),
    };
    let gone = cookies::set(Cookie::Trip, "", Kept::Gone, visit.reached());
    response.headers_mut().append(header::SET_COOKIE, gone);
    Ok(response)
}

/// Asks the provider who came back, and signs that person in. Errors: why nobody is.
async fn arrived(visit: &Visit, provider: &Provider, trip: &Trip, code: &str) -> Result<Response, Why> {
    let from = visit.from.clone();
    let counted = visit.node.write(move |tx, at| tries::returned(tx, &from, real(at).now)).await;
    counted.map_err(|problem| of_problem(&problem))?;
    let (state, nonce, verifier) = (trip.state(), trip.own("nonce"), trip.own("verifier"));
    let back = visit.whole(BACK);
    let journey = Journey { state: &state, nonce: &nonce, verifier: &verifier, back: &back };
    let vouched = provider.vouched(code, journey).await.map_err(|error| {
        tracing::warn!("nobody is signed in by OIDC: {error}");
        Why::of(&error)
    })?;
    let opened = opened(visit, vouched, provider.registration().domains.clone()).await;
    let Some((session, shown)) = opened.map_err(|problem| of_problem(&problem))? else {
        tracing::info!("the OpenID provider vouches for nobody who comes in here");
        return Err(Why::Nobody);
    };
    telemetry::came_by_oidc("signed_in");
    tracing::info!(user = %session.user, session = %session.id, proof = session.proof.as_str(), "signed in by OIDC");
    Ok(sign_in::entered(visit, &shown, &sign_in::next(&session, &trip.to)))
}

/// A problem that is none of the provider's.
fn of_problem(problem: &Problem) -> Why {
    match problem.status {
        StatusCode::TOO_MANY_REQUESTS => Why::Rushed,
        _ => {
            tracing::error!(detail = %problem.detail, "a sign-in by OIDC failed");
            Why::Away
        }
    }
}

/// A session of whom the provider vouches for, and what the browser is to show of it; `None` for nobody.
async fn opened(
    visit: &Visit,
    vouched: billing::vouched::Vouched,
    domains: Vec<String>,
) -> Result<Option<(Session, String)>, Problem> {
    let shown = web::random::secret()?;
    let (hash, address, agent) = (keys::hash(&shown), visit.from.clone(), visit.agent.clone());
    let language = visit.language;
    let open = move |tx: &mut Tx<'_>, at: At<'_>| {
        let new = New { hash: &hash, address: &address, agent: &agent };
        let opened = oidc::sign_in(tx, real(at), Arrival { vouched: &vouched, domains: &domains }, new)?;
        if let Some(session) = &opened {
            correspondents::learn(tx, session.user, language)?;
        }
        Ok::<_, Refusal>(opened)
    };
    Ok(visit.node.write(open).await?.map(|session| (session, shown)))
}

/// The page that says why somebody is not signed in.
async fn refused(visit: Visit, Path(why): Path<String>, Query(query): Asked) -> Result<Response, Response> {
    let name = provider(&visit).await?.registration().shown();
    let Some(why) = Why::ALL.into_iter().find(|it| it.as_str() == why) else {
        return Err(lost::nowhere(visit).await);
    };
    let texts = visit.texts();
    let to = place(query.get("to").map(String::as_str));
    let to: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
    let body = html! {
        h1 { (texts.oidc_refused()) }
        p role="alert" { (why.sentence(&visit, &name)) }
        p { a.btn.main.wide href=(format!("/sign-in?to={to}")) { (texts.oidc_back()) } }
    };
    Ok(document::alone(&visit, why.status(), &texts.oidc_refused(), &body))
}

#[cfg(test)]
mod tests;
