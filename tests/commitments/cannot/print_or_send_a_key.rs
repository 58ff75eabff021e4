//! The master key has no words, not even for debugging, and no form for a wire.

use smartretro::crypto::keys::Kek;

fn leak(kek: &Kek) {
    println!("{kek:?}"); //~ E0277 doesn't implement `Debug`
    println!("{kek}"); //~ E0277 doesn't implement `std::fmt::Display`
    let _ = serde_json::to_string(kek); //~ E0277 serde
}

fn main() {}
