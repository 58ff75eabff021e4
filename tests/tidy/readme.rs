//! The README: its two commands work, and its tables are whole.

use crate::source::SourceFile;
use crate::{Breach, Case, Rule};

pub(crate) const RULES: &[Rule] = &[Rule {
    name: "README shows the two commands",
    remedy: "README.md and .ci/run both name `tests/run`, the one command that checks everything.",
    check: two_commands,
    breaks: &[
        Case { files: &[("README.md", "x\n"), (".ci/run", "tests/run\n")], at: &["README.md:1"] },
        Case { files: &[("README.md", "cargo run --release -- demo\ntests/run\n"), (".ci/run", "cargo test\n")], at: &[".ci/run:1"] },
    ],
    keeps: &[&[("README.md", "cargo run --release -- demo\ntests/run\n"), (".ci/run", "exec tests/run\n")]],
}];

fn two_commands(files: &[SourceFile]) -> Vec<Breach> {
    let says = |file: &&SourceFile, words: &[&str]| words.iter().all(|word| file.text.contains(word));
    let missing = files.iter().filter(|file| match file.path.as_str() {
        "README.md" => !says(file, &["cargo run --release -- demo", "tests/run"]),
        ".ci/run" => !says(file, &["tests/run"]),
        _ => false,
    });
    missing.map(|file| Breach::new(file, 1, "a command is missing")).collect()
}
