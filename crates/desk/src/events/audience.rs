//! Who is told of what: owners of endpoints against the audience of each kind.
//!
//! In:  an owner, a pattern or a kind. Out: whether they are told, or why never.
//! Invariant: nobody is told of what happened to another account.

use billing::endpoint::{Listener, Owner};
use billing::event::{Audience, EventKind};
use units::AccountId;

/// Why an endpoint of this owner is told of nothing when it asks for `pattern`, if that is so.
pub(crate) fn unheard(owner: Owner, pattern: &str) -> Option<String> {
    let meant: Vec<Audience> =
        EventKind::ALL.into_iter().filter(|kind| kind.fits(pattern)).map(EventKind::audience).collect();
    if meant.iter().any(|audience| is_for(owner, *audience)) {
        return None;
    }
    let pattern: String = pattern.chars().take(60).collect();
    let others = match (meant.first(), owner) {
        (Some(Audience::Cloud), Owner::Operator) => {
            "is told to webhooks with `\"for\": \"cloud\"`; make one for it"
        }
        (Some(Audience::Cloud), Owner::Account(_) | Owner::Cloud) => {
            "is told to the cloud only; leave it out"
        }
        (Some(Audience::Operator), _) => "is told to the operator only; leave it out",
        (Some(Audience::Everybody | Audience::Asker), _) => {
            "is not told to the cloud, whose webhooks hear of `task.*`; make another without `for`"
        }
        (None, _) => {
            return Some(format!(
                "no event is of the kind `{pattern}`; docs/webhooks.md lists them, like order.* or *"
            ));
        }
    };
    Some(format!("`{pattern}` {others}"))
}

fn is_for(owner: Owner, audience: Audience) -> bool {
    match (audience, owner) {
        (Audience::Asker, Owner::Account(_) | Owner::Operator | Owner::Cloud)
        | (Audience::Everybody, Owner::Account(_) | Owner::Operator)
        | (Audience::Operator, Owner::Operator)
        | (Audience::Cloud, Owner::Cloud) => true,
        (Audience::Everybody | Audience::Operator, Owner::Cloud)
        | (Audience::Operator, Owner::Account(_))
        | (Audience::Cloud, Owner::Account(_) | Owner::Operator) => false,
    }
}

/// Whether a listener is told of what happened to `account`, or to the till itself.
pub(super) fn hears(listener: &Listener, account: Option<AccountId>, kind: EventKind) -> bool {
    let own = match listener.owner {
        Owner::Account(owner) => account == Some(owner),
        Owner::Operator | Owner::Cloud => true,
    };
    own && is_for(listener.owner, kind.audience()) && listener.kinds.iter().any(|it| kind.fits(it))
}

#[cfg(test)]
mod tests;
