//! A look at a place in which very much happens ends while somebody waits for it.
//!
//! The limit is far above what each takes (a second or two, unoptimised), and far below what it took when the work grew with the
//! square of what happened (minutes).

use super::story::{Story, outcome};
use crate::base::clock::{Instant, Stopwatch};
use crate::detection::conversation_pattern::ConversationPattern;
use crate::detection::{DETECTORS, Detector, ScopeKind};
use crate::signals::{Conclusion, DeployTransition, Signal};
use std::time::Duration;

const LOOK: &str = "2026-03-23T06:00:00Z";
const LIMIT: Duration = Duration::from_secs(20);

fn looks_in_time(detector: &dyn Detector, signals: &[Signal]) {
    let watch = Stopwatch::start();
    outcome(detector, signals, LOOK.parse().unwrap());
    let took = watch.elapsed();
    assert!(took < LIMIT, "{}: {took:?} for {} signals", detector.id(), signals.len());
}

#[test]
fn a_busy_repository_is_looked_at_in_time() {
    let end: Instant = LOOK.parse().unwrap();
    let mut story = Story::starting("2025-02-20T00:00:00Z");
    let mut number = 0_u32;
    while story.now() < end {
        let (id, sha) = (format!("{number}"), format!("merge-{number}"));
        story.open(&id, u8::try_from(number % 8).unwrap() + 1).after_minutes(20).review(&id, u8::try_from((number + 1) % 8).unwrap() + 1);
        story.run(&id, &format!("head-{number}"), 1, Conclusion::Success).merge(&id).after_minutes(10);
        if number.is_multiple_of(2) {
            let ends = if number.is_multiple_of(50) { DeployTransition::Failed } else { DeployTransition::Succeeded };
            story.deploy(&id, &sha, DeployTransition::Created).deploy(&id, &sha, ends).incident(&format!("i{number}"), Some(&id));
        }
        number += 1;
    }
    let signals = story.signals();
    for detector in DETECTORS.iter().filter(|detector| detector.about().scopes == ScopeKind::Repositories) {
        looks_in_time(*detector, &signals);
    }
}

#[test]
fn a_busy_channel_is_looked_at_in_time() {
    const VOCABULARY: u32 = 300;
    let word = |n: u32| {
        let letter = |n: u32| char::from(b'a' + u8::try_from(n % 26).unwrap());
        format!("zq{}{}{}o", letter(n / 676), letter(n / 26), letter(n))
    };
    let mut story = Story::starting("2026-03-03T00:00:00Z");
    let mut next = 0_u32;
    for conversation in 0..40 {
        for turn in 0..8_u8 {
            let root = format!("c{conversation}");
            let (id, thread) = if turn == 0 { (root.clone(), None) } else { (format!("{root}-{turn}"), Some(root.as_str())) };
            let words: Vec<String> = (0..20)
                .map(|_| {
                    next = next.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    word((next >> 8) % VOCABULARY)
                })
                .collect();
            story.words(&id, turn % 8 + 1, thread, &format!("the build is broken again, flaky: {}", words.join(" ")));
        }
        story.after_minutes(600);
    }
    looks_in_time(&ConversationPattern, &story.signals());
}
