//! What may be told, in which words, and what the gate drops.

use super::gate::cleared::clear;
use super::provider::builtin;
use super::{Dropped, Finding, analyse};
use crate::detection::DETECTORS;
use crate::detection::candidate::{Candidate, Estimate, Facts};
use crate::detection::tests::conformance::candidate;

fn of(id: &str) -> Candidate {
    candidate(crate::detection::detector(id).unwrap())
}

fn finding() -> Finding {
    builtin::word(of("flaky_pipeline"))
}

#[test]
fn every_detectors_pattern_is_worded_and_cleared() {
    for detector in DETECTORS {
        let candidate = candidate(*detector);
        let scope = candidate.scope.to_string();
        let cleared = analyse(candidate, &|_| false).unwrap_or_else(|dropped| panic!("{}: {dropped}", detector.id()));
        let finding = cleared.finding();
        assert!(finding.title.contains(&scope));
        assert!(finding.statement.chars().any(|c| c.is_ascii_digit()), "a statement has its numbers");
        assert!((2..=3).contains(&finding.options.len()));
        assert!(finding.options.iter().all(|option| option.id.starts_with(detector.id())));
    }
}

#[test]
fn the_words_hold_the_detectors_numbers() {
    assert_eq!(
        builtin::word(of("ageing_changes")).statement,
        "10 of 12 open changes (83%) have waited longer than 0.9 working days, an age that 85% of open changes did not pass at the \
         65 working days before. Usually about 2 are open, and none are that old. It has been so for 3 working days running."
    );
    assert_eq!(
        builtin::word(of("change_failures")).statement,
        "In 28 days, 7 of 28 deploys to production failed (25%, between 10% and 49% at 99% confidence): 7 reported a failure. In the \
         90 days before, 0 of 84 did."
    );
    assert_eq!(
        builtin::word(of("flaky_pipeline")).statement,
        "In 14 days, 8 times a workflow failed and then passed on the same commit, in 1 workflow: 100% of 8 completed runs (a rough \
         figure, between 68% and 100%). There were no runs in the weeks before to compare with."
    );
    assert_eq!(
        builtin::word(of("review_pickup")).statement,
        "For 3 weeks, changes have waited longer for their first review than in the 12 weeks before; allowing for chance and drift, \
         about 2.3 times as long (95% interval 1.7 to 3.3). Half of the 30 changes since then had one within 10 working hours; of the \
         120 before, within 2 working hours."
    );
    assert_eq!(
        builtin::word(of("unanswered_questions")).statement,
        "In 14 days, 8 of 8 questions had no answer from anyone else within 2 working days. None of them has one yet. There are too few answers yet to know what is usual here, so the shortest limit is used."
    );
}

#[test]
fn what_conversations_share_is_told_in_their_own_words_and_never_as_a_name() {
    let finding = builtin::word(of("conversation_pattern"));
    assert_eq!(finding.title, "A topic keeps coming back in C0HELP001");
    assert!(
        finding.statement.starts_with(
            "In 21 days, 4 conversations on 4 days came back to the build and its tests. They share the words “container”, “gauge”"
        ),
        "{}",
        finding.statement
    );
    assert_eq!(analyse(of("conversation_pattern"), &|word| word == "gauge").unwrap_err(), Dropped::SpeaksOfAPerson);
    assert!(
        analyse(of("conversation_pattern"), &|word| word == "conversations" || word == "days").is_ok(),
        "a handle that is a word of ours"
    );
    let mut good = of("conversation_pattern");
    if let Facts::ConversationPattern(facts) = &mut good.facts {
        facts.kind = "positive".to_owned();
    }
    assert_eq!(builtin::word(good).title, "Something good keeps coming up in C0HELP001");
}

#[test]
fn a_narrow_interval_is_not_called_rough_and_unseen_answers_are_said() {
    let mut flaky = of("flaky_pipeline");
    if let Facts::FlakyPipeline(facts) = &mut flaky.facts {
        (facts.share, facts.usual_share) = (Estimate { value: 0.2, low: 0.15, high: 0.25 }, Some(0.04));
    }
    let statement = builtin::word(flaky).statement;
    assert!(statement.contains("(95% interval between 15% and 25%). In the weeks before it was 4%."), "{statement}");

    let mut unanswered = of("unanswered_questions");
    if let Facts::UnansweredQuestions(facts) = &mut unanswered.facts {
        facts.answers_may_be_unseen = true;
    }
    let statement = builtin::word(unanswered).statement;
    assert!(statement.ends_with("cannot be seen, so some may have been answered."), "{statement}");
}

#[test]
fn each_reason_of_a_failed_deploy_is_named_where_there_is_one() {
    let mut failures = of("change_failures");
    if let Facts::ChangeFailures(facts) = &mut failures.facts {
        (facts.reported, facts.went_back, facts.reverted, facts.incidents) = (4, 2, 0, 1);
        (facts.usual_deploys, facts.usual_failures, facts.usual_share, facts.limit) = (60, 2, 0.05, 5);
    }
    let finding = builtin::word(failures);
    let because = "): 4 reported a failure, 2 went back to an older version within 24 hours and 1 had an incident. In the 90 days before, 2 of 60 did.";
    assert!(finding.statement.ends_with(because), "{}", finding.statement);
    assert!(finding.why.starts_with("Of as many deploys, 5 failures or more are too many by what was usual here: 5%, "), "{}", finding.why);
    assert!(finding.goes_away.starts_with("It goes away when fewer than 5 of 28 deploys in 28 days fail."), "{}", finding.goes_away);
}

#[test]
fn numbers_are_said_in_plain_and_consistent_words() {
    let mut ageing = of("ageing_changes");
    if let Facts::AgeingChanges(facts) = &mut ageing.facts {
        (facts.line_days, facts.limit) = (1.0, 8.97);
        facts.usual = Estimate { value: 1.0, low: 1.0, high: 1.0 };
    }
    let finding = builtin::word(ageing);
    assert!(finding.statement.contains("have waited longer than 1 working day, an age"), "{}", finding.statement);
    assert!(finding.statement.contains(", and 1 is that old."), "{}", finding.statement);
    assert!(finding.why.starts_with("More than 8 is too many"), "{}", finding.why);
    assert!(finding.goes_away.contains("no more than 8 open changes are older than 1 working day."), "{}", finding.goes_away);

    let mut flaky = of("flaky_pipeline");
    if let Facts::FlakyPipeline(facts) = &mut flaky.facts {
        facts.usual_share = Some(1.0 / 400.0);
    }
    let statement = builtin::word(flaky.clone()).statement;
    assert!(statement.ends_with("In the weeks before it was less than 1%."), "{statement}");
    if let Facts::FlakyPipeline(facts) = &mut flaky.facts {
        facts.usual_share = Some(0.0);
    }
    assert!(builtin::word(flaky).statement.ends_with("In the weeks before it was 0%."));
}

#[test]
fn a_median_that_is_still_to_come_is_not_made_up() {
    let mut pickup = of("review_pickup");
    let Facts::ReviewPickup(facts) = &mut pickup.facts else { panic!("wrong facts") };
    (facts.median_hours, facts.usual_hours, facts.unreviewed, facts.reviews_may_be_unseen) = (None, 1.04, 1, true);
    let statement = builtin::word(pickup.clone()).statement;
    let words = [
        "Fewer than half of the ",
        " have one by now; before, half of ",
        " had one within 1 working hour. 1 of those ",
        " has none yet, or ended without one. Reviews of people who are not part of this cannot be seen, neither now nor before.",
    ];
    for words in words {
        assert!(statement.contains(words), "{statement}");
    }
    let Facts::ReviewPickup(facts) = &mut pickup.facts else { panic!("wrong facts") };
    facts.unreviewed = 7;
    assert!(builtin::word(pickup).statement.contains(" 7 of those "));
}

#[test]
fn a_limit_below_the_fewest_that_are_told_is_not_what_makes_it_go_away() {
    let mut ageing = of("ageing_changes");
    if let Facts::AgeingChanges(facts) = &mut ageing.facts {
        facts.limit = 1.2;
    }
    assert!(builtin::word(ageing).goes_away.contains("no more than 2 open changes"));
}

#[test]
fn without_three_sources_that_open_as_pages_nothing_is_told() {
    let mut two = finding();
    two.candidate.evidence.truncate(2);
    assert_eq!(clear(two, &[]).unwrap_err(), Dropped::Sources);

    let mut same = finding();
    let first = same.candidate.evidence[0].clone();
    same.candidate.evidence = vec![first; 3];
    assert_eq!(clear(same, &[]).unwrap_err(), Dropped::Sources, "one source thrice");

    for url in ["", "javascript:alert(1)", "file:///etc/passwd", "https://a.example/ b"] {
        let mut bad = finding();
        url.clone_into(&mut bad.candidate.evidence[1].url);
        assert_eq!(clear(bad, &[]).unwrap_err(), Dropped::Sources, "{url}");
    }
    let mut many = finding();
    for number in 0..20 {
        let mut source = many.candidate.evidence[0].clone();
        source.id = format!("run:acme/web:more-{number}");
        many.candidate.evidence.push(source);
    }
    assert_eq!(clear(many, &[]).unwrap_err(), Dropped::Sources, "more than twenty");
}

#[test]
fn words_about_one_person_are_dropped_wherever_they_stand() {
    let puts: [fn(&mut Finding); 4] = [
        |finding| finding.title.push_str(" says ana"),
        |finding| finding.statement.push_str(" Ask @ana."),
        |finding| finding.why.push_str(" She was late."),
        |finding| finding.goes_away.push_str(" See ana@example.org."),
    ];
    for put in puts {
        let mut bad = finding();
        put(&mut bad);
        assert_eq!(clear(bad, &["ana"]).unwrap_err(), Dropped::SpeaksOfAPerson);
    }
    assert!(clear(finding(), &["ana", "acme"]).is_ok(), "the scope's own name may be someone's");
}

#[test]
fn words_that_do_not_fit_or_are_not_seen_are_dropped() {
    let puts: [fn(&mut Finding); 5] = [
        |finding| finding.title.clear(),
        |finding| finding.title = "t".repeat(161),
        |finding| finding.statement = "s".repeat(701),
        |finding| finding.statement.push('\u{202E}'),
        |finding| finding.options.clear(),
    ];
    for put in puts {
        let mut bad = finding();
        put(&mut bad);
        assert_eq!(clear(bad, &[]).unwrap_err(), Dropped::Size);
    }
}
