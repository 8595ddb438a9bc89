//! What may be chosen is what is sold, and what is barred is refused: random walks through every product of both books.

use crate::{book, only, quote_of, read};
use billing::book::{Book, OptionKind, Product};
use billing::breakdown::{Assumed, breakdown};
use billing::choices::{Asked, Barred, Choices, Completeness, OptionChoice, choices};
use billing::options::OptionError;
use billing::plan::Part;
use billing::quote::{Quote, QuoteError, Wish, quote};
use billing::rate::Terms;
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};

static BOOKS: LazyLock<Vec<Arc<Book>>> = LazyLock::new(|| ["demo", "kinds"].map(|it| book(&read(it))).into());

/// Chooses one option after the other, each by the next of `picks` among what is not barred.
fn walk(book: &Book, product: &Product, picks: &[usize]) -> Vec<(String, String)> {
    let mut chosen: Vec<(String, String)> = Vec::new();
    for (at, rule) in product.options.iter().enumerate() {
        let now = choices(book, product, &chosen).unwrap();
        let choice = &now.options[at];
        if choice.asked != Asked::Yes {
            continue;
        }
        let pick = picks[at % picks.len()];
        let value = match rule.kind {
            OptionKind::Range { from, to, step, .. } => number(choice, (from, to, step), pick),
            OptionKind::Region | OptionKind::Zone | OptionKind::Choice(_) | OptionKind::Spec(_) => {
                let free: Vec<&str> = choice
                    .values
                    .iter()
                    .filter(|it| it.barred.is_none())
                    .map(|it| it.value.as_str())
                    .collect();
                assert!(
                    !free.is_empty(),
                    "{}: nothing is left of {} after {chosen:?}",
                    product.id,
                    rule.name
                );
                free[pick % free.len()].to_string()
            }
        };
        chosen.push((rule.name.clone(), value));
    }
    chosen
}

fn number(choice: &OptionChoice, (from, to, step): (u64, u64, u64), pick: usize) -> String {
    let steps = (to - from) / step + 1;
    let number = from + step * (pick as u64 % steps);
    number.max(choice.least.unwrap_or(0)).to_string()
}

fn wish(product: &Product, options: &[(String, String)], now: &Choices, pick: usize) -> Wish {
    let months: Vec<u32> = now.months.iter().filter(|it| it.barred.is_none()).map(|it| it.months).collect();
    let months = if months.is_empty() { 0 } else { months[pick % months.len()] };
    Wish { product: product.id.clone(), options: options.to_vec(), months, quantity: 1 }
}

/// Every value that is barred with what was chosen before it is refused by an order, whatever comes behind.
fn barred_is_refused(book: &Arc<Book>, wish: &Wish, now: &Choices) {
    for (at, choice) in now.options.iter().enumerate() {
        for value in choice.values.iter().filter(|it| it.barred.is_some()) {
            let mut options = wish.options.clone();
            options.retain(|it| it.0 != choice.option);
            options.push((choice.option.clone(), value.value.clone()));
            let refused = quote(book, &Wish { options, ..wish.clone() }, Terms::default());
            assert!(
                matches!(refused, Err(QuoteError::Option(_))),
                "{} {at} {}={}: {refused:?}",
                wish.product,
                choice.option,
                value.value
            );
        }
    }
    for months in now.months.iter().filter(|it| it.barred.is_some()) {
        let refused = quote(book, &Wish { months: months.months, ..wish.clone() }, Terms::default());
        assert!(matches!(refused, Err(QuoteError::TooShort { .. })), "{refused:?}");
    }
}

/// What a line says of itself comes to what it costs, and the lines to the whole.
fn adds_up(book: &Arc<Book>, quote: &Quote, terms: Terms) {
    let apart = breakdown(book, quote, terms, &Assumed::default()).unwrap();
    assert_eq!(apart.now.len(), quote.lines.len());
    for (one, line) in apart.now.iter().zip(&quote.lines) {
        assert_eq!((one.list_e8, one.cost_e8, one.rate_e8), (line.list_e8, line.cost_e8, line.rate_e8));
        let product = one.rates.iter().fold(100_000_000_u128, |all, it| all * u128::from(it.1) / 100_000_000);
        assert_eq!(product, one.rate_e8.into(), "{:?}", one.rates);
        let last = one.steps.last().and_then(|it| it.result).unwrap();
        assert_eq!(last.e8(), one.cost_e8.into());
    }
    let is_off = |it: &&Part| apart.plan.is_off(it).unwrap();
    let off = apart.plan.parts.iter().filter(is_off).count();
    assert_eq!(apart.now.len() + apart.later.len() + off, apart.plan.parts.len());
    if let Some(month) = &apart.month {
        assert_eq!(month.lines.len() + month.left_out.len(), apart.later.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Source: R-ORD-8, R-ORD-9, R-PRC-4, R-PRC-5.
    #[test]
    fn what_may_be_chosen_is_sold_and_what_is_barred_is_not(
        picks in proptest::collection::vec(0..10_000_usize, 12),
        rate in 0..=10_000_u64,
    ) {
        let terms = Terms { contract_rate_e8: rate * 10_000 };
        for book in BOOKS.iter() {
            for product in &book.products {
                let chosen = walk(book, product, &picks);
                let now = choices(book, product, &chosen).unwrap();
                prop_assert_eq!(now.state, Completeness::Complete);
                let wish = wish(product, &chosen, &now, picks[0]);
                let sold = quote(book, &wish, terms);
                let sold = sold.unwrap_or_else(|error| panic!("{wish:?}: {error}"));
                prop_assert_eq!(&sold.options, &now.chosen);
                adds_up(book, &sold, terms);
                barred_is_refused(book, &wish, &now);
            }
        }
    }
}

/// Source: R-CAT-1: what is not sold any more is barred by its own value.
#[test]
fn what_is_retired_is_barred() {
    let mut files = only(&["disk"]);
    let table = files.get("tables/disk_month.csv").unwrap();
    let row = |it: &str| match it {
        it if it.starts_with('#') => it.to_string(),
        it if it.starts_with("region,") => format!("{it},retired"),
        it if it.contains(",ssd,") => format!("{it},true"),
        it => format!("{it},"),
    };
    let retired: Vec<String> = table.lines().map(row).collect();
    files.add("tables/disk_month.csv", &retired.join("\n"));
    let book = book(&files);
    let barred = |charge: &str| {
        let asked = [("charge", charge), ("region", "guangzhou"), ("zone", "guangzhou-1")];
        let asked = asked.map(|(name, value)| (name.to_string(), value.to_string()));
        let found = choices(&book, book.product("disk").unwrap(), &asked).unwrap();
        let types = found.options.into_iter().find(|it| it.option == "type").unwrap().values;
        types.into_iter().filter_map(|it| Some((it.value, it.barred?))).collect::<Vec<_>>()
    };
    assert_eq!(barred("prepaid"), [("ssd".to_string(), Barred::Retired)]);
    assert_eq!(barred("payg"), []);
    let text = "disk charge=prepaid region=guangzhou zone=guangzhou-1 type=ssd size=10";
    let refused = quote_of(&book, text, 1, 1);
    assert!(matches!(refused, Err(QuoteError::Option(OptionError::Retired { .. }))), "{refused:?}");
}
