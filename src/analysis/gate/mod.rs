//! What a finding must pass before anyone sees it. Each rule is a file; [`cleared::clear`] asks them in order, and the
//! first that fails drops the finding. A dropped finding is counted by reason, never told in laxer words.

pub mod cleared;
mod cohort;
mod person;
mod size;
mod sources;

use std::fmt;

/// Why a finding was dropped. Counted, never shown with what it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dropped {
    /// Fewer than three sources, more than twenty, or one without a link.
    Sources,
    /// Fewer people than may be spoken of.
    GroupTooSmall,
    /// It holds a name, a handle, an address or a word about one person.
    SpeaksOfAPerson,
    /// A part is empty or longer than its limit, or holds characters that are not seen.
    Size,
}

impl Dropped {
    /// The reason as it is counted.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sources => "sources",
            Self::GroupTooSmall => "group_too_small",
            Self::SpeaksOfAPerson => "speaks_of_a_person",
            Self::Size => "size",
        }
    }
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
