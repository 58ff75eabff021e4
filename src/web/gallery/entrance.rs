//! The pages that lead in and out, with sample words; see `gallery`.

use crate::http::forms::Field;
use crate::web::gallery::connections::tools;
use crate::web::gallery::{frame, moment, sent};
use crate::web::pages::{opt_outs, problems, sessions};

/// Each page under a name.
pub(super) fn pages() -> Vec<(&'static str, String)> {
    let render = |page: &dyn askama::DynTemplate| page.dyn_render().unwrap();
    vec![
        (
            "sign-in",
            render(&sessions::New {
                frame: frame("Sign in", None),
                csrf: "5f1c".to_owned(),
                next: "/patterns".to_owned(),
                email: Field::empty("email"),
                password: Field::empty("password"),
                refusal: None,
            }),
        ),
        (
            "sign-in-refused",
            render(&sessions::New {
                frame: frame("Sign in", None),
                csrf: "5f1c".to_owned(),
                next: String::new(),
                email: sent("email", "ana@example.org\"><script>alert(1)</script>"),
                password: Field::empty("password"),
                refusal: Some(sessions::REFUSED),
            }),
        ),
        ("opt-outs", render(&opt_outs_page(false))),
        ("opt-outs-refused", render(&opt_outs_page(true))),
        (
            "opt-outs-created",
            render(&opt_outs::Created {
                frame: frame("Stepped out", Some("/opt-outs")),
                receipt: "3f0a9c1d5e7b2486ac0e".to_owned(),
                at: moment("9 March 2026, 06:00 UTC"),
            }),
        ),
        (
            "problem",
            render(&problems::Show {
                frame: frame("Not found", None),
                status: 404,
                title: "Not found",
                detail: "There is nothing here, or nothing that you may see.".to_owned(),
                href: "/".to_owned(),
                verb: "To the first page",
                request_id: "9f86d081884c7d65".to_owned(),
            }),
        ),
    ]
}

fn opt_outs_page(is_refused: bool) -> opt_outs::Index {
    let handle =
        if is_refused { Field::empty("handle").refused("Give the GitHub login, such as octocat.") } else { Field::empty("handle") };
    opt_outs::Index {
        frame: frame("Stepping out", Some("/opt-outs")),
        csrf: "5f1c".to_owned(),
        count: "1".to_owned(),
        count_words: "request to step out so far",
        tools: tools(),
        connector: Field::empty("connector"),
        handle,
    }
}
