//! Who is what in an organisation. The rules about who may change it stand in `members/`.

use crate::audit::Audited;
use crate::auth::{Role, sql};
use crate::base::error::Fault;
use crate::base::id::MemberId;
use crate::store::Read;

/// What this member is; `None` for who is no member here.
pub fn of(reader: &impl Read, member: MemberId) -> Result<Option<Role>, Fault> {
    sql::role_of(reader, member)
}

/// Everybody who is something here.
pub fn all(reader: &impl Read) -> Result<Vec<(MemberId, Role)>, Fault> {
    sql::roles(reader)
}

/// How many owners there are.
pub fn owners(reader: &impl Read) -> Result<i64, Fault> {
    sql::owners(reader)
}

/// Makes a member this, whatever they were.
pub fn set(audited: &Audited<'_>, member: MemberId, role: Role) -> Result<(), Fault> {
    sql::set_role(audited, member, role)
}

/// Takes all that a member may do here, and their tokens with it: from the commit on, a session or token of theirs opens nothing.
pub fn strip(audited: &Audited<'_>, member: MemberId) -> Result<(), Fault> {
    sql::delete_role(audited, member)?;
    sql::delete_api_tokens_of(audited, member)
}
