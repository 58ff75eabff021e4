//! What lies in the data directory: who may read it, what it gives away, who owns it.

use super::*;
use crate::crypto::keys::{KeyPlace, Purpose};
use std::os::unix::fs::PermissionsExt;

const NEEDLE: &str = "a sentence that must not be found on any disk";

fn holds(path: &Path, needle: &[u8]) -> bool {
    fs::read(path).unwrap().windows(needle.len()).any(|window| window == needle)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn no_file_holds_plaintext_or_a_key() {
    let place = Place::new();
    let store = place.create();
    let org = notebook(&store);
    for number in 0..200 {
        org.write(move |tx| add(tx, &format!("{NEEDLE} {number}"))).unwrap();
    }
    org.write::<_, Fault>(|tx| tx.run("DELETE FROM note WHERE id < 100", [])).unwrap();
    let wrapped: Vec<u8> =
        store.main().read(|reader| reader.one("SELECT wrapped FROM org_key WHERE purpose = 'file'", [], |row| row.get(0))).unwrap();
    let install: serde_json::Value = serde_json::from_slice(&fs::read(place.root().join("install.json")).unwrap()).unwrap();
    let key_place = KeyPlace { install: install["id"].as_str().unwrap(), owner: &org.id().to_string(), version: 1, purpose: Purpose::File };
    let dek = place.kek.unwrap(&key_place, &wrapped).unwrap();
    let kek = hex::decode(fs::read_to_string(place.key_file()).unwrap().trim()).unwrap();
    let needles = [
        NEEDLE.as_bytes().to_vec(),
        b"SQLite format 3".to_vec(),
        b"CREATE TABLE".to_vec(),
        b"note".to_vec(),
        dek.reveal().to_vec(),
        hex::encode(dek.reveal()).into_bytes(),
        kek.clone(),
        hex::encode(kek).into_bytes(),
    ];
    let look = |when: &str| {
        let found = files(&place.root());
        for file in &found {
            for needle in &needles {
                assert!(!holds(file, needle), "{when}: {} holds {:?}", file.display(), String::from_utf8_lossy(needle));
            }
        }
        found.len()
    };
    // With logs beside both databases: lock, install.json, main.db and orgs/… with -wal and -shm.
    assert_eq!(look("while open"), 8);
    drop(org);
    drop(store);
    assert_eq!(look("when closed"), 4, "a clean end leaves no log behind");
    // The search itself finds what is there.
    let control = place.dir.path().join("control");
    fs::write(&control, format!("...{NEEDLE}...")).unwrap();
    assert!(holds(&control, NEEDLE.as_bytes()));
}

#[test]
fn everything_is_its_owners_alone_and_is_made_so_again() {
    let place = Place::new();
    let store = place.create();
    let org = notebook(&store);
    org.write(|tx| add(tx, "x")).unwrap();
    let look = || {
        assert_eq!(mode(&place.root()), 0o700);
        assert_eq!(mode(&place.root().join("orgs")), 0o700);
        for file in files(&place.root()) {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
    };
    look();
    let id = org.id();
    drop(org);
    drop(store);
    for path in files(&place.root()) {
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
    }
    fs::set_permissions(place.root(), fs::Permissions::from_mode(0o755)).unwrap();
    let store = place.open().unwrap();
    store.org(id).unwrap();
    look();
}

#[test]
fn a_directory_has_one_owner_at_a_time() {
    let place = Place::new();
    let store = place.create();
    let org = notebook(&store);
    let fault = place.open().err().unwrap();
    assert_eq!(fault.code(), Code::DirectoryInUse);
    assert!(fault.words().contains("another process"), "{fault}");
    drop(store);
    assert_eq!(place.open().err().unwrap().code(), Code::DirectoryInUse, "a handle to one database keeps it");
    drop(org);
    assert!(place.open().is_ok());
}

#[test]
fn a_directory_is_made_once_and_only_where_nothing_is() {
    let place = Place::new();
    drop(place.create());
    let create = || Store::create(&place.root(), &place.kek, &clock(), false).err().map(|fault| fault.code());
    assert_eq!(create(), Some(Code::Config), "never over an installation");
    let other = place.dir.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("letter.txt"), "mine").unwrap();
    let fault = Store::create(&other, &place.kek, &clock(), false).err().unwrap();
    assert!(fault.words().contains("letter.txt"), "{fault}");
    assert_eq!(files(&other).len(), 1, "nothing was added");
    let missing = Store::open(&other, &place.kek).err().unwrap();
    assert_eq!(missing.code(), Code::Config);
    assert!(missing.words().contains("smartretro init"), "{missing}");
}

#[test]
fn an_organisation_that_was_never_finished_is_swept_and_one_that_was_is_finished() {
    let place = Place::new();
    let store = place.create();
    let org = notebook(&store);
    org.write(|tx| add(tx, "kept")).unwrap();
    let id = org.id();
    drop(org);
    drop(store);
    let file = |name: String| place.root().join("orgs").join(name);
    // The row is there and the last step, the name, is not.
    fs::rename(place.org_file(id), file(format!("{id}.db.new"))).unwrap();
    // The file is there and its row is not.
    let orphan = OrgId::from_bytes([9; 16]);
    fs::write(file(format!("{orphan}.db.new")), "half").unwrap();
    fs::write(file(format!("{orphan}.db.new-wal")), "half").unwrap();
    // A whole file that this main.db does not know: a newer main.db may.
    let foreign = OrgId::from_bytes([8; 16]);
    fs::write(file(format!("{foreign}.db")), "whole").unwrap();
    let store = place.open().unwrap();
    assert_eq!(store.orgs(), [id]);
    assert_eq!(kept(&store.org(id).unwrap().unwrap()), ["kept"]);
    let left: Vec<_> = files(&place.root().join("orgs")).iter().map(|path| path.file_name().unwrap().display().to_string()).collect();
    assert!(!left.iter().any(|name| name.contains(&orphan.to_string())), "{left:?}");
    assert!(left.contains(&format!("{foreign}.db")), "{left:?}");
}

#[test]
fn an_organisation_that_cannot_be_made_leaves_nothing() {
    let place = Place::new();
    let store = place.create();
    let refuse = || Err(Fault::new(Code::Config, "no"));
    assert!(store.create_org::<Fault>(&clock(), move |_, _| refuse(), |_, _| Ok(())).is_err());
    assert!(store.create_org::<Fault>(&clock(), |_, _| Ok(()), move |_, _| refuse()).is_err());
    assert_eq!(store.orgs(), []);
    assert!(files(&place.root().join("orgs")).is_empty());
    drop(store);
    assert_eq!(place.open().unwrap().orgs(), []);
}

#[test]
fn each_database_has_sub_keys_of_its_own_and_keeps_them() {
    let place = Place::new();
    let store = place.create();
    let (one, two) = (notebook(&store), notebook(&store));
    let person = one.subkey("person").unwrap();
    assert_ne!(person.reveal(), two.subkey("person").unwrap().reveal());
    assert_ne!(person.reveal(), store.main().subkey("person").unwrap().reveal());
    assert_ne!(person.reveal(), one.subkey("column").unwrap().reveal());
    let id = one.id();
    drop((one, two, store));
    let again = place.open().unwrap().org(id).unwrap().unwrap();
    assert_eq!(person.reveal(), again.subkey("person").unwrap().reveal());
}

#[test]
fn whether_it_is_a_sandbox_cannot_be_changed_in_the_open_file() {
    for made_as in [false, true] {
        let place = Place::new();
        drop(Store::create(&place.root(), &place.kek, &clock(), made_as).unwrap());
        let path = place.root().join("install.json");
        let genuine = fs::read_to_string(&path).unwrap();
        let mut install: serde_json::Value = serde_json::from_str(&genuine).unwrap();
        install["sandbox"] = (!made_as).into();
        fs::write(&path, install.to_string()).unwrap();
        let fault = place.open().err().expect("a directory that holds real data would take a clock from whoever edits a file");
        assert_eq!(fault.code(), Code::WrongKey, "{fault}");
        fs::write(&path, genuine).unwrap();
        assert_eq!(place.open().unwrap().sandbox(), made_as);
    }
}
