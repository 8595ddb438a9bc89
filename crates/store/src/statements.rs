//! Statements are constants, so that one test can prepare all of them on both engines.

macro_rules! statements {
    ($($name:ident = $sql:expr;)*) => {
        $(pub(crate) const $name: &str = $sql;)*
        pub(crate) const STATEMENTS: &[&str] = &[$($name),*];
    };
}

/// Every statement of the store.
pub fn all() -> Vec<&'static str> {
    [TO_FIRST.concat(), FROM_IMPACT.concat()].concat()
}

/// Those of the files from `accounts` to `first`.
const TO_FIRST: [&[&str]; 40] = [
    crate::accounts::STATEMENTS,
    crate::answers::STATEMENTS,
    crate::arrears::STATEMENTS,
    crate::bank::STATEMENTS,
    crate::bills::STATEMENTS,
    crate::bills::LIST_STATEMENTS,
    crate::bills::basis::STATEMENTS,
    crate::bills::kept::STATEMENTS,
    crate::bills::news::STATEMENTS,
    crate::bills::revenue::STATEMENTS,
    crate::bills::shared::STATEMENTS,
    crate::bills::top::STATEMENTS,
    crate::books::STATEMENTS,
    crate::budgets::STATEMENTS,
    crate::card_differences::STATEMENTS,
    crate::card_payments::STATEMENTS,
    crate::card_refunds::STATEMENTS,
    crate::card_rules::STATEMENTS,
    crate::cards::STATEMENTS,
    crate::carts::STATEMENTS,
    crate::clock::STATEMENTS,
    crate::closes::STATEMENTS,
    crate::commitments::STATEMENTS,
    crate::contract_prices::STATEMENTS,
    crate::corrections::STATEMENTS,
    crate::corrections::bills::STATEMENTS,
    crate::corrections::prices::STATEMENTS,
    crate::corrections::readings::STATEMENTS,
    crate::correspondents::STATEMENTS,
    crate::cost_tags::STATEMENTS,
    crate::counters::STATEMENTS,
    crate::coverage::STATEMENTS,
    crate::credit_lines::STATEMENTS,
    crate::documents::STATEMENTS,
    crate::documents::spent::STATEMENTS,
    crate::downgrades::STATEMENTS,
    crate::endpoints::STATEMENTS,
    crate::events::STATEMENTS,
    crate::facts::STATEMENTS,
    crate::first::STATEMENTS,
];

/// Those of the files from `impact` on.
const FROM_IMPACT: [&[&str]; 36] = [
    crate::impact::STATEMENTS,
    crate::installation::STATEMENTS,
    crate::jobs::STATEMENTS,
    crate::journal::STATEMENTS,
    crate::keys::STATEMENTS,
    crate::labels::STATEMENTS,
    crate::ledger::STATEMENTS,
    crate::letters::STATEMENTS,
    crate::mails::STATEMENTS,
    crate::messages::STATEMENTS,
    crate::meters::STATEMENTS,
    crate::notices::STATEMENTS,
    crate::offers::STATEMENTS,
    crate::orders::STATEMENTS,
    crate::packs::STATEMENTS,
    crate::price_notices::STATEMENTS,
    crate::projects::STATEMENTS,
    crate::promotions::STATEMENTS,
    crate::proposals::STATEMENTS,
    crate::quarantine::STATEMENTS,
    crate::recounts::STATEMENTS,
    crate::refunds::STATEMENTS,
    crate::resources::STATEMENTS,
    crate::runs::STATEMENTS,
    crate::sales::STATEMENTS,
    crate::services::STATEMENTS,
    crate::sessions::STATEMENTS,
    crate::settlements::STATEMENTS,
    crate::tasks::STATEMENTS,
    crate::top_ups::STATEMENTS,
    crate::usage::STATEMENTS,
    crate::usage::LIST_STATEMENTS,
    crate::usage::homeless::STATEMENTS,
    crate::users::STATEMENTS,
    crate::verify::STATEMENTS,
    crate::vouchers::STATEMENTS,
];

#[cfg(test)]
mod tests;
