//! The first page and those of patterns, with sample words; see `gallery`.

use crate::base::clock::{Instant, SignedDuration};
use crate::detection::candidate::{Chart as Course, Estimate, Point, Unit};
use crate::http::forms::Field;
use crate::web::chart::Chart;
use crate::web::gallery::{frame, moment, sent};
use crate::web::pages::{home, listening, patterns, week};
use jiff::tz::TimeZone;

/// Each page under a name.
pub(super) fn pages() -> Vec<(&'static str, String)> {
    let render = |page: &dyn askama::DynTemplate| page.dyn_render().unwrap();
    vec![
        ("home-new", render(&home_page(Week::First))),
        ("home-quiet", render(&home_page(Week::Quiet))),
        ("home-outside", render(&home_page(Week::Outside))),
        ("home", render(&home_page(Week::Busy))),
        ("patterns-empty", render(&patterns_page(false))),
        ("patterns", render(&patterns_page(true))),
        ("pattern", render(&pattern_page(false))),
        ("pattern-decided", render(&pattern_page(true))),
    ]
}

/// The first page of somebody with nothing connected, in a quiet week, in a busy one, and in no team.
fn home_page(week: Week) -> home::Show {
    let (is_new, is_busy) = (week == Week::First, week == Week::Busy);
    let change = |title: &str, word, tone, note: &str| week::Change {
        href: "/patterns/0190".to_owned(),
        title: title.to_owned(),
        word,
        tone,
        note: note.to_owned(),
    };
    let heard = |name: &str, word, tone, note: &str| listening::Heard { name: name.to_owned(), note: note.to_owned(), word, tone };
    let duty = |words: &str, href: &str, verb| home::Duty { words: words.to_owned(), href: href.to_owned(), verb };
    home::Show {
        frame: frame("Home", Some("/")),
        greeting: "Hello, Ana".to_owned(),
        lead: match week {
            Week::First => "Nothing is listened to for your team payments yet.",
            Week::Quiet => "Nothing stands out in your team payments this week.",
            Week::Busy => "2 patterns stand out in your team payments, 1 of them new this week.",
            Week::Outside => "You are in no team, so no pattern is shown to you.",
        }
        .to_owned(),
        duties: match week {
            Week::First => vec![duty("Getting started: 5 things are left. Next: Connect a tool.", "/checklist", "Open the list")],
            Week::Busy => vec![
                duty("The readers of 2 sources have yet to be told how they are listened to.", "/notices", "Open the notices"),
                duty(
                    "The shadow mode of <img src=x onerror=alert(1)> ended on 6 March 2026, and it is off. Make it real, or leave it so.",
                    "/connections/0190/sources",
                    "See what it counted",
                ),
            ],
            _ => vec![],
        },
        standing: if is_busy { vec![standing_pattern("New", "warn"), standing_pattern("Acknowledged", "good")] } else { vec![] },
        more: if is_busy { "And 3 more".to_owned() } else { String::new() },
        quiet: (week == Week::Quiet).then(|| listening::Quiet {
            came: "212 messages, 31 pull request events and 12 reviews came from 3 sources in the last 7 days.".to_owned(),
            looked: "The last look was on 9 March 2026, 06:00 UTC.".to_owned(),
            kinds: "review pickup, ageing changes, change failures, flaky pipeline, unanswered questions and recurring conversation"
                .to_owned(),
        }),
        changes: if is_busy {
            vec![
                change("Runs fail and then pass on the same code in acme/web", "New", "warn", "Flaky pipeline, told on 9 March 2026"),
                change(
                    "Questions wait for an answer in #payments-help",
                    "Went away",
                    "off",
                    "Went away on 6 March 2026; last seen on 6 February 2026",
                ),
            ]
        } else {
            vec![]
        },
        outcomes: if is_busy {
            vec![
                change(
                    "More changes than usual are waiting in acme/web",
                    "Not back",
                    "good",
                    "Your team marked it as addressed on 19 January 2026. It was not told again in the 49 days since.",
                ),
                change(
                    "More deploys than usual fail in acme/api",
                    "Came back",
                    "warn",
                    "Your team marked it as addressed on 12 January 2026. It was told again on 2 March 2026.",
                ),
            ]
        } else {
            vec![]
        },
        heard: if is_new || week == Week::Outside {
            vec![]
        } else {
            vec![
                heard("#payments-help", "On", "good", "team payments, since 2 February 2026"),
                heard("acme/ledger", "Shadow", "plain", "team payments, counted, not kept, since 2 March 2026 until 16 March 2026"),
            ]
        },
        heard_note: match week {
            Week::First => "Nothing is read: every source is off until somebody switches it on.",
            Week::Outside => "",
            _ => "This and nothing else is read for your teams.",
        }
        .to_owned(),
        stepped_out: "Anybody may step out at any time; 1 request so far.".to_owned(),
        is_in_team: week != Week::Outside,
        may_see_connections: is_new,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Week {
    First,
    Quiet,
    Busy,
    Outside,
}

fn standing_pattern(state: &'static str, tone: &'static str) -> home::Standing {
    home::Standing {
        href: "/patterns/0190".to_owned(),
        kind: "Flaky pipeline",
        scope: "acme/web".to_owned(),
        title: "Runs fail and then pass on the same code in acme/web".to_owned(),
        sentence: "In 14 days, 9 times a workflow failed and then passed on the same commit, in 2 workflows: 17% of 52 completed runs (95% interval 10% to 29%).".to_owned(),
        state,
        tone,
        age: "Told 3 days ago".to_owned(),
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
