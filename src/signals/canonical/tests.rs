//! The way through a file and back, and what is said about files that do not fit.

use super::{Column, Format, Problem, Record, fields_of, parse, table, to_csv, to_json_lines};
use crate::base::clock::Instant;
use crate::base::id::PersonId;
use crate::signals::place::Place;
use crate::signals::{
    ActorKind, Change, ChangeTransition, Conclusion, Deploy, DeployTransition, Event, Incident, IncidentTransition, Message,
    MessageTransition, Review, ReviewTransition, Run, RunTransition, Signal, SignalKind,
};
use proptest::prelude::*;

/// The id that a name already is, else one made of its first byte.
fn person(name: &str) -> PersonId {
    name.parse().unwrap_or_else(|_| PersonId::from_bytes([name.bytes().next().unwrap_or(0); 16]))
}

fn read(text: &str, format: Format) -> Result<Vec<Signal>, Vec<String>> {
    let reading = parse(text, format, &person);
    if reading.problems_total == 0 { Ok(reading.rows) } else { Err(reading.problems.iter().map(Problem::to_string).collect()) }
}

fn csv_problems(text: &str) -> Vec<String> {
    read(text, Format::Csv).unwrap_err()
}

fn json_problems(text: &str) -> Vec<String> {
    read(text, Format::JsonLines).unwrap_err()
}

#[test]
fn the_documentation_shows_the_table_that_the_reader_checks_against() {
    let source = include_str!("mod.rs");
    let documented: Vec<&str> = source.lines().filter(|line| line.starts_with("//! |")).map(|line| &line[4..]).collect();
    assert_eq!(documented.join("\n"), table(), "copy this table into the documentation of mod.rs:\n{}", table());
}

#[test]
fn the_shape_decides_where_the_extension_does_not() {
    assert_eq!(Format::of("a.csv", "{"), Format::Csv);
    assert_eq!(Format::of("a.JSONL", "at,kind"), Format::JsonLines);
    assert_eq!(Format::of("-", " {\"at\":1}"), Format::JsonLines);
    assert_eq!(Format::of("history", "at,kind"), Format::Csv);
    assert_eq!(Format::of("history", "\u{FEFF}{\"at\":1}"), Format::JsonLines, "whatever mark it begins with");
}

#[test]
fn columns_come_in_any_order_and_others_are_passed_over() {
    let csv = "\u{FEFF}id,note, kind ,source,transition,at,title,actor\n\
               7,mine,change,acme/web,opened,2026-03-09T10:00:00+01:00,\"A, b \"\"c\"\"\",ana\n";
    let signals = read(csv, Format::Csv).unwrap();
    assert_eq!(signals.len(), 1);
    assert_eq!(signals[0].key(), "change:acme/web:7");
    assert_eq!(signals[0].occurred_at.to_string(), "2026-03-09T09:00:00Z");
    assert_eq!((signals[0].actor, signals[0].actor_kind), (Some(person("ana")), ActorKind::Human));
    assert!(matches!(&signals[0].event, Event::Change(change) if change.title.as_deref() == Some("A, b \"c\"")));
}

#[test]
fn json_takes_numbers_for_ids_and_null_for_nothing() {
    let line = r#"{"at":"2026-03-09T09:00:00Z","kind":"run","source":"acme/web","id":7,"transition":"completed","workflow":"ci","conclusion":"success","attempt":2,"parent":31,"url":null}"#;
    let signals = read(&format!("{line}\n\n"), Format::JsonLines).unwrap();
    let Event::Run(run) = &signals[0].event else { panic!("a run") };
    assert_eq!((signals[0].external_id.as_str(), run.attempt, run.change.as_deref()), ("7", 2, Some("31")));
    assert_eq!((signals[0].url.as_deref(), signals[0].actor_kind), (None, ActorKind::Unknown));
}

#[test]
fn a_bot_is_told_by_its_kind_or_its_name_and_is_no_person() {
    let rows = "at,kind,source,id,transition,actor,actor_kind\n\
                2026-03-09T09:00:00Z,change,acme/web,1,opened,renovate[bot],\n\
                2026-03-09T09:00:00Z,change,acme/web,2,opened,deployer,bot\n\
                2026-03-09T09:00:00Z,change,acme/web,3,opened,,\n";
    let signals = read(rows, Format::Csv).unwrap();
    let kinds: Vec<ActorKind> = signals.iter().map(|signal| signal.actor_kind).collect();
    assert_eq!(kinds, [ActorKind::Bot, ActorKind::Bot, ActorKind::Unknown]);
    assert!(signals.iter().all(|signal| signal.actor.is_none()));
}

#[test]
fn a_direct_message_is_no_source_and_kinds_keep_to_their_places() {
    let row = |kind: &str, source: &str, transition: &str| {
        format!("at,kind,source,id,transition\n2026-03-09T09:00:00Z,{kind},{source},1,{transition}\n")
    };
    assert_eq!(
        csv_problems(&row("message", "D0PRIVATE", "posted")),
        [
            "line 2: column `source` is no source; write a channel's id (C0123ABCD) or owner/name of a repository; a direct message is never \
          read"
        ]
    );
    assert_eq!(
        csv_problems(&row("message", "acme/web", "posted")),
        ["line 2: column `source` is the wrong sort of place; this kind happens in a channel"]
    );
    assert_eq!(
        csv_problems(&row("change", "C0HELP", "opened")),
        ["line 2: column `source` is the wrong sort of place; this kind happens in a repository"]
    );
}

#[test]
fn a_header_that_lacks_a_column_or_misspells_one_is_said_once() {
    assert_eq!(
        csv_problems("at,kind,sorce,id,transition\n2026-03-09T09:00:00Z,change,acme/web,1,opened\n"),
        [
            "line 1: an unknown column looks like `source`, which is missing; correct its name",
            "line 1: column `source` is missing from the header; every row must have it"
        ]
    );
    assert_eq!(
        csv_problems("at,kind,source,id,transition,enviroment\n"),
        ["line 1: an unknown column looks like `environment`, which is missing; correct its name"]
    );
    assert_eq!(
        csv_problems("at,kind,source,id,transition\n"),
        ["line 1: the file holds no row; give it a header line (CSV) and at least one row"]
    );
    for nothing in ["", "\u{FEFF}", "\n\r\n"] {
        let empty = ["line 1: the file holds no row; give it a header line (CSV) and at least one row"];
        assert_eq!((csv_problems(nothing), json_problems(nothing)), (empty.map(str::to_owned).to_vec(), empty.map(str::to_owned).to_vec()));
    }
}

#[test]
fn a_quote_that_does_not_close_is_blamed_where_its_row_begins() {
    let rows = "at,kind,source,id,transition,text\n\
                2026-03-09T09:00:00Z,message,C0HELP,1,posted,fine\n\n\
                2026-03-09T09:00:00Z,message,C0HELP,2,posted,\"hello\nworld\n\
                2026-03-09T09:00:00Z,message,C0HELP,3,posted,";
    let blame = "line 4: has a quote that does not end with its cell; close every quote, and write one inside of a text twice (\"\")";
    for rest in ["x\n", "\"said\"\n", "\"\"\n"] {
        assert_eq!(csv_problems(&format!("{rows}{rest}")), [blame], "{rest:?}");
    }
    assert_eq!(csv_problems("at,kind,source,id,\"transition\n")[0], blame.replace("line 4", "line 1"));
    let closed = rows.replace("hello\nworld", "a \"\"b\"\", c\nd\"") + "a \"b\" c\n";
    assert_eq!(read(&closed, Format::Csv).map(|signals| signals.len()), Ok(3), "quotes that close, and quotes in the midst of a cell");
}

#[test]
fn blank_lines_are_counted_and_passed_over() {
    let row = "x,change,acme/web,1,opened\n";
    for (end, first, second) in [("\n\n\n", 4, 8), ("\r\n\r\n", 3, 6)] {
        let problems = csv_problems(&format!("at,kind,source,id,transition{end}{row}{end}{row}"));
        let lines: Vec<&str> = problems.iter().filter_map(|problem| problem.split_once(':')).map(|(line, _)| line).collect();
        assert_eq!(lines, [format!("line {first}"), format!("line {second}")], "{problems:?}");
    }
    assert!(csv_problems("\n\nat,kind\n")[0].starts_with("line 3:"), "the header's line");
}

#[test]
fn a_column_that_comes_twice_is_refused() {
    let row = "2026-03-09T09:00:00Z,change,acme/web,1,opened";
    assert_eq!(
        csv_problems(&format!("at,kind,source,id,transition, transition\n{row},merged\n")),
        ["line 1: column `transition` comes twice; leave one"]
    );
    let object = r#"{"at":"2026-03-09T09:00:00Z","kind":"change","source":"acme/web","id":1,"transition":"opened","id":2}"#;
    assert_eq!(json_problems(&format!("\n{object}\n")), ["line 2: column `id` comes twice; leave one"]);
    assert!(read(&format!("at,kind,source,id,transition,note,note\n{row},a,b\n"), Format::Csv).is_ok(), "what is passed over may");
}

#[test]
fn cells_that_are_not_separated_by_commas_are_said_to_be_so() {
    for (separator, name) in [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")] {
        let text = "at,kind,source,id,transition\n2026-03-09T09:00:00Z,change,acme/web,1,opened\n".replace(',', &separator.to_string());
        assert_eq!(csv_problems(&text), [format!("line 1: the cells are separated by {name}; separate them by commas")]);
    }
}

#[test]
fn a_line_that_is_no_object_or_a_row_that_does_not_fit_is_named() {
    assert_eq!(json_problems("[1]\n")[0], "line 1: is not one JSON object (see character 1); write one object for each line");
    assert!(json_problems("\n{\"at\":\n")[0].starts_with("line 2: is not one JSON object"));
    assert_eq!(
        json_problems(r#"{"at":["2026-03-09T09:00:00Z"],"kind":"message","source":"C0","id":"1","transition":"posted"}"#),
        [
            "line 1: column `at` holds a list or an object; write a text or a number",
            "line 1: column `at` is missing; every row must have it"
        ]
    );
    let ragged = "at,kind,source,id,transition\n2026-03-09T09:00:00Z,change,acme/web,1\n2026-03-09T09:00:00Z,change,acme/web,1,opened\n";
    assert_eq!(csv_problems(ragged), ["line 2: does not fit the header; write as many cells as it names"]);
}

#[test]
fn times_and_numbers_that_make_no_sense_are_refused() {
    for at in ["2026-03-09T09:00:00", "1789-07-14T09:00:00Z", "3026-03-09T09:00:00Z", "soon"] {
        let problems = csv_problems(&format!("at,kind,source,id,transition\n{at},change,acme/web,1,opened\n"));
        assert!(problems[0].starts_with("line 2: column `at` holds no time; write a time with its zone"), "{problems:?}");
    }
    let run = |attempt: &str| {
        format!(
            "at,kind,source,id,transition,workflow,conclusion,attempt\n2026-03-09T09:00:00Z,run,acme/web,1,completed,ci,success,{attempt}\n"
        )
    };
    for attempt in ["0", "-1", "two", "99999999999"] {
        assert_eq!(csv_problems(&run(attempt)), ["line 2: column `attempt` holds no such number; write a whole number, 1 or more"]);
    }
    assert!(read(&run("3"), Format::Csv).is_ok());
}

#[test]
fn an_error_never_repeats_a_name_a_title_or_a_text() {
    let csv = "at,kind,source,id,transition,actor,title,text\nx,change,Ana Lima,1,opened,Ana Lima,Ana Lima,Ana Lima\n";
    assert!(csv_problems(csv).iter().all(|problem| !problem.contains("Ana")), "{:?}", csv_problems(csv));
}

#[test]
fn a_text_keeps_its_lines() {
    let csv = "at,kind,source,id,transition,text\n2026-03-09T09:00:00Z,message,C0HELP,1,posted,\"first\nsecond \"\nbad,message,C0HELP,1,posted,\n";
    assert!(csv_problems(csv)[0].starts_with("line 4:"), "lines inside quotes are counted");
    let whole = csv.replace("bad", "2026-03-09T09:00:00Z");
    let signals = read(&whole, Format::Csv).unwrap();
    assert!(matches!(&signals[0].event, Event::Message(message) if message.text.as_deref() == Some("first\nsecond ")));
}

fn word() -> impl Strategy<Value = String> {
    "[a-z0-9/_.-]{1,12}"
}

fn prose() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[^\u{0}]{1,40}")
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    (0..all.len()).prop_map(|index| all[index])
}

fn event() -> impl Strategy<Value = Event> {
    let message = (one_of(MessageTransition::ALL), proptest::option::of(word()), prose()).prop_map(|(transition, thread, text)| {
        let text = text.filter(|_| transition != MessageTransition::Deleted);
        Event::Message(Message { transition, thread, text, question: 0.0 })
    });
    let maybe = || proptest::option::of(word());
    let change = (one_of(ChangeTransition::ALL), prose(), maybe(), maybe())
        .prop_map(|(transition, title, branch, sha)| Event::Change(Change { transition, title, branch, sha }));
    let review = (one_of(ReviewTransition::ALL), word()).prop_map(|(transition, change)| Event::Review(Review { transition, change }));
    let run = (one_of(RunTransition::ALL), word(), maybe(), maybe(), one_of(Conclusion::ALL), 1_u32.., maybe()).prop_map(
        |(transition, workflow, branch, sha, conclusion, attempt, change)| {
            let conclusion = (transition == RunTransition::Completed).then_some(conclusion);
            Event::Run(Run { transition, workflow, branch, sha, conclusion, attempt, change })
        },
    );
    let deploy = (one_of(DeployTransition::ALL), word(), maybe(), maybe()).prop_map(|(transition, environment, branch, sha)| {
        Event::Deploy(Deploy { transition, environment, production: None, branch, sha })
    });
    let incident = (one_of(IncidentTransition::ALL), prose(), maybe())
        .prop_map(|(transition, title, deploy)| Event::Incident(Incident { transition, title, deploy }));
    prop_oneof![message, change, review, run, deploy, incident]
}

fn signal() -> impl Strategy<Value = Signal> {
    let kinds = one_of(&[ActorKind::Human, ActorKind::Bot, ActorKind::Unknown]);
    (event(), word(), 0_i64..4_000_000_000_000_000, any::<[u8; 16]>(), kinds, proptest::option::of(word())).prop_map(
        |(event, external_id, at, who, actor_kind, url)| {
            let place = if event.kind() == SignalKind::Message { "C0HELP" } else { "acme/web" };
            Signal {
                place: Place::from_external_id(place).unwrap(),
                external_id,
                occurred_at: Instant::from_microsecond(at).unwrap().max("1990-01-01T00:00:00Z".parse().unwrap()),
                actor: (actor_kind == ActorKind::Human).then(|| PersonId::from_bytes(who)),
                actor_kind,
                url,
                event,
            }
        },
    )
}

proptest! {
    #[test]
    fn signals_survive_the_way_through_a_file(signals in proptest::collection::vec(signal(), 1..20)) {
        prop_assert_eq!(&read(&to_csv(&signals), Format::Csv).unwrap(), &signals);
        prop_assert_eq!(&read(&to_json_lines(&signals), Format::JsonLines).unwrap(), &signals);
    }

    #[test]
    fn a_row_has_the_columns_that_the_table_gives_its_kind(signal in signal()) {
        let record = Record::of(&signal);
        let fields = fields_of(signal.event.kind()).unwrap();
        for column in Column::ALL.iter().filter(|column| record.get(**column).is_some()) {
            let allowed = [super::REQUIRED, super::OPTIONAL, fields.required, fields.optional];
            prop_assert!(allowed.iter().any(|columns| columns.contains(column)), "{} has {column}", signal.event.kind());
        }
        prop_assert!(fields.required.iter().all(|column| record.get(*column).is_some()));
        prop_assert!((fields.transitions)().contains(&signal.event.transition()));
    }

    #[test]
    fn no_text_makes_the_reader_stumble(text in ".{0,200}", header in any::<bool>()) {
        let csv = if header { format!("at,kind,source,id,transition,text\n{text}") } else { text.clone() };
        for format in [Format::Csv, Format::JsonLines] {
            let reading = parse(&csv, format, &person);
            prop_assert!(reading.problems_total >= reading.problems.len());
            prop_assert!(!reading.rows.is_empty() || reading.problems_total > 0, "silence about nothing");
        }
    }
}
