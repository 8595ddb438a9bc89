//! Credit lines on the website: an operator agrees one, and the customer sees what is left of it.
//!
//! In:  a real server and browsers without a screen. Out: the credit line as it stands, in both languages; refusals that change nothing.
//! Source: R-ARR-9.

use crate::support::people::{shop, signed_in};
use serde_json::json;

#[test]
fn an_operator_agrees_a_credit_line_and_the_customer_sees_it() {
    let served = shop("10.00");
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    let accounts = served.get(&served.operator, "/v1/accounts").good();
    let all = accounts["items"].as_array().unwrap();
    let id = all.iter().find(|it| it["name"] == "shop").unwrap()["id"].as_str().unwrap().to_string();
    let path = format!("/operator/customers/{id}/credit");
    carl.get(&format!("/operator/customers/{id}")).has(&path).has("Credit line");
    let page = carl.get(&path);
    page.has("0 for none.").has("value=\"10\"");
    let refused = carl.send(&page, &path, &[("limit", "30.00"), ("day", "29"), ("reason", "contract 17")]);
    assert_eq!(refused.status, 422);
    refused.has("a whole number from 1 to 28");
    carl.submit(&page, &path, &[("limit", "30.00"), ("day", "5"), ("reason", "contract 17")]);
    carl.get(&path).has("30.00").has("40.00").has("contract 17");
    // 10.00 of its own and a credit line of 30.00 are 40.00 available, on the page of the customer too.
    let customer = carl.get(&format!("/operator/customers/{id}"));
    customer
        .has("30.00")
        .has("40.00")
        .has("with what is left of the credit line")
        .has("0.00 used · collected");
    carl.language = "zh";
    carl.get(&path).has("授信额度").has("每月扣收日");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    ann.get("/").has("Credit line").has("30.00").has("40.00");
    let told = served.get(&served.operator, &format!("/v1/accounts/{id}/credit")).good();
    assert_eq!(
        (&told["limit"], &told["day"], &told["available"]),
        (&json!("30.00"), &json!(5), &json!("40.00"))
    );
}
