//! Kinds of letters: of what notices tell, and of what is told by mail alone.
//!
//! In:  a kind. Out: its word, its topic, whether it is duty.
//! Invariant: every notice has a letter of the same word.
//! Rules: R-WAL-5, R-PKG-15, R-ARR-1, R-SET-7.

use crate::notice::NoticeKind;
use crate::user::Role;

/// What a letter tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterKind {
    BalanceLow,
    InArrears,
    PackLow,
    PackExhausted,
    PackExpiring,
    BudgetReached,
    BudgetForecast,
    OfferMade,
    CommitmentAgreed,
    CreditAgreed,
    VoucherIssued,
    VoucherEnding,
    CardRefundFailed,
    PriceChange,
    PriceChangeUndone,
    ResourceExpiring,
    RenewalAhead,
    RenewalDone,
    RenewalFailed,
    ResourceExpired,
    /// A purchase was paid.
    OrderReceipt,
    /// What was ordered runs, and where it is reached.
    OrderDelivered,
    /// What was ordered did not come; its money went back.
    OrderFailed,
    /// Something was given back, and where its money went. Source: R-REF-4.
    Refund,
    /// A downgrade went through, and what came back of it. Source: R-CHG-3.
    DowngradeDone,
    /// Resources were stopped or limited, since what is owed was not paid. Source: R-ARR-1, R-ARR-5.
    ResourceStopped,
    /// The till put something into the bin: its deadline is long past, or what is owed was not paid. Source: R-EXP-4.
    ResourceRecycled,
    /// The till released something for the same reasons: it is gone. Source: R-EXP-1, R-ARR-8.
    ResourceReleased,
    /// A month is closed.
    Statement,
    /// Somebody signed in from where that person never did.
    SignIn,
    /// Somebody may set a password.
    Invitation,
    /// Nothing: an operator tries whether mail goes out.
    Test,
}

/// To whom a kind matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Money: who pays and who plans.
    Finance,
    /// What runs and what it runs on.
    Technical,
    /// One person alone.
    Person,
}

/// Whether a recipient may do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// It is sent whatever anybody chose.
    Duty,
    Choice,
}

impl LetterKind {
    pub const ALL: [LetterKind; 32] = [
        LetterKind::BalanceLow,
        LetterKind::InArrears,
        LetterKind::PackLow,
        LetterKind::PackExhausted,
        LetterKind::PackExpiring,
        LetterKind::BudgetReached,
        LetterKind::BudgetForecast,
        LetterKind::OfferMade,
        LetterKind::CommitmentAgreed,
        LetterKind::CreditAgreed,
        LetterKind::VoucherIssued,
        LetterKind::VoucherEnding,
        LetterKind::CardRefundFailed,
        LetterKind::PriceChange,
        LetterKind::PriceChangeUndone,
        LetterKind::ResourceExpiring,
        LetterKind::RenewalAhead,
        LetterKind::RenewalDone,
        LetterKind::RenewalFailed,
        LetterKind::ResourceExpired,
        LetterKind::OrderReceipt,
        LetterKind::OrderDelivered,
        LetterKind::OrderFailed,
        LetterKind::Refund,
        LetterKind::DowngradeDone,
        LetterKind::ResourceStopped,
        LetterKind::ResourceRecycled,
        LetterKind::ResourceReleased,
        LetterKind::Statement,
        LetterKind::SignIn,
        LetterKind::Invitation,
        LetterKind::Test,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            LetterKind::BalanceLow => NoticeKind::BalanceLow.as_str(),
            LetterKind::InArrears => NoticeKind::InArrears.as_str(),
            LetterKind::PackLow => NoticeKind::PackLow.as_str(),
            LetterKind::PackExhausted => NoticeKind::PackExhausted.as_str(),
            LetterKind::PackExpiring => NoticeKind::PackExpiring.as_str(),
            LetterKind::BudgetReached => NoticeKind::BudgetReached.as_str(),
            LetterKind::BudgetForecast => NoticeKind::BudgetForecast.as_str(),
            LetterKind::OfferMade => NoticeKind::OfferMade.as_str(),
            LetterKind::CommitmentAgreed => NoticeKind::CommitmentAgreed.as_str(),
            LetterKind::CreditAgreed => NoticeKind::CreditAgreed.as_str(),
            LetterKind::VoucherIssued => NoticeKind::VoucherIssued.as_str(),
            LetterKind::VoucherEnding => NoticeKind::VoucherEnding.as_str(),
            LetterKind::CardRefundFailed => NoticeKind::CardRefundFailed.as_str(),
            LetterKind::PriceChange => NoticeKind::PriceChange.as_str(),
            LetterKind::PriceChangeUndone => NoticeKind::PriceChangeUndone.as_str(),
            LetterKind::ResourceExpiring => NoticeKind::ResourceExpiring.as_str(),
            LetterKind::RenewalAhead => NoticeKind::RenewalAhead.as_str(),
            LetterKind::RenewalDone => NoticeKind::RenewalDone.as_str(),
            LetterKind::RenewalFailed => NoticeKind::RenewalFailed.as_str(),
            LetterKind::ResourceExpired => NoticeKind::ResourceExpired.as_str(),
            LetterKind::OrderReceipt => "order_receipt",
            LetterKind::OrderDelivered => "order_delivered",
            LetterKind::OrderFailed => "order_failed",
            LetterKind::Refund => "refund_made",
            LetterKind::DowngradeDone => "downgrade_done",
            LetterKind::ResourceStopped => "resource_stopped",
            LetterKind::ResourceRecycled => "resource_recycled",
            LetterKind::ResourceReleased => "resource_released",
            LetterKind::Statement => "monthly_statement",
            LetterKind::SignIn => "sign_in",
            LetterKind::Invitation => "invitation",
            LetterKind::Test => "test",
        }
    }

    pub fn parse(text: &str) -> Option<LetterKind> {
        LetterKind::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// The letter of a notice.
    pub const fn of(notice: NoticeKind) -> LetterKind {
        match notice {
            NoticeKind::BalanceLow => LetterKind::BalanceLow,
            NoticeKind::InArrears => LetterKind::InArrears,
            NoticeKind::PackLow => LetterKind::PackLow,
            NoticeKind::PackExhausted => LetterKind::PackExhausted,
            NoticeKind::PackExpiring => LetterKind::PackExpiring,
            NoticeKind::BudgetReached => LetterKind::BudgetReached,
            NoticeKind::BudgetForecast => LetterKind::BudgetForecast,
            NoticeKind::OfferMade => LetterKind::OfferMade,
            NoticeKind::CommitmentAgreed => LetterKind::CommitmentAgreed,
            NoticeKind::CreditAgreed => LetterKind::CreditAgreed,
            NoticeKind::VoucherIssued => LetterKind::VoucherIssued,
            NoticeKind::VoucherEnding => LetterKind::VoucherEnding,
            NoticeKind::CardRefundFailed => LetterKind::CardRefundFailed,
            NoticeKind::PriceChange => LetterKind::PriceChange,
            NoticeKind::PriceChangeUndone => LetterKind::PriceChangeUndone,
            NoticeKind::ResourceExpiring => LetterKind::ResourceExpiring,
            NoticeKind::RenewalAhead => LetterKind::RenewalAhead,
            NoticeKind::RenewalDone => LetterKind::RenewalDone,
            NoticeKind::RenewalFailed => LetterKind::RenewalFailed,
            NoticeKind::ResourceExpired => LetterKind::ResourceExpired,
        }
    }

    /// The notice that it is a letter of; `None` for what mail alone tells.
    pub fn notice(self) -> Option<NoticeKind> {
        NoticeKind::ALL.into_iter().find(|it| LetterKind::of(*it) == self)
    }

    pub const fn topic(self) -> Topic {
        match self {
            LetterKind::BalanceLow
            | LetterKind::InArrears
            | LetterKind::BudgetReached
            | LetterKind::BudgetForecast
            | LetterKind::OfferMade
            | LetterKind::CommitmentAgreed
            | LetterKind::CreditAgreed
            | LetterKind::VoucherIssued
            | LetterKind::VoucherEnding
            | LetterKind::CardRefundFailed
            | LetterKind::PriceChange
            | LetterKind::PriceChangeUndone
            | LetterKind::RenewalAhead
            | LetterKind::RenewalDone
            | LetterKind::RenewalFailed
            | LetterKind::OrderReceipt
            | LetterKind::Refund
            | LetterKind::DowngradeDone
            | LetterKind::Statement => Topic::Finance,
            LetterKind::PackLow
            | LetterKind::ResourceExpiring
            | LetterKind::ResourceExpired
            | LetterKind::PackExhausted
            | LetterKind::PackExpiring
            | LetterKind::ResourceStopped
            | LetterKind::ResourceRecycled
            | LetterKind::ResourceReleased
            | LetterKind::OrderDelivered
            | LetterKind::OrderFailed => Topic::Technical,
            LetterKind::SignIn | LetterKind::Invitation | LetterKind::Test => Topic::Person,
        }
    }

    pub const fn duty(self) -> Duty {
        match self {
            LetterKind::InArrears
            | LetterKind::RenewalFailed
            | LetterKind::ResourceExpired
            | LetterKind::CardRefundFailed
            | LetterKind::PriceChange
            | LetterKind::PriceChangeUndone
            | LetterKind::CommitmentAgreed
            | LetterKind::CreditAgreed
            | LetterKind::OrderReceipt
            | LetterKind::OrderFailed
            | LetterKind::Refund
            | LetterKind::DowngradeDone
            | LetterKind::ResourceStopped
            | LetterKind::ResourceRecycled
            | LetterKind::ResourceReleased
            | LetterKind::SignIn
            | LetterKind::Invitation
            | LetterKind::Test => Duty::Duty,
            LetterKind::BalanceLow
            | LetterKind::PackLow
            | LetterKind::PackExhausted
            | LetterKind::PackExpiring
            | LetterKind::BudgetReached
            | LetterKind::BudgetForecast
            | LetterKind::OfferMade
            | LetterKind::VoucherIssued
            | LetterKind::VoucherEnding
            | LetterKind::ResourceExpiring
            | LetterKind::RenewalAhead
            | LetterKind::RenewalDone
            | LetterKind::OrderDelivered
            | LetterKind::Statement => Duty::Choice,
        }
    }

    /// Kinds that are for a house, and not for one person of it.
    pub fn of_houses() -> impl Iterator<Item = LetterKind> {
        LetterKind::ALL.into_iter().filter(|it| it.topic() != Topic::Person)
    }

    /// Whether somebody of this role gets it where nothing else was chosen.
    pub const fn is_for(self, role: Role) -> bool {
        match (self.topic(), role) {
            (Topic::Person, _) | (_, Role::Owner) => true,
            (Topic::Finance, Role::Finance) | (Topic::Technical, Role::Buyer) => true,
            (Topic::Finance, Role::Buyer) => {
                matches!(self, LetterKind::OrderReceipt | LetterKind::Refund | LetterKind::DowngradeDone)
            }
            (Topic::Technical, Role::Finance) => {
                matches!(self, LetterKind::OrderFailed | LetterKind::ResourceStopped)
            }
            (
                Topic::Finance | Topic::Technical,
                Role::Reader | Role::Administrator | Role::Sales | Role::Treasurer | Role::Support,
            ) => false,
        }
    }
}

impl Topic {
    /// Those that an address of an account may be for.
    pub const OF_ADDRESSES: [Topic; 2] = [Topic::Finance, Topic::Technical];

    pub const fn as_str(self) -> &'static str {
        match self {
            Topic::Finance => "finance",
            Topic::Technical => "technical",
            Topic::Person => "person",
        }
    }

    /// The topic of this word, of those that an address may be for.
    pub fn parse(text: &str) -> Option<Topic> {
        Topic::OF_ADDRESSES.into_iter().find(|it| it.as_str() == text)
    }
}
