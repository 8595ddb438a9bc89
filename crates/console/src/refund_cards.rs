//! Cash of a refund that goes back to cards: where it is to go, how far it is.
//!
//! In:  what a refund would give to cards, what goes back to them. Out: the choice, where there is one; rows that say how each stands.
//! Invariant: nothing is offered that would be refused.

use crate::signed::Signed;
use crate::{card_words, house, show};
use billing::card_refund::{CardRefund, State};
use billing::refund::to_card::CashTo;
use desk::card_refunds::ToCard;
use desk::refunds::Proposal;
use maud::{Markup, html};
use texts::Texts;
use units::{Money, MoneyError};

/// What cards would get.
fn sum(all: &[ToCard], cash: Money) -> Result<Money, MoneyError> {
    Money::sum(all.iter().map(|it| it.money), cash.currency())
}

/// Whether the cash goes to the balance or to the cards that paid; nothing where no card can get any.
pub(crate) fn choice(signed: &Signed, it: &Proposal, chosen: &str) -> Markup {
    let (texts, cash) = (signed.visit.texts(), it.back.purses().cash());
    let Ok(sum) = sum(&it.to_cards, cash) else { return html! {} };
    if it.to_cards.is_empty() {
        return html! {};
    }
    let cards: Vec<String> = it.to_cards.iter().map(|it| card_words::card(&it.card)).collect();
    let cards = cards.join(", ");
    let to_card = match sum == cash {
        true => texts.refund_only_to_card(cards),
        false => texts.refund_as_paid_by_card(format!("{} {}", show::money(sum), signed.unit()), cards),
    };
    let to_card_chosen = chosen == CashTo::Card.as_str();
    html! {
        fieldset.field id="cash_to" {
            legend.label { (texts.refund_card_choice()) }
            div.picks.one role="radiogroup" aria-label=(texts.refund_card_choice()) {
                label {
                    input type="radio" name="cash_to" value=(CashTo::Wallet.as_str()) checked[!to_card_chosen];
                    span.card { b { (texts.refund_all_to_balance()) } }
                }
                label {
                    input type="radio" name="cash_to" value=(CashTo::Card.as_str()) checked[to_card_chosen];
                    span.card { b { (to_card) } span.hint { (texts.refund_card_hint()) } }
                }
            }
        }
    }
}

/// How far one is.
pub(crate) fn stands(texts: &Texts, it: &CardRefund) -> String {
    match it.state {
        State::ToSend => texts.refund_card_to_send(),
        State::Sent => texts.refund_card_sent(),
        State::Failed => texts.refund_card_failed(),
    }
}

/// What of a refund goes back to cards, each with how far it is.
pub(crate) fn rows(signed: &Signed, all: &[CardRefund]) -> Markup {
    let texts = signed.visit.texts();
    html! {
        @if !all.is_empty() {
            dl.rows {
                @for it in all {
                    div { dt { a href=(format!("/payments/{}", it.payment)) { (stands(texts, it)) } } dd { (show::money(it.money)) } }
                }
            }
        }
    }
}

/// What goes back of a payment, each with the refund that it is of.
pub(crate) fn of_payment(signed: &Signed, all: &[CardRefund]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        @if !all.is_empty() {
            h3 { (texts.refunds_of_payment()) }
            dl.rows {
                @for it in all {
                    div {
                        dt {
                            a href=(format!("/refunds/{}", it.refund)) { (stands(texts, it)) }
                            span.s { (visit.exact_time(it.created)) }
                        }
                        dd { (show::money(it.money)) }
                    }
                }
            }
        }
    }
}

/// What is on its way to the cards of all customers, with the last answer of the gateway.
pub(crate) fn on_their_way(signed: &Signed, all: &[CardRefund]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        section aria-labelledby="h-back" {
            div.sect { h2 id="h-back" { (texts.refunds_on_their_way()) } p { (texts.refunds_on_their_way_hint()) } }
            table.table {
                thead {
                    tr {
                        th scope="col" { (texts.customer()) }
                        th scope="col" { (texts.card_payment()) }
                        th scope="col" { (texts.since()) }
                        th.n.p2 scope="col" { (texts.times_asked()) }
                        th.n scope="col" { (texts.sum()) }
                    }
                }
                tbody {
                    @for it in all {
                        tr {
                            th scope="row" { (house::link(it.account, &it.account.to_string())) span.s { code { (it.id) } } }
                            td { code { (it.payment) } @if let Some(reason) = &it.reason { span.s { (reason) } } }
                            td.pre { (visit.exact_time(it.created)) }
                            td.n.p2 { (it.tries) }
                            td.n { (show::money(it.money)) " " (show::currency(it.money.currency(), visit.language)) }
                        }
                    }
                }
            }
        }
    }
}
