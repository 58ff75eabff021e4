//! Keeping it alive.
