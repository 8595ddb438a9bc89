//! What a customer does on the website beside buying one thing: carts, several resources at once, labels, other options,
//! projects, keys; as pages and forms alone.
//!
//! In:  real servers and browsers without a screen. Out: what is done once, or refusals that change nothing.

use crate::support::browser::{Browser, Page, encoded};
use crate::support::people::{PASSWORD, accept, shop, signed_in};
use crate::support::served::{Served, eventually};

fn owner(served: &Served) -> Browser<'_> {
    signed_in(served, "ann@example.com", "owner", Some("shop"))
}

/// Buys what an address says, waits until it is there, and gives the ids of all resources, the newest first.
fn bought(browser: &mut Browser<'_>, product: &str, query: &str) -> Vec<String> {
    let page = browser.get(&format!("/buy/{product}/review?{query}"));
    let ordered = browser.submit(&page, &format!("/buy/{product}/review"), &[]);
    let path = ordered.path.clone();
    eventually("delivery", || {
        browser.get(&path).text().contains("<h2 id=\"h-way\">Delivered</h2>").then_some(())
    });
    let list = browser.get("/resources").text();
    list.split("name=\"mark\" value=\"").skip(1).map(|it| it.split('"').next().unwrap().to_string()).collect()
}

/// The preview of a deed for resources.
fn preview(browser: &mut Browser<'_>, deed: &str, marks: &[String]) -> Page {
    let marks: Vec<String> = marks.iter().map(|it| format!("mark={}", encoded(it))).collect();
    browser.get(&format!("/resources/act?do={deed}&{}", marks.join("&")))
}

#[test]
fn several_are_stopped_together_and_who_stays_is_told_by_name() {
    let served = shop("1000.00");
    let mut ann = owner(&served);
    bought(&mut ann, "server", "o.charge=payg&o.type=S2.SMALL1&o.network=none&name=fleet&quantity=2");
    let all =
        bought(&mut ann, "server", "o.charge=prepaid&o.type=S2.SMALL1&o.network=none&months=1&name=old");
    assert_eq!(all.len(), 3);
    // Stopped without charge, CPU and memory cost nothing: 24 h x 0.13 = 3.12 a day before. What is prepaid stays.
    let page = preview(&mut ann, "stop_free", &all);
    page.has("Stop without charge: 3")
        .has("3.12")
        .has("Stays as it is. What is prepaid is charged")
        .has("Stop without charge: 2");
    // One of them is stopped meanwhile: the other is done, and the one is named.
    let alone = ann.get(&format!("/resources/{}", all[1]));
    ann.submit(&alone, &format!("/resources/{}/switch", all[1]), &[("to", "stop")]);
    let first = ann.send(&page, "/resources/act", &[]);
    let again = ann.send(&page, "/resources/act", &[]);
    assert_eq!(first.answer.header("location"), again.answer.header("location"));
    let to = first.answer.header("location").unwrap().to_string();
    let result = ann.get(&to);
    result.has("Done: 1 of 2.").has("Refused").has("fleet-");
    // A release asks for the number, and then does it.
    let page = preview(&mut ann, "release", &all);
    page.has("A prepaid resource lives until its deadline");
    assert_eq!(ann.submit(&page, "/resources/act", &[("sure", "3")]).status, 422);
    let page = preview(&mut ann, "release", &all);
    ann.submit(&page, "/resources/act", &[("sure", "2")]).has("Done: 2 of 2.");
    // Nobody else's are touched, and who may only read sees no boxes.
    served.customer("rival", "1.00");
    let mut rival = signed_in(&served, "riv@example.com", "owner", Some("rival"));
    preview(&mut rival, "start", &all).lacks("fleet-");
    let mut reader = signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    reader.get("/resources").has("fleet-").lacks("name=\"mark\"");
    assert_eq!(preview(&mut reader, "stop", &all).status, 403);
}

/// What nothing of a page can be asked for is not offered for it, and who cannot is named; the page of each says the same of it.
#[test]
fn what_none_of_them_can_do_is_not_offered() {
    let served = shop("1000.00");
    let mut ann = owner(&served);
    let offers = |deed: &str| format!("name=\"do\" value=\"{deed}\"");
    let disk = bought(&mut ann, "disk", "o.charge=prepaid&o.type=premium&o.size=100&months=1&name=data");
    let page = ann.get("/resources");
    page.has(&offers("move")).has(&offers("renewal")).has("formaction=\"/renew\"");
    for deed in ["stop", "stop_free", "start", "release"] {
        page.lacks(&offers(deed));
    }
    ann.get(&format!("/resources/{}", disk[0])).lacks("/switch\"").lacks("href=\"#release\"");
    let all = bought(&mut ann, "server", "o.charge=payg&o.type=S2.SMALL1&o.network=none&name=web");
    assert_eq!(all.len(), 2);
    let page = ann.get("/resources");
    page.has(&offers("stop")).has(&offers("stop_free")).has(&offers("release")).lacks(&offers("start"));
    let page = preview(&mut ann, "stop", &all);
    page.has("Stop: 2").has("Stays as it is. Stopped, it is charged as before.").has(">Stop: 1</button>");
    ann.submit(&page, "/resources/act", &[]).has("Done: 1 of 1.");
    // Of what is stopped already, starting is all there is.
    ann.get("/resources").has(&offers("start")).lacks(&offers("stop")).has(&offers("release"));
    ann.get(&format!("/resources/{}", all[0])).has("value=\"start\"").lacks("value=\"stop\"");
}

#[test]
fn labels_are_written_filtered_by_and_shown_as_they_are() {
    let served = shop("1000.00");
    let mut ann = owner(&served);
    let all = bought(&mut ann, "server", "o.charge=payg&o.type=S2.SMALL1&o.network=none&name=web");
    let opened = ann.get("/projects");
    opened.has("No projects yet");
    let listed = ann.submit(&opened, "/projects", &[("name", "store <b>front</b>")]);
    listed.has("store &lt;b&gt;front&lt;/b&gt;");
    let project = listed.between("/resources?project=", "\"");
    let path = format!("/resources/{}/labels", all[0]);
    let page = ann.get(&path);
    let long = format!("{}: x", "k".repeat(61));
    let refused = ann.submit(&page, &path, &[("name", "shop"), ("project", ""), ("tags", &long)]);
    assert_eq!(refused.status, 422);
    refused.has("A tag has a key of 1 to 60 characters").has(&long);
    let page = ann.get(&path);
    let tags = "stage: live\nowner: <i>ann</i>";
    let page = ann.submit(&page, &path, &[("name", "shop"), ("project", &project), ("tags", tags)]);
    page.has("<h1>shop</h1>")
        .has("stage: live")
        .has("owner: &lt;i&gt;ann&lt;/i&gt;")
        .has("store &lt;b&gt;front");
    ann.get("/resources?tag=stage:+live&region=guangzhou").has("shop");
    ann.get(&format!("/resources?project={project}&sort=name")).has("shop").has("aria-sort=\"ascending\"");
    ann.get("/resources?tag=stage:+test").has("Nothing fits these filters");
    ann.get("/resources?region=hongkong").has("Nothing fits these filters");
    // A project in which something lives stays.
    let page = ann.get("/projects");
    let refused = ann.submit(&page, "/projects/remove", &[("project", &project)]);
    assert_eq!(refused.status, 409);
    let page = ann.get("/projects");
    ann.submit(&page, "/projects/rename", &[("project", &project), ("name", "front")]).has(">front<");
    let page = preview(&mut ann, "move", &all);
    ann.submit(&page, "/resources/act", &[("project", "")]).has("Done: 1 of 1.");
    let page = preview(&mut ann, "tag", &all);
    ann.submit(&page, "/resources/act", &[("key", "stage"), ("value", "")]).has("Done: 1 of 1.");
    ann.get("/resources").lacks(">stage: live<").has("owner:");
}

#[test]
fn other_options_show_what_a_day_costs_before_they_are_taken() {
    let served = shop("1000.00");
    let mut ann = owner(&served);
    let all = bought(&mut ann, "server", "o.charge=payg&o.type=S2.SMALL1&o.network=none&name=web");
    let path = format!("/resources/{}/resize", all[0]);
    ann.get(&path).has("A day, as it is").has("3.12").has("Nothing else is chosen yet");
    // S2.MEDIUM2 costs 0.45 an hour in the first step: 10.80 a day.
    let page = ann.get(&format!("{path}?o.type=S2.MEDIUM2"));
    page.has("A day, changed").has("10.80").lacks("Nothing else is chosen yet").lacks("name=\"o.region\"");
    let done = ann.submit(&page, &path, &[("o.type", "S2.MEDIUM2")]);
    done.has("S2.MEDIUM2").has("Changed").has("Forecast for");
}

/// Two pages of one cart, both of which pay at once: one buys, the other finds that the cart has changed.
#[test]
fn a_cart_that_is_paid_twice_at_once_is_bought_once() {
    let server = store::testing::postgres();
    for database in [None, Some(server.fresh_database())] {
        let mut arguments = vec!["--rate-limit", "0", "--cloud-delay-seconds", "0"];
        arguments.extend(database.iter().flat_map(|it| ["--database-url", it.as_str()]));
        let served = Served::start(&arguments);
        let by = served.customer("shop", "1000.00");
        accept(&served, &served.first_link, PASSWORD);
        let mut first = Browser::new(&served);
        let page = first.sign_in("operator@localhost", PASSWORD);
        assert_eq!(page.status, 200);
        let page = first.get("/operator/customers");
        first.submit(&page, "/operator/act", &[("account", &by.account)]);
        let filled = [
            ("product", "server"),
            ("o.charge", "prepaid"),
            ("o.type", "S2.SMALL1"),
            ("o.network", "none"),
            ("months", "1"),
        ];
        for round in 1..=4 {
            let page = first.get("/buy/server?o.type=S2.SMALL1&months=1");
            first.submit(&page, "/cart", &filled).has("26.74");
            let pages: Vec<Page> = (0..4).map(|_| first.get("/cart")).collect();
            let sent: Vec<u16> = std::thread::scope(|scope| {
                let sent = pages.iter().map(|page| {
                    let mut browser = first.clone();
                    scope.spawn(move || browser.send(page, "/cart/pay", &[]).status)
                });
                let sent: Vec<_> = sent.collect();
                sent.into_iter().map(|it| it.join().unwrap()).collect()
            });
            assert_eq!(sent.iter().filter(|it| **it == 303).count(), 1, "{database:?}: {sent:?}");
            let orders = served.get(&by.key, "/v1/orders?limit=200").good();
            assert_eq!(orders["items"].as_array().map(Vec::len), Some(round), "{database:?}: {sent:?}");
            first.get("/cart").has("The cart is empty");
        }
    }
}

#[test]
fn a_cart_outlives_the_session_and_is_paid_together_once() {
    let served = shop("1000.00");
    let mut ann = owner(&served);
    ann.get("/cart").has("The cart is empty");
    let page = ann.get("/buy/server?o.type=S2.SMALL1&months=1");
    page.has("Put into the cart");
    let server = [
        ("product", "server"),
        ("o.charge", "prepaid"),
        ("o.type", "S2.SMALL1"),
        ("o.network", "none"),
        ("months", "1"),
        ("name", "web"),
    ];
    ann.submit(&page, "/cart", &server).has("26.74");
    let page = ann.get("/buy/disk");
    let disk = [
        ("product", "disk"),
        ("o.charge", "prepaid"),
        ("o.type", "premium"),
        ("o.size", "100"),
        ("months", "1"),
        ("name", "<i>data</i>"),
    ];
    // 26.74 and 100 x 0.35: 61.74.
    ann.submit(&page, "/cart", &disk).has("Pay 61.74 CNY").has("&lt;i&gt;data").lacks("<i>data");
    // Somebody else has another cart; the same person finds it after signing in anew.
    signed_in(&served, "bob@example.com", "buyer", Some("shop")).get("/cart").has("The cart is empty");
    let mut again = Browser::new(&served);
    again.sign_in("ann@example.com", crate::support::people::PASSWORD);
    let page = again.get("/cart");
    let counted = again.submit(&page, "/cart/count", &[("quantity", "2")]);
    counted.has("Pay 88.48 CNY");
    let refused = again.submit(&counted, "/cart/count", &[("quantity", "0")]);
    assert_eq!(refused.status, 422);
    // A sum that was not the price buys nothing, and neither does a cart that is another by now.
    let item = counted.between("name=\"q.", "\"");
    let refused = again.submit(&counted, "/cart/pay", &[(&format!("q.{item}"), "1")]);
    assert_eq!(refused.status, 409);
    refused.has("The price changed while you were choosing").has("Pay 88.48 CNY");
    let first = again.send(&refused, "/cart/pay", &[]);
    let second = again.send(&refused, "/cart/pay", &[]);
    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(first.answer.header("location"), second.answer.header("location"));
    again.get("/orders").has("web").has("&lt;i&gt;data");
    again.get("/cart").has("The cart is empty");
    again.get("/").has("911.52");
    let stale = again.send(&counted, "/cart/pay", &[]);
    assert_eq!(stale.status, 409);
}

#[test]
fn types_have_prices_and_filters_and_the_shelf_says_what_all_begins_at() {
    let served = shop("10.00");
    let mut ann = owner(&served);
    let shelf = ann.get("/buy");
    shelf.has("from 26.74 CNY per month, or from 0.13 CNY per hour");
    // What an attack costs is no other way to buy the protection.
    shelf
        .has("; beside it, when an attack exceeds the base, from 900.00 CNY per day")
        .lacks("or from 900.00");
    // What is done to a quantity before it is priced stands beside its price.
    ann.get("/buy/load-balancer-hourly").has("Each started 1 hour counts whole.");
    let page = ann.get("/buy/server?o.charge=prepaid&months=6&o.type=S2.MEDIUM4");
    // 102.00 a month, at 0.88: 89.76.
    page.has("List price, CNY a month").has("102.00").has("89.76").has("S1.SMALL1").has("23.53");
    let narrow = ann.get("/buy/server?o.charge=prepaid&months=6&o.type=S2.MEDIUM4&f.type.family=S1");
    narrow.has("S1.SMALL1").has("S2.MEDIUM4").lacks("S2.SMALL1<").has("fit the filters");
    ann.get("/buy/server?o.charge=payg&o.type=S2.SMALL1")
        .has("CNY an hour; then by steps")
        .has("0.065")
        .has("0.0442");
}

#[test]
fn the_bound_of_the_low_balance_alert_is_the_customers_to_set() {
    let served = shop("10.00");
    let mut ann = owner(&served);
    let page = ann.get("/account");
    let refused = ann.submit(&page, "/account", &[("alert", "5.5x")]);
    assert_eq!(refused.status, 422);
    refused.has("value=\"5.5x\"");
    let page = ann.get("/account");
    ann.submit(&page, "/account", &[("alert", "20.00")]).has("value=\"20.00\"");
    ann.get("/notices").has("Balance alert");
    let mut reader = signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    reader.get("/account").has("shop").lacks("name=\"alert\"");
}

#[test]
fn a_key_is_shown_once_and_only_owners_make_any() {
    let served = shop("10.00");
    let mut ann = owner(&served);
    let page = ann.get("/keys");
    let made =
        ann.submit(&page, "/keys", &[("name", "<b>ci</b>"), ("scope", "read"), ("addresses", "127.0.0.0/8")]);
    let key = made.has("The key is made").has("&lt;b&gt;ci").between("<p><code>", "</code>");
    assert_eq!(served.get(&key, "/v1/resources").status, 200);
    ann.get("/keys").lacks(&key).has("127.0.0.0/8").has("Last used");
    let again =
        ann.submit(&page, "/keys", &[("name", "<b>ci</b>"), ("scope", "read"), ("addresses", "127.0.0.0/8")]);
    again.lacks("The key is made");
    let refused = ann.submit(
        &ann.clone().get("/keys"),
        "/keys",
        &[("name", "x"), ("scope", "read"), ("addresses", "nowhere")],
    );
    assert_eq!(refused.status, 422);
    let page = ann.get("/keys");
    let id = page.between("name=\"key\" value=\"", "\"");
    ann.submit(&page, "/keys/end", &[("key", &id)]).has("Ended");
    assert_eq!(served.get(&key, "/v1/resources").status, 401);
    let mut buyer = signed_in(&served, "bob@example.com", "buyer", Some("shop"));
    assert_eq!(buyer.get("/keys").status, 403);
    buyer.get("/").lacks("href=\"/keys\"");
}

#[test]
fn a_webhook_is_added_tried_changed_and_removed() {
    let served =
        Served::start(&["--rate-limit", "0", "--cloud-delay-seconds", "0", "--allow-private-webhooks"]);
    served.customer("shop", "10.00");
    let mut ann = owner(&served);
    let page = ann.get("/webhooks");
    page.has("No webhooks yet");
    let refused =
        ann.submit(&page, "/webhooks", &[("url", "http://127.0.0.1:9/a"), ("kinds", "order.* nothing")]);
    assert_eq!(refused.status, 422, "{}", refused.text());
    refused.has("id=\"e-kinds\"").has("value=\"http://127.0.0.1:9/a\"").has("value=\"order.* nothing\"");
    let filled = [("url", "http://127.0.0.1:9/a"), ("kinds", "order.* bill.posted")];
    let made = ann.submit(&page, "/webhooks", &filled);
    let secret = made.has("is not shown again").between("<p><code>", "</code>");
    assert!(secret.starts_with("whsec_"), "{secret}");
    // The same form once more adds nothing and shows nothing.
    ann.submit(&page, "/webhooks", &filled).lacks("whsec_");
    let list = ann.get("/webhooks");
    list.lacks(&secret).has("order.* bill.posted");
    assert_eq!(list.text().matches("href=\"/webhooks/").count(), 1);
    let path = format!("/webhooks/whk_{}", list.between("href=\"/webhooks/whk_", "\""));
    let one = ann.get(&path);
    one.has("Nothing was sent yet").lacks("value=\"task.created\"");
    ann.submit(&one, &format!("{path}/test"), &[("kind", "order.paid")])
        .has("The message is on its way")
        .has("order.paid");
    let page = ann.get(&path);
    ann.submit(&page, &format!("{path}/resend"), &[]).has("The message is on its way");
    let page = ann.get(&path);
    let rotated = ann.submit(&page, &format!("{path}/rotate"), &[]);
    assert_ne!(rotated.between("<p><code>", "</code>"), secret);
    let page = ann.get(&path);
    let off = [("url", "http://127.0.0.1:9/b"), ("kinds", ""), ("state", "disabled")];
    ann.submit(&page, &path, &off).has("http://127.0.0.1:9/b").has("Turn it on to try it");

    // Who may only read sees it and changes nothing; whoever acts for the account sees no secret.
    let mut reader = signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    reader.get(&path).has("Last deliveries").lacks("<button class=\"btn main\"");
    let typed = ["content-type: application/x-www-form-urlencoded"];
    let own = reader.get("/members").form("/sign-out", &[]);
    assert_eq!(reader.call("POST", &format!("{path}/remove"), &typed, &own).status, 403);
    let mut rival = {
        served.customer("rival", "1.00");
        signed_in(&served, "rob@example.com", "owner", Some("rival"))
    };
    assert_eq!(rival.get(&path).status, 404);
    let own = rival.get("/members").form("/sign-out", &[]);
    assert_eq!(rival.call("POST", &format!("{path}/remove"), &typed, &own).status, 404);
    let page = ann.get(&path);
    ann.submit(&page, &format!("{path}/remove"), &[]).has("The webhook is removed").has("No webhooks yet");
    assert_eq!(ann.get(&path).status, 404);
}
