//! Commitments on the website: an operator agrees one, and the customer sees what is missing of it.
//!
//! In:  a real server and browsers without a screen. Out: the commitment as it stands, in both languages; refusals that change nothing; the bill.
//! Source: R-PRC-26.

use crate::support::people::{shop, signed_in};
use serde_json::json;

#[test]
fn an_operator_agrees_a_commitment_and_the_customer_sees_it() {
    let served = shop("100.00");
    let mut opal = signed_in(&served, "opal@example.com", "administrator", None);
    let accounts = served.get(&served.operator, "/v1/accounts").good();
    let all = accounts["items"].as_array().unwrap();
    let id = all.iter().find(|it| it["name"] == "shop").unwrap()["id"].as_str().unwrap().to_string();
    let path = format!("/operator/customers/{id}/commitment");
    let commitment = format!("/v1/accounts/{id}/commitment");
    let month = served.get(&served.operator, &commitment).good()["month"].as_str().unwrap().to_string();
    opal.get(&format!("/operator/customers/{id}")).has(&path).has("Commitment");
    let page = opal.get(&path);
    page.has("0 for nothing any more.");
    let refused =
        opal.send(&page, &path, &[("amount", "60.00"), ("from", "2020-01"), ("reason", "contract 17")]);
    assert_eq!(refused.status, 422);
    refused.has("This is over by now");
    opal.submit(&page, &path, &[("amount", "60.00"), ("from", &month), ("reason", "contract 17")]);
    opal.get(&path).has("60.00").has("contract 17").has("Missing of the commitment");
    opal.language = "zh";
    opal.get(&path).has("承诺消费").has("直至另有约定");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    ann.get("/").has("Commitment").has("60.00").has("Missing of the commitment");
    let told = served.get(&served.operator, &commitment).good();
    assert_eq!((&told["agreed"], &told["terms"][0]["from"]), (&json!("60.00"), &json!(month)));
    assert_eq!(told["terms"][0]["until"], json!(null));
}
