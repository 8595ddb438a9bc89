//! Which vouchers pay for something: a field of a form, and the form that chooses them for an order.
//!
//! In:  what vouchers would pay. Out: a choice of none, as many as fit, or one.
//! Invariant: nothing is chosen that would not pay; where no voucher would, there is no field.

use crate::fields::Fields;
use crate::parts;
use crate::show;
use crate::signed::Signed;
use billing::voucher::choose::Choice;
use desk::Refusal;
use desk::vouchers::Proposal;
use maud::{Markup, html};
use units::{Money, VoucherId};

/// The field of it.
const FIELD: &str = "vouchers";
const AUTOMATIC: &str = "auto";

/// What a form chooses.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Picked {
    None,
    Automatic,
    One([VoucherId; 1]),
}

impl Picked {
    /// Errors: `NotFound` for what cannot be a voucher.
    pub(crate) fn read(form: &Fields) -> Result<Picked, Refusal> {
        match form.text(FIELD) {
            "" => Ok(Picked::None),
            AUTOMATIC => Ok(Picked::Automatic),
            id => match id.parse() {
                Ok(id) => Ok(Picked::One([id])),
                Err(_) => Err(Refusal::missing("such voucher").of(FIELD)),
            },
        }
    }

    pub(crate) const fn choice(&self) -> Choice<'_> {
        match self {
            Picked::None => Choice::None,
            Picked::Automatic => Choice::Automatic,
            Picked::One(ids) => Choice::These(ids),
        }
    }
}

/// The field, where any voucher would pay: it begins with what fits by the rule. `it` is what that would pay.
pub(crate) fn field(signed: &Signed, it: &Proposal) -> Markup {
    beginning(signed, it, AUTOMATIC)
}

/// The field, which begins with `chosen`.
fn beginning(signed: &Signed, it: &Proposal, chosen: &str) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let paid = it.total.checked_sub(it.due).map_or_else(|_| String::new(), show::money);
    let named = |it: &billing::voucher::Voucher| {
        let left = it.balance().map_or_else(|_| String::new(), show::money);
        texts.voucher_named(it.name.as_str(), left, visit.time(it.window.until))
    };
    html! {
        @if !it.fit.is_empty() {
            div.field {
                label.label for=(FIELD) { (texts.pay_with_vouchers()) }
                select.input id=(FIELD) name=(FIELD) {
                    option value=(AUTOMATIC) selected[chosen == AUTOMATIC] { (texts.voucher_automatic(format!("{paid} {}", signed.unit()))) }
                    option value="" selected[chosen.is_empty()] { (texts.voucher_none()) }
                    @for it in &it.fit { option value=(it.id) { (named(it)) } }
                }
            }
        }
    }
}

/// The form that chooses vouchers for an order that waits for its payment. `held` is what they pay of it so far: where that is
/// nothing the field says so, since the order is paid as it stands.
pub(crate) fn form(signed: &Signed, it: &Proposal, held: Money, action: &str) -> Markup {
    let chosen = if held.is_positive() { AUTOMATIC } else { "" };
    html! {
        @if !it.fit.is_empty() {
            form.narrow method="post" action=(action) {
                (parts::hidden(&signed.visit))
                (beginning(signed, it, chosen))
                div.field { button.btn { (signed.visit.texts().choose_vouchers()) } }
            }
        }
    }
}
