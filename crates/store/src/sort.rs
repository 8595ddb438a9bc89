//! In which order lists come that may come in several.

/// In which order a list of things with names comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Newest,
    Oldest,
    Name,
}

/// In which order a list of what happened comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Age {
    #[default]
    Newest,
    Oldest,
}

impl Age {
    pub const ALL: [Age; 2] = [Age::Newest, Age::Oldest];

    pub const fn as_str(self) -> &'static str {
        match self {
            Age::Newest => "newest",
            Age::Oldest => "oldest",
        }
    }
}

impl From<Age> for Sort {
    fn from(age: Age) -> Sort {
        match age {
            Age::Newest => Sort::Newest,
            Age::Oldest => Sort::Oldest,
        }
    }
}

impl Sort {
    pub const ALL: [Sort; 3] = [Sort::Newest, Sort::Oldest, Sort::Name];

    pub const fn as_str(self) -> &'static str {
        match self {
            Sort::Newest => "newest",
            Sort::Oldest => "oldest",
            Sort::Name => "name",
        }
    }
}
