//! Refunds in scenarios.

use crate::step::Verb;
use crate::words::{Words, Wrong, no_more, take};

/// `refund NAME [least=487.80] [account=beta]`
pub(super) fn verb(it: &mut Words) -> Result<Verb, Wrong> {
    let like = "refund web, or refund web least=487.80";
    let name = it.next("the name of the resource or pack", like)?;
    let mut pairs = it.pairs(like)?;
    let (least, account) = (take(&mut pairs, "least"), take(&mut pairs, "account"));
    no_more(&pairs, like)?;
    Ok(Verb::Refund { name, least, account })
}
