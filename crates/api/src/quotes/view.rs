//! What the API shows of a quote.

use crate::items::{chosen_example, options};
use billing::quote::Quote;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use web::wire;

/// A component that is paid with the order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuoteLineView {
    pub component: String,
    pub name: String,
    /// Before discounts, for one piece.
    pub list: wire::AmountShown,
    /// After discounts, for one piece.
    pub cost: wire::AmountShown,
}

/// What a component costs that is paid by use.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnitPriceView {
    pub component: String,
    pub name: String,
    /// The price in words, such as `0.17 per hour`.
    pub price: String,
}

fn quote_example() -> serde_json::Value {
    serde_json::json!({
        "product": "server", "options": chosen_example(), "months": 1, "quantity": 1, "currency": "CNY",
        "list": "71.00", "total": "71.00", "freeze": "0.00", "lines": [
            {"component": "hardware", "name": "CPU and memory", "list": "51.00000000", "cost": "51.00000000"},
            {"component": "bandwidth", "name": "Public bandwidth", "list": "20.00000000", "cost": "20.00000000"}
        ], "unit_prices": []
    })
}

/// What an item would cost.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!(quote_example()))]
pub struct QuoteView {
    pub product: String,
    /// Every option, those left to their defaults too.
    pub options: BTreeMap<String, String>,
    pub months: u32,
    pub quantity: u32,
    pub currency: String,
    /// For all pieces, before discounts.
    pub list: wire::MoneyShown,
    /// What is paid with the order, for all pieces.
    pub total: wire::MoneyShown,
    /// What is held for one piece as long as it lives.
    pub freeze: wire::MoneyShown,
    pub lines: Vec<QuoteLineView>,
    pub unit_prices: Vec<UnitPriceView>,
}

impl From<&Quote> for QuoteView {
    fn from(it: &Quote) -> QuoteView {
        let currency = it.total.currency();
        let line = |line: &billing::bill::Line<'_>| QuoteLineView {
            component: line.component.to_string(),
            name: line.name.to_string(),
            list: wire::amount(line.list_e8, currency),
            cost: wire::amount(line.cost_e8, currency),
        };
        let unit = |it: &billing::quote::UnitPrice| UnitPriceView {
            component: it.component.clone(),
            name: it.name.clone(),
            price: it.text.clone(),
        };
        QuoteView {
            product: it.product.clone(),
            options: options(&it.options),
            months: it.months,
            quantity: it.quantity,
            currency: currency.as_str().to_string(),
            list: wire::money(it.list),
            total: wire::money(it.total),
            freeze: wire::money(it.freeze),
            lines: it.lines.iter().map(line).collect(),
            unit_prices: it.unit_prices.iter().map(unit).collect(),
        }
    }
}

/// What a purchase would cost.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [quote_example()], "total": "71.00", "currency": "CNY"}))]
pub struct QuotesView {
    pub items: Vec<QuoteView>,
    /// What is paid with the orders.
    pub total: wire::MoneyShown,
    pub currency: String,
}
