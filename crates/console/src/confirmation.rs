//! What will be written for a customer, looked at before it is done.
//!
//! In:  what it comes to, as rows; the form that does it. Out: a slip.
//! Invariant: what is confirmed is what is shown; what was written before is said and not offered once more.

use crate::house;
use crate::parts;
use crate::signed::Signed;
use desk::lists::accounts::Customer;
use maud::{Markup, html};

/// Something that is to be confirmed.
pub(crate) struct Confirmation<'a> {
    /// What will be written.
    pub rows: Markup,
    /// That it is there already, where it is.
    pub there: Option<String>,
    /// Where its form is sent to, below the page of the customer, and the fields of that.
    pub path: &'a str,
    pub fields: &'a [(&'a str, String)],
    pub button: String,
    /// Where it is changed.
    pub back: String,
}

/// The slip, and the button that does it.
pub(crate) fn slip(signed: &Signed, customer: &Customer, it: &Confirmation<'_>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let address = house::address(customer.account.id);
    html! {
        aside.slip.narrow aria-labelledby="h-then" {
            h2 id="h-then" { (texts.what_is_written()) }
            dl.rows { (it.rows) }
            @if let Some(there) = &it.there {
                p.also { (there) }
                a.btn href=(address) { (texts.back_to(customer.account.name.as_str())) }
            } @else {
                form method="post" action=(format!("{address}/{}", it.path)) {
                    (parts::hidden(visit))
                    @for (name, value) in it.fields { input type="hidden" name=(name) value=(value); }
                    div.acts {
                        button.btn.main { (it.button) }
                        a.btn href=(it.back) { (texts.change()) }
                    }
                }
            }
        }
    }
}
