//! Refunds in scenarios.

use crate::step::Verb;
use crate::words::{Words, Wrong, no_more, take};
use billing::refund::to_card::CashTo;

/// `refund NAME [least=487.80] [to=card] [account=beta]`
pub(super) fn verb(it: &mut Words) -> Result<Verb, Wrong> {
    let like = "refund web, or refund web least=487.80";
    let name = it.next("the name of the resource or pack", like)?;
    let mut pairs = it.pairs(like)?;
    let (least, account) = (take(&mut pairs, "least"), take(&mut pairs, "account"));
    let cash_to = match take(&mut pairs, "to") {
        None => CashTo::default(),
        Some(word) => CashTo::parse(&word).ok_or_else(|| {
            let all = CashTo::ALL.map(CashTo::as_str).join(", ");
            (format!("`to={word}` is not one of them"), format!("Write one of: {all}"))
        })?,
    };
    no_more(&pairs, like)?;
    Ok(Verb::Refund { name, least, account, cash_to })
}
