//! Budgets, projects and tags in scenarios.

use crate::step::{Budget, BudgetStep, Verb};
use crate::words::{Words, Wrong, only};

/// `project ACCOUNT NAME [RESOURCE …]`, `tag RESOURCE [KEY=VALUE …]` in place of the tags before, `costtags ACCOUNT [KEY …]`
pub(super) fn labels(word: &str, it: &mut Words) -> Result<Verb, Wrong> {
    match word {
        "tag" => {
            let like = "tag web team=red stage=live";
            let name = it.next("the name of the resource", like)?;
            Ok(Verb::Tag { name, tags: it.pairs(like)? })
        }
        "costtags" => {
            let account = it.next("the account", "costtags acme team stage")?;
            Ok(Verb::CostTags { account, keys: it.list.drain(..).collect() })
        }
        _ => {
            let like = "project acme website web db";
            let (account, name) = (it.next("the account", like)?, it.next("the name of the project", like)?);
            Ok(Verb::Project { account, name, resources: it.list.drain(..).collect() })
        }
    }
}

/// `budget ACCOUNT NAME AMOUNT [product=…] [project=…] [actual=50,80] [forecast=100]`, or `budget ACCOUNT NAME end`
pub(super) fn verb(it: &mut Words) -> Result<Budget, Wrong> {
    let like =
        "budget acme servers 500.00 product=server actual=50,80,100 forecast=100, or budget acme servers end";
    let (account, name) = (it.next("the account", like)?, it.next("the name of the budget", like)?);
    let word = it.next("its amount, or `end`", like)?;
    let what = match word.as_str() {
        "end" => {
            it.end(like)?;
            BudgetStep::End
        }
        _ => BudgetStep::Set {
            amount: word,
            pairs: only(it.pairs(like)?, &["product", "project", "actual", "forecast"])?,
        },
    };
    Ok(Budget { account, name, what })
}
