//! Revenue: what all customers were billed, by month, product and region; and the bills behind it.
//!
//! In:  months, a product, a region, in the address. Out: a chart by month, sums, bills.
//! Invariant: the sums are those of the lists of the API; what is added up here is added up exactly.

use crate::signed::Signed;
use crate::stacks::{COLOURS, Stack, Stacks};
use crate::state::Console;
use crate::{choice, frame, house, lost, parts, show};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::bill::Sum;
use billing::user::Right;
use desk::Refusal;
use desk::lists::costs::{self as list, AllFilter, NamedBill, RevenueFilter, RevenueSum};
use desk::page::{Page, Part};
use maud::{Markup, html};
use std::collections::BTreeMap;
use units::{Calendar, Currency, CycleKind, Timestamp};

/// Bills of a page.
const BILLS: u16 = 50;
/// How many months a page shows, where nothing else is asked for, and the choices.
const MONTHS: u32 = 6;
const CHOICES: [u32; 4] = [1, 3, 6, 12];

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/revenue", get(revenue)).route("/operator/revenue/bills", get(bills))
}

/// What is asked for.
struct Asked {
    /// The last month, such as `2026-06`.
    month: String,
    months: u32,
    product: Option<String>,
    region: Option<String>,
}

impl Asked {
    fn of(signed: &Signed, query: &BTreeMap<String, String>) -> Result<Asked, Response> {
        let text = |name: &str| query.get(name).filter(|it| !it.is_empty()).cloned();
        let months = choice::asked(signed, "months", &CHOICES, |it| it.to_string())?;
        Ok(Asked {
            month: text("month").unwrap_or_else(|| signed.visit.calendar.month(signed.visit.now)),
            months: months.unwrap_or(MONTHS),
            product: text("product"),
            region: text("region"),
        })
    }

    /// As the list is asked: it begins so many months before the last.
    fn filter(&self, calendar: &Calendar) -> RevenueFilter {
        let (product, region) = (self.product.clone(), self.region.clone());
        let from = first_month(calendar, &self.month, self.months).unwrap_or_else(|| self.month.clone());
        RevenueFilter { from, months: self.months, product, region }
    }
}

impl Asked {
    /// The bills of the last month, of the same product and region.
    fn bills(&self) -> String {
        let asked = [
            ("month", Some(&self.month)),
            ("product", self.product.as_ref()),
            ("region", self.region.as_ref()),
        ];
        let mut to = form_urlencoded::Serializer::new(String::new());
        to.extend_pairs(asked.into_iter().filter_map(|it| Some((it.0, it.1?))));
        format!("/operator/revenue/bills?{}", to.finish())
    }

    /// The same as CSV.
    fn csv(&self, signed: &Signed, from: &str) -> Markup {
        let (months, text) = (self.months.to_string(), |it: &Option<String>| it.clone().unwrap_or_default());
        let (product, region) = (text(&self.product), text(&self.region));
        let asked = [("month", from), ("months", &months), ("product", &product), ("region", &region)];
        parts::csv(&signed.visit, "revenue", &asked)
    }
}

/// The first of so many months up to `month`; `None` for what is no month.
fn first_month(calendar: &Calendar, month: &str, months: u32) -> Option<String> {
    let mut from: Timestamp = calendar.parse(&format!("{month}-01 00:00:00")).ok()?;
    for _ in 1..months {
        let before = Timestamp::from_second(from.as_second().checked_sub(1)?).ok()?;
        from = calendar.cycle(CycleKind::Month, before).ok()?.from;
    }
    Some(calendar.month(from))
}

async fn revenue(
    signed: Signed,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    frame::operators(&signed, Right::Revenue)?;
    let asked = Asked::of(&signed, &query)?;
    let of = asked.filter(&signed.visit.calendar);
    let from = of.from.clone();
    let found = signed.report(move |tx, at| list::all_revenue(tx, at, &of)).await?;
    let texts = signed.visit.texts();
    let currencies = by_currency(&found);
    let mut sums = Vec::with_capacity(currencies.len());
    for (currency, all) in &currencies {
        let failed = |error: Refusal| lost::failed(&signed.visit, &error.into());
        sums.push(Sums::of(all, *currency).map_err(failed)?);
    }
    let body = html! {
        (filter_form(&signed, &asked))
        @if sums.is_empty() {
            div.empty { h2 { (texts.no_revenue()) } p { (texts.no_revenue_hint()) } }
        }
        @for it in &sums { (it.show(&signed)) }
        @if !sums.is_empty() { (asked.csv(&signed, &from)) p.gap { a href=(asked.bills()) { (texts.bills_of_all(show::month(&asked.month, signed.visit.language))) } } }
    };
    let page =
        frame::Page { title: &texts.revenue_title(), sub: &texts.revenue_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn filter_form(signed: &Signed, asked: &Asked) -> Markup {
    let texts = signed.visit.texts();
    html! {
        form.filter method="get" action="/operator/revenue" {
            input.input.w-m type="month" name="month" value=(asked.month) aria-label=(texts.last_month());
            select.select name="months" aria-label=(texts.how_many_months()) {
                @for it in CHOICES { option value=(it) selected[it == asked.months] { (texts.so_many_months(it)) } }
            }
            select.select name="product" aria-label=(texts.product()) {
                option value="" { (texts.all_products()) }
                @for (id, name) in &signed.products() {
                    option value=(id) selected[asked.product.as_deref() == Some(id.as_str())] { (name) }
                }
            }
            select.select name="region" aria-label=(texts.region_of_book()) {
                option value="" { (texts.every_region()) }
                @for (id, name) in &signed.regions() {
                    option value=(id) selected[asked.region.as_deref() == Some(id.as_str())] { (name) }
                }
            }
            button.btn { (texts.show_these()) }
        }
    }
}

fn by_currency(all: &[RevenueSum]) -> BTreeMap<Currency, Vec<&RevenueSum>> {
    let mut groups: BTreeMap<Currency, Vec<&RevenueSum>> = BTreeMap::new();
    for it in all {
        groups.entry(it.sum.total.currency()).or_default().push(it);
    }
    groups
}

/// Revenue in one currency, added up in several ways.
struct Sums {
    currency: Currency,
    by_month: BTreeMap<String, Sum>,
    by_product: BTreeMap<String, Sum>,
    by_region: BTreeMap<String, Sum>,
    /// By month, then by product.
    each: BTreeMap<String, BTreeMap<String, Sum>>,
    all: Sum,
}

impl Sums {
    fn of(all: &[&RevenueSum], currency: Currency) -> Result<Sums, Refusal> {
        let none = Sum::zero(currency);
        let mut sums = Sums {
            currency,
            by_month: BTreeMap::new(),
            by_product: BTreeMap::new(),
            by_region: BTreeMap::new(),
            each: BTreeMap::new(),
            all: none,
        };
        for it in all {
            let (month, product) = (&it.month, &it.of.product);
            add(&mut sums.by_month, month, &it.sum)?;
            add(&mut sums.by_product, product, &it.sum)?;
            add(&mut sums.by_region, &it.of.region, &it.sum)?;
            add(sums.each.entry(month.clone()).or_default(), product, &it.sum)?;
            sums.all = Sum::of([&sums.all, &it.sum], currency)?;
        }
        Ok(sums)
    }

    fn show(&self, signed: &Signed) -> Markup {
        let (texts, language) = (signed.visit.texts(), signed.visit.language);
        let unit = show::currency(self.currency, language);
        let product = |it: &str| signed.product(it);
        let region = |it: &str| if it.is_empty() { texts.no_region() } else { signed.place(it) };
        let month = |it: &str| show::month(it, language);
        html! {
            (self.chart(signed, unit))
            (Table { id: "month", title: texts.by_month(), rows: &self.by_month, all: &self.all }.show(signed, unit, &month))
            (Table { id: "product", title: texts.by_product(), rows: &self.by_product, all: &self.all }.show(signed, unit, &product))
            (Table { id: "region", title: texts.by_region(), rows: &self.by_region, all: &self.all }.show(signed, unit, &region))
            @if self.by_region.contains_key("") { (parts::hint(&texts.no_region_hint())) }
        }
    }

    /// A stack for each month: the largest products, and the others together.
    fn chart(&self, signed: &Signed, unit: &str) -> Markup {
        let texts = signed.visit.texts();
        let mut products: Vec<(&String, i64)> =
            self.by_product.iter().map(|it| (it.0, it.1.total.minor())).collect();
        products.sort_by_key(|it| std::cmp::Reverse(it.1));
        let others = products.split_off(products.len().min(COLOURS - 1));
        let minor =
            |sums: &BTreeMap<String, Sum>, product: &str| sums.get(product).map_or(0, |it| it.total.minor());
        let stack = |(month, sums): (&String, &BTreeMap<String, Sum>)| {
            let mut parts: Vec<i64> = products.iter().map(|it| minor(sums, it.0)).collect();
            if !others.is_empty() {
                parts.push(others.iter().map(|it| minor(sums, it.0)).fold(0, i64::saturating_add));
            }
            Stack { short: month.clone(), parts }
        };
        let all: Vec<Stack> = self.each.iter().map(stack).collect();
        let mut names: Vec<String> = products.iter().map(|it| signed.product(it.0)).collect();
        names.extend((!others.is_empty()).then(|| texts.other_products()));
        let caption = texts.revenue_by_month(unit);
        let chart = Stacks { all: &all, names: &names, caption: &caption, currency: self.currency };
        chart.show(signed.visit.language)
    }
}

fn add(to: &mut BTreeMap<String, Sum>, of: &str, sum: &Sum) -> Result<(), Refusal> {
    let currency = sum.total.currency();
    let before = to.entry(of.to_string()).or_insert(Sum::zero(currency));
    *before = Sum::of([&*before, sum], currency)?;
    Ok(())
}

/// Sums of one kind.
struct Table<'a> {
    id: &'a str,
    title: String,
    rows: &'a BTreeMap<String, Sum>,
    all: &'a Sum,
}

impl Table<'_> {
    fn show(&self, signed: &Signed, unit: &str, name: &dyn Fn(&str) -> String) -> Markup {
        // Where there are several currencies, each has its tables.
        let (texts, id) =
            (signed.visit.texts(), format!("h-{}-{}", self.id, self.all.total.currency().as_str()));
        let exact = |it: &Sum| parts::exact(it.amount_e8, it.total.currency());
        html! {
            section aria-labelledby=(id) {
                div.sect { h2 id=(id) { (self.title) } }
                table.table {
                    thead {
                        tr {
                            th scope="col" { (texts.what()) }
                            th.n.p2 scope="col" { (texts.bills()) }
                            th.n.p2 scope="col" { (texts.lines_cost(unit)) }
                            th.n scope="col" { (texts.deducted(unit)) }
                        }
                    }
                    tbody {
                        @for (key, it) in self.rows {
                            tr {
                                th scope="row" { (name(key)) }
                                td.n.p2 { (show::thousands(&it.bills.to_string())) }
                                td.n.p2 { (exact(it)) }
                                td.n { (show::money(it.total)) }
                            }
                        }
                    }
                    tfoot {
                        tr {
                            th scope="row" { (texts.altogether()) }
                            td.n.p2 { (show::thousands(&self.all.bills.to_string())) }
                            td.n.p2 { (exact(self.all)) }
                            td.n { (show::money(self.all.total)) }
                        }
                    }
                }
            }
        }
    }
}

async fn bills(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Revenue)?;
    let text = |name: &str| query.get(name).filter(|it| !it.is_empty()).cloned();
    let of = AllFilter {
        month: text("month"),
        product: text("product"),
        region: text("region"),
        ..AllFilter::default()
    };
    let part = Part { after: text("after"), most: BILLS };
    let month = of.month.clone();
    let found = signed.report(move |tx, at| list::all_bills(tx, at, &of, &part)).await?;
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let body = html! {
        @if found.items.is_empty() {
            div.empty { h2 { (texts.no_revenue()) } p.acts { a.btn href="/operator/revenue" { (texts.revenue_title()) } } }
        } @else {
            (bill_table(&signed, &found))
            (parts::csv(&signed.visit, "revenue-bills", &of_list(&query)))
        }
    };
    let revenue = texts.revenue_title();
    let title = match month {
        Some(month) => texts.bills_of_all(show::month(&month, language)),
        None => texts.bills(),
    };
    let above = [("/operator/revenue", revenue.as_str())];
    let page = frame::Page { title: &title, sub: "", above: &above, body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

/// As the list of the API is asked for the same.
fn of_list(query: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    let asked = ["month", "product", "region"].into_iter();
    asked.filter_map(|name| Some((name, query.get(name)?.as_str()))).collect()
}

fn bill_table(signed: &Signed, found: &Page<NamedBill>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.what()) }
                    th.p2 scope="col" { (texts.customer_account()) }
                    th.p2 scope="col" { (texts.charged()) }
                    th.p2 scope="col" { (texts.from()) }
                    th.n scope="col" { (texts.amount_of_each()) }
                }
            }
            tbody {
                @for it in &found.items {
                    @let bill = &it.bill;
                    tr {
                        th scope="row" {
                            a href=(format!("{}/bills/{}", house::address(bill.account), bill.id)) {
                                @if it.name.is_empty() { (signed.product(&bill.product)) } @else { (it.name) }
                            }
                            span.s { (signed.product(&bill.product)) " · " (signed.place(&bill.region)) }
                        }
                        td.p2 { span.id { (bill.account) } }
                        td.p2 { (bill.kind.text().get(visit.language)) }
                        td.p2.pre { (visit.exact_time(bill.from)) }
                        td.n { (show::money(bill.total)) " " span.cur { (show::currency(bill.currency(), visit.language)) } }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
    }
}
