//! Accounts: an e-mail, a name, a password's hash. Nothing else is kept about a member.

use crate::audit::{self, Act, Actor};
use crate::auth::{Role, profile, sql};
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::{MemberId, OrgId};
use crate::base::text::one_line;
use crate::crypto::{password, random};
use crate::store::{MainDb, Tx};

/// Shortest password: NIST SP 800-63B, 3.1.1.2 asks for at least 8, and 15 where it is the only factor; 12 is the middle
/// that self-hosted products settled on.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Longest password, in bytes: argon2 takes more, but a hash must not be a way to keep the machine busy.
pub const PASSWORD_BYTES_MAX: usize = 1024;
/// Longest name of a member, in characters: one line of a page.
const NAME_CHARS_MAX: usize = 100;
/// Longest e-mail address (RFC 5321, 4.5.3.1.3).
const EMAIL_BYTES_MAX: usize = 254;

/// Longest part before the @ (RFC 5321, 4.5.3.1.1).
const LOCAL_BYTES_MAX: usize = 64;
/// Longest label of a host (RFC 1035, 2.3.4).
const LABEL_BYTES_MAX: usize = 63;

/// A normalised e-mail address.
///
/// It is what a browser's own input for addresses takes (HTML, 4.10.5.1.5): ASCII. So there are no two that look the same, and no two ways to
/// write one; of an international domain it is the form that mail goes by, which browsers make by themselves.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Trimmed and lower-cased; `None` unless it is `name@host`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (local, host) = text.rsplit_once('@')?;
        let is_local = local.bytes().all(|b| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b));
        let fits = !local.is_empty() && local.len() <= LOCAL_BYTES_MAX && text.len() <= EMAIL_BYTES_MAX;
        (fits && is_local && host.split('.').all(is_label)).then(|| Self(text.to_ascii_lowercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether this is a part of a host's name: letters, digits and inner hyphens.
fn is_label(label: &str) -> bool {
    let is_plain = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_plain && !label.is_empty() && label.len() <= LABEL_BYTES_MAX && !label.starts_with('-') && !label.ends_with('-')
}

/// Why an account cannot be made.
#[derive(Debug)]
pub enum AccountError {
    PasswordTooShort,
    PasswordTooLong,
    EmailTaken,
    Fault(Fault),
}

impl From<Fault> for AccountError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// An account that is ready to be written: its password is hashed already, which takes too long for a transaction.
pub struct NewAccount(sql::Account);

impl NewAccount {
    /// Checks what was typed, and hashes the password.
    pub fn prepare(email: &Email, name: &str, password: &str, now: Instant) -> Result<Self, AccountError> {
        check_password(password)?;
        let member = MemberId::new(now, random::bytes()?);
        let name = one_line(name, NAME_CHARS_MAX);
        Ok(Self(sql::Account { member, email: email.clone(), name, password: hashed(password)? }))
    }

    pub const fn member(&self) -> MemberId {
        self.0.member
    }

    /// Writes the account into `main.db`, as a member of one organisation.
    pub fn insert(&self, tx: &Tx<'_>, org: OrgId, role: Role, actor: Actor, now: Instant) -> Result<(), AccountError> {
        let audited = audit::record(tx, now, actor, &Act::MemberAdded { member: self.member(), role: role.as_str() })?;
        if !sql::insert_account(&audited, &self.0, now)? {
            return Err(AccountError::EmailTaken);
        }
        Ok(sql::insert_membership(&audited, self.member(), org)?)
    }
}

/// Says what is wrong with a new password.
pub fn check_password(password: &str) -> Result<(), AccountError> {
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return Err(AccountError::PasswordTooShort);
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(AccountError::PasswordTooLong);
    }
    Ok(())
}

/// What is stored of a password.
pub(super) fn hashed(password: &str) -> Result<String, AccountError> {
    check_password(password)?;
    Ok(password::hash(password)?)
}

/// A name as it is kept; `None` where nothing is left of it.
pub fn member_name(text: &str) -> Option<String> {
    Some(one_line(text, NAME_CHARS_MAX)).filter(|name| !name.is_empty())
}

/// Makes the holder of an account a member of one more organisation.
pub fn join(main: &MainDb, member: MemberId, org: OrgId, role: Role, now: Instant) -> Result<(), Fault> {
    main.write(move |tx| {
        let audited = audit::record(tx, now, Actor::Member(member), &Act::MemberAdded { member, role: role.as_str() })?;
        sql::insert_membership(&audited, member, org)
    })
}

/// Forgets that somebody was a member of an organisation, and their account where that was the last.
pub fn forget(main: &MainDb, member: MemberId, org: OrgId, actor: Actor, now: Instant) -> Result<(), Fault> {
    main.write(move |tx| {
        let audited = audit::record(tx, now, actor, &Act::MemberRemoved { member })?;
        sql::delete_membership(&audited, member, org)?;
        sql::delete_account_without_membership(&audited, member)
    })
}

/// The names and addresses of the members of one organisation.
pub fn of_org(main: &MainDb, org: OrgId) -> Result<Vec<(MemberId, profile::Profile)>, Fault> {
    main.read(|reader| sql::profiles_of_org(reader, org))
}

/// Whether there is an account of this address, in any organisation.
pub fn exists(main: &MainDb, email: &Email) -> Result<bool, Fault> {
    main.read(|reader| Ok(sql::account_by_email(reader, email)?.is_some()))
}

/// Gives a member a role, in the organisation's own file.
pub fn give_role(tx: &Tx<'_>, member: MemberId, role: Role, actor: Actor, now: Instant) -> Result<(), Fault> {
    let audited = audit::record(tx, now, actor, &Act::MemberAdded { member, role: role.as_str() })?;
    sql::set_role(&audited, member, role)
}

/// The name a member gave themselves; `None` for an unknown member.
pub fn name_of(main: &MainDb, member: MemberId) -> Result<Option<String>, Fault> {
    main.known("name", member.as_bytes(), |reader| sql::name_of(reader, member)).map(|name| name.as_ref().clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_is_normalised_or_refused() {
        assert_eq!(Email::parse(" Ana@Example.ORG ").unwrap().as_str(), "ana@example.org");
        assert_eq!(Email::parse("o'neil+retro@x-1.example\n").unwrap().as_str(), "o'neil+retro@x-1.example");
        for bad in ["", "ana", "@x", "ana@", "a b@c", "a@b@c", "a@b..c", "a@-b", "a@b-", "a,b@c", "<a@b>", "\"a\"@b", "a@b_c"] {
            assert!(Email::parse(bad).is_none(), "{bad}");
        }
        assert!(Email::parse(&format!("{}@b", "a".repeat(65))).is_none());
        assert!(Email::parse(&format!("a@{}", "b.".repeat(130) + "c")).is_none());
    }

    #[test]
    fn no_two_addresses_look_the_same() {
        for twin in
            ["\u{430}na@acme.example", "ana\u{200B}@acme.example", "ana@\u{FF41}cme.example", "jose\u{301}@acme.example", "a\u{212A}@b"]
        {
            assert!(Email::parse(twin).is_none(), "{twin:?}");
        }
    }
}
