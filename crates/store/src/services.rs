//! Container services: what is stopped and started together.

use crate::engine::{StoreError, Tx};
use units::AccountId;

statements! {
    SAVE = "insert into services (account, name, state) values ($1, $2, $3)
        on conflict (account, name) do update set state = excluded.state";
    GET = "select state from services where account = $1 and name = $2";
}

/// Where a service stands. Source: section 7 of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Running,
    Stopped,
}

impl Standing {
    pub const fn as_str(self) -> &'static str {
        match self {
            Standing::Running => "running",
            Standing::Stopped => "stopped",
        }
    }
}

pub fn save(tx: &mut Tx<'_>, account: AccountId, name: &str, state: Standing) -> Result<(), StoreError> {
    tx.exec(SAVE, &[account.to_string().into(), name.into(), state.as_str().into()]).map(drop)
}

/// Errors: `NotFound`.
pub fn get(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<Standing, StoreError> {
    tx.one(GET, &[account.to_string().into(), name.into()], &format!("service {name}"), |row| {
        row.parsed(0, "service state", |it| match it {
            "running" => Some(Standing::Running),
            "stopped" => Some(Standing::Stopped),
            _ => None,
        })
    })
}
