//! Walls: what may be spoken of in one room only.
//!
//! A promise that rests on one door (the way out, the clock, the keys, the store) holds as long as there is one door.

use crate::source::{Kind, SourceFile};
use crate::{Breach, Case, Rule};

/// Rooms of floors 6 to 8: what serves HTTP.
const DOORS: [&str; 5] = ["src/http/", "src/hooks/", "src/web/", "src/api/", "src/app/"];

pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "one way out",
        remedy: "Send through egress/: it knows the purpose, keeps the ledger and refuses what no admin allowed.",
        check: way_out,
        breaks: &[
            Case { files: &[("src/hooks/a.rs", "use ureq::Agent;\n")], at: &["src/hooks/a.rs:1"] },
            Case { files: &[("src/jobs/a.rs", "use std::net::{IpAddr, TcpStream};\n")], at: &["src/jobs/a.rs:1"] },
            Case { files: &[("src/store/a.rs", "fn f(a: impl ToSocketAddrs) {}\n")], at: &["src/store/a.rs:1"] },
            Case { files: &[("src/app/listen.rs", "fn f() { TcpStream::connect(a) }\n")], at: &["src/app/listen.rs:1"] },
        ],
        keeps: &[&[
            ("src/egress/client.rs", "use ureq::Agent;\n"),
            ("src/app/a.rs", "// ureq\nuse std::net::SocketAddr;\n"),
            ("src/app/listen.rs", "fn f(accepted: TcpStream) {}\n"),
            ("tests/app/a.rs", "use ureq;\n"),
        ]],
    },
    Rule {
        name: "one way in",
        remedy: "Only app/ listens; hand the finished listener or server down from there.",
        check: |files| outside(files, &["src/app/"], &["TcpListener", "UnixListener", "HttpServer"]),
        breaks: &[
            Case { files: &[("src/web/a.rs", "fn f() { std::net::TcpListener::bind(a) }\n")], at: &["src/web/a.rs:1"] },
            Case { files: &[("src/cli/a.rs", "use actix_web::HttpServer;\n")], at: &["src/cli/a.rs:1"] },
        ],
        keeps: &[&[("src/app/mod.rs", "use std::net::TcpListener;\nuse actix_web::HttpServer;\n")]],
    },
    Rule {
        name: "SQLite behind the store",
        remedy: "Put the statement into the folder's sql.rs, or the machinery into store/.",
        check: |files| outside(files, &["src/store/", "/sql.rs"], &["rusqlite", "libsqlite3_sys", "refinery"]),
        breaks: &[Case { files: &[("src/orgs/teams.rs", "use rusqlite::Row;\n")], at: &["src/orgs/teams.rs:1"] }],
        keeps: &[&[("src/store/open.rs", "use rusqlite::Connection;\n"), ("src/orgs/sql.rs", "use rusqlite::Row;\n")]],
    },
    Rule {
        name: "SQL is written in sql.rs",
        remedy: "Give the statement a function of its own, named for its result, in the folder's sql.rs; a table goes into migrations/.",
        check: sql_text,
        breaks: &[
            Case { files: &[("src/orgs/teams.rs", "fn f() {\n    q(\"SELECT id FROM team\")\n}\n")], at: &["src/orgs/teams.rs:2"] },
            Case {
                files: &[("src/orgs/teams.rs", "const A: &str = r\"\n  INSERT INTO team VALUES (1)\";\n")],
                at: &["src/orgs/teams.rs:1"],
            },
            Case { files: &[("src/store/row.rs", "const A: &str = \"DELETE FROM team\";\n")], at: &["src/store/row.rs:1"] },
            Case { files: &[("src/web/a.rs", "const A: &str = \"PRAGMA key\";\n")], at: &["src/web/a.rs:1"] },
        ],
        keeps: &[
            &[("src/orgs/sql.rs", "const A: &str = \"SELECT 1\";\n"), ("src/web/a.rs", "const A: &str = \"Select a channel\";\n")],
            &[(
                "src/store/open.rs",
                "const A: &str = \"PRAGMA journal_mode\";\n#[cfg(test)]\nmod tests {\n    const A: &str = \"SELECT 1 FROM a\";\n}\n",
            )],
        ],
    },
    Rule {
        name: "sql.rs belongs to its folder",
        remedy: "Ask the room for what you need: its verbs are the way to its tables. Declare it as `mod sql;`, never `pub`.",
        check: sql_is_private,
        breaks: &[
            Case { files: &[("src/web/a.rs", "use crate::orgs::sql::team;\n")], at: &["src/web/a.rs:1"] },
            Case { files: &[("src/orgs/a/b.rs", "use super::super::sql;\n")], at: &["src/orgs/a/b.rs:1"] },
            Case { files: &[("src/orgs/a/mod.rs", "fn f() { super::sql::team() }\n")], at: &["src/orgs/a/mod.rs:1"] },
            Case { files: &[("src/orgs/mod.rs", "pub(crate) mod sql;\n")], at: &["src/orgs/mod.rs:1"] },
        ],
        keeps: &[&[
            ("src/orgs/mod.rs", "mod sql;\nuse self::sql::team;\n"),
            ("src/orgs/teams.rs", "use super::sql;\nuse crate::orgs::sql::x;\nmod tests { use super::super::sql; }\n"),
        ]],
    },
    Rule {
        name: "plain below the doors",
        remedy: "Below the doors everything is plain and synchronous; http/blocking.rs is the one bridge from async to it.",
        check: |files| outside(files, &DOORS, &["async", "await", "actix_web", "actix_rt", "actix_http", "tokio", "futures", "Future"]),
        breaks: &[
            Case { files: &[("src/store/pool.rs", "async fn f() {}\n")], at: &["src/store/pool.rs:1"] },
            Case { files: &[("src/cli/serve.rs", "use actix_web::App;\n")], at: &["src/cli/serve.rs:1"] },
        ],
        keeps: &[&[("src/hooks/receive.rs", "use actix_web::web;\nasync fn f() { g().await }\n"), ("src/store/a.rs", "// async\n")]],
    },
    Rule {
        name: "pages are made in web/",
        remedy: "Return a value; web/ (or mail/) turns it into words with a template.",
        check: |files| outside(files, &["src/web/", "src/mail/"], &["askama"]),
        breaks: &[Case { files: &[("src/patterns/a.rs", "#[derive(askama::Template)]\nstruct A;\n")], at: &["src/patterns/a.rs:1"] }],
        keeps: &[&[("src/web/pages/a.rs", "use askama::Template;\n")]],
    },
    Rule {
        name: "one reader of the wall clock",
        remedy: "Take a `&Clock` (base/clock.rs) or an `Instant` as an argument, so that tests, the demo and a sandbox can drive time.",
        check: clock,
        breaks: &[
            Case { files: &[("src/jobs/a.rs", "fn f() { Instant::now(); }\n")], at: &["src/jobs/a.rs:1"] },
            Case { files: &[("src/jobs/a.rs", "use jiff::Zoned as Z;\nfn f() { Z::now(); }\n")], at: &["src/jobs/a.rs:2"] },
            Case { files: &[("src/jobs/a.rs", "use std::time::{Duration, SystemTime};\n")], at: &["src/jobs/a.rs:1"] },
        ],
        keeps: &[&[
            ("src/base/clock.rs", "fn f() { Instant::now() }\n"),
            ("src/jobs/a.rs", "fn f(c: &Clock) { c.now(); Clock::now(c); }\nuse super::story::now;\nuse std::time::Duration;\n"),
        ]],
    },
    Rule {
        name: "one source of randomness",
        remedy: "Ask crypto/ for random bytes and hand them in; ids are made from bytes that the caller brings.",
        check: |files| {
            outside(
                files,
                &["src/crypto/"],
                &["SystemRandom", "SecureRandom", "getrandom", "rand", "rand_core", "OsRng", "new_v4", "now_v7", "fastrand"],
            )
        },
        breaks: &[
            Case { files: &[("src/auth/a.rs", "use ring::rand::SystemRandom;\n")], at: &["src/auth/a.rs:1"] },
            Case { files: &[("src/base/id.rs", "fn f() { Uuid::new_v4(); }\n")], at: &["src/base/id.rs:1"] },
            Case { files: &[("src/base/id.rs", "fn f() { rand::random(); }\n")], at: &["src/base/id.rs:1"] },
        ],
        keeps: &[&[("src/crypto/random.rs", "use ring::rand::SystemRandom;\n"), ("src/base/id.rs", "fn f(random: [u8; 10]) {}\n")]],
    },
    Rule {
        name: "one reader of the environment",
        remedy: "Add a setting to config/ and pass the value down.",
        check: |files| outside(files, &["src/config/"], &["std::env"]),
        breaks: &[
            Case { files: &[("src/store/a.rs", "fn f() { std::env::var(\"A\"); }\n")], at: &["src/store/a.rs:1"] },
            Case { files: &[("src/store/a.rs", "use std::{env, fs};\n")], at: &["src/store/a.rs:1"] },
        ],
        keeps: &[&[("src/config/load.rs", "use std::env;\n"), ("src/ops/version.rs", "const V: &str = env!(\"CARGO_PKG_VERSION\");\n")]],
    },
    Rule {
        name: "listeners touch no store and no disk",
        remedy: "connectors/, signals/, prefilter/ and detection/ are functions of what they are handed; read and write in the room that calls them.",
        check: pure_rooms,
        breaks: &[
            Case { files: &[("src/connectors/slack/a.rs", "use crate::store::Tx;\n")], at: &["src/connectors/slack/a.rs:1"] },
            Case { files: &[("src/prefilter/a.rs", "use std::fs;\n")], at: &["src/prefilter/a.rs:1"] },
            Case { files: &[("src/detection/a.rs", "use crate::egress::send;\n")], at: &["src/detection/a.rs:1"] },
        ],
        keeps: &[&[("src/connectors/slack/a.rs", "use crate::egress::send;\n"), ("src/capture/a.rs", "use crate::store::Tx;\n")]],
    },
    Rule {
        name: "one unsafe block",
        remedy: "Find the safe call. The one exception hands the raw key to SQLCipher, in store/cipher.rs.",
        check: |files| outside(files, &["src/store/cipher.rs"], &["unsafe"]),
        breaks: &[Case { files: &[("src/crypto/a.rs", "fn f() { unsafe { g() } }\n")], at: &["src/crypto/a.rs:1"] }],
        keeps: &[&[
            ("src/store/cipher.rs", "fn f() { unsafe { g() } }\n"),
            ("src/a.rs", "const A: &str = \"unsafe\"; #[expect(unsafe_code)] fn f() {}\n"),
        ]],
    },
    Rule {
        name: "no state beside the arguments",
        remedy: "Pass the value from app/ down: a function's arguments are its permissions. A `LazyLock` may hold a table that never changes.",
        check: statics,
        breaks: &[
            Case { files: &[("src/http/a.rs", "static mut A: u8 = 0;\n")], at: &["src/http/a.rs:1"] },
            Case { files: &[("src/http/a.rs", "static A: LazyLock<Mutex<u8>> = x();\n")], at: &["src/http/a.rs:1"] },
            Case { files: &[("src/http/a.rs", "fn f() {\n    static A: OnceLock<Config> = x();\n}\n")], at: &["src/http/a.rs:2"] },
            Case {
                files: &[("src/http/a.rs", "thread_local! { static A: Cell<u8> = x(); }\n")],
                at: &["src/http/a.rs:1", "src/http/a.rs:1"],
            },
        ],
        keeps: &[&[(
            "src/http/a.rs",
            "static A: LazyLock<Regex> = x();\nfn f(a: &'static str, b: Mutex<u8>) {}\nstatic B: &[&dyn Job] = &[];\n",
        )]],
    },
    Rule {
        name: "errors have types",
        remedy: "Write an enum for what the caller can answer, and use base::error::Fault for what nobody expected.",
        check: typed_errors,
        breaks: &[
            Case { files: &[("src/orgs/a.rs", "use anyhow::Result;\n")], at: &["src/orgs/a.rs:1"] },
            Case { files: &[("src/orgs/a.rs", "fn f() -> Result<Vec<u8>, String> {}\n")], at: &["src/orgs/a.rs:1"] },
            Case { files: &[("src/orgs/a.rs", "fn f() -> Result<(), &'static str> {}\n")], at: &["src/orgs/a.rs:1"] },
            Case { files: &[("src/orgs/a.rs", "fn f() -> Result<(), Box<dyn Error>> {}\n")], at: &["src/orgs/a.rs:1"] },
        ],
        keeps: &[&[(
            "src/orgs/a.rs",
            "fn f() -> Result<String, Fault> {}\nfn g(a: HashMap<u8, String>) -> Result<(u8, String), ParseError> {}\n",
        )]],
    },
];

/// Where `needles` are spoken of in code outside `allowed`. A needle is a name, or a path whose parts follow each other;
/// an allowed place is a folder or file of `src/`, or, with a slash in front, the end of a path.
fn outside(files: &[SourceFile], allowed: &[&str], needles: &[&str]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| file.is_source()) {
        let is_allowed =
            allowed.iter().any(|place| if place.starts_with('/') { file.path.ends_with(place) } else { file.path.starts_with(place) });
        if is_allowed {
            continue;
        }
        for path in &file.paths {
            let found = needles.iter().find(|needle| holds(&path.segments, needle));
            breaches.extend(found.map(|needle| Breach::new(file, path.line, format!("`{needle}`"))));
        }
    }
    breaches
}

/// What was accepted is a stream too: where the program listens it may be named, and not made. The tests of that are clients of ours.
fn way_out(files: &[SourceFile]) -> Vec<Breach> {
    const CLIENTS: [&str; 7] = ["ureq", "lettre", "reqwest", "hyper", "UdpSocket", "ToSocketAddrs", "TcpStream::connect"];
    const TESTS: &str = "src/app/tests.rs";
    let mut breaches = outside(files, &["src/egress/", TESTS], &CLIENTS);
    breaches.extend(outside(files, &["src/egress/", "src/app/listen.rs", TESTS], &["TcpStream"]));
    breaches
}

/// Whether a path holds these parts in a row.
fn holds(segments: &[String], needle: &str) -> bool {
    let parts: Vec<&str> = needle.split("::").collect();
    segments.windows(parts.len()).any(|window| window.iter().zip(&parts).all(|(a, b)| a == b))
}

/// `now` of a type reads a clock; a function of that name in one of our own rooms would have to call one itself.
fn clock(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = outside(files, &["src/base/clock.rs"], &["SystemTime", "std::time::Instant", "tokio::time", "now_utc", "now_local"]);
    for file in files.iter().filter(|file| file.is_source() && file.path != "src/base/clock.rs") {
        for path in &file.paths {
            if let [.., kind, last] = path.segments.as_slice()
                && last == "now"
                && kind != "Clock"
                && kind.starts_with(|c: char| c.is_ascii_uppercase())
            {
                breaches.push(Breach::new(file, path.line, format!("`{kind}::now`")));
            }
        }
    }
    breaches
}

fn pure_rooms(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| file.is_source()) {
        let may_send = match file.module().first().map(String::as_str) {
            Some("connectors") => true,
            Some("signals" | "prefilter" | "detection") => false,
            _ => continue,
        };
        for path in &file.paths {
            let target = path.absolute.as_ref().and_then(|segments| segments.first()).map(String::as_str);
            let is_breach = target == Some("store")
                || (target == Some("egress") && !may_send)
                || (holds(&path.segments, "std::fs") && !file.is_test_line(path.line));
            if is_breach {
                breaches.push(Breach::new(file, path.line, format!("`{}`", path.segments.join("::"))));
            }
        }
    }
    breaches
}

/// Statements on rows and tables lie in `sql.rs`; the store's machinery may also speak to the engine itself.
fn sql_text(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| file.is_source() && file.file_name() != "sql.rs") {
        let is_store = file.path.starts_with("src/store/");
        for token in &file.tokens {
            let Kind::Text(text) = &token.kind else { continue };
            let is_free = is_store && (speaks_to_engine(text) || file.is_test_line(token.line));
            if (speaks_to_tables(text) || speaks_to_engine(text)) && !is_free {
                breaches.push(Breach::new(file, token.line, "a statement in a string"));
            }
        }
    }
    breaches
}

/// SQL keywords are written in capitals here, so prose that begins with `Select` is not meant.
fn speaks_to_tables(text: &str) -> bool {
    let text = text.trim_start();
    let begins = |first: &str, also: &[&str]| text.strip_prefix(first).is_some_and(|rest| also.iter().any(|word| rest.contains(word)));
    begins("SELECT ", &[""])
        || begins("INSERT ", &["INTO "])
        || begins("REPLACE ", &["INTO "])
        || begins("UPDATE ", &[" SET "])
        || begins("DELETE ", &["FROM "])
        || begins("WITH ", &[" AS "])
        || ["CREATE ", "DROP ", "ALTER "].iter().any(|first| begins(first, &["TABLE ", "INDEX ", "TRIGGER ", "VIEW "]))
}

fn speaks_to_engine(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().trim_end_matches(';');
    ["PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT", "BEGIN", "VACUUM", "ATTACH", "DETACH"].contains(&first)
}

fn sql_is_private(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| file.is_source()) {
        for path in &file.paths {
            let Some(absolute) = &path.absolute else { continue };
            let Some(folder) = absolute.iter().position(|segment| segment == "sql").and_then(|at| absolute.get(..at)) else { continue };
            if folder != file.folder() {
                breaches.push(Breach::new(file, path.line, format!("`{}` is of another folder", absolute.join("::"))));
            }
        }
        for at in file.find("mod sql") {
            let is_public = at.checked_sub(1).is_some_and(|before| file.word(before) == Some("pub") || file.is_sign(before, ')'));
            if is_public {
                breaches.push(Breach::new(file, file.line_of(at), "`sql` is open to other rooms"));
            }
        }
    }
    breaches
}

/// Types whose value changes behind a shared reference.
const CELLS: [&str; 8] = ["Mutex", "RwLock", "RefCell", "Cell", "OnceCell", "OnceLock", "UnsafeCell", "mut"];

fn statics(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| file.is_source()) {
        for at in file.find("static") {
            let declared: Vec<&str> =
                (at + 1..file.tokens.len()).take_while(|n| !file.is_sign(*n, '=')).filter_map(|n| file.word(n)).take(12).collect();
            let is_item = file.word(at + 1).is_some() && (file.word(at + 1) == Some("mut") || file.is_sign(at + 2, ':'));
            let changing = declared.iter().find(|word| CELLS.contains(word) || word.starts_with("Atomic"));
            if let (true, Some(word)) = (is_item, changing) {
                breaches.push(Breach::new(file, file.line_of(at), format!("a static with `{word}`")));
            }
        }
    }
    for name in ["thread_local", "lazy_static"] {
        breaches.extend(outside(files, &[], &[name]));
    }
    breaches
}

fn typed_errors(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = outside(files, &[], &["anyhow", "eyre"]);
    for file in files.iter().filter(|file| file.is_source()) {
        for at in file.find("Result <") {
            if let Some(error) = second_argument(file, at + 2)
                && is_untyped(&error)
            {
                breaches.push(Breach::new(file, file.line_of(at), format!("the error is `{}`", error.join(" "))));
            }
        }
    }
    breaches
}

fn is_untyped(error: &[String]) -> bool {
    let words: Vec<&str> = error.iter().map(String::as_str).filter(|word| *word != "&" && *word != "static").collect();
    matches!(words.as_slice(), ["String" | "str"] | ["Box", "<", "dyn", ..])
}

/// The words and signs of the second generic argument whose list opens before `at`.
fn second_argument(file: &SourceFile, at: usize) -> Option<Vec<String>> {
    let mut depth = 0_usize;
    let mut argument = 0_usize;
    let mut second = Vec::new();
    for token in file.tokens.get(at..)? {
        match &token.kind {
            Kind::Sign('<' | '(' | '[') => depth += 1,
            Kind::Sign('>') if depth == 0 => return (argument == 1).then_some(second),
            Kind::Sign('>' | ')' | ']') => depth = depth.checked_sub(1)?,
            Kind::Sign(',') if depth == 0 => {
                argument += 1;
                continue;
            }
            Kind::Sign(';' | '{') => return None,
            Kind::Word(_) | Kind::Text(_) | Kind::Colons | Kind::Sign(_) => {}
        }
        if argument == 1 {
            second.push(match &token.kind {
                Kind::Word(word) | Kind::Text(word) => word.clone(),
                Kind::Colons => "::".to_owned(),
                Kind::Sign(sign) => sign.to_string(),
            });
        }
    }
    None
}
