//! Changes on the website: the difference first, line by line, then the order; what cannot be had says why.
//!
//! In:  a real server and browsers without a screen. Out: what is changed once at the price that was shown, or refusals that change
//! nothing.
//! Source: R-CHG-1, R-CHG-3, R-CHG-5, R-CHG-6, R-NET-3 to R-NET-6.

use crate::support::browser::{Browser, Page};
use crate::support::people::{bought, shop, signed_in};
use crate::support::served::Served;

fn owner(served: &Served) -> Browser<'_> {
    signed_in(served, "ann@example.com", "owner", Some("shop"))
}

/// What has to be paid, as the button says it.
fn fee(text: &str) -> &str {
    text.split("Pay ")
        .nth(1)
        .and_then(|it| it.split(" CNY").next())
        .unwrap_or_else(|| panic!("no fee: {text}"))
}

#[test]
fn what_is_prepaid_is_changed_at_the_difference_that_was_shown() {
    let served = shop("9000.00");
    let mut ann = owner(&served);
    let web =
        bought(&mut ann, "server", "o.type=S1.SMALL1&o.network=none&name=web&o.charge=prepaid&months=12");
    let path = format!("/resources/{web}/resize");
    ann.get(&format!("/resources/{web}")).has(&path);
    ann.get(&path).has("You pay the difference").has("Nothing else is chosen yet").lacks("A day, as it is");
    let page = ann.get(&format!("{path}?o.type=S2.MEDIUM4"));
    page.has("CPU and memory").has("instead of CPU and memory").has("It is changed as soon as it is paid");
    // How each sum comes about, what is there now, and no price of another duration beside it.
    page.has("× 12 / 365 months)").has("At present: S1.SMALL1").has("<span class=\"s\">at present</span>");
    page.has("<small>CPU and memory × 0.83</small>").lacks("1 month, CNY a month");
    let total = fee(&page.text()).to_string();
    let sent = [("o.type", "S2.MEDIUM4")];
    let first = ann.send(&page, &path, &sent);
    let again = ann.send(&page, &path, &sent);
    assert_eq!(first.answer.header("location"), again.answer.header("location"));
    let order = ann.get(first.answer.header("location").unwrap());
    order.has("<h2 id=\"h-way\">Changed</h2>").has(&total).has("<b>Paid</b>").lacks("Being set up");
    // From what to what, and the lines of its price.
    order.has("What was ordered").has("S1.SMALL1 → S2.MEDIUM4").has("instead of CPU and memory");
    ann.get("/orders").has("change");
    is_told_apart(&mut ann);
    ann.get(&format!("/resources/{web}")).has("S2.MEDIUM4");
    // What costs less is lowered: what goes back is said first.
    let page = ann.get(&format!("{path}?o.type=S1.SMALL1"));
    page.has("Goes back").has("counts as paid for it from then on").lacks("Pay ");
    page.has("New: CPU and memory").has("also where a card paid");
    page.has("At present: S2.MEDIUM4").has("the list price × 0.83");
    let sent = [("o.type", "S1.SMALL1"), ("quoted", "-99999999")];
    let refused = ann.send(&page, &path, &sent);
    assert_eq!(refused.status, 409);
    refused.has("The price changed while you were choosing");
    let done = ann.submit(&page, &path, &[("o.type", "S1.SMALL1")]);
    done.has("<h2 id=\"h-way\">Changed</h2>");
    ann.get(&format!("/resources/{web}")).has("S1.SMALL1");
    is_shown_as_lowered(&mut ann, &done);
}

/// The bill of an upgrade says which line is of what is replaced, and so does why it is what it is.
fn is_told_apart(ann: &mut Browser<'_>) {
    let listed = ann.get("/charges").text();
    let ids = listed.split("href=\"/bills/bil_").skip(1).filter_map(|it| it.split('"').next());
    let ids: Vec<String> = ids.map(str::to_string).collect();
    let mut changes = Vec::new();
    for id in &ids {
        let is_told = |page: Page| page.text().contains("instead of CPU and memory");
        let [bill, why] = ["", "/0"].map(|line| is_told(ann.get(&format!("/bills/bil_{id}{line}"))));
        assert_eq!(bill, why, "{id}");
        changes.extend(bill.then_some(id));
    }
    assert_eq!((ids.len(), changes.len()), (2, 1), "{ids:?}");
}

/// An order that lowered something says what went back and by which bill, and nothing as if it had been paid.
fn is_shown_as_lowered(ann: &mut Browser<'_>, order: &Page) {
    order.has("Went back").has("Back to the balance").has("<td class=\"n\">\u{2212}");
    order.lacks("<b>Paid</b>").lacks("From the balance");
    let bill = order.between("href=\"/bills/", "\">See the bill");
    let bill = ann.get(&format!("/bills/{bill}"));
    bill.has("Went back").has("Back to the balance").lacks("Paid from the balance").lacks("Deducted");
    bill.has("New: CPU and memory").has("<p class=\"prose\">For ").lacks("Used from").lacks("No money moved");
    ann.get("/orders").has("<td class=\"n\">\u{2212}").lacks("<td class=\"n\">–</td>");
}

#[test]
fn another_price_is_refused_and_what_is_missing_is_said() {
    let served = shop("60.00");
    let mut ann = owner(&served);
    let web =
        bought(&mut ann, "server", "o.type=S1.SMALL1&o.network=none&name=web&o.charge=prepaid&months=1");
    let path = format!("/resources/{web}/resize");
    let page = ann.get(&format!("{path}?o.type=S2.MEDIUM4"));
    page.has("disabled");
    let sent = [("o.type", "S2.MEDIUM4"), ("quoted", "1")];
    let refused = ann.send(&page, &path, &sent);
    assert_eq!(refused.status, 409);
    refused.has("The price changed while you were choosing");
    let sent = [("o.type", "S2.MEDIUM4"), ("by", "later")];
    ann.submit(&page, &path, &sent).has(fee(&page.text()));
    ann.get(&format!("{path}?o.type=S2.MEDIUM8")).has("Its order");
    what_waits_is_told_at_once_and_cancelled(&mut ann, &web);
    ann.get(&format!("/resources/{web}")).has("S1.SMALL1");
    let mut reader = signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    assert_eq!(reader.get(&path).status, 403);
    reader.get(&format!("/resources/{web}")).lacks(&path);
}

/// An order that waits is named as soon as a page is opened, with the way to it; once it is cancelled there, nothing is in the way.
fn what_waits_is_told_at_once_and_cancelled(ann: &mut Browser<'_>, web: &str) {
    let path = format!("/resources/{web}/resize");
    let waits = ann.get(&path);
    waits.has("is not paid yet").has("To that order").lacks("name=\"o.type\"");
    ann.get(&format!("/renew?mark={web}")).has("is not paid yet").has("To that order");
    let order = format!("/orders/{}", waits.between("href=\"/orders/", "\""));
    let page = ann.get(&order);
    page.has("Pay the order").has("Cancel this order?");
    let first = ann.send(&page, &format!("{order}/cancel"), &[]);
    let again = ann.send(&page, &format!("{order}/cancel"), &[]);
    assert_eq!(first.answer.header("location"), again.answer.header("location"));
    ann.get(&order).has("Cancelled").lacks("Pay the order").lacks("Cancel this order?");
    ann.get(&path).has("name=\"o.type\"").lacks("is not paid yet");
}

#[test]
fn a_cap_is_changed_for_nothing_and_a_base_is_only_raised() {
    let served = shop("200000.00");
    let mut ann = owner(&served);
    let query = "o.region=guangzhou&o.line=bgp&o.base=20&o.elastic=50&name=ip&months=1";
    let ip = bought(&mut ann, "high-defence-ip", query);
    let path = format!("/resources/{ip}/resize");
    // Values that there are not are no other ones, and nothing has a price with them.
    for (query, option, wrong) in [("o.base=5", "base", "5"), ("o.base=20&o.elastic=15", "elastic", "15")] {
        let page = ann.get(&format!("{path}?{query}"));
        page.has(&format!("cannot be “{wrong}”; choose one of: ")).has(&format!("id=\"u-{option}\""));
        page.lacks("Pay ").lacks("Nothing else is chosen yet").lacks("Nothing is to be paid");
    }
    let sent = ann.get(&format!("{path}?o.elastic=100"));
    assert_eq!(ann.send(&sent, &path, &[("o.elastic", "15")]).status, 422);
    let page = ann.get(&format!("{path}?o.elastic=100"));
    page.has("Nothing is to be paid for this").lacks("Pay ");
    let done = ann.submit(&page, &path, &[("o.elastic", "100")]);
    assert_eq!(done.path, format!("/resources/{ip}"));
    ann.get(&format!("{path}?o.base=10")).has("only raised");
    let page = ann.get(&format!("{path}?o.base=30"));
    page.has("Pay ");
}

#[test]
fn a_voucher_pays_for_an_upgrade_and_a_page_in_chinese_says_the_arithmetic() {
    let served = shop("60.00");
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    let mut ann = owner(&served);
    let web =
        bought(&mut ann, "server", "o.type=S1.SMALL1&o.network=none&name=web&o.charge=prepaid&months=1");
    let path = format!("/resources/{web}/resize");
    let page = format!("{path}?o.type=S2.MEDIUM4");
    ann.get(&page).has("disabled").lacks("Vouchers that pay first");
    let account = carl.get("/operator/customers").between("href=\"/operator/customers/acc_", "\"");
    let address = format!("/operator/customers/acc_{account}");
    let form = carl.get(&format!("{address}/voucher"));
    let now = served.get(&served.operator, "/v1/clock").good();
    let year: u32 = now["now"].as_str().unwrap()[..4].parse().unwrap();
    let until = format!("{}-12-31", year + 1);
    let sent = [
        ("name", "Upgrades"),
        ("amount", "500.00"),
        ("modes", "prepaid"),
        ("actions", "upgrade"),
        ("uses", "many"),
        ("until", until.as_str()),
    ];
    assert_eq!(carl.send(&form, &format!("{address}/vouchers"), &sent).status, 303);
    let page = ann.get(&page);
    page.has("Vouchers that pay first").lacks("are missing");
    // The voucher pays all of it: the button says that nothing is taken.
    page.has("Pay 0.00 CNY");
    let total = page.between("By themselves: ", " CNY");
    ann.language = "zh";
    ann.get(&format!("{path}?o.type=S2.MEDIUM4")).has("× 12 / 365 个月").has("当前：S1.SMALL1");
    ann.language = "en";
    let ordered = ann.submit(&page, &path, &[("o.type", "S2.MEDIUM4"), ("vouchers", "auto")]);
    ordered.has("<h2 id=\"h-way\">Changed</h2>").has(&format!("Upgrades: {total}"));
    ann.get(&format!("/resources/{web}")).has("S2.MEDIUM4");
}

#[test]
fn a_network_is_switched_once_each_way() {
    let served = shop("1000.00");
    let mut ann = owner(&served);
    let query = "o.type=S1.SMALL1&o.network=bandwidth&o.bandwidth=2&name=web&o.charge=prepaid&months=6";
    let web = bought(&mut ann, "server", query);
    let path = format!("/resources/{web}/resize");
    ann.get(&path).has("It is only changed between");
    let page = ann.get(&format!("{path}?o.network=traffic"));
    page.has("Goes back").has("Paid for what stays").has("counts as paid for it from then on").lacks("Pay ");
    page.has("What stays is one order up to the deadline from then on");
    // How the sum that counts comes about.
    page.has(" CNY was paid for what stays. Less ").has("which is used of it by now");
    let done = ann.submit(&page, &path, &[("o.network", "traffic")]);
    done.has("<h2 id=\"h-way\">Changed</h2>").has("Went back");
    let page = ann.get(&format!("{path}?o.network=bandwidth"));
    page.has("Pay ").has("It is changed as soon as it is paid");
    ann.submit(&page, &path, &[("o.network", "bandwidth")]).has("<h2 id=\"h-way\">Changed</h2>");
    ann.get(&format!("{path}?o.network=traffic")).has("as often as it goes");
    let hourly = bought(&mut ann, "server", "o.type=S1.SMALL1&o.network=traffic&name=api&o.charge=payg");
    ann.get(&format!("/resources/{hourly}/resize")).lacks("o.network");
}

/// Ten days of 5 Mbps in the place of 2: 75 × 10 × 12 / 365 = 24.66.
#[test]
fn bandwidth_is_raised_for_some_days() {
    let served = shop("5000.00");
    let mut ann = owner(&served);
    let query = "o.type=S1.SMALL1&o.network=bandwidth&o.bandwidth=2&name=web&o.charge=prepaid&months=24";
    let web = bought(&mut ann, "server", query);
    let path = format!("/resources/{web}/resize");
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let next_year = 1971 + since.as_secs() / 31_556_952;
    let (first, last) = (format!("{next_year}-06-01"), format!("{next_year}-06-10"));
    ann.get(&path).has("Bandwidth: only for some days").has("First day").has("Last day");
    ann.get(&format!("{path}?o.bandwidth=5&from={first}")).has("first and the last day").lacks("Pay ");
    ann.get(&format!("{path}?o.bandwidth=5&from=2020-01-01&until=2020-01-02")).has("began at").lacks("Pay ");
    wrong_days_are_told_in_the_list_and_beside_their_fields(&mut ann, &path, [&first, &last]);
    let page = ann.get(&format!("{path}?o.bandwidth=5&from={first}&until={last}"));
    page.has("For 10 days, from").has("changes back by itself").has("Pay 24.66");
    let sent = [("o.bandwidth", "5"), ("from", first.as_str()), ("until", last.as_str())];
    ann.submit(&page, &path, &sent).has("<b>Paid</b>").has("24.66");
    let page = ann.get(&format!("/resources/{web}"));
    page.has("To be raised for some days").has("2 → 5");
    // What comes says what changes: up on the first day, and down again behind the last.
    let life = page.between("<ol class=\"life\">", "</ol>");
    assert!(life.contains("Bandwidth: 2") && life.contains("→ 5") && life.contains("Bandwidth: 5"), "{life}");
    ann.get(&format!("{path}?o.bandwidth=9")).has("Some days of it are raised, from").lacks("Pay ");
    // That is said before anything is chosen, and what cannot be changed is not offered.
    let page = ann.get(&path);
    page.has("Some days of it are raised, from").has("on other days alone").has("name=\"o.bandwidth\"");
    page.lacks("name=\"o.type\"").lacks("name=\"o.network\"");
}

/// Each day that is wrong is said at once, before the change is asked for and when it is.
fn wrong_days_are_told_in_the_list_and_beside_their_fields(
    ann: &mut Browser<'_>,
    path: &str,
    [first, last]: [&str; 2],
) {
    let told = |page: &Page, all: &[(&str, &str)]| {
        for (field, text) in all {
            let listed = format!("<li><a href=\"#{field}\">{text}</a></li>");
            page.has(&listed)
                .has(&format!("aria-describedby=\"e-{field}\""))
                .has(&format!("id=\"e-{field}\""));
        }
        assert_eq!(page.text().matches("id=\"e-").count(), all.len(), "{}", page.text());
        page.lacks("Pay ");
    };
    let swapped = [("first_day", "First day: The last day lies before the first; swap them.")];
    let half = [("last_day", "Last day: Fill in both the first and the last day, or neither.")];
    let none = |place: &'static str, name: &str, text: &str| {
        (place, format!("{name}: “{text}” is no day. Write it such as 2026-06-01."))
    };
    let none = [none("first_day", "First day", "soon"), none("last_day", "Last day", "later")];
    let none = none.each_ref().map(|it| (it.0, it.1.as_str()));
    let asked = |ann: &mut Browser<'_>, days: &str| ann.get(&format!("{path}?o.bandwidth=5&{days}"));
    told(&asked(ann, &format!("from={last}&until={first}")), &swapped);
    told(&asked(ann, &format!("from={first}")), &half);
    told(&asked(ann, "from=soon&until=later"), &none);
    asked(ann, "from=2020-01-01&until=2020-01-02")
        .has("<li><a href=\"#first_day\">First day: The first day began at 2020");
    asked(ann, &format!("from={first}&until={last}")).lacks("id=\"e-").lacks("is not right");
    // Days of what is sent all the same are told as those that are looked at.
    let page = asked(ann, &format!("from={first}&until={last}"));
    for (days, all) in [([last, first], &swapped[..]), (["soon", "later"], &none[..])] {
        let sent = [("o.bandwidth", "5"), ("from", days[0]), ("until", days[1])];
        let refused = ann.send(&page, path, &sent);
        assert_eq!(refused.status, 422);
        told(&refused, all);
    }
    ann.language = "zh";
    asked(ann, &format!("from={last}&until={first}"))
        .has("首日：末日早于首日，请对调。")
        .has("有 1 处需要更正");
    ann.language = "en";
}
