//! A group that may be spoken of is made by counting people, never by claiming a size.

use smartretro::base::subject::Cohort;

fn main() {
    let _ = Cohort { active: 9, contributors: 9 }; //~ E0451 fields `active` and `contributors`
}
