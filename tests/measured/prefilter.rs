//! How good the scorer is on conversations that people labelled.
//!
//! Never holds a word of them: the corpus lies beside the project, and where it is absent the measurements say 'skipped'.
//! The corpus is split in two by a hash of the conversation's id. Words and weights were chosen while reading one half and
//! never the other, whose figures are the ones to believe. Its totals were in view when the thresholds were set, so they
//! flatter a little: the half that was read flatters a lot.

use crate::corpus::read;
use serde_json::Value;
use smartretro::base::dial::Dial;
use smartretro::crypto::hash::sha256;
use smartretro::prefilter::{Line, QUESTION_MIN, question, score};
use std::collections::HashMap;

/// The messages that were labelled by hand: conversation, position of the message in it, whether it is a question.
const QUESTIONS: &str = include_str!("../fixtures/questions.tsv");

struct Conversation {
    id: String,
    messages: Vec<(String, String)>,
}

impl Conversation {
    fn lines(&self) -> Vec<Line<'_>> {
        self.messages.iter().map(|(author, text)| Line { author, text }).collect()
    }
}

/// How often the scorer said yes, and how often it was right to.
#[derive(Default)]
struct Tally {
    hits: u32,
    false_alarms: u32,
    misses: u32,
}

impl Tally {
    fn add(&mut self, is_so: bool, was_said: bool) {
        match (is_so, was_said) {
            (true, true) => self.hits += 1,
            (false, true) => self.false_alarms += 1,
            (true, false) => self.misses += 1,
            (false, false) => {}
        }
    }

    fn precision(&self) -> f64 {
        f64::from(self.hits) / f64::from((self.hits + self.false_alarms).max(1))
    }

    fn recall(&self) -> f64 {
        f64::from(self.hits) / f64::from((self.hits + self.misses).max(1))
    }

    fn print(&self, what: &str) {
        let Self { hits, false_alarms, misses } = self;
        let (said, so) = (hits + false_alarms, hits + misses);
        println!("{what}: precision {:.2} ({hits} of {said}), recall {:.2} ({hits} of {so})", self.precision(), self.recall());
    }
}

/// One row of `labels_dev.tsv`.
struct Label {
    is_worth_it: bool,
    /// As the readers wrote it: `build/CI/test pain`, `unclear ownership/decision/requirements`.
    kind: String,
    is_borderline: bool,
}

fn corpus(file: &str) -> Option<String> {
    read(&format!("chat/{file}"))
}

fn conversations(file: &str) -> Option<Vec<Conversation>> {
    Some(corpus(file)?.lines().map(conversation).collect())
}

fn conversation(line: &str) -> Conversation {
    let value: Value = serde_json::from_str(line).expect("a line of the corpus is JSON");
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let messages = value["messages"].as_array().expect("messages").iter().map(|m| (word(&m["user"]), word(&m["text"]))).collect();
    Conversation { id: word(&value["id"]), messages }
}

fn labels() -> Option<HashMap<String, Label>> {
    let rows = corpus("labels_dev.tsv")?;
    let rows = rows.lines().skip(1).map(|row| row.split('\t').collect::<Vec<_>>());
    Some(
        rows.map(|row| {
            (row[2].to_owned(), Label { is_worth_it: row[3] == "yes", kind: row[4].to_lowercase(), is_borderline: row[6] == "1" })
        })
        .collect(),
    )
}

/// Whether an item belongs to the half that was never read while words and weights were chosen.
fn is_unseen(id: &str) -> bool {
    sha256(id.as_bytes())[0] & 1 == 1
}

#[test]
fn conversations_pass_as_rightly_and_as_often_as_the_dial_says() {
    let (Some(conversations), Some(labels)) = (conversations("conversations_dev.jsonl"), labels()) else { return };
    for (dial, precision_min, recall_min) in [(Dial::Quiet, 0.55, 0.30), (Dial::Normal, 0.55, 0.50), (Dial::Verbose, 0.45, 0.75)] {
        let (mut read, mut unseen, mut unseen_clear) = (Tally::default(), Tally::default(), Tally::default());
        for conversation in &conversations {
            let label = &labels[&conversation.id];
            let passes = score(&conversation.lines()).passes(dial);
            let half = if is_unseen(&conversation.id) { &mut unseen } else { &mut read };
            half.add(label.is_worth_it, passes);
            if is_unseen(&conversation.id) && !label.is_borderline {
                unseen_clear.add(label.is_worth_it, passes);
            }
        }
        read.print(&format!("{dial}, the half that was read"));
        unseen.print(&format!("{dial}, the other half"));
        unseen_clear.print(&format!("{dial}, the other half without borderline cases"));
        assert!(unseen.precision() >= precision_min, "{dial}: precision {:.2}", unseen.precision());
        assert!(unseen.recall() >= recall_min, "{dial}: recall {:.2}", unseen.recall());
    }
}

#[test]
fn the_words_name_the_kind_that_people_named_more_often_than_by_chance() {
    let (Some(conversations), Some(labels)) = (conversations("conversations_dev.jsonl"), labels()) else { return };
    let (mut right, mut all) = ([0, 0], [0, 0]);
    for conversation in conversations.iter().filter(|conversation| labels[&conversation.id].is_worth_it) {
        let half = usize::from(is_unseen(&conversation.id));
        let kind = score(&conversation.lines()).kinds().largest();
        all[half] += 1;
        right[half] += i32::from(kind.is_some_and(|kind| labels[&conversation.id].kind.contains(kind.as_str())));
    }
    println!("kind: right for {} of {} in the half that was read, for {} of {} in the other", right[0], all[0], right[1], all[1]);
    assert!(right[1] * 4 >= all[1], "right for {} of {}; the most frequent kind alone is right for one in four", right[1], all[1]);
}

#[test]
fn messages_count_as_questions_where_a_reader_says_so() {
    let (Some(mut all), Some(pool)) = (conversations("conversations_dev.jsonl"), conversations("pool_dev_unlabelled.jsonl")) else {
        return;
    };
    all.extend(pool);
    let by_id: HashMap<&str, &Conversation> = all.iter().map(|conversation| (conversation.id.as_str(), conversation)).collect();
    let (mut read, mut unseen) = (Tally::default(), Tally::default());
    for row in QUESTIONS.lines().filter(|row| !row.starts_with("# ")) {
        let [id, position, label] = row.split('\t').collect::<Vec<_>>().try_into().expect("three columns");
        let position: usize = position.parse().expect("a position");
        let said = question(&by_id[id].messages[position].1) >= QUESTION_MIN;
        let half = if is_unseen(&format!("{id}:{position}")) { &mut unseen } else { &mut read };
        half.add(label == "y", said);
    }
    read.print("questions, the half that was read");
    unseen.print("questions, the other half");
    assert!(unseen.precision() >= 0.80, "precision {:.2}", unseen.precision());
    assert!(unseen.recall() >= 0.75, "recall {:.2}", unseen.recall());
}

#[test]
fn most_conversations_stop_at_the_scorer() {
    let Some(pool) = conversations("pool_dev_unlabelled.jsonl") else { return };
    for (dial, percent_max) in [(Dial::Quiet, 15), (Dial::Normal, 30), (Dial::Verbose, 50)] {
        let passed = pool.iter().filter(|conversation| score(&conversation.lines()).passes(dial)).count();
        println!("{dial}: {passed} of {} unlabelled conversations pass", pool.len());
        assert!(passed * 100 <= percent_max * pool.len(), "{dial}: {passed} of {} pass", pool.len());
    }
}
