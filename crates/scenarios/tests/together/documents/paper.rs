//! Documents as they are printed: PDFs say what the data says.

use super::*;
use billing::voucher::{Scope, Window};
use desk::vouchers;
use std::path::PathBuf;
use std::process::Command;

/// Where PDFs and pictures of pages stand, to be looked at.
fn folder() -> PathBuf {
    let folder = root().join("target/documents");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The text of a PDF, as Debian's poppler-utils reads it.
fn text_of(name: &str, bytes: &[u8]) -> String {
    let path = folder().join(format!("{name}.pdf"));
    std::fs::write(&path, bytes).unwrap();
    let read = Command::new("pdftotext").args(["-layout"]).arg(&path).arg("-").output();
    let read = read.expect("pdftotext of poppler-utils: `cargo xtask` installs it");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let drawn =
        Command::new("pdftoppm").args(["-png", "-r", "80"]).arg(&path).arg(folder().join(name)).status();
    assert!(drawn.unwrap().success());
    String::from_utf8(read.stdout).unwrap()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn printed(name: &str, it: &Document, language: Language) -> String {
    let bytes = ::paper::pdf(it, language, &[], &::paper::attachments(it).unwrap()).unwrap();
    assert_eq!(
        ::paper::pdf(it, language, &[], &::paper::attachments(it).unwrap()).unwrap(),
        bytes,
        "the same is the same file"
    );
    words(&text_of(&format!("{name}-{}", language.as_str()), &bytes))
}

#[test]
fn documents_on_paper_say_what_they_say_as_data() {
    let store = Store::memory().unwrap();
    let (desk, now) = (desk(&store), at("2026-06-10 09:00:00"));
    let shop = account(&store, "studio");
    complete(&store, &shop, "CN", "91110000DEMO000002");
    pay_in(&store, &desk, &shop, Purse::Bonus, "150.00", "gift", now);
    pay_in(&store, &desk, &shop, Purse::Cash, "5000.00", "wire-17", now);
    buy(&store, &desk, &shop, 12, now);
    let of = invoice(&store, &desk, &shop, "a", now).unwrap();
    let note = credit(&store, &desk, &of, Some("100.00"), "n", now).unwrap();
    let receipt = store
        .write(|tx| documents::receipt(tx, desk.at(now), documents::Asked::new(shop.id, "wire-17")))
        .unwrap();
    // Enough for four pages.
    for minute in 1..60 {
        buy(&store, &desk, &shop, 1, at(&format!("2026-06-10 10:{minute:02}:00")));
    }
    let ready = at("2026-07-03 00:00:00");
    let statement = store
        .write(|tx| documents::statement(tx, desk.at(ready), documents::Asked::new(shop.id, "2026-06")))
        .unwrap();
    let has = |it: &Document, name: &str, language: Language, said: &[&str]| {
        let text = printed(name, it, language);
        for said in [it.number.as_str(), "演示云科技有限公司", "北京示例科技有限公司"].iter().chain(said)
        {
            assert!(text.contains(said), "{name}: `{said}` is not in\n{text}");
        }
    };
    let (english, chinese) = (Language::English, Language::Chinese);
    has(
        &of,
        "invoice",
        english,
        &["Invoice", "10 June 2026", "357.96 CNY", "337.70", "20.26", "6%", "Tax number 91110000DEMO000002"],
    );
    has(
        &of,
        "invoice",
        chinese,
        &[
            "发票",
            "2026年6月10日",
            "357.96 元",
            "337.70",
            "20.26",
            "价格已含增值税，税率 6%。",
            "税号 91110000DEMO000002",
        ],
    );
    has(
        &note,
        "credit-note",
        english,
        &["Credit note", "INV-2026-000001", "100.00 CNY", "5.66", "94.34", "名称有误"],
    );
    has(&note, "credit-note", chinese, &["红字发票", "100.00 元", "5.66", "原因：名称有误"]);
    has(&receipt, "receipt", english, &["Receipt", "5,000.00 CNY", "wire-17"]);
    has(&receipt, "receipt", chinese, &["收款凭证", "5,000.00 元", "wire-17"]);
    // 507.96 + 59 x 51.00 = 3516.96, of which 150.00 were granted.
    let sums =
        ["3,516.96 CNY", "3,366.96 CNY", "150.00 CNY", "Page 4 of 4", "June 2026", "Product or resource"];
    has(&statement, "statement", english, &sums);
    has(&statement, "statement", chinese, &["月结单", "3,516.96 元", "2026年6月", "第 4 页，共 4 页"]);
    let text = printed("statement", &statement, english);
    assert_eq!(text.matches("Product or resource").count(), 4, "the head is repeated on every page");
}

/// A server of 51.00 of which a voucher pays 7.77, so that cash pays 43.23. Source: R-BIL-4, R-VOU-5.
#[test]
fn a_statement_on_paper_says_what_vouchers_paid() {
    let store = Store::memory().unwrap();
    let (desk, now) = (desk(&store), at("2026-06-10 09:00:00"));
    let shop = account(&store, "studio");
    complete(&store, &shop, "CN", "91110000DEMO000002");
    pay_in(&store, &desk, &shop, Purse::Cash, "100.00", "wire-1", now);
    let scope = Scope::of_orders(Currency::CNY);
    let window = Window { from: now, until: at("2026-07-10 00:00:00") };
    let (account, face) = (shop.id, yuan("7.77"));
    let new = vouchers::New { account, name: "spring", face, scope: &scope, window, token: "spring" };
    store.write(|tx| vouchers::issue(tx, desk.at(now), new)).unwrap();
    buy_with(&store, &desk, &shop, (1, Choice::Automatic), now);
    let ready = at("2026-07-03 00:00:00");
    let statement = store
        .write(|tx| documents::statement(tx, desk.at(ready), documents::Asked::new(account, "2026-06")))
        .unwrap();
    for (language, said) in [
        (Language::English, ["From vouchers", "7.77 CNY", "43.23 CNY"]),
        (Language::Chinese, ["代金券支付", "7.77 元", "43.23 元"]),
    ] {
        let text = printed("statement-vouchers", &statement, language);
        for said in said {
            assert!(text.contains(said), "`{said}` is not in\n{text}");
        }
    }
}
