//! Every field of every bundled book, changed one at a time: the diff names each.

use super::{Change, diff};
use crate::tree::perturb::{Perturb, Spot};
use crate::{bundled, load};
use billing::book::{Book, Component, Product};

/// The books that come with the program.
fn books() -> Vec<(&'static str, Book)> {
    ["demo", "kinds"].map(|it| (it, load(&bundled(it).unwrap(), None).unwrap())).into()
}

/// The head of `book` with one of its products, or none.
fn with(book: &Book, product: Option<Product>) -> Book {
    let (name, zone, products) = (book.name.clone(), book.zone.clone(), product.into_iter().collect());
    let (groups, regions, discounts) = Default::default();
    Book { name, zone, products, groups, regions, discounts, ..*book }
}

/// Changes every field of `part` in turn. `put` makes a book of the changed part; counts the changes.
fn each<T: Perturb + Clone>(part: &T, put: impl Fn(T) -> Book) -> usize {
    let before = put(part.clone());
    for number in 0.. {
        let (mut changed, mut spot) = (part.clone(), Spot::number(number));
        if !changed.perturb(&mut spot) {
            return number;
        }
        let after = put(changed);
        let (there, back) = (diff(&before, &after), diff(&after, &before));
        assert!(!there.is_empty() && there.len() == back.len(), "{spot:?}: {there:?} and {back:?}");
        names(&there, &spot);
        names(&back, &spot);
    }
    unreachable!("numbers have no end")
}

/// The field that was changed stands in a line, which says what stood and what stands there.
#[track_caller]
fn names(changes: &[Change], spot: &Spot) {
    let field = spot.trail.first().map_or(String::new(), |it| super::segment(it));
    let field = field.strip_suffix('s').unwrap_or(&field);
    // What only holds another part has no word of its own.
    let held = field.is_empty();
    let lines: Vec<String> = changes.iter().map(ToString::to_string).collect();
    let named = held || lines.iter().any(|it| it.contains(field));
    assert!(
        named && changes.iter().all(|it| it.before != it.after || it.before.is_none()),
        "{spot:?}: {lines:?}"
    );
}

/// The components without their prices, which are tried one by one.
fn without_prices(product: &Product) -> Product {
    let bare = |it: &Component| Component { prices: Vec::new(), ..it.clone() };
    Product { components: product.components.iter().map(bare).collect(), ..product.clone() }
}

/// Every field of a product and of each of its prices.
fn product(book: &Book, product: &Product) -> usize {
    let mut count = each(&without_prices(product), |it| with(book, Some(it)));
    for component in &product.components {
        let alone = |prices| {
            let component = Component { prices, ..component.clone() };
            let offers = Vec::new();
            with(
                book,
                Some(Product { components: vec![component], offers, options: Vec::new(), ..product.clone() }),
            )
        };
        count += component.prices.iter().map(|row| each(row, |it| alone(vec![it]))).sum::<usize>();
        // Prices appear and go as a whole, too.
        let some: Vec<_> = component.prices.iter().take(2).cloned().collect();
        assert!(diff(&alone(Vec::new()), &alone(some.clone())).len() >= some.len());
    }
    count
}

/// The head of the book: what it says but for its products.
fn head(book: &Book) -> usize {
    let heads = |it: &Book| with(it, None);
    let mut count = each(&book.name, |name| Book { name, ..heads(book) });
    count += each(&book.currency, |currency| Book { currency, ..heads(book) });
    count += each(&book.zone, |zone| Book { zone, ..heads(book) });
    count += each(&book.from, |from| Book { from, ..heads(book) });
    count += each(&book.rounding, |rounding| Book { rounding, ..heads(book) });
    count += each(&book.groups, |groups| Book { groups, ..heads(book) });
    count += each(&book.regions, |regions| Book { regions, ..heads(book) });
    count + each(&book.discounts, |discounts| Book { discounts, ..heads(book) })
}

#[test]
fn figures_stand_as_books_write_them() {
    let said = |name, text: &str| super::said(name, &crate::tree::Node::Text(text.into())).unwrap();
    assert_eq!(said("p_e6", "950000"), "0.95");
    assert_eq!(said("rate_e8", "1200000"), "1.2 %");
    assert_eq!(said("grace_seconds", "7200"), "2 h");
    assert_eq!(said("delivery_seconds", "60 to 300"), "1 min to 5 min");
    assert_eq!(said("seconds", "90"), "90 s");
    assert_eq!(said("recycle_seconds", "0"), "0 s");
    assert_eq!(said("free", "3600"), "3600");
}

/// Source: issue 10, section 4.1.
#[test]
fn every_field_of_every_bundled_book_that_changes_is_named() {
    for (name, book) in books() {
        let count = head(&book) + book.products.iter().map(|it| product(&book, it)).sum::<usize>();
        println!(
            "{name}: {count} fields of {} products changed one at a time, each named",
            book.products.len()
        );
        assert!(count > 900, "{name} has more fields than {count}");
        assert_eq!(diff(&book, &book), []);
    }
}
