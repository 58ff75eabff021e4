//! The organisation itself: one file, one name.

use crate::audit::{self, Act, Actor};
use crate::auth::Role;
use crate::auth::account::{self, AccountError, NewAccount};
use crate::base::clock::Clock;
use crate::base::error::Fault;
use crate::base::id::{MemberId, OrgId};
use crate::base::text::one_line;
use crate::orgs::sql;
use crate::store::{OrgDb, Store, Tx};

/// Longest name of an organisation, in characters: one line of a page's header.
const NAME_CHARS_MAX: usize = 80;

/// Makes an organisation with its first owner. Either both exist afterwards, or neither.
pub fn found(store: &Store, clock: &Clock, name: &str, owner: NewAccount, actor: Actor) -> Result<(OrgDb, MemberId), AccountError> {
    let (now, name, member) = (clock.now(), one_line(name, NAME_CHARS_MAX), owner.member());
    let in_file = move |tx: &Tx<'_>, id: OrgId| {
        let audited = audit::record(tx, now, actor, &Act::OrganisationCreated { name: name.clone() })?;
        sql::insert_organisation(&audited, id, &name, now)?;
        Ok(account::give_role(tx, member, Role::Owner, actor, now)?)
    };
    let in_main = move |tx: &Tx<'_>, id: OrgId| owner.insert(tx, id, Role::Owner, actor, now);
    let org = store.create_org(clock, in_file, in_main)?;
    Ok((org, member))
}

/// What the organisation is called.
pub fn name(org: &OrgDb) -> Result<String, Fault> {
    org.known("organisation", &[], |reader| sql::organisation_name(reader)).map(|name| name.as_ref().clone())
}
