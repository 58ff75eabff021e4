//! One change: its plan, how it stands at any instant, and the scenes it makes.

use crate::base::clock::Instant;
use crate::cli::demo::calendar::later;
use crate::cli::demo::people::Who;
use crate::cli::demo::places::RepoRef;
use crate::cli::demo::scene::{Account, ChangeNow, Closing, PullAct, ReviewNow, Scene, What};
use crate::cli::demo::splitmix::Key;

/// The plan of one change.
pub(super) struct Change {
    pub(super) key: Key,
    pub(super) repo: RepoRef,
    pub(super) number: u64,
    pub(super) author: Account,
    pub(super) title: String,
    pub(super) branch: String,
    pub(super) body: String,
    pub(super) base: String,
    pub(super) opened_at: Instant,
    /// The first title and when it gave way to [`Change::title`].
    pub(super) retitled: Option<(String, Instant)>,
    /// From when to when it is a draft.
    pub(super) draft: Option<(Instant, Instant)>,
    /// What was pushed; the first when the change was opened.
    pub(super) heads: Vec<Head>,
    pub(super) reviews: Vec<ReviewNow>,
    /// Who is asked for a review when the change is opened.
    pub(super) asked: Option<Who>,
    pub(super) closing: Option<Closing>,
}

/// A commit that was pushed to a change.
pub(super) struct Head {
    pub(super) sha: String,
    pub(super) at: Instant,
    /// Whether its tests pass.
    pub(super) is_good: bool,
}

impl Change {
    /// How the change stands at `at`.
    pub(super) fn as_of(&self, at: Instant) -> ChangeNow {
        let heads: Vec<&Head> = self.heads.iter().filter(|head| head.at <= at).collect();
        let is_untouched = |until: Instant| at < until;
        ChangeNow {
            repo: self.repo,
            number: self.number,
            author: self.author,
            title: match &self.retitled {
                Some((first, until)) if is_untouched(*until) => first.clone(),
                _ => self.title.clone(),
            },
            branch: self.branch.clone(),
            body: self.body.clone(),
            is_draft: self.draft.is_some_and(|(from, to)| from <= at && at < to),
            opened_at: self.opened_at,
            updated_at: at,
            head: heads.last().map(|head| head.sha.clone()).unwrap_or_default(),
            base: self.base.clone(),
            commits: heads.len() as u64,
            reviewers: self.asked.filter(|_| self.reviews.iter().all(|review| at < review.at)).into_iter().collect(),
            closing: self.closing.clone().filter(|closing| closing.at <= at),
        }
    }

    /// When it was merged, and the commit that made.
    pub(super) fn merged(&self) -> Option<(Instant, Who, &str)> {
        let closing = self.closing.as_ref()?;
        closing.merge.as_ref().map(|(who, sha)| (closing.at, *who, sha.as_str()))
    }

    /// The scenes of this change, but for its runs.
    pub(super) fn scenes(&self) -> Vec<Scene> {
        let mut acts = vec![(self.opened_at, PullAct::Opened, self.author)];
        acts.extend(self.asked.map(|who| (later(self.opened_at, 2), PullAct::ReviewRequested(who), self.author)));
        if let Some((from, to)) = self.draft {
            acts.extend((from > self.opened_at).then_some((from, PullAct::ConvertedToDraft, self.author)));
            acts.push((to, PullAct::ReadyForReview, self.author));
        }
        for (before, head) in self.heads.iter().zip(self.heads.iter().skip(1)) {
            acts.push((head.at, PullAct::Synchronize { before: before.sha.clone() }, self.author));
        }
        if let Some((first, at)) = &self.retitled {
            acts.push((*at, PullAct::Edited { title_before: first.clone() }, self.author));
        }
        if let Some(closing) = &self.closing {
            let by = closing.merge.as_ref().map_or(self.author, |(who, _)| Account::Human(who));
            acts.push((closing.at, PullAct::Closed, by));
        }
        let acts = acts.into_iter().map(|(at, act, by)| Scene { at, what: What::Pull { act, change: self.as_of(at), by } });
        let reviews = self.reviews.iter().map(|review| {
            let change = self.as_of(review.at);
            Scene { at: review.at, what: What::Review { change, review: review.clone() } }
        });
        acts.chain(reviews).collect()
    }
}
