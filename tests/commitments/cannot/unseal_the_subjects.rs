//! The seal on the subjects of a measure is not in reach.

use smartretro::base::id::PersonId;

struct Person(PersonId);

impl smartretro::base::subject::sealed::Sealed for Person {} //~ E0603 module `sealed` is private

fn main() {}
