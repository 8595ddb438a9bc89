//! `till explain`: why a line is what it is.

use super::files::Place;
use anyhow::{Result, anyhow};
use billing::explain::{Language, Reason};
use desk::explain::{Detail, Explanation, Question};
use desk::{Desk, Refusal, explain};
use std::process::ExitCode;

/// Which line, and how it is told.
#[derive(clap::Args)]
pub(crate) struct Asked {
    /// A bill id, or a bill id and the number of a line, as in bil_…/0
    line: String,
    /// In which language: en or zh
    #[arg(long, default_value = "en", value_parser = language)]
    language: Language,
    /// List each reading, however many there are; without it more than ten are summed up
    #[arg(long)]
    readings: bool,
    /// Print the explanation as JSON, with the figures of every step
    #[arg(long)]
    json: bool,
}

fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| format!("`{text}` is not a language; write en or zh"))
}

pub(crate) fn run(asked: &Asked, place: &Place) -> Result<ExitCode> {
    let (bill, number) = asked.line.split_once('/').unwrap_or((&asked.line, ""));
    let id = bill.parse().map_err(|error| {
        anyhow!("{error}; `GET /v1/bills`, the console and `till demo` name the ids of bills")
    })?;
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
    let detail = if asked.readings { Detail::Whole } else { Detail::Summary };
    let mut told = Vec::new();
    for number in numbers {
        let question = Question { language: asked.language, detail, ..Question::of(account, id, number) };
        told.push((number, store.read(|tx| explain::line(tx, &desk, question))?));
    }
    match asked.json {
        true => println!("{}", in_json(bill, &told)),
        false => told.iter().for_each(|it| println!("{}\n", it.1.sentences().join("\n"))),
    }
    Ok(ExitCode::SUCCESS)
}

fn in_json(bill: &str, told: &[(usize, Explanation)]) -> serde_json::Value {
    let line = |(number, it): &(usize, Explanation)| {
        let step = |reason: &Reason| {
            let figures: serde_json::Map<String, serde_json::Value> =
                reason.step.figures().into_iter().map(|it| (it.0, it.1.into())).collect();
            serde_json::json!({
                "step": reason.step.as_str(), "figures": figures,
                "result": reason.result.map(|it| it.to_string()), "sentence": reason.sentence(it.language),
            })
        };
        let steps: Vec<_> = it.steps.iter().map(step).collect();
        serde_json::json!({ "line": number, "sentences": it.sentences(), "steps": steps })
    };
    serde_json::json!({ "bill": bill, "lines": told.iter().map(line).collect::<Vec<_>>() })
}
