//! Notices of what an operator agreed with a customer: a commitment, a credit line; or that there is none any more.
//!
//! In:  what was agreed, with its number. Out: a notice that keeps the figures; what it says.
//! Invariant: the words say what was agreed then, whatever is agreed since.
//! Rules: R-PRC-26, R-ARR-9.

use super::words::Said;
use super::{Notice, NoticeKind};
use crate::commitment::Commitment;
use crate::credit::CreditLine;
use crate::text::Text;
use crate::when::{day, money};
use units::{Calendar, Currency, Money};

/// What stands in place of a month that is not named.
const OPEN: &str = "-";

/// That a commitment was agreed with the account of this name.
pub fn commitment(it: &Commitment, name: String, calendar: &Calendar) -> Notice {
    let until = it.until.map_or_else(|| OPEN.to_string(), |at| calendar.month(at));
    Notice {
        account: it.account,
        subject: name,
        kind: NoticeKind::CommitmentAgreed,
        threshold: it.number,
        occasion: format!("{} {} {} {until}", calendar.month(it.from), it.amount, it.amount.currency()),
        at: it.made,
    }
}

/// That a credit line was agreed with the account of this name, as the agreement with this number.
pub fn credit(it: &CreditLine, name: String, number: i64) -> Notice {
    Notice {
        account: it.account,
        subject: name,
        kind: NoticeKind::CreditAgreed,
        threshold: number,
        occasion: format!("{} {} {}", it.limit, it.limit.currency(), it.day),
        at: it.since,
    }
}

/// A sum and its currency, as a notice keeps them.
fn sum(amount: Option<&str>, currency: Option<&str>) -> Option<Money> {
    Money::parse(amount?, Currency::parse(currency?).ok()?).ok()
}

pub(super) fn commitment_said(notice: &Notice) -> Said {
    let mut words = notice.occasion.split(' ');
    let from = words.next().unwrap_or("");
    let from = Text::of(|it| day(from, it));
    let agreed = sum(words.next(), words.next());
    let until = words.next().filter(|it| *it != OPEN);
    let Some(agreed) = agreed.filter(|it| it.is_positive()) else {
        return Said {
            title: Text::new("No commitment any more", "承诺消费终止"),
            sentence: Text::new(
                format!("From {} on, nothing has to be spent in a month any more.", from.en),
                format!("自{}起，不再有每月承诺消费。", from.zh),
            ),
        };
    };
    let (sum, until) = (Text::of(|it| money(agreed, it)), until.map(|until| Text::of(|it| day(until, it))));
    let (en, zh) = match until {
        Some(until) => (format!(" and before {}", until.en), format!("至{}前", until.zh)),
        None => (String::new(), String::new()),
    };
    Said {
        title: Text::new("A commitment was agreed", "承诺消费约定"),
        sentence: Text::new(
            format!(
                "From {} on{en}, {} are to be spent in each month. What a month lacks of that is billed when it closes.",
                from.en, sum.en
            ),
            format!("自{}起{zh}，每月承诺消费 {}，不足部分在当月结账时补收。", from.zh, sum.zh),
        ),
    }
}

pub(super) fn credit_said(notice: &Notice, at: &Text) -> Said {
    let mut words = notice.occasion.split(' ');
    let agreed = sum(words.next(), words.next());
    let collected = words.next().unwrap_or("");
    let Some(agreed) = agreed.filter(|it| it.is_positive()) else {
        return Said {
            title: Text::new("No credit line any more", "信用额度终止"),
            sentence: Text::new(
                format!("On {}, your credit line ended: whatever is owed is arrears.", at.en),
                format!("{} 您的信用额度已终止，此后一旦欠款即为欠费。", at.zh),
            ),
        };
    };
    let sum = Text::of(|it| money(agreed, it));
    Said {
        title: Text::new("A credit line was agreed", "信用额度约定"),
        sentence: Text::new(
            format!(
                "On {}, a credit line of {} was agreed: so much may be owed before the account is in arrears. What is \
                 owed is collected on day {collected} of each month.",
                at.en, sum.en
            ),
            format!(
                "{} 为您约定了 {} 的信用额度，欠款在额度以内不视为欠费。欠款于每月 {collected} 日收取。",
                at.zh, sum.zh
            ),
        ),
    }
}
