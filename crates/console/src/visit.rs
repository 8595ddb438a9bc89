//! A look at a page: in which language, from where, by which browser. Nobody has to be signed in for it.
//!
//! In:  a request. Out: what every page needs to be shown.
//! Invariant: where a page sends somebody next is a place of this site.

use crate::cookies::{self, Cookie, Kept, Reached};
use crate::show;
use crate::state::Console;
use crate::state::Settings;
use axum::Router;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use billing::explain::Language;
use billing::user::House;
use desk::journal::digest;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use texts::Texts;
use units::calendar::whole_second;
use units::{Calendar, Timestamp, UserId};
use web::trace::Trace;
use web::{Node, origin};

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/language/{language}", get(switch_language))
}

/// One look at a page.
#[derive(Clone)]
pub(crate) struct Visit {
    pub node: Node,
    pub settings: Arc<Settings>,
    pub language: Language,
    /// `light` or `dark`; `None` as the system has it.
    pub theme: Option<&'static str>,
    /// Path and query of this page.
    pub address: String,
    pub host: String,
    /// The page of this console that a form was sent from: path and query.
    pub sent_from: Option<String>,
    /// What the browser shows as its session.
    pub session: Option<String>,
    /// The house in whose pages somebody is who is signed in, as forms name it; empty for anybody else.
    pub house: String,
    /// Whoever is signed in, as forms of this browser name them; empty for anybody else.
    pub user: String,
    /// What binds forms to the browser before anybody signed in.
    pub seed: String,
    /// From where, as far as it is known.
    pub from: String,
    pub agent: String,
    pub now: Timestamp,
    pub calendar: Calendar,
    /// The part of the page that is asked for alone.
    pub part: Option<String>,
    /// The `traceparent` of the request.
    pub trace: Option<String>,
}

impl Visit {
    pub(crate) fn texts(&self) -> &'static Texts {
        texts::of(self.language)
    }

    /// The path of this page.
    pub(crate) fn path(&self) -> &str {
        self.address.split('?').next().unwrap_or("/")
    }

    /// The address of the same page, with a list behind one of its things; `after` is the name of that list's place.
    pub(crate) fn behind(&self, after: &str, next: &str) -> String {
        let (path, query) = self.address.split_once('?').unwrap_or((&self.address, ""));
        // What was just done is told once.
        let kept = form_urlencoded::parse(query.as_bytes()).filter(|it| it.0 != after && it.0 != "said");
        let mut to = form_urlencoded::Serializer::new(String::new());
        to.extend_pairs(kept).append_pair(after, next);
        format!("{path}?{}", to.finish())
    }

    /// What a form of this browser carries that was made in the pages of `house`: nobody else can know it.
    pub(crate) fn form_key(&self, house: &str) -> String {
        let bound = self.session.as_deref().unwrap_or(&self.seed);
        digest(format!("form {bound} {house}").as_bytes()).chars().take(32).collect()
    }

    /// The same for when the session is there no more: what binds forms to the browser before anybody signed in outlives it.
    pub(crate) fn browser_key(&self, house: &str, user: &str) -> String {
        digest(format!("kept {} {house} {user}", self.seed).as_bytes()).chars().take(32).collect()
    }

    /// How forms of this browser name somebody: told from others in it, and known nowhere else.
    pub(crate) fn user_key(&self, user: UserId) -> String {
        digest(format!("user {} {user}", self.seed).as_bytes()).chars().take(32).collect()
    }

    /// The same look at a page, by somebody who is signed in.
    pub(crate) fn by(self, user: UserId) -> Visit {
        Visit { user: self.user_key(user), ..self }
    }

    /// The same look at a page, in the pages of another house.
    pub(crate) fn in_house(&self, house: House) -> Visit {
        Visit { house: house_word(house), ..self.clone() }
    }

    /// A page of this console that can be opened to see this one: for a form, that on which it stood.
    pub(crate) fn page(&self) -> &str {
        self.sent_from.as_deref().unwrap_or(&self.address)
    }

    /// Over what the console is reached.
    pub(crate) fn reached(&self) -> Reached {
        self.settings.reached()
    }

    /// The whole address of a page of this console.
    pub(crate) fn whole(&self, path: &str) -> String {
        match self.settings.public_url.trim_end_matches('/') {
            "" => format!("http://{}{path}", self.host),
            base => format!("{base}{path}"),
        }
    }

    /// An instant to the second: `2026-06-18 12:00:40`.
    pub(crate) fn exact_time(&self, at: Timestamp) -> String {
        self.calendar.print(whole_second(at))
    }

    /// An instant as a sentence says it.
    pub(crate) fn time(&self, at: Timestamp) -> String {
        show::time(&self.calendar, at, self.language)
    }
}

impl FromRequestParts<Console> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Visit, Infallible> {
        let (headers, desk, reached) = (&parts.headers, console.node.desk(), console.settings.reached());
        let text = |name| headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or("").to_string();
        let from = origin::of(&desk.proxies, parts).map_or_else(String::new, |it| it.to_string());
        let part = headers.get("till-part").and_then(|it| it.to_str().ok()).map(str::to_string);
        let seed =
            cookies::get(headers, Cookie::Visit, reached).filter(|it| is_plain(it)).map(str::to_string);
        let (theme, session) =
            (cookies::get(headers, Cookie::Theme, reached), cookies::get(headers, Cookie::Session, reached));
        Ok(Visit {
            language: language(headers, reached),
            theme: ["light", "dark"].into_iter().find(|it| theme == Some(it)),
            address: parts.uri.path_and_query().map_or("/", |it| it.as_str()).to_string(),
            host: text(header::HOST),
            sent_from: sent_from(parts),
            session: session.filter(|it| is_plain(it)).map(str::to_string),
            house: String::new(),
            user: String::new(),
            seed: seed.unwrap_or_else(web::random::hexadecimal::<32>),
            from,
            agent: text(header::USER_AGENT),
            now: console.node.clock().now(),
            calendar: desk.calendar.clone(),
            part,
            trace: parts.extensions.get::<Trace>().map(Trace::text),
            node: console.node.clone(),
            settings: console.settings.clone(),
        })
    }
}

/// A house as forms name it.
fn house_word(house: House) -> String {
    house.account().map_or_else(|| "operator".to_string(), |it| it.to_string())
}

/// What the browser was given by us: hexadecimal digits.
pub(crate) fn is_plain(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|it| it.is_ascii_hexdigit())
}

/// Where a form was sent from, if that is a page of this very console; nothing for what only reads.
fn sent_from(parts: &Parts) -> Option<String> {
    let text = |name| parts.headers.get(name).and_then(|it| it.to_str().ok());
    let (_, rest) = text(header::REFERER).filter(|_| !parts.method.is_safe())?.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    (Some(host) == text(header::HOST)).then(|| place(Some(&format!("/{path}"))).to_string())
}

fn language(headers: &HeaderMap, reached: Reached) -> Language {
    let chosen = cookies::get(headers, Cookie::Language, reached).and_then(Language::parse);
    chosen.unwrap_or_else(|| web::language::preferred(headers))
}

/// A place of this site, whatever was asked for: never another site, and no line of a header.
pub(crate) fn place(asked: Option<&str>) -> &str {
    let sane = |it: &&str| {
        it.starts_with('/')
            && !it.starts_with("//")
            && it.bytes().all(|it| (b'!'..=b'~').contains(&it) && it != b'\\' && it != b'"')
    };
    asked.filter(sane).unwrap_or("/")
}

/// Goes on at another page.
pub(crate) fn see_other(to: &str) -> Response {
    let value = HeaderValue::from_str(place(Some(to))).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, value)]).into_response()
}

/// The same page in another language, from here on.
async fn switch_language(
    visit: Visit,
    Path(language): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
    State(_): State<Console>,
) -> Response {
    let mut response = see_other(place(query.get("to").map(String::as_str)));
    if let Some(language) = Language::parse(&language) {
        let cookie = cookies::set(Cookie::Language, language.as_str(), Kept::Year, visit.reached());
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests;
