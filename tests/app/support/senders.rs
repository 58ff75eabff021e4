//! What the tools send, signed as they sign it: an implementation of its own, so that it can disagree with the product's.

use super::Server;
use ring::hmac;
use serde_json::{Value, json};

fn hex_hmac(secret: &str, bytes: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), bytes);
    hex::encode(tag.as_ref())
}

/// GitHub's headers for a body.
pub(crate) fn github_headers(secret: &str, kind: &str, body: &[u8]) -> Vec<(String, String)> {
    vec![
        ("X-GitHub-Event".into(), kind.into()),
        ("X-GitHub-Delivery".into(), "72d3162e-cc78-11e3-81ab-4c9367dc0958".into()),
        ("X-Hub-Signature-256".into(), format!("sha256={}", hex_hmac(secret, body))),
    ]
}

/// Slack's headers for a body sent at `at` (seconds since the Unix epoch).
pub(crate) fn slack_headers(secret: &str, at: i64, body: &[u8]) -> Vec<(String, String)> {
    let signed = [format!("v0:{at}:").as_bytes(), body].concat();
    vec![("X-Slack-Request-Timestamp".into(), at.to_string()), ("X-Slack-Signature".into(), format!("v0={}", hex_hmac(secret, &signed)))]
}

/// A GitHub connection that sends.
pub(crate) struct GitHub<'a> {
    pub(crate) server: &'a Server,
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl<'a> GitHub<'a> {
    pub(crate) fn connect(server: &'a Server) -> Self {
        Self::connect_at(server, None)
    }

    /// An installation of one's own.
    pub(crate) fn connect_at(server: &'a Server, base_url: Option<&str>) -> Self {
        let (id, secret) = server.connect("github", base_url);
        Self { server, id, secret }
    }

    pub(crate) fn send(&self, kind: &str, body: &Value) -> u16 {
        let body = body.to_string();
        self.server.post(&format!("/hooks/github/{}", self.id), &github_headers(&self.secret, kind, body.as_bytes()), body.as_bytes()).0
    }
}

/// A Slack connection that sends.
pub(crate) struct Slack<'a> {
    pub(crate) server: &'a Server,
    pub(crate) id: String,
    pub(crate) secret: String,
    /// What the server's clock shows, in seconds since the Unix epoch.
    pub(crate) now: i64,
}

impl<'a> Slack<'a> {
    pub(crate) fn connect(server: &'a Server, now: i64) -> Self {
        let (id, secret) = server.connect("slack", Some("https://acme.slack.com"));
        Self { server, id, secret, now }
    }

    pub(crate) fn send(&self, body: &Value) -> u16 {
        let body = body.to_string();
        self.server.post(&format!("/hooks/slack/{}", self.id), &slack_headers(&self.secret, self.now, body.as_bytes()), body.as_bytes()).0
    }

    /// A message of an open channel.
    pub(crate) fn say(&self, event_id: &str, channel: &str, user: &str, ts: &str, text: &str) -> u16 {
        self.send(&message(event_id, channel, "channel", user, ts, text))
    }
}

/// An Events API envelope with a message (field names as in Slack's public reference of `message` events).
pub(crate) fn message(event_id: &str, channel: &str, channel_type: &str, user: &str, ts: &str, text: &str) -> Value {
    json!({
        "token": "x", "team_id": "T1", "api_app_id": "A1", "type": "event_callback", "event_id": event_id, "event_time": 1,
        "event": { "type": "message", "channel": channel, "channel_type": channel_type, "user": user, "ts": ts, "event_ts": ts, "text": text },
    })
}
