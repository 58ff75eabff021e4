//! Who decides has a live session or a token of their own: a decider cannot be made up, and nobody can raise their own role.

use smartretro::auth::{Human, Principal, Role};
use smartretro::base::id::MemberId;

fn raise(principal: Principal) -> Principal {
    Principal { role: Role::Owner, ..principal } //~ E0451 of struct `Principal` are private
}

fn main() {
    let member = MemberId::from_bytes([0; 16]);
    let _ = Human { member, via_token: false }; //~ E0451 fields `member` and `via_token`
}
