//! [`Human`]: a person who is deciding, now.
//!
//! Verbs that decide take a `Human` by value: one proof, one decision. A job, a detector or a model has none, and nothing outside
//! this room can make one.

use crate::audit::Actor;
use crate::base::id::MemberId;

/// A person with a live session, or acting through their own token that was given the scope `decide`. Cannot be copied: a copy could
/// outlive the session.
#[derive(Debug)]
pub struct Human {
    member: MemberId,
    via_token: bool,
}

/// Only [`Principal::human`](super::Principal::human) calls this, after it has asked for the right to decide.
pub(super) const fn mint(member: MemberId, via_token: bool) -> Human {
    Human { member, via_token }
}

impl Human {
    pub const fn member(&self) -> MemberId {
        self.member
    }

    /// How the audit log names them.
    pub const fn actor(&self) -> Actor {
        if self.via_token { Actor::MemberViaToken(self.member) } else { Actor::Member(self.member) }
    }
}
