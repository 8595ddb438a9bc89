//! Proposals of price changes in scenarios.

use crate::quantity;
use crate::step::{ProposalStep, Proposing, Reprice, Verb};
use crate::words::{Words, Wrong, no_more, take, wrong};
use units::Calendar;

/// Why a scenario proposes anything, and who does where it does not say.
const REASON: &str = "scenario";
const OPERATOR: &str = "operator";

/// `propose ID PRODUCT COMPONENT AMOUNT from=TIME …`, `proposal ID STEP [by=NAME]`
pub(super) fn verb(word: &str, it: &mut Words, calendar: &Calendar) -> Result<Verb, Wrong> {
    if word == "propose" { propose(it, calendar) } else { step(it) }
}

fn propose(it: &mut Words, calendar: &Calendar) -> Result<Verb, Wrong> {
    let like = "propose p-7 container compute 0.19 spec=1U1G from=2026-08-01 month=2026-06 by=ann reason=dearer_power";
    let id = it.next("its id", like)?;
    let (product, component) = (it.next("the product", like)?, it.next("the component", like)?);
    let amount = it.next("the price", like)?;
    let mut pairs = it.pairs(like)?;
    let Some(from) = take(&mut pairs, "from") else {
        return wrong("a proposal says from when its prices are to hold", format!("Write it like: {like}"));
    };
    let from =
        calendar.parse(&from).map_err(|error| (error.to_string(), format!("Write it like: {like}")))?;
    let month = take(&mut pairs, "month");
    let by = take(&mut pairs, "by").unwrap_or_else(|| OPERATOR.to_string());
    let reason = take(&mut pairs, "reason").map_or_else(|| REASON.to_string(), |it| it.replace('_', " "));
    let above = take(&mut pairs, "above").map(|it| quantity::spaced(&it));
    let price = Reprice { product, component, amount, above, pairs, currency: None };
    Ok(Verb::Propose(Proposing { id, price, from, month, by, reason }))
}

fn step(it: &mut Words) -> Result<Verb, Wrong> {
    let like = "proposal p-7 agree by=bob";
    let (id, word) = (it.next("its id", like)?, it.next("what is done with it", like)?);
    let step = match word.as_str() {
        "compute" => ProposalStep::Compute,
        "agree" => ProposalStep::Agree,
        "reject" => ProposalStep::Reject,
        "withdraw" => ProposalStep::Withdraw,
        "apply" => ProposalStep::Apply,
        "undo" => ProposalStep::Undo,
        other => {
            return wrong(format!("a proposal does not `{other}`"), format!("Write it like: {like}"));
        }
    };
    let mut pairs = it.pairs(like)?;
    let by = take(&mut pairs, "by").unwrap_or_else(|| OPERATOR.to_string());
    no_more(&pairs, like)?;
    Ok(Verb::Proposal { id, step, by })
}
