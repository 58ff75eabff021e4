//! The two kinds that are read. The signed body names its kind; no header does.

use crate::signals::refusal::Refusal;
use crate::signals::words;

words! {
    /// What is told of.
    Kind {
        Deploy = "deploy",
        Incident = "incident",
    }
}

/// The kind of this name. Whatever else somebody sends here is not read.
pub(super) fn admit(word: &str) -> Result<Kind, Refusal> {
    Kind::parse(word).ok_or(Refusal::KindNotRead)
}
