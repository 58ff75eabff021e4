//! D17 at each of its edges. A topic here is the gauge and its container, of the kind `ci`.

use super::story::{CHANNEL, Story, fired, outcome, person};
use crate::base::calendar::Calendar;
use crate::base::clock::Window;
use crate::base::dial::Dial;
use crate::detection::candidate::{ConversationFacts, Facts};
use crate::detection::conversation_pattern::ConversationPattern;
use crate::detection::conversations::{Conversation, messages, together};
use crate::detection::history::{History, Scope};
use crate::detection::{Detector, Outcome, Withheld};
use crate::prefilter::{self, Line};
use crate::signals::{ActorKind, MessageTransition};
use std::collections::HashSet;

const LOOK: &str = "2026-03-23T06:00:00Z";
/// What three people say when they speak of it: it passes the pre-filter at every stop.
const SAYS: [&str; 3] = [
    "the build is broken again, the gauge container times out",
    "same here, flaky gauge container, I had to restart the build",
    "it slows us down every time, we need a stable gauge container",
];

/// A thread in which these people say these things, beginning at `at`.
fn thread(story: &mut Story, at: &str, people: &[u8], says: &[&str]) {
    story.at(at);
    for (place, (who, words)) in people.iter().zip(says).enumerate() {
        let thread = (place > 0).then_some(at);
        story.words(&if place == 0 { at.to_owned() } else { format!("{at}-{place}") }, *who, thread, words).after_minutes(2);
    }
}

/// A team of eight, and a thread about it by three people on each of these days.
fn on_days(days: &[&str]) -> Story {
    let mut story = Story::starting("2026-03-20T09:00:00Z");
    story.team(8);
    for (n, day) in (0_u8..).zip(days) {
        let who = |turn: u8| (3 * n + turn) % 8 + 1;
        thread(&mut story, &format!("{day}T{}:00:00Z", 10 + n), &[who(0), who(1), who(2)], &SAYS);
    }
    story
}

fn usual() -> Story {
    on_days(&["2026-03-03", "2026-03-10", "2026-03-17"])
}

fn says(story: &Story) -> Outcome {
    outcome(&ConversationPattern, &story.signals(), LOOK.parse().unwrap())
}

fn facts(story: &Story) -> ConversationFacts {
    match fired(&ConversationPattern, story, LOOK).facts {
        Facts::ConversationPattern(facts) => facts,
        other => panic!("{other:?}"),
    }
}

#[test]
fn three_conversations_on_three_days_that_share_words_fire() {
    let facts = facts(&usual());
    assert_eq!((facts.kind.as_str(), facts.conversations, facts.on_days, facts.passed), ("ci", 3, 3, 3));
    assert_eq!(facts.terms[..2], ["container", "gauge"], "those in most messages first");
    assert!(matches!(says(&on_days(&["2026-03-03", "2026-03-10"])), Outcome::Nothing), "two conversations");
    assert!(matches!(says(&on_days(&["2026-03-03", "2026-03-10", "2026-03-10"])), Outcome::Nothing), "two days");
}

#[test]
fn a_conversation_counts_in_the_twenty_one_days_of_its_beginning() {
    assert!(matches!(says(&on_days(&["2026-03-01", "2026-03-10", "2026-03-17"])), Outcome::Nothing));
    assert_eq!(facts(&on_days(&["2026-03-01", "2026-03-03", "2026-03-10", "2026-03-17"])).conversations, 3);
}

#[test]
fn a_thread_that_began_before_the_window_does_not_begin_anew_with_its_answers() {
    let mut story = on_days(&["2026-03-03", "2026-03-10"]);
    // A question of January, of which no text is kept, to which three people come back in March.
    story.at("2026-01-20T10:00:00Z").say("old", 1).at("2026-03-17T10:00:00Z");
    for (who, words) in (1_u8..).zip(SAYS) {
        story.words(&format!("old-{who}"), who, Some("old"), words).after_minutes(2);
    }
    assert!(matches!(says(&story), Outcome::Nothing));
}

#[test]
fn what_does_not_pass_the_filter_is_not_looked_at() {
    let mut story = on_days(&["2026-03-03", "2026-03-10"]);
    thread(&mut story, "2026-03-17T10:00:00Z", &[1, 2, 3], &["the gauge container is green", "nice gauge", "a fine container"]);
    assert!(matches!(says(&story), Outcome::Nothing));
}

#[test]
fn another_kind_or_other_words_are_another_topic() {
    let mut kind = on_days(&["2026-03-03", "2026-03-10"]);
    let release = [
        "the release is delayed, the gauge container",
        "release blocker for weeks, gauge container",
        "rolled back, it costs us, gauge container",
    ];
    thread(&mut kind, "2026-03-17T10:00:00Z", &[1, 2, 3], &release);
    assert!(matches!(says(&kind), Outcome::Nothing));

    let mut words = on_days(&["2026-03-03", "2026-03-10"]);
    let other = SAYS.map(|says| says.replace("gauge container", "payment sandbox"));
    let other: Vec<&str> = other.iter().map(String::as_str).collect();
    thread(&mut words, "2026-03-17T10:00:00Z", &[1, 2, 3], &other);
    let facts = facts(&words);
    assert!(!facts.terms.iter().any(|term| ["gauge", "container", "payment", "sandbox"].contains(&term.as_str())), "{facts:?}");
}

#[test]
fn a_window_is_scored_as_the_command_does() {
    let mut story = Story::starting("2026-03-17T10:00:00Z");
    thread(&mut story, "2026-03-17T10:00:00Z", &[1, 2, 3], &SAYS);
    let signals = story.signals();
    let calendar = Calendar::default();
    let history = History::new(&signals, &calendar);
    let view = history.view(LOOK.parse().unwrap(), Dial::Quiet);
    let place = CHANNEL.place();
    let all = messages(Scope { connection: None, place: &place }, &view, Window::days_before(view.at(), 21));
    let conversations = together(&all);
    let lines: Vec<Line<'_>> = ["ana", "ben", "cleo"].into_iter().zip(SAYS).map(|(author, text)| Line { author, text }).collect();
    assert_eq!(conversations.iter().map(Conversation::score).collect::<Vec<_>>(), [prefilter::score(&lines)]);
}

/// How many messages each conversation has.
fn sizes(story: &Story) -> Vec<usize> {
    let signals = story.signals();
    let calendar = Calendar::default();
    let history = History::new(&signals, &calendar);
    let view = history.view(LOOK.parse().unwrap(), Dial::Quiet);
    let place = CHANNEL.place();
    let all = messages(Scope { connection: None, place: &place }, &view, Window::days_before(view.at(), 21));
    together(&all).iter().map(|conversation| conversation.said.len()).collect()
}

#[test]
fn messages_belong_together_in_a_thread_else_while_no_half_hour_passes() {
    let mut story = Story::starting("2026-03-17T10:00:00Z");
    story.words("a", 1, None, "one").after_minutes(29).words("b", 2, None, "two").after_minutes(30).words("c", 1, None, "three");
    assert_eq!(sizes(&story), [2, 1]);
    story.after_minutes(1).words("c1", 2, Some("c"), "in the thread").after_minutes(1).words("d", 3, None, "beside it");
    assert_eq!(sizes(&story), [2, 2, 1], "a thread stands by itself");
    let mut long = Story::starting("2026-03-17T10:00:00Z");
    for n in 0..30 {
        long.words(&format!("m{n:02}"), 1, None, "on and on").after_minutes(1);
    }
    assert_eq!(sizes(&long), [25, 5], "as many as are read at once");
    for n in 0..30 {
        long.words(&format!("r{n:02}"), 2, Some("m00"), "and on").after_minutes(1);
    }
    assert_eq!(sizes(&long), [25, 25, 4]);
}

#[test]
fn what_was_deleted_what_bots_say_and_what_has_no_text_is_not_read_and_an_edit_counts() {
    let mut story = Story::starting("2026-03-17T10:00:00Z");
    story.words("a", 1, None, "one").words("b", 2, None, "two").words("c", 3, None, "three").say("d", 4).words("e", 5, None, "five");
    story.last().actor_kind = ActorKind::Bot;
    story.after_minutes(1).message("b", 2, None, MessageTransition::Deleted, 0.0);
    assert_eq!(sizes(&story), [2]);

    let mut edited = usual();
    edited.at("2026-03-18T10:00:00Z");
    for (place, id) in ["2026-03-17T12:00:00Z", "2026-03-17T12:00:00Z-1", "2026-03-17T12:00:00Z-2"].into_iter().enumerate() {
        let thread = (place > 0).then_some("2026-03-17T12:00:00Z");
        edited.words(id, u8::try_from(place).unwrap() + 1, thread, "never mind").edited();
    }
    assert!(matches!(says(&edited), Outcome::Nothing));
}

#[test]
fn three_people_must_have_said_it_and_no_one_half_of_it() {
    let by = |people: [[u8; 3]; 3], said: &[&str]| {
        let mut story = Story::starting("2026-03-20T09:00:00Z");
        story.team(8);
        for (day, people) in ["2026-03-03", "2026-03-10", "2026-03-17"].into_iter().zip(people) {
            thread(&mut story, &format!("{day}T10:00:00Z"), &people, said);
        }
        says(&story)
    };
    assert!(matches!(by([[1, 2, 3]; 3], &SAYS), Outcome::Fires(_)));
    assert!(matches!(by([[1, 2, 1]; 3], &SAYS), Outcome::Withheld(Withheld::GroupTooSmall)), "two people");
    // One says it each time, others only stand by: no topic of several.
    let one = ["the build is broken, flaky gauge container slows us down, it times out again", "same here", "me too"];
    assert!(matches!(by([[1, 2, 3], [1, 4, 5], [1, 6, 7]], &one), Outcome::Nothing));
}

#[test]
fn nothing_is_said_of_fewer_than_five_active() {
    let mut signals = usual().signals();
    for signal in &mut signals {
        signal.actor = signal.actor.map(|who| person(who.as_bytes()[0] % 4 + 1));
    }
    assert!(matches!(outcome(&ConversationPattern, &signals, LOOK.parse().unwrap()), Outcome::Withheld(Withheld::GroupTooSmall)));
}

#[test]
fn the_name_of_somebody_who_is_known_is_no_topic() {
    let signals = usual().signals();
    let calendar = Calendar::default();
    let place = CHANNEL.place();
    let terms = |names: &[&str]| {
        let names: HashSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let history = History::new(&signals, &calendar).with_names(names);
        match ConversationPattern.evaluate(Scope { connection: None, place: &place }, &history.view(LOOK.parse().unwrap(), Dial::Quiet)) {
            Outcome::Fires(candidate) => candidate.facts.words().to_vec(),
            other => panic!("{other:?}"),
        }
    };
    assert!(terms(&[]).contains(&"gauge".to_owned()));
    assert!(!terms(&["gauge"]).contains(&"gauge".to_owned()));
}

#[test]
fn a_source_is_a_message_that_holds_a_shared_word_at_least_one_of_each_conversation() {
    let candidate = fired(&ConversationPattern, &usual(), LOOK);
    let days: HashSet<String> = candidate.evidence.iter().map(|source| source.at.to_string()[..10].to_owned()).collect();
    assert_eq!(days.len(), 3);
    assert!(candidate.evidence.iter().all(|source| source.kind == "message"));
}

#[test]
fn the_chart_adds_up_to_what_is_told() {
    let chart = fired(&ConversationPattern, &usual(), LOOK).chart;
    assert_eq!(chart.points.len(), 21);
    assert!(chart.points.is_sorted_by(|left, right| left.value <= right.value));
    assert!((chart.points.last().unwrap().value - 3.0).abs() < 1e-9);
}
