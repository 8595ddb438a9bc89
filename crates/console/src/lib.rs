//! The console: pages around the desk's operations.
//!
//! In:  HTTP from browsers. Out: pages that work without a script, whole or in part.
//! Invariant: nothing is decided here; a page shows what one operation or list of the desk gave. No page holds a style, a
//! script or a link to another machine, but for the gateway's own script on the two pages of `gateway_page`. Nothing is written but by a form that this console gave to the same browser, or when
//! that browser comes back from the provider that it was sent to.

mod account;
mod acting;
mod after_use;
mod agreement;
mod ahead;
mod all_card_payments;
mod all_orders;
mod anew;
mod arithmetic;
mod assets;
mod audit_log;
mod bank;
mod barred;
mod bill;
mod billing_details;
mod bills;
mod board;
mod book;
mod book_problems;
mod books;
mod bring_in;
mod budget_form;
mod budgets;
mod bulk;
mod bulk_done;
mod bulk_words;
mod burn;
mod buy;
mod by_use;
mod card_pay;
mod card_rule;
mod card_words;
mod cards;
mod cart;
mod cart_shown;
mod changes;
mod charges;
mod chart;
mod choice;
mod commitment;
mod confirmation;
mod contract_words;
mod contracts;
mod conversion;
mod convertible;
mod cookies;
mod correcting;
mod cost_tags;
mod costs;
mod course;
mod coverage;
mod credit_line;
mod credits;
mod csv;
mod customer;
mod customers;
mod deeds;
pub mod docs;
mod document;
mod draft;
mod elsewhere;
mod field_names;
mod fields;
mod filters;
mod forecast;
mod frame;
mod framed;
mod gateway_page;
mod health;
mod house;
mod impact;
mod invitation;
mod inviting;
mod kept_form;
mod keys;
mod labels;
mod leave;
mod lines_shown;
mod linked;
mod looked_at;
mod lost;
mod lowered;
mod made_before;
mod mail;
mod mails;
mod marks;
mod members;
mod movements;
mod notices;
mod offer;
mod offering;
mod oidc;
mod opening;
mod operator;
mod operator_papers;
mod operator_sales;
mod operator_vouchers;
mod options;
mod order_cancel;
mod ordered;
mod orders;
mod outdated;
mod overview;
mod own_keys;
mod own_keys_shown;
mod packs;
mod papers;
mod papers_shown;
mod parts;
mod places;
mod policy;
mod posted;
mod price_proposal;
mod price_proposals;
mod pricing;
mod progress;
mod project_choice;
mod projects;
mod proposal;
mod proposed_book;
mod quarantine;
mod raise_days;
mod reasons;
mod refund;
mod refund_cards;
mod renewal;
mod renewal_terms;
mod resize;
mod resource;
mod resource_words;
mod resources;
mod revenue;
mod review;
mod rules;
mod sales;
mod security;
mod sellers;
mod settlement;
mod shelf;
mod short;
mod show;
mod sign_in;
mod sign_in_code;
mod sign_in_pages;
mod signed;
mod slip;
mod stacks;
mod state;
mod statement;
mod tables;
mod tags;
mod tariff;
mod task;
mod tasks;
mod top_up;
mod top_ups;
mod types;
mod urgent;
mod usage;
mod visit;
mod voucher_choice;
mod voucher_form;
mod vouchers;
mod webhooks;
mod webhooks_shown;
mod whole;
mod why;
mod wish;
mod words;
mod written;
mod wrong_list;

pub use oidc::BACK;
pub use state::Settings;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use state::Console;
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::timeout::RequestBodyTimeoutLayer;
use web::{Node, watch};

/// Forms of more bytes are refused.
const LARGEST_FORM: usize = 64 * 1024;
/// A form of which nothing more comes for so long has broken off.
const FORM_PAUSE: Duration = Duration::from_secs(10);

/// Every page of the console; `lists` is the API of the same process, which writes lists as CSV.
pub fn router(node: Node, settings: Settings, lists: Router) -> Router {
    let documentation = docs::routes(&settings.document);
    let console = Console { node, settings: Arc::new(settings), lists };
    Router::new()
        .merge(assets::routes())
        .merge(visit::routes())
        .merge(sign_in::routes())
        .merge(sign_in_code::routes())
        .merge(oidc::routes())
        .merge(invitation::routes())
        .merge(leave::routes())
        .merge(security::routes())
        .merge(members::routes())
        .merge(csv::routes())
        .merge(documentation)
        .merge(of_customers())
        .merge(of_operators())
        .fallback(lost::nowhere)
        .method_not_allowed_fallback(lost::sent_only)
        .with_state(console.clone())
        .layer(from_fn_with_state(console, framed::framed))
        .layer(RequestBodyTimeoutLayer::new(FORM_PAUSE))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(CatchPanicLayer::custom(lost::panicked))
        .layer(from_fn(policy::kept))
        .layer(from_fn(watch::page))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
}

/// The pages of an account.
fn of_customers() -> Router<Console> {
    Router::new()
        .merge(overview::routes())
        .merge(shelf::routes())
        .merge(buy::routes())
        .merge(review::routes())
        .merge(cart::routes())
        .merge(orders::routes())
        .merge(order_cancel::routes())
        .merge(bring_in::routes())
        .merge(cards::routes())
        .merge(card_pay::routes())
        .merge(card_rule::routes())
        .merge(resources::routes())
        .merge(resource::routes())
        .merge(bulk::routes())
        .merge(labels::routes())
        .merge(by_use::routes())
        .merge(conversion::routes())
        .merge(commitment::routes())
        .merge(credit_line::routes())
        .merge(resize::routes())
        .merge(refund::routes())
        .merge(vouchers::routes())
        .merge(contracts::routes())
        .merge(operator_vouchers::routes())
        .merge(renewal::routes())
        .merge(bills::routes())
        .merge(charges::routes())
        .merge(why::routes())
        .merge(movements::routes())
        .merge(cost_tags::routes())
        .merge(costs::routes())
        .merge(course::routes())
        .merge(budgets::routes())
        .merge(papers::routes())
        .merge(billing_details::routes())
        .merge(packs::routes())
        .merge(notices::routes())
        .merge(mail::routes())
        .merge(sales::routes())
        .merge(offer::routes())
        .merge(offering::routes())
        .merge(projects::routes())
        .merge(own_keys::routes())
        .merge(webhooks::routes())
        .merge(account::routes())
}

/// The pages of the operator.
fn of_operators() -> Router<Console> {
    Router::new()
        .merge(operator::routes())
        .merge(books::routes())
        .merge(book::routes())
        .merge(proposal::routes())
        .merge(impact::routes())
        .merge(price_proposals::routes())
        .merge(price_proposal::routes())
        .merge(proposed_book::routes())
        .merge(settlement::routes())
        .merge(quarantine::routes())
        .merge(coverage::routes())
        .merge(revenue::routes())
        .merge(health::routes())
        .merge(mails::routes())
        .merge(acting::routes())
        .merge(customers::routes())
        .merge(customer::routes())
        .merge(whole::routes())
        .merge(looked_at::routes())
        .merge(opening::routes())
        .merge(inviting::routes())
        .merge(top_up::routes())
        .merge(correcting::routes())
        .merge(all_orders::routes())
        .merge(tasks::routes())
        .merge(task::routes())
        .merge(board::routes())
        .merge(top_ups::routes())
        .merge(all_card_payments::routes())
        .merge(bank::routes())
        .merge(credits::routes())
        .merge(audit_log::routes())
        .merge(keys::routes())
        .merge(operator_sales::routes())
        .merge(operator_papers::routes())
        .merge(sellers::routes())
}
