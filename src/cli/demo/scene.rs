//! What happened, before it is written the way a tool writes it.
//!
//! A [`Scene`] is a whole picture: whatever a delivery says lies in it by value, so that one scene can be rendered alone.

use super::people::{Bot, Who};
use super::places::{RepoRef, RoomRef, WorkflowRef};
use crate::base::clock::Instant;

/// One happening at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Scene {
    pub(super) at: Instant,
    pub(super) what: What,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum What {
    Pull { act: PullAct, change: ChangeNow, by: Account },
    Review { change: ChangeNow, review: ReviewNow },
    ReviewComment { change: ChangeNow, by: Who, id: u64, body: String, hunk: String, path: String },
    Comment { change: ChangeNow, by: Who, id: u64, body: String },
    Push(Push),
    Run(RunNow),
    Deployment(DeploymentNow),
    DeploymentStatus { deployment: DeploymentNow, id: u64, state: &'static str },
    Posted(Said),
    Edited { before: Said, text: String },
    Deleted(Said),
}

/// Whoever acts at the git host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Account {
    Human(Who),
    Bot(&'static Bot),
}

/// What was done to a change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum PullAct {
    Opened,
    ReadyForReview,
    ConvertedToDraft,
    Synchronize { before: String },
    Edited { title_before: String },
    ReviewRequested(Who),
    Closed,
}

/// A pull request as it stood at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ChangeNow {
    pub(super) repo: RepoRef,
    pub(super) number: u64,
    pub(super) author: Account,
    pub(super) title: String,
    pub(super) branch: String,
    pub(super) body: String,
    pub(super) is_draft: bool,
    pub(super) opened_at: Instant,
    pub(super) updated_at: Instant,
    pub(super) head: String,
    pub(super) base: String,
    pub(super) commits: u64,
    pub(super) reviewers: Vec<Who>,
    pub(super) closing: Option<Closing>,
}

/// How a change ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Closing {
    pub(super) at: Instant,
    /// Who merged it, and the commit that made.
    pub(super) merge: Option<(Who, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ReviewNow {
    pub(super) id: u64,
    pub(super) by: Who,
    pub(super) state: &'static str,
    pub(super) body: Option<String>,
    pub(super) at: Instant,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Push {
    pub(super) repo: RepoRef,
    pub(super) branch: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) by: Who,
    pub(super) message: String,
    pub(super) file: String,
}

/// One attempt of a workflow run, completed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct RunNow {
    pub(super) repo: RepoRef,
    pub(super) workflow: WorkflowRef,
    pub(super) id: u64,
    pub(super) number: u64,
    pub(super) attempt: u64,
    pub(super) conclusion: &'static str,
    pub(super) created_at: Instant,
    pub(super) started_at: Instant,
    pub(super) completed_at: Instant,
    pub(super) head: String,
    pub(super) branch: String,
    pub(super) title: String,
    /// The number and base commit of the change that was run; `None` on the main branch.
    pub(super) change: Option<(u64, String)>,
    pub(super) actor: Account,
    /// Who started this attempt.
    pub(super) triggered_by: Account,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct DeploymentNow {
    pub(super) repo: RepoRef,
    pub(super) id: u64,
    pub(super) sha: String,
    pub(super) environment: &'static str,
    pub(super) created_at: Instant,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Said {
    /// To the microsecond: the message's own id.
    pub(super) at: Instant,
    pub(super) room: RoomRef,
    pub(super) speaker: Speaker,
    pub(super) text: String,
    /// The first message of its thread, and who wrote that.
    pub(super) thread: Option<(Instant, Who)>,
    /// The words inside a file that was shared with it.
    pub(super) file: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Speaker {
    Human(Who),
    /// The app that reports builds.
    CiApp,
}

impl Account {
    pub(super) const fn login(self) -> &'static str {
        match self {
            Self::Human(who) => who.login,
            Self::Bot(bot) => bot.login,
        }
    }
}

impl Said {
    /// A message of its own, outside any thread.
    pub(super) fn new(at: Instant, room: RoomRef, by: Who, text: impl Into<String>) -> Self {
        Self { at, room, speaker: Speaker::Human(by), text: text.into(), thread: None, file: None }
    }
}
