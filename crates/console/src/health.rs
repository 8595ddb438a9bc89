//! Health: whether the till may be sent requests, its jobs, its database, its webhooks, its clock, its key; and the audit.
//!
//! In:  nothing. Out: what `/ready` and `/metrics` know, in words; what an audit found, when one is asked for.
//! Invariant: the same checks as `/ready`; nothing is changed by looking.

use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::{frame, lost, parts, show, words};
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::user::Right;
use desk::audit::{self, Audit};
use desk::health::{self, Health};
use desk::jobs::Job;
use desk::lists::webhooks::Queue;
use maud::{Markup, html};
use web::code::Own;
use web::problem::Problem;
use web::readiness;

/// What an audit that runs already is told as.
const RUNS: &str = "an audit is running already; wait for it, or run `till verify`";

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/health", get(health)).route("/operator/health/audit", post(verified))
}

async fn health(signed: Signed) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let (node, texts) = (&signed.visit.node, signed.visit.texts());
    let ready = readiness::check(node).await.err();
    let found = signed.report(health::read).await?;
    let body = html! {
        (state(&signed, ready.as_ref(), &found))
        (jobs(&signed, &found))
        div.cols.half { (database(&signed)) (clocks(&signed, &found)) }
        (queues(&signed, &found.queues))
        (audit_part(&signed))
    };
    let page = frame::Page { title: &texts.health(), sub: &texts.health_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn state(signed: &Signed, wrong: Option<&Problem>, it: &Health) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let late = it.gauges.late.iter().map(|it| it.1).max().unwrap_or(0);
    let tasks: i64 = it.gauges.tasks.iter().map(|it| it.1).sum();
    let waiting: i64 = it.gauges.quarantined.iter().map(|it| it.1).sum();
    let number = |it: i64| show::thousands(&it.to_string());
    html! {
        @if let Some(problem) = wrong {
            div.banner.bad role="alert" {
                svg viewBox="0 0 20 20" aria-hidden="true" { path d="M10 3 18 17H2z M10 8v4 M10 14v1"; }
                div { p { b { (texts.not_ready()) } (parts::Wrong::of(problem, visit).text) } }
            }
        }
        dl.figures {
            div {
                dt { (texts.may_be_asked()) }
                dd { @if wrong.is_none() { span.pill.ok { (texts.is_ready()) } } @else { span.pill.bad { (texts.not_ready()) } } }
                dd { (texts.version(env!("CARGO_PKG_VERSION"))) }
            }
            (parts::figure(&texts.longest_late(), &show::thousands(&late.to_string()), "s", &html! { (texts.longest_late_hint()) }))
            (parts::figure(&texts.cloud_tasks(), &number(tasks), "", &html! { (texts.so_many_aside(it.gauges.set_aside)) }))
            (parts::figure(&texts.quarantine(), &number(waiting), "", &html! { (texts.books_that_did_not_begin(it.gauges.books_withheld)) }))
        }
    }
}

fn jobs(signed: &Signed, it: &Health) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let ages = visit.node.pulse().ages();
    let ran = |job: Job| it.gauges.ran.iter().find(|it| it.0 == job).map(|it| visit.exact_time(it.1));
    let late = |job: Job| it.gauges.late.iter().find(|it| it.0 == job).map_or(0, |it| it.1);
    let age = |job: Job| ages.iter().find(|it| it.0 == job.chain()).map(|it| it.1.as_secs());
    let holder = |job: Job| it.leases.iter().find(|it| it.name == job.chain().as_str()).map(|it| &it.holder);
    html! {
        section aria-labelledby="h-jobs" {
            div.sect { h2 id="h-jobs" { (texts.background_jobs()) } p { (texts.jobs_hint()) } }
            table.table {
                thead {
                    tr {
                        th scope="col" { (texts.job()) }
                        th scope="col" { (texts.did_something()) }
                        th.n scope="col" { (texts.overdue_seconds()) }
                        th.n.p2 scope="col" { (texts.sign_of_life()) }
                        th.p2 scope="col" { (texts.done_by()) }
                    }
                }
                tbody {
                    @for job in Job::ALL {
                        tr {
                            th scope="row" { (words::job(texts, job)) span.s { code { (job.as_str()) } } }
                            td.n-l { (ran(job).unwrap_or_else(|| texts.not_yet())) }
                            td.n { (show::thousands(&late(job).to_string())) }
                            td.n.p2 { @match age(job) { Some(seconds) => (texts.seconds_ago(seconds.to_string())), None => "–" } }
                            td.p2 { @match holder(job).filter(|it| !it.is_empty()) { Some(name) => span.id { (name) }, None => "–" } }
                        }
                    }
                }
            }
        }
    }
}

fn database(signed: &Signed) -> Markup {
    let texts = signed.visit.texts();
    let store = signed.visit.node.store();
    html! {
        section aria-labelledby="h-database" {
            div.sect { h2 id="h-database" { (texts.database()) } }
            table.table {
                thead {
                    tr {
                        th scope="col" { (texts.pool()) }
                        th.n scope="col" { (texts.in_use()) }
                        th.n scope="col" { (texts.idle()) }
                        th.n scope="col" { (texts.who_wait()) }
                        th.n scope="col" { (texts.at_most()) }
                    }
                }
                tbody {
                    @for (name, it) in [texts.pool_short(), texts.pool_reports()].into_iter().zip(store.uses()) {
                        tr {
                            th scope="row" { (name) }
                            td.n { (it.lent) } td.n { (it.idle) } td.n { (it.waiting) } td.n { (it.most) }
                        }
                    }
                }
            }
            p.gap {
                @if store.is_full() { span.pill.bad { (texts.disk_full()) } } @else { span.pill.ok { (texts.disk_has_room()) } }
            }
        }
    }
}

fn clocks(signed: &Signed, it: &Health) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let anchored =
        it.gauges.anchor_age.map(|seconds| texts.seconds_ago(show::thousands(&seconds.to_string())));
    html! {
        section aria-labelledby="h-clock" {
            div.sect { h2 id="h-clock" { (texts.clock_and_key()) } }
            dl.pairs.ruled {
                dt { (texts.time_now()) }
                dd { (visit.exact_time(visit.now)) @if visit.node.clock().is_test() { " " span.pill.care { (texts.test_clock()) } } }
                dt { (texts.newest_close()) }
                dd { @match it.newest_close { Some(at) => (visit.exact_time(at)), None => (texts.not_yet()) } }
                dt { (texts.anchored()) }
                dd { (anchored.unwrap_or_else(|| texts.not_yet())) }
                dt { (texts.installation_key()) }
                dd { @match &it.public_key { Some(key) => span.id { (key) }, None => "–" } }
            }
        }
    }
}

fn queues(signed: &Signed, all: &[Queue]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        section aria-labelledby="h-webhooks" {
            div.sect { h2 id="h-webhooks" { (texts.webhooks()) } p { (texts.webhooks_hint()) } }
            @if all.is_empty() { p.quiet { (texts.no_message_waits()) } } @else {
                table.table {
                    thead {
                        tr {
                            th scope="col" { (texts.address()) }
                            th.p2 scope="col" { (texts.whose()) }
                            th.n scope="col" { (texts.waiting()) }
                            th.n scope="col" { (texts.failing()) }
                            th.p2 scope="col" { (texts.oldest()) }
                        }
                    }
                    tbody {
                        @for it in all {
                            tr {
                                td { code { (it.url) } span.s.id { (it.endpoint) } }
                                td.p2 { span.id { (it.owner) } }
                                td.n { (show::thousands(&it.waiting.to_string())) }
                                td.n { (show::thousands(&it.failing.to_string())) }
                                td.p2.pre { (visit.exact_time(it.oldest)) }
                            }
                        }
                    }
                }
                (parts::csv(visit, "webhook-queues", &[]))
            }
        }
    }
}

fn audit_part(signed: &Signed) -> Markup {
    let texts = signed.visit.texts();
    html! {
        section aria-labelledby="h-audit" {
            div.sect { h2 id="h-audit" { (texts.audit()) } p { (texts.audit_hint()) } }
            p.acts { (parts::button(&signed.visit, "/operator/health/audit", &[], &texts.audit_now())) code { "till verify" } }
        }
    }
}

/// Audits the books. It reads all of them, so that only a form of this console begins it.
async fn verified(Posted { who: signed, .. }: Posted<Signed>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let Ok(alone) = signed.visit.node.audits().clone().try_acquire_owned() else {
        return Err(lost::failed(&signed.visit, &Problem::new(Own::RateLimited, RUNS)));
    };
    let audited = signed.report(move |tx, at| {
        // Held until the audit ends, also when nobody waits for it any more.
        let _alone = &alone;
        audit::audit(tx, at.desk)
    });
    let found = audited.await?;
    let (texts, health) = (signed.visit.texts(), signed.visit.texts().health());
    let body = audit_found(&signed, &found);
    let above = [("/operator/health", health.as_str())];
    let sub = signed.visit.exact_time(signed.visit.now);
    let page = frame::Page { title: &texts.audit(), sub: &sub, above: &above, body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn audit_found(signed: &Signed, it: &Audit) -> Markup {
    let texts = signed.visit.texts();
    let number = |it: usize| show::thousands(&it.to_string());
    html! {
        @if it.differences.is_empty() { (parts::done(&texts.books_add_up(), &html! {})) }
        dl.figures {
            (parts::figure(&texts.accounts(), &number(it.accounts), "", &html! {}))
            (parts::figure(&texts.bills(), &number(it.bills), "", &html! { (texts.lines_priced_again(it.lines, number(it.lines))) }))
            (parts::figure(&texts.log_entries(), &number(it.journal), "", &html! { (texts.facts_held(it.facts, number(it.facts))) }))
        }
        @if !it.differences.is_empty() {
            section aria-labelledby="h-differs" {
                div.sect { h2 id="h-differs" { (texts.what_differs()) } }
                ul.dots lang="en" { @for sentence in &it.differences { li { (sentence) } } }
            }
        }
    }
}
