//! `/teams`: who is in them, and so who sees their patterns.

use crate::api::caller::Caller;
use crate::api::json;
use crate::auth::refusal;
use crate::auth::sign_in::Desk;
use crate::base::clock::Clock;
use crate::base::error::Fault;
use crate::base::id::{MemberId, TeamId};
use crate::base::text::Slug;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::orgs::team_members::{self, TeamError, TeamMember};
use crate::orgs::teams::{self, Team};
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    facilitator: Option<bool>,
}

fn view(team: &Team) -> Value {
    json!({ "id": team.id.to_string(), "name": team.slug.as_str(), "zone": team.zone, "dial": team.dial.as_str() })
}

fn member_view(member: &TeamMember) -> Value {
    json!({ "member": member.member.to_string(), "facilitator": member.is_facilitator, "since": member.added_at.to_string() })
}

pub(in crate::api) async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let views = blocking(move || {
        let mut views = Vec::new();
        for team in teams::list(&caller.org)?.iter() {
            if caller.org.read(|reader| team_members::may_see(reader, &caller.principal, team.id))? {
                views.push(view(team));
            }
        }
        Ok::<_, Fault>(views)
    })
    .await?;
    Ok(json::ok(&json!({ "teams": views })))
}

pub(in crate::api) async fn create(caller: Caller, body: Body, clock: Data<Clock>) -> Result<HttpResponse, Problem> {
    let wish: Wish = json::read(&body)?;
    let slug = Slug::parse(&wish.name).ok_or(BAD_NAME)?;
    let made = blocking(move || {
        let id = teams::create(&caller.org, &caller.principal, &slug, clock.now()).map_err(plain)?;
        Ok::<_, Problem>(caller.org.read(|reader| teams::find(reader, id))?)
    })
    .await?;
    Ok(json::created(&view(&made.ok_or_else(Problem::not_found)?)))
}

/// Calls a team otherwise.
pub(in crate::api) async fn put(caller: Caller, path: Path<String>, body: Body, wired: Wired) -> Result<HttpResponse, Problem> {
    let id: TeamId = path.parse().map_err(|_| Problem::not_found())?;
    let wish: Wish = json::read(&body)?;
    let slug = Slug::parse(&wish.name).ok_or(BAD_NAME)?;
    let found = blocking(move || {
        let done = teams::rename(&caller.org, &caller.principal, id, &slug, wired.1.now());
        done.map_err(|error| problem(error, &caller, &wired))?;
        Ok::<_, Problem>(caller.org.read(|reader| teams::find(reader, id))?)
    })
    .await?;
    Ok(json::ok(&view(&found.ok_or_else(Problem::not_found)?)))
}

pub(in crate::api) async fn members(caller: Caller, path: Path<String>) -> Result<HttpResponse, Problem> {
    let id: TeamId = path.parse().map_err(|_| Problem::not_found())?;
    let found = blocking(move || {
        caller.org.read(|reader| {
            let is_there = teams::find(reader, id)?.is_some() && team_members::may_see(reader, &caller.principal, id)?;
            if is_there { team_members::list(reader, id).map(Some) } else { Ok::<_, Fault>(None) }
        })
    })
    .await?;
    let views: Vec<Value> = found.ok_or_else(Problem::not_found)?.iter().map(member_view).collect();
    Ok(json::ok(&json!({ "members": views })))
}

/// Puts somebody into a team, or changes whether they facilitate it.
pub(in crate::api) async fn put_member(
    caller: Caller,
    path: Path<(String, String)>,
    body: Body,
    wired: Wired,
) -> Result<HttpResponse, Problem> {
    let of = ids(&path)?;
    let place: Place = json::read(&body)?;
    let (team, member) = of;
    let wish = (team, member, place.facilitator.unwrap_or(false));
    let found = blocking(move || {
        let done = team_members::put(&caller.org, &caller.principal, wish, wired.1.now());
        done.map_err(|error| problem(error, &caller, &wired))?;
        let all = caller.org.read(|reader| team_members::list(reader, team))?;
        Ok::<_, Problem>(all.into_iter().find(|in_it| in_it.member == member))
    })
    .await?;
    Ok(json::ok(&member_view(&found.ok_or_else(Problem::not_found)?)))
}

/// Takes somebody out of a team.
pub(in crate::api) async fn delete_member(caller: Caller, path: Path<(String, String)>, wired: Wired) -> Result<HttpResponse, Problem> {
    let of = ids(&path)?;
    blocking(move || {
        let done = team_members::remove(&caller.org, &caller.principal, of, wired.1.now());
        done.map_err(|error| problem(error, &caller, &wired))
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What a handler that changes a team is wired to.
type Wired = (Data<Desk>, Data<Clock>);

fn ids((team, member): &(String, String)) -> Result<(TeamId, MemberId), Problem> {
    Ok((team.parse().map_err(|_| Problem::not_found())?, member.parse().map_err(|_| Problem::not_found())?))
}

const BAD_NAME: Problem = Problem::senseless("A team is named by lower-case letters, digits and single hyphens, such as “web-shop”.");
const NOT_ALLOWED: Problem = Problem::forbidden("The member of this token does not look after this team.");

fn problem(error: TeamError, caller: &Caller, (desk, clock): &Wired) -> Problem {
    if matches!(error, TeamError::NotAllowed) {
        let what = "A change of a team that they do not look after";
        if let Err(fault) = refusal::write_down(&caller.org, desk, &caller.principal, what, clock.now()) {
            return fault.into();
        }
    }
    plain(error)
}

fn plain(error: TeamError) -> Problem {
    match error {
        TeamError::NoSuchTeam | TeamError::NoSuchMember => Problem::not_found(),
        TeamError::NotAllowed => NOT_ALLOWED,
        TeamError::NameTaken => Problem::conflict("Another team is called so already."),
        TeamError::MayNotFacilitate => Problem::conflict("Their role does not let them facilitate: give them another role first."),
        TeamError::Fault(fault) => fault.into(),
    }
}
