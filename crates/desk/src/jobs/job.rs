//! Which jobs there are, their order, and which of them go together.
//!
//! In:  a name. Out: a job.
//! Invariant: jobs whose order counts are of one chain, and one node works at a chain. Source: R-SET-6.

/// Something that time brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Job {
    /// Scheduled price books whose time has come, before anything is settled by them.
    BeginBooks,
    /// Corrections of prices, account after account.
    Corrections,
    /// Cycles that closed: hours, days, months.
    Settle,
    /// What is renewed by itself, and what is told of deadlines that come near.
    Renewals,
    /// Arrears after a settlement. Whatever else moves money looks at the arrears of its account itself.
    Arrears,
    /// What time does to resources.
    Life,
    /// Orders that wait too long for their payment.
    TimeOuts,
    /// What owners of packs, and of vouchers that end, are told.
    Reminders,
    /// What owners of budgets are told.
    Budgets,
    /// Monthly statements that are told by mail.
    Statements,
    /// Tasks of the cloud: simulated answers, time-outs, next attempts.
    Deliveries,
    /// Events that are kept no longer.
    OldEvents,
    /// Low balances.
    Alerts,
    /// What customers are told of prices that change.
    PriceNotices,
    /// Sums that are kept beside bills.
    BillSums,
}

/// Jobs that one node does at a time, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Chain {
    /// Settlement, and what follows from money that moved.
    Books,
    Deliveries,
    OldEvents,
    Sums,
}

impl Job {
    /// In the order in which they are done at one instant.
    pub const ALL: [Job; 15] = [
        Job::BeginBooks,
        Job::Corrections,
        Job::Settle,
        Job::Renewals,
        Job::Arrears,
        Job::Life,
        Job::TimeOuts,
        Job::Reminders,
        Job::Budgets,
        Job::Statements,
        Job::Deliveries,
        Job::OldEvents,
        Job::Alerts,
        Job::PriceNotices,
        Job::BillSums,
    ];

    /// Its stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Job::BeginBooks => "begin_books",
            Job::Corrections => "corrections",
            Job::Settle => "settle",
            Job::Renewals => "renewals",
            Job::Arrears => "arrears",
            Job::Life => "life",
            Job::TimeOuts => "time_outs",
            Job::Reminders => "reminders",
            Job::Budgets => "budgets",
            Job::Statements => "statements",
            Job::Deliveries => "deliveries",
            Job::OldEvents => "old_events",
            Job::Alerts => "alerts",
            Job::PriceNotices => "price_notices",
            Job::BillSums => "bill_sums",
        }
    }

    /// Whose lease it works under.
    pub const fn chain(self) -> Chain {
        match self {
            Job::BeginBooks
            | Job::Corrections
            | Job::Settle
            | Job::Renewals
            | Job::Arrears
            | Job::Life
            | Job::TimeOuts
            | Job::Reminders
            | Job::Budgets
            | Job::Statements
            | Job::Alerts
            | Job::PriceNotices => Chain::Books,
            Job::Deliveries => Chain::Deliveries,
            Job::OldEvents => Chain::OldEvents,
            Job::BillSums => Chain::Sums,
        }
    }

    /// Whether a later turn goes on where this one ends. The others would begin anew, so they are not broken off for time.
    pub(super) const fn goes_on(self) -> bool {
        match self {
            Job::BeginBooks
            | Job::Corrections
            | Job::Settle
            | Job::Renewals
            | Job::Life
            | Job::TimeOuts
            | Job::Deliveries
            | Job::PriceNotices
            | Job::BillSums => true,
            Job::Arrears | Job::Reminders | Job::Budgets | Job::Statements | Job::OldEvents | Job::Alerts => {
                false
            }
        }
    }
}

impl Chain {
    pub const ALL: [Chain; 4] = [Chain::Books, Chain::Deliveries, Chain::OldEvents, Chain::Sums];

    /// The stable name of its lease.
    pub const fn as_str(self) -> &'static str {
        match self {
            Chain::Books => "books",
            Chain::Deliveries => "deliveries",
            Chain::OldEvents => "old_events",
            Chain::Sums => "sums",
        }
    }

    /// Whether its jobs change nothing that anybody is told: a clock does not stop for them.
    pub(super) const fn only_tidies(self) -> bool {
        match self {
            Chain::Books | Chain::Deliveries => false,
            Chain::OldEvents | Chain::Sums => true,
        }
    }

    /// Its jobs, in their order.
    pub fn jobs(self) -> impl Iterator<Item = Job> {
        Job::ALL.into_iter().filter(move |it| it.chain() == self)
    }
}
