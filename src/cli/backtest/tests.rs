//! From files to patterns, and from wrong files to words that help.

use super::{BacktestError, File, Options, PatternLine, Report, run};
use crate::base::dial::Dial;
use std::collections::HashSet;
use std::fmt::Write as _;

const HEADER: &str = "at,kind,source,id,transition,actor,url,sha,workflow,conclusion,attempt,thread,text\n";

fn file(name: &str, text: impl Into<String>) -> File {
    File { name: name.to_owned(), text: text.into() }
}

fn options() -> Options {
    Options::parse(None, None, Dial::Quiet, None).unwrap()
}

/// Changes of five people whose runs fail and then pass, on one day.
fn flaky_history() -> String {
    let mut rows = String::from(HEADER);
    for (hour, name) in (9..).zip(["ana", "ben", "cleo", "dan", "eva", "ana"]) {
        let at = |minute: u32| format!("2026-03-09T{hour:02}:{minute:02}:00Z");
        writeln!(rows, "{},change,acme/web,{hour},opened,{name},https://git.example/pull/{hour},sha{hour},,,,,", at(0)).unwrap();
        for (minute, conclusion) in [(10, "failure"), (30, "success")] {
            let attempt = minute / 10;
            let url = format!("https://git.example/runs/{hour}");
            let row = format!("run,acme/web,r{hour},completed,hook[bot],{url},sha{hour},ci,{conclusion},{attempt},,");
            writeln!(rows, "{},{row}", at(minute)).unwrap();
        }
    }
    rows
}

fn json(report: &Report) -> serde_json::Value {
    let mut out = Vec::new();
    report.write_json(&mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

#[test]
fn a_history_in_a_file_becomes_a_pattern_with_its_sources() {
    let report = run(&[file("history.csv", flaky_history())], &options()).unwrap();
    let document = json(&report);
    let patterns = document["patterns"].as_array().unwrap();
    assert_eq!(patterns.len(), 1);
    let pattern = &patterns[0];
    let keys: HashSet<&str> = pattern.as_object().unwrap().keys().map(String::as_str).collect();
    let face = ["id", "detector", "title", "statement", "scope", "window", "surfaced_at", "options", "sources_total", "evidence"]
        .into_iter()
        .collect();
    assert_eq!(keys, face, "the keys are part of the product's face");
    assert_eq!(pattern["detector"], "flaky_pipeline");
    assert_eq!(pattern["scope"], "acme/web");
    assert_eq!(pattern["surfaced_at"], "2026-03-10T06:00:00Z", "the next look on a working day");
    assert_eq!(pattern["window"]["to"], "2026-03-10T06:00:00Z");
    let evidence = pattern["evidence"].as_array().unwrap();
    assert!(evidence.len() >= 3);
    assert_eq!(evidence[0]["kind"], "run");
    assert_eq!(evidence[0]["url"], "https://git.example/runs/9");
    assert!(pattern["options"].as_array().unwrap().len() >= 2);

    let text = document.to_string();
    let mut prose = Vec::new();
    report.write_text(&mut prose).unwrap();
    for name in ["ana", "ben", "cleo", "dan", "eva"] {
        assert!(!text.contains(name) && !String::from_utf8_lossy(&prose).contains(name), "{name}");
    }
}

#[test]
fn reviews_in_a_file_are_heard() {
    let detector = crate::detection::detector("review_pickup").unwrap();
    let signals = crate::detection::tests::conformance::story(detector).signals();
    let document = json(&run(&[file("history.jsonl", crate::signals::canonical::to_json_lines(&signals))], &options()).unwrap());
    let patterns = document["patterns"].as_array().unwrap();
    let told: Vec<&str> = patterns.iter().map(|pattern| pattern["detector"].as_str().unwrap()).collect();
    assert_eq!(told, ["review_pickup"]);
    assert_eq!(patterns[0]["surfaced_at"], "2026-03-16T06:00:00Z", "the second Monday after changes began to wait");
}

#[test]
fn the_same_history_gives_the_same_answer_in_either_format_and_over_several_files() {
    let csv = flaky_history();
    let person = |name: &str| crate::base::id::PersonId::from_bytes([name.as_bytes()[0]; 16]);
    let reading = crate::signals::canonical::parse(&csv, crate::signals::canonical::Format::Csv, &person);
    let lines = crate::signals::canonical::to_json_lines(&reading.rows);
    let (first, second) = lines.split_at(lines.match_indices('\n').nth(8).unwrap().0 + 1);
    let whole = json(&run(&[file("a.csv", csv)], &options()).unwrap());
    let parts = json(&run(&[file("b.jsonl", second), file("a.jsonl", first)], &options()).unwrap());
    assert_eq!(whole, parts);
}

#[test]
fn looks_and_signals_outside_of_the_time_asked_for_play_no_part() {
    let told = |from: Option<&str>, to: Option<&str>| {
        let options = Options::parse(from, to, Dial::Quiet, None).unwrap();
        let report = run(&[file("a.csv", flaky_history())], &options).unwrap();
        report.told.first().map(|told| told.cleared.finding().candidate.at.to_string())
    };
    assert_eq!(told(None, None).as_deref(), Some("2026-03-10T06:00:00Z"));
    assert_eq!(told(None, Some("2026-03-10T05:59:59Z")), None, "before the look");
    assert_eq!(told(Some("2026-03-12"), Some("2026-03-20")).as_deref(), Some("2026-03-12T06:00:00Z"), "history from before counts");
    assert_eq!(told(Some("2026-04-01"), Some("2026-04-20")), None, "the window has passed");
}

#[test]
fn the_zone_decides_when_it_is_told() {
    let options = Options::parse(None, None, Dial::Quiet, Some("America/New_York")).unwrap();
    let report = run(&[file("a.csv", flaky_history())], &options).unwrap();
    assert_eq!(report.told[0].cleared.finding().candidate.at.to_string(), "2026-03-10T10:00:00Z");
}

#[test]
fn questions_are_found_in_the_text_and_the_text_is_not_told() {
    let mut rows = String::from(HEADER);
    for (hour, name) in (9..).zip(["ana", "ben", "cleo", "dan", "eva"]) {
        let text = format!("Does anyone know how the {hour} o'clock release is started?");
        writeln!(rows, "2026-03-09T{hour:02}:00:00Z,message,C0HELP,{hour}.1,posted,{name},https://chat.example/{hour},,,,,,{text}")
            .unwrap();
    }
    let report = run(&[file("a.csv", rows)], &options()).unwrap();
    assert!(report.told.is_empty(), "two working days have not passed at the first look after the last message");

    let mut later = String::from(HEADER);
    for (hour, name) in (9..).zip(["ana", "ben", "cleo", "dan", "eva"]) {
        let text = format!("Does anyone know how the {hour} o'clock release is started?");
        writeln!(later, "2026-03-09T{hour:02}:00:00Z,message,C0HELP,{hour}.1,posted,{name},https://chat.example/{hour},,,,,,{text}")
            .unwrap();
    }
    let options = Options::parse(None, Some("2026-03-16"), Dial::Quiet, None).unwrap();
    let report = run(&[file("a.csv", later)], &options).unwrap();
    assert_eq!(report.told.len(), 1);
    assert!(!json(&report).to_string().contains("release"));
    assert_eq!(PatternLine::of(&report.told[0]).detector(), "unanswered_questions");
}

#[test]
fn what_is_withheld_is_counted_for_people() {
    let alone = flaky_history().replace("ben", "ana").replace("cleo", "ana");
    let report = run(&[file("a.csv", alone)], &options()).unwrap();
    assert!(report.told.is_empty());
    let mut out = Vec::new();
    report.write_text(&mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("Withheld: flaky_pipeline, group_too_small, at 1 look"), "{text}");
}

#[test]
fn wrong_rows_are_all_named_with_what_to_do_and_nothing_is_evaluated() {
    let rows = format!(
        "{HEADER}\
         2026-03-09,change,acme/web,1,opened,ana,,,,,,,\n\
         2026-03-09T09:00:00Z,pull,acme/web,1,opened,ana,,,,,,,\n\
         2026-03-09T09:00:00Z,change,acme/web,1,posted,ana,,,,,,,\n\
         2026-03-09T09:00:00Z,run,acme/web,7,completed,ana,,,,,,,\n"
    );
    let error = run(&[file("bad.csv", rows), file("good.csv", flaky_history())], &options()).unwrap_err();
    assert_eq!(error.exit_status(), 1);
    assert_eq!(
        error.to_string(),
        "bad.csv, line 2: column `at` holds no time; write a time with its zone between 1990 and 2100, such as 2026-03-02T09:00:00Z \
         (and 4 more problems, which --json lists)"
    );
    let told: Vec<(u64, String)> = listed(&error)["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|told| (told["line"].as_u64().unwrap(), told["message"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(told.len(), 5);
    assert_eq!(told[1], (3, "column `kind` holds an unknown word; write one of message, change, review, run, deploy, incident".to_owned()));
    assert_eq!(told[3], (5, "column `workflow` is missing; run must have it".to_owned()));
    assert_eq!(told[4], (5, "column `conclusion` is missing; a completed run must have it".to_owned()));
}

fn listed(error: &BacktestError) -> serde_json::Value {
    let mut out = Vec::new();
    error.write_json(&mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

#[test]
fn only_the_first_twenty_problems_are_spelled_out() {
    let rows = format!("{HEADER}{}", "x,change,acme/web,1,opened,ana,,,,,,,\n".repeat(50));
    let error = run(&[file("bad.csv", rows)], &options()).unwrap_err();
    assert!(error.to_string().ends_with("(and 49 more problems, which --json lists)") && error.to_string().lines().count() == 1, "{error}");
    assert_eq!((listed(&error)["problems"].as_array().unwrap().len(), &listed(&error)["problems_total"]), (20, &50.into()));
}

#[test]
fn wrong_options_are_named() {
    let error = |from, to, zone| Options::parse(from, to, Dial::Quiet, zone).err().map(|error| (error.exit_status(), error.to_string()));
    let (status, words) = error(Some("yesterday"), None, None).unwrap();
    assert!(status == 2 && words.starts_with("--from: `yesterday` is no time; write a day"), "{words}");
    assert!(error(None, None, Some("Mars/Olympus")).unwrap().1.starts_with("--zone: `Mars/Olympus` is no time zone"));
    assert!(matches!(Options::parse(Some("2026-03-09"), Some("2026-03-09"), Dial::Quiet, None), Err(BacktestError::EmptyTime)));
}

#[test]
fn a_file_that_is_no_text_is_named_with_its_line() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("history.csv");
    std::fs::write(&path, b"at,kind\n2026,\xFF\n").unwrap();
    let error = super::read(&[path]).err().unwrap();
    assert!(matches!(error, BacktestError::NotUtf8 { line: 2, .. }));
    let missing = super::read(&[directory.path().join("none.csv")]).err().unwrap();
    assert_eq!(missing.exit_status(), 2);
}
