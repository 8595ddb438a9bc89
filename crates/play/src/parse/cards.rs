//! Cards in scenarios.

use crate::step::{CardVerb, Verb};
use crate::words::{Words, Wrong, wrong};
use billing::payment::split::Means;
use providers::cards::simulated::{Manner, Proof};

/// `card ACCOUNT NAME [MANNER]`, `paycard LABEL CARD [MEANS]`, `cardtopup ACCOUNT CARD AMOUNT`, `prove LABEL yes|no`
pub(super) fn verb(word: &str, it: &mut Words) -> Result<Verb, Wrong> {
    let read = match word {
        "card" => {
            let like = "card acme visa asks";
            let (account, card) = (it.next("the account", like)?, it.next("a name for the card", like)?);
            let manner = word_of(it, Manner::Pays, Manner::parse, &Manner::ALL.map(Manner::as_str))?;
            CardVerb::Add { account, card, manner }
        }
        "paycard" => {
            let like = "paycard web visa balance_then_card";
            let (label, card) = (it.next("what is paid", like)?, it.next("the card", like)?);
            let means = word_of(it, Means::BalanceThenCard, Means::parse, &Means::ALL.map(Means::as_str))?;
            CardVerb::Pay { label, card, means }
        }
        "cardtopup" => {
            let like = "cardtopup acme visa 100.00";
            let (account, card) = (it.next("the account", like)?, it.next("the card", like)?);
            CardVerb::TopUp { account, card, amount: it.next("the amount", like)? }
        }
        _ => {
            let like = "prove web yes";
            let label = it.next("what is paid", like)?;
            let proof = match it.next("yes or no", like)?.as_str() {
                "yes" => Proof::Given,
                "no" => Proof::Failed,
                other => {
                    return wrong(
                        format!("`{other}` is neither yes nor no"),
                        format!("Write it like: {like}"),
                    );
                }
            };
            CardVerb::Prove { label, proof }
        }
    };
    it.end(word)?;
    Ok(Verb::ByCard(read))
}

/// The next word, one of `all`; `default` where there is none.
fn word_of<T>(it: &mut Words, default: T, parse: fn(&str) -> Option<T>, all: &[&str]) -> Result<T, Wrong> {
    match it.list.pop_front() {
        None => Ok(default),
        Some(word) => parse(&word).ok_or_else(|| {
            (format!("`{word}` is not one of them"), format!("Write one of: {}", all.join(", ")))
        }),
    }
}
