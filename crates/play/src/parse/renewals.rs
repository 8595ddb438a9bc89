//! Renewals in scenarios.

use crate::step::{RenewalVerb, Renewed, Verb};
use crate::words::{Words, Wrong, no_more, pair, take, wrong};
use billing::resource::renew::Flag;
use desk::purchases::Pay;

/// `renew ACCOUNT LABEL NAME [NAME …] [months=1] [quoted=…] [later]`, `renewal NAME auto|manual|none`, `expiryday ACCOUNT 20|none`,
/// `nostop ACCOUNT 3`
pub(super) fn verb(word: &str, it: &mut Words) -> Result<Verb, Wrong> {
    let read = match word {
        "refund" => return super::refunds::verb(it),
        "renew" => RenewalVerb::Renew(renew(it)?),
        "renewal" => {
            let like = "renewal web auto, renewal web manual or renewal web none";
            let (name, word) = (it.next("the name of the resource", like)?, it.next("what is done", like)?);
            it.end(like)?;
            match Flag::parse(&word) {
                Some(flag) => RenewalVerb::Flag { name, flag },
                None => {
                    return wrong(format!("`{word}` is not known here"), format!("Write it like: {like}"));
                }
            }
        }
        "nostop" => {
            let like = "nostop acme 3";
            let (account, word) = (it.next("the account", like)?, it.next("the days", like)?);
            it.end(like)?;
            match word.parse() {
                Ok(days) => RenewalVerb::NoStop { account, days },
                Err(_) => {
                    return wrong(
                        format!("`{word}` is not a number of days"),
                        format!("Write it like: {like}"),
                    );
                }
            }
        }
        _ => {
            let like = "expiryday acme 20, or expiryday acme none";
            let (account, word) = (it.next("the account", like)?, it.next("the day", like)?);
            it.end(like)?;
            let day = match (word.as_str(), word.parse()) {
                ("none", _) => None,
                (_, Ok(day)) => Some(day),
                (_, Err(_)) => {
                    return wrong(format!("`{word}` is not a day"), format!("Write it like: {like}"));
                }
            };
            RenewalVerb::Day { account, day }
        }
    };
    Ok(Verb::Renewal(read))
}

fn renew(it: &mut Words) -> Result<Renewed, Wrong> {
    let like = "renew acme r1 web db months=3, or renew acme r1 web later";
    let (account, label) = (it.next("the account", like)?, it.next("a name for the order", like)?);
    let mut names = vec![it.next("the name of the resource", like)?];
    let vouchers = super::vouchers::chosen(it)?.unwrap_or_default();
    let (mut pairs, mut pay) = (Vec::new(), Pay::Now);
    for word in it.list.drain(..) {
        match word.as_str() {
            "later" => pay = Pay::Later,
            word if word.contains('=') => pairs.push(pair(word, like)?),
            _ => names.push(word),
        }
    }
    let months = take(&mut pairs, "months").unwrap_or_else(|| "1".into());
    let months = months
        .parse()
        .map_err(|_| (format!("`{months}` is not a number of months"), format!("Write it like: {like}")))?;
    let quoted = take(&mut pairs, "quoted");
    no_more(&pairs, like)?;
    Ok(Renewed { account, label, names, months, quoted, pay, vouchers })
}
