//! Decimal text to whole numbers and back, without a float in between.
//!
//! In:  text such as `0.0009`, `1 099.50` is refused. Out: an integer scaled by a power of ten.
//! Invariant: a digit that does not fit is an error, never dropped.

use crate::currency::MoneyError;

/// Reads a decimal as a count of `10^-places`.
///
/// Errors: `Malformed` when it is not a plain decimal, `TooFine` when it has more than `places`
/// digits behind the point, `Overflow` when it does not fit.
pub fn parse(text: &str, places: u32) -> Result<i128, MoneyError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|it| it.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) || digits.ends_with('.') {
        return Err(MoneyError::Malformed(text.chars().take(40).collect()));
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > places as usize {
        return Err(MoneyError::TooFine { text: text.chars().take(40).collect(), places });
    }
    let mut value: i128 = 0;
    let missing = places as usize - fraction.len();
    for digit in whole.bytes().chain(fraction.bytes()).chain(std::iter::repeat_n(b'0', missing)) {
        value = value
            .checked_mul(10)
            .and_then(|it| it.checked_add(i128::from(digit - b'0')))
            .ok_or(MoneyError::Overflow)?;
    }
    Ok(if negative { -value } else { value })
}

/// Writes a count of `10^-places` as a decimal with exactly `places` digits behind the point.
pub fn print(value: i128, places: u32) -> String {
    if places == 0 {
        return value.to_string();
    }
    let scale = 10_u128.pow(places);
    let (whole, rest) = (value.unsigned_abs() / scale, value.unsigned_abs() % scale);
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{whole}.{rest:0width$}", width = places as usize)
}

/// The same, without zeros at the end, but with at least `least` digits behind the point.
pub fn print_short(value: i128, places: u32, least: u32) -> String {
    let long = print(value, places);
    let cut = long.trim_end_matches('0');
    let keep = long.len() - (places - least.min(places)) as usize;
    let short = &long[..cut.len().max(keep)];
    short.trim_end_matches('.').to_string()
}

/// `one × other`, or `None` when it does not fit.
///
/// Factors of 64 bits, which nearly all are, fit for certain: one instruction instead of a check of every part.
#[inline]
pub fn times(one: i128, other: i128) -> Option<i128> {
    match (i64::try_from(one), i64::try_from(other)) {
        (Ok(one), Ok(other)) => Some(i128::from(one) * i128::from(other)),
        _ => one.checked_mul(other),
    }
}

/// `value / by`, rounded half up, away from zero.
///
/// `by` must be above zero. Source: R-MON-2.
#[inline]
pub fn div_half_up(value: i128, by: i128) -> i128 {
    debug_assert!(by > 0);
    if let (Ok(value), Ok(by)) = (i64::try_from(value), i64::try_from(by)) {
        let (quotient, rest) = (value / by, value % by);
        let up = rest.unsigned_abs() >= by.unsigned_abs() - rest.unsigned_abs();
        return i128::from(quotient) + if up { i128::from(value.signum()) } else { 0 };
    }
    div_half_up_wide(value, by)
}

/// What does not fit 64 bits is rare: kept apart, so that what does fit is inlined.
#[cold]
fn div_half_up_wide(value: i128, by: i128) -> i128 {
    let (quotient, rest) = (value / by, value % by);
    let up = rest.unsigned_abs() >= by.unsigned_abs() - rest.unsigned_abs();
    quotient + if up { value.signum() } else { 0 }
}

#[cfg(test)]
mod tests;
