//! Credits and debits against a bill, or one of its lines.
//!
//! In:  a bill, how much, in which direction. Out: a bill of its own, paid out or paid at once, and what follows.
//! Invariant: the wallet is held before anything is read that the sum depends on; the bill that was wrong stays as it was.
//! Source: R-COR-1, R-WAL-4, R-REF-4.

use super::ask::{Ask, Made, is_of};
use crate::act::Act;
use crate::after;
use crate::sheet::Moved;
use crate::{At, Refusal, freezes};
use billing::correction::{self, Against, Aim, CorrectionError, Uncorrected};
use store::corrections::bills::{self, BillCorrection};
use store::{Tx, Writes};
use units::{BillId, Currency};

/// The currency of the account whose bill it is. Errors: `NotFound` of the field `bill`.
pub fn currency(tx: &mut Tx<'_>, bill: BillId) -> Result<Currency, Refusal> {
    let owner = store::bills::owner(tx, bill).map_err(|it| Refusal::from(it).of("bill"))?;
    Ok(store::accounts::get(tx, owner)?.currency)
}

/// What is asked of a bill.
pub(super) struct Wish<'a> {
    pub ask: &'a Ask,
    pub number: i64,
    pub aim: &'a Aim,
    pub way: Way,
}

/// In which direction money moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Credit,
    Debit,
}

/// Makes the bill of a credit or a debit, and settles it.
///
/// Errors: `NotFound` of the field `bill` or `account`; those of `billing::correction`, of the field at fault.
pub(super) fn correct(tx: &mut Tx<'_>, at: At<'_>, wish: &Wish<'_>) -> Result<Made, Refusal> {
    let Wish { ask, number, aim, way } = *wish;
    let owner = store::bills::owner(tx, aim.bill).map_err(|it| Refusal::from(it).of("bill"))?;
    is_of(ask, owner, &aim.bill.to_string())?;
    let held = freezes::held(tx, owner)?;
    let against = store::bills::get(tx, owner, aim.bill)?.bill;
    let earlier = bills::of_bill(tx, owner, aim.bill, against.currency())?;
    let paid = bills::paid_in_all(tx, &against)?;
    let back = store::refunds::given_back(tx, &against)?;

    let subject = BillId::named(at.now, &ask.id).bits();
    let made = correction::Made { subject, now: at.now };
    let standing = Against { bill: &against, earlier: &earlier, paid, back };
    let bill = match way {
        Way::Credit => standing.credited(aim, made),
        Way::Debit => standing.charged(aim, made),
    };
    let mut bill = bill.map_err(of_field)?;
    let mut passbook = crate::refunds::passbook(tx, at, held.wallet.wallet, &paid)?;
    bill.paid = match bill.total.is_negative() {
        true => passbook.credit(bill.total.checked_neg()?, paid, bill.id)?,
        false => passbook.settle(bill.total, bill.id)?,
    };

    let mut act = Act::on(tx, at, [owner])?;
    act.sheet.news.extend(act.ears.corrected(&bill));
    act.sheet.bills.push(bill.clone());
    act.sheet.moved.push(Moved { held, passbook });
    let mut writes = Writes::default();
    bills::add(&mut writes, &BillCorrection { number, against: &against, line: aim.line, made: &bill });
    tx.write(writes)?;
    after::finish(tx, act)?;
    Ok(Made { account: Some(owner), bill: Some(bill), ..Made::default() })
}

/// The refusal, of the field at fault.
fn of_field(error: Uncorrected) -> Refusal {
    let field = match &error {
        Uncorrected::Correction(CorrectionError::NoLine { .. }) => "line",
        Uncorrected::Correction(CorrectionError::AgainstCorrection { .. }) => "bill",
        Uncorrected::Correction(_) | Uncorrected::Money(_) => "amount",
    };
    Refusal::from(error).of(field)
}
