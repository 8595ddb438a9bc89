//! How corrections are printed, and what would follow from them.

use super::super::output::Output;
use anyhow::Result;
use billing::bill::Bill;
use desk::Desk;
use desk::lists::corrections::Listed;
use serde_json::{Value, json};
use std::process::ExitCode;
use units::Cycle;

/// Corrections, one to a line.
pub(super) fn list(all: &[Listed], output: Output) -> Result<ExitCode> {
    match output {
        Output::Json => {
            let shown: Vec<Value> = all.iter().map(shown).collect();
            println!("{}", serde_json::to_string_pretty(&shown)?);
        }
        Output::Text | Output::Quiet => all.iter().for_each(|it| println!("{}", line(it))),
    }
    Ok(ExitCode::SUCCESS)
}

fn shown(it: &Listed) -> Value {
    json!({
        "number": it.row.number, "id": it.row.id, "kind": it.row.kind,
        "account": it.row.account.map(|it| it.to_string()), "by": it.row.actor, "at": it.row.at.to_string(),
        "reason": it.row.reason, "says": it.says, "made": it.made.map(|it| it.to_string()),
        "progress": it.progress.map(|it| json!({
            "accounts": it.accounts, "cycles": it.cycles, "done": it.done.map(|it| it.to_string()),
        })),
    })
}

fn line(it: &Listed) -> String {
    let says = it.says.as_object().into_iter().flatten();
    let says: Vec<String> =
        says.map(|(name, value)| format!("{name} {}", value.as_str().unwrap_or(""))).collect();
    let made = it.made.map_or_else(String::new, |it| format!(", made {it}"));
    let progress = it.progress.map_or_else(String::new, |it| {
        let state = if it.done.is_some() { "done" } else { "going on" };
        format!(", {} account(s) and {} closed cycle(s), {state}", it.accounts, it.cycles)
    });
    let row = &it.row;
    format!(
        "{} {} {} by {}: {} ({}{made}{progress})",
        row.at,
        row.kind,
        row.id,
        row.actor,
        row.reason,
        says.join(", ")
    )
}

/// What would follow from a correction.
pub(super) struct Follows {
    pub bills: Vec<Bill<'static>>,
    pub open: Vec<Cycle>,
}

/// Bills that would be made, and open cycles that would take it into account.
pub(super) fn preview(desk: &Desk, follows: &Follows, output: Output) -> Result<ExitCode> {
    let Follows { bills, open } = follows;
    if output == Output::Json {
        let bills: Vec<Value> = bills.iter().map(bill).collect();
        let cycle = |it: &Cycle| json!({"cycle": it.kind.as_str(), "from": it.from.to_string(), "to": it.to.to_string()});
        let open: Vec<Value> = open.iter().map(cycle).collect();
        println!("{}", serde_json::to_string_pretty(&json!({"bills": bills, "open": open}))?);
        return Ok(ExitCode::SUCCESS);
    }
    let print = |it: &units::Timestamp| desk.calendar.print(*it);
    for it in bills {
        let (from, to) = it.original.unwrap_or((it.from, it.to));
        let whose = it.resource.map_or_else(|| it.spec.to_string(), |it| it.to_string());
        let (kind, product, total) = (it.kind.as_str(), &it.product, it.total);
        println!("would be billed: {kind} of {product} {whose}, {} to {}: {total}", print(&from), print(&to));
    }
    for it in open {
        let (from, to) = (print(&it.from), print(&it.to));
        println!("taken into account at the close of the {} {from} to {to}", it.kind.as_str());
    }
    if bills.is_empty() && open.is_empty() {
        println!("Nothing would follow.");
    }
    Ok(ExitCode::SUCCESS)
}

fn bill(it: &Bill<'_>) -> Value {
    let (from, to) = it.original.unwrap_or((it.from, it.to));
    json!({
        "account": it.account.to_string(), "kind": it.kind.as_str(), "product": it.product, "region": it.region,
        "resource": it.resource.map(|it| it.to_string()), "spec": it.spec, "from": from.to_string(),
        "to": to.to_string(), "total": it.total.to_string(), "currency": it.currency().as_str(),
    })
}
