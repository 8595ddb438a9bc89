//! What is wrong with a form is listed as the form has its fields: by their labels, in their order.
//!
//! In:  forms that are sent empty, or with what no field takes. Out: lists on top of them.

use crate::support::browser::Page;
use crate::support::people::signed_in;
use crate::support::served::Served;

/// Every entry of the list begins with the label of its field, and stands as that does. How many there are.
#[track_caller]
fn follows_its_form(page: &Page) -> usize {
    let text = page.text();
    let (_, from) = text.split_once("<div class=\"errors\"").expect("a list of what is wrong");
    let (list, form) = from.split_once("</ul>").unwrap();
    let mut last = 0;
    let entries: Vec<&str> = list.split("<li><a href=\"#").skip(1).collect();
    for entry in &entries {
        let (field, said) = entry.split_once("\">").unwrap();
        let at = form.find(&format!("id=\"{field}\"")).unwrap_or_else(|| panic!("no field {field}"));
        assert!(at >= last, "{field} stands out of its order: {list}");
        last = at;
        let own = form.split_once(&format!("for=\"{field}\"")).and_then(|it| it.1.split_once('>'));
        let set = || form.split_once(&format!("id=\"{field}\""))?.1.split_once("<legend class=\"label\">");
        let Some((_, named)) = own.or_else(set) else { continue };
        let label = named.split('<').next().unwrap().trim();
        assert!(said.starts_with(label), "{field} is called {label:?}, and the list says {said}");
    }
    entries.len()
}

#[test]
fn what_is_wrong_stands_in_the_list_as_in_the_form() {
    let served = Served::start(&["--rate-limit", "0", "--test-clock", "2026-06-10 12:00:00"]);
    let shop = served.customer("shop", "100.00");
    let of = |name: &str| format!("/operator/customers/{}/{name}", shop.account);
    let mut anna = signed_in(&served, "anna@example.com", "administrator", None);
    let terms = ["contract_rate", "alert", "no_stop_days", "vouchers_per_order"];
    let forms: [(String, String, &[&str]); 3] = [
        (of("terms"), of("terms"), &terms),
        (of("commitment"), of("commitment"), &["amount", "from", "until"]),
        (of("voucher"), of("vouchers"), &["name", "amount", "until"]),
    ];
    for language in ["en", "zh"] {
        anna.language = language;
        for (page, action, fields) in &forms {
            let form = anna.get(page);
            let typed: Vec<(&str, &str)> = fields.iter().map(|it| (*it, "-7x")).collect();
            let wrong = anna.send(&form, action, &typed);
            assert!([400, 422].contains(&wrong.status), "{page}: {}", wrong.status);
            assert!(follows_its_form(&wrong) > 1, "{page} says all that is wrong at once");
        }
    }
}

#[test]
fn everything_wrong_with_what_is_bought_is_listed_once_and_beside_its_field() {
    let served = Served::start(&["--rate-limit", "0", "--test-clock", "2026-06-10 12:00:00"]);
    served.customer("shop", "100.00");
    let mut bob = signed_in(&served, "bob@example.com", "buyer", Some("shop"));
    let long = "y".repeat(61);
    let page = bob.get(&format!("/buy/server?o.region=mars&quantity=0&months=13&name={long}"));
    assert_eq!(follows_its_form(&page), 4);
    page.has("id=\"u-region\"").has("id=\"e-name\"").has("id=\"e-months\"").has("4 things are not right");
    // Which zones there are follows from the region.
    page.lacks("name=\"o.zone\"");
}
