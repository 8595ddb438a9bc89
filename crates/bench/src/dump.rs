//! The rows of the pure part as CSV, for another program to compute the same totals.
//!
//! In:  a city, its accounts and what each came to. Out: `configs`, `openings`, `changes`, `samples`, `totals`.
//! Invariant: the files hold what settlement reads, and nothing that it works out.

use super::city::{City, RESOURCES};
use super::pure::Sums;
use anyhow::{Context, Result};
use billing::book::Meter;
use billing::plan::{Part, Plan};
use billing::price::{Pricing, Tiers};
use billing::resource::State;
use billing::settle::AccountCycle;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use units::{Price, ResourceId};

struct Files {
    openings: BufWriter<File>,
    changes: BufWriter<File>,
    samples: BufWriter<File>,
    totals: BufWriter<File>,
}

fn file(folder: &Path, name: &str, head: &str) -> Result<BufWriter<File>> {
    let path = folder.join(format!("{name}.csv"));
    let file = File::create(&path).with_context(|| format!("writing {}", path.display()))?;
    let mut file = BufWriter::new(file);
    writeln!(file, "{head}")?;
    Ok(file)
}

pub(super) fn write(city: &City, folder: &Path, accounts: &[AccountCycle], sums: &[Sums]) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    configs(city, folder)?;
    let mut files = Files {
        openings: file(folder, "openings", "account,resource,config,since,clock")?,
        changes: file(folder, "changes", "account,resource,config,second,runs")?,
        samples: file(folder, "samples", "account,resource,second,bytes")?,
        totals: file(folder, "totals", "account,bills,total_minor,total_e8")?,
    };
    for (number, (account, sums)) in (0_u64..).zip(accounts.iter().zip(sums)) {
        rows(number, account, &mut files)?;
        writeln!(files.totals, "{number},{},{},{}", sums.bills, sums.minor, sums.e8)?;
    }
    Ok(())
}

/// Resources by number, as short as a join could wish for.
fn rows(number: u64, account: &AccountCycle, files: &mut Files) -> Result<()> {
    let mut ids: Vec<ResourceId> = account.freezes.iter().map(|it| it.resource).collect();
    ids.sort_unstable();
    let at = |id: ResourceId| number * RESOURCES + ids.partition_point(|it| *it < id) as u64;
    for it in &account.openings {
        writeln!(files.openings, "{number},{},{},{},{}", at(it.resource), it.config.0, it.since, it.clock)?;
    }
    for it in &account.changes {
        let runs = it.state == State::Running;
        writeln!(files.changes, "{number},{},{},{},{runs}", at(it.resource), it.config.0, it.at)?;
    }
    for it in &account.samples {
        writeln!(files.samples, "{number},{},{},{}", at(it.resource), it.at, it.quantity)?;
    }
    Ok(())
}

/// Per configuration the prices in 1e-8 of what it charges by the hour; 0 for what it lacks.
fn configs(city: &City, folder: &Path) -> Result<()> {
    let head = "config,tier_1_e8,tier_2_e8,tier_3_e8,above_2_s,above_3_s,system_gb,system_e8,data_gb,data_e8,\
                mbps,mbps_above,mbps_1_e8,mbps_2_e8,traffic_e8,traffic_bytes";
    let mut out = file(folder, "configs", head)?;
    for config in &city.servers {
        let plan = city.configs.get(*config).plan(0)?;
        let [one, two, three] = tiers::<3>(plan, |it| *it == Meter::Clock);
        let [low, high] = tiers::<2>(plan, |it| *it == Meter::HeldHighest);
        let (system, data) = (disk(plan, "system"), disk(plan, "data"));
        let (mbps, traffic) = (quantity(plan), traffic(plan));
        writeln!(
            out,
            "{},{},{},{},{},{},{},{},{},{},{mbps},{},{},{},{},{}",
            config.0,
            one.1,
            two.1,
            three.1,
            two.0,
            three.0,
            system.0,
            system.1,
            data.0,
            data.1,
            high.0,
            low.1,
            high.1,
            traffic.0,
            traffic.1
        )?;
    }
    Ok(())
}

/// Where each tier begins, and its price.
fn tiers<const N: usize>(plan: &Plan, of: impl Fn(&Meter) -> bool) -> [(u128, i128); N] {
    let mut found = [(0, 0); N];
    for part in plan.parts.iter().filter(|it| of(&plan.component(it).meter)) {
        if let Pricing::Graduated(Tiers { tiers, .. }) = &plan.item(part).pricing {
            for (place, tier) in found.iter_mut().zip(tiers) {
                *place = (tier.above, tier.amount.e8());
            }
        }
    }
    found
}

fn disk(plan: &Plan, which: &str) -> (u128, i128) {
    let part = plan.parts.iter().find(|it| {
        let component = plan.component(it);
        component.meter == Meter::Held && component.id.starts_with(which)
    });
    let per_unit = part.and_then(|it| Some((it.quantity, per_unit(plan, it)?.amount.e8())));
    per_unit.unwrap_or((0, 0))
}

fn quantity(plan: &Plan) -> u128 {
    plan.parts.iter().find(|it| plan.component(it).meter == Meter::HeldHighest).map_or(0, |it| it.quantity)
}

fn traffic(plan: &Plan) -> (i128, u128) {
    let part = plan.parts.iter().find(|it| plan.component(it).meter.usage().is_some());
    part.and_then(|it| per_unit(plan, it)).map_or((0, 1), |it| (it.amount.e8(), it.per.value))
}

/// The price of a part that costs the same per unit.
fn per_unit(plan: &Plan, part: &Part) -> Option<Price> {
    if let Pricing::PerUnit(price) = plan.item(part).pricing { Some(price) } else { None }
}
