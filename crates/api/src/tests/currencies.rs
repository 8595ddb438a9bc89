//! Price books of two currencies side by side. Source: R-MON-5.

use super::*;
use units::AccountId;

/// A book in yen, which begins with June and sells an address by the hour for so much.
fn yen(amount: &str) -> Value {
    json!({
        "book.toml": "name = \"yen\"\ncurrency = \"JPY\"\nzone = \"+08:00\"\nfrom = \"2026-06-01\"\n\n\
            [[region]]\nid = \"tokyo\"\nname = \"Tokyo\"\nzones = [\"tokyo-1\"]\n",
        "products/address.toml": format!("id = \"address\"\nname = \"Address\"\nmetering_ends = \"requested\"\n\n\
            [limits]\nquantity = 10\nmonths = [1]\n\n[[option]]\nname = \"region\"\nkind = \"region\"\n\n\
            [[component]]\nid = \"held\"\nname = \"Address\"\ndue = \"order\"\nmeter = \"months\"\n\
            price = {{ kind = \"per_unit\", amount = \"{amount}\", per = \"month\", source = \"mine\" }}\n")
    })
}

fn address(quoted: &str) -> Value {
    json!({"product": "address", "name": "one", "months": 1, "options": {"region": "tokyo"}, "quoted": quoted})
}

/// `shop`, which pays in yuan, and `tokyo`, which pays in yen.
async fn shops() -> (Asked, AccountId) {
    let (asked, _) = shop().await;
    let (status, applied) = asked.post("/v1/price-books", json!({"files": yen("300")})).await;
    assert_eq!(
        (status, &applied["state"], &applied["currency"]),
        (201, &json!("in_force"), &json!("JPY")),
        "{applied}"
    );
    let (status, opened) = asked.post("/v1/accounts", json!({"name": "tokyo", "currency": "JPY"})).await;
    assert_eq!(status, 201, "{opened}");
    let id: AccountId = opened["id"].as_str().unwrap().parse().unwrap();
    asked.key("tokyo", Some(id), &[desk::keys::Scope::Read, desk::keys::Scope::Buy]);
    let paid = json!({"amount": "1000", "reference": "first"});
    assert_eq!(asked.post(&format!("/v1/accounts/{id}/top-ups"), paid).await.0, 201);
    (asked, id)
}

fn refused(of: (u16, Value)) -> (u16, String, String) {
    let text = |name: &str| of.1[name].as_str().unwrap_or("").to_string();
    (of.0, text("code"), text("field"))
}

fn said(status: u16, code: &str, field: &str) -> (u16, String, String) {
    (status, code.into(), field.into())
}

#[tokio::test]
async fn an_account_says_its_currency_where_several_are_sold() {
    let (asked, _) = shops().await;
    let open = |body: Value| asked.post("/v1/accounts", body);
    assert_eq!(refused(open(json!({"name": "new"})).await), said(422, "currency_needed", "currency"));
    let (_, all) = asked.get("/v1/accounts").await;
    assert_eq!(all["items"].as_array().unwrap().len(), 2, "nothing was opened");
    let (status, opened) = open(json!({"name": "new", "currency": "CNY"})).await;
    assert_eq!((status, &opened["currency"]), (201, &json!("CNY")));
}

#[tokio::test]
async fn the_catalogue_is_that_of_the_accounts_currency() {
    let (asked, _) = shops().await;
    let ids = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_string()).collect()
    };
    let (status, own) = asked.ask("GET", "/v1/products", "tokyo", None).await;
    assert_eq!((status, ids(&own)), (200, vec!["address".to_string()]));
    let (_, regions) = asked.ask("GET", "/v1/regions", "tokyo", None).await;
    assert_eq!(ids(&regions), ["tokyo"]);
    let (_, other) = asked.ask("GET", "/v1/products", "shop", None).await;
    assert!(ids(&other).contains(&"server".to_string()) && !ids(&other).contains(&"address".to_string()));
    assert_eq!(asked.ask("GET", "/v1/products/server", "tokyo", None).await.0, 404);
    let asked_other = asked.ask("GET", "/v1/products?currency=CNY", "tokyo", None).await;
    assert_eq!(refused(asked_other), said(422, "currency_mismatch", "currency"));

    // Whoever has no account says which.
    for path in [
        "/v1/products",
        "/v1/products/address",
        "/v1/products/address/prices",
        "/v1/products/address/choices",
        "/v1/regions",
    ] {
        assert_eq!(refused(asked.get(path).await), said(422, "currency_needed", "currency"), "{path}");
        let unknown = asked.get(&format!("{path}?currency=XXX")).await;
        assert_eq!(refused(unknown), said(422, "currency_mismatch", "currency"), "{path}");
        let nothing = asked.get(&format!("{path}?currency=USD")).await;
        assert_eq!(refused(nothing).1, "no_price_book", "{path}");
        assert_eq!(asked.get(&format!("{path}?currency=JPY")).await.0, 200, "{path}");
    }
}

#[tokio::test]
async fn each_account_is_quoted_and_charged_by_its_own_book() {
    let (asked, _) = shops().await;
    let (status, quote) =
        asked.ask("POST", "/v1/quotes", "tokyo", Some(json!({"items": [address("300")]}))).await;
    assert_eq!((status, &quote["total"], &quote["currency"]), (200, &json!("300"), &json!("JPY")), "{quote}");
    let asked_too_fine =
        asked.ask("POST", "/v1/quotes", "tokyo", Some(json!({"items": [address("300.50")]}))).await;
    assert_eq!(refused(asked_too_fine).1, "amount_invalid", "yen have no digits");
    let (status, verdict) =
        asked.ask("POST", "/v1/authorize", "tokyo", Some(json!({"items": [address("300")]}))).await;
    assert_eq!(
        (status, &verdict["allowed"], &verdict["total"]),
        (200, &json!(true), &json!("300")),
        "{verdict}"
    );
    let (status, bought) =
        asked.ask("POST", "/v1/orders", "tokyo", Some(json!({"items": [address("300")], "pay": true}))).await;
    assert_eq!(
        (status, &bought["total"], &bought["currency"]),
        (201, &json!("300"), &json!("JPY")),
        "{bought}"
    );
    let other = asked.ask("POST", "/v1/orders", "shop", Some(json!({"items": [address("300.00")]}))).await;
    assert_eq!(other.0, 422, "yuan buy nothing of the list in yen: {}", other.1);
    let (status, bought) =
        asked.ask("POST", "/v1/orders", "shop", Some(json!({"items": [server()], "pay": true}))).await;
    assert_eq!(
        (status, &bought["total"], &bought["currency"]),
        (201, &json!("71.00"), &json!("CNY")),
        "{bought}"
    );
}

#[tokio::test]
async fn a_book_is_compared_with_and_follows_those_of_its_currency() {
    let (asked, _) = shops().await;
    let (_, page) = asked.get("/v1/price-books").await;
    let all = page["items"].as_array().unwrap();
    let stand: Vec<(&str, &str)> =
        all.iter().map(|it| (it["currency"].as_str().unwrap(), it["state"].as_str().unwrap())).collect();
    assert_eq!(stand, [("JPY", "in_force"), ("CNY", "in_force")]);

    let dearer = json!({"files": yen("400")});
    let (status, diff) = asked.post("/v1/price-books/diff", dearer.clone()).await;
    assert_eq!((status, diff["lines"].as_array().unwrap().len()), (200, 1), "{diff}");
    assert!(diff["lines"][0].as_str().unwrap().contains("300 → 400"), "{diff}");
    let of_yuan = all[1]["id"].as_str().unwrap();
    let against = json!({"files": yen("400"), "against": of_yuan});
    assert_eq!(refused(asked.post("/v1/price-books/diff", against).await).1, "currency_mismatch");

    let later = json!({"files": yen("400"), "from": "2026-06-01T00:00:01Z"});
    let (status, applied) = asked.post("/v1/price-books", later).await;
    assert_eq!((status, &applied["state"]), (201, &json!("scheduled")), "{applied}");
    assert_eq!(asked.post("/v1/clock/advance", json!({"to": "2026-06-01T00:00:01Z"})).await.0, 200);
    let quote =
        |who: &'static str, item: Value| asked.ask("POST", "/v1/quotes", who, Some(json!({"items": [item]})));
    assert_eq!(quote("tokyo", address("400")).await.1["total"], "400");
    assert_eq!(quote("shop", server()).await.1["total"], "71.00", "as before");
}

#[tokio::test]
async fn a_book_of_another_zone_is_refused() {
    let (asked, _) = shop().await;
    let mut files = yen("300");
    let head = files["book.toml"].as_str().unwrap().replace("+08:00", "+09:00");
    files["book.toml"] = head.into();
    let answer = asked.post("/v1/price-books", json!({ "files": files })).await;
    assert_eq!(refused(answer), said(422, "book_incompatible", "files"));
}
