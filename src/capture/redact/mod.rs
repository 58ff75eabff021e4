//! What is cut out of text before it is kept: code, logs, secrets, names.
//!
//! [`text`] is a pure function of a message and the known names. It fails closed: where it cannot tell whether a line was
//! written by a person or pasted from a machine, the line goes. It never keeps what it cut, and it says only how often it
//! cut what.
//!
//! The order matters. [`plain`] first, with [`markup`], so that no invisible character, entity or tool's own markup hides a shape from the
//! redactors behind it. [`code`] next, while mentions and secrets still look like what surrounds them (a decorator is no
//! person). [`secrets`] and [`contact`] on what is left of the prose, and [`names`] last, so that no pseudonym is mistaken for a secret.

mod code;
mod contact;
pub mod gate;
mod lookalike;
mod markup;
mod names;
mod plain;
mod secrets;
mod shape;

pub use names::{Account, Leavers, Names, SOMEONE};

use crate::signals::words;

/// Longest text that is looked at, in characters: what Slack takes in one message. The rest is cut.
pub const TEXT_CHARS_MAX: usize = 40_000;

words! {
    /// What was cut, and how it is called where it stood.
    Kind {
        Code = "code",
        Log = "log",
        Diff = "diff",
        /// A stack trace or the error line of one.
        Trace = "trace",
        Secret = "secret",
        Email = "email",
        Phone = "phone",
        /// An IP or hardware address.
        Address = "address",
        /// A mention of a channel: it may be one that nobody switched on, with a name that says much.
        Channel = "channel",
        /// A mention of a group of people.
        Group = "group",
        /// A link into the chat itself: it holds the ids of channels, conversations and people.
        Link = "link",
        /// A mention or a known name; what stands in its place is a pseudonym.
        Name = "name",
        /// What lay beyond [`TEXT_CHARS_MAX`].
        Cut = "cut",
    }
}

impl Kind {
    /// What stands where something of this kind was cut. Empty for [`Kind::Name`]: there a pseudonym stands.
    pub const fn placeholder(self) -> &'static str {
        match self {
            Self::Code => "[code removed]",
            Self::Log => "[log removed]",
            Self::Diff => "[diff removed]",
            Self::Trace => "[trace removed]",
            Self::Secret => "[secret removed]",
            Self::Email => "[email]",
            Self::Phone => "[phone]",
            Self::Address => "[address]",
            Self::Channel => "[channel]",
            Self::Group => "[group]",
            Self::Link => "[link]",
            Self::Cut => "[cut]",
            Self::Name => "",
        }
    }
}

/// How many pieces of each kind were cut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed([u32; Kind::ALL.len()]);

impl Removed {
    fn add(&mut self, kind: Kind) {
        if let Some(count) = self.0.get_mut(kind as usize) {
            *count = count.saturating_add(1);
        }
    }

    /// The pieces of `kind` that were cut.
    pub fn count(&self, kind: Kind) -> u32 {
        self.0.get(kind as usize).copied().unwrap_or(0)
    }

    /// Every kind of which something was cut, in the order of [`Kind::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Kind, u32)> + '_ {
        Kind::ALL.iter().map(|kind| (*kind, self.count(*kind))).filter(|(_, count)| *count > 0)
    }
}

/// A text with nothing in it that may not be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redaction {
    pub text: String,
    pub removed: Removed,
}

/// Cuts code, logs, traces, diffs, secrets, contact details and names out of `raw`.
///
/// Takes time in proportion to the length of `raw`, whatever is in it. The answer is at most [`TEXT_CHARS_MAX`] long.
pub fn text(raw: &str, names: &Names) -> Redaction {
    let mut removed = Removed::default();
    let shortened = plain::shorten(raw, &mut removed);
    let readable = plain::normalise(&shortened);
    let unmarked = markup::open(&readable, names, &mut removed);
    let worded = code::cut(&unmarked, &mut removed);
    let secretless = secrets::cut(&worded, &mut removed);
    let harmless = contact::cut(&secretless, &mut removed);
    let nameless = names.hide(&harmless, &mut removed);
    Redaction { text: plain::shorten(&nameless, &mut removed).into_owned(), removed }
}

/// Cuts secrets, contact details and names out of what people call a workflow or an environment: no prose, and no code.
pub fn label(raw: &str, names: &Names) -> String {
    let mut removed = Removed::default();
    let readable = plain::normalise(raw);
    let secretless = secrets::cut(&readable, &mut removed);
    let harmless = contact::cut(&secretless, &mut removed);
    names.hide(&harmless, &mut removed).into_owned()
}

#[cfg(test)]
mod eval;
#[cfg(test)]
mod tests;
