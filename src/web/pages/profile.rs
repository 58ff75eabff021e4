//! One's own page: name, address, password, sessions; and how to leave.

use crate::auth::account::AccountError;
use crate::auth::profile::{self, Profile, ProfileError};
use crate::auth::session::{self, Session};
use crate::auth::sign_in::Visitor;
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::SessionId;
use crate::http::blocking::blocking;
use crate::http::forms::{Field, Form};
use crate::http::problem::Problem;
use crate::http::{cookies, device, peer};
use crate::members::roster::{self, RosterError};
use crate::store::Store;
use crate::web::admission::At;
use crate::web::format;
use crate::web::layout::{Answer, Frame, View, page, page_with, see_other};
use crate::web::pages::joins::password_complaint;
use crate::web::pages::members::{Wired, role_note, role_title};
use crate::web::pages::patterns::Teams;
use crate::web::pages::sessions::with_cookie;
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use jiff::tz::TimeZone;
use zeroize::Zeroizing;

/// Oneself.
#[derive(Template)]
#[template(path = "profile/show.html")]
pub struct Show {
    pub frame: Frame,
    pub csrf: String,
    pub role: &'static str,
    pub role_note: &'static str,
    pub name: Field,
    pub email: Field,
    /// The password that goes with another address.
    pub email_password: Field,
    pub present: Field,
    pub new: Field,
    pub sessions: Vec<Row>,
    pub has_others: bool,
    pub idle: String,
    pub absolute: String,
    pub refusal: &'static str,
}

/// One session.
pub struct Row {
    pub device: String,
    pub is_this: bool,
    pub last_seen: String,
    pub ends: String,
    pub action: String,
}

const WRONG_PASSWORD: &str = "This is not your present password.";
const NO_NAME: &str = "Write the name by which your team knows you.";
const NO_EMAIL: &str = "Write an address, such as ana@example.org.";
const TAKEN: &str = "Another account has this address.";
const LAST_OWNER: &str = "You are the only owner, so you cannot leave. Make somebody else an owner first: an organisation needs one.";

/// The inputs of the page as they are shown: name, address, its password, the present password, the new one.
type Fields = [Field; 5];

/// `GET /profile`.
pub async fn show(at: At, view: View, req: HttpRequest, (store, _, clock): Wired) -> Answer {
    page(&shown(&at, view, &req, (store, clock.now()), |fields| fields, "").await?)
}

async fn shown(
    at: &At,
    view: View,
    req: &HttpRequest,
    (store, now): (Data<Store>, Instant),
    change: impl FnOnce(Fields) -> Fields,
    refusal: &'static str,
) -> Result<Show, Problem> {
    let (member, cookie) = (at.principal.member(), cookies::read(req, cookies::SESSION).unwrap_or_default());
    let (profile, sessions) =
        blocking(move || Ok::<_, Fault>((profile::of(store.main(), member)?, session::list(store.main(), member, &cookie, now)?))).await?;
    let zone = at.blocking(Teams::of).await?.common_zone();
    let [name, email, email_password, present, new] = change(fields(profile.ok_or_else(Problem::not_found)?));
    let role = at.principal.role();
    Ok(Show {
        frame: view.frame("You"),
        csrf: at.form_token.to_string(),
        role: role_title(role),
        role_note: role_note(role),
        name,
        email,
        email_password,
        present,
        new,
        has_others: sessions.len() > 1,
        sessions: sessions.iter().map(|session| row(session, &zone, now)).collect(),
        idle: format::duration(session::IDLE_MAX.as_secs().unsigned_abs()),
        absolute: format::duration(session::ABSOLUTE_MAX.as_secs().unsigned_abs()),
        refusal,
    })
}

fn fields(profile: Profile) -> Fields {
    [
        Field { value: profile.name, ..Field::empty("name") },
        Field { value: profile.email, ..Field::empty("email") },
        Field { id: "email-password", ..Field::empty("password") },
        Field { id: "present", ..Field::empty("present") },
        Field { id: "new", ..Field::empty("new") },
    ]
}

fn row(session: &Session, zone: &TimeZone, now: Instant) -> Row {
    Row {
        device: session.device.clone(),
        is_this: session.is_this,
        last_seen: format!("Last seen {}", format::ago(session.last_seen_at, now)),
        ends: format!("ends {} at the latest, and sooner if it is not used", format::moment(session.ends_at, zone).words),
        action: format!("/profile/sessions/{}/removal", session.id),
    }
}

/// `POST /profile`: another name.
pub async fn rename(at: At, view: View, req: HttpRequest, form: Form, (store, _, clock): Wired) -> Answer {
    let (member, actor, now, main, name) =
        (at.principal.member(), at.principal.actor(), clock.now(), store.clone(), form.text("name").to_owned());
    match blocking(move || profile::rename(main.main(), member, &name, actor, now)).await {
        Ok(()) => Ok(see_other("/profile")),
        Err(error) => {
            refused(&at, view, &req, (store, now), error, |[_, email, email_password, present, new], words| {
                [Field::sent("name", &form).refused(words), email, email_password, present, new]
            })
            .await
        }
    }
}

/// `POST /profile/email`: another address to sign in with.
pub async fn change_email(at: At, view: View, req: HttpRequest, form: Form, (store, desk, clock): Wired) -> Answer {
    let (member, actor, now, main) = (at.principal.member(), at.principal.actor(), clock.now(), store.clone());
    let (email, password) = (form.text("email").to_owned(), Zeroizing::new(form.raw("password").to_owned()));
    let network = peer::network(&req);
    let done = blocking(move || profile::change_email((&desk, main.main()), member, (&email, &password), (&network, actor), now)).await;
    let Err(error) = done else {
        return Ok(see_other("/profile"));
    };
    let is_password = matches!(error, ProfileError::WrongPassword);
    refused(&at, view, &req, (store, now), error, |[name, _, email_password, present, new], words| {
        let email = Field::sent("email", &form);
        let (email, email_password) =
            if is_password { (email, email_password.refused(words)) } else { (email.refused(words), email_password) };
        [name, email, email_password, present, new]
    })
    .await
}

/// `POST /profile/password`: another password. Every session ends; this browser is given a new one.
pub async fn change_password(at: At, view: View, req: HttpRequest, form: Form, (store, desk, clock): Wired) -> Answer {
    let (of, actor, now, main) = ((at.principal.member(), at.org.id()), at.principal.actor(), clock.now(), store.clone());
    let (present, new) = (Zeroizing::new(form.raw("present").to_owned()), Zeroizing::new(form.raw("new").to_owned()));
    let (network, device) = (peer::network(&req), device::words(&req));
    let done = blocking(move || {
        let visitor = Visitor { network: &network, device: &device };
        profile::change_password((&desk, main.main()), of, (&present, &new), (visitor, actor), now)
    })
    .await;
    let error = match done {
        Ok(session) => {
            return with_cookie(see_other("/profile"), &cookies::cookie(cookies::SESSION, session.reveal().to_owned()));
        }
        Err(error) => error,
    };
    let is_present = matches!(error, ProfileError::WrongPassword);
    refused(&at, view, &req, (store, now), error, |[name, email, email_password, present, new], words| {
        let (present, new) = if is_present { (present.refused(words), new) } else { (present, new.refused(words)) };
        [name, email, email_password, present, new]
    })
    .await
}

/// Shows the page again with what is wrong, where that is something the member can answer.
async fn refused(
    at: &At,
    view: View,
    req: &HttpRequest,
    known: (Data<Store>, Instant),
    error: ProfileError,
    place: impl FnOnce(Fields, &'static str) -> Fields,
) -> Answer {
    let words = match error {
        ProfileError::NameMissing => NO_NAME,
        ProfileError::NoEmail => NO_EMAIL,
        ProfileError::WrongPassword => WRONG_PASSWORD,
        ProfileError::Account(AccountError::EmailTaken) => TAKEN,
        ProfileError::ComeBack { after_s } => return Err(Problem::too_often(after_s)),
        ProfileError::Account(AccountError::Fault(fault)) | ProfileError::Fault(fault) => return Err(fault.into()),
        ProfileError::Account(ref error) => password_complaint(error),
    };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown(at, view, req, known, |fields| place(fields, words), "").await?)
}

/// `POST /profile/sessions/{id}/removal`: ends one session.
pub async fn end_session(at: At, id: Path<String>, _form: Form, (store, _, clock): Wired) -> Answer {
    let id: SessionId = id.parse().map_err(|_| Problem::not_found())?;
    let (member, actor, now) = (at.principal.member(), at.principal.actor(), clock.now());
    let is_ended = blocking(move || Ok::<_, Problem>(session::revoke(store.main(), member, id, actor, now)?)).await?;
    if is_ended { Ok(see_other("/profile")) } else { Err(Problem::not_found()) }
}

/// `POST /profile/sessions/removal`: ends all but this one.
pub async fn end_other_sessions(at: At, req: HttpRequest, _form: Form, (store, _, clock): Wired) -> Answer {
    let (member, actor, now) = (at.principal.member(), at.principal.actor(), clock.now());
    let cookie = cookies::read(&req, cookies::SESSION).unwrap_or_default();
    blocking(move || session::revoke_others(store.main(), member, &cookie, actor, now)).await?;
    Ok(see_other("/profile"))
}

/// `POST /profile/removal`: leaves the organisation.
pub async fn leave(at: At, view: View, req: HttpRequest, _form: Form, (store, _, clock): Wired) -> Answer {
    let (principal, org, main, now) = (at.principal.clone(), at.org.clone(), store.clone(), clock.now());
    match blocking(move || roster::remove(&main, &org, &principal, principal.member(), now)).await {
        Ok(()) => with_cookie(see_other("/sign-in"), &cookies::removal(cookies::SESSION)),
        Err(RosterError::LastOwner) => {
            page_with(StatusCode::CONFLICT, &shown(&at, view, &req, (store, now), |fields| fields, LAST_OWNER).await?)
        }
        Err(RosterError::Fault(fault)) => Err(fault.into()),
        Err(RosterError::NotAllowed | RosterError::NoSuchMember) => Err(Problem::not_found()),
    }
}

impl Show {
    fn complaints(&self) -> Vec<&Field> {
        [&self.name, &self.email, &self.email_password, &self.present, &self.new].into_iter().filter(|field| field.is_bad()).collect()
    }
}
