//! What the view `impact` shows: a past month by the book that holds with one price changed, beside what was billed.
//!
//! In:  a month, a price as `reprice` says it. Out: how many customers pay more and less, the component, each customer that moves.
//! Invariant: nothing is written: the changed book is neither applied nor kept.

use super::player::Player;
use super::quantity;
use super::step::{Reprice, View};
use billing::impact::{Asked, Impact, Month, Sides};
use desk::{Refusal, books, impact};
use store::{StoreError, Tx};
use units::Amount;

/// Customers that are named.
const MOST: usize = 100;

pub(crate) fn lines(tx: &mut Tx<'_>, player: &Player<'_>, view: &View) -> Result<Vec<String>, Refusal> {
    let [month, product, component, amount, pairs @ ..] = view.args.as_slice() else {
        return Err(Refusal::Sum("an impact says the month, the product, the component and its new price"));
    };
    let month = Month::past(&player.desk.calendar, Some(month), player.now)?;
    let (mut pairs, mut above) = (split(pairs)?, None);
    if let Some(at) = pairs.iter().position(|it| it.0 == "above") {
        above = Some(quantity::spaced(&pairs.remove(at).1));
    }
    let [product, component, amount] = [product, component, amount].map(String::clone);
    let price = Reprice { currency: None, product, component, amount, above, pairs };
    let own = player.desk.book(player.desk.currency(player.now)?, player.now)?;
    let book = books::amended(tx, own, player.now, &price.amendment())?.book;
    let asked = Asked { month, before: None, after: book, most: MOST };
    let (mut found, mut after) = (Impact::none(&asked), String::new());
    while let Some(part) = impact::part(tx, &player.desk, &asked, &after)? {
        found.merge(part.impact);
        after = part.after;
    }
    Ok(told(&found))
}

/// `name=value` pairs. Errors: a word that is none.
fn split(words: &[String]) -> Result<Vec<(String, String)>, Refusal> {
    let pair = |it: &String| {
        let pair = it.split_once('=').map(|it| (it.0.to_string(), it.1.to_string()));
        pair.ok_or_else(|| StoreError::NotFound(format!("a value in `{it}`")).into())
    };
    words.iter().map(pair).collect()
}

fn told(it: &Impact) -> Vec<String> {
    let sides = |of: Sides| {
        let [before, after, _] = of.amounts(it.currency).map(Amount::short);
        format!("{before} {after}")
    };
    let mut lines = vec![format!("customers {} more {} less {}", it.charged, it.more, it.less)];
    for (product, components) in &it.products {
        lines.extend(components.iter().map(|of| format!("{product} {} {}", of.0, sides(*of.1))));
    }
    lines.extend(it.rising.iter().chain(&it.falling).map(|of| format!("{} {}", of.name, sides(of.sides))));
    lines.extend(
        it.kept.iter().map(|((product, why), of)| format!("keeps {} {product}: {why}", of.resources)),
    );
    lines.extend(it.failures.iter().map(|(name, why)| format!("failed {name}: {why}")));
    lines
}
