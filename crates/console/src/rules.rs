//! What a field may hold, in both languages.
//!
//! In:  a rule with its bounds. Out: a sentence that says what to write.
//! Invariant: it names the bounds by which the field was judged, and no name that only programs know.

use crate::show;
use crate::visit::Visit;
use units::Money;
use web::rule::Rule;

/// A rule as a sentence.
pub(crate) fn said(visit: &Visit, rule: &Rule) -> String {
    let texts = visit.texts();
    match rule {
        Rule::Line { least, most } => texts.rule_line(number(least), number(most)),
        Rule::Text { least, most } => texts.rule_text(number(least), number(most)),
        Rule::Id { most } => texts.rule_id(number(most)),
        Rule::Letters { least, most } => texts.rule_letters(number(least), number(most)),
        Rule::Whole { least, most } => texts.rule_whole(number(least), number(most)),
        Rule::AtLeast(least) => texts.rule_at_least(number(least)),
        Rule::Sum => texts.rule_sum(),
        Rule::Places(places) => texts.rule_places(number(places)),
        Rule::Positive => texts.rule_positive(),
        Rule::NotNegative => texts.rule_not_negative(),
        Rule::AtMost(left) => texts.rule_at_most(sum(visit, *left)),
        Rule::Percents { highest, most } => texts.rule_percents(number(highest), number(most)),
        Rule::Rate => texts.rule_rate(),
        Rule::OfferRate => texts.rule_offer_rate(),
        Rule::Ahead => texts.rule_ahead(),
        Rule::Within { days } => texts.rule_within(number(days)),
        Rule::AfterFrom => texts.rule_after_from(),
        Rule::Day(text) => texts.reason_no_day(text),
        Rule::Listed { most } => texts.rule_listed(number(most)),
        Rule::Product(word) => texts.rule_no_product(word),
        Rule::Region(word) => texts.rule_no_region(word),
        Rule::NoOrders => texts.rule_no_orders(),
        Rule::Tag => texts.rule_tag(),
        Rule::Currencies(words) => texts.rule_currencies(words),
        Rule::Country => texts.rule_country(),
        Rule::TaxNumber => texts.rule_tax_number(),
        Rule::Mail => texts.rule_mail(),
        Rule::TopUpBelow => texts.rule_top_up_below(),
        Rule::OneTopUp => texts.rule_one_top_up(),
        Rule::TotalOrRate => texts.rule_total_or_rate(),
        Rule::SamePerPiece { below, above } => {
            texts.rule_same_per_piece(sum(visit, *below), sum(visit, *above))
        }
        Rule::Nearest(nearest) => texts.rule_nearest(sum(visit, *nearest)),
        Rule::PaidAhead => texts.rule_paid_ahead(),
        Rule::Bill => texts.rule_bill(),
        Rule::File(problem) => texts.rule_file(show::quoted(problem)),
    }
}

fn number(it: &impl ToString) -> String {
    show::thousands(&it.to_string())
}

fn sum(visit: &Visit, it: Money) -> String {
    format!("{} {}", show::money(it), show::currency(it.currency(), visit.language))
}
