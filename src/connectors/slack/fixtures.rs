//! Deliveries in the shape Slack sends, with a canary in everything that is not to be read.

use crate::connectors::conformance::{CANARY, DirectMessage, Fixtures, Replay, Sample};
use crate::connectors::slack::Slack;
use serde_json::{Value, json};

pub(in crate::connectors) fn fixtures() -> Fixtures {
    let typed = |channel: &str, channel_type: &str| Sample::bare(&envelope(&message(channel, Some(channel_type))));
    Fixtures {
        connector: &Slack,
        genuine: Sample::bare(&envelope(&message("C0CAFE", Some("channel")))),
        direct_message: DirectMessage::Refused(vec![
            typed("D0CAFE", "im"),
            typed("D0CAFE", "channel"),
            typed("D0CAFE", "app_home"),
            typed("C0CAFE", "im"),
            typed("G0CAFE", "mpim"),
            typed("C0CAFE", "mpim"),
            typed("G0CAFE", "group"),
            typed("C0CAFE", "group"),
            Sample::bare(&envelope(&message("D0CAFE", None))),
            Sample::bare(&envelope(&message("G0CAFE", None))),
            Sample::bare(&envelope(&edited("D0CAFE"))),
            Sample::bare(&envelope(&deleted("D0CAFE"))),
        ]),
        replay: Replay::Window,
        code: vec![
            Sample::bare(&envelope(&message("C0CAFE", Some("channel")))),
            Sample::bare(&envelope(&with_file())),
            Sample::bare(&envelope(&edited("C0CAFE"))),
            Sample::bare(&envelope(&deleted("C0CAFE"))),
        ],
        comes_through: &[
            "/event_id",
            "/team_id",
            "/event/channel",
            "/event/user",
            "/event/text",
            "/event/message/user",
            "/event/message/text",
            "/event/previous_message/user",
        ],
        scopes_never: &["im:", "mpim:", "groups:", "files:", "users:", "admin"],
    }
}

pub(super) fn envelope(event: &Value) -> Value {
    json!({
        "token": CANARY, "team_id": "T0CAFE", "api_app_id": CANARY, "event": event, "type": "event_callback",
        "event_id": "Ev0CAFE", "event_time": 1_772_442_000, "is_ext_shared_channel": false, "event_context": CANARY,
        "authorizations": [{"team_id": CANARY, "user_id": CANARY}],
    })
}

pub(super) fn message(channel: &str, channel_type: Option<&str>) -> Value {
    let mut event = json!({
        "client_msg_id": CANARY, "type": "message", "text": "Who knows why <#C1|ci> is red &amp; slow?", "user": "U0MIRA",
        "ts": "1772442000.000100", "team": "T0CAFE", "channel": channel, "event_ts": "1772442000.000100",
        "user_profile": {"real_name": CANARY, "display_name": CANARY},
        "blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": CANARY}]}]}],
        "attachments": [{"text": CANARY, "fallback": CANARY, "from_url": CANARY}],
    });
    if let Some(channel_type) = channel_type {
        event["channel_type"] = json!(channel_type);
    }
    event
}

/// A file with its preview: for a snippet that is code.
pub(super) fn with_file() -> Value {
    let mut event = message("C0CAFE", Some("channel"));
    event["subtype"] = json!("file_share");
    event["files"] = json!([{"id": "F1", "name": CANARY, "title": CANARY, "preview": CANARY, "url_private": CANARY}]);
    event["upload"] = json!(true);
    event
}

pub(super) fn edited(channel: &str) -> Value {
    let mut before = message(channel, None);
    before["text"] = json!(CANARY);
    let mut after = message(channel, None);
    after["text"] = json!("Who knows why ci is red?");
    after["edited"] = json!({"user": CANARY, "ts": "1772442060.000000"});
    json!({
        "type": "message", "subtype": "message_changed", "hidden": true, "channel": channel, "channel_type": "channel",
        "ts": "1772442060.000200", "event_ts": "1772442060.000200", "message": after, "previous_message": before,
    })
}

pub(super) fn deleted(channel: &str) -> Value {
    let mut before = message(channel, None);
    before["text"] = json!(CANARY);
    json!({
        "type": "message", "subtype": "message_deleted", "hidden": true, "channel": channel, "channel_type": "channel",
        "ts": "1772442120.000300", "event_ts": "1772442120.000300", "deleted_ts": "1772442000.000100", "previous_message": before,
    })
}
