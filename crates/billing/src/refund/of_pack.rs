//! Refunds of packs: all that was paid, until the pack begins.
//!
//! In:  a pack with its order, what its product says, when. Out: what goes back, or why nothing does.
//! Invariant: of a pack that began nothing goes back.
//! Rules: R-PKG-14.

use super::lines::{PAID, sum_line};
use super::rule::{RefundRest, RefundRule};
use super::{Counted, Refund, RefundError, Term, Way};
use crate::bill::Bill;
use crate::book::Book;
use crate::pack::Pack;
use units::Timestamp;

/// A pack that is to be given back.
#[derive(Clone, Copy, Debug)]
pub struct AskedOfPack<'a> {
    pub pack: &'a Pack,
    pub rule: Option<&'a RefundRule>,
    pub term: Term<'a>,
    /// The book that priced it.
    pub book: &'a Book,
    pub counted: Counted,
}

impl AskedOfPack<'_> {
    /// What goes back at `now`: all of it, until it begins.
    ///
    /// Errors: `Refunded`, `NotRefundable`, `Begun`, `Limit`. Source: R-PKG-14.
    pub fn refund(&self, now: Timestamp) -> Result<Refund, RefundError> {
        let (pack, term) = (self.pack, &self.term);
        if pack.refunded.is_some() {
            return Err(RefundError::Refunded);
        }
        let unused = |it: &&RefundRule| matches!(it.rest, RefundRest::Unused);
        let rule = self.rule.filter(unused);
        let rule = rule.ok_or_else(|| RefundError::NotRefundable(term.order.product.clone()))?;
        if now >= pack.effective || pack.left != pack.capacity {
            return Err(RefundError::Begun(pack.effective));
        }
        if self.counted.rest >= rule.most_per_year {
            return Err(RefundError::Limit { most: rule.most_per_year });
        }
        let total = term.paid.total();
        let lines = vec![sum_line(PAID, total.checked_neg()?.to_amount().e8(), term.span(), self.book)?];
        let (amount_e8, _) = Bill::sum(&lines, total.currency())?;
        Ok(Refund { way: Way::Unused, paid: term.paid, months: 0, seconds: 0, lines, amount_e8, total })
    }
}

#[cfg(test)]
mod tests;
