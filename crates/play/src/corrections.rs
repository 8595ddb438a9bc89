//! What people put right in a scenario: each by the real operation.
//!
//! In:  what was wrong, as a scenario names it. Out: the correction, or its refusal.

use super::player::Player;
use super::step::{Correct, Reprice, Wrong};
use billing::correction::{Aim, Correction, Rerate};
use desk::corrections::{self, Ask};
use desk::{Refusal, books, journal};
use units::{AccountId, BookId, Currency, Money, Timestamp};

/// The sender of all readings of scenarios.
const SOURCE: &str = "scenario";

/// Which bill, as a scenario names it, and how much.
struct Named<'a> {
    number: usize,
    line: Option<usize>,
    amount: &'a str,
}

impl Player<'_> {
    /// Makes a correction, as whoever runs the program.
    pub(crate) fn correct(&mut self, it: &Correct) -> Result<(), Refusal> {
        let account = it.account.as_deref().map(|name| self.of(name)).transpose()?;
        let what = match &it.what {
            Wrong::Reading { event, quantity: None } => {
                Correction::Void { source: SOURCE.into(), event: event.clone() }
            }
            Wrong::Reading { event, quantity: Some(quantity) } => {
                Correction::Replace { source: SOURCE.into(), event: event.clone(), quantity: *quantity }
            }
            Wrong::Credit { number, line, amount } => {
                Correction::Credit(self.aim(account, Named { number: *number, line: *line, amount })?)
            }
            Wrong::Debit { number, line, amount } => {
                Correction::Debit(self.aim(account, Named { number: *number, line: *line, amount })?)
            }
            Wrong::Price { right, from, until } => {
                let owner = account.map(|it: (AccountId, Currency)| it.1);
                let book = self.keep(right, *from, owner)?;
                let account = account.map(|it| it.0);
                Correction::Rerate(Rerate { book, account, from: *from, until: *until })
            }
        };
        self.events += 1;
        let ask = Ask {
            id: it.id.clone().unwrap_or_else(|| format!("correction-{}", self.events)),
            reason: it.reason.clone(),
            actor: journal::COMMAND_LINE.into(),
            account: account.map(|it| it.0),
            what,
        };
        let (desk, now) = (&self.desk, self.now);
        self.store.write(|tx| corrections::make(tx, desk.at(now), &ask)).map(drop)
    }

    /// Keeps the book that held at `from`, with the right price, for the correction to name.
    fn keep(&mut self, right: &Reprice, from: Timestamp, owner: Option<Currency>) -> Result<BookId, Refusal> {
        let (desk, amendment) = (&self.desk, right.amendment());
        let (id, book) = self.store.write(|tx| -> Result<_, Refusal> {
            let currency = right.currency.or(owner).map_or_else(|| desk.currency(from), Ok)?;
            let prepared = books::amended(tx, desk.book(currency, from)?, from, &amendment)?;
            Ok((corrections::prices::keep(tx, &prepared)?, prepared.book))
        })?;
        self.desk.books = books::keeping(&self.desk.books, book);
        Ok(id)
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
