//! Writes: durable before they are answered, alone in their failure.

use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

#[test]
fn what_was_written_is_there_after_a_restart() {
    let place = Place::new();
    let store = place.create();
    let org = notebook(&store);
    let id = org.id();
    org.write(|tx| add(tx, "first")).unwrap();
    assert_eq!(kept(&org), ["first"]);
    drop(org);
    drop(store);
    let store = place.open().unwrap();
    assert!(store.sandbox());
    assert_eq!(store.orgs(), [id]);
    assert_eq!(kept(&store.org(id).unwrap().unwrap()), ["first"]);
    assert!(store.org(OrgId::from_bytes([1; 16])).unwrap().is_none());
}

#[test]
fn writes_that_wait_share_a_commit_and_none_is_seen_before_it() {
    let place = Place::new();
    let org = notebook(&place.create());
    let held = Held::by(&org);
    let first = queued(&org, 1, |tx| add(tx, "first"));
    let reading = org.clone();
    let second = queued(&org, 2, move |tx| {
        // The neighbour has run: it is in this very transaction, and nobody else sees it yet.
        Ok((words(tx)?, kept(&reading)))
    });
    held.let_go();
    assert_eq!(second.join().unwrap().unwrap(), (vec!["first".to_owned()], vec![]));
    first.join().unwrap().unwrap();
    assert_eq!(kept(&org), ["first"], "an answered write is seen by every later reader");
}

#[test]
fn a_write_that_fails_or_panics_is_undone_alone() {
    let place = Place::new();
    let org = notebook(&place.create());
    let held = Held::by(&org);
    let before = queued(&org, 1, |tx| add(tx, "before"));
    let failing = queued(&org, 2, |tx| {
        add(tx, "failing")?;
        Err::<(), _>(Fault::new(Code::Config, "no"))
    });
    let breaking = queued(&org, 3, |tx| {
        add(tx, "breaking")?;
        assert!(words(tx)?.is_empty(), "this breaks off on purpose");
        Ok(())
    });
    let after = queued(&org, 4, |tx| add(tx, "after"));
    held.let_go();
    before.join().unwrap().unwrap();
    after.join().unwrap().unwrap();
    assert_eq!(failing.join().unwrap().unwrap_err().code(), Code::Config, "the caller's own error comes back");
    assert_eq!(breaking.join().unwrap().unwrap_err().code(), Code::Internal);
    assert_eq!(kept(&org), ["before", "after"]);
    assert_eq!(org.fenced(), None);
}

#[test]
fn a_commit_that_is_refused_is_refused_for_all_who_share_it() {
    let place = Place::new();
    let org = notebook(&place.create());
    org.write::<_, Fault>(|tx| tx.run("CREATE TABLE leaf (of INTEGER REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)", [])).unwrap();
    let held = Held::by(&org);
    let good = queued(&org, 1, |tx| add(tx, "good"));
    // A deferred constraint breaks only at COMMIT, when both closures have long answered Ok.
    let bad = queued(&org, 2, |tx| tx.run("INSERT INTO leaf (of) VALUES (77)", []));
    // The held write ran before them, in a commit of its own.
    held.let_go();
    assert_eq!(good.join().unwrap().unwrap_err().code(), Code::Store);
    assert_eq!(bad.join().unwrap().unwrap_err().code(), Code::Store);
    assert_eq!(kept(&org), [""; 0]);
    org.write(|tx| add(tx, "later")).unwrap();
    assert_eq!((kept(&org), org.fenced()), (vec!["later".to_owned()], None), "nothing reached the disk, so nothing is fenced");
}

#[test]
fn sixty_four_threads_lose_nothing_and_write_nothing_twice() {
    const THREADS: usize = 64;
    const EACH: usize = 25;
    let place = Place::new();
    let org = notebook(&place.create());
    let start = Arc::new(Barrier::new(THREADS));
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            let (org, start) = (org.clone(), Arc::clone(&start));
            thread::spawn(move || {
                start.wait();
                for number in 0..EACH {
                    org.write(move |tx| add(tx, &format!("{thread}-{number}"))).unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    drop(org);
    let mut found = kept(&place.open_org().unwrap());
    found.sort();
    let mut expected: Vec<_> = (0..THREADS).flat_map(|thread| (0..EACH).map(move |number| format!("{thread}-{number}"))).collect();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_full_queue_says_so_at_once_and_loses_nothing_it_took() {
    let place = Place::new();
    let org = notebook(&place.create());
    let held = Held::by(&org);
    let waiting: Vec<_> = (1..=1024).map(|number| queued(&org, number, move |tx| add(tx, &number.to_string()))).collect();
    let refused = org.write(|tx| add(tx, "one too many")).unwrap_err();
    assert_eq!(refused.code(), Code::Overloaded);
    assert!(refused.words().contains("try again"), "{refused}");
    held.let_go();
    for thread in waiting {
        thread.join().unwrap().unwrap();
    }
    assert_eq!(kept(&org).len(), 1024);
    assert_eq!(org.waiting(), 0);
}

#[test]
fn a_write_inside_a_write_is_a_fault_and_not_a_deadlock() {
    let place = Place::new();
    let org = notebook(&place.create());
    let again = org.clone();
    let inner = org.write::<_, Fault>(move |_| Ok(again.write(|tx| add(tx, "inner")).unwrap_err().code())).unwrap();
    assert_eq!(inner, Code::Internal);
}

#[test]
fn the_last_handle_may_end_inside_a_write() {
    let place = Place::new();
    let store = place.create();
    let org = notebook(&store);
    let id = org.id();
    drop(store);
    // The closure owns the last handle: the writer's thread closes its own file.
    let inner = org.clone();
    let (tell, ended) = channel();
    thread::spawn(move || {
        let _ = org.write::<_, Fault>(move |tx| {
            add(tx, "kept")?;
            drop(inner);
            Ok(())
        });
        drop(org);
        tell.send(()).unwrap();
    });
    ended.recv().unwrap();
    let store = loop {
        // The directory is free again only once the file is closed.
        match place.open() {
            Ok(store) => break store,
            Err(fault) => assert_eq!(fault.code(), Code::DirectoryInUse),
        }
    };
    assert_eq!(kept(&store.org(id).unwrap().unwrap()), ["kept"]);
}

#[test]
fn a_taken_key_is_told_from_every_other_fault() {
    let place = Place::new();
    let org = notebook(&place.create());
    let insert = |word: &'static str| org.write::<_, Fault>(move |tx| tx.insert_new("INSERT INTO note (word) VALUES (?1)", [word]));
    assert!(insert("secret-word").unwrap());
    assert!(!insert("secret-word").unwrap());
    let plain = org.write(|tx| add(tx, "secret-word")).unwrap_err();
    assert_eq!(plain.code(), Code::Store);
    assert!(plain.to_string().contains("UNIQUE constraint failed: note.word"), "{plain}");
    assert!(!format!("{plain:?}").contains("secret-word"), "a fault names columns, never values: {plain:?}");
    let other = org.write::<_, Fault>(|tx| tx.insert_new("INSERT INTO note (word) VALUES (NULL)", [])).unwrap_err();
    assert_eq!(other.code(), Code::Store);
}

#[test]
fn a_fault_never_repeats_what_a_column_held() {
    let place = Place::new();
    let org = notebook(&place.create());
    org.write(|tx| add(tx, "secret-word")).unwrap();
    let wrong_type = org.read(|reader| reader.one("SELECT word FROM note", [], |row| row.get::<_, i64>(0))).unwrap_err();
    let unknown =
        org.read(|reader| reader.one("SELECT word FROM note", [], |row| super::super::row::word(row, 0, |_| None::<u8>))).unwrap_err();
    let malformed =
        org.read(|reader| reader.one("SELECT json_extract(word, '$.a') FROM note", [], |row| row.get::<_, i64>(0))).unwrap_err();
    for fault in [wrong_type, unknown, malformed] {
        assert!(!format!("{fault} {fault:?}").contains("secret-word"), "{fault:?}");
    }
}

#[test]
fn a_reader_keeps_its_snapshot_and_cannot_write_or_reach_another_file() {
    let place = Place::new();
    let org = notebook(&place.create());
    let writing = org.clone();
    let (before, after) = org
        .read::<_, Fault>(|reader| {
            let before = words(reader)?;
            writing.write(|tx| add(tx, "meanwhile"))?;
            Ok((before, words(reader)?))
        })
        .unwrap();
    assert_eq!(before, after, "one reader, one state");
    assert_eq!(kept(&org), ["meanwhile"]);
    let written = org.read(|reader| reader.one("INSERT INTO note (word) VALUES ('x') RETURNING id", [], |row| row.get::<_, i64>(0)));
    assert_eq!(written.unwrap_err().code(), Code::Store);
    let outside = place.dir.path().join("outside.db");
    rusqlite::Connection::open(&outside).unwrap().execute_batch("CREATE TABLE taken (word TEXT)").unwrap();
    let attach = "ATTACH ?1 AS outside KEY ''";
    let name = outside.display().to_string();
    let by_reader = org.read(|reader| reader.optional(attach, [&name], |_| Ok(()))).unwrap_err();
    let by_writer = org.write(move |tx| tx.run(attach, [&name])).unwrap_err();
    assert_eq!(
        (by_reader.code(), by_writer.code()),
        (Code::Store, Code::Store),
        "a file that is there and opens is out of reach all the same"
    );
    assert_eq!(kept(&org), ["meanwhile"]);
}

#[test]
fn readers_that_break_off_leave_the_pool_whole() {
    let place = Place::new();
    let org = notebook(&place.create());
    org.write(|tx| add(tx, "here")).unwrap();
    for _ in 0..10 {
        let org = org.clone();
        assert!(thread::spawn(move || org.read::<(), Fault>(|_| panic!("this breaks off on purpose"))).join().is_err());
    }
    let busy = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                assert_eq!(kept(&org), ["here"]);
                busy.fetch_add(1, Ordering::SeqCst);
            });
        }
    });
    assert_eq!(busy.into_inner(), 16);
}

#[test]
fn the_log_is_written_back_while_the_program_runs() {
    let place = Place::new();
    let org = notebook(&place.create());
    let log = super::super::directory::log_of(&place.org_file(org.id()));
    // 20 MB in all; a log that was never written back would hold all of it.
    for number in 0..400 {
        org.write(move |tx| add(tx, &format!("{number:0>50000}"))).unwrap();
    }
    let length = fs::metadata(log).unwrap().len();
    assert!(length < 10 * 1024 * 1024, "{length} bytes in the write-ahead log");
}
