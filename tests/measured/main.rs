//! How good the pure parts are on labelled data: figures, printed with `--nocapture`, and modest floors under them.
//!
//! Never a unit test: what must hold for every input is asserted beside the code. The rooms that are measured here may not
//! read files themselves.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "the helpers of a test fail it by panicking, and its figures are to be seen"
)]

mod corpus;
mod prefilter;
