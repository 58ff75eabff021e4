//! The law of the house: floors, walls, names and pages, read off the files themselves.
//!
//! Each rule says in its message what to do instead, and brings cases that it must find and cases that it must let
//! pass, so that a rule which has gone blind fails here too. A rule is never loosened for a file: the file moves.

mod floors;
mod names;
mod pages;
mod readme;
mod source;
mod walls;

use source::SourceFile;
use std::fmt;
use std::fs;
use std::path::Path;

/// Folders that hold nothing of ours.
const SKIPPED: [&str; 3] = [".git", "target", "node_modules"];

/// One law, and what shows that it is awake.
struct Rule {
    name: &'static str,
    /// What to do instead.
    remedy: &'static str,
    check: fn(&[SourceFile]) -> Vec<Breach>,
    /// Each must be found at exactly the places it names.
    breaks: &'static [Case],
    /// In none of these may anything be found.
    keeps: &'static [&'static [(&'static str, &'static str)]],
}

/// A small house that breaks a rule.
struct Case {
    files: &'static [(&'static str, &'static str)],
    /// `path:line` of each breach, in order.
    at: &'static [&'static str],
}

/// A place where a rule is broken.
#[derive(Debug, PartialEq, Eq)]
struct Breach {
    path: String,
    line: usize,
    what: String,
}

impl Breach {
    fn new(file: &SourceFile, line: usize, what: impl Into<String>) -> Self {
        Self { path: file.path.clone(), line, what: what.into() }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path, self.line)
    }
}

/// Every rule there is.
fn rules() -> impl Iterator<Item = &'static Rule> {
    [floors::RULES, walls::RULES, names::RULES, pages::RULES, readme::RULES].into_iter().flatten()
}

/// The files of the project that are text, in order of their paths.
fn house() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(root, root, &mut files);
    files.sort();
    source::read(files.iter().map(|(path, text)| (path.as_str(), text.as_str())))
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_skipped = entry.file_name().to_str().is_some_and(|name| SKIPPED.contains(&name)) || path.is_symlink();
        if is_skipped {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, files);
        } else if let (Ok(text), Ok(inner)) = (fs::read_to_string(&path), path.strip_prefix(root)) {
            files.push((inner.to_string_lossy().into_owned(), text));
        }
    }
}

#[test]
fn the_house_keeps_every_rule() {
    let house = house();
    assert!(house.len() > 40, "only {} files were found: the walk is broken", house.len());
    let mut report = String::new();
    for rule in rules() {
        for breach in (rule.check)(&house) {
            report.extend(["\n", &breach.to_string(), ": ", rule.name, ": ", &breach.what, ".\n    ", rule.remedy]);
        }
    }
    assert!(report.is_empty(), "{report}\n");
}

#[test]
fn every_rule_finds_what_breaks_it() {
    for rule in rules() {
        assert!(!rule.breaks.is_empty(), "`{}` has no case that must fail", rule.name);
        for case in rule.breaks {
            let found: Vec<String> = (rule.check)(&source::read(case.files.iter().copied())).iter().map(ToString::to_string).collect();
            assert_eq!(found, case.at, "`{}` on {:?}", rule.name, case.files);
        }
    }
}

#[test]
fn no_rule_finds_fault_with_what_keeps_it() {
    for rule in rules() {
        for files in rule.keeps {
            assert_eq!((rule.check)(&source::read(files.iter().copied())), [], "`{}` on {files:?}", rule.name);
        }
    }
}
