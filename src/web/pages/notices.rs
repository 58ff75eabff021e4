//! What the readers of each source are to be told, as text to paste; and that a person says they were.

use crate::auth::account;
use crate::base::clock::{Clock, Instant};
use crate::base::error::Fault;
use crate::base::id::{ConnectionId, MemberId};
use crate::connectors::{Connector, connector};
use crate::http::forms::Form;
use crate::http::problem::Problem;
use crate::http::way_out::way_out;
use crate::orgs::notices::{self, Change, ConfirmError, Notice};
use crate::orgs::sources::Mode;
use crate::store::{OrgDb, Store};
use crate::surfacing::notice::{Surroundings, compose, is_due, told};
use crate::web::admission::At;
use crate::web::format;
use crate::web::layout::{Answer, Frame, View, page, see_other};
use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use jiff::tz::TimeZone;

/// Most texts on one page: more than anybody posts in one go, and each is a page of its own to read. The others come up as these are posted.
const DUE_MAX: usize = 10;
/// Most notices that were posted which are listed: the log holds all.
const POSTED_MAX: usize = 20;
/// About how many characters stand in one line of the text's box.
const LINE_CHARS: usize = 110;

/// All notices.
#[derive(Template)]
#[template(path = "notices/index.html")]
pub struct Index {
    pub frame: Frame,
    pub csrf: String,
    pub due: Vec<Due>,
    /// How many more are due than stand here, in words; empty where none are.
    pub more: String,
    pub posted: Vec<Posted>,
}

/// A notice that waits to be posted.
pub struct Due {
    pub title: String,
    /// What people call the source.
    pub name: String,
    pub note: String,
    /// Of the text: where it belongs.
    pub label: String,
    pub text: String,
    /// As many lines as the text has, so that all of it can be seen.
    pub rows: usize,
    pub connection: String,
    pub external_id: String,
    /// Names the notice: microseconds since the Unix epoch.
    pub due_at: i64,
}

/// A notice that was posted.
pub struct Posted {
    pub title: String,
    pub note: String,
}

/// `GET /notices`.
pub async fn index(at: At, view: View, req: HttpRequest, (store, clock): (Data<Store>, Data<Clock>)) -> Answer {
    let (way_out, now) = (way_out(&req), clock.now());
    let (due, more, posted) = at.at_hand_or_blocking(&store, move |store, org| find(org, store, way_out.as_deref(), now)).await?;
    let more = if more == 0 { String::new() } else { format::count(more, "more notice is due", "more notices are due") };
    page(&Index { frame: view.frame("Notices"), csrf: at.form_token.to_string(), due, more, posted })
}

/// `POST /notices`.
pub async fn create(at: At, form: Form, clock: Data<Clock>) -> Answer {
    let id: ConnectionId = form.text("connection").parse().map_err(|_| Problem::not_found())?;
    let due_at = form.text("due_at").parse().ok().and_then(|us| Instant::from_microsecond(us).ok()).ok_or_else(Problem::not_found)?;
    let external_id = form.text("external_id").to_owned();
    let human = at.human()?;
    at.blocking(move |org| {
        let found = notices::list(org)?;
        let found = found.iter().find(|notice| notice.connection == id && notice.external_id == external_id);
        let tool = found.and_then(|notice| connector(&notice.connector)).ok_or_else(Problem::not_found)?;
        notices::confirm(org, (id, external_id), (due_at, told(tool)), human, clock.now()).map_err(problem)
    })
    .await?;
    Ok(see_other("/notices"))
}

/// Of how many sources the readers have yet to be told something.
pub fn count_due(org: &OrgDb, now: Instant) -> Result<u64, Fault> {
    Ok(notices::list(org)?.iter().filter(|notice| is_yet_due(notice, now)).count() as u64)
}

fn is_yet_due(notice: &Notice, now: Instant) -> bool {
    connector(&notice.connector).is_some_and(|tool| is_due(notice, tool, now))
}

/// The sources whose readers have yet to be told something.
pub fn due(org: &OrgDb, now: Instant) -> Result<Vec<(ConnectionId, String)>, Fault> {
    Ok(notices::list(org)?
        .iter()
        .filter(|notice| is_yet_due(notice, now))
        .map(|notice| (notice.connection, notice.external_id.clone()))
        .collect())
}

fn find(org: &OrgDb, store: &Store, way_out: Option<&str>, now: Instant) -> Result<(Vec<Due>, u64, Vec<Posted>), Fault> {
    let name_of = |member: MemberId| account::name_of(store.main(), member);
    let (mut waiting, mut more, mut posted) = (Vec::new(), 0, Vec::new());
    for notice in notices::list(org)?.iter() {
        let Some(tool) = connector(&notice.connector) else { continue };
        if is_due(notice, tool, now) && waiting.len() == DUE_MAX {
            more += 1;
        } else if is_due(notice, tool, now) {
            let contact = notice.due.by.map(name_of).transpose()?.flatten();
            waiting.push(to_post(notice, tool, Surroundings { contact: contact.as_deref(), way_out }, now));
        } else if let Some(told) = notice.posted.filter(|_| posted.len() < POSTED_MAX) {
            let by = name_of(told.by)?.unwrap_or_else(|| "a former member".to_owned());
            let note = format!("{} · posted {} by {by}", notice.connection_name, day(notice, told.at));
            posted.push(Posted { title: title(notice, now), note });
        }
    }
    Ok((waiting, more, posted))
}

fn to_post(notice: &Notice, tool: &dyn Connector, around: Surroundings<'_>, now: Instant) -> Due {
    let text = compose(notice, tool, around, now);
    let name = name(notice);
    let is_channel = notice.place_kind == "channel";
    Due {
        title: title(notice, now),
        name: name.to_owned(),
        note: format!("{} · due since {}", notice.connection_name, day(notice, notice.due.at)),
        label: if is_channel { format!("Post this in {name}") } else { format!("Post this where those who work in {name} read") },
        rows: text.lines().map(|line| line.chars().count() / LINE_CHARS + 1).sum(),
        text,
        connection: notice.connection.to_string(),
        external_id: notice.external_id.clone(),
        due_at: notice.due.at.as_microsecond(),
    }
}

fn name(notice: &Notice) -> &str {
    notice.label.as_deref().unwrap_or(&notice.external_id)
}

fn title(notice: &Notice, now: Instant) -> String {
    let name = name(notice);
    let has_run_out = notice.due.mode == Mode::Shadow && notice.mode(now) == Mode::Off;
    match (notice.due.change, notice.due.mode) {
        (Change::Stops, Mode::Shadow) => format!("Counting in {name} has stopped"),
        (Change::Stops, _) => format!("Reading of {name} has stopped"),
        (_, Mode::Shadow) if has_run_out => format!("Counting in {name} is over"),
        (Change::Starts, Mode::Shadow) => format!("Counting in {name} has begun"),
        (Change::Starts, _) => format!("Reading of {name} has begun"),
        (Change::Changes, _) => format!("How {name} is listened to has changed"),
    }
}

fn day(notice: &Notice, at: Instant) -> String {
    format::day(at, &TimeZone::get(&notice.zone).unwrap_or(TimeZone::UTC))
}

fn problem(error: ConfirmError) -> Problem {
    match error {
        ConfirmError::NoSuchNotice => Problem::not_found(),
        ConfirmError::Replaced => {
            Problem::conflict("Something changed after this text was made. Open Notices again, and post the text that stands there now.")
        }
        ConfirmError::Fault(fault) => fault.into(),
    }
}
