//! Events: what may happen that somebody outside is told of, and who.
//!
//! In:  a kind, the pattern that somebody asked for. Out: its word, its audience, whether the pattern means it.
//! Invariant: every kind says its audience; the words are stored and sent and are never renamed.

/// What happened. docs/webhooks.md describes each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    OrderPlaced,
    OrderPaid,
    OrderDelivered,
    OrderFailed,
    OrderClosed,
    ResourceDelivered,
    ResourceChanged,
    ResourceReleased,
    ResourceFailed,
    PackActive,
    PackLow,
    PackEmpty,
    PackExpiring,
    WalletToppedUp,
    WalletLow,
    WalletInArrears,
    WalletCleared,
    BillPosted,
    BudgetReached,
    BudgetForecast,
    /// A customer asks sales for something.
    SalesRequested,
    OfferMade,
    OfferAccepted,
    OfferDeclined,
    OfferWithdrawn,
    SettlementSetAside,
    QuarantineAdded,
    TaskOpened,
    /// The cloud could not do it, and it is not asked again by itself. Source: R-TIM-11.
    CloudFailed,
    /// A scheduled price book drops what lives and does not begin. Source: R-CAT-1.
    BookWithheld,
    /// What an endpoint is sent when its owner tries it.
    Ping,
}

/// Who is told of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The account that it happened to, and the operator.
    Everybody,
    Operator,
    Cloud,
    /// One endpoint, whoever owns it.
    Asker,
}

impl EventKind {
    pub const ALL: [EventKind; 31] = [
        EventKind::OrderPlaced,
        EventKind::OrderPaid,
        EventKind::OrderDelivered,
        EventKind::OrderFailed,
        EventKind::OrderClosed,
        EventKind::ResourceDelivered,
        EventKind::ResourceChanged,
        EventKind::ResourceReleased,
        EventKind::ResourceFailed,
        EventKind::PackActive,
        EventKind::PackLow,
        EventKind::PackEmpty,
        EventKind::PackExpiring,
        EventKind::WalletToppedUp,
        EventKind::WalletLow,
        EventKind::WalletInArrears,
        EventKind::WalletCleared,
        EventKind::BillPosted,
        EventKind::BudgetReached,
        EventKind::BudgetForecast,
        EventKind::SalesRequested,
        EventKind::OfferMade,
        EventKind::OfferAccepted,
        EventKind::OfferDeclined,
        EventKind::OfferWithdrawn,
        EventKind::SettlementSetAside,
        EventKind::QuarantineAdded,
        EventKind::TaskOpened,
        EventKind::CloudFailed,
        EventKind::BookWithheld,
        EventKind::Ping,
    ];

    /// Its stable name: a family and what happened, but for a ping.
    pub const fn as_str(self) -> &'static str {
        match self {
            EventKind::OrderPlaced => "order.placed",
            EventKind::OrderPaid => "order.paid",
            EventKind::OrderDelivered => "order.delivered",
            EventKind::OrderFailed => "order.failed",
            EventKind::OrderClosed => "order.closed",
            EventKind::ResourceDelivered => "resource.delivered",
            EventKind::ResourceChanged => "resource.changed",
            EventKind::ResourceReleased => "resource.released",
            EventKind::ResourceFailed => "resource.failed",
            EventKind::PackActive => "pack.active",
            EventKind::PackLow => "pack.low",
            EventKind::PackEmpty => "pack.empty",
            EventKind::PackExpiring => "pack.expiring",
            EventKind::WalletToppedUp => "wallet.topped_up",
            EventKind::WalletLow => "wallet.low",
            EventKind::WalletInArrears => "wallet.in_arrears",
            EventKind::WalletCleared => "wallet.cleared",
            EventKind::BillPosted => "bill.posted",
            EventKind::BudgetReached => "budget.reached",
            EventKind::BudgetForecast => "budget.forecast",
            EventKind::SalesRequested => "sales.requested",
            EventKind::OfferMade => "offer.made",
            EventKind::OfferAccepted => "offer.accepted",
            EventKind::OfferDeclined => "offer.declined",
            EventKind::OfferWithdrawn => "offer.withdrawn",
            EventKind::SettlementSetAside => "settlement.set_aside",
            EventKind::QuarantineAdded => "quarantine.added",
            EventKind::TaskOpened => "task.opened",
            EventKind::CloudFailed => "cloud.failed",
            EventKind::BookWithheld => "price_book.withheld",
            EventKind::Ping => "ping",
        }
    }

    /// The kind of this name.
    pub fn parse(text: &str) -> Option<EventKind> {
        EventKind::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Who is told of it.
    pub const fn audience(self) -> Audience {
        match self {
            EventKind::OrderPlaced
            | EventKind::OrderPaid
            | EventKind::OrderDelivered
            | EventKind::OrderFailed
            | EventKind::OrderClosed
            | EventKind::ResourceDelivered
            | EventKind::ResourceChanged
            | EventKind::ResourceReleased
            | EventKind::ResourceFailed
            | EventKind::PackActive
            | EventKind::PackLow
            | EventKind::PackEmpty
            | EventKind::PackExpiring
            | EventKind::WalletToppedUp
            | EventKind::WalletLow
            | EventKind::WalletInArrears
            | EventKind::WalletCleared
            | EventKind::BillPosted
            | EventKind::BudgetReached
            | EventKind::BudgetForecast
            | EventKind::SalesRequested
            | EventKind::OfferMade
            | EventKind::OfferAccepted
            | EventKind::OfferDeclined
            | EventKind::OfferWithdrawn => Audience::Everybody,
            EventKind::SettlementSetAside
            | EventKind::QuarantineAdded
            | EventKind::CloudFailed
            | EventKind::BookWithheld => Audience::Operator,
            EventKind::TaskOpened => Audience::Cloud,
            EventKind::Ping => Audience::Asker,
        }
    }

    /// Whether an endpoint that asked for `pattern` (`*`, a family like `order.*`, or one kind) is told of it.
    pub fn fits(self, pattern: &str) -> bool {
        match pattern.strip_suffix(".*") {
            Some(family) => self.as_str().strip_prefix(family).is_some_and(|it| it.starts_with('.')),
            None => pattern == "*" || pattern == self.as_str(),
        }
    }
}

#[cfg(test)]
mod tests;
