//! What a purchase page asks for: choices, and a quote taken apart.

use super::*;

async fn good(asked: &Asked, path: &str) -> Value {
    let (status, answer) = asked.get(path).await;
    assert_eq!(status, 200, "{path}: {answer}");
    answer
}

/// The option of this name in choices or in a product.
fn option<'a>(of: &'a Value, name: &str) -> &'a Value {
    let mut options = of["options"].as_array().unwrap().iter();
    options.find(|it| it["name"] == name).unwrap_or_else(|| panic!("no {name} in {of}"))
}

#[tokio::test]
async fn the_catalogue_says_how_things_are_shown() {
    let (asked, _) = shop().await;
    let server = good(&asked, "/v1/products/server").await;
    assert_eq!(server["label"], json!({"en": "Cloud server", "zh": "云服务器"}));
    assert_eq!(server["group"]["label"]["zh"], "计算");
    let types = option(&server, "type");
    assert_eq!((&types["control"], &types["recommended"]), (&json!("table"), &json!("S2.MEDIUM4")));
    let value = types["values"].as_array().unwrap().iter().find(|it| it["value"] == "S2.MEDIUM4").unwrap();
    assert_eq!(value["attributes"], json!({"family": "S2", "vcpu": "2", "memory": "4"}));
    let zones = &good(&asked, "/v1/regions").await["items"][0]["named_zones"];
    assert_eq!(zones[0], json!({"id": "guangzhou-1", "label": {"en": "Guangzhou 1", "zh": "广州一区"}}));
}

/// Source: R-ORD-9: what cannot be chosen says why, and an order says the same.
#[tokio::test]
async fn choices_say_why_not() {
    let (asked, _) = shop().await;
    let path = "/v1/products/server/choices?options=charge=payg,region=guangzhou,data_disk_type=local";
    let found = good(&asked, path).await;
    let disk = option(&found, "data_disk_type");
    let barred = json!({"code": "not_with",
        "text": {"en": "Not sold with Billing Pay-as-you-go.", "zh": "不能与计费模式“按量计费”一起购买。"}});
    assert_eq!((&disk["value"], &disk["refused"]["barred"]), (&Value::Null, &barred));
    assert_eq!((&found["complete"], &found["months"]), (&json!(false), &json!([])));
    assert_eq!(option(&found, "bandwidth")["asked"], json!(false));
    let months =
        good(&asked, "/v1/products/high-defence-packet/choices?options=region=guangzhou,base=5").await;
    let first = &months["months"][0];
    assert_eq!((&first["months"], &first["barred"]["code"]), (&json!(1), &json!("fewer_months")));
    let starts = good(&asked, "/v1/products/container-pack/choices?options=spec=1U1G,hours=720").await;
    assert_eq!(starts["starts"].as_array().unwrap().len(), 13, "{starts}");
    let (status, problem) = asked.get("/v1/products/server/choices?options=colour=red").await;
    assert_eq!((status, &problem["code"]), (422, &json!("unknown_option")));
}

/// Source: R-PRC-1, R-PRC-3: 100 GB at 0.80; the CPU of a month of 720 hours is 112.128.
#[tokio::test]
async fn a_quote_assumes_what_it_is_told() {
    let (asked, _) = shop().await;
    let item = json!({"product": "server", "options": {"charge": "payg", "region": "guangzhou", "zone": "guangzhou-1",
        "type": "S2.MEDIUM4", "network": "traffic", "bandwidth": 5}});
    let ask = |assume: Value| {
        asked.ask("POST", "/v1/quotes", "shop", Some(json!({"items": [item], "assume": assume})))
    };
    let (_, quote) = ask(json!({"usage": {"traffic_out": 107_374_182_400_i64}})).await;
    let month = &quote["items"][0]["estimate"];
    assert_eq!((&month["hours"], &month["piece"]), (&json!(720), &json!("192.13")), "{quote}");
    assert_eq!(month["left_out"], json!([]));
    let traffic = &quote["items"][0]["unit_prices"][1]["tariff"];
    assert_eq!(
        (&traffic["amount"], &traffic["per"]["quantity"], &traffic["per"]["text"]["zh"]),
        (&json!("0.80"), &json!("1073741824"), &json!("GB"))
    );
    let (_, quote) = ask(json!({"hours": 96})).await;
    assert_eq!(quote["items"][0]["estimate"]["piece"], "30.72");
    let (status, problem) = ask(json!({"usage": {"steam": 1}})).await;
    assert_eq!(
        (status, &problem["code"], &problem["field"]),
        (422, &json!("unknown_usage"), &json!("assume.usage"))
    );
}
