//! Slack's events: the envelope, the message, and the rich text that stands beside its plain text.
//!
//! Names and shapes of the fields: Slack's documentation, 'Events API' and 'message event'.

use super::json::{Json, Object};
use super::rich_text::blocks;
use crate::base::clock::Instant;
use crate::cli::demo::people::{CI_APP_ID, CI_BOT_ID, CI_BOT_USER};
use crate::cli::demo::places::{SLACK_APP_ID, SLACK_BASE_URL, SLACK_TEAM_ID};
use crate::cli::demo::scene::{Said, Scene, Speaker, What};
use crate::cli::demo::splitmix::Key;

/// The member through whom the app was installed.
const INSTALLED_AS: &str = "U07QDRETBOT";
/// Slack's old shared token. The envelope still carries one; nothing may be proven by it.
const VERIFICATION_TOKEN: &str = "qd0verification0token0xx";
const UPPER: &[u8] = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The delivery of a message that was posted, edited or deleted; an empty envelope for anything else.
pub(super) fn write(scene: &Scene) -> Json {
    let (room, event) = match &scene.what {
        What::Posted(said) => (said.room, posted(said)),
        What::Edited { before, text } => (before.room, edited(scene.at, before, text)),
        What::Deleted(said) => (said.room, deleted(scene.at, said)),
        _ => return Object::new().end(),
    };
    let key = Key::of("event").with(room.id).with(&ts(scene.at));
    let authorization = Object::new()
        .null("enterprise_id")
        .text("team_id", SLACK_TEAM_ID)
        .text("user_id", INSTALLED_AS)
        .plain("is_bot", true)
        .plain("is_enterprise_install", false)
        .end();
    Object::new()
        .text("token", VERIFICATION_TOKEN)
        .text("team_id", SLACK_TEAM_ID)
        .text("context_team_id", SLACK_TEAM_ID)
        .null("context_enterprise_id")
        .text("api_app_id", SLACK_APP_ID)
        .put("event", &event)
        .text("type", "event_callback")
        .text("event_id", &format!("Ev{}", key.letters(UPPER, 9)))
        .plain("event_time", scene.at.as_second())
        .put("authorizations", &Json::list([authorization]))
        .plain("is_ext_shared_channel", false)
        .text("event_context", &format!("4-{}", key.with("context").letters(UPPER, 32)))
        .end()
}

/// An instant as Slack writes it: seconds and microseconds, which is also a message's id.
pub(super) fn ts(at: Instant) -> String {
    let micros = at.as_microsecond();
    format!("{}.{:06}", micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000))
}

fn posted(said: &Said) -> Json {
    let event = Object::new();
    let event = if said.file.is_some() { event.text("subtype", "file_share") } else { event };
    placed(body_of(event, said), said, said.at)
}

/// The place and the event's own time, which end each event.
fn placed(event: Object, said: &Said, at: Instant) -> Json {
    event.text("channel", said.room.id).text("event_ts", &ts(at)).text("channel_type", said.room.kind).end()
}

/// The fields of a message itself, as they stand in an event and again inside an edit.
fn body_of(event: Object, said: &Said) -> Object {
    let event = match said.speaker {
        Speaker::Human(who) => event.text("user", who.slack_id).text("type", "message").text("ts", &ts(said.at)),
        Speaker::CiApp => event
            .text("user", CI_BOT_USER)
            .text("type", "message")
            .text("ts", &ts(said.at))
            .text("bot_id", CI_BOT_ID)
            .text("app_id", CI_APP_ID),
    };
    let key = Key::of("message").with(said.room.id).with(&ts(said.at));
    let event = match said.speaker {
        Speaker::Human(_) => event.text("client_msg_id", &client_id(key)),
        Speaker::CiApp => event,
    };
    let event = event.text("text", &said.text).text("team", SLACK_TEAM_ID);
    let event = match said.speaker {
        Speaker::Human(_) => event,
        Speaker::CiApp => event.put("bot_profile", &ci_profile()),
    };
    let event = match &said.thread {
        Some((root, by)) => event.text("thread_ts", &ts(*root)).text("parent_user_id", by.slack_id),
        None => event,
    };
    let event = match &said.file {
        Some(words) => event.put("files", &Json::list([file(said, key, words)])).plain("upload", false).plain("display_as_bot", false),
        None => event,
    };
    event.put("blocks", &blocks(&said.text, key))
}

fn edited(at: Instant, before: &Said, text: &str) -> Json {
    let now = Said { text: text.to_owned(), ..before.clone() };
    let by = match before.speaker {
        Speaker::Human(who) => who.slack_id,
        Speaker::CiApp => CI_BOT_USER,
    };
    let edit = Object::new().text("user", by).text("ts", &ts(whole_second(at))).end();
    let message =
        body_of(Object::new(), &now).put("edited", &edit).text("source_team", SLACK_TEAM_ID).text("user_team", SLACK_TEAM_ID).end();
    let event = Object::new()
        .text("type", "message")
        .text("subtype", "message_changed")
        .put("message", &message)
        .put("previous_message", &body_of(Object::new(), before).end())
        .plain("hidden", true)
        .text("ts", &ts(at));
    placed(event, before, at)
}

fn deleted(at: Instant, said: &Said) -> Json {
    let event = Object::new()
        .text("type", "message")
        .text("subtype", "message_deleted")
        .put("previous_message", &body_of(Object::new(), said).end())
        .plain("hidden", true)
        .text("deleted_ts", &ts(said.at))
        .text("ts", &ts(at));
    placed(event, said, at)
}

/// The time of an edit has no fraction.
fn whole_second(at: Instant) -> Instant {
    Instant::from_second(at.as_second()).unwrap_or(at)
}

/// The id that the writing client gave: a version 4 UUID.
fn client_id(key: Key) -> String {
    let hex = key.with("client").hex(32);
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

fn ci_profile() -> Json {
    let icon = |size: u32| format!("https://avatars.slack-edge.com/2026-01-12/qd{size}.png");
    let icons = Object::new().text("image_36", &icon(36)).text("image_48", &icon(48)).text("image_72", &icon(72)).end();
    Object::new()
        .text("id", CI_BOT_ID)
        .plain("deleted", false)
        .text("name", "Quaywise CI")
        .plain("updated", 1_768_212_000)
        .text("app_id", CI_APP_ID)
        .text("user_id", CI_BOT_USER)
        .put("icons", &icons)
        .text("team_id", SLACK_TEAM_ID)
        .end()
}

/// A snippet, with the preview that Slack makes of it.
fn file(said: &Said, key: Key, words: &str) -> Json {
    let id = format!("F07QD{}", key.with("file").letters(UPPER, 6));
    let by = match said.speaker {
        Speaker::Human(who) => who.slack_id,
        Speaker::CiApp => CI_BOT_USER,
    };
    let private = format!("https://files.slack.com/files-pri/{SLACK_TEAM_ID}-{id}");
    Object::new()
        .text("id", &id)
        .plain("created", said.at.as_second())
        .plain("timestamp", said.at.as_second())
        .text("name", "snippet.txt")
        .text("title", "snippet.txt")
        .text("mimetype", "text/plain")
        .text("filetype", "text")
        .text("pretty_type", "Plain Text")
        .text("user", by)
        .text("user_team", SLACK_TEAM_ID)
        .plain("editable", true)
        .plain("size", words.len())
        .text("mode", "snippet")
        .plain("is_external", false)
        .text("external_type", "")
        .plain("is_public", true)
        .plain("public_url_shared", false)
        .plain("display_as_bot", false)
        .text("username", "")
        .text("url_private", &format!("{private}/snippet.txt"))
        .text("url_private_download", &format!("{private}/download/snippet.txt"))
        .text("permalink", &format!("{SLACK_BASE_URL}/files/{by}/{id}/snippet.txt"))
        .text("permalink_public", &format!("https://slack-files.com/{SLACK_TEAM_ID}-{id}-{}", key.with("public").hex(10)))
        .text("edit_link", &format!("{SLACK_BASE_URL}/files/{by}/{id}/snippet.txt/edit"))
        .text("preview", words)
        .text("preview_highlight", &format!("<div class=\"CodeMirror cm-s-default\"><pre>{words}</pre></div>"))
        .plain("lines", words.lines().count())
        .plain("lines_more", 0)
        .plain("preview_is_truncated", false)
        .plain("has_rich_preview", false)
        .text("file_access", "visible")
        .end()
}
