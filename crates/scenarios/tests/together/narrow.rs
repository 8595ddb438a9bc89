//! Tables on telephones: what has no column there stands below the name of its row.
//!
//! In:  a real server and browsers without a screen. Out: no row that hides what it says nowhere else.

use crate::support::browser::{Browser, Page};
use crate::support::people::{bought_server, shop, signed_in};

/// The texts of cells that a telephone hides, and that stand nowhere else in their row.
fn lost(page: &Page) -> Vec<String> {
    let text = page.text();
    let bodies = text.split("<tbody>").skip(1).filter_map(|it| it.split("</tbody>").next());
    let rows = bodies.flat_map(|it| it.split("<tr").skip(1));
    let mut lost = Vec::new();
    for row in rows {
        let cells: Vec<(&str, &str)> =
            row.split("<td").skip(1).filter_map(|it| it.split("</td>").next()?.split_once('>')).collect();
        let below: String =
            row.split("class=\"only s\">").skip(1).filter_map(|it| it.split("</span>").next()).collect();
        let is_hidden = |tag: &str| {
            let class = tag.split("class=\"").nth(1).and_then(|it| it.split('"').next()).unwrap_or("");
            class.split(' ').any(|it| it == "p2")
        };
        let hidden = cells.iter().filter(|it| is_hidden(it.0)).map(|it| it.1);
        lost.extend(hidden.filter(|it| !["", "–"].contains(it) && !below.contains(it)).map(str::to_string));
    }
    lost
}

#[track_caller]
fn loses_nothing(browser: &mut Browser<'_>, path: &str) {
    let page = browser.get(path);
    assert_eq!(page.status, 200, "{path}");
    page.has("class=\"only s\"");
    assert_eq!(lost(&page), Vec::<String>::new(), "{path}");
}

#[test]
fn what_has_no_column_on_a_telephone_stands_below_the_name() {
    let served = shop("500.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    bought_server(&mut ann, "web", "o.charge=prepaid&months=1");
    for path in ["/movements", "/orders"] {
        loses_nothing(&mut ann, path);
    }
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    loses_nothing(&mut carl, "/operator/orders");
    let id = carl.get("/operator/customers").between("href=\"/operator/customers/acc_", "\"");
    let movements = carl.get(&format!("/operator/customers/acc_{id}/movements"));
    movements.has("class=\"only s\">Balance after");
    assert_eq!(lost(&movements), Vec::<String>::new());
    ann.get("/charges").has("class=\"only s\"");
    ann.get("/bills").has("51.00");
}
