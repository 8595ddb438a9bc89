//! The words that answers use where the set is fixed: named schemas of the document, so that generated clients have types.
//!
//! In:  the sets as the domain has them. Out: schemas of strings that list their values.
//! Invariant: no view prints a word that its schema does not list; where a type names its words, they come from it.

use billing::order::{self, PieceState as Piece};
use billing::pack::PackState as Pack;
use billing::resource::{self, EndedBy as Ended};
use billing::{bill, notice, provision, wallet};
use units::{CycleKind, Unit as Base};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

macro_rules! words {
    ($($(#[doc = $doc:literal])* $name:ident = $words:expr;)*) => {$(
        $(#[doc = $doc])*
        pub enum $name {}

        impl ToSchema for $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let word = ObjectBuilder::new()
                    .schema_type(SchemaType::Type(Type::String))
                    .description(Some([$($doc.trim()),*].join(" ")))
                    .enum_values(Some($words))
                    .build();
                RefOr::T(Schema::Object(word))
            }
        }
    )*};
}

words! {
    /// Where an order stands.
    OrderState = order::State::ALL.map(order::State::as_str);
    /// Where a piece of an order stands.
    PieceState = Piece::ALL.map(Piece::as_str);
    /// Where a resource stands.
    ResourceState = resource::State::ALL.map(resource::State::as_str);
    /// Who or what ended or limits a resource.
    Cause = Ended::ALL.map(Ended::as_str);
    /// How a resource is paid: by the month ahead, or after use.
    Charge = ["prepaid", "pay_per_use"];
    /// Where a resource pack stands.
    PackState = Pack::ALL.map(Pack::as_str);
    /// What a bill is for. `adjustment` is use that came late; `precision_credit` and `precision_waiver` settle what rounding
    /// bill by bill took too much or too little over a month; `one_time` is what was bought once, without a deadline.
    BillKind = bill::Kind::ALL.map(bill::Kind::as_str);
    /// What the cloud is to do.
    TaskKind = provision::Kind::ALL.map(provision::Kind::as_str);
    /// Where a task stands.
    TaskState = provision::State::ALL.map(provision::State::as_str);
    /// What settles at once: an hour, a day or a month.
    Cycle = CycleKind::ALL.map(CycleKind::as_str);
    /// A side of a movement: a purse, the same frozen, what is owed, or what lies outside of the wallet.
    Side = wallet::Purse::ALL.map(wallet::Purse::as_str);
    /// Why money moved.
    MovementKind = ["recharge", "withdraw", "deduct", "freeze", "unfreeze", "hold", "debt"];
    /// A purse of the wallet.
    Purse = ["cash", "bonus", "income"];
    /// What a notice is about.
    NoticeKind = notice::NoticeKind::ALL.map(notice::NoticeKind::as_str);
    /// Whether the containers of a service run.
    ServiceState = ["running", "stopped"];
    /// Where a price book stands.
    BookState = ["past", "in_force", "scheduled"];
    /// What moves the clock: the machine, or only `POST /v1/clock/advance`.
    ClockKind = ["machine", "test"];
    /// A way in which a product is paid.
    Sold = ["prepaid", "pay_per_use", "once", "pack"];
    /// When a component is paid: with the order, or after each hour, day or month.
    Due = ["order", "hour", "day", "month"];
    /// How an option is chosen.
    OptionKind = ["region", "zone", "choice", "spec", "range"];
    /// What a line adds up: one resource, or all of the account with the same spec.
    LineScope = ["resource", "account"];
    /// When a pack begins.
    PackStart = ["month", "purchase"];
    /// How a price goes by the quantity.
    PriceKind = ["per_unit", "graduated", "volume", "package", "percentage", "band"];
    /// Which edge belongs to a band.
    Edge = ["upper", "lower"];
    /// What a quantity counts.
    Unit = Base::ALL.map(Base::as_str);
    /// What a key may do.
    KeyScope = desk::keys::Scope::ALL.map(desk::keys::Scope::as_str);
    /// Why a reading waits in quarantine.
    QuarantineReason = desk::usage::Reason::ALL.map(desk::usage::Reason::as_str);
    /// What became of a usage event.
    UsageOutcome = ["accepted", "duplicate", "late", "quarantined", "conflict", "refused"];
    /// Whether a webhook is sent to.
    WebhookState = ["enabled", "disabled"];
    /// Where a message stands.
    MessageState = ["pending", "delivered", "given_up"];
}
