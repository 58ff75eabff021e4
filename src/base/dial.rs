//! The dial: how easily the product speaks. Quiet unless a team asks for more.

use std::fmt;

/// A stop of the dial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Dial {
    #[default]
    Quiet,
    Normal,
    Verbose,
}

impl Dial {
    pub const ALL: [Self; 3] = [Self::Quiet, Self::Normal, Self::Verbose];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Normal => "normal",
            Self::Verbose => "verbose",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dial| dial.as_str() == word)
    }

    /// Most new patterns a team is shown in a week (DETECTORS, 'The contract of every detector').
    pub const fn new_patterns_per_week(self) -> usize {
        match self {
            Self::Quiet => 3,
            Self::Normal => 5,
            Self::Verbose => 10,
        }
    }
}

impl fmt::Display for Dial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
