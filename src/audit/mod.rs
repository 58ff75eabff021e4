//! Append-only record of every administrative act.
