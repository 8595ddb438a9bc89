//! What the document shows as examples is what the till does: each body is sent, each answer is compared.
//!
//! In:  the served document; a till on a test clock with the demo book and a cloud that waits for answers.
//! Out: every example body of an operation is taken, and answers say what their examples say, but for ids and secrets.
//! Invariant: a body that the document gains is sent here, or the last test says that it is not.

use crate::support::served::{Answer, Served};
use crate::support::stripe::Gateway;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const NOW: &str = "2026-06-01T00:00:00Z";

struct Till {
    served: Served,
    gateway: Gateway,
    document: Value,
    /// Schemas whose examples were sent.
    sent: BTreeSet<String>,
}

impl Till {
    fn start() -> Till {
        let gateway = Gateway::start();
        let cards = gateway.arguments();
        let cards: Vec<&str> = cards.iter().map(String::as_str).collect();
        let rest = ["--test-clock", NOW, "--cloud", "external"];
        let served = Served::start(&[&rest[..], &cards[..]].concat());
        let document = served.get("", "/openapi.json").good();
        Till { served, gateway, document, sent: BTreeSet::new() }
    }

    fn example(&self, schema: &str) -> Value {
        let schema = &self.document["components"]["schemas"][schema];
        let found = schema.get("example").or_else(|| schema["examples"].get(0));
        found.unwrap_or_else(|| panic!("no example in {schema}")).clone()
    }

    /// Sends the example of `schema`, changed by `edit` where it names what this till calls otherwise.
    #[track_caller]
    fn send(
        &mut self,
        key: &str,
        (method, path): (&str, &str),
        (schema, headers): (&str, &[&str]),
        edit: impl Fn(&mut Value),
    ) -> Value {
        let mut body = self.example(schema);
        edit(&mut body);
        self.sent.insert(schema.to_string());
        let media = match schema {
            "UsageEvent" => "content-type: application/cloudevents+json",
            "UsageBatch" => "content-type: application/cloudevents-batch+json",
            patch if patch.ends_with("MergePatch") => "content-type: application/merge-patch+json",
            _ => "content-type: application/json",
        };
        let headers: Vec<&str> = [media].into_iter().chain(headers.iter().copied()).collect();
        let answer: Answer = self.served.call(method, path, key, &headers, body.to_string().as_bytes());
        assert!(answer.status < 300, "the example of {schema}: {} {}", answer.status, answer.text());
        answer.json()
    }

    /// Sends an example as it is, and compares the answer with the example of `view`.
    #[track_caller]
    fn same(&mut self, key: &str, path: &str, (schema, headers): (&str, &[&str]), view: &str) -> Value {
        let answer = self.send(key, ("POST", path), (schema, headers), |_| ());
        assert_eq!(plain(&answer), plain(&self.shown(view)), "{path}: the example of {view} is not true");
        answer
    }

    /// The example of a view; one that is put together has its own fields beside those of another view.
    fn shown(&self, view: &str) -> Value {
        let says = &self.document["components"]["schemas"][view];
        let Some(parts) = says["allOf"].as_array() else { return self.example(view) };
        let mut all = serde_json::Map::new();
        for part in parts {
            if let Some(name) = part["$ref"].as_str() {
                let whole = self.example(name.rsplit('/').next().unwrap());
                all.extend(whole.as_object().unwrap().clone());
            }
            for (name, says) in part["properties"].as_object().into_iter().flatten() {
                all.insert(name.clone(), says["example"].clone());
            }
        }
        Value::Object(all)
    }
}

/// Without what is another each time: ids become their prefix, secrets a word.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(all) => all.iter().map(plain).collect(),
        Value::Object(all) => all.iter().map(|(name, it)| (name.clone(), plain(it))).collect(),
        Value::String(text) => {
            let id = text.split_once('_').filter(|it| it.1.len() == 32 && it.0.len() == 3);
            let secret = text.starts_with("till_live_") || text.starts_with("whsec_");
            json!(id.map_or(if secret { "secret" } else { text }, |it| it.0))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

#[test]
fn the_examples_are_true() {
    let mut till = Till::start();
    let operator = till.served.operator.clone();
    let account = till.same(&operator, "/v1/accounts", ("AccountBody", &[]), "AccountView");
    let account = account["id"].as_str().unwrap().to_string();
    let own = format!("till-account: {account}");
    for change in ["AccountChange", "AccountChangeMergePatch"] {
        till.send(&operator, ("PATCH", &format!("/v1/accounts/{account}")), (change, &[]), |it| {
            it["contract_rate"] = json!("1");
        });
    }
    let top_ups = format!("/v1/accounts/{account}/top-ups");
    till.same(&operator, &top_ups, ("TopUpBody", &[]), "WalletView");
    let key = till.same(&operator, "/v1/keys", ("KeyBody", &[&own]), "NewKeyView");
    let (own_id, key) = (key["id"].clone(), key["secret"].as_str().unwrap().to_string());

    for change in ["OwnAccountChange", "OwnAccountChangeMergePatch"] {
        till.send(&key, ("PATCH", "/v1/account"), (change, &[]), |_| ());
    }

    till.same(&key, "/v1/quotes", ("QuoteBody", &[]), "QuotesView");
    allowed(&mut till, &key);
    let first = &["idempotency-key: first"];
    let bought = till.same(&key, "/v1/orders", ("OrdersBody", first), "PurchaseView");
    let order = bought["orders"][0]["id"].as_str().unwrap();
    let shown = till.served.get(&key, &format!("/v1/orders/{order}")).good();
    assert_eq!(plain(&shown), plain(&till.example("OrderView")));

    let project = till.same(&key, "/v1/projects", ("ProjectBody", &[]), "ProjectView");
    let project = format!("/v1/projects/{}", project["id"].as_str().unwrap());
    till.send(&key, ("PATCH", &project), ("ProjectMergePatch", &[]), |_| ());
    let tags = till.send(&key, ("PUT", "/v1/cost-tags"), ("CostTagsBody", &[]), |_| ());
    assert_eq!(tags, till.example("CostTagsView"));
    let budget = till.same(&key, "/v1/budgets", ("BudgetBody", &[]), "BudgetView");
    let budget = format!("/v1/budgets/{}", budget["id"].as_str().unwrap());
    till.send(&key, ("PATCH", &budget), ("BudgetChangeBody", &[]), |_| ());
    till.send(&key, ("PATCH", &budget), ("BudgetChangeMergePatch", &[]), |_| ());
    sales(&mut till, &account, &key);
    let hook = till.same(&key, "/v1/webhooks", ("WebhookBody", &[]), "NewWebhookView");
    let hook = format!("/v1/webhooks/{}", hook["id"].as_str().unwrap());
    till.send(&key, ("POST", &format!("{hook}/test")), ("WebhookTestBody", &[]), |_| ());
    till.send(&key, ("PATCH", &hook), ("WebhookChangeBody", &[]), |_| ());
    till.send(&key, ("PATCH", &hook), ("WebhookChangeMergePatch", &[]), |_| ());
    till.send(&key, ("POST", &format!("{hook}/rotate-secret")), ("RotateWebhookBody", &[]), |_| ());
    let rotate = format!("/v1/keys/{}/rotate", own_id.as_str().unwrap());
    till.send(&key, ("POST", &rotate), ("RotateKeyBody", &[]), |_| ());
    till.same(&operator, "/v1/price-books/check", ("CheckBody", &[]), "CheckView");
    till.send(&operator, ("POST", "/v1/price-books/diff"), ("DiffBody", &[]), |_| ());
    till.send(&operator, ("POST", "/v1/price-books/impact"), ("ImpactBody", &[]), |_| ());
    proposals(&mut till, &operator);
    terms(&mut till, &account, &operator);
    catalogue(&till, &key);
    resources(&mut till, &account, &key);
    renewals(&mut till, &key, &bought["orders"][0]);
    changes(&mut till, &key, &bought["orders"][0]);
    refunds(&mut till, &account, &key);
    conversions(&mut till, &key);
    by_use(&mut till, &key);
    vouchers(&mut till, &account, &key);
    mails(&mut till, &key);
    cards(&mut till, &key);
    bank(&mut till, &account);
    the_rest(&mut till, &account, &key);
    documents(&mut till, &account);
    everything_was_sent(&till);
}

/// What is agreed with an account: a credit line and a commitment, of nothing.
fn terms(till: &mut Till, account: &str, operator: &str) {
    let credit = format!("/v1/accounts/{account}/credit");
    let agreed = till.send(operator, ("PUT", &credit), ("CreditBody", &[]), |it| it["limit"] = json!("0.00"));
    assert_eq!(agreed["day"], till.example("CreditView")["day"]);
    let path = format!("/v1/accounts/{account}/commitment");
    let agreed =
        till.send(operator, ("PUT", &path), ("CommitmentBody", &[]), |it| it["amount"] = json!("0.00"));
    let (made, shown) = (&agreed["terms"][0], &till.example("CommitmentView")["terms"][0]);
    assert_eq!((&made["reason"], &made["until"]), (&shown["reason"], &shown["until"]));
}

/// A request, an offer, and what becomes of them.
fn sales(till: &mut Till, account: &str, key: &str) {
    let operator = till.served.operator.clone();
    let asked = till.same(key, "/v1/sales-requests", ("SalesRequestBody", &[]), "SalesRequestView");
    let asked = format!("/v1/sales-requests/{}/decline", asked["id"].as_str().unwrap());
    till.send(&operator, ("POST", &asked), ("ReasonBody", &[]), |_| ());
    let whose = |it: &mut Value| it["account"] = json!(account);
    let offer = till.send(&operator, ("POST", "/v1/offers"), ("SalesOfferBody", &[]), whose);
    assert_eq!(
        plain(&offer),
        plain(&till.example("SalesOfferView")),
        "the example of SalesOfferView is not true"
    );
    let accept = format!("/v1/offers/{}/accept", offer["id"].as_str().unwrap());
    till.send(key, ("POST", &accept), ("AcceptBody", &[]), |it| it["pay"] = json!(false));
}

/// What may start costs nothing ahead: containers are billed by the month, and nothing is frozen for them.
fn allowed(till: &mut Till, key: &str) {
    let answer = till.send(key, ("POST", "/v1/authorize"), ("AuthorizeBody", &[]), |_| ());
    let shown = till.example("AuthorizeView");
    for field in ["allowed", "code", "reason", "currency", "total", "freeze", "packs", "purchase"] {
        assert_eq!(answer[field], shown[field], "{field}: {answer}");
    }
}

fn catalogue(till: &Till, key: &str) {
    let found = |path: &str, view: &str| {
        let shown = till.example(view);
        let (key_of, id) = if view == "PriceView" { ("key", &shown["key"]) } else { ("id", &shown["id"]) };
        let answer = till.served.get(key, path).good();
        let all = answer["items"].as_array().unwrap();
        let one = all.iter().find(|it| it[key_of] == *id);
        let one = one.unwrap_or_else(|| panic!("{path} has no {id}"));
        (one.clone(), shown)
    };
    for (path, view) in [("/v1/products/server/prices?limit=200", "PriceView"), ("/v1/regions", "RegionView")]
    {
        let (is, shown) = found(path, view);
        assert_eq!(is, shown, "{path}");
    }
    let (is, shown) = found("/v1/products?limit=200", "ProductView");
    assert_eq!((&is["name"], &is["sold"]), (&shown["name"], &shown["sold"]));
    assert_eq!(is["components"][0], shown["components"][0]);
    let product = till.served.get(key, "/v1/products/eip").good();
    assert_eq!(product, till.example("WholeProductView"));
}

/// Resources, and the tasks of the cloud behind them.
fn resources(till: &mut Till, account: &str, key: &str) {
    let operator = till.served.operator.clone();
    let more = json!({ "amount": "5000.00", "reference": "more" });
    till.served.post(&operator, &format!("/v1/accounts/{account}/top-ups"), &more).good();
    let server = till.example("ResourceView");
    let wanted = json!({ "product": "server", "name": "web", "options": server["options"] });
    let bought: Vec<String> = (0..3)
        .map(|_| {
            let order =
                till.served.post(key, "/v1/orders", &json!({ "pay": true, "items": [wanted] })).good();
            order["orders"][0]["pieces"][0]["resource"].as_str().unwrap().to_string()
        })
        .collect();
    let tasks = till.served.get(&operator, "/v1/tasks").good();
    // What was made at the same instant stands in no particular order.
    let path = |task: &str, step: &str| format!("/v1/tasks/{task}/{step}");
    let of = |resource: &str, step: &str| {
        let mut all = tasks["items"].as_array().unwrap().iter();
        path(all.find(|it| it["resource"] == resource).unwrap()["id"].as_str().unwrap(), step)
    };
    till.send(&operator, ("POST", &of(&bought[0], "done")), ("DoneBody", &[]), |_| ());
    till.send(&operator, ("POST", &of(&bought[1], "failed")), ("FailedBody", &[]), |_| ());
    till.send(&operator, ("POST", &of(&bought[2], "give-up")), ("GiveUpBody", &[]), |_| ());

    let id = bought[0].clone();
    let resource = format!("/v1/resources/{id}");
    for labels in ["LabelsBody", "LabelsMergePatch"] {
        let changed = till.send(key, ("PATCH", &resource), (labels, &[]), |_| ());
        assert_eq!(changed["tags"], server["tags"]);
    }
    let several = till.send(key, ("POST", "/v1/resource-actions"), ("ActionsBody", &[]), |it| {
        it["resources"] = json!([id]);
    });
    assert_eq!(several["results"][0]["done"], true, "{several}");
    till.send(key, ("POST", &format!("{resource}/stop")), ("StopBody", &[]), |_| ());
    till.served.post(key, &format!("{resource}/start"), &json!({})).good();
    let tasks = till.served.get(&operator, "/v1/tasks").good();
    for task in tasks["items"].as_array().unwrap().iter().filter(|it| it["resource"] == id.as_str()) {
        let done = path(task["id"].as_str().unwrap(), "done");
        till.served.post(&operator, &done, &json!({})).good();
    }
    let resized = till.send(key, ("POST", &format!("{resource}/resize")), ("ResizeBody", &[]), |_| ());
    assert_eq!(resized["options"]["type"], till.example("ResizeBody")["options"]["type"]);
}

/// The resource of an order, which the cloud delivers.
fn delivered(till: &Till, order: &Value) -> Value {
    let operator = till.served.operator.clone();
    let id = order["pieces"][0]["resource"].clone();
    let tasks = till.served.get(&operator, "/v1/tasks").good();
    for task in tasks["items"].as_array().unwrap().iter().filter(|it| it["resource"] == id) {
        let done = format!("/v1/tasks/{}/done", task["id"].as_str().unwrap());
        till.served.post(&operator, &done, &json!({})).good();
    }
    id
}

/// What the first order bought, once it is there: what another month costs, and the same ordered.
fn renewals(till: &mut Till, key: &str, order: &Value) {
    let id = delivered(till, order);
    let named = |it: &mut Value| it["items"][0]["resource"] = id.clone();
    let quoted = till.send(key, ("POST", "/v1/renewals/quote"), ("RenewalQuoteBody", &[]), named);
    let shown = till.example("RenewalQuotesView");
    assert_eq!((&quoted["total"], &quoted["currency"]), (&shown["total"], &shown["currency"]));
    assert_eq!(plain(&quoted["items"][0]["name"]), plain(&shown["items"][0]["name"]));
    let renewed = till.send(key, ("POST", "/v1/renewals"), ("RenewalsBody", &[]), named);
    assert_eq!(renewed["total"], quoted["total"], "a renewal costs what was quoted: {renewed}");
    assert_eq!(
        (&renewed["orders"][0]["action"], &renewed["orders"][0]["state"]),
        (&json!("renew"), &json!("delivered"))
    );
    let path = format!("/v1/resources/{}/renewal", id.as_str().unwrap());
    let chosen = till.send(key, ("PUT", &path), ("RenewalChoiceBody", &[]), |_| ());
    assert_eq!((&chosen["renewal"], &chosen["deadline"]), (&json!("auto"), &quoted["items"][0]["to"]));
    let day = till.send(key, ("PUT", "/v1/account/expiry-day"), ("ExpiryDayBody", &[]), |_| ());
    assert_eq!(day, till.example("ExpiryDayView"));
    let none = till.served.call(
        "PUT",
        "/v1/account/expiry-day",
        key,
        &["content-type: application/json"],
        br#"{"day": null}"#,
    );
    assert_eq!(none.good()["day"], json!(null));
}

/// Another one bought and given back: what was quoted for it.
fn refunds(till: &mut Till, account: &str, key: &str) {
    let money = json!({ "amount": "5000.00", "reference": "for another one" });
    let operator = till.served.operator.clone();
    till.served.post(&operator, &format!("/v1/accounts/{account}/top-ups"), &money).good();
    let another = json!({ "items": till.example("OrdersBody")["items"], "pay": true });
    let bought = till.served.post(key, "/v1/orders", &another).good();
    let id = delivered(till, &bought["orders"][0]);
    let named = |it: &mut Value| it["resource"] = id.clone();
    let quoted = till.send(key, ("POST", "/v1/refunds/quote"), ("RefundQuoteBody", &[]), named);
    assert_eq!(quoted["way"], "whole", "{quoted}");
    let made = till.send(key, ("POST", "/v1/refunds"), ("RefundBody", &[]), |it| {
        (it["resource"], it["at_least"]) = (id.clone(), quoted["total"].clone());
    });
    assert_eq!((&made["total"], &made["back"]), (&quoted["total"], &quoted["back"]));
}

/// The same, with another Mbps for the time that is left.
fn changes(till: &mut Till, key: &str, order: &Value) {
    let id = order["pieces"][0]["resource"].clone();
    let named = |it: &mut Value| it["resource"] = id.clone();
    let quoted = till.send(key, ("POST", "/v1/changes/quote"), ("ChangeQuoteBody", &[]), named);
    let shown = till.example("ChangeQuoteView");
    assert_eq!((&quoted["way"], &quoted["currency"]), (&shown["way"], &shown["currency"]));
    let total = quoted["fee"]["total"].clone();
    let changed = till.send(key, ("POST", "/v1/changes"), ("ChangeBody", &[]), |it| {
        (it["resource"], it["quoted"]) = (id.clone(), total.clone());
    });
    assert_eq!((&changed["order"]["total"], &changed["order"]["state"]), (&total, &json!("delivered")));
    assert_eq!(changed["resource"]["options"]["bandwidth"], quoted["options"]["bandwidth"]);
}

/// A server that is paid by use, and paid ahead then.
fn conversions(till: &mut Till, key: &str) {
    let options =
        json!({"charge": "payg", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1"});
    let order = json!({"pay": true, "items": [{"product": "server", "options": options}]});
    let bought = till.served.post(key, "/v1/orders", &order).good();
    let id = delivered(till, &bought["orders"][0]);
    let named = |it: &mut Value| it["resource"] = id.clone();
    let quoted = till.send(key, ("POST", "/v1/conversions/quote"), ("ConversionQuoteBody", &[]), named);
    let shown = till.example("ConversionQuoteView");
    assert_eq!((&quoted["total"], &quoted["frees"]), (&shown["total"], &shown["frees"]));
    let made = till.send(key, ("POST", "/v1/conversions"), ("ConversionBody", &[]), named);
    assert_eq!((&made["order"]["total"], &made["order"]["action"]), (&quoted["total"], &json!("convert")));
}

/// A price change that is proposed, and computed once more.
fn proposals(till: &mut Till, operator: &str) {
    let path = "/v1/price-proposals";
    let made = till.send(operator, ("POST", path), ("PriceProposalBody", &[]), |_| ());
    let shown = till.example("PriceProposalView");
    for field in ["id", "state", "stale", "name", "currency", "from", "reason", "limit_percent"] {
        assert_eq!(made[field], shown[field], "{field}: {made}");
    }
    let path = format!("{path}/{}/compute", made["id"].as_str().unwrap());
    till.send(operator, ("POST", &path), ("ProposalComputeBody", &[]), |_| ());
}

/// A disk that is prepaid, and paid by use then.
fn by_use(till: &mut Till, key: &str) {
    let options = json!({"charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "premium", "size": 100});
    let order = json!({"pay": true, "items": [{"product": "disk", "options": options, "months": 1}]});
    let bought = till.served.post(key, "/v1/orders", &order).good();
    let id = delivered(till, &bought["orders"][0]);
    let named = |it: &mut Value| it["resource"] = id.clone();
    let quoted = till.send(key, ("POST", "/v1/conversions/by-use/quote"), ("ByUseQuoteBody", &[]), named);
    assert_eq!(quoted["options"]["charge"], till.example("ByUseQuoteView")["options"]["charge"]);
    let made = till.send(key, ("POST", "/v1/conversions/by-use"), ("ByUseBody", &[]), named);
    let is = (&made["resource"]["charge"], &made["refund"]["way"]);
    assert_eq!(is, (&json!("pay_per_use"), &json!("converted")));
}

/// A voucher and a code of the operator, and an order that waits for its payment.
fn vouchers(till: &mut Till, account: &str, key: &str) {
    let operator = till.served.operator.clone();
    let given = till.send(&operator, ("POST", "/v1/vouchers"), ("VoucherBody", &[]), |it| {
        it["account"] = json!(account);
    });
    let shown = till.example("VoucherView");
    assert_eq!((&given["name"], &given["face"]), (&shown["name"], &shown["face"]));
    let prices = format!("/v1/accounts/{account}/contract-prices");
    let agreed = till.send(&operator, ("POST", &prices), ("ContractPriceBody", &[]), |_| ());
    let shown = till.example("ContractPriceView");
    assert_eq!(
        (&agreed["id"], &agreed["amount"], &agreed["when"]),
        (&shown["id"], &shown["amount"], &shown["when"])
    );
    let path = format!("{prices}/{}/end", agreed["id"].as_str().unwrap());
    till.send(&operator, ("POST", &path), ("ContractEndBody", &[]), |_| ());
    let code = till.send(&operator, ("POST", "/v1/promotion-codes"), ("PromotionCodeBody", &[]), |_| ());
    assert_eq!(code["code"], till.example("PromotionCodeView")["code"]);
    let redeemed = till.send(key, ("POST", "/v1/vouchers/redeem"), ("RedeemBody", &[]), |_| ());
    assert_eq!((&redeemed["name"], &redeemed["left"]), (&code["name"], &code["amount"]));
    let quoted = till.send(key, ("POST", "/v1/vouchers/quote"), ("VoucherQuoteBody", &[]), |_| ());
    assert_eq!(quoted["limit"], till.example("VoucherQuoteView")["limit"], "{quoted}");
    let mut order = till.example("OrdersBody");
    order["pay"] = json!(false);
    let placed = till.served.post(key, "/v1/orders", &order).good();
    let path = format!("/v1/orders/{}/vouchers", placed["orders"][0]["id"].as_str().unwrap());
    till.send(key, ("PUT", &path), ("VouchersBody", &[]), |_| ());
}

fn mails(till: &mut Till, key: &str) {
    let answer = till.same(key, "/v1/account/mail-addresses", ("MailAddressBody", &[]), "MailAddressView");
    assert_eq!(answer["topics"], json!(["finance"]));
    till.send(key, ("PUT", "/v1/account/mail-language"), ("MailLanguageBody", &[]), |_| ());
}

fn cards(till: &mut Till, key: &str) {
    let token = till.gateway.card("4242424242424242");
    let card = till.send(key, ("POST", "/v1/cards"), ("CardBody", &[]), |it| it["token"] = json!(token));
    let with_card = |it: &mut Value| it["card"] = card["id"].clone();
    till.send(key, ("PUT", "/v1/card-rule"), ("CardRuleBody", &[]), with_card);
    let paid = till.send(key, ("POST", "/v1/card-top-ups"), ("CardTopUpBody", &[]), with_card);
    assert_eq!(paid["amount"], "100.00", "{paid}");
    let unpaid = json!({ "items": till.example("OrdersBody")["items"] });
    let placed = till.served.post(key, "/v1/orders", &unpaid).good();
    let order = placed["orders"][0]["id"].clone();
    let body = |it: &mut Value| {
        with_card(it);
        it["orders"] = json!([order]);
    };
    till.send(key, ("POST", "/v1/card-payments"), ("CardPaymentBody", &[]), body);
}

/// Two lines of a statement: one comes in, one is set aside.
fn bank(till: &mut Till, account: &str) {
    let operator = till.served.operator.clone();
    let statements = ("POST", "/v1/bank-statements");
    let read = till.send(&operator, statements, ("BankStatementBody", &[]), |_| ());
    assert_eq!((&read["items"][0]["id"], &read["items"][0]["amount"]), (&json!("N1"), &json!("250.00")));
    till.send(&operator, statements, ("BankStatementBody", &[]), |it| {
        it["statement"] = json!(it["statement"].as_str().unwrap().replace("N1", "N2"));
    });
    let confirm = ("POST", "/v1/bank-entries/N1/confirm");
    let whose = |it: &mut Value| it["account"] = json!(account);
    assert_eq!(till.send(&operator, confirm, ("BankEntryBody", &[]), whose)["state"], "confirmed");
    let aside = ("POST", "/v1/bank-entries/N2/set-aside");
    assert_eq!(till.send(&operator, aside, ("SetAsideBody", &[]), |_| ())["state"], "set_aside");
}

/// Documents of what was paid; the statement when its month is final.
fn documents(till: &mut Till, account: &str) {
    let operator = till.served.operator.clone();
    // The key of the customer has expired by now.
    let named = format!("till-account: {account}");
    let new = json!({ "name": "documents", "scopes": ["read", "buy"] }).to_string();
    let headers = ["content-type: application/json", named.as_str()];
    let made = till.served.call("POST", "/v1/keys", &operator, &headers, new.as_bytes()).good();
    let key = made["secret"].as_str().unwrap();
    till.send(&operator, ("PUT", "/v1/sellers"), ("SellersBody", &[]), |_| ());
    till.send(key, ("PUT", "/v1/billing-details"), ("BillingDetailsBody", &[]), |_| ());
    let receipt = till.example("ReceiptBody");
    let paid = json!({ "amount": "1.00", "reference": receipt["reference"] });
    till.served.post(&operator, &format!("/v1/accounts/{account}/top-ups"), &paid).good();
    till.send(key, ("POST", "/v1/documents/receipts"), ("ReceiptBody", &[]), |_| ());
    till.served.post(&operator, "/v1/clock/advance", &json!({ "to": "2026-07-03T00:00:00Z" })).good();
    let due = till.served.get(key, "/v1/documents/to-invoice").good()["total"].clone();
    let expected = |it: &mut Value| it["expected"] = due.clone();
    let invoice = till.send(key, ("POST", "/v1/documents/invoices"), ("InvoiceBody", &[]), expected);
    let notes = format!("/v1/documents/{}/credit-notes", invoice["id"].as_str().unwrap());
    till.send(&operator, ("POST", &notes), ("CreditNoteBody", &[]), |_| ());
    till.send(key, ("POST", "/v1/documents/statements"), ("StatementBody", &[]), |_| ());
}

/// Usage, and what moves time or books: last.
fn the_rest(till: &mut Till, account: &str, key: &str) {
    let operator = till.served.operator.clone();
    let unpaid = json!({ "items": till.example("OrdersBody")["items"] });
    let placed = till.served.post(key, "/v1/orders", &unpaid).good();
    let order = placed["orders"][0]["id"].clone();
    till.send(key, ("POST", "/v1/payments"), ("PaymentBody", &[]), |it| it["orders"] = json!([order]));

    // The book of the example sells little: it is for a till that has sold nothing yet.
    let mut fresh = Till::start();
    let its_operator = fresh.served.operator.clone();
    fresh.send(&its_operator, ("POST", "/v1/price-books"), ("ApplyBody", &[]), |_| ());
    till.sent.append(&mut fresh.sent);
    let later = json!({ "to": "2026-06-01T01:30:00Z" });
    till.served.post(&operator, "/v1/clock/advance", &later).good();
    let usage = till.send(&operator, ("POST", "/v1/usage"), ("UsageEvent", &[]), |_| ());
    // Nothing is called as in the example: the event is kept aside.
    assert_eq!(usage["counts"]["quarantined"], 1, "{usage}");
    till.send(&operator, ("POST", "/v1/usage/batch"), ("UsageBatch", &[]), |_| ());
    let event = till.example("UsageEvent");
    let attributes = ["specversion", "type", "source", "id", "subject", "time"];
    let attributes = attributes.map(|it| format!("ce-{it}: {}", event[it].as_str().unwrap()));
    let headers: Vec<&str> = attributes.iter().map(String::as_str).collect();
    let again = till.send(&operator, ("POST", "/v1/usage/binary"), ("UsageData", &headers), |_| ());
    assert_eq!(again["counts"]["quarantined"], 1, "{again}");
    corrected(till, key);
    till.send(&operator, ("POST", "/v1/quarantine/replay"), ("ReplayBody", &[]), |_| ());
    till.send(&operator, ("POST", "/v1/settlements/retry"), ("RetryBody", &[]), |it| {
        it["accounts"] = json!([account]);
    });
    let clock = till.send(&operator, ("POST", "/v1/clock/advance"), ("AdvanceBody", &[]), |_| ());
    assert_eq!(clock["now"], till.example("AdvanceBody")["to"]);
}

/// A reading of the server that runs is taken back.
fn corrected(till: &mut Till, key: &str) {
    let operator = till.served.operator.clone();
    let running = till.served.get(key, "/v1/resources?state=running").good();
    let all = running["items"].as_array().unwrap();
    let running = all.iter().find(|it| it["product"] == "server").unwrap()["id"].clone();
    let usage = till.send(&operator, ("POST", "/v1/usage"), ("UsageEvent", &[]), |it| {
        it["id"] = json!("twice");
        it["subject"] = running.clone();
    });
    assert_eq!(usage["counts"]["quarantined"], 0, "{usage}");
    let of_reading = |it: &mut Value| it["event"] = json!("twice");
    till.send(&operator, ("POST", "/v1/corrections/preview"), ("CorrectionBody", &[]), of_reading);
    let answer = till.send(&operator, ("POST", "/v1/corrections"), ("CorrectionBody", &[]), of_reading);
    till.send(&operator, ("POST", "/v1/corrections/price-books"), ("KeepBody", &[]), |_| ());
    let shown = till.example("CorrectionView");
    for field in ["id", "kind", "reason", "source"] {
        assert_eq!(answer[field], shown[field], "{field}: {answer}");
    }
}

fn everything_was_sent(till: &Till) {
    for (path, item) in till.document["paths"].as_object().unwrap() {
        for (method, says) in item.as_object().unwrap() {
            for content in says["requestBody"]["content"].as_object().into_iter().flatten() {
                let name = content.1["schema"]["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
                assert!(till.sent.contains(name), "{method} {path}: the example of {name} is not sent here");
            }
        }
    }
}
