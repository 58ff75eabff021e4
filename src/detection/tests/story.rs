//! Hand-made histories for tests: a clock that is moved on, and the things that happen at it.

use crate::base::calendar::Calendar;
use crate::base::clock::{Instant, SignedDuration};
use crate::base::dial::Dial;
use crate::base::id::PersonId;
use crate::detection::candidate::Candidate;
use crate::detection::history::History;
use crate::detection::{Detector, Outcome};
use crate::signals::place::Place;
use crate::signals::{
    ActorKind, Change, ChangeTransition, Conclusion, Deploy, DeployTransition, Event, Incident, IncidentTransition, Message,
    MessageTransition, Review, ReviewTransition, Run, RunTransition, Signal,
};

/// The repository of every story.
pub(crate) const REPOSITORY: Named = Named("acme/web");
/// The channel of every story.
pub(crate) const CHANNEL: Named = Named("C0HELP001");

#[derive(Clone, Copy)]
pub(crate) struct Named(&'static str);

impl Named {
    pub(crate) fn place(self) -> Place {
        Place::from_external_id(self.0).unwrap()
    }
}

/// A history in the making.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    now: Instant,
    signals: Vec<Signal>,
}

pub(crate) fn person(number: u8) -> PersonId {
    PersonId::from_bytes([number; 16])
}

impl Story {
    pub(crate) fn starting(at: &str) -> Self {
        Self { now: at.parse().unwrap(), signals: Vec::new() }
    }

    pub(crate) fn signals(&self) -> Vec<Signal> {
        self.signals.clone()
    }

    pub(crate) fn at(&mut self, at: &str) -> &mut Self {
        self.now = at.parse().unwrap();
        self
    }

    pub(crate) fn at_instant(&mut self, at: Instant) -> &mut Self {
        self.now = at;
        self
    }

    pub(crate) const fn now(&self) -> Instant {
        self.now
    }

    pub(crate) fn after_hours(&mut self, hours: i64) -> &mut Self {
        self.now += SignedDuration::from_hours(hours);
        self
    }

    pub(crate) fn after_minutes(&mut self, minutes: i64) -> &mut Self {
        self.now += SignedDuration::from_mins(minutes);
        self
    }

    /// The same hour on the next day.
    pub(crate) fn next_day(&mut self) -> &mut Self {
        self.after_hours(24)
    }

    /// So many people of the team say something, so that they are active.
    pub(crate) fn team(&mut self, people: u8) -> &mut Self {
        for number in 1..=people {
            self.say(&format!("hello-{number}-{}", self.now.as_second()), number);
        }
        self
    }

    /// The last signal, to change what it says.
    pub(crate) fn last(&mut self) -> &mut Signal {
        self.signals.last_mut().unwrap()
    }

    pub(crate) fn open(&mut self, number: &str, author: u8) -> &mut Self {
        self.change(number, ChangeTransition::Opened, Some(author), Some(&format!("head-{number}")))
    }

    pub(crate) fn draft(&mut self, number: &str, author: u8) -> &mut Self {
        self.change(number, ChangeTransition::OpenedDraft, Some(author), None)
    }

    pub(crate) fn ready(&mut self, number: &str) -> &mut Self {
        self.change(number, ChangeTransition::ReadyForReview, None, None)
    }

    pub(crate) fn back_to_draft(&mut self, number: &str) -> &mut Self {
        self.change(number, ChangeTransition::ConvertedToDraft, None, None)
    }

    pub(crate) fn close(&mut self, number: &str) -> &mut Self {
        self.change(number, ChangeTransition::Closed, None, None)
    }

    pub(crate) fn merge(&mut self, number: &str) -> &mut Self {
        self.change(number, ChangeTransition::Merged, None, Some(&format!("merge-{number}")))
    }

    pub(crate) fn reopen(&mut self, number: &str) -> &mut Self {
        self.change(number, ChangeTransition::Reopened, None, None)
    }

    pub(crate) fn change(&mut self, number: &str, transition: ChangeTransition, actor: Option<u8>, sha: Option<&str>) -> &mut Self {
        let url = format!("https://git.example/acme/web/pull/{number}");
        let event = Event::Change(Change { transition, title: None, branch: None, sha: sha.map(str::to_owned) });
        self.push(REPOSITORY, number, actor, url, event)
    }

    /// An approving review of a change.
    pub(crate) fn review(&mut self, number: &str, reviewer: u8) -> &mut Self {
        let id = format!("review-{number}-{}", self.signals.len());
        let url = format!("https://git.example/acme/web/pull/{number}#{id}");
        let event = Event::Review(Review { transition: ReviewTransition::Approved, change: number.to_owned() });
        self.push(REPOSITORY, &id, Some(reviewer), url, event)
    }

    /// A completed run of the workflow `ci`, started by a bot.
    pub(crate) fn run(&mut self, id: &str, sha: &str, attempt: u32, conclusion: Conclusion) -> &mut Self {
        let url = format!("https://git.example/acme/web/runs/{id}");
        let event = Event::Run(Run {
            transition: RunTransition::Completed,
            workflow: "ci".to_owned(),
            branch: None,
            sha: Some(sha.to_owned()),
            conclusion: Some(conclusion),
            attempt,
            change: None,
        });
        self.push(REPOSITORY, id, None, url, event);
        self.last().actor_kind = ActorKind::Bot;
        self
    }

    /// A change that is opened and merged at once, and the commit that makes: `merge-<number>`.
    pub(crate) fn land(&mut self, number: &str, author: u8) -> &mut Self {
        self.open(number, author).merge(number)
    }

    /// A change that takes back another, merged now.
    pub(crate) fn revert(&mut self, number: &str, author: u8, title: &str, branch: Option<&str>) -> &mut Self {
        for transition in [ChangeTransition::Opened, ChangeTransition::Merged] {
            self.change(number, transition, Some(author), Some(&format!("merge-{number}")));
            if let Event::Change(change) = &mut self.last().event {
                (change.title, change.branch) = (Some(title.to_owned()), branch.map(str::to_owned));
            }
        }
        self
    }

    /// A state of a deployment to production, told by a bot.
    pub(crate) fn deploy(&mut self, id: &str, sha: &str, transition: DeployTransition) -> &mut Self {
        let url = format!("https://git.example/acme/web/deployments/{id}");
        let environment = "production".to_owned();
        let event = Event::Deploy(Deploy { transition, environment, production: Some(true), branch: None, sha: Some(sha.to_owned()) });
        self.push(REPOSITORY, id, None, url, event);
        self.last().actor_kind = ActorKind::Bot;
        self
    }

    /// An incident that came from a deployment.
    pub(crate) fn incident(&mut self, id: &str, deploy: Option<&str>) -> &mut Self {
        let url = format!("https://git.example/incidents/{id}");
        let event = Event::Incident(Incident { transition: IncidentTransition::Opened, title: None, deploy: deploy.map(str::to_owned) });
        self.push(REPOSITORY, id, None, url, event)
    }

    /// A message that is a question.
    pub(crate) fn ask(&mut self, id: &str, asker: u8) -> &mut Self {
        self.message(id, asker, None, MessageTransition::Posted, 1.0)
    }

    /// An answer in the thread that `question` began.
    pub(crate) fn reply(&mut self, id: &str, author: u8, question: &str) -> &mut Self {
        self.message(id, author, Some(question), MessageTransition::Posted, 0.0)
    }

    /// A message that is no question.
    pub(crate) fn say(&mut self, id: &str, author: u8) -> &mut Self {
        self.message(id, author, None, MessageTransition::Posted, 0.0)
    }

    /// A message with a text.
    pub(crate) fn words(&mut self, id: &str, author: u8, thread: Option<&str>, words: &str) -> &mut Self {
        self.message(id, author, thread, MessageTransition::Posted, 0.0);
        if let Event::Message(message) = &mut self.last().event {
            message.text = Some(words.to_owned());
        }
        self
    }

    /// Makes the last message an edit of an earlier one.
    pub(crate) fn edited(&mut self) -> &mut Self {
        if let Event::Message(message) = &mut self.last().event {
            message.transition = MessageTransition::Edited;
        }
        self
    }

    pub(crate) fn message(
        &mut self,
        id: &str,
        author: u8,
        thread: Option<&str>,
        transition: MessageTransition,
        question: f64,
    ) -> &mut Self {
        let url = format!("https://chat.example/archives/C0HELP001/p{id}");
        let event = Event::Message(Message { transition, thread: thread.map(str::to_owned), text: None, question });
        self.push(CHANNEL, id, Some(author), url, event)
    }

    fn push(&mut self, place: Named, id: &str, actor: Option<u8>, url: String, event: Event) -> &mut Self {
        self.signals.push(Signal {
            place: place.place(),
            external_id: id.to_owned(),
            occurred_at: self.now,
            actor: actor.map(person),
            actor_kind: if actor.is_some() { ActorKind::Human } else { ActorKind::Unknown },
            url: Some(url),
            event,
        });
        self
    }
}

/// What a detector says about the only scope of its kind at `at`, with a team at work from Monday to Friday, UTC.
pub(crate) fn outcome(detector: &dyn Detector, signals: &[Signal], at: Instant) -> Outcome {
    let calendar = Calendar::default();
    let history = History::new(signals, &calendar);
    let view = history.view(at, Dial::Quiet);
    match view.scopes(detector.about().scopes).as_slice() {
        [] => Outcome::Nothing,
        [scope] => detector.evaluate(*scope, &view),
        scopes => panic!("a story has one scope of a kind, not {}", scopes.len()),
    }
}

/// The candidate that a detector finds in a story; fails where it finds none.
pub(crate) fn fired(detector: &dyn Detector, story: &Story, at: &str) -> Candidate {
    match outcome(detector, &story.signals(), at.parse().unwrap()) {
        Outcome::Fires(candidate) => *candidate,
        other => panic!("{} should fire, and says {other:?}", detector.id()),
    }
}
