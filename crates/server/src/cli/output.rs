//! How a command prints.

/// Text, JSON, or as little as says whether all is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    Text,
    Quiet,
    Json,
}

impl Output {
    /// JSON when it is asked for, text otherwise.
    pub(crate) const fn json_if(asked: bool) -> Output {
        if asked { Output::Json } else { Output::Text }
    }
}
