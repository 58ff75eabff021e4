//! The default provider: words a pattern from its detector's own numbers. Nothing leaves the machine, nothing is guessed.
//!
//! Never: a person, a title, a text. All that can be said is in [`Facts`] and in the name of the scope; the words that several
//! conversations share are in the first, and the gate looks at them once more.

use super::remedies::remedies;
use crate::analysis::finding::Finding;
use crate::base::subject::{ACTIVE_MEMBERS_MIN, CONTRIBUTORS_MIN};
use crate::detection::candidate::{
    AgeingFacts, Candidate, ChangeFailureFacts, ConversationFacts, Estimate, Facts, FlakyFacts, PickupFacts, UnansweredFacts, number,
};
use crate::detection::{ageing_changes, change_failures, conversation_pattern, flaky_pipeline, review_pickup, unanswered_questions};
use crate::prefilter::Kind;

/// How this provider is called on pages.
const NAME: &str = "builtin";
/// An interval of a share that is wider than this is called rough.
const ROUGH_WIDTH_MIN: f64 = 0.2;

/// The words for a candidate.
pub fn word(candidate: Candidate) -> Finding {
    let scope = candidate.scope.external_id();
    let words = match &candidate.facts {
        Facts::AgeingChanges(facts) => ageing(scope, facts),
        Facts::ChangeFailures(facts) => failures(scope, facts),
        Facts::FlakyPipeline(facts) => flaky(scope, facts),
        Facts::ReviewPickup(facts) => pickup(scope, facts),
        Facts::UnansweredQuestions(facts) => unanswered(scope, facts),
        Facts::ConversationPattern(facts) => conversations(scope, facts),
    };
    let people = format!(
        " We only speak when at least {CONTRIBUTORS_MIN} people of a team of {ACTIVE_MEMBERS_MIN} or more are involved; here {} of {}.",
        candidate.cohort.contributors(),
        candidate.cohort.active()
    );
    Finding {
        title: words.title,
        statement: words.statement,
        why: words.why + &people,
        goes_away: words.goes_away,
        options: remedies(&candidate.facts).to_vec(),
        worded_by: NAME,
        candidate,
    }
}

struct Words {
    title: String,
    statement: String,
    why: String,
    goes_away: String,
}

fn ageing(scope: &str, facts: &AgeingFacts) -> Words {
    let AgeingFacts { older, open, looks, running, .. } = facts;
    let line = working_days(facts.line_days);
    let share = percent(number(*older) / number((*open).max(1)));
    let hedge = if *looks < ageing_changes::LOOKS {
        format!(" Only {looks} earlier working days could be compared, so take this with some care.")
    } else {
        String::new()
    };
    // Counts are whole: what is above the limit is above the whole number below it.
    let most = facts.limit.floor().max(number(ageing_changes::OLDER_MIN - 1));
    Words {
        title: format!("More changes than usual are waiting in {scope}"),
        statement: format!(
            "{older} of {open} open changes ({share}) have waited longer than {line}, an age that 85% of open changes did not pass at \
             the {looks} working days before. Usually about {} open, and {} that old. It has been so for {running} working days running.{hedge}",
            are(facts.usual_open.round()),
            range_are(facts.usual),
        ),
        why: format!(
            "More than {most} is too many by what was usual here; and at least {}, and at least 20% of the open ones, are that old.",
            ageing_changes::OLDER_MIN,
        ),
        goes_away: format!(
            "It goes away when no more than {most} open changes are older than {line}. Drafts, closed and merged changes do not count.",
        ),
    }
}

fn failures(scope: &str, facts: &ChangeFailureFacts) -> Words {
    let ChangeFailureFacts { failures, deploys, limit, days, usual_days, share, .. } = facts;
    let reasons = [
        (facts.reported, "reported a failure"),
        (facts.went_back, "went back to an older version within 24 hours"),
        (facts.reverted, "had a change taken back within 24 hours"),
        (facts.incidents, "had an incident"),
    ];
    let reasons: Vec<String> = reasons.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let before = format!("In the {usual_days} days before, {} of {} did.", facts.usual_failures, facts.usual_deploys);
    Words {
        title: format!("More deploys than usual fail in {scope}"),
        statement: format!(
            "In {days} days, {failures} of {deploys} deploys to production failed ({}, between {} and {} at 99% confidence): {}. {before}",
            percent(share.value),
            percent(share.low),
            percent(share.high),
            listed(&reasons),
        ),
        why: format!(
            "Of as many deploys, {limit} failures or more are too many by what was usual here: {}, which is the share of those days counted \
             together with {} deploys of which {} fail, so that a short time does not pass for certainty.",
            percent(facts.usual_share),
            change_failures::ASSUMED_DEPLOYS,
            change_failures::ASSUMED_FAILURES,
        ),
        goes_away: format!(
            "It goes away when fewer than {limit} of {deploys} deploys in {days} days fail. Each deploy counts once, and one that is repeated \
             within 24 hours is the same deploy.",
        ),
    }
}

fn flaky(scope: &str, facts: &FlakyFacts) -> Words {
    let FlakyFacts { flakes, runs, workflows, days, share, .. } = facts;
    let is_rough = share.high - share.low > ROUGH_WIDTH_MIN;
    let interval = format!("between {} and {}", percent(share.low), percent(share.high));
    let hedge = if is_rough { format!("a rough figure, {interval}") } else { format!("95% interval {interval}") };
    let before = facts.usual_share.map_or_else(
        || " There were no runs in the weeks before to compare with.".to_owned(),
        |usual| format!(" In the weeks before it was {}.", percent(usual)),
    );
    Words {
        title: format!("Runs fail and then pass on the same code in {scope}"),
        statement: format!(
            "In {days} days, {flakes} times a workflow failed and then passed on the same commit, in {}: {} of {runs} completed runs \
             ({hedge}).{before}",
            counted(*workflows, "workflow"),
            percent(share.value),
        ),
        why: format!("There were at least {} such cases in {days} days, and they are 10% of the runs or more.", flaky_pipeline::FLAKES_MIN),
        goes_away: format!(
            "It goes away when fewer than {} such cases, or less than 10% of the runs, fall into {days} days.",
            flaky_pipeline::FLAKES_MIN
        ),
    }
}

fn pickup(scope: &str, facts: &PickupFacts) -> Words {
    let PickupFacts { ratio, weeks, weeks_before, changes, changes_before, .. } = facts;
    let usual = working_hours(facts.usual_hours);
    let halves = facts.median_hours.map_or_else(
        || format!("Fewer than half of the {changes} changes since then have one by now; before, half of {changes_before} had one within {usual}."),
        |median| {
            let median = working_hours(median);
            format!("Half of the {changes} changes since then had one within {median}; of the {changes_before} before, within {usual}.")
        },
    );
    let none = match facts.unreviewed {
        0 => String::new(),
        1 => format!(" 1 of those {changes} has none yet, or ended without one."),
        unreviewed => format!(" {unreviewed} of those {changes} have none yet, or ended without one."),
    };
    let unseen = if facts.reviews_may_be_unseen {
        " Reviews of people who are not part of this cannot be seen, neither now nor before."
    } else {
        ""
    };
    Words {
        title: format!("Changes wait longer for a first review in {scope}"),
        statement: format!(
            "For {}, changes have waited longer for their first review than in the {weeks_before} weeks before; allowing for chance and \
             drift, about {} times as long (95% interval {} to {}). {halves}{none}{unseen}",
            counted(*weeks, "week"),
            decimal(ratio.value),
            decimal(ratio.low),
            decimal(ratio.high),
        ),
        why: format!(
            "The evidence for a longer wait is {}, where at least {} is asked for with {} weeks to look at; and the wait is at least {} \
             times as long. The usual ups and downs from week to week are allowed for.",
            decimal(facts.evidence),
            decimal(facts.evidence_min),
            weeks + weeks_before,
            review_pickup::RATIO_MIN,
        ),
        goes_away: format!(
            "It goes away when changes get a first review about as soon as before, for some weeks. A wait that stays long becomes what \
             is usual here, after {} weeks at most. Drafts do not wait, and a bot’s review is none.",
            review_pickup::WEEKS_MAX,
        ),
    }
}

fn unanswered(scope: &str, facts: &UnansweredFacts) -> Words {
    let UnansweredFacts { overdue, due, days, .. } = facts;
    let limit = working_days(facts.limit_days);
    let still = match facts.still_waiting {
        0 => "All of them have an answer by now.".to_owned(),
        waiting if waiting == *overdue => "None of them has one yet.".to_owned(),
        waiting => format!("{waiting} of them still have none."),
    };
    let basis = facts.learned_from.map_or_else(
        || " There are too few answers yet to know what is usual here, so the shortest limit is used.".to_owned(),
        |replies| format!(" The limit comes from {replies} first answers of the last {} days.", unanswered_questions::REPLY_DAYS),
    );
    let unseen = if facts.answers_may_be_unseen {
        " Answers of people who are not part of this cannot be seen, so some may have been answered."
    } else {
        ""
    };
    Words {
        title: format!("Questions wait for an answer in {scope}"),
        statement: format!(
            "In {days} days, {overdue} of {due} questions had no answer from anyone else within {limit}. {still}{basis}{unseen}"
        ),
        why: format!(
            "There were at least {} such questions of at least {CONTRIBUTORS_MIN} people in {days} days.",
            unanswered_questions::OVERDUE_MIN
        ),
        goes_away: format!(
            "It goes away when fewer than {} questions in {days} days wait longer than the limit for an answer in their thread.",
            unanswered_questions::OVERDUE_MIN
        ),
    }
}

fn conversations(scope: &str, facts: &ConversationFacts) -> Words {
    let ConversationFacts { conversations, on_days, passed, days, .. } = facts;
    let (about, is_good) = match Kind::parse(&facts.kind) {
        Some(Kind::Delivery) => ("work that waits or is late", false),
        Some(Kind::Ci) => ("the build and its tests", false),
        Some(Kind::Release) => ("releases, deploys and outages", false),
        Some(Kind::Ownership) => ("what is unclear or undecided", false),
        Some(Kind::Rework) => ("what broke or was done again", false),
        Some(Kind::Tooling) => ("tools, environments and documentation", false),
        Some(Kind::Knowledge) => ("what is asked again or known to few", false),
        Some(Kind::Process) => ("meetings and ways of working", false),
        Some(Kind::Positive) => ("something that went well", true),
        None => ("one thing", false),
    };
    let terms: Vec<String> = facts.terms.iter().map(|term| format!("“{term}”")).collect();
    let terms = listed(&terms);
    Words {
        title: if is_good { format!("Something good keeps coming up in {scope}") } else { format!("A topic keeps coming back in {scope}") },
        statement: format!(
            "In {days} days, {conversations} conversations on {} came back to {about}. They share the words {terms}. In all, {} that passed \
             the filter on this machine. It goes by words, so read the sources before you judge.",
            counted(*on_days, "day"),
            match passed {
                1 => "1 conversation was found".to_owned(),
                _ => format!("{passed} conversations were found"),
            },
        ),
        why: format!(
            "At least {} conversations of one kind, on at least {} days, share at least {} words that are not common here, and each of those \
             words comes from more than one person.",
            conversation_pattern::CONVERSATIONS_MIN,
            conversation_pattern::DAYS_MIN,
            conversation_pattern::SHARED_MIN,
        ),
        goes_away: format!(
            "It goes away when fewer than {} conversations in {days} days share these words.",
            conversation_pattern::CONVERSATIONS_MIN
        ),
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn working_days(days: f64) -> String {
    match decimal(days).as_str() {
        "1" => "1 working day".to_owned(),
        other => format!("{other} working days"),
    }
}

fn working_hours(hours: f64) -> String {
    match decimal(hours).as_str() {
        "1" => "1 working hour".to_owned(),
        other => format!("{other} working hours"),
    }
}

/// One decimal, and none where it would be a zero.
fn decimal(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// Whole per cent; what is there at all is never called 0%.
fn percent(share: f64) -> String {
    let text = format!("{:.0}%", share * 100.0);
    if text == "0%" && share > 0.0 { "less than 1%".to_owned() } else { text }
}

/// A count with its verb.
fn are(count: f64) -> String {
    let text = decimal(count);
    if text == "1" { "1 is".to_owned() } else { format!("{text} are") }
}

/// A range of counts in words, with its verb: `1 to 3 are`, or the one count where low and high are the same, or `none are`.
fn range_are(estimate: Estimate) -> String {
    let (low, high) = (decimal(estimate.low.floor()), decimal(estimate.high.ceil()));
    match (low == high, low.as_str()) {
        (true, "0") => "none are".to_owned(),
        (true, "1") => "1 is".to_owned(),
        (true, _) => format!("{low} are"),
        (false, _) => format!("{low} to {high} are"),
    }
}
