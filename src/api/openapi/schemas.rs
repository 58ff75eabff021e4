//! The schemas of bodies and answers (JSON Schema 2020-12, as OpenAPI 3.1 takes it).
//!
//! What is taken is closed, since an unknown member is refused. What is answered is closed too wherever its members are fixed.

use crate::auth::{Role, Scope};
use crate::connectors;
use crate::orgs::production::{NAME_CHARS_MAX, NAMES_MAX};
use serde_json::{Value, json};

/// Every schema by name.
pub(super) fn all() -> Value {
    let mut all = of_signals();
    if let (Some(all), Value::Object(people)) = (all.as_object_mut(), of_people()) {
        all.extend(people);
    }
    all
}

fn of_people() -> Value {
    json!({
        "Members": list("members", "Member"),
        "Member": closed(json!({ "id": text(), "name": text(), "email": text(), "role": role() }), &["id", "name", "email", "role"]),
        "RoleChange": closed(json!({ "role": role() }), &["role"]),
        "Teams": list("teams", "Team"),
        "Team": closed(json!({ "id": text(), "name": text(), "zone": text(), "dial": dial() }), &["id", "name", "zone", "dial"]),
        "TeamName": closed(json!({ "name": slug() }), &["name"]),
        "TeamMembers": list("members", "TeamMember"),
        "TeamMember": closed(
            json!({ "member": text(), "facilitator": { "type": "boolean" }, "since": instant() }),
            &["member", "facilitator", "since"],
        ),
        "TeamPlace": closed(json!({ "facilitator": { "type": ["boolean", "null"] } }), &[]),
        "Invitations": list("invitations", "Invitation"),
        "Invitation": invitation(false),
        "InvitationWithLink": invitation(true),
        "NewInvitation": closed(
            json!({ "email": { "type": "string", "maxLength": 254, "pattern": "^[!-?A-~]+@[!-?A-~]+$" }, "role": role(), "team": text_or_null() }),
            &["email", "role"],
        ),
        "Tokens": list("tokens", "Token"),
        "Token": token(false),
        "TokenWithText": token(true),
        "NewToken": new_token(),
    })
}

fn of_signals() -> Value {
    json!({
        "Problem": problem(),
        "Connections": list("connections", "Connection"),
        "Connection": connection(false),
        "ConnectionWithSecret": connection(true),
        "NewConnection": new_connection(),
        "NewSecret": closed(json!({ "secret": optional_secret() }), &[]),
        "Sources": list("sources", "Source"),
        "Source": source(),
        "SourceSwitch": source_switch(),
        "Shadow": shadow(),
        "Notices": list("notices", "Notice"),
        "Notice": notice(),
        "NoticePosted": closed(json!({ "posted": { "const": true }, "due_at": instant() }), &["posted", "due_at"]),
        "SignalSummary": closed(
            json!({ "captured": counts(), "refused": counts(), "scored": count(), "stopped_locally": count(), "sent_to_model": count() }),
            &["captured", "refused", "scored", "stopped_locally", "sent_to_model"],
        ),
        "Patterns": list("patterns", "Pattern"),
        "Pattern": pattern(),
        "Evidence": closed(json!({ "id": text(), "kind": text(), "url": text(), "at": instant() }), &["id", "kind", "url", "at"]),
        "Window": closed(json!({ "from": instant(), "to": instant() }), &["from", "to"]),
        "Decision": closed(
            json!({ "status": { "enum": ["acknowledged", "addressed", "dismissed"] }, "note": { "type": ["string", "null"] } }),
            &["status"],
        ),
        "OptOutCount": closed(json!({ "count": count() }), &["count"]),
        "OptOut": opt_out(),
        "OptOutReceipt": closed(json!({ "receipt": text() }), &["receipt"]),
        "Production": production(),
        "Promises": list("promises", "Promise"),
        "Promise": promise(),
        "SandboxClock": closed(json!({ "at": instant() }), &["at"]),
    })
}

fn closed(properties: impl Into<Value>, required: &[&str]) -> Value {
    let properties: Value = properties.into();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn list(name: &str, of: &str) -> Value {
    closed(json!({ name: { "type": "array", "items": { "$ref": format!("#/components/schemas/{of}") } } }), &[name])
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn text_or_null() -> Value {
    json!({ "type": ["string", "null"] })
}

fn instant() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

/// Counts by a word.
fn counts() -> Value {
    json!({ "type": "object", "additionalProperties": count() })
}

fn problem() -> Value {
    closed(
        json!({ "title": text(), "status": { "type": "integer", "minimum": 400, "maximum": 599 }, "detail": text(), "code": text() }),
        &["title", "status", "detail"],
    )
}

fn connector() -> Value {
    json!({ "enum": connectors::names() })
}

fn connection(with_secret: bool) -> Value {
    let mut properties = json!({
        "id": text(), "connector": text(), "name": text(), "base_url": text_or_null(),
        "hook_path": { "type": "string", "pattern": "^/hooks/" }, "created_at": instant(),
    });
    let mut required = vec!["id", "connector", "name", "base_url", "hook_path", "created_at"];
    if let (true, Some(properties)) = (with_secret, properties.as_object_mut()) {
        properties.insert("secret".to_owned(), text());
        required.push("secret");
    }
    closed(properties, &required)
}

/// Printable characters of ASCII.
fn optional_secret() -> Value {
    json!({ "type": ["string", "null"], "minLength": 16, "maxLength": 256, "pattern": "^[ -~]*$" })
}

fn new_connection() -> Value {
    closed(
        json!({
            "connector": connector(),
            "name": { "type": "string", "minLength": 1, "maxLength": 80, "pattern": "\\S" },
            "base_url": {
                "type": ["string", "null"], "maxLength": 200,
                "pattern": "^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9/_.~-]*)?$",
                "description": "The address of the workspace or of one's own installation. Slack needs it for links, except in a sandbox.",
            },
            "secret": optional_secret(),
        }),
        &["connector", "name"],
    )
}

fn source() -> Value {
    closed(
        json!({
            "external_id": text(), "kind": { "enum": ["channel", "repository", "service"] }, "name": text_or_null(),
            "subscribed": { "type": "boolean" }, "mode": { "enum": ["off", "shadow", "on"] }, "team": text(), "changed_at": instant(),
            "shadow": or_null("Shadow"), "notice": or_null("Notice"),
        }),
        &["external_id", "kind", "name", "subscribed", "mode", "team", "changed_at", "shadow", "notice"],
    )
}

fn or_null(schema: &str) -> Value {
    json!({ "anyOf": [{ "$ref": format!("#/components/schemas/{schema}") }, { "type": "null" }] })
}

/// What would have been, in a stretch of shadow mode.
fn shadow() -> Value {
    let counted = json!({ "captured": counts(), "scored": count(), "stopped_locally": count(), "refused": counts(), "passes": counts() });
    let names = ["captured", "scored", "stopped_locally", "refused", "passes"];
    let with = |more: Value| {
        let mut all = counted.clone();
        if let (Some(all), Value::Object(more)) = (all.as_object_mut(), more) {
            all.extend(more);
        }
        all
    };
    let detector = closed(
        json!({ "detector": text(), "verdict": text(), "counted": text(), "came": count(), "at_least": count(), "in_days": count() }),
        &["detector", "verdict", "counted", "came", "at_least", "in_days"],
    );
    let estimate = closed(
        json!({ "patterns_per_week_at_most": count(), "detectors": { "type": "array", "items": detector } }),
        &["patterns_per_week_at_most", "detectors"],
    );
    let day = closed(with(json!({ "day": text() })), &[&names[..], &["day"]].concat());
    let more = json!({ "from": instant(), "until": instant(), "days": { "type": "array", "items": day }, "estimate": estimate });
    closed(with(more), &[&names[..], &["from", "until", "days", "estimate"]].concat())
}

fn notice() -> Value {
    closed(
        json!({
            "connection": text(), "external_id": text(), "change": { "enum": ["starts", "changes", "stops"] },
            "mode": { "enum": ["on", "shadow"] }, "due": { "type": "boolean" }, "due_at": instant(), "text": text(),
            "posted_at": { "type": ["string", "null"], "format": "date-time" }, "posted_by": text_or_null(),
        }),
        &["connection", "external_id", "change", "mode", "due", "due_at", "text", "posted_at", "posted_by"],
    )
}

fn source_switch() -> Value {
    closed(
        json!({
            "subscribed": { "type": "boolean" },
            "team": {
                "type": ["string", "null"], "minLength": 1, "maxLength": 64, "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
                "description": "The team that hears it from now on; made where it does not exist.",
            },
            "name": { "type": ["string", "null"], "maxLength": 80, "description": "What people call it." },
            "shadow_days": {
                "type": ["integer", "null"], "minimum": 1, "maximum": crate::orgs::shadow::DAYS_MAX,
                "description": "Beside subscribed = false: shadow mode for so many days from now.",
            },
        }),
        &["subscribed"],
    )
}

fn opt_out() -> Value {
    closed(
        json!({
            "connector": connector(),
            "handle": {
                "type": "string", "minLength": 1,
                "description": "A login at a code host, or the id of a Slack member (U0123ABCD): by itself, as a mention or as the link to the profile.",
            },
        }),
        &["connector", "handle"],
    )
}

fn dial() -> Value {
    json!({ "enum": ["quiet", "normal", "verbose"] })
}

/// Printable ASCII without a comma (U+002C), and no space at either end.
fn production() -> Value {
    let name = json!({ "type": "string", "minLength": 1, "maxLength": NAME_CHARS_MAX, "pattern": "^[!-+\\--~]([ -+\\--~]*[!-+\\--~])?$" });
    closed(json!({ "environments": { "type": "array", "minItems": 1, "maxItems": NAMES_MAX, "items": name } }), &["environments"])
}

fn slug() -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$" })
}

fn role() -> Value {
    json!({ "enum": Role::ALL.map(Role::as_str) })
}

fn scope() -> Value {
    json!({ "enum": Scope::ALL.map(Scope::as_str) })
}

fn invitation(with_link: bool) -> Value {
    let mut properties = json!({
        "id": text(), "email": text(), "role": role(), "team": text_or_null(), "created_at": instant(), "expires_at": instant(),
    });
    let mut required = vec!["id", "email", "role", "team", "created_at", "expires_at"];
    if let (true, Some(properties)) = (with_link, properties.as_object_mut()) {
        properties.insert("join_path".to_owned(), json!({ "type": "string", "pattern": "^/join/" }));
        required.push("join_path");
    }
    closed(properties, &required)
}

fn token(with_text: bool) -> Value {
    let mut properties = json!({
        "id": text(), "name": text(), "member": text(), "scopes": { "type": "array", "items": scope() }, "created_at": instant(),
        "expires_at": instant(), "last_used_at": { "type": ["string", "null"], "format": "date-time" },
    });
    let mut required = vec!["id", "name", "member", "scopes", "created_at", "expires_at", "last_used_at"];
    if let (true, Some(properties)) = (with_text, properties.as_object_mut()) {
        properties.insert("token".to_owned(), text());
        required.push("token");
    }
    closed(properties, &required)
}

fn new_token() -> Value {
    closed(
        json!({
            "name": { "type": "string", "minLength": 1, "maxLength": 80, "pattern": "\\S" },
            "scopes": { "type": "array", "items": scope(), "minItems": 1 },
            "days": { "type": ["integer", "null"], "minimum": 1, "maximum": 365 },
        }),
        &["name", "scopes"],
    )
}

/// `holds` is null for a promise that nothing holds yet.
fn promise() -> Value {
    closed(
        json!({
            "id": { "type": "string", "pattern": "^P[0-9]+$" }, "holds": { "type": ["boolean", "null"] }, "evidence": text(),
            "checked_at": instant(), "promise": text(), "held_by": text(), "test": text(), "how": text(),
        }),
        &["id", "holds", "evidence", "checked_at", "promise", "held_by", "test", "how"],
    )
}

/// Numbers and chart differ from detector to detector, and more may be added.
fn pattern() -> Value {
    let properties = json!({
        "id": text(), "detector": text(), "scope": text(), "title": text(), "statement": text(),
        "status": { "enum": ["open", "acknowledged", "addressed", "dismissed", "lapsed"] },
        "surfaced_at": instant(), "last_seen_at": instant(), "closed_at": { "type": ["string", "null"], "format": "date-time" },
        "sources": count(), "sources_total": count(),
        "number": { "type": "string", "pattern": "^D[0-9]+$" }, "version": count(), "dial": { "enum": ["quiet", "normal", "verbose"] },
        "window": { "$ref": "#/components/schemas/Window" }, "baseline": { "$ref": "#/components/schemas/Window" },
        "facts": { "type": "object" }, "chart": { "type": "object" },
        "parameters": { "type": "array", "items": closed(json!({ "name": text(), "value": { "type": ["number", "null"] } }), &["name", "value"]) },
        "why": text(), "goes_away": text(),
        "options": { "type": "array", "items": closed(json!({ "id": text(), "words": text() }), &["id", "words"]) },
        "worded_by": text(),
        "evidence": { "type": "array", "minItems": 1, "items": { "$ref": "#/components/schemas/Evidence" } },
    });
    let required = [
        "id",
        "detector",
        "scope",
        "title",
        "statement",
        "status",
        "surfaced_at",
        "last_seen_at",
        "closed_at",
        "sources",
        "sources_total",
        "number",
        "version",
        "dial",
        "window",
        "baseline",
        "facts",
        "chart",
        "why",
        "goes_away",
        "options",
        "worded_by",
        "evidence",
    ];
    json!({ "type": "object", "properties": properties, "required": required })
}
