//! A recorded payload of Slack, made ready to be sent again.

use super::parse::ENVELOPE;
use super::wire;
use crate::connectors::Recorded;
use crate::connectors::json;

/// Types of payloads that are no events: interactions, commands and handshakes. They come to other addresses, mostly as
/// forms. Everything else that has a type is an event, in its envelope or bare.
const NOT_EVENTS: &[&str] = &[
    "block_actions",
    "block_suggestion",
    "dialog_cancellation",
    "dialog_submission",
    "dialog_suggestion",
    "disconnect",
    "events_api",
    "hello",
    "interactive",
    "interactive_message",
    "message_action",
    "shortcut",
    "slash_commands",
    "url_verification",
    "view_closed",
    "view_submission",
    "workflow_step_edit",
];

pub(super) fn recorded(payload: &[u8], fresh_id: &str) -> Recorded {
    let kind = match json::read_bytes::<wire::Outer>(payload) {
        Ok(outer) => outer.kind,
        // What is wrong with it, the parser says.
        Err(_) => return Recorded::Event { kind: None, body: payload.to_vec() },
    };
    match kind.as_deref() {
        Some(ENVELOPE | "app_rate_limited") => Recorded::Event { kind: None, body: payload.to_vec() },
        Some(kind) if !NOT_EVENTS.contains(&kind) => Recorded::Event { kind: None, body: wrapped(payload, fresh_id) },
        _ => Recorded::NotAnEvent,
    }
}

/// The bare event in the envelope that the Events API sends it in. `payload` is known to be one JSON object.
fn wrapped(payload: &[u8], fresh_id: &str) -> Vec<u8> {
    let id = serde_json::Value::from(fresh_id);
    let head = format!(r#"{{"type":"{ENVELOPE}","event_id":{id},"event":"#);
    [head.as_bytes(), payload, b"}"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_event_is_wrapped_and_an_enveloped_one_is_not() {
        let bare = recorded(br#"{"type":"message","text":"x"}"#, "Ev1");
        let body = br#"{"type":"event_callback","event_id":"Ev1","event":{"type":"message","text":"x"}}"#.to_vec();
        assert_eq!(bare, Recorded::Event { kind: None, body: body.clone() });
        assert_eq!(recorded(&body, "Ev2"), Recorded::Event { kind: None, body });
    }

    #[test]
    fn interactions_and_replies_of_the_api_are_no_events() {
        let typed = ["block_actions", "view_submission", "shortcut", "message_action", "slash_commands", "url_verification"];
        let payloads = typed.map(|kind| format!(r#"{{"type":"{kind}","message":{{"type":"message"}}}}"#));
        for payload in payloads.iter().map(String::as_str).chain([r#"{"ok":true}"#, r#"{"type":null}"#, "{}"]) {
            assert_eq!(recorded(payload.as_bytes(), "Ev1"), Recorded::NotAnEvent, "{payload}");
        }
    }

    #[test]
    fn what_is_broken_is_sent_as_it_is() {
        for payload in ["", "{", "[1]", r#"{"type":1}"#] {
            assert_eq!(recorded(payload.as_bytes(), "Ev1"), Recorded::Event { kind: None, body: payload.into() }, "{payload}");
        }
    }
}
