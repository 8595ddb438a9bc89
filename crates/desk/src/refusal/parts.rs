//! The code of each refusal that billing, the store or a provider gives.
//!
//! In:  such a refusal. Out: its code.

use super::Code;
use billing::bank::BankError;
use billing::budget::BudgetError;
use billing::change::ChangeError;
use billing::contract_price::ContractError;
use billing::conversion::ConversionError;
use billing::correction::CorrectionError;
use billing::document::error::DocumentError;
use billing::letter::MailError;
use billing::offer::OfferError;
use billing::options::OptionError;
use billing::order::OrderError;
use billing::pack::PackError;
use billing::payment::CardError;
use billing::plan::PlanError;
use billing::proposal::ProposalError;
use billing::provision::TaskError;
use billing::quote::QuoteError;
use billing::raise::RangeError;
use billing::refund::RefundError;
use billing::renewal::RenewalError;
use billing::resource::ResourceError;
use billing::sales::SalesError;
use billing::user::UserError;
use billing::voucher::code::CodeError;
use billing::voucher::{Unfit, VoucherError};
use store::StoreError;
use units::MoneyError;

/// How many problems a price book has, and what the first of them says.
pub(super) fn problems(all: &[pricebook::Problem]) -> String {
    let first = all.first().map_or_else(String::new, ToString::to_string);
    match all.len() {
        1 => format!("one problem: {first}"),
        many => format!("{many} problems; the first: {first}"),
    }
}

pub(super) fn quote(error: &QuoteError) -> Code {
    match error {
        QuoteError::UnknownProduct { .. } => Code::UnknownProduct,
        QuoteError::Option(error) => option(error),
        QuoteError::Quantity { .. } => Code::QuantityOutOfRange,
        QuoteError::Months { .. } | QuoteError::TooShort { .. } | QuoteError::NotPrepaid => {
            Code::MonthsInvalid
        }
        QuoteError::Plan(error) => plan(error),
        QuoteError::Rate(_) => Code::NotPriceable,
        QuoteError::Money(error) => money(error),
    }
}

pub(super) fn option(error: &OptionError) -> Code {
    match error {
        OptionError::Unknown { .. } => Code::UnknownOption,
        OptionError::Missing { .. } => Code::OptionMissing,
        OptionError::NotOnSale { .. } | OptionError::Combination { .. } | OptionError::Retired { .. } => {
            Code::OptionNotOnSale
        }
        OptionError::OutOfRange { .. } | OptionError::Below { .. } => Code::OptionOutOfRange,
        OptionError::DoesNotGoWith { .. } => Code::OptionDoesNotApply,
    }
}

pub(super) fn user(error: &UserError) -> Code {
    match error {
        UserError::Mail(_) => Code::MailInvalid,
        UserError::MailTaken(_) => Code::MailTaken,
        UserError::Name | UserError::Sure => Code::FieldInvalid,
        UserError::Password => Code::PasswordInvalid,
        UserError::SignIn => Code::SignInRefused,
        UserError::Tries(_) => Code::TooManyTries,
        UserError::Code => Code::CodeRefused,
        UserError::Invitation => Code::InvitationOver,
        UserError::LastHead(_) => Code::LastHead,
        UserError::Role(..) => Code::RoleInvalid,
        UserError::Right | UserError::HeadThere(_) => Code::RightMissing,
        UserError::SecondThere | UserError::SecondMissing => Code::SecondFactorState,
    }
}

pub(super) fn mail(error: &MailError) -> Code {
    match error {
        MailError::LineBreak => Code::MailLineBreak,
        MailError::Address(error) => user(error),
        MailError::TooMany => Code::TooManyMailAddresses,
        MailError::NoTopic | MailError::Topic(_) => Code::MailTopicInvalid,
        MailError::NotDead(..) => Code::MailStateRefused,
        MailError::Duty(_) => Code::MailDuty,
        MailError::Link => Code::MailLinkInvalid,
    }
}

pub(super) fn task(error: &TaskError) -> Code {
    match error {
        TaskError::Refused { .. } => Code::TaskStateRefused,
        TaskError::Answer(_) => Code::AnswerInvalid,
        TaskError::NotMade { .. } => Code::AttemptUnknown,
    }
}

pub(super) fn budget(error: &BudgetError) -> Code {
    match error {
        BudgetError::NameTaken(_) => Code::NameTaken,
        BudgetError::Amount => Code::AmountInvalid,
        BudgetError::Name | BudgetError::Percent | BudgetError::Both => Code::BudgetInvalid,
        BudgetError::TooMany(_) => Code::TooManyBudgets,
    }
}

pub(super) fn offer(error: &OfferError) -> Code {
    match error {
        OfferError::Step(_) => Code::OfferStateRefused,
        OfferError::Price
        | OfferError::Items
        | OfferError::NothingAhead
        | OfferError::Rate
        | OfferError::Total
        | OfferError::Pieces { .. }
        | OfferError::Fine { .. }
        | OfferError::Note => Code::OfferInvalid,
        OfferError::Until => Code::TimeInvalid,
        OfferError::Currency => Code::CurrencyMismatch,
        OfferError::Quote(error) => quote(error),
        OfferError::Money(error) => money(error),
    }
}

pub(super) fn sales(error: &SalesError) -> Code {
    match error {
        SalesError::Step { .. } => Code::SalesRequestStateRefused,
        SalesError::Message | SalesError::Quantity => Code::SalesRequestInvalid,
        SalesError::Day(_) => Code::TimeInvalid,
        SalesError::TooMany(_) => Code::TooManySalesRequests,
    }
}

pub(super) fn refund(error: &RefundError) -> Code {
    match error {
        RefundError::Subject => Code::FieldInvalid,
        RefundError::NotPrepaid => Code::NotPrepaid,
        RefundError::NotRefundable(_) => Code::NotRefundable,
        RefundError::Expired(_) => Code::RefundExpired,
        RefundError::Refunded => Code::AlreadyRefunded,
        RefundError::OpenOrder(_) => Code::UnpaidOrder,
        RefundError::TooLate(_) => Code::RefundTooLate,
        RefundError::Limit { .. } => Code::RefundLimit,
        RefundError::NothingPaid => Code::NothingPaid,
        RefundError::Begun(_) => Code::PackBegun,
        RefundError::Less { .. } => Code::RefundLess,
        RefundError::NoCard => Code::NoCardToRefund,
        RefundError::State(_) => Code::ResourceStateRefused,
        RefundError::Plan(error) => plan(error),
        RefundError::Rate(_) => Code::NotPriceable,
        RefundError::Calendar(_) => Code::TimeInvalid,
        RefundError::Money(error) => money(error),
    }
}

pub(super) fn conversion(error: &ConversionError) -> Code {
    match error {
        ConversionError::Prepaid => Code::AlreadyPrepaid,
        ConversionError::NotConvertible(_)
        | ConversionError::Excepted { .. }
        | ConversionError::StaysPrepaid(_) => Code::NotConvertible,
        ConversionError::ByUse => Code::NotPrepaid,
        ConversionError::Expired(_) => Code::ResourceExpired,
        ConversionError::State(_) => Code::ResourceStateRefused,
        ConversionError::OpenOrder(_) => Code::UnpaidOrder,
        ConversionError::Other => Code::OrderStateRefused,
        ConversionError::Calendar(_) => Code::TimeInvalid,
    }
}

pub(super) fn voucher(error: &VoucherError) -> Code {
    match error {
        VoucherError::Unfit { why, .. } => unfit(why),
        VoucherError::TooMany { .. } | VoucherError::PerOrder(_) => Code::TooManyVouchers,
        VoucherError::Twice(_) => Code::NamedTwice,
        VoucherError::Missing(_) => Code::NotFound,
        VoucherError::Invalid { .. } | VoucherError::Region { .. } => Code::VoucherInvalid,
        VoucherError::Product { .. } => Code::UnknownProduct,
        VoucherError::Step(_) => Code::VoucherStateRefused,
        VoucherError::Money(error) => money(error),
    }
}

fn unfit(why: &Unfit) -> Code {
    match why {
        Unfit::Used | Unfit::Withdrawn => Code::VoucherUsedUp,
        Unfit::Frozen => Code::VoucherInUse,
        Unfit::Early(_) | Unfit::Late(_) => Code::VoucherOutOfTime,
        Unfit::Currency(_) => Code::CurrencyMismatch,
        Unfit::Mode(_)
        | Unfit::Product(_)
        | Unfit::Region(_)
        | Unfit::Action(_)
        | Unfit::Duration(_)
        | Unfit::Nothing
        | Unfit::Batch(_) => Code::VoucherOutOfScope,
        Unfit::Minimum { .. } => Code::VoucherBelowMinimum,
    }
}

pub(super) fn promotion(error: &CodeError) -> Code {
    match error {
        CodeError::Word | CodeError::Times | CodeError::Days => Code::PromotionCodeInvalid,
        CodeError::Taken(_) => Code::PromotionCodeTaken,
        CodeError::Unknown(_) => Code::PromotionCodeUnknown,
        CodeError::Early(_) | CodeError::Late(_) | CodeError::Withdrawn => Code::PromotionCodeOutOfTime,
        CodeError::UsedUp(_) => Code::PromotionCodeUsedUp,
        CodeError::Again => Code::PromotionCodeRedeemed,
        CodeError::Currency(_) => Code::CurrencyMismatch,
        CodeError::Voucher(error) => voucher(error),
    }
}

pub(super) fn renewal(error: &RenewalError) -> Code {
    match error {
        RenewalError::NotPrepaid => Code::NotPrepaid,
        RenewalError::Late(_) => Code::RenewalTooLate,
        RenewalError::OpenOrder(_) => Code::UnpaidOrder,
        RenewalError::Twice => Code::NamedTwice,
        RenewalError::Moved { .. } => Code::PriceChanged,
        RenewalError::Day(_) => Code::ExpiryDayInvalid,
        RenewalError::NoStopDays(_) => Code::NoStopDaysInvalid,
        RenewalError::State(_) => Code::ResourceStateRefused,
        RenewalError::Calendar(_) => Code::TimeInvalid,
    }
}

pub(super) fn document(error: &DocumentError) -> Code {
    match error {
        DocumentError::NoSeller => Code::SellerMissing,
        DocumentError::Seller(_) => Code::SellerInvalid,
        DocumentError::NoBuyer => Code::BillingDetailsMissing,
        DocumentError::Details { .. } => Code::BillingDetailsInvalid,
        DocumentError::NoTax { .. } => Code::TaxMissing,
        DocumentError::Nothing => Code::NothingToInvoice,
        DocumentError::Changed { .. } => Code::InvoiceableChanged,
        DocumentError::NotFinal { .. } => Code::StatementNotFinal,
        DocumentError::EmptyMonth(_) => Code::StatementEmpty,
        DocumentError::Granted
        | DocumentError::NotAnInvoice { .. }
        | DocumentError::NoForm(_)
        | DocumentError::NotInCurrency { .. }
        | DocumentError::Mixed { .. } => Code::DocumentKindRefused,
        DocumentError::TooMuch { .. } => Code::CreditTooLarge,
        DocumentError::Amount => Code::AmountInvalid,
        DocumentError::Reason => Code::ReasonMissing,
        DocumentError::Token => Code::TokenReused,
        DocumentError::Font(_) => Code::FontMissing,
        DocumentError::Money(error) => money(error),
    }
}

pub(super) fn correction(error: &CorrectionError) -> Code {
    match error {
        CorrectionError::Reason => Code::ReasonMissing,
        CorrectionError::Id => Code::IdInvalid,
        CorrectionError::Amount => Code::AmountInvalid,
        CorrectionError::AgainstCorrection { .. } | CorrectionError::NoLine { .. } => Code::NotCorrectable,
        CorrectionError::TooMuch { .. } => Code::CreditTooLarge,
        CorrectionError::TooLate(_) => Code::TooLate,
        CorrectionError::Period => Code::TimeInvalid,
    }
}

pub(super) const fn contract(error: &ContractError) -> Code {
    match error {
        ContractError::Past(_) | ContractError::Backwards { .. } => Code::TimeInvalid,
        ContractError::Id => Code::IdInvalid,
        ContractError::Reason => Code::ReasonMissing,
        ContractError::Unfit(_) => Code::ContractPriceUnfit,
        ContractError::Ended(_) => Code::ContractPriceEnded,
    }
}

pub(super) const fn proposal(error: &ProposalError) -> Code {
    match error {
        ProposalError::Step(_) => Code::ProposalStateRefused,
        ProposalError::Own => Code::ProposalNeedsAnother,
        ProposalError::NotProposer => Code::ProposalNotYours,
        ProposalError::Stale { .. } => Code::ProposalStale,
        ProposalError::Past(_) => Code::TimeInvalid,
        ProposalError::There(_) => Code::ProposalBookApplied,
        ProposalError::Taken(_) => Code::ProposalTimeTaken,
        ProposalError::OfProposal(_) => Code::BookOfProposal,
        ProposalError::ByProposal => Code::BookByProposal,
        ProposalError::LaterFirst(_) => Code::BookLaterFirst,
        ProposalError::Book => Code::FieldInvalid,
        ProposalError::Id => Code::IdInvalid,
        ProposalError::Reason => Code::ReasonMissing,
    }
}

pub(super) fn order(error: &OrderError) -> Code {
    match error {
        OrderError::Refused { .. } => Code::OrderStateRefused,
        OrderError::BalanceInsufficient(_) => Code::BalanceInsufficient,
        OrderError::PriceChanged { .. } => Code::PriceChanged,
        OrderError::InArrears => Code::InArrears,
        OrderError::NotVerified => Code::NotVerified,
        OrderError::Quota { .. } => Code::QuotaExceeded,
        OrderError::NeedPayTogether { .. } => Code::NeedPayTogether,
        OrderError::TimedOut(_) => Code::OrderTimedOut,
        OrderError::HoldsNeedBalance => Code::CardNotForHolds,
        OrderError::Money(error) => money(error),
        OrderError::Calendar(_) => Code::TimeInvalid,
    }
}

pub(super) fn bank(error: &BankError) -> Code {
    match error {
        BankError::Line { .. } | BankError::Unreadable(_) => Code::StatementInvalid,
        BankError::Unbalanced { .. } => Code::StatementUnbalanced,
        BankError::Decided(_) | BankError::WentBack(_) => Code::BankEntryStateRefused,
        BankError::Nobody(_) => Code::AccountNotNamed,
    }
}

pub(super) fn card(error: &CardError) -> Code {
    match error {
        CardError::Off => Code::CardsOff,
        CardError::Ended(_) => Code::CardEnded,
        CardError::OfAnother => Code::CardOfAnother,
        CardError::TokenUsed => Code::CardTokenUsed,
        CardError::Token(_) => Code::CardTokenInvalid,
        CardError::Declined(_) => Code::CardDeclined,
        CardError::Minimum { .. } => Code::AmountBelowMinimum,
        CardError::TooMany { .. } => Code::TooManyCards,
        CardError::Rule(..) => Code::FieldInvalid,
        CardError::Step(_) => Code::PaymentStateRefused,
        CardError::Unheard(_) | CardError::Silent(_) => Code::GatewayUnavailable,
        CardError::Signature => Code::SignatureInvalid,
        CardError::OldSignature(_) => Code::SignatureOld,
        CardError::Fraction { .. } => Code::AmountInvalid,
        CardError::Money(error) => money(error),
    }
}

pub(super) fn resource(error: &ResourceError) -> Code {
    match error {
        ResourceError::Refused { .. } | ResourceError::PrepaidCharge | ResourceError::PrepaidBin => {
            Code::ResourceStateRefused
        }
        ResourceError::InArrears => Code::InArrears,
        ResourceError::Prepaid => Code::PrepaidNotReleasable,
        ResourceError::GivenBack => Code::AlreadyRefunded,
        ResourceError::Calendar(_) => Code::TimeInvalid,
    }
}

pub(super) fn change(error: &ChangeError) -> Code {
    match error {
        ChangeError::Expired(_) => Code::ResourceExpired,
        ChangeError::State(_) => Code::ResourceStateRefused,
        ChangeError::Fixed(_) => Code::OptionFixed,
        ChangeError::OnlyRaised(_) => Code::OptionOnlyRaised,
        ChangeError::Same => Code::NothingChanged,
        ChangeError::OpenOrder(_) => Code::UnpaidOrder,
        ChangeError::NeedsOrder => Code::PrepaidNotChangeable,
        ChangeError::Lowered => Code::PrepaidNotLowered,
        ChangeError::LoweredOften { .. } => Code::DowngradeLimit,
        ChangeError::SwitchedOften { .. } => Code::SwitchLimit,
        ChangeError::SwitchAlone { .. } => Code::SwitchAlone,
        ChangeError::Raised(_) => Code::RaiseWaits,
        ChangeError::Days(error) => days(error),
        ChangeError::Both => Code::FieldInvalid,
        ChangeError::Other => Code::OrderStateRefused,
    }
}

fn days(error: &RangeError) -> Code {
    match error {
        RangeError::NotForDays(_) => Code::NotForDays,
        RangeError::One
        | RangeError::NotMore(_)
        | RangeError::NoDay(_)
        | RangeError::TooFar(_)
        | RangeError::Half
        | RangeError::Empty
        | RangeError::Begun(_)
        | RangeError::BehindDeadline(_) => Code::DaysInvalid,
        RangeError::Taken { .. } => Code::DaysTaken,
    }
}

pub(super) fn plan(error: &PlanError) -> Code {
    match error {
        PlanError::NoBook(..) | PlanError::NoBooks(_) => Code::NoPriceBook,
        PlanError::UnknownProduct(_) => Code::UnknownProduct,
        PlanError::NoPrice { .. } => Code::NoPrice,
        PlanError::Unreadable(_) => Code::DataCorrupt,
        PlanError::NotANumber { .. } => Code::OptionOutOfRange,
    }
}

pub(super) fn money(error: &MoneyError) -> Code {
    match error {
        MoneyError::Overflow => Code::AmountTooLarge,
        MoneyError::BelowZero => Code::DataCorrupt,
        MoneyError::Malformed(_) | MoneyError::TooFine { .. } => Code::AmountInvalid,
        MoneyError::Currency(..) | MoneyError::UnknownCurrency { .. } => Code::CurrencyMismatch,
    }
}

pub(super) fn pack(error: &PackError) -> Code {
    match error {
        PackError::Over(_) => Code::PackOver,
        PackError::NotAMonth(_) | PackError::TooFar(_) => Code::PackMonthInvalid,
        PackError::NotANumber(_) | PackError::TooLarge => Code::PackSizeInvalid,
        PackError::Calendar(_) => Code::TimeInvalid,
    }
}

pub(super) fn store(error: &StoreError) -> Code {
    match error {
        StoreError::NotFound(_) => Code::NotFound,
        StoreError::Stale(_) => Code::TryAgain,
        StoreError::Differs(_) => Code::Conflict,
        StoreError::Corrupt(_) => Code::DataCorrupt,
        error if error.is_full() => Code::DatabaseFull,
        StoreError::Sqlite(_) | StoreError::Postgres(_) | StoreError::Silent(_) | StoreError::Setup(_) => {
            Code::DatabaseUnavailable
        }
    }
}
