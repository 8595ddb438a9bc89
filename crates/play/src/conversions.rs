//! What the verbs of conversions do, and what their views show.

use super::player::{Player, Purchase};
use super::step::{Converted, View};
use super::vouchers::choice;
use billing::resource::raise::Raise;
use desk::by_use;
use desk::conversions::{self, Conversion, Wanted};
use desk::resources::Own;
use desk::{Refusal, Tx};
use units::{Amount, Money};

impl Player<'_> {
    /// Orders that something is prepaid.
    pub(crate) fn convert(&mut self, it: &Converted) -> Result<(), Refusal> {
        let (account, currency) = self.of(&it.account)?;
        let (_, id) = self.resource(&it.name)?;
        let quoted = it.quoted.as_ref().map(|it| Money::parse(it, currency)).transpose()?;
        let quoted_minor = quoted.map(Money::minor);
        let wanted = Wanted { own: Own { account, id }, months: it.months, quoted_minor };
        let named = self.named(&it.vouchers)?;
        let vouchers = choice(&it.vouchers, &named);
        let of = Conversion { wanted, token: &it.label, pay: it.pay, vouchers };
        let (desk, now) = (&self.desk, self.now);
        let order = self.store.write(|tx| conversions::convert(tx, desk.at(now), of))?;
        let purchase = Purchase { account, token: it.label.clone(), orders: vec![order.id] };
        self.purchases.insert(it.label.clone(), purchase);
        Ok(())
    }

    /// Makes something prepaid paid by use; `by`: who asks, where that is not its owner.
    pub(crate) fn by_use(
        &mut self,
        name: &str,
        least: Option<&str>,
        by: Option<&str>,
    ) -> Result<(), Refusal> {
        let (owner, id) = self.resource(name)?;
        let account = by.map_or(Ok(owner), |it| self.of(it).map(|it| it.0))?;
        let currency =
            self.store.read(|tx| store::accounts::get(tx, account).map_err(Refusal::from))?.currency;
        let least = least.map(|it| Money::parse(it, currency)).transpose()?;
        let (desk, now) = (&self.desk, self.now);
        let wanted = by_use::Wanted { own: Own { account, id }, least };
        self.store.write(|tx| by_use::convert(tx, desk.at(now), wanted)).map(drop)
    }
}

/// `conversion NAME [MONTHS]`: `total T list L until TIME frees F`, then `COMPONENT LIST COST`.
pub(crate) fn lines(tx: &mut Tx<'_>, player: &Player<'_>, view: &View) -> Result<Vec<String>, Refusal> {
    let Some(name) = view.args.first() else {
        return Err(Refusal::Sum("a view says of what: name the resource"));
    };
    let (account, id) = player.resource(name)?;
    let months = view.args.get(1).map_or(Ok(1), |it| it.parse());
    let months = months.map_err(|_| Refusal::Sum("it is paid ahead for so many months, like 3"))?;
    let wanted = Wanted { own: Own { account, id }, months, quoted_minor: None };
    let found = conversions::quote(tx, player.desk.at(player.now), wanted)?;
    let (total, list) = (found.quote.total, found.quote.list);
    let until = player.desk.calendar.print(found.until);
    let amount = |e8: i64| Amount::from_e8(e8.into(), total.currency()).short();
    let line = found.quote.lines.iter();
    let line = line.map(|it| format!("{} {} {}", it.component, amount(it.list_e8), amount(it.cost_e8)));
    let first = format!("total {total} list {list} until {until} frees {}", found.freed);
    Ok([first].into_iter().chain(line).collect())
}

/// `byuse NAME`: `total T of PAID months M seconds S to bonus B cash C holds H day D`, then `COMPONENT COST`, then `ends OPTION VALUE` for raises.
pub(crate) fn back(tx: &mut Tx<'_>, player: &Player<'_>, view: &View) -> Result<Vec<String>, Refusal> {
    let Some(name) = view.args.first() else {
        return Err(Refusal::Sum("a view says of what: name the resource"));
    };
    let (account, id) = player.resource(name)?;
    let it = by_use::quote(tx, player.desk.at(player.now), Own { account, id })?;
    let (refund, [bonus, cash, income]) = (&it.refund, it.back.purses().kinds());
    let (total, paid, cash) = (refund.total, refund.paid.total(), cash.checked_add(income)?);
    let (months, seconds, held, day) = (refund.months, refund.seconds, it.held, it.a_day.short());
    let first = format!(
        "total {total} of {paid} months {months} seconds {seconds} to bonus {bonus} cash {cash} holds {held} day {day}"
    );
    let amount = |e8: i64| Amount::from_e8(e8.into(), refund.currency()).short();
    let line = refund.lines.iter().map(|it| format!("{} {}", it.component, amount(it.cost_e8)));
    let end = |raise: &Raise| format!("ends {} {}", raise.option, raise.value);
    let ends = it.resource.raises.iter().map(end);
    Ok([first].into_iter().chain(line).chain(ends).collect())
}
