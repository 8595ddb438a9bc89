//! Changes of a resource that lives: what may be resized, and what it is then priced as.
//!
//! In:  a resource, its product, options that are to change. Out: what to ask a quote for, or why not.
//! Invariant: what is prepaid is never changed here, and options that nobody named stay as they are.
//! Rules: R-CHG-4, R-QCS-6, section 20.

use crate::book::{Product, Resize};
use crate::quote::Wish;
use crate::resource::{Resource, ResourceError, State};

/// What a pay-per-use resource would be with these options instead of those that it has.
///
/// Errors, in this order: `PrepaidChange`, `NotResizable` by state, `Fixed` for an option that cannot change.
pub fn wish(
    resource: &Resource,
    product: &Product,
    changes: &[(String, String)],
) -> Result<Wish, ResourceError> {
    if resource.deadline.is_some() {
        return Err(ResourceError::PrepaidChange);
    }
    if !matches!(resource.state, State::Running | State::Stopped | State::StoppedFree) {
        return Err(ResourceError::NotResizable(resource.state));
    }
    for (option, _) in changes {
        if product.option(option).is_some_and(|it| it.resize == Resize::Fixed) {
            return Err(ResourceError::Fixed(option.clone()));
        }
    }
    let mut options = resource.options.pairs();
    options.retain(|it| !changes.iter().any(|change| change.0 == it.0));
    options.extend(changes.iter().cloned());
    Ok(Wish { product: product.id.clone(), options, months: 0, quantity: 1 })
}

#[cfg(test)]
mod tests;
