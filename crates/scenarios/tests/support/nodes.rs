//! Two nodes on one database, of each engine.
//!
//! In:  nothing. Out: two stores on one file, two on one PostgreSQL database; what they lie in goes with them.

use super::served::Folder;
use std::sync::Arc;
use store::Store;
use store::testing::{Postgres, postgres};

/// Two nodes on one database.
pub struct Nodes {
    pub engine: &'static str,
    pub one: Store,
    pub other: Store,
    // Behind the stores: what is open is closed first.
    _folder: Option<Folder>,
    _server: Option<Arc<Postgres>>,
}

/// Two nodes on an empty database of each engine.
pub fn nodes() -> Vec<Nodes> {
    let (folder, server) = (Folder::new("nodes"), postgres());
    let (file, url) = (folder.0.join("till.db"), server.fresh_database());
    let open = || Store::embedded(&file).unwrap();
    let connect = || Store::postgres(&url).unwrap();
    vec![
        Nodes { engine: "sqlite", one: open(), other: open(), _folder: Some(folder), _server: None },
        Nodes {
            engine: "postgres",
            one: connect(),
            other: connect(),
            _folder: None,
            _server: Some(server.clone()),
        },
    ]
}
