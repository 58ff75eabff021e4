//! `/notices`.

use crate::api::caller::Caller;
use crate::api::json;
use crate::auth::account;
use crate::base::clock::{Clock, Instant};
use crate::base::error::Fault;
use crate::base::id::ConnectionId;
use crate::connectors::connector;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::http::way_out::way_out;
use crate::orgs::notices::{self, ConfirmError, Notice};
use crate::store::{OrgDb, Store};
use crate::surfacing::notice::{Surroundings, compose, is_due, told};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    posted: bool,
    /// That of the notice whose text was posted.
    due_at: Instant,
}

/// A notice with its words.
#[derive(Serialize)]
pub(super) struct View {
    pub(super) connection: String,
    pub(super) external_id: String,
    /// `starts`, `changes` or `stops`.
    change: &'static str,
    /// What it is about: `on` or `shadow`.
    mode: &'static str,
    due: bool,
    due_at: String,
    /// To be posted where the readers of the source are.
    text: String,
    posted_at: Option<String>,
    /// The member who said so.
    posted_by: Option<String>,
}

/// Every notice, the newest first; one of a tool that this version does not know is left out.
pub(super) fn views(org: &OrgDb, store: &Store, way_out: Option<&str>, now: Instant) -> Result<Vec<View>, Fault> {
    notices::list(org)?.iter().filter_map(|notice| view(notice, store, way_out, now).transpose()).collect()
}

fn view(notice: &Notice, store: &Store, way_out: Option<&str>, now: Instant) -> Result<Option<View>, Fault> {
    let Some(tool) = connector(&notice.connector) else { return Ok(None) };
    let contact = notice.due.by.map(|member| account::name_of(store.main(), member)).transpose()?.flatten();
    Ok(Some(View {
        connection: notice.connection.to_string(),
        external_id: notice.external_id.clone(),
        change: notice.due.change.as_str(),
        mode: notice.due.mode.as_str(),
        due: is_due(notice, tool, now),
        due_at: notice.due.at.to_string(),
        text: compose(notice, tool, Surroundings { contact: contact.as_deref(), way_out }, now),
        posted_at: notice.posted.map(|posted| posted.at.to_string()),
        posted_by: notice.posted.map(|posted| posted.by.to_string()),
    }))
}

pub(in crate::api) async fn list(
    caller: Caller,
    req: HttpRequest,
    (store, clock): (Data<Store>, Data<Clock>),
) -> Result<HttpResponse, Problem> {
    let way_out = way_out(&req);
    let found = blocking(move || views(&caller.org, &store, way_out.as_deref(), clock.now())).await?;
    Ok(json::ok(&serde_json::json!({ "notices": found })))
}

/// A person says that a notice was posted.
pub(in crate::api) async fn put(
    caller: Caller,
    path: Path<(String, String)>,
    body: Body,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    let human = caller.human()?;
    let (id, external_id) = path.into_inner();
    let id: ConnectionId = id.parse().map_err(|_| Problem::not_found())?;
    let Confirmation { posted, due_at } = json::read(&body)?;
    if !posted {
        return Err(NOT_POSTED);
    }
    blocking(move || {
        let notices = notices::list(&caller.org)?;
        let found = notices.iter().find(|notice| notice.connection == id && notice.external_id == external_id);
        let tool = found.and_then(|notice| connector(&notice.connector)).ok_or_else(Problem::not_found)?;
        notices::confirm(&caller.org, (id, external_id), (due_at, told(tool)), human, clock.now()).map_err(problem)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

const NOT_POSTED: Problem = Problem::senseless("Only that a notice was posted can be said: send {\"posted\": true, \"due_at\": …}.");

fn problem(error: ConfirmError) -> Problem {
    match error {
        ConfirmError::NoSuchNotice => Problem::not_found(),
        ConfirmError::Replaced => Problem::conflict("This notice was replaced by a newer one. Post the text that stands there now."),
        ConfirmError::Fault(fault) => fault.into(),
    }
}
