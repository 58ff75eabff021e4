//! What a member keeps about themselves: a name, an address, a password. Former values are kept nowhere.

use crate::audit::{self, Act, Actor};
use crate::auth::account::{self, AccountError, Email};
use crate::auth::sign_in::{Desk, Proven, SignInError, Visitor};
use crate::auth::{session, sql};
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::{MemberId, OrgId};
use crate::crypto::token::Token;
use crate::store::MainDb;

/// A member, as they see themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    pub email: String,
}

/// Why nothing was changed.
#[derive(Debug)]
pub enum ProfileError {
    NameMissing,
    NoEmail,
    /// The present password is not this one.
    WrongPassword,
    ComeBack {
        after_s: u64,
    },
    /// What is wrong with the new one.
    Account(AccountError),
    Fault(Fault),
}

impl From<Fault> for ProfileError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<SignInError> for ProfileError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::WrongPassword,
            SignInError::ComeBack { after_s } => Self::ComeBack { after_s },
            SignInError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// What is kept about this member; `None` for an unknown one.
pub fn of(main: &MainDb, member: MemberId) -> Result<Option<Profile>, Fault> {
    main.read(|reader| sql::profile(reader, member))
}

/// Gives oneself another name.
pub fn rename(main: &MainDb, member: MemberId, name: &str, actor: Actor, now: Instant) -> Result<(), ProfileError> {
    let name = account::member_name(name).ok_or(ProfileError::NameMissing)?;
    Ok(main.write(move |tx| {
        let audited = audit::record(tx, now, actor, &Act::ProfileChanged { member, what: "name" })?;
        sql::set_name(&audited, member, &name)
    })?)
}

/// Gives oneself another address to sign in with. Takes the password: whoever finds a browser open must not walk away with the account.
pub fn change_email(
    (desk, main): (&Desk, &MainDb),
    member: MemberId,
    (email, password): (&str, &str),
    (network, actor): (&str, Actor),
    now: Instant,
) -> Result<(), ProfileError> {
    let email = Email::parse(email).ok_or(ProfileError::NoEmail)?;
    let proven = desk.prove(main, member, password, network, now)?;
    main.write(move |tx| {
        if !proven.holds(tx)? {
            return Err(ProfileError::WrongPassword);
        }
        let audited = audit::record(tx, now, actor, &Act::ProfileChanged { member, what: "e-mail address" })?;
        if sql::set_email(&audited, member, &email)? { Ok(()) } else { Err(ProfileError::Account(AccountError::EmailTaken)) }
    })
}

/// Gives oneself another password. Every session of the member ends with it, wherever it is; the answer is a new one for whoever asked. Of two
/// who change it at once with the same present one, the first does: the other's is the present one no more.
pub fn change_password(
    (desk, main): (&Desk, &MainDb),
    (member, org): (MemberId, OrgId),
    (present, new): (&str, &str),
    (visitor, actor): (Visitor<'_>, Actor),
    now: Instant,
) -> Result<Token, ProfileError> {
    account::check_password(new).map_err(ProfileError::Account)?;
    let proven = desk.prove(main, member, present, visitor.network, now)?;
    let hash = desk.in_turn(|| account::hashed(new))?.map_err(ProfileError::Account)?;
    let chosen = Proven::by(member, hash.clone());
    main.write(move |tx| {
        if !proven.holds(tx)? {
            return Err(ProfileError::WrongPassword);
        }
        let audited = audit::record(tx, now, actor, &Act::PasswordChanged { member })?;
        sql::set_password(&audited, member, &hash)?;
        sql::delete_sessions_of(&audited, member)?;
        Ok(())
    })?;
    session::begin(main, chosen, org, visitor.device, now)?.ok_or(ProfileError::WrongPassword)
}
