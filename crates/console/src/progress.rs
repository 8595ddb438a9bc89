//! How far an order is: in a word, and step by step.
//!
//! In:  an order with what its pieces became. Out: words; the steps with the instants that are known.
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

/// The steps of an order: what is done and when, where it stands, what comes. Nothing of one that goes no further.
pub(crate) fn steps(signed: &Signed, of: &Delivery) -> Markup {
    let (texts, it) = (signed.visit.texts(), &of.order);
    if !is_on_its_way(it.state) {
        return html! {};
    }
    let mut names = vec![texts.step_ordered()];
    // Nothing is paid for a downgrade.
    if it.action != Action::Downgrade {
        names.push(texts.order_paid());
    }
    // Nothing is set up for a pack, nor for what is renewed: both are done when they are paid.
    if !it.comes_when_paid() {
        names.push(texts.being_set_up());
    }
    names.push(how_far_at_last(signed, it));
    // How many steps are done, and whether the next one failed.
    let (done, failed) = match it.state {
        State::Unpaid | State::Paying => (1, false),
        State::Paid | State::Delivering => (2, false),
        State::Delivered | State::Refunded => (names.len(), false),
        State::DeliveryFailed => (2, true),
        State::Closed | State::Expired | State::Invalid => (0, false),
    };
    let when = |index: usize| match index {
        0 => Some(it.created),
        last if last + 1 == names.len() => came(of),
        _ => None,
    };
    html! {
        ol.steps aria-label=(texts.progress()) {
            @for (index, name) in names.iter().enumerate() {
                @let is_next = index == done;
                li.done[index < done].now[is_next && !failed].fail[is_next && failed]
                    aria-current=[is_next.then_some("step")] {
                        @if index < done { i {} }
                        b { (name) }
                        @if let Some(at) = when(index) { (signed.visit.exact_time(at)) }
                    }
            }
        }
    }
}

/// When the last of what was bought was there; `None` where that is not known, or was no delivery.
fn came(of: &Delivery) -> Option<Timestamp> {
    if of.order.action != Action::New || of.order.state != State::Delivered {
        return None;
    }
    let delivered = of.resources.iter().filter_map(|it| it.delivered);
    delivered.chain(of.packs.iter().map(|it| it.bought)).max()
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
