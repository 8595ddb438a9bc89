//! What is around every page: head, navigation, foot.
//!
//! In:  a page's title and content. Out: whole documents.
//! Invariant: the navigation shows pages that are there and that the role may see, and no others.

use crate::parts;
use crate::signed::Signed;
use crate::visit::{Visit, see_other};
use crate::{document, lost, places, show, words, wrong_list};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use billing::user::{House, Right};
use maud::{Markup, html};

/// What a page of somebody who is signed in holds.
pub(crate) struct Page<'a> {
    pub title: &'a str,
    /// A line below the title.
    pub sub: &'a str,
    /// The pages above it: address and title, the highest first.
    pub above: &'a [(&'a str, &'a str)],
    pub body: &'a Markup,
}

/// A page of somebody who is signed in.
pub(crate) fn page(signed: &Signed, status: StatusCode, it: &Page<'_>) -> Response {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let is_operator = signed.house() == House::Operator;
    let whose = signed.customer.as_ref().map_or_else(|| texts.operator(), |it| it.account.name.clone());
    let body = html! {
        body.shell.operator[is_operator] {
            a.skip href="#main" { (texts.skip()) }
            header.topbar {
                (document::mark("/"))
                (purse_in_bar(signed))
                button.btn.small type="button" popovertarget="nav" { (texts.menu()) }
            }
            (navigation(signed, &whose))
            main id="main" {
                (acting(signed))
                div.head {
                    (above(&signed.visit, it))
                    div { h1 { (it.title) } @if !it.sub.is_empty() { p.sub { (it.sub) } } }
                }
                (wrong_list::ordered(visit, it.body))
            }
            footer.foot {
                span { (texts.times_are(visit.calendar.zone())) }
                a href="/docs" { (texts.api_docs()) }
            }
        }
    };
    let title = format!("{} · {whose}", it.title);
    (status, Html(document::whole(visit, &title, &body).into_string())).into_response()
}

/// The way from the highest page to this one.
pub(crate) fn above(visit: &Visit, it: &Page<'_>) -> Markup {
    html! {
        @if !it.above.is_empty() {
            nav.crumbs aria-label=(visit.texts().you_are_here()) {
                ol {
                    @for (address, title) in it.above { li { a href=(address) { (title) } } }
                    li aria-current="page" { (it.title) }
                }
            }
        }
    }
}

fn purse_in_bar(signed: &Signed) -> Markup {
    let texts = signed.visit.texts();
    html! {
        @if let Some(it) = &signed.customer {
            a.money href="/" {
                span.sr { (texts.available()) " " }
                (show::money(it.wallet.available())) " " (show::currency(it.account.currency, signed.visit.language))
            }
        }
    }
}

/// As what somebody is here: who acts for a customer has no role in its house.
fn role(signed: &Signed) -> String {
    let texts = signed.visit.texts();
    let role = words::role(texts, signed.who.user.role);
    if signed.who.acts_for().is_some() { texts.acting_as(role) } else { role }
}

fn navigation(signed: &Signed, whose: &str) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        nav.side id="nav" popover aria-label=(texts.main_navigation()) {
            (document::mark("/"))
            details.who {
                summary { (whose) small { (role(signed)) } }
                div.list {
                    @if signed.customer.is_some() { a href="/account" { (texts.account()) } }
                    a href="/security" { (texts.security()) }
                    hr;
                    form method="post" action="/sign-out" { (parts::hidden(visit)) button { (texts.sign_out()) } }
                }
            }
            div {
                @for (index, group) in places::groups(signed).iter().enumerate() {
                    @let heading = group.title.as_ref().map(|_| format!("nav-{index}"));
                    @if let Some(title) = &group.title { h2 id=[heading.as_ref()] { (title) } }
                    ul aria-labelledby=[heading.as_ref()] {
                        @for it in &group.places {
                            li { a href=(it.path) aria-current=[places::is_at(visit.path(), it.path).then_some("page")] { (it.title) } }
                        }
                    }
                }
            }
            (purse(signed))
            div.prefs {
                (document::other_language(visit))
                button.plain type="button" data-theme-next { (texts.theme()) }
            }
        }
    }
}

fn purse(signed: &Signed) -> Markup {
    let texts = signed.visit.texts();
    html! {
        dl.purse {
            @match &signed.customer {
                Some(it) => {
                    dt { (texts.available()) }
                    dd {
                        (show::money(it.wallet.available())) " "
                        span.cur { (show::currency(it.account.currency, signed.visit.language)) }
                    }
                }
                None => {
                    dt { (texts.signed_in_as()) }
                    dd { (signed.who.user.name) }
                }
            }
        }
    }
}

/// Says in whose name somebody acts.
fn acting(signed: &Signed) -> Markup {
    let texts = signed.visit.texts();
    let name = signed.who.acts_for().and(signed.customer.as_ref()).map(|it| it.account.name.clone());
    html! {
        @if let Some(name) = name {
            div.acting role="status" {
                b { (texts.acting(name)) } " " (texts.acting_noted()) " "
                form method="post" action="/operator/stop" {
                    (parts::hidden(&signed.visit))
                    button.plain { (texts.stop_acting()) }
                }
            }
        }
    }
}

/// Whether the role may, or else a page that says it may not.
pub(crate) fn needs(signed: &Signed, right: Right) -> Result<(), Response> {
    if signed.may(right) { Ok(()) } else { Err(lost::forbidden(&signed.visit)) }
}

/// The same for a page of the operator's; a customer is led to its own.
pub(crate) fn operators(signed: &Signed, right: Right) -> Result<(), Response> {
    if signed.house() != House::Operator {
        return Err(see_other("/"));
    }
    needs(signed, right)
}
