//! `/connections/{id}/sources`.

use crate::api::caller::Caller;
use crate::api::json;
use crate::api::v1::notices;
use crate::base::clock::{Clock, Instant};
use crate::base::dial::Dial;
use crate::base::error::Fault;
use crate::base::id::ConnectionId;
use crate::base::text::Slug;
use crate::capture::shadow::{Counts, preview};
use crate::connectors::{Connector, connector};
use crate::detection::foresight::{foresee, patterns_per_week_max};
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::http::way_out::way_out;
use crate::orgs::shadow::Days;
use crate::orgs::sources::{self, LABEL_CHARS_MAX, Source, Switch, SwitchError};
use crate::orgs::{connections, teams};
use crate::store::{OrgDb, Store};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    subscribed: bool,
    team: Option<String>,
    /// What people call it.
    name: Option<String>,
    /// Beside `"subscribed": false`: shadow mode for so many days from now.
    shadow_days: Option<u16>,
}

#[derive(Serialize)]
struct View {
    external_id: String,
    kind: String,
    name: Option<String>,
    subscribed: bool,
    /// `off`, `shadow` or `on`.
    mode: &'static str,
    team: String,
    changed_at: String,
    /// The last stretch in shadow mode, running or over; none since it is on.
    shadow: Option<Shadow>,
    /// What its readers are to be told, or were.
    notice: Option<notices::View>,
}

/// What a shadow counted.
#[derive(Serialize)]
struct Shadow {
    from: String,
    until: String,
    #[serde(flatten)]
    counts: Counted,
    days: Vec<Day>,
    estimate: Estimate,
}

#[derive(Serialize)]
struct Day {
    day: String,
    #[serde(flatten)]
    counts: Counted,
}

/// What would have been.
#[derive(Serialize)]
struct Counted {
    /// By kind. Each would have been scored.
    captured: BTreeMap<String, u64>,
    scored: u64,
    stopped_locally: u64,
    /// By reason.
    refused: BTreeMap<String, u64>,
    /// Messages that pass the local filter, by stop of the dial.
    passes: BTreeMap<String, u64>,
}

/// An upper bound of what would have been said.
#[derive(Serialize)]
struct Estimate {
    patterns_per_week_at_most: usize,
    detectors: Vec<Foreseen>,
}

#[derive(Serialize)]
struct Foreseen {
    detector: &'static str,
    /// `silent`, `silent_at_first` or `may_speak`.
    verdict: &'static str,
    /// What it rests on, how many of it came, and how many it needs in how many days.
    counted: &'static str,
    came: u64,
    at_least: u64,
    in_days: i64,
}

impl From<Counts> for Counted {
    fn from(counts: Counts) -> Self {
        let scored = counts.captured_in_all();
        let Counts { captured, stopped_locally, refused, passes, .. } = counts;
        Self { captured, scored, stopped_locally, refused, passes }
    }
}

/// Sources as they stand, with what is known beside them.
struct Views<'a> {
    org: &'a OrgDb,
    connection: ConnectionId,
    notices: Vec<notices::View>,
    dials: Vec<(String, Dial)>,
    now: Instant,
}

impl<'a> Views<'a> {
    fn of(org: &'a OrgDb, store: &Store, connection: ConnectionId, way_out: Option<&str>, now: Instant) -> Result<Self, Fault> {
        let notices = notices::views(org, store, way_out, now)?;
        let dials = teams::list(org)?.iter().map(|team| (team.slug.to_string(), team.dial)).collect();
        Ok(Self { org, connection, notices, dials, now })
    }

    fn view(&mut self, source: &Source) -> Result<View, Fault> {
        let id = self.connection.to_string();
        let notice = self.notices.iter().position(|notice| notice.connection == id && notice.external_id == source.external_id);
        Ok(View {
            shadow: self.shadow(source)?,
            mode: source.mode(self.now).as_str(),
            notice: notice.map(|place| self.notices.swap_remove(place)),
            external_id: source.external_id.clone(),
            kind: source.place_kind.clone(),
            name: source.label.clone(),
            subscribed: source.is_subscribed,
            team: source.team_slug.clone(),
            changed_at: source.changed_at.to_string(),
        })
    }

    fn shadow(&self, source: &Source) -> Result<Option<Shadow>, Fault> {
        let Some(shadow) = source.shadow else { return Ok(None) };
        let preview = self.org.read(|reader| preview(reader, self.connection, &source.external_id))?;
        let days = shadow.from.duration_until(shadow.to.min(self.now)).as_hours() / 24;
        let foreseen = foresee(&source.place_kind, days, |what| preview.total.seen(what));
        let dial = self.dials.iter().find(|(slug, _)| *slug == source.team_slug).map_or(Dial::default(), |(_, dial)| *dial);
        let estimate = Estimate {
            patterns_per_week_at_most: patterns_per_week_max(&foreseen, dial),
            detectors: foreseen
                .iter()
                .map(|one| Foreseen {
                    detector: one.detector.id(),
                    verdict: one.verdict.as_str(),
                    counted: one.least.of.as_str(),
                    came: one.came,
                    at_least: one.least.at_least,
                    in_days: one.least.in_days,
                })
                .collect(),
        };
        Ok(Some(Shadow {
            from: shadow.from.to_string(),
            until: shadow.to.to_string(),
            counts: preview.total.into(),
            days: preview.days.into_iter().map(|(day, counts)| Day { day, counts: counts.into() }).collect(),
            estimate,
        }))
    }
}

pub(in crate::api) async fn list(
    caller: Caller,
    req: HttpRequest,
    path: Path<String>,
    (store, clock): (Data<Store>, Data<Clock>),
) -> Result<HttpResponse, Problem> {
    let id: ConnectionId = path.parse().map_err(|_| Problem::not_found())?;
    let way_out = way_out(&req);
    let views = blocking(move || {
        connections::find(&caller.org, id)?.ok_or_else(Problem::not_found)?;
        let mut views = Views::of(&caller.org, &store, id, way_out.as_deref(), clock.now())?;
        let found = sources::list(&caller.org, id)?;
        Ok::<_, Problem>(found.iter().map(|source| views.view(source)).collect::<Result<Vec<View>, Fault>>()?)
    })
    .await?;
    Ok(json::ok(&serde_json::json!({ "sources": views })))
}

pub(in crate::api) async fn put(
    caller: Caller,
    req: HttpRequest,
    path: Path<(String, String)>,
    body: Body,
    (store, clock): (Data<Store>, Data<Clock>),
) -> Result<HttpResponse, Problem> {
    let (id, external_id) = path.into_inner();
    let id: ConnectionId = id.parse().map_err(|_| Problem::not_found())?;
    let wish: Wish = json::read(&body)?;
    let way_out = way_out(&req);
    let view = blocking(move || {
        let connection = connections::find(&caller.org, id)?.ok_or_else(Problem::not_found)?;
        let tool = connector(&connection.connector).ok_or_else(Problem::not_found)?;
        let (switch, days) = wish.of(id, tool, external_id)?;
        let (by, actor, now) = (Some(caller.principal.member()), caller.principal.actor(), clock.now());
        let source = match days {
            Some(days) => sources::try_out(&caller.org, switch, days, by, actor, now),
            None => sources::switch(&caller.org, switch, by, actor, now),
        }
        .map_err(|error| match error {
            SwitchError::NoSuchConnection => Problem::not_found(),
            SwitchError::Fault(fault) => fault.into(),
        })?;
        Ok::<_, Problem>(Views::of(&caller.org, &store, id, way_out.as_deref(), now)?.view(&source)?)
    })
    .await?;
    Ok(json::ok(&view))
}

impl Wish {
    /// What is asked for, checked; with the days of a shadow, where it is one.
    fn of(self, connection: ConnectionId, tool: &dyn Connector, external_id: String) -> Result<(Switch, Option<Days>), Problem> {
        let team = self.team.map(|slug| Slug::parse(&slug).ok_or(BAD_TEAM)).transpose()?;
        if self.name.as_ref().is_some_and(|name| name.trim().chars().count() > LABEL_CHARS_MAX) {
            return Err(LONG_NAME);
        }
        if self.subscribed && self.shadow_days.is_some() {
            return Err(BOTH);
        }
        let days = self.shadow_days.map(|days| Days::new(days).ok_or(BAD_DAYS)).transpose()?;
        // Whatever was once switched on can be switched off.
        let place = if self.subscribed || days.is_some() {
            tool.choose(&external_id).map_err(|help| Problem::senseless(help.0))?
        } else {
            tool.place(&external_id).ok_or(NO_PLACE)?
        };
        let switch = Switch {
            connection,
            external_id: place.external_id().to_owned(),
            place_kind: place.kind(),
            as_written: external_id,
            label: self.name,
            is_subscribed: self.subscribed,
            team,
        };
        Ok((switch, days))
    }
}

const BAD_TEAM: Problem = Problem::senseless("A team is named by lower-case letters, digits and single hyphens, such as “web-shop”.");
const LONG_NAME: Problem = Problem::senseless("The name is too long. Keep it to 80 characters.");
const NO_PLACE: Problem = Problem::senseless("That is no place of this tool.");
const BOTH: Problem = Problem::senseless("A source in shadow mode is not subscribed: send shadow_days with “subscribed”: false.");
const BAD_DAYS: Problem = Problem::senseless("Shadow mode is asked for 1 to 90 days from now. Ask again to make it longer.");
