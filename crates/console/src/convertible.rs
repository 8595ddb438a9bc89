//! Whether something may be paid ahead, and in words why not.
//!
//! In:  a resource, by the book of now. Out: nothing where it may; the reason where it may not.
//! Invariant: it is what an order would be refused for.

use crate::signed::Signed;
use crate::{resource_words, show, words};
use billing::conversion::{self, ConversionError, by_use};
use billing::resource::Resource;

/// Whether it may become prepaid. Source: R-CNV-1.
pub(crate) fn is_convertible(signed: &Signed, it: &Resource) -> bool {
    asked(signed, it).is_some_and(|it| it.is_ok())
}

/// Whether it may be paid by use from now on. Source: R-CNV-2.
pub(crate) fn is_convertible_back(signed: &Signed, it: &Resource) -> bool {
    let (desk, now) = (signed.visit.node.desk(), signed.visit.now);
    let product = desk.at(now).product_of(it);
    product.is_ok_and(|product| by_use::wish(it, product, now).is_ok())
}

/// Why what is paid by use cannot be paid ahead; `None` where it can, and for what is prepaid already.
pub(crate) fn why_not(signed: &Signed, it: &Resource) -> Option<String> {
    let texts = signed.visit.texts();
    match asked(signed, it)?.err()? {
        ConversionError::NotConvertible(_) => Some(texts.convert_not_product(signed.product(&it.product))),
        ConversionError::Excepted { option, value } => {
            let (name, value) = words::option(signed, &it.product, &option, &value);
            Some(texts.convert_not_with(show::labelled(&name, &value, signed.visit.language)))
        }
        ConversionError::State(state) => Some(texts.convert_not_while(resource_words::state(texts, state))),
        ConversionError::Prepaid
        | ConversionError::ByUse
        | ConversionError::StaysPrepaid(_)
        | ConversionError::Expired(_)
        | ConversionError::OpenOrder(_)
        | ConversionError::Other
        | ConversionError::Calendar(_) => None,
    }
}

/// What asking for a conversion comes to; `None` where no book knows the product.
fn asked(signed: &Signed, it: &Resource) -> Option<Result<(), ConversionError>> {
    let desk = signed.visit.node.desk();
    let product = desk.at(signed.visit.now).product_of(it).ok()?;
    Some(conversion::wish(it, product, 1).map(drop))
}
