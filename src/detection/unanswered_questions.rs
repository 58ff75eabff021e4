//! D12: questions in a channel that nobody else answered in time.
//!
//! - A question is a message whose score as a question reaches the pre-filter's threshold. Only a thread's first message
//!   is one: a question inside a conversation that goes on needs its text to be told from the end of that conversation.
//!   A message whose posting was not seen is none: nobody knows how long it stood there, or what was answered.
//! - It is answered when another human writes in its thread. Someone whom the tool does not name counts as another human:
//!   better one pattern too few. (Connectors without threads, for which an answer in the channel within 60 minutes counts,
//!   do not exist yet.)
//! - It is overdue when no answer has come within two working days, or within the 90th percentile of the channel's first
//!   replies of 90 days where that is longer and there were at least 20 of them. All of that is working time.
//! - It counts in the window in which it became overdue, even if an answer came later. Of 14 days it fires at 4 questions
//!   of 3 people.
//! - Where nobody listened while a question waited (its source was off, or the appliance down), it is left out: it may have
//!   been answered then. That a channel is silent says nothing: unanswered questions are silence.
//! - An edit replaces what was said before it: a message that is edited into a question was asked at that edit. What is
//!   deleted by the instant of the look never was.
//!
//! The numbers are absolute and the same at every stop of the dial; the limit itself is the channel's own.

use super::candidate::{Candidate, Chart, Facts, Parameter, Point, UnansweredFacts, Unit, number};
use super::foresight::Least;
use super::history::{Scope, View};
use super::sample::{Item, balanced};
use super::stats::quantile;
use super::work_clock::{WorkClock, hours};
use super::{About, Cadence, Detector, Outcome, ScopeKind, Withheld};
use crate::base::clock::{Instant, SignedDuration, Window};
use crate::base::id::PersonId;
use crate::base::subject::Cohort;
use crate::prefilter::QUESTION_MIN;
use crate::signals::countable::Countable;
use crate::signals::{ActorKind, MessageTransition, Signal};
use std::collections::HashMap;

/// The days of the window.
pub const WINDOW_DAYS: i64 = 14;
/// Fewest overdue questions.
pub const OVERDUE_MIN: usize = 4;
/// The least time after which a question is overdue, in working days.
pub const LIMIT_DAYS_MIN: i32 = 2;
/// The days whose first replies say how long answers take in this channel.
pub const REPLY_DAYS: i64 = 90;
/// Fewest first replies to learn that from.
pub const REPLIES_MIN: usize = 20;
/// The quantile of first replies that a question may take.
pub const REPLY_QUANTILE: f64 = 0.9;
/// The points of the chart: a quarter of weeks.
const CHART_WEEKS: i64 = 13;

/// The detector.
#[derive(Clone, Copy, Debug)]
pub struct UnansweredQuestions;

/// A question that stands at the look.
#[derive(Clone, Copy, Debug)]
struct Question<'a> {
    posted: &'a Signal,
    /// When it was posted, or edited into a question.
    asked_at: Instant,
    answered_at: Option<Instant>,
}

/// A message as it stands at the look.
#[derive(Clone, Copy, Debug)]
struct Standing<'a> {
    first: &'a Signal,
    was_seen_posted: bool,
    thread: Option<&'a str>,
    /// Since when it has been a question, where it is one.
    asked_at: Option<Instant>,
    is_deleted: bool,
}

/// After how much working time a question is overdue.
#[derive(Clone, Copy, Debug)]
struct Limit {
    worked: SignedDuration,
    learned_from: Option<usize>,
}

impl Detector for UnansweredQuestions {
    fn about(&self) -> About {
        About {
            id: "unanswered_questions",
            number: "D12",
            version: 2,
            cadence: Cadence::WorkingDays,
            scopes: ScopeKind::Channels,
            least: Least { of: Countable::Question, at_least: OVERDUE_MIN as u64, in_days: WINDOW_DAYS, history_days: 0 },
        }
    }

    fn evaluate(&self, scope: Scope<'_>, view: &View<'_, '_>) -> Outcome {
        let questions = questions(scope, view);
        let limit = limit(&questions, view);
        let due: Vec<(Instant, &Question<'_>)> =
            questions.iter().filter_map(|question| Some((question.due_at(limit, view.clock())?, question))).collect();
        let overdue: Vec<(Instant, &Question<'_>)> = due.iter().filter(|(due, question)| question.is_late(*due)).copied().collect();
        let window = Window::days_before(view.at(), WINDOW_DAYS);
        let now: Vec<&Question<'_>> =
            overdue.iter().filter(|(became, _)| window.contains(*became)).map(|(_, question)| *question).collect();
        if now.len() < OVERDUE_MIN {
            return Outcome::Nothing;
        }
        let items: Vec<Item<'_>> = now.iter().rev().map(|question| Item { signal: question.posted, person: question.asker() }).collect();
        let Some(cohort) = Cohort::of(view.active_members(), items.iter().map(|item| item.person)) else {
            return Outcome::Withheld(Withheld::GroupTooSmall);
        };
        let Some(sources) = balanced(&items) else {
            return Outcome::Withheld(Withheld::TooFewSources);
        };
        Outcome::Fires(Box::new(Candidate {
            detector: self.id(),
            number: self.about().number,
            version: self.about().version,
            connection: scope.connection,
            scope: scope.place.clone(),
            at: view.at(),
            window,
            baseline: Window { from: Window::days_before(view.at(), REPLY_DAYS).from, to: window.from },
            dial: view.dial(),
            strength: number(now.len()) / number(OVERDUE_MIN),
            chart: chart(&overdue, view.at()),
            facts: Facts::UnansweredQuestions(UnansweredFacts {
                overdue: now.len(),
                still_waiting: now.iter().filter(|question| question.answered_at.is_none()).count(),
                due: due.iter().filter(|(due, _)| window.contains(*due)).count(),
                limit_hours: hours(limit.worked),
                limit_days: view.working_days(limit.worked),
                learned_from: limit.learned_from,
                days: WINDOW_DAYS,
                answers_may_be_unseen: view.someone_stepped_out(),
            }),
            evidence: sources.evidence,
            sources_total: sources.total,
            parameters: parameters(),
            cohort,
        }))
    }
}

impl Question<'_> {
    fn asker(&self) -> Option<PersonId> {
        self.posted.actor.filter(|_| self.posted.actor_kind == ActorKind::Human)
    }

    /// When its time for an answer is over; `None` where it still has days of it.
    fn due_at(&self, limit: Limit, clock: &WorkClock) -> Option<Instant> {
        clock.after(self.asked_at, limit.worked)
    }

    /// Whether it waited for an answer in that stretch.
    fn waited_through(&self, gap: Window) -> bool {
        self.asked_at < gap.to && self.answered_at.is_none_or(|answered| gap.from < answered)
    }

    /// Whether it had no answer by then.
    fn is_late(&self, due: Instant) -> bool {
        self.answered_at.is_none_or(|answered| answered > due)
    }
}

/// The questions of a channel as they stand at the look, in the order in which they were asked.
fn questions<'a>(scope: Scope<'_>, view: &View<'_, 'a>) -> Vec<Question<'a>> {
    let mut messages: HashMap<&str, Standing<'a>> = HashMap::new();
    for seen in view.messages(scope) {
        let standing = messages.entry(&seen.signal.external_id).or_insert(Standing {
            first: seen.signal,
            was_seen_posted: seen.event.transition == MessageTransition::Posted,
            thread: None,
            asked_at: None,
            is_deleted: false,
        });
        standing.thread = standing.thread.or(seen.event.thread.as_deref());
        match seen.event.transition {
            MessageTransition::Deleted => standing.is_deleted = true,
            MessageTransition::Posted | MessageTransition::Edited => {
                let is_question = seen.event.question >= QUESTION_MIN;
                standing.asked_at = is_question.then(|| standing.asked_at.unwrap_or_else(|| seen.at()));
            }
        }
    }
    messages.retain(|_, message| !message.is_deleted && message.first.actor_kind != ActorKind::Bot);
    let is_root = |id: &str, message: &Standing<'_>| message.thread.is_none_or(|thread| thread == id);

    let mut answered: HashMap<&str, Instant> = HashMap::new();
    for (id, reply) in &messages {
        let Some(thread) = reply.thread.filter(|_| !is_root(id, reply)) else { continue };
        let Some((asked, asked_at)) = messages.get(thread).and_then(|asked| Some((asked.first, asked.asked_at?))) else { continue };
        let is_others = reply.first.actor.is_none() || reply.first.actor != asked.actor;
        let at = reply.first.occurred_at;
        if is_others && at >= asked_at {
            answered.entry(thread).and_modify(|first| *first = at.min(*first)).or_insert(at);
        }
    }
    let mut questions: Vec<Question<'a>> = messages
        .iter()
        .filter(|(id, message)| is_root(id, message) && message.was_seen_posted)
        .filter_map(|(id, message)| {
            Some(Question { posted: message.first, asked_at: message.asked_at?, answered_at: answered.get(id).copied() })
        })
        .collect();
    let gaps = view.unheard(scope);
    questions.retain(|question| !gaps.iter().any(|gap| question.waited_through(*gap)));
    questions.sort_by(|left, right| {
        let key = |question: &Question<'a>| (question.asked_at, question.posted.external_id.as_str());
        key(left).cmp(&key(right))
    });
    questions
}

/// How long an answer may take in this channel.
fn limit(questions: &[Question<'_>], view: &View<'_, '_>) -> Limit {
    let least = view.calendar().working_day().saturating_mul(LIMIT_DAYS_MIN);
    let window = Window::days_before(view.at(), REPLY_DAYS);
    let mut waits: Vec<f64> = questions
        .iter()
        .filter_map(|question| Some((question.asked_at, question.answered_at.filter(|at| window.contains(*at))?)))
        .map(|(asked, answered)| view.clock().between(asked, answered).as_secs_f64())
        .collect();
    if waits.len() < REPLIES_MIN {
        return Limit { worked: least, learned_from: None };
    }
    waits.sort_unstable_by(f64::total_cmp);
    let usual = quantile(&waits, REPLY_QUANTILE).map_or(least, |seconds| SignedDuration::try_from_secs_f64(seconds).unwrap_or(least));
    Limit { worked: least.max(usual), learned_from: Some(waits.len()) }
}

/// For each week of a quarter, how many questions had become overdue in the window that ended with it.
fn chart(overdue: &[(Instant, &Question<'_>)], at: Instant) -> Chart {
    let ends = (0..CHART_WEEKS).rev().map(|back| Window::days_before(at, back * 7).from);
    let points = ends
        .map(|end| {
            let window = Window::days_before(end, WINDOW_DAYS);
            Point { at: end, value: number(overdue.iter().filter(|(became, _)| window.contains(*became)).count()), limit: None }
        })
        .collect();
    Chart {
        title: "Questions that became overdue, in the 14 days before".to_owned(),
        unit: Unit::Count,
        points,
        told: 1,
        usual: None,
        limit: number(OVERDUE_MIN),
    }
}

fn parameters() -> Vec<Parameter> {
    vec![
        Parameter { name: "question_min", value: QUESTION_MIN },
        Parameter { name: "window_days", value: 14.0 },
        Parameter { name: "overdue_min", value: number(OVERDUE_MIN) },
        Parameter { name: "limit_working_days_min", value: f64::from(LIMIT_DAYS_MIN) },
        Parameter { name: "reply_quantile", value: REPLY_QUANTILE },
        Parameter { name: "replies_min", value: number(REPLIES_MIN) },
    ]
}
