//! The person's rights, across every table.

pub mod commitments;

use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::secret::Secret;
use crate::connectors::{self, Connector};
use crate::people::{Lookups, opt_out};
use crate::store::OrgDb;
use crate::{capture, patterns};

/// How often the log is tried to be emptied at once; after that the hourly sweep does it. Each try waits for readers as long as any
/// statement waits for a lock.
const SCRUB_TRIES: u32 = 5;

/// The account of somebody who steps out, in the spelling by which it is recognised. A request that could not be obeyed is none.
pub struct Asked {
    connector: &'static str,
    account: String,
}

impl Asked {
    /// The account that a person means by `text` in this tool; `None` where [`Connector::account_hint`] should be shown.
    pub fn parse(tool: &'static dyn Connector, text: &str) -> Option<Self> {
        tool.account(text).map(|account| Self { connector: tool.name(), account })
    }
}

/// A person steps out, whoever asked for it: from this commit on nothing of theirs is taken in, and what
/// was kept of them is gone from every table, in the same transaction. Answers the receipt, which is shown once.
pub fn step_out(org: &OrgDb, asked: Asked, now: Instant) -> Result<Secret<String>, Fault> {
    let lookups = Lookups::of(org)?;
    let receipt = org.write(move |tx| {
        let tools = connectors::names();
        let account = asked.account.as_str();
        let named = opt_out::Named { connector: asked.connector, external_id: account, handle: Some(account), tools: &tools };
        let (receipt, leaving) = opt_out::record(tx, &lookups, named, now)?;
        let keys = capture::forget(tx, &leaving)?;
        patterns::forget(tx, &keys)?;
        Ok::<_, Fault>(receipt)
    })?;
    scrub(org)?;
    Ok(receipt)
}

/// Empties the log of what was there a moment ago. A reader may need it for the length of a query.
fn scrub(org: &OrgDb) -> Result<(), Fault> {
    for _ in 0..SCRUB_TRIES {
        if org.scrub()? {
            break;
        }
    }
    Ok(())
}
