//! Deliveries in the shape that GitHub and Slack send, with a needle in what is not to be kept.

use crate::base::clock::Instant;
use serde_json::{Value, json};

/// The channel and the repository that are switched on.
pub(super) const CHANNEL: &str = "C0TRIAL";
pub(super) const REPOSITORY: &str = "trial/trial";

/// A message of Slack's Events API. `channel_type` is left out where there is none.
pub(super) fn message(number: u32, (channel, channel_type): (&str, Option<&str>), user: &str, now: Instant, text: &str) -> Value {
    let ts = format!("{}.{number:06}", now.as_second());
    let mut event = json!({ "type": "message", "channel": channel, "user": user, "ts": ts, "event_ts": ts, "text": text });
    if let (Some(channel_type), Some(event)) = (channel_type, event.as_object_mut()) {
        event.insert("channel_type".to_owned(), channel_type.into());
    }
    envelope(number, &event)
}

/// An edit: the old text and the new.
pub(super) fn edit(number: u32, (channel, channel_type): (&str, &str), now: Instant, text: &str) -> Value {
    let ts = format!("{}.{number:06}", now.as_second());
    let inner = json!({ "type": "message", "user": "U0TRIAL", "text": text, "ts": ts });
    envelope(
        number,
        &json!({
            "type": "message", "subtype": "message_changed", "channel": channel, "channel_type": channel_type, "ts": ts, "event_ts": ts,
            "message": inner, "previous_message": inner,
        }),
    )
}

fn envelope(number: u32, event: &Value) -> Value {
    json!({
        "token": "x", "team_id": "T0TRIAL", "api_app_id": "A0TRIAL", "type": "event_callback", "event_id": format!("Ev0TRIAL{number}"),
        "event_time": 1, "event": event,
    })
}

/// A pull request that was opened, with a title that is kept, and a needle in everything that is not.
pub(super) fn change(number: u64, (login, title): (&str, &str), now: Instant, needle: &str) -> Value {
    let at = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    json!({
        "action": "opened", "number": number,
        "pull_request": {
            "number": number, "title": title, "draft": false, "body": format!("fn {needle}() {{}}"),
            "diff_url": format!("https://github.com/{needle}.diff"), "patch_url": format!("https://github.com/{needle}.patch"),
            "user": { "id": 1000 + number, "login": login, "type": "User" }, "created_at": at, "updated_at": at,
            "head": { "ref": "topic", "sha": "0123456789012345678901234567890123456789" },
        },
        "repository": { "full_name": REPOSITORY },
    })
}

/// Events of GitHub that carry code, with the kind each is sent as.
pub(super) fn code_events(needle: &str) -> [(&'static str, Value); 3] {
    let repository = json!({ "full_name": REPOSITORY });
    [
        ("push", json!({ "repository": repository, "commits": [{ "message": needle, "added": [needle], "modified": [needle] }] })),
        (
            "pull_request_review_comment",
            json!({ "action": "created", "repository": repository, "comment": { "diff_hunk": format!("@@ -1 +1 @@\n+{needle}"), "body": needle } }),
        ),
        ("commit_comment", json!({ "action": "created", "repository": repository, "comment": { "body": needle, "path": needle } })),
    ]
}

/// Code in the ways in which people paste it, each with the needle in it and the control word around it.
pub(super) fn pasted(needle: &str, control: &str) -> [String; 5] {
    [
        format!(
            "{control} the loop:\n```\nlet {needle} = holds.iter().filter(|hold| hold.is_open()).count();\nreturn Err(Refused::Full);\n```\nas it is"
        ),
        format!(
            "{control}\ndiff --git a/src/price.rs b/src/price.rs\n--- a/src/price.rs\n+++ b/src/price.rs\n@@ -12,7 +12,7 @@ fn base_price\n-    let {needle} = 1;\n+    let {needle} = 2;\n"
        ),
        format!(
            "{control} why?\nconst {needle} = await api.get(path, {{ signal }});\nif (!{needle}.ok) {{ throw new BerthError({needle}.status); }}"
        ),
        format!("{control}: it is `{needle}`, I think"),
        format!(
            "{control} since noon:\nthread 'main' panicked at src/holds/{needle}.rs:88:13:\nattempt to subtract with overflow\nstack backtrace:\n   0: rust_begin_unwind\n   1: berth_api::holds::{needle}::expire"
        ),
    ]
}
