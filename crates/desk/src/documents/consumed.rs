//! Invoices held against the movements that they are of.
//!
//! In:  every invoice and credit note; the movements up to where the last invoice of each account ended. Out: what differs.
//! Invariant: product by product, invoices less their notes are the cash that was consumed by then, less what notes gave back
//! and no invoice took up since. What was owed there is what the movements say.
//! Rules: R-INV-1.

use super::body;
use crate::Refusal;
use billing::document::Document;
use billing::document::invoiced::Taxed;
use billing::document::spent::{self, DebtMove, Spent, Step, Title};
use std::collections::BTreeMap;
use store::documents::spent::{self as cash, Whose};
use store::{Tx, accounts};
use units::{AccountId, Money, MoneyError, Timestamp};

/// What each product comes to.
#[derive(Default)]
struct Products(BTreeMap<String, Money>);

impl Products {
    fn add(&mut self, product: &str, money: Money) -> Result<(), MoneyError> {
        let sum = self.0.entry(product.to_string()).or_insert(Money::zero(money.currency()));
        *sum = sum.checked_add(money)?;
        Ok(())
    }

    fn of(&self, product: &str) -> Option<Money> {
        self.0.get(product).copied().filter(|it| !it.is_zero())
    }
}

/// What the documents say, account by account.
#[derive(Default)]
pub(super) struct Consumed(BTreeMap<AccountId, Products>);

impl Consumed {
    /// Takes an invoice.
    pub(super) fn invoiced(&mut self, of: &Document, taxed: &Taxed) -> Result<(), MoneyError> {
        let products = self.0.entry(of.account).or_default();
        taxed.spent().try_for_each(|it| products.add(&it.title.product, it.money))
    }

    /// Takes a credit note.
    pub(super) fn credited(&mut self, of: &Document, taxed: &Taxed) -> Result<(), MoneyError> {
        let products = self.0.entry(of.account).or_default();
        taxed.spent().try_for_each(|it| products.add(&it.title.product, it.money.checked_neg()?))
    }

    /// In what the documents differ from the movements.
    pub(super) fn differences(mut self, tx: &mut Tx<'_>) -> Result<Vec<String>, Refusal> {
        let mut found = Vec::new();
        for (account, before) in cash::all(tx)? {
            let whose = Whose { account, currency: accounts::get(tx, account)?.currency };
            // Who spent nothing that is invoiced has gone on without an invoice: then the movements come to nothing too.
            let said = self.0.remove(&account).unwrap_or_default();
            found.extend(compare(tx, whose, before, said)?);
        }
        let left = self.0.keys();
        found.extend(left.map(|it| format!("invoices of {it}: nothing says up to where they go")));
        Ok(found)
    }
}

/// One account, up to the number of a movement.
fn compare(tx: &mut Tx<'_>, of: Whose, before: i64, mut said: Products) -> Result<Vec<String>, Refusal> {
    let so_far = cash::invoiced(tx, of)?;
    for text in &so_far.back {
        let note = body::read(text)?;
        for it in note.content.taxed().into_iter().flat_map(Taxed::spent) {
            said.add(&it.title.product, it.money)?;
        }
    }
    let mut consumed = Products::default();
    for (product, money) in cash::cash(tx, of, 0..before, Timestamp::MIN..Timestamp::MAX)? {
        consumed.add(&product, money)?;
    }
    let account = of.account;
    let moves = cash::owed(tx, of, 0..before)?.into_iter().filter_map(|it| {
        let title = Title { since: String::new(), product: it.product };
        Some(DebtMove { step: Step::of(it.debit, it.credit)?, title, money: it.money })
    });
    let Ok((paid, debts)) = spent::pay_debts(Vec::new(), &moves.collect::<Vec<DebtMove>>()) else {
        return Ok(vec![format!("invoices of {account}: more was paid of what is owed than there was")]);
    };
    for Spent { title, money } in paid {
        consumed.add(&title.product, money)?;
    }
    let mut found = Vec::new();
    if debts != so_far.debts {
        found.push(format!(
            "invoices of {account}: what was owed where they end is not what the movements say"
        ));
    }
    let mut products: Vec<&String> = said.0.keys().chain(consumed.0.keys()).collect();
    products.sort_unstable();
    products.dedup();
    let shown = |it: Option<Money>| it.map_or_else(|| "nothing".to_string(), |it| it.to_string());
    for product in products {
        let (said, moved) = (said.of(product), consumed.of(product));
        if said != moved {
            found.push(format!(
                "invoices of {account}: they say {} of {product}, its movements {}",
                shown(said),
                shown(moved)
            ));
        }
    }
    Ok(found)
}
