//! What people look at in the browser: pages of the console, and the ways that lead to them.
//!
//! In:  nothing. Out: lists of ways: a path, and from there links and buttons to press, fields to fill in, or addresses to
//! go on to. Invariant: every address that the console answers is looked at by somebody, or stands in `OTHERS` with why not.

/// The bills of the first resource of a month, and why the first line of the first of them is what it is.
const CHARGES: &str = "/bills/2026-06 > td.one a";
const WHY: &str = "/bills/2026-06 > td.one a > th a > td.one a";

const HIGH_DEFENCE: &str =
    "/buy/high-defence-ip?o.line=bgp&o.base=20&o.elastic=50&o.forwarding=public&months=6";
/// Pages for those who did not sign in, with a link out of a letter that does not hold.
pub(crate) const FRONT: &[&str] =
    &["/sign-in/oidc/refused/nobody", "/sign-in/oidc/refused/away", "/mail/leave/nobody"];
/// What becomes of all resources of a page if they are moved to another project.
const SELECTED: &str = "/resources > press thead input > .bulk button[value=move]";
/// What renewing all resources of a page costs, with those that have no deadline, and its review.
const RENEWED: [&str; 2] = [
    "/resources > press thead input > .bulk button[formaction='/renew']",
    "/resources > press thead input > .bulk button[formaction='/renew'] > .slip .main",
];
/// What became of a wish for all resources of a page: to be in no project, where they are.
const MOVED: &str =
    "/resources > press thead input > .bulk button[value=move] > form[action='/resources/act'] button.main";
const REVIEW: &str = "/buy/server > .slip .main";
/// A review of what costs more than there is.
const SHORT: &str =
    "/buy/high-defence-ip/review?o.line=bgp&o.base=20&o.elastic=50&o.forwarding=public&months=6";
/// The book that holds, with one price changed, compared with itself.
const COMPARED: &str = "/operator/books > th a > a[href*='new?of'] > replace #text 1U1G,0.17 1U1G,0.19 > \
    fill #from 2026-08-01T00:00:00 > form[enctype] .btn";
/// An order that came, and one that is not paid.
const ORDERS: [&str; 2] = ["/orders?result=complete > th a", "/orders?result=open > th a"];
const CUSTOMER: &str = "/operator/customers?q=studio > th a";
const TOP_UP: &str = "/operator/customers?q=studio > th a > .deeds a.main";
/// A bill that money was taken by. The newest of `webshop` is that of a refund: nothing is left of it to be given back.
const CORRECT: &str = "/operator/customers?q=gamehall > th a > [aria-labelledby=h-bills] td.one a";
/// What a top-up and a correction would come to, before either is written.
const TOPPED_UP: &str = "/operator/customers?q=studio > th a > .deeds a.main > fill #amount 5.00 > \
    fill #reference transfer-5000 > form[action$=review] button.main";
const CORRECTED: &str = "/operator/customers?q=gamehall > th a > [aria-labelledby=h-bills] td.one a > fill #amount 1.00 > \
    fill #reason goodwill > fill #id ticket-1 > form[action$=review] button.main";
/// An offer to a customer, by an operator who acts for it.
const OFFERED: &str = "/operator/customers?q=webshop > th a > form[action='/operator/act'] button > \
    go /buy/container-pack/offer?o.spec=1U1G&o.hours=720";
/// Other options for a prepaid server: as it is, more bandwidth, more of it for some days, and billed by traffic instead.
const CHANGED: [&str; 4] = [
    "/resources?q=shop > tbody a > a[href$=resize]",
    "/resources?q=shop > tbody a > a[href$=resize] > go ?o.bandwidth=5",
    "/resources?q=shop > tbody a > a[href$=resize] > go ?o.bandwidth=5&from=2026-07-10&until=2026-07-20",
    "/resources?q=shop > tbody a > a[href$=resize] > go ?o.network=traffic",
];

/// The operator's pages about price books and running.
pub(crate) const RUNNING: &[&str] = &[
    "/operator/books",
    "/operator/books > th a",
    "/operator/books > th a > table[data-rows] th a",
    "/operator/books/new",
    COMPARED,
    "/operator/price-proposals",
    "/operator/price-proposals > th a",
    "/operator/settlement",
    "/operator/quarantine",
    "/operator/coverage",
    "/operator/revenue?month=2026-06",
    "/operator/revenue/bills?month=2026-06",
    "/operator/revenue/bills?month=2026-06 > tbody th a",
    "/operator/revenue/bills?month=2026-06 > tbody th a > td.one a",
    "/operator/health",
];

/// The pages that a buyer goes through.
pub(crate) const OF_BUYER: &[&str] = &[
    "/buy",
    "/buy/server",
    HIGH_DEFENCE,
    "/buy/container-pack",
    REVIEW,
    SHORT,
    "/orders",
    ORDERS[0],
    ORDERS[1],
    "/orders?result=open > th a > a[href$=pay]",
    "/resources",
    "/resources > tbody a",
    "/resources > tbody a > a[href$=labels]",
    CHANGED[0],
    CHANGED[1],
    CHANGED[2],
    CHANGED[3],
    "/resources?q=vault > tbody a > a[href$=by-use]",
    "/resources?q=shop > tbody a > a[href^='/refund?']",
    "/refunds",
    "/refunds > th a",
    SELECTED,
    MOVED,
    RENEWED[0],
    RENEWED[1],
    "/top-up",
    "/cart",
    "/buy/server > .slip button[form=to-cart]",
    "/buy/server?o.charge=payg&f.type.family=S2",
];

/// What an owner looks at.
pub(crate) const STUDIO: &[&str] = &[
    "/vouchers",
    "/resources?q=archive > tbody a > a[href$=convert]",
    "/forecast",
    "/documents",
    "/documents/details",
    "/",
    "/members",
    "/security",
    "/security > form[action='/security/second'] button",
    "/nowhere",
    "/bills",
    "/movements",
    "/cards",
    "/cost?month=2026-06",
    "/cost?month=2026-06&by=project",
    "/cost?month=2026-07&by=tag:env",
    "/cost?month=2026-06&by=kind&basis=consumed",
    "/budgets",
    "/budgets > th a",
    "/requests",
    "/requests > th a",
    "/notices",
    "/mail",
    "/cost/tags",
    "/projects",
    "/keys",
    "/webhooks",
    "/webhooks > th a",
    "/account",
];

/// What somebody who only reads looks at, with the documentation.
pub(crate) const READER: &[&str] = &[
    "/members",
    "/bills/2026-06",
    CHARGES,
    WHY,
    "/packs",
    "/docs",
    "/docs?q=order",
    "/docs/operations/create_orders",
    "/docs/operations/on_order_paid",
    "/docs/schemas/OrderView",
    "/docs/errors",
];

/// What operators look at; the last of it as the customer.
pub(crate) const OPERATOR: &[&str] = &[
    "/operator/vouchers",
    "/operator/documents",
    "/operator/documents > th a",
    "/operator/sellers",
    "/operator/offers",
    "/operator",
    "/operator/customers",
    "/operator/customers?q=nobody",
    CUSTOMER,
    "/operator/customers?q=studio > th a > .deeds a[href$=forecast]",
    "/operator/customers?q=studio > th a > .deeds a[href$=contract-prices]",
    "/operator/customers?q=studio > th a > .deeds a[href$=credit]",
    "/operator/customers?q=studio > th a > .deeds a[href$=commitment]",
    "/operator/customers?q=studio > th a > .deeds a[href$=terms]",
    "/operator/customers?q=studio > th a > .deeds a[href$=invite]",
    "/operator/customers?q=studio > th a > .deeds a[href$=voucher]",
    "/operator/customers?q=webshop > th a > a[href$='/resources']",
    "/operator/customers?q=webshop > th a > a[href$='/bills']",
    "/operator/customers?q=webshop > th a > a[href$='/movements']",
    "/operator/customers?q=webshop > th a > a[href$='/notices']",
    "/operator/customers/new",
    TOP_UP,
    TOPPED_UP,
    CORRECT,
    CORRECTED,
    "/operator/orders",
    "/operator/orders > th a",
    "/operator/tasks?state=any",
    "/operator/tasks?state=any > th a",
    "/operator/tasks?state=failed",
    "/operator/arrears",
    "/operator/top-ups",
    "/operator/bank",
    "/operator/card-payments",
    "/operator/refunds",
    "/operator/credits",
    "/operator/audit",
    "/operator/keys",
    "/operator/mails",
    "/operator/mails/preview",
    "/operator/mails/preview/order_receipt",
    "/members",
    OFFERED,
];

/// What nobody looks at here, with why not.
pub(crate) const OTHERS: &[(&str, &str)] = &[
    ("/console.css", "what pages are drawn with"),
    ("/console.js", "what pages are moved by"),
    ("/cards.js", "what pages of cards are moved by"),
    ("/icon.svg", "a picture"),
    ("/csv/{list}", "a file"),
    ("/documents/{document}/pdf", "a file"),
    ("/documents/{document}/json", "a file"),
    ("/documents/{document}/{form}", "a file"),
    ("/operator/documents/{document}/pdf", "a file"),
    ("/operator/documents/{document}/json", "a file"),
    ("/operator/documents/{document}/{form}", "a file"),
    ("/operator/books/{book}/text", "a file"),
    ("/operator/books/{book}/files/{*path}", "a file"),
    ("/operator/price-proposals/{proposal}/text", "a file"),
    ("/operator/mails/preview/{kind}/html", "a mail, which stands in the page of its preview"),
    ("/language/{language}", "leads back to the page that it was pressed on"),
    ("/sign-in/oidc", "leads to the provider"),
    ("/sign-in/oidc/return", "leads on to the page that was asked for"),
    ("/requests/{request}/withdraw", "leads to the requests"),
    ("/operator/offers/{offer}/withdraw", "leads to the offers"),
    ("/operator/requests/{request}/decline", "leads to the offers"),
    ("/operator/vouchers/{voucher}/withdraw", "leads to the vouchers"),
    ("/operator/promotion-codes", "leads to the vouchers"),
    ("/operator/promotion-codes/{code}/withdraw", "leads to the vouchers"),
    ("/sign-in/code", "stands between the password of somebody with a second factor and its code"),
    ("/cards/new", "is there where a gateway takes cards, and holds a form of the gateway's own"),
    ("/cards/rule", "is there where a gateway takes cards"),
    ("/payments/{payment}", "is there where a gateway took a card"),
    (
        "/payments/{payment}/proof",
        "is there where a gateway took a card, and holds a form of the gateway's own",
    ),
];
