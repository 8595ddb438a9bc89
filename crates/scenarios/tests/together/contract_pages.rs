//! Contract prices on the website: agreed and ended by the operator, shown to the customer beside the list price, and paid.
//!
//! In:  a real server and browsers without a screen. Out: prices, or refusals that change nothing.
//! Source: R-PRC-22; issue 14.7.

use crate::support::people::{bought_server, shop, signed_in};
use crate::support::served::Served;
use serde_json::json;

const YEAR: &str = "o.type=S1.SMALL1&o.network=none&name=web&o.charge=prepaid&months=12";

/// 45.00 × 12 × 0.83 = 448.20 by contract, 51.00 × 12 × 0.83 = 507.96 by the list.
#[test]
fn a_contract_price_is_agreed_shown_and_ended_on_pages() {
    let served = shop("1000.00");
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    ann.get(&format!("/buy/server/review?{YEAR}")).has("507.96").lacks("Contract price");
    let customers = carl.get("/operator/customers");
    let id = customers.between("href=\"/operator/customers/acc_", "\"");
    let address = format!("/operator/customers/acc_{id}");
    carl.get(&address).has("Contract prices");
    let page = format!("{address}/contract-prices");
    let form = carl.get(&page);
    // What is priced is chosen of a list, below its product.
    form.has("No contract prices yet")
        .has("<optgroup label=\"Cloud server\">")
        .has("value=\"server/hardware\"");
    let fields = |component: &'static str, when: &'static str| {
        [
            ("id", "c-17"),
            ("component", component),
            ("when", when),
            ("amount", "45.00"),
            ("reason", "framework contract 17"),
        ]
    };
    assert_eq!(carl.send(&form, &page, &fields("server/nothing", "type=S1.SMALL1")).status, 422);
    assert_eq!(carl.send(&form, &page, &fields("server/hardware", "S1.SMALL1")).status, 422);
    carl.get(&page).has("No contract prices yet");
    let form = carl.get(&page);
    carl.submit(&form, &page, &fields("server/hardware", "type=S1.SMALL1"))
        .has("The contract price is agreed.")
        .has("c-17")
        .has("45.00")
        .has("Holds until")
        .has("type=\"datetime-local\" id=\"from\"")
        .has("<span class=\"s\">per month</span>");
    // The page of the customer shows it, and what leads to all of them.
    carl.get(&address).has("<code>hardware</code>").has(&format!("href=\"{page}\""));

    let review = ann.get(&format!("/buy/server/review?{YEAR}"));
    review.has("448.20").has("Contract price; list price 51.00");
    // What is its own is not called a list price, nor where it is paid ahead.
    ann.get(&format!("/buy/server?{YEAR}")).has("Price, CNY a month").lacks("List price, CNY a month");
    let job = bought_server(&mut ann, "job", "o.charge=payg");
    ann.get(&format!("/resources/{job}/convert"))
        .has("45.00")
        .has("Contract price; list price 51.00")
        .lacks("List price, CNY");
    let form = carl.get(&page);
    form.has("End c-17").has("From now on the price book holds");
    carl.submit(&form, &format!("{page}/c-17/end"), &[]).has("The contract price is ended");
    ann.get(&format!("/buy/server/review?{YEAR}")).has("507.96").lacks("Contract price;");
    ann.get(&format!("/buy/server?{YEAR}")).has("List price, CNY a month");
}

/// What waits while its price changes is not paid at the old one: the page says what changed, the order ends, and the same is chosen
/// again at the price of now.
#[test]
fn an_order_whose_price_changed_ends_where_it_is_paid() {
    let served = shop("1000.00");
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let review = ann.get(&format!("/buy/server/review?{YEAR}"));
    let to_pay = ann.submit(&review, "/buy/server/review", &[("by", "card")]);
    to_pay.has("Pay 507.96 CNY");
    let order = to_pay.path.split("/pay").next().unwrap().to_string();
    let id = carl.get("/operator/customers").between("href=\"/operator/customers/acc_", "\"");
    let page = format!("/operator/customers/acc_{id}/contract-prices");
    let form = carl.get(&page);
    let agreed = [
        ("id", "c-19"),
        ("component", "server/hardware"),
        ("when", "type=S1.SMALL1"),
        ("amount", "45.00"),
        ("reason", "framework contract 19"),
    ];
    carl.submit(&form, &page, &agreed).has("The contract price is agreed.");
    // 507.96 − 448.20 = 59.76: said before anybody tries, with what was ordered and until when it waits.
    let stale = ann.get(&format!("{order}/pay"));
    stale.has("The price was 507.96 CNY and is 448.20 CNY now: 59.76 CNY less.").has("Order it again");
    stale.has("Pay it until").has("S1.SMALL1");
    let refused = ann.send(&to_pay, &format!("{order}/pay"), &[("means", "balance")]);
    assert_eq!(refused.status, 409);
    refused.has("This order cannot be paid any more").has("Nothing was paid").lacks("Pay 507.96 CNY");
    refused
        .has("The price was 507.96 CNY and is 448.20 CNY now: 59.76 CNY less.")
        .has("448.20<span class=\"s\">it was 507.96</span>");
    // Its page says the same of it from then on, also where somebody wants to pay it again.
    let shown = ann.get(&format!("{order}/pay"));
    assert_eq!(shown.path, order);
    shown.has("Not valid any more").has("Order it again").lacks("Pay the order");
    assert_eq!(ann.send(&to_pay, &format!("{order}/pay"), &[("means", "balance")]).status, 409);
    ann.get("/").has("1,000.00");
    // What was chosen is chosen again, at the price of now.
    let again = shown.between("href=\"/buy/server?", "\"");
    let again = again.replace("&amp;", "&");
    ann.get(&format!("/buy/server/review?{again}")).has("448.20").has("web");
}

/// What lies in the cart while its price changes says by how much; a page from before buys nothing at the old one.
#[test]
fn a_cart_says_by_how_much_a_price_changed_since_something_was_put_there() {
    let served = shop("1000.00");
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let choosing = ann.get(&format!("/buy/server?{YEAR}"));
    let server = [
        ("product", "server"),
        ("o.charge", "prepaid"),
        ("o.type", "S1.SMALL1"),
        ("o.network", "none"),
        ("months", "12"),
        ("name", "web"),
    ];
    let before = ann.submit(&choosing, "/cart", &server);
    before.has("Pay 507.96 CNY").lacks("Its price changed");
    let id = carl.get("/operator/customers").between("href=\"/operator/customers/acc_", "\"");
    let page = format!("/operator/customers/acc_{id}/contract-prices");
    let form = carl.get(&page);
    let agreed = [
        ("id", "c-20"),
        ("component", "server/hardware"),
        ("when", "type=S1.SMALL1"),
        ("amount", "45.00"),
        ("reason", "framework contract 20"),
    ];
    carl.submit(&form, &page, &agreed).has("The contract price is agreed.");
    let difference = "The price was 507.96 CNY and is 448.20 CNY now: 59.76 CNY less.";
    let now = ann.get("/cart");
    now.has(&format!("Its price changed since you put it here. {difference}")).has("Pay 448.20 CNY");
    let stale = ann.send(&before, "/cart/pay", &[]);
    assert_eq!(stale.status, 409);
    stale.has(&format!("<p>{difference} Nothing was ordered.")).has("Pay 448.20 CNY");
    ann.get("/orders").has("No orders yet");
    ann.language = "zh";
    ann.get("/cart").has("放入后价格有变。原为 507.96 元，现为 448.20 元，少 59.76 元。");
    ann.language = "en";
    // In the other direction it says how much more it is, as soon as the contract price is over.
    ann.submit(&now, "/cart/count", &[("quantity", "2")]).has("Pay 896.40 CNY").lacks("Its price changed");
    let form = carl.get(&page);
    carl.submit(&form, &format!("{page}/c-20/end"), &[]).has("The contract price is ended");
    // 507.96 × 2 − 448.20 × 2 = 119.52.
    ann.get("/cart").has("The price was 896.40 CNY and is 1,015.92 CNY now: 119.52 CNY more.");
}

/// One that begins later is taken back before, and never holds.
#[test]
fn a_contract_price_that_has_not_begun_is_taken_back() {
    let served = shop("1000.00");
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    let id = carl.get("/operator/customers").between("href=\"/operator/customers/acc_", "\"");
    let page = format!("/operator/customers/acc_{id}/contract-prices");
    let form = carl.get(&page);
    let later = [
        ("id", "c-18"),
        ("component", "server/hardware"),
        ("when", "type=S1.SMALL1"),
        ("amount", "40.00"),
        ("from", "2100-01-01"),
        ("reason", "framework contract 18"),
    ];
    let agreed = carl.submit(&form, &page, &later);
    agreed
        .has("The contract price is agreed.")
        .has("It has not begun")
        .has("Take c-18 back")
        .lacks("End c-18");
    let ended = carl.submit(&agreed, &format!("{page}/c-18/end"), &[]);
    ended
        .has("The contract price is taken back")
        .has("c-18")
        .lacks("It has not begun")
        .lacks("Take c-18 back");
}

/// Nobody but the operator agrees on a price: a customer has no such page, and who only looks has no form.
#[test]
fn a_customer_agrees_on_nothing() {
    let served = shop("1000.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let account = served.get(&served.operator, "/v1/accounts").good()["items"][0]["id"].clone();
    let page = format!("/operator/customers/{}/contract-prices", account.as_str().unwrap());
    let shown = ann.get(&page);
    assert_eq!(shown.path, "/", "nobody is told that such a page is there");
    shown.lacks("Contract prices");
}

/// 0.17 an hour for 720 hours is 122.40, and 110.16 at nine tenths: what makes the difference stands beside the price.
#[test]
fn an_estimate_says_at_which_contract_rate_it_comes_about() {
    let served = Served::start(&["--rate-limit", "0", "--cloud-delay-seconds", "0"]);
    served.customer_of(&json!({ "name": "shop", "contract_rate": "0.9" }), "1000.00");
    served.customer("studio", "1000.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let mut stu = signed_in(&served, "stu@example.com", "owner", Some("studio"));
    for page in ["/buy/container", "/buy/container/review"] {
        let address = format!("{page}?o.spec=1U1G");
        ann.get(&address).has("0.17").has("110.16 CNY").has("contract rate 0.90");
        stu.get(&address).has("0.17").has("122.40 CNY").lacks("contract rate");
    }
    ann.language = "zh";
    ann.get("/buy/container?o.spec=1U1G").has("合同折扣 0.90");
}
