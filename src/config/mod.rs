//! One struct, read once, passed by value.
