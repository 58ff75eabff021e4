//! Conversations in a channel: which messages belong together.
//!
//! A conversation is a thread, else messages that follow each other with less than [`PAUSE`] between them, as many as the
//! pre-filter reads at once. A message is what stands at the look: edited, without what was deleted and without bots' talk. Where
//! nobody listened in the midst of one, it is what was heard of it.

use super::history::{Scope, View};
use crate::base::clock::{Instant, SignedDuration, Window};
use crate::base::id::PersonId;
use crate::prefilter::{self, Line, Score, WINDOW_LINES_MAX};
use crate::signals::{ActorKind, MessageTransition, Signal};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Messages outside of threads belong together while less time than this lies between them.
pub const PAUSE: SignedDuration = SignedDuration::from_mins(30);

/// A message as it stands at the look.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// The first that was heard of it.
    pub signal: &'a Signal,
    pub text: &'a str,
}

impl Said<'_> {
    /// The human who wrote it, where they are known.
    pub fn author(&self) -> Option<PersonId> {
        self.signal.actor.filter(|_| self.signal.actor_kind == ActorKind::Human)
    }
}

/// Messages that belong together, in order of time.
#[derive(Clone, Debug)]
pub struct Conversation<'a> {
    pub began_at: Instant,
    pub said: Vec<Said<'a>>,
}

impl Conversation<'_> {
    /// What the pre-filter says to it, as `smartretro score` does.
    pub fn score(&self) -> Score {
        let authors: Vec<String> = self.said.iter().map(|said| said.author().map(|who| who.to_string()).unwrap_or_default()).collect();
        let lines: Vec<Line<'_>> = self.said.iter().zip(&authors).map(|(said, author)| Line { author, text: said.text }).collect();
        prefilter::score(&lines)
    }
}

/// The messages of a channel that were posted in a stretch of time and still have a text, in order of time; without the answers in
/// a thread that began earlier, which would pass for one that began with them.
pub fn messages<'a>(scope: Scope<'_>, view: &View<'_, 'a>, during: Window) -> Vec<(Said<'a>, Option<&'a str>)> {
    struct Standing<'a> {
        first: &'a Signal,
        thread: Option<&'a str>,
        text: Option<&'a str>,
        is_deleted: bool,
    }
    let mut standing: HashMap<&str, Standing<'a>> = HashMap::new();
    for seen in view.messages(scope) {
        let message = standing.entry(&seen.signal.external_id).or_insert(Standing {
            first: seen.signal,
            thread: None,
            text: None,
            is_deleted: false,
        });
        message.thread = message.thread.or(seen.event.thread.as_deref());
        match seen.event.transition {
            MessageTransition::Deleted => message.is_deleted = true,
            MessageTransition::Posted | MessageTransition::Edited => message.text = seen.event.text.as_deref(),
        }
    }
    let is_older = |message: &Standing<'a>| message.first.occurred_at < during.from;
    let older: HashSet<&str> = standing.iter().filter(|(_, message)| is_older(message)).map(|(id, _)| *id).collect();
    let of_people = standing.into_values().filter(|message| !message.is_deleted && message.first.actor_kind != ActorKind::Bot);
    let begun = of_people.filter(|message| !message.thread.is_some_and(|thread| older.contains(thread)));
    let inside = begun.filter(|message| during.contains(message.first.occurred_at));
    let mut said: Vec<(Said<'a>, Option<&'a str>)> =
        inside.filter_map(|message| Some((Said { signal: message.first, text: message.text? }, message.thread))).collect();
    said.sort_by_key(|(said, _)| (said.signal.occurred_at, said.signal.external_id.as_str()));
    said
}

/// Puts messages together, in order of time.
pub fn together<'a>(messages: &[(Said<'a>, Option<&'a str>)]) -> Vec<Conversation<'a>> {
    let mut threads: BTreeMap<&str, Vec<Said<'a>>> = BTreeMap::new();
    for (said, thread) in messages {
        if let Some(thread) = thread.filter(|thread| *thread != said.signal.external_id) {
            threads.entry(thread).or_default().push(*said);
        }
    }
    let mut found: Vec<Conversation<'a>> = Vec::new();
    let mut run: Vec<Said<'a>> = Vec::new();
    for (said, thread) in messages {
        let id = said.signal.external_id.as_str();
        if let Some(replies) = threads.get_mut(id) {
            replies.insert(0, *said);
        } else if thread.is_none_or(|thread| thread == id) {
            let at = said.signal.occurred_at;
            let goes_on = run.last().is_some_and(|last| last.signal.occurred_at.duration_until(at) < PAUSE) && run.len() < WINDOW_LINES_MAX;
            if !goes_on {
                found.extend(conversation(std::mem::take(&mut run)));
            }
            run.push(*said);
        }
    }
    found.extend(conversation(run));
    found.extend(threads.into_values().filter_map(conversation));
    found.sort_by_key(|conversation| (conversation.began_at, conversation.said.first().map(|said| said.signal.external_id.as_str())));
    found
}

fn conversation(mut said: Vec<Said<'_>>) -> Option<Conversation<'_>> {
    said.truncate(WINDOW_LINES_MAX);
    Some(Conversation { began_at: said.first()?.signal.occurred_at, said })
}
