//! How far an order is: in a word, and step by step.
//!
//! In:  an order with what its pieces became. Out: words; the steps, each with its instant where that is known.
//! Invariant: a step is done if and only if the state of the order says so.

use crate::signed::Signed;
use crate::words;
use billing::order::{Action, Order, PieceState, State};
use desk::lists::orders::Delivery;
use maud::{Markup, html};
use units::Timestamp;

/// How far an order is; one of which some pieces could not be delivered says so.
pub(crate) fn how_far(signed: &Signed, it: &Order) -> String {
    let texts = signed.visit.texts();
    let has_failed = it.pieces.iter().any(|it| it.state == PieceState::Failed);
    match it.state {
        State::Delivered if has_failed => texts.delivered_in_part(),
        State::Delivered if it.raise.is_some() => texts.change_raises(),
        State::Delivered if matches!(it.action, Action::Upgrade | Action::Downgrade) => texts.order_changed(),
        State::Delivered if it.action == Action::Convert => texts.order_converted(),
        State::Unpaid
        | State::Paying
        | State::Paid
        | State::Delivering
        | State::Delivered
        | State::DeliveryFailed
        | State::Closed
        | State::Expired
        | State::Invalid
        | State::Refunded => words::order_state(texts, it.state),
    }
}

/// The same, each state by a word of its own.
pub(crate) fn how_far_exactly(signed: &Signed, it: &Order) -> String {
    if it.state == State::Delivered {
        return how_far(signed, it);
    }
    words::order_state_exactly(signed.visit.texts(), it.state)
}

/// Whether an order goes the usual way, from being ordered to being delivered.
const fn is_on_its_way(state: State) -> bool {
    match state {
        State::Unpaid
        | State::Paying
        | State::Paid
        | State::Delivering
        | State::Delivered
        | State::DeliveryFailed
        | State::Refunded => true,
        State::Closed | State::Expired | State::Invalid => false,
    }
}

/// A step of an order: what it is called, and when it was, where that is known.
struct Step {
    name: String,
    at: Option<Timestamp>,
}

/// The steps of an order: what is done and when, where it stands, what comes; or when it ended without being paid.
pub(crate) fn steps(signed: &Signed, of: &Delivery) -> Markup {
    let (texts, it) = (signed.visit.texts(), &of.order);
    let all = all(signed, of);
    // How many steps are done, and whether the next one failed.
    let (done, failed) = match it.state {
        State::Unpaid | State::Paying => (1, false),
        State::Closed | State::Expired | State::Invalid => (1, true),
        State::Paid | State::Delivering => (2, false),
        State::Delivered | State::Refunded => (all.len(), false),
        State::DeliveryFailed => (2, true),
    };
    html! {
        ol.steps aria-label=(texts.progress()) {
            @for (index, step) in all.iter().enumerate() {
                @let is_next = index == done;
                li.done[index < done].now[is_next && !failed].fail[is_next && failed]
                    aria-current=[is_next.then_some("step")] {
                        @if index < done { i {} }
                        b { (step.name) }
                        @if let Some(at) = step.at { (signed.visit.exact_time(at)) }
                    }
            }
        }
    }
}

fn all(signed: &Signed, of: &Delivery) -> Vec<Step> {
    let (texts, it) = (signed.visit.texts(), &of.order);
    let mut all = vec![Step { name: texts.step_ordered(), at: Some(it.created) }];
    let as_it_stands = || Step { name: words::order_state(texts, it.state), at: Some(of.updated) };
    if !is_on_its_way(it.state) {
        all.push(as_it_stands());
        return all;
    }
    // Nothing is paid for a downgrade.
    if it.action != Action::Downgrade {
        all.push(Step { name: texts.order_paid(), at: paid(of) });
    }
    // Nothing is set up for a pack, nor for what is renewed: both are done when they are paid.
    if !it.comes_when_paid() {
        let failed = (it.state == State::DeliveryFailed).then_some(of.updated);
        all.push(Step { name: texts.being_set_up(), at: failed });
    }
    all.push(Step { name: how_far_at_last(signed, it), at: came(of) });
    if it.state == State::Refunded {
        all.push(as_it_stands());
    }
    all
}

/// When it was paid: the cloud is asked then for what it delivers, and all else is there at once.
fn paid(of: &Delivery) -> Option<Timestamp> {
    let it = &of.order;
    if !it.state.was_paid() {
        return None;
    }
    if it.comes_when_paid() { came(of) } else { of.resources.iter().map(|it| it.created).min() }
}

/// When the last of it was there; `None` where that is not known: of what is no delivery, once it was changed again by a refund.
fn came(of: &Delivery) -> Option<Timestamp> {
    let it = &of.order;
    match (it.state, it.action) {
        (State::Delivered | State::Refunded, Action::New) => {
            let delivered = of.resources.iter().filter_map(|it| it.delivered);
            delivered.chain(of.packs.iter().map(|it| it.bought)).max()
        }
        (State::Delivered, Action::Renew | Action::Convert | Action::Upgrade | Action::Downgrade) => {
            let is_whole = it.pieces.iter().all(|it| it.state != PieceState::Refunded);
            is_whole.then_some(of.updated)
        }
        (
            State::Unpaid
            | State::Paying
            | State::Paid
            | State::Delivering
            | State::DeliveryFailed
            | State::Closed
            | State::Expired
            | State::Invalid
            | State::Refunded,
            _,
        ) => None,
    }
}

/// What the last step is called: delivered, or in part.
fn how_far_at_last(signed: &Signed, it: &Order) -> String {
    let texts = signed.visit.texts();
    match (it.state, it.action) {
        (State::Delivered, _) => how_far(signed, it),
        (_, Action::Upgrade | Action::Downgrade) => texts.order_changed(),
        (_, Action::Convert) => texts.order_converted(),
        (_, Action::New | Action::Renew) => texts.order_delivered(),
    }
}
