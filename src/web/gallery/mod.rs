//! Every page with sample words, so that all can be checked alike and looked at.

mod connections;
mod entrance;
mod patterns;
mod people;
mod trust;

use crate::http::forms::Field;
use crate::web::files::Files;
use crate::web::format::Moment;
use crate::web::layout::{Chrome, Frame, NavLink};

pub(super) const NONCE: &str = "bm9uY2Utb2YtYS10ZXN0";

pub(super) fn frame(title: &str, current: Option<&str>) -> Frame {
    let nav = [
        ("/patterns", "Patterns"),
        ("/connections", "Connections"),
        ("/teams", "Teams"),
        ("/members", "Members"),
        ("/opt-outs", "Stepping out"),
        ("/trust", "Trust"),
    ];
    let chrome = current.map(|current| Chrome {
        org: "Acme Payments".to_owned(),
        member: "Ana Ferreira".to_owned(),
        csrf: "5f1c".to_owned(),
        nav: nav.into_iter().map(|(href, label)| NavLink { href, label, is_current: href == current }).collect(),
    });
    Frame { title: title.to_owned(), nonce: NONCE.to_owned(), links: Files::default().links(), is_sandbox: true, chrome }
}

pub(super) fn moment(words: &str) -> Moment {
    Moment { machine: "2026-03-09T06:00:00Z".to_owned(), words: words.to_owned() }
}

pub(super) fn sent(name: &'static str, value: &str) -> Field {
    Field { value: value.to_owned(), ..Field::empty(name) }
}

/// Each page under a name, with content that tries to break out of its place.
pub(crate) fn pages() -> Vec<(&'static str, String)> {
    [entrance::pages(), people::pages(), connections::pages(), patterns::pages(), trust::pages()].concat()
}
