//! The OpenAPI document against real answers: every operation is asked once at least, and what it answers is what the document says.

use crate::patterns::{AUTHORS, feed_flaky_weeks};
use crate::support::senders::GitHub;
use crate::support::{MONDAY, Sandbox, Server};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Asks, and compares the answer with the document.
struct Asker<'a> {
    server: &'a Server,
    document: Value,
    /// Operations that answered with success.
    done: BTreeSet<String>,
}

impl<'a> Asker<'a> {
    fn new(server: &'a Server) -> Self {
        let (status, document) = server.get("/api/openapi.json");
        assert_eq!(status, 200);
        Self { server, document: serde_json::from_str(&document).unwrap(), done: BTreeSet::new() }
    }

    /// Asks for `path`, of the operation at `template`.
    #[track_caller]
    fn ask(&mut self, method: &str, (template, path): (&str, &str), body: &Value) -> (u16, Value) {
        let (status, answer) = self.server.api(method, path, body);
        let operation = &self.document["paths"][format!("/api/v1{template}")][method.to_lowercase()];
        let response = &operation["responses"][status.to_string()];
        assert!(response.is_object(), "{method} {template} answered {status}, which the document does not know: {answer}");
        let content = response["content"].as_object().and_then(|content| content.values().next());
        let faults = content.map(|content| self.faults(&content["schema"], &answer, "answer"));
        assert_eq!(faults.unwrap_or_default(), Vec::<String>::new(), "{method} {template}: {answer}");
        assert!(content.is_some() || answer == json!(""), "{method} {template} has a body: {answer}");
        if status < 300 {
            self.done.insert(operation["operationId"].as_str().unwrap().to_owned());
        }
        (status, answer)
    }

    /// Where a value is not of its schema: as much of JSON Schema as the document uses, and an unknown keyword is a fault too.
    fn faults(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let mut found = Vec::new();
        for (keyword, wanted) in schema.as_object().unwrap() {
            let holds = match keyword.as_str() {
                "$ref" => {
                    let name = wanted.as_str().unwrap().rsplit('/').next().unwrap();
                    found.extend(self.faults(&self.document["components"]["schemas"][name], value, at));
                    true
                }
                "type" => match wanted {
                    Value::Array(kinds) => kinds.iter().any(|kind| is_of(kind, value)),
                    kind => is_of(kind, value),
                },
                "anyOf" => wanted.as_array().unwrap().iter().any(|schema| self.faults(schema, value, at).is_empty()),
                "const" => wanted == value,
                "enum" => wanted.as_array().unwrap().contains(value),
                "required" => wanted.as_array().unwrap().iter().all(|name| value.get(name.as_str().unwrap()).is_some()),
                "properties" => {
                    for (name, schema) in wanted.as_object().unwrap() {
                        if let Some(member) = value.get(name) {
                            found.extend(self.faults(schema, member, &format!("{at}.{name}")));
                        }
                    }
                    true
                }
                "additionalProperties" => {
                    let known = schema["properties"].as_object();
                    let others =
                        value.as_object().into_iter().flatten().filter(|(name, _)| known.is_none_or(|known| !known.contains_key(*name)));
                    for (name, member) in others {
                        match wanted {
                            Value::Bool(false) => found.push(format!("{at}.{name} is unknown")),
                            schema => found.extend(self.faults(schema, member, &format!("{at}.{name}"))),
                        }
                    }
                    true
                }
                "items" => {
                    for (index, item) in value.as_array().unwrap().iter().enumerate() {
                        found.extend(self.faults(wanted, item, &format!("{at}[{index}]")));
                    }
                    true
                }
                "maxItems" => value.as_array().unwrap().len() as u64 <= wanted.as_u64().unwrap(),
                "minItems" => value.as_array().unwrap().len() as u64 >= wanted.as_u64().unwrap(),
                "minimum" => value.as_f64() >= wanted.as_f64(),
                "maximum" => value.as_f64() <= wanted.as_f64(),
                "minLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 >= wanted.as_u64().unwrap()),
                "maxLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 <= wanted.as_u64().unwrap()),
                "pattern" => value.as_str().is_none_or(|text| regex::Regex::new(wanted.as_str().unwrap()).unwrap().is_match(text)),
                "format" => value.as_str().is_none_or(|text| text.parse::<jiff::Timestamp>().is_ok()),
                "description" => true,
                _ => false,
            };
            if !holds {
                found.push(format!("{at}: {keyword}"));
            }
        }
        found
    }
}

fn is_of(kind: &Value, value: &Value) -> bool {
    match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => unreachable!("{other}"),
    }
}

#[test]
fn every_operation_answers_what_the_document_says() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve("2026-11-13T23:00:00Z");
    let mut asker = Asker::new(&server);
    let one = |path: &'static str| (path, path);
    let nothing = Value::Null;

    let (_, made) = asker.ask("POST", one("/connections"), &json!({ "connector": "github", "name": "Code" }));
    let id = made["id"].as_str().unwrap().to_owned();
    let of = |rest: &str| format!("/connections/{id}{rest}");
    for (body, status) in [
        (json!({ "connector": "telex", "name": "x" }), 422),
        (json!({ "connector": "github" }), 422),
        (json!({ "connector": "github", "name": "x", "more": 1 }), 422),
        (json!("x".repeat(40_000)), 413),
    ] {
        assert_eq!(asker.ask("POST", one("/connections"), &body).0, status);
    }
    asker.ask("GET", one("/connections"), &nothing);
    asker.ask("PUT", ("/connections/{id}/secret", &of("/secret")), &json!({ "secret": "a secret of one's own" }));
    let source = of("/sources/acme%2Fweb");
    asker.ask("PUT", ("/connections/{id}/sources/{external_id}", &source), &json!({ "subscribed": true, "team": "web", "name": "Web" }));
    assert_eq!(asker.ask("PUT", ("/connections/{id}/sources/{external_id}", &source), &json!({ "subscribed": "yes" })).0, 422);
    asker.ask(
        "PUT",
        ("/connections/{id}/sources/{external_id}", &of("/sources/acme%2Ftry")),
        &json!({ "subscribed": false, "shadow_days": 7 }),
    );
    asker.ask("GET", ("/connections/{id}/sources", &of("/sources")), &nothing);
    let (_, notices) = asker.ask("GET", one("/notices"), &nothing);
    let due = notices["notices"].as_array().unwrap().iter().find(|notice| notice["external_id"] == "acme/web").unwrap();
    let path = format!("/notices/{id}/acme%2Fweb");
    let posted = json!({ "posted": true, "due_at": due["due_at"] });
    asker.ask("PUT", ("/notices/{connection}/{external_id}", &path), &posted);
    let unknown = "/connections/0190b5f2c1a87e3c9d2f4b6a8c0e1f23d4a6b8c0e2f41357/sources";
    assert_eq!(asker.ask("GET", ("/connections/{id}/sources", unknown), &nothing).0, 404);

    feed_flaky_weeks(&GitHub { server: &server, id: id.clone(), secret: "a secret of one's own".to_owned() }, AUTHORS);
    asker.ask("PUT", one("/sandbox/clock"), &json!({ "at": "2026-11-16T07:00:00Z" }));
    asker.ask("GET", one("/signals/summary"), &nothing);
    let (_, patterns) = asker.ask("GET", one("/patterns"), &nothing);
    let pattern = patterns["patterns"][0]["id"].as_str().expect("a pattern").to_owned();
    asker.ask("GET", ("/patterns/{id}", &format!("/patterns/{pattern}")), &nothing);
    let status = format!("/patterns/{pattern}/status");
    asker.ask("PUT", ("/patterns/{id}/status", &status), &json!({ "status": "dismissed", "note": "known" }));
    assert_eq!(asker.ask("PUT", ("/patterns/{id}/status", &status), &json!({ "status": "dismissed" })).0, 409);
    members_and_teams(&mut asker);
    asker.ask("POST", one("/people/opt-outs"), &json!({ "connector": "slack", "handle": "U0123ABCD" }));
    asker.ask("GET", one("/people/opt-outs"), &nothing);
    assert_eq!(asker.ask("GET", one("/production"), &nothing).1, json!({ "environments": ["production", "prod", "live"] }));
    let named = json!({ "environments": ["prod eu", "live"] });
    assert_eq!(asker.ask("PUT", one("/production"), &json!({ "environments": ["Prod EU", "live", "LIVE"] })).1, named);
    assert_eq!(asker.ask("GET", one("/production"), &nothing).1, named);
    let (_, promises) = asker.ask("GET", one("/promises"), &nothing);
    assert!(promises["promises"].as_array().unwrap().iter().all(|row| row["holds"] != json!(false)), "{promises}");
    asker.ask("DELETE", ("/connections/{id}", &of("")), &nothing);
    assert_eq!(asker.ask("DELETE", ("/connections/{id}", &of("")), &nothing).0, 404);

    let all = asker.document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let all: BTreeSet<String> = all.filter_map(|operation| operation["operationId"].as_str()).map(str::to_owned).collect();
    let unseen: Vec<&String> = all.difference(&asker.done).collect();
    // The only member is the owner, who cannot be removed.
    assert_eq!(unseen, ["removeMember"], "an operation was never seen to answer");
}

fn members_and_teams(asker: &mut Asker<'_>) {
    let nothing = Value::Null;
    let one = |path: &'static str| (path, path);
    let (_, members) = asker.ask("GET", one("/members"), &nothing);
    let owner = members["members"][0]["id"].as_str().unwrap().to_owned();
    let of_owner = format!("/members/{owner}");
    assert_eq!(asker.ask("DELETE", ("/members/{id}", &of_owner), &nothing).0, 409, "the only owner");
    asker.ask("PUT", ("/members/{id}/role", &format!("{of_owner}/role")), &json!({ "role": "owner" }));
    let (_, team) = asker.ask("POST", one("/teams"), &json!({ "name": "payments" }));
    let team = format!("/teams/{}", team["id"].as_str().unwrap());
    asker.ask("GET", one("/teams"), &nothing);
    asker.ask("PUT", ("/teams/{id}", &team), &json!({ "name": "billing" }));
    let place = format!("{team}/members/{owner}");
    asker.ask("PUT", ("/teams/{id}/members/{member}", &place), &json!({ "facilitator": true }));
    asker.ask("GET", ("/teams/{id}/members", &format!("{team}/members")), &nothing);
    asker.ask("DELETE", ("/teams/{id}/members/{member}", &place), &nothing);
    let (_, invitation) = asker.ask("POST", one("/invitations"), &json!({ "email": "ben@acme.example", "role": "member" }));
    asker.ask("GET", one("/invitations"), &nothing);
    asker.ask("DELETE", ("/invitations/{id}", &format!("/invitations/{}", invitation["id"].as_str().unwrap())), &nothing);
    let (_, token) = asker.ask("POST", one("/tokens"), &json!({ "name": "a script", "scopes": ["patterns:read"], "days": 7 }));
    asker.ask("GET", one("/tokens"), &nothing);
    asker.ask("DELETE", ("/tokens/{id}", &format!("/tokens/{}", token["id"].as_str().unwrap())), &nothing);
}

#[test]
fn a_door_that_answers_too_often_says_so_in_the_document() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let (_, document) = server.get("/api/openapi.json");
    let document: Value = serde_json::from_str(&document).unwrap();
    // These are the ones that are bounded for each member (`auth::sign_in::Desk`).
    for (path, method) in [("/people/opt-outs", "post"), ("/invitations", "post")] {
        let operation = &document["paths"][format!("/api/v1{path}")][method];
        assert!(operation["responses"]["429"].is_object(), "{method} {path}");
    }
}

#[test]
fn another_method_is_answered_with_those_that_there_are() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    for method in ["PATCH", "DELETE", "PUT"] {
        let (status, problem) = server.api(method, "/connections", &Value::Null);
        assert_eq!((status, &problem["status"]), (405, &json!(405)), "{method}");
    }
    assert_eq!(server.api("GET", "/nothing", &Value::Null).0, 404);
}

#[test]
fn what_the_document_forbids_is_refused_and_not_mended_in_silence() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    for base_url in ["", " ", " https://git.acme.example", "http://git.acme.example"] {
        let wish = json!({ "connector": "github", "name": "Code", "base_url": base_url });
        assert_eq!(server.api("POST", "/connections", &wish).0, 422, "{base_url:?}");
    }
    let token = |name: String| server.api("POST", "/tokens", &json!({ "name": name, "scopes": ["decide"], "days": 1 })).0;
    assert_eq!((token("n".repeat(81)), token("n".repeat(80))), (422, 201));
}
