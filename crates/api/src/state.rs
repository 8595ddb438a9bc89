//! What the handlers of the API share: the node, and the lanes of calls that share transactions.
//!
//! Invariant: the node knows nothing of the lanes; each holds calls of one handler.

use super::authorize::Questions;
use super::buy::Purchases;
use super::quotes::Quotes;
use axum::extract::FromRef;
use std::sync::Arc;
use web::Node;

/// The lanes of a node's API.
#[derive(Clone, Default)]
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
        Api { node, lanes: Lanes::default() }
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
