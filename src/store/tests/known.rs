//! What is remembered of a database: never older than the last write that was answered.

use super::*;
use crate::store::Epoch;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};

fn remembered(org: &OrgDb) -> Vec<String> {
    org.known::<_, Fault>("words", &[], |reader| words(reader)).unwrap().to_vec()
}

#[test]
fn a_write_is_remembered_as_soon_as_it_is_answered_and_an_append_only_where_it_says_that_it_is_news() {
    let place = Place::new();
    let org = notebook(&place.create());
    assert_eq!(remembered(&org), [""; 0]);
    org.write(|tx| add(tx, "first")).unwrap();
    assert_eq!(remembered(&org), ["first"]);
    org.append(|tx| add(tx, "second")).unwrap();
    assert_eq!(remembered(&org), ["first"], "it says that nobody who is asked for this needs to know");
    org.append(|tx| {
        tx.set_news();
        add(tx, "third")
    })
    .unwrap();
    assert_eq!(remembered(&org), ["first", "second", "third"]);
}

#[test]
fn news_that_share_a_commit_with_others_that_are_none_or_are_undone_are_news() {
    let place = Place::new();
    let org = notebook(&place.create());
    assert_eq!(remembered(&org), [""; 0]);
    let held = Held::by(&org);
    let appended = |word: &'static str, is_news: bool, is_kept: bool| {
        let own = org.clone();
        let place = org.waiting() + 1;
        let thread = thread::spawn(move || {
            own.append(move |tx| {
                add(tx, word)?;
                if is_news {
                    tx.set_news();
                }
                if is_kept { Ok(()) } else { Err(Fault::new(Code::Config, "no")) }
            })
        });
        while org.waiting() < place {
            thread::yield_now();
        }
        thread
    };
    let threads = [
        appended("plain", false, true),
        appended("undone news", true, false),
        appended("news", true, true),
        appended("undone", false, false),
        appended("plain too", false, true),
    ];
    // The held write is a commit of its own, and moves the epoch by itself.
    held.let_go();
    let results = threads.map(|thread| thread.join().unwrap().is_ok());
    assert_eq!(results, [true, false, true, false, true]);
    assert_eq!(remembered(&org), ["plain", "news", "plain too"]);
}

#[test]
fn what_is_asked_while_a_write_is_on_its_way_is_not_remembered_past_it() {
    let place = Place::new();
    let org = notebook(&place.create());
    let asking = org.clone();
    org.write(move |tx| {
        add(tx, "first")?;
        assert_eq!(thread::spawn(move || remembered(&asking)).join().unwrap(), [""; 0], "nobody sees it before it is committed");
        Ok::<_, Fault>(())
    })
    .unwrap();
    assert_eq!(remembered(&org), ["first"]);
}

#[test]
fn a_commit_that_is_refused_leaves_what_is_remembered_true() {
    let place = Place::new();
    let org = notebook(&place.create());
    org.write::<_, Fault>(|tx| tx.run("CREATE TABLE leaf (of INTEGER REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)", [])).unwrap();
    org.write(|tx| add(tx, "before")).unwrap();
    assert_eq!(remembered(&org), ["before"]);
    let refused = org.write(|tx| {
        add(tx, "never")?;
        tx.run("INSERT INTO leaf (of) VALUES (77)", [])
    });
    assert!(refused.is_err());
    assert_eq!(remembered(&org), ["before"]);
}

#[test]
fn nobody_who_was_answered_is_told_an_older_state_however_many_ask_meanwhile() {
    const WRITERS: usize = 4;
    const EACH: usize = 100;
    let place = Place::new();
    let org = notebook(&place.create());
    let (start, is_over) = (Arc::new(Barrier::new(WRITERS)), Arc::new(AtomicBool::new(false)));
    let asking: Vec<_> = (0..2)
        .map(|_| {
            let (org, is_over) = (org.clone(), Arc::clone(&is_over));
            thread::spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    remembered(&org);
                }
            })
        })
        .collect();
    let writing: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (org, start) = (org.clone(), Arc::clone(&start));
            thread::spawn(move || {
                start.wait();
                for number in 0..EACH {
                    let (word, own) = (format!("{writer}-{number}"), format!("{writer}-{number}"));
                    org.write(move |tx| add(tx, &word)).unwrap();
                    assert!(remembered(&org).contains(&own), "{own} was answered, and is not known");
                }
            })
        })
        .collect();
    let written: Vec<bool> = writing.into_iter().map(|thread| thread.join().is_ok()).collect();
    is_over.store(true, Ordering::Relaxed);
    for thread in asking {
        thread.join().unwrap();
    }
    assert_eq!(written, [true; WRITERS]);
}

#[test]
fn two_organisations_remember_each_their_own() {
    let place = Place::new();
    let store = place.create();
    let (one, other) = (notebook(&store), notebook(&store));
    one.write(|tx| add(tx, "of one")).unwrap();
    assert_eq!(remembered(&one), ["of one"]);
    assert_eq!(remembered(&other), [""; 0]);
}

#[test]
fn who_must_not_wait_is_answered_from_memory_or_told_so() {
    let place = Place::new();
    let org = notebook(&place.create());
    let hurried = org.at_hand();
    let asked =
        || hurried.known::<_, Fault>("words", &[], |reader| words(reader)).map(|words| words.to_vec()).map_err(|fault| fault.code());
    org.write(|tx| add(tx, "first")).unwrap();
    assert_eq!(asked(), Err(Code::NotAtHand), "nobody asked before");
    remembered(&org);
    assert_eq!(asked(), Ok(vec!["first".to_owned()]));
    let refused = [
        hurried.write(|tx| add(tx, "never").map(drop)).map_err(|fault| fault.code()),
        hurried.append(|tx| add(tx, "never").map(drop)).map_err(|fault| fault.code()),
        hurried.read(|reader| words(reader).map(drop)).map_err(|fault| fault.code()),
        hurried.scrub().map(drop).map_err(|fault| fault.code()),
    ];
    assert_eq!(refused, [Err(Code::NotAtHand); 4]);
    let (tell, told) = std::sync::mpsc::channel();
    hurried.append_then(|tx| add(tx, "later").map(drop), move |result: Result<(), Fault>| tell.send(result.is_ok()).unwrap()).unwrap();
    assert_eq!(told.recv(), Ok(true));
    assert_eq!(hurried.in_rooms().read(|reader| words(reader)).unwrap(), ["first", "later"]);
    org.write(|tx| add(tx, "last")).unwrap();
    assert_eq!(asked(), Err(Code::NotAtHand), "what was known may have changed");
}

#[test]
fn a_write_is_told_whether_what_was_known_may_have_changed() {
    let place = Place::new();
    let org = notebook(&place.create());
    let asking = |epoch| org.append(move |tx| Ok::<_, Fault>(tx.is_of(epoch))).unwrap();
    let before = org.epoch();
    assert!(asking(before));
    org.append(|tx| add(tx, "no news")).unwrap();
    assert!(asking(before));
    org.write(|tx| add(tx, "news")).unwrap();
    assert!(!asking(before));
    assert!(asking(org.epoch()));
    let own = org.epoch();
    let told_by_itself = org.append(move |tx| {
        tx.set_news();
        Ok::<_, Fault>(tx.is_of(own))
    });
    assert!(!told_by_itself.unwrap(), "its own news is news to what it does next");
}

#[test]
fn news_earlier_in_the_same_commit_is_news() {
    let place = Place::new();
    let org = notebook(&place.create());
    let held = Held::by(&org);
    // The held write moves the epoch by itself, in a commit of its own, before those that wait.
    let queue = |work: fn(&Tx<'_>, Epoch) -> bool| {
        let (own, waiting) = (org.clone(), org.waiting() + 1);
        let thread = thread::spawn(move || {
            let epoch = own.epoch();
            own.append(move |tx| {
                // One commit later than when it was asked for, where the held write is the only one between.
                Ok::<_, Fault>(work(tx, Epoch(epoch.0 + 1)))
            })
        });
        while org.waiting() < waiting {
            thread::yield_now();
        }
        thread
    };
    let is_of = |tx: &Tx<'_>, epoch: Epoch| tx.is_of(epoch);
    let says_news = |tx: &Tx<'_>, _: Epoch| {
        tx.set_news();
        true
    };
    let threads = [queue(is_of), queue(says_news), queue(is_of)];
    held.let_go();
    assert_eq!(threads.map(|thread| thread.join().unwrap().unwrap()), [true, true, false]);
}
