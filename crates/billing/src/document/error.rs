//! Why a document is not issued.
//!
//! Invariant: each is another answer to who asked.

use units::{Currency, Money, MoneyError};

/// Why a document is not issued, or not taken as it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    #[error("nobody is named who sells; an operator says it with `till document seller FILE`")]
    NoSeller,
    #[error("the file of the sellers has {}: {}", problems(.0.len()), .0.first().map_or("", String::as_str))]
    Seller(Vec<String>),
    #[error(
        "an invoice names whom it is for; fill in the legal name, the country, the city and the street first"
    )]
    NoBuyer,
    #[error("`{field}` {what}")]
    Details { field: &'static str, what: &'static str },
    #[error(
        "there is no tax for the country {country} and `{kind}` on {day}; an operator adds it to the file of the sellers"
    )]
    NoTax { country: String, kind: String, day: String },
    #[error(
        "nothing may be invoiced: only cash that was consumed is, less what came back and what was invoiced before"
    )]
    Nothing,
    #[error("{there} may be invoiced, not {asked}; look once more")]
    Changed { asked: Money, there: Money },
    #[error("the statement of {month} is not final yet; ask on {ready} or later")]
    NotFinal { month: String, ready: String },
    #[error("there is nothing in {0}; name a month with bills")]
    EmptyMonth(String),
    #[error("money that was granted has no receipt; name a payment in cash")]
    Granted,
    #[error("{number} is a {kind}; only invoices are credited")]
    NotAnInvoice { number: String, kind: &'static str },
    #[error("{left} of the invoice is left to credit, not {asked}")]
    TooMuch { asked: Money, left: Money },
    #[error("a credit note is of more than 0")]
    Amount,
    #[error("a credit note says why, in 1 to 500 characters")]
    Reason,
    #[error("this was asked before under the same token, with another answer; use a new one")]
    Token,
    #[error("a {0} has no such form; invoices and credit notes have")]
    NoForm(&'static str),
    #[error("there is no {form} in {currency}; take the PDF or the data of the document")]
    NotInCurrency { form: &'static str, currency: Currency },
    #[error(
        "there is no {form} of what is partly outside of the scope of the tax (EN 16931, BR-O-11); take the PDF or the data of the document"
    )]
    Mixed { form: &'static str },
    #[error("the document cannot be set: {0}")]
    Font(String),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// How many problems there are, before the first of them.
fn problems(count: usize) -> String {
    match count {
        1 => "one problem".to_string(),
        many => format!("{many} problems; the first"),
    }
}
