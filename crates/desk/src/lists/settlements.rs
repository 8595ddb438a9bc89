//! Settlement as an operator sees it: the run that is open, the newest closes, accounts that were set aside.

use crate::Refusal;
use crate::page::{Page, Part, no_page};
use store::Tx;
use store::{closes, runs, settlements};
use units::{AccountId, CycleKind};

pub use store::closes::Close;
pub use store::runs::{Hand, OpenRun};
pub use store::settlements::AccountAside;

/// What is under way, and what was done last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// The run that nodes share just now; one node alone opens none.
    pub run: Option<OpenRun>,
    /// Who has which of its accounts in hand.
    pub hands: Vec<Hand>,
    /// The newest close of each kind of cycle.
    pub closes: Vec<Close>,
}

/// What is under way, and what was done last.
pub fn course(tx: &mut Tx<'_>) -> Result<Course, Refusal> {
    Ok(Course { run: runs::open(tx)?, hands: runs::hands(tx)?, closes: closes::all(tx)? })
}

/// A row of the list, with what its account is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub aside: AccountAside,
    pub name: String,
}

/// Accounts that were set aside, by their ids, once for each kind of cycle.
pub fn page(tx: &mut Tx<'_>, part: &Part) -> Result<Page<Named>, Refusal> {
    let after = part.after.as_deref().map(|it| place(it).ok_or_else(no_page)).transpose()?;
    let (account, cycle) = after.unwrap_or_default();
    let found = settlements::aside_page(tx, (&account, &cycle), i64::from(part.most) + 1)?;
    let found = found.into_iter().map(|(aside, name)| Named { aside, name }).collect();
    Ok(Page::of(found, part, |it: &Named| format!("{}:{}", it.aside.account, it.aside.kind.as_str())))
}

/// `acc_…:hour`: an account and a kind of cycle.
fn place(text: &str) -> Option<(String, String)> {
    let (account, cycle) = text.split_once(':')?;
    let account: AccountId = account.parse().ok()?;
    let cycle = CycleKind::ALL.into_iter().find(|it| it.as_str() == cycle)?;
    Some((account.to_string(), cycle.as_str().to_string()))
}
