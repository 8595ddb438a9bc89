//! What the view of costs shows.

use super::player::Player;
use billing::bill::Sum;
use billing::consumption::Basis;
use desk::lists::bills::InMonth;
use desk::lists::costs::{self, By, Cut};
use desk::page::Part;
use desk::{Refusal, Tx};
use units::{AccountId, Currency, MoneyError};

/// `costs ACCOUNT MONTH [BASIS [CUT]]`: `VALUE TOTAL of vouchers V bonus B cash C owed O` of each group, `-` for what the cut says
/// nothing of; then the same of all as `total`.
pub(crate) fn lines(
    tx: &mut Tx<'_>,
    player: &Player<'_>,
    of: (AccountId, Currency),
    asked: &[String],
) -> Result<Vec<String>, Refusal> {
    let (account, currency) = of;
    let mut words = asked.iter().map(String::as_str);
    let Some(month) = words.next() else {
        return Err(Refusal::Sum("costs are of a month, like 2026-05"));
    };
    let basis = words.next().map_or(Some(Basis::Used), Basis::parse);
    let basis = basis.ok_or(Refusal::Sum("costs are counted by `used`, `paid` or `consumed`"))?;
    let cut = cut(words.next().unwrap_or("product"))?;
    let of = InMonth { account, month: month.to_string(), product: None };
    let at = player.desk.at(player.now);
    let groups = costs::page(tx, at, &of, &By { cut, basis }, &Part::first(u16::MAX))?.items;
    let mut found = Vec::new();
    for it in &groups {
        let value = it.name.as_deref().or(it.value.as_deref()).unwrap_or("-");
        found.push(line(value, &it.sum)?);
    }
    found.push(line("total", &Sum::of(groups.iter().map(|it| &it.sum), currency)?)?);
    Ok(found)
}

fn line(value: &str, sum: &Sum) -> Result<String, MoneyError> {
    let [bonus, cash, income] = sum.paid.purses().kinds();
    let (cash, owed) = (cash.checked_add(income)?, sum.paid.owed());
    Ok(format!("{value} {} of vouchers {} bonus {bonus} cash {cash} owed {owed}", sum.total, sum.vouchers()))
}

fn cut(word: &str) -> Result<Cut, Refusal> {
    match (word, word.strip_prefix("tag:")) {
        ("day", _) => Ok(Cut::Day),
        ("product", _) => Ok(Cut::Product),
        ("kind", _) => Ok(Cut::Kind),
        ("region", _) => Ok(Cut::Region),
        ("project", _) => Ok(Cut::Project),
        (_, Some(key)) => Ok(Cut::Tag(key.to_string())),
        (_, None) => {
            Err(Refusal::Sum("costs are cut by `day`, `product`, `kind`, `region`, `project` or `tag:KEY`"))
        }
    }
}
