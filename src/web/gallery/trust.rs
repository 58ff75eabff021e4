//! The pages of promises and of the log, with sample words; see `gallery`.

use crate::privacy::commitments::Row;
use crate::web::gallery::{frame, moment};
use crate::web::pages::patterns::Tab;
use crate::web::pages::{audit, trust};

/// Each page under a name.
pub(super) fn pages() -> Vec<(&'static str, String)> {
    let render = |page: &dyn askama::DynTemplate| page.dyn_render().unwrap();
    vec![
        ("trust", render(&trust_page(true))),
        ("trust-broken", render(&trust_page(false))),
        ("audit", render(&audit_page(true))),
        ("audit-broken", render(&audit_page(false))),
    ]
}

fn trust_page(holds: bool) -> trust::Show {
    let row = |id, holds, promise, evidence: &str| Row {
        id,
        holds,
        evidence: evidence.to_owned(),
        checked_at: "2026-03-09T06:00:00Z".to_owned(),
        promise,
        held_by: "signals::place has no word for one; kind and place are read before any text",
        test: if holds.is_some() { "tests/commitments/cannot/be_in_a_direct_message.rs" } else { "none yet" },
        how: "Try to decide on a pattern with a token that lacks the scope `decide`.",
    };
    let rows = [
        row(
            "P2",
            Some(holds),
            "No private conversation between people is read.",
            "6 deliveries of <img src=x onerror=alert(1)> were refused.",
        ),
        row(
            "P14",
            None,
            "Plain status: each certification is not started, in progress, or attested, with date and owner.",
            "Not built yet.",
        ),
    ];
    trust::shown(frame("Trust", Some("/trust")), &rows, moment("9 March 2026, 06:00 UTC"), holds)
}

fn audit_page(is_whole: bool) -> audit::Index {
    let row = |number, by: &str, what: &str, act: &str| audit::Row {
        number,
        at: Some(moment("9 March 2026, 06:00 UTC")),
        by: by.to_owned(),
        what: what.to_owned(),
        act: act.to_owned(),
    };
    let tab = |href: &str, label, is_current| Tab { href: href.to_owned(), label, count: String::new(), is_current };
    audit::Index {
        frame: frame("Audit log", Some("/trust")),
        tabs: vec![tab("/audit", "Everything", is_whole), tab("/audit?about=stepping-out", "Stepping out", !is_whole)],
        entries: if is_whole {
            vec![
                row(
                    52,
                    "Ana Ferreira",
                    "Reading of <img src=x onerror=alert(1)> on connection “Code” was switched on for the team payments.",
                    "source.switched_on",
                ),
                audit::Row {
                    at: Some(moment("9 March 2026")),
                    ..row(51, "not written down", "A person stepped out.", "person.stepped_out")
                },
                audit::Row { at: None, ..row(50, "", "This entry cannot be read.", "") },
            ]
        } else {
            vec![]
        },
        older: if is_whole { "/audit?before=3".to_owned() } else { String::new() },
        newest: if is_whole { "/audit".to_owned() } else { String::new() },
        head: audit::Head {
            size: "52 entries".to_owned(),
            root: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
            problem: if is_whole { String::new() } else { "the leaf of entry 2 is not the one that was written".to_owned() },
            earlier: if is_whole { "The head when the log had 3 entries" } else { "The log never had 99 entries." }.to_owned(),
            earlier_root: if is_whole {
                "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8".to_owned()
            } else {
                String::new()
            },
        },
    }
}
