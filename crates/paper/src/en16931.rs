//! What EN 16931 asks of an invoice beyond its syntax, the same for UBL and CII.
//!
//! In:  lines with taxes, parties. Out: one sum for each category and rate; under which of its numbers a party stands.
//! Invariant: what the standard cannot say is refused, not bent.
//! Source: EN 16931-1, BR-S-08, BR-CO-09, BR-CO-18, BR-CO-26, BR-O-02 to BR-O-14.

use billing::document::error::DocumentError;
use billing::document::invoiced::{RateSum, Taxed};
use billing::document::party::Party;
use billing::document::tax::Category;
use units::Currency;

/// Digits of sums, at most. Source: BR-DEC-09 to BR-DEC-28.
const DIGITS: u32 = 2;

/// Whether sums of a currency can be said.
pub(crate) fn is_for(currency: Currency) -> bool {
    currency.minor_digits() <= DIGITS
}

/// The sums of an invoice, one for each category and rate (BR-S-08).
///
/// Errors: `Mixed` for what is partly outside of the scope of the tax (BR-O-11); a sum that does not fit.
pub(crate) fn shares<'a>(taxed: &'a Taxed, form: &'static str) -> Result<Vec<RateSum<'a>>, DocumentError> {
    let is_outside = |it: &RateSum<'_>| it.tax.category == Category::Outside;
    let shares = taxed.by_rate()?;
    match shares.iter().any(is_outside) && !shares.iter().all(is_outside) {
        true => Err(DocumentError::Mixed { form }),
        false => Ok(shares),
    }
}

/// Why there is no tax, where the standard has a place for it. Source: BR-S-10, BR-Z-10, BR-E-10, BR-AE-10, BR-O-10.
pub(crate) fn reason(share: &RateSum<'_>) -> Option<String> {
    let said = share.reasons.iter().map(|it| it.en.as_str()).collect::<Vec<_>>().join("; ");
    match share.tax.category {
        Category::Standard | Category::Zero => None,
        Category::Exempt | Category::ReverseCharge | Category::Outside => {
            Some(said).filter(|it| !it.is_empty())
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
