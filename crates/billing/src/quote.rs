//! Quotes: what a purchase would cost, component by component, without any effect.
//!
//! In:  a book, a product, what was asked for. Out: lines, the sum of one piece and of all, the freeze.
//! Invariant: an order is priced by this same function; a piece is rounded once, then multiplied.
//! Rules: R-ORD-1, R-ORD-8, R-ORD-9, R-PRC-4, R-PRC-5, R-MON-8, R-FRZ-1.

use crate::bill::{Bill, Kind, Line};
use crate::book::{Book, Contract, Due, Limits, Meter, Product};
use crate::evened;
use crate::options::{OptionError, Options};
use crate::plan::{Part, Plan, PlanError};
use crate::price::FULL_RATE_E8;
use crate::rate::{self, Cost, Terms};
use crate::tag;
use crate::used::AggregateError;
use std::sync::Arc;
use units::{Amount, BookId, Measured, Money, MoneyError, OfferId};

/// The price of an offer: a share of the list of one book, whatever months or contracts say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offered {
    pub offer: OfferId,
    pub book: BookId,
    /// In 1e-8.
    pub rate_e8: u64,
}

/// What was agreed with a customer: for everything, and for one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    pub terms: Terms,
    pub offered: Option<Offered>,
    /// Days beyond the months, up to the fixed day of the account. Source: R-PRE-3.
    pub days: u32,
}

impl From<Terms> for Agreed {
    fn from(terms: Terms) -> Agreed {
        Agreed { terms, offered: None, days: 0 }
    }
}

/// What somebody wants to buy: one product, so many pieces, for so many months.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    pub product: String,
    pub options: Vec<(String, String)>,
    /// 0 for what is not paid by the month.
    pub months: u32,
    pub quantity: u32,
}

/// The price of a pay-per-use component, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitPrice {
    pub component: String,
    pub name: String,
    pub quantity: u128,
    pub text: String,
}

/// What each piece of a purchase becomes. The product says so, and the order keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Becomes {
    /// Something that the cloud delivers and the customer has from then on. It has a deadline if it was bought for
    /// months, meters if the product has any, and neither if it was bought once.
    Resource,
    /// A resource pack, which is there as soon as it is paid.
    Pack,
}

impl Becomes {
    pub const ALL: [Becomes; 2] = [Becomes::Resource, Becomes::Pack];

    /// What pieces of `product` become.
    pub const fn of(product: &Product) -> Becomes {
        match product.pack {
            Some(_) => Becomes::Pack,
            None => Becomes::Resource,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Becomes::Resource => "resource",
            Becomes::Pack => "pack",
        }
    }

    pub fn parse(text: &str) -> Option<Becomes> {
        Becomes::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// The kind of bill for what is paid with the order; `months` is 0 for what is not bought by the month.
    ///
    /// Source: R-BIL-3.
    pub const fn bill_kind(self, months: u32) -> Kind {
        match (self, months) {
            (Becomes::Pack, _) => Kind::PackPurchase,
            (Becomes::Resource, 0) => Kind::OneTime,
            (Becomes::Resource, _) => Kind::PrepaidNew,
        }
    }
}

/// What it would cost now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    pub product: String,
    pub options: Options,
    pub months: u32,
    /// Days beyond them, at a thirtieth of a month each; 0 for what is not paid by the month. Source: R-PRE-3.
    pub days: u32,
    pub quantity: u32,
    pub becomes: Becomes,
    /// What is paid with the order, for one piece.
    pub lines: Vec<Line<'static>>,
    pub piece: Money,
    pub list: Money,
    pub total: Money,
    /// What is frozen for one piece when it opens. Source: R-FRZ-1.
    pub freeze: Money,
    /// What is paid after use.
    pub unit_prices: Vec<UnitPrice>,
    /// By which offer it is priced.
    pub offered: Option<Offered>,
}

/// Why there is no quote.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    #[error("there is no product `{product}`; there are: {known}")]
    UnknownProduct { product: String, known: String },
    #[error(transparent)]
    Option(#[from] OptionError),
    #[error("quantity is {asked}; it goes from 1 to {most}")]
    Quantity { asked: u32, most: u32 },
    #[error("months is {asked}; choose one of: {choices}")]
    Months { asked: u32, choices: String },
    #[error("months is {asked}; this choice is sold for {least} months or more")]
    TooShort { asked: u32, least: u32 },
    #[error("months goes only with what is prepaid")]
    NotPrepaid,
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Rate(#[from] AggregateError),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Prices `wish` by `book`. Errors: every one names the field and what may be chosen.
pub fn quote(book: &Arc<Book>, wish: &Wish, agreed: impl Into<Agreed>) -> Result<Quote, QuoteError> {
    priced(book, wish, agreed.into(), Deed::Buy)
}

/// Prices something that is there for longer: what is not sold anew any more is renewed, what is paid once was paid, and what
/// is held for it is held already.
///
/// Errors: as `quote`. Source: R-REN-1, R-CAT-1.
pub fn renewal(book: &Arc<Book>, wish: &Wish, agreed: Agreed) -> Result<Quote, QuoteError> {
    let found = priced(book, wish, agreed, Deed::Renew)?;
    if found.months == 0 { Err(QuoteError::NotPrepaid) } else { Ok(found) }
}

/// Prices something that is there to be prepaid from now on: as if it was bought, but for what is paid once, which was paid.
///
/// Errors: as `quote`. Source: R-CNV-1, R-CAT-1.
pub fn conversion(book: &Arc<Book>, wish: &Wish, agreed: Agreed) -> Result<Quote, QuoteError> {
    let found = priced(book, wish, agreed, Deed::Convert)?;
    if found.months == 0 { Err(QuoteError::NotPrepaid) } else { Ok(found) }
}

/// Prices something that is there with other options for the time that is left of it, whatever months are sold: what is paid once
/// was paid, and what is not sold any more was asked for before.
///
/// Errors: options that are not on sale. Source: R-CHG-3.
pub fn remaining(book: &Arc<Book>, wish: &Wish, agreed: Agreed) -> Result<Quote, QuoteError> {
    priced(book, wish, agreed, Deed::Lower)
}

/// What is priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Buy,
    Renew,
    Convert,
    Lower,
}

fn priced(book: &Arc<Book>, wish: &Wish, agreed: Agreed, deed: Deed) -> Result<Quote, QuoteError> {
    let product = book.product(&wish.product).ok_or_else(|| QuoteError::UnknownProduct {
        product: wish.product.chars().take(60).collect(),
        known: book.products.iter().map(|it| it.id.as_str()).collect::<Vec<_>>().join(", "),
    })?;
    let options = Options::check(book, product, &wish.options)?;
    let plan = Plan::resolve(book, &product.id, &options)?;
    if let Some(what) = plan.retired().filter(|_| matches!(deed, Deed::Buy | Deed::Convert)) {
        return Err(OptionError::Retired { what }.into());
    }
    if deed != Deed::Lower {
        bounds(&product.limits, wish, &plan)?;
    }
    let is_by_month = Becomes::of(product) == Becomes::Resource && is_prepaid(&plan);
    let agreed = Agreed { days: if is_by_month { agreed.days } else { 0 }, ..agreed };
    let mut lines = Vec::new();
    for part in &plan.parts {
        let component = plan.component(part);
        let is_wanted = deed == Deed::Buy || component.meter == Meter::Months;
        if component.due == Due::Order && is_wanted {
            let line = order_line(&plan, part, wish.months, agreed);
            lines.push(line.map_err(|it| it.of_part(&plan, part))?);
        }
    }
    let (_, piece) = Bill::sum(&lines, book.currency)?;
    if let Some(offered) = agreed.offered.filter(|_| deed == Deed::Buy) {
        evened::out(&mut lines, piece, offered.rate_e8)?;
    }
    let list_e8: i128 = lines.iter().map(|it| i128::from(it.list_e8)).sum();
    let list = Amount::from_e8(list_e8, book.currency).round()?.checked_mul(wish.quantity)?;
    Ok(Quote {
        product: product.id.clone(),
        months: wish.months,
        days: agreed.days,
        quantity: wish.quantity,
        becomes: Becomes::of(product),
        piece,
        list,
        total: piece.checked_mul(wish.quantity)?,
        freeze: match deed {
            Deed::Buy => freeze(&plan)?,
            Deed::Renew | Deed::Convert | Deed::Lower => Money::zero(book.currency),
        },
        unit_prices: unit_prices(&plan),
        lines,
        options,
        offered: agreed.offered,
    })
}

/// The quote of an offer: by the list of its own book, if what it is for is still on sale by the book of now.
///
/// Errors: what a quote by the book of now refuses.
pub fn at_offer(now: &Arc<Book>, own: &Arc<Book>, wish: &Wish, agreed: Agreed) -> Result<Quote, QuoteError> {
    let found = quote(own, wish, agreed)?;
    on_sale(now, &Wish { options: found.options.pairs(), ..wish.clone() })?;
    Ok(found)
}

/// Whether something is on sale. Errors: why not.
pub fn on_sale(book: &Arc<Book>, wish: &Wish) -> Result<(), QuoteError> {
    quote(book, wish, Terms::default()).map(drop)
}

/// Source: R-ORD-8, R-ORD-9.
fn bounds(limits: &Limits, wish: &Wish, plan: &Plan) -> Result<(), QuoteError> {
    if wish.quantity < 1 || wish.quantity > limits.quantity {
        return Err(QuoteError::Quantity { asked: wish.quantity, most: limits.quantity });
    }
    if !is_prepaid(plan) {
        return if wish.months == 0 { Ok(()) } else { Err(QuoteError::NotPrepaid) };
    }
    if !limits.months.contains(&wish.months) {
        let choices: Vec<String> = limits.months.iter().map(u32::to_string).collect();
        return Err(QuoteError::Months { asked: wish.months, choices: choices.join(", ") });
    }
    let held = limits.least_months.iter().find(|it| plan.options.hold(&it.0) && wish.months < it.1);
    held.map_or(Ok(()), |it| Err(QuoteError::TooShort { asked: wish.months, least: it.1 }))
}

/// Whether anything of it is paid by the month.
pub fn is_prepaid(plan: &Plan) -> bool {
    plan.parts.iter().any(|it| plan.component(it).meter == Meter::Months)
}

/// Days of a month that is paid by the day. Source: R-PRE-3.
pub const MONTH_DAYS: u32 = 30;

/// Quantity × months × the discount of that many months, or the rate of an offer; days beyond them are thirtieths of a month
/// at the same rate. Source: R-PRC-4, R-PRC-5, R-PRE-3.
fn order_line(
    plan: &Plan,
    part: &Part,
    months: u32,
    agreed: Agreed,
) -> Result<Line<'static>, AggregateError> {
    let (component, item) = (plan.component(part), plan.item(part));
    let unit = component.quantity.unit;
    let (months, days) = if component.meter == Meter::Months { (months, agreed.days) } else { (1, 0) };
    let measured = Measured::of(part.quantity, unit);
    let measured = match days {
        0 => measured.part(months.into(), 1),
        days => measured.part(u64::from(months) * u64::from(MONTH_DAYS) + u64::from(days), MONTH_DAYS.into()),
    };
    let rate = rates(plan, part, months, agreed).product_e8()?;
    let list = item.cost(measured).map_err(AggregateError::Price)?;
    Ok(Line { measured, ..rate::line_of(plan, part, Cost::new(list, rate)?).into_owned() })
}

/// What a line of an order costs of its list price, in 1e-8: by its months, and by what was agreed with the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    pub months_e8: u64,
    pub contract_e8: u64,
    /// Stands in place of both.
    pub offered: Option<Offered>,
}

impl Rates {
    /// Both, one on the other. Source: R-PRC-4, R-PRC-5.
    pub(crate) fn product_e8(self) -> Result<u64, MoneyError> {
        if let Some(offered) = self.offered {
            return Ok(offered.rate_e8);
        }
        let both = u128::from(self.months_e8) * u128::from(self.contract_e8) / u128::from(FULL_RATE_E8);
        u64::try_from(both).map_err(|_| MoneyError::Overflow)
    }
}

/// The rates of `part` in an order of so many months.
pub fn rates(plan: &Plan, part: &Part, months: u32, agreed: Agreed) -> Rates {
    let table = plan.item(part).discount.as_ref().and_then(|it| plan.book.discounts.get(it));
    let contract_e8 = match plan.component(part).contract {
        Contract::Applies => agreed.terms.contract_rate_e8,
        Contract::ListPrice => FULL_RATE_E8,
    };
    let months_e8 = table.map_or(FULL_RATE_E8, |it| it.rate_e8(months));
    Rates { months_e8, contract_e8, offered: agreed.offered }
}

/// What is held for a resource with these options. Errors: as a quote. Source: R-FRZ-1, R-FRZ-2.
pub fn held(book: &Arc<Book>, product: &str, options: &Options) -> Result<Money, QuoteError> {
    freeze(&Plan::resolve(book, product, options)?)
}

/// The opening freeze of one piece: list price, tier 1, rounded alone. Source: R-FRZ-1, section 20.
fn freeze(plan: &Plan) -> Result<Money, QuoteError> {
    let mut total = Amount::zero(plan.book.currency);
    for part in &plan.parts {
        let (component, item) = (plan.component(part), plan.item(part));
        if component.freeze_seconds == 0 {
            continue;
        }
        let measured = plan.held(part, component.freeze_seconds, item.per_seconds);
        let cost = item.cost(measured).map_err(|it| AggregateError::Price(it).of_part(plan, part))?;
        total = total.checked_add(cost)?;
    }
    Ok(total.round()?)
}

pub(crate) fn unit_prices(plan: &Plan) -> Vec<UnitPrice> {
    let after_use = plan.parts.iter().filter(|it| plan.component(it).due != Due::Order);
    after_use
        .map(|part| UnitPrice {
            component: plan.component(part).id.clone(),
            name: plan.component(part).name.clone(),
            quantity: part.quantity,
            text: tag::in_words(plan.component(part), plan.item(part)),
        })
        .collect()
}
