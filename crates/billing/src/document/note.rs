//! Credit notes: mirrors of an invoice, or of a part of it.
//!
//! In:  an invoice, the notes that were made of it, how much is to be taken back. Out: the lines and taxes of the note.
//! Invariant: all notes of an invoice together never take back more than it says, of no tax more than its sum and its
//! tax; the last one takes what is left, so that they mirror it to the fen.
//! Rules: R-INV-1, R-MON-7.

use super::error::DocumentError;
use super::invoiced::{Line, TaxSum, Taxed, shares};
use crate::text::is_plain;
use units::decimal::div_half_up;
use units::{Money, MoneyError};

/// What of an invoice is left to credit: its lines and taxes less those of the notes. Errors: a sum that does not fit.
pub fn left(invoice: &Taxed, notes: &[&Taxed]) -> Result<Taxed, MoneyError> {
    let mut lines = invoice.lines.clone();
    let mut taxes = invoice.taxes.clone();
    let mut paid = invoice.paid;
    for note in notes {
        for it in &note.lines {
            let found =
                lines.iter_mut().find(|line| line.title == it.title && line.tax_index == it.tax_index);
            if let Some(line) = found {
                line.net = line.net.checked_sub(it.net)?;
                line.tax = line.tax.checked_sub(it.tax)?;
                line.gross = line.gross.checked_sub(it.gross)?;
            }
        }
        for (tax, it) in taxes.iter_mut().zip(&note.taxes) {
            tax.net = tax.net.checked_sub(it.net)?;
            tax.amount = tax.amount.checked_sub(it.amount)?;
            tax.gross = tax.gross.checked_sub(it.gross)?;
        }
        paid = paid.checked_sub(note.paid)?;
    }
    Taxed::new(lines, taxes, paid)
}

/// What a note takes back: all that is left, or `amount` of it, tax included, in the ratio of what is left.
///
/// Taxes and lines stand as in the invoice, those that nothing is taken of with 0.00.
/// Errors: `Amount`, `TooMuch`.
pub fn mirror(invoice: &Taxed, notes: &[&Taxed], amount: Option<Money>) -> Result<Taxed, DocumentError> {
    let left = left(invoice, notes)?;
    let asked = amount.unwrap_or(left.gross);
    if !asked.is_positive() {
        return Err(DocumentError::Amount);
    }
    if asked.checked_cmp(left.gross)?.is_gt() {
        return Err(DocumentError::TooMuch { asked, left: left.gross });
    }
    if asked == left.gross {
        return Ok(left);
    }
    Ok(part(invoice, &left, asked)?)
}

/// A part: first over the taxes, in the ratio of what is left of each, then over the lines of each. Of what is below zero nothing
/// is taken: that comes with the last note.
fn part(invoice: &Taxed, left: &Taxed, asked: Money) -> Result<Taxed, MoneyError> {
    let mut lines: Vec<Line> = left.lines.clone();
    let mut taxes = Vec::new();
    let of_taxes = asked.split(&weights(left.taxes.iter().map(|it| it.gross)));
    for (tax_index, (whole, gross)) in invoice.taxes.iter().zip(of_taxes).enumerate() {
        let own: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].tax_index == tax_index).collect();
        let grosses = gross.split(&weights(own.iter().map(|at| left.lines[*at].gross)));
        let amount = tax_of(whole, &left.taxes[tax_index], gross)?;
        for ((at, gross), tax) in own.into_iter().zip(&grosses).zip(shares(amount, &grosses)?) {
            let line = &mut lines[at];
            (line.gross, line.tax, line.net) = (*gross, tax, gross.checked_sub(tax)?);
        }
        taxes.push(TaxSum { tax: whole.tax.clone(), net: gross.checked_sub(amount)?, amount, gross });
    }
    let prices = lines.iter().map(|it| it.price(&taxes[it.tax_index].tax));
    let paid = Money::sum(prices, asked.currency())?;
    Taxed::new(lines, taxes, paid)
}

/// What is above zero.
fn weights(all: impl Iterator<Item = Money>) -> Vec<u64> {
    all.map(|it| it.minor().max(0).unsigned_abs()).collect()
}

/// The tax of a part: what all that is credited by then is to bear, less what was credited of it before.
fn tax_of(whole: &TaxSum, left: &TaxSum, gross: Money) -> Result<Money, MoneyError> {
    let credited = whole.gross.checked_sub(left.gross)?.checked_add(gross)?;
    let share = match whole.gross.minor() {
        0 => 0,
        all => {
            let all = i128::from(all);
            let of = i128::from(whole.amount.minor()) * i128::from(credited.minor());
            div_half_up(of * all.signum(), all.abs())
        }
    };
    let share = Money::from_minor(i64::try_from(share).map_err(|_| MoneyError::Overflow)?, gross.currency());
    share.checked_sub(whole.amount.checked_sub(left.amount)?)
}

/// A reason as it is kept. Errors: `Reason`.
pub fn reason(text: &str) -> Result<String, DocumentError> {
    let text = text.trim();
    let sane = (1..=500).contains(&text.chars().count()) && is_plain(text);
    if sane { Ok(text.to_string()) } else { Err(DocumentError::Reason) }
}
