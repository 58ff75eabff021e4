//! The sources of a connection: what may be read, chosen one by one.

use crate::base::clock::Clock;
use crate::base::error::Fault;
use crate::base::id::ConnectionId;
use crate::base::text::Slug;
use crate::connectors::{Connector, Hints, NoChoice, connector};
use crate::http::forms::{Field, Form};
use crate::http::problem::Problem;
use crate::orgs::connections::{self, Connection};
use crate::orgs::sources::{self, LABEL_CHARS_MAX, Source, Switch, TEAM_DEFAULT};
use crate::orgs::teams;
use crate::store::OrgDb;
use crate::web::admission::At;
use crate::web::format;
use crate::web::layout::{Answer, Frame, View, page, page_with, see_other};
use crate::web::pages::connections::href;
use crate::web::pages::patterns::Teams;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;

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
    pub hints: &'static Hints,
    /// The teams there are, to choose from.
    pub teams: Vec<String>,
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
    pub kept: Vec<Kept>,
    pub scopes: &'static [&'static str],
}

/// What is kept of a source, and for how long.
pub struct Kept {
    pub what: &'static str,
    pub how_long: &'static str,
}

/// What is kept of any source, whatever the tool.
const KEPT: [(&str, &str); 2] = [
    ("Patterns: a statement with numbers, and links to sources", "without a limit; they hold no text of anyone"),
    ("What is turned away", "never kept; counted by reason"),
];

const NO_PLACE: NoChoice = NoChoice("That is no place of this tool.");
const BAD_TEAM: &str = "Write lower-case letters, digits and single hyphens, such as web-shop.";
const LONG_LABEL: &str = "This name is too long. Keep it to 80 characters.";

/// `GET /connections/{id}/sources`.
pub async fn index(at: At, view: View, id: Path<String>) -> Answer {
    let found = find(&at, &id).await?;
    let only_team = found.teams.first().filter(|_| found.teams.len() == 1).cloned();
    let team = Field { value: only_team.unwrap_or_else(|| TEAM_DEFAULT.to_owned()), ..Field::empty("team") };
    page(&shown(&at, view, found, [Field::empty("external_id"), Field::empty("label"), team]))
}

/// `POST /connections/{id}/sources`.
pub async fn create(at: At, view: View, id: Path<String>, form: Form, clock: Data<Clock>) -> Answer {
    let found = find(&at, &id).await?;
    let connection = found.connection.id;
    match wish(connection, found.tool, &form) {
        Ok(wish) => {
            let (by, actor) = (at.principal.member(), at.principal.actor());
            at.blocking(move |org| sources::switch(org, wish, Some(by), actor, clock.now())).await?;
            Ok(see_other(&format!("{}/sources", href(connection))))
        }
        Err(fields) => page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown(&at, view, found, *fields)),
    }
}

/// A connection with what its page shows.
struct Found {
    connection: Connection,
    tool: &'static dyn Connector,
    sources: Vec<Source>,
    zones: Teams,
    teams: Vec<String>,
}

async fn find(at: &At, id: &str) -> Result<Found, Problem> {
    let id: ConnectionId = id.parse().map_err(|_| Problem::not_found())?;
    let read = move |org: &OrgDb| {
        let teams = teams::list(org)?.into_iter().map(|team| team.slug.to_string()).collect();
        Ok::<_, Fault>((connections::find(org, id)?, sources::list(org, id)?, Teams::of(org)?, teams))
    };
    let (connection, sources, zones, teams) = at.blocking(read).await?;
    let connection = connection.ok_or_else(Problem::not_found)?;
    let tool = connector(&connection.connector).ok_or_else(Problem::not_found)?;
    Ok(Found { connection, tool, sources, zones, teams })
}

/// What the form asks for, or its fields with what is wrong. Whatever was once switched on can be switched off.
fn wish(connection: ConnectionId, tool: &dyn Connector, form: &Form) -> Result<Switch, Box<[Field; 3]>> {
    let (id, text, label, is_on) = (form.text("external_id"), form.text("team"), form.text("label"), form.text("subscribed") == "true");
    let place = if is_on { tool.choose(id) } else { tool.place(id).ok_or(NO_PLACE) };
    let team = Slug::parse(text);
    let (is_bad_team, is_long) = (team.is_none() && !text.is_empty(), label.chars().count() > LABEL_CHARS_MAX);
    match place {
        Ok(place) if !is_bad_team && !is_long => Ok(Switch {
            connection,
            external_id: place.external_id().to_owned(),
            place_kind: place.kind(),
            as_written: id.to_owned(),
            label: Some(label.to_owned()),
            is_subscribed: is_on,
            team,
        }),
        place => {
            let complain = |name, error: Option<&'static str>| {
                let field = Field::sent(name, form);
                if let Some(error) = error { field.refused(error) } else { field }
            };
            Err(Box::new([
                complain("external_id", place.err().map(|help| help.0)),
                complain("label", is_long.then_some(LONG_LABEL)),
                complain("team", is_bad_team.then_some(BAD_TEAM)),
            ]))
        }
    }
}

fn shown(at: &At, view: View, found: Found, [external_id, label, team]: [Field; 3]) -> Index {
    let Found { connection, tool, sources: found, zones, teams } = found;
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
            kept: disclosure.kept.iter().chain(&KEPT).map(|(what, how_long)| Kept { what, how_long }).collect(),
            scopes: disclosure.scopes,
        },
        hints: &disclosure.hints,
        teams,
        external_id,
        label,
        team,
        count: if found.is_empty() {
            "No source yet".to_owned()
        } else {
            format!("{on} of {} on", format::count(found.len() as u64, "source", "sources"))
        },
        sources: found.into_iter().map(|source| row(source, &zones)).collect(),
    }
}

fn row(source: Source, zones: &Teams) -> Row {
    let since = format::day(source.changed_at, &zones.zone(source.team));
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
