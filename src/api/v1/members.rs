//! `/members`: who can sign in, and as what.

use crate::api::caller::Caller;
use crate::api::json;
use crate::auth::Role;
use crate::auth::refusal;
use crate::auth::sign_in::Desk;
use crate::base::clock::Clock;
use crate::base::id::MemberId;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::members::roster::{self, Member, RosterError};
use crate::store::Store;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    role: String,
}

fn view(member: &Member) -> Value {
    json!({ "id": member.id.to_string(), "name": member.name, "email": member.email, "role": member.role.as_str() })
}

pub(in crate::api) async fn list(caller: Caller, store: Data<Store>) -> Result<HttpResponse, Problem> {
    let found = blocking(move || roster::list(&store, &caller.org)).await?;
    let views: Vec<Value> = found.iter().map(view).collect();
    Ok(json::ok(&json!({ "members": views })))
}

/// Gives a member another role.
pub(in crate::api) async fn put_role(
    caller: Caller,
    path: Path<String>,
    body: Body,
    (store, desk, clock): (Data<Store>, Data<Desk>, Data<Clock>),
) -> Result<HttpResponse, Problem> {
    let id: MemberId = path.parse().map_err(|_| Problem::not_found())?;
    let wish: Wish = json::read(&body)?;
    let role = Role::parse(&wish.role).ok_or(NO_SUCH_ROLE)?;
    let found = blocking(move || {
        let done = roster::set_role(&caller.org, &caller.principal, id, role, clock.now());
        done.map_err(|error| problem(error, &caller, &desk, &clock))?;
        Ok::<_, Problem>(roster::find(&store, &caller.org, id)?)
    })
    .await?;
    Ok(json::ok(&view(&found.ok_or_else(Problem::not_found)?)))
}

/// Ends a membership.
pub(in crate::api) async fn delete(
    caller: Caller,
    path: Path<String>,
    (store, desk, clock): (Data<Store>, Data<Desk>, Data<Clock>),
) -> Result<HttpResponse, Problem> {
    let id: MemberId = path.parse().map_err(|_| Problem::not_found())?;
    blocking(move || {
        let done = roster::remove(&store, &caller.org, &caller.principal, id, clock.now());
        done.map_err(|error| problem(error, &caller, &desk, &clock))
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(in crate::api) const NO_SUCH_ROLE: Problem =
    Problem::senseless("The role must be owner, admin, privacy_officer, facilitator or member.");
pub(in crate::api) const NOT_GIVEN: Problem = Problem::forbidden("Only an owner may give or take this role.");

fn problem(error: RosterError, caller: &Caller, desk: &Desk, clock: &Clock) -> Problem {
    match error {
        RosterError::NoSuchMember => Problem::not_found(),
        RosterError::LastOwner => Problem::conflict("This is the only owner. Make somebody else an owner first."),
        RosterError::NotAllowed => {
            let written = refusal::write_down(&caller.org, desk, &caller.principal, "A change of a member’s standing", clock.now());
            written.map_or_else(Problem::from, |()| NOT_GIVEN)
        }
        RosterError::Fault(fault) => fault.into(),
    }
}
