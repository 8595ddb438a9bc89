//! What rounds away, by the least quantity, and what does not.

use super::*;
use crate::{Files, bundled, load};

/// The warnings of a book that sells one thing by the hour.
fn warnings(head: &str, product: &str, price: &str) -> Vec<String> {
    let text = format!(
        "=== book.toml\nname = \"b\"\ncurrency = \"CNY\"\nzone = \"+08:00\"\nfrom = \"2026-01-01\"\n{head}\n\
         [[region]]\nid = \"north\"\nname = \"North\"\nzones = [\"north-1\"]\n\
         === products/address.toml\nid = \"address\"\nname = \"Address\"\nmetering_ends = \"requested\"\n{product}\n\
         [limits]\nquantity = 20\n\
         [[option]]\nname = \"size\"\nkind = \"range\"\nfrom = 2\nto = 10\nstep = 2\n\
         [[component]]\nid = \"hold\"\nname = \"Address\"\ndue = \"hour\"\nmeter = \"held\"\nquantity = \"size\"\n\
         price = {{ kind = \"per_unit\", per = \"hour\", amount = \"{price}\", source = \"demo\" }}\n"
    );
    let book = load(&Files::from_text(&text), None).unwrap();
    small_prices(&book).iter().map(ToString::to_string).collect()
}

/// Source: R-MON-9. Two of 0.0024 are 0.0048 an hour, less than half a fen; two of 0.0025 are half a fen, which rounds up.
#[test]
fn less_than_half_a_fen_for_the_least_quantity_is_told() {
    let told = warnings("", "", "0.0024");
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("address/hold: 0.00480000 a hour"), "{told:?}");
    assert_eq!(warnings("", "", "0.0025"), [""; 0]);
    assert_eq!(warnings("rounding = \"carry\"", "", "0.0024"), [""; 0]);
    assert_eq!(warnings("", "rounding = \"carry\"", "0.0024"), [""; 0]);
    assert_eq!(warnings("rounding = \"carry\"", "rounding = \"waive\"", "0.0024").len(), 1);
}

/// They waive, and nothing of them rounds away.
#[test]
fn the_bundled_books_have_no_small_prices() {
    for name in ["demo", "kinds"] {
        assert_eq!(small_prices(&load(&bundled(name).unwrap(), None).unwrap()), []);
    }
}
