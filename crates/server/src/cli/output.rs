//! How a command prints.

/// Text, JSON, or as little as says whether all is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    Text,
    Quiet,
    Json,
}

impl From<bool> for Output {
    /// What the flag `--json` says.
    fn from(json: bool) -> Output {
        if json { Output::Json } else { Output::Text }
    }
}
