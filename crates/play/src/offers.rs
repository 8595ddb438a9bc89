//! What verbs of offers do, and what their view shows.

use super::player::Player;
use super::step::Price;
use billing::offer;
use desk::lists::offers::{self as list, Filter};
use desk::offers::{self, New, Own};
use desk::orders::Item;
use desk::page::Part;
use desk::purchases::Pay;
use desk::{Refusal, Tx};
use units::{AccountId, Money, Timestamp};

impl Player<'_> {
    /// An operator makes an offer.
    pub(crate) fn offer(
        &mut self,
        account: &str,
        label: &str,
        until: Timestamp,
        items: &[(Item, Price)],
    ) -> Result<(), Refusal> {
        let (account, currency) = self.of(account)?;
        let price = |it: &Price| -> Result<offer::Price, Refusal> {
            Ok(match it {
                Price::Total(text) => offer::Price::Total(Money::parse(text, currency)?),
                Price::Rate(rate_e8) => offer::Price::Rate(*rate_e8),
            })
        };
        let items: Result<Vec<_>, Refusal> =
            items.iter().map(|it| Ok((it.0.clone(), price(&it.1)?))).collect();
        let items = items?;
        let new = New { account, request: None, items: &items, note: "", until, token: label };
        let (desk, now) = (&self.desk, self.now);
        let made = self.store.write(|tx| offers::make(tx, desk.at(now), new.clone()))?;
        self.offers.insert(label.to_string(), (account, made.id));
        Ok(())
    }

    fn own(&self, label: &str) -> Result<Own, Refusal> {
        let found = self.offers.get(label).copied();
        let (account, id) = found.ok_or_else(|| Refusal::missing(format!("offer {label}")))?;
        Ok(Own { account, id })
    }

    /// The customer accepts; what is ordered is called as the items are.
    pub(crate) fn accept(&mut self, label: &str, pay: Pay) -> Result<(), Refusal> {
        let own = self.own(label)?;
        let (desk, now) = (&self.desk, self.now);
        let done = self.store.write(|tx| offers::accept(tx, desk.at(now), own, pay))?;
        let (offer, orders) = (done.offer, done.orders);
        self.remember(own.account, &offer.token(), &orders, &[]);
        if let Some(purchase) = self.purchases.get(&offer.token()).cloned() {
            self.purchases.insert(label.to_string(), purchase);
        }
        Ok(())
    }

    pub(crate) fn decline(&mut self, label: &str) -> Result<(), Refusal> {
        let (own, desk, now) = (self.own(label)?, &self.desk, self.now);
        self.store.write(|tx| offers::decline(tx, desk.at(now), own, "")).map(drop)
    }

    pub(crate) fn withdraw(&mut self, label: &str) -> Result<(), Refusal> {
        let (own, desk, now) = (self.own(label)?, &self.desk, self.now);
        self.store.write(|tx| offers::withdraw(tx, desk.at(now), own.id, "")).map(drop)
    }
}

/// `LABEL STATE TOTAL of LIST until TIME`, in the order of the labels.
pub(crate) fn lines(
    tx: &mut Tx<'_>,
    player: &Player<'_>,
    account: AccountId,
) -> Result<Vec<String>, Refusal> {
    let at = player.desk.at(player.now);
    let of = Filter { account: Some(account), state: None };
    let found = list::page(tx, at, of, &Part::first(200))?.items;
    let mut lines = Vec::new();
    for (label, (_, id)) in &player.offers {
        let Some(it) = found.iter().find(|it| it.id == *id) else { continue };
        let (state, until) = (it.state_at(player.now).as_str(), player.desk.calendar.print(it.until));
        lines.push(format!("{label} {state} {} of {} until {until}", it.total()?, it.list()?));
    }
    Ok(lines)
}
