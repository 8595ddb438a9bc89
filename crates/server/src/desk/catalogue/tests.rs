//! Prices are found by what was chosen so far.

use super::*;

fn demo() -> Book {
    pricebook::load(&crate::cli::files::book("demo").unwrap(), None).unwrap()
}

fn pairs(text: &str) -> Vec<(String, String)> {
    chosen(demo().product("server").unwrap(), text).unwrap()
}

#[test]
fn choices_are_read_with_commas_and_spaces() {
    let pair = |name: &str, value: &str| (name.to_string(), value.to_string());
    assert_eq!(pairs(""), []);
    assert_eq!(
        pairs("region=guangzhou,type=S1.SMALL1"),
        [pair("region", "guangzhou"), pair("type", "S1.SMALL1")]
    );
    assert_eq!(
        pairs("region=guangzhou type=S1.SMALL1"),
        [pair("region", "guangzhou"), pair("type", "S1.SMALL1")]
    );
}

#[test]
fn an_unknown_option_is_refused() {
    let book = demo();
    for text in ["colour=red", "red", "=", "type=S1.SMALL1,colour=red"] {
        let refused = chosen(book.product("server").unwrap(), text).unwrap_err();
        assert_eq!(refused.code(), "unknown_option", "{text}");
    }
}

/// S1.SMALL1 in Guangzhou: 0.42 an hour where it is paid by use, 51.00 a month where it is paid ahead.
#[test]
fn a_choice_leaves_its_prices() {
    let book = demo();
    let server = book.product("server").unwrap();
    let all = prices(server, &[]);
    let here = prices(server, &pairs("region=guangzhou,type=S1.SMALL1"));
    let words: Vec<String> = here
        .iter()
        .filter(|it| it.0.id.starts_with("hardware") || it.0.id.contains("cpu"))
        .map(|it| billing::quote::in_words(&it.1.item))
        .collect();
    assert!(here.len() < all.len());
    assert_eq!(words, ["?"]);
    assert!(prices(server, &pairs("region=nowhere")).len() < here.len());
}
