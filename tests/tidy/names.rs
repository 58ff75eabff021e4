//! Names and words: what files are called, how they begin, and what they never say.

use crate::source::{Kind, SourceFile};
use crate::{Breach, Case, Rule};

/// Names that say nothing, and what to look for instead.
const BANNED: [(&str, &str); 11] = [
    ("util", "name the file after the one thing it does"),
    ("utils", "name the file after the one thing it does"),
    ("helper", "name the file after what it gives, beside the code that needs it"),
    ("helpers", "name the file after what it gives, beside the code that needs it"),
    ("common", "give each shared word its own file in base/"),
    ("misc", "give each thing its own file"),
    ("manager", "use the verb that it does: open, rotate, sweep"),
    ("managers", "use the verb that it does: open, rotate, sweep"),
    ("service", "use the noun that it keeps, or the verb that it does"),
    ("services", "use the noun that it keeps, or the verb that it does"),
    ("stuff", "name it after what it is"),
];

/// Beginnings of a path that only one machine has. Written in two halves, so that this file holds none of them.
const MACHINE_PATHS: [&str; 5] =
    [concat!("/ho", "me/"), concat!("/Us", "ers/"), concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("C:\\Us", "ers\\")];

/// Where a made-up path of a made-up machine is the very thing that is tested: stack traces and logs that get cut out.
const MADE_UP_PATHS: [&str; 3] = ["src/capture/redact/", "tests/fixtures/", "src/prefilter/"];

/// Hosts that packages are fetched from; their clients know them, the project need not. In two halves, as above.
const REGISTRIES: [&str; 8] = [
    concat!("crates", ".io"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("deb.debian", ".org"),
    concat!("docs", ".rs"),
    concat!("static.rust-lang", ".org"),
];

pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "names say what a thing is",
        remedy: "Rename it; the list in tests/tidy/names.rs suggests how.",
        check: names,
        breaks: &[
            Case { files: &[("src/base/utils.rs", "//! x\n")], at: &["src/base/utils.rs:1"] },
            Case { files: &[("src/orgs/team_helpers/mod.rs", "//! x\n")], at: &["src/orgs/team_helpers/mod.rs:1"] },
            Case { files: &[("src/a.rs", "mod misc {}\nstruct TeamManager;\n")], at: &["src/a.rs:1", "src/a.rs:2"] },
            Case { files: &[("tests/common/mod.rs", "//! x\n")], at: &["tests/common/mod.rs:1"] },
        ],
        keeps: &[&[("src/base/text.rs", "struct Commonality;\nuse actix_web::web::ServiceConfig;\n")]],
    },
    Rule {
        name: "a file says what it is",
        remedy: "Begin the file with `//!`: what it is, what it never does, and why.",
        check: file_docs,
        breaks: &[
            Case { files: &[("src/a.rs", "use std::fs;\n//! late\n")], at: &["src/a.rs:1"] },
            Case { files: &[("tests/app/a.rs", "// x\n")], at: &["tests/app/a.rs:1"] },
            Case { files: &[("benches/a.rs", "//!\n")], at: &["benches/a.rs:1"] },
        ],
        keeps: &[&[("src/a.rs", "//! What it is.\n"), ("tests/run", "no rust")]],
    },
    Rule {
        name: "tests can fail, and wait for nothing",
        remedy: "Mend or delete the test; step the clock, or wait for the event itself, instead of sleeping; assert on the error instead of on a panic.",
        check: honest_tests,
        breaks: &[
            Case { files: &[("tests/app/a.rs", "#[test]\n#[ignore]\nfn f() {}\n")], at: &["tests/app/a.rs:2"] },
            Case { files: &[("src/a.rs", "#[cfg(test)]\nmod t {\n    #[ignore = \"slow\"]\n    fn f() {}\n}\n")], at: &["src/a.rs:3"] },
            Case { files: &[("src/a.rs", "#[test]\n#[should_panic(expected = \"x\")]\nfn f() {}\n")], at: &["src/a.rs:2"] },
            Case { files: &[("tests/app/a.rs", "fn f() { std::thread::sleep(d); }\n")], at: &["tests/app/a.rs:1"] },
            Case { files: &[("src/a.rs", "#[cfg(test)]\nmod t {\n    use std::thread::{self, sleep};\n}\n")], at: &["src/a.rs:3"] },
            Case { files: &[("tests/browser/a.mjs", "await page.waitForTimeout(5)\n")], at: &["tests/browser/a.mjs:1"] },
        ],
        keeps: &[&[("src/jobs/a.rs", "fn f() { std::thread::sleep(d); }\n"), ("tests/a.rs", "// #[ignore]\nlet ignore = 1;\n")]],
    },
    Rule {
        name: "the project names no machine",
        remedy: "Use a path relative to the project (CARGO_MANIFEST_DIR), or one that is handed in.",
        check: |files| machine_paths(files),
        breaks: &[
            Case { files: &[("README.md", concat!("x\nsee /ho", "me/ana/x\n"))], at: &["README.md:2"] },
            Case { files: &[("tests/run", concat!("cd /wo", "rk/main\n"))], at: &["tests/run:1"] },
        ],
        keeps: &[&[
            ("README.md", "see ./home and https://x.example/homes\n"),
            ("tests/fixtures/trace.txt", concat!("at /ho", "me/ana/x.py\n")),
        ]],
    },
    Rule {
        name: "the project names no registry",
        remedy: "Say the package's name only; the client knows where it comes from.",
        check: registries,
        breaks: &[Case { files: &[("README.md", concat!("https://crates", ".io/x\n"))], at: &["README.md:1"] }],
        keeps: &[&[("Cargo.lock", concat!("https://github.com/x/crates", ".io-index\n")), ("README.md", "crates and docs\n")]],
    },
    Rule {
        name: "migrations count without a gap",
        remedy: "Number the file with the next free number of its folder; a released migration is never edited or renumbered.",
        check: migrations,
        breaks: &[
            Case {
                files: &[("migrations/org/V0001__a.sql", ""), ("migrations/org/V0003__c.sql", "")],
                at: &["migrations/org/V0003__c.sql:1"],
            },
            Case { files: &[("migrations/main/a.sql", "")], at: &["migrations/main/a.sql:1"] },
        ],
        keeps: &[&[("migrations/main/V0001__a.sql", ""), ("migrations/main/V0002__b.sql", ""), ("migrations/org/V0001__a.sql", "")]],
    },
];

fn banned(name: &str) -> Option<(&'static str, &'static str)> {
    let name = name.to_ascii_lowercase();
    name.split('_').find_map(|part| BANNED.into_iter().find(|(word, _)| *word == part))
}

/// The last word of `TeamManager`, in lower case.
fn last_word(type_name: &str) -> String {
    let start = type_name.rfind(|c: char| c.is_ascii_uppercase()).unwrap_or(0);
    type_name.get(start..).unwrap_or_default().to_ascii_lowercase()
}

fn names(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        let parts = file.path.strip_suffix(".rs").unwrap_or(&file.path).split('/');
        breaches.extend(parts.filter_map(banned).map(|(word, remedy)| Breach::new(file, 1, format!("`{word}` says nothing: {remedy}"))));
        for (at, token) in file.tokens.iter().enumerate() {
            let Some(name) = file.word(at + 1) else { continue };
            let found = match &token.kind {
                Kind::Word(word) if word == "mod" => banned(name),
                Kind::Word(word) if ["struct", "enum", "trait"].contains(&word.as_str()) => banned(&last_word(name)),
                _ => None,
            };
            breaches.extend(found.map(|(_, remedy)| Breach::new(file, token.line, format!("`{name}`: {remedy}"))));
        }
    }
    breaches
}

fn file_docs(files: &[SourceFile]) -> Vec<Breach> {
    let opens_well = |file: &SourceFile| {
        file.text.lines().next().and_then(|line| line.strip_prefix("//! ")).is_some_and(|words| !words.trim().is_empty())
    };
    files
        .iter()
        .filter(|file| file.is_rust() && !opens_well(file))
        .map(|file| Breach::new(file, 1, "the first line is not `//! ...`"))
        .collect()
}

fn honest_tests(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        for attribute in ["ignore", "should_panic"] {
            let found = file.find(&format!("#[{attribute}"));
            breaches.extend(found.into_iter().map(|at| Breach::new(file, file.line_of(at), format!("`#[{attribute}]`"))));
        }
        let sleeps = file.paths.iter().filter(|path| {
            path.segments.len() > 1 && path.segments.last().is_some_and(|last| last == "sleep") && file.is_test_line(path.line)
        });
        breaches.extend(sleeps.map(|path| Breach::new(file, path.line, "a test that sleeps")));
    }
    for file in files.iter().filter(|file| file.path.starts_with("tests/") && !file.is_rust()) {
        breaches.extend(lines_with(file, &["waitForTimeout("]).map(|(line, _)| Breach::new(file, line, "a test that sleeps")));
    }
    breaches
}

/// The lines of a file that hold one of `needles`, with the needle.
fn lines_with<'a>(file: &'a SourceFile, needles: &'a [&'a str]) -> impl Iterator<Item = (usize, &'a str)> {
    file.text
        .lines()
        .enumerate()
        .filter_map(|(n, line)| needles.iter().find(|needle| line.contains(**needle)).map(|needle| (n + 1, *needle)))
}

fn machine_paths(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| !MADE_UP_PATHS.iter().any(|place| file.path.starts_with(place))) {
        breaches.extend(lines_with(file, &MACHINE_PATHS).map(|(line, needle)| Breach::new(file, line, format!("`{needle}...`"))));
    }
    breaches
}

fn registries(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| file.path != "Cargo.lock") {
        breaches.extend(lines_with(file, &REGISTRIES).map(|(line, needle)| Breach::new(file, line, format!("`{needle}`"))));
    }
    breaches
}

fn migrations(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut last = ("", 0_u32);
    for file in files.iter().filter(|file| file.path.starts_with("migrations/")) {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let number = file.file_name().strip_prefix('V').and_then(|rest| rest.split_once("__")).and_then(|(number, _)| number.parse().ok());
        let expected = if last.0 == folder { last.1 + 1 } else { 1 };
        if number != Some(expected) {
            breaches.push(Breach::new(file, 1, format!("V{expected:04}__ was expected here")));
        }
        last = (folder, number.unwrap_or(expected));
    }
    breaches
}
