//! Costs: a month cut by day, product, kind, region, project or tag; by the time of use, by that of the payment, or as it is consumed.
//!
//! In:  a month, a basis and a cut, in the address. Out: a chart by day, and sums that together are the month's.
//! Invariant: the sums are those of the lists of the API.

use crate::ahead::lasting;
use crate::chart::{self, Bar};
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::{choice, frame, parts, show, statement};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::bill::Kind;
use billing::consumption::Basis;
use desk::ahead::{self, Look};
use desk::lists::accounts;
use desk::lists::bills::{self, InMonth, ResourceSum};
use desk::lists::costs::{self as list, By, Cut, Group};
use desk::page::Part;
use desk::{At, Refusal, Tx, cost_tags};
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};
use units::{AccountId, CycleKind, Money, Timestamp};

/// A way to cut a month, and its word in addresses.
type Named = (&'static str, fn() -> Cut);

/// The ways to cut a month that a page offers beside tags, by their words; the first where none is named.
const CUTS: [Named; 5] = [
    ("day", || Cut::Day),
    ("product", || Cut::Product),
    ("kind", || Cut::Kind),
    ("region", || Cut::Region),
    ("project", || Cut::Project),
];
/// Groups of a page.
const MOST: u16 = 100;
/// Of what cost most so much is shown.
const DEAREST: usize = 10;
/// Months that a page leads to.
const MONTHS: u16 = 12;
/// Months ahead that a page of what is consumed leads to.
const MONTHS_AHEAD: usize = 36;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/cost", get(costs))
}

/// What a page shows.
#[derive(Clone, Debug)]
struct Chosen {
    /// Such as `2026-06`.
    month: String,
    /// The word of the cut.
    word: String,
    by: By,
}

/// What a page leads to.
struct Led {
    months: Vec<String>,
    /// Those behind the present one that something is paid for.
    ahead: Vec<String>,
    /// The keys of all cost tags that there ever were.
    tags: BTreeSet<String>,
}

impl Led {
    fn read(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, basis: Basis) -> Result<Led, Refusal> {
        let ahead = match basis {
            Basis::Used | Basis::Paid => Vec::new(),
            Basis::Consumed => list::months_ahead(tx, at, account, MONTHS_AHEAD)?,
        };
        Ok(Led { months: months(tx, at, account, basis)?, ahead, tags: cost_tags::ever(tx, account)? })
    }

    /// The ways to cut a month, by their words.
    fn cuts(&self) -> Vec<(String, Cut)> {
        let tag = |key: &String| (format!("tag:{key}"), Cut::Tag(key.clone()));
        let fixed = CUTS.iter().map(|(word, cut)| ((*word).to_string(), cut()));
        fixed.chain(self.tags.iter().map(tag)).collect()
    }
}

impl Chosen {
    /// The page of another month, cut or basis.
    fn address(&self, month: &str, word: &str, basis: Basis) -> String {
        let word: String = form_urlencoded::byte_serialize(word.as_bytes()).collect();
        match basis {
            Basis::Used => format!("/cost?month={month}&by={word}"),
            Basis::Paid | Basis::Consumed => {
                format!("/cost?month={month}&by={word}&basis={}", self::word(basis))
            }
        }
    }
}

const fn word(basis: Basis) -> &'static str {
    basis.as_str()
}

async fn costs(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let visit = &signed.visit;
    let basis = choice::asked(&signed, "basis", &Basis::ALL, word)?.unwrap_or_default();
    let led = signed.read(move |tx, at| Led::read(tx, at, account, basis)).await?;
    // Without one the newest that has bills, so that a month that has just begun is not an empty page.
    let newest = led.months.first().cloned().unwrap_or_else(|| visit.calendar.month(visit.now));
    let month = query.get("month").cloned().unwrap_or(newest);
    let cuts = led.cuts();
    let all: Vec<usize> = (0..cuts.len()).collect();
    let at = choice::asked(&signed, "by", &all, |it| cuts[it].0.clone())?.unwrap_or(0);
    let (word, cut) = cuts[at].clone();
    let chosen = Chosen { month, word, by: By { cut, basis } };
    let part = Part { after: query.get("after").cloned(), most: MOST };
    let of = InMonth { account, month: chosen.month.clone(), product: None };
    let asked = chosen.by.clone();
    // How long the money lasts is of now, not of a month that is over.
    let is_present = chosen.month == visit.calendar.month(visit.now) && part.after.is_none();
    // Bills are of the time of their use.
    let is_first = basis == Basis::Used && part.after.is_none();
    let (found, ahead, dearest) = signed
        .report(move |tx, at| {
            let ahead =
                if is_present { Some(ahead::alone(tx, at, account, Look::forecast(1))?) } else { None };
            let found = list::page(tx, at, &of, &asked, &part)?;
            let dearest = if is_first { bills::dearest(tx, at, &of, DEAREST)? } else { Vec::new() };
            Ok((found, ahead, dearest))
        })
        .await?;
    let texts = visit.texts();
    let body = html! {
        @if let Some(ahead) = &ahead { dl.figures { (lasting(&signed, ahead)) } p.hint { a href="/forecast" { (texts.whole_forecast()) } } }
        (other_months(&signed, &led.months, &chosen))
        (months_ahead(&signed, &led.ahead, &chosen))
        (bases(&signed, &chosen))
        (ways(&signed, &led, &chosen))
        @if found.items.is_empty() {
            div.empty { h2 { (nothing(&signed, basis)) } p { a href="/bills" { (texts.bills()) } } }
        } @else {
            @if chosen.by.cut == Cut::Day { (by_day(&signed, &chosen.month, basis, &found.items)) }
            @let is_whole = found.next.is_none() && !query.contains_key("after");
            (table(&signed, &chosen.by, &found.items, is_whole.then(|| sum(&found.items)).flatten()))
            @if has_no_region(&chosen.by, &found.items) { (parts::hint(&texts.no_region_hint())) }
            @if has_a_day_below_zero(&chosen.by, &found.items) { (parts::hint(&texts.day_below_zero())) }
            (parts::more(visit, found.next.as_deref()))
            (parts::csv(visit, "costs", &[("month", &chosen.month), ("by", &chosen.word), ("basis", self::word(basis))]))
            (cost_most(&signed, &chosen.month, &dearest))
        }
    };
    let title = texts.costs_of(show::month(&chosen.month, visit.language));
    let bills = texts.bills();
    let above = [("/bills", bills.as_str())];
    let sub = match basis {
        Basis::Used => texts.costs_sub(),
        Basis::Paid => texts.costs_sub_paid(),
        Basis::Consumed => texts.costs_sub_consumed(),
    };
    let page = frame::Page { title: &title, sub: &sub, above: &above, body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

/// What cost most of a month, each with the way to its bills; nothing where nothing cost anything.
fn cost_most(signed: &Signed, month: &str, all: &[ResourceSum]) -> Markup {
    let (texts, unit) = (signed.visit.texts(), signed.unit());
    let bills = |it: &ResourceSum| statement::charges(month, [&it.product, &it.resource, ""]);
    html! {
        @if !all.is_empty() {
            section aria-labelledby="h-most" {
                div.sect { h2 id="h-most" { (texts.cost_most()) } a.more href=(format!("/bills/{month}")) { (texts.made_of()) } }
                table.table {
                    thead {
                        tr {
                            th scope="col" { (texts.resource()) }
                            th.p2 scope="col" { (texts.product()) }
                            th.n scope="col" { (texts.deducted(unit)) }
                        }
                    }
                    tbody {
                        @for it in all {
                            tr {
                                th scope="row" {
                                    a href=(bills(it)) { (statement::called(signed, [&it.name, &it.spec, &it.product])) }
                                    span.only.s { (signed.product(&it.product)) }
                                }
                                td.p2 { (signed.product(&it.product)) }
                                td.n { (show::money(it.total)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// That a month came to nothing on its basis.
fn nothing(signed: &Signed, basis: Basis) -> String {
    let texts = signed.visit.texts();
    match basis {
        Basis::Used => texts.nothing_spent_then(),
        Basis::Paid => texts.nothing_paid_then(),
        Basis::Consumed => texts.nothing_consumed_then(),
    }
}

/// Whether something of a month by region is of none.
fn has_no_region(by: &By, all: &[Group]) -> bool {
    by.cut == Cut::Region && all.iter().any(|it| it.value.as_deref() == Some(""))
}

/// Whether a day of what is consumed came to less than nothing. Source: R-AMO-2.
fn has_a_day_below_zero(by: &By, all: &[Group]) -> bool {
    let is_by_day = by.cut == Cut::Day && by.basis == Basis::Consumed;
    is_by_day && all.iter().any(|it| it.sum.total.is_negative())
}

/// The months that have bills, the newest first; of what is consumed the last ones from the first of the account on, with bills
/// or without.
fn months(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, basis: Basis) -> Result<Vec<String>, Refusal> {
    if basis != Basis::Consumed {
        let all = bills::months(tx, at, account, &Part::first(MONTHS))?.items;
        return Ok(all.into_iter().map(|it| it.name).collect());
    }
    let opened = accounts::one(tx, account)?.account.created;
    let (calendar, mut found, mut now) = (&at.desk.calendar, Vec::new(), at.now);
    for _ in 0..MONTHS {
        found.push(calendar.month(now));
        let first = calendar.cycle(CycleKind::Month, now)?.from;
        if first <= opened {
            break;
        }
        now = Timestamp::from_second(first.as_second() - 1).map_err(|_| Refusal::Time(first.to_string()))?;
    }
    Ok(found)
}

/// The ways to other months.
fn other_months(signed: &Signed, all: &[String], chosen: &Chosen) -> Markup {
    html! {
        @if all.iter().any(|it| *it != chosen.month) {
            nav.line.ways aria-label=(signed.visit.texts().month()) {
                @for it in all {
                    a.btn.small href=(chosen.address(it, &chosen.word, chosen.by.basis)) aria-current=[(*it == chosen.month).then_some("page")] { (show::month(it, signed.visit.language)) }
                }
            }
        }
    }
}

/// The ways to months ahead that something is paid for.
fn months_ahead(signed: &Signed, all: &[String], chosen: &Chosen) -> Markup {
    let texts = signed.visit.texts();
    html! {
        @if !all.is_empty() {
            p.hint { (texts.months_ahead_hint()) }
            nav.line.ways aria-label=(texts.months_ahead()) {
                @for it in all {
                    a.btn.small href=(chosen.address(it, &chosen.word, chosen.by.basis)) aria-current=[(*it == chosen.month).then_some("page")] { (show::month(it, signed.visit.language)) }
                }
            }
        }
    }
}

/// The other ways to say what belongs to the month.
fn bases(signed: &Signed, chosen: &Chosen) -> Markup {
    let texts = signed.visit.texts();
    let label = |it: Basis| match it {
        Basis::Used => texts.basis_used(),
        Basis::Paid => texts.basis_paid(),
        Basis::Consumed => texts.basis_consumed(),
    };
    html! {
        nav.line.ways aria-label=(texts.counted_by()) {
            @for it in Basis::ALL {
                a.btn.small href=(chosen.address(&chosen.month, &chosen.word, it)) aria-current=[(it == chosen.by.basis).then_some("page")] { (label(it)) }
            }
        }
    }
}

/// What several groups come to together.
fn sum(all: &[Group]) -> Option<Total> {
    let mut total = Total { bills: 0, amount_e8: 0, money: Money::zero(all.first()?.sum.total.currency()) };
    for it in all {
        total.bills = total.bills.checked_add(it.sum.bills)?;
        total.amount_e8 = total.amount_e8.checked_add(it.sum.amount_e8)?;
        total.money = total.money.checked_add(it.sum.total).ok()?;
    }
    Some(total)
}

/// A sum of groups: bills, lines and what was deducted.
#[derive(Clone, Copy, Debug)]
struct Total {
    bills: u64,
    amount_e8: i128,
    money: Money,
}

/// The other ways to cut the month.
fn ways(signed: &Signed, led: &Led, chosen: &Chosen) -> Markup {
    let texts = signed.visit.texts();
    let fixed = [
        ("day", texts.by_day()),
        ("product", texts.by_product()),
        ("kind", texts.by_kind()),
        ("region", texts.by_region()),
        ("project", texts.by_project()),
    ];
    let tags = led.tags.iter().map(|key| (format!("tag:{key}"), texts.by_tag(key.as_str())));
    let all: Vec<(String, String)> =
        fixed.into_iter().map(|it| (it.0.to_string(), it.1)).chain(tags).collect();
    html! {
        nav.line.ways aria-label=(texts.cut_by()) {
            @for (word, label) in &all {
                a.btn.small href=(chosen.address(&chosen.month, word, chosen.by.basis)) aria-current=[(*word == chosen.word).then_some("page")] { (label) }
            }
            a.btn.small href="/cost/tags" { (texts.cost_tags()) }
            a.btn.small href="/budgets" { (texts.budgets()) }
        }
    }
}

/// A bar for every day of a month, so that days without a cost are seen too.
pub(crate) fn by_day(signed: &Signed, month: &str, basis: Basis, all: &[Group]) -> Markup {
    let (texts, unit, language) = (signed.visit.texts(), signed.unit(), signed.visit.language);
    let calendar = &signed.visit.calendar;
    let days =
        calendar.parse(&format!("{month}-01 00:00:00")).map_or(0, |start| calendar.days_in_month(start));
    let spent: BTreeMap<&str, Money> =
        all.iter().filter_map(|it| Some((it.value.as_deref()?, it.sum.total))).collect();
    let nothing = all.first().map(|it| Money::from_minor(0, it.sum.total.currency()));
    let bar = |number: u64| {
        let day = format!("{month}-{number:02}");
        let money = spent.get(day.as_str()).copied().or(nothing)?;
        Some(Bar { short: number.to_string(), long: format!("{day}: {} {unit}", show::money(money)), money })
    };
    let bars: Vec<Bar> = (1..=days).filter_map(bar).collect();
    let title = match basis {
        Basis::Used => texts.by_day_of_use(unit),
        Basis::Paid => texts.by_day_of_payment(unit),
        Basis::Consumed => texts.by_day_of_consumption(unit),
    };
    chart::bars(&bars, &title, language)
}

/// The figures of that chart as a table, for who does not see it, where no table has them beside it.
pub(crate) fn figures_by_day(signed: &Signed, all: &[Group]) -> Markup {
    let texts = signed.visit.texts();
    html! {
        details.gap {
            summary { (texts.figures_of_chart()) }
            table.table.tight {
                thead { tr { th scope="col" { (texts.day()) } th.n scope="col" { (texts.amount(signed.unit())) } } }
                tbody { @for it in all { tr { th scope="row" { (called(signed, &Cut::Day, it)) } td.n { (show::money(it.sum.total)) } } } }
            }
        }
    }
}

/// What a group is called.
fn called(signed: &Signed, cut: &Cut, it: &Group) -> String {
    let texts = signed.visit.texts();
    match (&it.name, &it.value, cut) {
        (Some(name), _, _) => name.clone(),
        (None, Some(value), Cut::Region) if value.is_empty() => texts.no_region(),
        (None, Some(value), Cut::Region) => signed.place(value),
        (None, Some(value), Cut::Product) => signed.product(value),
        (None, Some(value), Cut::Kind) => Kind::parse(value)
            .map_or_else(|| texts.left_at_the_end(), |it| it.text().get(signed.visit.language).to_string()),
        (None, Some(value), _) if value.is_empty() => texts.none_of_these(),
        (None, Some(value), _) => value.clone(),
        (None, None, Cut::Project) => texts.no_project(),
        (None, None, _) => texts.none_of_these(),
    }
}

fn table(signed: &Signed, by: &By, all: &[Group], total: Option<Total>) -> Markup {
    let (texts, unit) = (signed.visit.texts(), signed.unit());
    // A bill that is spread stands in several groups, and nothing is deducted by them.
    let is_spread = by.basis == Basis::Consumed;
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.what()) }
                    @if is_spread {
                        th.n scope="col" { (texts.consumed(unit)) }
                    } @else {
                        th.n.p2 scope="col" { (texts.bills()) }
                        th.n.p2 scope="col" { (texts.lines_cost(unit)) }
                        th.n scope="col" { (texts.deducted(unit)) }
                    }
                }
            }
            tbody {
                @for it in all {
                    tr {
                        th scope="row" { (called(signed, &by.cut, it)) }
                        @if !is_spread { (besides(it.sum.bills, (it.sum.amount_e8, it.sum.total))) }
                        td.n { (show::money(it.sum.total)) }
                    }
                }
            }
            @if let Some(total) = total {
                tfoot {
                    tr {
                        th scope="row" { (texts.sum_of_groups()) }
                        @if !is_spread { (besides(total.bills, (total.amount_e8, total.money))) }
                        td.n { (show::money(total.money)) }
                    }
                }
            }
        }
    }
}

/// How many bills, and what their lines cost.
fn besides(bills: u64, (amount_e8, money): (i128, Money)) -> Markup {
    html! {
        td.n.p2 { (show::thousands(&bills.to_string())) }
        td.n.p2 { (parts::exact(amount_e8, money.currency())) }
    }
}
