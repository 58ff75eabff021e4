//! Proving who is at the keyboard.
