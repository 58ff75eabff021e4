//! Each check, both ways: silent on an installation that is as it should be, and heard for the one thing that is not.

use super::facts::{
    Configuration, ConnectionFacts, Data, DatabaseFacts, Entry, EntryKind, Facts, Host, Installation, KeyFile, Port, Server, SourceFacts,
    Space, TeamFacts, Unreadable,
};
use super::{checks, judge};
use crate::audit::Verdict;
use crate::base::clock::{Instant, SignedDuration};
use crate::base::url::WebAddress;
use crate::config::MetricsAddress;
use crate::ops::health::ServerHealth;
use std::collections::BTreeSet;

fn now() -> Instant {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn days_ago(days: i64) -> Instant {
    now() - SignedDuration::from_hours(24 * days)
}

fn entry(path: &str, mode: u32, kind: EntryKind) -> Entry {
    Entry { path: path.into(), mode, owner: 990, device: 1, kind }
}

fn database(name: &str) -> DatabaseFacts {
    DatabaseFacts {
        name: name.to_owned(),
        problem: None,
        bytes: 8192,
        log_bytes: 0,
        schema: (1, 1),
        pages: Some(Vec::new()),
        structure: Some(Vec::new()),
        cipher: "4.9.0 community".to_owned(),
        audit: Some(Verdict { size: 3, root: String::new(), problem: None }),
    }
}

/// An installation at which nothing is to be found: beyond loopback, running, heard this morning.
fn sound() -> Facts {
    let health = ServerHealth {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: 7,
        started_at: days_ago(30),
        now: now(),
        url: "https://0.0.0.0:8443".to_owned(),
        metrics: Some("http://127.0.0.1:9464/metrics".to_owned()),
        not_ready: None,
        waiting: 0,
        open_files: 4096,
        is_dumpable: false,
    };
    Facts {
        now: now(),
        configuration: Configuration {
            file: Some(entry("/etc/smartretro/smartretro.toml", 0o644, EntryKind::File)),
            unknown_variables: Vec::new(),
            contradictions: Vec::new(),
            listen: "0.0.0.0:8443".to_owned(),
            behind_proxy: false,
            public_url: WebAddress::parse("https://retro.acme.example"),
            metrics: Some(MetricsAddress::Loopback("127.0.0.1:9464".parse().unwrap())),
            log: "info".to_owned(),
        },
        data: Data {
            path: "/var/lib/smartretro".into(),
            root: Some(entry("/var/lib/smartretro", 0o700, EntryKind::Directory)),
            entries: vec![entry("/var/lib/smartretro/main.db", 0o600, EntryKind::File)],
            space: Some(Space { free_bytes: 9 << 30, inodes: 1000, free_inodes: 900, beware: None }),
        },
        key: KeyFile {
            path: "/etc/smartretro/smartretro.key".into(),
            entry: Some(Entry { device: 2, ..entry("/etc/smartretro/smartretro.key", 0o400, EntryKind::File) }),
            is_inside_data: false,
        },
        installation: Ok(Installation {
            is_sandbox: false,
            files: vec![database("main.db"), database("0190.db")],
            organisations: 1,
            strangers: Vec::new(),
            certificate_ends_at: Some(now() + SignedDuration::from_hours(24 * 400)),
            ownerless: 0,
            tokens_that_end: 0,
            teams: vec![TeamFacts { slug: "web".to_owned(), zone: "Europe/Zurich".to_owned(), looked_at: days_ago(1), has_sources: true }],
            sources: vec![SourceFacts {
                connection: "c".to_owned(),
                external_id: "acme/web".to_owned(),
                changed_at: days_ago(90),
                heard_at: Some(days_ago(1)),
            }],
            connections: vec![ConnectionFacts {
                id: "c".to_owned(),
                connector: "github".to_owned(),
                created_at: days_ago(90),
                came: vec![("captured".to_owned(), days_ago(1)), ("bad_signature".to_owned(), days_ago(60))],
            }],
            last_written_at: Some(now()),
            oldest_text_at: Some(days_ago(35)),
        }),
        server: Server::Running(Box::new(health)),
        host: Host { user: 990, umask: Some(0o077), open_files: 4096, is_dumpable: false, memory_bytes: Some(1 << 30), swap: Vec::new() },
    }
}

fn inside(facts: &mut Facts) -> &mut Installation {
    facts.installation.as_mut().ok().unwrap()
}

fn health(facts: &mut Facts) -> &mut ServerHealth {
    match &mut facts.server {
        Server::Running(health) => health,
        _ => unreachable!(),
    }
}

#[test]
fn there_are_at_least_25_checks_and_each_id_is_there_once() {
    let ids: Vec<&str> = checks().map(|check| check.id).collect();
    assert!(ids.len() >= 25, "{}", ids.len());
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert!(checks().all(|check| check.remedy.len() > 20));
}

#[test]
fn nothing_is_found_where_all_is_well() {
    let found: Vec<_> = judge(&sound()).into_iter().filter(|finding| finding.level != "good").collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// Spoils one thing.
type Spoil = fn(&mut Facts);

/// One thing that is wrong, the check that must say so, and how loudly.
const WRONG: &[(&str, &str, Spoil)] = &[
    ("config.values", "problem", |facts| facts.configuration.contradictions.push("x".to_owned())),
    ("config.variables", "hint", |facts| facts.configuration.unknown_variables.push("SMARTRETRO_LISTN".to_owned())),
    ("config.file_mode", "problem", |facts| facts.configuration.file.as_mut().unwrap().mode = 0o664),
    ("config.log", "hint", |facts| facts.configuration.log = "debug".to_owned()),
    ("data.directory", "problem", |facts| facts.data.root = None),
    ("data.directory", "problem", |facts| facts.data.root.as_mut().unwrap().kind = EntryKind::File),
    ("data.mode", "problem", |facts| facts.data.root.as_mut().unwrap().mode = 0o750),
    ("data.owner", "problem", |facts| facts.data.entries[0].owner = 0),
    ("data.owner", "problem", |facts| facts.host.user = 1000),
    ("data.file_modes", "problem", |facts| facts.data.entries[0].mode = 0o640),
    ("data.links", "problem", |facts| facts.data.entries[0].kind = EntryKind::Link),
    ("data.space", "problem", |facts| facts.data.space.as_mut().unwrap().free_bytes = 1 << 20),
    ("data.space", "hint", |facts| facts.data.space.as_mut().unwrap().free_bytes = 512 << 20),
    ("data.inodes", "problem", |facts| facts.data.space.as_mut().unwrap().free_inodes = 9),
    ("data.file_system", "problem", |facts| facts.data.space.as_mut().unwrap().beware = Some("nfs")),
    ("data.socket", "hint", |facts| facts.data.path = "/d".repeat(60).into()),
    ("key.file", "problem", |facts| facts.key.entry = None),
    ("key.mode", "problem", |facts| facts.key.entry.as_mut().unwrap().mode = 0o440),
    ("key.owner", "problem", |facts| facts.key.entry.as_mut().unwrap().owner = 1000),
    ("key.place", "problem", |facts| facts.key.is_inside_data = true),
    ("key.disk", "hint", |facts| facts.key.entry.as_mut().unwrap().device = 1),
    ("key.fits", "problem", |facts| facts.installation = Err(Unreadable { words: "another key".to_owned(), is_wrong_key: true })),
    ("files.readable", "problem", |facts| facts.installation = Err(Unreadable { words: "gone".to_owned(), is_wrong_key: false })),
    ("files.readable", "problem", |facts| inside(facts).files[1].problem = Some("it is damaged".to_owned())),
    ("files.strangers", "hint", |facts| inside(facts).strangers.push("/var/lib/smartretro/orgs/x.db".into())),
    ("files.schema", "problem", |facts| inside(facts).files[1].schema = (2, 1)),
    ("files.schema", "hint", |facts| inside(facts).files[1].schema = (0, 1)),
    ("files.pages", "problem", |facts| inside(facts).files[1].pages = Some(vec!["page 3".to_owned()])),
    ("files.structure", "problem", |facts| inside(facts).files[1].structure = Some(vec!["row 3 missing".to_owned()])),
    ("files.log", "problem", |facts| inside(facts).files[1].log_bytes = 1 << 30),
    ("files.cipher", "problem", |facts| inside(facts).files[1].cipher = "3.4.2".to_owned()),
    ("audit.whole", "problem", |facts| inside(facts).files[1].audit.as_mut().unwrap().problem = Some("entry 2 is gone".to_owned())),
    ("audit.whole", "problem", |facts| inside(facts).files[1].audit = None),
    ("clock.sane", "problem", |facts| inside(facts).last_written_at = Some(now() + SignedDuration::from_hours(1))),
    ("retention.text", "problem", |facts| inside(facts).oldest_text_at = Some(days_ago(40))),
    ("server.answers", "hint", |facts| facts.server = Server::Stopped(Port::Free)),
    ("server.answers", "problem", |facts| facts.server = Server::Silent),
    ("server.writes", "problem", |facts| health(facts).not_ready = Some("the disk is full".to_owned())),
    ("server.queue", "hint", |facts| health(facts).waiting = 900),
    ("server.version", "hint", |facts| health(facts).version = "0.0.9".to_owned()),
    ("net.listen", "problem", |facts| facts.server = Server::Stopped(Port::Refused("it is taken".to_owned()))),
    ("net.public_url", "hint", |facts| facts.configuration.public_url = None),
    ("net.public_url", "hint", |facts| facts.configuration.public_url = WebAddress::parse("https://localhost:8443")),
    ("net.public_url", "problem", |facts| facts.configuration.public_url = WebAddress::parse("http://localhost:8443")),
    ("net.certificate", "problem", |facts| inside(facts).certificate_ends_at = Some(now() + SignedDuration::from_hours(24 * 5))),
    ("net.metrics", "problem", |facts| health(facts).metrics = None),
    ("organisation.owner", "problem", |facts| inside(facts).ownerless = 1),
    ("organisation.owner", "problem", |facts| inside(facts).organisations = 0),
    ("tokens.lasting", "hint", |facts| inside(facts).tokens_that_end = 2),
    ("teams.zones", "problem", |facts| inside(facts).teams[0].zone = "Europe/Atlantis".to_owned()),
    ("teams.looks", "problem", |facts| inside(facts).teams[0].looked_at = days_ago(5)),
    ("sources.on", "hint", |facts| inside(facts).sources.clear()),
    ("sources.heard", "hint", |facts| inside(facts).sources[0].heard_at = Some(days_ago(9))),
    ("sources.heard", "hint", |facts| inside(facts).sources[0].heard_at = None),
    ("connections.tools", "problem", |facts| inside(facts).connections[0].connector = "telex".to_owned()),
    ("connections.heard", "hint", |facts| inside(facts).connections[0].came.clear()),
    ("connections.signed", "hint", |facts| inside(facts).connections[0].came.push(("bad_signature".to_owned(), now()))),
    ("connections.signed", "problem", |facts| inside(facts).connections[0].came = vec![("missing_signature".to_owned(), now())]),
    ("connections.fresh", "problem", |facts| inside(facts).connections[0].came = vec![("stale_timestamp".to_owned(), now())]),
    ("process.user", "hint", |facts| facts.data.root.as_mut().unwrap().owner = 0),
    ("process.umask", "hint", |facts| facts.host.umask = Some(0o002)),
    ("process.dumps", "problem", |facts| health(facts).is_dumpable = true),
    ("process.files", "hint", |facts| health(facts).open_files = 256),
    ("host.memory", "problem", |facts| facts.host.memory_bytes = Some(64 << 20)),
    ("host.swap", "hint", |facts| facts.host.swap.push("/swapfile".to_owned())),
];

#[test]
fn each_thing_that_is_wrong_is_said_by_its_check_with_a_remedy() {
    for (id, level, spoil) in WRONG {
        let mut facts = sound();
        spoil(&mut facts);
        let findings = judge(&facts);
        let finding = findings.iter().find(|finding| finding.id == *id).unwrap();
        assert_eq!((finding.level, finding.ok), (*level, *level != "problem"), "{id}: {finding:?}");
        assert!(!finding.remedy.is_empty() && !finding.detail.is_empty(), "{id}");
    }
    let tried: BTreeSet<&str> = WRONG.iter().map(|(id, ..)| *id).collect();
    let untried: Vec<&str> = checks().map(|check| check.id).filter(|id| !tried.contains(id)).collect();
    assert!(untried.is_empty(), "never seen to speak: {untried:?}");
}

#[test]
fn what_a_sandbox_may_do_is_no_fault_there() {
    let mut facts = sound();
    facts.key.is_inside_data = true;
    facts.key.entry.as_mut().unwrap().device = 1;
    facts.data.space.as_mut().unwrap().beware = Some("tmpfs");
    inside(&mut facts).is_sandbox = true;
    inside(&mut facts).oldest_text_at = Some(days_ago(400));
    let findings = judge(&facts);
    assert!(findings.iter().all(|finding| finding.ok), "{findings:#?}");
}

#[test]
fn a_server_that_was_started_just_now_has_its_looks_before_it() {
    let mut facts = sound();
    inside(&mut facts).teams[0].looked_at = days_ago(5);
    health(&mut facts).started_at = now();
    assert!(judge(&facts).iter().all(|finding| finding.ok));
}
