//! What people put right in a scenario: each by the real operation.
//!
//! In:  what was wrong, as a scenario names it. Out: the correction, or its refusal.

use super::player::Player;
use super::step::{Correct, Wrong};
use billing::correction::{Aim, Correction};
use desk::corrections::one_price::{self, Right};
use desk::corrections::{self, Ask};
use desk::{Refusal, books, journal};
use units::{AccountId, Currency, Money};

/// The sender of all readings of scenarios.
const SOURCE: &str = "scenario";

/// Which bill, as a scenario names it, and how much.
struct Named<'a> {
    number: usize,
    line: Option<usize>,
    amount: &'a str,
}

impl Player<'_> {
    /// Makes a correction, as whoever runs the program; of a price as many as there are books that held.
    pub(crate) fn correct(&mut self, it: &Correct) -> Result<(), Refusal> {
        let account = it.account.as_deref().map(|name| self.of(name)).transpose()?;
        let id = it.id.clone().unwrap_or_else(|| format!("correction-{}", self.events + 1));
        let all = match &it.what {
            Wrong::Reading { event, quantity: None } => {
                vec![Correction::Void { source: SOURCE.into(), event: event.clone() }]
            }
            Wrong::Reading { event, quantity: Some(quantity) } => {
                vec![Correction::Replace { source: SOURCE.into(), event: event.clone(), quantity: *quantity }]
            }
            Wrong::Credit { number, line, amount } => {
                vec![Correction::Credit(self.aim(account, Named { number: *number, line: *line, amount })?)]
            }
            Wrong::Debit { number, line, amount } => {
                vec![Correction::Debit(self.aim(account, Named { number: *number, line: *line, amount })?)]
            }
            Wrong::Price { right, from, until } => {
                let currency = right.currency.or(account.map(|it| it.1));
                let currency = currency.map_or_else(|| self.desk.currency(*from), Ok)?;
                let (amendment, account) = (right.amendment(), account.map(|it| it.0));
                let (id, amendment, from, until) = (id.as_str(), amendment.as_str(), *from, *until);
                self.keep(&Right { id, amendment, currency, account, from, until })?
            }
        };
        self.events += 1;
        let ask = |(at, what): (usize, Correction)| Ask {
            id: if at == 0 { id.clone() } else { format!("{id}-{}", at + 1) },
            reason: it.reason.clone(),
            actor: journal::COMMAND_LINE.into(),
            account: account.map(|it| it.0),
            what,
        };
        let asks: Vec<Ask> = all.into_iter().enumerate().map(ask).collect();
        let (desk, now) = (&self.desk, self.now);
        self.store
            .write(|tx| asks.iter().try_for_each(|ask| corrections::make(tx, desk.at(now), ask).map(drop)))
    }

    /// Keeps the books that put one price right, for corrections to name; those that were asked for before are done first.
    fn keep(&mut self, right: &Right<'_>) -> Result<Vec<Correction>, Refusal> {
        let (desk, now) = (&self.desk, self.now);
        let parts = self.store.write(|tx| -> Result<_, Refusal> {
            while corrections::prices::part(tx, desk.at(now))?.is_some() {}
            let parts = one_price::parts(tx, desk, right)?;
            for it in &parts {
                corrections::prices::keep(tx, &it.book)?;
            }
            Ok(parts)
        })?;
        for it in &parts {
            self.desk.books = books::keeping(&self.desk.books, it.book.book.clone());
        }
        Ok(parts.into_iter().map(|it| Correction::Rerate(it.rerate)).collect())
    }

    /// Bill `number` of an account, from 1 on in the order of `show bills`.
    fn aim(&self, account: Option<(AccountId, Currency)>, it: Named<'_>) -> Result<Aim, Refusal> {
        let (account, currency) = account.ok_or_else(|| Refusal::missing("account"))?;
        let bills = self.store.read(|tx| store::bills::of_account(tx, account))?;
        let missing = || Refusal::missing(format!("bill {} of {account}", it.number));
        let bill = it.number.checked_sub(1).and_then(|at| bills.get(at)).ok_or_else(missing)?;
        Ok(Aim { bill: bill.id, line: it.line, total: Money::parse(it.amount, currency)? })
    }
}
