//! Credentials inside links: `user:password@` and the values of a query.
//!
//! The link itself stays: where a team keeps its documents is what a pattern may point at.

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
        cut_query(&unsigned, removed)
    })
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
