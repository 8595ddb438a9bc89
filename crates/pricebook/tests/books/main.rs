//! The books that come with the till: they load, their figures are the published ones, and what breaks them is told.

mod amendments;
mod choices;
mod demo;
mod fuzz;
mod kinds;
mod looks;
mod refusals;

use billing::book::Book;
use billing::options::Options;
use billing::plan::Plan;
use billing::price::PriceItem;
use billing::quote::{Quote, QuoteError, Wish, quote};
use billing::rate::Terms;
use pricebook::{Files, Problem, load};
use std::path::Path;
use std::sync::Arc;
use units::{Measured, Unit};

/// All files of a book that comes with the till.
fn read(name: &str) -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pricebooks").join(name);
    let mut files = Files::default();
    for folder in ["", "products", "tables"] {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else { continue };
        for path in entries.map(|it| it.unwrap().path()).filter(|it| it.is_file()) {
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            files.add(&name, &std::fs::read_to_string(&path).unwrap());
        }
    }
    files
}

/// The demo book with only some of its products, so that it loads fast.
fn only(products: &[&str]) -> Files {
    let all = read("demo");
    let mut files = Files::default();
    for path in all.paths() {
        let product = path.strip_prefix("products/").and_then(|it| it.strip_suffix(".toml"));
        if product.is_none_or(|it| products.contains(&it)) {
            files.add(path, all.get(path).unwrap());
        }
    }
    files
}

fn text(problems: &[Problem]) -> String {
    problems.iter().map(|it| format!("{it}\n")).collect()
}

#[track_caller]
fn book(files: &Files) -> Arc<Book> {
    match load(files, None) {
        Ok(book) => Arc::new(book),
        Err(problems) => panic!("{}", text(&problems)),
    }
}

/// `server charge=prepaid type=S1.SMALL1`: the first word is the product.
fn wish(text: &str, months: u32, quantity: u32) -> Wish {
    let (product, options) = text.split_once(' ').unwrap_or((text, ""));
    let pair =
        |it: &str| it.split_once('=').map(|(name, value)| (name.to_string(), value.to_string())).unwrap();
    Wish {
        product: product.to_string(),
        options: options.split_whitespace().map(pair).collect(),
        months,
        quantity,
    }
}

fn quote_of(book: &Arc<Book>, text: &str, months: u32, quantity: u32) -> Result<Quote, QuoteError> {
    quote(book, &wish(text, months, quantity), Terms::default())
}

/// The price of one component of a choice.
#[track_caller]
fn item(book: &Arc<Book>, text: &str, component: &str) -> PriceItem {
    let wish = wish(text, 0, 1);
    let product = book.product(&wish.product).unwrap();
    let options = Options::check(book, product, &wish.options).unwrap();
    let plan = Plan::resolve(book, &wish.product, &options).unwrap();
    let part = plan.parts.iter().find(|it| plan.component(it).id == component);
    plan.item(part.unwrap_or_else(|| panic!("{text} has no {component}"))).clone()
}

/// What `used` costs to 1e-8, without zeros at the end.
#[track_caller]
fn cost(item: &PriceItem, used: Measured) -> String {
    units::decimal::print_short(item.cost(used).unwrap().e8(), 8, 2)
}

/// So many, held for so many seconds.
fn held_for(item: &PriceItem, quantity: u128, seconds: u64, unit: Unit) -> Measured {
    Measured::of(quantity, unit).part(seconds, item.per_seconds)
}
