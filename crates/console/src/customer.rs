//! One customer, all around: its money, terms, resources, orders, bills, movements, notices, contract prices, vouchers, people, keys,
//! and what was done.
//!
//! In:  an account. Out: the few newest of each, with the way to the whole, and what an operator may do about it.
//! Invariant: it is as many statements for a customer with everything as for one with nothing.

use crate::signed::Signed;
use crate::state::Console;
use crate::tables::{Looked, log};
use crate::{board, credit_line, frame, house, notices, parts, show};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::account::Verified;
use billing::bill::Sum;
use billing::contract_price::ContractPrice;
use billing::credit::CreditLine;
use billing::order::Order;
use billing::user::{House, Right};
use desk::lists::accounts::{self, Customer};
use desk::lists::arrears::{self, InArrears};
use desk::lists::bills::{self, InMonth, NamedBill};
use desk::lists::journal::{self, Told as Logged};
use desk::lists::keys::{self, Key};
use desk::lists::notices::{self as told, Read};
use desk::lists::orders;
use desk::lists::resources::{self, Seen};
use desk::lists::users::{self, Listed};
use desk::lists::vouchers::{self, Voucher};
use desk::lists::wallet::{self, Told};
use desk::page::Part;
use desk::{At, Refusal, Tx, contract_prices, credit_lines};
use maud::{Markup, html};
use units::AccountId;

/// The few newest of each that are shown here.
const FEW: Part = Part::first(5);

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/customers/{account}", get(show_page))
}

/// All that the page shows.
struct All {
    customer: Customer,
    arrears: Option<InArrears>,
    /// The credit line that was agreed.
    credit: Option<CreditLine>,
    month: String,
    sum: Sum,
    resources: Vec<Seen>,
    orders: Vec<Order>,
    /// What moved for the downgrades among them.
    moved: orders::Moved,
    bills: Vec<NamedBill>,
    movements: Vec<Told>,
    notices: Vec<Read>,
    /// Those that are not over.
    contracts: Vec<ContractPrice>,
    vouchers: Vec<Voucher>,
    users: Vec<Listed>,
    keys: Vec<Key>,
    log: Vec<Logged>,
}

fn read(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<All, Refusal> {
    let customer = accounts::one(tx, account)?;
    let month = at.desk.calendar.month(at.now);
    let of_month = InMonth { account, month: month.clone(), product: None };
    let sums = bills::of_month(tx, at, &of_month)?;
    let of_orders = orders::Filter {
        account,
        state: None,
        result: None,
        product: None,
        updated_since: None,
        age: Default::default(),
    };
    let entries = journal::page(tx, Some(account), &FEW)?;
    let moved = wallet::movements(tx, account, wallet::Filter::EVERY, &FEW)?;
    let of_vouchers = vouchers::Filter { account: Some(account), state: None };
    let mut contracts = contract_prices::of_account(tx, account)?;
    contracts.retain(|it| it.until.is_none_or(|until| at.now < until && it.from < until));
    contracts.reverse();
    contracts.truncate(usize::from(FEW.most));
    let found = orders::page(tx, &of_orders, &FEW)?.items;
    Ok(All {
        arrears: arrears::one(tx, at, account)?,
        credit: credit_lines::seen(tx, at, account)?.line.filter(|it| it.limit.is_positive()),
        sum: Sum::of(sums.values(), customer.account.currency)?,
        month,
        resources: resources::page(tx, &resources::Filter::of(account), &FEW)?.items,
        moved: orders::moved(tx, &found)?,
        orders: found,
        bills: bills::page(tx, at, &bills::Filter::of(account), &FEW)?.items,
        movements: wallet::told(tx, account, moved)?.items,
        notices: told::page(tx, at, told::Filter { account, kind: None }, &FEW)?.items,
        contracts,
        vouchers: vouchers::page(tx, at, of_vouchers, &FEW)?.items,
        users: users::of(tx, House::Account(account))?,
        keys: keys::page(tx, Some(account), &FEW)?.items,
        log: journal::told(tx, entries)?.items,
        customer,
    })
}

async fn show_page(
    signed: Signed,
    Path(account): Path<String>,
    Query(asked): Query<house::Asked>,
) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let id = signed.id(&account).await?;
    let all = signed.report(move |tx, at| read(tx, at, id)).await?;
    let texts = signed.visit.texts();
    let of = Looked { signed: &signed, customer: &all.customer };
    let body = html! {
        (said(&signed, asked.get("said").map(String::as_str)))
        (deeds(&of))
        (warning(&signed, all.arrears.as_ref()))
        (figures(&of, &all))
        (halves(&of, &all))
        @if signed.may(Right::Audit) {
            section aria-labelledby="h-log" {
                div.sect { h2 id="h-log" { (texts.audit_log()) } a.more href=(format!("/operator/audit?account={id}")) { (texts.all_of_it()) } }
                @if all.log.is_empty() { p.quiet { (texts.nothing_yet()) } } @else { (log(&signed, &all.log)) }
            }
        }
    };
    let account = &all.customer.account;
    let sub = format!("{} · {}", account.id, texts.customer_since(signed.visit.time(account.created)));
    let customers = texts.customers();
    let above = [("/operator/customers", customers.as_str())];
    let page = frame::Page { title: &account.name, sub: &sub, above: &above, body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

/// What was just done.
fn said(signed: &Signed, word: Option<&str>) -> Markup {
    let texts = signed.visit.texts();
    let sentence = match word {
        Some("opened") => texts.account_opened(),
        Some("topped-up") => texts.was_topped_up(),
        Some("corrected") => texts.was_corrected(),
        Some(_) => texts.changed(),
        None => return html! {},
    };
    parts::done(&sentence, &html! {})
}

/// What the role may do about the customer.
fn deeds(of: &Looked<'_>) -> Markup {
    let (signed, texts) = (of.signed, of.signed.visit.texts());
    let (id, address) = (of.customer.account.id.to_string(), house::address(of.customer.account.id));
    html! {
        div.acts.deeds {
            @if signed.may(Right::Money) { a.btn.small.main href=(format!("{address}/top-up")) { (texts.top_up()) } }
            @if signed.may(Right::Money) { a.btn.small href=(format!("{address}/voucher")) { (texts.issue_voucher()) } }
            @if signed.may(Right::ActFor) { (parts::button(&signed.visit, "/operator/act", &[("account", &id)], &texts.act_for())) }
            @if signed.may(Right::Terms) {
                a.btn.small href=(format!("{address}/terms")) { (texts.change_terms()) }
                a.btn.small href=(format!("{address}/contract-prices")) { (texts.contract_prices()) }
                a.btn.small href=(format!("{address}/credit")) { (texts.credit_line()) }
                a.btn.small href=(format!("{address}/commitment")) { (texts.commitment()) }
                a.btn.small href=(format!("{address}/invite")) { (texts.invite()) }
            }
            @if signed.may(Right::Money) { a.btn.small href=(format!("{address}/correct")) { (texts.credit_or_debit()) } }
            a.btn.small href=(format!("{address}/forecast")) { (texts.forecast_title()) }
        }
    }
}

fn warning(signed: &Signed, it: Option<&InArrears>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        @if let Some(it) = it {
            @let owed = house::sums(signed, &[it.customer.wallet.owed()]);
            div.banner.bad role="status" {
                svg viewBox="0 0 20 20" aria-hidden="true" { circle cx="10" cy="10" r="7.5" {} path d="m7.2 7.2 5.6 5.6M12.8 7.2l-5.6 5.6" {} }
                div { p { b { (texts.owes_since(owed, visit.time(it.since))) } } p { (board::coming(signed, it.coming.as_ref())) } }
            }
        }
    }
}

fn figures(of: &Looked<'_>, all: &All) -> Markup {
    let (visit, texts, unit) = (&of.signed.visit, of.signed.visit.texts(), of.unit());
    let wallet = &all.customer.wallet;
    let free = wallet.free();
    let purses = texts.cash_and_bonus(show::money(free.cash()), show::money(free.bonus()));
    let owed = all
        .arrears
        .as_ref()
        .map_or_else(|| texts.nothing_owed(), |it| texts.owed_since(visit.time(it.since)));
    let bills = texts.so_many_bills(all.sum.bills, show::thousands(&all.sum.bills.to_string()));
    html! {
        dl.figures {
            (parts::figure(&texts.available(), &show::money(wallet.available()), unit, &html! { (purses) @if wallet.limit().is_positive() { " · " (texts.credit_is_included()) } }))
            (credit(of, all.credit.as_ref()))
            (parts::figure(&texts.frozen(), &show::money(wallet.frozen().total()), unit, &html! { (texts.frozen_for()) }))
            (parts::figure(&texts.owed(), &show::money(wallet.owed()), unit, &html! { (owed) }))
            (parts::figure(&texts.billed_in(show::month(&all.month, visit.language)), &show::money(all.sum.total), unit, &html! { (bills) }))
        }
    }
}

/// How much it may owe, how much of that is used, and when that is collected; or since when it is withheld.
fn credit(of: &Looked<'_>, line: Option<&CreditLine>) -> Markup {
    let (signed, visit, texts) = (of.signed, &of.signed.visit, of.signed.visit.texts());
    let Some(it) = line else { return html! {} };
    let used = texts.credit_used_of(show::money(credit_line::used(&of.customer.wallet)));
    let stands = match it.withheld {
        Some(since) => texts.credit_withheld(visit.time(since)),
        None => texts.credit_collected_on(visit.time(it.collect)),
    };
    let way = format!("{}/credit", house::address(of.customer.account.id));
    let said = html! {
        (used) " · " (stands)
        @if signed.may(Right::Terms) { " " a href=(way) aria-label=(format!("{}: {}", texts.credit_line(), texts.change())) { (texts.change()) } }
    };
    parts::figure(&texts.credit_line(), &show::money(it.limit), of.unit(), &said)
}

fn terms(of: &Looked<'_>) -> Markup {
    let (texts, account) = (of.signed.visit.texts(), &of.customer.account);
    html! {
        dl.pairs.ruled {
            dt { (texts.contract_rate_field()) } dd { (show::rate(account.terms.contract_rate_e8)) }
            dt { (texts.real_name()) } dd { @match account.verified { Verified::Yes => (texts.verified()), Verified::No => (texts.not_verified()) } }
            dt { (texts.balance_alert()) }
            dd { @if account.alert.is_zero() { (texts.no_alert()) } @else { (texts.below(house::sums(of.signed, &[account.alert]))) } }
            @if account.no_stop_days > 0 {
                dt { (texts.no_stop_days()) } dd { (account.no_stop_days) }
            }
            @if account.vouchers_per_order > 1 {
                dt { (texts.vouchers_per_order()) } dd { (account.vouchers_per_order) }
            }
            dt { (texts.currency()) } dd { (of.unit()) }
        }
    }
}

/// The sections, two beside each other where there is room.
fn halves(of: &Looked<'_>, all: &All) -> Markup {
    let (signed, texts) = (of.signed, of.signed.visit.texts());
    let (id, address) = (of.customer.account.id, house::address(of.customer.account.id));
    let below = |name: &str| Some(format!("{address}/{name}"));
    let of_account = |path: &str| Some(format!("{path}?account={id}"));
    let nothing = |is_empty: bool, table: Markup| html! { @if is_empty { p.quiet { (texts.nothing_yet()) } } @else { (table) } };
    let log = nothing(all.notices.is_empty(), notices::shown(signed, &all.notices));
    html! {
        div.cols.half {
            (section(signed, ("terms", texts.terms()), None, &terms(of)))
            (section(signed, ("resources", texts.resources()), below("resources"), &nothing(all.resources.is_empty(), of.resources(&all.resources))))
        }
        div.cols.half {
            (section(signed, ("movements", texts.movements()), below("movements"), &nothing(all.movements.is_empty(), of.movements(&all.movements))))
            (section(signed, ("bills", texts.bills()), below("bills"), &nothing(all.bills.is_empty(), of.bills(&all.bills))))
        }
        div.cols.half {
            (section(signed, ("orders", texts.orders()), of_account("/operator/orders"), &nothing(all.orders.is_empty(), of.orders(&all.orders, &all.moved))))
            (section(signed, ("notices", texts.notices()), below("notices"), &log))
        }
        div.cols.half {
            (section(signed, ("contract-prices", texts.contract_prices()), below("contract-prices"), &nothing(all.contracts.is_empty(), of.contracts(&all.contracts))))
            (section(signed, ("vouchers", texts.vouchers()), of_account("/operator/vouchers"), &nothing(all.vouchers.is_empty(), of.vouchers(&all.vouchers))))
        }
        div.cols.half {
            (section(signed, ("users", texts.members()), None, &nothing(all.users.is_empty(), of.users(&all.users))))
            (section(signed, ("keys", texts.keys()), of_account("/operator/keys").filter(|_| signed.may(Right::Keys)), &nothing(all.keys.is_empty(), of.keys(&all.keys))))
        }
    }
}

/// A section with its heading and the way to the whole.
fn section(signed: &Signed, (id, title): (&str, String), whole: Option<String>, body: &Markup) -> Markup {
    let heading = format!("h-{id}");
    html! {
        section aria-labelledby=(heading) {
            div.sect {
                h2 id=(heading) { (title) }
                @if let Some(whole) = whole { a.more href=(whole) aria-label=(format!("{title}: {}", signed.visit.texts().all_of_it())) { (signed.visit.texts().all_of_it()) } }
            }
            (body)
        }
    }
}
