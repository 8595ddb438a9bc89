//! Refusals: every way in which the till says no, each with a stable code.

mod code;
mod parts;

use super::network::NetworkError;
use billing::ahead::course::CourseError;
use billing::bank::BankError;
use billing::budget::BudgetError;
use billing::change::ChangeError;
use billing::contract_price::ContractError;
use billing::conversion::ConversionError;
use billing::correction::{CorrectionError, Uncorrected};
use billing::document::error::DocumentError;
use billing::impact::MonthError;
use billing::letter::MailError;
use billing::offer::OfferError;
use billing::options::OptionError;
use billing::order::OrderError;
use billing::order::open::Open;
use billing::pack::PackError;
use billing::payment::CardError;
use billing::plan::PlanError;
use billing::proposal::ProposalError;
use billing::provision::TaskError;
use billing::purchase::PurchaseError;
use billing::quote::QuoteError;
use billing::refund::RefundError;
use billing::renewal::RenewalError;
use billing::resource::ResourceError;
use billing::sales::SalesError;
use billing::used::AggregateError;
use billing::user::UserError;
use billing::voucher::VoucherError;
use billing::voucher::code::CodeError;
use providers::installation::InstallationError;
use providers::webhook::AddressError;
use store::StoreError;
use store::engine::AsStoreError;
use units::MoneyError;
use units::calendar::CalendarError;

pub use code::Code;

/// What is to come, and is over already.
#[derive(Debug, thiserror::Error)]
pub enum Over {
    #[error("{0} is past already; name a later time")]
    Time(units::Timestamp),
    #[error("the month {0} is over; name this month or a later one")]
    Month(String),
}

/// Why the till did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    Quote(#[from] QuoteError),
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error(transparent)]
    Card(#[from] CardError),
    #[error(transparent)]
    Bank(#[from] BankError),
    #[error(transparent)]
    Renewal(#[from] RenewalError),
    #[error(transparent)]
    Refund(#[from] RefundError),
    #[error(transparent)]
    Change(#[from] ChangeError),
    #[error(transparent)]
    Conversion(#[from] ConversionError),
    #[error(transparent)]
    Resource(#[from] ResourceError),
    #[error(transparent)]
    Task(#[from] TaskError),
    #[error(transparent)]
    Pack(#[from] PackError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Option(#[from] OptionError),
    #[error(transparent)]
    Aggregate(#[from] AggregateError),
    #[error(transparent)]
    Month(#[from] MonthError),
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    #[error(transparent)]
    Money(#[from] MoneyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(
        "the clock of this node says {now}, and cycles were closed at {closed}: nothing is written here; set the clock \
         right, or ask another node"
    )]
    ClockBehind { now: units::Timestamp, closed: units::Timestamp },
    #[error("token {0} was used for another purchase; use a new one")]
    TokenReused(String),
    #[error("{0}")]
    Sum(&'static str),
    /// A whole number that is to lie within two others.
    #[error("{what} from {least} to {most}")]
    Whole { what: &'static str, least: u32, most: u32 },
    #[error("the use is stamped {0}, which is later than now")]
    InTheFuture(String),
    #[error("the price book has {}", parts::problems(.0))]
    Book(Vec<pricebook::Problem>),
    #[error("the book would hold from {from}, but bills up to {billed} are made; name a later date")]
    BookTooEarly { from: units::Timestamp, billed: units::Timestamp },
    #[error("the other books are in the zone {here}, this one is in {there}; keep their zone")]
    BookOther { here: String, there: String },
    #[error("several price books hold, of {0}; say in which currency")]
    CurrencyNeeded(String),
    #[error(
        "the book drops what is still there: {0}; keep it in the book with retired = true, or apply the book later"
    )]
    BookDrops(String),
    #[error(
        "the book was to hold from {from} and did not begin, since it drops what is still there: {why}; apply it from a later date"
    )]
    BookWithheld { from: units::Timestamp, why: String },
    #[error("this book holds from {0} and is not taken back any more; apply another one")]
    BookInForce(units::Timestamp),
    #[error("service {0} is {1} already")]
    Service(String, &'static str),
    #[error("another project is called {0}; choose another name")]
    ProjectName(String),
    #[error("{1} of its resources still live; release them or put them into another project")]
    ProjectInUse(units::ProjectId, i64),
    #[error(transparent)]
    Correction(#[from] CorrectionError),
    #[error(transparent)]
    Contract(#[from] ContractError),
    #[error(transparent)]
    Proposal(#[from] ProposalError),
    #[error(transparent)]
    Address(#[from] AddressError),
    #[error("{0}")]
    EventKind(String),
    #[error("there are {0} webhooks already; delete one first")]
    Webhooks(usize),
    #[error(transparent)]
    Installation(#[from] InstallationError),
    #[error(
        "these books are served with the installation's key {there}, and this node has {given}: give every node the same key"
    )]
    OtherInstallation { there: String, given: String },
    #[error("webhooks for the cloud are the operator's; leave `for` out")]
    CloudWebhook,
    #[error("webhook {0} is disabled; enable it first")]
    WebhookDisabled(String),
    #[error(
        "`read` and `buy` go with a key of an account; `cloud`, `meter` and `operator` with a key of none"
    )]
    KeyScopes,
    #[error("this account has {0} keys, as many as it may have; end one that is not used any more first")]
    Keys(i64),
    #[error("a key does not end itself; use another one")]
    OwnKey,
    #[error(
        "the key that asks {0}: what it makes may do no more, from no more places and for no longer than it"
    )]
    KeyExceeds(String),
    #[error("key {0} has ended already; make another one")]
    KeyEnded(units::KeyId),
    #[error(transparent)]
    Network(#[from] NetworkError),
    #[error(transparent)]
    User(#[from] UserError),
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error(transparent)]
    Budget(#[from] BudgetError),
    #[error(transparent)]
    Offer(#[from] OfferError),
    #[error(transparent)]
    Sales(#[from] SalesError),
    #[error(transparent)]
    Document(#[from] DocumentError),
    #[error(transparent)]
    Voucher(#[from] VoucherError),
    #[error(transparent)]
    Promotion(#[from] CodeError),
    #[error(
        "`{field}` is missing or does not go with `{kind}` corrections, or is not written as it should be; see docs/corrections.md"
    )]
    Field { field: &'static str, kind: &'static str },
    #[error("nothing that is asked for reads `{0}`; name a meter of one of its components")]
    NotRead(String),
    #[error("{0} is no time that can be used here: name one between 2000 and 2200")]
    Time(String),
    #[error("it would have {there} tags, and may have {most}; take some away")]
    Tags { there: usize, most: usize },
    #[error("{there} keys would be cost tags, and {most} may be; take some away")]
    CostTags { there: usize, most: usize },
    #[error("a cart has at most {0} items; buy these first, or take one out")]
    CartFull(usize),
    #[error("the cart is not what it was when this page was shown; look at it once more")]
    CartChanged,
    #[error("a tag has a key of 1 to 60 characters without a colon, and a value of at most 100")]
    TagText,
    #[error("{0}")]
    Past(Over),
    #[error("{quantity} at once is rather a mistake of the meter: one reading has at most {most}")]
    Reading { quantity: u64, most: u64 },
    #[error("the Idempotency-Key {0} was used for another request; use a new one")]
    KeyReused(String),
    /// A refusal of one part of what was asked: `field` is its path.
    #[error("{refusal}")]
    Of { field: String, refusal: Box<Refusal> },
    /// A refusal of one item of a purchase, counted from 0.
    #[error("{refusal}")]
    OfItem { index: usize, refusal: Box<Refusal> },
}

impl From<PurchaseError> for Refusal {
    fn from(error: PurchaseError) -> Refusal {
        match error {
            PurchaseError::Order(error) => error.into(),
            PurchaseError::Quote(error) => error.into(),
            PurchaseError::Pack(error) => error.into(),
            PurchaseError::Plan(error) => error.into(),
            PurchaseError::Money(error) => error.into(),
            PurchaseError::OfItem { index, error } => Refusal::from(*error).of_item(index),
        }
    }
}

impl From<Uncorrected> for Refusal {
    fn from(error: Uncorrected) -> Refusal {
        match error {
            Uncorrected::Correction(error) => error.into(),
            Uncorrected::Money(error) => error.into(),
        }
    }
}

impl AsStoreError for Refusal {
    fn store_error(&self) -> Option<&StoreError> {
        if let Refusal::Of { refusal, .. } | Refusal::OfItem { refusal, .. } = self {
            return refusal.store_error();
        }
        if let Refusal::Store(error) = self { Some(error) } else { None }
    }
}

impl From<CourseError> for Refusal {
    fn from(error: CourseError) -> Refusal {
        match error {
            CourseError::Calendar(error) => error.into(),
            CourseError::Resource(error) => error.into(),
            CourseError::Renewal(error) => error.into(),
            CourseError::Money(error) => error.into(),
        }
    }
}

impl Refusal {
    /// There is no such thing, or it is not the asker's.
    pub fn missing(what: impl Into<String>) -> Refusal {
        StoreError::NotFound(what.into()).into()
    }

    /// A row that cannot be read.
    pub fn corrupt(what: impl Into<String>) -> Refusal {
        StoreError::Corrupt(what.into()).into()
    }

    /// Whether the same, asked again, may find things as they are wanted: something was written or held meanwhile.
    pub const fn is_stale(&self) -> bool {
        matches!(self, Refusal::Store(StoreError::Stale(_)))
    }

    /// The same refusal, of the part of the request that `field` names.
    pub fn of(self, field: impl Into<String>) -> Refusal {
        Refusal::Of { field: field.into(), refusal: Box::new(self) }
    }

    /// The same refusal, of item `index` of a purchase.
    pub fn of_item(self, index: usize) -> Refusal {
        Refusal::OfItem { index, refusal: Box::new(self) }
    }

    /// The same refusal, whatever part it is of: for who did not send that part.
    pub fn of_all(self) -> Refusal {
        if let Refusal::Of { refusal, .. } | Refusal::OfItem { refusal, .. } = self { *refusal } else { self }
    }

    /// The order that has to be paid, cancelled or waited for first, where that is why.
    pub fn open_order(&self) -> Option<Open> {
        if let Refusal::Of { refusal, .. } | Refusal::OfItem { refusal, .. } = self {
            return refusal.open_order();
        }
        if let Refusal::Renewal(RenewalError::OpenOrder(open))
        | Refusal::Refund(RefundError::OpenOrder(open))
        | Refusal::Change(ChangeError::OpenOrder(open))
        | Refusal::Conversion(ConversionError::OpenOrder(open)) = self
        {
            return Some(*open);
        }
        None
    }

    /// The same, of the field that goes with its code, if one of these does.
    pub fn by_code(self, fields: &[(&str, &str)]) -> Refusal {
        match fields.iter().find(|it| it.0 == self.code()) {
            Some((_, field)) => self.of(*field),
            None => self,
        }
    }

    /// The same, of the field `amount` if it is about a sum.
    pub fn of_amount(self) -> Refusal {
        self.by_code(&[("amount_invalid", "amount"), ("amount_too_large", "amount")])
    }

    /// The code that programs may match on. Codes are never renamed; docs/errors.md lists them.
    pub fn code(&self) -> &'static str {
        self.kind().as_str()
    }

    /// The same as a value: what follows from it is decided where it is shown.
    pub fn kind(&self) -> Code {
        match self {
            Refusal::Quote(error) => parts::quote(error),
            Refusal::Order(error) => parts::order(error),
            Refusal::Card(error) => parts::card(error),
            Refusal::Bank(error) => parts::bank(error),
            Refusal::Renewal(error) => parts::renewal(error),
            Refusal::Refund(error) => parts::refund(error),
            Refusal::Change(error) => parts::change(error),
            Refusal::Conversion(error) => parts::conversion(error),
            Refusal::Resource(error) => parts::resource(error),
            Refusal::Task(error) => parts::task(error),
            Refusal::Pack(error) => parts::pack(error),
            Refusal::Plan(error) => parts::plan(error),
            Refusal::Option(error) => parts::option(error),
            Refusal::Aggregate(_) => Code::NotPriceable,
            Refusal::Calendar(_)
            | Refusal::InTheFuture(_)
            | Refusal::Time(_)
            | Refusal::Past(_)
            | Refusal::Month(_) => Code::TimeInvalid,
            Refusal::Reading { .. } => Code::AmountTooLarge,
            Refusal::Of { refusal, .. } | Refusal::OfItem { refusal, .. } => refusal.kind(),
            Refusal::Money(error) => parts::money(error),
            Refusal::Store(error) => parts::store(error),
            Refusal::ClockBehind { .. } => Code::ClockBehind,
            Refusal::TokenReused(_) => Code::TokenReused,
            Refusal::Sum(_) => Code::AmountInvalid,
            Refusal::Book(_) => Code::BookInvalid,
            Refusal::BookTooEarly { .. } => Code::BookTooEarly,
            Refusal::BookDrops(_) => Code::BookDropsLiving,
            Refusal::BookWithheld { .. } => Code::BookWithheld,
            Refusal::BookOther { .. } => Code::BookIncompatible,
            Refusal::BookInForce(_) => Code::BookInForce,
            Refusal::CurrencyNeeded(_) => Code::CurrencyNeeded,
            Refusal::Service(..) => Code::ServiceStateRefused,
            Refusal::ProjectName(_) => Code::NameTaken,
            Refusal::ProjectInUse(..) => Code::ProjectInUse,
            Refusal::Correction(error) => parts::correction(error),
            Refusal::Contract(error) => parts::contract(error),
            Refusal::Proposal(error) => parts::proposal(error),
            Refusal::Address(_) => Code::AddressRefused,
            Refusal::EventKind(_) => Code::UnknownEventKind,
            Refusal::Webhooks(_) => Code::TooManyWebhooks,
            Refusal::CloudWebhook => Code::CloudWebhookRefused,
            Refusal::WebhookDisabled(_) => Code::WebhookDisabled,
            Refusal::KeyScopes => Code::KeyScopesInvalid,
            Refusal::Field { .. } | Refusal::TagText | Refusal::Whole { .. } => Code::FieldInvalid,
            Refusal::NotRead(_) => Code::UnknownUsage,
            Refusal::OwnKey => Code::OwnKey,
            Refusal::Tags { .. } => Code::TooManyTags,
            Refusal::CostTags { .. } => Code::TooManyCostTags,
            Refusal::CartFull(_) => Code::QuantityOutOfRange,
            Refusal::CartChanged => Code::PriceChanged,
            Refusal::KeyReused(_) => Code::IdempotencyKeyReused,
            Refusal::Installation(_) | Refusal::OtherInstallation { .. } => Code::InstallationKey,
            Refusal::Keys(_) => Code::TooManyKeys,
            Refusal::KeyExceeds(_) => Code::KeyExceeds,
            Refusal::KeyEnded(_) => Code::KeyEnded,
            Refusal::Network(_) => Code::NetworkInvalid,
            Refusal::User(error) => parts::user(error),
            Refusal::Mail(error) => parts::mail(error),
            Refusal::Budget(error) => parts::budget(error),
            Refusal::Offer(error) => parts::offer(error),
            Refusal::Sales(error) => parts::sales(error),
            Refusal::Document(error) => parts::document(error),
            Refusal::Voucher(error) => parts::voucher(error),
            Refusal::Promotion(error) => parts::promotion(error),
        }
    }
}
