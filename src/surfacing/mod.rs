//! Deciding whether to speak.
