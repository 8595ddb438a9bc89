//! How benchmarks print: tables, JSON, and what is being done meanwhile.

/// How figures are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    Text,
    Json,
}

impl From<bool> for Output {
    /// What the flag `--json` says.
    fn from(json: bool) -> Output {
        if json { Output::Json } else { Output::Text }
    }
}

/// A table.
pub fn print(columns: &[&str], rows: &[Vec<String>]) {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::UTF8_FULL_CONDENSED).set_header(columns.iter().copied());
    table.add_rows(rows);
    println!("{table}");
}

/// What is being done, for whoever waits.
pub fn say(what: &str) {
    eprintln!("bench: {what}");
}
