//! Which vouchers pay for something: a field of a form, and the form that chooses them for an order.
//!
//! In:  what vouchers would pay. Out: a choice of none, as many as fit, or one.
//! Invariant: nothing is chosen that would not pay; where no voucher would, there is no field, and one that would not says why.

use crate::fields::Fields;
use crate::parts;
use crate::show;
use crate::signed::Signed;
use crate::vouchers;
use billing::order::Action;
use billing::quote::Quote;
use billing::voucher::choose::Choice;
use billing::voucher::{Unfit, Voucher};
use desk::vouchers::{Priced, Proposal, of_quotes};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use units::{AccountId, Money, VoucherId};

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

/// So many vouchers are named of those that do not pay for something.
const NAMED: usize = 5;

/// The field, where any voucher would pay: it begins with what fits by the rule. `it` is what that would pay.
pub(crate) fn field(signed: &Signed, it: &Proposal) -> Markup {
    beginning(signed, it, AUTOMATIC, None)
}

/// The same of the form with the id `of`, in which it does not stand.
pub(crate) fn field_of(signed: &Signed, it: &Proposal, of: &str) -> Markup {
    beginning(signed, it, AUTOMATIC, Some(of))
}

/// What vouchers would pay by the rule of what is priced, all of it by orders of one kind.
pub(crate) fn proposed(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    of: (&[&Quote], Action),
) -> Result<Proposal, Refusal> {
    let ((quotes, action), choice) = (of, Choice::Automatic);
    of_quotes(tx, at, Priced { account, quotes, action, choice })
}

/// What is there of the balance and what is missing of what is paid and `held`, however vouchers are chosen; `None` when it is enough.
pub(crate) fn missing(signed: &Signed, it: &Proposal, held: Money) -> Option<[Money; 2]> {
    let available = signed.customer.as_ref()?.wallet.available();
    let needed = it.least().ok()?.checked_add(held).ok()?;
    let missing = needed.checked_sub(available).ok().filter(|it| it.is_positive())?;
    Some([available, missing])
}

/// The vouchers of the account that do not pay for it, each with the reason. Those of which nothing will come any more are left out.
fn others(signed: &Signed, it: &Proposal) -> Markup {
    let is_open = |why: &Unfit| {
        !matches!(why, Unfit::Used | Unfit::Withdrawn | Unfit::Late(_) | Unfit::Currency(_) | Unfit::Nothing)
    };
    let others: Vec<&(Voucher, Unfit)> = it.unfit.iter().filter(|it| is_open(&it.1)).collect();
    html! {
        @if it.total.is_positive() && !others.is_empty() {
            p.hint { (signed.visit.texts().vouchers_not_for_this()) }
            ul.also.dots {
                @for (voucher, why) in others.iter().take(NAMED) {
                    li { (show::labelled(&voucher.name, &vouchers::unfit(signed, why), signed.visit.language)) }
                }
                @if others.len() > NAMED { li { a href="/vouchers" { (signed.visit.texts().all_vouchers()) } } }
            }
        }
    }
}

/// What vouchers take off, with its sign.
pub(crate) fn minus(paid: Money) -> String {
    let sign = if paid.is_zero() { "" } else { "\u{2212}" };
    format!("{sign}{}", show::money(paid))
}

/// The field, which begins with `chosen`, of the form around it or of another one.
fn beginning(signed: &Signed, it: &Proposal, chosen: &str, of: Option<&str>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let paid = it.total.checked_sub(it.due).map_or_else(|_| String::new(), show::money);
    let named = |it: &Voucher| {
        let left = it.balance().map_or_else(|_| String::new(), show::money);
        texts.voucher_named(it.name.as_str(), left, visit.time(it.window.until))
    };
    // One that is chosen pays as much as it has.
    let by_one =
        |one: &Voucher| one.balance()?.checked_min(it.total).and_then(|paid| it.total.checked_sub(paid));
    let option = |value: String, due: Money, label: String| {
        let minus = it.total.checked_sub(due).map_or_else(|_| String::new(), minus);
        html! {
            option value=(value) selected[chosen == value] data-due=(show::money(due)) data-minus=(minus) {
                (texts.voucher_leaves(label, format!("{} {}", show::money(due), signed.unit())))
            }
        }
    };
    html! {
        @if !it.fit.is_empty() {
            div.field {
                label.label for=(FIELD) { (texts.pay_with_vouchers()) }
                select.input id=(FIELD) name=(FIELD) form=[of] {
                    (option(AUTOMATIC.to_string(), it.due, texts.voucher_automatic(format!("{paid} {}", signed.unit()))))
                    (option(String::new(), it.total, texts.voucher_none()))
                    @for one in &it.fit { (option(one.id.to_string(), by_one(one).unwrap_or(it.total), named(one))) }
                }
            }
        }
        (others(signed, it))
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
                (beginning(signed, it, chosen, None))
                div.field { button.btn { (signed.visit.texts().choose_vouchers()) } }
            }
        } @else { (others(signed, it)) }
    }
}
