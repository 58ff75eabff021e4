//! The first start in a browser: a one-time link, three questions, and the appliance in its place.

use crate::support::PASSWORD;
use crate::support::browser::{Seen, Served, form_headers};
use std::os::unix::fs::MetadataExt as _;

/// Answers the questions behind the link.
fn answer(served: &Served, link: &str, organisation: &str) -> Seen {
    let page = served.ask("GET", link, &[], "");
    assert_eq!(page.status, 200, "{page:?}");
    let visit = format!("__Host-visit={}", page.cookie("__Host-visit").unwrap());
    let password = PASSWORD.replace(' ', "+");
    let form = format!("csrf={}&organisation={organisation}&email=ana%40acme.example&password={password}", page.form_token());
    served.ask("POST", link, &form_headers(&visit), &form)
}

#[test]
fn nothing_answers_before_the_set_up_and_the_set_up_is_gone_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let (data, key_file) = (folder.path().join("data"), folder.path().join("keys").join("master.key"));
    let served = Served::start(&data, &key_file, &["--behind-proxy"]);
    let link = served.link.clone().unwrap();
    for (path, status) in [("/livez", 200), ("/readyz", 503), ("/", 404), ("/sign-in", 404), ("/checklist", 404), ("/api/v1/patterns", 404)]
    {
        assert_eq!(served.ask("GET", path, &[], "").status, status, "{path}");
    }
    assert_eq!(served.ask("POST", "/hooks/github/00", &[], "{}").status, 404);
    assert_eq!(served.ask("GET", "/set-up/guess", &[], "").status, 404);
    let refused = answer(&served, &link, "+");
    assert!(refused.status == 422 && refused.body.contains("what your organisation is called"), "{refused:?}");
    assert!(!data.exists() && !key_file.exists(), "nothing was made so far");

    let done = answer(&served, &link, "Acme");
    assert_eq!((done.status, done.location.as_str()), (303, "/checklist"), "{done:?}");
    let cookie = format!("__Host-session={}", done.cookie("__Host-session").unwrap());
    // Between the two servers whoever asks is held, and sent to where they were going.
    let list =
        (0..50).find_map(|_| served.try_to_ask("GET", "/checklist", &[("cookie", &cookie)], "").ok().filter(|seen| seen.status == 200));
    let list = list.expect("the checklist never came");
    assert!(list.body.contains("6 things are left") && list.body.contains("Acme"), "{list:?}");
    assert_eq!(served.ask("GET", &link, &[], "").status, 404, "the link leads nowhere");
    assert_eq!(served.ask("GET", "/readyz", &[], "").status, 200);

    let said = format!("csrf={}", list.form_token());
    assert_eq!(served.ask("POST", "/checklist/key-copy", &form_headers(&cookie), &said).status, 303);
    assert!(served.ask("GET", "/checklist", &[("cookie", &cookie)], "").body.contains("5 things are left"));
    assert_eq!(key_file.metadata().unwrap().mode() & 0o077, 0, "the key is its owner's alone");
    drop(served);

    let again = Served::start(&data, &key_file, &["--behind-proxy"]);
    assert!(again.link.is_none());
    again.sign_in("ana@acme.example");
}

#[test]
fn guesses_at_the_link_have_to_wait() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(&folder.path().join("data"), &folder.path().join("master.key"), &["--behind-proxy"]);
    let from = |network| [("x-forwarded-for", network)];
    let statuses: Vec<u16> = (0..9).map(|_| served.ask("GET", "/set-up/guess", &from("192.0.2.1"), "").status).collect();
    assert_eq!(statuses, [[404; 8].as_slice(), &[429]].concat());
    let link = served.link.clone().unwrap();
    assert_eq!(served.ask("GET", &link, &from("192.0.2.1"), "").status, 200, "whoever has the link is not held up by who guesses");
}
