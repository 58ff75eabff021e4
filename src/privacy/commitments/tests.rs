//! Each live check holds on an installation that was left alone, and fails where its promise is broken by hand.

use super::sql::{self, planted};
use super::{Audience, PROMISES, Row, is_known, verify};
use crate::base::clock::Clock;
use crate::base::error::Fault;
use crate::base::id::OrgId;
use crate::crypto::keys::{Kek, KeyPlace, Purpose};
use crate::store::{Glance, Store};
use std::collections::BTreeSet;
use std::path::PathBuf;

struct House {
    folder: tempfile::TempDir,
    kek: Kek,
    clock: Clock,
    /// It runs, as a server would.
    store: Option<Store>,
}

impl House {
    fn new(statements: &'static [&'static str]) -> Self {
        let (folder, kek) = (tempfile::tempdir().unwrap(), Kek::generate().unwrap());
        let clock = Clock::stepped("2026-06-01T12:00:00Z".parse().unwrap());
        let store = Store::create(&folder.path().join("data"), &kek, &clock, true).unwrap();
        let org = store.create_org::<Fault>(&clock, |_, _| Ok(()), |_, _| Ok(())).unwrap();
        org.write(move |tx| sql::plant(tx, statements)).unwrap();
        Self { folder, kek, clock, store: Some(store) }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn verify(&self, only: Option<&str>) -> Vec<Row> {
        self.verify_for(only, Audience::Operator)
    }

    /// The first organisation.
    fn org(&self) -> OrgId {
        self.store.as_ref().unwrap().orgs()[0]
    }

    fn verify_for(&self, only: Option<&str>, to: Audience) -> Vec<Row> {
        verify(&Glance::open(&self.data(), &self.kek).unwrap(), only, &self.clock, to)
    }
}

#[test]
fn on_an_installation_that_was_left_alone_every_promise_that_exists_holds() {
    let rows = House::new(&[]).verify(None);
    assert_eq!(rows.len(), 14);
    for row in &rows {
        let exists = !["P4", "P14"].contains(&row.id);
        assert_eq!(row.holds, exists.then_some(true), "{row:?}");
        assert!(!row.evidence.is_empty());
    }
}

#[test]
fn a_promise_that_is_broken_by_hand_is_said_to_be_broken_and_no_other() {
    let broken: &[(&str, &'static [&'static str], &str)] = &[
        ("P1", planted::SOURCE_WITHOUT_LEAF, "1 source is listened to, and the audit log"),
        ("P1", planted::SOURCE_SWITCHED_OFF_LAST, "1 source is listened to, and the audit log"),
        ("P1", planted::SHADOW_WITHOUT_LEAF, "1 source is listened to, and the audit log"),
        ("P1", planted::SOURCE_WITHOUT_NOTICE, "1 source is listened to, and no notice"),
        ("P1", planted::SIGNAL_OF_NO_SOURCE, "1 signal is kept"),
        ("P2", planted::DIRECT_MESSAGE, "1 signal or source here is"),
        ("P2", planted::DIRECT_MESSAGES_COUNTED, "1 signal or source here is"),
        ("P3", planted::COLUMN_FOR_CODE, "signal.diff"),
        ("P5", planted::KEPT_OF_STEPPED_OUT, "1 signal here is"),
        ("P5", planted::OPT_OUT_WITH_A_NAME, "1 entry of the log says"),
        ("P6", planted::PATTERN_WITHOUT_EVIDENCE, "Of 1 pattern here 1 stands open"),
        ("P7", planted::LOG_WITHOUT_LOCK, "audit_entry_stays"),
        ("P8", planted::LOUD_WEEK, "4 new patterns"),
        ("P9", planted::NUMBER_OF_A_PERSON, "identity.reply_hours"),
        ("P9", planted::NUMBER_OF_SOMEBODY_INVITED, "invitation.promise"),
        ("P9", planted::TABLE_OF_PEOPLE, "ranking.place"),
        ("P10", planted::DECIDED_BY_NOBODY, "1 pattern was decided on"),
        ("P11", planted::UNKNOWN_TOOL, "mailbox"),
        ("P13", planted::KEPT_WITHOUT_SCORE, "3 signals were kept here, and 0 were scored"),
    ];
    for (id, statements, words) in broken {
        let rows = House::new(statements).verify(Some(id));
        let [row] = rows.as_slice() else { panic!("{id}: {rows:?}") };
        assert_eq!(row.holds, Some(false), "{row:?}");
        assert!(row.evidence.contains(words), "{row:?}");
    }
}

/// The organisations' files.
fn org_files(house: &House) -> Vec<PathBuf> {
    let files = std::fs::read_dir(house.data().join("orgs")).unwrap().map(|file| file.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|end| end == "db")).collect()
}

#[test]
fn where_an_organisations_file_is_gone_no_promise_is_said_to_hold() {
    let house = House::new(&[]);
    std::fs::rename(&org_files(&house)[0], house.folder.path().join("aside")).unwrap();
    for row in house.verify(None).iter().filter(|row| row.holds.is_some()) {
        assert!(row.holds == Some(false) && row.evidence.contains("missing"), "{row:?}");
    }
    for row in house.verify_for(None, Audience::MembersOf(house.org())).iter().filter(|row| row.holds.is_some()) {
        assert!(row.holds == Some(false) && row.evidence.contains("(damaged)"), "{row:?}");
        assert!(!row.evidence.contains("missing") && !row.evidence.contains(".db"), "a fault's words are the operator's: {row:?}");
    }
}

#[test]
fn members_are_told_of_no_other_organisation_not_even_that_there_is_one() {
    let house = House::new(&[]);
    let (ours, store) = (house.org(), house.store.as_ref().unwrap());
    let alone = house.verify_for(None, Audience::MembersOf(ours));
    let theirs = store.create_org::<Fault>(&house.clock, |_, _| Ok(()), |_, _| Ok(())).unwrap();
    theirs.write(|tx| sql::plant(tx, planted::SIGNAL_OF_NO_SOURCE)).unwrap();
    assert_eq!(house.verify_for(None, Audience::MembersOf(ours)), alone);
    assert!(house.verify(Some("P1")).iter().all(|row| row.holds == Some(false)), "whoever runs it is told");
    std::fs::rename(house.data().join("orgs").join(format!("{}.db", theirs.id())), house.folder.path().join("aside")).unwrap();
    assert_eq!(house.verify_for(None, Audience::MembersOf(ours)), alone, "what is wrong there is theirs too");
    assert!(alone.iter().all(|row| !row.evidence.contains("main.db")), "{alone:?}");
}

#[test]
fn a_database_in_the_open_is_not_said_to_be_encrypted() {
    let mut house = House::new(&[]);
    house.store = None;
    let file = &org_files(&house)[0];
    std::fs::remove_file(file).unwrap();
    sql::make_plain(file);
    let rows = house.verify(Some("P12"));
    assert!(rows.iter().all(|row| row.holds == Some(false)), "{rows:?}");
}

#[test]
fn one_key_for_two_organisations_is_seen_wherever_they_stand_in_the_list() {
    let mut house = House::new(&[]);
    let store = house.store.take().unwrap();
    for _ in 0..2 {
        store.create_org::<Fault>(&house.clock, |_, _| Ok(()), |_, _| Ok(())).unwrap();
    }
    let ids = store.orgs();
    let (first, last) = (ids[0], ids[2]);
    let install: serde_json::Value = serde_json::from_slice(&std::fs::read(house.data().join("install.json")).unwrap()).unwrap();
    let install = install["id"].as_str().unwrap().to_owned();
    let (first_name, last_name) = (first.to_string(), last.to_string());
    let place = |owner| KeyPlace { install: &install, owner, version: 1, purpose: Purpose::File };
    let wrapped = store.main().read(|reader| sql::wrapped_key(reader, first)).unwrap();
    let key = house.kek.unwrap(&place(&first_name), &wrapped).unwrap();
    let again = house.kek.wrap(&place(&last_name), &key).unwrap();
    store.main().write(move |tx| sql::put_wrapped_key(tx, last, &again)).unwrap();
    drop(store);
    let file = |id: OrgId| house.data().join("orgs").join(format!("{id}.db"));
    std::fs::copy(file(first), file(last)).unwrap();
    let rows = house.verify(Some("P12"));
    assert!(rows.iter().all(|row| row.holds == Some(false) && row.evidence.contains("key")), "{rows:?}");
}

#[test]
fn a_single_promise_may_be_asked_for_in_either_spelling() {
    assert!(is_known("p2") && is_known("P14") && !is_known("P15") && !is_known(""));
    let rows = House::new(&[]).verify(Some("p9"));
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), ["P9"]);
}

#[test]
fn every_promise_names_a_test_that_is_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let ids: BTreeSet<&str> = PROMISES.iter().map(|promise| promise.id).collect();
    assert_eq!((ids.len(), PROMISES.len()), (14, 14));
    for promise in PROMISES {
        assert!(promise.check.is_none() == (promise.test == "none yet"), "{}", promise.id);
        assert!(promise.check.is_none() || root.join(promise.test).exists(), "{}", promise.test);
    }
}
