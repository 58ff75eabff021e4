//! A disk that fails, a process that is killed, a host that is configured against us. Each in a process of its own.

use super::child::{child, said, say};
use super::*;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// Words of 4 KB, so that a limit is soon met.
fn long(thread: usize, number: usize) -> String {
    format!("{thread}-{number}-{}", "x".repeat(4000))
}

fn short(word: &str) -> String {
    word.split('-').take(2).collect::<Vec<_>>().join("-")
}

pub(super) fn write_until_it_fails(store: &Store) {
    let org = store.org(store.orgs()[0]).unwrap().unwrap();
    thread::scope(|scope| {
        for thread in 0..8 {
            let org = &org;
            scope.spawn(move || {
                for number in 0.. {
                    let word = long(thread, number);
                    match org.write(move |tx| add(tx, &word)) {
                        Ok(_) => say(&format!("ok {thread}-{number}")),
                        Err(fault) => {
                            say(&format!("fault {}", fault.code().as_str()));
                            break;
                        }
                    }
                }
            });
        }
    });
    let late = org.write(|tx| add(tx, "late")).unwrap_err();
    say(&format!("late {} {}", late.code().as_str(), late.words().contains("restart")));
    say(&format!("fenced {}", org.fenced().is_some()));
    say(&format!("reads {}", org.read(|reader| words(reader)).is_ok()));
    say(&format!("main {}", store.main().fenced().is_some()));
}

pub(super) fn write_for_ever(store: &Store) {
    let org = store.org(store.orgs()[0]).unwrap().unwrap();
    thread::scope(|scope| {
        for thread in 0..8 {
            let org = &org;
            scope.spawn(move || {
                for number in kept(org).len().. {
                    let word = format!("{thread}-{number}");
                    let line = format!("ok {word}");
                    org.write(move |tx| add(tx, &word)).unwrap();
                    say(&line);
                }
            });
        }
    });
}

fn prepared() -> Place {
    let place = Place::new();
    drop(notebook(&place.create()));
    place
}

fn acknowledged(said: &[String]) -> Vec<String> {
    said.iter().filter_map(|line| line.strip_prefix("ok ").map(str::to_owned)).collect()
}

#[test]
fn a_disk_that_takes_no_more_fences_the_file_and_loses_nothing_acknowledged() {
    let place = prepared();
    // No file may grow beyond 2,000 blocks of 512 bytes; the write beyond it fails, as on a full disk.
    let output = child(place.dir.path(), "write until it fails", "trap '' XFSZ; ulimit -f 2000;").output().unwrap();
    let said = said(&output.stdout);
    let acknowledged = acknowledged(&said);
    assert!(acknowledged.len() > 50, "it wrote until the limit: {}", String::from_utf8_lossy(&output.stderr));
    let count = |line: &str| said.iter().filter(|said| *said == line).count();
    assert_eq!(count("fault fenced"), 8, "each of the eight writers was told: {said:?}");
    assert_eq!(count("late fenced true"), 1, "every later write is refused, with the remedy");
    assert_eq!(count("fenced true"), 1);
    assert_eq!(count("reads true"), 1, "what is there can be read");
    assert_eq!(count("main false"), 1, "another file is not concerned");
    // The disk has room again, the program starts anew.
    let org = place.open_org().unwrap();
    let found: Vec<_> = kept(&org).iter().map(|word| short(word)).collect();
    for word in &acknowledged {
        assert_eq!(found.iter().filter(|found| *found == word).count(), 1, "{word}");
    }
    assert_eq!(org.check().unwrap(), [""; 0]);
    org.write(|tx| add(tx, "again")).unwrap();
}

#[test]
fn a_full_disk_at_the_start_is_not_taken_for_a_log_that_is_not_ours() {
    let place = Place::new();
    let store = place.create();
    let id = notebook(&store).id();
    // A crash: main.db with its log, and no index of the log. Only the log knows the organisation.
    let lies = ["main.db", "main.db-wal"].map(|name| (place.root().join(name), fs::read(place.root().join(name)).unwrap()));
    drop(store);
    let leave = || lies.iter().for_each(|(path, bytes)| fs::write(path, bytes).unwrap());
    leave();
    // The index cannot be made.
    let output = child(place.dir.path(), "open", "trap '' XFSZ; ulimit -f 1;").output().unwrap();
    assert_eq!(said(&output.stdout), ["fault io"], "{}", String::from_utf8_lossy(&output.stderr));
    assert!(lies.iter().all(|(path, bytes)| fs::read(path).unwrap() == *bytes), "nothing was changed");
    assert_eq!(place.open().unwrap().orgs(), [id], "with room again, everything is there");
}

#[test]
fn a_killed_process_loses_nothing_acknowledged() {
    let place = prepared();
    let mut acknowledged = Vec::new();
    for round in 1..=3 {
        let mut killed = child(place.dir.path(), "write for ever", "").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(killed.stdout.take().unwrap()).lines();
        let mut heard = 0;
        // Killed in the middle of a run; what it had said by then still comes out of the pipe.
        for line in lines.by_ref().map_while(Result::ok) {
            acknowledged.extend(said(line.as_bytes()).iter().filter_map(|line| line.strip_prefix("ok ").map(str::to_owned)));
            heard += 1;
            if heard == 300 * round {
                killed.kill().unwrap();
            }
        }
        killed.wait().unwrap();
        assert!(heard >= 300 * round, "it ended by itself");
        let found = kept(&place.open_org().unwrap());
        for word in &acknowledged {
            assert_eq!(found.iter().filter(|found| *found == word).count(), 1, "{word}, round {round}");
        }
    }
}

#[test]
fn the_hosts_openssl_configuration_is_not_read() {
    let place = prepared();
    let file = place.dir.path().join("openssl.cnf");
    // Activates a provider without algorithms only: whoever reads this has no cipher left.
    fs::write(&file, "openssl_conf = all\n[all]\nproviders = list\n[list]\nnull = on\n[on]\nactivate = 1\n").unwrap();
    let before = format!("OPENSSL_CONF='{}'; export OPENSSL_CONF;", file.display());
    let output = child(place.dir.path(), "open", &before).output().unwrap();
    assert_eq!(said(&output.stdout), ["opened 0"], "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_encryption_library_says_nothing_on_stderr() {
    let place = prepared();
    let org = files(&place.root().join("orgs")).remove(0);
    let mut bytes = fs::read(&org).unwrap();
    bytes[200] ^= 1;
    fs::write(&org, bytes).unwrap();
    let output = child(place.dir.path(), "open", "").output().unwrap();
    assert_eq!(said(&output.stdout), ["fault damaged"]);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
