//! `correct …`: what people put right.
//!
//! In:  the words behind the verb. Out: what was wrong, who says why.

use super::currency::currency;
use crate::quantity;
use crate::step::{Correct, Pairs, Reprice, Wrong};
use crate::words::{Words, Wrong as Mistaken, no_more, take, wrong};
use units::Calendar;

const LIKE: &str = "correct void e1 reason=counted_twice, correct replace e1 5GB reason=…, correct credit acme 3 10.00 reason=…";

/// `void EVENT`, `replace EVENT QUANTITY`, `credit ACCOUNT NUMBER AMOUNT`, `debit …`, each with `reason=`.
pub(super) fn verb(it: &mut Words, calendar: &Calendar) -> Result<Correct, Mistaken> {
    let word = it.next("what is put right", LIKE)?;
    match word.as_str() {
        "void" => {
            let event = it.next("the id of the reading", LIKE)?;
            said(it, None, |_| Ok(Wrong::Reading { event, quantity: None }))
        }
        "replace" => {
            let (event, text) = (it.next("the id of the reading", LIKE)?, it.next("the quantity", LIKE)?);
            let quantity =
                quantity::parse(&text).map_err(|what| (what, "Write it like 2GB or 1000".to_string()))?;
            said(it, None, |_| Ok(Wrong::Reading { event, quantity: Some(quantity) }))
        }
        "credit" | "debit" => {
            let account = it.next("the account", LIKE)?;
            let number = count(&it.next("the number of the bill", LIKE)?)?;
            let amount = it.next("the amount", LIKE)?;
            said(it, Some(account), |pairs| {
                let line = take(pairs, "line").map(|it| count(&it)).transpose()?;
                Ok(match word.as_str() {
                    "credit" => Wrong::Credit { number, line, amount },
                    _ => Wrong::Debit { number, line, amount },
                })
            })
        }
        "price" => price(it, calendar),
        other => wrong(format!("`{other}` is nothing that is put right"), format!("Write it like: {LIKE}")),
    }
}

/// `price PRODUCT COMPONENT AMOUNT from=TIME until=TIME`, and what chooses the price.
fn price(it: &mut Words, calendar: &Calendar) -> Result<Correct, Mistaken> {
    let like = "correct price endpoint traffic 0.08 from=2026-02-01 until=2026-03-01 account=acme reason=…";
    let (product, component) = (it.next("the product", like)?, it.next("the component", like)?);
    let amount = it.next("the right price", like)?;
    let mut pairs = it.pairs(like)?;
    let mut at = |name: &str| {
        let Some(text) = take(&mut pairs, name) else {
            return wrong(format!("`{name}` is missing"), format!("Write it like: {like}"));
        };
        calendar.parse(&text).map_err(|error| (error.to_string(), format!("Write it like: {like}")))
    };
    let (from, until) = (at("from")?, at("until")?);
    let (id, account) = (take(&mut pairs, "id"), take(&mut pairs, "account"));
    let reason = take(&mut pairs, "reason").unwrap_or_default().replace('_', " ");
    let above = take(&mut pairs, "above").map(|it| quantity::spaced(&it));
    let currency = currency(&mut pairs)?;
    let right = Reprice { product, component, amount, above, pairs, currency };
    Ok(Correct { what: Wrong::Price { right, from, until }, id, reason, account })
}

/// Who says why; `what` takes the pairs that are its own.
fn said(
    it: &mut Words,
    account: Option<String>,
    what: impl FnOnce(&mut Pairs) -> Result<Wrong, Mistaken>,
) -> Result<Correct, Mistaken> {
    let mut pairs = it.pairs(LIKE)?;
    let id = take(&mut pairs, "id");
    let reason = take(&mut pairs, "reason").unwrap_or_default().replace('_', " ");
    let account = account.or_else(|| take(&mut pairs, "account"));
    let what = what(&mut pairs)?;
    no_more(&pairs, LIKE)?;
    Ok(Correct { what, id, reason, account })
}

fn count(text: &str) -> Result<usize, Mistaken> {
    text.parse()
        .or_else(|_| wrong(format!("`{text}` is not a whole number"), format!("Write it like: {LIKE}")))
}
