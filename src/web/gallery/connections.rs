//! The pages about what is connected and read, with sample words; see `gallery`.

use crate::connectors::connector;
use crate::http::forms::Field;
use crate::web::gallery::{frame, sent};
use crate::web::pages::{connection_removals, connection_secrets, connections, new_connections, notices, sources, trials};

/// Each page under a name.
pub(super) fn pages() -> Vec<(&'static str, String)> {
    let render = |page: &dyn askama::DynTemplate| page.dyn_render().unwrap();
    vec![
        ("connections-empty", render(&connections::Index { connections: vec![], ..connections_page(false) })),
        ("connections", render(&connections_page(false))),
        ("connections-refused", render(&connections_page(true))),
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
    ]
}

fn connections_page(is_refused: bool) -> connections::Index {
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
        csrf: "5f1c".to_owned(),
        production: if is_refused {
            sent("environments", "pröd").refused("Name 1 to 20 environments, with commas between them.")
        } else {
            sent("environments", "production, prod, live")
        },
        may_change: true,
    }
}

pub(super) fn tools() -> Vec<new_connections::Tool> {
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

fn sources_page(has_sources: bool) -> sources::Index<'static> {
    let row = |name: &'static str, note: &str, (words, tone)| sources::Row {
        name,
        external_id: name,
        note: format!("team payments · {note}"),
        state: connections::State { words, tone },
        is_on: words == "On",
        is_shadow: words == "Shadow",
        is_notice_due: words != "Off",
        team: "payments",
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
        more: if has_notices { "40 more notices are due".to_owned() } else { String::new() },
        posted: if has_notices { vec![posted("Reading of acme/web has begun")] } else { vec![] },
    }
}
