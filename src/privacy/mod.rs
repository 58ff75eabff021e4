//! The person's rights, across every table.
