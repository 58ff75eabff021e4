//! The appliance from outside, on this machine: `cargo bench --bench appliance -- ingest`, and the other tables by their names. What each one does, and what
//! it showed, is in `benches/README.md`.
//!
//! Never asserts: a machine's load is no defect of the code.

#![recursion_limit = "256"]
#![expect(clippy::print_stdout, reason = "its figures are what it is run for")]
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a bench that cannot go on has nothing to show"
)]
#![expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "figures for people")]

mod bare;
mod body;
mod floods;
mod ingest;
mod load;
mod overload;
mod pages;
mod process;
mod start;
#[path = "../../tests/app/support/mod.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod support;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["bare", folder, secret] => bare::serve(folder.as_ref(), secret),
        ["floods"] => floods::table(),
        ["ingest"] => ingest::table(),
        ["overload"] => overload::table(),
        ["pages"] => pages::table(),
        ["start"] => start::table(),
        _ => println!("usage: cargo bench --bench appliance -- floods | ingest | overload | pages | start"),
    }
}
