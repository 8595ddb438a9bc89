//! camt.053: the statement of ISO 20022.
//!
//! In:  XML. Out: the entries that came in, each payer's share of a batch for itself; what came in and went back, below zero.
//! Invariant: opening balance, credits and debits come to the closing balance, in one currency, and so many entries as it says.
//! A batch is never proposed whole to one of its payers.

use super::words::{name, plain};
use billing::bank::{BankError, Entry};
use roxmltree::{Document, Node};
use units::{Calendar, Currency, Money};

/// What banks write where they have no name of an entry. Source: ISO 20022 usage guides; SWIFT, field 61 of MT940.
const NO_NAMES: [&str; 3] = ["NONREF", "NOTPROVIDED", "NOT PROVIDED"];
/// The balance at the beginning: the opening one, or the closing one of the statement before. Source: ISO 20022, BalanceType12Code.
const OPENING: [&str; 2] = ["OPBD", "PRCD"];
const CLOSING: [&str; 1] = ["CLBD"];

pub(super) fn read(text: &str, calendar: &Calendar) -> Result<Vec<Entry>, BankError> {
    let unreadable = |error: roxmltree::Error| BankError::Unreadable(error.to_string());
    let document = Document::parse(text).map_err(unreadable)?;
    let statements: Vec<Node<'_, '_>> =
        document.descendants().filter(|it| it.tag_name().name() == "Stmt").collect();
    if statements.is_empty() {
        return Err(BankError::Unreadable("there is no statement in it".into()));
    }
    let mut all = Vec::new();
    for it in statements {
        all.extend(statement(it, calendar)?);
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

/// The first of the balances that a statement has.
fn balance(of: Node<'_, '_>, codes: &[&str]) -> Result<Money, BankError> {
    let with = |code: &str| {
        of.children().find(|it| {
            it.tag_name().name() == "Bal" && text_at(*it, &["Tp", "CdOrPrtry", "Cd"]) == Some(code)
        })
    };
    let found = codes.iter().find_map(|it| with(it));
    signed(found.ok_or_else(|| wrong(of, format!("the balance {} is missing", codes.join(" or "))))?)
}

fn statement(of: Node<'_, '_>, calendar: &Calendar) -> Result<Vec<Entry>, BankError> {
    let (opening, closing) = (balance(of, &OPENING)?, balance(of, &CLOSING)?);
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
    for (at, it) in entries.into_iter().enumerate().filter(|it| is_booked(it.1)) {
        let money = signed(it)?;
        sum = sum.checked_add(money).map_err(|error| wrong(it, error.to_string()))?;
        let went_back = matches!(text_at(it, &["RvslInd"]), Some("true" | "1"));
        if money.is_positive() || went_back {
            let id = named(of, it, at + 1)?;
            let id = if went_back { format!("{id} reversal") } else { id };
            all.extend(listed(it, &id, money, calendar)?);
        }
    }
    match sum == closing {
        true => Ok(all),
        false => Err(BankError::Unbalanced { said: closing.to_string(), sum: sum.to_string() }),
    }
}

/// Whether an entry counts: what is pending or told for information alone is in no balance.
fn is_booked(of: Node<'_, '_>) -> bool {
    let status = text_at(of, &["Sts", "Cd"]).or_else(|| text_at(of, &["Sts"]));
    status.is_none_or(|it| it == "BOOK")
}

/// What tells an entry from every other one: the bank's reference of it, or its place in the statement.
///
/// `NtryRef` tells entries of one statement apart and no others, so it is no name.
fn named(statement: Node<'_, '_>, of: Node<'_, '_>, position: usize) -> Result<String, BankError> {
    let is_name = |it: &&str| !it.is_empty() && !NO_NAMES.iter().any(|no| it.eq_ignore_ascii_case(no));
    let details: Vec<Node<'_, '_>> = details(of).collect();
    let of_only = match details[..] {
        [only] => text_at(only, &["Refs", "AcctSvcrRef"]).filter(is_name),
        _ => None,
    };
    if let Some(name) = text_at(of, &["AcctSvcrRef"]).filter(is_name).or(of_only) {
        return Ok(name.to_string());
    }
    let account = text_at(statement, &["Acct", "Id", "IBAN"])
        .or_else(|| text_at(statement, &["Acct", "Id", "Othr", "Id"]))
        .filter(is_name);
    let (Some(account), Some(id)) = (account, text_at(statement, &["Id"]).filter(is_name)) else {
        let what = "`AcctSvcrRef` is missing, and the statement has no `Acct` and `Id` to name the entry by; ask the bank for either";
        return Err(wrong(of, what));
    };
    Ok(format!("{account}/{id}/{position}"))
}

/// The transactions of an entry.
fn details<'a, 'i>(of: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    let all = of.children().filter(|it| it.tag_name().name() == "NtryDtls");
    all.flat_map(|it| it.children().filter(|it| it.tag_name().name() == "TxDtls"))
}

/// An entry, or each transaction of a batch, where the bank says their sums. Where it does not, nobody's reference is read of it.
fn listed(of: Node<'_, '_>, id: &str, money: Money, calendar: &Calendar) -> Result<Vec<Entry>, BankError> {
    let day = text_at(of, &["BookgDt", "Dt"]).or_else(|| text_at(of, &["BookgDt", "DtTm"]));
    let booked = day.and_then(|it| calendar.parse(it.get(..10)?).ok());
    let booked = booked.ok_or_else(|| wrong(of, "the day of booking is missing"))?;
    let one = |node: Node<'_, '_>, id: String, money: Money, text: String| {
        let id = name(&id).map_err(|what| wrong(node, what))?;
        Ok(Entry { id, booked, money, payer: plain(&payers(node), 140), text: plain(&text, 500) })
    };
    let parts: Vec<Node<'_, '_>> = details(of).collect();
    if parts.len() < 2 {
        return Ok(vec![one(of, id.to_string(), money, written(of))?]);
    }
    match shares(&parts, money) {
        Some(shares) => {
            let numbered = parts.into_iter().zip(shares).enumerate();
            numbered
                .map(|(at, (it, share))| one(it, format!("{id}/{}", at + 1), share, written(it)))
                .collect()
        }
        None => Ok(vec![one(of, id.to_string(), money, String::new())?]),
    }
}

/// The sums of the transactions of a batch, where the bank says each in the batch's currency and they come to it.
fn shares(parts: &[Node<'_, '_>], whole: Money) -> Option<Vec<Money>> {
    let share = |it: &Node<'_, '_>| {
        let amount = child(*it, "Amt").or_else(|| child(child(child(*it, "AmtDtls")?, "TxAmt")?, "Amt"))?;
        let is_ours = amount.attribute("Ccy") == Some(whole.currency().as_str());
        let money = Money::parse(amount.text()?.trim(), whole.currency()).ok().filter(|_| is_ours)?;
        match text_at(*it, &["CdtDbtInd"]) {
            Some("CRDT") => Some(money),
            Some("DBIT") => money.checked_neg().ok(),
            Some(_) => None,
            None if whole.is_negative() => money.checked_neg().ok(),
            None => Some(money),
        }
    };
    let shares: Vec<Money> = parts.iter().map(share).collect::<Option<_>>()?;
    (Money::sum(shares.iter().copied(), whole.currency()) == Ok(whole)).then_some(shares)
}

fn within<'a, 'i>(of: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    of.descendants().filter(move |it| it.tag_name().name() == name)
}

/// What payers wrote.
fn written(of: Node<'_, '_>) -> String {
    let lines = within(of, "Ustrd").chain(within(of, "Ref")).filter_map(|it| it.text());
    lines.collect::<Vec<_>>().join(" ")
}

fn payers(of: Node<'_, '_>) -> String {
    let name = |it| text_at(it, &["Nm"]).or_else(|| text_at(it, &["Pty", "Nm"]));
    within(of, "Dbtr").filter_map(name).collect::<Vec<_>>().join(", ")
}
