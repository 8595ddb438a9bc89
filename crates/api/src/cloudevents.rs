//! CloudEvents 1.0 over HTTP: binary, structured and batch, read into usage events.
//!
//! In:  headers and the bytes of a body. Out: events in their order, each whole or with what is wrong with it.
//! Invariant: pure. What spoils one event of a batch spoils no other; no number passes through a float.

use axum::http::{HeaderMap, header};
use billing::counter::Counting;
use desk::Refusal;
use serde::de::IntoDeserializer;
use serde::{Deserialize, de::value::Error as ValueError};
use serde_json::value::RawValue;
use std::borrow::Cow;
use units::{MoneyError, Timestamp};
use web::code::Own;
use web::json;
use web::problem::Problem;
use web::wire::When;

/// The one type of event that is taken here.
pub const TYPE: &str = "cloudtill.usage.v1";
/// A batch has no more events than this.
pub const MOST: usize = 10_000;

/// How events come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    One(Shape),
    Batch,
}

/// How one event comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Binary,
    Structured,
}

/// A usage event that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub source: String,
    pub id: String,
    /// The resource.
    pub subject: String,
    pub time: Timestamp,
    pub meter: String,
    pub quantity: u64,
    pub series: String,
    pub counting: Counting,
}

/// An event that cannot be taken.
#[derive(Debug)]
pub struct Bad {
    pub source: Option<String>,
    pub id: Option<String>,
    pub wrong: Wrong,
}

/// What is wrong with an event.
#[derive(Debug)]
pub enum Wrong {
    /// It is not of the shape that the document of the API asks for.
    Shape { field: Option<String>, detail: String },
    /// It has the shape and cannot be: a time or a quantity out of reach.
    Refused(Refusal),
}

impl Wrong {
    fn shape(field: &str, detail: impl Into<String>) -> Wrong {
        Wrong::Shape { field: Some(field.to_string()), detail: detail.into() }
    }

    pub fn code(&self) -> &'static str {
        match self {
            Wrong::Shape { .. } => "malformed_request",
            Wrong::Refused(refusal) => refusal.code(),
        }
    }

    pub fn detail(&self) -> String {
        match self {
            Wrong::Shape { detail, .. } => detail.clone(),
            Wrong::Refused(refusal) => refusal.to_string(),
        }
    }
}

impl From<Wrong> for Problem {
    fn from(wrong: Wrong) -> Problem {
        match wrong {
            Wrong::Shape { field, detail } => Problem::malformed(field, detail),
            Wrong::Refused(refusal) => Problem::from(refusal),
        }
    }
}

/// Reads one event. Errors: 400 for a body that is no JSON at all.
pub fn one(shape: Shape, headers: &HeaderMap, body: &[u8]) -> Result<Result<Event, Bad>, Problem> {
    let raw: &RawValue = serde_json::from_str(utf8(body)?).map_err(|error| json::broken(body, &error))?;
    Ok(match shape {
        Shape::Binary => binary(headers, raw),
        Shape::Structured => structured(raw),
    })
}

/// Reads the events of a batch, in their order.
///
/// Errors: 400 for a body that is no JSON at all, 413 for too many events.
pub fn batch(body: &[u8]) -> Result<Vec<Result<Event, Bad>>, Problem> {
    let all: Vec<&RawValue> = serde_json::from_str(utf8(body)?).map_err(|error| {
        if error.is_data() {
            Problem::malformed(None, "a batch is a JSON list of events")
        } else {
            json::broken(body, &error)
        }
    })?;
    if all.len() > MOST {
        let detail = format!("a batch has at most {MOST} events; send fewer at once");
        return Err(Problem::new(Own::TooLarge, detail));
    }
    Ok(all.into_iter().map(structured).collect())
}

fn utf8(body: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(body).map_err(|_| Problem::malformed(None, "the body is not UTF-8"))
}

fn media(headers: &HeaderMap) -> String {
    let content_type = headers.get(header::CONTENT_TYPE).map_or("", |it| it.to_str().unwrap_or("?"));
    content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

fn unsupported(detail: &str) -> Problem {
    Problem::new(Own::UnsupportedMediaType, detail)
}

/// How a request brings its events. Errors: 415 for a body of another type.
pub fn mode(headers: &HeaderMap) -> Result<Mode, Problem> {
    let is_binary = headers.keys().any(|it| it.as_str().starts_with("ce-"));
    match media(headers).as_str() {
        "application/cloudevents-batch+json" => Ok(Mode::Batch),
        "application/cloudevents+json" => Ok(Mode::One(Shape::Structured)),
        "" | "application/json" if is_binary => Ok(Mode::One(Shape::Binary)),
        _ => Err(unsupported(
            "send application/cloudevents+json, application/cloudevents-batch+json, or application/json with ce- headers",
        )),
    }
}

/// That a request brings a batch. Errors: 415 for a body of another type.
pub fn expect_batch(headers: &HeaderMap) -> Result<(), Problem> {
    match media(headers).as_str() {
        "application/cloudevents-batch+json" | "application/json" => Ok(()),
        _ => Err(unsupported("send a list of events as application/cloudevents-batch+json")),
    }
}

/// That a request brings the data of one event. Errors: 415 for a body of another type.
pub fn expect_binary(headers: &HeaderMap) -> Result<(), Problem> {
    match media(headers).as_str() {
        "" | "application/json" => Ok(()),
        _ => Err(unsupported("send the data as application/json, and the attributes as ce- headers")),
    }
}

/// The attributes of an event, of whatever mode.
#[derive(Default, Deserialize)]
struct Attributes<'a> {
    #[serde(borrow)]
    specversion: Option<Cow<'a, str>>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    source: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    subject: Option<Cow<'a, str>>,
    #[serde(borrow)]
    time: Option<Cow<'a, str>>,
    #[serde(borrow)]
    datacontenttype: Option<Cow<'a, str>>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow)]
    data_base64: Option<&'a RawValue>,
}

/// Only its name, when the rest cannot be read.
#[derive(Default, Deserialize)]
struct Name<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    source: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data<'a> {
    #[serde(borrow)]
    meter: Cow<'a, str>,
    #[serde(borrow)]
    quantity: &'a RawValue,
    #[serde(borrow)]
    series: Option<Cow<'a, str>>,
    cumulative: Option<bool>,
    reset: Option<bool>,
}

/// The same two once more, only to say which member cannot be read.
#[derive(Deserialize)]
#[expect(dead_code, reason = "what is read well is not looked at")]
struct Shown {
    specversion: Option<String>,
    id: Option<String>,
    source: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    subject: Option<String>,
    time: Option<String>,
    datacontenttype: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "what is read well is not looked at")]
struct DataShown {
    meter: String,
    quantity: serde::de::IgnoredAny,
    series: Option<String>,
    cumulative: Option<bool>,
    reset: Option<bool>,
}

fn structured(raw: &RawValue) -> Result<Event, Bad> {
    // A list would be read as the fields in their order.
    let read = match raw.get().starts_with('{') {
        true => serde_json::from_str::<Attributes<'_>>(raw.get()),
        false => Err(serde::de::Error::custom("it is not an object")),
    };
    match read {
        Ok(attributes) => event(&attributes),
        Err(error) => {
            let name: Name<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
            let text = |it: Option<&RawValue>| it.and_then(|it| serde_json::from_str(it.get()).ok());
            let fault = json::fault::<Shown>(raw.get());
            let detail = fault.as_ref().map_or_else(|| error.to_string(), |it| it.sentence("it"));
            let detail = format!("this is not a CloudEvent: {detail}");
            let wrong = Wrong::Shape { field: fault.and_then(|it| it.field()), detail };
            Err(Bad { source: text(name.source), id: text(name.id), wrong })
        }
    }
}

fn binary(headers: &HeaderMap, data: &RawValue) -> Result<Event, Bad> {
    let attribute = |name: &str| headers.get(format!("ce-{name}")).map(|it| decoded(it.as_bytes()));
    let mut attributes = Attributes { data: Some(data), ..Attributes::default() };
    for (name, place) in [
        ("specversion", &mut attributes.specversion),
        ("id", &mut attributes.id),
        ("source", &mut attributes.source),
        ("type", &mut attributes.kind),
        ("subject", &mut attributes.subject),
        ("time", &mut attributes.time),
    ] {
        match attribute(name) {
            Some(None) => {
                let detail = format!("the header ce-{name} is not percent-encoded UTF-8");
                let wrong = Wrong::Shape { field: None, detail };
                return Err(Bad { source: None, id: None, wrong });
            }
            Some(Some(text)) => *place = Some(Cow::Owned(text)),
            None => {}
        }
    }
    event(&attributes)
}

/// A header value as the HTTP binding writes it: quoted or not, percent-encoded.
fn decoded(value: &[u8]) -> Option<String> {
    let quoted = value.len() >= 2 && value.starts_with(b"\"") && value.ends_with(b"\"");
    let inner = if quoted { &value[1..value.len() - 1] } else { value };
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner.iter().copied();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'\\' if quoted => rest.next()?,
            b'%' => {
                let digit = |it: u8| char::from(it).to_digit(16).and_then(|it| u8::try_from(it).ok());
                digit(rest.next()?)? << 4 | digit(rest.next()?)?
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).ok()
}

fn event(it: &Attributes<'_>) -> Result<Event, Bad> {
    read_event(it).map_err(|wrong| Bad {
        source: it.source.as_deref().map(str::to_string),
        id: it.id.as_deref().map(str::to_string),
        wrong,
    })
}

fn read_event(it: &Attributes<'_>) -> Result<Event, Wrong> {
    if it.specversion.as_deref() != Some("1.0") {
        return Err(Wrong::shape("specversion", "specversion is 1.0"));
    }
    if it.kind.as_deref() != Some(TYPE) {
        return Err(Wrong::shape("type", format!("the type of usage is {TYPE}")));
    }
    let id = text("id", it.id.as_deref(), 1..=256)?;
    let source = text("source", it.source.as_deref(), 1..=256)?;
    let subject = text("subject", it.subject.as_deref(), 1..=256)?;
    let time = time(it.time.as_deref())?;
    if it.datacontenttype.as_deref().is_some_and(|it| it != "application/json") {
        return Err(Wrong::shape("datacontenttype", "the data of usage is application/json"));
    }
    let data = it.data.filter(|data| it.data_base64.is_none() && data.get().starts_with('{'));
    let data = data.ok_or_else(|| Wrong::shape("data", "the data of usage is a JSON object"))?;
    let data: Data<'_> = serde_json::from_str(data.get()).map_err(|error| data_wrong(data.get(), &error))?;
    let counting = match (data.cumulative.unwrap_or(false), data.reset.unwrap_or(false)) {
        (_, true) => Counting::Began,
        (true, false) => Counting::Standing,
        (false, false) => Counting::Delta,
    };
    Ok(Event {
        source,
        id,
        subject,
        time,
        meter: text("data.meter", Some(&data.meter), 1..=100)?,
        quantity: quantity(data.quantity.get())?,
        series: text("data.series", Some(data.series.as_deref().unwrap_or("")), 0..=256)?,
        counting,
    })
}

/// What is wrong with data that cannot be read, told by its member. Only then it is read a second time.
fn data_wrong(text: &str, error: &serde_json::Error) -> Wrong {
    match json::fault::<DataShown>(text).map(|it| it.under("data")) {
        Some(fault) => Wrong::Shape { field: fault.field(), detail: fault.sentence("data") },
        None => Wrong::shape("data", format!("the data cannot be read: {error}")),
    }
}

fn text(
    field: &'static str,
    it: Option<&str>,
    length: std::ops::RangeInclusive<usize>,
) -> Result<String, Wrong> {
    let it = it.ok_or_else(|| Wrong::shape(field, format!("{field} is missing")))?;
    if !length.contains(&it.chars().count()) || it.bytes().any(|it| it.is_ascii_control()) {
        let (from, to) = length.into_inner();
        let detail = format!("{field} has {from} to {to} characters and no control characters");
        return Err(Wrong::shape(field, detail));
    }
    Ok(it.to_string())
}

fn time(it: Option<&str>) -> Result<Timestamp, Wrong> {
    let it = it.ok_or_else(|| Wrong::shape("time", "time is missing: when it was used"))?;
    let read: Result<When, ValueError> = When::deserialize(it.into_deserializer());
    read.map_err(|error| Wrong::shape("time", error.to_string()))?.of("time").map_err(Wrong::Refused)
}

fn too_large() -> Wrong {
    Wrong::Refused(Refusal::from(MoneyError::Overflow).of("data.quantity"))
}

/// A whole number of 0 or more, as JSON writes one or as a string of digits.
fn quantity(raw: &str) -> Result<u64, Wrong> {
    let wrong = |detail: &str| Wrong::shape("data.quantity", format!("quantity {detail}"));
    let most = |it: u64| i64::try_from(it).map(|_| it).map_err(|_| too_large());
    if raw.starts_with('"') {
        let digits: Cow<'_, str> = serde_json::from_str(raw).map_err(|_| wrong("is not text"))?;
        if digits.is_empty() || digits.len() > 19 || !digits.bytes().all(|it| it.is_ascii_digit()) {
            return Err(wrong("as a string has 1 to 19 digits and nothing else"));
        }
        return most(digits.parse().unwrap_or(u64::MAX));
    }
    if !raw.starts_with(|it: char| it == '-' || it.is_ascii_digit()) {
        return Err(wrong("is a whole number, or a string of digits"));
    }
    let (mantissa, exponent) = raw.split_once(['e', 'E']).unwrap_or((raw, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |it| ("-", it));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    let zeros = i64::try_from(digits.len() - significant.len()).unwrap_or(i64::MAX);
    let significant = significant.trim_start_matches('0');
    if significant.is_empty() {
        return Ok(0);
    }
    if sign == "-" {
        return Err(wrong("is not below zero"));
    }
    // An exponent of very many digits is far out of reach on either side.
    let far = if exponent.starts_with('-') { -1_000_000_000 } else { 1_000_000_000 };
    let exponent = exponent.parse::<i64>().map_or(far, |it| it.clamp(-1_000_000_000, 1_000_000_000));
    let scale = exponent + zeros - i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    let Ok(scale) = usize::try_from(scale) else {
        return Err(wrong("is a whole number, without a fraction"));
    };
    if significant.len() + scale > 19 {
        return Err(too_large());
    }
    most(format!("{significant}{}", "0".repeat(scale)).parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests;
