//! Lines with taxes: what an invoice is made of.
//!
//! In:  what cash was spent for, each with its tax. Out: lines and sums of each tax that add up.
//! Invariant: each tax is computed on its sum and rounded once; the taxes of the lines add up to it, net and tax to gross.
//! Rules: R-INV-1, R-MON-2, R-MON-7.

use super::spent::{Spent, Title};
use super::tax::{Mode, Parts, Tax};
use crate::text::Text;
use units::decimal::div_half_up;
use units::{Currency, Money, MoneyError};

/// A line: a product, in the time of one tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub title: Title,
    /// What the product is called.
    pub name: Text,
    /// Which of the taxes, counted from 0.
    pub tax_index: usize,
    pub net: Money,
    pub tax: Money,
    pub gross: Money,
}

/// What a tax comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxSum {
    pub tax: Tax,
    pub net: Money,
    pub amount: Money,
    pub gross: Money,
}

/// What all taxes of one category and rate come to, whatever they are called and however they stand to the prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateSum<'a> {
    /// The first of them.
    pub tax: &'a Tax,
    pub net: Money,
    pub amount: Money,
    /// Why there is none, each said once.
    pub reasons: Vec<&'a Text>,
}

/// Lines, the taxes on them, and what all of it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taxed {
    pub lines: Vec<Line>,
    pub taxes: Vec<TaxSum>,
    pub net: Money,
    pub tax: Money,
    pub gross: Money,
    /// What of it cash has paid: less than the gross where taxes come on top.
    pub paid: Money,
    /// What is still to be paid: taxes that came on top.
    pub due: Money,
}

/// What cash was spent for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub title: Title,
    pub name: Text,
    pub tax: Tax,
    pub money: Money,
}

impl Line {
    /// What cash paid for it, under this tax.
    pub const fn price(&self, tax: &Tax) -> Money {
        match tax.mode {
            Mode::Inside => self.gross,
            Mode::OnTop => self.net,
        }
    }
}

impl Taxed {
    /// Lines of `items`, taxes in the order in which they come. Errors: a sum that does not fit. Source: R-INV-1.
    pub fn of(items: &[Item], currency: Currency) -> Result<Taxed, MoneyError> {
        let mut kinds: Vec<&Tax> = Vec::new();
        for it in items {
            if !kinds.contains(&&it.tax) {
                kinds.push(&it.tax);
            }
        }
        let mut lines: Vec<Option<Line>> = vec![None; items.len()];
        let mut taxes = Vec::new();
        for (tax_index, tax) in kinds.into_iter().enumerate() {
            let own: Vec<usize> = (0..items.len()).filter(|at| items[*at].tax == *tax).collect();
            let prices: Vec<Money> = own.iter().map(|at| items[*at].money).collect();
            let sum = tax.parts(Money::sum(prices.iter().copied(), currency)?)?;
            for (at, tax_of_line) in own.into_iter().zip(shares(sum.tax, &prices)?) {
                let item = &items[at];
                let parts = of_line(tax, item.money, tax_of_line)?;
                let Parts { net, tax, gross } = parts;
                lines[at] = Some(Line {
                    title: item.title.clone(),
                    name: item.name.clone(),
                    tax_index,
                    net,
                    tax,
                    gross,
                });
            }
            taxes.push(TaxSum { tax: tax.clone(), net: sum.net, amount: sum.tax, gross: sum.gross });
        }
        let paid = Money::sum(items.iter().map(|it| it.money), currency)?;
        Taxed::new(lines.into_iter().flatten().collect(), taxes, paid)
    }

    /// The same from lines and taxes that are there; each line has one of these taxes. Errors: a sum that does not fit.
    pub fn new(lines: Vec<Line>, taxes: Vec<TaxSum>, paid: Money) -> Result<Taxed, MoneyError> {
        let sum = |part: fn(&TaxSum) -> Money| Money::sum(taxes.iter().map(part), paid.currency());
        let (net, tax, gross) = (sum(|it| it.net)?, sum(|it| it.amount)?, sum(|it| it.gross)?);
        Ok(Taxed { net, tax, gross, due: gross.checked_sub(paid)?, paid, lines, taxes })
    }

    /// The tax of one of its lines.
    pub fn tax_of(&self, line: &Line) -> &Tax {
        &self.taxes[line.tax_index].tax
    }

    /// What the taxes come to by category and rate. Errors: a sum that does not fit.
    pub fn by_rate(&self) -> Result<Vec<RateSum<'_>>, MoneyError> {
        let mut sums: Vec<RateSum<'_>> = Vec::new();
        for TaxSum { tax, net, amount, .. } in &self.taxes {
            let same = |it: &RateSum<'_>| it.tax.category == tax.category && it.tax.rate_ppm == tax.rate_ppm;
            match sums.iter_mut().find(|it| same(it)) {
                None => sums.push(RateSum {
                    tax,
                    net: *net,
                    amount: *amount,
                    reasons: tax.reason.iter().collect(),
                }),
                Some(sum) => {
                    (sum.net, sum.amount) = (sum.net.checked_add(*net)?, sum.amount.checked_add(*amount)?);
                    let new = tax.reason.as_ref().filter(|it| !sum.reasons.contains(it));
                    sum.reasons.extend(new);
                }
            }
        }
        Ok(sums)
    }

    /// What cash paid for each of its lines.
    pub fn spent(&self) -> impl Iterator<Item = Spent> {
        self.lines.iter().map(|it| Spent { title: it.title.clone(), money: it.price(self.tax_of(it)) })
    }
}

fn of_line(tax: &Tax, price: Money, amount: Money) -> Result<Parts, MoneyError> {
    match tax.mode {
        Mode::Inside => Ok(Parts { net: price.checked_sub(amount)?, tax: amount, gross: price }),
        Mode::OnTop => Ok(Parts { net: price, tax: amount, gross: price.checked_add(amount)? }),
    }
}

/// Splits a tax over the prices that it is on, also where some are below zero. Source: R-MON-7.
///
/// Errors: a sum that does not fit.
pub fn shares(tax: Money, prices: &[Money]) -> Result<Vec<Money>, MoneyError> {
    let above = |it: &Money| it.minor().max(0).unsigned_abs();
    let below = |it: &Money| it.minor().min(0).unsigned_abs();
    let (up, down): (Vec<u64>, Vec<u64>) = prices.iter().map(|it| (above(it), below(it))).unzip();
    let sum = |all: &[u64]| all.iter().map(|it| i128::from(*it)).sum::<i128>();
    let (gained, lost) = (sum(&up), sum(&down));
    let of_gained = match gained - lost {
        0 => 0,
        whole => div_half_up(i128::from(tax.minor()) * gained * whole.signum(), whole.abs()),
    };
    let of_gained = i64::try_from(of_gained).map_err(|_| MoneyError::Overflow)?;
    let of_gained = Money::from_minor(of_gained, tax.currency());
    let of_lost = tax.checked_sub(of_gained)?;
    let both = of_gained.split(&up).into_iter().zip(of_lost.split(&down));
    both.map(|(one, other)| one.checked_add(other)).collect()
}
