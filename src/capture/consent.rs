//! The first opt-out gate: what may be taken in at all. Refuses by default.

use crate::base::id::TeamId;
use crate::connectors::{Account, Parsed};
use crate::people::{Lookups, OptOuts};
use crate::signals::refusal::Refusal;

/// Who stepped out, and how an account is compared with them.
pub struct Who<'a> {
    pub lookups: &'a Lookups,
    pub connector: &'a str,
    pub opted_out: &'a OptOuts,
}

impl Who<'_> {
    pub fn has_stepped_out(&self, account: &Account) -> bool {
        self.opted_out.includes(self.lookups, self.connector, &account.external_id, account.handle.as_deref())
    }

    /// Whether a name of an account that stepped out is not known as theirs yet.
    pub fn has_more_to_learn(&self, account: &Account) -> bool {
        self.opted_out.has_more_to_learn(self.lookups, self.connector, &account.external_id, account.handle.as_deref())
    }
}

/// A delivery that may be kept, once it is redacted.
///
/// Only [`admit`] makes one. If you need an `Admitted` elsewhere, you need this gate.
pub struct Admitted(Parsed);

/// Admits a delivery of a source that is listened to, by an author who did not step out. Of one in shadow mode the store takes nothing.
pub fn admit(parsed: Parsed, subscribed_for: Option<TeamId>, who: &Who<'_>) -> Result<Admitted, Refusal> {
    if subscribed_for.is_none() {
        return Err(Refusal::NotSubscribed);
    }
    if parsed.author.as_ref().is_some_and(|author| who.has_stepped_out(author)) {
        return Err(Refusal::OptedOut);
    }
    Ok(Admitted(parsed))
}

impl Admitted {
    /// For the redactor, the next gate.
    pub(super) fn into_parsed(self) -> Parsed {
        self.0
    }
}
