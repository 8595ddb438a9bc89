//! The currency of whoever looks at the catalogue.
//!
//! In:  who asks, what was asked for. Out: a currency, or why it cannot be said.
//! Invariant: a customer sees no price list but that of its account. Source: R-MON-5.

use desk::{Refusal, lists};
use units::{Currency, MoneyError};
use web::Node;
use web::caller::Anyone;
use web::problem::Problem;
use web::wire::Text;

/// In which currency something is shown: an account's key has that of its account, others that of the one price book, or the
/// one they name where there are several. Source: R-MON-5.
///
/// Errors: `currency_mismatch` of another currency than the account's, `currency_needed`.
pub(super) async fn currency(
    node: &Node,
    who: Anyone,
    asked: Option<Text<3, 3>>,
) -> Result<Currency, Problem> {
    let read = asked.map(|it| Currency::parse(it.as_str())).transpose();
    let asked = read.map_err(|error| Refusal::from(error).of("currency"))?;
    let Some(account) = who.account else {
        return Ok(asked.map_or_else(|| node.desk().currency(node.clock().now()), Ok)?);
    };
    let own = node.read(move |tx, _| lists::accounts::currency(tx, account)).await?;
    match asked {
        Some(other) if other != own => {
            Err(Refusal::from(MoneyError::Currency(own, other)).of("currency").into())
        }
        Some(_) | None => Ok(own),
    }
}
