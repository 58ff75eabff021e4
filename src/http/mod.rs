//! Shared by every door.
