//! Prices are found by what was chosen so far.

use super::*;

fn demo() -> Book {
    pricebook::load(&pricebook::bundled("demo").unwrap(), None).unwrap()
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

/// S1.SMALL1: 51.00 a month where it is paid ahead; by use 0.42 an hour, less after four and after fifteen days.
#[test]
fn a_choice_leaves_its_prices() {
    let book = demo();
    let server = book.product("server").unwrap();
    let here = prices(server, &pairs("region=guangzhou,type=S1.SMALL1"));
    let words = |component: &str| -> Vec<String> {
        let own = here.iter().filter(|it| it.0.id == component);
        own.map(|it| billing::tag::in_words(it.0, &it.1.item)).collect()
    };
    assert_eq!(words("hardware"), ["51.00 per month"]);
    assert_eq!(words("compute"), ["above 0 at 0.42, above 345600 at 0.21, above 1296000 at 0.1428 per hour"]);
    assert_eq!(
        words("bandwidth"),
        ["above 0 at 20.00, above 2 at 25.00, above 5 at 90.00 per Mbps and month"]
    );
    assert_eq!(words("traffic"), ["0.80 per GB"]);
    let payg = prices(server, &pairs("region=guangzhou,type=S1.SMALL1,charge=payg,network=traffic"));
    assert!(payg.iter().all(|it| !matches!(it.0.id.as_str(), "hardware" | "bandwidth" | "bandwidth-hour")));
    assert!(here.len() < prices(server, &[]).len() && payg.len() < here.len());
}
