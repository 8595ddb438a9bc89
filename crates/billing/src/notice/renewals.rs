//! Notices of deadlines and renewals: made from a resource, and in words.
//!
//! In:  a resource, what happened or will. Out: a notice, which says its times itself; title and sentence.
//! Invariant: what a notice says stands in it, so the same notice always says the same, however often it is renewed since.
//! Rules: R-EXP-1, R-EXP-2, R-REN-2, R-REN-3, section 22 of the rules.

use super::{Notice, NoticeKind};
use crate::renewal::Failure;
use crate::resource::Resource;
use crate::text::Text;
use crate::when::in_sentence;
use units::{Calendar, Timestamp};

/// What its owner is told of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It ends in so many days, and is cut off then or later. Source: R-EXP-5.
    Expiring { days: i64, stop: Timestamp },
    /// It ends in so many days, and is to be renewed by itself then.
    Ahead(i64),
    /// It was renewed by itself, and lives until its new deadline.
    Done,
    /// It was to be renewed by itself, and was not.
    Failed { why: Failure, again: Again },
    /// It has passed its deadline, and is kept until it is released.
    Expired { release: Timestamp },
}

/// When something that was not renewed is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    At(Timestamp),
    /// No more, but it can be renewed by hand.
    Never,
    /// No more, and it is released: its time was over when it was tried.
    Gone,
}

/// In place of an instant: it is not tried again.
const NEVER: &str = "never";
/// In place of an instant: it is released.
const GONE: &str = "gone";

impl Again {
    fn word(self) -> String {
        match self {
            Again::At(at) => at.to_string(),
            Again::Never => NEVER.to_string(),
            Again::Gone => GONE.to_string(),
        }
    }
}

/// The notice of `what` about a resource with a deadline, at `at`; `None` for one without.
pub fn notice(resource: &Resource, what: What, at: Timestamp) -> Option<Notice> {
    let deadline = resource.deadline?;
    let (kind, threshold, occasion) = match what {
        What::Expiring { days, stop } if stop > deadline => {
            (NoticeKind::ResourceExpiring, days, format!("{deadline} {stop}"))
        }
        What::Expiring { days, .. } => (NoticeKind::ResourceExpiring, days, deadline.to_string()),
        What::Ahead(days) => (NoticeKind::RenewalAhead, days, deadline.to_string()),
        What::Done => (NoticeKind::RenewalDone, 0, deadline.to_string()),
        What::Failed { why, again } => {
            let again = again.word();
            (NoticeKind::RenewalFailed, 0, format!("{deadline} {} {at} {again}", why.as_str()))
        }
        What::Expired { release } => (NoticeKind::ResourceExpired, 0, format!("{deadline} {release}")),
    };
    let (account, subject) = (resource.account, resource.id.to_string());
    Some(Notice { account, subject, kind, threshold, occasion, at })
}

/// The deadline that a notice speaks of.
pub fn deadline(notice: &Notice) -> Option<Timestamp> {
    notice.occasion.split(' ').next()?.parse().ok()
}

/// Title and sentence of a notice about the resource called `name`.
pub(super) fn said(notice: &Notice, name: &str, calendar: &Calendar) -> (Text, Text) {
    // What is no instant is said as it stands.
    let time = |text: &str| match text.parse() {
        Ok(at) => Text::of(|it| in_sentence(at, calendar, it)),
        Err(_) => Text::new(text, text),
    };
    let words: Vec<&str> = notice.occasion.split(' ').collect();
    let word = |number: usize| words.get(number).copied().unwrap_or("");
    let (end, days) = (time(word(0)), notice.threshold);
    match notice.kind {
        NoticeKind::ResourceExpiring => {
            let stop = words.get(1).map(|it| time(it));
            (titled(name, in_days(days)), expiring(name, &end, stop.as_ref()))
        }
        NoticeKind::RenewalAhead => (
            titled(name, Text::new(format!("renewed in {}", many(days)), format!("{days} 天后自动续费"))),
            Text::new(
                format!(
                    "{name} ends on {} and is renewed by itself on that day. See to it that enough is available.",
                    end.en
                ),
                format!("{name} 将于 {} 到期，当天自动续费。请确保可用余额充足。", end.zh),
            ),
        ),
        NoticeKind::RenewalDone => (
            titled(name, Text::new("renewed", "已自动续费")),
            Text::new(
                format!("{name} was renewed by itself and is paid for until {}.", end.en),
                format!("{name} 已自动续费，有效期至 {}。", end.zh),
            ),
        ),
        NoticeKind::RenewalFailed => (
            titled(name, Text::new("not renewed", "自动续费失败")),
            failed(name, &end, Failure::parse(word(1)), again(word(3), time)),
        ),
        NoticeKind::ResourceExpired => {
            let is_over = word(1).parse().is_ok_and(|release: Timestamp| release <= notice.at);
            let said = if is_over { over } else { expired };
            (titled(name, Text::new("past its deadline", "已到期")), said(name, [&end, &time(word(1))]))
        }
        NoticeKind::BalanceLow
        | NoticeKind::InArrears
        | NoticeKind::PackLow
        | NoticeKind::PackExhausted
        | NoticeKind::PackExpiring
        | NoticeKind::BudgetReached
        | NoticeKind::BudgetForecast
        | NoticeKind::OfferMade
        | NoticeKind::CommitmentAgreed
        | NoticeKind::CreditAgreed
        | NoticeKind::VoucherIssued
        | NoticeKind::VoucherEnding
        | NoticeKind::CardRefundFailed
        | NoticeKind::PriceChange
        | NoticeKind::PriceChangeUndone => unreachable!("invariant: only notices of deadlines come here"),
    }
}

/// That it ends then, and is cut off then or at `stop`, where it runs on.
fn expiring(name: &str, end: &Text, stop: Option<&Text>) -> Text {
    match stop {
        None => Text::new(
            format!("{name} ends on {}. Renew it before, or it is cut off then.", end.en),
            format!("{name} 将于 {} 到期。请在此之前续费，否则到期后将停用。", end.zh),
        ),
        Some(stop) => Text::new(
            format!(
                "{name} ends on {} and runs on until {}. Renew it before, or it is cut off then.",
                end.en, stop.en
            ),
            format!(
                "{name} 将于 {} 到期，可继续运行至 {}。请在此之前续费，否则届时将停用。",
                end.zh, stop.zh
            ),
        ),
    }
}

/// That it is cut off since then, and kept until then.
fn expired(name: &str, [end, release]: [&Text; 2]) -> Text {
    Text::new(
        format!(
            "{name} passed its deadline on {} and is cut off. What is on it is kept until {}: renew it before to go on.",
            end.en, release.en
        ),
        format!("{name} 已于 {} 到期并停用。数据保留至 {}，在此之前续费即可恢复。", end.zh, release.zh),
    )
}

/// That its time was over before it could be cut off: nothing of it is kept any more.
fn over(name: &str, [end, release]: [&Text; 2]) -> Text {
    Text::new(
        format!(
            "{name} passed its deadline on {} and could be renewed until {}. It is released, with what is on it.",
            end.en, release.en
        ),
        format!("{name} 已于 {} 到期，续费期限至 {}。现已释放，数据不再保留。", end.zh, release.zh),
    )
}

fn titled(name: &str, what: Text) -> Text {
    Text::new(format!("{name}: {}", what.en), format!("{name}：{}", what.zh))
}

fn in_days(days: i64) -> Text {
    Text::new(format!("ends in {}", many(days)), format!("{days} 天后到期"))
}

/// So many days, in English.
pub(super) fn many(days: i64) -> String {
    if days == 1 { "1 day".to_string() } else { format!("{days} days") }
}

/// When it is tried again, in words; and whether anything can be done about it.
fn again(word: &str, time: impl Fn(&str) -> Text) -> (Text, bool) {
    match word {
        NEVER => (Text::new("It is not tried again.", "系统不再重试。"), true),
        GONE => (Text::new("Its time is over, and it is released.", "续费期限已过，该资源已释放。"), false),
        instant => {
            let at = time(instant);
            let said = format!("It is tried again on {}.", at.en);
            (Text::new(said, format!("系统将于 {} 重试。", at.zh)), true)
        }
    }
}

/// Why, and what to do where that is possible. A reason of a later version is told without one.
fn failed(name: &str, end: &Text, why: Option<Failure>, (again, is_there): (Text, bool)) -> Text {
    let (why, remedy) = match why {
        Some(Failure::Balance) => (
            Text::new("too little is available", "可用余额不足"),
            Text::new("Top up, or renew it yourself", "请充值或手动续费"),
        ),
        Some(Failure::OpenOrder) => (
            Text::new("an order for it did not come out yet", "该资源有未完成的订单"),
            Text::new(
                "Pay that order or cancel it, where it is not paid yet",
                "如尚未支付，请支付或取消该订单",
            ),
        ),
        Some(Failure::Price) | None => (
            Text::new("it cannot be had as it is any more", "该配置已无法续费"),
            Text::new("Ask us, or buy another", "请联系我们或购买其他配置"),
        ),
    };
    let then = if is_there {
        Text::new(format!("{}. {}", remedy.en, again.en), format!("{}。{}", remedy.zh, again.zh))
    } else {
        again
    };
    Text::new(
        format!(
            "{name} with the deadline {} could not be renewed by itself: {}. {}",
            end.en, why.en, then.en
        ),
        format!("{name}（到期时间 {}）自动续费失败：{}。{}", end.zh, why.zh, then.zh),
    )
}
