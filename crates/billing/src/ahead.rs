//! What comes next for an account, if nobody does anything: what ends, packs that run out, and when its money does.
//!
//! In:  how its resources, meters, packs and money stand. Out: what happens, in the order of time, and what is left then.
//! Invariant: nothing lies before now, and nothing at the end of what is looked at or behind it. What happens to a resource and to
//! money is what will: `course` decides it by what decides it then.
//! Rules: R-EXP-1, R-ARR-1, R-REN-2, R-PKG-2, R-PKG-15, R-WAL-5.

pub mod course;
pub mod folded;
mod steady;
pub mod track;

use crate::renewal::Failure;
use crate::resource::{EndedBy, Resource};
use crate::story::{Changed, What};
use crate::text::Text;
use units::calendar::{CalendarError, seconds_after};
use units::{Money, PackId, ResourceId, Timestamp};

/// So many days are looked ahead where somebody only looks by.
pub const DAYS: u64 = 31;
/// So many months where it is asked how things end: a year, whatever its days.
pub const FORECAST_MONTHS: u32 = 12;
const DAY: u64 = 86_400;

/// Something that will happen by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coming {
    /// A step in the life of a resource.
    Resource { id: ResourceId, what: What },
    /// It is to be renewed by itself, and that fails.
    RenewalFails(ResourceId, Failure),
    /// A pack is used up at the present use.
    PackEmpty(PackId),
    /// A pack ends, and what is left of it is lost.
    PackEnds(PackId),
    /// A bill takes more than there is: arrears begin.
    MoneyGone,
    /// What rounding took too much pays what is owed: arrears end.
    MoneyBack,
}

/// What kind of thing comes, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Resource,
    PackEmpty,
    PackEnds,
    MoneyGone,
    RenewalFails,
    MoneyBack,
}

impl Kind {
    pub const ALL: [Kind; 6] = [
        Kind::Resource,
        Kind::PackEmpty,
        Kind::PackEnds,
        Kind::MoneyGone,
        Kind::RenewalFails,
        Kind::MoneyBack,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Resource => "resource",
            Kind::PackEmpty => "pack_empty",
            Kind::PackEnds => "pack_ends",
            Kind::MoneyGone => "money_gone",
            Kind::RenewalFails => "renewal_fails",
            Kind::MoneyBack => "money_back",
        }
    }
}

impl Coming {
    pub const fn kind(&self) -> Kind {
        match self {
            Coming::Resource { .. } => Kind::Resource,
            Coming::RenewalFails(..) => Kind::RenewalFails,
            Coming::PackEmpty(_) => Kind::PackEmpty,
            Coming::PackEnds(_) => Kind::PackEnds,
            Coming::MoneyGone => Kind::MoneyGone,
            Coming::MoneyBack => Kind::MoneyBack,
        }
    }

    /// The resource that it is about.
    pub const fn resource(&self) -> Option<ResourceId> {
        match self {
            Coming::Resource { id, .. } | Coming::RenewalFails(id, _) => Some(*id),
            Coming::PackEmpty(_) | Coming::PackEnds(_) | Coming::MoneyGone | Coming::MoneyBack => None,
        }
    }

    /// The pack that it is about.
    pub const fn pack(&self) -> Option<PackId> {
        match self {
            Coming::PackEmpty(id) | Coming::PackEnds(id) => Some(*id),
            Coming::Resource { .. } | Coming::RenewalFails(..) | Coming::MoneyGone | Coming::MoneyBack => {
                None
            }
        }
    }

    /// What happens, by the word for programs: of a resource the step, else the kind.
    pub const fn word(&self) -> &'static str {
        match self {
            Coming::Resource { what, .. } => what.as_str(),
            Coming::RenewalFails(..)
            | Coming::PackEmpty(_)
            | Coming::PackEnds(_)
            | Coming::MoneyGone
            | Coming::MoneyBack => self.kind().as_str(),
        }
    }

    /// The same for people.
    pub fn text(&self) -> Text {
        match self {
            Coming::Resource { what: What::Renewed, .. } => Text::new("Is renewed by itself", "自动续费"),
            Coming::Resource { what, .. } => what.text(),
            Coming::RenewalFails(_, Failure::Balance) => {
                Text::new("Is not renewed: too little is there", "余额不足，自动续费失败")
            }
            Coming::RenewalFails(_, Failure::OpenOrder) => Text::new(
                "Is not renewed: an order for it did not come out yet",
                "有未完成的订单，自动续费失败",
            ),
            Coming::RenewalFails(_, Failure::Price) => {
                Text::new("Is not renewed: it is not sold any more as it is", "当前配置已停售，自动续费失败")
            }
            Coming::PackEmpty(_) => Text::new("Used up at the present use", "按目前用量将用完"),
            Coming::PackEnds(_) => Text::new("Ends; what is left is lost", "到期，余量作废"),
            Coming::MoneyGone => Text::new("Money runs out at the present use", "按目前用量余额将用完"),
            Coming::MoneyBack => Text::new("Nothing is owed any more", "欠费结清"),
        }
    }
}

/// What comes, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub at: Timestamp,
    pub coming: Coming,
    /// What a renewal costs.
    pub sum: Option<Money>,
    /// What is left behind it: all money, frozen or not, less what is owed. `None` for what no money follows from.
    pub balance: Option<Money>,
    /// Why a resource ends by it.
    pub ended_by: Option<EndedBy>,
}

impl Step {
    /// A step that no money follows from.
    pub const fn plain(at: Timestamp, coming: Coming) -> Step {
        Step { at, coming, sum: None, balance: None, ended_by: None }
    }

    /// Whether arrears take something by it: what is limited, stopped or ended for them. What ends at its deadline, or in the bin,
    /// ends whether anything is owed or not. Source: R-ARR-4, R-ARR-8.
    pub fn is_by_arrears(&self) -> bool {
        matches!(self.coming, Coming::Resource { what: What::Limited | What::ArrearsStopped, .. })
            || self.ended_by == Some(EndedBy::Arrears)
    }
}

/// What a forecast takes for granted, said with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assumption {
    /// Nothing is bought, changed, released or paid in, by nobody and no card.
    NothingNew,
    /// Use that is measured counts as far as it was reported.
    Reported,
    /// What is asked of the cloud is done at once.
    CloudAtOnce,
    /// What paid orders hold is taken, and what they bring is not counted.
    OrdersTake,
    /// What vouchers could pay is taken as money.
    NoVouchers,
    /// What a month leaves of a commitment is not taken. Source: R-PRC-26.
    NoCommitment,
}

impl Assumption {
    pub const ALL: [Assumption; 6] = [
        Assumption::NothingNew,
        Assumption::Reported,
        Assumption::CloudAtOnce,
        Assumption::OrdersTake,
        Assumption::NoVouchers,
        Assumption::NoCommitment,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Assumption::NothingNew => "nothing_new",
            Assumption::Reported => "reported",
            Assumption::CloudAtOnce => "cloud_at_once",
            Assumption::OrdersTake => "orders_take",
            Assumption::NoVouchers => "no_vouchers",
            Assumption::NoCommitment => "no_commitment",
        }
    }

    pub fn text(self) -> Text {
        match self {
            Assumption::NothingNew => Text::new(
                "Nothing is bought, changed, released or paid in, also by no card.",
                "不新购、不变更、不释放、不充值，也不由银行卡自动支付。",
            ),
            Assumption::Reported => Text::new(
                "Use that is measured counts as far as it was reported by now.",
                "按实际用量计费的部分只计入目前已上报的用量。",
            ),
            Assumption::CloudAtOnce => {
                Text::new("What is asked of the cloud is done at once.", "云平台的操作即时完成。")
            }
            Assumption::OrdersTake => Text::new(
                "What paid orders hold is taken; what they bring is not counted.",
                "已支付订单冻结的金额视为已扣除；其交付的资源不计入。",
            ),
            Assumption::NoVouchers => Text::new(
                "No voucher pays: where one does, the money lasts longer.",
                "未计入代金券；使用代金券时，余额可用得更久。",
            ),
            Assumption::NoCommitment => Text::new(
                "What a month leaves of the commitment is not taken: where it is billed, the money is gone sooner.",
                "未计入承诺消费的差额；按月补收差额时，余额会更早用完。",
            ),
        }
    }
}

impl Step {
    /// What comes, for people: with what a raise of the resource makes of its options, where one begins or ends then.
    pub fn said(&self, resource: Option<&Resource>) -> Text {
        let text = self.coming.text();
        let changed = matches!(self.coming, Coming::Resource { what: What::Changed, .. });
        let turns = resource.filter(|_| changed).map_or_else(Vec::new, |it| it.turns(self.at));
        if turns.is_empty() {
            return text;
        }
        let value = |it: &Option<String>| it.clone().unwrap_or_default();
        let turn = |it: &Changed| format!("{} {} → {}", it.option, value(&it.before), value(&it.after));
        let all: Vec<String> = turns.iter().map(turn).collect();
        Text::new(format!("{}: {}", text.en, all.join(", ")), format!("{}：{}", text.zh, all.join("、")))
    }
}

/// The end of what is looked at, so many days from now. Errors: an instant that the calendar does not reach.
pub fn horizon(now: Timestamp, days: u64) -> Result<Timestamp, CalendarError> {
    seconds_after(now, days * DAY)
}

/// The steps of a course with what else comes before its end, in the order of time; at one instant the course first.
pub fn in_order(
    course: Vec<Step>,
    more: impl IntoIterator<Item = Step>,
    ends: (Timestamp, Timestamp),
) -> Vec<Step> {
    let (from, until) = ends;
    let more = more.into_iter().filter(|it| from <= it.at && it.at < until);
    let mut found = course;
    found.extend(more);
    found.sort_by_key(|it| it.at);
    found
}

#[cfg(test)]
mod tests;
