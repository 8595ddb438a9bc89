//! The lines and taxes of documents, as their bodies write them.
//!
//! In:  lines with sums. Out: the same as texts, and read from them.
//! Invariant: what is read is what was written, to the last digit.

use crate::Refusal;
use billing::bill::{self, Sum};
use billing::document::invoiced::{Line, TaxSum, Taxed};
use billing::document::spent::Title;
use billing::document::statement::{Statement, StatementLine};
use billing::document::tax::{Category, Mode, Tax};
use billing::text::Text;
use billing::wallet::{Paid, Purses};
use serde::{Deserialize, Serialize};
use units::{Amount, Currency, Money, MoneyError};

/// Said in both languages.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextBody {
    en: String,
    zh: String,
}

impl From<&Text> for TextBody {
    fn from(it: &Text) -> TextBody {
        TextBody { en: it.en.clone(), zh: it.zh.clone() }
    }
}

impl From<TextBody> for Text {
    fn from(it: TextBody) -> Text {
        Text::new(it.en, it.zh)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TaxedBody {
    lines: Vec<LineBody>,
    taxes: Vec<TaxBody>,
    net: String,
    tax: String,
    gross: String,
    paid: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LineBody {
    product: String,
    since: String,
    name: TextBody,
    tax_index: usize,
    net: String,
    tax: String,
    gross: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TaxBody {
    name: TextBody,
    category: String,
    percent: String,
    mode: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<TextBody>,
    net: String,
    tax: String,
    gross: String,
}

impl From<&Taxed> for TaxedBody {
    fn from(it: &Taxed) -> TaxedBody {
        let line = |it: &Line| LineBody {
            product: it.title.product.clone(),
            since: it.title.since.clone(),
            name: (&it.name).into(),
            tax_index: it.tax_index,
            net: it.net.to_string(),
            tax: it.tax.to_string(),
            gross: it.gross.to_string(),
        };
        let tax = |it: &TaxSum| TaxBody {
            name: (&it.tax.name).into(),
            category: it.tax.category.as_str().into(),
            percent: it.tax.percent(),
            mode: it.tax.mode.as_str().into(),
            reason: it.tax.reason.as_ref().map(Into::into),
            net: it.net.to_string(),
            tax: it.amount.to_string(),
            gross: it.gross.to_string(),
        };
        TaxedBody {
            lines: it.lines.iter().map(line).collect(),
            taxes: it.taxes.iter().map(tax).collect(),
            net: it.net.to_string(),
            tax: it.tax.to_string(),
            gross: it.gross.to_string(),
            paid: it.paid.to_string(),
        }
    }
}

impl TaxedBody {
    /// Errors: `data_corrupt` for sums that do not add up.
    pub(super) fn read(self, currency: Currency) -> Result<Taxed, Refusal> {
        let money = |text: &str| Money::parse(text, currency);
        let line = |it: LineBody| {
            Ok::<Line, MoneyError>(Line {
                title: Title { since: it.since, product: it.product },
                name: it.name.into(),
                tax_index: it.tax_index,
                net: money(&it.net)?,
                tax: money(&it.tax)?,
                gross: money(&it.gross)?,
            })
        };
        let lines = self.lines.into_iter().map(line).collect::<Result<Vec<Line>, MoneyError>>()?;
        let taxes =
            self.taxes.into_iter().map(|it| it.read(currency)).collect::<Result<Vec<TaxSum>, Refusal>>()?;
        if lines.iter().any(|it| it.tax_index >= taxes.len()) {
            return Err(Refusal::corrupt("the tax of a line"));
        }
        let taxed = Taxed::new(lines, taxes, money(&self.paid)?)?;
        let same = taxed.net == money(&self.net)?
            && taxed.tax == money(&self.tax)?
            && taxed.gross == money(&self.gross)?;
        if same { Ok(taxed) } else { Err(Refusal::corrupt("the sums of a document")) }
    }
}

impl TaxBody {
    fn read(self, currency: Currency) -> Result<TaxSum, Refusal> {
        let rate = units::decimal::parse(&self.percent, 4).ok().and_then(|it| u32::try_from(it).ok());
        let tax = Tax {
            name: self.name.into(),
            category: Category::parse(&self.category)
                .ok_or_else(|| Refusal::corrupt("the category of a tax"))?,
            rate_ppm: rate.ok_or_else(|| Refusal::corrupt("the rate of a tax"))?,
            mode: Mode::parse(&self.mode).ok_or_else(|| Refusal::corrupt("the mode of a tax"))?,
            reason: self.reason.map(Into::into),
        };
        let money = |text: &str| Money::parse(text, currency);
        Ok(TaxSum { tax, net: money(&self.net)?, amount: money(&self.tax)?, gross: money(&self.gross)? })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatementBody {
    month: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaces: Option<String>,
    lines: Vec<StatementLineBody>,
    bills: u64,
    /// What the lines of the bills cost before rounding.
    cost: String,
    total: String,
    bonus: String,
    cash: String,
    income: String,
    owed: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatementLineBody {
    product: String,
    product_name: TextBody,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    bills: u64,
    cost: String,
    total: String,
    correction: String,
    bonus: String,
    cash: String,
    income: String,
    owed: String,
}

fn cost(e8: i128, currency: Currency) -> String {
    Amount::from_e8(e8, currency).to_string()
}

impl From<&Statement> for StatementBody {
    fn from(it: &Statement) -> StatementBody {
        let currency = it.total.currency();
        let line = |it: &StatementLine| {
            let (sum, purses) = (&it.sum, it.sum.paid.purses());
            StatementLineBody {
                product: it.product.clone(),
                product_name: (&it.product_name).into(),
                name: it.name.clone(),
                kind: it.kind.map(|it| it.as_str().to_string()),
                bills: sum.bills,
                cost: cost(sum.amount_e8, currency),
                total: sum.total.to_string(),
                correction: sum.correction.to_string(),
                bonus: purses.bonus().to_string(),
                cash: purses.cash().to_string(),
                income: purses.income().to_string(),
                owed: sum.paid.owed().to_string(),
            }
        };
        StatementBody {
            month: it.month.clone(),
            replaces: it.replaces.clone(),
            lines: it.lines.iter().map(line).collect(),
            bills: it.bills,
            cost: cost(it.amount_e8, currency),
            total: it.total.to_string(),
            bonus: it.bonus.to_string(),
            cash: it.cash.to_string(),
            income: it.income.to_string(),
            owed: it.owed.to_string(),
        }
    }
}

impl StatementBody {
    /// Errors: `data_corrupt` for sums that do not add up.
    pub(super) fn read(self, currency: Currency) -> Result<Statement, Refusal> {
        let read = |it: StatementLineBody| it.read(currency);
        let lines = self.lines.into_iter().map(read).collect::<Result<Vec<StatementLine>, Refusal>>()?;
        let statement = Statement { replaces: self.replaces, ..Statement::of(&self.month, lines, currency)? };
        let cost = units::decimal::parse(&self.cost, units::money::AMOUNT_DIGITS)?;
        let same = statement.bills == self.bills && statement.amount_e8 == cost;
        let sums = [&self.total, &self.bonus, &self.cash, &self.income, &self.owed];
        let added = [statement.total, statement.bonus, statement.cash, statement.income, statement.owed];
        for (said, added) in sums.into_iter().zip(added) {
            if Money::parse(said, currency)? != added {
                return Err(Refusal::corrupt("the sums of a statement"));
            }
        }
        if same { Ok(statement) } else { Err(Refusal::corrupt("the bills of a statement")) }
    }
}

impl StatementLineBody {
    fn read(self, currency: Currency) -> Result<StatementLine, Refusal> {
        let money = |text: &str| Money::parse(text, currency);
        let purses = Purses::new(money(&self.bonus)?, money(&self.cash)?, money(&self.income)?)?;
        let unknown = || Refusal::corrupt("a kind of bill");
        let kind = self.kind.as_deref().map(|it| bill::Kind::parse(it).ok_or_else(unknown)).transpose()?;
        let cost = units::decimal::parse(&self.cost, units::money::AMOUNT_DIGITS)?;
        Ok(StatementLine {
            product: self.product,
            product_name: self.product_name.into(),
            name: self.name,
            kind,
            sum: Sum {
                bills: self.bills,
                amount_e8: cost,
                total: money(&self.total)?,
                correction: money(&self.correction)?,
                paid: Paid::new(purses, money(&self.owed)?)?,
            },
        })
    }
}
