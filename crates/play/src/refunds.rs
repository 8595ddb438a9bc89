//! What the verb of refunds does, and what its views show.

use super::player::Player;
use super::step::View;
use billing::pack::Pack;
use billing::refund::to_card::CashTo;
use desk::refunds::{self, Seen, Subject, Wanted};
use desk::{Refusal, Tx};
use units::{AccountId, Amount, Money};

/// What is asked back: by the name that a scenario gives it, and by which account where that is somebody else.
pub(crate) struct Asked<'a> {
    pub name: &'a str,
    pub by: Option<&'a str>,
    /// What is expected at least.
    pub least: Option<&'a str>,
    pub cash_to: CashTo,
}

impl Player<'_> {
    /// Gives back what is asked for.
    pub(crate) fn refund(&mut self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Asked { name, by, least, cash_to } = *asked;
        let (owner, subject) = self.store.read(|tx| subject(tx, self, name))?;
        let account = by.map_or(Ok(owner), |it| self.of(it).map(|it| it.0))?;
        let currency =
            self.store.read(|tx| store::accounts::get(tx, account).map_err(Refusal::from))?.currency;
        let least = least.map(|it| Money::parse(it, currency)).transpose()?;
        let (desk, now) = (&self.desk, self.now);
        let wanted = Wanted { account, subject, least, cash_to };
        self.store.write(|tx| refunds::refund(tx, desk.at(now), wanted)).map(drop)
    }
}

/// A resource, or a pack by the label of its purchase.
fn subject(tx: &mut Tx<'_>, player: &Player<'_>, name: &str) -> Result<(AccountId, Subject), Refusal> {
    let Ok(purchase) = player.purchase(name) else {
        let (account, id) = player.resource(name)?;
        return Ok((account, Subject::Resource(id)));
    };
    let batch = store::orders::of_batch(tx, purchase.account, &purchase.token)?;
    let packs = store::packs::of_account(tx, purchase.account)?;
    let pieces = batch.iter().flat_map(|it| &it.order.pieces);
    let pack = pieces.map(|it| Pack::id_of(it.resource)).find(|id| packs.iter().any(|it| it.id == *id));
    match pack {
        Some(id) => Ok((purchase.account, Subject::Pack(id))),
        None => player.resource(name).map(|it| (it.0, Subject::Resource(it.1))),
    }
}

/// `refund NAME`: `WAY total T of PAID months M seconds S to bonus B cash C owed O`, then `to card MONEY` for each
/// card that could get cash, then `COMPONENT COST`.
pub(crate) fn quoted(tx: &mut Tx<'_>, player: &Player<'_>, view: &View) -> Result<Vec<String>, Refusal> {
    let Some(name) = view.args.first() else {
        return Err(Refusal::Sum("a view says of what: name the resource or pack"));
    };
    let (account, subject) = subject(tx, player, name)?;
    let it = refunds::quote(tx, player.desk.at(player.now), account, subject)?;
    let (refund, [bonus, cash, income]) = (&it.refund, it.back.purses().kinds());
    let cash = cash.checked_add(income)?;
    let mut lines = vec![format!(
        "{} total {} of {} months {} seconds {} to bonus {bonus} cash {cash} owed {}",
        refund.way.as_str(),
        refund.total,
        refund.paid.total(),
        refund.months,
        refund.seconds,
        it.back.owed()
    )];
    lines.extend(it.to_cards.iter().map(|it| format!("to card {}", it.money)));
    let amount = |e8: i64| Amount::from_e8(e8.into(), refund.currency()).short();
    lines.extend(refund.lines.iter().map(|it| format!("{} {}", it.component, amount(it.cost_e8))));
    Ok(lines)
}

/// `refunds ACCOUNT`: `TIME NAME WAY TOTAL [to card MONEY]`, the oldest first.
pub(crate) fn lines(
    tx: &mut Tx<'_>,
    player: &Player<'_>,
    account: AccountId,
) -> Result<Vec<String>, Refusal> {
    let line = |it: &Seen| {
        let at = player.desk.calendar.print(it.refund.at);
        let card = match it.to_cards.is_positive() {
            true => format!(" to card {}", it.to_cards),
            false => String::new(),
        };
        format!("{at} {} {} {}{card}", it.name, it.refund.way.as_str(), it.total)
    };
    Ok(store::refunds::of_account(tx, account)?.iter().map(line).collect())
}
