//! `/api/openapi.json`: what `/api/v1` takes and answers, as an OpenAPI 3.1 document.
//!
//! Made from one table, [`OPERATIONS`], and one set of schemas. Tests compare the table with the routes that are mounted, and real answers
//! with the schemas; so the document cannot promise what is not so, nor keep silent about a route.

mod operations;
mod schemas;

pub use operations::{OPERATIONS, Operation};

use crate::api::routes::DOOR;
use crate::auth::Scope;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// The version of the specification that the document follows.
const OPENAPI: &str = "3.1.0";

/// The document as it is sent.
pub fn text() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| document().to_string());
    &TEXT
}

/// The methods that are answered at this path, as `Allow` names them; none where nothing is there at all.
pub fn methods_at(path: &str) -> Vec<&'static str> {
    let Some(path) = path.strip_prefix(DOOR) else { return Vec::new() };
    OPERATIONS.iter().filter(|operation| fits(operation, path)).map(|operation| operation.method).collect()
}

/// Whether a path is one of an operation's. What a source is called may hold slashes.
fn fits(operation: &Operation, path: &str) -> bool {
    let (mut wanted, mut given) = (operation.path.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some("{external_id}"), Some(first)) => return !first.is_empty() && wanted.next().is_none(),
            (Some(part), Some(word)) if part.starts_with('{') && !word.is_empty() => {}
            (Some(part), Some(word)) if part == word => {}
            _ => return false,
        }
    }
}

/// The whole document.
pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS {
        let path = paths.entry(format!("{DOOR}{}", operation.path)).or_insert_with(|| json!({ "parameters": parameters(operation) }));
        if let Some(path) = path.as_object_mut() {
            path.insert(operation.method.to_ascii_lowercase(), described(operation));
        }
    }
    json!({
        "openapi": OPENAPI,
        "info": {
            "title": "SmartRetro",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Patterns about how a team works, for its retrospective.",
            "description": "Everything is of the organisation that the token belongs to; what is another's answers like what does not exist. Times are RFC 3339, in UTC. Errors are application/problem+json (RFC 9457).",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas::all(),
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "description": "An API token: `srt_…`." } },
        },
        "security": [{ "token": [] }],
    })
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let names = operation.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let parameter = |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string", "minLength": 1 }, "description": meaning(name) });
    names.map(parameter).collect()
}

fn meaning(name: &str) -> &'static str {
    match name {
        "external_id" => "As the tool writes it (C0123ABCD, owner/name), percent-encoded.",
        _ => "An id, as lists show it.",
    }
}

fn described(operation: &Operation) -> Value {
    let (status, schema) = operation.done;
    let mut responses = Map::new();
    let body = schema.map(|schema| json!({ "application/json": { "schema": reference(schema) } }));
    responses.insert(
        status.to_string(),
        body.map_or_else(|| json!({ "description": "Done." }), |body| json!({ "description": "Done.", "content": body })),
    );
    let has_parameter = operation.path.contains('{');
    let is_change = operation.method != "GET";
    let usual = [(401, true), (403, operation.scope.is_some()), (404, has_parameter), (429, is_change), (503, true)];
    let of_body = [400, 408, 413, 422].map(|status| (status, operation.body.is_some()));
    let also = operation.also.iter().map(|status| (*status, true));
    for (status, _) in usual.into_iter().chain(of_body).chain(also).filter(|(_, is_possible)| *is_possible) {
        responses.insert(status.to_string(), problem(status));
    }
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.path.split('/').nth(1).unwrap_or_default()],
        "security": [{ "token": operation.scope.map(Scope::as_str).into_iter().collect::<Vec<_>>() }],
        "responses": responses,
    });
    if let (Some(described), Some(schema)) = (described.as_object_mut(), operation.body) {
        let body = json!({ "required": true, "content": { "application/json": { "schema": reference(schema) } } });
        described.insert("requestBody".to_owned(), body);
    }
    described
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// What is said of each status that is no success.
fn problem(status: u16) -> Value {
    let words = match status {
        400 => "The body is not JSON.",
        401 => "There is no token, or it is unknown or over.",
        403 => "The token, or the role of its member, does not allow that.",
        404 => "There is nothing here, or nothing that the caller may know of.",
        408 => "The body did not come in time.",
        409 => "It clashes with what is.",
        413 => "The body is too large.",
        422 => "A member is missing, unknown, of the wrong type, or makes no sense.",
        429 => "Too often.",
        _ => "It cannot be done at the moment; try again later.",
    };
    let mut answer = json!({ "description": words, "content": { "application/problem+json": { "schema": reference("Problem") } } });
    if let (401 | 429 | 503, Some(answer)) = (status, answer.as_object_mut()) {
        let name = if status == 401 { "WWW-Authenticate" } else { "Retry-After" };
        let schema = if status == 401 { json!({ "type": "string" }) } else { json!({ "type": "integer", "minimum": 0 }) };
        answer.insert("headers".to_owned(), json!({ name: { "schema": schema } }));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::routes;
    use crate::http::map::{Gate, Row};
    use std::collections::BTreeSet;

    /// Every route that is mounted, with the right that it asks for.
    fn mounted() -> BTreeSet<(String, String, Option<&'static str>)> {
        let plain = |path: &str| {
            let parts = path.split('/').map(|part| part.split_once(':').map_or_else(|| part.to_owned(), |(name, _)| format!("{name}}}")));
            parts.collect::<Vec<_>>().join("/")
        };
        let row = |row: Row| {
            let scope = if let Gate::Needs(scope) = row.gate { Some(scope.as_str()) } else { None };
            (row.method.to_owned(), plain(&row.path), scope)
        };
        routes::map().rows("").into_iter().map(row).collect()
    }

    #[test]
    fn the_document_has_every_route_that_is_mounted_and_no_other() {
        let row = |one: &Operation| (one.method.to_owned(), one.path.to_owned(), one.scope.map(Scope::as_str));
        let described: BTreeSet<_> = OPERATIONS.iter().map(row).collect();
        assert_eq!(described.len(), OPERATIONS.len(), "each once");
        assert_eq!(described, mounted());
        let ids: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.id).collect();
        assert_eq!(ids.len(), OPERATIONS.len());
    }

    #[test]
    fn every_schema_that_is_named_is_there_and_every_one_is_named() {
        let text = document().to_string();
        let schemas = schemas::all();
        let known: BTreeSet<&str> = schemas.as_object().unwrap().keys().map(String::as_str).collect();
        let named: BTreeSet<&str> = text.split("#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(named, known);
    }

    #[test]
    fn what_a_path_allows_is_found_whatever_stands_in_it() {
        assert_eq!(methods_at("/api/v1/connections"), ["GET", "POST"]);
        assert_eq!(methods_at("/api/v1/connections/x/sources/acme/web"), ["PUT"]);
        assert_eq!(methods_at("/api/v1/connections/x/sources/C0123"), ["PUT"]);
        assert_eq!(methods_at("/api/v1/notices/x/acme/web"), ["PUT"]);
        for nothing in
            ["/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/connections/", "/api/v1/connections/x/sources/", "/elsewhere", ""]
        {
            assert!(methods_at(nothing).is_empty(), "{nothing}");
        }
    }
}
