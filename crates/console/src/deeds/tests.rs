//! Every deed of the audit log has its words.

use super::*;
use billing::language::Language;

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
    for operation in ["POST /v1/clock/advance", "form /resources", "POST /v1/orders/a/b/pay", ""] {
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
