//! A recorded payload of GitLab, made ready to be sent again: which kind it is when no header says so.

use super::kinds::{SYSTEM, header_of, named};
use crate::connectors::Recorded;
use crate::connectors::json;
use serde::Deserialize;

/// What a body calls itself. Only a system hook's has an `event_name` and no `object_kind`.
#[derive(Deserialize)]
struct Shape {
    object_kind: Option<String>,
    /// Tells what is confidential, which has a header of its own.
    event_type: Option<String>,
    event_name: Option<String>,
}

pub(super) fn recorded(payload: &[u8], hints: &[&str]) -> Recorded {
    match hints.iter().find_map(|hint| named(hint)).or_else(|| by_shape(payload)) {
        Some(kind) => Recorded::Event { kind: Some(kind.to_owned()), body: payload.to_vec() },
        None => Recorded::NotAnEvent,
    }
}

fn by_shape(payload: &[u8]) -> Option<&'static str> {
    let shape: Shape = json::read_bytes(payload).ok()?;
    let confidential = shape.event_type.as_deref().filter(|word| word.starts_with("confidential_")).and_then(header_of);
    let named = shape.object_kind.as_deref().and_then(header_of);
    confidential.or(named).or_else(|| shape.event_name.map(|_| SYSTEM))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(payload: &str, hints: &[&str]) -> Option<String> {
        match recorded(payload.as_bytes(), hints) {
            Recorded::Event { kind, .. } => kind,
            Recorded::NotAnEvent => None,
        }
    }

    #[test]
    fn the_first_hint_that_names_a_kind_wins_over_the_shape() {
        let payload = r#"{"object_kind":"merge_request"}"#;
        assert_eq!(kind(payload, &["gitlab", "System Hook", "push.json"]).as_deref(), Some("System Hook"));
        assert_eq!(kind("not JSON", &["Push Hook"]).as_deref(), Some("Push Hook"), "what is wrong with it, the parser says");
    }

    #[test]
    fn without_a_hint_the_body_says_what_it_is() {
        for (payload, expected) in [
            (r#"{"object_kind":"merge_request","event_type":"merge_request"}"#, Some("Merge Request Hook")),
            (r#"{"object_kind":"note","event_type":"confidential_note"}"#, Some("Confidential Note Hook")),
            (r#"{"object_kind":"push","event_name":"push"}"#, Some("Push Hook")),
            (r#"{"event_name":"push"}"#, Some("System Hook")),
            (r#"{"event_name":"user_create"}"#, Some("System Hook")),
            (r#"{"object_kind":"of next year"}"#, None),
            (r#"{"id":1}"#, None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(kind(payload, &["gitlab", "some-event.json"]).as_deref(), expected, "{payload}");
        }
    }
}
