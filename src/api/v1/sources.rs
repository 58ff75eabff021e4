//! `/connections/{id}/sources`.

use crate::api::caller::Caller;
use crate::api::json;
use crate::auth::Scope;
use crate::base::clock::Clock;
use crate::base::id::ConnectionId;
use crate::base::text::Slug;
use crate::connectors::connector;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::orgs::connections;
use crate::orgs::sources::{self, LABEL_CHARS_MAX, Source, Switch};
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    subscribed: bool,
    team: Option<String>,
    /// What people call it.
    name: Option<String>,
}

#[derive(Serialize)]
struct View {
    external_id: String,
    kind: String,
    name: Option<String>,
    subscribed: bool,
    team: String,
    changed_at: String,
}

fn view(source: Source) -> View {
    View {
        external_id: source.external_id,
        kind: source.place_kind,
        name: source.label,
        subscribed: source.is_subscribed,
        team: source.team_slug,
        changed_at: source.changed_at.to_string(),
    }
}

pub(in crate::api) async fn list(caller: Caller, path: Path<String>) -> Result<HttpResponse, Problem> {
    caller.needs(Scope::ReadConnections)?;
    let id: ConnectionId = path.parse().map_err(|_| Problem::not_found())?;
    let found = blocking(move || {
        connections::find(&caller.org, id)?.ok_or_else(Problem::not_found)?;
        Ok::<_, Problem>(sources::list(&caller.org, id)?)
    })
    .await?;
    let views: Vec<View> = found.into_iter().map(view).collect();
    Ok(json::ok(&serde_json::json!({ "sources": views })))
}

pub(in crate::api) async fn put(
    caller: Caller,
    path: Path<(String, String)>,
    body: Body,
    clock: Data<Clock>,
) -> Result<HttpResponse, Problem> {
    caller.needs(Scope::WriteSources)?;
    let (id, external_id) = path.into_inner();
    let id: ConnectionId = id.parse().map_err(|_| Problem::not_found())?;
    let wish: Wish = json::read(&body)?;
    let team = wish.team.map(|slug| Slug::parse(&slug).ok_or(BAD_TEAM)).transpose()?;
    if wish.name.as_ref().is_some_and(|name| name.trim().chars().count() > LABEL_CHARS_MAX) {
        return Err(LONG_NAME);
    }
    let source = blocking(move || {
        let connection = connections::find(&caller.org, id)?.ok_or_else(Problem::not_found)?;
        let tool = connector(&connection.connector).ok_or_else(Problem::not_found)?;
        // Whatever was once switched on can be switched off.
        let place = if wish.subscribed {
            tool.choose(&external_id).map_err(|help| Problem::senseless(help.0))?
        } else {
            tool.place(&external_id).ok_or(NO_PLACE)?
        };
        let wish = Switch {
            connection: id,
            external_id: place.external_id().to_owned(),
            place_kind: place.kind(),
            as_written: external_id,
            label: wish.name,
            is_subscribed: wish.subscribed,
            team,
        };
        let by = caller.principal.member();
        Ok::<_, Problem>(sources::switch(&caller.org, wish, Some(by), caller.principal.actor(), clock.now())?)
    })
    .await?;
    Ok(json::ok(&view(source)))
}

const BAD_TEAM: Problem = Problem::senseless("A team is named by lower-case letters, digits and single hyphens, such as “web-shop”.");
const LONG_NAME: Problem = Problem::senseless("The name is too long. Keep it to 80 characters.");
const NO_PLACE: Problem = Problem::senseless("That is no place of this tool.");
