//! The field of a request that a refusal is about.
//!
//! In:  a refusal. Out: a path such as `items[1].options.region`, where there is one.
//! Invariant: what is refused stays refused with the same code and sentence; only its field is found here.

use billing::bank::BankError;
use billing::budget::BudgetError;
use billing::change::ChangeError;
use billing::contract_price::ContractError;
use billing::document::error::DocumentError;
use billing::letter::MailError;
use billing::offer::OfferError;
use billing::options::OptionError;
use billing::payment::CardError;
use billing::proposal::ProposalError;
use billing::quote::QuoteError;
use billing::raise::RangeError;
use billing::refund::RefundError;
use billing::renewal::RenewalError;
use billing::sales::SalesError;
use billing::user::UserError;
use billing::voucher::VoucherError;
use billing::voucher::code::CodeError;
use desk::Refusal;

/// The field that a refusal is about, where there is one.
pub fn of(refusal: &Refusal) -> Option<String> {
    match refusal {
        Refusal::Of { field, .. } => Some(field.clone()),
        Refusal::OfItem { index, refusal } => of_item(*index, refusal),
        Refusal::TokenReused(_) | Refusal::KeyReused(_) => Some("Idempotency-Key".into()),
        Refusal::Option(error) => Some(of_option(error)),
        Refusal::Quote(error) => of_quote(error),
        Refusal::Pack(_) | Refusal::Month(_) => Some("month".into()),
        Refusal::NotRead(_) => Some("assume.usage".into()),
        Refusal::Book(_)
        | Refusal::BookOther { .. }
        | Refusal::BookDrops(_)
        | Refusal::BookWithheld { .. } => Some("files".into()),
        Refusal::BookTooEarly { .. } => Some("from".into()),
        Refusal::CurrencyNeeded(_) => Some("currency".into()),
        Refusal::KeyScopes => Some("scopes".into()),
        Refusal::ProjectName(_) => Some("name".into()),
        Refusal::CloudWebhook => Some("for".into()),
        Refusal::InTheFuture(_) => Some("time".into()),
        Refusal::Tags { .. } | Refusal::TagText => Some("tags".into()),
        Refusal::CostTags { .. } => Some("keys".into()),
        Refusal::User(error) => of_user(error),
        Refusal::Mail(error) => of_mail(error),
        Refusal::Budget(error) => of_budget(error),
        Refusal::Offer(error) => of_offer(error),
        Refusal::Sales(error) => of_sales(error),
        Refusal::Contract(error) => of_contract(error),
        Refusal::Proposal(error) => of_proposal(error),
        Refusal::Document(error) => of_document(error),
        Refusal::Card(error) => of_card(error),
        Refusal::Bank(error) => matches!(error, BankError::Nobody(_)).then(|| "account".into()),
        Refusal::Refund(error) => of_refund(error),
        Refusal::Voucher(error) => of_voucher(error),
        Refusal::Promotion(error) => of_promotion(error),
        Refusal::Renewal(error) => of_renewal(error),
        Refusal::Change(error) => of_change(error),
        Refusal::Conversion(_)
        | Refusal::Resource(_)
        | Refusal::Order(_)
        | Refusal::Task(_)
        | Refusal::Plan(_)
        | Refusal::Aggregate(_)
        | Refusal::Calendar(_)
        | Refusal::ClockBehind { .. }
        | Refusal::Money(_)
        | Refusal::Store(_)
        | Refusal::Sum(_)
        | Refusal::Whole { .. }
        | Refusal::BookInForce(_)
        | Refusal::Service(..)
        | Refusal::ProjectInUse(..)
        | Refusal::Correction(_)
        | Refusal::Address(_)
        | Refusal::EventKind(_)
        | Refusal::Webhooks(_)
        | Refusal::WebhookDisabled(_)
        | Refusal::Network(_)
        | Refusal::CartFull(_)
        | Refusal::CartChanged
        | Refusal::Field { .. }
        | Refusal::Time(_)
        | Refusal::Past(_)
        | Refusal::Reading { .. } => None,
        // Of the key that asks, or of all of them.
        Refusal::Installation(_) | Refusal::OtherInstallation { .. } | Refusal::OwnKey => None,
        Refusal::Keys(_) | Refusal::KeyExceeds(_) | Refusal::KeyEnded(_) => None,
    }
}

fn of_change(error: &ChangeError) -> Option<String> {
    match error {
        ChangeError::Fixed(option) | ChangeError::OnlyRaised(option) => Some(format!("options.{option}")),
        ChangeError::SwitchedOften { option, .. } => Some(format!("options.{option}")),
        ChangeError::SwitchAlone { with, .. } => Some(format!("options.{with}")),
        ChangeError::Days(error) => of_days(error),
        ChangeError::Same => Some("options".into()),
        ChangeError::Both => Some("at_least".into()),
        ChangeError::Expired(_)
        | ChangeError::State(_)
        | ChangeError::OpenOrder(_)
        | ChangeError::NeedsOrder
        | ChangeError::Lowered
        | ChangeError::LoweredOften { .. }
        | ChangeError::Raised(_)
        | ChangeError::Other => None,
    }
}

fn of_days(error: &RangeError) -> Option<String> {
    match error {
        RangeError::NotForDays(option) | RangeError::NotMore(option) => Some(format!("options.{option}")),
        RangeError::One => Some("options".into()),
        RangeError::BehindDeadline(_) | RangeError::TooFar(_) => Some("until".into()),
        RangeError::NoDay(_)
        | RangeError::Half
        | RangeError::Empty
        | RangeError::Begun(_)
        | RangeError::Taken { .. } => Some("from".into()),
    }
}

fn of_mail(error: &MailError) -> Option<String> {
    match error {
        MailError::LineBreak => Some("mail".into()),
        MailError::Address(error) => of_user(error),
        MailError::NoTopic | MailError::Topic(_) => Some("topics".into()),
        MailError::Duty(_) => Some("kinds".into()),
        MailError::TooMany | MailError::NotDead(..) | MailError::Link => None,
    }
}

fn of_document(error: &DocumentError) -> Option<String> {
    let field = match error {
        DocumentError::Details { field, .. } => field,
        DocumentError::Seller(_) => "text",
        DocumentError::Changed { .. } => "expected",
        DocumentError::NotFinal { .. } | DocumentError::EmptyMonth(_) => "month",
        DocumentError::Granted => "reference",
        DocumentError::TooMuch { .. } | DocumentError::Amount => "amount",
        DocumentError::Reason => "reason",
        DocumentError::Token => "Idempotency-Key",
        DocumentError::NoSeller
        | DocumentError::NoBuyer
        | DocumentError::NoTax { .. }
        | DocumentError::Nothing
        | DocumentError::NotAnInvoice { .. }
        | DocumentError::NoForm(_)
        | DocumentError::NotInCurrency { .. }
        | DocumentError::Mixed { .. }
        | DocumentError::Font(_)
        | DocumentError::Money(_) => return None,
    };
    Some(field.to_string())
}

fn of_budget(error: &BudgetError) -> Option<String> {
    match error {
        BudgetError::Name | BudgetError::NameTaken(_) => Some("name".into()),
        BudgetError::Amount => Some("amount".into()),
        BudgetError::Percent => Some("thresholds".into()),
        BudgetError::Both => Some("product".into()),
        BudgetError::TooMany(_) => None,
    }
}

fn of_offer(error: &OfferError) -> Option<String> {
    match error {
        OfferError::Items => Some("items".into()),
        OfferError::NothingAhead => Some("item".into()),
        OfferError::Rate => Some("rate".into()),
        OfferError::Price | OfferError::Total | OfferError::Pieces { .. } | OfferError::Fine { .. } => {
            Some("total".into())
        }
        OfferError::Note => Some("note".into()),
        OfferError::Until => Some("until".into()),
        OfferError::Quote(error) => of_quote(error).map(|it| format!("item.{it}")),
        OfferError::Step(_) | OfferError::Currency | OfferError::Money(_) => None,
    }
}

fn of_card(error: &CardError) -> Option<String> {
    match error {
        CardError::OfAnother | CardError::TokenUsed | CardError::Token(_) | CardError::Declined(_) => {
            Some("token".into())
        }
        CardError::Rule(field, _) => Some((*field).to_string()),
        CardError::Off
        | CardError::Ended(_)
        | CardError::Minimum { .. }
        | CardError::Fraction { .. }
        | CardError::TooMany { .. }
        | CardError::Step(_)
        | CardError::Unheard(_)
        | CardError::Silent(_)
        | CardError::Signature
        | CardError::OldSignature(_)
        | CardError::Money(_) => None,
    }
}

fn of_contract(error: &ContractError) -> Option<String> {
    match error {
        ContractError::Past(_) => Some("from".into()),
        ContractError::Backwards { .. } => Some("until".into()),
        ContractError::Id => Some("id".into()),
        ContractError::Reason => Some("reason".into()),
        ContractError::Unfit(_) => Some("component".into()),
        ContractError::Ended(_) => None,
    }
}

fn of_proposal(error: &ProposalError) -> Option<String> {
    match error {
        ProposalError::Past(_) => Some("from".into()),
        ProposalError::Id => Some("id".into()),
        ProposalError::Reason => Some("reason".into()),
        ProposalError::Book | ProposalError::There(_) => Some("files".into()),
        ProposalError::Step(_)
        | ProposalError::Own
        | ProposalError::NotProposer
        | ProposalError::Stale { .. }
        | ProposalError::Taken(_)
        | ProposalError::OfProposal(_)
        | ProposalError::ByProposal
        | ProposalError::LaterFirst(_) => None,
    }
}

fn of_sales(error: &SalesError) -> Option<String> {
    match error {
        SalesError::Message => Some("message".into()),
        SalesError::Day(_) => Some("from".into()),
        SalesError::Quantity => Some("quantity".into()),
        SalesError::Step { .. } | SalesError::TooMany(_) => None,
    }
}

fn of_user(error: &UserError) -> Option<String> {
    match error {
        UserError::Mail(_) | UserError::MailTaken(_) => Some("mail".into()),
        UserError::Name => Some("name".into()),
        UserError::Password => Some("password".into()),
        UserError::Code => Some("code".into()),
        UserError::Role(..) | UserError::HeadThere(_) => Some("role".into()),
        UserError::SignIn
        | UserError::Tries(_)
        | UserError::Invitation
        | UserError::LastHead(_)
        | UserError::Right
        | UserError::SecondThere
        | UserError::Sure
        | UserError::SecondMissing => None,
    }
}

fn of_quote(error: &QuoteError) -> Option<String> {
    match error {
        QuoteError::Option(error) => Some(of_option(error)),
        QuoteError::UnknownProduct { .. } => Some("product".into()),
        QuoteError::Quantity { .. } => Some("quantity".into()),
        QuoteError::Months { .. } | QuoteError::TooShort { .. } | QuoteError::NotPrepaid => {
            Some("months".into())
        }
        QuoteError::Plan(_) | QuoteError::Rate(_) | QuoteError::Money(_) => None,
    }
}

fn of_voucher(error: &VoucherError) -> Option<String> {
    match error {
        VoucherError::Unfit { .. }
        | VoucherError::TooMany { .. }
        | VoucherError::Twice(_)
        | VoucherError::Missing(_) => Some("vouchers".into()),
        VoucherError::PerOrder(_) => Some("vouchers_per_order".into()),
        VoucherError::Invalid { field, .. } => Some((*field).into()),
        VoucherError::Product { .. } => Some("products".into()),
        VoucherError::Region { .. } => Some("regions".into()),
        VoucherError::Step(_) | VoucherError::Money(_) => None,
    }
}

fn of_promotion(error: &CodeError) -> Option<String> {
    match error {
        CodeError::Word
        | CodeError::Taken(_)
        | CodeError::Unknown(_)
        | CodeError::Early(_)
        | CodeError::Late(_)
        | CodeError::Withdrawn
        | CodeError::UsedUp(_)
        | CodeError::Again
        | CodeError::Currency(_) => Some("code".into()),
        CodeError::Times => Some("times".into()),
        CodeError::Days => Some("voucher_days".into()),
        CodeError::Voucher(error) => of_voucher(error),
    }
}

fn of_refund(error: &RefundError) -> Option<String> {
    match error {
        RefundError::Subject => Some("resource".into()),
        RefundError::Less { .. } => Some("at_least".into()),
        RefundError::NoCard => Some("cash_to".into()),
        RefundError::NotPrepaid
        | RefundError::NotRefundable(_)
        | RefundError::Expired(_)
        | RefundError::Refunded
        | RefundError::OpenOrder(_)
        | RefundError::TooLate(_)
        | RefundError::Limit { .. }
        | RefundError::NothingPaid
        | RefundError::Begun(_)
        | RefundError::State(_)
        | RefundError::Plan(_)
        | RefundError::Rate(_)
        | RefundError::Calendar(_)
        | RefundError::Money(_) => None,
    }
}

fn of_renewal(error: &RenewalError) -> Option<String> {
    match error {
        RenewalError::Day(_) => Some("day".into()),
        RenewalError::NoStopDays(_) => Some("no_stop_days".into()),
        RenewalError::NotPrepaid | RenewalError::Twice => Some("resource".into()),
        RenewalError::Late(_)
        | RenewalError::OpenOrder(_)
        | RenewalError::Moved { .. }
        | RenewalError::State(_)
        | RenewalError::Calendar(_) => None,
    }
}

fn of_option(error: &OptionError) -> String {
    match error {
        OptionError::Unknown { option, .. }
        | OptionError::Missing { option, .. }
        | OptionError::NotOnSale { option, .. }
        | OptionError::OutOfRange { option, .. }
        | OptionError::Below { option, .. }
        | OptionError::DoesNotGoWith { option, .. } => format!("options.{option}"),
        OptionError::Combination { .. } | OptionError::Retired { .. } => "options".to_string(),
    }
}

/// The part of an item that a refusal with this code is about; `None` when it is about no item.
fn part_of_item(code: &str) -> Option<&'static str> {
    match code {
        "unknown_product" | "not_verified" => Some("product"),
        "unknown_option"
        | "option_missing"
        | "option_not_on_sale"
        | "option_out_of_range"
        | "option_does_not_apply"
        | "no_price"
        | "not_priceable"
        | "pack_size_invalid" => Some("options"),
        "quantity_out_of_range" | "quota_exceeded" | "amount_too_large" => Some("quantity"),
        "months_invalid" => Some("months"),
        "pack_over" | "pack_month_invalid" => Some("month"),
        "price_changed" | "amount_invalid" => Some("quoted"),
        _ => None,
    }
}

/// The path of what a refusal of item `index` is about.
fn of_item(index: usize, refusal: &Refusal) -> Option<String> {
    let part = of(refusal).or_else(|| part_of_item(refusal.code()).map(str::to_string))?;
    Some(format!("items[{index}].{part}"))
}
