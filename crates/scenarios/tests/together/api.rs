//! The document of the API against the API: complete, kept in the repository, and closed to other accounts.
//!
//! In:  the served document; a customer who has one of each thing, and another who has nothing. Out: 404 for the other.
//! Invariant: an operation that the document gains is walked without a change here, or fails until it can be.

use crate::support::served::{Answer, Customer, Served, eventually};
use crate::support::shop::Cloud;
use crate::support::sink::Sink;
use crate::support::stripe::Gateway;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Where the id of a thing in a path is found: a list of its owner, or a value.
#[derive(Clone, Copy)]
enum Source {
    /// A list that a customer may read; the named field of its first item.
    Own(&'static str, &'static str),
    /// A list that only the operator may read.
    Operator(&'static str, &'static str),
    Given(&'static str),
    /// What the operator makes with the example of this body, at this path; the named field of the answer.
    Made(&'static str, &'static str, &'static str),
}

/// One per name in a path.
const SOURCES: [(&str, Source); 32] = [
    ("order", Source::Own("/v1/orders", "id")),
    ("key", Source::Own("/v1/keys", "id")),
    ("resource", Source::Own("/v1/resources", "id")),
    ("pack", Source::Own("/v1/packs", "id")),
    ("refund", Source::Own("/v1/refunds", "id")),
    ("project", Source::Own("/v1/projects", "id")),
    ("budget", Source::Own("/v1/budgets", "id")),
    ("request", Source::Own("/v1/sales-requests", "id")),
    ("offer", Source::Own("/v1/offers", "id")),
    ("service", Source::Own("/v1/services", "name")),
    ("bill", Source::Own("/v1/bills", "id")),
    ("line", Source::Given("0")),
    ("webhook", Source::Own("/v1/webhooks", "id")),
    ("message", Source::Own("/v1/webhooks/{webhook}/messages", "id")),
    ("event", Source::Own("/v1/events", "id")),
    ("task", Source::Operator("/v1/tasks?state=done", "id")),
    ("account", Source::Operator("/v1/accounts", "id")),
    ("reference", Source::Operator("/v1/accounts/{account}/top-ups", "reference")),
    ("book", Source::Operator("/v1/price-books", "id")),
    ("proposal", Source::Made("/v1/price-proposals", "PriceProposalBody", "id")),
    ("kept", Source::Made("/v1/corrections/price-books", "KeepBody", "book")),
    ("correction", Source::Operator("/v1/corrections", "id")),
    ("card", Source::Own("/v1/cards", "id")),
    ("payment", Source::Own("/v1/card-payments", "id")),
    ("address", Source::Own("/v1/account/mail-addresses", "mail")),
    ("mail", Source::Operator("/v1/mails", "id")),
    ("entry", Source::Operator("/v1/bank-entries", "id")),
    ("document", Source::Own("/v1/documents", "id")),
    ("voucher", Source::Own("/v1/vouchers", "id")),
    ("code", Source::Operator("/v1/promotion-codes", "id")),
    ("price", Source::Operator("/v1/accounts/{account}/contract-prices", "id")),
    ("product", Source::Given("server")),
];

/// What is everybody's: anyone with a key may read it.
const PUBLIC: [&str; 1] = ["product"];

struct Operation {
    method: &'static str,
    path: String,
    says: Value,
}

impl Operation {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn names_in_path(&self) -> Vec<String> {
        self.path.split('{').skip(1).map(|it| it.split('}').next().unwrap().to_string()).collect()
    }

    fn takes(&self, header: &str) -> bool {
        self.says["parameters"].as_array().into_iter().flatten().any(|it| it["name"] == header)
    }

    fn is_open(&self) -> bool {
        self.says["security"] == json!([])
    }
}

fn operations(document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS {
            if let Some(says) = item.get(method) {
                found.push(Operation { method, path: path.clone(), says: says.clone() });
            }
        }
    }
    assert!(found.len() > 20, "only {} operations", found.len());
    found
}

/// A body that the document gives as an example, with its content type.
fn example(document: &Value, operation: &Operation) -> Option<(String, Value)> {
    let content = operation.says["requestBody"]["content"].as_object()?;
    let (media, says) = content.iter().next()?;
    let name = says["schema"]["$ref"].as_str()?.strip_prefix("#/components/schemas/")?;
    let schema = &document["components"]["schemas"][name];
    let example = schema.get("example").or_else(|| schema["examples"].get(0))?;
    Some((media.clone(), example.clone()))
}

/// A till on a test clock that takes cards and writes mails, and its gateway; its mail server is away.
fn on_a_test_clock() -> (Served, Gateway) {
    let gateway = Gateway::start();
    let arguments = [gateway.arguments(), Sink::away(&[]).arguments()].concat();
    let outside: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let clock = ["--test-clock", "2026-06-01T00:00:00Z"];
    let rest = ["--cloud", "external", "--allow-private-webhooks"];
    (Served::start(&[&clock[..], &rest[..], &outside[..]].concat()), gateway)
}

fn call(
    served: &Served,
    document: &Value,
    operation: &Operation,
    path: &str,
    key: &str,
    more: &[&str],
) -> Answer {
    let body = example(document, operation);
    let typed = body.as_ref().map(|it| format!("content-type: {}", it.0));
    let headers: Vec<&str> = typed.as_deref().into_iter().chain(more.iter().copied()).collect();
    let bytes = body.map_or_else(String::new, |it| it.1.to_string());
    served.call(&operation.method.to_ascii_uppercase(), path, key, &headers, bytes.as_bytes())
}

/// A customer who has one of each thing that a path of the document can name.
fn owner(served: &Served, gateway: &Gateway) -> Customer {
    let shop = crate::support::shop::open(served, Cloud::External);
    let token = gateway.card("4242424242424242");
    let card = served.post(&shop.key, "/v1/cards", &json!({ "token": token })).good();
    let paid = json!({ "card": card["id"], "amount": "10.00", "currency": "CNY" });
    served.post(&shop.key, "/v1/card-top-ups", &paid).good();
    let address = json!({ "mail": "finance@shop.example", "topics": ["finance", "technical"] });
    served.post(&shop.key, "/v1/account/mail-addresses", &address).good();
    let month = json!({ "product": "container-pack", "options": { "spec": "1U1G", "hours": "720" } });
    served.post(&shop.key, "/v1/orders", &json!({ "items": [month], "pay": true })).good();
    // Two hours and a half: the first of them is billed.
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-01T02:30:00Z" })).good();
    let bills = served.get(&shop.key, "/v1/bills").good();
    let paid = bills["items"].as_array().unwrap().iter().find(|it| it["total"] != "0.00").unwrap();
    let credit = json!({ "id": "ticket-1", "kind": "credit", "reason": "a test", "bill": paid["id"], "amount": "0.01" });
    served.post(&served.operator, "/v1/corrections", &credit).good();
    served.post(&served.operator, "/v1/bank-statements", &entry(served, &shop)).good();
    let voucher = json!({ "account": shop.account, "name": "spring", "amount": "1.00", "until": "2026-07-01T00:00:00Z" });
    served.post(&served.operator, "/v1/vouchers", &voucher).good();
    let agreed = json!({ "id": "c-17", "product": "container", "component": "compute", "amount": "0.15", "reason": "a test" });
    let prices = format!("/v1/accounts/{}/contract-prices", shop.account);
    served.post(&served.operator, &prices, &agreed).good();
    let code = json!({ "code": "SPRING-26", "name": "spring", "amount": "1.00", "times": 2, "until": "2026-07-01T00:00:00Z",
        "voucher_days": 30 });
    served.post(&served.operator, "/v1/promotion-codes", &code).good();
    invoiced(served, &shop);
    given_back(served, &shop);
    let mails = || served.get(&served.operator, "/v1/mails").good()["items"].as_array().unwrap().len();
    eventually("a mail about the pack", || (mails() > 0).then_some(()));
    shop
}

/// A pack for the next month that the shop bought and gave back.
fn given_back(served: &Served, shop: &Customer) {
    let more = json!({ "amount": "100.00", "reference": "for a pack" });
    served.post(&served.operator, &format!("/v1/accounts/{}/top-ups", shop.account), &more).good();
    let options = json!({ "spec": "1U1G", "hours": "720" });
    let ahead = json!({ "product": "container-pack", "options": options, "month": "2026-07" });
    served.post(&shop.key, "/v1/orders", &json!({ "items": [ahead], "pay": true })).good();
    let packs = served.get(&shop.key, "/v1/packs").good();
    let all = packs["items"].as_array().unwrap();
    let ahead = all.iter().find(|it| it["state"] == "scheduled").unwrap();
    served.post(&shop.key, "/v1/refunds", &json!({ "pack": ahead["id"] })).good();
}

/// A statement with a transfer of the shop's.
fn entry(served: &Served, shop: &Customer) -> Value {
    let reference = served.get(&shop.key, "/v1/bank-reference").good()["reference"].clone();
    let line = format!("N1,2026-06-01,250.00,CNY,Acme,{},250.00", reference.as_str().unwrap());
    json!({ "statement": format!("id,date,amount,currency,payer,text,balance\n{line}\n") })
}

/// An invoice of what the shop paid.
fn invoiced(served: &Served, shop: &Customer) {
    let text = std::fs::read_to_string(crate::support::root().join("examples/seller.toml")).unwrap();
    let put = |key: &str, path: &str, body: &Value| {
        let headers = ["content-type: application/json"];
        served.call("PUT", path, key, &headers, body.to_string().as_bytes()).good();
    };
    put(&served.operator, "/v1/sellers", &json!({ "text": text }));
    let details = json!({ "name": "北京示例科技有限公司", "tax_number": "91110000DEMO000002", "country": "CN",
        "city": "北京", "street": "示例街 8 号", "language": "zh" });
    put(&shop.key, "/v1/billing-details", &details);
    served.made(&shop.key, "/v1/documents/invoices", &json!({}));
}

/// The ids of what `shop` has, by their names in paths.
fn ids(served: &Served, document: &Value, shop: &Customer) -> BTreeMap<&'static str, String> {
    let mut found = BTreeMap::new();
    for (name, source) in SOURCES {
        let named = |it: &str| it.contains(&format!("{{{name}}}"));
        if !document["paths"].as_object().unwrap().keys().any(|it| named(it)) {
            continue;
        }
        let first = |key: &str, list: &str, field: &str| {
            let list = filled(list, &found);
            let answer = served.get(key, &list).good();
            let value = &answer["items"][0][field];
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
            assert_ne!(text, "null", "{list} of the owner has no {field}: {answer}");
            text
        };
        let id = match source {
            Source::Own(list, field) => first(&shop.key, list, field),
            Source::Operator(list, field) => first(&served.operator, list, field),
            Source::Given(value) => value.to_string(),
            Source::Made(path, body, field) => {
                let made =
                    served.post(&served.operator, path, &document["components"]["schemas"][body]["example"]);
                made.good()[field].as_str().unwrap().to_string()
            }
        };
        found.insert(name, id);
    }
    found
}

fn filled(path: &str, ids: &BTreeMap<&'static str, String>) -> String {
    let put = |path: String, (name, id): (&&str, &String)| {
        path.replace(&format!("{{{name}}}"), &id.replace(' ', "%20"))
    };
    ids.iter().fold(path.to_string(), put)
}

#[test]
fn another_account_finds_nothing() {
    let (served, gateway) = on_a_test_clock();
    let document = served.get("", "/openapi.json").good();
    let shop = owner(&served, &gateway);
    let ids = ids(&served, &document, &shop);
    let other = served.customer("other", "100.00");
    let named = format!("till-account: {}", shop.account);
    for operation in operations(&document) {
        let path = filled(&operation.path, &ids);
        assert!(!path.contains('{'), "{}: SOURCES does not say where its ids come from", operation.name());
        let names = operation.names_in_path();
        if names.iter().any(|it| !PUBLIC.contains(&it.as_str())) {
            let answer = call(&served, &document, &operation, &path, &other.key, &[]);
            let closed = matches!(answer.status, 404 | 403);
            assert!(closed, "{} of another account: {} {}", operation.name(), answer.status, answer.text());
            if answer.status == 403 {
                assert_eq!(answer.json()["code"], "scope_missing", "{}", operation.name());
            }
        }
        if operation.takes("Till-Account") {
            let answer = call(&served, &document, &operation, &path, &other.key, &[&named]);
            assert_eq!(answer.status, 404, "{} for another account: {}", operation.name(), answer.text());
        }
        if operation.method == "get" && names.is_empty() && !operation.is_open() {
            let text = call(&served, &document, &operation, &path, &other.key, &[]).text();
            for id in [&shop.account]
                .into_iter()
                .chain(ids.iter().filter(|it| !PUBLIC.contains(it.0)).map(|it| it.1))
            {
                let leaks = id.contains('_') && text.contains(id.as_str());
                assert!(!leaks, "{} shows {id} of another account: {text}", operation.name());
            }
        }
    }
}

/// That the walk above means something: the owner does find each of these things.
#[test]
fn the_owner_finds_everything() {
    let (served, gateway) = on_a_test_clock();
    let document = served.get("", "/openapi.json").good();
    let shop = owner(&served, &gateway);
    let ids = ids(&served, &document, &shop);
    let named = format!("till-account: {}", shop.account);
    for operation in operations(&document).iter().filter(|it| it.method == "get" && !it.is_open()) {
        let path = filled(&operation.path, &ids);
        let answer = call(&served, &document, operation, &path, &served.operator, &[&named]);
        let asks_for_more =
            answer.status == 400 && operation.says["parameters"].to_string().contains("\"required\":true");
        let found = answer.status == 200 || asks_for_more;
        assert!(found, "{} of the owner: {} {}", operation.name(), answer.status, answer.text());
    }
}

#[test]
fn every_operation_is_described() {
    let served = Served::start(&["--rate-limit", "0"]);
    let document = served.get("", "/openapi.json").good();
    let mut seen = Map::new();
    for operation in operations(&document) {
        let (name, says) = (operation.name(), &operation.says);
        let id = says["operationId"].as_str().unwrap_or_else(|| panic!("{name} has no operationId"));
        assert!(seen.insert(id.to_string(), json!(name)).is_none(), "two operations are called {id}");
        assert!(says["summary"].as_str().is_some_and(|it| it.len() > 5), "{name} has no summary");
        assert!(says["tags"][0].is_string(), "{name} has no tag");
        assert!(says["security"].is_array(), "{name} does not say who may call it");
        if !says["requestBody"].is_null() {
            assert!(
                example(&document, &operation).is_some(),
                "the body of {name} is no named schema with an example"
            );
        }
        for (status, response) in says["responses"].as_object().unwrap() {
            assert!(response["description"].as_str().is_some_and(|it| !it.is_empty()), "{name} {status}");
            for (media, content) in response["content"].as_object().into_iter().flatten() {
                assert!(content["schema"]["$ref"].is_string(), "{name} {status} {media} is no named schema");
            }
        }
    }
}

#[test]
fn the_document_in_the_repository_is_the_one_that_is_served() {
    let served = Served::start(&["--rate-limit", "0"]);
    let text = served.get("", "/openapi.json").text();
    let kept = crate::support::root().join("docs/openapi.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&kept, &text).unwrap();
    }
    let stored = std::fs::read_to_string(&kept).unwrap_or_default();
    assert!(
        stored == text,
        "docs/openapi.json is not what is served: run this test once with UPDATE_GOLDEN=1"
    );
}
