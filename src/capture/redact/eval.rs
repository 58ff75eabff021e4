//! How much the redactor finds in real messages, and how much talk it leaves alone.
//!
//! The marks say which pieces of the corpus's messages are code, log, diff, trace or secret; a person made them by reading.
//! A marked piece of at least 12 characters is gone when it is no substring of the answer; a shorter one when it is no line
//! of the answer. All else are words that should be kept.

use super::{Names, text};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Shorter pieces are in other words by chance.
const PIECE_CHARS_MIN: usize = 12;
/// The least part of the words outside of marks that is kept, in percent.
const WORDS_KEPT_PERCENT_MIN: usize = 90;

/// Marked pieces of one line, as ranges of code points.
type Marks = BTreeMap<usize, Vec<(usize, usize)>>;

/// The marks of each case of a file; cases without code have no ranges.
fn marks(table: &str) -> HashMap<String, Marks> {
    let mut marks: HashMap<String, Marks> = HashMap::new();
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [case, line, from, to, kind] = cells[..] else { panic!("a row of the marks has five cells: {row}") };
        let number = |cell: &str| cell.parse::<usize>().expect("a number");
        let of_case = marks.entry(case.to_owned()).or_default();
        if kind != "none" {
            of_case.entry(number(line)).or_default().push((number(from), number(to)));
        }
    }
    marks
}

/// A message cut along its marks.
#[derive(Default)]
struct Parted {
    marked: Vec<String>,
    words: Vec<String>,
}

fn part(message: &str, marks: &Marks) -> Parted {
    let mut parted = Parted::default();
    for (at, line) in message.split('\n').enumerate() {
        let chars: Vec<char> = line.chars().collect();
        let mut ranges = marks.get(&(at + 1)).cloned().unwrap_or_default();
        ranges.sort_unstable();
        let mut done = 0;
        for (from, to) in ranges {
            parted.words.extend(words(&chars[done..from]));
            parted.marked.push(chars[from..to].iter().collect::<String>().trim().to_owned());
            done = to;
        }
        parted.words.extend(words(&chars[done..]));
    }
    parted.marked.retain(|piece| !piece.is_empty());
    parted
}

/// Words with a letter or a digit; a mention is no word that should be kept.
fn words(chars: &[char]) -> Vec<String> {
    let line: String = chars.iter().collect();
    line.split_whitespace().filter(|word| word.contains(char::is_alphanumeric) && !word.starts_with('@')).map(str::to_owned).collect()
}

fn survives(piece: &str, answer: &str) -> bool {
    if piece.chars().count() >= PIECE_CHARS_MIN { answer.contains(piece) } else { answer.lines().any(|line| line.trim() == piece) }
}

/// Words of `wanted` that are not in `answer`, each as often as it is missing.
fn lost(wanted: &[String], answer: &str) -> Vec<String> {
    let mut there: HashMap<&str, usize> = HashMap::new();
    for word in answer.split_whitespace() {
        *there.entry(word).or_default() += 1;
    }
    let mut lost = Vec::new();
    for word in wanted {
        match there.get_mut(word.as_str()) {
            Some(count) if *count > 0 => *count -= 1,
            _ => lost.push(word.clone()),
        }
    }
    lost
}

/// Checks the redactor against one file of marks; where the corpus or the marks are absent, says so.
fn check_marks(file: &str) {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(home.join("tests/fixtures").join(file));
    let corpus = std::fs::read_to_string(home.join("../shared/corpus/code/code_cases_dev.jsonl"));
    let (Ok(table), Ok(corpus)) = (table, corpus) else {
        println!("skipped: {file} or the corpus is not there");
        return;
    };
    let marks = marks(&table);
    let names = Names::none(|_| "person-0".to_owned());
    let (mut pieces, mut found, mut wanted, mut kept) = (0, 0, 0, 0);
    for line in corpus.lines() {
        let case: serde_json::Value = serde_json::from_str(line).expect("a case is JSON");
        let (id, message) = (case["case"].as_str().expect("an id"), case["text"].as_str().expect("a text"));
        let Some(marks) = marks.get(id) else { continue };
        let parted = part(message, marks);
        let answer = text(message, &names).text;
        for piece in &parted.marked {
            pieces += 1;
            if survives(piece, &answer) {
                println!("{id}: not found: {piece}");
            } else {
                found += 1;
            }
        }
        let lost = lost(&parted.words, &answer);
        if !lost.is_empty() {
            println!("{id}: lost of {} words: {}", parted.words.len(), lost.join(" "));
        }
        wanted += parted.words.len();
        kept += parted.words.len() - lost.len();
    }
    println!("{file}: {found} of {pieces} marked pieces found, {kept} of {wanted} words kept");
    assert!(pieces > 0, "{file} marks nothing in the corpus");
    assert_eq!(found, pieces, "{file}: code was kept");
    assert!(kept * 100 >= wanted * WORDS_KEPT_PERCENT_MIN, "{file}: too much talk was cut");
}

#[test]
fn all_marked_code_of_the_first_half_goes_and_the_talk_around_it_stays() {
    check_marks("code_marks_a.tsv");
}

#[test]
fn all_marked_code_of_the_second_half_goes_and_the_talk_around_it_stays() {
    check_marks("code_marks_b.tsv");
}
