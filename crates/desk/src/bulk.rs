//! Several resources at once: what a wish would make of each, and the wish done to those that it can be done to.
//!
//! In:  resources of an account, what is wished. Out: for each what it becomes and costs then, or why not.
//! Invariant: each is decided as if it were asked for alone; one that is refused keeps no other from it.
//! Rules: R-PPU-2, R-TIM-3, R-REN-2, R-REN-3.

use super::labels::{self, Change, TagChange};
use super::renewals::{self, Choice};
use super::resources::{self, Own};
use super::steps;
use super::{At, Refusal};
use billing::account::Account;
use billing::book::Product;
use billing::life::{self, Standing};
use billing::order::OrderError;
use billing::pace;
use billing::plan::Plan;
use billing::renewal;
use billing::resource::renew::Flag;
use billing::resource::{EndedBy, Event, Resource, State};
use std::collections::BTreeMap;
use store::engine::AsStoreError;
use store::resources::LabelledResource;
use store::{StoreError, Tx, accounts, projects};
use units::{AccountId, Amount, Money, ProjectId, ResourceId};

/// So many at once, no more.
pub const MOST: usize = 50;

/// What is wished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    Stop,
    StopFree,
    Start,
    Release,
    /// `None` takes them out of their projects.
    Move(Option<ProjectId>),
    /// Beside the tags that there are; what is `None` goes.
    Tag(BTreeMap<String, Option<String>>),
    /// What is done as the deadline comes near. Source: R-REN-2, R-REN-3.
    Renewal(Flag),
}

/// What may be wished, as lists offer it and programs ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Stop,
    StopFree,
    Start,
    Move,
    Tag,
    Renewal,
    Release,
}

impl Action {
    pub const ALL: [Action; 7] = [
        Action::Renewal,
        Action::Stop,
        Action::StopFree,
        Action::Start,
        Action::Move,
        Action::Tag,
        Action::Release,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Action::Stop => "stop",
            Action::StopFree => "stop_free",
            Action::Start => "start",
            Action::Move => "move",
            Action::Tag => "tag",
            Action::Renewal => "renewal",
            Action::Release => "release",
        }
    }

    pub const fn of(deed: &Deed) -> Action {
        match deed {
            Deed::Stop => Action::Stop,
            Deed::StopFree => Action::StopFree,
            Deed::Start => Action::Start,
            Deed::Release => Action::Release,
            Deed::Move(_) => Action::Move,
            Deed::Tag(_) => Action::Tag,
            Deed::Renewal(_) => Action::Renewal,
        }
    }
}

/// Which resources, and what is wished of them.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    pub account: AccountId,
    pub resources: &'a [ResourceId],
    pub deed: &'a Deed,
}

/// What a resource becomes, and what a day costs of it before and then: what is held, without use and packs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Becomes {
    pub state: State,
    /// `None` where the book of now has no price for it.
    pub a_day: Option<[Amount; 2]>,
}

/// One resource, and what the wish would make of it.
#[derive(Debug)]
pub struct Preview {
    pub shown: LabelledResource,
    pub becomes: Result<Becomes, Refusal>,
    /// Whether that is any good to it.
    pub worth: Result<(), Worthless>,
    /// For how many seconds it would lie in the bin, from which it can be fetched back; 0 where it would not.
    pub bin_seconds: u64,
}

/// Why something is no good to a resource that it can be done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worthless {
    /// Stopped, it is charged as before.
    Stopped,
    /// Nothing of it is free of charge while it is stopped.
    NotFree,
}

/// Whether its owner is offered this: it can be done to it as it stands, whatever is owed, and is any good.
pub fn is_offered(at: At<'_>, it: &Resource, action: Action) -> bool {
    let clear = Standing { arrears_since: None, balance: Money::zero(it.currency) };
    worth(at, it, action).is_ok() && becomes(at, it, action, clear).is_ok()
}

/// Whether it is any good to a resource of its product: stopped, a server is charged for less, and a disk as before.
///
/// What no book knows any more may be stopped as it may. Errors: why it is not. Source: R-PPU-2.
pub fn worth(at: At<'_>, it: &Resource, action: Action) -> Result<(), Worthless> {
    let (is_worth, why_not) = match action {
        Action::Stop => (at.product_of(it).map_or(true, Product::is_stopped_for_less), Worthless::Stopped),
        Action::StopFree => (at.product_of(it).is_ok_and(Product::is_stopped_free), Worthless::NotFree),
        Action::Start | Action::Move | Action::Tag | Action::Renewal | Action::Release => return Ok(()),
    };
    if is_worth { Ok(()) } else { Err(why_not) }
}

/// For how many seconds a resource lies in the bin if its owner releases it now, and can be fetched back; 0 where it is gone at once,
/// as in arrears. Source: R-TIM-3, section 7 of the rules.
pub fn bin_seconds(tx: &mut Tx<'_>, at: At<'_>, it: &Resource) -> Result<u64, Refusal> {
    let standing = steps::standing(tx, it.account)?;
    Ok(in_the_bin(at, it, becomes(at, it, Action::Release, standing).ok()))
}

/// For how many seconds what becomes this lies in the bin.
fn in_the_bin(at: At<'_>, it: &Resource, then: Option<State>) -> u64 {
    match at.life_of(it) {
        Ok(product) if then == Some(State::Recycled) => life::bin_seconds(product, EndedBy::Owner),
        Ok(_) | Err(_) => 0,
    }
}

/// What a wish would do, resource by resource; those that are not the account's are left out. Nothing is written.
///
/// Errors: `NotFound` for a project that is not the account's.
pub fn preview(tx: &mut Tx<'_>, at: At<'_>, wish: Wish<'_>) -> Result<Vec<Preview>, Refusal> {
    check(tx, wish)?;
    let account = accounts::get(tx, wish.account)?;
    let standing = steps::standing(tx, wish.account)?;
    let found = store::resources::several(tx, wish.account, wish.resources)?;
    let action = Action::of(wish.deed);
    let preview = |shown: LabelledResource| {
        let becomes = becomes(at, &shown.resource, action, standing);
        let released = becomes.as_ref().ok().filter(|_| action == Action::Release).copied();
        let bin_seconds = in_the_bin(at, &shown.resource, released);
        let becomes =
            becomes.map(|state| Becomes { state, a_day: a_day(at, &account, &shown.resource, state) });
        Preview { worth: worth(at, &shown.resource, action), bin_seconds, shown, becomes }
    };
    Ok(found.into_iter().map(preview).collect())
}

/// What would keep every resource from it. Errors: `NotFound` for a project that is not the account's.
fn check(tx: &mut Tx<'_>, wish: Wish<'_>) -> Result<(), Refusal> {
    match wish.deed {
        Deed::Move(Some(project)) => match projects::get(tx, wish.account, *project) {
            Ok(_) => Ok(()),
            Err(error) => Err(Refusal::from(error).of("project")),
        },
        Deed::Move(None)
        | Deed::Tag(_)
        | Deed::Renewal(_)
        | Deed::Stop
        | Deed::StopFree
        | Deed::Start
        | Deed::Release => Ok(()),
    }
}

/// The state that a wish leads to. Errors: what the deed itself refuses.
fn becomes(at: At<'_>, it: &Resource, action: Action, standing: Standing) -> Result<State, Refusal> {
    let step = |event| Ok(it.clone().step(event, at.now)?.0.state);
    match action {
        Action::Stop => step(Event::Stop),
        Action::StopFree => {
            it.may_stop_free(standing.balance)?;
            step(Event::StopFree)
        }
        Action::Start if it.state == State::Recycled => {
            it.may_come_back()?;
            let back = step(Event::Start)?;
            match billing::arrears::blocks_purchase(standing.balance) {
                true => Err(OrderError::InArrears.into()),
                false => Ok(back),
            }
        }
        Action::Start => step(Event::Start),
        Action::Release => {
            let product = at.life_of(it)?;
            Ok(it.clone().ask_release(product, standing.arrears_since, at.now)?.0.state)
        }
        Action::Renewal => {
            renewal::may_renew(it, at.life_of(it)?, at.now, &at.desk.calendar)?;
            Ok(it.state)
        }
        Action::Move | Action::Tag => Ok(it.state),
    }
}

/// What a day of a resource costs as it stands and in another state. `None` where the book of now has no price for it.
fn a_day(at: At<'_>, account: &Account, it: &Resource, then: State) -> Option<[Amount; 2]> {
    let plan =
        Plan::resolve(at.book_of(account.id, account.currency).ok()?, &it.product, &it.options).ok()?;
    let cost = |state| pace::a_day(&plan, state, account.terms).ok();
    Some([cost(it.state)?, cost(then)?])
}

/// What became of a wish.
#[derive(Debug)]
pub struct Outcome {
    pub resource: ResourceId,
    /// Why not, where it was refused.
    pub refused: Option<Refusal>,
}

/// Does what is wished to each resource that it can be done to, in the order given.
///
/// Errors: only what keeps all of them from it, such as a project that there is not, or a database that does not answer; then
/// nothing is written.
pub fn act(tx: &mut Tx<'_>, at: At<'_>, wish: Wish<'_>) -> Result<Vec<Outcome>, Refusal> {
    check(tx, wish)?;
    let mut done = Vec::with_capacity(wish.resources.len());
    for id in wish.resources {
        let refused = match one(tx, at, Own { account: wish.account, id: *id }, wish.deed) {
            Ok(()) => None,
            Err(refusal) if is_of_all(&refusal) => return Err(refusal),
            Err(refusal) => Some(refusal),
        };
        done.push(Outcome { resource: *id, refused });
    }
    Ok(done)
}

/// Whether a refusal is not about the one resource: then the others are not tried.
fn is_of_all(refusal: &Refusal) -> bool {
    refusal.store_error().is_some_and(|error| !matches!(error, StoreError::NotFound(_)))
}

fn one(tx: &mut Tx<'_>, at: At<'_>, own: Own, deed: &Deed) -> Result<(), Refusal> {
    let Own { account, id } = own;
    let change = Change { at: at.now, ..Change::default() };
    match deed {
        Deed::Stop => resources::switch(tx, at, own, Event::Stop).map(drop),
        Deed::StopFree => resources::switch(tx, at, own, Event::StopFree).map(drop),
        Deed::Start => resources::switch(tx, at, own, Event::Start).map(drop),
        Deed::Release => resources::release(tx, at, own, EndedBy::Owner).map(drop),
        Deed::Renewal(flag) => {
            renewals::choose(tx, at, Choice { account, resource: id, flag: *flag }).map(drop)
        }
        Deed::Move(project) => labels::change(tx, account, id, Change { project: Some(*project), ..change }),
        Deed::Tag(tags) => {
            let tags = Some(TagChange::Merge(tags.clone()));
            labels::change(tx, account, id, Change { tags, ..change })
        }
    }
}
