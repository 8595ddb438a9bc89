//! What the operator's pages share: who may see them, whom an address names, filters of lists, fields of forms.
//!
//! In:  somebody who is signed in, an address, a form. Out: what they say, or the page that says what is wrong with it.
//! Invariant: none of these pages is shown within the pages of a customer.

use crate::fields::Fields;
use crate::signed::Signed;
use crate::{choice, frame, lost, show};
use axum::http::StatusCode;
use axum::response::Response;
use billing::user::{House, Right};
use desk::lists::accounts::{self, Customer};
use desk::{Refusal, Tx};
use maud::{Markup, html};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use units::{AccountId, Currency, CycleKind, Money, Timestamp};
use web::problem::Problem;
use web::reason::Reason;
use web::rule::Rule;
use web::wire::{MoneyText, Text};

/// What an address says behind its `?`.
pub(crate) type Asked = BTreeMap<String, String>;

/// What somebody asked for by this name; nothing for an empty text.
pub(crate) fn text(asked: &Asked, name: &str) -> Option<String> {
    asked.get(name).map(|it| it.trim().to_string()).filter(|it| !it.is_empty())
}

/// The customer that a path names, with its money, for an operator whose role may this.
pub(crate) async fn customer(signed: &Signed, right: Right, text: &str) -> Result<Customer, Response> {
    frame::operators(signed, right)?;
    let id: AccountId = signed.id(text).await?;
    signed.read(move |tx, _| accounts::one(tx, id)).await
}

/// What a page below that of a customer holds.
pub(crate) struct Below<'a> {
    pub title: &'a str,
    /// A line below the title.
    pub sub: &'a str,
    pub status: StatusCode,
    pub body: &'a Markup,
}

/// A page below that of a customer.
pub(crate) fn below(signed: &Signed, customer: &Customer, it: &Below<'_>) -> Response {
    let Below { title, sub, status, body } = *it;
    let (customers, account) = (signed.visit.texts().customers(), &customer.account);
    let address = address(account.id);
    let above = [("/operator/customers", customers.as_str()), (address.as_str(), account.name.as_str())];
    frame::page(signed, status, &frame::Page { title, sub, above: &above, body })
}

/// Whose things a filter leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    Everybody,
    Of(AccountId),
    /// It names nobody.
    Nobody,
}

/// Whom a filter names by id or whole name.
pub(crate) fn whose(tx: &mut Tx<'_>, named: Option<&str>) -> Result<Whose, Refusal> {
    let Some(named) = named else { return Ok(Whose::Everybody) };
    Ok(accounts::called(tx, named)?.map_or(Whose::Nobody, |it| Whose::Of(it.id)))
}

/// The days that a filter names, from the beginning of the first to the end of the last; all time without them.
///
/// The answer otherwise: that a day is none.
pub(crate) fn days(signed: &Signed, asked: &Asked) -> Result<(Timestamp, Timestamp), Response> {
    let day = |name: &str| {
        let Some(text) = text(asked, name) else { return Ok(None) };
        let calendar = &signed.visit.calendar;
        let wrong = |_| {
            let detail = format!("`{text}` is no day; write one such as 2026-06-30");
            let problem = Problem::malformed(Some(name.to_string()), detail);
            lost::failed(&signed.visit, &problem.because(Reason::Rule(Rule::Day(text.clone()))))
        };
        let begun = calendar.parse(&text).and_then(|it| calendar.cycle(CycleKind::Day, it));
        begun.map(Some).map_err(wrong)
    };
    let (first, last) = (day("from")?, day("to")?);
    Ok((first.map_or(Timestamp::MIN, |it| it.from), last.map_or(Timestamp::MAX, |it| it.to)))
}

/// Days, and whose things, as lists of the API are asked for the same; nothing where a filter leaves everything.
pub(crate) fn of_list(whose: &str, from: Timestamp, to: Timestamp) -> [(&'static str, String); 3] {
    let from = if from == Timestamp::MIN { String::new() } else { from.to_string() };
    let to = if to == Timestamp::MAX { String::new() } else { to.to_string() };
    [("account", whose.to_string()), ("from", from), ("to", to)]
}

/// Fields of a filter for a customer and for days.
pub(crate) fn filters(signed: &Signed, asked: &Asked) -> Markup {
    let texts = signed.visit.texts();
    let value = |name: &str| asked.get(name).map_or("", String::as_str);
    html! {
        input.input type="search" name="account" value=(value("account")) aria-label=(texts.customer_or_id()) placeholder=(texts.customer_or_id());
        label { (texts.from()) " " input.input type="date" name="from" value=(value("from")); }
        label { (texts.to()) " " input.input type="date" name="to" value=(value("to")); }
    }
}

/// That nothing is in a list, and what hides it where a filter does.
pub(crate) fn empty(signed: &Signed, asked: &Asked, said: &[String; 2]) -> Markup {
    let (texts, [what, hint]) = (signed.visit.texts(), said);
    let is_filtered = asked.values().any(|it| !it.is_empty());
    html! {
        div.empty {
            @if is_filtered {
                h2 { (texts.nothing_fits()) }
                p.acts { a.btn href=(signed.visit.path()) { (texts.show_all()) } }
            } @else { h2 { (what) } p { (hint) } }
        }
    }
}

/// The page of a customer.
pub(crate) fn address(account: AccountId) -> String {
    format!("/operator/customers/{account}")
}

/// Below which address somebody finds the orders and bills of an account: its own, or below the customer for operators.
pub(crate) fn things(signed: &Signed, account: AccountId) -> String {
    match signed.house() {
        House::Operator => address(account),
        House::Account(_) => String::new(),
    }
}

/// A customer by its name, as a way to its page.
pub(crate) fn link(account: AccountId, name: &str) -> Markup {
    html! { a href=(address(account)) { (name) } }
}

/// Sums of money, each with its currency; of none a zero in the currencies of the price books of now.
pub(crate) fn sums(signed: &Signed, all: &[Money]) -> String {
    let language = signed.visit.language;
    let one = |it: &Money| format!("{} {}", show::money(*it), show::currency(it.currency(), language));
    let nothing: Vec<Money> = signed.books().iter().map(|it| Money::zero(it.currency)).collect();
    match if all.is_empty() { nothing.as_slice() } else { all } {
        [] => "–".to_string(),
        all => all.iter().map(one).collect::<Vec<_>>().join(" · "),
    }
}

/// What a field of a form is read as.
// trait: implemented by texts and amounts
pub(crate) trait Read: DeserializeOwned {
    /// What such a field may hold.
    const RULE: Rule;
}

impl<const MIN: usize, const MAX: usize> Read for Text<MIN, MAX> {
    const RULE: Rule = Rule::Line { least: MIN, most: MAX };
}

impl Read for MoneyText {
    const RULE: Rule = Rule::Sum;
}

/// A field of a form as the API reads it. Errors: what it may hold; that it is empty, where it may not be.
pub(crate) fn read<T: Read>(form: &Fields, name: &str) -> Result<T, Problem> {
    let wrong = |error: serde_json::Error| match form.text(name) {
        "" => choice::empty(name),
        _ => Problem::malformed(Some(name.to_string()), error.to_string()).because(Reason::Rule(T::RULE)),
    };
    serde_json::from_value(form.text(name).into()).map_err(wrong)
}

/// A sum of a form in a currency. Errors: of the field, for what is none.
pub(crate) fn money(form: &Fields, name: &str, currency: Currency) -> Result<Money, Problem> {
    let text: MoneyText = read(form, name)?;
    Ok(text.money(currency).map_err(|it| it.of(name))?)
}

/// Whether all fields of a form could be read. Errors: everything that is wrong with them, as one.
pub(crate) fn all_read<const N: usize>(wrong: [Option<&Problem>; N]) -> Result<(), Problem> {
    Problem::together(wrong.into_iter().flatten().cloned())
}

/// What an address fills into a form.
pub(crate) fn prefilled(signed: &Signed) -> Fields {
    Fields::read(signed.visit.address.split_once('?').map_or("", |it| it.1).as_bytes())
}
