//! What the view of a forecast shows.

use super::player::Player;
use billing::ahead::Step;
use desk::ahead::{self, Look};
use desk::{Refusal, Tx};
use units::AccountId;

/// Steps that are shown.
const MOST: usize = 200;

/// `TIME WHAT NAME [SUM] BALANCE` for each step of the year; the balance is that behind it, `-` for what is about no money.
pub(crate) fn lines(
    tx: &mut Tx<'_>,
    player: &Player<'_>,
    account: AccountId,
) -> Result<Vec<String>, Refusal> {
    let found = ahead::alone(tx, player.desk.at(player.now), account, Look::forecast(MOST))?;
    let line = |it: &Step| {
        let resource = it.coming.resource().and_then(|id| found.resources.get(&id)).map(|it| it.name.clone());
        let pack = it.coming.pack().and_then(|id| found.packs.get(&id).cloned());
        let name = resource.or(pack).unwrap_or_else(|| "-".into());
        let sum = it.sum.map_or_else(String::new, |it| format!(" {it}"));
        let balance = it.balance.map_or_else(|| "-".into(), |it| it.to_string());
        format!("{} {} {name}{sum} {balance}", player.desk.calendar.print(it.at), it.coming.word())
    };
    Ok(found.steps.iter().map(line).collect())
}
