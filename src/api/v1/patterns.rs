//! `/patterns`: those of the caller's own teams.

use crate::api::caller::Caller;
use crate::api::json;
use crate::auth::Scope;
use crate::base::clock::Clock;
use crate::base::id::PatternId;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::patterns::decide::{DecideError, decide};
use crate::patterns::{self, Pattern, Status, Summary};
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    status: String,
    note: Option<String>,
}

fn summary_view(summary: &Summary) -> Value {
    json!({
        "id": summary.id.to_string(),
        "detector": summary.detector,
        "scope": summary.scope.external_id(),
        "title": summary.title,
        "statement": summary.statement,
        "status": summary.status.as_str(),
        "surfaced_at": summary.surfaced_at.to_string(),
        "last_seen_at": summary.last_seen_at.to_string(),
        "closed_at": summary.closed_at.map(|at| at.to_string()),
        "sources": summary.sources,
        "sources_total": summary.sources_total,
    })
}

/// The pattern as `demo --once --json` and the API print it.
pub fn view(pattern: &Pattern) -> Value {
    let mut body = summary_view(&pattern.summary);
    let evidence: Vec<Value> = pattern
        .evidence
        .iter()
        .map(|source| json!({ "id": source.id, "kind": source.kind, "url": source.url, "at": source.at.to_string() }))
        .collect();
    if let (Some(body), Ok(Value::Object(details))) = (body.as_object_mut(), serde_json::to_value(&pattern.details)) {
        for (name, value) in details {
            body.entry(name).or_insert(value);
        }
        body.insert("evidence".to_owned(), Value::Array(evidence));
    }
    body
}

pub(in crate::api) async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let views = blocking(move || {
        let mut views = Vec::new();
        for summary in patterns::list(&caller.org, &caller.principal)? {
            views.extend(patterns::show(&caller.org, &caller.principal, summary.id)?.as_ref().map(view));
        }
        Ok::<_, Problem>(views)
    })
    .await?;
    Ok(json::ok(&json!({ "patterns": views })))
}

pub(in crate::api) async fn show(caller: Caller, path: Path<String>) -> Result<HttpResponse, Problem> {
    let id: PatternId = path.parse().map_err(|_| Problem::not_found())?;
    let found = blocking(move || Ok::<_, Problem>(patterns::show(&caller.org, &caller.principal, id)?)).await?;
    Ok(json::ok(&view(&found.ok_or_else(Problem::not_found)?)))
}

pub(in crate::api) async fn put_status(
    caller: Caller,
    path: Path<String>,
    body: Body,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let id: PatternId = path.parse().map_err(|_| Problem::not_found())?;
    // The answer is the pattern.
    caller.needs(Scope::ReadPatterns)?;
    let human = caller.human()?;
    let wish: Wish = json::read(&body)?;
    let status = Status::parse(&wish.status).ok_or(NOT_A_DECISION)?;
    let shown = blocking(move || {
        decide(&caller.org, human, id, status, wish.note.as_deref(), clock.now()).map_err(problem)?;
        Ok::<_, Problem>(patterns::show(&caller.org, &caller.principal, id)?)
    })
    .await?;
    Ok(json::ok(&view(&shown.ok_or_else(Problem::not_found)?)))
}

const NOT_A_DECISION: Problem = Problem::senseless("The status must be acknowledged, addressed or dismissed.");

fn problem(error: DecideError) -> Problem {
    match error {
        DecideError::NoSuchPattern => Problem::not_found(),
        DecideError::Closed => Problem::conflict("This pattern is closed already. If it comes back, it comes back as a new one."),
        DecideError::NotADecision => NOT_A_DECISION,
        DecideError::Fault(fault) => fault.into(),
    }
}
