//! What people put right in a scenario: each by the real operation.
//!
//! In:  what was wrong, as a scenario names it. Out: the correction, or its refusal.

use super::player::Player;
use super::step::{Correct, Wrong};
use billing::correction::{Aim, Correction};
use desk::corrections::{self, Ask};
use desk::{Refusal, journal};
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

    /// Bill `number` of an account, from 1 on in the order of `show bills`.
    fn aim(&self, account: Option<(AccountId, Currency)>, it: Named<'_>) -> Result<Aim, Refusal> {
        let (account, currency) = account.ok_or_else(|| Refusal::missing("account"))?;
        let bills = self.store.read(|tx| store::bills::of_account(tx, account))?;
        let missing = || Refusal::missing(format!("bill {} of {account}", it.number));
        let bill = it.number.checked_sub(1).and_then(|at| bills.get(at)).ok_or_else(missing)?;
        Ok(Aim { bill: bill.id, line: it.line, total: Money::parse(it.amount, currency)? })
    }
}
