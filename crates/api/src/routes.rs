//! The routes of the API, each where its handlers are, and the document that they describe.

use super::state::Api;
use super::{
    accounts, actions, ahead, arrears, authorize, bank, bills, books, budgets, by_use, card_payments,
    card_rules, cards, catalogue, changes, clock, commitments, contract_prices, conversions, corrections,
    cost_tags, costs, coverage, credit_lines, documents, impact, journal, keys, mails, notices, offers,
    openapi, orders, packs, price_proposals, projects, promotion_codes, quarantine, queues, quotes, refunds,
    renewals, resources, sales, services, settlements, system, tasks, today, usage, verify, voucher_choices,
    vouchers, wallet, webhooks,
};
use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// Every route of the API with the document that describes it.
pub fn with_document() -> (Router<Api>, OpenApi) {
    OpenApiRouter::with_openapi(openapi::head())
        .merge(accounts::routes())
        .merge(actions::routes())
        .merge(ahead::routes())
        .merge(arrears::routes())
        .merge(authorize::routes())
        .merge(bank::routes())
        .merge(bills::routes())
        .merge(books::routes())
        .merge(impact::routes())
        .merge(budgets::routes())
        .merge(by_use::routes())
        .merge(card_payments::routes())
        .merge(card_rules::routes())
        .merge(cards::routes())
        .merge(catalogue::routes())
        .merge(changes::routes())
        .merge(commitments::routes())
        .merge(contract_prices::routes())
        .merge(conversions::routes())
        .merge(clock::routes())
        .merge(corrections::routes())
        .merge(cost_tags::routes())
        .merge(costs::routes())
        .merge(coverage::routes())
        .merge(credit_lines::routes())
        .merge(documents::routes())
        .merge(journal::routes())
        .merge(keys::routes())
        .merge(mails::routes())
        .merge(notices::routes())
        .merge(offers::routes())
        .merge(orders::routes())
        .merge(packs::routes())
        .merge(price_proposals::routes())
        .merge(projects::routes())
        .merge(promotion_codes::routes())
        .merge(quarantine::routes())
        .merge(queues::routes())
        .merge(quotes::routes())
        .merge(refunds::routes())
        .merge(renewals::routes())
        .merge(resources::routes())
        .merge(sales::routes())
        .merge(services::routes())
        .merge(settlements::routes())
        .merge(system::routes())
        .merge(tasks::routes())
        .merge(today::routes())
        .merge(usage::routes())
        .merge(verify::routes())
        .merge(voucher_choices::routes())
        .merge(vouchers::routes())
        .merge(wallet::routes())
        .merge(webhooks::routes())
        .split_for_parts()
}

/// The document of the API.
pub fn document() -> OpenApi {
    openapi::finished(with_document().1)
}
