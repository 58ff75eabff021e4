//! Mentions and known names become pseudonyms.
//!
//! Never: a person who stepped out. They become `[someone]`, the same for all, so that nothing said about one of them can
//! be told from what is said about another; every spelling of theirs counts, even where it is a word as well. Somebody may
//! step out before any account of theirs is seen, so each word is asked about, once anybody stepped out.
//!
//! A mention of somebody nobody knows becomes a pseudonym too: that we have no account for a handle does not make it less of
//! a name. A name without an `@` can only be seen where an account with that name is known.

use super::shape::shape;
use super::{Kind, Removed};
use aho_corasick::AhoCorasick;
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

/// What stands for a person who stepped out, and where a name could mean several people.
pub const SOMEONE: &str = "[someone]";
/// Shorter names than this are found only as mentions: `Al` and `Bo` are parts of too many other things.
const NAME_CHARS_MIN: usize = 3;
/// Longest word that is asked about, in bytes: no tool has longer names.
const WORD_BYTES_MAX: usize = 100;
/// Most parts, between hyphens and underscores, of a name inside a longer word: `ana-maria` in `ana-maria-patch-1` has two.
const WORD_PARTS_MAX: usize = 6;
/// Mentions of everyone, in the words of the tools.
const EVERYONE: &[&str] = &["here", "channel", "everyone", "all", "room", "topic", "stream", "team", "group", "online"];
/// Names that are also words people write all day: such a name counts only when it is written with the capitals it has.
const ALSO_WORDS: &[&str] = &[
    "admin",
    "angel",
    "april",
    "art",
    "august",
    "bill",
    "bob",
    "bot",
    "brook",
    "chance",
    "christian",
    "dawn",
    "dev",
    "drew",
    "earl",
    "faith",
    "frank",
    "gene",
    "grace",
    "grant",
    "guy",
    "hope",
    "hunter",
    "iris",
    "jack",
    "joy",
    "june",
    "king",
    "lance",
    "long",
    "mark",
    "mason",
    "max",
    "may",
    "miles",
    "nick",
    "page",
    "pat",
    "patience",
    "peace",
    "pierce",
    "ray",
    "rich",
    "rob",
    "robin",
    "rose",
    "ruby",
    "sky",
    "sue",
    "sun",
    "summer",
    "test",
    "user",
    "victor",
    "wade",
    "will",
    "young",
];

/// One known account in one tool.
pub struct Account {
    /// The id that the tool gives it, as it stands in mentions: `U0123ABCD`, or the login where the tool has no other.
    pub external_id: String,
    /// Logins, handles, display names: all it is called by.
    pub called: Vec<String>,
    /// What stands for it.
    pub pseudonym: String,
    /// Whether the person behind it stepped out.
    pub stepped_out: bool,
}

/// The names an organisation knows, and a pseudonym for those it does not know. Cheap to clone.
#[derive(Clone)]
pub struct Names {
    known: Arc<Known>,
    /// Names of people whom nobody knew before the delivery at hand.
    new: Option<Arc<Finder>>,
}

/// A pseudonym for a name that no account has.
type Unknown = Box<dyn Fn(&str) -> String + Send + Sync>;
/// Whether somebody of this name stepped out, known or not.
type SteppedOut = Box<dyn Fn(&str) -> bool + Send + Sync>;

struct Known {
    by_id: HashMap<String, String>,
    by_name: HashMap<String, String>,
    finder: Option<Finder>,
    unknown: Unknown,
    /// `None` where nobody stepped out.
    stepped_out: Option<SteppedOut>,
}

/// Looks for many names in a text at once.
struct Finder {
    automaton: AhoCorasick,
    /// What each pattern of the automaton stands for, in its order.
    found: Vec<Found>,
}

/// A name that is looked for in text.
struct Found {
    /// As it is written by its owner, where only that spelling counts.
    exactly: Option<String>,
    stands_for: String,
}

impl Names {
    /// `unknown` makes a pseudonym of an id or a lower-case handle that no account has; the same input must give the same answer.
    pub fn new(accounts: impl IntoIterator<Item = Account>, unknown: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self::build(accounts, Box::new(unknown), None)
    }

    /// As [`Names::new`], and asks about every word of every text whether somebody of that name `has_stepped_out`.
    pub fn asking(
        accounts: impl IntoIterator<Item = Account>,
        unknown: impl Fn(&str) -> String + Send + Sync + 'static,
        has_stepped_out: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self::build(accounts, Box::new(unknown), Some(Box::new(has_stepped_out)))
    }

    fn build(accounts: impl IntoIterator<Item = Account>, unknown: Unknown, stepped_out: Option<SteppedOut>) -> Self {
        let mut by_id = HashMap::new();
        let mut roll = Roll::default();
        for account in accounts {
            let stands_for = if account.stepped_out { SOMEONE.to_owned() } else { account.pseudonym };
            for name in &account.called {
                roll.add(name, &stands_for, account.stepped_out);
            }
            by_id.insert(account.external_id, stands_for);
        }
        let finder = roll.finder();
        Self { known: Arc::new(Known { by_id, by_name: roll.by_name, finder, unknown, stepped_out }), new: None }
    }

    /// No known accounts: mentions only.
    pub fn none(unknown: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self::new([], unknown)
    }

    /// The same names, and those of whom the delivery at hand names and nobody knew: (name, pseudonym).
    #[must_use]
    pub fn with_new(&self, people: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut roll = Roll::default();
        for (name, pseudonym) in people {
            if !self.known.by_name.contains_key(&fold(&name)) {
                roll.add(&name, &pseudonym, false);
            }
        }
        Self { known: Arc::clone(&self.known), new: roll.finder().map(Arc::new) }
    }

    /// What stands for the account with this id or handle.
    pub(super) fn stand_in(&self, id: &str, handle: Option<&str>) -> String {
        let Known { by_id, by_name, unknown, .. } = self.known.as_ref();
        let by_handle = || handle.and_then(|handle| by_name.get(&fold(handle)));
        match by_id.get(id).or_else(|| by_name.get(&fold(id))).or_else(by_handle) {
            Some(stands_for) => stands_for.clone(),
            None => unknown(&fold(id)),
        }
    }

    /// `@handle`, known names and names of those who stepped out become what stands for them.
    pub(super) fn hide<'a>(&self, text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
        let mut text = if text.contains('@') { self.hide_mentions(text, removed) } else { Cow::Borrowed(text) };
        for finder in [self.known.finder.as_ref(), self.new.as_deref()].into_iter().flatten() {
            if let Some(hidden) = finder.hide(&text, removed) {
                text = Cow::Owned(hidden);
            }
        }
        if let Some(has_stepped_out) = &self.known.stepped_out
            && let Some(hidden) = hide_words(&text, has_stepped_out, removed)
        {
            text = Cow::Owned(hidden);
        }
        text
    }

    fn hide_mentions<'a>(&self, text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
        MENTION.replace_all(text, |found: &Captures<'_>| {
            let whole = found.get(0).map_or("", |whole| whole.as_str());
            let before = found.name("before").map_or("", |before| before.as_str());
            let handle = found.name("handle").map_or("", |handle| handle.as_str());
            let server = found.name("server").map_or("", |server| server.as_str());
            let after = found.get(0).and_then(|whole| text.get(whole.end()..)).unwrap_or_default();
            let front = found.name("before").and_then(|before| text.get(..before.end())).unwrap_or_default();
            let is_known = self.known.by_name.contains_key(&fold(handle));
            let is_no_mention = is_everyone(handle) || !is_handle(handle) || is_package_scope(after) || is_in_front_of_host(front);
            if !is_known && is_no_mention {
                return whole.to_owned();
            }
            removed.add(Kind::Name);
            let id = if is_known { handle.to_owned() } else { format!("{handle}{server}") };
            format!("{before}{}", self.stand_in(&id, None))
        })
    }
}

/// Names of people who leave, for text that was kept: no mention is left in it, only what stood for one.
pub struct Leavers(Option<Finder>);

impl Leavers {
    /// `called`: their names, and what stood for them.
    pub fn new(called: impl IntoIterator<Item = String>) -> Self {
        let mut roll = Roll::default();
        for name in called {
            roll.add(&name, SOMEONE, true);
        }
        Self(roll.finder())
    }

    /// The text without them; `None` where they are not in it.
    pub fn hide(&self, text: &str) -> Option<String> {
        self.0.as_ref()?.hide(text, &mut Removed::default())
    }
}

impl Finder {
    fn hide(&self, text: &str, removed: &mut Removed) -> Option<String> {
        let folded = Folded::new(text);
        let mut hits: Vec<(usize, usize, &Found)> = Vec::new();
        for hit in self.automaton.find_overlapping_iter(folded.text.as_ref()) {
            let (from, to) = (folded.original(hit.start()), folded.original(hit.end()));
            let Some(found) = self.found.get(hit.pattern().as_usize()) else { continue };
            let is_spelt = found.exactly.as_deref().is_none_or(|exactly| text.get(from..to) == Some(exactly));
            if is_spelt && is_whole_word(text, from, to) {
                hits.push((from, to, found));
            }
        }
        if hits.is_empty() {
            return None;
        }
        hits.sort_unstable_by_key(|(from, to, _)| (*from, usize::MAX - to));
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (from, to, found) in hits {
            if from < done {
                continue;
            }
            out.push_str(text.get(done..from).unwrap_or_default());
            out.push_str(&found.stands_for);
            removed.add(Kind::Name);
            done = to;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        Some(out)
    }
}

/// Names being gathered for a [`Finder`], in lower case.
#[derive(Default)]
struct Roll {
    by_name: HashMap<String, String>,
    /// As their owners write them.
    written: HashMap<String, String>,
    stepped_out: HashSet<String>,
}

impl Roll {
    fn add(&mut self, name: &str, stands_for: &str, stepped_out: bool) {
        let name = name.trim().trim_start_matches('@');
        let folded = fold(name);
        if folded.is_empty() {
            return;
        }
        if stepped_out {
            self.stepped_out.insert(folded.clone());
        }
        self.written.insert(folded.clone(), name.to_owned());
        // A name that two accounts share stands for neither, unless both are the same person.
        self.by_name
            .entry(folded)
            .and_modify(|known| {
                if known != stands_for {
                    SOMEONE.clone_into(known);
                }
            })
            .or_insert_with(|| stands_for.to_owned());
    }

    fn finder(&self) -> Option<Finder> {
        let is_long = |name: &&String| name.chars().count() >= NAME_CHARS_MIN;
        let mut patterns: Vec<&String> = self.by_name.keys().filter(is_long).collect();
        patterns.sort_unstable();
        let found = patterns.iter().map(|name| {
            let counts_as_written = ALSO_WORDS.contains(&name.as_str()) && !self.stepped_out.contains(*name);
            Found {
                exactly: counts_as_written.then(|| self.written.get(*name).cloned()).flatten(),
                stands_for: self.by_name.get(*name).cloned().unwrap_or_else(|| SOMEONE.to_owned()),
            }
        });
        let found = found.collect();
        // The only ways to fail are more than 2^31 patterns and a pattern of that length.
        if patterns.is_empty() { None } else { AhoCorasick::new(&patterns).ok().map(|automaton| Finder { automaton, found }) }
    }
}

/// Asks about every word, and about what stands between hyphens and underscores, the longest first.
fn hide_words(text: &str, has_stepped_out: &dyn Fn(&str) -> bool, removed: &mut Removed) -> Option<String> {
    let is_name = |from: usize, to: usize| {
        let fits = to - from <= WORD_BYTES_MAX;
        text.get(from..to).is_some_and(|word| fits && word.chars().count() >= NAME_CHARS_MIN && has_stepped_out(word))
    };
    let mut out = String::new();
    let mut done = 0;
    for parts in words(text) {
        let mut first = 0;
        while let Some((from, _)) = parts.get(first) {
            let reach = parts.iter().enumerate().skip(first).take(WORD_PARTS_MAX).rev();
            let hit = reach.map(|(index, (_, to))| (index, *to)).find(|(_, to)| is_name(*from, *to));
            if let Some((last, to)) = hit {
                out.push_str(text.get(done..*from).unwrap_or_default());
                out.push_str(SOMEONE);
                removed.add(Kind::Name);
                (done, first) = (to, last);
            }
            first += 1;
        }
    }
    if done == 0 {
        return None;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Some(out)
}

/// The words of `text`, each as the places of its parts between hyphens and underscores. In scripts that write no spaces
/// nothing can be told apart; what is written there in Latin letters is a word.
fn words(text: &str) -> impl Iterator<Item = Vec<(usize, usize)>> {
    let is_part = |c: char| c.is_alphanumeric() && !is_written_without_spaces(c);
    let mut chars = text.char_indices();
    std::iter::from_fn(move || {
        let mut parts: Vec<(usize, usize)> = Vec::new();
        let mut is_open = false;
        for (at, c) in chars.by_ref() {
            let end = at + c.len_utf8();
            if is_part(c) {
                match parts.last_mut().filter(|_| is_open) {
                    Some(part) => part.1 = end,
                    None => parts.push((at, end)),
                }
                is_open = true;
            } else {
                is_open = false;
                if !matches!(c, '-' | '_') && !parts.is_empty() {
                    break;
                }
            }
        }
        (!parts.is_empty()).then_some(parts)
    })
}

fn fold(name: &str) -> String {
    name.chars().flat_map(char::to_lowercase).collect()
}

/// A text in lower case that remembers where each byte came from: `İ` and `ẞ` change their length.
struct Folded<'a> {
    text: Cow<'a, str>,
    /// The place in the original of each byte; empty where both are alike.
    places: Vec<usize>,
}

impl<'a> Folded<'a> {
    fn new(text: &'a str) -> Self {
        if text.is_ascii() {
            return Self { text: Cow::Owned(text.to_ascii_lowercase()), places: Vec::new() };
        }
        let mut folded = String::with_capacity(text.len());
        let mut places = Vec::with_capacity(text.len() + 1);
        for (at, c) in text.char_indices() {
            folded.extend(c.to_lowercase());
            places.resize(folded.len(), at);
        }
        places.push(text.len());
        Self { text: Cow::Owned(folded), places }
    }

    fn original(&self, at: usize) -> usize {
        if self.places.is_empty() { at } else { self.places.get(at).copied().unwrap_or(0) }
    }
}

/// Whether neither end of `from..to` lies inside a longer word. Hyphens and underscores end a word (`_ana_` is slanted, `ana_fix` a
/// branch of hers); scripts that write no spaces have no such ends.
fn is_whole_word(text: &str, from: usize, to: usize) -> bool {
    let (Some(before), Some(name), Some(after)) = (text.get(..from), text.get(from..to), text.get(to..)) else { return false };
    let is_inside = |outer: Option<char>, inner: Option<char>| {
        outer.is_some_and(char::is_alphanumeric) && !inner.is_some_and(is_written_without_spaces)
    };
    !is_inside(before.chars().next_back(), name.chars().next()) && !is_inside(after.chars().next(), name.chars().next_back())
}

const fn is_written_without_spaces(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{20000}'..='\u{3FFFF}')
}

/// `@handle`, `@handle:server.org` (Matrix), `@handle@server.org` (Mastodon); not the `@` of an address or of `name@version`.
static MENTION: LazyLock<Regex> =
    LazyLock::new(|| shape(r"(?P<before>^|[^\w@/.+`\\-])@(?P<handle>\w(?:[\w.-]*\w)?)(?P<server>[:@][\w-]+(?:\.[\w-]+)+)?"));

pub(super) fn is_everyone(handle: &str) -> bool {
    EVERYONE.iter().any(|word| handle.eq_ignore_ascii_case(word))
}

/// `@2pm` and `@10` are times, not people.
fn is_handle(handle: &str) -> bool {
    let word = handle.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    !word.is_empty() && !matches!(word, "am" | "pm" | "h" | "AM" | "PM")
}

/// The `@` behind the credentials of a link stands before a host: `redis://[secret removed]@cache:6379`.
fn is_in_front_of_host(front: &str) -> bool {
    front.strip_suffix(Kind::Secret.placeholder()).is_some_and(|front| front.ends_with("://"))
}

/// `@angular/core` names a package.
fn is_package_scope(after: &str) -> bool {
    let mut rest = after.chars();
    rest.next() == Some('/') && rest.next().is_some_and(char::is_alphanumeric)
}
