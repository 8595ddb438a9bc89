//! What the API refuses of any request: parameters, filters and cursors that are none, bodies of another shape.

mod by_use;
mod changes;
mod conversions;
mod currencies;
mod edge;
mod keys;
mod limits;
mod locations;
mod money;
mod pages;
mod refunds;
mod renewals;
mod traces;

use super::asked::Asked;
use serde_json::{Value, json};

async fn shop() -> (Asked, String) {
    let asked = Asked::new("2026-06-01T00:00:00Z");
    let account = asked.customer("shop", "1000.00").await;
    (asked, account.to_string())
}

fn server() -> Value {
    json!({"product": "server", "name": "web", "months": 1, "options": {"charge": "prepaid", "region": "guangzhou",
        "zone": "guangzhou-1", "type": "S1.SMALL1", "network": "bandwidth", "bandwidth": 1}})
}

/// The same, where `shop` has a server that was bought on June 15 for a month; its id.
async fn shop_with_a_server() -> (Asked, String) {
    let asked = Asked::new("2026-06-15T00:00:00Z");
    asked.customer("shop", "1000.00").await;
    let id = bought(&asked, server()).await;
    (asked, id)
}

/// Buys something for `shop` on June 15, and gives its id once it is there.
async fn bought(asked: &Asked, item: Value) -> String {
    let body = json!({"pay": true, "items": [item]});
    let (status, bought) = asked.ask("POST", "/v1/orders", "shop", Some(body)).await;
    assert_eq!(status, 201, "{bought}");
    let (status, now) = asked.post("/v1/clock/advance", json!({"to": "2026-06-15T01:00:00Z"})).await;
    assert_eq!(status, 200, "{now}");
    bought["orders"][0]["pieces"][0]["resource"].as_str().unwrap().to_string()
}

fn pack(month: &str) -> Value {
    json!({"product": "container-pack", "name": "p", "month": month, "options": {"spec": "1U1G", "hours": 720}})
}

fn of(answer: &(u16, Value)) -> (u16, &str, &str) {
    (answer.0, answer.1["code"].as_str().unwrap_or(""), answer.1["field"].as_str().unwrap_or(""))
}

#[tokio::test]
async fn a_parameter_that_is_not_declared_is_refused_everywhere() {
    let (asked, _) = shop().await;
    for (path, item) in super::document().paths.paths {
        let operations =
            [("GET", item.get), ("POST", item.post), ("PATCH", item.patch), ("DELETE", item.delete)];
        for (method, operation) in operations {
            if operation.is_none() {
                continue;
            }
            let answer = asked.ask(method, &format!("{path}?foo=1"), &asked.operator, None).await;
            assert_eq!(of(&answer), (400, "malformed_request", "foo"), "{method} {path}");
        }
    }
    assert_eq!(asked.ask("GET", "/v1/wallet", "shop", None).await.0, 200);
    assert_eq!(asked.ask("GET", "/v1/orders?limit=1", "shop", None).await.0, 200);
    let (_, problem) = asked.ask("GET", "/v1/orders?color=red", "shop", None).await;
    let detail = "this operation has no parameter `color`; it takes state, result, product, updated_since, sort, limit, after";
    assert_eq!(problem["detail"], detail);
}

#[tokio::test]
async fn what_is_wrong_with_a_query_names_its_parameter() {
    let (asked, _) = shop().await;
    for (path, field) in [
        ("/v1/orders?limit=0", "limit"),
        ("/v1/orders?state=foo", "state"),
        ("/v1/resources?state=foo", "state"),
        ("/v1/resources?tag=x", "tag"),
        ("/v1/packs?state=foo", "state"),
        ("/v1/wallet/movements?kind=foo", "kind"),
        ("/v1/notices?kind=foo", "kind"),
        ("/v1/bills?kind=foo", "kind"),
        ("/v1/bills?month=July", "month"),
        ("/v1/bills/products", "month"),
        ("/v1/usage?from=yesterday", "from"),
        ("/v1/usage/windows?by=week", "by"),
    ] {
        let answer = asked.ask("GET", path, "shop", None).await;
        assert_eq!(of(&answer), (400, "malformed_request", field), "{path} {}", answer.1);
    }
    for (path, field) in [("/v1/quarantine?reason=foo", "reason"), ("/v1/tasks?state=foo", "state")] {
        assert_eq!(of(&asked.get(path).await), (400, "malformed_request", field), "{path}");
    }
    let answer = asked.ask("GET", "/v1/usage?from=1700-01-01T00:00:00Z", "shop", None).await;
    assert_eq!(of(&answer), (422, "time_invalid", "from"));
    let prices = "/v1/products/server/prices?options=color=red";
    assert_eq!(of(&asked.ask("GET", prices, "shop", None).await), (422, "unknown_option", "options"));
}

/// The words of the document are those that the till has.
#[test]
fn the_document_lists_the_words_of_filters() {
    use web::words::{self, Words};
    fn listed<T: Words>() -> String {
        format!("^({})$", T::all().into_iter().map(T::word).collect::<Vec<_>>().join("|"))
    }
    let document = serde_json::to_value(super::document()).unwrap();
    let pattern = |path: &str, name: &str| {
        let all = document["paths"][path]["get"]["parameters"].as_array().unwrap();
        all.iter().find(|it| it["name"] == name).unwrap()["schema"]["pattern"].as_str().unwrap().to_string()
    };
    assert_eq!(pattern("/v1/orders", "state"), listed::<words::OrderState>());
    assert_eq!(pattern("/v1/resources", "state"), listed::<words::ResourceState>());
    assert_eq!(pattern("/v1/packs", "state"), listed::<words::PackState>());
    assert_eq!(pattern("/v1/bills", "kind"), listed::<words::BillKind>());
    assert_eq!(pattern("/v1/quarantine", "reason"), listed::<words::QuarantineReason>());
    assert_eq!(pattern("/v1/wallet/movements", "kind"), listed::<words::MovementKind>());
    assert_eq!(pattern("/v1/notices", "kind"), listed::<words::NoticeKind>());
    let replayed = &document["components"]["schemas"]["ReplayBody"]["properties"]["reason"]["pattern"];
    assert_eq!(replayed, &json!(listed::<words::QuarantineReason>()));
}

/// What generators of clients stumble over.
#[test]
fn a_write_has_one_kind_of_body_and_a_page_names_its_items() {
    let document = serde_json::to_value(super::document()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let contents = operation["requestBody"]["content"].as_object().into_iter().flatten();
            let kinds: Vec<&String> = contents.map(|it| it.0).collect();
            // A merge patch has the shape of the plain body, and a name of its own.
            let patched = method == "patch" && kinds == ["application/json", "application/merge-patch+json"];
            assert!(kinds.len() <= 1 || patched, "{method} {path} takes {kinds:?}");
        }
    }
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let pages = schemas.iter().filter_map(|it| Some((it.0.strip_prefix("Page_")?, it.1)));
    let mut walked = 0;
    for (item, page) in pages {
        let wanted = json!({"$ref": format!("#/components/schemas/{item}")});
        assert_eq!(page["properties"]["items"]["items"], wanted);
        walked += 1;
    }
    assert!(walked > 20, "only {walked} pages were looked at");
}

/// Every schema that is referred to is there, wherever the reference stands: in a map, a list, one of several.
#[test]
fn no_reference_of_the_document_leads_nowhere() {
    fn walk<'a>(it: &'a Value, found: &mut Vec<&'a str>) {
        match it {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|it| walk(it, found));
            }
            Value::Array(items) => items.iter().for_each(|it| walk(it, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let document = serde_json::to_value(super::document()).unwrap();
    let mut found = Vec::new();
    walk(&document, &mut found);
    assert!(found.len() > 100, "only {} references were looked at", found.len());
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "nothing stands at {reference}");
    }
}

#[tokio::test]
async fn a_cursor_that_is_none_is_refused() {
    let (asked, account) = shop().await;
    asked.customer("other", "1000.00").await;
    let order = json!({"items": [server()]});
    let (status, placed) = asked.ask("POST", "/v1/orders", "other", Some(order.clone())).await;
    assert_eq!(status, 201, "{placed}");
    let of_other = placed["orders"][0]["id"].as_str().unwrap().to_string();
    let (_, own) = asked.ask("POST", "/v1/orders", "shop", Some(order)).await;
    let own = own["orders"][0]["id"].as_str().unwrap().to_string();

    let lists = [
        "/v1/orders",
        "/v1/resources",
        "/v1/packs",
        "/v1/bills",
        "/v1/bills/lines",
        "/v1/bills/resources?month=2026-06",
        "/v1/keys",
        "/v1/projects",
        "/v1/notices",
        "/v1/events",
        "/v1/usage",
        "/v1/products",
        "/v1/regions",
    ];
    for (list, key) in lists.map(|it| (it, "shop")).into_iter().chain(
        [
            "/v1/accounts",
            "/v1/tasks",
            "/v1/price-books",
            "/v1/price-proposals",
            "/v1/settlements/set-aside",
            "/v1/coverage",
            "/v1/quarantine",
        ]
        .map(|it| (it, "operator")),
    ) {
        for after in ["zzz", ""] {
            let sign = if list.contains('?') { '&' } else { '?' };
            let answer = asked.ask("GET", &format!("{list}{sign}after={after}"), key, None).await;
            assert_eq!(of(&answer), (404, "not_found", "after"), "{list} {after} {}", answer.1);
        }
    }
    for after in [of_other, account] {
        let answer = asked.ask("GET", &format!("/v1/orders?after={after}"), "shop", None).await;
        assert_eq!(of(&answer), (404, "not_found", "after"), "{after}");
    }
    let answer = asked.ask("GET", &format!("/v1/orders?after={own}"), "shop", None).await;
    assert_eq!(answer, (200, json!({"items": [], "next": null})));
}

#[tokio::test]
async fn the_field_of_a_purchase_says_which_item() {
    let (asked, _) = shop().await;
    let mut elsewhere = server();
    elsewhere["options"]["region"] = json!("atlantis");
    let mut quoted = server();
    quoted["quoted"] = json!("0.01");
    let mut absurd = server();
    absurd["options"]["bandwidth"] = json!(1.5);
    for (wrong, status, code, field) in [
        (json!([server()]), 400, "malformed_request", "items[1]"),
        (absurd, 400, "malformed_request", "items[1].options.bandwidth"),
        (json!({"product": "castle"}), 422, "unknown_product", "items[1].product"),
        (elsewhere, 422, "option_not_on_sale", "items[1].options.region"),
        (quoted, 409, "price_changed", "items[1].quoted"),
        (pack("2199-12"), 422, "pack_month_invalid", "items[1].month"),
        (pack("July"), 422, "pack_month_invalid", "items[1].month"),
    ] {
        let body = json!({"items": [server(), wrong, wrong]});
        let answer = asked.ask("POST", "/v1/orders", "shop", Some(body.clone())).await;
        assert_eq!(of(&answer), (status, code, field), "{}", answer.1);
        if field.contains("product") || field.contains("options") {
            let answer = asked.ask("POST", "/v1/quotes", "shop", Some(body)).await;
            assert_eq!(of(&answer), (status, code, field), "a quote: {}", answer.1);
        }
    }
    let mut many = server();
    many["quantity"] = json!(10_000);
    let body = json!({"items": [server(), many]});
    let (status, problem) = asked.ask("POST", "/v1/orders", "shop", Some(body)).await;
    assert_eq!((status, &problem["field"]), (422, &json!("items[1].quantity")), "{problem}");
}

/// Posts what is refused with the status of this code, this code, this field and this part of the sentence.
async fn refused(
    asked: &Asked,
    (who, path): (&str, &str),
    body: Value,
    (code, field, part): (&str, &str, &str),
) {
    let answer = asked.ask("POST", path, who, Some(body)).await;
    let placed = web::code::Code::all().find(|it| it.as_str() == code).unwrap();
    assert_eq!(of(&answer), (placed.status().as_u16(), code, field), "{path} {}", answer.1);
    assert_eq!(answer.1["retry"], json!(placed.retry()), "{}", answer.1);
    let detail = answer.1["detail"].as_str().unwrap();
    assert!(detail.contains(part), "{path}: {detail}");
}

#[tokio::test]
async fn refusals_of_money_and_time_name_their_field() {
    let (asked, account) = shop().await;
    let path = format!("/v1/accounts/{account}/top-ups");
    let top_ups = ("operator", path.as_str());
    let again = json!({"amount": "2.00", "reference": "first"});
    refused(&asked, top_ups, again, ("conflict", "reference", "first")).await;
    let nothing = json!({"amount": "0.00", "reference": "two"});
    refused(&asked, top_ups, nothing, ("amount_invalid", "amount", "above zero")).await;
    let large = json!({"amount": "99999999999999999999.00", "reference": "large"});
    refused(&asked, top_ups, large, ("malformed_request", "amount", "at most 9999999999.99")).await;
    let dear = json!({"account": account, "until": "2026-06-20T00:00:00Z", "items": [{"item": server(), "rate": "11"}]});
    refused(&asked, ("operator", "/v1/offers"), dear, ("malformed_request", "items[0].rate", "at most 10"))
        .await;
    let accounts = ("operator", "/v1/accounts");
    let foreign = json!({"name": "x", "currency": "XXX"});
    refused(&asked, accounts, foreign, ("currency_mismatch", "currency", "XXX")).await;
    let other = json!({"name": "shop", "verified": false});
    refused(&asked, accounts, other, ("conflict", "name", "")).await;

    let key = |expires: &str| json!({"name": "k", "scopes": ["read"], "expires": expires});
    let past = ("time_invalid", "expires", "1 January 2000, 08:00 is past already");
    refused(&asked, ("shop", "/v1/keys"), key("2000-01-01T00:00:00Z"), past).await;
    let far = ("time_invalid", "expires", "between 2000 and 2200");
    refused(&asked, ("shop", "/v1/keys"), key("1999-01-01T00:00:00Z"), far).await;
    let back = json!({"to": "2020-01-01T00:00:00Z"});
    refused(&asked, ("operator", "/v1/clock/advance"), back, ("time_invalid", "to", "366 days")).await;
}

#[tokio::test]
async fn refusals_of_webhooks_name_their_field_and_who_is_told() {
    let (asked, _) = shop().await;
    let code = "unknown_event_kind";
    for (who, kinds, field, part) in [
        ("shop", json!(["*", "task.opened"]), "kinds[1]", "the cloud only"),
        ("shop", json!(["quarantine.added"]), "kinds[0]", "the operator only"),
        ("operator", json!(["task.*"]), "kinds[0]", "webhooks with `\"for\": \"cloud\"`"),
        ("operator", json!(["order.*", "cake"]), "kinds[1]", "no event is of the kind `cake`"),
    ] {
        let body = json!({"url": "https://shop.example/till", "kinds": kinds});
        refused(&asked, (who, "/v1/webhooks"), body, (code, field, part)).await;
    }
    let body = json!({"url": "https://shop.example/till", "kinds": ["order.*"], "for": "cloud"});
    refused(&asked, ("operator", "/v1/webhooks"), body, (code, "kinds[0]", "without `for`")).await;
    let body = json!({"url": "https://10.0.0.1/", "kinds": ["*"]});
    refused(&asked, ("shop", "/v1/webhooks"), body, ("address_refused", "url", "")).await;
}

/// A path with ids that can be read, of nothing.
fn filled(path: &str) -> String {
    let prefixes = [
        ("order", "ord"),
        ("resource", "res"),
        ("key", "key"),
        ("webhook", "whk"),
        ("message", "msg"),
        ("task", "tsk"),
        ("project", "prj"),
        ("book", "boo"),
        ("account", "acc"),
        ("budget", "bdg"),
        ("offer", "off"),
        ("request", "srq"),
        ("payment", "pay"),
        ("card", "crd"),
        ("mail", "mal"),
        ("document", "doc"),
        ("voucher", "vou"),
        ("code", "pro"),
    ];
    prefixes.iter().fold(path.to_string(), |path, (name, prefix)| {
        path.replace(&format!("{{{name}}}"), &format!("{prefix}_{:032x}", 1))
    })
}

/// Every body of the API, by the document: an array is never taken for it.
#[tokio::test]
async fn a_list_is_never_taken_for_a_body() {
    let (asked, _) = shop().await;
    let mut walked = 0;
    for (path, item) in super::document().paths.paths {
        let path = filled(&path);
        for (method, operation) in [("POST", item.post), ("PATCH", item.patch), ("DELETE", item.delete)] {
            // Events: a batch of them is a list.
            if operation.is_none() || path.starts_with("/v1/usage") {
                continue;
            }
            for body in [json!([]), json!([[{"product": "eip"}], false]), json!([null, null, null])] {
                let mut answer = asked.ask(method, &path, "shop", Some(body.clone())).await;
                if answer.0 == 403 {
                    answer = asked.ask(method, &path, "operator", Some(body)).await;
                }
                assert_eq!(of(&answer).0, 400, "{method} {path}: {}", answer.1);
                walked += 1;
            }
        }
    }
    assert!(walked > 90, "only {walked} bodies were looked at");
    let answer = asked.post("/v1/accounts", json!({})).await;
    assert_eq!(of(&answer), (400, "malformed_request", "name"));
    assert_eq!(answer.1["detail"], "`name` is missing");
    let (_, problem) = asked.ask("POST", "/v1/orders", "shop", None).await;
    assert_eq!(problem["detail"], "the body is empty; send a JSON object, such as {}");
}

/// Each kind can be tried by whoever may be told of it, and says that it is a test.
#[tokio::test]
async fn every_kind_of_event_can_be_tried() {
    let (asked, account) = shop().await;
    let body = |url: &str| json!({"url": url, "kinds": ["ping"]});
    let (_, own) = asked.ask("POST", "/v1/webhooks", "shop", Some(body("https://shop.example/"))).await;
    let (_, operators) = asked.post("/v1/webhooks", body("https://till.example/")).await;
    let cloud = json!({"url": "https://cloud.example/", "for": "cloud"});
    let (_, clouds) = asked.post("/v1/webhooks", cloud).await;
    let mut tried = 0;
    for kind in billing::event::EventKind::ALL {
        for (who, hook) in [("shop", &own), ("operator", &operators), ("operator", &clouds)] {
            let path = format!("/v1/webhooks/{}/test", hook["id"].as_str().unwrap());
            let wanted = json!({"kind": kind.as_str()});
            let (status, sent) = asked.ask("POST", &path, who, Some(wanted)).await;
            if status != 202 {
                assert_eq!(of(&(status, sent)), (422, "unknown_event_kind", "kind"), "{kind:?} {who}");
                continue;
            }
            tried += 1;
            assert_eq!((&sent["type"], &sent["state"]), (&json!(kind.as_str()), &json!("pending")));
            let event = format!("/v1/events/{}", sent["event"].as_str().unwrap());
            let (_, event) = asked.ask("GET", &event, "operator", None).await;
            assert_eq!((&event["type"], &event["test"]), (&json!(kind.as_str()), &json!(true)), "{event}");
            if who == "shop" {
                assert_eq!(event["data"]["account"], json!(account), "{event}");
            }
        }
    }
    // Customers are told of 25 kinds, operators of 29, the cloud of one; and each may be sent a ping.
    assert_eq!(tried, 25 + 29 + 1 + 3);
}

/// What was made says where it is, the first time and again.
#[tokio::test]
async fn what_was_made_is_found_where_the_answer_says() {
    let (asked, _) = shop().await;
    for (who, path, body) in [
        ("operator", "/v1/accounts", json!({"name": "new"})),
        ("shop", "/v1/keys", json!({"name": "k", "scopes": ["read"]})),
        ("shop", "/v1/projects", json!({"name": "p"})),
        ("shop", "/v1/webhooks", json!({"url": "https://shop.example/till"})),
        ("shop", "/v1/orders", json!({"items": [server()]})),
    ] {
        let mut places = Vec::new();
        for replayed in [None, Some("true")] {
            let token = format!("once{path}");
            let headers = [JSON, ("idempotency-key", token.as_str())];
            let (answer, _) = asked.send(("POST", path, who), &headers, &body.to_string()).await;
            let header = |name: &str| answer.headers().get(name).map(|it| it.to_str().unwrap().to_string());
            assert_eq!(header("idempotency-replayed").as_deref(), replayed, "{path}");
            places.push(header("location").unwrap_or_else(|| panic!("{path} says no place")));
        }
        assert_eq!(places[0], places[1]);
        let (status, found) = asked.ask("GET", &places[0], who, None).await;
        assert_eq!(status, 200, "{} {found}", places[0]);
    }
}

const JSON: (&str, &str) = ("content-type", "application/json");

/// Titles and remedies are told in the language that is asked for; all else is the same.
#[tokio::test]
async fn problems_are_told_in_chinese_too() {
    let (asked, _) = shop().await;
    let body = json!({"items": [{"product": "castle"}]}).to_string();
    let order = ("POST", "/v1/orders", "shop");
    let (english, told) = asked.send(order, &[JSON, ("accept-language", "en, zh;q=0.5")], &body).await;
    assert_eq!((english.status().as_u16(), &told["title"]), (422, &json!("No such product")));
    assert_eq!(english.headers()["content-language"], "en");
    let (chinese, translated) =
        asked.send(order, &[JSON, ("accept-language", "zh-CN,zh;q=0.9")], &body).await;
    assert_eq!(chinese.status().as_u16(), 422);
    assert_eq!(chinese.headers()["content-language"], "zh");
    assert_eq!(chinese.headers()["content-type"], "application/problem+json");
    assert!(chinese.headers().contains_key("x-request-id"));
    assert!(chinese.headers().get_all("vary").iter().any(|it| it == "accept-language"));
    assert_eq!(translated["title"], "没有这个产品");
    for member in ["type", "status", "code", "detail", "field", "retry"] {
        assert_eq!(told[member], translated[member], "{member}");
    }
    // What the framework refuses is told so too.
    let (answer, told) = asked.send(("PUT", "/v1/orders", "shop"), &[("accept-language", "zh")], "").await;
    assert_eq!((answer.status().as_u16(), &told["title"]), (405, &json!("该路径不支持此方法")));
    assert!(answer.headers().contains_key("allow"));
}

/// The same body in another order is the same body; another one is not.
#[tokio::test]
async fn the_order_of_members_does_not_make_another_body() {
    let (asked, _) = shop().await;
    let keyed = [JSON, ("idempotency-key", "one")];
    let send = |body: &'static str| asked.send(("POST", "/v1/webhooks", "shop"), &keyed, body);
    let (first, made) = send(r#"{"url": "https://shop.example/till", "kinds": ["ping"]}"#).await;
    assert_eq!(first.status().as_u16(), 201, "{made}");
    let (again, same) = send(r#"{ "kinds":["ping"],"url":"https:\/\/shop.example\/till" }"#).await;
    assert_eq!((again.status().as_u16(), &same["id"]), (201, &made["id"]));
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    let (other, problem) = send(r#"{"url": "https://shop.example/till", "kinds": ["*"]}"#).await;
    assert_eq!((other.status().as_u16(), &problem["code"]), (422, &json!("idempotency_key_reused")));
}

/// A key has one refusal, whoever finds that it was used: here the answer is not seen yet, as where two requests come at once, and the
/// orders are.
#[tokio::test]
async fn a_key_that_was_used_is_refused_as_one() {
    let (asked, _) = shop().await;
    let keyed = [JSON, ("idempotency-key", "one")];
    let (one, two) =
        (json!({"items": [server()]}).to_string(), json!({"items": [pack("2026-07")]}).to_string());
    let (first, placed) = asked.send(("POST", "/v1/orders", "shop"), &keyed, &one).await;
    assert_eq!(first.status().as_u16(), 201, "{placed}");
    let (before, seen) = asked.send(("POST", "/v1/orders", "shop"), &keyed, &two).await;
    let forgotten = asked.node.store().write(|tx| tx.exec("delete from answers", &[])).unwrap();
    assert!(forgotten > 0);
    let (after, unseen) = asked.send(("POST", "/v1/orders", "shop"), &keyed, &two).await;
    assert_eq!((before.status().as_u16(), &seen["code"]), (422, &json!("idempotency_key_reused")));
    assert_eq!((after.status().as_u16(), &unseen["code"]), (422, &json!("idempotency_key_reused")));
    assert_eq!((&seen["detail"], &seen["field"]), (&unseen["detail"], &unseen["field"]));
}

/// A merge patch changes what it names: tags beside those before, and `null` takes one away.
#[tokio::test]
async fn a_change_may_come_as_a_merge_patch() {
    let (asked, _) = shop().await;
    let order = json!({"items": [server()], "pay": true});
    let (_, placed) = asked.ask("POST", "/v1/orders", "shop", Some(order)).await;
    let resource = placed["orders"][0]["pieces"][0]["resource"].as_str().unwrap().to_string();
    let path = format!("/v1/resources/{resource}");
    let patch = [("content-type", "application/merge-patch+json; charset=utf-8")];
    let change = ("PATCH", path.as_str(), "shop");
    let (_, first) = asked.send(change, &[JSON], r#"{"tags": {"a": "1", "b": "2", "c": null}}"#).await;
    assert_eq!(first["tags"], json!({"a": "1", "b": "2"}), "{first}");
    let (_, merged) = asked.send(change, &patch, r#"{"tags": {"b": null, "c": "3"}}"#).await;
    assert_eq!(merged["tags"], json!({"a": "1", "c": "3"}), "{merged}");
    let many: serde_json::Map<String, Value> = (0..20).map(|it| (it.to_string(), json!("x"))).collect();
    let (full, problem) = asked.send(change, &patch, &json!({ "tags": many }).to_string()).await;
    assert_eq!(
        (full.status().as_u16(), &problem["code"], &problem["field"]),
        (422, &json!("too_many_tags"), &json!("tags"))
    );
    // Only a change is one.
    let (refused, _) = asked.send(("POST", "/v1/projects", "shop"), &patch, r#"{"name": "p"}"#).await;
    assert_eq!(refused.status().as_u16(), 415);
}
