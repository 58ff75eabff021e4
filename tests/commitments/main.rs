//! The published sentences, each held by a type, a wall or a test that fails when it stops being true.
//!
//! What must not compile lies in `cannot/`, a file for each sentence.

#![expect(clippy::expect_used, reason = "what this test cannot do without is what it fails on")]

mod cannot;
mod compiler;
