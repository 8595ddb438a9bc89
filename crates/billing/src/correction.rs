//! Corrections by people: what they say, and what of it may be done.
//!
//! In:  what an operator asks for, the bill that it is against. Out: the bill that is made of it, or why not.
//! Invariant: nothing is edited: what is put right stands beside or above what was wrong. No more is credited than is left
//! of a bill, of its line, and of all that its closed cycle came to.
//! Rules: R-COR-1, R-SET-5, R-WAL-4, R-REF-4.

use crate::bill::{Bill, Kind, Title};
use crate::wallet::Paid;
use units::{AccountId, Amount, BillId, BookId, Cycle, CycleKind, Money, MoneyError, Timestamp};

/// Longest reason and id, in characters.
pub const LONGEST_REASON: usize = 500;
pub const LONGEST_ID: usize = 255;

/// What people put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Correction {
    /// A reading that does not count.
    Void {
        source: String,
        event: String,
    },
    /// A reading that counts for another quantity.
    Replace {
        source: String,
        event: String,
        quantity: u64,
    },
    Credit(Aim),
    Debit(Aim),
    Rerate(Rerate),
}

/// So much against a bill, or against one of its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aim {
    pub bill: BillId,
    /// Counted from 0.
    pub line: Option<usize>,
    pub total: Money,
}

/// A price book that holds instead of those that were in force in `[from, until)`, for one account or all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rerate {
    pub book: BookId,
    pub account: Option<AccountId>,
    pub from: Timestamp,
    pub until: Timestamp,
}

/// Why a correction is not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CorrectionError {
    #[error(
        "a correction says why: write a reason of 1 to {LONGEST_REASON} characters, without control characters"
    )]
    Reason,
    #[error(
        "a correction has an id of 1 to {LONGEST_ID} visible characters, by which the same again is known"
    )]
    Id,
    #[error("an amount is above zero; a credit and a debit say in which direction")]
    Amount,
    #[error("{bill} is made of a correction itself; name the bill that it is against")]
    AgainstCorrection { bill: BillId },
    #[error("{bill} has {count} line(s), counted from 0")]
    NoLine { bill: BillId, count: usize },
    #[error("{asked} is more than the {left} that are left of {what}; credit at most that")]
    TooMuch { asked: Money, left: Money, what: &'static str },
    #[error("{0}; what is that long past is not rated again")]
    TooLate(String),
    #[error("a period begins before it ends, and ends now at the latest; name from and until so")]
    Period,
}

impl Correction {
    /// All kinds, in words.
    pub const KINDS: [&'static str; 5] = ["void", "replace", "credit", "debit", "rerate"];

    /// Its stable name.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Correction::Void { .. } => "void",
            Correction::Replace { .. } => "replace",
            Correction::Credit(_) => "credit",
            Correction::Debit(_) => "debit",
            Correction::Rerate(_) => "rerate",
        }
    }

    /// What it says beside its kind, by name: two that say the same are the same.
    pub fn figures(&self) -> Vec<(&'static str, String)> {
        match self {
            Correction::Void { source, event } => vec![("source", source.clone()), ("event", event.clone())],
            Correction::Replace { source, event, quantity } => {
                vec![("source", source.clone()), ("event", event.clone()), ("quantity", quantity.to_string())]
            }
            Correction::Credit(aim) | Correction::Debit(aim) => {
                let mut all = vec![("bill", aim.bill.to_string())];
                all.extend(aim.line.map(|it| ("line", it.to_string())));
                all.push(("amount", aim.total.to_string()));
                all.push(("currency", aim.total.currency().as_str().to_string()));
                all
            }
            Correction::Rerate(it) => {
                let mut all = vec![("book", it.book.to_string())];
                all.extend(it.account.map(|it| ("account", it.to_string())));
                all.push(("from", it.from.to_string()));
                all.push(("until", it.until.to_string()));
                all
            }
        }
    }
}

/// Whether a reason may stand. Errors: `Reason`.
pub fn reason(text: &str) -> Result<(), CorrectionError> {
    let fits = (1..=LONGEST_REASON).contains(&text.chars().count());
    let said = !text.trim().is_empty() && !text.chars().any(char::is_control);
    if fits && said { Ok(()) } else { Err(CorrectionError::Reason) }
}

/// Whether an id may stand. Errors: `Id`.
pub fn id(text: &str) -> Result<(), CorrectionError> {
    let fits = (1..=LONGEST_ID).contains(&text.len());
    if fits && text.bytes().all(|it| it.is_ascii_graphic()) { Ok(()) } else { Err(CorrectionError::Id) }
}

/// What people corrected of a bill before: of which line, and by how much; a credit is below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earlier {
    pub line: Option<usize>,
    pub total: Money,
}

/// A bill that people correct, with all that came of it so far.
#[derive(Clone, Copy, Debug)]
pub struct Against<'a> {
    pub bill: &'a Bill<'a>,
    pub earlier: &'a [Earlier],
    /// How it was paid with all that belongs to its closed cycle, adjustments and corrections included.
    pub paid: Paid,
    /// What a refund gave back of it. Source: R-REF-2.
    pub back: Money,
}

/// What a correction of a bill is called, and when it is made.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    /// What its id follows from.
    pub subject: u128,
    pub now: Timestamp,
}

impl Against<'_> {
    /// The bill of a credit, below zero, still to be paid out. Errors: those of `charged`, and `TooMuch`.
    ///
    /// Source: R-COR-1: no more is given back than is left of the line, of the bill and of what its cycle came to.
    pub fn credited(&self, aim: &Aim, made: Made) -> Result<Bill<'static>, Uncorrected> {
        let bill = self.charged(aim, made)?;
        for (left, what) in self.left(aim.line)? {
            if aim.total.checked_cmp(left)?.is_gt() {
                let left = if left.is_negative() { Money::zero(left.currency()) } else { left };
                return Err(CorrectionError::TooMuch { asked: aim.total, left, what }.into());
            }
        }
        let total = aim.total.checked_neg()?;
        Ok(Bill { total, amount_e8: total.to_amount().to_row()?, ..bill })
    }

    /// The bill of a debit, still to be paid.
    ///
    /// Errors: `Amount`, `AgainstCorrection`, `NoLine`; an amount in another currency.
    pub fn charged(&self, aim: &Aim, made: Made) -> Result<Bill<'static>, Uncorrected> {
        let bill = self.bill;
        Money::zero(bill.currency()).checked_cmp(aim.total)?;
        if !aim.total.is_positive() {
            return Err(CorrectionError::Amount.into());
        }
        if bill.kind == Kind::Correction {
            return Err(CorrectionError::AgainstCorrection { bill: bill.id }.into());
        }
        if aim.line.is_some_and(|it| it >= bill.lines.len()) {
            return Err(CorrectionError::NoLine { bill: bill.id, count: bill.lines.len() }.into());
        }
        // It is of no cycle: it is made at once, and its use is that of the bill that it is against.
        let cycle = Cycle { kind: CycleKind::Month, from: made.now, to: made.now };
        let title = Title { account: bill.account, kind: Kind::Correction, cycle, subject: made.subject };
        let original = bill.original.unwrap_or((bill.from, bill.to));
        // Its id stands among those of when that use began: there it is looked for.
        let begun = Cycle { kind: CycleKind::Month, from: original.0, to: original.0 };
        Ok(Bill {
            id: Title { cycle: begun, ..title }.id(),
            product: bill.product.clone().into_owned().into(),
            region: bill.region.clone().into_owned().into(),
            spec: bill.spec.clone().into_owned().into(),
            resource: bill.resource,
            original: Some(original),
            total: aim.total,
            amount_e8: aim.total.to_amount().to_row()?,
            ..Bill::blank(&title, bill.currency())
        })
    }

    /// What is left to be credited: of the line, of the bill, of all that its cycle came to.
    fn left(&self, line: Option<usize>) -> Result<Vec<(Money, &'static str)>, MoneyError> {
        let currency = self.bill.currency();
        let corrected = |of: &dyn Fn(&Earlier) -> bool| {
            Money::sum(self.earlier.iter().filter(|it| of(it)).map(|it| it.total), currency)
        };
        let mut left = Vec::new();
        if let Some((at, of)) = line.and_then(|at| Some((at, self.bill.lines.get(at)?))) {
            let cost = Amount::from_e8(of.cost_e8.into(), currency).round()?;
            left.push((cost.checked_add(corrected(&|it| it.line == Some(at))?)?, "the line"));
        }
        let of_bill = self.bill.total.checked_add(corrected(&|_| true)?)?;
        left.push((of_bill.checked_sub(self.back)?, "the bill"));
        left.push((self.paid.total().checked_sub(self.back)?, "the bills and adjustments of its cycle"));
        Ok(left)
    }
}

/// Why a bill is not corrected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Uncorrected {
    #[error(transparent)]
    Correction(#[from] CorrectionError),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

#[cfg(test)]
mod tests;
