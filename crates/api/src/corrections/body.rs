//! What an operator sends to put something right.
//!
//! In:  a kind, and the fields that go with it. Out: a correction that is asked for, or the field at fault.

use billing::correction::{Aim, Correction, Rerate};
use desk::corrections::{Ask, bills};
use desk::{Refusal, Tx};
use serde::Deserialize;
use std::str::FromStr;
use units::{AccountId, BillId};
use utoipa::ToSchema;
use web::wire::{MoneyText, Text, When, Whole};
use web::words::{CorrectionKind, Words};

/// What is put right, and why. Which fields are needed goes by the kind; those of another kind are refused.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "ticket-4711", "kind": "void", "reason": "the meter counted twice",
    "source": "/gateways/guangzhou-1", "event": "2026-06-01T01:00/res1"}))]
pub struct CorrectionBody {
    /// What tells it from others, such as the number of a ticket: the same again changes nothing.
    id: Text<1, 255>,
    kind: CorrectionKind,
    /// Why; it is shown wherever the correction is.
    reason: Text<1, 500>,
    /// Whose it is: a thing of another account is refused then.
    account: Option<Text<1, 80>>,
    /// The sender of the reading, for `void` and `replace`.
    source: Option<Text<1, 256>>,
    /// The id of the reading, for `void` and `replace`.
    event: Option<Text<1, 256>>,
    /// What the reading counts for, for `replace`; of a counter by how much it grew.
    quantity: Option<Text<1, 20>>,
    /// The bill, for `credit` and `debit`.
    bill: Option<Text<1, 80>>,
    /// One of its lines, counted from 0: no more than that line is credited then.
    line: Option<Whole<0, 1_000_000>>,
    /// How much, for `credit` and `debit`.
    amount: Option<MoneyText>,
    /// The price book that should have held, for `rerate`: one that is applied, or one of `POST /v1/corrections/price-books`.
    book: Option<Text<1, 80>>,
    /// From when on it should have held, for `rerate`. The period is past, and of `account`, or of all accounts without it.
    from: Option<When>,
    /// Until when.
    until: Option<When>,
}

/// The account of an id. Errors: `NotFound` of the field `account`.
pub(super) fn account(text: &str) -> Result<AccountId, Refusal> {
    id(text, "account")
}

fn id<T: FromStr>(text: &str, field: &'static str) -> Result<T, Refusal> {
    let missing = |_| Refusal::missing(format!("{field} {}", text.chars().take(60).collect::<String>()));
    text.parse().map_err(|it| missing(it).of(field))
}

impl CorrectionBody {
    /// The correction that is asked for, by `actor`.
    ///
    /// Errors: `Field` for one that is missing or does not go with the kind; `NotFound` for an id that is none.
    pub(super) fn ask(&self, tx: &mut Tx<'_>, actor: String) -> Result<Ask, Refusal> {
        self.only()?;
        let what = match self.kind {
            CorrectionKind::Void => {
                let (source, event) = self.reading()?;
                Correction::Void { source, event }
            }
            CorrectionKind::Replace => {
                let (source, event) = self.reading()?;
                let quantity = self.needed(self.quantity.as_ref(), "quantity")?.as_str();
                let wrong = || Refusal::Field { field: "quantity", kind: "replace" }.of("quantity");
                let quantity = quantity.parse().map_err(|_| wrong())?;
                Correction::Replace { source, event, quantity }
            }
            CorrectionKind::Credit => Correction::Credit(self.aim(tx)?),
            CorrectionKind::Debit => Correction::Debit(self.aim(tx)?),
            CorrectionKind::Rerate => Correction::Rerate(Rerate {
                book: id(self.needed(self.book.as_ref(), "book")?.as_str(), "book")?,
                account: self.account.as_ref().map(|it| account(it.as_str())).transpose()?,
                from: self.needed(self.from.as_ref(), "from")?.of("from")?,
                until: self.needed(self.until.as_ref(), "until")?.of("until")?,
            }),
        };
        Ok(Ask {
            id: self.id.as_str().to_string(),
            reason: self.reason.as_str().to_string(),
            actor,
            account: self.account.as_ref().map(|it| account(it.as_str())).transpose()?,
            what,
        })
    }

    /// Fields of another kind are refused. Errors: `Field`.
    fn only(&self) -> Result<(), Refusal> {
        use CorrectionKind::{Credit, Debit, Replace, Rerate, Void};
        let given = [
            ("source", self.source.is_some(), &[Void, Replace][..]),
            ("event", self.event.is_some(), &[Void, Replace]),
            ("quantity", self.quantity.is_some(), &[Replace]),
            ("bill", self.bill.is_some(), &[Credit, Debit]),
            ("line", self.line.is_some(), &[Credit, Debit]),
            ("amount", self.amount.is_some(), &[Credit, Debit]),
            ("book", self.book.is_some(), &[Rerate]),
            ("from", self.from.is_some(), &[Rerate]),
            ("until", self.until.is_some(), &[Rerate]),
        ];
        let kind = self.kind.word();
        let wrong = given.into_iter().find(|(_, is_given, kinds)| *is_given && !kinds.contains(&self.kind));
        wrong.map_or(Ok(()), |(field, ..)| Err(Refusal::Field { field, kind }.of(field)))
    }

    fn needed<'a, T>(&self, given: Option<&'a T>, field: &'static str) -> Result<&'a T, Refusal> {
        given.ok_or_else(|| Refusal::Field { field, kind: self.kind.word() }.of(field))
    }

    fn reading(&self) -> Result<(String, String), Refusal> {
        let source = self.needed(self.source.as_ref(), "source")?.as_str().to_string();
        Ok((source, self.needed(self.event.as_ref(), "event")?.as_str().to_string()))
    }

    fn aim(&self, tx: &mut Tx<'_>) -> Result<Aim, Refusal> {
        let bill: BillId = id(self.needed(self.bill.as_ref(), "bill")?.as_str(), "bill")?;
        let amount = self.needed(self.amount.as_ref(), "amount")?;
        let currency = bills::currency(tx, bill)?;
        let total = amount.money(currency).map_err(|it| it.of("amount"))?;
        Ok(Aim { bill, line: self.line.map(|it| it.count() as usize), total })
    }
}
