//! `till explain`: why a line is what it is.

use super::files::Place;
use anyhow::{Result, anyhow};
use desk::{Desk, Refusal, explain};
use std::process::ExitCode;

pub(crate) fn run(line: &str, place: &Place) -> Result<ExitCode> {
    let (bill, number) = line.split_once('/').unwrap_or((line, ""));
    let id = bill.parse().map_err(|error| anyhow!("{error}; `till demo` prints the ids of its lines"))?;
    let store = place.open()?;
    let desk = store.read(Desk::open)?;
    let owned = |tx: &mut store::Tx<'_>| -> Result<_, Refusal> {
        let account = store::bills::owner(tx, id)?;
        Ok((account, store::bills::get(tx, account, id)?.bill.lines.len().max(1)))
    };
    let (account, count) = store.read(owned)?;
    let numbers = match number {
        "" => 0..count,
        text => {
            let number: usize = text
                .parse()
                .map_err(|_| anyhow!("`{text}` is not the number of a line; lines count from 0"))?;
            number..number + 1
        }
    };
    for number in numbers {
        for sentence in
            store.read(|tx| explain::line(tx, &desk, explain::Place { account, bill: id, number }))?
        {
            println!("{sentence}");
        }
        println!();
    }
    Ok(ExitCode::SUCCESS)
}
