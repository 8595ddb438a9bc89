//! Offers in scenarios.

use super::items::items;
use crate::step::{Price, Verb};
use crate::words::{Words, Wrong, take, wrong};
use desk::orders::Item;
use desk::purchases::Pay;
use units::Calendar;

const LIKE: &str =
    "offer acme o1 2026-06-15 container-pack spec=1U1G hours=720 month=2026-06 total=80.00, or rate=0.85";

/// `offer ACCOUNT LABEL UNTIL ITEM [and ITEM …]`, each item with `total=` or `rate=`
pub(super) fn verb(it: &mut Words, calendar: &Calendar) -> Result<Verb, Wrong> {
    let (account, label) = (it.next("the account", LIKE)?, it.next("a name for the offer", LIKE)?);
    let until = it.next("until when it holds", LIKE)?;
    let until = calendar.parse(&until).map_err(|error| (error.to_string(), like()))?;
    let (all, _) = items(it, &label)?;
    let items = all.into_iter().map(priced).collect::<Result<_, _>>()?;
    Ok(Verb::Offer { account, label, until, items })
}

fn like() -> String {
    format!("Write it like: {LIKE}")
}

fn priced(mut item: Item) -> Result<(Item, Price), Wrong> {
    let (total, rate) = (take(&mut item.wish.options, "total"), take(&mut item.wish.options, "rate"));
    let price = match (total, rate) {
        (Some(total), None) => Price::Total(total),
        (None, Some(rate)) => {
            let read = units::decimal::parse(&rate, 8).ok().and_then(|it| u64::try_from(it).ok());
            Price::Rate(read.ok_or_else(|| (format!("`{rate}` is no rate"), like()))?)
        }
        (None, None) | (Some(_), Some(_)) => return wrong("an item has a `total` or a `rate`", like()),
    };
    Ok((item, price))
}

/// `accept LABEL [later]`, `decline LABEL`, `withdraw LABEL`
pub(super) fn step(word: &str, it: &mut Words) -> Result<Verb, Wrong> {
    let like = format!("{word} o1");
    let label = it.next("the offer", &like)?;
    let is_later = it.list.front().is_some_and(|it| it == "later") && word == "accept";
    if is_later {
        it.list.pop_front();
    }
    it.end(&like)?;
    Ok(match word {
        "accept" => Verb::Accept { label, pay: if is_later { Pay::Later } else { Pay::Now } },
        "decline" => Verb::Decline { label },
        _ => Verb::Withdraw { label },
    })
}
