//! Users of a house, with what is still missing of each.

use crate::Refusal;
use billing::user::{House, User};
use store::{Tx, users};

/// A user, and how far it proves who it is.
#[derive(Clone, Debug)]
pub struct Listed {
    pub user: User,
    /// Whether a password was set, or the person came by a provider: until then it is only invited.
    pub can_sign_in: bool,
    pub has_second: bool,
}

/// Who works for a house, those who were there first first; those who were ended are left out.
pub fn of(tx: &mut Tx<'_>, house: House) -> Result<Vec<Listed>, Refusal> {
    let shown = |it: users::Proven| Listed {
        can_sign_in: it.password.is_some() || it.subject.is_some(),
        has_second: it.second.is_some_and(|it| it.since.is_some()),
        user: it.user,
    };
    Ok(users::of_house(tx, house)?.into_iter().map(shown).collect())
}
