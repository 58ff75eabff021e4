//! D12 at each of its edges. A working day is Monday to Friday, 9 to 17, UTC.

use super::story::{Story, fired, outcome};
use crate::base::clock::SignedDuration;
use crate::detection::candidate::{Facts, UnansweredFacts};
use crate::detection::unanswered_questions::UnansweredQuestions;
use crate::detection::{Outcome, Withheld};
use crate::signals::{ActorKind, MessageTransition};

const LOOK: &str = "2026-03-16T06:00:00Z";
/// A Monday long enough before the look that what was asked then is over.
const JANUARY: &str = "2026-01-05T09:00:00Z";

/// A team of six, and one question of each of `askers`, an hour apart, on Monday a week before the look.
fn questions(askers: &[u8]) -> Story {
    let mut story = Story::starting("2026-03-09T08:00:00Z");
    story.team(6);
    for (number, asker) in askers.iter().enumerate() {
        story.after_hours(1).ask(&format!("q{number}"), *asker);
    }
    story
}

fn says(story: &Story) -> Outcome {
    outcome(&UnansweredQuestions, &story.signals(), LOOK.parse().unwrap())
}

fn facts(story: &Story) -> UnansweredFacts {
    match fired(&UnansweredQuestions, story, LOOK).facts {
        Facts::UnansweredQuestions(facts) => facts,
        other => panic!("{other:?}"),
    }
}

#[test]
fn four_questions_of_three_people_fire() {
    let facts = facts(&questions(&[1, 2, 3, 3]));
    assert_eq!((facts.overdue, facts.still_waiting, facts.due), (4, 4, 4));
    assert!((facts.limit_days - 2.0).abs() < 1e-9 && facts.learned_from.is_none());
    assert!(matches!(says(&questions(&[1, 2, 3])), Outcome::Nothing), "three questions");
    assert!(matches!(says(&questions(&[1, 1, 2, 2])), Outcome::Withheld(Withheld::GroupTooSmall)), "two people");
    assert!(matches!(says(&questions(&[1, 1, 1, 2, 3])), Outcome::Withheld(Withheld::GroupTooSmall)), "one is behind most");
}

#[test]
fn an_answer_within_two_working_days_is_in_time() {
    // q3 was asked on Monday at 12:00, so it is due on Wednesday at 12:00.
    let mut in_time = questions(&[1, 2, 3, 4]);
    in_time.at("2026-03-11T12:00:00Z").reply("a", 5, "q3");
    assert!(matches!(says(&in_time), Outcome::Nothing));

    let mut late = questions(&[1, 2, 3, 4]);
    late.at("2026-03-11T12:00:01Z").reply("a", 5, "q3");
    let facts = facts(&late);
    assert_eq!((facts.overdue, facts.still_waiting), (4, 3), "overdue, and answered since");
}

#[test]
fn only_another_human_answers() {
    let mut own = questions(&[1, 2, 3, 4]);
    own.reply("a", 4, "q3");
    assert_eq!(facts(&own).overdue, 4, "one's own words are no answer");

    let mut bot = questions(&[1, 2, 3, 4]);
    bot.reply("a", 5, "q3").last().actor_kind = ActorKind::Bot;
    assert_eq!(facts(&bot).overdue, 4, "nor are a bot's");

    let mut unknown = questions(&[1, 2, 3, 4]);
    let reply = unknown.reply("a", 5, "q3").last();
    (reply.actor, reply.actor_kind) = (None, ActorKind::Unknown);
    assert!(matches!(says(&unknown), Outcome::Nothing), "someone unnamed is someone else");
}

#[test]
fn an_answer_elsewhere_in_the_channel_is_none() {
    let mut story = questions(&[1, 2, 3, 4]);
    story.say("a", 5);
    story.ask("other", 6).reply("b", 5, "other");
    assert_eq!(facts(&story).overdue, 4);
}

#[test]
fn what_was_deleted_never_was() {
    let mut question = questions(&[1, 2, 3, 4]);
    question.after_hours(1).message("q3", 4, None, MessageTransition::Deleted, 0.0);
    assert!(matches!(says(&question), Outcome::Nothing));

    let mut answer = questions(&[1, 2, 3, 4]);
    answer.reply("a", 5, "q3").after_hours(1).message("a", 5, Some("q3"), MessageTransition::Deleted, 0.0);
    assert_eq!(facts(&answer).overdue, 4);
}

#[test]
fn an_edit_replaces_what_was_said() {
    let mut no_more = questions(&[1, 2, 3, 4]);
    no_more.after_hours(1).message("q3", 4, None, MessageTransition::Edited, 0.0);
    assert!(matches!(says(&no_more), Outcome::Nothing));

    let mut now_one = questions(&[1, 2, 3]);
    now_one.after_hours(1).say("q3", 4).after_hours(1).message("q3", 4, None, MessageTransition::Edited, 1.0);
    assert_eq!(facts(&now_one).overdue, 4);
}

#[test]
fn a_question_inside_a_thread_is_part_of_that_conversation() {
    let mut story = questions(&[1, 2, 3]);
    story.ask("root", 4).reply("a", 5, "root").message("inner", 6, Some("root"), MessageTransition::Posted, 1.0);
    assert!(matches!(says(&story), Outcome::Nothing));

    // A tool that names the first message as its own thread says the same as one that names none.
    let mut own_thread = questions(&[1, 2, 3]);
    own_thread.message("q3", 4, Some("q3"), MessageTransition::Posted, 1.0);
    assert_eq!(facts(&own_thread).overdue, 4);
}

#[test]
fn a_question_counts_in_the_fourteen_days_in_which_it_became_overdue() {
    // Asked on a Wednesday at 14:00, due on Friday at 14:00: 14 days and 16 hours before the look at 6:00.
    let mut too_old = questions(&[1, 2, 3]);
    too_old.at("2026-02-25T14:00:00Z").ask("old", 4);
    assert!(matches!(says(&too_old), Outcome::Nothing));

    // Asked on Thursday at 12:00, due on Monday at 12:00, two weeks before the look.
    let mut old_but_due_inside = questions(&[1, 2, 3]);
    old_but_due_inside.at("2026-02-26T12:00:00Z").ask("old", 4);
    assert_eq!(facts(&old_but_due_inside).overdue, 4, "asked before the window, overdue inside");

    // Asked on Thursday at 10:00: by Monday morning only a day and a half of work has passed.
    let mut not_yet = questions(&[1, 2, 3]);
    not_yet.at("2026-03-12T10:00:00Z").ask("new", 4);
    assert!(matches!(says(&not_yet), Outcome::Nothing));
}

/// So many questions from a Monday on, each answered by someone else after so many working hours.
fn answered(story: &mut Story, count: usize, hours: i64, from: &str) {
    let mut asked: crate::base::clock::Instant = from.parse().unwrap();
    let calendar = crate::base::calendar::Calendar::default();
    for number in 0..count {
        while !calendar.is_working_look(asked) {
            asked += SignedDuration::from_hours(24);
        }
        let question = format!("early-{hours}-{number}");
        story.at_instant(asked).ask(&question, 1);
        // Eight working hours are a day: skip nights, and weekends by asking on Mondays.
        let answered = asked + SignedDuration::from_hours(24 * (hours / 8) + hours % 8);
        story.at_instant(answered).reply(&format!("answer-{hours}-{number}"), 2, &question);
        if number % 5 == 4 {
            asked += SignedDuration::from_hours(24 * 7);
        }
    }
}

#[test]
fn the_limit_is_the_channels_own_where_answers_take_longer() {
    let mut slow = questions(&[1, 2, 3, 4]);
    answered(&mut slow, 20, 28, JANUARY);
    let learned = facts(&slow);
    assert_eq!(learned.learned_from, Some(20));
    assert!((learned.limit_hours - 28.0).abs() < 1e-6, "{}", learned.limit_hours);

    let mut slower = questions(&[1, 2, 3, 4]);
    answered(&mut slower, 20, 39, JANUARY);
    assert!(matches!(says(&slower), Outcome::Nothing), "usual answers take 39 hours: the questions still have time");

    let mut too_few = questions(&[1, 2, 3, 4]);
    answered(&mut too_few, 19, 39, JANUARY);
    assert_eq!(facts(&too_few).learned_from, None, "19 answers teach nothing");
}

#[test]
fn the_limit_is_what_nine_of_ten_answers_keep() {
    let mut mixed = questions(&[1, 2, 3, 4]);
    answered(&mut mixed, 10, 4, "2026-01-05T09:00:00Z");
    answered(&mut mixed, 10, 28, "2026-02-02T09:00:00Z");
    let learned = facts(&mixed);
    assert_eq!(learned.learned_from, Some(20));
    assert!((learned.limit_hours - 28.0).abs() < 1e-6, "{}", learned.limit_hours);
}

#[test]
fn answers_of_more_than_ninety_days_ago_teach_nothing() {
    // Asked from 17 November 2025 on, and answered by 12 December: 94 days before the look.
    let mut old = questions(&[1, 2, 3, 4]);
    answered(&mut old, 20, 28, "2025-11-17T09:00:00Z");
    assert_eq!(facts(&old).learned_from, None);
}

#[test]
fn a_message_whose_posting_was_not_seen_is_no_question() {
    let mut story = questions(&[1, 2, 3]);
    story.after_hours(1).message("q3", 4, None, MessageTransition::Edited, 1.0);
    assert!(matches!(says(&story), Outcome::Nothing), "it may have stood there, answered, for years");
}

#[test]
fn a_message_that_is_edited_into_a_question_was_asked_at_the_edit() {
    // Said on Monday at 13:00, made a question on Thursday at 12:00: due on Monday at 12:00, after the look.
    let mut still_has_time = questions(&[1, 2, 3]);
    still_has_time.after_hours(1).say("q3", 4).at("2026-03-12T12:00:00Z").message("q3", 4, None, MessageTransition::Edited, 1.0);
    assert!(matches!(says(&still_has_time), Outcome::Nothing));

    // What someone wrote below it before it was a question answers nothing; what came after does.
    let mut remark_first = questions(&[1, 2, 3]);
    remark_first.after_hours(1).say("q3", 4).after_hours(1).reply("a", 5, "q3");
    remark_first.after_hours(1).message("q3", 4, None, MessageTransition::Edited, 1.0);
    assert_eq!((facts(&remark_first).overdue, facts(&remark_first).still_waiting), (4, 4));
    remark_first.after_hours(1).reply("b", 5, "q3");
    assert!(matches!(says(&remark_first), Outcome::Nothing));

    // A question that is only put better was asked when it was posted.
    let mut put_better = questions(&[1, 2, 3, 4]);
    put_better.at("2026-03-12T12:00:00Z").message("q3", 4, None, MessageTransition::Edited, 0.9);
    assert_eq!(facts(&put_better).overdue, 4);
}

#[test]
fn the_questions_that_are_counted_beside_the_overdue_ones_are_those_that_were_due() {
    let mut story = questions(&[1, 2, 3, 4]);
    // One answered in time; one asked before the window and due inside it; one asked inside it that still has time.
    story.at("2026-03-10T09:00:00Z").ask("kept", 5).after_hours(1).reply("a", 6, "kept");
    story.at("2026-02-27T12:00:00Z").ask("early", 5);
    story.at("2026-03-13T12:00:00Z").ask("late", 5);
    let facts = facts(&story);
    assert_eq!((facts.overdue, facts.due), (5, 6));
}

#[test]
fn where_someone_stepped_out_the_pattern_says_that_answers_may_be_unseen() {
    use crate::base::{calendar::Calendar, dial::Dial};
    use crate::detection::Detector;
    use crate::detection::history::{History, Scope};
    let signals = questions(&[1, 2, 3, 4]).signals();
    let calendar = Calendar::default();
    let history = History::new(&signals, &calendar).with_someone_stepped_out(true);
    let view = history.view(LOOK.parse().unwrap(), Dial::Quiet);
    let place = super::story::CHANNEL.place();
    let scope = Scope { connection: None, place: &place };
    let Outcome::Fires(candidate) = UnansweredQuestions.evaluate(scope, &view) else { panic!("it should fire") };
    assert!(matches!(candidate.facts, Facts::UnansweredQuestions(facts) if facts.answers_may_be_unseen));
    assert!(!facts(&questions(&[1, 2, 3, 4])).answers_may_be_unseen);
}

#[test]
fn a_question_that_waited_while_nobody_listened_may_have_been_answered() {
    use crate::base::clock::Window;
    use crate::base::{calendar::Calendar, dial::Dial};
    use crate::detection::history::{History, Scope, Unheard};
    use crate::detection::{Detector, Outcome};
    let mut story = questions(&[1, 2, 3, 4]);
    // An answer that came too late, so that the wait of q0 is known although nobody listened after it.
    story.at("2026-03-12T09:00:00Z").reply("a", 5, "q0");
    let signals = story.signals();
    let calendar = Calendar::default();
    let overdue = |from: &str, to: &str| {
        let during = Window { from: from.parse().unwrap(), to: to.parse().unwrap() };
        let history = History::new(&signals, &calendar).with_unheard(vec![Unheard { of: None, during }]);
        let place = super::story::CHANNEL.place();
        match UnansweredQuestions.evaluate(Scope { connection: None, place: &place }, &history.view(LOOK.parse().unwrap(), Dial::Quiet)) {
            Outcome::Fires(candidate) => matches!(candidate.facts, Facts::UnansweredQuestions(facts) if facts.overdue == 4),
            _ => false,
        }
    };
    assert!(overdue("2026-03-02T09:00:00Z", "2026-03-09T08:00:00Z"), "before they were asked");
    assert!(!overdue("2026-03-10T12:00:00Z", "2026-03-10T13:00:00Z"), "in their time");
    assert!(!overdue("2026-03-13T12:00:00Z", "2026-03-13T13:00:00Z"), "since: nobody knows whether three of them still wait");
    assert!(overdue("2026-03-16T06:00:00Z", "2026-03-16T07:00:00Z"), "after the look");
}

#[test]
fn sources_that_nobody_can_open_are_none() {
    let mut signals = questions(&[1, 2, 3, 4]).signals();
    for signal in &mut signals {
        signal.url = None;
    }
    let says = outcome(&UnansweredQuestions, &signals, LOOK.parse().unwrap());
    assert!(matches!(says, Outcome::Withheld(Withheld::TooFewSources)));
}
