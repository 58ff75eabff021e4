//! A team's signals, sorted and indexed, and the view of them at an instant.
//!
//! The order in which signals are handed in plays no part. A [`View`] shows what had occurred by its instant and nothing
//! later, so the same history answers for every look of the past.

use super::ScopeKind;
use super::changes::Timeline;
use super::work_clock::WorkClock;
use crate::base::calendar::Calendar;
use crate::base::clock::{Instant, SignedDuration, Window};
use crate::base::dial::Dial;
use crate::base::id::{ConnectionId, PersonId};
use crate::signals::place::Place;
use crate::signals::{
    ActorKind, Change, ChangeTransition, Deploy, DeployTransition, Event, Incident, IncidentTransition, Message, MessageTransition, Review,
    Run, RunTransition, Signal,
};
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};

/// For how many days a person counts as active in a team (DECISIONS, 'People').
pub const ACTIVE_DAYS: i64 = 28;
/// Days of changes (by their first transition), deploys and incidents that a view shows: as long as they are kept.
pub const CHANGE_DAYS: i64 = 400;
/// Days of runs and messages that a view shows: the longest baseline (90 days before a window of 14) and two weeks more,
/// because a failure lies before its success and a question before it is overdue. Whoever loads signals for a look needs
/// no more, and every door gives the same answer whatever more it has.
pub const OTHER_DAYS: i64 = 120;
/// How far back working time is counted: longer than [`CHANGE_DAYS`].
const WORK_CLOCK_DAYS: i64 = 500;
/// What an environment is called that is production, where neither the tool nor the organisation says so.
pub const PRODUCTION: [&str; 3] = ["production", "prod", "live"];

/// A signal together with what happened, of one kind.
#[derive(Debug)]
pub struct Seen<'a, E> {
    pub signal: &'a Signal,
    pub event: &'a E,
}

impl<E> Clone for Seen<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Seen<'_, E> {}

impl<E> Seen<'_, E> {
    pub const fn at(&self) -> Instant {
        self.signal.occurred_at
    }
}

/// A place on the connection over which it is heard: two installations may each have an `acme/web`, and what happens in one
/// says nothing about the other. Only where one of them alone tells of changes do they bear on what the others deploy
/// ([`View::changes_elsewhere`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope<'a> {
    /// `None` for history that came from files.
    pub connection: Option<ConnectionId>,
    pub place: &'a Place,
}

/// A stretch in which what happened did not arrive: a source was off, or the appliance down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unheard {
    /// The place, by its connection and id; `None` for all of them.
    pub of: Option<(ConnectionId, String)>,
    pub during: Window,
}

/// The signals of one team, in order of time and by place.
#[derive(Debug)]
pub struct History<'a> {
    calendar: &'a Calendar,
    signals: Vec<&'a Signal>,
    /// By the place's id, which is unique within one connection only.
    places: BTreeMap<&'a str, BTreeMap<Option<ConnectionId>, PlaceHistory<'a>>>,
    someone_stepped_out: bool,
    unheard: Vec<Unheard>,
    /// Names of environments, in lower case.
    production: Vec<String>,
    /// Words of which somebody's name is made, in lower case.
    names: HashSet<String>,
}

#[derive(Debug)]
struct PlaceHistory<'a> {
    place: &'a Place,
    first_at: Instant,
    /// When anything at all was heard of it, in order of time.
    heard: Vec<Instant>,
    changes: Vec<Timeline<'a>>,
    /// Where in `changes` a number is.
    numbers: HashMap<&'a str, usize>,
    reviews: Vec<Seen<'a, Review>>,
    runs: Vec<Seen<'a, Run>>,
    messages: Vec<Seen<'a, Message>>,
    deploys: Vec<Seen<'a, Deploy>>,
    incidents: Vec<Seen<'a, Incident>>,
}

impl<'a> History<'a> {
    /// The history of one team from files, where an id names one place. Signals of people who stepped out must not be among
    /// them.
    pub fn new(signals: impl IntoIterator<Item = &'a Signal>, calendar: &'a Calendar) -> Self {
        Self::heard(signals.into_iter().map(|signal| (None, signal)), calendar)
    }

    /// The history of one team, each signal with the connection over which it was heard.
    pub fn heard(signals: impl IntoIterator<Item = (Option<ConnectionId>, &'a Signal)>, calendar: &'a Calendar) -> Self {
        let mut heard: Vec<(Option<ConnectionId>, &Signal)> = signals.into_iter().collect();
        heard.sort_by(|left, right| in_order(left.1, right.1).then_with(|| left.0.cmp(&right.0)));
        let mut places: BTreeMap<&str, BTreeMap<Option<ConnectionId>, PlaceHistory<'_>>> = BTreeMap::new();
        for (connection, signal) in &heard {
            let place =
                places.entry(signal.place.external_id()).or_default().entry(*connection).or_insert_with(|| PlaceHistory::of(signal));
            place.heard.push(signal.occurred_at);
            match &signal.event {
                Event::Change(change) => place.take_change(signal, change),
                Event::Review(event) => place.reviews.push(Seen { signal, event }),
                Event::Run(event) => place.runs.push(Seen { signal, event }),
                Event::Message(event) => place.messages.push(Seen { signal, event }),
                Event::Deploy(event) => place.deploys.push(Seen { signal, event }),
                Event::Incident(event) => place.incidents.push(Seen { signal, event }),
            }
        }
        places.values_mut().flat_map(BTreeMap::values_mut).for_each(PlaceHistory::fold_changes);
        let signals = heard.into_iter().map(|(_, signal)| signal).collect();
        let production = PRODUCTION.map(str::to_owned).to_vec();
        Self { calendar, signals, places, someone_stepped_out: false, unheard: Vec::new(), production, names: HashSet::new() }
    }

    /// Says that someone of this team stepped out, so that what they did cannot be seen.
    #[must_use]
    pub const fn with_someone_stepped_out(mut self, someone_stepped_out: bool) -> Self {
        self.someone_stepped_out = someone_stepped_out;
        self
    }

    /// Says when what happened did not arrive.
    #[must_use]
    pub fn with_unheard(mut self, unheard: Vec<Unheard>) -> Self {
        self.unheard = unheard;
        self
    }

    /// Says what people are called, so that no name becomes a topic.
    #[must_use]
    pub fn with_names(mut self, names: HashSet<String>) -> Self {
        self.names = names;
        self
    }

    /// Says what environments are called that are production.
    #[must_use]
    pub fn with_production<S: AsRef<str>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.production = names.into_iter().map(|name| name.as_ref().to_lowercase()).collect();
        self
    }

    pub const fn calendar(&self) -> &'a Calendar {
        self.calendar
    }

    /// From the first to the last signal; `None` for an empty history.
    pub fn span(&self) -> Option<(Instant, Instant)> {
        Some((self.signals.first()?.occurred_at, self.signals.last()?.occurred_at))
    }

    /// What had occurred by `at`.
    pub fn view(&self, at: Instant, dial: Dial) -> View<'_, 'a> {
        let clock = WorkClock::new(self.calendar, Window::days_before(at, WORK_CLOCK_DAYS));
        View { history: self, at, dial, clock, active_members: self.active_members(at) }
    }

    /// Distinct humans of the last [`ACTIVE_DAYS`]; the largest number over the kinds of tools and never the sum, because
    /// the same human has an identity in each.
    fn active_members(&self, at: Instant) -> usize {
        let from = Window::days_before(at, ACTIVE_DAYS).from;
        let mut in_chat: HashSet<PersonId> = HashSet::new();
        let mut in_code: HashSet<PersonId> = HashSet::new();
        for signal in between(&self.signals, |signal| signal.occurred_at, from, at) {
            if let (ActorKind::Human, Some(person)) = (signal.actor_kind, signal.actor) {
                match signal.place {
                    Place::Channel(_) => in_chat.insert(person),
                    Place::Repository(_) | Place::Service(_) => in_code.insert(person),
                };
            }
        }
        in_chat.len().max(in_code.len())
    }
}

impl<'a> PlaceHistory<'a> {
    fn of(signal: &'a Signal) -> Self {
        Self {
            place: &signal.place,
            first_at: signal.occurred_at,
            heard: Vec::new(),
            changes: Vec::new(),
            numbers: HashMap::new(),
            reviews: Vec::new(),
            runs: Vec::new(),
            messages: Vec::new(),
            deploys: Vec::new(),
            incidents: Vec::new(),
        }
    }

    fn take_change(&mut self, signal: &'a Signal, change: &'a Change) {
        let index = *self.numbers.entry(&signal.external_id).or_insert(self.changes.len());
        if index == self.changes.len() {
            self.changes.push(Timeline::beginning(signal));
        }
        if let Some(timeline) = self.changes.get_mut(index) {
            timeline.hear(Seen { signal, event: change });
        }
    }

    /// Once all has been heard: each review goes to its change, and each change is folded.
    fn fold_changes(&mut self) {
        for review in std::mem::take(&mut self.reviews) {
            let index = self.numbers.get(review.event.change.as_str());
            if let Some(change) = index.and_then(|index| self.changes.get_mut(*index)) {
                change.hear_review(review);
            }
        }
        self.changes.iter_mut().for_each(Timeline::fold);
    }
}

/// The signals that had occurred by an instant.
#[derive(Debug)]
pub struct View<'h, 'a> {
    history: &'h History<'a>,
    at: Instant,
    dial: Dial,
    clock: WorkClock,
    active_members: usize,
}

impl<'h, 'a> View<'h, 'a> {
    pub const fn at(&self) -> Instant {
        self.at
    }

    pub const fn dial(&self) -> Dial {
        self.dial
    }

    pub const fn calendar(&self) -> &'a Calendar {
        self.history.calendar
    }

    /// The team's working time until [`View::at`].
    pub const fn clock(&self) -> &WorkClock {
        &self.clock
    }

    /// A duration of working time in working days of this team.
    pub fn working_days(&self, worked: SignedDuration) -> f64 {
        worked.as_secs_f64() / self.calendar().working_day().as_secs_f64().max(1.0)
    }

    /// Distinct humans of the last 28 days, over the whole team.
    pub const fn active_members(&self) -> usize {
        self.active_members
    }

    pub const fn someone_stepped_out(&self) -> bool {
        self.history.someone_stepped_out
    }

    /// The places of this kind in which something had occurred, in the order of their names.
    pub fn scopes(&self, kind: ScopeKind) -> Vec<Scope<'a>> {
        let is_scope = |place: &Place| match kind {
            ScopeKind::Channels => matches!(place, Place::Channel(_)),
            ScopeKind::Repositories => matches!(place, Place::Repository(_)),
        };
        let seen = self.history.places.values().flatten().filter(|(_, seen)| seen.first_at <= self.at && is_scope(seen.place));
        seen.map(|(connection, seen)| Scope { connection: *connection, place: seen.place }).collect()
    }

    /// The changes of a repository that were first seen in the last [`CHANGE_DAYS`], in that order.
    pub fn changes(&self, scope: Scope<'_>) -> &'h [Timeline<'a>] {
        self.place(scope).map_or(&[][..], |place| self.latest(&place.changes, |change| change.first_at, CHANGE_DAYS))
    }

    /// Where the changes of a repository are heard of which this connection tells of deploys alone: on the only other one that knows of changes
    /// with authors in a repository of this name. `None` where this one knows of some itself, and where several others do: then nobody knows which
    /// of them was deployed.
    pub fn changes_elsewhere(&self, scope: Scope<'_>) -> Option<Scope<'a>> {
        let knows_authors = |scope: Scope<'_>| self.changes(scope).iter().any(|change| change.author(self.at).is_some());
        if !matches!(scope.place, Place::Repository(_)) || knows_authors(scope) {
            return None;
        }
        let of_name = self.history.places.get(scope.place.external_id())?;
        let mut others = of_name
            .iter()
            .map(|(connection, heard)| Scope { connection: *connection, place: heard.place })
            .filter(|other| other.connection != scope.connection && knows_authors(*other));
        others.next().filter(|_| others.next().is_none())
    }

    /// The runs of a repository in the last [`OTHER_DAYS`], in order of time.
    pub fn runs(&self, scope: Scope<'_>) -> &'h [Seen<'a, Run>] {
        self.place(scope).map_or(&[][..], |place| self.latest(&place.runs, Seen::at, OTHER_DAYS))
    }

    /// The messages of a channel in the last [`OTHER_DAYS`], in order of time.
    pub fn messages(&self, scope: Scope<'_>) -> &'h [Seen<'a, Message>] {
        self.place(scope).map_or(&[][..], |place| self.latest(&place.messages, Seen::at, OTHER_DAYS))
    }

    /// The states of a repository's deployments in the last [`CHANGE_DAYS`], to any environment, in order of time.
    pub fn deploys(&self, scope: Scope<'_>) -> &'h [Seen<'a, Deploy>] {
        self.place(scope).map_or(&[][..], |place| self.latest(&place.deploys, Seen::at, CHANGE_DAYS))
    }

    /// What was said of incidents in a place in the last [`CHANGE_DAYS`], in order of time.
    pub fn incidents(&self, scope: Scope<'_>) -> &'h [Seen<'a, Incident>] {
        self.place(scope).map_or(&[][..], |place| self.latest(&place.incidents, Seen::at, CHANGE_DAYS))
    }

    /// Whether a deployment goes to production: the tool says so, or the environment is called so. That a tool says it does not
    /// means nothing: GitHub says so of every environment that is not called `production`, unless whoever deploys knows of it.
    pub fn is_production(&self, deploy: &Deploy) -> bool {
        deploy.production == Some(true) || self.history.production.contains(&deploy.environment.to_lowercase())
    }

    /// Whether somebody who is known is called so; `word` is in lower case.
    pub fn is_name(&self, word: &str) -> bool {
        self.history.names.contains(word)
    }

    /// The stretches that began before [`View::at`] in which what happened in this place did not arrive, as far as is known.
    pub fn unheard(&self, scope: Scope<'_>) -> Vec<Window> {
        let is_here = |unheard: &&Unheard| match &unheard.of {
            None => true,
            Some((connection, place)) => Some(*connection) == scope.connection && place == scope.place.external_id(),
        };
        let all = self.history.unheard.iter().filter(is_here).map(|unheard| unheard.during);
        all.filter(|during| during.from < self.at).collect()
    }

    /// The stretches of the last [`OTHER_DAYS`] in which nothing at all happened in this place for at least so much working
    /// time, each from the last signal before it to the first after it, or to [`View::at`].
    pub fn silences(&self, scope: Scope<'_>, worked: SignedDuration) -> Vec<Window> {
        let heard = self.place(scope).map_or(&[][..], |place| self.latest(&place.heard, |at| *at, OTHER_DAYS));
        let until = heard.iter().skip(1).copied().chain([self.at]);
        let pauses = heard.iter().zip(until).map(|(from, to)| Window { from: *from, to });
        pauses.filter(|pause| self.clock.between(pause.from, pause.to) >= worked).collect()
    }

    fn latest<'t, T>(&self, items: &'t [T], at: impl Fn(&T) -> Instant, days: i64) -> &'t [T] {
        between(items, at, Window::days_before(self.at, days).from, self.at)
    }

    /// The looks on working days before [`View::at`], the latest `count` of them, in order of time.
    pub fn working_looks_before(&self, count: usize) -> Vec<Instant> {
        let calendar = self.calendar();
        let mut looks = Vec::with_capacity(count);
        let mut date = calendar.date(self.at);
        while looks.len() < count {
            let look = calendar.look_on(date);
            if calendar.is_working_day(date) && look < self.at {
                looks.push(look);
            }
            match date.yesterday() {
                Ok(earlier) => date = earlier,
                Err(_) => break,
            }
        }
        looks.reverse();
        looks
    }

    fn place(&self, scope: Scope<'_>) -> Option<&'h PlaceHistory<'a>> {
        self.history.places.get(scope.place.external_id())?.get(&scope.connection)
    }
}

/// The part of `items` (in order of time) that lies in `[from, to]`.
fn between<T>(items: &[T], at: impl Fn(&T) -> Instant, from: Instant, to: Instant) -> &[T] {
    let start = items.partition_point(|item| at(item) < from);
    let end = items.partition_point(|item| at(item) <= to);
    items.get(start..end).unwrap_or_default()
}

/// A total order of signals: by time, then by what they say, so that the order in which they came plays no part. Where a
/// thing makes two transitions at one instant, they come in the order of its life.
fn in_order(left: &Signal, right: &Signal) -> Ordering {
    let key = |signal: &Signal| (signal.occurred_at, step(&signal.event), signal.actor);
    key(left)
        .cmp(&key(right))
        .then_with(|| left.place.cmp(&right.place))
        .then_with(|| left.external_id.cmp(&right.external_id))
        .then_with(|| left.url.cmp(&right.url))
        .then_with(|| details(&left.event, &right.event))
}

/// The place of a transition in the life of its thing.
fn step(event: &Event) -> (usize, u32) {
    match event {
        Event::Change(change) => (ChangeTransition::ALL.iter().take_while(|step| **step != change.transition).count(), 0),
        Event::Message(message) => (MessageTransition::ALL.iter().take_while(|step| **step != message.transition).count(), 0),
        Event::Run(run) => (RunTransition::ALL.iter().take_while(|step| **step != run.transition).count(), run.attempt),
        Event::Deploy(deploy) => (DeployTransition::ALL.iter().take_while(|step| **step != deploy.transition).count(), 0),
        Event::Incident(incident) => (IncidentTransition::ALL.iter().take_while(|step| **step != incident.transition).count(), 0),
        Event::Review(_) => (0, 0),
    }
}

fn details(left: &Event, right: &Event) -> Ordering {
    match (left, right) {
        (Event::Change(left), Event::Change(right)) => {
            let key = |change: &Change| (change.sha.clone(), change.title.clone(), change.branch.clone());
            key(left).cmp(&key(right))
        }
        (Event::Deploy(left), Event::Deploy(right)) => {
            let key = |deploy: &Deploy| (deploy.environment.clone(), deploy.production, deploy.sha.clone());
            key(left).cmp(&key(right))
        }
        (Event::Incident(left), Event::Incident(right)) => left.deploy.cmp(&right.deploy),
        (Event::Message(left), Event::Message(right)) => {
            let key = |message: &Message| (message.thread.clone(), message.text.clone());
            key(left).cmp(&key(right)).then_with(|| left.question.total_cmp(&right.question))
        }
        (Event::Run(left), Event::Run(right)) => {
            let key = |run: &Run| (run.sha.clone(), run.conclusion.map(crate::signals::Conclusion::as_str), run.change.clone());
            left.workflow.cmp(&right.workflow).then_with(|| key(left).cmp(&key(right)))
        }
        _ => Ordering::Equal,
    }
}
