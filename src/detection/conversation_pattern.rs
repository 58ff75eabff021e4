//! D17: conversations of one channel that come back to one topic.
//!
//! Of the conversations that began in the 21 days before a Monday's look, those that pass the pre-filter at the dial's stop are
//! looked at. Each has a kind, by the largest sum that its words gave to one ([`Kind`]), and terms: stems of its words that are
//! neither empty nor a name ([`words`](super::words)), outside of the most frequent hundredth of the channel. It fires where at
//! least 3 of one kind, that began on at least 3 days of the team's calendar, share at least 2 terms, and at least 3 people used
//! one of those.
//!
//! The contributors are those people: who was there and spoke of something else is not behind it, and whoever says the
//! same in every conversation is one person. A term that only one person used is shared by nobody. Of several topics it tells
//! the one with the most conversations; the next look finds the rest, once this one is closed.
//!
//! No language model takes part. What leaves is a kind, counts, and the shared words themselves, which are neither names nor
//! rare: several people wrote each of them in three conversations.

use super::candidate::{Candidate, Chart, ConversationFacts, Facts, Parameter, Point, Unit, number};
use super::conversations::{Conversation, Said, messages, together};
use super::foresight::Least;
use super::history::{Scope, View};
use super::sample::{Item, balanced};
use super::words::{Term, Usage};
use super::{About, Cadence, Detector, Outcome, ScopeKind, Withheld};
use crate::base::clock::{Instant, Window};
use crate::base::id::PersonId;
use crate::base::subject::{CONTRIBUTORS_MIN, Cohort};
use crate::prefilter::{self, Kind};
use crate::signals::countable::Countable;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The days of the window.
pub const WINDOW_DAYS: i64 = 21;
/// The days whose texts say which words are common here: fewer than texts are kept.
pub const USAGE_DAYS: i64 = 28;
/// Fewest conversations, and fewest days on which they began.
pub const CONVERSATIONS_MIN: usize = 3;
pub const DAYS_MIN: usize = 3;
/// Fewest terms that they share.
pub const SHARED_MIN: usize = 2;
/// Most terms of a kind that are compared with each other, those of the most conversations: the work grows with their square.
const STEMS_MAX: usize = 100;
/// Most terms that are named.
const NAMED_MAX: usize = 4;
/// Fewest people who used a term that is shared.
const USERS_MIN: usize = 2;

/// The detector.
#[derive(Clone, Copy, Debug)]
pub struct ConversationPattern;

/// A conversation that passed the pre-filter.
struct Passed<'a> {
    conversation: Conversation<'a>,
    kind: Kind,
    /// Each term with who used it, and in which of its messages it stands.
    terms: BTreeMap<String, Used>,
}

#[derive(Default)]
struct Used {
    by: BTreeSet<PersonId>,
    in_messages: BTreeSet<usize>,
    /// How it was written, and how often.
    written: BTreeMap<String, usize>,
}

/// Conversations of one kind that share terms.
struct Topic<'p, 'a> {
    kind: Kind,
    stems: BTreeSet<&'p str>,
    passed: Vec<&'p Passed<'a>>,
}

impl Detector for ConversationPattern {
    fn about(&self) -> About {
        About {
            id: "conversation_pattern",
            number: "D17",
            version: 1,
            cadence: Cadence::Mondays,
            scopes: ScopeKind::Channels,
            least: Least { of: Countable::Message, at_least: CONVERSATIONS_MIN as u64, in_days: WINDOW_DAYS, history_days: 0 },
        }
    }

    fn evaluate(&self, scope: Scope<'_>, view: &View<'_, '_>) -> Outcome {
        let window = Window::days_before(view.at(), WINDOW_DAYS);
        let passed = passed(scope, view, window);
        let topics = topics(&passed, view);
        let told = topics.iter().find_map(|topic| {
            let cohort = Cohort::of(view.active_members(), topic.people().map(Some))?;
            Some((topic, cohort, balanced(&topic.items())))
        });
        let (topic, cohort, sources) = match told {
            Some((topic, cohort, Some(sources))) => (topic, cohort, sources),
            Some((_, _, None)) => return Outcome::Withheld(Withheld::TooFewSources),
            None if topics.is_empty() => return Outcome::Nothing,
            None => return Outcome::Withheld(Withheld::GroupTooSmall),
        };
        Outcome::Fires(Box::new(Candidate {
            detector: self.id(),
            number: self.about().number,
            version: self.about().version,
            connection: scope.connection,
            scope: scope.place.clone(),
            at: view.at(),
            window,
            baseline: Window { to: window.from, ..Window::days_before(view.at(), USAGE_DAYS) },
            dial: view.dial(),
            strength: number(topic.passed.len()) / number(CONVERSATIONS_MIN),
            chart: topic.chart(view.at()),
            facts: Facts::ConversationPattern(ConversationFacts {
                kind: topic.kind.as_str().to_owned(),
                terms: topic.words(),
                conversations: topic.passed.len(),
                on_days: topic.days(view).len(),
                passed: passed.len(),
                days: WINDOW_DAYS,
            }),
            evidence: sources.evidence,
            sources_total: sources.total,
            parameters: parameters(view),
            cohort,
        }))
    }
}

/// The conversations of a window that pass the pre-filter, with their terms.
fn passed<'a>(scope: Scope<'_>, view: &View<'_, 'a>, window: Window) -> Vec<Passed<'a>> {
    let all = messages(scope, view, Window::days_before(view.at(), USAGE_DAYS));
    let conversations = together(&all).into_iter().filter(|conversation| window.contains(conversation.began_at));
    let scored = conversations.filter_map(|conversation| {
        let found = conversation.score();
        let kind = found.kinds().largest().filter(|_| found.passes(view.dial()))?;
        Some((conversation, kind))
    });
    let scored: Vec<(Conversation<'a>, Kind)> = scored.collect();
    if scored.len() < CONVERSATIONS_MIN {
        return Vec::new();
    }
    let mut usage = Usage::default();
    for (said, _) in &all {
        usage.hear(said.text);
    }
    let common = usage.common();
    let with_terms = scored.into_iter().map(|(conversation, kind)| {
        let mut terms: BTreeMap<String, Used> = BTreeMap::new();
        for (index, said) in conversation.said.iter().enumerate() {
            for Term { stem, word } in usage.terms(said.text, &|word| view.is_name(word)) {
                if !common.contains(stem.as_str()) {
                    let used = terms.entry(stem).or_default();
                    used.by.extend(said.author());
                    used.in_messages.insert(index);
                    *used.written.entry(word).or_default() += 1;
                }
            }
        }
        Passed { conversation, kind, terms }
    });
    with_terms.collect()
}

/// Every topic that enough conversations share on enough days, the one with the most conversations first.
fn topics<'p, 'a>(passed: &'p [Passed<'a>], view: &View<'_, '_>) -> Vec<Topic<'p, 'a>> {
    let mut topics = Vec::new();
    for kind in Kind::ALL {
        let of_kind: Vec<&Passed<'a>> = passed.iter().filter(|passed| passed.kind == *kind).collect();
        let mut holding: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (index, passed) in of_kind.iter().enumerate() {
            for stem in passed.terms.keys() {
                holding.entry(stem).or_default().insert(index);
            }
        }
        holding.retain(|stem, holders| holders.len() >= CONVERSATIONS_MIN && users(of_kind.iter().copied(), stem).len() >= USERS_MIN);
        let mut stems: Vec<(&str, BTreeSet<usize>)> = holding.into_iter().collect();
        stems.sort_by_key(|(_, holders)| Reverse(holders.len()));
        stems.truncate(STEMS_MAX);
        for (place, (_, first)) in stems.iter().enumerate() {
            for (_, second) in stems.iter().skip(place + 1) {
                let both: BTreeSet<usize> = first & second;
                if both.len() < CONVERSATIONS_MIN {
                    continue;
                }
                let shared = stems.iter().filter(|(_, holders)| both.is_subset(holders)).map(|(stem, _)| *stem);
                let passed: Vec<&Passed<'a>> =
                    of_kind.iter().enumerate().filter(|(index, _)| both.contains(index)).map(|(_, passed)| *passed).collect();
                let stems = shared.filter(|stem| users(passed.iter().copied(), stem).len() >= USERS_MIN).collect();
                topics.push(Topic { kind: *kind, stems, passed });
            }
        }
    }
    topics.retain(|topic| topic.stems.len() >= SHARED_MIN && topic.days(view).len() >= DAYS_MIN);
    topics.sort_by_cached_key(|topic| {
        (
            Reverse(topic.passed.len()),
            Reverse(topic.people().collect::<BTreeSet<_>>().len()),
            Reverse(topic.stems.len()),
            topic.kind as usize,
            topic.stems.clone(),
        )
    });
    topics.dedup_by(|left, right| left.kind == right.kind && left.stems == right.stems);
    topics
}

/// Who used a term in these conversations.
fn users<'p, 'a: 'p>(passed: impl Iterator<Item = &'p Passed<'a>>, stem: &str) -> BTreeSet<PersonId> {
    passed.filter_map(|passed| passed.terms.get(stem)).flat_map(|used| used.by.iter().copied()).collect()
}

impl Topic<'_, '_> {
    /// Who used one of the shared terms: once for each conversation in which they did.
    fn people(&self) -> impl Iterator<Item = PersonId> {
        self.passed.iter().flat_map(|passed| {
            let used = self.stems.iter().filter_map(|stem| passed.terms.get(*stem));
            used.flat_map(|used| used.by.iter().copied()).collect::<BTreeSet<_>>()
        })
    }

    /// The days of the team's calendar on which they began.
    fn days(&self, view: &View<'_, '_>) -> BTreeSet<jiff::civil::Date> {
        self.passed.iter().map(|passed| view.calendar().date(passed.conversation.began_at)).collect()
    }

    /// The messages that hold a shared term: of each conversation the one that holds the most first, then the others.
    fn items(&self) -> Vec<Item<'_>> {
        let mut items: Vec<(bool, Reverse<Instant>, &Said<'_>)> = Vec::new();
        for passed in self.passed.iter().rev() {
            let held = |index: usize| {
                self.stems.iter().filter(|stem| passed.terms.get(**stem).is_some_and(|used| used.in_messages.contains(&index))).count()
            };
            let mut holding: Vec<(usize, &Said<'_>)> = passed
                .conversation
                .said
                .iter()
                .enumerate()
                .map(|(index, said)| (held(index), said))
                .filter(|(held, _)| *held > 0)
                .collect();
            holding.sort_by_key(|(held, _)| Reverse(*held));
            let of_conversation = holding.into_iter().enumerate();
            items.extend(of_conversation.map(|(place, (_, said))| (place > 0, Reverse(passed.conversation.began_at), said)));
        }
        items.sort_by_key(|(is_further, began, _)| (*is_further, *began));
        items.into_iter().map(|(_, _, said)| Item { signal: said.signal, person: said.author() }).collect()
    }

    /// The shared words as they were written most often, those in most messages first.
    fn words(&self) -> Vec<String> {
        let mut words: Vec<(Reverse<usize>, String)> = Vec::new();
        for stem in &self.stems {
            let mut written: BTreeMap<&str, usize> = BTreeMap::new();
            for (word, times) in self.passed.iter().filter_map(|passed| passed.terms.get(*stem)).flat_map(|used| &used.written) {
                *written.entry(word).or_default() += times;
            }
            let times = written.values().sum();
            let most = written.into_iter().max_by_key(|(word, times)| (*times, Reverse(*word)));
            words.extend(most.map(|(word, _)| (Reverse(times), word.to_owned())));
        }
        words.sort_unstable();
        words.into_iter().take(NAMED_MAX).map(|(_, word)| word).collect()
    }

    /// Day by day, how many of the conversations had begun.
    fn chart(&self, at: Instant) -> Chart {
        let ends = (0..WINDOW_DAYS).rev().map(|back| Window::days_before(at, back).from);
        let begun = |end: Instant| self.passed.iter().filter(|passed| passed.conversation.began_at < end).count();
        Chart {
            title: "Conversations about it that had begun, day by day".to_owned(),
            unit: Unit::Count,
            points: ends.map(|end| Point { at: end, value: number(begun(end)), limit: None }).collect(),
            told: 1,
            usual: None,
            limit: number(CONVERSATIONS_MIN),
        }
    }
}

fn parameters(view: &View<'_, '_>) -> Vec<Parameter> {
    vec![
        Parameter { name: "score_min", value: prefilter::threshold(view.dial()) },
        Parameter { name: "window_days", value: 21.0 },
        Parameter { name: "conversations_min", value: number(CONVERSATIONS_MIN) },
        Parameter { name: "days_min", value: number(DAYS_MIN) },
        Parameter { name: "people_min", value: number(CONTRIBUTORS_MIN) },
        Parameter { name: "shared_terms_min", value: number(SHARED_MIN) },
        Parameter { name: "common_share", value: 0.01 },
    ]
}
