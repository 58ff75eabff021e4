//! Programs that break a promise, and do not compile.
//!
//! A line that must be refused ends in `//~ CODE words`: the error's code, and words that the compiler must use, so that
//! a case cannot pass by failing for another reason. Every other line must be accepted.

use crate::compiler::{Build, Complaint};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

/// How many compilers run side by side: each holds the metadata of the whole tree.
const AT_ONCE: usize = 4;

/// What a case expects of one of its lines.
struct Expected {
    line: u64,
    code: String,
    words: String,
}

fn cases(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commitments").join(folder);
    let entries = fs::read_dir(&folder).expect("the folder of the cases is there");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder can be listed").path()).collect();
    cases.sort();
    cases
}

fn expected(case: &Path) -> Vec<Expected> {
    let text = fs::read_to_string(case).expect("a case can be read");
    let marked = text.lines().zip(1..).filter_map(|(line, n)| Some((n, line.split_once("//~ ")?.1)));
    marked
        .map(|(line, mark)| {
            let (code, words) = mark.split_once(' ').expect("a mark has a code and words");
            Expected { line, code: code.to_owned(), words: words.trim().to_owned() }
        })
        .collect()
}

/// What is wrong with a case; `None` where the compiler refuses exactly the marked lines for the marked reasons.
fn judge(expected: &[Expected], complaints: &[Complaint]) -> Option<String> {
    if expected.is_empty() {
        return Some("no line is marked".to_owned());
    }
    let is_met =
        |want: &Expected, found: &Complaint| want.line == found.line && want.code == found.code && found.words.contains(&want.words);
    let missing = expected.iter().find(|want| !complaints.iter().any(|found| is_met(want, found)));
    let surplus = complaints.iter().find(|found| !expected.iter().any(|want| is_met(want, found)));
    match (missing, surplus) {
        (_, Some(found)) => Some(format!("line {}: {} was not expected:\n{}", found.line, found.code, found.words)),
        (Some(want), None) => Some(format!("line {}: {} ({}) did not come: the promise is broken", want.line, want.code, want.words)),
        (None, None) => None,
    }
}

#[test]
fn what_breaks_a_promise_does_not_compile() {
    let build = Build::find();
    let cases = cases("cannot");
    assert!(!cases.is_empty(), "there are no cases");
    let judge_one = |case: &PathBuf| judge(&expected(case), &build.complaints(case)).map(|why| format!("{}: {why}", case.display()));
    let mut verdicts = Vec::new();
    for few in cases.chunks(AT_ONCE) {
        verdicts.extend(thread::scope(|scope| {
            let running: Vec<_> = few.iter().map(|case| scope.spawn(move || judge_one(case))).collect();
            running.into_iter().filter_map(|one| one.join().expect("a case is judged")).collect::<Vec<String>>()
        }));
    }
    assert!(verdicts.is_empty(), "{}", verdicts.join("\n"));
}

#[test]
fn what_keeps_the_promises_compiles() {
    let build = Build::find();
    for case in cases("may") {
        let complaints = build.complaints(&case);
        assert!(complaints.is_empty(), "{}: {complaints:?}", case.display());
    }
}

#[test]
fn a_case_fails_when_its_line_is_accepted_or_refused_for_another_reason() {
    let expected = [Expected { line: 3, code: "E0277".to_owned(), words: "Subject".to_owned() }];
    let found = |line, code: &str, words: &str| [Complaint { line, code: code.to_owned(), words: words.to_owned() }];
    assert_eq!(judge(&expected, &found(3, "E0277", "is not a Subject")), None);
    assert!(judge(&expected, &[]).is_some(), "accepted");
    assert!(judge(&expected, &found(3, "E0432", "no Subject")).is_some(), "another code");
    assert!(judge(&expected, &found(4, "E0277", "Subject")).is_some(), "another line");
    assert!(judge(&expected, &found(3, "E0277", "Display")).is_some(), "other words");
    assert!(judge(&[], &[]).is_some(), "nothing marked");
}
