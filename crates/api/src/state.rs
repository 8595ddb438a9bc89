//! What the handlers of the API share: the node, and the lanes of calls that share transactions.
//!
//! Invariant: the node knows nothing of the lanes; each holds calls of one handler.

use super::cloudevents::Event;
use super::items::ItemBody;
use super::purchase::PurchaseCall;
use super::quotes::body::QuoteBody;
use super::quotes::view::QuotesView;
use axum::extract::FromRef;
use desk::Refusal;
use desk::authorize::Verdict;
use desk::usage::Taken;
use std::sync::Arc;
use web::Node;
use web::call::Given;
use web::identity::Actor;
use web::lane::{Bounds, Lane, Sharing};

/// Purchases that wait; those that come in while others are made share the next transaction.
pub type Purchases = Lane<PurchaseCall, Result<Given, Refusal>>;
/// Questions that wait; those that come in while others are read share the next reading.
pub type Questions = Lane<Vec<ItemBody>, Result<Verdict, Refusal>>;
/// Quotes that are waited for.
pub type Quotes = Lane<QuoteBody, Result<QuotesView, Refusal>>;

/// Readings that wait, by who sends them; those that come in while others are written share the next transaction.
pub type UsageLane = Lane<Vec<Event>, Result<Recorded, Refusal>, Actor>;
/// Events with what became of each, in their order.
pub type Recorded = (Vec<Event>, Vec<Result<Taken, Refusal>>);

/// How many readings share a transaction and wait. On PostgreSQL some turns decide while others write.
const READINGS: Bounds =
    Bounds { together: 10_000, waiting: 200_000, of_owner: 100_000, sharing: Sharing::Any, turns: 4 };

/// The lanes of a node's API.
#[derive(Clone)]
pub struct Lanes {
    pub purchases: Arc<Purchases>,
    pub questions: Arc<Questions>,
    pub quotes: Arc<Quotes>,
    pub usage: Arc<UsageLane>,
}

/// The state of the API; cheap to clone.
#[derive(Clone)]
pub struct Api {
    node: Node,
    lanes: Lanes,
}

impl Api {
    pub fn new(node: Node) -> Api {
        let turns = READINGS.turns.min(node.store().writes_at_once());
        let lanes = Lanes {
            purchases: Arc::new(Lane::new("purchases", Bounds::ONE_BY_ONE)),
            questions: Arc::new(Lane::new("authorize", Bounds::ONE_BY_ONE)),
            quotes: Arc::new(Lane::new("quotes", Bounds::ONE_BY_ONE)),
            usage: Arc::new(Lane::new("usage", Bounds { turns, ..READINGS })),
        };
        Api { node, lanes }
    }
}

impl FromRef<Api> for Node {
    fn from_ref(api: &Api) -> Node {
        api.node.clone()
    }
}

impl FromRef<Api> for Lanes {
    fn from_ref(api: &Api) -> Lanes {
        api.lanes.clone()
    }
}
