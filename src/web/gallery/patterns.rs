//! The first page and those of patterns, with sample words; see `gallery`.

use crate::base::clock::{Instant, SignedDuration};
use crate::detection::candidate::{Chart as Course, Estimate, Point, Unit};
use crate::http::forms::Field;
use crate::web::chart::Chart;
use crate::web::gallery::{frame, moment, sent};
use crate::web::pages::{home, patterns};
use jiff::tz::TimeZone;

/// Each page under a name.
pub(super) fn pages() -> Vec<(&'static str, String)> {
    let render = |page: &dyn askama::DynTemplate| page.dyn_render().unwrap();
    vec![
        ("home-new", render(&home_page(true))),
        ("home", render(&home_page(false))),
        ("patterns-empty", render(&patterns_page(false))),
        ("patterns", render(&patterns_page(true))),
        ("pattern", render(&pattern_page(false))),
        ("pattern-decided", render(&pattern_page(true))),
    ]
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
