//! What verbs of renewals do, and what their view shows.

use super::player::{Player, Purchase};
use super::step::{RenewalVerb, Renewed, View};
use super::vouchers::choice;
use desk::renewals::{self, Choice, Renewal, Wanted};
use desk::{Refusal, Tx, accounts};
use units::{Amount, Money};

impl Player<'_> {
    /// Does what a verb about renewals says.
    pub(crate) fn renewal(&mut self, verb: &RenewalVerb) -> Result<(), Refusal> {
        let (desk, now) = (&self.desk, self.now);
        match verb {
            RenewalVerb::Renew(it) => self.renew(it),
            RenewalVerb::Flag { name, flag } => {
                let (account, resource) = self.resource(name)?;
                let choice = Choice { account, resource, flag: *flag };
                self.store.write(|tx| renewals::choose(tx, desk.at(now), choice)).map(drop)
            }
            RenewalVerb::NoStop { account, days } => {
                let (account, _) = self.of(account)?;
                let change = accounts::Change { no_stop_days: Some(*days), ..Default::default() };
                self.store.write(|tx| accounts::change(tx, desk.at(now), account, change)).map(drop)
            }
            RenewalVerb::Day { account, day } => {
                let (account, _) = self.of(account)?;
                self.store.write(|tx| accounts::fix_day(tx, account, *day)).map(drop)
            }
        }
    }

    fn renew(&mut self, it: &Renewed) -> Result<(), Refusal> {
        let (account, currency) = self.of(&it.account)?;
        let quoted = it.quoted.as_ref().map(|it| Money::parse(it, currency)).transpose()?;
        let wanted = |name: &String| -> Result<Wanted, Refusal> {
            let (_, resource) = self.resource(name)?;
            Ok(Wanted { resource, months: it.months, quoted_minor: quoted.map(Money::minor), from: None })
        };
        let items: Vec<Wanted> = it.names.iter().map(wanted).collect::<Result<_, _>>()?;
        let named = self.named(&it.vouchers)?;
        let vouchers = choice(&it.vouchers, &named);
        let of = Renewal { account, token: &it.label, items: &items, pay: it.pay, vouchers };
        let (desk, now) = (&self.desk, self.now);
        let orders = self.store.write(|tx| renewals::renew(tx, desk.at(now), of))?;
        let orders = orders.iter().map(|it| it.id).collect();
        let purchase = Purchase { account, token: it.label.clone(), orders };
        self.purchases.insert(it.label.clone(), purchase);
        Ok(())
    }
}

/// `renewal NAME [MONTHS]`: `total T list L from TIME to TIME`, then `COMPONENT LIST COST`.
pub(crate) fn lines(tx: &mut Tx<'_>, player: &Player<'_>, view: &View) -> Result<Vec<String>, Refusal> {
    let Some(name) = view.args.first() else {
        return Err(Refusal::Sum("a view says of what: name the resource"));
    };
    let (account, resource) = player.resource(name)?;
    let months = view.args.get(1).map_or(Ok(1), |it| it.parse());
    let months = months.map_err(|_| Refusal::Sum("a renewal is for so many months, like 3"))?;
    let wanted = [Wanted { resource, months, quoted_minor: None, from: None }];
    let found = renewals::quotes(tx, player.desk.at(player.now), account, &wanted)?;
    let mut lines = Vec::new();
    for it in &found {
        let print = |at| player.desk.calendar.print(at);
        let (total, list) = (it.quote.total, it.quote.list);
        lines.push(format!("total {total} list {list} from {} to {}", print(it.from), print(it.to)));
        let amount = |e8: i64| Amount::from_e8(e8.into(), total.currency()).short();
        lines.extend(
            it.quote
                .lines
                .iter()
                .map(|it| format!("{} {} {}", it.component, amount(it.list_e8), amount(it.cost_e8))),
        );
    }
    Ok(lines)
}
