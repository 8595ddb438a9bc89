//! The desk: what every operation works by.
//!
//! In:  price books, a calendar, a cloud. Out: the book of a currency, and the product, that hold at an instant.
//! Invariant: it holds nothing that an operation changes; the instant is handed in with it and never read.

use super::Refusal;
use super::network::Network;
use billing::book::{Book, Product};
use billing::books::Books;
use billing::language::Language;
use billing::plan::PlanError;
use billing::proposal;
use billing::resource::Resource;
use providers::cards::Cards;
use providers::cloud::Cloud;
use providers::installation::InstallationKey;
use providers::webhook::Reach;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use store::letters::Mailing;
use units::{AccountId, Calendar, Currency, Timestamp};

/// What every operation works by: the price books, the calendar, and the cloud.
#[derive(Clone, Debug)]
pub struct Desk {
    pub books: Books,
    pub calendar: Calendar,
    pub cloud: Cloud,
    /// Through whom cards are paid.
    pub cards: Cards,
    /// Seconds after its end at which a cycle closes, so that use on its way still counts. Source: section 20 (R-SET-1).
    pub settlement_delay_seconds: u64,
    /// For how many months after its end a closed cycle takes readings that come late. Source: R-SET-5.
    pub late_months: u32,
    /// Above so many tenths of a percent of a month's revenue another operator agrees before a proposed price book is applied. Where it
    /// is set, a book that charges what lives otherwise is applied by a proposal alone.
    pub price_limit_tenths: Option<u32>,
    /// How far webhooks of customers may go.
    pub webhooks: Reach,
    /// The key that secrets are sealed with; `None` where nothing is kept for long, as in simulations.
    pub key: Option<Arc<InstallationKey>>,
    /// Whether what customers are told goes out by mail too.
    pub mail: Mailing,
    /// In which language an account is written to that never said.
    pub mail_language: Language,
    /// The files of the regular and of the bold font of documents; where there are none, those of the system are searched.
    pub document_fonts: Vec<PathBuf>,
    /// Proxies whose word is taken for where a request comes from.
    pub proxies: Vec<Network>,
}

/// What a desk has where nothing else is said. Source: R-SET-5.
pub const LATE_MONTHS: u32 = 13;

impl Desk {
    /// A desk without price books, on the clock of the settlement zone.
    pub fn empty() -> Desk {
        Desk {
            books: Books::default(),
            calendar: Calendar::settlement(),
            cloud: Cloud::default(),
            cards: Cards::default(),
            settlement_delay_seconds: 0,
            late_months: LATE_MONTHS,
            price_limit_tenths: None,
            webhooks: Reach::Public,
            key: None,
            mail: Mailing::Off,
            mail_language: Language::English,
            document_fonts: Vec::new(),
            proxies: Vec::new(),
        }
    }

    /// The limit that proposals of price changes go by.
    pub fn price_limit_tenths(&self) -> u32 {
        self.price_limit_tenths.unwrap_or(proposal::LIMIT_TENTHS)
    }

    /// The book of a currency that holds at `now`. Source: R-MON-5.
    pub fn book(&self, currency: Currency, now: Timestamp) -> Result<&Arc<Book>, Refusal> {
        self.books.of(currency).at(now).ok_or_else(|| PlanError::NoBook(currency, now).into())
    }

    /// The currency of whoever names none: the one in which something is sold at `now`.
    ///
    /// Errors: no price book holds; `CurrencyNeeded` where several do.
    pub fn currency(&self, now: Timestamp) -> Result<Currency, Refusal> {
        let all: Vec<Currency> = self.books.holding(now).map(|it| it.currency).collect();
        match all.as_slice() {
            [] => Err(PlanError::NoBooks(now).into()),
            [one] => Ok(*one),
            several => {
                let codes: Vec<&str> = several.iter().map(|it| it.as_str()).collect();
                Err(Refusal::CurrencyNeeded(codes.join(", ")))
            }
        }
    }
}

/// Which requests something is done for, by their `traceparent`: what is told of it is of their traces.
#[derive(Clone, Copy, Debug)]
pub enum Cause<'a> {
    /// None: time brought it, or a command.
    Time,
    /// One.
    Request(&'a str),
    /// One of each account, in one transaction.
    Requests(&'a BTreeMap<AccountId, String>),
}

impl<'a> Cause<'a> {
    /// The request that something of this account is done for.
    pub fn of(self, account: Option<AccountId>) -> Option<&'a str> {
        match self {
            Cause::Time => None,
            Cause::Request(trace) => Some(trace),
            Cause::Requests(traces) => traces.get(&account?).map(String::as_str),
        }
    }
}

/// The desk at an instant: what one operation works by.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    pub desk: &'a Desk,
    pub now: Timestamp,
    pub cause: Cause<'a>,
}

impl Desk {
    /// The desk at `now`.
    pub fn at(&self, now: Timestamp) -> At<'_> {
        At { desk: self, now, cause: Cause::Time }
    }
}

impl<'a> At<'a> {
    /// The same, for requests.
    pub fn because(self, cause: Cause<'a>) -> At<'a> {
        At { cause, ..self }
    }

    /// The book of a currency that holds now.
    pub fn book(self, currency: Currency) -> Result<&'a Arc<Book>, Refusal> {
        self.desk.book(currency, self.now)
    }

    /// The book that holds now for an account of a currency, with its contract prices. Source: R-PRC-22.
    pub fn book_of(self, account: AccountId, currency: Currency) -> Result<&'a Arc<Book>, Refusal> {
        let own = self.desk.books.of_account(account, currency).at(self.now);
        own.ok_or_else(|| PlanError::NoBook(currency, self.now).into())
    }

    /// The currency of whoever names none. Errors: as of `Desk::currency`.
    pub fn currency(self) -> Result<Currency, Refusal> {
        self.desk.currency(self.now)
    }

    /// The product of a resource as that book describes it by which it lives: the one of its purchase, where that is known.
    pub fn life_of(self, it: &Resource) -> Result<&'a Product, Refusal> {
        let bought = it.kept.book.and_then(|id| self.desk.books.get(id));
        match bought.and_then(|book| book.product(&it.product)) {
            Some(product) => Ok(product),
            None => self.product_of(it),
        }
    }

    /// The product of a resource as the book of now describes it, of the currency that it is paid in.
    pub fn product_of(self, it: &Resource) -> Result<&'a Product, Refusal> {
        self.product(it.currency, &it.product)
    }

    /// A product as the book of a currency describes it now.
    pub fn product(self, currency: Currency, id: &str) -> Result<&'a Product, Refusal> {
        let product = self.book(currency)?.product(id);
        product.ok_or_else(|| PlanError::UnknownProduct(id.chars().take(60).collect()).into())
    }
}

/// `at` and so many seconds.
pub fn later(at: Timestamp, seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    at.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}
