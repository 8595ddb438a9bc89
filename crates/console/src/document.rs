//! Whole documents, and pages for those who are not signed in.
//!
//! In:  a title and a body. Out: a document that holds no style, no script and no address of another machine.
//! Invariant: forms of a page are bound to the browser that it was given to.

use crate::assets;
use crate::cookies::{self, Cookie, Kept};
use crate::visit::Visit;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use billing::explain::Language;
use maud::{DOCTYPE, Markup, html};

/// The mark of the console.
pub(crate) fn mark(to: &str) -> Markup {
    html! {
        a.mark href=(to) {
            svg viewBox="0 0 20 20" aria-hidden="true" { path d="M3 1h14v16.5l-2.33-2-2.33 2-2.34-2-2.33 2-2.34-2-2.33 2z"; }
            "Cloudtill"
        }
    }
}

pub(crate) fn whole(visit: &Visit, title: &str, body: &Markup) -> Markup {
    let language = match visit.language {
        Language::English => "en",
        Language::Chinese => "zh-CN",
    };
    html! {
        (DOCTYPE)
        html lang=(language) data-theme=[visit.theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Cloudtill" }
                link rel="icon" href=(assets::address("icon.svg")) type="image/svg+xml";
                link rel="stylesheet" href=(assets::address("console.css"));
                script src=(assets::address("console.js")) defer {}
            }
            (body)
        }
    }
}

/// The same page in the other language.
pub(crate) fn other_language(visit: &Visit) -> Markup {
    let to: String = form_urlencoded::byte_serialize(visit.page().as_bytes()).collect();
    html! {
        @match visit.language {
            Language::English => a href=(format!("/language/zh?to={to}")) lang="zh" hreflang="zh" { "中文" },
            Language::Chinese => a href=(format!("/language/en?to={to}")) lang="en" hreflang="en" { "English" },
        }
    }
}

/// A page for those who did not sign in yet, and for where nothing is.
pub(crate) fn alone(visit: &Visit, status: StatusCode, title: &str, content: &Markup) -> Response {
    let body = html! {
        body.front {
            main {
                div {
                    (mark("/"))
                    (content)
                    p.hint { (other_language(visit)) }
                }
            }
        }
    };
    let mut response = (status, Html(whole(visit, title, &body).into_string())).into_response();
    // Forms of this page are bound to the browser by it.
    let cookie = cookies::set(Cookie::Visit, &visit.seed, Kept::UntilItCloses, visit.reached());
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
