//! Four things that can be wrong with a database, four messages, each from the real situation. None of them changes a file.

use super::*;
use crate::store::cipher::{self, Access};
use crate::store::directory;

/// A closed installation with one organisation and three notes.
fn closed() -> (Place, OrgId) {
    let place = Place::new();
    let store = place.create();
    let org = notebook(&store);
    for word in ["one", "two", "three"] {
        org.write(move |tx| add(tx, word)).unwrap();
    }
    (place, org.id())
}

fn bytes_of(place: &Place) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all: Vec<_> = files(&place.root()).into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    // An empty log says nothing, and the index of a log is made anew at each start.
    all.retain(|(path, bytes)| !bytes.is_empty() && !path.display().to_string().ends_with("-shm"));
    all.sort();
    all
}

fn flip(path: &Path, offset: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[offset] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn another_master_key_is_called_a_wrong_key() {
    let (place, _) = closed();
    let before = bytes_of(&place);
    let fault = Store::open(&place.root(), &Kek::generate().unwrap()).err().unwrap();
    assert_eq!(fault.code(), Code::WrongKey);
    assert!(fault.words().contains("--key-file"), "{fault}");
    assert!(before == bytes_of(&place), "nothing was changed");
}

#[test]
fn a_wrapped_key_that_does_not_unwrap_is_called_a_wrong_key() {
    let (place, _) = closed();
    let path = place.root().join("install.json");
    let mut install: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    // The check value is right, the wrapped keys are exchanged: the place is part of the wrap.
    let (file, root) = (install["main"]["file"].clone(), install["main"]["root"].clone());
    install["main"]["file"] = root;
    install["main"]["root"] = file;
    fs::write(&path, install.to_string()).unwrap();
    let fault = place.open().err().unwrap();
    assert_eq!(fault.code(), Code::WrongKey);
    assert!(fault.words().contains("wrapped file key of main"), "{fault}");
}

#[test]
fn a_key_of_one_organisation_opens_no_other() {
    let place = Place::new();
    let store = place.create();
    let (one, two) = (notebook(&store).id(), notebook(&store).id());
    let take =
        "UPDATE org_key SET wrapped = (SELECT wrapped FROM org_key AS other WHERE other.org_id = ?2 AND other.purpose = org_key.purpose)
                WHERE org_id = ?1";
    store.main().write::<_, Fault>(move |tx| tx.run(take, [one.as_bytes(), two.as_bytes()])).unwrap();
    drop(store);
    let store = place.open().unwrap();
    assert_eq!(store.org(one).err().unwrap().code(), Code::WrongKey);
    assert!(store.org(two).is_ok(), "its neighbour is not concerned");
}

/// The organisation's file and its log as they lie at this moment, and the next chapter of both.
fn chapter(place: &Place, id: OrgId, word: &'static str) -> (Vec<u8>, Vec<u8>) {
    let org = place.open().unwrap().org(id).unwrap().unwrap();
    org.write(move |tx| add(tx, word)).unwrap();
    let log = fs::read(directory::log_of(&place.org_file(id))).unwrap();
    assert!(!log.is_empty());
    drop(org);
    (fs::read(place.org_file(id)).unwrap(), log)
}

/// Opens what lies there, expects the message about the log, takes the step that it names, and answers what is then read.
fn refused_for_its_log(place: &Place, id: OrgId) -> Vec<String> {
    let before = bytes_of(place);
    let fault = place.open().unwrap().org(id).err().expect("two states are not mixed");
    assert_eq!(fault.code(), Code::StaleWal, "{fault}");
    assert!(fault.words().contains("-wal") && fault.words().contains("move"), "{fault}");
    assert!(before == bytes_of(place), "neither the file nor the log was changed by the attempts");
    fs::rename(directory::log_of(&place.org_file(id)), place.dir.path().join("aside-wal")).unwrap();
    kept(&place.open_org().unwrap())
}

#[test]
fn a_log_beside_an_older_or_newer_copy_of_its_file_is_told_from_a_wrong_key_and_from_damage() {
    let (place, id) = closed();
    let (first_file, first_log) = chapter(&place, id, "four");
    let (_, second_log) = chapter(&place, id, "five");
    let (third_file, third_log) = chapter(&place, id, "six");
    let put = |file: &[u8], log: &[u8]| {
        fs::write(place.org_file(id), file).unwrap();
        fs::write(directory::log_of(&place.org_file(id)), log).unwrap();
    };
    // A backup is restored beside the log of a later time; then the other way round.
    put(&first_file, &third_log);
    assert_eq!(refused_for_its_log(&place, id).last().unwrap(), "four");
    put(&third_file, &first_log);
    assert_eq!(refused_for_its_log(&place, id).last().unwrap(), "six");
    put(&third_file, &second_log);
    assert_eq!(refused_for_its_log(&place, id).last().unwrap(), "six");
    // What does belong together is taken: the log on top of the state before it, and beside the state it led to.
    put(&first_file, &second_log);
    assert_eq!(kept(&place.open_org().unwrap()).last().unwrap(), "five");
    put(&third_file, &third_log);
    assert_eq!(kept(&place.open_org().unwrap()).last().unwrap(), "six");
}

#[test]
fn a_log_beside_a_file_with_another_salt_is_called_the_same() {
    let (place, id) = closed();
    let (_, log) = chapter(&place, id, "four");
    let store = place.open().unwrap();
    let key = store.unwrap(id, super::super::Purpose::File).unwrap();
    drop(store);
    // Written anew under the same key: a new file has a new salt, and with it other authentication codes.
    fs::remove_file(place.org_file(id)).unwrap();
    directory::make_file(&place.org_file(id)).unwrap();
    let connection = cipher::connect(&place.org_file(id), Access::Write, &key).unwrap();
    connection.execute_batch("CREATE TABLE note (id INTEGER PRIMARY KEY, word TEXT); INSERT INTO note VALUES (1, 'restored')").unwrap();
    connection
        .execute_batch("CREATE TABLE refinery_schema_history (version INT4 PRIMARY KEY, name TEXT, applied_on TEXT, checksum TEXT)")
        .unwrap();
    drop(connection);
    fs::write(directory::log_of(&place.org_file(id)), log).unwrap();
    let fault = place.open().unwrap().org(id).err().unwrap();
    assert_eq!(fault.code(), Code::StaleWal, "{fault}");
}

#[test]
fn every_crash_between_two_times_of_writing_back_opens() {
    let (place, id) = closed();
    let log = directory::log_of(&place.org_file(id));
    for _ in 0..3 {
        let org = place.open_org().unwrap();
        for number in 0..60 {
            // 60 KB a write: the log is written back and starts over several times.
            org.write(move |tx| {
                tx.run("DELETE FROM note WHERE id > 3", [])?;
                add(tx, &format!("{number:0>60000}"))
            })
            .unwrap();
            // What a power cut at this very moment leaves behind.
            let other = Place { dir: tempfile::tempdir().unwrap(), kek: place.kek.clone() };
            fs::create_dir_all(other.root().join("orgs")).unwrap();
            for file in ["main.db", "install.json"] {
                fs::copy(place.root().join(file), other.root().join(file)).unwrap();
            }
            if let Ok(bytes) = fs::read(place.root().join("main.db-wal")) {
                fs::write(other.root().join("main.db-wal"), bytes).unwrap();
            }
            fs::copy(place.org_file(id), other.org_file(id)).unwrap();
            fs::copy(&log, directory::log_of(&other.org_file(id))).unwrap();
            let found = kept(&other.open_org().unwrap());
            assert_eq!(found.len(), 4);
            assert!(found[3].ends_with(&format!("0{number}")), "the last acknowledged write is there");
        }
    }
}

#[test]
fn a_damaged_first_page_or_salt_is_called_damage() {
    for offset in [0, 100, 4000] {
        let (place, id) = closed();
        flip(&place.org_file(id), offset);
        let before = bytes_of(&place);
        let fault = place.open().unwrap().org(id).err().unwrap();
        assert_eq!(fault.code(), Code::Damaged, "byte {offset}: {fault}");
        assert!(fault.words().contains("backup"), "{fault}");
        assert!(before == bytes_of(&place), "nothing was changed");
    }
    let (place, _) = closed();
    flip(&place.root().join("main.db"), 50);
    assert_eq!(place.open().err().unwrap().code(), Code::Damaged);
}

#[test]
fn damage_in_a_later_page_is_found_by_a_check_and_by_whoever_reads_it() {
    let (place, id) = closed();
    let length = fs::metadata(place.org_file(id)).unwrap().len();
    let pages = usize::try_from(length / 4096).unwrap();
    let sound = place.open_org().unwrap();
    assert_eq!(sound.check().unwrap(), [""; 0]);
    drop(sound);
    let mut read_as_damaged = 0;
    for page in 1..pages {
        flip(&place.org_file(id), page * 4096 + 77);
        match place.open_org() {
            Ok(org) => {
                let found = org.check().unwrap();
                assert_eq!(found, [format!("HMAC verification failed for page {}", page + 1)]);
                if let Err(fault) = org.read(|reader| words(reader)) {
                    assert_eq!(fault.code(), Code::Damaged, "{fault}");
                    assert!(fault.words().contains("backup"), "{fault}");
                    read_as_damaged += 1;
                }
            }
            // A page of the schema: seen at once.
            Err(fault) => assert_eq!(fault.code(), Code::Damaged, "page {page}: {fault}"),
        }
        flip(&place.org_file(id), page * 4096 + 77);
    }
    assert!(read_as_damaged > 0, "one of {pages} pages holds the notes");
    assert_eq!(kept(&place.open_org().unwrap()).len(), 3);
}

#[test]
fn a_write_that_meets_damage_is_not_answered_ok() {
    let (place, id) = closed();
    let length = fs::metadata(place.org_file(id)).unwrap().len();
    for page in 1..usize::try_from(length / 4096).unwrap() {
        flip(&place.org_file(id), page * 4096 + 77);
        if let Ok(org) = place.open_org() {
            // Swallows the error: the file is fenced all the same.
            let is_damaged = org.read(|reader| words(reader)).is_err();
            let written = org.write::<_, Fault>(|tx| {
                let _ = words(tx);
                Ok(())
            });
            assert_eq!(written.is_err(), is_damaged, "page {page}");
            assert_eq!(org.fenced().is_some(), is_damaged);
        }
        flip(&place.org_file(id), page * 4096 + 77);
    }
}

#[test]
fn a_file_that_is_gone_or_emptied_is_not_taken_for_a_new_one() {
    let (place, id) = closed();
    let whole = fs::read(place.org_file(id)).unwrap();
    for rest in [0, 100, 4096] {
        fs::write(place.org_file(id), &whole[..rest]).unwrap();
        let outcome = place.open_org().and_then(|org| org.read(|reader| words(reader)));
        assert_eq!(outcome.err().map(|fault| fault.code()), Some(Code::Damaged), "{rest} bytes left");
        assert_eq!(fs::metadata(place.org_file(id)).unwrap().len(), rest as u64, "nothing was changed");
    }
    fs::remove_file(place.org_file(id)).unwrap();
    let fault = place.open_org().err().unwrap();
    assert_eq!(fault.code(), Code::Damaged);
    assert!(fault.words().contains("missing"), "{fault}");
}

#[test]
fn a_newer_schema_is_named_with_both_numbers_and_left_alone() {
    let newer =
        "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (999, 'later', '2030-01-01T00:00:00Z', '1')";
    let (place, id) = closed();
    let org = place.open_org().unwrap();
    org.write::<_, Fault>(|tx| tx.run(newer, [])).unwrap();
    drop(org);
    let before = bytes_of(&place);
    let fault = place.open().unwrap().org(id).err().unwrap();
    assert_eq!(fault.code(), Code::NewerSchema);
    assert!(fault.words().contains("schema 999") && fault.words().contains("knows ") && fault.words().contains("install"), "{fault}");
    assert!(before == bytes_of(&place), "nothing was changed");

    let store = place.open().unwrap();
    store.main().write::<_, Fault>(|tx| tx.run(newer, [])).unwrap();
    drop(store);
    let fault = place.open().err().unwrap();
    assert_eq!(fault.code(), Code::NewerSchema);
    assert!(fault.words().starts_with("main.db"), "{fault}");

    let path = place.root().join("install.json");
    fs::write(&path, r#"{"format": 2, "whatever": "comes"}"#).unwrap();
    assert_eq!(place.open().err().unwrap().code(), Code::NewerSchema);
    fs::write(&path, "{").unwrap();
    assert_eq!(place.open().err().unwrap().code(), Code::Damaged);
}
