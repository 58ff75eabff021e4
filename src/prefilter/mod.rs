//! Local scoring: pure functions. Most signals stop here.
