//! Calls the one verb of [`smartretro::cli`].

fn main() {}
