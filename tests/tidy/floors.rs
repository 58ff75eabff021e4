//! Floors: a module may import only modules above it in `src/lib.rs`.
//!
//! The order is read from the `pub mod` lines themselves, so there is no second list to keep in step.

use crate::source::SourceFile;
use crate::{Breach, Case, Rule};

const LIB: (&str, &str) =
    ("src/lib.rs", "//! x\n// 0 words\npub mod base;\n// 1 machinery\npub mod store;\n// 7 doors\npub mod web;\npub mod api;\n");

pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "floors",
        remedy: "A module may import only modules above it in src/lib.rs. Move the shared word up to a room that both may import, or hand it in as an argument.",
        check: floors,
        breaks: &[
            Case { files: &[LIB, ("src/base/id.rs", "use crate::store::Tx;\n")], at: &["src/base/id.rs:1"] },
            Case { files: &[LIB, ("src/base/id.rs", "\nuse crate::{base::text,\n    web::Page};\n")], at: &["src/base/id.rs:3"] },
            Case { files: &[LIB, ("src/store/mod.rs", "fn f() { super::web::f() }\n")], at: &["src/store/mod.rs:1"] },
            Case { files: &[LIB, ("src/store/a/b.rs", "fn f() { super::super::super::api::f() }\n")], at: &["src/store/a/b.rs:1"] },
            Case { files: &[LIB, ("src/base/id.rs", "#[cfg(test)]\nmod tests {\n    use crate::web::f;\n}\n")], at: &["src/base/id.rs:3"] },
            Case { files: &[LIB, ("src/base/id.rs", "macro_rules! m { () => { $crate::api::f() } }\n")], at: &["src/base/id.rs:1"] },
            Case { files: &[LIB, ("src/base/id.rs", "use crate::cellar::f;\n")], at: &["src/base/id.rs:1"] },
            Case { files: &[LIB, ("src/base/id.rs", "use crate::*;\n")], at: &["src/base/id.rs:1"] },
        ],
        keeps: &[
            &[LIB, ("src/store/mod.rs", "use crate::base::id::OrgId;\nuse crate::store::x;\nuse super::base;\npub(crate) mod y {}\n")],
            &[
                LIB,
                ("src/base/mod.rs", "//! See [`crate::web`].\nconst A: &str = \"crate::web\"; // crate::api\nmod t { use super::x; }\n"),
            ],
        ],
    },
    Rule {
        name: "doors never import each other",
        remedy: "Let both doors call the same domain verb; what they share of HTTP belongs in http/.",
        check: doors,
        breaks: &[Case { files: &[LIB, ("src/api/v1.rs", "use crate::web::Page;\n")], at: &["src/api/v1.rs:1"] }],
        keeps: &[&[LIB, ("src/api/v1.rs", "use crate::store::Tx;\n")]],
    },
    Rule {
        name: "every room stands in the list",
        remedy: "Add a `pub mod` line to src/lib.rs on the floor where it belongs, or move the file into a room that is listed.",
        check: rooms_are_listed,
        breaks: &[
            Case { files: &[LIB, ("src/cellar/mod.rs", "")], at: &["src/cellar/mod.rs:1"] },
            Case { files: &[("src/lib.rs", "pub mod base;\nmod hidden;\n")], at: &["src/lib.rs:2"] },
        ],
        keeps: &[&[LIB, ("src/base/id.rs", ""), ("src/main.rs", "")]],
    },
    Rule {
        name: "the binary is thin",
        remedy: "main.rs parses nothing and decides nothing: it calls one verb of cli/ and turns the answer into an exit status.",
        check: thin_binary,
        breaks: &[Case { files: &[("src/main.rs", "fn main() {\n    smartretro::store::open();\n}\n")], at: &["src/main.rs:2"] }],
        keeps: &[&[("src/main.rs", "use smartretro::cli;\nfn main() { cli::run() }\n")]],
    },
];

/// The rooms in the order of `src/lib.rs`.
fn order(files: &[SourceFile]) -> Vec<String> {
    let Some(lib) = files.iter().find(|file| file.path == "src/lib.rs") else { return Vec::new() };
    lib.find("pub mod").into_iter().filter_map(|at| lib.word(at + 2)).map(str::to_owned).collect()
}

fn floors(files: &[SourceFile]) -> Vec<Breach> {
    let order = order(files);
    let floor = |room: &str| order.iter().position(|name| name == room);
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| file.is_source()) {
        let Some(own) = file.module().first().and_then(|room| floor(room)) else { continue };
        for path in &file.paths {
            let Some(target) = path.absolute.as_ref().and_then(|segments| segments.first()) else { continue };
            match floor(target) {
                Some(other) if other <= own => {}
                Some(_) => breaches.push(Breach::new(file, path.line, format!("`{target}` lies below"))),
                None => breaches.push(Breach::new(file, path.line, format!("`crate::{target}` is no room of src/lib.rs"))),
            }
        }
    }
    breaches
}

fn doors(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (from, to) in [("api", "web"), ("web", "api")] {
        for file in files.iter().filter(|file| file.is_source() && file.module().first().is_some_and(|room| room == from)) {
            let crossing = file
                .paths
                .iter()
                .filter(|path| path.absolute.as_ref().and_then(|segments| segments.first()).is_some_and(|room| room == to));
            breaches.extend(crossing.map(|path| Breach::new(file, path.line, format!("`{from}` imports `{to}`"))));
        }
    }
    breaches
}

fn rooms_are_listed(files: &[SourceFile]) -> Vec<Breach> {
    let order = order(files);
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| file.is_source()) {
        if file.path == "src/lib.rs" {
            let hidden = file.find("mod").into_iter().filter(|at| file.word(at.wrapping_sub(1)) != Some("pub"));
            breaches.extend(hidden.map(|at| Breach::new(file, file.line_of(at), "a room that the list does not show")));
        }
        if let Some(room) = file.module().first()
            && !order.contains(room)
        {
            breaches.push(Breach::new(file, 1, format!("`{room}` is not in src/lib.rs")));
        }
    }
    breaches
}

fn thin_binary(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| file.path == "src/main.rs") {
        let reaching = file.paths.iter().filter(|path| {
            let mut segments = path.segments.iter();
            segments.next().is_some_and(|first| first == "smartretro") && segments.next().is_some_and(|second| second != "cli")
        });
        breaches.extend(reaching.map(|path| Breach::new(file, path.line, format!("`{}`", path.segments.join("::")))));
    }
    breaches
}
