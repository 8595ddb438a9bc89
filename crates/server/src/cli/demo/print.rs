//! What the demo prints for each customer: orders, resources, packs, bills, wallet, and one explanation.

use anyhow::Result;
use billing::account::Account;
use billing::bill::{Bill, Sum};
use comfy_table::{CellAlignment, Table, presets};
use desk::{Refusal, explain};
use play::{Player, step::View, view};
use std::collections::BTreeMap;
use units::{Amount, Currency};

pub(super) fn customers(player: &Player<'_>) -> Result<()> {
    for account in player.store.read(|tx| store::accounts::all(tx).map_err(Refusal::from))? {
        println!("\n━━ {} ━━ {}\n", account.name, account.id);
        orders(player, &account)?;
        resources(player, &account)?;
        packs(player, &account)?;
        notices(player, &account)?;
        bills(player, &account)?;
        for line in look(player, "wallet", &account)? {
            println!("Wallet: {line} {}\n", account.currency);
        }
    }
    Ok(())
}

fn look(player: &Player<'_>, what: &str, account: &Account) -> Result<Vec<String>> {
    Ok(player.look(&View { what: what.into(), args: vec![account.name.clone()] })?)
}

fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(head.iter().copied());
    table
}

fn right(table: &mut Table, columns: &[usize]) {
    for column in columns {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

fn orders(player: &Player<'_>, account: &Account) -> Result<()> {
    let mut rows = table(&["Order", "Product", "Placed", "Pieces", "State", "Result", "Total"]);
    for read in player.store.read(|tx| store::orders::of_account(tx, account.id).map_err(Refusal::from))? {
        let it = read.order;
        rows.add_row([
            it.name.clone(),
            it.product.clone(),
            player.desk.calendar.print(it.created),
            it.pieces.len().to_string(),
            it.state.as_str().to_string(),
            it.result().as_str().to_string(),
            it.total.to_string(),
        ]);
    }
    right(&mut rows, &[3, 6]);
    println!("{rows}");
    Ok(())
}

fn resources(player: &Player<'_>, account: &Account) -> Result<()> {
    let mut rows = table(&["Resource", "Product", "Address", "State", "Delivered", "Deadline"]);
    let all = player.store.read(|tx| store::resources::of_account(tx, account.id).map_err(Refusal::from))?;
    for read in all {
        let it = read.resource;
        let time = |at: Option<units::Timestamp>| {
            at.map_or_else(|| "–".to_string(), |at| player.desk.calendar.print(at))
        };
        rows.add_row([
            it.name.clone(),
            it.product.clone(),
            it.address.clone().unwrap_or_else(|| "–".into()),
            it.state.as_str().to_string(),
            time(it.delivered),
            time(it.deadline),
        ]);
    }
    println!("{rows}");
    Ok(())
}

fn packs(player: &Player<'_>, account: &Account) -> Result<()> {
    let lines = look(player, "packs", account)?;
    if lines.is_empty() {
        return Ok(());
    }
    println!("Packs, in spec-seconds:");
    lines.iter().for_each(|it| println!("  {it}"));
    Ok(())
}

fn notices(player: &Player<'_>, account: &Account) -> Result<()> {
    let lines = look(player, "notices", account)?;
    if !lines.is_empty() {
        println!("Notices:");
        lines.iter().for_each(|it| println!("  {it}"));
    }
    Ok(())
}

/// What several bills of one subject and component come to.
struct Row {
    bills: usize,
    cost_e8: i128,
    /// The dearest line, to be explained.
    line: String,
    dearest_e8: i64,
}

/// Bills of a month by product, subject and component, the month's sum below.
fn bills(player: &Player<'_>, account: &Account) -> Result<()> {
    let names = player.store.read(|tx| view::names(tx, account.id))?;
    let all = player.store.read(|tx| store::bills::of_account(tx, account.id).map_err(Refusal::from))?;
    let mut dearest: Option<(i64, String)> = None;
    for (month, bills) in billing::bill::by_month(&all, &player.desk.calendar) {
        let rows = grouped(&bills, &names);
        let mut shown = table(&["Kind", "Product", "What", "Component", "Bills", "Cost", "Explain"]);
        for ((kind, product, subject, component), row) in &rows {
            let cost = Amount::from_e8(row.cost_e8, account.currency).short();
            shown.add_row([
                kind.clone(),
                product.clone(),
                subject.clone(),
                component.clone(),
                row.bills.to_string(),
                cost,
                row.line.clone(),
            ]);
            let after_use = kind != "prepaid_new" && row.line.contains('/');
            if after_use && dearest.as_ref().is_none_or(|it| row.dearest_e8 > it.0) {
                dearest = Some((row.dearest_e8, row.line.clone()));
            }
        }
        right(&mut shown, &[4, 5]);
        println!("{shown}");
        println!("{month}: {}\n", summed(&bills, account.currency)?);
    }
    if let Some((_, line)) = dearest {
        explained(player, &line)?;
    }
    Ok(())
}

/// What the lines of some bills cost, what was deducted for them, and what of that was given back.
fn summed(bills: &[&Bill<'_>], currency: Currency) -> Result<String> {
    let one = |it: &&Bill<'_>| Sum::new(1, it.amount_e8.into(), it.total, it.paid).of_kind(it.kind);
    let sum = Sum::of(&bills.iter().map(one).collect::<Vec<_>>(), currency)?;
    let back = match sum.correction.is_zero() {
        true => String::new(),
        false => format!(", after {} given back for rounding", sum.correction.checked_neg()?),
    };
    Ok(format!(
        "{} bills; the lines cost {}; deducted bill by bill, each rounded once: {} {currency}{back}.",
        sum.bills,
        Amount::from_e8(sum.amount_e8, currency).short(),
        sum.total,
    ))
}

type Key = (String, String, String, String);

fn grouped(
    bills: &[&Bill<'_>],
    names: &std::collections::HashMap<units::ResourceId, String>,
) -> BTreeMap<Key, Row> {
    let mut rows: BTreeMap<Key, Row> = BTreeMap::new();
    for bill in bills {
        let key = |component: &str| {
            (
                bill.kind.as_str().to_string(),
                bill.product.to_string(),
                view::subject(bill, names),
                component.to_string(),
            )
        };
        let mut add = |key: Key, cost_e8: i64, line: String| {
            let row = rows.entry(key).or_insert(Row {
                bills: 0,
                cost_e8: 0,
                line: String::new(),
                dearest_e8: i64::MIN,
            });
            row.bills += 1;
            row.cost_e8 += i128::from(cost_e8);
            if cost_e8 > row.dearest_e8 {
                (row.dearest_e8, row.line) = (cost_e8, line);
            }
        };
        for (number, line) in bill.lines.iter().enumerate() {
            add(key(&line.component), line.cost_e8, format!("{}/{number}", bill.id));
        }
        if bill.lines.is_empty() {
            let moved = bill.total.to_amount().e8();
            add(key("rounding"), i64::try_from(moved).unwrap_or(0), bill.id.to_string());
        }
    }
    rows
}

fn explained(player: &Player<'_>, line: &str) -> Result<()> {
    let Some((bill, number)) = line.split_once('/') else { return Ok(()) };
    let (Ok(bill), Ok(number)) = (bill.parse(), number.parse()) else { return Ok(()) };
    println!("Why, for {line}:");
    let why = |tx: &mut store::Tx<'_>| -> Result<Vec<String>, Refusal> {
        let account = store::bills::owner(tx, bill)?;
        Ok(explain::line(tx, &player.desk, explain::Question::of(account, bill, number))?.sentences())
    };
    for sentence in player.store.read(why)? {
        println!("  {sentence}");
    }
    println!();
    Ok(())
}
