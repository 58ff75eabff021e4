//! The pages about members, teams and oneself with sample words; see `gallery`.

use crate::auth::{Role, Scope};
use crate::http::forms::Field;
use crate::web::gallery::{frame, moment, sent};
use crate::web::pages::{checklist, invitations, joins, members, profile, set_ups, teams, tokens};

const CSRF: &str = "5f1c";
/// A name that tries to break out of its place.
const HOSTILE: &str = "<img src=x onerror=alert(1)>";

/// Each page under a name.
pub(super) fn pages() -> Vec<(&'static str, String)> {
    let render = |page: &dyn askama::DynTemplate| page.dyn_render().unwrap();
    vec![
        ("members", render(&members_page(false))),
        ("members-refused", render(&members_page(true))),
        ("member", render(&member_page(""))),
        ("member-refused", render(&member_page("This is the only owner, so nothing was changed."))),
        (
            "invitation-created",
            render(&invitations::Created {
                frame: frame("Invitation made", Some("/members")),
                email: "ben@acme.example".to_owned(),
                role: "Facilitator",
                team: "payments".to_owned(),
                link: "https://retro.acme.example/join/0190b5f2c1a87e3c9d2f4b6a8c0e1f23_kX2vQ9s1TtYb7WmZc4hLrN8pDfGjE5aUoI3yKx6wRvM"
                    .to_owned(),
                is_local: true,
                ends: moment("16 March 2026, 06:00 UTC"),
            }),
        ),
        ("set-up", render(&set_up_page(false))),
        ("set-up-refused", render(&set_up_page(true))),
        ("checklist", render(&checklist_page())),
        ("join", render(&join_page(false))),
        ("join-refused", render(&join_page(true))),
        ("teams", render(&teams_page(true))),
        ("teams-empty", render(&teams_page(false))),
        ("team", render(&team_page(""))),
        ("team-refused", render(&team_page("Their role does not let them facilitate."))),
        ("profile", render(&profile_page(false))),
        ("profile-refused", render(&profile_page(true))),
        ("tokens", render(&tokens_page(false))),
        ("tokens-refused", render(&tokens_page(true))),
        (
            "token-created",
            render(&tokens::Created {
                frame: frame("Token made", None),
                name: "nightly report".to_owned(),
                token: "srt_0190b5f2c1a87e3c9d2f4b6a8c0e1f23_kX2vQ9s1TtYb7WmZc4hLrN8pDfGjE5aUoI3yKx6wRvM".to_owned(),
                scopes: "patterns:read, decide".to_owned(),
                ends: moment("7 June 2026, 06:00 UTC"),
            }),
        ),
    ]
}

fn members_page(is_refused: bool) -> members::Index {
    let row = |name: &str, role, note: &str, is_oneself| members::Row {
        href: "/members/0190".to_owned(),
        name: name.to_owned(),
        email: "someone@acme.example".to_owned(),
        role,
        note: note.to_owned(),
        is_oneself,
    };
    members::Index {
        frame: frame("Members", Some("/members")),
        csrf: CSRF.to_owned(),
        members: vec![
            row("Ana Ferreira", "Owner", "Team payments", true),
            row(HOSTILE, "Privacy officer", "In no team", false),
            row("Chloé Martin", "Facilitator", "Teams payments, web-shop", false),
        ],
        may_invite: true,
        invitations: vec![members::Invited {
            email: "ben@acme.example".to_owned(),
            note: "Member, team payments · ends in 120 hours".to_owned(),
            action: "/invitations/0190/removal".to_owned(),
            may_revoke: true,
        }],
        roles: members::choices(Role::Owner, Role::Member.as_str()),
        teams: vec![members::TeamChoice { id: "0190".to_owned(), name: "payments".to_owned(), is_chosen: false }],
        email: if is_refused { sent("email", "ben").refused("Write the address they will sign in with.") } else { Field::empty("email") },
        role: Field::empty("role"),
        team: if is_refused { Field::empty("team").refused("There is no such team any more.") } else { Field::empty("team") },
        password: is_refused.then(|| Field::empty("password").refused("This is not your password. Nothing was made.")),
    }
}

fn member_page(refusal: &'static str) -> members::Show {
    members::Show {
        frame: frame("Chloé Martin", Some("/members")),
        csrf: CSRF.to_owned(),
        name: "Chloé Martin".to_owned(),
        email: "chloe@acme.example".to_owned(),
        role: "Facilitator",
        is_oneself: false,
        sees_all_teams: true,
        teams: vec![members::TeamLink { name: "payments".to_owned(), href: "/teams/0190".to_owned(), note: "facilitator" }],
        roles: members::choices(Role::Admin, Role::Facilitator.as_str()),
        may_remove: true,
        action: "/members/0190".to_owned(),
        refusal,
    }
}

fn set_up_page(is_refused: bool) -> set_ups::New {
    let bad = |field: Field, words| if is_refused { field.refused(words) } else { field };
    set_ups::New {
        frame: frame("Set up", None),
        csrf: CSRF.to_owned(),
        action: "/set-up/x".to_owned(),
        organisation: bad(Field::empty("organisation"), "Write what your organisation is called."),
        email: bad(if is_refused { sent("email", HOSTILE) } else { Field::empty("email") }, "Write the address you will sign in with."),
        password: bad(Field::empty("password"), joins::SHORT),
    }
}

fn checklist_page() -> checklist::Show {
    let item = |title, href, is_done, is_next| checklist::Item {
        title,
        note: "What it is for, in a line.",
        verb: "Do it",
        href,
        is_done,
        is_next,
    };
    checklist::Show {
        frame: frame("Getting started", None),
        csrf: CSRF.to_owned(),
        lead: "2 things are left. Each ticks itself when it is done.".to_owned(),
        items: vec![
            item("Keep a copy of the master key", "", false, true),
            item("Connect a tool", "/connections/new", true, false),
            item("Invite your team", "/members", false, false),
        ],
    }
}

fn join_page(is_refused: bool) -> joins::New {
    let field = |name| Field::empty(name);
    joins::New {
        frame: frame("Join Acme Payments", None),
        csrf: CSRF.to_owned(),
        action: "/join/0190_x".to_owned(),
        organisation: "Acme Payments".to_owned(),
        role: "Member",
        team: "payments".to_owned(),
        name: if is_refused { field("name").refused("Write the name by which your team knows you.") } else { field("name") },
        email: if is_refused { sent("email", HOSTILE) } else { field("email") },
        password: if is_refused { field("password").refused(joins::SHORT) } else { field("password") },
        refusal: if is_refused { "There is an account of this address already, and this is not its password." } else { "" },
    }
}

fn teams_page(has_teams: bool) -> teams::Index {
    let row = |name: &str, note| teams::Row { href: "/teams/0190".to_owned(), name: name.to_owned(), members: "8 people".to_owned(), note };
    teams::Index {
        frame: frame("Teams", Some("/teams")),
        csrf: CSRF.to_owned(),
        teams: if has_teams {
            vec![row("payments", "You facilitate it"), row("web-shop", "You are not in it: its patterns are not shown to you")]
        } else {
            vec![]
        },
        may_create: true,
        name: if has_teams { Field::empty("name") } else { sent("name", "No Team").refused("Write lower-case letters.") },
    }
}

fn team_page(refusal: &'static str) -> teams::Show {
    let in_it = |name: &str, is_oneself, is_facilitator, may_facilitate| teams::InIt {
        id: "0190".to_owned(),
        name: name.to_owned(),
        is_oneself,
        is_facilitator,
        may_facilitate,
        since: "9 March 2026".to_owned(),
    };
    teams::Show {
        frame: frame("Team payments", Some("/teams")),
        csrf: CSRF.to_owned(),
        name: "payments".to_owned(),
        sources: "3 sources".to_owned(),
        members: vec![
            in_it("Ana Ferreira", true, true, true),
            in_it("Chloé Martin", false, false, true),
            in_it(HOSTILE, false, false, false),
        ],
        may_change: true,
        others: vec![teams::Other { id: "0191".to_owned(), name: "Ben Keller (ben@acme.example)".to_owned() }],
        action: "/teams/0190".to_owned(),
        new_name: if refusal.is_empty() {
            sent("name", "payments")
        } else {
            sent("name", "web").refused("Another team is called so already.")
        },
        refusal,
    }
}

fn profile_page(is_refused: bool) -> profile::Show {
    let row = |device: &str, is_this| profile::Row {
        device: device.to_owned(),
        is_this,
        last_seen: "Last seen 5 minutes ago".to_owned(),
        ends: "ends 9 March 2026, 18:00 UTC at the latest, and sooner if it is not used".to_owned(),
        action: "/profile/sessions/0190/removal".to_owned(),
    };
    let bad = |field: Field, words| if is_refused { field.refused(words) } else { field };
    profile::Show {
        frame: frame("You", None),
        csrf: CSRF.to_owned(),
        role: "Owner",
        role_note: members::role_note(Role::Owner),
        name: bad(sent("name", "Ana Ferreira"), "Write the name by which your team knows you."),
        email: bad(sent("email", HOSTILE), "Another account has this address."),
        email_password: bad(Field { id: "email-password", ..Field::empty("password") }, "This is not your present password."),
        present: bad(Field::empty("present"), "This is not your present password."),
        new: bad(Field::empty("new"), joins::SHORT),
        sessions: vec![row("Firefox on Linux", true), row("Safari on iPhone", false)],
        has_others: true,
        idle: "1 hour".to_owned(),
        absolute: "12 hours".to_owned(),
        refusal: if is_refused { "You are the only owner, so you cannot leave." } else { "" },
    }
}

fn tokens_page(is_refused: bool) -> tokens::Index {
    tokens::Index {
        frame: frame("API tokens", None),
        csrf: CSRF.to_owned(),
        tokens: vec![tokens::Row {
            name: "nightly report".to_owned(),
            of: "Ben".to_owned(),
            scopes: "patterns:read".to_owned(),
            note: "Made 9 March 2026 · never used · ends 7 June 2026".to_owned(),
            action: "/profile/tokens/0190/removal".to_owned(),
        }],
        name: if is_refused { Field::empty("name").refused("Give it a name.") } else { Field::empty("name") },
        scopes: Scope::ALL
            .into_iter()
            .map(|scope| tokens::ScopeChoice {
                field: format!("may-{}", scope.as_str().replace(':', "-")),
                id: format!("may-{}", scope.as_str().replace(':', "-")),
                word: scope.as_str(),
                note: tokens::scope_note(scope),
                is_chosen: false,
            })
            .collect(),
        scopes_error: if is_refused { "Choose at least one thing that it may do." } else { "" },
        days: vec![tokens::Days { days: 90, words: "90 days", is_chosen: true }],
        password: is_refused.then(|| Field::empty("password").refused("This is not your password. Nothing was made.")),
        shows_all: true,
    }
}
