//! The local library of what a team might consider, for each detector. Options, never instructions: people decide.

use crate::analysis::finding::Remedy;
use crate::detection::candidate::Facts;

const AGEING_CHANGES: &[Remedy] = &[
    Remedy {
        id: "ageing_changes.review_hour",
        words: "Agree on a short slot each day in which the oldest open change is looked at first.",
    },
    Remedy {
        id: "ageing_changes.close_or_split",
        words: "Go through the sources together: close what is no longer wanted, and split what is too large to review.",
    },
    Remedy {
        id: "ageing_changes.limit_open",
        words: "Try a limit on how many changes are open at once, so that finishing comes before starting.",
    },
];

const CHANGE_FAILURES: &[Remedy] = &[
    Remedy {
        id: "change_failures.common_cause",
        words: "Go through the failed deploys together and sort them by what let each of them through; close the gap that comes up most.",
    },
    Remedy {
        id: "change_failures.smaller_batches",
        words: "Try smaller and more frequent deploys, so that each brings little that is new and is quickly taken back.",
    },
    Remedy {
        id: "change_failures.step_before_all",
        words: "Agree on a step before everyone is served: a part of the traffic or one site first, with a sign to look at.",
    },
];

const FLAKY_PIPELINE: &[Remedy] = &[
    Remedy {
        id: "flaky_pipeline.quarantine",
        words: "Move the tests that failed and then passed into a job of their own that does not block, with a date to mend them by.",
    },
    Remedy {
        id: "flaky_pipeline.first_cause",
        words: "Open the sources and sort them by cause (timing, shared state, network, machine); mend the most frequent one first.",
    },
    Remedy {
        id: "flaky_pipeline.keep_reruns",
        words: "Agree that starting a run again is noted somewhere, so that the cost of flaky runs can be seen.",
    },
];

const REVIEW_PICKUP: &[Remedy] = &[
    Remedy {
        id: "review_pickup.first_look",
        words: "Agree within which time a change should get a first look, such as one working day, and see together each morning what is past it.",
    },
    Remedy {
        id: "review_pickup.what_kind",
        words: "Go through the sources together: are they larger than before, or about parts that few know? Try smaller changes, or reviewing those in pairs.",
    },
    Remedy {
        id: "review_pickup.rota",
        words: "Try a rota for reviews that changes each day, so that no change has to look for a reviewer.",
    },
];

const UNANSWERED_QUESTIONS: &[Remedy] = &[
    Remedy {
        id: "unanswered_questions.rota",
        words: "Try a rota for this channel: each day one role sees to it that every question gets a first answer.",
    },
    Remedy {
        id: "unanswered_questions.one_place",
        words: "Agree on one place and one form for questions, so that those who can answer find them.",
    },
    Remedy {
        id: "unanswered_questions.write_down",
        words: "Read the sources together and write down the answers that are asked for again and again.",
    },
];

const CONVERSATION_PATTERN: &[Remedy] = &[
    Remedy {
        id: "conversation_pattern.read_together",
        words: "Read the sources together, and write in one sentence what they are about and what each of you would have wished for.",
    },
    Remedy {
        id: "conversation_pattern.one_owner_one_step",
        words: "Agree on the smallest step that would spare you the next such conversation, and on who takes it by when.",
    },
    Remedy {
        id: "conversation_pattern.make_visible",
        words: "Give it one place, such as an issue or a page, so that the next time it comes up there is something to add to.",
    },
];

/// What a team might consider about a pattern with these facts.
pub(super) const fn remedies(facts: &Facts) -> &'static [Remedy] {
    match facts {
        Facts::AgeingChanges(_) => AGEING_CHANGES,
        Facts::ChangeFailures(_) => CHANGE_FAILURES,
        Facts::FlakyPipeline(_) => FLAKY_PIPELINE,
        Facts::ReviewPickup(_) => REVIEW_PICKUP,
        Facts::UnansweredQuestions(_) => UNANSWERED_QUESTIONS,
        Facts::ConversationPattern(_) => CONVERSATION_PATTERN,
    }
}
