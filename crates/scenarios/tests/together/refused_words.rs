//! Words that no form of the website offers: each is refused beside its field, and nothing is done in its place.
//!
//! In:  real servers and browsers without a screen, forms whose choices were made up. Out: refusals that change nothing.

use crate::support::browser::{Browser, Page, encoded};
use crate::support::people::signed_in;
use crate::support::served::{Customer, Served, eventually};
use serde_json::{Value, json};

fn served() -> (Served, Customer) {
    let served = Served::start(&["--rate-limit", "0", "--cloud-delay-seconds", "0"]);
    let shop = served.customer("shop", "100.00");
    (served, shop)
}

fn account(served: &Served, shop: &Customer) -> Value {
    served.get(&served.operator, &format!("/v1/accounts/{}", shop.account)).good()
}

/// It is refused, in words beside the field, which the list above leads to.
#[track_caller]
fn refused(page: &Page, field: &str) {
    assert_eq!(page.status, 400, "{}", page.text());
    page.has(&format!("href=\"#{field}\""))
        .has(&format!("id=\"{field}\""))
        .has(&format!("id=\"e-{field}\""))
        .has("none of what can be chosen here");
}

#[test]
fn money_goes_into_no_other_purse_and_no_other_way_than_was_said() {
    let (served, shop) = served();
    let mut theo = signed_in(&served, "theo@example.com", "operator_finance", None);
    let place = format!("/operator/customers/{}", shop.account);
    let page = theo.get(&format!("{place}/top-up"));
    let review = format!("{place}/top-up/review");
    for purse in ["gold", "", "frozen_cash", "Cash"] {
        let typed = [("amount", "5.00"), ("reference", "t1"), ("purse", purse)];
        refused(&theo.submit(&page, &review, &typed), "purse");
    }
    let looked = theo.submit(&page, &review, &[("amount", "5.00"), ("reference", "t1"), ("purse", "bonus")]);
    let put = format!("{place}/top-ups");
    refused(theo.submit(&looked, &put, &[("purse", "gold")]).has("value=\"5.00\""), "purse");
    assert_eq!(account(&served, &shop)["wallet"]["available"], "100.00");

    let page = theo.get(&format!("{place}/correct"));
    for kind in ["refund", ""] {
        let typed = [("kind", kind), ("bill", "bil_1"), ("amount", "5.00"), ("reason", "r"), ("id", "c1")];
        refused(&theo.submit(&page, &format!("{place}/correct/review"), &typed), "kind");
    }
    assert_eq!(served.get(&served.operator, "/v1/corrections").good()["items"], json!([]));
}

#[test]
fn nobody_is_verified_and_nothing_is_tried_again_by_a_word_that_is_none() {
    let (served, shop) = served();
    let mut anna = signed_in(&served, "anna@example.com", "administrator", None);
    let path = format!("/operator/customers/{}/terms", shop.account);
    let page = anna.get(&path);
    let before = account(&served, &shop);
    refused(&anna.submit(&page, &path, &[("contract_rate", "0.5"), ("verified", "maybe")]), "verified");
    assert_eq!(account(&served, &shop), before);
    let page = anna.get("/operator/customers/new");
    let typed = [("name", "studio"), ("contract_rate", "1"), ("verified", "maybe")];
    refused(&anna.submit(&page, "/operator/customers/new", &typed), "verified");
    assert_eq!(served.get(&served.operator, "/v1/accounts").good()["items"].as_array().unwrap().len(), 1);
    let page = anna.get("/operator/keys");
    refused(&anna.submit(&page, "/operator/keys/make", &[("name", "k"), ("scope", "all")]), "scope");

    // Forms that stand on these pages only while something waits.
    let key = page.form("/operator/keys/make", &[]);
    for (path, body, status) in [
        ("/operator/settlement/retry", "account=acc_x&all=yes", 404),
        ("/operator/settlement/retry", "all=maybe", 400),
        ("/operator/settlement/retry", "", 400),
        ("/operator/quarantine/replay", "reason=dull", 400),
        ("/operator/quarantine/replay", "reading=dull", 400),
        ("/operator/quarantine/replay", "", 400),
        ("/operator/act", "account=nobody", 404),
        ("/members/role", "user=usr_1&role=king", 422),
    ] {
        let form = ["content-type: application/x-www-form-urlencoded"];
        let answer = anna.call("POST", path, &form, &format!("{key}&{body}"));
        assert_eq!(answer.status, status, "{path} {body}: {}", answer.text());
    }
}

#[test]
fn a_filter_that_is_none_filters_not_everything_and_not_nothing() {
    let (served, _) = served();
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let mut anna = signed_in(&served, "anna@example.com", "administrator", None);
    let of_customers = ["resources?state", "resources?sort", "charges?kind", "cost?by", "cost?basis"];
    let of_operators =
        ["orders?state", "tasks?state", "quarantine?reason", "coverage?hours", "revenue?months"];
    for address in of_customers {
        let page = ann.get(&format!("/{address}=dull"));
        assert_eq!(page.status, 400, "{address}: {}", page.text());
        page.has("none of what can be chosen here");
    }
    for address in of_operators {
        let page = anna.get(&format!("/operator/{address}=dull"));
        assert_eq!(page.status, 400, "{address}: {}", page.text());
        page.has("none of what can be chosen here");
    }
    assert_eq!(anna.get("/operator/books/new?of=dull").status, 404);
}

/// But those of a price book: what it sold once may still be asked for.
#[test]
fn every_choice_of_every_form_that_filters_is_closed() {
    let (served, _) = served();
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let mut anna = signed_in(&served, "anna@example.com", "administrator", None);
    let all = [
        "orders",
        "resources",
        "operator/documents",
        "operator/mails",
        "operator/orders",
        "operator/card-payments",
        "operator/tasks",
        "operator/vouchers",
        "operator/top-ups",
        "operator/credits",
        "operator/keys",
        "operator/revenue",
    ];
    let mut asked = 0;
    for list in all {
        let browser = if list.starts_with("operator") { &mut anna } else { &mut ann };
        let page = browser.get(&format!("/{list}?result=complete"));
        let found = if page.status == 200 { page } else { browser.get(&format!("/{list}")) };
        for (name, words) in choices(&found.text()) {
            let refused = browser.get(&format!("/{list}?{name}=zz"));
            assert_eq!(refused.status, 400, "{list} {name}: {}", refused.text());
            refused.has("none of what can be chosen here");
            for word in &words {
                refused.has(word);
            }
            asked += 1;
        }
    }
    assert!(asked >= 6, "{asked}");
    anna.get("/operator/documents?kind=zz").has("statement, receipt, invoice, credit_note");
    anna.get("/operator/mails?state=zz")
        .has("queued, sent, dead")
        .has("This page cannot be shown as it is asked for");
}

#[test]
fn reasons_are_told_in_chinese_as_in_english() {
    let (served, _) = served();
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let mut anna = signed_in(&served, "anna@example.com", "administrator", None);
    (anna.language, ann.language) = ("zh", "zh");
    let page = anna.get("/operator/documents?kind=zz");
    page.has("“zz”不在可选范围内").has("statement、receipt、invoice、credit_note").lacks("请求不符合");
    assert_eq!(page.status, 400);
    ann.get("/cost?month=x").has("“x”不是月份，请按 2026-06 的格式填写。").lacks("2026-06-30");
    ann.get("/refund?resource=x").has("不存在，或不属于您。请检查名称或编号。").lacks("上一页的");
    ann.get("/buy/server?quantity=abc").has("数量须为 1 至 100 的整数。");
    ann.get("/buy/server?o.type=XX").has("不能选择“XX”，可选：");
    let page = anna.get("/operator/customers/new");
    let typed = [("name", ""), ("contract_rate", "1"), ("verified", "yes")];
    anna.submit(&page, "/operator/customers/new", &typed).has("请填写此项。").has("id=\"e-name\"");
    anna.language = "en";
    let page = anna.get("/operator/customers/new");
    anna.submit(&page, "/operator/customers/new", &typed).has("Fill this in.").lacks("nvalid length");
}

/// Sends a form in Chinese: each field that is wrong is named in the list above, with what it may hold, and the head counts them.
#[track_caller]
fn told_in_chinese(browser: &mut Browser<'_>, places: [&str; 2], typed: &[(&str, &str)], said: &[&str]) {
    let [place, action] = places;
    let form = browser.get(place);
    let wrong = browser.send(&form, action, typed);
    assert!([400, 404, 422].contains(&wrong.status), "{action}: {}", wrong.status);
    wrong.has(&format!("有 {} 处需要更正", said.len()));
    for text in said {
        wrong.has(text);
    }
    wrong.lacks("此项填写有误");
}

/// The same of what is agreed with a customer, of corrections and of invitations.
fn agreements_in_chinese(anna: &mut Browser<'_>, of: &dyn Fn(&str) -> String) {
    let commitment = [("amount", "much"), ("from", "2020-01"), ("until", "2019-01"), ("reason", "")];
    let said = ["请填写 12.50 这样的金额", "该时间已过", "结束须晚于开始", "请填写此项。"];
    told_in_chinese(anna, [&of("commitment"), &of("commitment")], &commitment, &said);
    let price = [
        ("id", "c-1"),
        ("component", "server/hardware"),
        ("when", "foo=bar"),
        ("amount", "-1"),
        ("from", "2100-02-01"),
        ("until", "2100-01-01"),
        ("reason", "r"),
    ];
    let said = ["仅适用于这些选项：“foo=bar”不在可选范围内", "请填写不小于 0 的金额", "结束须晚于开始"];
    told_in_chinese(anna, [&of("contract-prices"), &of("contract-prices")], &price, &said);
    let correction = [("kind", "credit"), ("bill", "dull"), ("amount", "0"), ("reason", "r"), ("id", "c 1")];
    let said = ["该客户没有此账单", "请填写大于 0 的金额", "个可见 ASCII 字符"];
    told_in_chinese(anna, [&of("correct"), &of("correct/review")], &correction, &said);
    let said = ["请在一行内填写 1 至 80 个字符。", "邮箱格式不正确"];
    let invited = [("name", ""), ("mail", "nobody"), ("role", "owner")];
    told_in_chinese(anna, [&of("invite"), &of("invite")], &invited, &said);
}

/// The same of vouchers.
fn vouchers_in_chinese(anna: &mut Browser<'_>, of: &dyn Fn(&str) -> String, long: &str) {
    let voucher = [
        ("name", long),
        ("amount", "0"),
        ("modes", "prepaid"),
        ("uses", "once"),
        ("products", "moon"),
        ("regions", "atlantis"),
        ("min_spend", "much"),
        ("max_months", "0"),
        ("until", "2000-01-01"),
    ];
    let said = [
        "名称：请在一行内填写 1 至 60 个字符。",
        "请填写大于 0 的金额",
        "价目表中没有产品“moon”",
        "价目表中没有地域“atlantis”",
        "请填写 12.50 这样的金额",
        "请填写 1 至 120 的整数。",
        "请填写以后的日期，不超过 3,660 天。",
    ];
    told_in_chinese(anna, [&of("voucher"), &of("vouchers")], &voucher, &said);
}

#[test]
fn what_a_field_may_hold_is_told_in_chinese_with_its_bounds() {
    let (served, shop) = served();
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let mut anna = signed_in(&served, "anna@example.com", "administrator", None);
    (anna.language, ann.language) = ("zh", "zh");
    let long = "x".repeat(501);
    let of = |page: &str| format!("/operator/customers/{}/{page}", shop.account);
    vouchers_in_chinese(&mut anna, &of, &long);
    let terms = [
        ("contract_rate", "2"),
        ("verified", "yes"),
        ("alert", "-1"),
        ("no_stop_days", "61"),
        ("vouchers_per_order", "99"),
    ];
    let said = [
        "请填写 0 至 1 之间、小数点后最多四位的折扣率",
        "请填写不小于 0 的金额",
        "请填写 0 至 60 的整数。",
        "请填写 1 至 10 的整数。",
    ];
    told_in_chinese(&mut anna, [&of("terms"), &of("terms")], &terms, &said);
    let credit = [("limit", "much"), ("day", "31"), ("reason", long.as_str())];
    let said = [
        "额度（元）：请填写 12.50 这样的金额",
        "每月扣收日：请填写 1 至 28 的整数。",
        "请在一行内填写 1 至 500 个字符。",
    ];
    told_in_chinese(&mut anna, [&of("credit"), &of("credit")], &credit, &said);
    agreements_in_chinese(&mut anna, &of);
    let code = [
        ("code", "x"),
        ("name", "n"),
        ("amount", "1.00"),
        ("modes", "prepaid"),
        ("uses", "once"),
        ("times", "0"),
        ("until", "2000-01-01"),
        ("voucher_days", "9999"),
    ];
    let said = [
        "请填写 4 至 32 个字母、数字或连字符。",
        "请填写 1 至 1,000,000 的整数。",
        "请填写 1 至 3,660 的整数。",
        "请填写以后的日期",
    ];
    told_in_chinese(&mut anna, ["/operator/vouchers", "/operator/promotion-codes"], &code, &said);
    let budget =
        [("name", long.as_str()), ("amount", "0"), ("of", ""), ("actual", "0"), ("forecast", "half")];
    let said =
        ["请在一行内填写 1 至 80 个字符。", "请填写大于 0 的金额", "阈值须为 1 至 1,000", "最多 10 个"];
    told_in_chinese(&mut ann, ["/budgets", "/budgets"], &budget, &said);
    let details =
        [("name", ""), ("country", "Germany"), ("tax_number", "#"), ("mail", "nowhere"), ("language", "en")];
    let said =
        ["请在一行内填写 1 至 120 个字符。", "两位字母的国家代码", "只能包含字母、数字", "邮箱格式不正确"];
    told_in_chinese(&mut ann, ["/documents/details", "/documents/details"], &details, &said);
    told_in_chinese(&mut ann, ["/account", "/account"], &[("alert", "-1")], &["请填写不小于 0 的金额"]);
    let day = ["/account", "/account/expiry-day"];
    told_in_chinese(&mut ann, day, &[("day", "32")], &["请填写 1 至 31 的整数。"]);
}

/// The choices of the forms that filter, each with what it sends; without those of what a price book names.
fn choices(page: &str) -> Vec<(String, Vec<String>)> {
    let upto = |text: &str, end: &str| text.split(end).next().unwrap_or("").to_string();
    let forms = page.split("<form class=\"filter\"").skip(1).map(|it| upto(it, "</form>"));
    let selects =
        forms.flat_map(|it| it.split("<select").skip(1).map(|it| upto(it, "</select>")).collect::<Vec<_>>());
    let named = |it: String| {
        let name = upto(it.split(" name=\"").nth(1)?, "\"");
        let words = it.split("<option value=\"").skip(1).map(|it| upto(it, "\""));
        Some((name, words.filter(|it| !it.is_empty()).collect()))
    };
    let of_a_book = ["product", "region", "project"];
    selects
        .filter_map(named)
        .filter(|it: &(String, Vec<String>)| !of_a_book.contains(&it.0.as_str()))
        .collect()
}

/// A running server of the shop, and the page of it.
fn server(browser: &mut Browser<'_>) -> (String, Page) {
    let query = "o.charge=payg&o.type=S2.SMALL1&o.network=none&name=web";
    let page = browser.get(&format!("/buy/server/review?{query}"));
    let ordered = browser.submit(&page, "/buy/server/review", &[]);
    eventually("delivery", || {
        browser.get(&ordered.path).text().contains("<h2 id=\"h-way\">Delivered</h2>").then_some(())
    });
    let path = browser.get("/resources").between("href=\"/resources/res", "\"");
    let path = format!("/resources/res{path}");
    let page = browser.get(&path);
    (path, page)
}

#[test]
fn a_switch_a_deed_or_a_budget_that_is_none_does_nothing() {
    let (served, _) = served();
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let (path, page) = server(&mut ann);
    ann.submit(&page, &format!("{path}/switch"), &[("to", "stop")]).has("Stopped");
    for to in ["", "explode", "Start"] {
        let answer = ann.submit(&page, &format!("{path}/switch"), &[("to", to)]);
        assert_eq!(answer.status, 400, "{}", answer.text());
    }
    ann.get(&path).has("Stopped");

    let id = path.rsplit('/').next().unwrap();
    assert_eq!(ann.get(&format!("/resources/act?do=sell&mark={id}")).status, 400);
    assert_eq!(ann.get("/resources/act?do=start&mark=dull").status, 404);
    let preview = ann.get(&format!("/resources/act?do=start&mark={id}"));
    assert_eq!(ann.submit(&preview, "/resources/act", &[("do", "")]).status, 400);
    let nowhere = "prj_019eb7696c008cf183c2a061049531a6";
    assert_eq!(ann.get(&format!("/resources/act?do=move&mark={id}&project={nowhere}")).status, 404);
    let preview = ann.get(&format!("/resources/act?do=move&mark={id}"));
    for project in [nowhere, "dull"] {
        let answer = ann.submit(&preview, "/resources/act", &[("project", project)]);
        assert_eq!(answer.status, 404, "{}", answer.text());
        answer.has("id=\"e-project\"");
    }
    ann.get(&path).has("Stopped").has("<dd>No project</dd>");

    let page = ann.get("/budgets");
    let typed = [("name", "all"), ("amount", "10.00"), ("actual", "50"), ("forecast", "100")];
    for of in ["everything", "owner:me", "product"] {
        let answer = ann.submit(&page, "/budgets", &[&typed[..], &[("of", of)]].concat());
        assert_eq!(answer.status, 400, "{}", answer.text());
        answer.has("id=\"e-of\"");
    }
    // A threshold that is none is told beside the field that it was typed into.
    let typed = [("name", "all"), ("amount", "10.00"), ("actual", "50"), ("forecast", "a lot"), ("of", "")];
    ann.submit(&page, "/budgets", &typed).has("id=\"e-forecast\"").lacks("id=\"e-actual\"");
    ann.get("/budgets").has("No budgets yet");
}

#[test]
fn nothing_is_bought_for_a_sum_or_with_a_choice_that_is_none() {
    let (served, shop) = served();
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let query = "o.charge=prepaid&o.type=S2.SMALL1&o.network=none&months=1&name=web";
    let page = ann.get(&format!("/buy/server/review?{query}"));
    for quoted in ["cheap", ""] {
        let answer = ann.submit(&page, "/buy/server/review", &[("quoted", quoted)]);
        assert_eq!(answer.status, 400, "{quoted:?}: {}", answer.text());
    }
    // What has no price leads back to where it is chosen.
    for wrong in [("quantity", "two"), ("months", "one")] {
        let answer = ann.submit(&page, "/buy/server/review", &[wrong]);
        assert!(answer.path.starts_with("/buy/server?"), "{wrong:?}: {}", answer.path);
    }
    // What cannot be chosen is not replaced by what can.
    for wrong in ["S9.HUGE", "S2 SMALL1"] {
        let answer = ann.submit(&page, "/buy/server/review", &[("o.type", wrong)]);
        assert!(answer.path.starts_with("/buy/server?"), "{wrong:?}: {}", answer.path);
        answer.has(&format!("cannot be “{wrong}”"));
    }
    let choosing = ann.get(&format!("/buy/server?{query}"));
    assert_eq!(ann.submit(&choosing, "/cart", &cart(&query.replace("S2.SMALL1", "S9.HUGE"))).status, 422);
    let kept = ann.submit(&choosing, "/cart", &cart(query));
    let counted = ann.submit(&kept, "/cart/count", &[("quantity", "two")]);
    assert_eq!(counted.status, 400, "{}", counted.text());
    let id = kept.between("name=\"q.", "\"");
    let sum = format!("q.{id}");
    let paid = ann.submit(&kept, "/cart/pay", &[(sum.as_str(), "cheap")]);
    assert_eq!(paid.status, 400, "{}", paid.text());
    assert_eq!(served.get(&shop.key, "/v1/orders").good()["items"], json!([]));
    assert_eq!(account(&served, &shop)["wallet"]["available"], "100.00");
    let sales = ann.get("/requests");
    let typed = [("message", "packs"), ("quantity", "some")];
    let asked = ann.submit(&sales, "/requests", &typed);
    assert_eq!(asked.status, 400);
    asked.has("id=\"e-quantity\"").has(&format!("value=\"{}\"", encoded("some")));
    assert_eq!(served.get(&shop.key, "/v1/sales-requests").good()["items"], json!([]));
}

/// The fields of a form that puts a server into the cart.
fn cart(query: &str) -> Vec<(&str, &str)> {
    query.split('&').filter_map(|it| it.split_once('=')).chain([("product", "server")]).collect()
}
