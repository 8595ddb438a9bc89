//! What verbs of changes do, and what their view shows.

use super::player::{Player, Purchase};
use super::step::{Changed, View};
use super::vouchers::choice;
use super::words::take;
use billing::change::ChangeError;
use billing::raise;
use billing::resource::raise::Days;
use desk::changes::{self, Change, Ordered, Proposal, Wanted, Way};
use desk::downgrades::Lowered;
use desk::resources::Own;
use desk::{Refusal, Tx};
use units::{Amount, Currency, Money, MoneyError};

impl Player<'_> {
    /// Changes something at once. What is to be paid for it is refused.
    pub(crate) fn resize(&mut self, name: &str, pairs: &[(String, String)]) -> Result<(), Refusal> {
        let (account, id) = self.resource(name)?;
        let (desk, now) = (&self.desk, self.now);
        self.store.write(|tx| changes::resize(tx, desk.at(now), Own { account, id }, pairs)).map(drop)
    }

    /// The days of a raise, where any are named.
    fn days(&self, [from, until]: &[Option<String>; 2]) -> Result<Option<Days>, Refusal> {
        let found = raise::days(from.as_deref(), until.as_deref(), &self.desk.calendar);
        Ok(found.map_err(ChangeError::from)?)
    }

    /// Changes something, by an order where it costs anything.
    pub(crate) fn change(&mut self, it: &Changed) -> Result<(), Refusal> {
        let (account, currency) = self.of(&it.account)?;
        let (_, id) = self.resource(&it.name)?;
        let quoted_minor = it.quoted.as_ref().map(|it| signed_minor(it, currency)).transpose()?;
        let days = self.days(&it.days)?;
        let wanted = Wanted { own: Own { account, id }, options: &it.pairs, quoted_minor, days };
        let named = self.named(&it.vouchers)?;
        let vouchers = choice(&it.vouchers, &named);
        let of = Change { wanted, token: &it.label, pay: it.pay, vouchers };
        let (desk, now) = (&self.desk, self.now);
        let done = self.store.write(|tx| changes::change(tx, desk.at(now), of))?;
        if let Some(order) = done.order {
            let purchase = Purchase { account, token: it.label.clone(), orders: vec![order.id] };
            self.purchases.insert(it.label.clone(), purchase);
        }
        Ok(())
    }
}

/// A sum that may lie below zero, in minor units.
fn signed_minor(text: &str, currency: Currency) -> Result<i64, MoneyError> {
    match text.strip_prefix('-') {
        Some(text) => Ok(-Money::parse(text, currency)?.minor()),
        None => Ok(Money::parse(text, currency)?.minor()),
    }
}

/// `total -T value V cost C counted P until TIME`, then `COMPONENT COST`.
fn lowered_lines(player: &Player<'_>, it: &Lowered) -> Result<Vec<String>, Refusal> {
    let (found, until) = (&it.found, player.desk.calendar.print(it.until));
    let (total, value, cost) = (found.total.checked_neg()?, found.value.total, found.cost);
    let counted = found.counted.total();
    let mut lines = vec![format!("total {total} value {value} cost {cost} counted {counted} until {until}")];
    let amount = |e8: i64| Amount::from_e8(e8.into(), total.currency()).short();
    lines.extend(found.lines.iter().map(|it| format!("{} {}", it.component, amount(it.cost_e8))));
    Ok(lines)
}

/// `change NAME name=value …`: `total T list L for N days [from TIME] until TIME`, then `COMPONENT LIST RATE COST`; `at once`; or what goes back.
pub(crate) fn lines(tx: &mut Tx<'_>, player: &Player<'_>, view: &View) -> Result<Vec<String>, Refusal> {
    let Some((name, pairs)) = view.args.split_first() else {
        return Err(Refusal::Sum("a view says of what: name the resource"));
    };
    let pair = |it: &String| it.split_once('=').map(|it| (it.0.to_string(), it.1.to_string()));
    let pairs: Option<Vec<(String, String)>> = pairs.iter().map(pair).collect();
    let mut pairs = pairs.ok_or(Refusal::Sum("a change says what is to be another, like size=20"))?;
    let days = player.days(&["from", "until"].map(|it| take(&mut pairs, it)))?;
    let (account, id) = player.resource(name)?;
    let wanted = Wanted { own: Own { account, id }, options: &pairs, quoted_minor: None, days };
    let Proposal { way, .. } = changes::quote(tx, player.desk.at(player.now), wanted)?;
    let Ordered { quote, until, raise } = match way {
        Way::AtOnce(_) => return Ok(vec!["at once".to_string()]),
        Way::Lower(lowered) => return lowered_lines(player, &lowered),
        Way::Order(ordered) => *ordered,
    };
    let until = player.desk.calendar.print(until);
    let (total, list, days) = (quote.total, quote.list, quote.days);
    let from = raise.map(|it| format!(" from {}", player.desk.calendar.print(it.from))).unwrap_or_default();
    let mut lines = vec![format!("total {total} list {list} for {days} days{from} until {until}")];
    let amount = |e8: i64| Amount::from_e8(e8.into(), total.currency()).short();
    let rate = |e8: u64| units::decimal::print_short(e8.into(), 8, 2);
    lines.extend(quote.lines.iter().map(|it| {
        format!("{} {} {} {}", it.component, amount(it.list_e8), rate(it.rate_e8), amount(it.cost_e8))
    }));
    Ok(lines)
}
