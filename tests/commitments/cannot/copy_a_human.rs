//! A person who decides is there as long as their session is: a copy could outlive it.

use smartretro::auth::Human;

fn keep(human: &Human) -> Human {
    let copy: Human = human.to_owned(); //~ E0308 expected `Human`
    copy
}

fn main() {}
