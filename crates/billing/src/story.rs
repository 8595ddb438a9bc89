//! The story of a resource: what happened to it, and what will if nobody does anything.
//!
//! In:  its meter events, how its account stands. Out: what each was, in words too; steps with their dates.
//! Invariant: what lies ahead is found by the rules by which it will happen, one step after the other.
//! Rules: R-EXP-1, R-EXP-3, R-REN-1, R-REN-2, R-ARR-1, R-ARR-4 to R-ARR-8, R-TIM-3.

use crate::book::Product;
use crate::life::{self, Standing};
use crate::renewal;
use crate::resource::{EndedBy, Event, MeterEvent, Resource, ResourceError, State};
use crate::text::Text;
use units::{Calendar, Timestamp};

/// What happened to a resource, or will.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Ordered,
    Delivered,
    Failed,
    /// Its options are others.
    Changed,
    Started,
    /// It goes on after arrears.
    Resumed,
    /// Out of the bin.
    Restored,
    Stopped,
    StoppedFree,
    Limited,
    ArrearsStopped,
    Expired,
    /// Into the bin.
    Recycled,
    /// Given back by its owner, into the bin. Source: R-REF-5.
    Refunded,
    ReleaseAsked,
    Released,
    /// Paid for longer.
    Renewed,
    /// It is to be renewed by itself.
    RenewalDue,
}

impl What {
    pub const ALL: [What; 18] = [
        What::Ordered,
        What::Delivered,
        What::Failed,
        What::Changed,
        What::Started,
        What::Resumed,
        What::Restored,
        What::Stopped,
        What::StoppedFree,
        What::Limited,
        What::ArrearsStopped,
        What::Expired,
        What::Recycled,
        What::ReleaseAsked,
        What::Released,
        What::Renewed,
        What::RenewalDue,
        What::Refunded,
    ];

    /// The word for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            What::Ordered => "ordered",
            What::Delivered => "delivered",
            What::Failed => "failed",
            What::Changed => "changed",
            What::Started => "started",
            What::Resumed => "resumed",
            What::Restored => "restored",
            What::Stopped => "stopped",
            What::StoppedFree => "stopped_free",
            What::Limited => "limited",
            What::ArrearsStopped => "arrears_stopped",
            What::Expired => "expired",
            What::Recycled => "recycled",
            What::ReleaseAsked => "release_asked",
            What::Released => "released",
            What::Renewed => "renewed",
            What::RenewalDue => "renewal_due",
            What::Refunded => "refunded",
        }
    }

    /// The same for people.
    pub fn text(self) -> Text {
        match self {
            What::Ordered => Text::new("Ordered", "下单"),
            What::Delivered => Text::new("Delivered", "已交付"),
            What::Failed => Text::new("Could not be delivered", "创建失败"),
            What::Changed => Text::new("Changed", "变更配置"),
            What::Started => Text::new("Started", "启动"),
            What::Resumed => Text::new("Goes on after arrears", "欠费结清，恢复运行"),
            What::Restored => Text::new("Taken out of the bin", "从回收站恢复"),
            What::Stopped => Text::new("Stopped, charge goes on", "停止，继续计费"),
            What::StoppedFree => Text::new("Stopped without charge", "停止，不计费"),
            What::Limited => Text::new("Limited for arrears", "因欠费受限"),
            What::ArrearsStopped => Text::new("Stopped for arrears", "欠费停服"),
            What::Expired => Text::new("Expires", "到期"),
            What::Recycled => Text::new("Put into the bin", "移入回收站"),
            What::ReleaseAsked => Text::new("Release begins", "开始释放"),
            What::Released => Text::new("Released", "释放"),
            What::Renewed => Text::new("Renewed", "已续费"),
            What::RenewalDue => Text::new("Is renewed, if the balance pays for it", "自动续费（余额充足时）"),
            What::Refunded => Text::new("Refunded, into the bin", "已退款，移入回收站"),
        }
    }

    /// What a meter event was, after the one `before` it. Source: R-TIM-3.
    pub fn of(before: Option<&MeterEvent>, event: &MeterEvent) -> What {
        let Some(before) = before else { return What::first(event.state) };
        if before.state == event.state {
            return if before.options == event.options { What::Renewed } else { What::Changed };
        }
        What::into(before.state, event.state)
    }

    const fn first(state: State) -> What {
        match state {
            State::Pending => What::Ordered,
            State::Failed => What::Failed,
            State::Running
            | State::Stopped
            | State::StoppedFree
            | State::Limited
            | State::ArrearsStopped
            | State::Expired
            | State::Releasing
            | State::Recycled
            | State::Released => What::Delivered,
        }
    }

    pub(crate) const fn into(before: State, after: State) -> What {
        match (before, after) {
            (State::Pending, State::Running) => What::Delivered,
            (State::ArrearsStopped | State::Limited, State::Running) => What::Resumed,
            (State::Recycled, State::Running) => What::Restored,
            (State::Expired, State::Running) => What::Renewed,
            (_, State::Running) => What::Started,
            (_, State::Stopped) => What::Stopped,
            (_, State::StoppedFree) => What::StoppedFree,
            (_, State::Limited) => What::Limited,
            (_, State::ArrearsStopped) => What::ArrearsStopped,
            (_, State::Expired) => What::Expired,
            (_, State::Recycled) => What::Recycled,
            (_, State::Releasing) => What::ReleaseAsked,
            (_, State::Released) => What::Released,
            (_, State::Failed) => What::Failed,
            (_, State::Pending) => What::Ordered,
        }
    }
}

/// An option that became another: `None` where there was or is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub option: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// The options in which two events differ, by name.
pub fn changed(before: &MeterEvent, after: &MeterEvent) -> Vec<Changed> {
    let names = before.options.iter().chain(after.options.iter()).map(|it| it.0);
    let names: std::collections::BTreeSet<&str> = names.collect();
    let value = |of: &MeterEvent, name: &str| of.options.get(name).map(str::to_string);
    let change = |name: &str| Changed {
        option: name.to_string(),
        before: value(before, name),
        after: value(after, name),
    };
    names.into_iter().map(change).filter(|it| it.before != it.after).collect()
}

/// A step that time will take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ahead {
    pub at: Timestamp,
    pub what: What,
    pub ended_by: Option<EndedBy>,
    /// Whether it comes only if the renewal that is due before it is not made.
    pub unless_renewed: bool,
}

/// No life has more steps left than this.
const MOST: usize = 8;

/// What will happen to `resource` if nobody does anything and its account stays as it stands, in the order of time.
///
/// Errors: a time that the calendar does not reach. Source: R-EXP-1, R-ARR-5 to R-ARR-8.
pub fn ahead(
    resource: &Resource,
    product: &Product,
    standing: Standing,
    calendar: &Calendar,
) -> Result<Vec<Ahead>, ResourceError> {
    let mut steps = Vec::new();
    if let Some(at) = renewal::first_attempt(resource, product, calendar)? {
        steps.push(Ahead { at, what: What::RenewalDue, ended_by: None, unless_renewed: false });
    }
    // What ends at a deadline ends before it expires. Source: R-NET-3.
    let mut all = raised(resource);
    let (is_renewed, mut is_over) = (!steps.is_empty(), false);
    let mut resource = resource.clone();
    while let Some(step) = life::next(&resource, product, standing, calendar)? {
        assert!(steps.len() < MOST, "a life that is left alone comes to an end");
        let before = resource.state;
        let (after, _) = resource.step(step.event, step.at)?;
        is_over |= step.event == Event::Expire || before == State::Expired;
        let (what, unless_renewed) = (What::into(before, after.state), is_renewed && is_over);
        steps.push(Ahead { at: step.at, what, ended_by: step.ended_by, unless_renewed });
        resource = after;
    }
    all.extend(steps);
    all.sort_by_key(|it| it.at);
    Ok(all)
}

/// When raises for some days make it another. Source: R-NET-3.
fn raised(resource: &Resource) -> Vec<Ahead> {
    let (mut all, mut resource) = (Vec::new(), resource.clone());
    while let Some(at) = resource.next_raise() {
        let then = resource.clone().raised_at(at);
        if then.options != resource.options {
            all.push(Ahead { at, what: What::Changed, ended_by: None, unless_renewed: false });
        }
        resource = then;
    }
    all
}
