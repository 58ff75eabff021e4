//! A delivery is taken in by the gate of consent alone: nothing else admits one, or takes it out again unredacted.

use smartretro::capture::consent::Admitted;
use smartretro::connectors::Parsed;

fn take_in(parsed: Parsed) {
    let _ = Admitted(parsed); //~ E0423 private fields
}

fn take_out(admitted: Admitted) -> Parsed {
    admitted.into_parsed() //~ E0624 private
}

fn main() {}
