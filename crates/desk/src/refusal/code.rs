//! Codes of refusals: what programs may match on.
//!
//! Invariant: a code is never renamed; docs/errors.md explains each.

macro_rules! codes {
    ($($name:ident = $word:literal,)*) => {
        /// The code of a refusal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $(#[doc = concat!("`", $word, "`")] $name,)*
        }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// Its stable word.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Code::$name => $word,)*
                }
            }
        }
    };
}

codes! {
    TaskStateRefused = "task_state_refused",
    AnswerInvalid = "answer_invalid",
    AttemptUnknown = "attempt_unknown",
    PackOver = "pack_over",
    PackMonthInvalid = "pack_month_invalid",
    PackSizeInvalid = "pack_size_invalid",
    TimeInvalid = "time_invalid",
    NotPriceable = "not_priceable",
    AmountTooLarge = "amount_too_large",
    NotFound = "not_found",
    TryAgain = "try_again",
    Conflict = "conflict",
    DataCorrupt = "data_corrupt",
    DatabaseFull = "database_full",
    DatabaseUnavailable = "database_unavailable",
    ClockBehind = "clock_behind",
    TokenReused = "token_reused",
    AmountInvalid = "amount_invalid",
    BookInvalid = "book_invalid",
    BookTooEarly = "book_too_early",
    BookDropsLiving = "book_drops_living",
    BookWithheld = "book_withheld",
    BookIncompatible = "book_incompatible",
    BookInForce = "book_in_force",
    ServiceStateRefused = "service_state_refused",
    NameTaken = "name_taken",
    ProjectInUse = "project_in_use",
    AddressRefused = "address_refused",
    UnknownEventKind = "unknown_event_kind",
    TooManyWebhooks = "too_many_webhooks",
    CloudWebhookRefused = "cloud_webhook_refused",
    WebhookDisabled = "webhook_disabled",
    KeyScopesInvalid = "key_scopes_invalid",
    FieldInvalid = "field_invalid",
    OwnKey = "own_key",
    InstallationKey = "installation_key",
    TooManyKeys = "too_many_keys",
    KeyExceeds = "key_exceeds",
    KeyEnded = "key_ended",
    NetworkInvalid = "network_invalid",
    TooManyTags = "too_many_tags",
    IdempotencyKeyReused = "idempotency_key_reused",
    UnknownProduct = "unknown_product",
    QuantityOutOfRange = "quantity_out_of_range",
    MonthsInvalid = "months_invalid",
    UnknownOption = "unknown_option",
    UnknownUsage = "unknown_usage",
    OptionMissing = "option_missing",
    OptionNotOnSale = "option_not_on_sale",
    OptionOutOfRange = "option_out_of_range",
    OptionDoesNotApply = "option_does_not_apply",
    ReasonMissing = "reason_missing",
    IdInvalid = "id_invalid",
    NotCorrectable = "not_correctable",
    CreditTooLarge = "credit_too_large",
    TooLate = "too_late",
    OrderStateRefused = "order_state_refused",
    BalanceInsufficient = "balance_insufficient",
    PriceChanged = "price_changed",
    InArrears = "in_arrears",
    NotVerified = "not_verified",
    QuotaExceeded = "quota_exceeded",
    NeedPayTogether = "need_pay_together",
    OrderTimedOut = "order_timed_out",
    PrepaidNotChangeable = "prepaid_not_changeable",
    ResourceStateRefused = "resource_state_refused",
    PrepaidNotReleasable = "prepaid_not_releasable",
    OptionFixed = "option_fixed",
    NoPriceBook = "no_price_book",
    NoPrice = "no_price",
    CurrencyMismatch = "currency_mismatch",
    MailInvalid = "mail_invalid",
    MailTaken = "mail_taken",
    PasswordInvalid = "password_invalid",
    SignInRefused = "sign_in_refused",
    TooManyTries = "too_many_tries",
    CodeRefused = "code_refused",
    InvitationOver = "invitation_over",
    LastHead = "last_head",
    RoleInvalid = "role_invalid",
    RightMissing = "right_missing",
    SecondFactorState = "second_factor_state",
    BudgetInvalid = "budget_invalid",
    TooManyBudgets = "too_many_budgets",
    OfferStateRefused = "offer_state_refused",
    OfferInvalid = "offer_invalid",
    SalesRequestStateRefused = "sales_request_state_refused",
    SalesRequestInvalid = "sales_request_invalid",
    TooManySalesRequests = "too_many_sales_requests",
}
