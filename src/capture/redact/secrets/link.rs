//! Credentials inside links: `user:password@`, the values of a query, and paths that are keys themselves.
//!
//! Whoever has the link to a shared document, an invitation or a reset can open it: of such a link only the host stays. All
//! other links stay whole, for they are what a pattern may point at: pull requests, runs, messages, commits.

use super::{is_placeholder, placeholder, random};
use crate::capture::redact::Removed;
use crate::capture::redact::shape::shape;
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

static LINK: LazyLock<Regex> = LazyLock::new(|| shape(r#"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s<>"'`\])|]+"#));
static USER: LazyLock<Regex> = LazyLock::new(|| shape(r"^(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://)(?P<user>[^/?#@]*:[^/?#]*)@"));
static PARAMETER: LazyLock<Regex> = LazyLock::new(|| shape(r"(?P<mark>[?&;#])(?P<key>[A-Za-z0-9_.\[\]-]{1,64}=)(?P<value>[^&;#]+)"));
/// What the key of a secret value contains. `pwd` is how a meeting's link carries its passcode.
static SECRET_KEY: LazyLock<Regex> = LazyLock::new(|| {
    shape(
        r"(?i)pass|pwd|token|secret|api_?key|^key=|auth|sig=|signature|credential|session|^code=|sas=|^(?:se|sp|sv|skoid|sktid)=|hmac|jwt|otp|nonce|state=",
    )
});

/// What a path says in front of a key that is too short to look random.
#[rustfmt::skip]
const KEY_FOLLOWS: &[&str] = &[
    "accept", "activate", "activation", "auth", "confirm", "confirmation", "d", "hook", "hooks", "invitation", "invitations", "invite",
    "invites", "join", "magic", "magic-link", "magiclink", "one-time", "onetime", "password-reset", "recover", "recovery", "reset",
    "reset-password", "reset_password", "s", "secret", "secrets", "share", "shared", "signin", "signup", "sso", "token", "tokens", "unlock",
    "unsubscribe", "verification", "verify", "verify-email", "webhook", "webhooks",
];
/// Fewest characters of such a key.
const KEY_BYTES_MIN: usize = 8;
/// Marks of a sentence that end a link and are no part of it.
const SENTENCE_MARKS: [char; 6] = ['.', ',', ';', ':', '!', '?'];

pub(super) fn cut<'a>(text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
    if !text.contains("://") {
        return Cow::Borrowed(text);
    }
    LINK.replace_all(text, |found: &Captures<'_>| {
        let link = found.get(0).map_or("", |link| link.as_str());
        let unsigned = USER.replace(link, |user: &Captures<'_>| {
            let part = |name: &str| user.name(name).map_or("", |part| part.as_str());
            if is_placeholder(part("user")) {
                return user.get(0).map_or("", |whole| whole.as_str()).to_owned();
            }
            format!("{}{}@", part("scheme"), placeholder(removed))
        });
        match cut_path(&unsigned, removed) {
            Some(host) => host,
            None => cut_query(&unsigned, removed),
        }
    })
}

/// The host alone, where the path of `link` is a key; `None` where it is not.
fn cut_path(link: &str, removed: &mut Removed) -> Option<String> {
    let bare = link.trim_end_matches(SENTENCE_MARKS);
    let (scheme, rest) = bare.split_once("://")?;
    let (host, rest) = rest.split_once('/')?;
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let mut before = "";
    let is_key = path.split('/').any(|segment| {
        let follows = KEY_FOLLOWS.contains(&before.to_ascii_lowercase().as_str());
        before = segment;
        random::is_random(segment) || (follows && is_short_key(segment))
    });
    let after = link.get(bare.len()..).unwrap_or_default();
    is_key.then(|| format!("{scheme}://{host}/{}{after}", placeholder(removed)))
}

/// A key and not the name of a page: a UUID, or letters and digits mixed in one piece.
fn is_short_key(segment: &str) -> bool {
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    random::is_uuid(segment)
        || (segment.len() >= KEY_BYTES_MIN
            && segment.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && digits >= 2
            && segment.len() - digits >= 2)
}

fn cut_query(link: &str, removed: &mut Removed) -> String {
    PARAMETER
        .replace_all(link, |parameter: &Captures<'_>| {
            let part = |name: &str| parameter.name(name).map_or("", |part| part.as_str());
            let (mark, key, value) = (part("mark"), part("key"), part("value"));
            if !is_placeholder(value) && (SECRET_KEY.is_match(key) || random::is_random(value)) {
                format!("{mark}{}", placeholder(removed))
            } else {
                format!("{mark}{key}{value}")
            }
        })
        .into_owned()
}
