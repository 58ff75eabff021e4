//! Deliveries in the shape Slack sends, with a canary in everything that is not to be read.

use crate::connectors::conformance::{CANARY, Closed, Fixtures, Mention, Replay, Sample};
use crate::connectors::slack::Slack;
use serde_json::{Value, json};

pub(in crate::connectors) fn fixtures() -> Fixtures {
    let typed = |channel: &str, channel_type: &str| Sample::bare(&envelope(&message(channel, Some(channel_type))));
    Fixtures {
        connector: &Slack,
        genuine: Sample::bare(&envelope(&message("C0CAFE", Some("channel")))),
        direct_message: Closed::Refused(vec![
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
        contradiction: Closed::Refused(
            [
                json!({"channel": "D0CAFE", "channel_type": "im"}),
                json!({"channel": "D0CAFE"}),
                json!({"channel_type": "im"}),
                json!({"channel_type": "mpim"}),
                json!({"channel_type": "group"}),
                json!({"channel_type": "lounge"}),
                json!({"channel": "G0CAFE", "channel_type": "group"}),
                json!({"channel": "C0OTHER", "channel_type": "channel"}),
                json!({"channel": "C0OTHER"}),
            ]
            .iter()
            .flat_map(|said| ["message", "previous_message"].map(|inner| Sample::bare(&envelope(&saying(inner, said)))))
            .collect(),
        ),
        guest: Closed::Refused(guests()),
        mention: Mention::Written(&[
            "<#C0CANARY|canary-layoffs>",
            "<#C0CANARY|>",
            "<#C0CANARY>",
            "<#G0CANARY|canary-layoffs>",
            "&lt;#C0CANARY|canary-layoffs&gt;",
            "<https://acme.slack.com/archives/D0CANARY/p1772442000000100>",
            "<https://acme.slack.com/archives/C0CANARY/p1772442000000100|https://acme.slack.com/archives/C0CANARY/p1772442000000100>",
            "<https://acme.slack.com/archives/G0CANARY|that>",
            "https://acme.slack.com/archives/D0CANARY/p1772442000000100?thread_ts=1.2&cid=D0CANARY",
            "acme.slack.com/messages/C0CANARY",
            "<https://acme.slack.com/team/U0CANARY|her>",
            "<https://acme.enterprise.slack.com/files/U0CANARY/F1/canary.txt>",
            "<https://app.slack.com/client/T1/D0CANARY>",
            "<slack://channel?team=T1&id=D0CANARY>",
            "<https://slack.com/app_redirect?channel=C0CANARY>",
            "<!subteam^S0CANARY|@canary-team>",
            "<!subteam^S0CANARY>",
            "<!date^1772442000^Posted {date_num} by Canary|Canary left on 2 March>",
            "<!date^1772442000^{date}^https://canary.example/|canary>",
            "<!canary|canary>",
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

/// An edit whose `inner` message says so about where it stands.
fn saying(inner: &str, said: &Value) -> Value {
    let mut event = edited("C0CAFE");
    event[inner].as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
    event
}

/// Somebody of another workspace, in each field that says so, with `is_ext_shared_channel` missing, null and false.
fn guests() -> Vec<Sample> {
    let mut samples = Vec::new();
    for shared in [None, Some(Value::Null), Some(json!(false))] {
        for field in ["team", "user_team", "source_team"] {
            let mut posted = message("C0CAFE", Some("channel"));
            posted[field] = json!("T0GUEST");
            for event in [posted, saying("message", &json!({field: "T0GUEST"})), saying("previous_message", &json!({field: "E0GUEST"}))] {
                let mut payload = envelope(&event);
                match &shared {
                    None => drop(payload.as_object_mut().unwrap().remove("is_ext_shared_channel")),
                    Some(value) => payload["is_ext_shared_channel"] = value.clone(),
                }
                samples.push(Sample::bare(&payload));
            }
        }
    }
    samples
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
