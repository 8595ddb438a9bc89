//! What verbs of contract prices do, and what their view shows.

use super::player::Player;
use super::step::{Commit, Contract, Reprice};
use desk::contract_prices::{self, Named, New};
use desk::{Refusal, Tx, books, commitments, credit_lines};
use units::{AccountId, Money, Timestamp};

/// Why a scenario agrees on anything.
const REASON: &str = "scenario";

impl Player<'_> {
    /// Does what a verb about contract prices says; the desk sees it from then on.
    pub(crate) fn contract(&mut self, verb: &Contract) -> Result<(), Refusal> {
        match verb {
            Contract::Agree { account, id, price, from, until } => {
                let (account, _) = self.of(account)?;
                self.agree(Named { account, id }, price, (*from, *until))?;
            }
            Contract::End { account, id, until } => {
                let (account, _) = self.of(account)?;
                let at = self.desk.at(self.now);
                let named = Named { account, id };
                self.store.write(|tx| contract_prices::end(tx, at, named, *until))?;
            }
            Contract::Commit(it) => self.commit(it)?,
        }
        self.desk.books = self.store.read(|tx| books::all(tx, &self.desk.books))?;
        Ok(())
    }

    /// Agrees how much an account may owe.
    pub(crate) fn credit(&mut self, account: &str, limit: &str, day: Option<u8>) -> Result<(), Refusal> {
        let (account, currency) = self.of(account)?;
        let new = credit_lines::New { account, limit: Money::parse(limit, currency)?, day, reason: REASON };
        let (desk, now) = (&self.desk, self.now);
        self.store.write(|tx| credit_lines::set(tx, desk.at(now), new)).map(drop)
    }

    /// Agrees what an account is to spend in each month.
    fn commit(&self, it: &Commit) -> Result<(), Refusal> {
        let (account, currency) = self.of(&it.account)?;
        let (from, until) = (it.from.as_deref(), it.until.as_deref());
        let amount = Money::parse(&it.amount, currency)?;
        let new = commitments::New { account, amount, from, until, reason: REASON };
        let (desk, now) = (&self.desk, self.now);
        self.store.write(|tx| commitments::set(tx, desk.at(now), new)).map(drop)
    }

    fn agree(
        &self,
        named: Named<'_>,
        price: &Reprice,
        (from, until): (Option<Timestamp>, Option<Timestamp>),
    ) -> Result<(), Refusal> {
        let new = New {
            account: named.account,
            id: named.id,
            product: &price.product,
            component: &price.component,
            when: price.pairs.iter().map(|it| (it.0.clone(), vec![it.1.clone()])).collect(),
            above: price.above.as_deref(),
            amount: &price.amount,
            from,
            until,
            reason: REASON,
        };
        let at = self.desk.at(self.now);
        self.store.write(|tx| contract_prices::agree(tx, at, &new)).map(drop)
    }
}

/// `contracts ACCOUNT`: `ID PRODUCT COMPONENT [OPTION=VALUES] AMOUNT from TIME until TIME`, in the order in which they were made.
pub(crate) fn lines(
    tx: &mut Tx<'_>,
    player: &Player<'_>,
    account: AccountId,
) -> Result<Vec<String>, Refusal> {
    let print = |it: Timestamp| player.desk.calendar.print(it);
    let all = contract_prices::of_account(tx, account)?.into_iter().map(|it| {
        let when: String = it.when.iter().map(|it| format!(" {}={}", it.0, it.1.join(","))).collect();
        let above = it.above.map_or_else(String::new, |it| format!(" above={it}"));
        let until = it.until.map_or_else(|| "it is ended".to_string(), print);
        let (id, product, component, amount) = (it.id, it.product, it.component, it.amount.short());
        format!("{id} {product} {component}{when}{above} {amount} from {} until {until}", print(it.from))
    });
    Ok(all.collect())
}

/// `credit ACCOUNT`: `limit L used U available A`, then `day D next TIME`, and ` withheld TIME` while it is.
pub(crate) fn credit(
    tx: &mut Tx<'_>,
    player: &Player<'_>,
    account: AccountId,
) -> Result<Vec<String>, Refusal> {
    let seen = credit_lines::seen(tx, player.desk.at(player.now), account)?;
    let (wallet, Some(line)) = (seen.wallet, seen.line) else { return Ok(Vec::new()) };
    let used = wallet.owed().checked_add(wallet.pledged())?;
    let print = |it: Timestamp| player.desk.calendar.print(it);
    let withheld = line.withheld.map_or_else(String::new, |it| format!(" withheld {}", print(it)));
    Ok(vec![
        format!("limit {} used {used} available {}", line.limit, wallet.available()),
        format!("day {} next {}{withheld}", line.day, print(line.collect)),
    ])
}

/// `commitment ACCOUNT`: `MONTH agreed A spent S missing M`, then `AMOUNT from MONTH until MONTH` of each that was agreed.
pub(crate) fn commitment(
    tx: &mut Tx<'_>,
    player: &Player<'_>,
    account: AccountId,
) -> Result<Vec<String>, Refusal> {
    let seen = commitments::seen(tx, player.desk.at(player.now), account)?;
    let month = |it: Timestamp| player.desk.calendar.month(it);
    let commitments::Seen { agreed, spent, missing, all, .. } = &seen;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let mut found =
        vec![format!("{} agreed {agreed} spent {spent} missing {missing}", month(seen.month.from))];
    found.extend(all.iter().map(|it| {
        let until = it.until.map_or_else(|| "another is agreed".to_string(), month);
        format!("{} from {} until {until}", it.amount, month(it.from))
    }));
    Ok(found)
}
