//! The words of the wire where the set is fixed: one type for each set, which answers print and requests are read into.
//!
//! In:  the sets as the domain has them. Out: types with their named schemas, so that generated clients have types.
//! Invariant: no view prints a word that its schema does not list, and none is read that it does not list.

use super::in_place;
use billing::choices::Barred;
use billing::event::EventKind as Event;
use billing::order::{self, PieceState as Piece};
use billing::pack::PackState as Pack;
use billing::refund;
use billing::resource::renew::Flag;
use billing::resource::{self, EndedBy};
use billing::{
    ahead, bank, bill, book, budget, card_refund, consumption, control, document, endpoint, explain, letter,
    look, notice, offer, payment, proposal, provision, sales, story, voucher, wallet,
};
use desk::explain::Detail as Readings;
use desk::lists::books;
use desk::{bulk, keys, usage};
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;
use store::{messages, services, sort};
use units::{CycleKind, Unit as Base};
use utoipa::openapi::schema::ObjectBuilder;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A set of words.
// trait: implemented by every set of this file
pub trait Words: Copy + 'static {
    /// All of them, in the order of the document.
    fn all() -> Vec<Self>;

    /// The word as it is written.
    fn word(self) -> &'static str;
}

fn list<T: Words>() -> Vec<&'static str> {
    T::all().into_iter().map(T::word).collect()
}

/// The word of a set that a text is, if it is one.
pub fn read<T: Words>(text: &str) -> Option<T> {
    T::all().into_iter().find(|it| it.word() == text)
}

struct WordVisitor<T>(PhantomData<T>);

impl<T: Words> Visitor<'_> for WordVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", list::<T>().join(", "))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        let found = T::all().into_iter().find(|it| it.word() == text);
        found.ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// A word of a filter; the document tells its words as a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<T>(pub T);

impl<T: Words> Word<T> {
    pub fn as_str(&self) -> &'static str {
        self.0.word()
    }

    fn pattern() -> ObjectBuilder {
        in_place::pattern(&format!("^({})$", list::<T>().join("|").replace('.', r"\.")))
    }
}

impl<'de, T: Words> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Word<T>, D::Error> {
        from.deserialize_str(WordVisitor(PhantomData)).map(Word)
    }
}

impl<T: Words> ToSchema for Word<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        in_place::name(Word::<T>::pattern())
    }
}

/// What derived schemas ask a type with parameters for.
impl<T: Words> utoipa::__dev::ComposeSchema for Word<T> {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        Word::<T>::pattern().into()
    }
}

/// What every set can do.
macro_rules! set {
    ($name:ident, [$($doc:literal)*]) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.word())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<$name, D::Error> {
                from.deserialize_str(WordVisitor(PhantomData))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl ToSchema for $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                in_place::text()
                    .description(Some([$($doc.trim()),*].join(" ")))
                    .enum_values(Some(list::<$name>()))
                    .into()
            }
        }
    };
}

/// Sets of the domain, in the words of their `as_str`.
macro_rules! words_of {
    ($($(#[doc = $doc:literal])* $name:ident = $kind:ty, $all:expr;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub $kind);

        impl From<$kind> for $name {
            fn from(it: $kind) -> $name {
                $name(it)
            }
        }

        impl Words for $name {
            fn all() -> Vec<$name> {
                $all.map($name).to_vec()
            }

            fn word(self) -> &'static str {
                self.0.as_str()
            }
        }

        set!($name, [$($doc)*]);
    )*};
}

/// Sets of the wire alone.
macro_rules! words {
    ($($(#[doc = $doc:literal])* $name:ident { $($word:ident = $text:literal),* $(,)? })*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $word,)*
        }

        impl Words for $name {
            fn all() -> Vec<$name> {
                vec![$($name::$word),*]
            }

            fn word(self) -> &'static str {
                match self {
                    $($name::$word => $text,)*
                }
            }
        }

        set!($name, [$($doc)*]);
    )*};
}

words_of! {
    /// Where an order stands.
    OrderState = order::State, order::State::ALL;
    /// How an order came out: `open` while pieces are to come, `partial` where some came and others failed.
    OrderResult = order::Outcome, order::Outcome::ALL;
    /// What an order does: it buys something `new`, pays for something that is there for longer (`renew`), or for other
    /// options of it (`upgrade`), or pays ahead for what was paid by use (`convert`).
    OrderAction = order::Action, order::Action::ALL;
    /// What is done as the deadline of something prepaid comes near: `auto` renews it, `manual` tells its owner, `none` lets it end
    /// without a word.
    Renewal = Flag, Flag::ALL;
    /// What is to be done as the deadline comes near.
    RenewalBody = Flag, Flag::ALL;
    /// Where a piece of an order stands.
    PieceState = Piece, Piece::ALL;
    /// Where a resource stands.
    ResourceState = resource::State, resource::State::ALL;
    /// Who or what ended or limits a resource.
    Cause = EndedBy, EndedBy::ALL;
    /// Where a resource pack stands.
    PackState = Pack, Pack::ALL;
    /// What a bill is for. `adjustment` is use that came late; `precision_credit` and `precision_waiver` settle what rounding
    /// bill by bill took too much or too little over a month; `prepaid_renew` is a renewal, `prepaid_change` a change of
    /// something prepaid; `refund` gives back, below zero; `one_time` is what was bought once, without a deadline;
    /// `commitment` is what a month lacks of what was agreed to be spent in it.
    BillKind = bill::Kind, bill::Kind::ALL;
    /// What the cloud is to do.
    TaskKind = provision::Kind, provision::Kind::ALL;
    /// Where a task stands.
    TaskState = provision::State, provision::State::ALL;
    /// What settles at once: an hour, a day or a month.
    Cycle = CycleKind, CycleKind::ALL;
    /// A side of a movement: a purse, the same frozen, what is owed, or what lies outside of the wallet.
    Side = wallet::Purse, wallet::Purse::ALL;
    /// What a quantity counts.
    Unit = Base, Base::ALL;
    /// What a key may do.
    KeyScope = keys::Scope, keys::Scope::ALL;
    /// How what goes back is found: all of it, soon after the delivery; less what was used; less the share of the time that has passed;
    /// all of a pack that has not begun; less what was used of something that went on, paid by use.
    RefundWay = refund::Way, refund::Way::ALL;
    /// Where the cash of a refund goes: to the wallet, or to the cards that paid, as far as they did.
    CashTo = refund::to_card::CashTo, refund::to_card::CashTo::ALL;
    /// How far a refund to a card is: to be sent, at the gateway, or not taken, so that the wallet has it.
    CardRefundState = card_refund::State, card_refund::State::ALL;
    /// Why a reading waits in quarantine.
    QuarantineReason = usage::Reason, usage::Reason::ALL;
    /// When a component is paid: with the order, or after each hour, day or month.
    Due = book::Due, [
        book::Due::Order,
        book::Due::Cycle(CycleKind::Hour),
        book::Due::Cycle(CycleKind::Day),
        book::Due::Cycle(CycleKind::Month),
    ];
    /// Where a price book stands.
    BookState = books::State, books::State::ALL;
    /// Where a proposal of a price change stands.
    ProposalState = proposal::State, proposal::State::ALL;
    /// What happens to a part of a book.
    ChangeKind = pricebook::ChangeKind, pricebook::ChangeKind::ALL;
    /// Whether the containers of a service run.
    ServiceState = services::ServiceState, [services::ServiceState::Running, services::ServiceState::Stopped];
    /// Whether a webhook is sent to.
    WebhookState = endpoint::State, [endpoint::State::Enabled, endpoint::State::Disabled];
    /// In which order things with names are listed.
    Sort = sort::Sort, sort::Sort::ALL;
    /// By what costs belong to a month: `used` by the time of use, what was paid ahead in the month of its payment; `paid` by when
    /// it was deducted; `consumed` by the time of use, what was paid ahead spread over the days or the use that it is for.
    Basis = consumption::Basis, consumption::Basis::ALL;
    /// In which order what happened is listed.
    Age = sort::Age, sort::Age::ALL;
    /// What happened.
    EventKind = Event, Event::ALL;
    /// What happened to a resource, or will. `stopped_free` is without charge; `recycled` lies in the bin; `release_asked` waits
    /// for the cloud.
    What = story::What, story::What::ALL;
    /// What kind of thing comes next for an account: a step in the life of a resource, a pack that is used up at the present use, a
    /// pack that ends with something left, money that runs out at the present use, a renewal that cannot be paid, debt that what
    /// rounding took too much pays.
    AheadKind = ahead::Kind, ahead::Kind::ALL;
    /// What a forecast takes for granted.
    Assumption = ahead::Assumption, ahead::Assumption::ALL;
    /// What is done to several resources at once. `stop` leaves the charge on, `stop_free` does not.
    ResourceAction = bulk::Action, bulk::Action::ALL;
    /// In which language sentences are.
    Language = explain::Language, explain::Language::ALL;
    /// The control that an option is chosen with. It follows from what there is to choose: a row of `segments`, `picks` with a
    /// sentence each, a `select`, a `table` with attributes, or a `number`.
    Control = control::Control, control::Control::ALL;
    /// Whether an attribute is counted.
    AttributeKind = look::AttributeKind, look::AttributeKind::ALL;
    /// How much of what was reported is listed: many readings summed up, or each.
    Detail = Readings, Readings::ALL;
    /// What a notice is about.
    NoticeKind = notice::NoticeKind, notice::NoticeKind::ALL;
    /// What a mail tells.
    MailKind = letter::LetterKind, letter::LetterKind::ALL;
    /// Where a mail stands.
    MailState = letter::MailState, letter::MailState::ALL;
    /// What an address of an account is told.
    MailTopic = letter::Topic, letter::Topic::OF_ADDRESSES;
    /// Why there is no forecast: the month is over, has not begun, or what is not billed yet cannot be computed.
    NoForecast = budget::NoForecast, budget::NoForecast::ALL;
    /// Where an offer stands.
    OfferState = offer::State, offer::State::ALL;
    /// What a payment by card is for.
    CardPaymentKind = payment::Kind, payment::Kind::ALL;
    /// Where a payment by card stands. `challenged`: its holder is to prove that the card is its own; `held`: the bank keeps the sum;
    /// `lost`: the bank did not keep it, and the wallet paid.
    CardPaymentState = payment::State, payment::State::ALL;
    /// Whether a card pays what is owed as soon as anything is.
    CollectDebts = payment::automatic::Collect, payment::automatic::Collect::ALL;
    /// In what the gateway for cards and the books differ: a payment that the books do not know, one that the gateway does not know, another
    /// sum, another state, or a sum that is held or taken once more.
    CardDifferenceKind = payment::reconcile::Kind, payment::reconcile::Kind::ALL;
    /// Where an entry of a bank's statement stands.
    BankEntryState = bank::State, bank::State::ALL;
    /// By what a purchase is paid.
    Means = payment::split::Means, payment::split::Means::ALL;
    /// Where a voucher stands.
    VoucherState = voucher::State, voucher::State::ALL;
    /// What a voucher pays for: orders, bills of what is paid after use, or both.
    VoucherModes = voucher::Modes, voucher::Modes::ALL;
    /// The same as it is said.
    VoucherModesBody = voucher::Modes, voucher::Modes::ALL;
    /// What becomes of the rest of a voucher that is worth more than it pays: with `once` it lapses, with `many` it stays.
    VoucherUses = voucher::Uses, voucher::Uses::ALL;
    /// The same as it is said.
    VoucherUsesBody = voucher::Uses, voucher::Uses::ALL;
    /// What became of what a voucher pays.
    VoucherPartState = voucher::hold::PartState, voucher::hold::PartState::ALL;
    /// An order that a voucher pays for.
    OrderActionBody = order::Action, order::Action::PAID;
    /// Where a request to sales stands.
    SalesRequestState = sales::State, sales::State::ALL;
    /// What a document is.
    DocumentKind = document::Kind, document::Kind::ALL;
    /// The syntax in which an invoice is given out as XML: UBL 2.1, or UN/CEFACT CII.
    XmlForm = paper::Form, [paper::Form::Ubl, paper::Form::Cii];
    /// What is said to have happened, of what is made up.
    EventKindBody = Event, Event::ALL;
    /// In which language to write.
    LanguageBody = explain::Language, explain::Language::ALL;
    /// Where a message stands.
    MessageState = messages::MessageState, [
        messages::MessageState::Pending,
        messages::MessageState::Delivered,
        messages::MessageState::GivenUp,
    ];
    /// What a key may do.
    ScopeBody = keys::Scope, keys::Scope::ALL;
    /// Whether a webhook is sent anything.
    WebhookStateBody = endpoint::State, [endpoint::State::Enabled, endpoint::State::Disabled];
}

words! {
    /// How a change is made: nothing is to be paid for it now, it is ordered, or it costs no more and what is left over goes back.
    ChangeWay { AtOnce = "at_once", Order = "order", Downgrade = "downgrade" }
    /// How a resource is paid: by the month ahead, or after use.
    Charge { Prepaid = "prepaid", PayPerUse = "pay_per_use" }
    /// Why money moved.
    MovementKind {
        Recharge = "recharge",
        Withdraw = "withdraw",
        Deduct = "deduct",
        Refund = "refund",
        CardRefund = "card_refund",
        Freeze = "freeze",
        Unfreeze = "unfreeze",
        Hold = "hold",
        Debt = "debt",
    }
    /// A purse of the wallet.
    Purse { Cash = "cash", Bonus = "bonus", Income = "income" }
    /// What moves the clock: the machine, or only `POST /v1/clock/advance`.
    ClockKind { Machine = "machine", Test = "test" }
    /// A way in which a product is paid.
    Sold { Prepaid = "prepaid", PayPerUse = "pay_per_use", Once = "once", Pack = "pack" }
    /// How an option is chosen.
    OptionKind { Region = "region", Zone = "zone", Choice = "choice", Spec = "spec", Range = "range" }
    /// What a line adds up: one resource, or all of the account with the same spec.
    LineScope { Resource = "resource", Account = "account" }
    /// When a pack begins.
    PackStart { Month = "month", Purchase = "purchase" }
    /// How a price goes by the quantity.
    PriceKind {
        PerUnit = "per_unit",
        Graduated = "graduated",
        Volume = "volume",
        Package = "package",
        Percentage = "percentage",
        Band = "band",
    }
    /// What a rate comes from: a table by months, what was agreed with the customer, or an offer.
    RateFrom { Months = "months", Contract = "contract", Offer = "offer" }
    /// Why a value cannot be chosen.
    BarredBy {
        NotOnSale = "not_on_sale",
        OffStep = "off_step",
        NotWith = "not_with",
        Below = "below",
        Retired = "retired",
        FewerMonths = "fewer_months",
    }
    /// Who made something happen: whom the audit log names, the cloud, or time.
    DoneBy { Actor = "actor", Cloud = "cloud", Time = "time" }
    /// Which edge belongs to a band.
    Edge { Upper = "upper", Lower = "lower" }
    /// What people put right.
    CorrectionKind {
        Void = "void",
        Replace = "replace",
        Credit = "credit",
        Debit = "debit",
        Rerate = "rerate",
    }
    /// What became of a usage event.
    UsageOutcome {
        Accepted = "accepted",
        Duplicate = "duplicate",
        Late = "late",
        Quarantined = "quarantined",
        Conflict = "conflict",
        Refused = "refused",
    }
    /// Which state.
    TaskStateFilter {
        Open = "open",
        Waiting = "waiting",
        Done = "done",
        Failed = "failed",
        GivenUp = "given_up",
        Any = "any",
    }
    /// How long a window is.
    Span { Hour = "hour", Day = "day", Month = "month" }
    /// Whether charge for CPU and memory goes on while a resource is stopped.
    StoppedCharge { Continues = "continues", Ends = "ends" }
    /// The purse that money goes to.
    PurseBody { Cash = "cash", Bonus = "bonus", Income = "income" }
    /// Whom a webhook is for, when not for whoever makes it.
    WhoseBody { Cloud = "cloud" }
}

impl BarredBy {
    /// The word for a reason.
    pub const fn of(it: &Barred) -> BarredBy {
        match it {
            Barred::NotOnSale => BarredBy::NotOnSale,
            Barred::OffStep { .. } => BarredBy::OffStep,
            Barred::NotWith { .. } => BarredBy::NotWith,
            Barred::Below { .. } => BarredBy::Below,
            Barred::Retired => BarredBy::Retired,
            Barred::FewerMonths { .. } => BarredBy::FewerMonths,
        }
    }
}

/// The word that is meant where none is sent.
macro_rules! usual {
    ($($name:ident::$word:ident;)*) => {$(
        impl Default for $name {
            fn default() -> $name {
                $name::$word
            }
        }
    )*};
}

usual! {
    TaskStateFilter::Open;
    StoppedCharge::Continues;
    PurseBody::Cash;
}

#[cfg(test)]
mod tests;
