//! What EN 16931 asks of an invoice beyond its syntax, the same for UBL and CII.
//!
//! In:  lines with taxes, parties. Out: one sum for each category and rate; under which of its numbers a party stands.
//! Invariant: what the standard cannot say is refused, not bent.
//! Source: EN 16931-1, BR-S-08, BR-CO-09, BR-CO-18, BR-CO-26, BR-O-02 to BR-O-14.

use billing::document::error::DocumentError;
use billing::document::invoiced::Taxed;
use billing::document::party::Party;
use billing::document::tax::{Category, Tax};
use units::{Currency, Money, MoneyError};

/// Digits of sums, at most. Source: BR-DEC-09 to BR-DEC-28.
const DIGITS: u32 = 2;

/// Whether sums of a currency can be said.
pub(crate) fn is_for(currency: Currency) -> bool {
    currency.minor_digits() <= DIGITS
}

/// What all taxes of one category and rate come to.
pub(crate) struct Share<'a> {
    pub tax: &'a Tax,
    pub net: Money,
    pub amount: Money,
    /// Why there is no tax, of categories that say it.
    pub reason: Option<String>,
}

/// The sums of an invoice, one for each category and rate, whatever the taxes are called and however they stand to the prices.
///
/// Errors: `Mixed` for what is partly outside of the scope of the tax (BR-O-11); a sum that does not fit.
pub(crate) fn shares<'a>(taxed: &'a Taxed, form: &'static str) -> Result<Vec<Share<'a>>, DocumentError> {
    let is_outside = |it: &Share<'_>| it.tax.category == Category::Outside;
    let mut shares: Vec<Share<'a>> = Vec::new();
    for it in &taxed.taxes {
        let reason = said(&it.tax);
        let same = |other: &&mut Share<'_>| {
            other.tax.category == it.tax.category && other.tax.rate_ppm == it.tax.rate_ppm
        };
        match shares.iter_mut().find(same) {
            None => shares.push(Share { tax: &it.tax, net: it.net, amount: it.amount, reason }),
            Some(share) => add(share, it.net, it.amount, reason)?,
        }
    }
    match shares.iter().any(is_outside) && !shares.iter().all(is_outside) {
        true => Err(DocumentError::Mixed { form }),
        false => Ok(shares),
    }
}

fn add(share: &mut Share<'_>, net: Money, amount: Money, reason: Option<String>) -> Result<(), MoneyError> {
    share.net = share.net.checked_add(net)?;
    share.amount = share.amount.checked_add(amount)?;
    share.reason = match (share.reason.take(), reason) {
        (Some(one), Some(other)) if one != other => Some(format!("{one}; {other}")),
        (one, other) => one.or(other),
    };
    Ok(())
}

/// The reason of a tax where the standard has a place for it. Source: BR-S-10, BR-Z-10, BR-E-10, BR-AE-10, BR-O-10.
fn said(tax: &Tax) -> Option<String> {
    match tax.category {
        Category::Standard | Category::Zero => None,
        Category::Exempt | Category::ReverseCharge | Category::Outside => {
            tax.reason.as_ref().map(|it| it.en.clone())
        }
    }
}

/// Under which number a party stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number<'a> {
    None,
    /// A VAT number: it begins with its country. What is outside of the scope of the tax names none (BR-CO-09, BR-O-02).
    Vat(&'a str),
    /// Any other number by which an office of taxes knows the party.
    Other(&'a str),
}

/// The number of a party of an invoice.
pub(crate) fn number<'a>(it: &'a Party, taxed: &Taxed) -> Number<'a> {
    let number = it.tax_number.as_str();
    let is_outside = taxed.taxes.iter().any(|it| it.tax.category == Category::Outside);
    let has_country = number.len() > 2 && number.bytes().take(2).all(|it| it.is_ascii_uppercase());
    match (number.is_empty(), has_country && !is_outside) {
        (true, _) => Number::None,
        (false, true) => Number::Vat(number),
        (false, false) => Number::Other(number),
    }
}
