//! Switches of a mode: from what is paid ahead to what is paid by use, or the other way.
//!
//! In:  a product, the options that something has and is to have. Out: whether that is a switch, and in which direction.
//! Invariant: of what a product does not name nothing is a switch.
//! Rules: R-NET-4 to R-NET-6. What goes back: `switched`; what is to be paid: `difference`.

pub mod rule;

use crate::book::Product;
use crate::options::Options;
use rule::SwitchRule;

/// Where a switch leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To what is paid ahead. Source: R-NET-5.
    Prepaid,
    /// To what is paid by use. Source: R-NET-4.
    ByUse,
}

/// A switch that is asked for, or was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch<'a> {
    pub rule: &'a SwitchRule,
    pub to: Direction,
}

/// What other values of options switch, if they do. Source: R-NET-4, R-NET-5.
pub fn of<'a>(product: &'a Product, had: &Options, new: &[(String, String)]) -> Option<Switch<'a>> {
    let rule = product.switch.as_ref()?;
    let value = new.iter().rev().find(|it| it.0 == rule.option)?;
    let to = direction(rule, had.get(&rule.option)?, &value.1)?;
    Some(Switch { rule, to })
}

fn direction(rule: &SwitchRule, had: &str, has: &str) -> Option<Direction> {
    if had == rule.prepaid && has == rule.by_use {
        Some(Direction::ByUse)
    } else if had == rule.by_use && has == rule.prepaid {
        Some(Direction::Prepaid)
    } else {
        None
    }
}

/// How often something was switched so, by the options that it had one after another. Source: R-NET-6.
pub fn so_often<'a>(rule: &SwitchRule, to: Direction, life: impl IntoIterator<Item = &'a Options>) -> u32 {
    let (mut count, mut last) = (0, None);
    for it in life.into_iter().filter_map(|it| it.get(&rule.option)) {
        if last.is_some_and(|had| direction(rule, had, it) == Some(to)) {
            count += 1;
        }
        last = Some(it);
    }
    count
}

#[cfg(test)]
mod tests;
