//! What the handlers of the API share: the node, and the lanes of calls that share transactions.
//!
//! Invariant: the node knows nothing of the lanes; each holds calls of one handler.

use super::items::ItemBody;
use super::purchase::PurchaseCall;
use super::quotes::view::QuotesView;
use axum::extract::FromRef;
use desk::Refusal;
use desk::authorize::Verdict;
use std::sync::Arc;
use web::Node;
use web::call::Given;
use web::lane::Lane;

/// Purchases that wait; those that come in while others are made share the next transaction.
pub type Purchases = Lane<PurchaseCall, Result<Given, Refusal>>;
/// Questions that wait; those that come in while others are read share the next reading.
pub type Questions = Lane<Vec<ItemBody>, Result<Verdict, Refusal>>;
/// Quotes that are waited for.
pub type Quotes = Lane<Vec<ItemBody>, Result<QuotesView, Refusal>>;

/// The lanes of a node's API.
#[derive(Clone)]
pub struct Lanes {
    pub purchases: Arc<Purchases>,
    pub questions: Arc<Questions>,
    pub quotes: Arc<Quotes>,
}

/// The state of the API; cheap to clone.
#[derive(Clone)]
pub struct Api {
    node: Node,
    lanes: Lanes,
}

impl Api {
    pub fn new(node: Node) -> Api {
        let lanes = Lanes {
            purchases: Arc::new(Lane::new("purchases")),
            questions: Arc::new(Lane::new("authorize")),
            quotes: Arc::new(Lane::new("quotes")),
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
