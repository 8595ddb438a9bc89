//! Credit notes: mirrors of an invoice, or of a part of it.
//!
//! In:  an invoice, the notes that were made of it, how much is to be taken back. Out: the lines and taxes of the note.
//! Invariant: all notes of an invoice together never take back more than it says, of no tax more than its tax; the last one
//! takes what is left, so that they mirror it to the fen.
//! Rules: R-INV-1, R-MON-7.

use super::error::DocumentError;
use super::invoiced::{Line, TaxSum, Taxed, shares};
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

/// What a note takes back: all that is left, or `amount` of it, tax included, line by line in the ratio of what is left.
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

fn part(invoice: &Taxed, left: &Taxed, asked: Money) -> Result<Taxed, MoneyError> {
    let weights: Vec<u64> = left.lines.iter().map(|it| it.gross.minor().max(0).unsigned_abs()).collect();
    let parts = asked.split(&weights);
    let mut lines: Vec<Line> = left.lines.clone();
    for (line, gross) in lines.iter_mut().zip(&parts) {
        line.gross = *gross;
    }
    let mut taxes = Vec::new();
    for (tax_index, whole) in invoice.taxes.iter().enumerate() {
        let own: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].tax_index == tax_index).collect();
        let grosses: Vec<Money> = own.iter().map(|at| lines[*at].gross).collect();
        let gross = Money::sum(grosses.iter().copied(), asked.currency())?;
        let amount = tax_of(whole, left.taxes.get(tax_index).unwrap_or(whole), gross)?;
        for (at, tax) in own.into_iter().zip(shares(amount, &grosses)?) {
            (lines[at].tax, lines[at].net) = (tax, lines[at].gross.checked_sub(tax)?);
        }
        taxes.push(TaxSum { tax: whole.tax.clone(), net: gross.checked_sub(amount)?, amount, gross });
    }
    let prices = lines.iter().filter_map(|it| Some(it.price(&taxes.get(it.tax_index)?.tax)));
    let paid = Money::sum(prices, asked.currency())?;
    Taxed::new(lines, taxes, paid)
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
    let sane = (1..=500).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if sane { Ok(text.to_string()) } else { Err(DocumentError::Reason) }
}
