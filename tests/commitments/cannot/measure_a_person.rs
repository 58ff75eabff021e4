//! A number may be about a team, a channel or a repository; a person is no subject, and cannot be made one from outside.

use smartretro::base::id::{MemberId, PersonId};
use smartretro::base::subject::Subject;

fn measure<S: Subject>(_of: &S) {}

struct Score;

impl Subject for Score {} //~ E0277 Sealed

fn main() {
    measure(&PersonId::from_bytes([0; 16])); //~ E0277 `PersonId: Subject` is not satisfied
    measure(&MemberId::from_bytes([0; 16])); //~ E0277 `MemberId: Subject` is not satisfied
}
