//! What comes next for an account, with all that a page or a program says of it.
//!
//! In:  an account, its costs and packs as they stand. Out: steps with what they are about, and how long its money lasts.
//! Invariant: what happens to a resource is what its life says, and packs and money run out as the sweep and the settlement
//! say, asked ahead; nothing is written.
//! Rules: R-EXP-1, R-PKG-2, R-PKG-15.

use super::cost::{self, AccountCost};
use super::lists::accounts::{self, Customer};
use super::outlook::{self, Standing as PackStanding};
use super::{At, Refusal};
use billing::ahead::{self, Coming, Spending, Step};
use billing::life::Standing;
use billing::resource::Resource;
use billing::story;
use std::collections::BTreeMap;
use store::{Tx, resources};
use units::{AccountId, Amount, Money, PackId, ResourceId, Timestamp};

/// Resources that are looked at: those whose next step comes first.
const MOST: usize = 20;

/// What comes next.
#[derive(Clone, Debug)]
pub struct Ahead {
    /// Until the horizon, in the order of time.
    pub steps: Vec<Step>,
    /// The resources that the steps are about.
    pub resources: BTreeMap<ResourceId, Resource>,
    /// What the packs in force are called.
    pub packs: BTreeMap<PackId, String>,
    /// What a day costs of what goes by use; `None` where that cannot be computed.
    pub a_day: Option<Amount>,
    /// When the money is gone at that pace, also behind the horizon; `None` where it does not go, or is gone.
    pub gone: Option<Timestamp>,
}

/// An account as it stands: its money, its costs, its packs in force.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    pub customer: &'a Customer,
    pub cost: &'a AccountCost,
    pub packs: &'a [PackStanding],
}

/// What comes next for an account, with all that it follows from read. Errors: `NotFound`.
pub fn alone(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<Ahead, Refusal> {
    let customer = accounts::one(tx, account)?;
    let cost = cost::of_account(tx, at, account)?;
    let packs = outlook::in_force(tx, at, account)?;
    of_account(tx, at, Known { customer: &customer, cost: &cost, packs: &packs })
}

/// What comes next for an account that is known.
pub fn of_account(tx: &mut Tx<'_>, at: At<'_>, known: Known<'_>) -> Result<Ahead, Refusal> {
    let Known { customer: of, cost, packs } = known;
    let (mut steps, mut resources) = (Vec::new(), BTreeMap::new());
    let standing = Standing { arrears_since: of.account.arrears_since, balance: of.wallet.balance() };
    for read in resources::ahead(tx, of.account.id, ahead::horizon(at.now)?, MOST)? {
        let resource = read.resource;
        // What the book of now does not know has no life that could be told.
        let Ok(product) = at.product(&resource.product) else { continue };
        let next = story::ahead(&resource, product, standing, &at.desk.calendar)?.into_iter().next();
        if let Some(next) = next {
            steps.push(Step { at: next.at, coming: Coming::Resource { id: resource.id, what: next.what } });
            resources.insert(resource.id, resource);
        }
    }
    steps.extend(packs.iter().flat_map(of_pack));
    let spending = spending(of, cost)?;
    let gone = match spending {
        Some(it) => it.gone(at.now)?,
        None => None,
    };
    steps.extend(gone.map(|at| Step { at, coming: Coming::MoneyGone }));
    let steps = ahead::in_order(steps, at.now)?;
    let packs = packs.iter().map(|it| (it.pack.id, it.pack.name.clone())).collect();
    Ok(Ahead { steps, resources, packs, a_day: spending.map(|it| it.a_day), gone })
}

/// When a pack is empty, or else when what is left of it is lost.
fn of_pack(it: &PackStanding) -> Option<Step> {
    let pack = it.pack.id;
    let ends = Step { at: it.pack.expires, coming: Coming::PackEnds(pack) };
    let empty = it.empty.map(|at| Step { at, coming: Coming::PackEmpty(pack) });
    (it.left > 0).then(|| empty.unwrap_or(ends))
}

/// `None` where what is open, or what a day costs, cannot be computed.
fn spending(of: &Customer, cost: &AccountCost) -> Result<Option<Spending>, Refusal> {
    let (Ok(open), Ok(a_day)) = (&cost.open, &cost.a_day) else { return Ok(None) };
    let open = Money::sum(open.iter().map(|it| it.total), cost.currency)?.to_amount();
    Ok(Some(Spending { balance: of.wallet.balance(), open, a_day: *a_day }))
}
