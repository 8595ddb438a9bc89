//! Facts: what stands in the books, as the audit log holds it, whoever wrote it and by whatever way.
//!
//! In:  what an operation made of an account, a key or a price book, in its own transaction. Out: an entry in a chain of
//! facts; and everything in which books and log differ.
//! Invariant: the text of a fact is made here alone, from the row; so a row that was changed says something else than
//! the log. The last fact under a name is what holds.

use super::{Refusal, journal};
use billing::account::Account;
use billing::commitment::Commitment;
use billing::contract_price::ContractPrice;
use billing::offer::{Offer, OfferedItem};
use billing::proposal::{Deed, Figures, Proposal};
use billing::user::User;
use billing::vouched::Subject;
use billing::voucher::code::{Code, Lasts};
use billing::voucher::{self, Scope, Voucher};
use std::collections::BTreeMap;
use store::books::BookText;
use store::corrections::Correction;
use store::credit_lines::Agreed;
use store::keys::Key;
use store::ledger::TopUp;
use store::{Tx, Writes, facts};
use units::{AccountId, BookId, Timestamp};

/// What a chain of facts is called, before whose it is.
pub(crate) const CHAIN: &str = "facts of ";
/// What the log says of something that was taken back.
const GONE: &str = "taken back";

/// What the fact is called that says who a user is at a provider.
const BOUND: &str = "provider's subject of user";

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Of which account; `None` for what belongs to none.
    account: Option<AccountId>,
    what: &'static str,
    /// Tells it from others of its kind.
    name: String,
    says: String,
}

impl Fact {
    fn new(account: Option<AccountId>, what: &'static str, name: impl ToString, says: String) -> Fact {
        Fact { account, what, name: name.to_string(), says }
    }

    /// Name and currency of an account, and its terms: two facts, since the second changes.
    pub fn account(it: &Account) -> [Fact; 2] {
        let Account { id, currency, terms, verified, no_stop_days, vouchers_per_order, .. } = it;
        let opened = format!("{} in {}", it.name, currency.as_str());
        // What was written before this could be agreed says nothing of it.
        let runs_on = match no_stop_days {
            0 => String::new(),
            days => format!(", runs on for {days} days"),
        };
        let verified = verified.as_str();
        let vouchers = match vouchers_per_order {
            1 => String::new(),
            count => format!(", {count} vouchers an order"),
        };
        let rate = terms.contract_rate_e8;
        let terms = format!("contract rate {rate} e-8, verified {verified}{runs_on}{vouchers}");
        [Fact::new(Some(*id), "account", id, opened), Fact::new(Some(*id), "terms of account", id, terms)]
    }

    /// Money that came in, or was granted.
    pub fn top_up(account: AccountId, it: &TopUp) -> Fact {
        top_up(account, &it.reference, (it.purse.as_str(), it.money.minor()))
    }

    /// A correction with who and why.
    pub fn correction(it: &Correction) -> Fact {
        let says = format!("{} of number {} by {}: {} {}", it.kind, it.number, it.actor, it.body, it.reason);
        Fact::new(it.account, "correction", &it.id, says)
    }

    /// A key: what it may do, until when, from where, and the hash of its text.
    pub fn key(it: &Key, hash: &str) -> Fact {
        let until = it.expires.map_or_else(|| "ever".to_string(), |it| it.to_string());
        let from = if it.addresses.is_empty() { "anywhere" } else { &it.addresses };
        let says = format!("{} until {until} from {from}, sha256 {hash}", it.scopes);
        Fact::new(it.account, "key", it.id, says)
    }

    /// A key was ended.
    pub fn key_ended(it: &Key) -> Fact {
        Fact::new(it.account, "end of key", it.id, "ended".to_string())
    }

    /// A person, and what it is for whom.
    pub fn user(it: &User) -> Fact {
        let until = if it.ended.is_some() { ", ended" } else { "" };
        let says = format!("{} as {}{until}", it.mail, it.role.as_str());
        Fact::new(it.house.account(), "user", it.id, says)
    }

    /// Who a person is at the provider by which it signed in first.
    pub fn subject(user: &User, it: &Subject) -> Fact {
        let says = format!("{} of {}", it.name, it.issuer);
        Fact::new(user.house.account(), BOUND, user.id, says)
    }

    /// A person is bound to nobody at a provider any more.
    pub fn subject_gone(user: &User) -> Fact {
        Fact::new(user.house.account(), BOUND, user.id, GONE.to_string())
    }

    /// An offer: to whom, and at which price.
    pub fn offer(it: &Offer) -> Fact {
        let item = |it: &OfferedItem| {
            let wish = &it.item.wish;
            let (options, product) = (&wish.options, &wish.product);
            let (months, quantity, total) = (wish.months, wish.quantity, it.total.minor());
            format!(
                "{quantity} {product} {options:?} {months} months at {} e-8, {total} minor units",
                it.rate_e8
            )
        };
        let items: Vec<String> = it.items.iter().map(item).collect();
        let says = format!("until {} by book {}: {}", it.until, it.book, items.join("; "));
        Fact::new(Some(it.account), "offer", it.id, says)
    }

    /// A voucher: what it is worth, for what and when, and that it was taken back.
    pub fn voucher(it: &Voucher) -> Fact {
        let (face, window) = (it.face.minor(), it.window);
        let back = if it.state == voucher::State::Withdrawn { ", taken back" } else { "" };
        let code = it.code.map_or_else(String::new, |it| format!(" of {it}"));
        let says = format!(
            "{face} minor units from {} until {}{code}: {}{back}",
            window.from,
            window.until,
            scope(&it.scope)
        );
        Fact::new(Some(it.account), "voucher", it.id, says)
    }

    /// A promotion code: what it gives, to how many, and that it was taken back.
    pub fn promotion(it: &Code) -> Fact {
        let (face, currency) = (it.face.minor(), it.face.currency().as_str());
        let back = if it.withdrawn.is_some() { ", taken back" } else { "" };
        let lasts = match it.lasts {
            Lasts::Until(until) => format!("until {until}"),
            Lasts::Days(days) => format!("for {days} days"),
        };
        let says = format!(
            "{} times {face} minor units of {currency} {lasts}, redeemed from {} until {}: {}{back}",
            it.times,
            it.window.from,
            it.window.until,
            scope(&it.scope)
        );
        Fact::new(None, "promotion code", &it.word, says)
    }

    /// A contract price: of what, how much, and when.
    pub fn contract_price(it: &ContractPrice) -> Fact {
        let ContractPrice { account, id, number, product, component, when, above, amount, .. } = it;
        let until = it.until.map_or_else(|| "ever".to_string(), |it| it.to_string());
        let says = format!(
            "number {number}: {product} {component} {when:?} above {above:?} at {amount} {} from {} until {until}, made {}: {}",
            amount.currency(),
            it.from,
            it.made,
            it.reason
        );
        Fact::new(Some(*account), "contract price", id, says)
    }

    /// A proposal of a price change: what, by whom, what it was shown to change, and where it stands.
    pub fn proposal(it: &Proposal) -> Fact {
        let Proposal { id, number, book, from, reason, limit_tenths, figures, computed, state, made, .. } =
            it;
        let Figures { against, month, all, customers, more, less, failed, sides, moved_e8, .. } = figures;
        let done = |what: &str, it: &Option<Deed>| {
            it.as_ref().map_or_else(String::new, |it| format!(", {what} by {} at {}", it.by, it.at))
        };
        let says = format!(
            "number {number}: book {book} from {from} by {} at {}: {reason}; against {against} on {month}, {customers} of {all} customers, \
             {more} more, {less} less, {failed} not rated, {} e-8 before, {} e-8 after, {moved_e8} e-8 moved, limit {limit_tenths} \
             tenths of a percent, computed {computed}; {}{}{}{}",
            made.by,
            made.at,
            sides.before_e8,
            sides.after_e8,
            state.as_str(),
            done("agreed", &it.agreed),
            done("applied", &it.applied),
            done("ended", &it.ended)
        );
        Fact::new(None, "proposal", id, says)
    }

    /// A credit line that was agreed: how much, from when on, on which day it is collected.
    pub fn credit_line(it: &Agreed) -> Fact {
        let Agreed { account, number, from, limit_minor, day, reason } = it;
        let says = format!("{limit_minor} minor units from {from}, collected on day {day}: {reason}");
        Fact::new(Some(*account), "credit line", number, says)
    }

    /// A commitment that was agreed: how much a month, from which on.
    pub fn commitment(it: &Commitment) -> Fact {
        let Commitment { account, number, amount, from, until, made, reason } = it;
        let until = until.map_or_else(|| "ever".to_string(), |it| it.to_string());
        let says = format!(
            "{} minor units of {} a month from {from} until {until}, made {made}: {reason}",
            amount.minor(),
            amount.currency()
        );
        Fact::new(Some(*account), "commitment", number, says)
    }

    /// A price book that was applied.
    pub fn book(id: BookId, from: Timestamp, text: &BookText) -> Fact {
        Fact::new(None, "price book", id, book(from, text))
    }

    /// A price book that was taken back.
    pub fn book_gone(id: BookId) -> Fact {
        Fact::new(None, "price book", id, GONE.to_string())
    }

    fn chain(&self) -> String {
        let of = self.account.map_or_else(|| journal::TILL.to_string(), |it| it.to_string());
        format!("{CHAIN}{of}")
    }
}

/// What a voucher pays for.
fn scope(it: &Scope) -> String {
    let listed = |all: &[String]| if all.is_empty() { "all".to_string() } else { all.join(" ") };
    let actions: Vec<String> = it.actions.iter().map(|it| it.as_str().to_string()).collect();
    let months = it.most_months.map_or_else(|| "any".to_string(), |it| it.to_string());
    format!(
        "{} use, {} of products {} in {} for {} orders from {} minor units, {months} months",
        it.uses.as_str(),
        it.modes.as_str(),
        listed(&it.products),
        listed(&it.regions),
        listed(&actions),
        it.min_spend.minor()
    )
}

/// The contract rates of an account, each from its instant on.
pub fn rates_of(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Fact>, Refusal> {
    let rates = facts::rates_of(tx, account)?.into_iter();
    Ok(rates.map(|(_, from_us, rate_e8)| rate(account, from_us, rate_e8)).collect())
}

fn rate(account: AccountId, from_us: i64, rate_e8: i64) -> Fact {
    Fact::new(Some(account), "contract rate", from_us, format!("{rate_e8} e-8"))
}

fn top_up(account: AccountId, reference: &str, (purse, minor): (&str, i64)) -> Fact {
    Fact::new(Some(account), "top-up", reference, format!("{minor} minor units into {purse}"))
}

fn book(from: Timestamp, text: &BookText) -> String {
    let digest = journal::digest(text.body.as_bytes());
    format!("from {from} in format {}, sha256 {digest}", text.format)
}

/// Notes facts, in the transaction that makes them. The chains are held from here on: it is the last thing that an
/// operation does.
pub fn note(tx: &mut Tx<'_>, facts: &[Fact], now: Timestamp) -> Result<(), Refusal> {
    let mut chains: BTreeMap<String, Vec<[&str; 3]>> = BTreeMap::new();
    for it in facts {
        chains.entry(it.chain()).or_default().push([it.what, &it.name, &it.says]);
    }
    let said = |(chain, facts): (String, Vec<[&str; 3]>)| {
        let body =
            serde_json::to_string(&facts).map_err(|error| Refusal::corrupt(format!("a fact: {error}")))?;
        Ok(journal::Said { chain, actor: journal::TILL, operation: "facts", target: "", body })
    };
    let said = chains.into_iter().map(said).collect::<Result<Vec<_>, Refusal>>()?;
    let entries = journal::appended(tx, said, now)?;
    let mut writes = Writes::default();
    store::journal::add(&mut writes, &entries);
    Ok(tx.write(writes)?)
}

/// Notes everything that stands in books that are older than their facts; once.
pub fn begin(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), Refusal> {
    if facts::begun(tx)? == Some(1) {
        return Ok(());
    }
    let all = of_rows(tx)?;
    note(tx, &all, now)?;
    Ok(facts::begin(tx)?)
}

/// Whether a chain holds facts.
pub fn is_chain(chain: &str) -> bool {
    chain.starts_with(CHAIN)
}

/// Chain, what, name.
type Named = (String, String, String);

/// What the log says by now, gathered entry by entry.
#[derive(Clone, Debug, Default)]
pub struct Log(BTreeMap<Named, String>);

impl Log {
    /// Takes an entry of a chain of facts in. Errors: `Corrupt` for one that says no facts.
    pub fn take(&mut self, chain: &str, body: &str) -> Result<(), Refusal> {
        let unreadable = |error| Refusal::corrupt(format!("an entry of the {chain} ({error})"));
        let facts: Vec<[String; 3]> = serde_json::from_str(body).map_err(unreadable)?;
        for [what, name, says] in facts {
            let named = (chain.to_string(), what, name);
            match says == GONE {
                true => self.0.remove(&named),
                false => self.0.insert(named, says),
            };
        }
        Ok(())
    }

    /// In what books and log differ, as sentences.
    pub fn differences(mut self, tx: &mut Tx<'_>) -> Result<Vec<String>, Refusal> {
        if facts::begun(tx)? != Some(1) {
            let why = "the audit log does not hold these books yet: start `till serve` of this version once";
            return Ok(vec![why.to_string()]);
        }
        let mut found = Vec::new();
        for it in of_rows(tx)? {
            let (chain, what, name, says) = (it.chain(), it.what, &it.name, &it.says);
            match self.0.remove(&(chain.clone(), what.to_string(), name.clone())) {
                Some(said) if said == *says => {}
                Some(said) => {
                    found.push(format!("{what} {name}: the books say `{says}`, the audit log `{said}`"))
                }
                None => {
                    found.push(format!("{what} {name}: `{says}` stands in the books, and not in the {chain}"))
                }
            }
        }
        let gone = |((chain, what, name), says): (Named, String)| {
            format!("{what} {name}: `{says}` stands in the {chain}, and not in the books")
        };
        found.extend(self.0.into_iter().map(gone));
        Ok(found)
    }
}

/// Every fact that follows from the rows as they stand.
fn of_rows(tx: &mut Tx<'_>) -> Result<Vec<Fact>, Refusal> {
    let mut all = Vec::new();
    for it in store::accounts::all(tx)? {
        all.extend(Fact::account(&it));
    }
    for (account, from_us, rate_e8) in facts::rates(tx)? {
        all.push(rate(owner(&account)?, from_us, rate_e8));
    }
    for (account, reference, purse, minor) in facts::top_ups(tx)? {
        all.push(top_up(owner(&account)?, &reference, (&purse, minor)));
    }
    all.extend(facts::corrections(tx)?.iter().map(Fact::correction));
    for (key, hash) in facts::keys(tx)? {
        all.push(Fact::key(&key, &hash));
        all.extend(key.revoked.map(|_| Fact::key_ended(&key)));
    }
    for it in store::users::everybody(tx)? {
        all.push(Fact::user(&it.user));
        all.extend(it.subject.iter().map(|subject| Fact::subject(&it.user, subject)));
    }
    all.extend(store::offers::all(tx)?.iter().map(Fact::offer));
    all.extend(store::vouchers::all(tx)?.iter().map(Fact::voucher));
    all.extend(store::contract_prices::all(tx)?.iter().map(Fact::contract_price));
    all.extend(store::credit_lines::all(tx)?.iter().map(Fact::credit_line));
    all.extend(store::commitments::all(tx)?.iter().map(Fact::commitment));
    all.extend(store::promotions::all(tx)?.iter().map(Fact::promotion));
    all.extend(store::proposals::all(tx)?.iter().map(Fact::proposal));
    all.extend(store::books::all(tx)?.iter().map(|it| Fact::book(it.id, it.from, &it.text)));
    Ok(all)
}

fn owner(text: &str) -> Result<AccountId, Refusal> {
    text.parse().map_err(|_| Refusal::corrupt(format!("the account `{text}` of a row")))
}
