//! The sources of a connection: what may be read, chosen one by one.

use crate::base::clock::Clock;
use crate::base::error::Fault;
use crate::base::id::ConnectionId;
use crate::base::text::Slug;
use crate::connectors::{Connector, connector};
use crate::http::forms::{Field, Form};
use crate::http::problem::Problem;
use crate::orgs::connections::{self, Connection};
use crate::orgs::sources::{self, Source, Switch, TEAM_DEFAULT};
use crate::store::OrgDb;
use crate::web::admission::At;
use crate::web::format;
use crate::web::layout::{Answer, Frame, View, page, page_with, see_other};
use crate::web::pages::connections::href;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use jiff::tz::TimeZone;

/// All sources of a connection, and what switching one on means.
#[derive(Template)]
#[template(path = "sources/index.html")]
pub struct Index {
    pub frame: Frame,
    pub csrf: String,
    pub connection: String,
    pub connection_href: String,
    pub action: String,
    pub disclosure: Disclosed,
    pub external_id: Field,
    pub label: Field,
    pub team: Field,
    pub count: String,
    pub sources: Vec<Row>,
}

/// One source.
pub struct Row {
    pub name: String,
    pub external_id: String,
    pub note: String,
    pub is_on: bool,
    pub team: String,
}

/// What an admin reads before switching a source on.
pub struct Disclosed {
    pub tool: &'static str,
    pub reads: &'static [&'static str],
    pub never: &'static [&'static str],
    pub kept: &'static [Kept],
    pub scopes: &'static [&'static str],
}

/// What is kept of a source, and for how long.
pub struct Kept {
    pub what: &'static str,
    pub how_long: &'static str,
}

/// What is kept of any source, and for how long (DECISIONS, 'What is kept').
pub const KEPT: &[Kept] = &[
    Kept {
        what: "Text of messages, with code, secrets and names taken out",
        how_long: "35 days; then only time, place, thread, score and link stay",
    },
    Kept { what: "Changes, reviews, runs, deploys and incidents: title, times, states", how_long: "400 days" },
    Kept { what: "Patterns and their statements", how_long: "until the team deletes them" },
    Kept { what: "What is turned away", how_long: "never kept; counted by reason" },
];

const NO_PLACE: &str =
    "That is no place that may be read. A Slack channel’s id begins with C or G, never with D; a repository is owner/name.";
const BAD_TEAM: &str = "Write lower-case letters, digits and single hyphens, such as web-shop.";

/// `GET /connections/{id}/sources`.
pub async fn index(at: At, view: View, id: Path<String>) -> Answer {
    let (connection, tool, found) = find(&at, &id).await?;
    let team = Field { value: TEAM_DEFAULT.to_owned(), ..Field::empty("team") };
    page(&shown(&at, view, &connection, tool, found, [Field::empty("external_id"), Field::empty("label"), team]))
}

/// `POST /connections/{id}/sources`.
pub async fn create(at: At, view: View, id: Path<String>, form: Form, clock: Data<Clock>) -> Answer {
    let (connection, tool, found) = find(&at, &id).await?;
    match wish(connection.id, tool, &form) {
        Ok(wish) => {
            let (by, actor) = (at.principal.member(), at.principal.actor());
            at.blocking(move |org| sources::switch(org, wish, Some(by), actor, clock.now())).await?;
            Ok(see_other(&format!("{}/sources", href(connection.id))))
        }
        Err(fields) => page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown(&at, view, &connection, tool, found, *fields)),
    }
}

async fn find(at: &At, id: &str) -> Result<(Connection, &'static dyn Connector, Vec<Source>), Problem> {
    let id: ConnectionId = id.parse().map_err(|_| Problem::not_found())?;
    let found = at.blocking(move |org| connection_with_sources(org, id)).await?;
    let (connection, sources) = found.ok_or_else(Problem::not_found)?;
    let tool = connector(&connection.connector).ok_or_else(Problem::not_found)?;
    Ok((connection, tool, sources))
}

fn connection_with_sources(org: &OrgDb, id: ConnectionId) -> Result<Option<(Connection, Vec<Source>)>, Fault> {
    match connections::find(org, id)? {
        Some(connection) => Ok(Some((connection, sources::list(org, id)?))),
        None => Ok(None),
    }
}

/// What the form asks for, or its fields with what is wrong.
fn wish(connection: ConnectionId, tool: &dyn Connector, form: &Form) -> Result<Switch, Box<[Field; 3]>> {
    let place = tool.place(form.text("external_id"));
    let (text, team) = (form.text("team"), Slug::parse(form.text("team")));
    match place {
        Some(place) if team.is_some() || text.is_empty() => Ok(Switch {
            connection,
            external_id: place.external_id().to_owned(),
            place_kind: place.kind(),
            as_written: form.text("external_id").to_owned(),
            label: Some(form.text("label").to_owned()),
            is_subscribed: form.text("subscribed") == "true",
            team,
        }),
        place => {
            let complain = |field: Field, is_bad: bool, error| if is_bad { field.refused(error) } else { field };
            Err(Box::new([
                complain(Field::sent("external_id", form), place.is_none(), NO_PLACE),
                Field::sent("label", form),
                complain(Field::sent("team", form), team.is_none() && !text.is_empty(), BAD_TEAM),
            ]))
        }
    }
}

fn shown(
    at: &At,
    view: View,
    connection: &Connection,
    tool: &'static dyn Connector,
    found: Vec<Source>,
    [external_id, label, team]: [Field; 3],
) -> Index {
    let on = found.iter().filter(|source| source.is_subscribed).count();
    let disclosure = tool.disclosure();
    Index {
        frame: view.frame("Sources"),
        csrf: at.form_token.to_string(),
        connection: connection.name.clone(),
        connection_href: href(connection.id),
        action: format!("{}/sources", href(connection.id)),
        disclosure: Disclosed {
            tool: tool.title(),
            reads: disclosure.reads,
            never: disclosure.never,
            kept: KEPT,
            scopes: disclosure.scopes,
        },
        external_id,
        label,
        team,
        count: if found.is_empty() {
            "No source yet".to_owned()
        } else {
            format!("{on} of {} on", format::count(found.len() as u64, "source", "sources"))
        },
        sources: found.into_iter().map(row).collect(),
    }
}

fn row(source: Source) -> Row {
    let since = format::day(source.changed_at, &TimeZone::UTC);
    let id = if source.label.is_some() { format!("{} · ", source.external_id) } else { String::new() };
    let state = if source.is_subscribed { "on" } else { "off" };
    Row {
        name: source.label.unwrap_or_else(|| source.external_id.clone()),
        note: format!("{id}team {} · {state} since {since}", source.team_slug),
        external_id: source.external_id,
        is_on: source.is_subscribed,
        team: source.team_slug,
    }
}

impl Index {
    fn complaints(&self) -> Vec<&Field> {
        [&self.external_id, &self.label, &self.team].into_iter().filter(|field| field.is_bad()).collect()
    }
}
