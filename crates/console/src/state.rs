//! What the pages of the console share.
//!
//! Invariant: cheap to clone; the same for every request.

use crate::cookies::Reached;
use axum::Router;
use axum::extract::FromRef;
use providers::oidc::Provider;
use std::sync::Arc;
use web::Node;

/// How the console is reached, and how people come in.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Its address as people type it, such as `https://console.example.com`; empty where it is that of each request.
    pub public_url: String,
    /// By which people may sign in besides their passwords.
    pub oidc: Option<Arc<Provider>>,
    /// The document of the API, which is shown as pages.
    pub document: serde_json::Value,
}

impl Settings {
    /// Over what the console is reached.
    pub(crate) fn reached(&self) -> Reached {
        match self.public_url.starts_with("https://") {
            true => Reached::OverTls,
            false => Reached::Otherwise,
        }
    }
}

/// The state of the console; cheap to clone.
#[derive(Clone)]
pub(crate) struct Console {
    pub node: Node,
    pub settings: Arc<Settings>,
    /// The API of this process, which writes lists as CSV.
    pub lists: Router,
}

impl FromRef<Console> for Node {
    fn from_ref(console: &Console) -> Node {
        console.node.clone()
    }
}
