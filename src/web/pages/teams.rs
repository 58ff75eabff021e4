//! Teams: who is in them, and so who sees their patterns.

use crate::auth::Scope;
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::{MemberId, TeamId};
use crate::base::text::Slug;
use crate::http::blocking::blocking;
use crate::http::forms::{Field, Form};
use crate::http::problem::Problem;
use crate::members::roster::{self, Member};
use crate::orgs::team_members::{self, TeamError, TeamMember};
use crate::orgs::teams::{self, Team};
use crate::orgs::{connections, sources};
use crate::store::{OrgDb, Store};
use crate::web::admission::At;
use crate::web::format;
use crate::web::layout::{Answer, Frame, View, page, page_with, see_other};
use crate::web::pages::members::{Wired, note};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;

/// The teams that one may see.
#[derive(Template)]
#[template(path = "teams/index.html")]
pub struct Index {
    pub frame: Frame,
    pub csrf: String,
    pub teams: Vec<Row>,
    pub may_create: bool,
    pub name: Field,
}

/// One team in the list.
pub struct Row {
    pub href: String,
    pub name: String,
    pub members: String,
    pub note: &'static str,
}

/// One team, and who is in it.
#[derive(Template)]
#[template(path = "teams/show.html")]
pub struct Show {
    pub frame: Frame,
    pub csrf: String,
    pub name: String,
    pub sources: String,
    pub members: Vec<InIt>,
    pub may_change: bool,
    pub others: Vec<Other>,
    pub action: String,
    pub new_name: Field,
    pub refusal: &'static str,
}

/// Somebody in the team.
pub struct InIt {
    pub id: String,
    pub name: String,
    pub is_oneself: bool,
    pub is_facilitator: bool,
    /// Whether their role lets them facilitate.
    pub may_facilitate: bool,
    pub since: String,
}

/// Somebody who could be in it.
pub struct Other {
    pub id: String,
    pub name: String,
}

const BAD_NAME: &str = "Write lower-case letters, digits and single hyphens, such as web-shop.";
const TAKEN: &str = "Another team is called so already.";
const NOT_ALLOWED: Problem =
    Problem::forbidden("You do not look after this team. One of its facilitators, an owner or an admin can do it.");
const MAY_NOT_FACILITATE: &str =
    "Their role does not let them facilitate. An owner or admin can make them a facilitator, on their page under Members.";

/// Where a team's page is.
pub fn href(id: TeamId) -> String {
    format!("/teams/{id}")
}

/// `GET /teams`.
pub async fn index(at: At, view: View) -> Answer {
    page(&listed(&at, view, Field::empty("name")).await?)
}

/// `POST /teams`.
pub async fn create(at: At, view: View, form: Form, (_, _, clock): Wired) -> Answer {
    let complain = |words| Field::sent("name", &form).refused(words);
    let Some(slug) = Slug::parse(form.text("name")) else {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &listed(&at, view, complain(BAD_NAME)).await?);
    };
    let (principal, now) = (at.principal.clone(), clock.now());
    match at.blocking(move |org| teams::create(org, &principal, &slug, now)).await {
        Ok(team) => Ok(see_other(&href(team))),
        Err(TeamError::NameTaken) => page_with(StatusCode::UNPROCESSABLE_ENTITY, &listed(&at, view, complain(TAKEN)).await?),
        Err(error) => Err(problem(error)),
    }
}

async fn listed(at: &At, view: View, name: Field) -> Result<Index, Fault> {
    let who = at.principal.clone();
    let rows = at
        .blocking(move |org| {
            let mut rows = Vec::new();
            for team in teams::list(org)?.iter() {
                let all = org.read(|reader| team_members::list(reader, team.id))?;
                let mine = all.iter().find(|in_it| in_it.member == who.member());
                if mine.is_some() || who.may(Scope::WriteTeams) {
                    rows.push(row(team, &all, mine));
                }
            }
            Ok::<_, Fault>(rows)
        })
        .await?;
    Ok(Index { frame: view.frame("Teams"), csrf: at.form_token.to_string(), teams: rows, may_create: at.may(Scope::WriteTeams), name })
}

fn row(team: &Team, all: &[TeamMember], mine: Option<&TeamMember>) -> Row {
    Row {
        href: href(team.id),
        name: team.slug.to_string(),
        members: format::count(all.len() as u64, "person", "people"),
        note: match mine {
            Some(in_it) if in_it.is_facilitator => "You facilitate it",
            Some(_) => "You are in it",
            None => "You are not in it: its patterns are not shown to you",
        },
    }
}

/// `GET /teams/{id}`.
pub async fn show(at: At, view: View, id: Path<String>, store: Data<Store>) -> Answer {
    page(&found(&at, view, &id, store, (Field::empty("name"), "")).await?)
}

/// What is known of a team.
struct Known {
    team: Team,
    members: Vec<TeamMember>,
    everybody: Vec<Member>,
    sources_on: u64,
    may_change: bool,
}

async fn found(at: &At, view: View, id: &str, store: Data<Store>, (name, refusal): (Field, &'static str)) -> Result<Show, Problem> {
    let id: TeamId = id.parse().map_err(|_| Problem::not_found())?;
    let (org, who) = (at.org.clone(), at.principal.clone());
    let known = blocking(move || {
        if !org.read(|reader| team_members::may_see(reader, &who, id))? {
            return Ok(None);
        }
        let Some(team) = org.read(|reader| teams::find(reader, id))? else {
            return Ok(None);
        };
        Ok::<_, Fault>(Some(Known {
            members: org.read(|reader| team_members::list(reader, id))?,
            everybody: roster::list(&store, &org)?,
            sources_on: sources_on(&org, id)?,
            may_change: org.read(|reader| team_members::may_look_after(reader, &who, id))?,
            team,
        }))
    })
    .await?;
    let known = known.ok_or_else(Problem::not_found)?;
    Ok(shown(at, view, known, (name, refusal)))
}

fn sources_on(org: &OrgDb, team: TeamId) -> Result<u64, Fault> {
    let mut on = 0;
    for connection in connections::list(org)? {
        on += sources::list(org, connection.id)?.iter().filter(|source| source.is_subscribed && source.team == team).count() as u64;
    }
    Ok(on)
}

fn shown(at: &At, view: View, known: Known, (name, refusal): (Field, &'static str)) -> Show {
    let Known { team, members, everybody, sources_on, may_change } = known;
    let zone = team.time_zone();
    let account = |id: MemberId| everybody.iter().find(|member| member.id == id);
    let in_it = |in_it: &TeamMember| InIt {
        id: in_it.member.to_string(),
        name: account(in_it.member).map_or_else(|| "a former member".to_owned(), |member| member.name.clone()),
        is_oneself: in_it.member == at.principal.member(),
        is_facilitator: in_it.is_facilitator,
        may_facilitate: account(in_it.member).is_some_and(|member| member.role.may_facilitate()),
        since: format::day(in_it.added_at, &zone),
    };
    let others = everybody.iter().filter(|member| !members.iter().any(|in_it| in_it.member == member.id));
    Show {
        frame: view.frame(format!("Team {}", team.slug)),
        csrf: at.form_token.to_string(),
        sources: format::count(sources_on, "source", "sources"),
        others: if may_change {
            others.map(|member| Other { id: member.id.to_string(), name: format!("{} ({})", member.name, member.email) }).collect()
        } else {
            Vec::new()
        },
        members: members.iter().map(in_it).collect(),
        may_change,
        action: href(team.id),
        new_name: if name.is_bad() { name } else { Field { value: team.slug.to_string(), ..Field::empty("name") } },
        name: team.slug.to_string(),
        refusal,
    }
}

/// `POST /teams/{id}`: another name.
pub async fn update(at: At, view: View, id: Path<String>, form: Form, (store, desk, clock): Wired) -> Answer {
    let team: TeamId = id.parse().map_err(|_| Problem::not_found())?;
    let complain = |words| (Field::sent("name", &form).refused(words), "");
    let Some(slug) = Slug::parse(form.text("name")) else {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &found(&at, view, &id, store, complain(BAD_NAME)).await?);
    };
    let (principal, now) = (at.principal.clone(), clock.now());
    match at.blocking(move |org| teams::rename(org, &principal, team, &slug, now)).await {
        Err(TeamError::NameTaken) => page_with(StatusCode::UNPROCESSABLE_ENTITY, &found(&at, view, &id, store, complain(TAKEN)).await?),
        done => answer(&at, view, (&id, store), (done, team), (desk, now)).await,
    }
}

/// `POST /teams/{id}/members`: puts somebody into it, or changes whether they facilitate it.
pub async fn put_member(at: At, view: View, id: Path<String>, form: Form, (store, desk, clock): Wired) -> Answer {
    let team: TeamId = id.parse().map_err(|_| Problem::not_found())?;
    let member: MemberId = form.text("member").parse().map_err(|_| NOBODY)?;
    let (principal, now, is_facilitator) = (at.principal.clone(), clock.now(), form.text("facilitator") == "true");
    let done = at.blocking(move |org| team_members::put(org, &principal, (team, member, is_facilitator), now)).await;
    answer(&at, view, (&id, store), (done, team), (desk, now)).await
}

/// `POST /teams/{id}/members/removal`: takes somebody out of it.
pub async fn remove_member(at: At, view: View, id: Path<String>, form: Form, (store, desk, clock): Wired) -> Answer {
    let team: TeamId = id.parse().map_err(|_| Problem::not_found())?;
    let member: MemberId = form.text("member").parse().map_err(|_| NOBODY)?;
    let (principal, now) = (at.principal.clone(), clock.now());
    let done = at.blocking(move |org| team_members::remove(org, &principal, (team, member), now)).await;
    answer(&at, view, (&id, store), (done, team), (desk, now)).await
}

const NOBODY: Problem = Problem::malformed("Choose somebody on the page before.");

async fn answer(
    at: &At,
    view: View,
    (id, store): (&str, Data<Store>),
    (done, team): (Result<(), TeamError>, TeamId),
    (desk, now): (Data<crate::auth::sign_in::Desk>, Instant),
) -> Answer {
    match done {
        // Who took themselves out of a team sees it no more.
        Ok(()) => {
            let who = at.principal.clone();
            let sees_it = at.blocking(move |org| org.read(|reader| team_members::may_see(reader, &who, team))).await?;
            Ok(see_other(&if sees_it { href(team) } else { "/teams".to_owned() }))
        }
        Err(TeamError::MayNotFacilitate) => {
            page_with(StatusCode::CONFLICT, &found(at, view, id, store, (Field::empty("name"), MAY_NOT_FACILITATE)).await?)
        }
        Err(TeamError::NotAllowed) => {
            note(at, desk, "A change of a team that they do not look after", now).await?;
            Err(NOT_ALLOWED)
        }
        Err(error) => Err(problem(error)),
    }
}

fn problem(error: TeamError) -> Problem {
    match error {
        TeamError::Fault(fault) => fault.into(),
        TeamError::NotAllowed => NOT_ALLOWED,
        TeamError::NameTaken => Problem::conflict(TAKEN),
        TeamError::MayNotFacilitate => Problem::conflict(MAY_NOT_FACILITATE),
        TeamError::NoSuchTeam | TeamError::NoSuchMember => Problem::not_found(),
    }
}

impl Index {
    fn complaints(&self) -> Vec<&Field> {
        [&self.name].into_iter().filter(|field| field.is_bad()).collect()
    }
}

impl Show {
    fn complaints(&self) -> Vec<&Field> {
        [&self.new_name].into_iter().filter(|field| field.is_bad()).collect()
    }
}
