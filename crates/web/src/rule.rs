//! What a field may hold, for a face that says it in words of its own.
//!
//! In:  a refusal. Out: the rule that was broken, with its bounds.
//! Invariant: the bounds are those by which the field was judged.

use billing::budget::{self, BudgetError};
use billing::contract_price::ContractError;
use billing::correction::{self, CorrectionError};
use billing::document::error::DocumentError;
use billing::document::party::{LONG, MOST};
use billing::offer::{self, OfferError};
use billing::payment::CardError;
use billing::proposal::ProposalError;
use billing::renewal::{self, RenewalError};
use billing::sales::{self, SalesError};
use billing::user::{self, UserError};
use billing::voucher::code::{self, CodeError};
use billing::voucher::{MOST_AT_ONCE, VoucherError, issue};
use desk::Refusal;
use units::{Money, MoneyError};

/// What a field may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// So many characters on one line.
    Line { least: usize, most: usize },
    /// So many characters.
    Text { least: usize, most: usize },
    /// At most so many visible characters, by which the same again is known.
    Id { most: usize },
    /// So many letters, digits and hyphens.
    Letters { least: usize, most: usize },
    /// A whole number within these.
    Whole { least: u64, most: u64 },
    /// A whole number of this or more.
    AtLeast(u64),
    /// An amount, without a sign.
    Sum,
    /// At most so many digits behind the point.
    Places(u32),
    /// An amount above zero.
    Positive,
    /// An amount of zero or more.
    NotNegative,
    /// At most this amount, which is what is left.
    AtMost(Money),
    /// Whole percents up to the highest, at most so many.
    Percents { highest: u32, most: usize },
    /// A share from 0 to 1.
    Rate,
    /// A share of more than 0, up to 10.
    OfferRate,
    /// A time that lies ahead.
    Ahead,
    /// A day that lies ahead, at most so many days.
    Within { days: u64 },
    /// A time behind the one that it begins at.
    AfterFrom,
    /// A day; this text is none.
    Day(String),
    /// At most so many of a list, each once.
    Listed { most: usize },
    /// A product; this word is none.
    Product(String),
    /// A region; this word is none.
    Region(String),
    /// No kind of order, since only use is paid for.
    NoOrders,
    /// A tag.
    Tag,
    /// One of these currencies.
    Currencies(String),
    /// A country by its two letters.
    Country,
    /// The number under which somebody is taxed.
    TaxNumber,
    /// A mail address.
    Mail,
    /// The sum below which a card tops up.
    TopUpBelow,
    /// As much as one top-up, or more.
    OneTopUp,
    /// Either a total or a share.
    TotalOrRate,
    /// A total that is the same for each piece: one of these.
    SamePerPiece { below: Money, above: Money },
    /// A total that is a share of the list price; the nearest is this.
    Nearest(Money),
    /// Something that is paid with the order.
    PaidAhead,
    /// A bill of this customer.
    Bill,
    /// A file without problems; this is the first that it has.
    File(String),
}

/// A reason of a text.
const REASON: Rule = Rule::Text { least: 1, most: correction::LONGEST_REASON };
/// An id that somebody gives.
const ID: Rule = Rule::Id { most: correction::LONGEST_ID };

impl Rule {
    /// The rule of a field that a refusal is about; `None` where it is about none, or has other words.
    pub fn of(refusal: &Refusal) -> Option<Rule> {
        if let Refusal::Voucher(it) = refusal {
            return voucher(it);
        }
        if let Refusal::Promotion(it) = refusal {
            return promotion(it);
        }
        if let Refusal::Money(it) = refusal {
            return money(it);
        }
        if let Refusal::Document(it) = refusal {
            return document(it);
        }
        of_agreement(refusal).or_else(|| of_request(refusal)).or_else(|| of_desk(refusal))
    }
}

/// What operators agree on and correct.
fn of_agreement(refusal: &Refusal) -> Option<Rule> {
    if let Refusal::Contract(it) = refusal {
        return contract(it);
    }
    if let Refusal::Proposal(it) = refusal {
        return proposal(it);
    }
    if let Refusal::Correction(it) = refusal {
        return corrected(it);
    }
    if let Refusal::Renewal(it) = refusal {
        return renewal(it);
    }
    None
}

/// What customers ask for, and what they are offered.
fn of_request(refusal: &Refusal) -> Option<Rule> {
    if let Refusal::Budget(it) = refusal {
        return budget(it);
    }
    if let Refusal::Offer(it) = refusal {
        return offer(it);
    }
    if let Refusal::Sales(it) = refusal {
        return sales(it);
    }
    if let Refusal::Card(it) = refusal {
        return card(it);
    }
    if let Refusal::User(UserError::Name) = refusal {
        return Some(Rule::Line { least: 1, most: user::LONGEST_NAME });
    }
    None
}

/// What the desk refuses by itself.
fn of_desk(refusal: &Refusal) -> Option<Rule> {
    if let Refusal::Whole { least, most, .. } = refusal {
        return Some(Rule::Whole { least: (*least).into(), most: (*most).into() });
    }
    if let Refusal::CurrencyNeeded(known) = refusal {
        return Some(Rule::Currencies(known.clone()));
    }
    if matches!(refusal, Refusal::TagText) {
        return Some(Rule::Tag);
    }
    matches!(refusal, Refusal::Past(_)).then_some(Rule::Ahead)
}

fn budget(error: &BudgetError) -> Option<Rule> {
    match error {
        BudgetError::Name => Some(Rule::Line { least: 1, most: budget::LONGEST_NAME }),
        BudgetError::Amount => Some(Rule::Positive),
        BudgetError::Percent => {
            Some(Rule::Percents { highest: budget::HIGHEST_PERCENT, most: budget::MOST_MARKS })
        }
        BudgetError::NameTaken(_) | BudgetError::Both | BudgetError::TooMany(_) => None,
    }
}

fn voucher(error: &VoucherError) -> Option<Rule> {
    match error {
        VoucherError::PerOrder(_) => Some(Rule::Whole { least: 1, most: MOST_AT_ONCE.into() }),
        VoucherError::Invalid { field, .. } => of_field(field),
        VoucherError::Product { product } => Some(Rule::Product(product.clone())),
        VoucherError::Region { region } => Some(Rule::Region(region.clone())),
        VoucherError::Money(it) => money(it),
        VoucherError::Unfit { .. }
        | VoucherError::TooMany { .. }
        | VoucherError::Twice(_)
        | VoucherError::Missing(_)
        | VoucherError::Step(_) => None,
    }
}

/// The rule of a field of a voucher that is to be issued.
fn of_field(field: &str) -> Option<Rule> {
    match field {
        "name" => Some(Rule::Line { least: 1, most: issue::LONGEST_NAME }),
        "amount" => Some(Rule::Positive),
        "min_spend" => Some(Rule::NotNegative),
        "max_months" => Some(Rule::Whole { least: 1, most: issue::MOST_MONTHS.into() }),
        "actions" => Some(Rule::NoOrders),
        "products" | "regions" => Some(Rule::Listed { most: issue::MOST_LISTED }),
        "until" => Some(Rule::Within { days: issue::LONGEST_DAYS }),
        _ => None,
    }
}

fn promotion(error: &CodeError) -> Option<Rule> {
    match error {
        CodeError::Word => Some(Rule::Letters { least: code::SHORTEST, most: code::LONGEST }),
        CodeError::Times => Some(Rule::Whole { least: 1, most: code::MOST_TIMES.into() }),
        CodeError::Days => Some(Rule::Whole { least: 1, most: issue::LONGEST_DAYS }),
        CodeError::Voucher(it) => voucher(it),
        CodeError::Taken(_)
        | CodeError::Unknown(_)
        | CodeError::Early(_)
        | CodeError::Late(_)
        | CodeError::Withdrawn
        | CodeError::UsedUp(_)
        | CodeError::Again
        | CodeError::Currency(_) => None,
    }
}

fn renewal(error: &RenewalError) -> Option<Rule> {
    match error {
        RenewalError::Day(_) => Some(Rule::Whole { least: 1, most: renewal::LAST_DAY.into() }),
        RenewalError::NoStopDays(_) => {
            Some(Rule::Whole { least: 0, most: renewal::MOST_NO_STOP_DAYS.into() })
        }
        RenewalError::NotPrepaid
        | RenewalError::Late(_)
        | RenewalError::OpenOrder(_)
        | RenewalError::Twice
        | RenewalError::Moved { .. }
        | RenewalError::State(_)
        | RenewalError::Calendar(_) => None,
    }
}

fn offer(error: &OfferError) -> Option<Rule> {
    match error {
        OfferError::Rate => Some(Rule::OfferRate),
        OfferError::Total => Some(Rule::Positive),
        OfferError::Price => Some(Rule::TotalOrRate),
        OfferError::Pieces { below, above, .. } => Some(Rule::SamePerPiece { below: *below, above: *above }),
        OfferError::Fine { nearest, .. } => Some(Rule::Nearest(*nearest)),
        OfferError::NothingAhead => Some(Rule::PaidAhead),
        OfferError::Note => Some(Rule::Text { least: 0, most: offer::LONGEST_NOTE }),
        OfferError::Until => Some(Rule::Within { days: offer::LONGEST_DAYS }),
        OfferError::Money(it) => money(it),
        OfferError::Step(_) | OfferError::Items | OfferError::Currency | OfferError::Quote(_) => None,
    }
}

fn sales(error: &SalesError) -> Option<Rule> {
    match error {
        SalesError::Message => Some(Rule::Text { least: 1, most: sales::LONGEST }),
        SalesError::Day(text) => Some(Rule::Day(text.clone())),
        SalesError::Quantity => Some(Rule::AtLeast(1)),
        SalesError::Step { .. } | SalesError::TooMany(_) => None,
    }
}

fn card(error: &CardError) -> Option<Rule> {
    match error {
        CardError::Rule("below", _) => Some(Rule::TopUpBelow),
        CardError::Rule("ceiling", _) => Some(Rule::OneTopUp),
        CardError::Money(it) => money(it),
        CardError::Rule(..)
        | CardError::Off
        | CardError::Ended(_)
        | CardError::OfAnother
        | CardError::TokenUsed
        | CardError::Token(_)
        | CardError::Declined(_)
        | CardError::Minimum { .. }
        | CardError::Fraction { .. }
        | CardError::TooMany { .. }
        | CardError::Step(_)
        | CardError::Unheard(_)
        | CardError::Silent(_)
        | CardError::Signature
        | CardError::OldSignature(_) => None,
    }
}

fn contract(error: &ContractError) -> Option<Rule> {
    match error {
        ContractError::Past(_) => Some(Rule::Ahead),
        ContractError::Backwards { .. } => Some(Rule::AfterFrom),
        ContractError::Id => Some(ID),
        ContractError::Reason => Some(REASON),
        ContractError::Unfit(_) | ContractError::Ended(_) => None,
    }
}

fn proposal(error: &ProposalError) -> Option<Rule> {
    match error {
        ProposalError::Past(_) => Some(Rule::Ahead),
        ProposalError::Id => Some(ID),
        ProposalError::Reason => Some(REASON),
        ProposalError::Step(_)
        | ProposalError::Own
        | ProposalError::NotProposer
        | ProposalError::Stale { .. }
        | ProposalError::There(_)
        | ProposalError::Taken(_)
        | ProposalError::OfProposal(_)
        | ProposalError::ByProposal
        | ProposalError::LaterFirst(_)
        | ProposalError::Book => None,
    }
}

fn corrected(error: &CorrectionError) -> Option<Rule> {
    match error {
        CorrectionError::Reason => Some(REASON),
        CorrectionError::Id => Some(ID),
        CorrectionError::Amount => Some(Rule::Positive),
        CorrectionError::TooMuch { left, .. } => Some(Rule::AtMost(*left)),
        CorrectionError::AgainstCorrection { .. }
        | CorrectionError::NoLine { .. }
        | CorrectionError::TooLate(_)
        | CorrectionError::Period => None,
    }
}

fn document(error: &DocumentError) -> Option<Rule> {
    match error {
        DocumentError::Details { field, what } => of_detail(field, what),
        DocumentError::TooMuch { left, .. } => Some(Rule::AtMost(*left)),
        DocumentError::Amount => Some(Rule::Positive),
        DocumentError::Reason => Some(REASON),
        DocumentError::Money(it) => money(it),
        DocumentError::Seller(all) => all.first().cloned().map(Rule::File),
        DocumentError::NoSeller
        | DocumentError::NoBuyer
        | DocumentError::NoTax { .. }
        | DocumentError::Nothing
        | DocumentError::Changed { .. }
        | DocumentError::NotFinal { .. }
        | DocumentError::EmptyMonth(_)
        | DocumentError::Granted
        | DocumentError::NotAnInvoice { .. }
        | DocumentError::Token
        | DocumentError::NoForm(_)
        | DocumentError::NotInCurrency { .. }
        | DocumentError::Mixed { .. }
        | DocumentError::Font(_) => None,
    }
}

/// The rule of a billing detail.
fn of_detail(field: &str, what: &str) -> Option<Rule> {
    match (field, what) {
        (_, LONG) => Some(Rule::Line { least: 0, most: MOST }),
        ("name", _) => Some(Rule::Line { least: 1, most: MOST }),
        ("country", _) => Some(Rule::Country),
        ("tax_number", _) => Some(Rule::TaxNumber),
        ("mail", _) => Some(Rule::Mail),
        _ => None,
    }
}

fn money(error: &MoneyError) -> Option<Rule> {
    match error {
        MoneyError::Malformed(_) => Some(Rule::Sum),
        MoneyError::TooFine { places, .. } => Some(Rule::Places(*places)),
        MoneyError::Overflow
        | MoneyError::BelowZero
        | MoneyError::Currency(..)
        | MoneyError::UnknownCurrency { .. } => None,
    }
}
