//! Vouchers on the website: redeemed, chosen for a purchase and at the payment; given and taken back by the operator.
//!
//! In:  a real server and browsers without a screen. Out: what vouchers pay, or refusals that change nothing.
//! Source: R-VOU-1, R-VOU-5, R-PAY-1; issue 14.

use crate::support::browser::{Browser, Page};
use crate::support::people::{bought_server, shop, signed_in};
use crate::support::served::{Served, eventually};

const YEAR: &str = "o.type=S1.SMALL1&o.network=none&name=web&o.charge=prepaid&months=12";

/// A day that lies ahead.
fn soon(served: &Served) -> String {
    let now = served.get(&served.operator, "/v1/clock").good();
    let year: u32 = now["now"].as_str().unwrap()[..4].parse().unwrap();
    format!("{}-12-31", year + 1)
}

/// What is wrong stands beside its field, and nothing is given.
fn refused_at_their_fields(carl: &mut Browser<'_>, (form, action): (&Page, &str), until: &str) {
    let wrong = carl.send(
        form,
        action,
        &[("name", "Spring"), ("amount", "0"), ("modes", "prepaid"), ("uses", "once"), ("until", until)],
    );
    assert_eq!(wrong.status, 422);
    for (field, value, modes) in
        [("regions", "atlantis", "prepaid"), ("max_months", "0", "prepaid"), ("actions", "new", "post_paid")]
    {
        let sent = [
            ("name", "Autumn"),
            ("amount", "1.00"),
            ("modes", modes),
            ("uses", "once"),
            ("until", until),
            (field, value),
        ];
        let wrong = carl.send(form, action, &sent);
        assert_eq!(wrong.status, 422, "{field}");
        wrong.has(&format!("id=\"e-{field}\""));
    }
}

#[test]
fn a_voucher_is_given_on_pages_and_pays_for_a_purchase() {
    let served = shop("1000.00");
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    ann.get("/vouchers").has("No vouchers yet");
    let customers = carl.get("/operator/customers");
    let id = customers.between("href=\"/operator/customers/acc_", "\"");
    let address = format!("/operator/customers/acc_{id}");
    carl.get(&address).has("Issue a voucher");
    let form = carl.get(&format!("{address}/voucher"));
    let action = format!("{address}/vouchers");
    let until = soon(&served);
    refused_at_their_fields(&mut carl, (&form, &action), &until);
    carl.get("/operator/vouchers").lacks("Autumn");
    let sent = [
        ("name", "Spring"),
        ("amount", "100.00"),
        ("modes", "prepaid"),
        ("uses", "once"),
        ("until", until.as_str()),
    ];
    let first = carl.send(&form, &action, &sent);
    let again = carl.send(&form, &action, &sent);
    assert_eq!(first.answer.header("location"), again.answer.header("location"));
    carl.get("/operator/vouchers")
        .has("Spring")
        .has("shop")
        .has("100.00 of 100.00")
        .has("Withdraw Spring")
        .has("100.00 CNY lapse")
        .has("href=\"/operator/customers\"");

    ann.get("/vouchers").has("Spring").has("Can be used");
    ann.get("/notices").has("A voucher for you: Spring").has("the voucher Spring of 100.00 CNY");
    let page = ann.get(&format!("/buy/server/review?{YEAR}"));
    page.has("Vouchers that pay first").has("By themselves: 100.00");
    // 507.96 less the voucher of 100.00 is what is taken, and what the button says.
    page.has("Pay 407.96 CNY").has("<dd>507.96</dd>").has("\u{2212}100.00").lacks("Pay 507.96");
    page.has("None; then to pay: 507.96 CNY");
    let ordered = ann.submit(&page, "/buy/server/review", &[("vouchers", "auto")]);
    eventually("delivery", || {
        ann.get(&ordered.path).text().contains("<h2 id=\"h-way\">Delivered</h2>").then_some(())
    });
    ann.get(&ordered.path).has("From vouchers").has("Spring: 100.00").has("407.96");
    ann.get("/vouchers").has("Used").has("0.00 of 100.00");
    ann.get("/").has("592.04");
    let web = ann.get("/resources").between("name=\"mark\" value=\"", "\"");
    let page = ann.get(&format!("/refund?resource={web}"));
    page.has("407.96").lacks("507.96").has("What vouchers paid does not come back: 100.00 CNY.");
}

/// Whoever left several fields wrong learns of all of them at once, and nothing is written.
#[test]
fn everything_that_is_wrong_with_a_form_is_said_at_once() {
    let served = shop("1000.00");
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let id = carl.get("/operator/customers").between("href=\"/operator/customers/acc_", "\"");
    let address = format!("/operator/customers/acc_{id}");
    let of = |page: &str| format!("{address}/{page}");
    let voucher = [
        ("name", ""),
        ("amount", "0"),
        ("modes", "prepaid"),
        ("uses", "once"),
        ("regions", "atlantis"),
        ("min_spend", "much"),
        ("max_months", "0"),
        ("until", "someday"),
    ];
    let at = ["name", "amount", "regions", "min_spend", "max_months", "until"];
    carl.wrong_at_once([&of("voucher"), &of("vouchers")], &voucher, &at);
    let code = [
        ("code", "x"),
        ("name", ""),
        ("amount", "1.00"),
        ("modes", "prepaid"),
        ("uses", "once"),
        ("products", "moon"),
        ("times", "0"),
        ("until", ""),
        ("voucher_days", "many"),
    ];
    let at = ["code", "name", "products", "times", "until", "voucher_days"];
    carl.wrong_at_once(["/operator/vouchers", "/operator/promotion-codes"], &code, &at);
    carl.get("/operator/vouchers").has("No promotion codes yet").lacks("atlantis");
    let credit = [("limit", "much"), ("day", "40"), ("reason", "")];
    carl.wrong_at_once([&of("credit"), &of("credit")], &credit, &["limit", "day", "reason"]);
    let commitment = [("amount", "much"), ("from", "soon"), ("until", "late"), ("reason", "")];
    let at = ["amount", "from", "until", "reason"];
    carl.wrong_at_once([&of("commitment"), &of("commitment")], &commitment, &at);
    let price = [
        ("id", "c 1"),
        ("component", "nothing"),
        ("when", "SMALL"),
        ("amount", "much"),
        ("from", "soon"),
        ("reason", ""),
    ];
    let form = carl.get(&of("contract-prices"));
    let wrong = carl.send(&form, &of("contract-prices"), &price);
    assert!([400, 422].contains(&wrong.status), "{}", wrong.status);
    for field in ["id", "component", "when", "amount", "from", "reason"] {
        wrong.has(&format!("id=\"e-{field}\""));
    }
    operators_forms_are_judged_whole(&mut carl, &address);
    customers_forms_are_judged_whole(&mut ann);
    let details =
        [("name", ""), ("country", "Germany"), ("tax_number", "#"), ("mail", "nowhere"), ("language", "en")];
    let at = ["name", "country", "tax_number", "mail"];
    ann.wrong_at_once(["/documents/details", "/documents/details"], &details, &at);
    let budget = [("name", ""), ("amount", "0"), ("of", "nothing"), ("actual", "0"), ("forecast", "half")];
    let at = ["name", "amount", "of", "actual", "forecast"];
    ann.wrong_at_once(["/budgets", "/budgets"], &budget, &at);
    ann.get("/budgets").has("No budgets yet");
}

/// Accounts and their terms, tiers of contract prices, top-ups, corrections and keys of an operator.
fn operators_forms_are_judged_whole(carl: &mut Browser<'_>, address: &str) {
    let of = |page: &str| format!("{address}/{page}");
    let price = [
        ("id", "c 1"),
        ("component", "server/hardware"),
        ("above", "5 moons"),
        ("amount", "much"),
        ("reason", "contract 1"),
    ];
    carl.wrong_at_once([&of("contract-prices"); 2], &price, &["id", "above", "amount"]);
    let new = "/operator/customers/new";
    let account = [("name", ""), ("contract_rate", "much"), ("verified", ""), ("alert", "little")];
    carl.wrong_at_once([new; 2], &account, &["name", "contract_rate", "verified", "alert"]);
    let account = [("name", ""), ("contract_rate", "much"), ("verified", "yes"), ("currency", "crowns")];
    carl.wrong_at_once([new; 2], &account, &["name", "contract_rate", "currency"]);
    let terms = [
        ("contract_rate", "much"),
        ("verified", ""),
        ("alert", "little"),
        ("no_stop_days", "100"),
        ("vouchers_per_order", "many"),
    ];
    let at = terms.map(|it| it.0);
    carl.wrong_at_once([&of("terms"); 2], &terms, &at);
    let top_up = [("amount", "much"), ("reference", ""), ("purse", "")];
    carl.wrong_at_once([&of("top-up"), &of("top-up/review")], &top_up, &["amount", "reference", "purse"]);
    let correction = [("kind", ""), ("bill", "nothing"), ("amount", "much"), ("reason", ""), ("id", "")];
    let at = correction.map(|it| it.0);
    carl.wrong_at_once([&of("correct"), &of("correct/review")], &correction, &at);
    let key = [("name", ""), ("scope", ""), ("expires", "soon"), ("addresses", "nowhere")];
    let at = key.map(|it| it.0);
    carl.wrong_at_once(["/operator/keys", "/operator/keys/make"], &key, &at);
}

/// Keys and webhooks of an account, and what it asks of sales.
fn customers_forms_are_judged_whole(ann: &mut Browser<'_>) {
    let key = [("name", ""), ("addresses", "nowhere")];
    ann.wrong_at_once(["/keys"; 2], &key, &["name", "scope", "addresses"]);
    ann.wrong_at_once(["/webhooks"; 2], &[("url", "nowhere"), ("kinds", "nothing")], &["url", "kinds"]);
    let request = [("quantity", "many"), ("from", "soon"), ("price", "much"), ("message", "")];
    let at = request.map(|it| it.0);
    ann.wrong_at_once(["/requests"; 2], &request, &at);
    ann.wrong_at_once(["/requests"; 2], &[("quantity", "0"), ("message", "")], &["quantity", "message"]);
}

#[test]
fn a_code_is_redeemed_and_its_voucher_chosen_at_the_payment() {
    let served = shop("1000.00");
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let page = carl.get("/operator/vouchers");
    page.has("No promotion codes yet");
    let until = soon(&served);
    let sent = [
        ("code", "spring-26"),
        ("name", "Spring"),
        ("amount", "20.00"),
        ("modes", "prepaid"),
        ("uses", "once"),
        ("times", "5"),
        ("until", until.as_str()),
        ("voucher_days", "30"),
    ];
    carl.submit(&page, "/operator/promotion-codes", &sent)
        .has("The promotion code is made")
        .has("SPRING-26")
        .has("0 of 5");
    let wrong = ann.get("/vouchers");
    let refused = ann.send(&wrong, "/vouchers/redeem", &[("code", "WINTER")]);
    assert_eq!(refused.status, 422);
    refused.has("There is no code WINTER; look at how it is written");
    let page = ann.get("/vouchers");
    ann.submit(&page, "/vouchers/redeem", &[("code", "SPRING-26")])
        .has("The code is redeemed")
        .has("20.00 of 20.00");
    let page = ann.get("/vouchers");
    assert_eq!(ann.send(&page, "/vouchers/redeem", &[("code", "SPRING-26")]).status, 409);

    let review = ann.get(&format!("/buy/server/review?{YEAR}"));
    let placed = ann.submit(&review, "/buy/server/review", &[("vouchers", ""), ("by", "card")]);
    let order = placed.path.split(['/', '?']).nth(2).unwrap().to_string();
    let pay = format!("/orders/{order}/pay");
    let page = ann.get(&pay);
    page.has("Vouchers that pay first").has("507.96");
    ann.submit(&page, &format!("/orders/{order}/vouchers"), &[("vouchers", "auto")])
        .has("487.96")
        .has("From vouchers");
    let page = ann.get(&pay);
    ann.submit(&page, &pay, &[("means", "balance")]);
    ann.get("/").has("512.04");
    let mut reader = signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    reader.get("/vouchers").lacks("Redeem<");
}

/// Vouchers count where it is said what is missing of a balance, and are chosen for renewals, the cart and conversions.
#[test]
fn vouchers_pay_for_renewals_the_cart_and_conversions() {
    let served = shop("60.00");
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let web = bought_server(&mut ann, "web", "o.charge=prepaid&months=1");
    // 9.00 are left: a month more costs 51.00.
    let renewal = format!("/renew/review?mark={web}&months=1");
    ann.get(&renewal).has("42.00 CNY are missing").lacks("Vouchers that pay first");
    ann.get(&format!("/buy/server/review?{YEAR}")).has("498.96 CNY are missing");
    let account = carl.get("/operator/customers").between("href=\"/operator/customers/acc_", "\"");
    let address = format!("/operator/customers/acc_{account}");
    let until = soon(&served);
    let give = |carl: &mut crate::support::browser::Browser<'_>, more: &[(&str, &str)]| {
        let form = carl.get(&format!("{address}/voucher"));
        let mut sent =
            vec![("amount", "500.00"), ("modes", "prepaid"), ("uses", "many"), ("until", until.as_str())];
        sent.extend_from_slice(more);
        let done = carl.send(&form, &format!("{address}/vouchers"), &sent);
        assert_eq!(done.status, 303, "{}", done.text());
    };
    give(&mut carl, &[("name", "Renewals"), ("actions", "renew"), ("max_months", "6")]);
    give(&mut carl, &[("name", "North"), ("regions", "shanghai")]);
    // It says why it does not pay for what is new, by names.
    ann.get(&format!("/buy/server/review?{YEAR}"))
        .has("498.96 CNY are missing")
        .has("Renewals: only renewals")
        .has("North: only in Shanghai")
        .lacks("only in shanghai");
    ann.get("/vouchers").has("only renewals").has("at most 6 months");
    ann.get("/forecast").has("No voucher pays");

    let page = ann.get(&renewal);
    page.has("Vouchers that pay first").has("By themselves: 51.00").lacks("are missing");
    let ordered = ann.submit(&page, "/renew/review", &[("vouchers", "auto")]);
    ordered.has("Renewals: 51.00");
    ann.get("/vouchers").has("449.00 of 500.00");

    // What is paid by use may be paid ahead: of a voucher for everything.
    give(&mut carl, &[("name", "All")]);
    let job = bought_server(&mut ann, "job", "o.charge=payg");
    let convert = format!("/resources/{job}/convert");
    let page = ann.get(&convert);
    page.has("Vouchers that pay first").has("Renewals: only renewals").lacks("are missing");
    let ordered = ann.submit(&page, &convert, &[("months", "1"), ("quoted", "5100"), ("vouchers", "auto")]);
    ordered.has("All: 51.00");

    // The cart: 51.00 for a server of a month.
    let page = ann.get("/buy/server?o.type=S1.SMALL1&o.network=none&name=more&o.charge=prepaid&months=1");
    let server = [
        ("product", "server"),
        ("o.type", "S1.SMALL1"),
        ("o.network", "none"),
        ("o.charge", "prepaid"),
        ("months", "1"),
        ("name", "more"),
    ];
    let cart = ann.submit(&page, "/cart", &server);
    cart.has("Vouchers that pay first").has("By themselves: 51.00").lacks("are missing");
    ann.submit(&cart, "/cart/pay", &[("vouchers", "auto")]).has("All: 51.00");
    // It is held until the server is there.
    eventually("delivery", || ann.get("/vouchers").text().contains("398.00 of 500.00").then_some(()));
}

/// So many vouchers for one order are agreed with the other terms.
#[test]
fn how_many_vouchers_an_order_takes_is_agreed_on_the_page_of_terms() {
    let served = shop("60.00");
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    let account = carl.get("/operator/customers").between("href=\"/operator/customers/acc_", "\"");
    let address = format!("/operator/customers/acc_{account}");
    let terms = format!("{address}/terms");
    let page = carl.get(&terms);
    page.has("Vouchers for one order");
    let agreed = |count: &'static str| {
        [("contract_rate", "1"), ("alert", ""), ("verified", "yes"), ("vouchers_per_order", count)]
    };
    let wrong = carl.send(&page, &terms, &agreed("11"));
    assert_eq!(wrong.status, 422);
    let done = carl.send(&page, &terms, &agreed("3"));
    assert_eq!(done.status, 303);
    carl.get(&address).has("Vouchers for one order");
    carl.get("/operator/audit").has("Changed the terms of an account").has(&format!("form {terms}"));
}
