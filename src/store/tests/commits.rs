//! Writes: durable before they are answered, alone in their failure.

use super::*;

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
