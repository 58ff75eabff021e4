//! `redact FILE…`: redaction alone, over messages in files. No database, no network, no known names.
//!
//! Never echoes what it cut, nor a word of a line that it cannot read ([`lines`]).

use crate::capture::redact::{self, Names, Redaction};
use crate::cli::lines::{self, Id, LinesError, Wanted};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::sync::{Mutex, PoisonError};

static WANTED: Wanted = Wanted { name: "message", example: r#"{"id":"…","text":"…"}"# };

/// A line of input. Other keys are ignored.
#[derive(Deserialize)]
struct Message {
    id: Id,
    text: String,
}

/// A line of output.
#[derive(Serialize)]
struct Redacted {
    id: Id,
    text: String,
    removed: Vec<Counted>,
}

#[derive(Serialize)]
struct Counted {
    kind: &'static str,
    count: u32,
}

/// Redacts each message of `files` (a name for messages, and its lines), one line of JSON each to `out`, in order.
pub fn run<R: BufRead>(files: impl IntoIterator<Item = (String, R)>, out: &mut impl Write) -> Result<(), LinesError> {
    let names = numbered();
    let answered = lines::each(files, &WANTED, |message| write_line(out, message, &names));
    out.flush().map_err(LinesError::Write)?;
    answered
}

/// People are numbered in the order in which they are first mentioned; the numbers hold for one run.
fn numbered() -> Names {
    let seen: Mutex<HashMap<String, usize>> = Mutex::default();
    Names::none(move |handle| {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        let next = seen.len() + 1;
        let number = *seen.entry(handle.to_owned()).or_insert(next);
        format!("person-{number}")
    })
}

fn write_line(out: &mut impl Write, message: Message, names: &Names) -> io::Result<()> {
    let Redaction { text, removed } = redact::text(&message.text, names);
    let removed = removed.iter().map(|(kind, count)| Counted { kind: kind.as_str(), count }).collect();
    serde_json::to_writer(&mut *out, &Redacted { id: message.id, text, removed })?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(files: &[(&str, &[u8])]) -> (String, Result<(), LinesError>) {
        let mut out = Vec::new();
        let result = run(files.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)), &mut out);
        (String::from_utf8(out).expect("the output is text"), result)
    }

    #[test]
    fn a_message_comes_back_without_its_code_and_with_what_was_cut() {
        let (out, result) = redacted(&[("a.jsonl", br#"{"id":"m1","text":"see ```let x = secret_thing();```","user":"U1"}"#)]);
        assert_eq!(out, "{\"id\":\"m1\",\"text\":\"see [code removed]\",\"removed\":[{\"kind\":\"code\",\"count\":1}]}\n");
        assert!(result.is_ok());
    }

    #[test]
    fn an_id_comes_back_as_it_was_written() {
        let (out, _) = redacted(&[("a", b"{\"id\":7,\"text\":\"hello\"}\n\n")]);
        assert_eq!(out, "{\"id\":7,\"text\":\"hello\",\"removed\":[]}\n");
    }

    #[test]
    fn the_same_person_has_the_same_number_in_a_run() {
        let (out, _) = redacted(&[("a", b"{\"id\":1,\"text\":\"@ana ask @ben\"}\n{\"id\":2,\"text\":\"thanks @Ana\"}")]);
        assert!(out.contains("person-1 ask person-2") && out.contains("thanks person-1"), "{out}");
    }
}
