//! camt.053: the statement of ISO 20022.
//!
//! In:  XML. Out: the entries that came in.
//! Invariant: opening balance, credits and debits come to the closing balance, in one currency, and so many entries as it says.

use super::words::plain;
use billing::bank::{BankError, Entry};
use roxmltree::{Document, Node};
use units::{Calendar, Currency, Money, Timestamp};

pub(super) fn read(text: &str) -> Result<Vec<Entry>, BankError> {
    let unreadable = |error: roxmltree::Error| BankError::Unreadable(error.to_string());
    let document = Document::parse(text).map_err(unreadable)?;
    let statements: Vec<Node<'_, '_>> =
        document.descendants().filter(|it| it.tag_name().name() == "Stmt").collect();
    if statements.is_empty() {
        return Err(BankError::Unreadable("there is no statement in it".into()));
    }
    let mut all = Vec::new();
    for it in statements {
        all.extend(statement(it)?);
    }
    Ok(all)
}

fn child<'a, 'i>(of: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    of.children().find(|it| it.tag_name().name() == name)
}

fn text_at<'a>(of: Node<'a, '_>, path: &[&str]) -> Option<&'a str> {
    let mut at = of;
    for name in path {
        at = child(at, name)?;
    }
    at.text().map(str::trim)
}

fn wrong(of: Node<'_, '_>, what: impl Into<String>) -> BankError {
    let line = of.document().text_pos_at(of.range().start).row;
    BankError::Line { line: usize::try_from(line).unwrap_or(0), what: what.into() }
}

/// What an element with an amount says, with its sign: money that went is below zero.
fn signed(of: Node<'_, '_>) -> Result<Money, BankError> {
    let amount = child(of, "Amt").ok_or_else(|| wrong(of, "an amount is missing"))?;
    let code = amount.attribute("Ccy").ok_or_else(|| wrong(of, "a currency is missing"))?;
    let currency = Currency::parse(code).map_err(|error| wrong(of, error.to_string()))?;
    let money = Money::parse(amount.text().unwrap_or("").trim(), currency);
    let money = money.map_err(|error| wrong(of, error.to_string()))?;
    match text_at(of, &["CdtDbtInd"]) {
        Some("CRDT") => Ok(money),
        Some("DBIT") => money.checked_neg().map_err(|error| wrong(of, error.to_string())),
        Some(_) | None => Err(wrong(of, "whether it came or went is missing")),
    }
}

fn balance(of: Node<'_, '_>, code: &str) -> Result<Money, BankError> {
    let is = |it: &Node<'_, '_>| {
        it.tag_name().name() == "Bal" && text_at(*it, &["Tp", "CdOrPrtry", "Cd"]) == Some(code)
    };
    let found = of.children().find(is).ok_or_else(|| wrong(of, format!("the balance {code} is missing")))?;
    signed(found)
}

fn statement(of: Node<'_, '_>) -> Result<Vec<Entry>, BankError> {
    let (opening, closing) = (balance(of, "OPBD")?, balance(of, "CLBD")?);
    let entries: Vec<Node<'_, '_>> = of.children().filter(|it| it.tag_name().name() == "Ntry").collect();
    let said = text_at(of, &["TxsSummry", "TtlNtries", "NbOfNtries"]);
    if let Some(said) = said.filter(|it| it.parse() != Ok(entries.len())) {
        return Err(BankError::Unbalanced {
            said: format!("{said} entries"),
            sum: format!("{} entries", entries.len()),
        });
    }
    let mut sum = opening;
    let mut all = Vec::new();
    for it in entries {
        if text_at(it, &["Sts"]).or_else(|| text_at(it, &["Sts", "Cd"])).is_some_and(|it| it == "PDNG") {
            continue;
        }
        let money = signed(it)?;
        sum = sum.checked_add(money).map_err(|error| wrong(it, error.to_string()))?;
        if money.is_positive() {
            all.push(entry(it, money)?);
        }
    }
    match sum == closing {
        true => Ok(all),
        false => Err(BankError::Unbalanced { said: closing.to_string(), sum: sum.to_string() }),
    }
}

fn entry(of: Node<'_, '_>, money: Money) -> Result<Entry, BankError> {
    let id = text_at(of, &["AcctSvcrRef"]).or_else(|| text_at(of, &["NtryRef"]));
    let id = id.filter(|it| !it.is_empty()).ok_or_else(|| wrong(of, "the bank's reference is missing"))?;
    let day = text_at(of, &["BookgDt", "Dt"]).or_else(|| text_at(of, &["BookgDt", "DtTm"]));
    let booked = day.and_then(day_of).ok_or_else(|| wrong(of, "the day of booking is missing"))?;
    let within = |name: &'static str| of.descendants().filter(move |it| it.tag_name().name() == name);
    let written = within("Ustrd").chain(within("Ref")).filter_map(|it| it.text());
    let payer = within("Dbtr").find_map(|it| text_at(it, &["Nm"]).or_else(|| text_at(it, &["Pty", "Nm"])));
    Ok(Entry {
        id: plain(id, 80),
        booked,
        money,
        payer: plain(payer.unwrap_or(""), 140),
        text: plain(&written.collect::<Vec<_>>().join(" "), 500),
    })
}

fn day_of(text: &str) -> Option<Timestamp> {
    Calendar::settlement().parse(text.get(..10)?).ok()
}
