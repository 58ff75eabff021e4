//! What was brought into production, and what of it failed.
//!
//! A tool tells of *attempts*: one deployment to one environment, with its states. A [`Deploy`] is what a team would count: a
//! commit that was brought into production. So the attempts of one commit within [`TOGETHER`] of the first are one deploy, be
//! they repetitions of one that failed or the same commit going to several production environments; an attempt without a
//! commit is a deploy of its own. An attempt that goes back to a commit which that environment had before is no deploy: it is
//! the end of the one that it takes back. What never said how it ended is not counted.
//!
//! A deploy has failed, once at most, where
//! - one of its attempts reported a failure or an error;
//! - its environment went back to an older commit within [`BLAME`];
//! - a change was taken back by one that was merged within [`BLAME`] of the last deploy that holds it (by the order of times
//!   where the commits tell nothing; where nobody knows what was taken back, of the last deploy before);
//! - an incident names it.
//!
//! A tool that deploys may tell of no changes. Then those of the same repository count that the team hears over another
//! connection ([`View::changes_elsewhere`]): who wrote what was deployed, and what took it back. A change of another connection is not shown as a source.
//!
//! What takes back a taking-back brings something in again and blames nobody. Where nobody listened in between, nobody
//! knows which deploy was the last, and none is blamed; a deploy that was under way while nobody listened is left out.

use super::changes::Timeline;
use super::history::{Scope, Seen, View};
use crate::base::clock::{Instant, SignedDuration, Window};
use crate::base::id::PersonId;
use crate::signals::{DeployTransition, IncidentTransition, Signal, reverted_change};
use std::collections::{BTreeSet, HashMap};

/// How long after a deploy something may be blamed on it.
pub const BLAME: SignedDuration = SignedDuration::from_hours(24);
/// For how long attempts to deploy one commit are one deploy.
pub const TOGETHER: SignedDuration = SignedDuration::from_hours(24);
/// How a title begins that takes back a change: what `git revert` and the button of git hosts write.
const REVERT: &str = "Revert \"";
/// How one begins that brings back what was taken back.
const REAPPLY: &str = "Reapply \"";

/// A commit that was brought into production, or should have been.
#[derive(Clone, Debug)]
pub struct Deploy<'a> {
    /// When it first said how it ended.
    pub at: Instant,
    /// The signal to show for it: the first failure, else the first end.
    pub shown: &'a Signal,
    /// Why it failed, where it did, with what else is to be shown for it.
    pub failure: Option<Failure<'a>>,
    /// Who wrote the changes that it brought, each once. Empty where nobody is known.
    pub authors: Vec<PersonId>,
    sha: Option<&'a str>,
    /// Up to when changes that were merged are in it.
    holds_until: Instant,
    succeeded: bool,
}

/// Why a deploy failed: the first of these that holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Failure<'a> {
    /// An attempt reported a failure or an error.
    Reported,
    /// Its environment went back to an older commit.
    WentBack,
    /// A change of it was taken back by this one.
    Reverted(Option<&'a Signal>),
    /// An incident names it.
    Incident(&'a Signal),
}

/// One deployment to one environment.
#[derive(Clone, Debug)]
struct Attempt<'a> {
    id: &'a str,
    environment: &'a str,
    sha: Option<&'a str>,
    first_at: Instant,
    was_seen_created: bool,
    /// When it first said how it ended.
    ended: Option<&'a Signal>,
    failed: Option<&'a Signal>,
    succeeded: bool,
    /// Which deploy it belongs to; `None` for one that goes back.
    deploy: Option<usize>,
}

/// The deploys of a repository, in order of time, as far as is known at the view's instant.
pub fn deploys<'a>(scope: Scope<'_>, view: &View<'_, 'a>) -> Vec<Deploy<'a>> {
    let gaps = view.unheard(scope);
    let elsewhere = view.changes_elsewhere(scope);
    let merges = Merges::of(view.changes(elsewhere.unwrap_or(scope)), view.at(), elsewhere.is_none());
    let gaps_of_changes: Vec<Window> = gaps.iter().copied().chain(elsewhere.map(|other| view.unheard(other)).unwrap_or_default()).collect();
    let mut attempts = attempts(scope, view, &gaps);
    let mut found = together(&mut attempts, &merges);
    blame_what_went_back(&mut found, &attempts, &gaps);
    blame_reverts(&mut found, &merges, &gaps_of_changes);
    blame_incidents(&mut found, &attempts, scope, view);
    find_authors(&mut found, &merges);
    found
}

impl<'a> Deploy<'a> {
    fn blame(&mut self, failure: Failure<'a>) {
        self.failure.get_or_insert(failure);
    }
}

fn is_heard(gaps: &[Window], from: Instant, to: Instant) -> bool {
    !gaps.iter().any(|gap| gap.from < to && from < gap.to)
}

/// The attempts that ended, in the order in which they did.
fn attempts<'a>(scope: Scope<'_>, view: &View<'_, 'a>, gaps: &[Window]) -> Vec<Attempt<'a>> {
    let mut by_id: HashMap<&str, Attempt<'a>> = HashMap::new();
    for Seen { signal, event } in view.deploys(scope).iter().copied().filter(|seen| view.is_production(seen.event)) {
        let attempt = by_id.entry(&signal.external_id).or_insert(Attempt {
            id: &signal.external_id,
            environment: &event.environment,
            sha: None,
            first_at: signal.occurred_at,
            was_seen_created: event.transition == DeployTransition::Created,
            ended: None,
            failed: None,
            succeeded: false,
            deploy: None,
        });
        attempt.sha = attempt.sha.or(event.sha.as_deref());
        match event.transition {
            DeployTransition::Succeeded => attempt.succeeded = true,
            DeployTransition::Failed => attempt.failed = attempt.failed.or(Some(signal)),
            DeployTransition::Created | DeployTransition::Started | DeployTransition::Retired => continue,
        }
        attempt.ended.get_or_insert(signal);
    }
    let mut attempts: Vec<(Instant, Attempt<'a>)> =
        by_id.into_values().filter_map(|attempt| Some((attempt.ended?.occurred_at, attempt))).collect();
    attempts.retain(|(ended_at, attempt)| {
        // Where its beginning was not seen, it may have begun in a gap that is over.
        let unseen = if attempt.was_seen_created { SignedDuration::ZERO } else { BLAME };
        is_heard(gaps, attempt.first_at.saturating_sub(unseen).unwrap_or(Instant::MIN), *ended_at)
    });
    attempts.sort_by(|(left_at, left), (right_at, right)| (left_at, left.first_at, left.id).cmp(&(right_at, right.first_at, right.id)));
    attempts.into_iter().map(|(_, attempt)| attempt).collect()
}

/// Puts attempts together to deploys; one that goes back belongs to none.
fn together<'a>(attempts: &mut [Attempt<'a>], merges: &Merges<'a>) -> Vec<Deploy<'a>> {
    let mut found: Vec<Deploy<'a>> = Vec::new();
    // In each environment, its commits by the order in which they first came, and the place of the one that came last.
    let mut environments: HashMap<&str, (HashMap<&str, usize>, usize)> = HashMap::new();
    // The last deploy of each commit.
    let mut of_commit: HashMap<&str, usize> = HashMap::new();
    for attempt in attempts {
        let Some(ended) = attempt.ended else { continue };
        if let Some(sha) = attempt.sha {
            let (known, last) = environments.entry(attempt.environment).or_default();
            let next = known.len();
            let place = *known.entry(sha).or_insert(next);
            let goes_back = place < std::mem::replace(last, place);
            if goes_back {
                continue;
            }
        }
        let is_same = |index: &usize| found.get(*index).is_some_and(|deploy| deploy.at.duration_until(ended.occurred_at) < TOGETHER);
        let index = attempt.sha.and_then(|sha| of_commit.get(sha).copied()).filter(is_same).unwrap_or(found.len());
        if index == found.len() {
            of_commit.extend(attempt.sha.map(|sha| (sha, index)));
            let merged_at = attempt.sha.and_then(|sha| merges.by_sha.get(sha).copied());
            found.push(Deploy {
                at: ended.occurred_at,
                shown: attempt.failed.unwrap_or(ended),
                failure: None,
                authors: Vec::new(),
                sha: attempt.sha,
                holds_until: merged_at.unwrap_or(attempt.first_at),
                succeeded: false,
            });
        }
        if let Some(deploy) = found.get_mut(index) {
            deploy.succeeded |= attempt.succeeded;
            if let Some(failed) = attempt.failed {
                if deploy.failure.is_none() {
                    deploy.shown = failed;
                }
                deploy.blame(Failure::Reported);
            }
        }
        attempt.deploy = Some(index);
    }
    found
}

/// An attempt that goes back ends the last deploy of another commit in its environment.
fn blame_what_went_back(found: &mut [Deploy<'_>], attempts: &[Attempt<'_>], gaps: &[Window]) {
    let mut last: HashMap<&str, &Attempt<'_>> = HashMap::new();
    for attempt in attempts {
        let before = last.insert(attempt.environment, attempt).filter(|_| attempt.deploy.is_none());
        let (Some(before), Some(ended)) = (before, attempt.ended) else { continue };
        let (Some(index), Some(before)) = (before.deploy, before.ended) else { continue };
        if before.occurred_at.duration_until(ended.occurred_at) <= BLAME
            && is_heard(gaps, before.occurred_at, ended.occurred_at)
            && let Some(deploy) = found.get_mut(index)
        {
            deploy.blame(Failure::WentBack);
        }
    }
}

fn blame_reverts<'a>(found: &mut [Deploy<'a>], merges: &Merges<'a>, gaps: &[Window]) {
    for revert in &merges.reverts {
        let before = found.partition_point(|deploy| deploy.at <= revert.merged_at);
        let recent = found.get_mut(..before).unwrap_or_default().iter_mut().rev();
        let mut recent = recent.take_while(|deploy| deploy.at.duration_until(revert.merged_at) <= BLAME);
        let holds = |deploy: &&mut Deploy<'_>| revert.takes_back.is_none_or(|merged_at| merged_at <= deploy.holds_until);
        if let Some(deploy) = recent.find(holds)
            && is_heard(gaps, deploy.at, revert.merged_at)
        {
            deploy.blame(Failure::Reverted(revert.shown));
        }
    }
}

fn blame_incidents<'a>(found: &mut [Deploy<'a>], attempts: &[Attempt<'a>], scope: Scope<'_>, view: &View<'_, 'a>) {
    let by_id: HashMap<&str, usize> = attempts.iter().filter_map(|attempt| Some((attempt.id, attempt.deploy?))).collect();
    for Seen { signal, event } in view.incidents(scope) {
        let named = event.deploy.as_deref().filter(|_| event.transition == IncidentTransition::Opened);
        let index = named.and_then(|id| by_id.get(id).copied());
        if let Some(deploy) = index.and_then(|index| found.get_mut(index)) {
            deploy.blame(Failure::Incident(signal));
        }
    }
}

/// Says of each deploy who wrote what it brought: the changes that were merged since the last deploy before it that stayed, and the
/// change whose commit it is.
fn find_authors(found: &mut [Deploy<'_>], merges: &Merges<'_>) {
    // The last deploy that stayed, and the last one of another commit: one of the two is not of the commit of the next.
    let (mut last, mut other): (Option<Stayed<'_>>, Option<Stayed<'_>>) = (None, None);
    for deploy in found {
        let since = [last, other].into_iter().flatten().find(|(sha, _)| *sha != deploy.sha).map(|(_, holds_until)| holds_until);
        deploy.authors = merges.authors_of(deploy.sha, since, deploy.holds_until);
        if deploy.succeeded && deploy.failure != Some(Failure::WentBack) {
            other = if last.is_some_and(|(sha, _)| sha != deploy.sha) { last } else { other };
            last = Some((deploy.sha, deploy.holds_until));
        }
    }
}

/// A deploy that was not taken back: its commit, and up to when changes that were merged are in it.
type Stayed<'a> = (Option<&'a str>, Instant);

/// A change that was merged.
struct Merge {
    merged_at: Instant,
    author: Option<PersonId>,
}

/// A merged change that takes back another.
struct Revert<'a> {
    merged_at: Instant,
    /// When what it takes back was merged, where that is known.
    takes_back: Option<Instant>,
    shown: Option<&'a Signal>,
}

/// What was merged in a repository by an instant.
struct Merges<'a> {
    /// In order of time.
    all: Vec<Merge>,
    /// Which of them hold a commit.
    holding: HashMap<&'a str, Vec<usize>>,
    /// When the commit that a merge made was made.
    by_sha: HashMap<&'a str, Instant>,
    reverts: Vec<Revert<'a>>,
}

impl<'a> Merges<'a> {
    /// `are_sources`: whether a change may be shown for a deploy.
    fn of(changes: &[Timeline<'a>], at: Instant, are_sources: bool) -> Self {
        let mut merged: Vec<(&Timeline<'a>, Instant, Option<&'a str>)> =
            changes.iter().filter_map(|change| change.merged(at).map(|(merged_at, sha)| (change, merged_at, sha))).collect();
        merged.sort_by_key(|(change, merged_at, _)| (*merged_at, change.number));
        let by_number: HashMap<&str, (&Timeline<'a>, Instant)> =
            merged.iter().map(|(change, merged_at, _)| (change.number, (*change, *merged_at))).collect();
        // A title may come again: of several that are called so, the last before is meant.
        let mut by_title: BTreeSet<(&str, Instant)> = BTreeSet::new();
        let mut reverts = Vec::new();
        for (change, merged_at, _) in &merged {
            let title = change.title(at);
            let number = change.branch(at).and_then(reverted_change).map(|number| number.to_string());
            let named = number.as_deref().and_then(|number| by_number.get(number).copied());
            if takes_back(title, named.map(|(other, _)| other), number.is_some(), at) {
                let quoted = title.and_then(|title| title.strip_prefix(REVERT)).map(|rest| rest.strip_suffix('"').unwrap_or(rest));
                let called = quoted.and_then(|quoted| by_title.range((quoted, Instant::MIN)..=(quoted, *merged_at)).next_back());
                reverts.push(Revert {
                    merged_at: *merged_at,
                    takes_back: named.map(|(_, merged_at)| merged_at).or(called.map(|(_, merged_at)| *merged_at)),
                    shown: change.opening(at).filter(|_| are_sources),
                });
            }
            if let Some(title) = title {
                by_title.insert((title, *merged_at));
            }
        }
        let by_sha = merged.iter().filter_map(|(_, merged_at, sha)| sha.map(|sha| (sha, *merged_at))).collect();
        let all = merged.iter().map(|(change, merged_at, _)| Merge { merged_at: *merged_at, author: change.author(at) });
        let mut holding: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, (change, ..)) in merged.iter().enumerate() {
            for (_, sha) in change.commits(at) {
                holding.entry(sha).or_default().push(index);
            }
        }
        Self { all: all.collect(), holding, by_sha, reverts }
    }

    /// Who wrote what a deploy of this commit brought, each once: what was merged after `since` and until `until`, and what holds
    /// the commit. Where that is nothing, or nobody knows since when: what was merged last.
    fn authors_of(&self, sha: Option<&str>, since: Option<Instant>, until: Instant) -> Vec<PersonId> {
        let merged_by = |at: Instant| self.all.partition_point(|merge| merge.merged_at <= at);
        let end = merged_by(until);
        let new = since.map_or(end..end, |since| merged_by(since).min(end)..end);
        let own = sha.and_then(|sha| self.holding.get(sha)).into_iter().flatten().copied();
        let mut brought: BTreeSet<usize> = new.chain(own).collect();
        if brought.is_empty() {
            brought.extend(end.checked_sub(1));
        }
        let authors: BTreeSet<PersonId> = brought.into_iter().filter_map(|index| self.all.get(index)?.author).collect();
        authors.into_iter().collect()
    }
}

/// Whether a change takes back another: by its title, else by its branch and what the change that this one names is itself.
fn takes_back(title: Option<&str>, named: Option<&Timeline<'_>>, has_number: bool, at: Instant) -> bool {
    let title = title.unwrap_or_default();
    if title.starts_with(REAPPLY) {
        return false;
    }
    let depth = leading(title, REVERT);
    if depth > 0 {
        return depth % 2 == 1;
    }
    let names_a_revert = named.and_then(|named| named.title(at)).is_some_and(|title| leading(title, REVERT) % 2 == 1);
    has_number && !names_a_revert
}

/// How often `title` begins with `prefix`, one after the other.
fn leading(title: &str, prefix: &str) -> usize {
    std::iter::successors(title.strip_prefix(prefix), |rest| rest.strip_prefix(prefix)).count()
}
