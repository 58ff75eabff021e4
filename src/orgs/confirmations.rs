//! What a person said to have done, where nothing here could know it.

use crate::audit::{self, Act, Actor};
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::orgs::sql;
use crate::store::{OrgDb, Read};

/// When somebody said that a copy of the master key lies in a safe place; `None` where nobody did.
pub fn key_copy(reader: &impl Read) -> Result<Option<Instant>, Fault> {
    sql::confirmation(reader, KEY_COPY)
}

/// Writes down that a copy of the master key lies in a safe place. Saying it again says it anew.
pub fn confirm_key_copy(org: &OrgDb, actor: Actor, now: Instant) -> Result<(), Fault> {
    org.write(move |tx| {
        let audited = audit::record(tx, now, actor, &Act::KeyCopyConfirmed)?;
        sql::put_confirmation(&audited, KEY_COPY, now)
    })
}

const KEY_COPY: &str = "key_copy";
