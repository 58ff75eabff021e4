//! The canonical event: what any tool can tell us.
//!
//! A [`Signal`] is one transition of one thing (a message was posted, a change was merged, a run completed) at the tool's
//! own time. State is never stored, only transitions, so that any past instant can be evaluated again. There is no field
//! for a body, a diff, a patch, a file or a commit message: what has no place cannot be kept.

pub mod canonical;
pub mod countable;
pub mod place;
pub mod refusal;

use crate::base::clock::Instant;
use crate::base::id::PersonId;
use place::Place;

/// One transition of one thing, redacted.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// The channel or repository it happened in.
    pub place: Place,
    /// The thing's id inside its place, as the tool writes it: a change's number, a run's id, a message's timestamp.
    pub external_id: String,
    /// The tool's own time of this transition.
    pub occurred_at: Instant,
    /// The human behind it, where there is one who did not step out.
    pub actor: Option<PersonId>,
    pub actor_kind: ActorKind,
    /// Where a signed-in member can look at it.
    pub url: Option<String>,
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Message(Message),
    Change(Change),
    Review(Review),
    Run(Run),
    Deploy(Deploy),
    Incident(Incident),
}

/// Declares a closed set of words with one spelling for the wire, the store and the documentation.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as it is stored, printed and documented.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The variant that `word` spells.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What kind of actor stands behind a signal.
    ActorKind {
        Human = "human",
        /// Kept for runs and deploys; never a person, never counted.
        Bot = "bot",
        /// The tool did not say, or the person stepped out and was stripped.
        Unknown = "unknown",
    }
}

words! {
    /// The kind of thing a signal is about.
    SignalKind {
        Message = "message",
        Change = "change",
        Review = "review",
        Run = "run",
        Deploy = "deploy",
        Incident = "incident",
    }
}

words! {
    /// What happened to a message.
    MessageTransition {
        Posted = "posted",
        /// The text was changed; the signal carries the new text.
        Edited = "edited",
        /// The message is gone at its source and from our store.
        Deleted = "deleted",
    }
}

words! {
    /// What happened to a change (a pull request).
    ChangeTransition {
        Opened = "opened",
        /// Opened as a draft: not waiting for anyone yet.
        OpenedDraft = "opened_draft",
        Reopened = "reopened",
        ReadyForReview = "ready_for_review",
        ConvertedToDraft = "converted_to_draft",
        /// New commits were pushed to it; `sha` is its new head.
        Updated = "updated",
        Retitled = "retitled",
        Merged = "merged",
        /// Closed without being merged.
        Closed = "closed",
    }
}

words! {
    /// What happened in a review.
    ReviewTransition {
        Approved = "approved",
        ChangesRequested = "changes_requested",
        Commented = "commented",
        Dismissed = "dismissed",
    }
}

words! {
    /// Where a run stands.
    RunTransition {
        Started = "started",
        Completed = "completed",
    }
}

words! {
    /// How a run ended.
    Conclusion {
        Success = "success",
        Failure = "failure",
        TimedOut = "timed_out",
        Cancelled = "cancelled",
        Skipped = "skipped",
        Neutral = "neutral",
        ActionRequired = "action_required",
        Stale = "stale",
        StartupFailure = "startup_failure",
    }
}

words! {
    /// Where a deployment stands.
    DeployTransition {
        Created = "created",
        Started = "started",
        Succeeded = "succeeded",
        Failed = "failed",
        /// Taken out of service by a later one.
        Retired = "retired",
    }
}

words! {
    /// Where an incident stands.
    IncidentTransition {
        Opened = "opened",
        Resolved = "resolved",
    }
}

/// A message in a channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub transition: MessageTransition,
    /// The id of the thread's first message, where this is an answer.
    pub thread: Option<String>,
    /// The redacted text; `None` once it was deleted or its time is over.
    pub text: Option<String>,
    /// The pre-filter's score of this being a question, 0 to 1; 0 until it was scored.
    pub question: f64,
}

/// A pull request. Its title, times and states; never its body or code.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub transition: ChangeTransition,
    pub title: Option<String>,
    /// The head branch; of what was captured only a keyed mark of it, as in [`Run`] and [`Deploy`].
    pub branch: Option<String>,
    /// The head commit, or for [`ChangeTransition::Merged`] the merge commit.
    pub sha: Option<String>,
}

/// A review of a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    pub transition: ReviewTransition,
    /// The number of the change in the same repository.
    pub change: String,
}

/// One attempt of a workflow run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub transition: RunTransition,
    pub workflow: String,
    pub branch: Option<String>,
    pub sha: Option<String>,
    pub conclusion: Option<Conclusion>,
    /// 1 for the first; a rerun of the same run counts up.
    pub attempt: u32,
    /// The number of the change that was run, where the tool says so.
    pub change: Option<String>,
}

/// A deployment and its states.
#[derive(Clone, Debug, PartialEq)]
pub struct Deploy {
    pub transition: DeployTransition,
    pub environment: String,
    /// Whether the tool itself calls the environment production.
    pub production: Option<bool>,
    pub branch: Option<String>,
    pub sha: Option<String>,
}

/// An incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    pub transition: IncidentTransition,
    pub title: Option<String>,
    /// The id of the deployment in the same place that it came from, where somebody said so.
    pub deploy: Option<String>,
}

/// How git hosts call the branch of a change that takes back another: `revert-<number>-<branch>`. Of what was captured this
/// much of the name is kept.
pub const REVERT_BRANCH: &str = "revert-";

/// The number of the change that a branch takes back.
pub fn reverted_change(branch: &str) -> Option<u64> {
    let (number, _) = branch.strip_prefix(REVERT_BRANCH)?.split_once('-')?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok()).flatten()
}

impl Event {
    pub const fn kind(&self) -> SignalKind {
        match self {
            Self::Message(_) => SignalKind::Message,
            Self::Change(_) => SignalKind::Change,
            Self::Review(_) => SignalKind::Review,
            Self::Run(_) => SignalKind::Run,
            Self::Deploy(_) => SignalKind::Deploy,
            Self::Incident(_) => SignalKind::Incident,
        }
    }

    /// The word of the transition, as it is stored.
    pub const fn transition(&self) -> &'static str {
        match self {
            Self::Message(message) => message.transition.as_str(),
            Self::Change(change) => change.transition.as_str(),
            Self::Review(review) => review.transition.as_str(),
            Self::Run(run) => run.transition.as_str(),
            Self::Deploy(deploy) => deploy.transition.as_str(),
            Self::Incident(incident) => incident.transition.as_str(),
        }
    }
}

impl Signal {
    /// The stable name of the thing this signal is about: `kind:place:external id`, the same in the store, in a backtest
    /// and in a pattern's evidence.
    pub fn key(&self) -> String {
        format!("{}:{}:{}", self.event.kind(), self.place.external_id(), self.external_id)
    }

    /// The same signal without a message's text: what is kept of a message that was edited before it arrived here.
    #[must_use]
    pub fn without_text(&self) -> Self {
        let mut signal = self.clone();
        if let Event::Message(message) = &mut signal.event {
            message.text = None;
        }
        signal
    }
}

#[cfg(test)]
mod tests {
    use super::reverted_change;

    #[test]
    fn only_a_number_says_what_a_branch_takes_back() {
        assert_eq!(reverted_change("revert-12-fix/cart"), Some(12));
        for branch in ["revert-12", "revert-ana-12", "revert--fix", "x-revert-12-y", "revert-+1-x", "main"] {
            assert_eq!(reverted_change(branch), None, "{branch}");
        }
    }
}
