//! The items of a purchase in scenarios, and how long something takes.

use crate::quantity;
use crate::step::{Pairs, Told};
use crate::words::{Words, Wrong, pair, take, wrong};
use billing::quote::Wish;
use desk::orders::Item;
use units::Currency;

/// Seconds of a time such as `3m20s`.
pub(super) fn duration(text: &str) -> Result<u64, Wrong> {
    quantity::seconds(text).map_err(|what| (what, "Write it like 90s, 3m20s, 2h or 1d".to_string()))
}

/// `PRODUCT name=value … and PRODUCT name=value …`
pub(super) fn items(it: &mut Words, label: &str) -> Result<(Vec<Item>, Vec<Told>), Wrong> {
    let all: Vec<String> = it.list.drain(..).collect();
    let (mut items, mut told) = (Vec::new(), Vec::new());
    for (number, part) in all.split(|it| it == "and").enumerate() {
        let like = "server charge=payg region=guangzhou type=S1.SMALL1 quantity=2";
        let Some((product, rest)) = part.split_first() else {
            return wrong("the line ends before the product", format!("Write it like: {like}"));
        };
        let mut pairs: Pairs = rest.iter().map(|it| pair(it, like)).collect::<Result<_, _>>()?;
        let name = take(&mut pairs, "name").unwrap_or_else(|| {
            if number == 0 { label.to_string() } else { format!("{label}.{}", number + 1) }
        });
        let count = |text: Option<String>, field: &str, default: u32| match text {
            None => Ok(default),
            Some(text) => text.parse::<u32>().or_else(|_| {
                wrong(
                    format!("{field} is `{text}`, which is not a whole number from 0 to 4294967295"),
                    format!("Write it like: {field}=3"),
                )
            }),
        };
        let quantity = count(take(&mut pairs, "quantity"), "quantity", 1)?;
        let months = count(take(&mut pairs, "months"), "months", 0)?;
        let failing = count(take(&mut pairs, "failing"), "failing", 0)?;
        let delay_seconds = take(&mut pairs, "delay").map(|it| duration(&it)).transpose()?;
        let quoted = take(&mut pairs, "quoted");
        if let Some(text) = &quoted {
            units::decimal::parse(text, Currency::MOST_DIGITS)
                .map_err(|error| (error.to_string(), "Write it like quoted=707.16".to_string()))?;
        }
        items.push(Item {
            month: take(&mut pairs, "month"),
            service: take(&mut pairs, "service"),
            name,
            quoted_minor: None,
            offered: None,
            wish: Wish { product: product.clone(), options: pairs, months, quantity },
        });
        told.push(Told { delay_seconds, failing: failing as usize, quoted });
    }
    Ok((items, told))
}
