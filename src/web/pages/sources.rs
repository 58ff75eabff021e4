//! The sources of a connection: what may be read, chosen one by one.

use crate::base::clock::{Clock, Instant};
use crate::base::dial::Dial;
use crate::base::error::Fault;
use crate::base::id::ConnectionId;
use crate::base::text::Slug;
use crate::capture::shadow::{Preview, preview};
use crate::connectors::{Connector, Hints, NoChoice, connector};
use crate::http::forms::{Field, Form};
use crate::http::problem::Problem;
use crate::orgs::connections::{self, Connection};
use crate::orgs::shadow::Days;
use crate::orgs::sources::{self, LABEL_CHARS_MAX, Mode, Source, Switch, SwitchError, TEAM_DEFAULT};
use crate::orgs::teams;
use crate::store::Store;
use crate::surfacing::notice::KEPT_OF_ANY;
use crate::web::admission::At;
use crate::web::format;
use crate::web::layout::{Answer, Frame, View, page, page_with, see_other};
use crate::web::pages::connections::{State, href};
use crate::web::pages::notices;
use crate::web::pages::patterns::Teams;
use crate::web::pages::trials::Trial;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use std::collections::HashSet;
use std::sync::Arc;

/// All sources of a connection, and what switching one on means.
#[derive(Template)]
#[template(path = "sources/index.html")]
pub struct Index<'a> {
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
    pub sources: Vec<Row<'a>>,
    /// What is tried out, or was.
    pub trials: Vec<Trial>,
}

/// One source.
pub struct Row<'a> {
    pub name: &'a str,
    pub external_id: &'a str,
    pub note: String,
    pub state: State,
    pub is_on: bool,
    pub is_shadow: bool,
    /// Whether its readers have yet to be told how it stands.
    pub is_notice_due: bool,
    pub team: &'a str,
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

const NO_PLACE: NoChoice = NoChoice("That is no place of this tool.");
const BAD_TEAM: &str = "Write lower-case letters, digits and single hyphens, such as web-shop.";
const LONG_LABEL: &str = "This name is too long. Keep it to 80 characters.";
const BAD_DAYS: Problem = Problem::senseless("Shadow mode is asked for 1 to 90 days from now. Ask again to make it longer.");

/// `GET /connections/{id}/sources`.
pub async fn index(at: At, view: View, id: Path<String>, (store, clock): (Data<Store>, Data<Clock>)) -> Answer {
    let found = find(&at, &store, &id, clock.now()).await?;
    let only_team = found.teams.first().filter(|_| found.teams.len() == 1).cloned();
    let team = Field { value: only_team.unwrap_or_else(|| TEAM_DEFAULT.to_owned()), ..Field::empty("team") };
    page(&shown(&at, view, &found, [Field::empty("external_id"), Field::empty("label"), team]))
}

/// `POST /connections/{id}/sources`.
pub async fn create(at: At, view: View, id: Path<String>, form: Form, (store, clock): (Data<Store>, Data<Clock>)) -> Answer {
    let now = clock.now();
    let found = find(&at, &store, &id, now).await?;
    let connection = found.connection.id;
    let days = days(&form)?;
    match wish(connection, found.tool, &form) {
        Ok(wish) => {
            let (by, actor) = (Some(at.principal.member()), at.principal.actor());
            at.blocking(move |org| {
                let switched = match days {
                    Some(days) => sources::try_out(org, wish, days, by, actor, now),
                    None => sources::switch(org, wish, by, actor, now),
                };
                switched.map_err(|error| match error {
                    SwitchError::NoSuchConnection => Problem::not_found(),
                    SwitchError::Fault(fault) => fault.into(),
                })
            })
            .await?;
            Ok(see_other(&format!("{}/sources", href(connection))))
        }
        Err(fields) => page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown(&at, view, &found, *fields)),
    }
}

/// A connection with what its page shows.
struct Found {
    connection: Connection,
    tool: &'static dyn Connector,
    sources: Arc<Vec<Source>>,
    /// What the last shadow of each counted, where there was one.
    previews: Vec<Option<Preview>>,
    /// The ids of those whose readers have yet to be told something.
    untold: HashSet<String>,
    zones: Teams,
    teams: Vec<String>,
    dials: Vec<(String, Dial)>,
    now: Instant,
}

async fn find(at: &At, store: &Store, id: &str, now: Instant) -> Result<Found, Problem> {
    let id: ConnectionId = id.parse().map_err(|_| Problem::not_found())?;
    let found = at.at_hand_or_blocking(store, move |_, org| {
        let Some(connection) = connections::find(org, id)? else { return Ok(None) };
        let Some(tool) = connector(&connection.connector) else { return Ok(None) };
        let sources = sources::list(org, id)?;
        let counted = |source: &Source| source.shadow.map(|_| org.read(|reader| preview(reader, id, &source.external_id))).transpose();
        let previews = sources.iter().map(counted).collect::<Result<Vec<Option<Preview>>, Fault>>()?;
        let untold = notices::due(org, now)?.into_iter().filter(|(connection, _)| *connection == id).map(|(_, source)| source).collect();
        let dials: Vec<(String, Dial)> = teams::list(org)?.iter().map(|team| (team.slug.to_string(), team.dial)).collect();
        let teams = dials.iter().map(|(slug, _)| slug.clone()).collect();
        Ok(Some(Found { connection, tool, sources, previews, untold, zones: Teams::of(org)?, teams, dials, now }))
    });
    found.await?.ok_or_else(Problem::not_found)
}

/// For how many days the form asks for shadow mode; `None` where it asks for something else.
fn days(form: &Form) -> Result<Option<Days>, Problem> {
    match (form.text("mode"), form.text("days")) {
        ("shadow", "") => Ok(Some(Days::default())),
        ("shadow", days) => days.parse().ok().and_then(Days::new).map(Some).ok_or(BAD_DAYS),
        _ => Ok(None),
    }
}

/// What the form asks for, or its fields with what is wrong. Whatever was once switched on can be switched off.
fn wish(connection: ConnectionId, tool: &dyn Connector, form: &Form) -> Result<Switch, Box<[Field; 3]>> {
    let (id, text, label, is_on) = (form.text("external_id"), form.text("team"), form.text("label"), form.text("subscribed") == "true");
    let is_heard = is_on || form.text("mode") == "shadow";
    let place = if is_heard { tool.choose(id) } else { tool.place(id).ok_or(NO_PLACE) };
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

fn shown<'a>(at: &At, view: View, found: &'a Found, [external_id, label, team]: [Field; 3]) -> Index<'a> {
    let Found { connection, tool, sources: found, previews, untold, zones, teams, dials, now } = found;
    let (tool, now) = (*tool, *now);
    let dial = |source: &Source| dials.iter().find(|(slug, _)| *slug == source.team_slug).map_or(Dial::default(), |(_, dial)| *dial);
    let trial = |(source, preview): (&Source, &Option<Preview>)| {
        Trial::of(source, preview.as_ref()?, (dial(source), &zones.zone(source.team)), now)
    };
    let trials: Vec<Trial> = found.iter().zip(previews).filter_map(trial).collect();
    Index {
        frame: view.frame("Sources"),
        csrf: at.form_token.to_string(),
        connection: connection.name.clone(),
        connection_href: href(connection.id),
        action: format!("{}/sources", href(connection.id)),
        disclosure: disclosed(tool),
        hints: &tool.disclosure().hints,
        teams: teams.clone(),
        external_id,
        label,
        team,
        count: if found.is_empty() { "No source yet".to_owned() } else { count(found, now) },
        sources: found.iter().map(|source| row(source, zones, untold, now)).collect(),
        trials,
    }
}

/// What a tool's connector reads, never reads and keeps, for a page to show.
pub fn disclosed(tool: &dyn Connector) -> Disclosed {
    let disclosure = tool.disclosure();
    Disclosed {
        tool: tool.title(),
        reads: disclosure.reads,
        never: disclosure.never,
        kept: disclosure.kept.iter().chain(&KEPT_OF_ANY).map(|(what, how_long)| Kept { what, how_long }).collect(),
        scopes: disclosure.scopes,
    }
}

/// `2 of 5 sources on, 1 in shadow mode`.
fn count(found: &[Source], now: Instant) -> String {
    let of = |mode: Mode| found.iter().filter(|source| source.mode(now) == mode).count() as u64;
    let shadow = match of(Mode::Shadow) {
        0 => String::new(),
        n => format!(", {} in shadow mode", format::grouped(n)),
    };
    format!("{} of {} on{shadow}", format::grouped(of(Mode::On)), format::count(found.len() as u64, "source", "sources"))
}

fn row<'a>(source: &'a Source, zones: &Teams, untold: &HashSet<String>, now: Instant) -> Row<'a> {
    let mode = source.mode(now);
    let day = |at: Instant| format::day(at, &zones.zone(source.team));
    let id = if source.label.is_some() { format!("{} · ", source.external_id) } else { String::new() };
    let (stands, state) = match (mode, source.shadow) {
        (Mode::On, _) => (format!("on since {}", day(source.changed_at)), State { words: "On", tone: "good" }),
        (Mode::Shadow, Some(shadow)) => (format!("in shadow mode until {}", day(shadow.to)), State { words: "Shadow", tone: "plain" }),
        // It may have gone off without anybody's doing.
        (_, Some(shadow)) => (format!("off since {}", day(shadow.to.max(source.changed_at))), State { words: "Off", tone: "off" }),
        _ => (format!("off since {}", day(source.changed_at)), State { words: "Off", tone: "off" }),
    };
    Row {
        name: source.label.as_ref().unwrap_or(&source.external_id),
        note: format!("{id}team {} · {stands}", source.team_slug),
        is_notice_due: untold.contains(&source.external_id),
        external_id: &source.external_id,
        state,
        is_on: mode == Mode::On,
        is_shadow: mode == Mode::Shadow,
        team: &source.team_slug,
    }
}

impl Index<'_> {
    fn complaints(&self) -> Vec<&Field> {
        [&self.external_id, &self.label, &self.team].into_iter().filter(|field| field.is_bad()).collect()
    }
}
