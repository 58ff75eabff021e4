//! From a candidate to a checked finding: worded locally, gated before anyone sees it.
