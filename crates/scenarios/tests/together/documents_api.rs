//! Documents over the API, on the website and on the command line.
//!
//! In:  a served till, a customer, people of several roles. Out: documents as files; what is refused.
//! Source: R-INV-1.

use crate::support::people::{signed_in, till, till_json};
use crate::support::root;
use crate::support::served::{Answer, Customer, Served};
use crate::support::tools::{printed, tool};
use serde_json::{Value, json};
use std::fs;

/// A till whose clock stands in July, with the example of the sellers, and a customer who bought a year of a server with
/// 150.00 that were granted and cash.
fn served() -> (Served, Customer) {
    let served = Served::start(&[
        "--rate-limit",
        "0",
        "--test-clock",
        "2026-06-10 09:00:00",
        "--cloud-delay-seconds",
        "0",
    ]);
    let shop = served.customer("shop", "1000.00");
    let gift = json!({ "amount": "150.00", "reference": "gift", "purse": "bonus" });
    served.post(&served.operator, &format!("/v1/accounts/{}/top-ups", shop.account), &gift).good();
    let item = json!({ "product": "server", "name": "web", "months": 12,
        "options": { "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" } });
    served.post(&shop.key, "/v1/orders", &json!({ "items": [item], "pay": true })).good();
    advance(&served, "2026-06-10T02:00:00Z");
    (served, shop)
}

fn advance(served: &Served, to: &str) {
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": to })).good();
}

fn sellers() -> String {
    fs::read_to_string(root().join("examples/seller.toml")).unwrap()
}

fn put(served: &Served, key: &str, path: &str, body: &Value) -> Answer {
    served.call("PUT", path, key, &["content-type: application/json"], body.to_string().as_bytes())
}

fn details(served: &Served, shop: &Customer) {
    let body = json!({ "name": "北京示例科技有限公司", "tax_number": "91110000DEMO000002", "country": "CN", "city": "北京",
        "street": "示例街 8 号", "language": "zh" });
    put(served, &shop.key, "/v1/billing-details", &body).good();
}

fn code(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_string())
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_string())
}

#[test]
fn an_invoice_is_asked_for_once() {
    let (served, shop) = served();
    assert_eq!(code(&served.get(&shop.key, "/v1/documents/to-invoice")), refused(409, "seller_missing"));
    let wrong = json!({ "text": sellers().replace("rate = \"6\"", "rate = \"six\"") });
    assert_eq!(code(&put(&served, &served.operator, "/v1/sellers", &wrong)), refused(422, "seller_invalid"));
    let file = json!({ "text": sellers() });
    assert_eq!(
        put(&served, &shop.key, "/v1/sellers", &file).status,
        403,
        "a customer says nothing of the sellers"
    );
    let applied = put(&served, &served.operator, "/v1/sellers", &file).good();
    assert_eq!(put(&served, &served.operator, "/v1/sellers", &file).good(), applied);
    assert_eq!(served.get(&served.operator, "/v1/sellers").good(), applied);

    let due = served.get(&shop.key, "/v1/documents/to-invoice").good();
    assert_eq!((&due["total"], &due["lines"]), (&json!("357.96"), &json!([])));
    assert!(due["missing"].as_str().unwrap().contains("legal name"), "{due}");
    let bad = json!({ "name": "x", "country": "C1" });
    let refusal = put(&served, &shop.key, "/v1/billing-details", &bad);
    assert_eq!(
        (code(&refusal), &refusal.json()["field"]),
        (refused(422, "billing_details_invalid"), &json!("country"))
    );
    details(&served, &shop);
    let due = served.get(&shop.key, "/v1/documents/to-invoice").good();
    assert_eq!((&due["taxes"][0]["tax"], &due["taxes"][0]["percent"]), (&json!("20.26"), &json!("6")));

    let expected = json!({ "expected": "357.96" });
    let ask = |token: &str, body: &Value| {
        let header = format!("idempotency-key: {token}");
        let headers = ["content-type: application/json", header.as_str()];
        served.call("POST", "/v1/documents/invoices", &shop.key, &headers, body.to_string().as_bytes())
    };
    let other_sum = json!({ "expected": "357.95" });
    assert_eq!(code(&ask("a", &other_sum)), refused(409, "invoiceable_changed"));
    let made = ask("b", &expected).good();
    assert_eq!((&made["number"], &made["total"]), (&json!("INV-2026-000001"), &json!("357.96")));
    assert_eq!(ask("b", &expected).good(), made, "the same again");
    assert_eq!(code(&ask("b", &other_sum)), refused(422, "idempotency_key_reused"));
    assert_eq!(code(&ask("c", &expected)), refused(409, "invoiceable_changed"));
}

#[test]
fn documents_are_read_by_whom_they_are_for_and_credited_by_the_operator() {
    let (served, shop) = served();
    let other = served.customer("other", "1.00");
    put(&served, &served.operator, "/v1/sellers", &json!({ "text": sellers() })).good();
    details(&served, &shop);
    let made = served.made(&shop.key, "/v1/documents/invoices", &json!({ "expected": "357.96" }));
    let path = format!("/v1/documents/{}", made["id"].as_str().unwrap());
    for below in ["", "/pdf", "/xml", "/fapiao"] {
        assert_eq!(served.get(&other.key, &format!("{path}{below}")).status, 404, "{below}");
    }
    let whole = served.get(&shop.key, &path).good();
    assert_eq!(whole["content"]["invoice"]["taxed"]["tax"], "20.26");
    let pdf = served.get(&shop.key, &format!("{path}/pdf"));
    assert_eq!((pdf.status, pdf.header("content-type")), (200, Some("application/pdf")));
    assert!(pdf.body.starts_with(b"%PDF-1.7"), "{:?}", &pdf.body[..20.min(pdf.body.len())]);
    assert_eq!(
        served.get(&shop.key, &format!("{path}/pdf?language=zh")).body,
        pdf.body,
        "that of the details"
    );
    assert_ne!(served.get(&shop.key, &format!("{path}/pdf?language=en")).body, pdf.body);
    assert_eq!(served.get(&shop.key, &format!("{path}/pdf?language=fr")).status, 400);
    let fapiao = served.get(&shop.key, &format!("{path}/fapiao")).good();
    assert_eq!((&fapiao["capitals"], &fapiao["tax"]), (&json!("叁佰伍拾柒元玖角陆分"), &json!("20.26")));

    let note = json!({ "amount": "100.00", "reason": "名称有误" });
    let notes = format!("{path}/credit-notes");
    assert_eq!(served.post(&shop.key, &notes, &note).status, 403);
    let too_much = json!({ "amount": "357.97", "reason": "x" });
    let refusal = served.post(&served.operator, &notes, &too_much);
    assert_eq!(
        (code(&refusal), &refusal.json()["field"]),
        (refused(422, "credit_too_large"), &json!("amount"))
    );
    let credited = served.made(&served.operator, &notes, &note);
    assert_eq!((&credited["number"], &credited["original"]), (&json!("CN-2026-000001"), &made["id"]));
    assert_eq!(served.get(&shop.key, "/v1/documents/to-invoice").good()["total"], "100.00");
    let listed = served.get(&shop.key, "/v1/documents").good();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    assert_eq!(served.get(&other.key, "/v1/documents").good()["items"], json!([]));
    let of_all = served.get(&served.operator, "/v1/documents?kind=credit_note").good();
    assert_eq!(of_all["items"], json!([credited]));
    let csv = served.call("GET", "/v1/documents", &shop.key, &["accept: text/csv"], b"").text();
    assert!(csv.contains("INV-2026-000001") && csv.contains("357.96"), "{csv}");
}

#[test]
fn statements_and_receipts_over_the_api_and_by_command() {
    let (served, shop) = served();
    let file = root().join("examples/seller.toml");
    let file = file.to_str().unwrap();
    assert_eq!(till_json(&served, &["document", "seller", file])["id"].as_str().unwrap().len(), 64);
    let month = json!({ "month": "2026-06" });
    assert_eq!(
        code(&served.post(&shop.key, "/v1/documents/statements", &month)),
        refused(409, "statement_not_final")
    );
    let granted = json!({ "reference": "gift" });
    assert_eq!(
        code(&served.post(&shop.key, "/v1/documents/receipts", &granted)),
        refused(422, "document_kind_refused")
    );
    let paid = json!({ "reference": "first of shop" });
    let receipt = served.made(&shop.key, "/v1/documents/receipts", &paid);
    assert_eq!((&receipt["number"], &receipt["total"]), (&json!("RCT-2026-000001"), &json!("1000.00")));
    let xml = served.get(&shop.key, &format!("/v1/documents/{}/xml", receipt["id"].as_str().unwrap()));
    assert_eq!(code(&xml), refused(422, "document_kind_refused"));
    advance(&served, "2026-07-03T00:00:00Z");
    let statement = served.made(&shop.key, "/v1/documents/statements", &month);
    assert_eq!(statement["total"], served.get(&shop.key, "/v1/bills/months").good()["items"][0]["total"]);
    assert_eq!(
        served.post(&shop.key, "/v1/documents/statements", &month).good(),
        statement,
        "the same again"
    );

    assert_eq!(till_json(&served, &["document", "statement", "shop", "2026-06"])[0]["id"], statement["id"]);
    let listed = till_json(&served, &["document", "list", "--account", "shop"]);
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let out = served.folder.0.join("statement.pdf");
    let id = statement["id"].as_str().unwrap();
    let written = till(&served, &["document", "pdf", id, "--out", out.to_str().unwrap(), "--language", "en"]);
    assert!(written.status.success(), "{}", printed(&written));
    let over_api = served.get(&shop.key, &format!("/v1/documents/{id}/pdf?language=en")).body;
    assert_eq!(fs::read(&out).unwrap(), over_api, "the same file from the command line and over the API");
    let nothing =
        till(&served, &["document", "pdf", id, "--out", out.to_str().unwrap(), "--document-font", "no.ttf"]);
    assert!(printed(&nothing).contains("no.ttf is no font that can be read"), "{}", printed(&nothing));
    let checked = till(&served, &["document", "statement", "shop", "2026-13"]);
    assert!(!checked.status.success());
}

#[test]
fn a_file_of_the_sellers_is_checked_by_command() {
    let folder = crate::support::served::Folder::new("sellers");
    let path = folder.0.join("wrong.toml");
    fs::write(&path, sellers().replace("to = \"2021-01-01\"", "to = \"2021-02-01\"")).unwrap();
    let check = |path: &std::path::Path| {
        std::process::Command::new(crate::support::served::program())
            .args(["document", "check"])
            .arg(path)
            .output()
            .unwrap()
    };
    let wrong = check(&path);
    assert!(
        !wrong.status.success() && printed(&wrong).contains("hold on the same days"),
        "{}",
        printed(&wrong)
    );
    assert!(check(&root().join("examples/seller.toml")).status.success());
}

/// Whom documents of a shop in a country are made out to.
fn buyer(served: &Served, shop: &Customer, country: &str, tax_number: &str) {
    let said = json!({ "name": "Beispiel GmbH", "tax_number": tax_number, "country": country, "city": "Berlin",
        "street": "Beispielweg 1", "postal_code": "10115", "language": "en" });
    put(served, &shop.key, "/v1/billing-details", &said).good();
}

/// Another shop with a month of a server.
fn month_of(served: &Served, name: &str) -> Customer {
    let shop = served.customer(name, "1000.00");
    buy_month(served, &shop);
    shop
}

fn buy_month(served: &Served, shop: &Customer) {
    let item = json!({ "product": "server", "name": "web", "months": 1,
        "options": { "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" } });
    served.post(&shop.key, "/v1/orders", &json!({ "items": [item], "pay": true })).good();
}

/// The sellers with taxes of every category, two names of one rate, and a rate on top.
fn every_tax() -> String {
    let changed = "rate = \"19\"\nmode = \"inside\"\nfrom = \"2021-01-01\"\nto = \"2026-06-20\"\n\n[[tax]]\ncountry = \"DE\"\n\
        name = { en = \"Another VAT\", zh = \"增值税\" }\nrate = \"19\"\nmode = \"inside\"\nfrom = \"2026-06-20\"\n\n[[tax]]\n\
        country = \"AT\"\nname = { en = \"VAT\", zh = \"增值税\" }\nrate = \"0\"\nmode = \"inside\"\ncategory = \"exempt\"\n\
        reason = { en = \"Small business\", zh = \"小企业\" }\nfrom = \"2020-01-01\"\n\n[[tax]]\ncountry = \"CH\"\n\
        name = { en = \"VAT\", zh = \"增值税\" }\nrate = \"8.1\"\nmode = \"on_top\"\nfrom = \"2020-01-01\"\n\n[[tax]]\n\
        country = \"GB\"\nname = { en = \"VAT\", zh = \"增值税\" }\nrate = \"0\"\nmode = \"inside\"\nfrom = \"2020-01-01\"\n";
    let file = sellers().replace("rate = \"19\"\nmode = \"inside\"\nfrom = \"2021-01-01\"\n", changed);
    assert!(file.contains("Another VAT"));
    file
}

/// XML as EN 16931 has it: its schemas and its rules, for every category of tax and two rates under two names.
#[test]
fn invoices_and_credit_notes_are_valid_xml_of_their_standards() {
    let (served, german) = served();
    put(&served, &served.operator, "/v1/sellers", &json!({ "text": every_tax() })).good();
    let mut shops = vec![("German", german)];
    buyer(&served, &shops[0].1, "DE", "DE123456788");
    for (name, country, tax_number) in [
        ("Chinese", "CN", "91110000DEMO000002"),
        ("French with a number", "FR", "FR12345678901"),
        ("French", "FR", ""),
        ("American with a number", "US", "US123"),
        ("Austrian", "AT", ""),
        ("Swiss", "CH", ""),
        ("British", "GB", ""),
    ] {
        let shop = month_of(&served, name);
        buyer(&served, &shop, country, tax_number);
        shops.push((name, shop));
    }
    advance(&served, "2026-06-21T00:00:00Z");
    // Of two days with two names of one rate.
    buy_month(&served, &shops[0].1);
    advance(&served, "2026-06-21T01:00:00Z");
    let (mut files, mut first) = (Vec::new(), None);
    for (name, shop) in &shops {
        let made = served.post(&shop.key, "/v1/documents/invoices", &json!({})).good();
        let path = format!("/v1/documents/{}", made["id"].as_str().unwrap());
        let note = json!({ "amount": "10.00", "reason": "Name & number were <wrong>" });
        let note = served.post(&served.operator, &format!("{path}/credit-notes"), &note).good();
        for (of, kind) in [(&made, "invoice"), (&note, "credit-note")] {
            for form in ["ubl", "cii"] {
                let path = format!("/v1/documents/{}/xml?form={form}", of["id"].as_str().unwrap());
                let answer = served.get(&shop.key, &path);
                assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/xml")));
                let file = served.folder.0.join(format!("{name}-{kind}-{form}.xml"));
                fs::write(&file, &answer.body).unwrap();
                files.push(file);
            }
        }
        first.get_or_insert((path, shop));
    }
    let rules = root().canonicalize().unwrap().join("crates/scenarios/validators/en16931.py");
    let checked = tool("python", &served.folder.0).arg(&rules).args(&files).output().unwrap();
    assert!(checked.status.success(), "{}", printed(&checked));
    let (path, shop) = first.unwrap();
    let pdf = served.folder.0.join("invoice.pdf");
    fs::write(&pdf, served.get(&shop.key, &format!("{path}/pdf")).body).unwrap();
    let out = served.folder.0.join("attached.xml");
    let drawn = std::process::Command::new("pdfdetach")
        .args(["-save", "1", "-o"])
        .arg(&out)
        .arg(&pdf)
        .output()
        .unwrap();
    assert!(drawn.status.success() && drawn.stderr.is_empty(), "{}", printed(&drawn));
    let attached = fs::read(&out).unwrap();
    assert_eq!(
        attached,
        served.get(&shop.key, &format!("{path}/xml?form=cii")).body,
        "the CII is in the PDF"
    );
    let marks = root().canonicalize().unwrap().join("crates/scenarios/validators/factur_x.py");
    let checked = tool("python", &served.folder.0).arg(&marks).arg(&pdf).output().unwrap();
    assert!(checked.status.success(), "{}", printed(&checked));
}

#[test]
fn documents_on_the_website() {
    let (served, _shop) = served();
    let mut operator = signed_in(&served, "money@example.com", "operator_finance", None);
    let page = operator.get("/operator/sellers");
    page.has("Nobody is named who sells");
    let wrong = sellers().replace("rate = \"6\"", "rate = \"six\"");
    let answer = operator.submit(&page, "/operator/sellers", &[("text", &wrong)]);
    answer.has("“six” is no rate");
    let page = operator.get("/operator/sellers");
    operator.submit(&page, "/operator/sellers", &[("text", &sellers())]).has("The file is applied.");

    let mut owner = signed_in(&served, "owner@example.com", "owner", Some("shop"));
    owner.get("/documents").has("357.96").has("legal name");
    owner.get("/language/zh?to=/documents");
    // Nothing was said about a language: that of whoever asks is chosen, here and in the details.
    owner.get("/documents").has("请先填写开票信息").has("value=\"zh\" selected").lacks("legal name");
    owner.get("/documents/details").has("value=\"zh\" selected");
    owner.get("/language/en?to=/documents");
    let page = owner.get("/documents/details");
    let filled = [
        ("name", "Example Ltd"),
        ("country", "CN"),
        ("city", "Shanghai"),
        ("street", "1 Road"),
        ("language", "en"),
    ];
    let answer = owner.submit(
        &page,
        "/documents/details",
        &[("name", "Example Ltd"), ("country", "China"), ("language", "en")],
    );
    answer.has("two letters");
    owner.submit(&page, "/documents/details", &filled).has("The billing details are changed.");
    let page = owner.get("/documents");
    page.has("Ask for an invoice of 357.96 CNY");
    let page = owner.submit(&page, "/documents/invoices", &[]);
    page.has("The document is issued.").has("INV-2026-000001").lacks("Ask for an invoice");
    let page = owner.submit(&page, "/documents/receipts", &[("reference", "first of shop")]);
    page.has("The document is issued.").has("RCT-2026-000001");
    let page = owner.submit(&page, "/documents/receipts", &[("reference", "first of shop")]);
    page.has("nothing new was issued").lacks("RCT-2026-000002");

    let mut reader = signed_in(&served, "reader@example.com", "read_only", Some("shop"));
    reader.get("/documents").has("INV-2026-000001").lacks("Issue the receipt");
    let listed = operator.get("/operator/documents");
    listed.has("INV-2026-000001").has("shop");
    let invoice = listed.between("/operator/documents/doc_", "\"");
    let found = till_json(&served, &["document", "list", "--kind", "invoice"]);
    let id = found[0]["id"].as_str().unwrap().to_string();
    assert!(!invoice.is_empty());
    let place = format!("/operator/documents/{id}");
    let page = operator.get(&place);
    page.has("357.96 CNY is left to credit.");
    let action = format!("{place}/credit-notes");
    operator.submit(&page, &action, &[("amount", "400.00"), ("reason", "x")]).has("left to credit");
    operator.submit(&page, &action, &[("amount", "57.96"), ("reason", "too much")]).has("CN-2026-000001");
    operator.get(&place).has("300.00 CNY is left to credit.");
}
