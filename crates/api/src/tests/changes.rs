//! Changes as programs ask for them: quoted, ordered once, done at once where nothing is to be paid, refused with the field that is wrong.
//! Source: R-CHG-1, R-CHG-3, R-CHG-4, R-NET-4 to R-NET-6, R-ORD-5, R-ORD-7.

use super::{bought, of, shop_with_a_server};
use serde_json::{Value, json};

fn to(id: &str, options: Value) -> Value {
    json!({"resource": id, "options": options})
}

/// 20.00 a month for the second Mbps: 20 × 30 × 12 / 365 = 19.73, of 39.45 − 19.73.
#[tokio::test]
async fn an_order_costs_what_was_quoted_and_is_made_once() {
    let (asked, id) = shop_with_a_server().await;
    let (status, quoted) =
        asked.ask("POST", "/v1/changes/quote", "shop", Some(to(&id, json!({"bandwidth": 2})))).await;
    assert_eq!((status, &quoted["way"], &quoted["use"]), (200, &json!("order"), &Value::Null), "{quoted}");
    let fee = &quoted["fee"];
    assert_eq!((&fee["total"], &fee["list"], &fee["days"]), (&json!("19.73"), &json!("19.73"), &json!(30)));
    let lines: Vec<_> = fee["lines"].as_array().unwrap().iter().map(|it| &it["cost"]).collect();
    assert_eq!(lines, [&json!("39.45205479"), &json!("-19.72602740")]);
    assert_eq!(quoted["options"]["bandwidth"], "2");
    let mut body = to(&id, json!({"bandwidth": 2}));
    (body["pay"], body["quoted"]) = (json!(true), fee["total"].clone());
    let headers = [("content-type", "application/json"), ("idempotency-key", "again")];
    let to_change = ("POST", "/v1/changes", "shop");
    let (first, changed) = asked.send(to_change, &headers, &body.to_string()).await;
    assert_eq!(first.status(), 201, "{changed}");
    let (again, same) = asked.send(to_change, &headers, &body.to_string()).await;
    assert_eq!((again.status().as_u16(), &same), (201, &changed));
    let order = &changed["order"];
    assert_eq!(
        (&order["action"], &order["state"], &order["total"], &order["had"]["bandwidth"]),
        (&json!("upgrade"), &json!("delivered"), &json!("19.73"), &json!("1"))
    );
    assert_eq!(changed["resource"]["options"]["bandwidth"], "2");
    let (_, bills) = asked.ask("GET", "/v1/bills?month=2026-06", "shop", None).await;
    let bill = bills["items"].as_array().unwrap().iter().find(|it| it["kind"] == "prepaid_change");
    assert_eq!(bill.unwrap()["total"], "19.73", "{bills}");
    let (_, verified) = asked.get("/v1/verify").await;
    assert_eq!(verified["differences"], json!([]), "{verified}");
}

/// What costs less goes back as it was quoted, by an order that is done; more than goes back is refused.
#[tokio::test]
async fn a_downgrade_gives_back_what_was_quoted() {
    let (asked, id) = shop_with_a_server().await;
    let mut raised = to(&id, json!({"bandwidth": 2}));
    raised["pay"] = json!(true);
    let (status, made) = asked.ask("POST", "/v1/changes", "shop", Some(raised)).await;
    assert_eq!(status, 201, "{made}");
    let lower = to(&id, json!({"bandwidth": 1}));
    let (status, quoted) = asked.ask("POST", "/v1/changes/quote", "shop", Some(lower.clone())).await;
    assert_eq!(
        (status, &quoted["way"], &quoted["fee"]),
        (200, &json!("downgrade"), &Value::Null),
        "{quoted}"
    );
    let back = &quoted["back"];
    assert_eq!((&back["cost"], &back["counted"]), (&json!("71.00"), &json!("71.00")), "{back}");
    let mut body = lower;
    body["at_least"] = json!("99.99");
    let refused = asked.ask("POST", "/v1/changes", "shop", Some(body.clone())).await;
    assert_eq!((refused.0, &refused.1["code"]), (409, &json!("price_changed")), "{}", refused.1);
    body["quoted"] = json!("0.00");
    let refused = asked.ask("POST", "/v1/changes", "shop", Some(body.clone())).await;
    assert_eq!(of(&refused), (422, "field_invalid", "at_least"), "{}", refused.1);
    body.as_object_mut().unwrap().remove("quoted");
    body["at_least"] = back["total"].clone();
    let (status, made) = asked.ask("POST", "/v1/changes", "shop", Some(body)).await;
    let order = &made["order"];
    let went_back = json!(format!("-{}", back["total"].as_str().unwrap()));
    assert_eq!(
        (status, &order["action"], &order["state"], &order["total"], &order["pieces"][0]["total"]),
        (201, &json!("downgrade"), &json!("delivered"), &went_back, &json!("71.00")),
        "{made}"
    );
    // The same in the list, which is also the list as CSV, for the operator, and by itself.
    let path = format!("/v1/orders/{}", order["id"].as_str().unwrap());
    let (_, alone) = asked.ask("GET", &path, "shop", None).await;
    assert_eq!(alone["total"], went_back, "{alone}");
    for (who, list) in [("shop", "/v1/orders"), ("operator", "/v1/all-orders")] {
        let (_, all) = asked.ask("GET", list, who, None).await;
        let listed = all["items"].as_array().unwrap().iter().find(|it| it["id"] == order["id"]).unwrap();
        assert_eq!(listed["total"], went_back, "{all}");
    }
    let (_, bills) = asked.ask("GET", "/v1/bills?month=2026-06", "shop", None).await;
    let bill = bills["items"].as_array().unwrap().iter().find(|it| it["order"] == order["id"]).unwrap();
    assert_eq!(bill["total"], json!(format!("-{}", back["total"].as_str().unwrap())), "{bills}");
    // Both changes were made with a key, not by time.
    let (_, history) = asked.ask("GET", &format!("/v1/resources/{id}/history"), "shop", None).await;
    let mut changed =
        history["items"].as_array().unwrap().iter().filter(|it| it["what"] == "changed").peekable();
    assert!(changed.peek().is_some() && changed.all(|it| it["by"] == "actor"), "{history}");
    let (_, verified) = asked.get("/v1/verify").await;
    assert_eq!(verified["differences"], json!([]), "{verified}");
}

/// Bandwidth goes back as it was quoted, what stays costs nothing anew, and back it is a month of 20.00; each direction goes once.
/// Source: R-NET-4 to R-NET-6.
#[tokio::test]
async fn a_network_is_switched_once_each_way() {
    let (asked, id) = shop_with_a_server().await;
    let with_more = to(&id, json!({"network": "traffic", "type": "S2.MEDIUM4"}));
    let refused = asked.ask("POST", "/v1/changes/quote", "shop", Some(with_more)).await;
    assert_eq!(of(&refused), (422, "switch_alone", "options.type"), "{}", refused.1);
    let traffic = to(&id, json!({"network": "traffic"}));
    let (status, quoted) = asked.ask("POST", "/v1/changes/quote", "shop", Some(traffic.clone())).await;
    assert_eq!((status, &quoted["way"]), (200, &json!("downgrade")), "{quoted}");
    let back = &quoted["back"];
    assert_eq!((&back["cost"], &back["value"]), (&json!("0.00"), &back["total"]), "{back}");
    let last = back["lines"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["component"], &last["cost"]), (&json!("stays"), &json!("51.00000000")), "{back}");
    let mut body = traffic.clone();
    body["at_least"] = back["total"].clone();
    let (status, made) = asked.ask("POST", "/v1/changes", "shop", Some(body)).await;
    assert_eq!((status, &made["order"]["action"]), (201, &json!("downgrade")), "{made}");
    assert_eq!(made["resource"]["options"]["network"], "traffic");
    let mut bandwidth = to(&id, json!({"network": "bandwidth"}));
    let (status, quoted) = asked.ask("POST", "/v1/changes/quote", "shop", Some(bandwidth.clone())).await;
    assert_eq!(
        (status, &quoted["fee"]["total"], &quoted["fee"]["days"]),
        (200, &json!("20.00"), &json!(30)),
        "{quoted}"
    );
    (bandwidth["pay"], bandwidth["quoted"]) = (json!(true), json!("20.00"));
    let (status, made) = asked.ask("POST", "/v1/changes", "shop", Some(bandwidth)).await;
    assert_eq!((status, &made["order"]["action"]), (201, &json!("upgrade")), "{made}");
    for path in ["/v1/changes", "/v1/changes/quote"] {
        let answer = asked.ask("POST", path, "shop", Some(traffic.clone())).await;
        assert_eq!(of(&answer), (409, "switch_limit", "options.network"), "{path}: {}", answer.1);
    }
    let (_, verified) = asked.get("/v1/verify").await;
    assert_eq!(verified["differences"], json!([]), "{verified}");
}

/// Ten days of a second Mbps: 20.00 × 10 × 12 / 365 = 6.58. It is raised on its first day, and what it was behind its last. Source: R-NET-3.
#[tokio::test]
async fn bandwidth_is_raised_for_some_days() {
    let (asked, id) = shop_with_a_server().await;
    let mut body = to(&id, json!({"bandwidth": 2}));
    (body["from"], body["until"]) = (json!("2026-06-20"), json!("2026-06-29"));
    let (status, quoted) = asked.ask("POST", "/v1/changes/quote", "shop", Some(body.clone())).await;
    let fee = &quoted["fee"];
    assert_eq!((status, &fee["total"], &fee["days"]), (200, &json!("6.58"), &json!(10)), "{quoted}");
    let times = (&fee["from"], &fee["until"]);
    assert_eq!(times, (&json!("2026-06-19T16:00:00Z"), &json!("2026-06-29T16:00:00Z")));
    let mut half = body.clone();
    half.as_object_mut().unwrap().remove("until");
    let refused = asked.ask("POST", "/v1/changes/quote", "shop", Some(half)).await;
    assert_eq!(of(&refused), (422, "days_invalid", "from"), "{}", refused.1);
    let mut late = body.clone();
    late["until"] = json!("2026-08-01");
    let refused = asked.ask("POST", "/v1/changes", "shop", Some(late)).await;
    assert_eq!(of(&refused), (422, "days_invalid", "until"), "{}", refused.1);
    let again = body.clone();
    (body["pay"], body["quoted"]) = (json!(true), json!("6.58"));
    let (status, made) = asked.ask("POST", "/v1/changes", "shop", Some(body)).await;
    assert_eq!((status, &made["resource"]["options"]["bandwidth"]), (201, &json!("1")), "{made}");
    let raise = &made["resource"]["raises"][0];
    assert_eq!(
        (&raise["value"], &raise["before"], &raise["begun"]),
        (&json!("2"), &json!("1"), &json!(false))
    );
    let refused = asked.ask("POST", "/v1/changes/quote", "shop", Some(again)).await;
    assert_eq!(of(&refused), (409, "days_taken", "from"), "{}", refused.1);
    let now = |text: &'static str| json!({"to": text});
    let path = format!("/v1/resources/{id}");
    for (instant, mbps, raises) in [("2026-06-19T16:00:00Z", "2", 1), ("2026-06-29T16:00:00Z", "1", 0)] {
        assert_eq!(asked.post("/v1/clock/advance", now(instant)).await.0, 200);
        let (_, it) = asked.ask("GET", &path, "shop", None).await;
        let found = it["raises"].as_array().unwrap().len();
        assert_eq!((&it["options"]["bandwidth"], found), (&json!(mbps), raises), "{instant}: {it}");
    }
    let (_, verified) = asked.get("/v1/verify").await;
    assert_eq!(verified["differences"], json!([]), "{verified}");
}

/// What costs nothing is changed at once, however it is paid; then there is no order.
#[tokio::test]
async fn what_costs_nothing_is_changed_at_once() {
    let (asked, _) = shop_with_a_server().await;
    let payg = json!({"product": "server", "options": {"charge": "payg", "region": "guangzhou", "zone": "guangzhou-1",
        "type": "S1.SMALL1"}});
    let hourly = bought(&asked, payg).await;
    let body = to(&hourly, json!({"type": "S2.MEDIUM8"}));
    let (status, quoted) = asked.ask("POST", "/v1/changes/quote", "shop", Some(body.clone())).await;
    assert_eq!((status, &quoted["way"], &quoted["fee"]), (200, &json!("at_once"), &Value::Null), "{quoted}");
    // 0.42 and 0.91 an hour; the larger is held.
    let used = &quoted["use"];
    assert_eq!(
        (&used["a_day_now"], &used["a_day_then"], &used["held"]),
        (&json!("10.08000000"), &json!("21.84000000"), &json!("0.91"))
    );
    let (status, changed) = asked.ask("POST", "/v1/changes", "shop", Some(body)).await;
    assert_eq!((status, &changed["order"]), (200, &Value::Null), "{changed}");
    assert_eq!(changed["resource"]["options"]["type"], "S2.MEDIUM8");
}

#[tokio::test]
async fn what_is_refused_says_which_field() {
    let (asked, id) = shop_with_a_server().await;
    asked.customer("other", "1000.00").await;
    let id = id.as_str();
    for (key, options, expected) in [
        ("shop", json!({"zone": "guangzhou-2"}), (422, "option_fixed", "options.zone")),
        ("shop", json!({"bandwidth": 1}), (422, "nothing_changed", "options")),
        ("shop", json!({"bandwidth": 9999}), (422, "option_out_of_range", "options.bandwidth")),
        ("shop", json!({"colour": "red"}), (422, "unknown_option", "options.colour")),
        ("other", json!({"bandwidth": 2}), (404, "not_found", "")),
    ] {
        for path in ["/v1/changes", "/v1/changes/quote"] {
            let answer = asked.ask("POST", path, key, Some(to(id, options.clone()))).await;
            assert_eq!(of(&answer), expected, "{path}: {}", answer.1);
        }
    }
    let resize = format!("/v1/resources/{id}/resize");
    let answer = asked.ask("POST", &resize, "shop", Some(json!({"options": {"bandwidth": 2}}))).await;
    assert_eq!(of(&answer), (422, "prepaid_not_changeable", ""));
    let mut wrong = to(id, json!({"bandwidth": 2}));
    wrong["quoted"] = json!("1.00");
    let answer = asked.ask("POST", "/v1/changes", "shop", Some(wrong)).await;
    assert_eq!((answer.0, &answer.1["code"]), (409, &json!("price_changed")), "{}", answer.1);
    let answer = asked.ask("POST", "/v1/changes", "shop", Some(to(id, json!({"bandwidth": 2})))).await;
    assert_eq!((answer.0, &answer.1["order"]["state"]), (201, &json!("unpaid")), "{}", answer.1);
    let blocked = asked.ask("POST", "/v1/changes/quote", "shop", Some(to(id, json!({"bandwidth": 3})))).await;
    assert_eq!(of(&blocked), (409, "unpaid_order", ""));
    let pay = format!("/v1/orders/{}/pay", answer.1["order"]["id"].as_str().unwrap());
    assert_eq!(asked.ask("POST", &pay, "shop", None).await.0, 200);
    let (_, resource) = asked.ask("GET", &format!("/v1/resources/{id}"), "shop", None).await;
    assert_eq!(resource["options"]["bandwidth"], "2");
}
