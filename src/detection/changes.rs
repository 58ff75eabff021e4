//! The life of a change as its signals tell it: when it waited for others, and whose it is.
//!
//! A timeline is folded once from all signals and then read at any instant: every answer takes that instant, and depends
//! only on transitions that had occurred by then.

use super::history::Seen;
use super::work_clock::WorkClock;
use crate::base::clock::{Instant, SignedDuration, Window};
use crate::base::id::PersonId;
use crate::signals::{ActorKind, Change, ChangeTransition, Review, ReviewTransition, Signal};

/// One change of a repository.
#[derive(Clone, Debug)]
pub struct Timeline<'a> {
    /// Its number in its repository.
    pub number: &'a str,
    /// The first transition that was seen.
    pub first_at: Instant,
    /// What was told of it, in order of time.
    told: Vec<Seen<'a, Change>>,
    /// The opening, where it was seen; without it neither the author nor the age is known.
    opening: Option<&'a Signal>,
    /// When it was open and ready for review, in order.
    waits: Vec<Wait>,
    /// Its commits, with the time of the first mention.
    commits: Vec<(Instant, &'a str)>,
    /// When people reviewed it, in order of time.
    reviews: Vec<(Instant, PersonId)>,
    life: Life,
    is_draft: bool,
}

/// Where a change stands, while its timeline is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Unknown,
    Open,
    Shut,
}

#[derive(Clone, Copy, Debug)]
struct Wait {
    from: Instant,
    to: Option<Instant>,
}

/// How long a change waited until somebody looked at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PickUp {
    /// When it was first open and ready for review.
    pub ready_at: Instant,
    /// The working time for which it waited until then, or as far as anybody knows.
    pub waited: SignedDuration,
    /// Who looked at it first; `None` where nobody is known to have.
    pub reviewer: Option<PersonId>,
}

impl<'a> Timeline<'a> {
    /// A timeline that begins with the first signal about a change.
    pub(super) const fn beginning(signal: &'a Signal) -> Self {
        Self {
            number: signal.external_id.as_str(),
            first_at: signal.occurred_at,
            told: Vec::new(),
            opening: None,
            waits: Vec::new(),
            commits: Vec::new(),
            reviews: Vec::new(),
            life: Life::Unknown,
            is_draft: false,
        }
    }

    /// Hears the next signal, in order of time.
    pub(super) fn hear(&mut self, seen: Seen<'a, Change>) {
        self.told.push(seen);
    }

    /// Hears a review of it, in order of time. A person's counts; a bot's is none, one whose author nobody knows may be a bot's,
    /// and a dismissal takes one back.
    pub(super) fn hear_review(&mut self, seen: Seen<'a, Review>) {
        let is_one = seen.event.transition != ReviewTransition::Dismissed && seen.signal.actor_kind == ActorKind::Human;
        self.reviews.extend(seen.signal.actor.filter(|_| is_one).map(|who| (seen.at(), who)));
    }

    /// Folds what was heard. A tool's times are whole seconds: what happens at one of them is put into an order in which
    /// it can have happened, so that a change that was closed and reopened within a second ends as open.
    pub(super) fn fold(&mut self) {
        let mut told = std::mem::take(&mut self.told);
        told.dedup_by(|left, right| left.at() == right.at() && left.event == right.event);
        for together in told.chunk_by(|left, right| left.at() == right.at()) {
            let mut left = together.to_vec();
            while !left.is_empty() {
                let next = left.iter().position(|seen| self.can_become(seen.event.transition)).unwrap_or(0);
                let seen = left.remove(next);
                self.take(seen.signal, seen.event);
            }
        }
        self.told = told;
    }

    /// Whether this can happen next to the change as it stands.
    fn can_become(&self, transition: ChangeTransition) -> bool {
        match transition {
            ChangeTransition::Opened | ChangeTransition::OpenedDraft => self.life == Life::Unknown,
            ChangeTransition::Reopened => self.life != Life::Open,
            ChangeTransition::ReadyForReview => self.is_draft,
            ChangeTransition::ConvertedToDraft => !self.is_draft,
            ChangeTransition::Merged | ChangeTransition::Closed => self.life != Life::Shut,
            ChangeTransition::Updated | ChangeTransition::Retitled => true,
        }
    }

    fn take(&mut self, signal: &'a Signal, change: &'a Change) {
        let at = signal.occurred_at;
        if let Some(sha) = change.sha.as_deref() {
            self.commits.push((at, sha));
        }
        match change.transition {
            ChangeTransition::Opened | ChangeTransition::OpenedDraft | ChangeTransition::Reopened => self.life = Life::Open,
            ChangeTransition::Merged | ChangeTransition::Closed => self.life = Life::Shut,
            _ => {}
        }
        match change.transition {
            ChangeTransition::Opened => {
                self.opening.get_or_insert(signal);
                self.is_draft = false;
                self.begin_waiting(at);
            }
            ChangeTransition::OpenedDraft => {
                self.opening.get_or_insert(signal);
                self.is_draft = true;
            }
            ChangeTransition::ReadyForReview => {
                self.is_draft = false;
                self.begin_waiting(at);
            }
            ChangeTransition::Reopened if !self.is_draft => self.begin_waiting(at),
            ChangeTransition::ConvertedToDraft => {
                self.is_draft = true;
                self.stop_waiting(at);
            }
            ChangeTransition::Merged | ChangeTransition::Closed => self.stop_waiting(at),
            ChangeTransition::Reopened | ChangeTransition::Updated | ChangeTransition::Retitled => {}
        }
    }

    fn begin_waiting(&mut self, at: Instant) {
        if self.waits.last().is_none_or(|wait| wait.to.is_some()) {
            self.waits.push(Wait { from: at, to: None });
        }
    }

    fn stop_waiting(&mut self, at: Instant) {
        if let Some(wait) = self.waits.last_mut() {
            wait.to.get_or_insert(at);
        }
    }

    /// The opening, where it was seen by `at`.
    pub fn opening(&self, at: Instant) -> Option<&'a Signal> {
        self.opening.filter(|signal| signal.occurred_at <= at)
    }

    /// The human who opened it, where they are known by `at`.
    pub fn author(&self, at: Instant) -> Option<PersonId> {
        self.opening(at).filter(|signal| signal.actor_kind == ActorKind::Human).and_then(|signal| signal.actor)
    }

    /// Whether it is the work of a bot.
    pub fn is_bots(&self) -> bool {
        self.opening.is_some_and(|signal| signal.actor_kind == ActorKind::Bot)
    }

    /// Whether it was open and ready for review at `at`.
    pub fn is_waiting(&self, at: Instant) -> bool {
        self.waits.iter().any(|wait| wait.from <= at && wait.to.is_none_or(|to| at < to))
    }

    /// For how much working time it has been open and ready by `at`, times as a draft or closed left out; `None` where it
    /// is not waiting then, or nobody saw it being opened.
    pub fn waited(&self, at: Instant, clock: &WorkClock) -> Option<SignedDuration> {
        self.opening(at)?;
        self.is_waiting(at).then(|| self.waited_until(at, clock))
    }

    /// For how much working time it was open and ready in all until `at`.
    fn waited_until(&self, at: Instant, clock: &WorkClock) -> SignedDuration {
        let begun = self.waits.iter().take_while(|wait| wait.from <= at);
        let waited = begun.map(|wait| clock.between(wait.from, wait.to.map_or(at, |to| to.min(at))));
        waited.fold(SignedDuration::ZERO, SignedDuration::saturating_add)
    }

    /// How long it waited until a person who is not its author reviewed it, as far as is known at `at`: a change that nobody
    /// has reviewed has waited until then, or until it was merged or closed; one for which a gap came first, until the gap.
    /// What was said of it while it was a draft, and after its end, ended no waiting. `None` where it was never ready, or
    /// nobody saw it being opened.
    pub fn picked_up(&self, at: Instant, gaps: &[Window], clock: &WorkClock) -> Option<PickUp> {
        self.opening(at)?;
        let ready_at = self.waits.first().map(|wait| wait.from).filter(|ready| *ready <= at)?;
        let author = self.author(at);
        let ends_waiting = |when: Instant| self.waits.iter().any(|wait| wait.from <= when && wait.to.is_none_or(|to| when <= to));
        let by_then = self.reviews.iter().take_while(|(when, _)| *when <= at);
        let review = by_then.copied().find(|(when, who)| Some(*who) != author && ends_waiting(*when));
        let until = review.map_or(at, |(when, _)| when);
        let lost = gaps.iter().filter(|gap| gap.to > ready_at && gap.from < until).map(|gap| gap.from.max(ready_at)).min();
        Some(PickUp {
            ready_at,
            waited: self.waited_until(lost.unwrap_or(until), clock),
            reviewer: review.map(|(_, who)| who).filter(|_| lost.is_none()),
        })
    }

    /// When it was merged by `at`, and the commit that made.
    pub fn merged(&self, at: Instant) -> Option<(Instant, Option<&'a str>)> {
        let mut told = self.told.iter().take_while(|told| told.at() <= at);
        let merged = told.find(|told| told.event.transition == ChangeTransition::Merged)?;
        Some((merged.at(), merged.event.sha.as_deref()))
    }

    /// What it was called last by `at`.
    pub fn title(&self, at: Instant) -> Option<&'a str> {
        self.told.iter().rev().filter(|told| told.at() <= at).find_map(|told| told.event.title.as_deref())
    }

    /// The branch it comes from (of what was captured, the mark of it), as far as it was told by `at`.
    pub fn branch(&self, at: Instant) -> Option<&'a str> {
        self.told.iter().take_while(|told| told.at() <= at).find_map(|told| told.event.branch.as_deref())
    }

    /// Until when anybody knows how it stands, from what was heard of it by `at`: where a gap follows the last of that, nobody
    /// knows what happened in the gap. `None` where no gap follows.
    pub fn known_until(&self, at: Instant, gaps: &[Window]) -> Option<Instant> {
        let last = self.told.iter().rev().map(Seen::at).find(|told| *told <= at)?;
        gaps.iter().filter(|gap| gap.to > last).map(|gap| gap.from.max(last)).min()
    }

    /// The commits mentioned by `at`.
    pub fn commits(&self, at: Instant) -> impl Iterator<Item = (Instant, &'a str)> + '_ {
        self.commits.iter().copied().take_while(move |(mentioned, _)| *mentioned <= at)
    }
}

#[cfg(test)]
mod tests {
    use crate::base::calendar::Calendar;
    use crate::base::clock::{Instant, SignedDuration, Window};
    use crate::base::dial::Dial;
    use crate::detection::history::{History, Scope};
    use crate::detection::tests::story::{REPOSITORY, Story};
    use crate::detection::work_clock::WorkClock;
    use crate::signals::ChangeTransition;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn waited(story: &Story, when: &str) -> Option<SignedDuration> {
        let calendar = Calendar::default();
        let signals = story.signals();
        let history = History::new(&signals, &calendar);
        let clock = WorkClock::new(&calendar, Window::days_before(at(when), 100));
        let view = history.view(at(when), Dial::Quiet);
        let place = REPOSITORY.place();
        view.changes(Scope { connection: None, place: &place }).first().and_then(|change| change.waited(at(when), &clock))
    }

    #[test]
    fn a_draft_does_not_wait_and_time_as_a_draft_is_left_out() {
        // Monday 9:00: opened as a draft; Tuesday 9:00 ready; Wednesday 9:00 a draft again; Thursday 9:00 ready.
        let mut story = Story::starting("2026-03-02T09:00:00Z");
        story.draft("1", 1);
        assert_eq!(waited(&story, "2026-03-03T08:00:00Z"), None);
        story.after_hours(24).ready("1");
        assert_eq!(waited(&story, "2026-03-03T11:00:00Z"), Some(SignedDuration::from_hours(2)));
        story.after_hours(24).back_to_draft("1");
        assert_eq!(waited(&story, "2026-03-04T11:00:00Z"), None);
        story.after_hours(24).ready("1");
        assert_eq!(waited(&story, "2026-03-05T11:00:00Z"), Some(SignedDuration::from_hours(10)));
    }

    #[test]
    fn a_change_that_was_closed_and_opened_again_goes_on_waiting() {
        let mut story = Story::starting("2026-03-02T09:00:00Z");
        story.open("1", 1);
        story.after_hours(4).close("1");
        assert_eq!(waited(&story, "2026-03-02T16:00:00Z"), None);
        story.after_hours(20).reopen("1");
        assert_eq!(waited(&story, "2026-03-03T10:00:00Z"), Some(SignedDuration::from_hours(5)));
    }

    #[test]
    fn a_draft_that_was_closed_and_opened_again_is_a_draft() {
        let mut story = Story::starting("2026-03-02T09:00:00Z");
        story.draft("1", 1).after_hours(1).close("1").after_hours(1).reopen("1");
        assert_eq!(waited(&story, "2026-03-02T16:00:00Z"), None);
        story.after_hours(1).ready("1");
        assert_eq!(waited(&story, "2026-03-02T16:00:00Z"), Some(SignedDuration::from_hours(4)));
    }

    #[test]
    fn what_happens_within_one_second_is_put_into_an_order_that_can_be() {
        let mut closed_and_reopened = Story::starting("2026-03-02T09:00:00Z");
        closed_and_reopened.open("1", 1).after_hours(4).reopen("1").close("1");
        assert_eq!(waited(&closed_and_reopened, "2026-03-03T10:00:00Z"), Some(SignedDuration::from_hours(9)), "it is open");
        closed_and_reopened.after_hours(1).close("1").after_hours(1).reopen("1").close("1");
        assert_eq!(waited(&closed_and_reopened, "2026-03-03T10:00:00Z"), None, "it was closed, and is closed again");

        let mut drafted_and_ready = Story::starting("2026-03-02T09:00:00Z");
        drafted_and_ready.open("1", 1).after_hours(4).ready("1").back_to_draft("1");
        assert_eq!(waited(&drafted_and_ready, "2026-03-02T16:00:00Z"), Some(SignedDuration::from_hours(7)), "it is ready");
        drafted_and_ready.after_hours(1).back_to_draft("1").after_hours(1).ready("1").back_to_draft("1");
        assert_eq!(waited(&drafted_and_ready, "2026-03-02T16:00:00Z"), None, "it was a draft, and is one again");
    }

    #[test]
    fn nobody_knows_what_happened_to_a_change_in_a_gap_until_something_is_heard_of_it_again() {
        let mut story = Story::starting("2026-03-02T09:00:00Z");
        story.open("1", 1).after_hours(48).change("1", ChangeTransition::Updated, None, None);
        let signals = story.signals();
        let calendar = Calendar::default();
        let history = History::new(&signals, &calendar);
        let gaps = |days: &[(&str, &str)]| days.iter().map(|(from, to)| Window { from: at(from), to: at(to) }).collect::<Vec<_>>();
        let known_until = |look: &str, gaps: &[Window]| {
            let place = REPOSITORY.place();
            let scope = Scope { connection: None, place: &place };
            history.view(at(look), Dial::Quiet).changes(scope)[0].known_until(at(look), gaps)
        };
        let one = gaps(&[("2026-03-03T00:00:00Z", "2026-03-03T12:00:00Z")]);
        assert_eq!(known_until("2026-03-04T06:00:00Z", &one), Some(at("2026-03-03T00:00:00Z")));
        assert_eq!(known_until("2026-03-05T06:00:00Z", &one), None, "heard of since");
        let before = gaps(&[("2026-03-01T00:00:00Z", "2026-03-02T09:00:00Z")]);
        assert_eq!(known_until("2026-03-05T06:00:00Z", &before), None, "opened when it was over");
        let around = gaps(&[("2026-03-04T00:00:00Z", "2026-03-05T00:00:00Z")]);
        assert_eq!(known_until("2026-03-06T06:00:00Z", &around), Some(at("2026-03-04T09:00:00Z")), "heard of inside the gap only");
    }

    #[test]
    fn a_change_whose_opening_nobody_saw_has_no_age() {
        let mut story = Story::starting("2026-03-02T09:00:00Z");
        story.reopen("1");
        assert_eq!(waited(&story, "2026-03-03T10:00:00Z"), None);
    }
}
