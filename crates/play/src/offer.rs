//! Views of what is on offer: a quote taken apart, a month of it, a pack that it would be, and what may be chosen.
//!
//! In:  the last quote, or a product and what was chosen of it. Out: lines of text, in a stable order.
//! Invariant: they say what the API says of the same.

use super::player::{Player, Quoted};
use super::quantity;
use super::step::View;
use billing::breakdown::{self, Assumed, Breakdown, HOURS, PaidNow, RateFrom};
use billing::choices::{Asked, OptionChoice};
use billing::language::Language;
use billing::tag;
use desk::breakdown::{self as apart, Detailed, Question};
use desk::choices::Chosen;
use desk::{At, Refusal, choices};
use store::{StoreError, Tx, accounts};
use units::Amount;

/// Whether a view is one of these.
pub fn is_of_offer(what: &str) -> bool {
    matches!(what, "breakdown" | "estimate" | "period" | "choices")
}

/// The lines of `view`.
pub fn lines(tx: &mut Tx<'_>, player: &Player<'_>, view: &View) -> Result<Vec<String>, Refusal> {
    if view.what == "choices" {
        return chosen(player, &view.args);
    }
    let Some(quoted) = &player.quote else { return Ok(vec!["no quote".into()]) };
    let assumed = assumed(&view.args)?;
    let detailed = detailed(tx, player.desk.at(player.now), quoted, &assumed)?;
    match view.what.as_str() {
        "breakdown" => Ok(taken_apart(&detailed)),
        "estimate" => Ok(estimate(&detailed)),
        "period" => Ok(vec![period(player, &detailed)]),
        other => Err(StoreError::NotFound(format!("view {other}")).into()),
    }
}

fn detailed(tx: &mut Tx<'_>, at: At<'_>, quoted: &Quoted, assumed: &Assumed) -> Result<Detailed, Refusal> {
    let account = accounts::get(tx, quoted.account)?;
    let items = std::slice::from_ref(&quoted.item);
    let (mut found, _) = apart::detailed(tx, at, Question { account: &account, items, assumed })?;
    found.pop().ok_or_else(|| Refusal::missing("quote"))
}

/// `200 traffic_out=100GB`: hours, and what is reported in them.
fn assumed(args: &[String]) -> Result<Assumed, Refusal> {
    let mut assumed = Assumed { hours: HOURS, ..Assumed::default() };
    for it in args {
        let wrong = || Refusal::Sum("an estimate is asked for like: estimate 720 traffic_out=100GB");
        match it.split_once('=') {
            None => assumed.hours = it.parse().map_err(|_| wrong())?,
            Some((meter, text)) => {
                let quantity = quantity::parse(text).map_err(|_| wrong())?;
                assumed.usage.insert(meter.to_string(), quantity.into());
            }
        }
    }
    Ok(assumed)
}

fn amount(e8: i64, of: &Breakdown) -> String {
    Amount::from_e8(e8.into(), of.currency()).short()
}

/// Every line with what it comes from, then what is free, then what is paid after use.
fn taken_apart(it: &Detailed) -> Vec<String> {
    let of = &it.breakdown;
    let mut found = Vec::new();
    for line in &of.now {
        found.push(paid_now(line, of));
        let priced = line.steps.iter().filter(|it| it.result.is_some());
        found.extend(priced.map(|it| format!("  {}", it.sentence(Language::English))));
    }
    let product = of.plan.product();
    found.extend(of.included.iter().map(|at| format!("free {}", product.components[*at].id)));
    for later in &of.later {
        let (component, item) = (of.component(&later.part), of.item(&later.part));
        found.push(format!(
            "later {} by {} after each {}, rate {}: {}",
            component.id,
            component.meter.as_str(),
            component.due.as_str(),
            breakdown::rate(later.rate_e8),
            tag::in_words(component, item)
        ));
    }
    found
}

fn paid_now(line: &PaidNow, of: &Breakdown) -> String {
    let component = of.component(&line.part);
    let (quantity, unit) = (line.part.quantity, component.quantity.unit);
    let months = match (line.months, line.days) {
        (0, _) => String::new(),
        (months, 0) => format!(" × {months} months"),
        (months, days) => format!(" × {months} months {days} days"),
    };
    let rate = |(from, rate_e8): &(RateFrom, u64)| {
        let rate = breakdown::rate(*rate_e8);
        match from {
            RateFrom::Months { table, .. } => format!(" {table} {rate}"),
            RateFrom::Contract => format!(" contract {rate}"),
            RateFrom::Offer(_) => format!(" offer {rate}"),
        }
    };
    let rates: String = line.rates.iter().map(rate).collect();
    let (list, cost) = (amount(line.list_e8, of), amount(line.cost_e8, of));
    format!("now {} {quantity} {unit}{months} list {list}{rates} cost {cost}", component.id)
}

fn estimate(it: &Detailed) -> Vec<String> {
    let Some(month) = &it.breakdown.month else { return vec!["nothing is paid after use".into()] };
    let id = |at: usize| it.breakdown.plan.product().components[at].id.as_str();
    let cost = |e8: i64| amount(e8, &it.breakdown);
    let mut found = vec![format!("{} h {} for one, {} for all", month.hours, month.piece, month.total)];
    found.extend(month.lines.iter().map(|it| format!("{} {}", id(it.component), cost(it.cost_e8))));
    found.extend(month.left_out.iter().map(|at| format!("without {}", id(*at))));
    found
}

fn period(player: &Player<'_>, it: &Detailed) -> String {
    let Some(pack) = &it.pack else { return "no pack".into() };
    let time = |at| player.desk.calendar.print(at);
    let empty =
        pack.empty.map_or_else(|| "something is left at the end".into(), |it| format!("empty {}", time(it)));
    let back = if pack.looks_back { " looks back" } else { "" };
    format!("from {} to {}{back} {empty}", time(pack.period.effective), time(pack.period.expires))
}

/// `choices PRODUCT name=value …`: each option with what is free to choose, then what is not and why.
fn chosen(player: &Player<'_>, args: &[String]) -> Result<Vec<String>, Refusal> {
    let Some((product, options)) = args.split_first() else {
        return Err(Refusal::Sum("choices are those of a product: name it"));
    };
    let it = choices::of(
        player.desk.at(player.now),
        player.desk.currency(player.now)?,
        product,
        &options.join(" "),
    )?;
    let mut found: Vec<String> =
        it.choices.options.iter().flat_map(|option| option_lines(&it, option)).collect();
    for months in it.choices.months.iter().filter(|it| it.barred.is_some()) {
        found.extend(months.barred.as_ref().map(|barred| {
            let text = barred.sentence(it.offer.book, it.offer.product);
            format!("  months {}: {} {}", months.months, text.en, text.zh)
        }));
    }
    Ok(found)
}

fn option_lines(it: &Chosen<'_>, option: &OptionChoice) -> Vec<String> {
    if option.asked != Asked::Yes {
        return vec![format!("{} is not asked for", option.option)];
    }
    let free = option.values.iter().filter(|it| it.barred.is_none()).map(|it| it.value.as_str());
    let free: Vec<&str> = free.collect();
    let value = option.value.as_deref().unwrap_or("-");
    let mut found = vec![format!("{} {value} of {}", option.option, free.join(" ")).trim_end().to_string()];
    for value in option.values.iter().chain(&option.refused) {
        found.extend(value.barred.as_ref().map(|barred| {
            let text = barred.sentence(it.offer.book, it.offer.product);
            format!("  {}: {} {}", value.value, text.en, text.zh)
        }));
    }
    found
}
