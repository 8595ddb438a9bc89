//! What bills of what resources share come to for the projects of those that they served.
//!
//! In:  an account, a span of use. Out: what is to be counted in another way than the bills themselves say, which are in no project.
//! Invariant: the parts of a product add up to nothing. One statement says that there are no such bills, and who shared what is read
//! where there are some alone; it is all of the span anew, so whoever asks often asks first what it could come to at most.
//! Rules: R-ALC-1, R-ALC-2.

use super::shares::{Shares, Wanted};
use crate::{At, Refusal};
use billing::bill::Kind;
use billing::budget::Part;
use std::collections::{BTreeMap, BTreeSet};
use store::bills::Span;
use store::bills::shared::{self, SharedBill};
use store::labels::Labels;
use store::{StoreError, Tx};
use units::{AccountId, Currency, Money, MoneyError, ProjectId};

/// Bills of a span of use that may be for several projects.
pub(crate) struct Served {
    account: AccountId,
    bills: Vec<SharedBill>,
}

impl Served {
    /// None of them.
    pub(crate) const fn nothing(account: AccountId) -> Served {
        Served { account, bills: Vec::new() }
    }

    /// Those of a span. Packs count as soon as it is over: until then no closed month of it took of them.
    pub(crate) fn of(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, span: Span) -> Result<Served, Refusal> {
        let mut bills = shared::used(tx, account, span)?;
        bills.retain(|it| it.kind != Kind::PackPurchase || span.to <= at.now);
        Ok(Served { account, bills })
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.bills.is_empty()
    }

    /// No project has more of them than this: all that they charge, without what they give back.
    pub(crate) fn most(&self, currency: Currency) -> Result<Money, MoneyError> {
        Money::sum(self.bills.iter().map(|it| it.sum.total).filter(|it| it.is_positive()), currency)
    }

    /// What of them goes from no project to projects: for each product what each project has of them, and the same below zero for no
    /// project. `None` where a closed cycle cannot be rated any more.
    pub(crate) fn moved(&self, tx: &mut Tx<'_>, at: At<'_>) -> Result<Option<Vec<Part>>, Refusal> {
        if self.is_nothing() {
            return Ok(Some(Vec::new()));
        }
        match self.parts(tx, at) {
            Ok(parts) => Ok(Some(parts)),
            Err(refusal) if is_of_rows(&refusal) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    fn parts(&self, tx: &mut Tx<'_>, at: At<'_>) -> Result<Vec<Part>, Refusal> {
        let wanted = Wanted { account: self.account, bills: &self.bills, packs: BTreeSet::new() };
        let shares = Shares::read(tx, at, &wanted)?;
        let mut found: BTreeMap<(String, Option<ProjectId>), Money> = BTreeMap::new();
        for bill in &self.bills {
            let parts = shares.parts(&at.desk.calendar, bill, &|it: &Labels| it.project)?;
            for (project, sum) in parts {
                if project.is_some() {
                    add(&mut found, (bill.product.clone(), project), sum.total)?;
                    add(&mut found, (bill.product.clone(), None), sum.total.checked_neg()?)?;
                }
            }
        }
        Ok(found.into_iter().map(|((product, project), total)| Part { product, project, total }).collect())
    }
}

/// Whether what stands in rows is to blame, which the same again will not mend, and not how they were read.
const fn is_of_rows(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::Aggregate(_)
            | Refusal::Money(_)
            | Refusal::Store(StoreError::Corrupt(_) | StoreError::NotFound(_))
    )
}

fn add(
    found: &mut BTreeMap<(String, Option<ProjectId>), Money>,
    of: (String, Option<ProjectId>),
    money: Money,
) -> Result<(), MoneyError> {
    let sum = found.entry(of).or_insert(Money::zero(money.currency()));
    *sum = sum.checked_add(money)?;
    Ok(())
}
