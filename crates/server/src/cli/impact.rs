//! `till pricebook diff --on`: what a past month of all customers would have come to by another book.
//!
//! In:  a database, a month, one book or two. Out: customers, amounts and who moves most, as text or JSON. Nothing is written.

use super::files::{self, Place};
use super::output::Output;
use anyhow::{Result, ensure};
use api::ImpactView;
use billing::book::Book;
use billing::impact::{Asked, Impact, Kept, Month, Mover, Sides};
use comfy_table::{CellAlignment, Table, presets};
use desk::{Desk, Refusal, impact};
use std::io::{IsTerminal, Write, stderr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use store::Store;
use units::{Amount, Currency};

/// On which customers books are compared.
#[derive(clap::Args)]
pub(crate) struct On {
    /// Rate a past month of all customers of the embedded database in this folder once more: who would have paid what
    #[arg(long, value_name = "DATA", group = "place")]
    on: Option<PathBuf>,
    /// The same of this PostgreSQL database
    #[arg(long, group = "place")]
    database_url: Option<String>,
    /// Which month, such as 2026-06; without it, the last one that these books have whole
    #[arg(long, requires = "place")]
    month: Option<String>,
    /// How many of the customers that move most are named
    #[arg(long, requires = "place", default_value_t = impact::MOST)]
    most: usize,
}

impl On {
    /// Where the customers are; `None` where books alone are compared.
    pub(crate) fn place(&self) -> Option<Place> {
        Place::named(self.on.as_deref(), self.database_url.as_deref())
    }
}

/// The largest number of movers.
const MOST: usize = 1_000;

/// The books that are compared; without one before, what was billed.
pub(crate) struct Books {
    pub before: Option<Book>,
    pub after: Book,
}

pub(crate) fn run(on: &On, place: &Place, books: Books, output: Output) -> Result<ExitCode> {
    ensure!(on.most <= MOST, "--most is {MOST} at most");
    let store = place.open()?;
    let desk = store.read(Desk::open)?;
    let now = store.read(files::now)?;
    let Books { before, after } = books;
    // These books may end long before the clock: the last month that was over when the newest of their bills was made.
    let newest = store.read(|tx| store::bills::last_posted(tx, after.currency))?;
    let seen = if on.month.is_some() { now } else { newest.map_or(now, |it| it.min(now)) };
    let month = Month::past(&desk.calendar, on.month.as_deref(), seen)?;
    let asked = Asked { month, before: before.map(Arc::new), after: Arc::new(after), most: on.most };
    store.read(|tx| impact::check(tx, &asked))?;
    let found = rated(&store, &desk, &asked)?;
    match output {
        Output::Json => println!("{}", serde_json::to_string_pretty(&ImpactView::new(&asked, &found, None))?),
        Output::Text | Output::Quiet => print(&asked, &found)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// All customers, some in each transaction, which only reads.
fn rated(store: &Store, desk: &Desk, asked: &Asked) -> Result<Impact, Refusal> {
    let all = store.report(|tx| impact::customers(tx, asked))?;
    let (mut found, mut after) = (Impact::none(asked), String::new());
    while let Some(part) = store.report(|tx| impact::part(tx, desk, asked, &after))? {
        found.merge(part.impact);
        after = part.after;
        progress(&format!("{} of {all} customers", found.customers));
    }
    progress("");
    Ok(found)
}

/// Says on a terminal how far it is, on one line.
fn progress(said: &str) {
    if stderr().is_terminal() {
        let mut out = stderr();
        // Whoever does not see it misses nothing.
        drop(write!(out, "\r\x1b[K{said}").and_then(|()| out.flush()));
    }
}

/// What is not in it, whatever is compared.
const LEFT_OUT: &str = "What is paid ahead is not in it: paid orders keep their price. Credits and debits by people are not, either.";

fn print(asked: &Asked, it: &Impact) -> Result<()> {
    let unit = it.currency.as_str();
    let before = asked.before.as_ref().map_or_else(|| "what was billed".to_string(), |it| it.name.clone());
    println!("{} by {}, against {before}. Nothing was written.\n", asked.month.name, asked.after.name);
    println!(
        "{} customers. {} of them have use in the month that was compared: {} pay more, {} less.",
        it.customers, it.charged, it.more, it.less
    );
    let [from, to, more] = figures(it.sides, it.currency)?;
    println!("{from} → {to} {unit} ({more}{}).\n", percent(it.sides));
    println!("{}\n", products(it)?);
    for (title, movers) in [("Pays more", &it.rising), ("Pays less", &it.falling)] {
        if !movers.is_empty() {
            println!("{}\n", moving(title, movers, it.currency)?);
        }
    }
    for ((product, why), kept) in &it.kept {
        let Kept { resources, before_e8, example } = kept;
        let sum = Amount::from_e8(*before_e8, it.currency).round()?;
        println!(
            "keeps its price: {resources} × {product}, {sum} {unit} by themselves: {why} (such as {example})"
        );
    }
    for (name, why) in &it.failures {
        match why == impact::OWN_PRICES {
            true => println!("left out: {name}: {why}"),
            false => println!("could not be rated: {name}: {why}"),
        }
    }
    if it.failed > it.failures.len() as u64 {
        println!(
            "… and {} more customers; --most says how many are named",
            it.failed - it.failures.len() as u64
        );
    }
    println!("{LEFT_OUT}");
    Ok(())
}

/// Before, after and by how much that is more, each rounded once.
fn figures(it: Sides, currency: Currency) -> Result<[String; 3]> {
    let [before, after, more] = it.amounts(currency);
    let more = more.round()?;
    let sign = if more.is_positive() { "+" } else { "" };
    Ok([before.round()?.to_string(), after.round()?.to_string(), format!("{sign}{more}")])
}

fn percent(it: Sides) -> String {
    it.percent().map_or_else(String::new, |it| format!(", {it} %"))
}

fn products(it: &Impact) -> Result<Table> {
    let mut table = table(&["Product", "Component", "Before", "After", "Change", "%"]);
    for (product, components) in &it.products {
        for (component, sides) in components {
            let [before, after, more] = figures(*sides, it.currency)?;
            let percent = sides.percent().unwrap_or_else(|| "–".to_string());
            table.add_row([product.clone(), component.clone(), before, after, more, percent]);
        }
    }
    right(&mut table, 2);
    Ok(table)
}

fn moving(title: &str, movers: &[Mover], currency: Currency) -> Result<Table> {
    let mut table = table(&[title, "Before", "After", "Change", "%"]);
    for it in movers {
        let [before, after, more] = figures(it.sides, currency)?;
        let percent = it.sides.percent().unwrap_or_else(|| "–".to_string());
        table.add_row([it.name.clone(), before, after, more, percent]);
    }
    right(&mut table, 1);
    Ok(table)
}

fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(head.iter().copied());
    table
}

/// Figures stand to the right, from a column on.
fn right(table: &mut Table, from: usize) {
    for column in table.column_iter_mut().skip(from) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}
