//! Making an invitation. Its link is shown once.

use crate::auth::Role;
use crate::auth::account::Email;
use crate::base::id::TeamId;
use crate::http::blocking::blocking;
use crate::http::forms::{Field, Form};
use crate::http::origin;
use crate::http::problem::Problem;
use crate::members::invitations::{self, InviteError, NewInvitation};
use crate::web::admission::At;
use crate::web::format::{self, Moment};
use crate::web::layout::{Answer, Frame, View, page_with};
use crate::web::pages::connections::is_local;
use crate::web::pages::members::{NOT_ALLOWED, Wired, note, role_title, shown};
use crate::web::pages::patterns::Teams;
use crate::web::proof;
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use askama::Template;

/// The one page that shows the link.
#[derive(Template)]
#[template(path = "invitations/created.html")]
pub struct Created {
    pub frame: Frame,
    pub email: String,
    pub role: &'static str,
    pub team: String,
    pub link: String,
    /// Whether only this machine can reach that address.
    pub is_local: bool,
    pub ends: Moment,
}

const NO_EMAIL: &str = "Write the address they will sign in with, such as ana@example.org.";
const IS_MEMBER: &str = "Somebody with this address can sign in already. Open their page to change what they are.";
const NO_TEAM: &str = "There is no such team any more. Choose another.";
const TOO_MANY: Problem = Problem::conflict("Too many invitations are open. Revoke some of them first.");

/// `POST /invitations`. Answers the page itself: the link is kept nowhere.
pub async fn create(at: At, view: View, req: HttpRequest, form: Form, (store, desk, clock): Wired) -> Answer {
    let now = clock.now();
    let fields = || [Field::sent("email", &form), Field::sent("role", &form), Field::sent("team", &form)];
    let role = Role::parse(form.text("role")).ok_or(Problem::malformed("Choose one of the roles on the page before."))?;
    let asked_again = proof::field(&at, now);
    let Some(email) = Email::parse(form.text("email")) else {
        let [email, role, team] = fields();
        let shown = shown(&at, view, (store, now), ([email.refused(NO_EMAIL), role, team], asked_again)).await?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    };
    let team: Option<TeamId> = match form.text("team") {
        "" => None,
        id => Some(id.parse().map_err(|_| Problem::malformed("Choose one of the teams on the page before."))?),
    };
    if let Some(wrong) = proof::wrong(&at, (&req, &form), (&store, &desk), now).await? {
        let shown = shown(&at, view, (store, now), (fields(), Some(wrong))).await?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    if let Err(after_s) = desk.invitations.take(&at.principal.member().to_string(), now) {
        return Err(Problem::too_often(after_s));
    }
    let wish = NewInvitation { email: email.clone(), role, team };
    let (principal, org, main) = (at.principal.clone(), at.org.clone(), store.clone());
    let made = blocking(move || invitations::invite(&main, &org, &principal, wish, now)).await;
    let complain = |[email, role, team]: [Field; 3], error: &InviteError| match error {
        InviteError::IsMember => [email.refused(IS_MEMBER), role, team],
        _ => [email, role, team.refused(NO_TEAM)],
    };
    match made {
        Ok((token, made)) => {
            let teams = at.blocking(Teams::of).await?;
            let link = format!("{}/join/{}", origin::address(&req), token.reveal());
            let created = Created {
                frame: view.frame("Invitation made"),
                email: email.as_str().to_owned(),
                role: role_title(role),
                team: made.team.map(|team| teams.name(team)).unwrap_or_default(),
                is_local: is_local(&link),
                link,
                ends: format::moment(made.expires_at, &teams.common_zone()),
            };
            page_with(StatusCode::CREATED, &created)
        }
        Err(InviteError::Fault(fault)) => Err(fault.into()),
        Err(InviteError::TooMany) => Err(TOO_MANY),
        Err(InviteError::NotAllowed) => {
            note(&at, desk, "An invitation to a role that only owners give", now).await?;
            Err(NOT_ALLOWED)
        }
        Err(error) => {
            let shown = shown(&at, view, (store, now), (complain(fields(), &error), asked_again)).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}
