//! The one function that makes a decider is out of reach.

use smartretro::base::id::MemberId;

fn main() {
    let _ = smartretro::auth::human::mint(MemberId::from_bytes([0; 16]), false); //~ E0603 function `mint` is private
}
