//! The four gates, in order, in memory; nothing unredacted reaches disk.
