//! One row: named cells, and the way from cells to a signal and back.
//!
//! An error names the column and says what to do. It never repeats what a cell holds: cells shift by a missing comma, and a
//! text stands where a time was looked for.

use crate::base::clock::Instant;
use crate::base::id::PersonId;
use crate::signals::place::Place;
use crate::signals::{
    ActorKind, Change, ChangeTransition, Conclusion, Deploy, DeployTransition, Event, Incident, IncidentTransition, Message,
    MessageTransition, Review, ReviewTransition, Run, RunTransition, Signal, SignalKind, words,
};
use std::fmt;

use super::{REQUIRED, fields_of};

/// Longest id, in characters: well over what any tool uses.
const ID_CHARS_MAX: usize = 200;
/// The first and the last year a row may lie in: a slip in a year would otherwise make a backtest walk through centuries.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

words! {
    /// A column of canonical history.
    Column {
        At = "at",
        Kind = "kind",
        Source = "source",
        Id = "id",
        Transition = "transition",
        Actor = "actor",
        ActorKind = "actor_kind",
        Url = "url",
        Title = "title",
        Ref = "ref",
        Sha = "sha",
        Parent = "parent",
        Workflow = "workflow",
        Environment = "environment",
        Conclusion = "conclusion",
        Attempt = "attempt",
        Thread = "thread",
        Text = "text",
    }
}

/// The cells of one row that say something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    cells: Vec<(Column, String)>,
}

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A required cell is empty; the kind (or condition) that requires it.
    Missing { by: &'static str },
    /// The cell holds a word that is not in its closed list.
    UnknownWord { allowed: Vec<&'static str> },
    /// Not a time with a zone, or outside of the years that make sense.
    BadTime,
    /// Not a whole number of 1 or more.
    BadNumber,
    /// Neither a channel's id nor `owner/name`.
    BadSource,
    /// The kind happens in the other sort of place.
    WrongPlace { needs: &'static str },
    /// Longer than any tool's id.
    TooLong,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { by } => write!(f, "is missing; {by} must have it"),
            Self::UnknownWord { allowed } => write!(f, "holds an unknown word; write one of {}", allowed.join(", ")),
            Self::BadTime => write!(
                f,
                "holds no time; write a time with its zone between {} and {}, such as 2026-03-02T09:00:00Z",
                YEARS.start(),
                YEARS.end()
            ),
            Self::BadNumber => f.write_str("holds no such number; write a whole number, 1 or more"),
            Self::BadSource => {
                f.write_str("is no source; write a channel's id (C0123ABCD) or owner/name of a repository; a direct message is never read")
            }
            Self::WrongPlace { needs } => write!(f, "is the wrong sort of place; this kind happens in a {needs}"),
            Self::TooLong => write!(f, "is longer than {ID_CHARS_MAX} characters; shorten it"),
        }
    }
}

impl Record {
    /// Sets a cell; an empty value says nothing.
    pub fn set(&mut self, column: Column, value: impl Into<String>) {
        self.cells.retain(|(known, _)| *known != column);
        let value = value.into();
        if !value.is_empty() {
            self.cells.push((column, value));
        }
    }

    pub fn get(&self, column: Column) -> Option<&str> {
        self.cells.iter().find(|(known, _)| *known == column).map(|(_, value)| value.as_str())
    }

    fn owned(&self, column: Column) -> Option<String> {
        self.get(column).map(str::to_owned)
    }

    /// The signal of this row; `person` knows which human an actor's name belongs to. Every wrong cell is named.
    pub fn signal(&self, person: &dyn Fn(&str) -> PersonId) -> Result<Signal, Vec<(Column, Wrong)>> {
        let mut wrong = Vec::new();
        for column in REQUIRED {
            if self.get(*column).is_none() {
                wrong.push((*column, Wrong::Missing { by: "every row" }));
            }
        }
        let occurred_at = self.read(Column::At, &mut wrong, time);
        let kind = self.read(Column::Kind, &mut wrong, |word| known(word, SignalKind::parse, SignalKind::ALL, SignalKind::as_str));
        let place = self.read(Column::Source, &mut wrong, |id| Place::from_external_id(id).ok_or(Wrong::BadSource));
        let external_id = self.read(Column::Id, &mut wrong, id);
        let event = kind.and_then(|kind| {
            self.require(kind, &mut wrong);
            if let Some(needs) = place.as_ref().and_then(|place| misplaced(kind, place)) {
                wrong.push((Column::Source, Wrong::WrongPlace { needs }));
            }
            self.event(kind, &mut wrong)
        });
        let actor_kind = self.actor_kind(&mut wrong);
        match (occurred_at, place, external_id, event) {
            (Some(occurred_at), Some(place), Some(external_id), Some(event)) if wrong.is_empty() => Ok(Signal {
                place,
                external_id,
                occurred_at,
                actor: self.get(Column::Actor).filter(|_| actor_kind == ActorKind::Human).map(person),
                actor_kind,
                url: self.owned(Column::Url),
                event,
            }),
            _ => Err(wrong),
        }
    }

    /// The row of a signal. A person is written as the id that this installation gave them.
    pub fn of(signal: &Signal) -> Self {
        let mut record = Self::default();
        record.set(Column::At, signal.occurred_at.to_string());
        record.set(Column::Kind, signal.event.kind().as_str());
        record.set(Column::Source, signal.place.external_id());
        record.set(Column::Id, signal.external_id.as_str());
        record.set(Column::Transition, signal.event.transition());
        record.maybe(Column::Actor, signal.actor.map(|person| person.to_string()));
        record.set(Column::ActorKind, actor_word(signal.actor_kind));
        record.maybe(Column::Url, signal.url.clone());
        match &signal.event {
            Event::Message(message) => {
                record.maybe(Column::Thread, message.thread.clone());
                record.maybe(Column::Text, message.text.clone());
            }
            Event::Change(change) => {
                record.maybe(Column::Title, change.title.clone());
                record.maybe(Column::Ref, change.branch.clone());
                record.maybe(Column::Sha, change.sha.clone());
            }
            Event::Review(review) => record.set(Column::Parent, review.change.as_str()),
            Event::Run(run) => record.set_run(run),
            Event::Deploy(deploy) => {
                record.set(Column::Environment, deploy.environment.as_str());
                record.maybe(Column::Ref, deploy.branch.clone());
                record.maybe(Column::Sha, deploy.sha.clone());
            }
            Event::Incident(incident) => {
                record.maybe(Column::Title, incident.title.clone());
                record.maybe(Column::Parent, incident.deploy.clone());
            }
        }
        record
    }

    fn maybe(&mut self, column: Column, value: Option<String>) {
        if let Some(value) = value {
            self.set(column, value);
        }
    }

    fn set_run(&mut self, run: &Run) {
        self.set(Column::Workflow, run.workflow.as_str());
        self.maybe(Column::Ref, run.branch.clone());
        self.maybe(Column::Sha, run.sha.clone());
        self.maybe(Column::Parent, run.change.clone());
        self.maybe(Column::Conclusion, run.conclusion.map(|word| word.as_str().to_owned()));
        self.set(Column::Attempt, run.attempt.to_string());
    }

    fn read<T>(&self, column: Column, wrong: &mut Vec<(Column, Wrong)>, parse: impl FnOnce(&str) -> Result<T, Wrong>) -> Option<T> {
        match parse(self.get(column)?) {
            Ok(value) => Some(value),
            Err(reason) => {
                wrong.push((column, reason));
                None
            }
        }
    }

    fn require(&self, kind: SignalKind, wrong: &mut Vec<(Column, Wrong)>) {
        let required = fields_of(kind).map_or(&[][..], |fields| fields.required);
        for column in required {
            if self.get(*column).is_none() {
                wrong.push((*column, Wrong::Missing { by: kind.as_str() }));
            }
        }
    }

    fn event(&self, kind: SignalKind, wrong: &mut Vec<(Column, Wrong)>) -> Option<Event> {
        let text = |column| self.owned(column).unwrap_or_default();
        Some(match kind {
            SignalKind::Message => {
                let transition = self.transition(wrong, MessageTransition::parse, MessageTransition::ALL, MessageTransition::as_str)?;
                let text = self.owned(Column::Text).filter(|_| transition != MessageTransition::Deleted);
                Event::Message(Message { transition, thread: self.owned(Column::Thread), text, question: 0.0 })
            }
            SignalKind::Change => Event::Change(Change {
                transition: self.transition(wrong, ChangeTransition::parse, ChangeTransition::ALL, ChangeTransition::as_str)?,
                title: self.owned(Column::Title),
                branch: self.owned(Column::Ref),
                sha: self.owned(Column::Sha),
            }),
            SignalKind::Review => Event::Review(Review {
                transition: self.transition(wrong, ReviewTransition::parse, ReviewTransition::ALL, ReviewTransition::as_str)?,
                change: text(Column::Parent),
            }),
            SignalKind::Run => Event::Run(self.run(wrong)?),
            SignalKind::Deploy => Event::Deploy(Deploy {
                transition: self.transition(wrong, DeployTransition::parse, DeployTransition::ALL, DeployTransition::as_str)?,
                environment: text(Column::Environment),
                production: None,
                branch: self.owned(Column::Ref),
                sha: self.owned(Column::Sha),
            }),
            SignalKind::Incident => Event::Incident(Incident {
                transition: self.transition(wrong, IncidentTransition::parse, IncidentTransition::ALL, IncidentTransition::as_str)?,
                title: self.owned(Column::Title),
                deploy: self.owned(Column::Parent),
            }),
        })
    }

    fn run(&self, wrong: &mut Vec<(Column, Wrong)>) -> Option<Run> {
        let conclusion = self.read(Column::Conclusion, wrong, |word| known(word, Conclusion::parse, Conclusion::ALL, Conclusion::as_str));
        let attempt = self.read(Column::Attempt, wrong, whole_number);
        let transition = self.transition(wrong, RunTransition::parse, RunTransition::ALL, RunTransition::as_str)?;
        if transition == RunTransition::Completed && self.get(Column::Conclusion).is_none() {
            wrong.push((Column::Conclusion, Wrong::Missing { by: "a completed run" }));
        }
        Some(Run {
            transition,
            workflow: self.owned(Column::Workflow).unwrap_or_default(),
            branch: self.owned(Column::Ref),
            sha: self.owned(Column::Sha),
            conclusion,
            attempt: attempt.unwrap_or(1),
            change: self.owned(Column::Parent),
        })
    }

    fn transition<T: Copy>(
        &self,
        wrong: &mut Vec<(Column, Wrong)>,
        parse: impl FnOnce(&str) -> Option<T>,
        all: &[T],
        name: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        self.read(Column::Transition, wrong, |word| known(word, parse, all, name))
    }

    fn actor_kind(&self, wrong: &mut Vec<(Column, Wrong)>) -> ActorKind {
        let said = self.read(Column::ActorKind, wrong, |word| known(word, parse_actor, ACTOR_KINDS, actor_word));
        said.unwrap_or_else(|| match self.get(Column::Actor) {
            None => ActorKind::Unknown,
            Some(name) if name.ends_with("[bot]") => ActorKind::Bot,
            Some(_) => ActorKind::Human,
        })
    }
}

const ACTOR_KINDS: &[ActorKind] = &[ActorKind::Human, ActorKind::Bot, ActorKind::Unknown];

const fn actor_word(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Human => "human",
        ActorKind::Bot => "bot",
        ActorKind::Unknown => "unknown",
    }
}

fn parse_actor(word: &str) -> Option<ActorKind> {
    ACTOR_KINDS.iter().copied().find(|kind| actor_word(*kind) == word)
}

fn known<T: Copy>(word: &str, parse: impl FnOnce(&str) -> Option<T>, all: &[T], name: impl Fn(T) -> &'static str) -> Result<T, Wrong> {
    parse(word).ok_or_else(|| Wrong::UnknownWord { allowed: all.iter().map(|value| name(*value)).collect() })
}

fn time(text: &str) -> Result<Instant, Wrong> {
    let at: Instant = text.parse().map_err(|_| Wrong::BadTime)?;
    YEARS.contains(&at.to_zoned(jiff::tz::TimeZone::UTC).year()).then_some(at).ok_or(Wrong::BadTime)
}

fn whole_number(text: &str) -> Result<u32, Wrong> {
    text.parse().ok().filter(|number| *number >= 1).ok_or(Wrong::BadNumber)
}

fn id(text: &str) -> Result<String, Wrong> {
    if text.chars().count() <= ID_CHARS_MAX { Ok(text.to_owned()) } else { Err(Wrong::TooLong) }
}

/// The sort of place that a kind needs, where `place` is the other sort.
fn misplaced(kind: SignalKind, place: &Place) -> Option<&'static str> {
    match (kind, place) {
        (SignalKind::Message, Place::Repository(_)) => Some("channel"),
        (SignalKind::Change | SignalKind::Review | SignalKind::Run, Place::Channel(_)) => Some("repository"),
        _ => None,
    }
}
