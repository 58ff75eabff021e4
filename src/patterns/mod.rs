//! What the team sees, with its evidence.
