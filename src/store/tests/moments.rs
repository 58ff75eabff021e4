//! No moment at which a process may end leaves a healthy database that is taken for a mixed one; and no two histories of one file are mixed.

use super::child::{child, said, say};
use super::*;
use crate::crypto::Key;
use crate::store::cipher::{self, Access};
use crate::store::directory;
use std::collections::BTreeSet;
use std::process::Command;

/// Characters of a long write; the first is more than the log may hold before it is written back.
const LONG: [usize; 2] = [4_500_000, 60_000];

/// Acts of one sequence.
const MOMENTS: usize = 16;

/// What one file and its log were at some moment, and what they must then be read as.
struct Moment {
    file: Vec<u8>,
    log: Vec<u8>,
    words: Vec<String>,
}

fn read_or_empty(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_default()
}

/// A data directory beside `place`, whose organisation `id` has this file and this log.
fn elsewhere(place: &Place, id: OrgId, file: &[u8], log: &[u8]) -> Place {
    let other = Place { dir: tempfile::tempdir().unwrap(), kek: place.kek.clone() };
    fs::create_dir_all(other.root().join("orgs")).unwrap();
    for name in ["main.db", "main.db-wal", "install.json"] {
        fs::write(other.root().join(name), read_or_empty(&place.root().join(name))).unwrap();
    }
    fs::write(other.org_file(id), file).unwrap();
    fs::write(directory::log_of(&other.org_file(id)), log).unwrap();
    other
}

/// A snapshot that a reader holds until it is let go.
struct Reading {
    release: Sender<()>,
    thread: JoinHandle<()>,
}

impl Reading {
    fn of(org: &OrgDb) -> Self {
        let (release, wait) = channel::<()>();
        let (tell, entered) = channel();
        let org = org.clone();
        let thread = thread::spawn(move || {
            org.read(|reader| {
                words(reader)?;
                tell.send(()).unwrap();
                wait.recv().unwrap();
                Ok::<_, Fault>(())
            })
            .unwrap();
        });
        entered.recv().unwrap();
        Self { release, thread }
    }

    fn let_go(self) {
        self.release.send(()).unwrap();
        self.thread.join().unwrap();
    }
}

/// Small writes, large ones, readers that come in the way of writing back, promises to empty the log, restarts: in an order that `seed` chooses.
fn live(place: &Place, id: OrgId, seed: u64, long: usize) -> Vec<Moment> {
    let mut dice = seed;
    let mut org = place.open_org().unwrap();
    let mut reading: Option<Reading> = None;
    let mut moments = Vec::new();
    for number in 0..MOMENTS {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        match (dice >> 33) % 8 {
            0 if reading.is_none() => {
                drop(org);
                org = place.open_org().unwrap();
            }
            0 | 1 => {
                org.scrub().unwrap();
            }
            2 | 3 => match reading.take() {
                Some(held) => held.let_go(),
                None => reading = Some(Reading::of(&org)),
            },
            4 => {
                let long = format!("{number} {}", "x".repeat(long));
                org.write(move |tx| {
                    tx.run("DELETE FROM note WHERE length(word) > 100", [])?;
                    add(tx, &long)
                })
                .unwrap();
                // The log is written back after the answer; this waits until it is.
                org.write(|_| Ok::<_, Fault>(())).unwrap();
            }
            _ => {
                org.write(move |tx| add(tx, &format!("word {number}"))).unwrap();
            }
        }
        // Answered only between two turns of the writer: from here on nothing is written.
        assert_eq!(org.check().unwrap(), [""; 0]);
        let path = place.org_file(id);
        moments.push(Moment { file: fs::read(&path).unwrap(), log: read_or_empty(&directory::log_of(&path)), words: kept(&org) });
    }
    if let Some(held) = reading {
        held.let_go();
    }
    moments
}

fn prepared() -> (Place, OrgId, Key) {
    let place = Place::new();
    let store = place.create();
    let id = notebook(&store).id();
    let key = store.unwrap(id, super::super::Purpose::File).unwrap();
    (place, id, key)
}

#[test]
fn a_crash_at_any_quiet_moment_opens_with_all_that_was_acknowledged() {
    for seed in 0..3 {
        let (place, id, _) = prepared();
        for (number, moment) in live(&place, id, seed, LONG[0]).iter().enumerate() {
            let crashed = elsewhere(&place, id, &moment.file, &moment.log);
            let opened = crashed.open_org().unwrap_or_else(|fault| panic!("seed {seed}, moment {number}: {fault}"));
            assert!(kept(&opened) == moment.words, "seed {seed}, moment {number}");
        }
    }
}

#[test]
fn a_log_and_a_file_of_two_moments_are_one_of_them_or_are_refused() {
    let (mut refused, mut taken) = (0, 0);
    for seed in 10..12 {
        let (place, id, key) = prepared();
        let moments = live(&place, id, seed, LONG[1]);
        for (file_at, file) in moments.iter().enumerate() {
            for (log_at, log) in moments.iter().enumerate().filter(|(_, moment)| !moment.log.is_empty()) {
                let mixed = elsewhere(&place, id, &file.file, &log.log);
                let name = |access| {
                    let connection = cipher::connect(&mixed.org_file(id), access, &key).unwrap();
                    connection.pragma_query_value::<i64, _>(None, "user_version", |row| row.get(0))
                };
                // What the module says that it cannot see: the file is later than the log, and no new log began between them.
                let is_blind_spot = file_at > log_at && name(Access::FileAlone).ok() == name(Access::Write).ok();
                match mixed.open_org() {
                    Ok(org) => {
                        assert!(
                            is_blind_spot || kept(&org) == log.words,
                            "seed {seed}: the file of {file_at} and the log of {log_at} are mixed"
                        );
                        taken += 1;
                    }
                    Err(fault) => {
                        assert_eq!(fault.code(), Code::StaleWal, "{fault}");
                        refused += 1;
                    }
                }
            }
        }
    }
    assert!(refused > 50 && taken > 50, "both happen: {refused} refused, {taken} taken");
}

#[test]
fn two_futures_of_one_backup_are_not_mixed() {
    let (place, id, _) = prepared();
    let backup = fs::read(place.org_file(id)).unwrap();
    let future = |word: &'static str| {
        fs::write(place.org_file(id), &backup).unwrap();
        let org = place.open_org().unwrap();
        org.write(move |tx| add(tx, word)).unwrap();
        let log = fs::read(directory::log_of(&place.org_file(id))).unwrap();
        drop(org);
        log
    };
    let lost = future("before the crash");
    future("after the restore");
    // Someone wants back what is in the log that was put aside.
    fs::write(directory::log_of(&place.org_file(id)), &lost).unwrap();
    assert_eq!(place.open_org().err().map(|fault| fault.code()), Some(Code::StaleWal));
    // On the backup that it was written upon, it is welcome.
    let again = elsewhere(&place, id, &backup, &lost);
    assert_eq!(kept(&again.open_org().unwrap()), ["before the crash"]);
}

#[test]
fn a_log_that_starts_over_once_a_reader_has_gone_is_a_new_one() {
    let (place, id, _) = prepared();
    let org = place.open_org().unwrap();
    org.write(|tx| add(tx, "early")).unwrap();
    let log = directory::log_of(&place.org_file(id));
    let early = fs::read(&log).unwrap();
    let reading = Reading::of(&org);
    assert!(!org.scrub().unwrap(), "all of the log is written back, and the reader keeps it from being emptied");
    reading.let_go();
    org.write(|tx| add(tx, "late")).unwrap();
    assert_ne!(early[..32], fs::read(&log).unwrap()[..32], "the log has started over");
    drop(org);
    fs::write(&log, early).unwrap();
    assert_eq!(place.open_org().err().map(|fault| fault.code()), Some(Code::StaleWal));
}

/// Three lives of a process: writes, the log emptied, more writes, a clean end.
pub(super) fn live_thrice(root: &Path, kek: &Kek) {
    for life in 0..3 {
        let store = Store::open(root, kek).unwrap();
        let org = store.org(store.orgs()[0]).unwrap().unwrap();
        for number in 0..2 << life {
            let word = format!("{life}-{number}");
            let line = format!("ok {word}");
            org.write(move |tx| add(tx, &word)).unwrap();
            say(&line);
            if number % 2 == 1 {
                assert!(org.scrub().unwrap());
            }
        }
    }
    say("done");
}

/// Runs the three lives and kills them at the `nth` of these system calls, before it is carried out. Whether they ended by themselves.
fn killed_at(call: &str, nth: u32) -> bool {
    let (place, _, _) = prepared();
    let task = child(place.dir.path(), "three lives", "");
    let mut traced = Command::new("strace");
    traced
        .args(["-f", "-qqq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &format!("inject={call}:signal=KILL:when={nth}")])
        .arg(task.get_program())
        .args(task.get_args())
        .current_dir(place.dir.path());
    let output = traced.output().unwrap();
    let said = said(&output.stdout);
    let acknowledged: Vec<_> = said.iter().filter_map(|line| line.strip_prefix("ok ").map(str::to_owned)).collect();
    let org = place.open_org().unwrap_or_else(|fault| panic!("killed at {call} {nth}: {fault}"));
    let found = kept(&org);
    // In order, each once; what was under way when the process ended may be there too.
    assert!(found.starts_with(&acknowledged) && found.len() <= acknowledged.len() + 1, "{call} {nth}: {acknowledged:?}, {found:?}");
    assert_eq!(org.check().unwrap(), [""; 0], "{call} {nth}");
    said.last().is_some_and(|line| line == "done")
}

#[test]
fn a_process_that_is_killed_at_any_system_call_leaves_a_database_that_opens() {
    let probe = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        println!("skipped: strace is not installed, or may not trace here");
        return;
    }
    let mut kills = BTreeSet::new();
    for call in ["pwrite64", "ftruncate", "fdatasync", "fsync", "unlink"] {
        // A counter of its own per thread: the sweep ends once no thread makes so many of these calls.
        for nth in 1.. {
            if killed_at(call, nth) {
                break;
            }
            kills.insert((call, nth));
        }
    }
    println!("killed at {} system calls", kills.len());
    assert!(kills.len() > 60, "{kills:?}");
}
