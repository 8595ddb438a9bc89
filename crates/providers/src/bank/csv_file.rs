//! Statements as CSV: `id,date,amount,currency,payer,text,balance`, in the order of booking.
//!
//! In:  text. Out: the entries that came in.
//! Invariant: each balance is the one before it and its amount: a line that was left out or changed is found.

use super::words::{name, plain};
use billing::bank::{BankError, Entry};
use csv::{ReaderBuilder, StringRecord};
use units::{Calendar, Currency, Money};

const COLUMNS: [&str; 7] = ["id", "date", "amount", "currency", "payer", "text", "balance"];

pub(super) fn read(text: &str, calendar: &Calendar) -> Result<Vec<Entry>, BankError> {
    let mut reader = ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let unreadable = |error: csv::Error| BankError::Unreadable(error.to_string());
    let headers = reader.headers().map_err(unreadable)?.clone();
    let place = |name: &str| {
        let found = headers.iter().position(|it| it.eq_ignore_ascii_case(name));
        let missing =
            || format!("the column `{name}` is missing; its first line names {}", COLUMNS.join(","));
        found.ok_or_else(|| BankError::Unreadable(missing()))
    };
    let places = COLUMNS.iter().map(|it| place(it)).collect::<Result<Vec<usize>, BankError>>()?;
    let (mut all, mut before) = (Vec::new(), None::<Money>);
    for row in reader.records() {
        let row = row.map_err(unreadable)?;
        let line = row.position().map_or(0, |it| usize::try_from(it.line()).unwrap_or(0));
        let (entry, balance) =
            entry(&row, &places, calendar).map_err(|what| BankError::Line { line, what })?;
        if let Some(before) = before {
            let sum = before
                .checked_add(entry.money)
                .map_err(|error| BankError::Line { line, what: error.to_string() })?;
            if sum != balance {
                let said = format!("in line {line} a balance of {balance}");
                return Err(BankError::Unbalanced { said, sum: sum.to_string() });
            }
        }
        before = Some(balance);
        if entry.money.is_positive() {
            all.push(entry);
        }
    }
    Ok(all)
}

fn entry(row: &StringRecord, places: &[usize], calendar: &Calendar) -> Result<(Entry, Money), String> {
    let of = |at: usize| places.get(at).and_then(|it| row.get(*it)).unwrap_or("");
    let (id, day) = (of(0), of(1));
    if id.is_empty() {
        return Err("`id` is empty; write the bank's name of the entry, one that no other has".into());
    }
    let currency =
        Currency::parse(of(3)).map_err(|error| format!("`currency`: {error}; write one such as CNY"))?;
    let money = |field: &str, text: &str| {
        Money::parse(text, currency).map_err(|error| {
            format!("`{field}`: {error}; write it like 250.00, below zero for what went out")
        })
    };
    let booked = calendar
        .parse(day)
        .map_err(|_| format!("`date`: `{}` is no day; write it like 2026-06-01", plain(day, 40)))?;
    let entry = Entry {
        id: name(id)?,
        booked,
        money: money("amount", of(2))?,
        payer: plain(of(4), 140),
        text: plain(of(5), 500),
    };
    Ok((entry, money("balance", of(6))?))
}
