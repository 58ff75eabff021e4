//! Where a pattern stands.

use std::fmt;

/// Open until a person closes it, until it has not been seen for four weeks, or until its place is no longer read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    Open,
    /// A person took note of it.
    Acknowledged,
    /// The team did something about it.
    Addressed,
    /// The team does not want it.
    Dismissed,
    /// Its condition has not held for four weeks, or its place is no longer read.
    Lapsed,
}

impl Status {
    pub const ALL: [Self; 5] = [Self::Open, Self::Acknowledged, Self::Addressed, Self::Dismissed, Self::Lapsed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::Addressed => "addressed",
            Self::Dismissed => "dismissed",
            Self::Lapsed => "lapsed",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether a person may choose it.
    pub const fn is_decision(self) -> bool {
        matches!(self, Self::Acknowledged | Self::Addressed | Self::Dismissed)
    }

    /// Whether the pattern is over with it.
    pub const fn closes(self) -> bool {
        matches!(self, Self::Addressed | Self::Dismissed | Self::Lapsed)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
