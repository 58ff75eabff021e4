//! How many messages a second one core scores: `cargo bench --bench prefilter`.
//!
//! Never asserts: a machine's load is no defect of the code. Reads the chat corpus beside the project, and where that is
//! absent a few sentences of its own.

#![expect(clippy::print_stdout, reason = "its figures are what it is run for")]

use serde::Deserialize;
use smartretro::prefilter::{Line, WINDOW_LINES_MAX, question, score};
use std::fs;
use std::hint::black_box;
use std::time::Instant;

/// Messages that each measurement reads at least, so that it lasts about a second.
const MESSAGES_MIN: usize = 200_000;

fn main() {
    let messages = messages();
    let bytes: usize = messages.iter().map(|(_, text)| text.len()).sum();
    println!("{} messages of {} bytes on average", messages.len(), bytes / messages.len());
    let lines: Vec<Line<'_>> = messages.iter().map(|(author, text)| Line { author, text }).collect();
    measure("score, windows of 25", &lines, |lines| {
        for window in lines.chunks(WINDOW_LINES_MAX) {
            black_box(score(window));
        }
    });
    measure("score, one message each", &lines, |lines| {
        for window in lines.chunks(1) {
            black_box(score(window));
        }
    });
    measure("question", &lines, |lines| {
        for line in lines {
            black_box(question(line.text));
        }
    });
}

fn measure(what: &str, lines: &[Line<'_>], run: impl Fn(&[Line<'_>])) {
    run(lines.get(..WINDOW_LINES_MAX).unwrap_or(lines));
    let rounds = MESSAGES_MIN.div_ceil(lines.len());
    let start = Instant::now();
    for _ in 0..rounds {
        run(black_box(lines));
    }
    let messages = u128::try_from(rounds * lines.len()).unwrap_or(0);
    println!("{what}: {} messages a second", messages * 1_000_000 / start.elapsed().as_micros().max(1));
}

#[derive(Deserialize)]
struct Conversation {
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    user: String,
    text: String,
}

fn messages() -> Vec<(String, String)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus/chat/pool_dev_unlabelled.jsonl");
    let Ok(text) = fs::read_to_string(path) else {
        println!("no chat corpus beside the project: sentences of our own");
        let own = ["CI is red again, same job as yesterday", "has anyone looked at the review of 42?", "thanks, that worked"];
        return own.iter().cycle().take(300).map(|text| ("a".to_owned(), (*text).to_owned())).collect();
    };
    let conversations = text.lines().filter_map(|line| serde_json::from_str::<Conversation>(line).ok());
    conversations.flat_map(|one| one.messages).map(|message| (message.user, message.text)).collect()
}
