//! The scenario language: text into steps.
//!
//! In:  a file's name and text. Out: a scenario, or every mistake with its line and a remedy.
//! Invariant: a scenario with a mistake is not played at all; time never runs backwards.

mod budget;
mod cards;
mod changes;
mod contracts;
mod conversions;
mod correct;
mod currency;
mod items;
mod offer;
mod proposals;
mod refunds;
mod renewals;
mod vouchers;

use self::currency::currency;
use self::items::{duration, items};
use super::quantity;
use super::step::{CloudRule, Expected, Mistake, Reprice, Scenario, Step, Use, Verb, View};
use super::words::{Words, Wrong, no_more, only, take, wrong};
use units::{Calendar, Timestamp};

const VERBS: &str = "account, topup, quote, order, buy, pay, payfirst, card, paycard, cardtopup, prove, cancel, cloud, deliver, fail, stop, start, release, resize, change, convert, byuse, \
                     renew, renewal, expiryday, nostop, refund, voucher, takeback, voucherlimit, code, redeem, service, project, tag, costtags, budget, offer, accept, decline, withdraw, use, traffic, attack, forward, reprice, contract, endcontract, credit, commit, propose, proposal, correct, settle, retry, show, expect";

/// The first book that a scenario names at its top, if it names one: its zone, which all books share, is that of the times of the scenario.
pub fn book(text: &str) -> Option<&str> {
    let lines = text.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#'));
    let mut head = lines.take_while(|it| it.starts_with("book "));
    head.find_map(|it| it.strip_prefix("book ")).map(str::trim)
}

/// Reads a scenario. Times without a zone are those of `calendar`, which is that of its book. Source: R-TIM-10.
///
/// Errors: every mistake that it has.
pub fn parse(file: &str, text: &str, calendar: &Calendar) -> Result<Scenario, Vec<Mistake>> {
    let mut scenario =
        Scenario { file: file.to_string(), title: Vec::new(), books: Vec::new(), steps: Vec::new() };
    let mut mistakes = Vec::new();
    let mut clock: Option<Timestamp> = None;
    let (mut block, mut good) = (false, true);
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (line, raw) in (1..).zip(text.lines()) {
        let trimmed = raw.trim();
        if let Some(comment) = trimmed.strip_prefix('#') {
            if scenario.steps.is_empty() && scenario.books.is_empty() {
                scenario.title.push(comment.trim().to_string());
            }
            continue;
        }
        if trimmed.is_empty() {
            continue;
        }
        block &= raw.starts_with([' ', '\t']);
        if block && !good {
            // The lines under an `expect` that cannot be read are left out: the mistake is told once.
            continue;
        }
        let read = if block {
            continued(&mut scenario, trimmed)
        } else {
            one(&mut scenario, line, trimmed, calendar, &mut clock)
        };
        // Under an `expect` that ends with `:`, indented lines are what is expected.
        if !block && expects_a_block(trimmed) {
            (block, good) = (true, read.is_ok());
        }
        if let Err((what, remedy)) = read {
            mistakes.push(Mistake { file: file.to_string(), line, what, remedy });
        }
    }
    if scenario.steps.is_empty() && mistakes.is_empty() {
        let (what, remedy) =
            ("the scenario has no step".to_string(), "Begin it like: 2026-05-01 account acme".to_string());
        mistakes.push(Mistake { file: file.to_string(), line: 1, what, remedy });
    }
    if mistakes.is_empty() { Ok(scenario) } else { Err(mistakes) }
}

/// Whether the line, behind its time, is an `expect` with nothing behind its `:`.
fn expects_a_block(text: &str) -> bool {
    let plain = |it: &str| it.starts_with(|it: char| it.is_ascii_digit() || it == '+');
    let verb = text.split_whitespace().find(|it| !plain(it));
    verb == Some("expect") && text.ends_with(':')
}

/// An indented line belongs to the `expect` above it.
fn continued(scenario: &mut Scenario, text: &str) -> Result<(), Wrong> {
    match scenario.steps.last_mut().map(|it| &mut it.verb) {
        Some(Verb::Expect(Expected::Lines { lines, .. })) => {
            lines.push(words(text).join(" "));
            Ok(())
        }
        _ => wrong(
            "an indented line stands under no `expect`",
            "Begin it at the left, or put an `expect … :` above",
        ),
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_string).collect()
}

fn one(
    scenario: &mut Scenario,
    line: usize,
    text: &str,
    calendar: &Calendar,
    clock: &mut Option<Timestamp>,
) -> Result<(), Wrong> {
    if let Some(name) = text.strip_prefix("book ") {
        if !scenario.steps.is_empty() {
            return wrong("`book` stands behind the first step", "Put it at the top");
        }
        scenario.books.push(name.trim().to_string());
        return Ok(());
    }
    let (at, rest) = time(text, calendar, *clock)?;
    if clock.is_some_and(|it| at < it) {
        let before = clock.map_or_else(String::new, |it| calendar.print(it));
        return wrong(format!("time runs backwards, to before {before}"), "Put the lines in order of time");
    }
    *clock = Some(at);
    let verb = verb(rest, calendar)?;
    scenario.steps.push(Step { line, text: rest.to_string(), at, verb });
    Ok(())
}

/// The time in front of a line: `2026-05-05`, `2026-05-05 12:30:30`, `+3m20s`, or none for the same as before.
fn time<'a>(
    text: &'a str,
    calendar: &Calendar,
    clock: Option<Timestamp>,
) -> Result<(Timestamp, &'a str), Wrong> {
    let none = || ("the first step has no time".to_string(), "Begin it like 2026-05-05 12:30:30".to_string());
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim_start();
    if let Some(span) = first.strip_prefix('+') {
        let seconds = quantity::seconds(span).map_err(|what| (what, "Write it like +3m20s".to_string()))?;
        return Ok((desk::later(clock.ok_or_else(none)?, seconds), rest));
    }
    if !first.starts_with(|it: char| it.is_ascii_digit()) {
        return Ok((clock.ok_or_else(none)?, text));
    }
    let (second, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let with_clock = second.contains(':') && second.starts_with(|it: char| it.is_ascii_digit());
    let (stamp, rest) = if with_clock {
        (format!("{first} {second}"), after.trim_start())
    } else {
        (first.to_string(), rest)
    };
    let at = calendar.parse(&stamp).map_err(|_| not_a_time(&stamp))?;
    let years = at.as_second();
    if !(0..=7_258_118_400).contains(&years) {
        return wrong(format!("`{stamp}` is outside 1970 to 2200"), "Write a year in between");
    }
    Ok((at, rest))
}

fn not_a_time(text: &str) -> Wrong {
    let text: String = text.chars().take(40).collect();
    (format!("`{text}` is not a time"), "Write it like 2026-05-05 12:30:30".to_string())
}

fn verb(text: &str, calendar: &Calendar) -> Result<Verb, Wrong> {
    let mut it = Words { list: words(text).into() };
    let word = it.next("its verb", "buy acme web server charge=payg region=guangzhou type=S1.SMALL1")?;
    match word.as_str() {
        "account" => {
            let like = "account acme verified=no contract=0.9";
            let name = it.next("the name of the account", like)?;
            Ok(Verb::Account {
                name,
                pairs: only(it.pairs(like)?, &["currency", "contract", "verified", "alert"])?,
            })
        }
        "topup" => {
            let like = "topup acme 100.00 to=bonus ref=bank-17";
            let (account, amount) = (it.next("the account", like)?, it.next("the amount", like)?);
            Ok(Verb::TopUp { account, amount, pairs: only(it.pairs(like)?, &["to", "ref"])? })
        }
        "quote" => {
            let account = it.next("the account", "quote acme server charge=payg …")?;
            Ok(Verb::Quote { account, items: items(&mut it, "quote")?.0 })
        }
        "order" | "buy" => {
            let like = "buy acme web server charge=prepaid region=guangzhou type=S1.SMALL1 months=12";
            let (account, label) =
                (it.next("the account", like)?, it.next("a name for what is bought", like)?);
            let vouchers = vouchers::chosen(&mut it)?.unwrap_or_default();
            let (items, cloud) = items(&mut it, &label)?;
            Ok(if word == "buy" {
                Verb::Buy { account, label, items, cloud, vouchers }
            } else {
                Verb::Order { account, label, items, cloud, vouchers }
            })
        }
        "cloud" => cloud(&mut it),
        "release" => release(&mut it),
        "resize" => changes::resize(&mut it),
        "card" | "paycard" | "cardtopup" | "prove" => cards::verb(&word, &mut it),
        "change" => changes::verb(&mut it),
        "convert" => conversions::verb(&mut it),
        "byuse" => conversions::by_use(&mut it),
        "renew" | "renewal" | "expiryday" | "nostop" | "refund" => renewals::verb(&word, &mut it),
        "voucher" | "takeback" | "voucherlimit" | "code" | "redeem" => {
            vouchers::verb(&word, &mut it, calendar)
        }
        "service" => service(&mut it),
        "offer" => offer::verb(&mut it, calendar),
        "accept" | "decline" | "withdraw" => offer::step(&word, &mut it),
        "project" | "tag" | "costtags" => budget::labels(&word, &mut it),
        "budget" => budget::verb(&mut it).map(Verb::Budget),
        "use" | "traffic" | "attack" | "forward" => usage(&word, &mut it, calendar),
        "reprice" => reprice(&mut it).map(Verb::Reprice),
        "propose" | "proposal" => proposals::verb(&word, &mut it, calendar),
        "contract" | "endcontract" | "commit" => {
            contracts::verb(&word, &mut it, calendar).map(Verb::Contract)
        }
        "credit" => contracts::credit(&mut it),
        "correct" => correct::verb(&mut it, calendar).map(Verb::Correct),
        "settle" => settle(&mut it),
        "retry" => it.end("retry").map(|()| Verb::Retry),
        "show" => {
            let what = it.next("what to show", "show bills acme 2026-05")?;
            Ok(Verb::Show(known(View { what, args: it.list.drain(..).collect() })?))
        }
        "expect" => expect(text),
        other => named(other, &mut it),
    }
}

/// `release NAME`, and how long it takes.
fn release(it: &mut Words) -> Result<Verb, Wrong> {
    let like = "release c1 done=10s";
    let name = it.next("the name of the resource", like)?;
    let mut pairs = it.pairs(like)?;
    let done = take(&mut pairs, "done");
    no_more(&pairs, like)?;
    Ok(Verb::Release { name, done_seconds: done.map(|it| duration(&it)).transpose()? })
}

/// `reprice PRODUCT COMPONENT AMOUNT`, and what chooses the price.
fn reprice(it: &mut Words) -> Result<Reprice, Wrong> {
    let like = "reprice container compute 0.20 spec=1U1G";
    let (product, component) = (it.next("the product", like)?, it.next("the component", like)?);
    let amount = it.next("the new price", like)?;
    let mut pairs = it.pairs(like)?;
    let above = take(&mut pairs, "above").map(|it| quantity::spaced(&it));
    let currency = currency(&mut pairs)?;
    Ok(Reprice { product, component, amount, above, pairs, currency })
}

/// Verbs that take one name.
fn named(word: &str, it: &mut Words) -> Result<Verb, Wrong> {
    let like = format!("{word} web");
    let name = match word {
        "pay" | "payfirst" | "cancel" | "deliver" | "fail" | "stop" | "start" => it.next("a name", &like)?,
        other => {
            return wrong(
                format!("`{}` is not a verb", other.chars().take(40).collect::<String>()),
                format!("Verbs are: {VERBS}"),
            );
        }
    };
    let verb = match word {
        "pay" => Verb::Pay { label: name, vouchers: vouchers::chosen(it)? },
        "payfirst" => Verb::PayFirst { label: name },
        "cancel" => Verb::Cancel { label: name },
        "deliver" => Verb::Deliver { name },
        "fail" => Verb::Fail { name },
        "start" => Verb::Start { name },
        _ if it.list.front().is_some_and(|it| it == "free") => {
            it.list.pop_front();
            Verb::StopFree { name }
        }
        _ => Verb::Stop { name },
    };
    it.end(&like)?;
    Ok(verb)
}

fn cloud(it: &mut Words) -> Result<Verb, Wrong> {
    let like = "cloud delay=200s, cloud delay=product, cloud manual or cloud release=10s";
    let word = it.next("what the cloud does", like)?;
    it.end(like)?;
    let rule = match word.split_once('=') {
        None if word == "manual" => CloudRule::Manual,
        Some(("delay", "product")) => CloudRule::AsProduct,
        Some(("delay", text)) => CloudRule::Delay(duration(text)?),
        Some(("release", text)) => CloudRule::ReleaseDelay(duration(text)?),
        _ => return wrong(format!("`{word}` is not known here"), format!("Write it like: {like}")),
    };
    Ok(Verb::Cloud(rule))
}

/// `settle`, or `settle delay=10m`: from now on cycles close so long after their end.
fn settle(it: &mut Words) -> Result<Verb, Wrong> {
    let like = "settle, or settle delay=10m";
    let mut pairs = it.pairs(like)?;
    let delay = take(&mut pairs, "delay").map(|it| duration(&it)).transpose()?;
    no_more(&pairs, like)?;
    Ok(delay.map_or(Verb::Settle, |it| Verb::Cloud(CloudRule::SettlementDelay(it))))
}

fn service(it: &mut Words) -> Result<Verb, Wrong> {
    let like = "service acme shop stop, service acme shop start delay=40s";
    let (account, service) = (it.next("the account", like)?, it.next("the service", like)?);
    let word = it.next("stop or start", like)?;
    let mut pairs = it.pairs(like)?;
    let delay_seconds = take(&mut pairs, "delay").map(|it| duration(&it)).transpose()?;
    no_more(&pairs, like)?;
    match word.as_str() {
        "stop" => Ok(Verb::ServiceStop { account, service }),
        "start" => Ok(Verb::ServiceStart { account, service, delay_seconds }),
        other => wrong(format!("a service does not `{other}`"), format!("Write it like: {like}")),
    }
}

/// `use NAME METER QUANTITY`, or one of its short forms.
fn usage(word: &str, it: &mut Words, calendar: &Calendar) -> Result<Verb, Wrong> {
    let like = match word {
        "traffic" => "traffic web out 2GB",
        "attack" => "attack ip1 45Gbps ip=10.0.0.1",
        "forward" => "forward ip1 130Mbps for=5m",
        _ => "use web traffic_out 2GB id=e1 at=2026-05-05T12:00:00",
    };
    let name = it.next("the name of the resource", like)?;
    let meter = match word {
        "traffic" => match it.next("in or out", like)?.as_str() {
            "in" => "traffic_in".to_string(),
            "out" => "traffic_out".to_string(),
            other => {
                return wrong(
                    format!("traffic goes in or out, not `{other}`"),
                    format!("Write it like: {like}"),
                );
            }
        },
        "attack" | "forward" => word.to_string(),
        _ => it.next("the meter", like)?,
    };
    let text = it.next("the quantity", like)?;
    let quantity =
        quantity::parse(&text).map_err(|what| (what, "Write it like 2GB, 45.5Gbps or 1000".to_string()))?;
    let mut pairs = it.pairs(like)?;
    let at = take(&mut pairs, "at").map(|it| calendar.parse(&it)).transpose();
    let at = at.map_err(|error| (error.to_string(), "Write it like at=2026-05-05T12:00:00".to_string()))?;
    let for_seconds = take(&mut pairs, "for").map(|it| duration(&it)).transpose()?;
    let key = take(&mut pairs, "ip").or_else(|| take(&mut pairs, "key")).unwrap_or_default();
    let event = take(&mut pairs, "id");
    no_more(&pairs, like)?;
    Ok(Verb::Use(Use { name, usage: meter, quantity, at, for_seconds, key, event }))
}

/// `expect ok`, `expect refused CODE`, `expect VIEW ARGS: line`, or a block of lines under `expect VIEW ARGS:`.
fn expect(text: &str) -> Result<Verb, Wrong> {
    let rest = text.strip_prefix("expect").unwrap_or("").trim();
    if rest == "ok" {
        return Ok(Verb::Expect(Expected::Ok));
    }
    if let Some(code) = rest.strip_prefix("refused ") {
        return Ok(Verb::Expect(Expected::Refused { code: code.trim().to_string() }));
    }
    let like = "expect balance acme: 97.17, or `expect bills acme:` with indented lines below";
    let (head, line) = match rest.split_once(": ") {
        Some((head, line)) => (head, Some(words(line).join(" "))),
        None => match rest.strip_suffix(':') {
            Some(head) => (head, None),
            None => {
                return wrong("an `expect` says what to look at, then `:`", format!("Write it like: {like}"));
            }
        },
    };
    let mut list = words(head);
    if list.is_empty() {
        return wrong("an `expect` says what to look at", format!("Write it like: {like}"));
    }
    let view = known(View { what: list.remove(0), args: list })?;
    Ok(Verb::Expect(Expected::Lines { view, lines: line.into_iter().collect() }))
}

/// What can be shown and expected.
pub const VIEWS: [&str; 44] = [
    "balance",
    "wallet",
    "bills",
    "lines",
    "months",
    "packs",
    "resource",
    "resources",
    "life",
    "history",
    "ahead",
    "forecast",
    "orders",
    "payments",
    "notices",
    "texts",
    "movements",
    "quote",
    "breakdown",
    "estimate",
    "period",
    "choices",
    "option",
    "outcome",
    "quarantine",
    "explain",
    "statement",
    "corrections",
    "budgets",
    "offers",
    "renewal",
    "refund",
    "refunds",
    "change",
    "conversion",
    "byuse",
    "vouchers",
    "vouched",
    "impact",
    "contracts",
    "proposal",
    "costs",
    "credit",
    "commitment",
];

fn known(view: View) -> Result<View, Wrong> {
    if VIEWS.contains(&view.what.as_str()) {
        return Ok(view);
    }
    wrong(format!("there is no view `{}`", view.what), format!("Views are: {}", VIEWS.join(", ")))
}
