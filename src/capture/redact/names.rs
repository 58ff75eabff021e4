//! Mentions and known names become pseudonyms.
//!
//! Never: a person who stepped out. They become `[someone]`, the same for all, so that nothing said about one of them can
//! be told from what is said about another.
//!
//! A mention of somebody nobody knows becomes a pseudonym too: that we have no account for a handle does not make it less of
//! a name. A name without an `@` can only be seen where an account with that name is known.

use super::shape::shape;
use super::{Kind, Removed};
use aho_corasick::AhoCorasick;
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What stands for a person who stepped out, and where a name could mean several people.
pub const SOMEONE: &str = "[someone]";
/// Shorter names than this are found only as mentions: `Al` and `Bo` are parts of too many other things.
const NAME_CHARS_MIN: usize = 3;
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

/// The names an organisation knows, and a pseudonym for those it does not know.
pub struct Names {
    by_id: HashMap<String, String>,
    by_name: HashMap<String, String>,
    finder: Option<AhoCorasick>,
    /// What each pattern of `finder` stands for, in its order.
    found: Vec<Found>,
    unknown: Box<dyn Fn(&str) -> String + Send + Sync>,
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
        let mut by_id = HashMap::new();
        let mut by_name: HashMap<String, String> = HashMap::new();
        let mut written: HashMap<String, String> = HashMap::new();
        for account in accounts {
            let stands_for = if account.stepped_out { SOMEONE.to_owned() } else { account.pseudonym };
            for name in &account.called {
                let name = name.trim().trim_start_matches('@');
                let folded = fold(name);
                if folded.is_empty() {
                    continue;
                }
                written.insert(folded.clone(), name.to_owned());
                by_name.entry(folded).and_modify(|known| join(known, &stands_for)).or_insert_with(|| stands_for.clone());
            }
            by_id.insert(account.external_id, stands_for);
        }
        let (finder, found) = finder(&by_name, &written);
        Self { by_id, by_name, finder, found, unknown: Box::new(unknown) }
    }

    /// No known accounts: mentions only.
    pub fn none(unknown: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self::new([], unknown)
    }

    /// What stands for the account with this id or handle.
    pub(super) fn stand_in(&self, id: &str, handle: Option<&str>) -> String {
        let by_handle = || handle.and_then(|handle| self.by_name.get(&fold(handle)));
        match self.by_id.get(id).or_else(|| self.by_name.get(&fold(id))).or_else(by_handle) {
            Some(stands_for) => stands_for.clone(),
            None => (self.unknown)(&fold(id)),
        }
    }

    /// `@handle` and known names become what stands for them.
    pub(super) fn hide<'a>(&self, text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
        let mentioned = if text.contains('@') { self.hide_mentions(text, removed) } else { Cow::Borrowed(text) };
        match &self.finder {
            Some(finder) => match self.hide_known(finder, &mentioned, removed) {
                Some(hidden) => Cow::Owned(hidden),
                None => mentioned,
            },
            None => mentioned,
        }
    }

    fn hide_mentions<'a>(&self, text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
        MENTION.replace_all(text, |found: &Captures<'_>| {
            let whole = found.get(0).map_or("", |whole| whole.as_str());
            let before = found.name("before").map_or("", |before| before.as_str());
            let handle = found.name("handle").map_or("", |handle| handle.as_str());
            let server = found.name("server").map_or("", |server| server.as_str());
            let after = found.get(0).and_then(|whole| text.get(whole.end()..)).unwrap_or_default();
            let is_known = self.by_name.contains_key(&fold(handle));
            if !is_known && (is_everyone(handle) || !is_handle(handle) || is_package_scope(after)) {
                return whole.to_owned();
            }
            removed.add(Kind::Name);
            let id = if is_known { handle.to_owned() } else { format!("{handle}{server}") };
            format!("{before}{}", self.stand_in(&id, None))
        })
    }

    fn hide_known(&self, finder: &AhoCorasick, text: &str, removed: &mut Removed) -> Option<String> {
        let folded = Folded::new(text);
        let mut hits: Vec<(usize, usize, &Found)> = Vec::new();
        for hit in finder.find_overlapping_iter(folded.text.as_ref()) {
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

/// A name that two accounts share stands for neither, unless both are the same person.
fn join(known: &mut String, other: &str) {
    if known != other {
        SOMEONE.clone_into(known);
    }
}

fn finder(by_name: &HashMap<String, String>, written: &HashMap<String, String>) -> (Option<AhoCorasick>, Vec<Found>) {
    let mut patterns: Vec<&str> = by_name.keys().map(String::as_str).filter(|name| name.chars().count() >= NAME_CHARS_MIN).collect();
    patterns.sort_unstable();
    let found = patterns
        .iter()
        .map(|name| Found {
            exactly: ALSO_WORDS.contains(name).then(|| written.get(*name).cloned()).flatten(),
            stands_for: by_name.get(*name).cloned().unwrap_or_else(|| SOMEONE.to_owned()),
        })
        .collect();
    // The only ways to fail are more than 2^31 patterns and a pattern of that length.
    let finder = if patterns.is_empty() { None } else { AhoCorasick::new(&patterns).ok() };
    (finder, found)
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

/// Whether neither end of `from..to` lies inside a longer word. Scripts that write no spaces have no such ends.
fn is_whole_word(text: &str, from: usize, to: usize) -> bool {
    let (Some(before), Some(name), Some(after)) = (text.get(..from), text.get(from..to), text.get(to..)) else { return false };
    let is_inside = |outer: Option<char>, inner: Option<char>| {
        outer.is_some_and(|c| c.is_alphanumeric() || c == '_') && !inner.is_some_and(is_written_without_spaces)
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

/// `@angular/core` names a package.
fn is_package_scope(after: &str) -> bool {
    let mut rest = after.chars();
    rest.next() == Some('/') && rest.next().is_some_and(char::is_alphanumeric)
}
