//! Thin named wrappers over audited primitives; the only source of randomness.
