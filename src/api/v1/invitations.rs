//! `/invitations`: links by which people join.

use crate::api::caller::Caller;
use crate::api::json;
use crate::api::v1::members::{NO_SUCH_ROLE, NOT_GIVEN};
use crate::auth::account::Email;
use crate::auth::refusal;
use crate::auth::sign_in::Desk;
use crate::auth::{Role, Scope};
use crate::base::clock::Clock;
use crate::base::id::InvitationId;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::members::invitations::{self, Invitation, InviteError, NewInvitation};
use crate::members::roster::RosterError;
use crate::store::Store;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    email: String,
    role: String,
    /// A team's id.
    team: Option<String>,
}

fn view(invitation: &Invitation, token: Option<&str>) -> Value {
    let mut view = json!({
        "id": invitation.id.to_string(),
        "email": invitation.email.as_str(),
        "role": invitation.role.as_str(),
        "team": invitation.team.map(|team| team.to_string()),
        "created_at": invitation.created_at.to_string(),
        "expires_at": invitation.expires_at.to_string(),
    });
    if let (Some(view), Some(token)) = (view.as_object_mut(), token) {
        view.insert("join_path".to_owned(), format!("/join/{token}").into());
    }
    view
}

pub(in crate::api) async fn list(caller: Caller, clock: Data<Clock>) -> Result<HttpResponse, Problem> {
    let found = blocking(move || caller.org.read(|reader| invitations::list(reader, clock.now()))).await?;
    let views: Vec<Value> = found.iter().map(|invitation| view(invitation, None)).collect();
    Ok(json::ok(&json!({ "invitations": views })))
}

/// Makes a link, whose path is in this one answer.
pub(in crate::api) async fn create(
    caller: Caller,
    body: Body,
    (store, desk, clock): (Data<Store>, Data<Desk>, Data<Clock>),
) -> Result<HttpResponse, Problem> {
    let wish: Wish = json::read(&body)?;
    if wish.team.is_some() {
        // With the team come its patterns.
        caller.needs(Scope::WriteTeams)?;
    }
    let email = Email::parse(&wish.email).ok_or(Problem::senseless("email must be an address, such as ana@example.org."))?;
    let role = Role::parse(&wish.role).ok_or(NO_SUCH_ROLE)?;
    let team = wish.team.map(|id| id.parse().map_err(|_| NO_SUCH_TEAM)).transpose()?;
    let now = clock.now();
    desk.invitations.take(&caller.principal.member().to_string(), now).map_err(Problem::too_often)?;
    let (token, made) = blocking(move || {
        let wish = NewInvitation { email, role, team };
        invitations::invite(&store, &caller.org, &caller.principal, wish, now).map_err(|error| match error {
            InviteError::NotAllowed => {
                let what = "An invitation to a role that only owners give";
                let written = refusal::write_down(&caller.org, &desk, &caller.principal, what, now);
                written.map_or_else(Problem::from, |()| NOT_GIVEN)
            }
            InviteError::NoSuchTeam => NO_SUCH_TEAM,
            InviteError::IsMember => Problem::conflict("Somebody with this address can sign in already."),
            InviteError::TooMany => Problem::conflict("Too many invitations are open. Revoke some of them first."),
            InviteError::Fault(fault) => fault.into(),
        })
    })
    .await?;
    Ok(json::created(&view(&made, Some(token.reveal()))))
}

/// Revokes one.
pub(in crate::api) async fn delete(
    caller: Caller,
    path: Path<String>,
    (desk, clock): (Data<Desk>, Data<Clock>),
) -> Result<HttpResponse, Problem> {
    let id: InvitationId = path.parse().map_err(|_| Problem::not_found())?;
    let is_revoked = blocking(move || {
        let now = clock.now();
        invitations::revoke(&caller.org, &caller.principal, id, now).map_err(|error| {
            if let RosterError::Fault(fault) = error {
                return fault.into();
            }
            let written = refusal::write_down(&caller.org, &desk, &caller.principal, "The end of an invitation", now);
            written.map_or_else(Problem::from, |()| NOT_GIVEN)
        })
    })
    .await?;
    if is_revoked { Ok(HttpResponse::NoContent().finish()) } else { Err(Problem::not_found()) }
}

const NO_SUCH_TEAM: Problem = Problem::senseless("team must be the id of a team, as GET /api/v1/teams lists them.");
