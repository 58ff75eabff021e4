//! `score FILE…`: the pre-filter alone, over conversations in files. No database, no network.
//!
//! Never echoes a word of a conversation: a line of output holds the id, the score and the names of its reasons; an error
//! names the file and the line ([`lines`]).

use crate::base::dial::Dial;
use crate::cli::lines::{self, Id, LinesError, Wanted};
use crate::prefilter::{self, Line};
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Write};

static WANTED: Wanted = Wanted { name: "conversation", example: r#"{"id":"…","messages":[{"ts":"…","user":"…","text":"…"}]}"# };

/// A line of input. Other keys are ignored.
#[derive(Deserialize)]
struct Conversation {
    id: Id,
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    user: Option<String>,
    text: String,
}

/// A line of output.
#[derive(Serialize)]
struct Scored {
    id: Id,
    score: f64,
    passes: Passes,
    why: Vec<Weighted>,
}

#[derive(Serialize)]
struct Passes {
    quiet: bool,
    normal: bool,
    verbose: bool,
}

#[derive(Serialize)]
struct Weighted {
    feature: &'static str,
    weight: f64,
}

/// Scores each conversation of `files` (a name for messages, and its lines), one line of JSON each to `out`, in order.
pub fn run<R: BufRead>(files: impl IntoIterator<Item = (String, R)>, out: &mut impl Write) -> Result<(), LinesError> {
    let answered = lines::each(files, &WANTED, |conversation| write_line(out, &scored(conversation)));
    out.flush().map_err(LinesError::Write)?;
    answered
}

fn scored(conversation: Conversation) -> Scored {
    let window: Vec<Line<'_>> = conversation
        .messages
        .iter()
        .map(|message| Line { author: message.user.as_deref().unwrap_or_default(), text: &message.text })
        .collect();
    let score = prefilter::score(&window);
    Scored {
        id: conversation.id,
        score: score.value(),
        passes: Passes { quiet: score.passes(Dial::Quiet), normal: score.passes(Dial::Normal), verbose: score.passes(Dial::Verbose) },
        why: score.why().iter().map(|reason| Weighted { feature: reason.feature, weight: reason.weight() }).collect(),
    }
}

fn write_line(out: &mut impl Write, scored: &Scored) -> io::Result<()> {
    serde_json::to_writer(&mut *out, scored)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_on(files: &[(&str, &[u8])]) -> (String, Result<(), LinesError>) {
        let mut out = Vec::new();
        let result = run(files.iter().map(|&(name, bytes)| (name.to_owned(), bytes)), &mut out);
        (String::from_utf8(out).expect("JSON is UTF-8"), result)
    }

    #[test]
    fn each_conversation_is_answered_in_order_with_reasons_that_sum_to_its_score() {
        let first = r#"{"id":"a#1","topic":"x","messages":[
            {"n":1,"ts":"2026-03-02T09:00:00Z","user":"ana","text":"CI is red again"},
            {"ts":1772442000.5,"user":"ben","text":"same here, the tests are flaky"}]}"#
            .replace('\n', "");
        let second = r#"{"id":7,"messages":[{"text":"hi","user":null}]}"#;
        let (out, result) = run_on(&[("one", format!("\u{feff}{first}\r\n\n{second}").as_bytes()), ("two", b"")]);
        assert!(result.is_ok(), "{result:?}");
        let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let ids: Vec<&serde_json::Value> = lines.iter().map(|line| &line["id"]).collect();
        assert_eq!(ids, [&serde_json::json!("a#1"), &serde_json::json!(7)], "an id is given back as it came");
        assert_eq!(lines[0]["passes"], serde_json::json!({"quiet": true, "normal": true, "verbose": true}), "{out}");
        assert_eq!(lines[1]["passes"], serde_json::json!({"quiet": false, "normal": false, "verbose": false}));
        let weights: f64 = lines[0]["why"].as_array().expect("why").iter().filter_map(|why| why["weight"].as_f64()).sum();
        assert!((weights - lines[0]["score"].as_f64().expect("score")).abs() < 1e-9, "{out}");
    }

    #[test]
    fn a_bad_line_is_named_with_its_file_and_never_quoted() {
        for line in [
            r#"{"id":"a"}"#,
            r#"{"id":"a","messages":"sesame"}"#,
            r#"{"id":"a","messages":[{"user":"x"}]}"#,
            r#"["sesame"]"#,
            r#"{"id":{},"messages":[]}"#,
        ] {
            let error = run_on(&[("in.jsonl", line.as_bytes())]).1.expect_err("a bad line").to_string();
            assert!(error.starts_with("in.jsonl, line 1: not a conversation"), "{error}");
            assert!(!error.contains("sesame"), "{error}");
        }
    }

    #[test]
    fn a_bad_line_costs_no_other_line() {
        let (out, result) = run_on(&[("in.jsonl", b"{\"id\":\"a\",\"messages\":[]}\nx\n{\"id\":\"b\",\"messages\":[]}\n")]);
        assert!(matches!(result, Err(LinesError::Bad { first: lines::BadLine { line: 2, .. }, more: 0 })), "{result:?}");
        assert_eq!(out.lines().count(), 2);
    }
}
