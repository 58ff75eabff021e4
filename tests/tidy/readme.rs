//! The README: its two commands work, and its tables are whole and true.
//!
//! What the code lists (commands, routes, settings, connectors, detectors, promises) stands in a table of the README, and
//! the tables name nothing that the code does not have.

use crate::source::{Kind, SourceFile};
use crate::{Breach, Case, Rule};
use std::collections::BTreeSet;

const COMMANDS: (&str, &str) =
    ("src/cli/mod.rs", "#[derive(Subcommand)]\nenum Command {\n    /// Doc\n    Serve(serve::Flags),\n    KeyRotate,\n}\n");
const ROUTES: (&str, &str) = ("src/api/routes.rs", "fn f() {\n    a.route(\"/b/{id:.+}\", needs(Right, web::put().to(c)));\n}\n");
const SETTING: (&str, &str) = ("src/config/settings.rs", "static S: &[Setting] = &[\n    Setting { key: \"log\", env: \"A_LOG\" }];\n");
const TOOL: (&str, &str) =
    ("src/connectors/a/mod.rs", "impl Connector for A {\n    fn title(&self) -> &'static str {\n        \"Tool\"\n    }\n}\n");
const DETECTOR: (&str, &str) = (
    "src/detection/a.rs",
    "fn about(&self) -> About {\n    About { id: \"a\", number: \"D2\", version: 1 }\n}\nlet a = B { number: \"D4\" };\n",
);
const PROMISE: (&str, &str) = ("tests/commitments/cannot/a_b.rs", "//! x\n");

pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "README shows the two commands",
        remedy: "README.md and .ci/run both name `tests/run`, the one command that checks everything.",
        check: two_commands,
        breaks: &[
            Case { files: &[("README.md", "x\n"), (".ci/run", "tests/run\n")], at: &["README.md:1"] },
            Case { files: &[("README.md", "cargo run --release -- demo\ntests/run\n"), (".ci/run", "cargo test\n")], at: &[".ci/run:1"] },
        ],
        keeps: &[&[("README.md", "cargo run --release -- demo\ntests/run\n"), (".ci/run", "exec tests/run\n")]],
    },
    Rule {
        name: "README lists every command, and no other",
        remedy: "Keep the table under `## Commands` in step with `enum Command` in src/cli/mod.rs: one row for each, its name first.",
        check: |files| table(files, "## Commands", &commands(files)),
        breaks: &[
            Case { files: &[COMMANDS, ("README.md", "## Commands\n| `serve [--x]` | y |\n")], at: &["src/cli/mod.rs:5"] },
            Case {
                files: &[COMMANDS, ("README.md", "## Commands\n| `serve` | y |\n| `key-rotate` | z |\n| `fly` | z |\n")],
                at: &["README.md:4"],
            },
            Case {
                files: &[COMMANDS, ("README.md", "## Other\n| `serve` |\n| `key-rotate` |\n")],
                at: &["src/cli/mod.rs:4", "src/cli/mod.rs:5"],
            },
        ],
        keeps: &[&[
            COMMANDS,
            ("README.md", "## Commands\n| command | does |\n|---|---|\n| `serve [--x]` | y |\n| `key-rotate` | z |\n## Next\n| `a` |\n"),
        ]],
    },
    Rule {
        name: "README lists every route, and no other",
        remedy: "Keep the table under `## Routes` in step with the calls of `.route(..)`: one row for each path, after its methods.",
        check: |files| table(files, "## Routes", &routes(files)),
        breaks: &[
            Case { files: &[ROUTES, ("README.md", "## Routes\n")], at: &["src/api/routes.rs:2"] },
            Case { files: &[ROUTES, ("README.md", "## Routes\n| `GET /api/v1/b/{id}` |\n")], at: &["src/api/routes.rs:2", "README.md:2"] },
        ],
        keeps: &[&[ROUTES, ("README.md", "## Routes\n| `PUT /api/v1/b/{id}` | y |\n")]],
    },
    Rule {
        name: "README lists every setting, and no other",
        remedy: "Keep the table under `## Settings` in step with SETTINGS in src/config/settings.rs: one row for each, key, then variable.",
        check: |files| table(files, "## Settings", &settings(files)),
        breaks: &[Case {
            files: &[SETTING, ("README.md", "## Settings\n| `listen` | `A_LISTEN` |\n")],
            at: &["src/config/settings.rs:2", "README.md:2"],
        }],
        keeps: &[&[SETTING, ("README.md", "## Settings\n| `log` | `A_LOG` |\n")]],
    },
    Rule {
        name: "README lists every connector, and no other",
        remedy: "Keep the table under `## Connectors` in step with src/connectors/: one row for each, its title first.",
        check: |files| table(files, "## Connectors", &answers(files, "src/connectors/", "title")),
        breaks: &[Case {
            files: &[TOOL, ("README.md", "## Connectors\n| Saw | y |\n")],
            at: &["src/connectors/a/mod.rs:3", "README.md:2"],
        }],
        keeps: &[&[TOOL, ("README.md", "## Connectors\n| Tool | y |\n")]],
    },
    Rule {
        name: "README lists every detector, and no other",
        remedy: "Keep the table under `## Detectors` in step with src/detection/: one row for each, its number first.",
        check: |files| table(files, "## Detectors", &detectors(files)),
        breaks: &[Case { files: &[DETECTOR, ("README.md", "## Detectors\n| D3 | y |\n")], at: &["src/detection/a.rs:2", "README.md:2"] }],
        keeps: &[&[DETECTOR, ("README.md", "## Detectors\n| D2 | y |\n")]],
    },
    Rule {
        name: "README names what holds each promise",
        remedy: "Name the case of tests/commitments/cannot/ in the table of promises, beside the sentence that it proves.",
        check: promises,
        breaks: &[Case { files: &[PROMISE, ("README.md", "x\n")], at: &["tests/commitments/cannot/a_b.rs:1"] }],
        keeps: &[&[PROMISE, ("README.md", "see `a_b.rs`\n")]],
    },
];

/// Something that the code lists, with where it does, and how its row of the README begins.
struct Listed<'a> {
    file: &'a SourceFile,
    line: usize,
    begins: String,
}

fn readme(files: &[SourceFile]) -> Option<&SourceFile> {
    files.iter().find(|file| file.path == "README.md")
}

/// The rows of the table under `heading`, from their first cell on, with their lines.
fn rows<'a>(readme: &'a SourceFile, heading: &str) -> Vec<(usize, &'a str)> {
    let under =
        readme.text.lines().zip(1..).skip_while(|(line, _)| *line != heading).skip(1).take_while(|(line, _)| !line.starts_with("## "));
    let rows = under.filter_map(|(line, n)| Some((n, line.strip_prefix('|')?.trim_start())));
    rows.filter(|(_, row)| !row.starts_with("---")).collect()
}

/// Where the table under `heading` and what is listed do not agree.
fn table(files: &[SourceFile], heading: &str, listed: &[Listed<'_>]) -> Vec<Breach> {
    let Some(readme) = readme(files) else { return Vec::new() };
    let rows = rows(readme, heading);
    let has_row = |item: &Listed<'_>| rows.iter().any(|(_, row)| begins_with(row, &item.begins));
    let missing = listed.iter().filter(|item| !has_row(item));
    let mut breaches: Vec<Breach> = missing
        .map(|item| Breach::new(item.file, item.line, format!("`{}` has no row in README.md", item.begins.trim_matches('`'))))
        .collect();
    // A head stands before a rule of dashes.
    let is_head = |line: usize| readme.text.lines().nth(line).is_some_and(|next| next.starts_with("|---"));
    let unknown = rows.iter().filter(|(line, row)| !is_head(*line) && !listed.iter().any(|item| begins_with(row, &item.begins)));
    breaches.extend(
        unknown.map(|(line, row)| {
            Breach::new(readme, *line, format!("{} is not in the code", row.split('|').next().unwrap_or_default().trim()))
        }),
    );
    breaches
}

/// Whether a row opens with exactly this: what follows is a blank, or the end of the cell.
fn begins_with(row: &str, begins: &str) -> bool {
    row.strip_prefix(begins).is_some_and(|rest| rest.starts_with([' ', '`', '|']))
}

fn text_at(file: &SourceFile, at: usize) -> Option<&str> {
    match &file.tokens.get(at)?.kind {
        Kind::Text(text) => Some(text),
        Kind::Word(_) | Kind::Colons | Kind::Sign(_) => None,
    }
}

/// The variants of `enum Command`, spelled as they are typed.
fn commands(files: &[SourceFile]) -> Vec<Listed<'_>> {
    let mut listed = Vec::new();
    for file in files.iter().filter(|file| file.path == "src/cli/mod.rs") {
        for start in file.find("enum Command {") {
            let mut depth = 0_usize;
            for at in start + 3..file.tokens.len() {
                match file.tokens.get(at).map(|token| &token.kind) {
                    Some(Kind::Sign('(' | '[' | '{')) => depth += 1,
                    Some(Kind::Sign('}')) if depth == 0 => break,
                    Some(Kind::Sign(')' | ']' | '}')) => depth -= 1,
                    Some(Kind::Word(name)) if depth == 0 => {
                        listed.push(Listed { file, line: file.line_of(at), begins: format!("`{}", kebab(name)) });
                    }
                    _ => {}
                }
            }
        }
    }
    listed
}

/// `KeyRotate` as `key-rotate`.
fn kebab(name: &str) -> String {
    let mut word = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !word.is_empty() {
            word.push('-');
        }
        word.push(c.to_ascii_lowercase());
    }
    word
}

/// Each `.route("/path", method()..)`, as `METHOD /path`.
fn routes(files: &[SourceFile]) -> Vec<Listed<'_>> {
    const METHODS: [&str; 5] = ["get", "post", "put", "delete", "patch"];
    let mut listed = Vec::new();
    let mut seen = BTreeSet::new();
    for file in files.iter().filter(|file| file.is_source()) {
        let prefix = if file.path.starts_with("src/api/") { "/api/v1" } else { "" };
        for at in file.find(".route(") {
            let Some(path) = text_at(file, at + 3) else { continue };
            let Some(method) = (at + 4..at + 16).filter_map(|n| file.word(n)).find(|word| METHODS.contains(word)) else { continue };
            let begins = format!("`{} {prefix}{}", method.to_ascii_uppercase(), without_patterns(path));
            if !file.is_test_line(file.line_of(at)) && seen.insert(begins.clone()) {
                listed.push(Listed { file, line: file.line_of(at), begins });
            }
        }
    }
    listed
}

/// `/a/{id:.+}` as `/a/{id}`.
fn without_patterns(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.split_once(':') {
        Some((name, _)) if name.starts_with('{') => format!("{name}}}"),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<String>>().join("/")
}

fn settings(files: &[SourceFile]) -> Vec<Listed<'_>> {
    let mut listed = Vec::new();
    for file in files.iter().filter(|file| file.path == "src/config/settings.rs") {
        for at in file.find("key:") {
            if let (Some(key), Some(env)) = (text_at(file, at + 2), text_at(file, at + 6)) {
                listed.push(Listed { file, line: file.line_of(at), begins: format!("`{key}` | `{env}") });
            }
        }
    }
    listed
}

/// What the functions called `name` in a room answer, where that is a word of its own.
fn answers<'a>(files: &'a [SourceFile], room: &str, name: &str) -> Vec<Listed<'a>> {
    let mut listed = Vec::new();
    for file in files.iter().filter(|file| file.is_source() && file.path.starts_with(room)) {
        for at in file.find(&format!("fn {name}(&self)")) {
            let body = (at..at + 14).find(|n| file.is_sign(*n, '{'));
            let word = body.and_then(|open| Some((open + 1, text_at(file, open + 1)?)));
            if let Some((at, word)) = word.filter(|(at, _)| !file.is_test_line(file.line_of(*at))) {
                listed.push(Listed { file, line: file.line_of(at), begins: word.to_owned() });
            }
        }
    }
    listed
}

/// The number that each detector gives itself in its `About`.
fn detectors(files: &[SourceFile]) -> Vec<Listed<'_>> {
    let mut listed = Vec::new();
    for file in files.iter().filter(|file| file.is_source() && file.path.starts_with("src/detection/")) {
        for about in file.find("fn about(&self)") {
            let end = (about..file.tokens.len()).find(|n| file.is_sign(*n, '}')).unwrap_or(about);
            let field = file.find("number:").into_iter().find(|at| (about..end).contains(at));
            let word = field.and_then(|at| Some((at, text_at(file, at + 2)?)));
            if let Some((at, word)) = word.filter(|(at, _)| !file.is_test_line(file.line_of(*at))) {
                listed.push(Listed { file, line: file.line_of(at), begins: word.to_owned() });
            }
        }
    }
    listed
}

fn promises(files: &[SourceFile]) -> Vec<Breach> {
    let Some(readme) = readme(files) else { return Vec::new() };
    let cases = files.iter().filter(|file| file.path.starts_with("tests/commitments/cannot/"));
    let unnamed = cases.filter(|file| !readme.text.contains(file.file_name()));
    unnamed.map(|file| Breach::new(file, 1, "no promise of README.md names this case")).collect()
}

fn two_commands(files: &[SourceFile]) -> Vec<Breach> {
    let says = |file: &&SourceFile, words: &[&str]| words.iter().all(|word| file.text.contains(word));
    let missing = files.iter().filter(|file| match file.path.as_str() {
        "README.md" => !says(file, &["cargo run --release -- demo", "tests/run"]),
        ".ci/run" => !says(file, &["tests/run"]),
        _ => false,
    });
    missing.map(|file| Breach::new(file, 1, "a command is missing")).collect()
}
