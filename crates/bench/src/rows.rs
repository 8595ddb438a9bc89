//! Filling a database with accounts that wait for a cycle.
//!
//! In:  accounts as a run reads them. Out: rows.
//! Invariant: what is filled in is what the run of that cycle reads back; filling is never timed.

use billing::plan::{Config, Configs};
use billing::segment::{Change, Opening};
use billing::settle::AccountCycle;
use billing::wallet::{Freeze, Wallet};
use store::engine::us;
use store::{StoreError, Tx, Value};
use units::{AccountId, Cycle};

const ACCOUNT: &str =
    "insert into accounts (id, name, currency, contract_rate_e8, verified, arrears_since_us, created_us, alert_minor, alert_days)
    values ($1, $2, $3, $4, 'yes', null, $5, 0, 0)";
const WALLET: &str =
    "insert into wallets (account, bonus_minor, cash_minor, income_minor, frozen_bonus_minor, frozen_cash_minor, frozen_income_minor,
    owed_minor, version) values ($1, $2, $3, $4, $5, $6, $7, $8, 0)";
const FREEZE: &str = "insert into freezes (account, resource, target_minor, bonus_minor, cash_minor, income_minor) values ($1, $2, $3, $4, $5, $6)";
const DUE: &str = "insert into dues (account, cycle, settled_to_us, set_aside) values ($1, $2, $3, null)";
const OPENING: &str =
    "insert into openings (account, cycle, resource, created_s, product, options, state, since_s, clock_s)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const EVENT: &str = "insert into meter_events (account, resource, number, at_us, state, product, options) values ($1, $2, $3, $4, $5, $6, $7)";
const USAGE: &str =
    "insert into usage (source, event, account, resource, meter, at_us, quantity, key, received_us)
    values ('bench', $1, $2, $3, $4, $5, $6, $7, $8)";

/// Adds accounts that wait for `cycle`, with all that the run of it reads: `settlements::read` gives them back.
pub(super) fn fill(
    tx: &mut Tx<'_>,
    accounts: &[AccountCycle],
    configs: &Configs,
    cycle: &Cycle,
) -> Result<(), StoreError> {
    let mut rows = Rows::of(cycle, configs);
    for it in accounts {
        rows.add(it)?;
    }
    tx.many(ACCOUNT, &rows.accounts)?;
    tx.many(WALLET, &rows.wallets)?;
    tx.many(DUE, &rows.dues)?;
    tx.many(OPENING, &rows.openings)?;
    tx.many(EVENT, &rows.events)?;
    tx.many(USAGE, &rows.usage)?;
    tx.many(FREEZE, &rows.freezes)?;
    Ok(())
}

type Row<'a, const N: usize> = [Value<'a>; N];

/// What is to be inserted, table by table.
struct Rows<'a> {
    cycle: &'a Cycle,
    configs: &'a Configs,
    accounts: Vec<Row<'a, 5>>,
    wallets: Vec<Row<'a, 8>>,
    freezes: Vec<Row<'a, 6>>,
    dues: Vec<Row<'a, 3>>,
    openings: Vec<Row<'a, 9>>,
    events: Vec<Row<'a, 7>>,
    usage: Vec<Row<'a, 8>>,
}

impl<'a> Rows<'a> {
    fn of(cycle: &'a Cycle, configs: &'a Configs) -> Rows<'a> {
        let (accounts, wallets, freezes, dues) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (openings, events, usage) = (Vec::new(), Vec::new(), Vec::new());
        Rows { cycle, configs, accounts, wallets, freezes, dues, openings, events, usage }
    }

    fn add(&mut self, it: &'a AccountCycle) -> Result<(), StoreError> {
        let id = it.wallet.account();
        let (text, begun) = (id.to_string(), us(self.cycle.from));
        let rate = whole(it.terms.contract_rate_e8)?;
        let currency = it.wallet.currency().as_str();
        self.accounts.push([
            text.clone().into(),
            text.clone().into(),
            currency.into(),
            rate.into(),
            begun.into(),
        ]);
        self.wallets.push(wallet_row(&it.wallet));
        self.dues.push([text.clone().into(), self.cycle.kind.as_str().into(), begun.into()]);
        for one in &it.openings {
            self.openings.push(self.opening_row(id, one)?);
        }
        let numbered = (0_i64..).zip(&it.changes);
        self.events
            .extend(numbered.map(|(number, one)| event_row(id, number, one, self.configs.get(one.config))));
        for one in &it.samples {
            let (at, quantity) = (one.at * 1_000_000, whole(one.quantity)?);
            self.usage.push([
                one.event.as_str().into(),
                text.clone().into(),
                one.resource.to_string().into(),
                one.usage.as_str().into(),
                at.into(),
                quantity.into(),
                one.key.as_str().into(),
                at.into(),
            ]);
        }
        self.freezes.extend(it.freezes.iter().map(|one| freeze_row(id, one)));
        Ok(())
    }

    fn opening_row(&self, account: AccountId, it: &Opening) -> Result<Row<'a, 9>, StoreError> {
        let config = self.configs.get(it.config);
        Ok([
            account.to_string().into(),
            self.cycle.kind.as_str().into(),
            it.resource.to_string().into(),
            it.created.into(),
            config.product.as_str().into(),
            config.options.to_string().into(),
            it.state.as_str().into(),
            it.since.into(),
            whole(it.clock)?.into(),
        ])
    }
}

/// A number as it is stored. Errors: `Differs` for one that is too large.
fn whole(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Differs(format!("the number {number}")))
}

fn wallet_row(it: &Wallet) -> Row<'static, 8> {
    [
        it.account().to_string().into(),
        it.free().bonus().into(),
        it.free().cash().into(),
        it.free().income().into(),
        it.frozen().bonus().into(),
        it.frozen().cash().into(),
        it.frozen().income().into(),
        it.owed().into(),
    ]
}

fn freeze_row(account: AccountId, it: &Freeze) -> Row<'static, 6> {
    [
        account.to_string().into(),
        it.resource.to_string().into(),
        it.target.into(),
        it.held.bonus().into(),
        it.held.cash().into(),
        it.held.income().into(),
    ]
}

fn event_row<'a>(account: AccountId, number: i64, it: &Change, config: &'a Config) -> Row<'a, 7> {
    [
        account.to_string().into(),
        it.resource.to_string().into(),
        number.into(),
        (it.at * 1_000_000).into(),
        it.state.as_str().into(),
        config.product.as_str().into(),
        config.options.to_string().into(),
    ]
}

#[cfg(test)]
mod tests;
