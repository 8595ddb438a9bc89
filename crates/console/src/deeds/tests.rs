//! Every deed of the audit log has its words.

use super::*;
use billing::language::Language;
use std::path::Path;

/// What changes nothing, or is proved at the door: the audit log holds none of these.
const NO_DEEDS: [&str; 13] = [
    "POST /v1/card-forms",
    "POST /v1/corrections/preview",
    "POST /v1/price-books/check",
    "POST /v1/price-books/diff",
    "POST /v1/price-books/impact",
    "form /operator/books/impact",
    "form /operator/books/new",
    "form /operator/customers/{account}/correct/review",
    "form /operator/customers/{account}/top-up/review",
    "form /operator/health/audit",
    "form /sign-in",
    "form /sign-in/code",
    "form /sign-out",
];

#[test]
fn a_deed_has_one_name_by_the_api_and_by_a_form() {
    let texts = texts::of(Language::English);
    for operation in ["POST /v1/resources/{resource}/release", "form /resources/res_1/release"] {
        assert_eq!(name(texts, operation).as_deref(), Some("Released a resource"), "{operation}");
    }
    let prices = "/operator/customers/acc_1/contract-prices";
    for (operation, said) in [
        (format!("form {prices}"), "Agreed a contract price"),
        (format!("form {prices}/c-17/end"), "Ended a contract price"),
        ("POST /v1/accounts/{account}/contract-prices/{price}/end".into(), "Ended a contract price"),
        ("form /operator/price-proposals/p-1/agree".into(), "Agreed to a price change"),
        ("POST /v1/price-proposals/{proposal}/undo".into(), "Took back a proposed price change"),
        ("form /cart".into(), "Put something into the cart"),
    ] {
        assert_eq!(name(texts, &operation).as_deref(), Some(said), "{operation}");
    }
    assert_eq!(name(texts, "POST /v1/vouchers/redeem").as_deref(), Some("Redeemed a promotion code"));
    let chinese = texts::of(Language::Chinese);
    assert_eq!(name(chinese, "form /buy/server/review").as_deref(), Some("下单"));
}

#[test]
fn what_has_no_name_is_left_as_it_is_written() {
    let texts = texts::of(Language::English);
    for operation in ["till user unbind", "form /resources", "POST /v1/orders/a/b/pay", ""] {
        assert_eq!(name(texts, operation), None, "{operation}");
    }
}

#[test]
fn no_operation_has_two_names() {
    let all: Vec<&str> = DEEDS.iter().flat_map(|it| it.0.iter().copied()).collect();
    for one in &all {
        assert_eq!(all.iter().filter(|it| *it == one).count(), 1, "{one}");
    }
}

/// The texts of all files of Rust below a folder.
fn sources(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(std::fs::read_to_string(&path).unwrap());
        }
    }
    found
}

/// Operations of the API that write, as a file of it declares them.
fn operations(text: &str) -> Vec<String> {
    let one = |it: &str| {
        let (method, rest) = it.trim_start().split_once(',')?;
        let path = rest.split_once("path = \"")?.1.split_once('"')?.0;
        (method != "get").then(|| format!("{} {path}", method.to_uppercase()))
    };
    text.split("#[utoipa::path(").skip(1).filter_map(one).collect()
}

/// Addresses to which a file of the console lets forms be sent.
fn forms(text: &str) -> Vec<String> {
    let constant = |name: &str| text.split_once(&format!("const {name}: &str = \""))?.1.split_once('"');
    let one = |it: &str| {
        let (place, rest) = it.split_once(',')?;
        let path = match place.trim().strip_prefix('"') {
            Some(quoted) => quoted.trim_end_matches('"'),
            None => constant(place.trim())?.0,
        };
        let mut open = 1;
        let end = rest.find(|it: char| {
            open += i32::from(it == '(') - i32::from(it == ')');
            open == 0
        })?;
        let takes = path.starts_with('/') && rest[..end].contains("post(");
        takes.then(|| format!("form {}", path.replace("{step}", "agree")))
    };
    text.split(".route(").skip(1).filter_map(one).collect()
}

#[test]
fn whatever_writes_by_the_api_or_by_a_form_has_a_name_in_both_languages() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let of_api: Vec<String> =
        sources(&here.join("../api/src")).iter().flat_map(|it| operations(it)).collect();
    let of_pages: Vec<String> = sources(&here.join("src")).iter().flat_map(|it| forms(it)).collect();
    assert!(of_api.len() > 80 && of_pages.len() > 80, "{} and {}", of_api.len(), of_pages.len());
    let reads = |it: &str| {
        ["/quote", "/quotes"].iter().any(|end| it.ends_with(end))
            || it.starts_with("POST /v1/usage")
            || NO_DEEDS.contains(&it)
    };
    for operation in of_api.iter().chain(&of_pages).filter(|it| !reads(it)) {
        let [english, chinese] =
            [Language::English, Language::Chinese].map(|it| name(texts::of(it), operation));
        assert!(english.is_some() && english != chinese, "{operation} has no name: {english:?}, {chinese:?}");
    }
}

#[test]
fn what_is_noted_of_acting_for_a_customer_is_said_in_words() {
    let chinese = texts::of(Language::Chinese);
    assert_eq!(name(chinese, "acts for the account").as_deref(), Some("开始代客操作"));
    assert_eq!(name(chinese, "acts no more").as_deref(), Some("结束代客操作"));
}
