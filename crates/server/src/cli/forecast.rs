//! `till forecast`: when the money of an account runs out, and what happens then.
//!
//! In:  an account. Out: what is ahead of it, as text or as the API says it. Nothing is written.

use super::files::{self, Place};
use super::output::Output;
use super::serve::settings::SETTLEMENT_DELAY_SECONDS;
use anyhow::{Result, bail};
use api::ForecastView;
use billing::ahead::folded::{Folded, fold};
use desk::ahead::{self, Ahead, Look};
use desk::{Desk, Refusal, lists};
use std::process::ExitCode;
use store::Tx;
use units::Calendar;

/// Whose, and how much is told.
#[derive(clap::Args)]
pub(crate) struct Asked {
    /// The name or the id of the account
    account: String,
    /// How many steps at most
    #[arg(long, default_value_t = 50)]
    limit: u16,
    /// How long after its end the server closes a cycle, if it was told another time than its usual one
    #[arg(long, env = "TILL_SETTLEMENT_DELAY_SECONDS", default_value_t = SETTLEMENT_DELAY_SECONDS)]
    settlement_delay_seconds: u64,
}

pub(crate) fn run(asked: &Asked, place: &Place, output: Output) -> Result<ExitCode> {
    let store = place.open()?;
    let settlement_delay_seconds = asked.settlement_delay_seconds;
    let desk = Desk { settlement_delay_seconds, ..store.read(Desk::open)? };
    let found = store.read(|tx: &mut Tx<'_>| -> Result<Option<Ahead>, Refusal> {
        let Some(account) = lists::accounts::called(tx, &asked.account)? else { return Ok(None) };
        let now = files::now(tx)?;
        ahead::alone(tx, desk.at(now), account.id, Look::forecast(asked.limit.into())).map(Some)
    })?;
    let Some(found) = found else {
        bail!("there is no account `{}`; write its name or its id", asked.account)
    };
    match output {
        Output::Json => println!("{}", serde_json::to_string_pretty(&ForecastView::from(&found))?),
        Output::Text | Output::Quiet => println!("{}", text(&desk.calendar, &found).join("\n")),
    }
    Ok(ExitCode::SUCCESS)
}

fn text(calendar: &Calendar, it: &Ahead) -> Vec<String> {
    let unit = it.balance.currency().as_str();
    let mut lines = vec![format!("{}  balance {} {unit}", calendar.print(it.now), it.balance)];
    if it.credit.is_positive() {
        lines.push(format!("{} {unit} may be owed beside it, by the credit line", it.credit));
    }
    if it.promised.is_positive() {
        lines.push(format!("{} {unit} more are frozen for paid orders", it.promised));
    }
    if let Some(a_day) = it.a_day {
        lines.push(format!("use costs {} {unit} a day", a_day.short()));
    }
    lines.push(match (it.arrears_since, it.gone) {
        (Some(since), _) => format!("in arrears since {}", calendar.print(since)),
        (None, Some(at)) => format!("the money runs out at {}", calendar.print(at)),
        (None, None) => format!("the money lasts until {} at least", calendar.print(it.until)),
    });
    lines.push(String::new());
    lines.extend(fold(&it.steps).iter().flat_map(|found| told(calendar, it, found)));
    if it.more > 0 {
        lines.push(format!("… and {} more; --limit says how many are printed", it.more));
    }
    lines.push(String::new());
    lines.push(format!("All that happens before {} if:", calendar.print(it.until)));
    lines.extend(it.assumptions.iter().map(|it| format!("- {}", it.text().en)));
    lines.extend(it.broken.as_ref().map(|why| format!("It ends there because {why}.")));
    lines
}

/// A step, and below it how often more it is tried.
fn told(calendar: &Calendar, it: &Ahead, found: &Folded) -> Vec<String> {
    let step = &found.step;
    let about = step.coming.resource().and_then(|id| it.resources.get(&id));
    let resource = about.map(|it| if it.name.is_empty() { it.product.clone() } else { it.name.clone() });
    let name = resource.or_else(|| it.packs.get(&step.coming.pack()?).cloned()).unwrap_or_default();
    let sum = step.sum.map_or_else(String::new, |it| format!(" for {it}"));
    let balance = step.balance.map_or_else(String::new, |it| it.to_string());
    let said = format!("{}  {balance:>12}  {name:<24} {}{sum}", calendar.print(step.at), step.said(about).en);
    let last = calendar.print(found.last);
    let more = match found.more {
        0 => None,
        1 => Some(format!("{:59} 1 more attempt fails, at {last}", "")),
        more => Some(format!("{:59} {more} more attempts fail, until {last}", "")),
    };
    std::iter::once(said.trim_end().to_string()).chain(more).collect()
}
