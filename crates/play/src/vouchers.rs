//! What verbs of vouchers do, and what their views show.

use super::player::Player;
use super::step::{View, VoucherTerms, VoucherVerb, Vouchers};
use billing::voucher::choose::Choice;
use billing::voucher::code::Lasts;
use billing::voucher::{Modes, Scope, Uses, Voucher, Window};
use desk::vouchers::{self, Chosen, New};
use desk::{Refusal, Tx, accounts, later, promotions};
use std::collections::BTreeMap;
use store::StoreError;
use units::{AccountId, Currency, Money, VoucherId};

/// A year: a voucher without an end lasts so long.
const YEAR_SECONDS: u64 = 365 * 86_400;

impl Player<'_> {
    /// Does what a verb about vouchers says.
    pub(crate) fn voucher(&mut self, verb: &VoucherVerb) -> Result<(), Refusal> {
        let (desk, now) = (&self.desk, self.now);
        match verb {
            VoucherVerb::Issue { account, name, amount, terms } => {
                let (account, currency) = self.of(account)?;
                let face = Money::parse(amount, currency)?;
                let (scope, window) = self.terms(terms, currency)?;
                let new = New { account, name, face, scope: &scope, window, token: name };
                let made = self.store.write(|tx| vouchers::issue(tx, desk.at(now), new))?;
                self.vouchers.insert(name.clone(), (account, made.id));
                Ok(())
            }
            VoucherVerb::TakeBack { name } => {
                let (_, id) = self.voucher_of(name)?;
                self.store.write(|tx| vouchers::withdraw(tx, desk.at(now), id)).map(drop)
            }
            VoucherVerb::Limit { account, count } => {
                let (account, _) = self.of(account)?;
                let change = accounts::Change { vouchers_per_order: Some(*count), ..Default::default() };
                self.store.write(|tx| accounts::change(tx, desk.at(now), account, change)).map(drop)
            }
            VoucherVerb::Code { word, amount, times, days, terms } => {
                let currency = desk.currency(now)?;
                let face = Money::parse(amount, currency)?;
                let (scope, window) = self.terms(terms, currency)?;
                let lasts = days.map_or(Lasts::Until(window.until), Lasts::Days);
                let new =
                    promotions::New { word, name: word, face, scope: &scope, window, lasts, times: *times };
                self.store.write(|tx| promotions::make(tx, desk.at(now), new)).map(drop)
            }
            VoucherVerb::Redeem { account, word, name } => {
                let (account, _) = self.of(account)?;
                let made = self.store.write(|tx| promotions::redeem(tx, desk.at(now), account, word))?;
                self.vouchers.insert(name.clone(), (account, made.id));
                Ok(())
            }
        }
    }

    fn terms(&self, it: &VoucherTerms, currency: Currency) -> Result<(Scope, Window), Refusal> {
        let least = it.min_spend.as_ref().map(|it| Money::parse(it, currency)).transpose()?;
        let scope = Scope {
            products: it.products.clone(),
            regions: it.regions.clone(),
            modes: it.modes.unwrap_or(Modes::Prepaid),
            actions: it.actions.clone(),
            min_spend: least.unwrap_or(Money::zero(currency)),
            most_months: it.most_months,
            uses: it.uses.unwrap_or(Uses::Once),
        };
        let until = it.until.unwrap_or_else(|| later(self.now, YEAR_SECONDS));
        Ok((scope, Window { from: it.from.unwrap_or(self.now), until }))
    }

    pub(crate) fn voucher_of(&self, name: &str) -> Result<(AccountId, VoucherId), Refusal> {
        let found = self.vouchers.get(name).copied();
        found.ok_or_else(|| StoreError::NotFound(format!("voucher {name}")).into())
    }

    /// The vouchers that a line names.
    pub(crate) fn named(&self, of: &Vouchers) -> Result<Vec<VoucherId>, Refusal> {
        match of {
            Vouchers::None | Vouchers::Automatic => Ok(Vec::new()),
            Vouchers::These(names) => names.iter().map(|it| self.voucher_of(it).map(|it| it.1)).collect(),
        }
    }

    /// Chooses vouchers for a purchase that waits for its payment.
    pub(crate) fn choose_vouchers(&mut self, label: &str, of: &Vouchers) -> Result<(), Refusal> {
        let (it, named) = (self.purchase(label)?, self.named(of)?);
        let (desk, now) = (&self.desk, self.now);
        let chosen = Chosen { account: it.account, token: &it.token, choice: choice(of, &named) };
        self.store.write(|tx| vouchers::choose(tx, desk.at(now), chosen)).map(drop)
    }
}

/// What a line says of vouchers, as the desk takes it.
pub(crate) const fn choice<'a>(of: &Vouchers, named: &'a [VoucherId]) -> Choice<'a> {
    match of {
        Vouchers::None => Choice::None,
        Vouchers::Automatic => Choice::Automatic,
        Vouchers::These(_) => Choice::These(named),
    }
}

/// `vouchers ACCOUNT`: `NAME STATE face F held H spent S left L until TIME`, in the order of their names.
pub(crate) fn lines(
    tx: &mut Tx<'_>,
    player: &Player<'_>,
    account: AccountId,
) -> Result<Vec<String>, Refusal> {
    let mut all: Vec<Voucher> =
        store::vouchers::all(tx)?.into_iter().filter(|it| it.account == account).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name).then(one.id.cmp(&other.id)));
    let line = |it: &Voucher| -> Result<String, Refusal> {
        let (state, until) = (it.state_at(player.now).as_str(), player.desk.calendar.print(it.window.until));
        let (face, held, spent, left) = (it.face, it.held, it.spent, it.balance()?);
        Ok(format!("{} {state} face {face} held {held} spent {spent} left {left} until {until}", it.name))
    };
    all.iter().map(line).collect()
}

/// `vouched LABEL`: `ORDER VOUCHER MONEY STATE`, what each voucher pays of each order of a purchase.
pub(crate) fn parts(tx: &mut Tx<'_>, player: &Player<'_>, view: &View) -> Result<Vec<String>, Refusal> {
    let Some(label) = view.args.first() else {
        return Err(Refusal::Sum("a view says of what: name the purchase"));
    };
    let it = player.purchase(label)?;
    let called: BTreeMap<VoucherId, &str> =
        player.vouchers.iter().map(|it| (it.1.1, it.0.as_str())).collect();
    let mut found = Vec::new();
    for read in store::orders::of_batch(tx, it.account, &it.token)? {
        let mut sums: BTreeMap<(&str, &str), Money> = BTreeMap::new();
        for part in store::vouchers::parts_of_order(tx, it.account, read.order.id)? {
            let name = called.get(&part.voucher).copied().unwrap_or("?");
            let sum = sums.entry((name, part.state.as_str())).or_insert(Money::zero(part.money.currency()));
            *sum = sum.checked_add(part.money)?;
        }
        let line = |((name, state), money): ((&str, &str), Money)| {
            format!("{} {name} {money} {state}", read.order.name)
        };
        found.extend(sums.into_iter().map(line));
    }
    Ok(found)
}
