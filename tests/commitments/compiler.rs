//! Asks the compiler about a small program against this very build of the library.
//!
//! It names the metadata that cargo has made for this test already, instead of building the dependencies a second time
//! in a tree of its own: a case then takes as long as reading that metadata.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Crates that a case may speak to.
const CRATES: [&str; 3] = ["smartretro", "serde", "serde_json"];

/// How the names begin of what cargo tells a running test.
const TOLD: [&str; 5] = ["CARGO_PKG_", "CARGO_BIN_", "CARGO_MANIFEST_", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE"];

/// What the compiler is told about this build.
pub(crate) struct Build {
    /// Each of [`CRATES`] with the file that describes it.
    crates: BTreeMap<String, PathBuf>,
    /// Where the crates behind those lie.
    folders: Vec<PathBuf>,
    target: String,
}

/// An error of the compiler: its line in the case, its code, and what it says.
#[derive(Debug)]
pub(crate) struct Complaint {
    pub(crate) line: u64,
    pub(crate) code: String,
    pub(crate) words: String,
}

impl Build {
    /// The build that this test belongs to.
    pub(crate) fn find() -> Self {
        // .../<target directory>/<target>/<profile>/deps/<this test>
        let test = std::env::current_exe().expect("a test has a path");
        let mut above = test.ancestors().skip(1).map(Path::to_path_buf);
        let mut next = || above.next().expect("a test lies four folders deep in the target directory");
        let (deps, profile, triple, root) = (next(), next(), next(), next());
        let name = |path: &Path| path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let profile = name(&profile);
        let host_deps = root.join(&profile).join("deps");

        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--locked", "--offline", "--quiet", "--test", "commitments", "--message-format=json"]);
        if profile == "release" {
            cargo.arg("--release");
        }
        // What cargo tells a test about itself would make build scripts that watch these names run again.
        let is_told = |name: &str| TOLD.iter().any(|told| name.starts_with(told));
        std::env::vars().filter(|(name, _)| is_told(name)).for_each(|(name, _)| {
            cargo.env_remove(name);
        });
        let answer = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).env("CARGO_TARGET_DIR", &root).output().expect("cargo runs");
        assert!(answer.status.success(), "cargo: {}", String::from_utf8_lossy(&answer.stderr));
        let crates = json_lines(&answer.stdout).filter_map(|message| described(&message)).collect();
        Self { crates, folders: vec![deps, host_deps], target: name(&triple) }
    }

    /// What the compiler says against a program; empty when it compiles.
    pub(crate) fn complaints(&self, program: &Path) -> Vec<Complaint> {
        let mut rustc = Command::new("rustc");
        rustc.current_dir(env!("CARGO_MANIFEST_DIR"));
        rustc.args(["--edition", "2024", "--crate-type", "bin", "--crate-name", "case", "--cap-lints", "allow"]);
        rustc.args(["--error-format", "json", "--target", &self.target, "--emit=metadata=-"]);
        for folder in &self.folders {
            rustc.arg("-L").arg(format!("dependency={}", folder.display()));
        }
        for (name, file) in &self.crates {
            rustc.arg("--extern").arg(format!("{name}={}", file.display()));
        }
        let answer = rustc.arg(program).output().expect("rustc runs");
        let complaints: Vec<Complaint> = json_lines(&answer.stderr).filter_map(|message| complaint(&message)).collect();
        assert_eq!(answer.status.success(), complaints.is_empty(), "{}", String::from_utf8_lossy(&answer.stderr));
        complaints
    }
}

fn json_lines(bytes: &[u8]) -> impl Iterator<Item = Value> {
    bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok())
}

/// The name and the metadata of one of [`CRATES`], as cargo reports it.
fn described(message: &Value) -> Option<(String, PathBuf)> {
    let name = message.pointer("/target/name")?.as_str()?;
    let is_library = message.pointer("/target/kind")?.as_array()?.iter().any(|kind| kind == "lib" || kind == "rlib");
    let is_for_tests = message.pointer("/profile/test")?.as_bool()?;
    let mut files = message.get("filenames")?.as_array()?.iter().filter_map(Value::as_str).map(PathBuf::from);
    let file = files.find(|file| file.extension().is_some_and(|extension| extension == "rlib"))?;
    (is_library && !is_for_tests && CRATES.contains(&name)).then(|| (name.to_owned(), file))
}

fn complaint(message: &Value) -> Option<Complaint> {
    let span = message.get("spans")?.as_array()?.iter().find(|span| is_true(span, "/is_primary"))?;
    let is_error = message.get("level")? == "error";
    let code = text_at(message, "/code/code");
    is_error.then(|| Complaint { line: line_in_case(span), code, words: text_at(message, "/rendered") })
}

fn is_true(value: &Value, pointer: &str) -> bool {
    value.pointer(pointer).and_then(Value::as_bool).unwrap_or(false)
}

fn text_at(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The line in the case itself, where the complaint is about what a macro made of it.
fn line_in_case(span: &Value) -> u64 {
    match span.pointer("/expansion/span") {
        Some(outer) => line_in_case(outer),
        None => span.pointer("/line_start").and_then(Value::as_u64).unwrap_or(0),
    }
}
