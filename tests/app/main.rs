//! The product from outside: the real binary, over HTTP and its command line. One file per noun.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "what a test cannot do without is what it fails on, and what it skips it says"
)]

mod access;
mod canaries;
mod clock;
mod commands;
mod configuration;
mod corpus;
mod deliveries;
mod durability;
mod first_run;
mod floods;
mod full_disk;
mod openapi;
mod operator;
mod opt_outs;
mod patterns;
mod shadow;
mod store_bytes;
mod support;
mod webhooks;
