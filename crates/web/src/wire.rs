//! What stands in requests and answers: whole numbers, times, money, pages.
//!
//! In:  JSON and query parameters. Out: values, or an error that the reader puts a field to.
//! Invariant: no quantity and no amount is a floating-point number; `91.0` is read as the 91 that is meant.

use super::in_place;
use super::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use desk::Refusal;
use desk::page::{self, Part};
use serde::de::{DeserializeOwned, Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::str::FromStr;
use units::{Amount, Currency, Money, Timestamp};
use utoipa::ToSchema;

/// A whole number between `MIN` and `MAX`, also when it is written as `91.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole<const MIN: i64, const MAX: i64>(i64);

impl<const MIN: i64, const MAX: i64> Whole<MIN, MAX> {
    pub const fn get(self) -> i64 {
        self.0
    }

    /// As a count. `MIN` is at least 0 wherever this is used.
    pub fn count(self) -> u32 {
        u32::try_from(self.0).unwrap_or(0)
    }
}

struct WholeVisitor<const MIN: i64, const MAX: i64>;

impl<const MIN: i64, const MAX: i64> Visitor<'_> for WholeVisitor<MIN, MAX> {
    type Value = Whole<MIN, MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from {MIN} to {MAX}")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        match (MIN..=MAX).contains(&value) {
            true => Ok(Whole(value)),
            false => Err(E::invalid_value(Unexpected::Signed(value), &self)),
        }
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        let read = i64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))?;
        self.visit_i64(read)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        // Up to 2^53 a float holds whole numbers exactly; beyond that the digits are not what was sent.
        let whole = value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0;
        match whole {
            true => self.visit_i64(value as i64),
            false => Err(E::invalid_value(Unexpected::Float(value), &self)),
        }
    }
}

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for Whole<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(WholeVisitor::<MIN, MAX>)
    }
}

/// The same in a query, where everything is text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param<const MIN: i64, const MAX: i64>(i64);

impl<const MIN: i64, const MAX: i64> Param<MIN, MAX> {
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for Param<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let read = text.strip_suffix(".0").unwrap_or(&text).parse().ok();
        let read = read.filter(|it| (MIN..=MAX).contains(it));
        let wrong = || D::Error::custom(format!("`{text}` is no whole number from {MIN} to {MAX}"));
        read.map(Param).ok_or_else(wrong)
    }
}

/// Text of `MIN` to `MAX` characters without control characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MIN: usize, const MAX: usize>(String);

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl<'de, const MIN: usize, const MAX: usize> Deserialize<'de> for Text<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let length = text.chars().count();
        if !(MIN..=MAX).contains(&length) {
            let expected = format!("{MIN} to {MAX} characters");
            return Err(D::Error::invalid_length(length, &expected.as_str()));
        }
        if text.chars().any(|it| it.is_ascii_control()) {
            return Err(D::Error::custom("control characters are not allowed"));
        }
        Ok(Text(text))
    }
}

/// Text without control characters.
pub const PLAIN: &str = r"^[^\x00-\x1f\x7f]*$";

/// An instant as RFC 3339 writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When(String);

impl When {
    /// The instant that `field` of a request says. Errors: `Time` when it lies before 2000 or after 2200.
    pub fn of(&self, field: &str) -> Result<Timestamp, Refusal> {
        self.at().map_err(|refusal| refusal.of(field))
    }

    /// The instant. Errors: `Time` when it lies before 2000 or after 2200.
    pub fn at(&self) -> Result<Timestamp, Refusal> {
        let absurd = || Refusal::Time(self.0.clone());
        let at = Timestamp::from_str(&self.0).map_err(|_| absurd())?;
        let at = Timestamp::from_microsecond(at.as_microsecond()).map_err(|_| absurd())?;
        let span = 946_684_800..7_258_118_400;
        if span.contains(&at.as_second()) { Ok(at) } else { Err(absurd()) }
    }

    /// Whether `text` has the shape of an RFC 3339 time; its value may still be out of reach.
    fn is_shaped(text: &str) -> bool {
        let bytes = text.as_bytes();
        let digits = |range: std::ops::Range<usize>| {
            bytes.get(range).is_some_and(|it| it.iter().all(u8::is_ascii_digit))
        };
        let sign = |at: usize, signs: &[u8]| bytes.get(at).is_some_and(|it| signs.contains(it));
        digits(0..4)
            && sign(4, b"-")
            && digits(5..7)
            && sign(7, b"-")
            && digits(8..10)
            && sign(10, b"Tt ")
            && digits(11..13)
            && sign(13, b":")
            && digits(14..16)
            && sign(16, b":")
            && digits(17..19)
            && (Timestamp::from_str(text).is_ok()
                || text.starts_with("9999-12-31")
                || text.starts_with("0000-01-01"))
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        match When::is_shaped(&text) {
            true => Ok(When(text)),
            false => Err(D::Error::custom("a time is written like 2026-06-01T00:00:00Z")),
        }
    }
}

/// An instant in an answer: RFC 3339 in UTC.
pub fn time(at: Timestamp) -> Moment {
    Moment(at.to_string())
}

/// A whole second in an answer. Rows are read only within the calendar; beyond it the bare number is shown.
pub fn second(at: i64) -> Moment {
    Timestamp::from_second(at).map_or_else(|_| Moment(at.to_string()), time)
}

/// An instant in an answer, as it is written there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(String);

impl Moment {
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Money in an answer: a decimal string in the major unit.
pub fn money(it: Money) -> MoneyShown {
    MoneyShown(it.to_string())
}

/// A cost in an answer, to 1e-8 of the major unit.
pub fn amount(e8: i64, currency: Currency) -> AmountShown {
    amount_of(Amount::from_e8(e8.into(), currency))
}

/// The same of what is a cost already.
pub fn amount_of(it: Amount) -> AmountShown {
    AmountShown(it.to_string())
}

/// What something costs by a price book: the digits of its currency, more only where they say something.
pub fn price(it: Amount) -> PriceShown {
    PriceShown(it.short())
}

/// A share that prices are multiplied with, in 1e-8: written like them, with at least so many digits behind the point.
pub fn rate(e8: u64, least: u32) -> PriceShown {
    PriceShown(units::decimal::print_short(e8.into(), 8, least))
}

/// Money in an answer, as it is written there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct MoneyShown(String);

/// A figure of a price book in an answer, as it is written there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PriceShown(String);

/// A cost in an answer, as it is written there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct AmountShown(String);

/// The pattern of money in an answer: the digits of its currency behind the point (2 of CNY, 3 of KWD, 0 of JPY), below zero with a sign.
pub const MONEY_ANSWERED: &str = r"^-?[0-9]+(\.[0-9]{2,3})?$";

/// The pattern of a cost in an answer: eight digits behind the point.
pub const AMOUNT_ANSWERED: &str = r"^-?[0-9]+\.[0-9]{8}$";

/// The pattern of a figure of a price book in an answer: up to eight digits behind the point, those of the currency at least.
pub const PRICE_ANSWERED: &str = r"^[0-9]+(\.[0-9]{1,8})?$";

/// The pattern of money in a request: up to ten digits before the point, those of its currency behind it at most.
pub const MONEY: &str = r"^[0-9]{1,10}(\.[0-9]{1,3})?$";

/// Money in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyText(String);

impl MoneyText {
    pub fn money(&self, currency: Currency) -> Result<Money, Refusal> {
        Ok(Money::parse(&self.0, currency)?)
    }
}

impl<'de> Deserialize<'de> for MoneyText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, "0"));
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_digit())
        };
        let is_written = digits(whole, text.len()) && digits(fraction, Currency::MOST_DIGITS as usize);
        match is_written && whole.len() <= 10 {
            true => Ok(MoneyText(text)),
            false if is_written => {
                Err(D::Error::invalid_value(Unexpected::Str(&text), &"at most 9999999999.99"))
            }
            false => Err(D::Error::custom(
                "money is written like \"12.50\", with no more digits behind the point than its currency has, without signs or separators",
            )),
        }
    }
}

crate::in_place! {
    [const MIN: i64, const MAX: i64] Whole<MIN, MAX> = in_place::whole(MIN, MAX);
    [const MIN: i64, const MAX: i64] Param<MIN, MAX> = in_place::whole(MIN, MAX);
    [const MIN: usize, const MAX: usize] Text<MIN, MAX> = in_place::pattern(PLAIN)
        .min_length(Some(MIN).filter(|it| *it > 0)).max_length(Some(MAX));
    [] When = in_place::instant();
    [] Moment = in_place::instant();
    [] MoneyText = in_place::pattern(MONEY);
    [] MoneyShown = in_place::pattern(MONEY_ANSWERED);
    [] AmountShown = in_place::pattern(AMOUNT_ANSWERED);
    [] PriceShown = in_place::pattern(PRICE_ANSWERED);
}

/// A page of a list. `next` goes into `after` of the next request; without it the list is at its end.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// What is shown of a page of the desk.
    pub fn of<F>(page: page::Page<F>, view: impl FnMut(F) -> T) -> Page<T> {
        let page::Page { items, next } = page.map(view);
        Page { items, next }
    }

    /// The same, when a view may fail.
    pub fn try_of<F>(
        page: page::Page<F>,
        view: impl FnMut(F) -> Result<T, Refusal>,
    ) -> Result<Page<T>, Refusal> {
        let page::Page { items, next } = page.try_map(view)?;
        Ok(Page { items, next })
    }
}

/// How many of a list are wanted. Name it in each query by itself, so that unknown parameters are refused.
pub type Limit = Param<1, 200>;

/// How many of a list are given at once when nobody says.
pub const USUAL: i64 = 50;

/// Which part of a list the caller asked for.
pub fn part(limit: Option<Limit>, after: Option<String>) -> Part {
    let most = limit.map_or(USUAL, Limit::get);
    Part { after, most: u16::try_from(most).unwrap_or(u16::MAX) }
}

/// Parameters of a query; unknown, repeated and malformed ones are refused by name.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Query<T>, Problem> {
        let read = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let pairs = read.map_err(|_| Problem::malformed(None, "the query cannot be read"))?;
        super::json::query(pairs.0).map(Query)
    }
}

/// Ids in the path. One that cannot be read is of nothing that there is.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Problem> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        read.map(|it| Path(it.0)).map_err(|_| Problem::not_found("such thing"))
    }
}

/// An id in a path, by its text.
#[derive(Clone, Copy, Debug)]
pub struct Id<T>(pub T);

impl<'de, T: FromStr> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map(Id).map_err(|_| D::Error::custom("no such id"))
    }
}
