//! Notices in words, in English and Chinese: a title and a sentence, made when they are read.
//!
//! In:  a notice, the pack or budget that it is about. Out: texts.
//! Invariant: they say the figures of the notice and of its pack and no others, so the same notice always says the same; of
//! a budget they say its name, since its amount may change.
//! Rules: R-PKG-15, R-WAL-5, R-ARR-1, R-ARR-2; budgets: docs/budgets.md.

use super::prices::Kept;
use super::{Notice, NoticeKind, agreed, renewals};
use crate::alert::MOST_DAYS;
use crate::language::Language;
use crate::pack::Pack;
use crate::text::Text;
use crate::when::{day, decimal, in_sentence, money};
use units::decimal::{div_half_up, print_short};
use units::{Calendar, Money, Timestamp};

/// A notice as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub title: Text,
    pub sentence: Text,
}

/// What a notice is about. The id of its subject stands in where that is gone.
#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    /// The account, or something that is gone.
    Account,
    Pack(&'a Pack),
    /// A budget, by its name.
    Budget(&'a str),
    /// A resource, by its name.
    Resource(&'a str),
    /// Prices that change, each in words, and how many more there are.
    Prices {
        moved: &'a [Text],
        more: usize,
    },
    /// A voucher, by its name and what it was issued for, which does not change as it is used.
    Voucher {
        name: &'a str,
        face: Money,
    },
}

/// The words of `notice`.
pub fn said(notice: &Notice, about: About<'_>, calendar: &Calendar) -> Said {
    let (pack, named, voucher) = match about {
        About::Account | About::Prices { .. } => (None, None, None),
        About::Pack(pack) => (Some(pack), None, None),
        About::Budget(name) | About::Resource(name) => (None, Some(name), None),
        About::Voucher { name, face } => (None, None, Some((name, face))),
    };
    let name = named.unwrap_or(&notice.subject);
    let time = |at: Timestamp| Text::of(|it| in_sentence(at, calendar, it));
    let (at, count) = (time(notice.at), notice.threshold);
    match notice.kind {
        NoticeKind::BalanceLow => Said {
            title: Text::new("Balance alert", "余额预警"),
            sentence: Text::new(
                format!(
                    "On {}, less was available than the limit of your balance alert: day {count} in a row of at most \
                     {MOST_DAYS}. Top up before the money is gone.",
                    at.en
                ),
                format!(
                    "{} 可用余额低于您设置的预警值，已连续第 {count} 天提醒，最多提醒 {MOST_DAYS} 天。请在余额用完前充值。",
                    at.zh
                ),
            ),
        },
        NoticeKind::InArrears => Said {
            title: Text::new("In arrears", "账户欠费"),
            sentence: Text::new(
                format!(
                    "On {}, the account fell into arrears. Until that is paid nothing new can be bought, and \
                     pay-as-you-go resources are stopped or limited: some at once, others when their grace is over. Top \
                     up to go on.",
                    at.en
                ),
                format!(
                    "账户于 {} 开始欠费。结清之前无法购买新资源；按量计费资源将停服或受限，部分立即执行，\
                     其余在宽限期结束后执行。请充值以继续使用。",
                    at.zh
                ),
            ),
        },
        NoticeKind::PackLow | NoticeKind::PackExhausted | NoticeKind::PackExpiring => {
            of_pack(notice, pack, &time)
        }
        NoticeKind::OfferMade => offer_made(&at),
        NoticeKind::CommitmentAgreed => of_agreement(agreed::commitment_said(notice)),
        NoticeKind::CreditAgreed => of_agreement(agreed::credit_said(notice, &at)),
        NoticeKind::VoucherIssued => voucher_issued(voucher, &at),
        NoticeKind::VoucherEnding => voucher_ending(notice, voucher, &time),
        NoticeKind::CardRefundFailed => card_refund_failed(notice, &at),
        NoticeKind::PriceChange => price_change(notice, about, &time),
        NoticeKind::PriceChangeUndone => price_change_undone(notice, &time),
        NoticeKind::BudgetReached | NoticeKind::BudgetForecast => of_budget(notice, name, &at),
        NoticeKind::ResourceExpiring
        | NoticeKind::RenewalAhead
        | NoticeKind::RenewalDone
        | NoticeKind::RenewalFailed
        | NoticeKind::ResourceExpired => {
            let (title, sentence) = renewals::said(notice, name, calendar);
            Said { title, sentence }
        }
    }
}

fn of_agreement((title, sentence): (Text, Text)) -> Said {
    Said { title, sentence }
}

fn offer_made(at: &Text) -> Said {
    Said {
        title: Text::new("An offer for you", "新的报价"),
        sentence: Text::new(
            format!(
                "On {}, an offer was made to you. Accept or decline it under Requests and offers.",
                at.en
            ),
            format!("{} 向您发出了报价，请在“询价与报价”中接受或谢绝。", at.zh),
        ),
    }
}

fn voucher_issued(voucher: Option<(&str, Money)>, at: &Text) -> Said {
    let Some((name, face)) = voucher else {
        return Said {
            title: Text::new("A voucher for you", "新的代金券"),
            sentence: Text::new(
                format!(
                    "On {}, your account was given a voucher. Vouchers says what it pays for and until when.",
                    at.en
                ),
                format!("{} 您的账户收到一张代金券，适用范围与有效期请见“代金券”。", at.zh),
            ),
        };
    };
    let sum = Text::of(|it| money(face, it));
    Said {
        title: Text::new(format!("A voucher for you: {name}"), format!("新的代金券：{name}")),
        sentence: Text::new(
            format!(
                "On {}, your account was given the voucher {name} of {}. Vouchers says what it pays for and until when.",
                at.en, sum.en
            ),
            format!("{} 您的账户收到代金券“{name}”，面额 {}。适用范围与有效期请见“代金券”。", at.zh, sum.zh),
        ),
    }
}

fn voucher_ending(notice: &Notice, voucher: Option<(&str, Money)>, time: &dyn Fn(Timestamp) -> Text) -> Said {
    let (count, end) = (notice.threshold, notice.occasion.parse().ok());
    let until = end.map_or_else(|| Text::new("its end", "到期"), time);
    let Some((name, face)) = voucher else {
        return Said {
            title: Text::new(
                format!("A voucher ends in {}", renewals::many(count)),
                format!("代金券 {count} 天后到期"),
            ),
            sentence: Text::new(
                format!(
                    "A voucher of your account can be used until {}. What is left of it then lapses.",
                    until.en
                ),
                format!("您账户的一张代金券有效期至 {}，届时未用完的余额作废。", until.zh),
            ),
        };
    };
    let sum = Text::of(|it| money(face, it));
    Said {
        title: Text::new(
            format!("{name}: a voucher that ends in {}", renewals::many(count)),
            format!("{name}：代金券 {count} 天后到期"),
        ),
        sentence: Text::new(
            format!(
                "The voucher {name} of {} can be used until {}. What is left of it then lapses.",
                sum.en, until.en
            ),
            format!("代金券“{name}”（面额 {}）有效期至 {}，届时未用完的余额作废。", sum.zh, until.zh),
        ),
    }
}

/// From when on other prices hold.
fn since(notice: &Notice, time: &dyn Fn(Timestamp) -> Text) -> Text {
    let kept = Kept::read(&notice.occasion);
    kept.map_or_else(|| Text::new("their date", "其生效日期"), |it| time(it.from))
}

/// What moves, one after the other, and how many more there are.
fn moving(moved: &[Text], more: usize) -> Text {
    let all = |language: Language, between: &str| {
        moved.iter().map(|it| it.get(language)).collect::<Vec<_>>().join(between)
    };
    let (en, zh) = (all(Language::English, "; "), all(Language::Chinese, "；"));
    match more {
        0 => Text::new(en, zh),
        more => Text::new(format!("{en}; and {more} more"), format!("{zh}；以及另外 {more} 项")),
    }
}

fn price_change(notice: &Notice, about: About<'_>, time: &dyn Fn(Timestamp) -> Text) -> Said {
    let since = since(notice, time);
    let what = match about {
        About::Prices { moved, more } if !moved.is_empty() => moving(moved, more),
        About::Prices { .. }
        | About::Account
        | About::Pack(_)
        | About::Budget(_)
        | About::Resource(_)
        | About::Voucher { .. } => Text::new("something that you have", "您的部分资源"),
    };
    Said {
        title: Text::new("Prices change", "价格调整"),
        sentence: Text::new(
            format!(
                "From {} on, other prices hold for {}. What is paid ahead keeps its price until it ends, and what was used \
                 before keeps the old one.",
                since.en, what.en
            ),
            format!(
                "自 {} 起，以下项目将按新价格计费：{}。已预付的部分在到期前价格不变，此前的用量仍按原价计费。",
                since.zh, what.zh
            ),
        ),
    }
}

fn price_change_undone(notice: &Notice, time: &dyn Fn(Timestamp) -> Text) -> Said {
    let since = since(notice, time);
    Said {
        title: Text::new("Prices stay", "价格不作调整"),
        sentence: Text::new(
            format!(
                "You were told that other prices hold from {} on. That change does not come: prices stay as they are.",
                since.en
            ),
            format!("此前通知您自 {} 起调整价格，该调整不再生效，价格不变。", since.zh),
        ),
    }
}

fn card_refund_failed(notice: &Notice, at: &Text) -> Said {
    let mut words = notice.occasion.split(' ');
    let sum = format!("{} {}", words.next().unwrap_or(""), words.next().unwrap_or(""));
    Said {
        title: Text::new("A card took nothing back", "银行卡退款未成功"),
        sentence: Text::new(
            format!(
                "On {}, the card that was to get {sum} of a refund did not take it. The money is in your balance; what \
                 was owed is paid first.",
                at.en
            ),
            format!(
                "{} 退款中的 {sum} 未能退回支付所用的银行卡，已退回您的余额，如有欠款则先行抵扣。",
                at.zh
            ),
        ),
    }
}

fn of_budget(notice: &Notice, name: &str, at: &Text) -> Said {
    let (percent, month) = (notice.threshold, Text::of(|it| day(&notice.occasion, it)));
    match notice.kind {
        NoticeKind::BudgetReached => Said {
            title: Text::new(format!("{name}: {percent}% spent"), format!("{name}：已用 {percent}%")),
            sentence: Text::new(
                format!(
                    "On {}, the costs of {} had reached {percent}% of the budget {name}. Nothing is stopped.",
                    at.en, month.en
                ),
                format!("截至 {}，{}成本已达预算 {name} 的 {percent}%。不会停止任何资源。", at.zh, month.zh),
            ),
        },
        NoticeKind::BudgetForecast => Said {
            title: Text::new(format!("{name}: {percent}% expected"), format!("{name}：预计将用 {percent}%")),
            sentence: Text::new(
                format!(
                    "On {}, the costs of {} were heading for {percent}% of the budget {name} or more by the end of the \
                     month, if all that runs goes on as it is. Nothing is stopped.",
                    at.en, month.en
                ),
                format!(
                    "{} 预测：现有资源照常运行时，{}成本到月底将达预算 {name} 的 {percent}% 或更多。不会停止任何资源。",
                    at.zh, month.zh
                ),
            ),
        },
        NoticeKind::BalanceLow
        | NoticeKind::InArrears
        | NoticeKind::PackLow
        | NoticeKind::PackExhausted
        | NoticeKind::PackExpiring
        | NoticeKind::ResourceExpiring
        | NoticeKind::RenewalAhead
        | NoticeKind::RenewalDone
        | NoticeKind::RenewalFailed
        | NoticeKind::ResourceExpired
        | NoticeKind::OfferMade
        | NoticeKind::CommitmentAgreed
        | NoticeKind::CreditAgreed
        | NoticeKind::VoucherIssued
        | NoticeKind::VoucherEnding
        | NoticeKind::CardRefundFailed
        | NoticeKind::PriceChange
        | NoticeKind::PriceChangeUndone => unreachable!("invariant: only notices of budgets come here"),
    }
}

fn of_pack(notice: &Notice, pack: Option<&Pack>, time: &dyn Fn(Timestamp) -> Text) -> Said {
    let (name, count) = (pack.map_or(notice.subject.as_str(), Pack::called), notice.threshold);
    let at = &time(notice.at);
    let until = pack.map_or_else(|| Text::new("its end", "到期"), |it| time(it.expires));
    match notice.kind {
        NoticeKind::PackLow => Said {
            title: Text::new(format!("{name}: {count}% left"), format!("{name}：余量剩 {count}%")),
            sentence: ahead(low(name, pack, (count, at)), pack.and_then(|it| pace(it, notice)), time),
        },
        NoticeKind::PackExhausted => Said {
            title: Text::new(format!("{name}: used up"), format!("{name}：已用完")),
            sentence: Text::new(
                format!(
                    "{name} was used up on {}. From then on what it covered is pay-as-you-go again. It is valid until \
                     {}.",
                    at.en, until.en
                ),
                format!("{name} 已于 {} 用完，之后的用量恢复按量计费。资源包有效期至 {}。", at.zh, until.zh),
            ),
        },
        NoticeKind::PackExpiring => Said {
            title: Text::new(
                format!("{name}: expires in {}", renewals::many(count)),
                format!("{name}：{count} 天后到期"),
            ),
            sentence: Text::new(
                format!("{name} expires on {}. What is left then is lost.", until.en),
                format!("{name} 将于 {} 到期，届时未用完的余量作废。", until.zh),
            ),
        },
        NoticeKind::BalanceLow
        | NoticeKind::InArrears
        | NoticeKind::BudgetReached
        | NoticeKind::BudgetForecast
        | NoticeKind::ResourceExpiring
        | NoticeKind::RenewalAhead
        | NoticeKind::RenewalDone
        | NoticeKind::RenewalFailed
        | NoticeKind::ResourceExpired
        | NoticeKind::OfferMade
        | NoticeKind::CommitmentAgreed
        | NoticeKind::CreditAgreed
        | NoticeKind::VoucherIssued
        | NoticeKind::VoucherEnding
        | NoticeKind::CardRefundFailed
        | NoticeKind::PriceChange
        | NoticeKind::PriceChangeUndone => unreachable!("invariant: only notices of packs come here"),
    }
}

/// How little is left, and of what.
fn low(name: &str, pack: Option<&Pack>, (count, at): (i64, &Text)) -> Text {
    let Some(pack) = pack else {
        return Text::new(
            format!("On {}, {count}% of {name} were left.", at.en),
            format!("截至 {}，{name} 余量剩 {count}%。", at.zh),
        );
    };
    let left = u128::from(pack.capacity) * u128::from(count.unsigned_abs()) / 100;
    let (left, whole) = (amount(pack, left), amount(pack, pack.capacity.into()));
    Text::new(
        format!("On {}, no more than {} of {} were left of {name}.", at.en, left.en, whole.en),
        format!("截至 {}，{name} 余量不超过 {}，共 {}。", at.zh, left.zh, whole.zh),
    )
}

/// How far a pack goes at the pace of its use so far.
enum Pace {
    /// It is empty before its end.
    Empty(Timestamp),
    /// It lasts until it ends.
    Lasts(Timestamp),
}

/// The pace of a pack of which so many percent are left; `None` where nothing is known of it yet.
fn pace(pack: &Pack, notice: &Notice) -> Option<Pace> {
    // What was told when it was bought was covered by looking back, which is no pace.
    if notice.at <= pack.bought {
        return None;
    }
    let left = u64::try_from(notice.threshold).ok().filter(|it| (1..100).contains(it))?;
    let elapsed = notice.at.as_second().checked_sub(pack.effective.as_second())?;
    let elapsed = u64::try_from(elapsed).ok().filter(|it| *it > 0)?;
    let rest = i64::try_from(elapsed.checked_mul(left)? / (100 - left)).ok()?;
    let empty = Timestamp::from_second(notice.at.as_second().checked_add(rest)?).ok()?;
    Some(if empty < pack.expires { Pace::Empty(empty) } else { Pace::Lasts(pack.expires) })
}

/// What is said, with what comes of it and what to do about it.
fn ahead(said: Text, pace: Option<Pace>, time: &dyn Fn(Timestamp) -> Text) -> Text {
    let (english, chinese) = match pace {
        None => return said,
        Some(Pace::Lasts(at)) => {
            let at = time(at);
            (
                format!("At the pace so far it lasts until it ends on {}.", at.en),
                format!("按目前用量可用到 {} 到期。", at.zh),
            )
        }
        Some(Pace::Empty(at)) => {
            let at = time(at);
            (
                format!(
                    "At the pace so far it is empty on {}; from then on its use is pay-as-you-go. Another can be \
                     bought under Resource packs.",
                    at.en
                ),
                format!("按目前用量将于 {} 用完，之后恢复按量计费；可在“资源包”页面再买一个。", at.zh),
            )
        }
    };
    Text::new(format!("{} {english}", said.en), format!("{}{chinese}", said.zh))
}

/// `144 hours`, or `1,440 GB·h` where sizes are linear. Source: R-PKG-1.
fn amount(pack: &Pack, units: u128) -> Text {
    let hours = hours(units);
    match pack.spec {
        Some(_) => Text::new(format!("{hours} hours"), format!("{hours} 小时")),
        None => Text::new(format!("{hours} GB·h"), format!("{hours} GB·小时")),
    }
}

/// Hours of so many seconds, with at most two digits behind the point.
fn hours(seconds: u128) -> String {
    let hundredths = i128::try_from(seconds).expect("invariant: a pack counts 64 bits") * 100;
    let rounded = div_half_up(hundredths, 3_600);
    decimal(&print_short(rounded, 2, 0))
}

impl Said {
    /// Title and sentence in one language, on one line.
    pub fn line(&self, language: Language) -> String {
        format!("{} | {}", self.title.get(language), self.sentence.get(language))
    }
}
