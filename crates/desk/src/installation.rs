//! The installation's key when another takes its place.
//!
//! In:  the key of these books and a new one. Out: the new one signs and seals from now on; whose word was good before.
//! Invariant: a key before the present one counts where the one that took its place says so, and so on up to the present one:
//! whoever writes to the database cannot add one.

use super::{Refusal, letters, webhooks};
use providers::installation::{InstallationKey, is_signed};
use store::{Tx, first, installation};
use units::Timestamp;

/// What a new key signs of the one before it.
fn word(public: &str) -> String {
    format!("cloudtill installation key before this one\n{public}\n")
}

/// Puts `new` in the place of `old`: what was sealed is sealed anew, and the public half of the old one is kept, so that what
/// it signed can still be proved. Nodes with the old one write nothing from then on.
///
/// Errors: `OtherInstallation` where `old` is not the key of these books; `Installation` for a secret of a third one.
pub fn rotate(
    tx: &mut Tx<'_>,
    old: &InstallationKey,
    new: &InstallationKey,
    now: Timestamp,
) -> Result<(), Refusal> {
    first::hold(tx)?;
    let given = old.public();
    let there = installation::public_key(tx)?.unwrap_or_default();
    if there != given {
        return Err(Refusal::OtherInstallation { there, given });
    }
    webhooks::reseal_all(tx, old, new)?;
    letters::reseal(tx, old, new)?;
    let signature = new.sign(word(&given).as_bytes());
    Ok(installation::replace(tx, &new.public(), &signature, now)?)
}

/// `present`, and the public halves before it whose word it stands for, the newest first.
pub fn publics(tx: &mut Tx<'_>, present: &str) -> Result<Vec<String>, Refusal> {
    let mut all = vec![present.to_string()];
    let mut next = present.to_string();
    for it in installation::before(tx)? {
        if it.next == next && is_signed(&next, word(&it.public).as_bytes(), &it.signature) {
            next.clone_from(&it.public);
            all.push(it.public);
        }
    }
    Ok(all)
}
