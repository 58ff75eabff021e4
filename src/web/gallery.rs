//! Every page with sample words, so that all can be checked alike and looked at.

use crate::base::clock::{Instant, SignedDuration};
use crate::connectors::connector;
use crate::detection::candidate::{Chart as Course, Estimate, Point, Unit};
use crate::http::forms::Field;
use crate::web::chart::Chart;
use crate::web::files::Files;
use crate::web::format::Moment;
use crate::web::gallery_of_people;
use crate::web::layout::{Chrome, Frame, NavLink};
use crate::web::pages::{
    connection_removals, connection_secrets, connections, home, new_connections, notices, opt_outs, patterns, problems, sessions, sources,
    trials,
};
use jiff::tz::TimeZone;

pub(super) const NONCE: &str = "bm9uY2Utb2YtYS10ZXN0";

pub(super) fn frame(title: &str, current: Option<&str>) -> Frame {
    let nav = [
        ("/patterns", "Patterns"),
        ("/connections", "Connections"),
        ("/teams", "Teams"),
        ("/members", "Members"),
        ("/opt-outs", "Stepping out"),
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
    let render = |page: &dyn askama::DynTemplate| page.dyn_render().unwrap();
    let mut pages = gallery_of_people::pages();
    pages.extend([
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
        ("home-new", render(&home_page(true))),
        ("home", render(&home_page(false))),
        (
            "connections-empty",
            render(&connections::Index { frame: frame("Connections", Some("/connections")), connections: vec![], may_change: true }),
        ),
        ("connections", render(&connections_page())),
        ("connections-new", render(&new_connection(false))),
        ("connections-new-refused", render(&new_connection(true))),
        ("connections-created", render(&created_connection(true))),
        ("connections-created-own-secret", render(&created_connection(false))),
        ("connections-choose", render(&new_connections::Choose { frame: frame("Connect a tool", Some("/connections")), tools: tools() })),
        (
            "connection-secret",
            render(&connection_secrets::Show {
                frame: frame("Replace the secret", Some("/connections")),
                csrf: "5f1c".to_owned(),
                name: "Workspace".to_owned(),
                tool: "Slack",
                href: "/connections/0190".to_owned(),
                needs_secret: true,
                hint: "From your Slack app.",
                secret: Field::empty("secret").refused("Copy it from the tool."),
            }),
        ),
        (
            "connection-removal",
            render(&connection_removals::Show {
                frame: frame("Remove this connection", Some("/connections")),
                csrf: "5f1c".to_owned(),
                name: "<img src=x onerror=alert(1)>".to_owned(),
                tool: "Slack",
                href: "/connections/0190".to_owned(),
            }),
        ),
        ("connection", render(&connection_page())),
        ("sources-empty", render(&sources_page(false))),
        ("sources", render(&sources_page(true))),
        ("notices-none", render(&notices_page(false))),
        ("notices", render(&notices_page(true))),
        ("patterns-empty", render(&patterns_page(false))),
        ("patterns", render(&patterns_page(true))),
        ("pattern", render(&pattern_page(false))),
        ("pattern-decided", render(&pattern_page(true))),
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
    ]);
    pages
}

fn home_page(is_new: bool) -> home::Show {
    home::Show {
        frame: frame("Home", Some("/")),
        greeting: "Hello, Ana".to_owned(),
        lead: "Here is what is new, and what to do next.",
        patterns: if is_new { vec![] } else { vec![waiting_pattern("Open", "warn"), waiting_pattern("Acknowledged", "good")] },
        tiles: vec![
            home::Tile {
                href: "/patterns",
                number: if is_new { "0" } else { "2" }.to_owned(),
                label: "open patterns",
                note: "Of the teams you belong to".to_owned(),
            },
            home::Tile {
                href: "/connections",
                number: if is_new { "0" } else { "4" }.to_owned(),
                label: "sources on",
                note: if is_new { "Nothing is read" } else { "Everything else stays unread" }.to_owned(),
            },
            home::Tile {
                href: "/opt-outs",
                number: "1".to_owned(),
                label: "request to step out",
                note: "Anyone may, at any time".to_owned(),
            },
        ],
        notices_due: if is_new {
            String::new()
        } else {
            "The readers of 2 sources have yet to be told how they are listened to.".to_owned()
        },
        steps: if is_new {
            vec![
                home::Step {
                    title: "Connect a tool",
                    note: "GitHub or Slack. You get an address and a secret to enter there.",
                    verb: "Connect a tool",
                    href: "/connections/new",
                    is_done: true,
                    is_next: false,
                },
                home::Step {
                    title: "Switch on a source",
                    note: "A repository or a channel. Until then nothing of it is read.",
                    verb: "Choose sources",
                    href: "/connections",
                    is_done: false,
                    is_next: true,
                },
                home::Step {
                    title: "Give it time",
                    note: "It looks at each team every morning at six, and speaks only when the numbers are clear. The first weeks are often silent.",
                    verb: "",
                    href: "",
                    is_done: false,
                    is_next: false,
                },
            ]
        } else {
            vec![]
        },
    }
}

fn waiting_pattern(state: &'static str, tone: &'static str) -> home::Waiting {
    home::Waiting {
        href: "/patterns/0190".to_owned(),
        kind: "Flaky pipeline",
        scope: "acme/web".to_owned(),
        title: "Runs fail and then pass on the same code in acme/web".to_owned(),
        state,
        tone,
        age: "Surfaced 3 days ago".to_owned(),
        standing: "Still so on 10 March 2026".to_owned(),
        chart: Some(chart()),
    }
}

fn connections_page() -> connections::Index {
    let row = |name: &str, tool, state, tone, last: &str| connections::Row {
        href: "/connections/0190".to_owned(),
        name: name.to_owned(),
        tool,
        base_url: if tool == "Slack" { "https://acme.slack.com".to_owned() } else { String::new() },
        state: connections::State { words: state, tone },
        sources: "3 sources on".to_owned(),
        last_delivery: last.to_owned(),
    };
    connections::Index {
        frame: frame("Connections", Some("/connections")),
        connections: vec![
            row("Product repositories", "GitHub", "Listening", "good", "Last delivery 2 minutes ago"),
            row("Workspace", "Slack", "Waiting for a first delivery", "warn", "Nothing arrived yet"),
            row("<img src=x onerror=alert(1)>", "GitHub", "No source is on", "off", "Last delivery 3 days ago"),
        ],
        may_change: true,
    }
}

fn tools() -> Vec<new_connections::Tool> {
    let tool = |name: &'static str, title, note| new_connections::Tool {
        name,
        title,
        note,
        href: format!("/connections/new?connector={name}"),
        is_chosen: name == "github",
    };
    vec![
        tool("github", "GitHub", "Changes, reviews, runs and deploys of repositories"),
        tool("slack", "Slack", "Messages in public channels"),
    ]
}

fn new_connection(is_refused: bool) -> new_connections::New {
    let disclosure = connector("slack").unwrap().disclosure();
    let mut name = Field::empty("name");
    let mut base_url = Field::empty("base_url");
    let mut secret = Field::empty("secret");
    if is_refused {
        name = name.refused("Give the connection a name of up to 80 characters.");
        base_url = sent("base_url", "acme.slack.com").refused("Write the whole address, beginning with https://.");
        secret = secret.refused("Copy it from the tool.");
    }
    new_connections::New {
        frame: frame("Connect Slack", Some("/connections")),
        csrf: "5f1c".to_owned(),
        tool: "Slack",
        tool_name: "slack",
        id: "0190".to_owned(),
        prepare: disclosure.prepare,
        hints: &disclosure.hints,
        needs_base_url: true,
        needs_secret: true,
        name,
        base_url,
        secret,
    }
}

const SETUP: &[&str] = &[
    "In the organisation or repository on GitHub, open Settings, Webhooks, Add webhook.",
    "Payload URL: the address shown above. Content type: application/json. Secret: the secret shown above.",
    "Choose “Let me select individual events”: Pull requests, Pull request reviews, Workflow runs, Deployments, Deployment statuses.",
    "Save. GitHub sends a ping; the page of this connection then shows a first delivery.",
];
const SCOPES: &[&str] = &["Webhook events only: no app, no token, no read access to the repository"];

fn created_connection(is_made: bool) -> new_connections::Created {
    new_connections::Created {
        frame: frame("Connection created", Some("/connections")),
        name: "Product repositories".to_owned(),
        tool: "GitHub",
        hook_url: "https://retro.acme.example:8443/hooks/github/0190b5f2c1a87e3c9d2f4b6a8c0e1f23d4a6b8c0e2f41357".to_owned(),
        is_local: !is_made,
        secret: is_made.then(|| "kX2vQ9s1TtYb7WmZc4hLrN8pDfGjE5aUoI3yKx6wRvM".to_owned()),
        setup: SETUP,
        scopes: SCOPES,
        sources_href: "/connections/0190/sources".to_owned(),
    }
}

fn connection_page() -> connections::Show {
    let fact = |label, value: &str, note: &str| connections::Fact { label, value: value.to_owned(), note: note.to_owned() };
    connections::Show {
        frame: frame("Product repositories", Some("/connections")),
        name: "Product repositories".to_owned(),
        tool: "GitHub",
        base_url: String::new(),
        state: connections::State { words: "Listening", tone: "good" },
        sources_href: "/connections/0190/sources".to_owned(),
        reads: vec!["acme/web".to_owned(), "<img src=x onerror=alert(1)>".to_owned()],
        may_change: true,
        health: vec![
            fact("Last delivery", "2 minutes ago", "9 March 2026, 05:58 UTC"),
            fact("Sources on", "3", ""),
            fact("Taken in", "1,204 deliveries", "since the program started"),
        ],
        refusals: vec![
            connections::Refused { reason: "Its source is not switched on", count: "341".to_owned() },
            connections::Refused { reason: "It carries source code, and is never read", count: "87".to_owned() },
        ],
        hook_url: "https://retro.acme.example:8443/hooks/github/0190b5f2c1a87e3c9d2f4b6a8c0e1f23d4a6b8c0e2f41357".to_owned(),
        is_local: true,
        setup: SETUP,
        secret_href: "/connections/0190/secret".to_owned(),
        removal_href: "/connections/0190/removal".to_owned(),
    }
}

fn sources_page(has_sources: bool) -> sources::Index {
    let row = |name: &str, note: &str, (words, tone)| sources::Row {
        name: name.to_owned(),
        external_id: name.to_owned(),
        note: format!("team payments · {note}"),
        state: connections::State { words, tone },
        is_on: words == "On",
        is_shadow: words == "Shadow",
        is_notice_due: words != "Off",
        team: "payments".to_owned(),
    };
    let mut external_id = Field::empty("external_id");
    if has_sources {
        external_id = sent("external_id", "web").refused("Write the repository as owner/name.");
    }
    sources::Index {
        frame: frame("Sources", Some("/connections")),
        csrf: "5f1c".to_owned(),
        connection: "Product repositories".to_owned(),
        connection_href: "/connections/0190".to_owned(),
        action: "/connections/0190/sources".to_owned(),
        disclosure: sources::Disclosed {
            tool: "GitHub",
            reads: &[
                "Pull requests: title, times, state, author",
                "Reviews: state, time, reviewer",
                "Workflow runs: name, conclusion, times, attempt",
                "Deployments: environment, state, times",
            ],
            never: &[
                "Code: diffs, patches, files, commits and their messages",
                "Descriptions and comments of pull requests",
                "Anything of a repository that is not switched on",
            ],
            kept: vec![sources::Kept { what: "What is turned away", how_long: "never kept; counted by reason" }],
            scopes: SCOPES,
        },
        hints: &connector("github").unwrap().disclosure().hints,
        teams: vec!["payments".to_owned(), "web-shop".to_owned()],
        external_id,
        label: Field::empty("label"),
        team: Field::empty("team"),
        count: if has_sources { "1 of 3 sources on, 1 in shadow mode" } else { "No source yet" }.to_owned(),
        sources: if has_sources {
            vec![
                row("acme/web", "on since 2 February 2026", ("On", "good")),
                row("acme/ledger", "in shadow mode until 16 March 2026", ("Shadow", "plain")),
                row("acme/tools", "off since 1 March 2026", ("Off", "off")),
            ]
        } else {
            vec![]
        },
        trials: if has_sources { vec![trial(true), trial(false)] } else { vec![] },
    }
}

fn trial(is_running: bool) -> trials::Trial {
    let day = |day: &str, captured: &str| trials::Day {
        day: day.to_owned(),
        captured: captured.to_owned(),
        refused: "3".to_owned(),
        passes: ["1", "4", "11"].map(str::to_owned),
    };
    trials::Trial {
        name: if is_running { "acme/ledger" } else { "<img src=x onerror=alert(1)>" }.to_owned(),
        external_id: "acme/ledger".to_owned(),
        is_running,
        when: "In shadow mode since 9 March 2026. It ends on 16 March 2026, 10:00 CET; then the source is off, unless you switch it on."
            .to_owned(),
        lead: "212 messages would have been kept, and 9 turned away. The local filter would have scored each, and 40 could move a pattern."
            .to_owned(),
        is_channel: is_running,
        days: vec![day("9 Mar", "71"), day("10 Mar", "68"), day("11 Mar", "73")],
        refused: vec![trials::Refused { reason: "Chat by a bot", count: "9".to_owned() }],
        bound: "At most 1 new pattern in a week, at the team’s present stop of the dial (quiet).".to_owned(),
        foreseen: vec![trials::Line {
            name: "Unanswered questions",
            words: "might have spoken: 12 questions, and from 4 in 14 days on it looks closer".to_owned(),
        }],
        days_default: 7,
        days_max: 90,
    }
}

fn notices_page(has_notices: bool) -> notices::Index {
    let words = "Since 9 March 2026 SmartRetro reads #payments-help.\n\n• Messages</textarea><script>alert(1)</script>";
    let due = |title: &str, external_id: &str| notices::Due {
        title: title.to_owned(),
        name: external_id.to_owned(),
        note: "Workspace · due since 9 March 2026".to_owned(),
        label: "Post this in #payments-help".to_owned(),
        text: words.to_owned(),
        rows: 4,
        connection: "0190".to_owned(),
        external_id: external_id.to_owned(),
        due_at: 1_773_046_800_000_000,
    };
    let posted = |title: &str| notices::Posted {
        title: title.to_owned(),
        note: "Product repositories · posted 2 February 2026 by Ana Ferreira".to_owned(),
    };
    notices::Index {
        frame: frame("Notices", Some("/connections")),
        csrf: "5f1c".to_owned(),
        due: if has_notices {
            vec![due("Reading of #payments-help has begun", "C0HELP"), due("Counting in acme/ledger has begun", "acme/ledger")]
        } else {
            vec![]
        },
        posted: if has_notices { vec![posted("Reading of acme/web has begun")] } else { vec![] },
    }
}

fn patterns_page(has_patterns: bool) -> patterns::Index {
    let tab =
        |href: &str, label, count: &str, is_current| patterns::Tab { href: href.to_owned(), label, count: count.to_owned(), is_current };
    let card = |kind, scope: &str, title: &str, statement: &str, sources: &str| patterns::Card {
        href: "/patterns/0190".to_owned(),
        kind,
        scope: scope.to_owned(),
        title: title.to_owned(),
        statement: statement.to_owned(),
        sources: sources.to_owned(),
        surfaced: moment("9 March 2026, 06:00 UTC"),
        standing: "Still so on 10 March 2026".to_owned(),
    };
    patterns::Index {
        frame: frame("Patterns", Some("/patterns")),
        tabs: vec![
            tab("/patterns", "Open", "2", true),
            tab("/patterns?status=acknowledged", "Acknowledged", "1", false),
            tab("/patterns?status=addressed", "Addressed", "4", false),
            tab("/patterns?status=dismissed", "Dismissed", "0", false),
        ],
        patterns: if has_patterns {
            vec![
                card(
                    "Flaky pipeline",
                    "acme/web",
                    "The pipeline of acme/web fails and then passes without a change",
                    "In the last 14 days 9 of 52 runs failed and then passed on the same commit (17 %; 95 % interval 10 to 29 %). The 90 days before had 2 of 310.",
                    "12 sources",
                ),
                card(
                    "Ageing pull requests",
                    "acme/ledger",
                    "More pull requests than usual have been open for long",
                    "On three working days running, 6 of 14 open pull requests were older than 4.2 days. The usual number is 1.8.",
                    "6 sources",
                ),
            ]
        } else {
            vec![]
        },
        empty_title: "No open pattern",
        empty_note: "It looks every morning at six and speaks only when the numbers are clear, so silence is the usual state. You have done nothing wrong.",
        empty_href: "/connections",
        empty_verb: "See what is connected",
    }
}

fn chart() -> Chart {
    let end: Instant = "2026-03-09T06:00:00Z".parse().unwrap();
    let weeks_before = |weeks: i64| end - SignedDuration::from_hours(24 * 7 * weeks);
    let shares = [0.02, 0.0, 0.01, 0.0, 0.03, 0.0, 0.0, 0.02, 0.04, 0.01, 0.0, 0.02, 0.0, 0.15, 0.19];
    let points = shares.iter().zip((0..15).rev()).map(|(value, weeks)| Point { at: weeks_before(weeks), value: *value, limit: None });
    let course = Course {
        title: "Runs that failed and then passed on the same code, share of each week’s runs".to_owned(),
        unit: Unit::Share,
        points: points.collect(),
        told: 1,
        usual: Some(Estimate { value: 0.01, low: 0.0, high: 0.03 }),
        limit: 0.1,
    };
    Chart::of(&course, &TimeZone::UTC).unwrap()
}

fn pattern_page(is_decided: bool) -> patterns::Show {
    let source = |label: &str, url: Option<&str>| patterns::Source {
        href: url.map(str::to_owned),
        label: label.to_owned(),
        host: if url.is_some() { "github.com".to_owned() } else { String::new() },
        happened: "failed",
        at: moment("6 March 2026, 14:02 UTC"),
        age: "3 days before this was told".to_owned(),
    };
    patterns::Show {
        frame: frame("The pipeline of acme/web fails and then passes", Some("/patterns")),
        csrf: "5f1c".to_owned(),
        kind: "Flaky pipeline",
        scope: "acme/web".to_owned(),
        title: "The pipeline of acme/web fails and then passes without a change".to_owned(),
        statement: "In the last 14 days 9 of 52 runs failed and then passed on the same commit (17 %; 95 % interval 10 to 29 %). The 90 days before had 2 of 310.".to_owned(),
        state: if is_decided { "Acknowledged" } else { "Open" },
        tone: if is_decided { "good" } else { "warn" },
        surfaced: moment("9 March 2026, 06:00 UTC"),
        standing: "Last seen on 12 March 2026, not since".to_owned(),
        window: "about 23 February 2026 to 9 March 2026".to_owned(),
        chart: Some(chart()),
        sources: vec![
            source("Run 8812 of acme/web: failed, then passed", Some("https://github.com/acme/web/actions/runs/8812")),
            source("Run 8790 of acme/web: failed, then passed", Some("https://github.com/acme/web/actions/runs/8790")),
            source("Pull request 42 of acme/web", Some("https://github.com/acme/web/pull/42")),
            source("A message in C0123ABCD", None),
        ],
        sources_note: "4 of 6 sources shown: no person stands behind more than a third".to_owned(),
        why: "It is told from 5 such cases in 14 days that are 10 % of the runs or more. 4 people are behind it, in a team of 8 active."
            .to_owned(),
        goes_away: "Fewer than 5 such runs in 14 days, or less than 10 % of all runs.".to_owned(),
        options: vec![
            "Quarantine the tests that fail most, and fix them one a week.".to_owned(),
            "Show the list of reruns in the team’s weekly meeting.".to_owned(),
        ],
        decisions: if is_decided {
            vec![patterns::Decided {
                words: "Acknowledged by Ana Ferreira,".to_owned(),
                at: moment("10 March 2026, 09:12 UTC"),
                note: "We take it to the retrospective.".to_owned(),
            }]
        } else {
            vec![]
        },
        may_decide: true,
        action: "/patterns/0190/status".to_owned(),
        note: if is_decided { sent("note", "x").refused("The note is too long. Keep it to 500 characters.") } else { Field::empty("note") },
        note_chars_max: 500,
        verdicts: patterns::VERDICTS.to_vec(),
    }
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
