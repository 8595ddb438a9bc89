//! Places of the console: the pages that the navigation leads to, in groups.
//!
//! In:  a house and a role. Out: groups of places that are there and that the role may see.
//! Invariant: what stands here has a page; what a role may not see is left out.

use crate::signed::Signed;
use crate::{short, words};
use billing::user::{House, Right};

/// A page that the navigation leads to.
pub(crate) struct Place {
    pub path: &'static str,
    pub title: String,
    needs: Right,
}

/// Places that belong together; the first group has no title.
pub(crate) struct Group {
    pub title: Option<String>,
    pub places: Vec<Place>,
}

const fn place(path: &'static str, title: String, needs: Right) -> Place {
    Place { path, title, needs }
}

/// The groups of a house that a role may see, without those of which it may see nothing.
pub(crate) fn groups(signed: &Signed) -> Vec<Group> {
    let mut all = match signed.house() {
        House::Operator => operators(signed),
        House::Account(_) => customers(signed),
    };
    // Who works for a house is the last thing of the last group.
    if let Some(group) = all.last_mut().filter(|_| signed.who.acts_for().is_none()) {
        let people = words::people(signed.visit.texts(), signed.house());
        group.places.push(place("/members", people, Right::See));
    }
    for group in &mut all {
        group.places.retain(|it| signed.may(it.needs));
    }
    all.retain(|it| !it.places.is_empty());
    all
}

fn operators(signed: &Signed) -> Vec<Group> {
    let texts = signed.visit.texts();
    vec![
        Group {
            title: None,
            places: vec![
                place("/operator", texts.home(), Right::Customers),
                place("/operator/customers", texts.customers(), Right::Customers),
                place("/operator/orders", texts.orders(), Right::Customers),
                place("/operator/offers", texts.sales(), Right::Customers),
            ],
        },
        Group {
            title: Some(texts.group_running()),
            places: vec![
                place("/operator/tasks", texts.tasks(), Right::Customers),
                place("/operator/arrears", texts.in_arrears(), Right::Customers),
                place("/operator/settlement", texts.settlement(), Right::Customers),
                place("/operator/quarantine", texts.quarantine(), Right::Customers),
                place("/operator/coverage", texts.coverage(), Right::Customers),
                place("/operator/mails", texts.all_mails(), Right::Customers),
                place("/operator/health", texts.health(), Right::Customers),
            ],
        },
        Group {
            title: Some(texts.group_money()),
            places: vec![
                place("/operator/top-ups", texts.top_ups(), Right::Customers),
                place("/operator/bank", texts.bank_transfers(), Right::Money),
                place("/operator/card-payments", texts.card_payments(), Right::Customers),
                place("/operator/refunds", texts.refunds(), Right::Customers),
                place("/operator/vouchers", texts.vouchers(), Right::Customers),
                place("/operator/credits", texts.corrections(), Right::Customers),
                place("/operator/documents", texts.documents(), Right::Customers),
                place("/operator/books", texts.price_books(), Right::Customers),
                place("/operator/price-proposals", texts.price_proposals(), Right::Customers),
                place("/operator/sellers", texts.sellers(), Right::Books),
                place("/operator/revenue", texts.revenue_title(), Right::Revenue),
            ],
        },
        Group {
            title: Some(texts.group_house()),
            places: vec![
                place("/operator/keys", texts.keys(), Right::Keys),
                place("/operator/audit", texts.audit_log(), Right::Audit),
            ],
        },
    ]
}

fn customers(signed: &Signed) -> Vec<Group> {
    let texts = signed.visit.texts();
    let things = vec![
        place("/buy", texts.buy(), Right::See),
        place("/cart", texts.cart(), Right::See),
        place("/", texts.overview(), Right::See),
        place("/resources", texts.resources(), Right::See),
        place("/packs", texts.packs(), Right::See),
        place("/requests", texts.sales(), Right::See),
    ];
    let mut cost = vec![
        place("/bills", texts.bills(), Right::See),
        place("/cost", texts.costs(), Right::See),
        place("/orders", texts.orders(), Right::See),
        place("/budgets", texts.budgets(), Right::See),
        place("/movements", texts.movements(), Right::See),
        place("/vouchers", texts.vouchers(), Right::See),
        place("/documents", texts.documents(), Right::See),
        place(short::TOP_UP, texts.top_up(), Right::See),
    ];
    if signed.takes_cards() {
        cost.push(place("/cards", texts.cards(), Right::See));
    }
    let own = vec![
        place("/notices", texts.notices(), Right::See),
        place("/mail", texts.mails(), Right::See),
        place("/projects", texts.projects(), Right::See),
        place("/keys", texts.own_keys(), Right::Members),
        place("/webhooks", texts.webhooks(), Right::See),
    ];
    vec![
        Group { title: None, places: things },
        Group { title: Some(texts.group_cost()), places: cost },
        Group { title: Some(texts.account()), places: own },
    ]
}

/// Whether a page is that place, or below it.
pub(crate) fn is_at(page: &str, place: &str) -> bool {
    let has_below = place != "/" && place != "/operator";
    page == place || (has_below && page.strip_prefix(place).is_some_and(|it| it.starts_with('/')))
}
