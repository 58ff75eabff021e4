//! API tokens: what acts as whom, with which part of their rights, until when.

use crate::auth::api_token::{self, ApiToken, LIFETIME_DAYS, NewToken, TokenError};
use crate::auth::{Scope, refusal};
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::ApiTokenId;
use crate::http::blocking::blocking;
use crate::http::forms::{Field, Form};
use crate::http::problem::Problem;
use crate::members::roster;
use crate::store::Store;
use crate::web::admission::At;
use crate::web::format::{self, Moment};
use crate::web::layout::{Answer, Frame, View, page, page_with, see_other};
use crate::web::pages::members::Wired;
use crate::web::pages::patterns::Teams;
use crate::web::proof;
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use jiff::tz::TimeZone;

/// One's tokens; for who may remove members, everybody's.
#[derive(Template)]
#[template(path = "tokens/index.html")]
pub struct Index {
    pub frame: Frame,
    pub csrf: String,
    pub tokens: Vec<Row>,
    pub name: Field,
    pub scopes: Vec<ScopeChoice>,
    pub scopes_error: &'static str,
    pub days: Vec<Days>,
    /// The password once more, where the sign-in is not fresh.
    pub password: Option<Field>,
    pub shows_all: bool,
}

/// One token.
pub struct Row {
    pub name: String,
    /// Empty where it is one's own.
    pub of: String,
    pub scopes: String,
    pub note: String,
    pub action: String,
}

/// One scope to choose.
pub struct ScopeChoice {
    /// The input's name and id: a form has each field once.
    pub field: String,
    pub id: String,
    pub word: &'static str,
    pub note: &'static str,
    pub is_chosen: bool,
}

/// One lifetime to choose.
pub struct Days {
    pub days: i64,
    pub words: &'static str,
    pub is_chosen: bool,
}

/// The one page that shows a token.
#[derive(Template)]
#[template(path = "tokens/created.html")]
pub struct Created {
    pub frame: Frame,
    pub name: String,
    pub token: String,
    pub scopes: String,
    pub ends: Moment,
}

/// Lifetimes that the form offers, in days.
const LIFETIMES: [(i64, &str); 5] =
    [(7, "7 days"), (30, "30 days"), (LIFETIME_DAYS, "90 days"), (180, "180 days"), (api_token::LIFETIME_DAYS_MAX, "1 year")];
const LONG_NAME: &str = "This name is too long. Keep it to 80 characters.";
const NO_NAME: &str = "Give it a name, so that you know one day what it was for.";
const NO_SCOPE: &str = "Choose at least one thing that it may do.";
const NOT_HELD: Problem = Problem::forbidden("A token can do no more than you can. Nothing was made, and the try is in the log.");
const TOO_MANY: Problem = Problem::conflict("You have 50 tokens. Revoke some that nobody uses, then make another.");
const BAD_LIFETIME: Problem = Problem::malformed("Choose one of the lifetimes on the page before.");

/// What a scope lets a token do, in a line.
pub const fn scope_note(scope: Scope) -> &'static str {
    match scope {
        Scope::ReadConnections => "See what is connected, and which sources there are",
        Scope::WriteConnections => "Connect tools, replace secrets, remove connections",
        Scope::WriteSources => "Switch sources on and off",
        Scope::ReadSignals => "Count what was taken in and refused",
        Scope::ReadPatterns => "Read the patterns of your teams",
        Scope::Decide => "Decide on patterns in your name",
        Scope::StepOut => "Step somebody out who asked for it",
        Scope::ReadOptOuts => "Count who stepped out",
        Scope::ReadMembers => "See who can sign in, and as what",
        Scope::WriteMembers => "Invite, give roles, remove members",
        Scope::ReadTeams => "See your teams, and who is in them",
        Scope::LeadTeams => "Look after who is in the teams you facilitate",
        Scope::WriteTeams => "Make teams, and look after all of them",
        Scope::WriteTokens => "Make and revoke tokens; none can do more than this one, nor live longer",
        Scope::ReadAudit => "Read the log of what was done; no route of the API offers it yet",
        Scope::SetClock => "Set the clock of a sandbox",
    }
}

/// `GET /profile/tokens`.
pub async fn index(at: At, view: View, (store, _, clock): Wired) -> Answer {
    let now = clock.now();
    page(&shown(&at, view, (store, now), None, (Field::empty("name"), "", proof::field(&at, now))).await?)
}

/// `POST /profile/tokens`. Answers the page itself: the token is kept nowhere.
pub async fn create(at: At, view: View, req: HttpRequest, form: Form, (store, desk, clock): Wired) -> Answer {
    let now = clock.now();
    let scopes: Vec<Scope> = Scope::ALL.into_iter().filter(|scope| form.text(&field_of(*scope)) == "true").collect();
    let days = form.text("days").parse().map_err(|_| BAD_LIFETIME)?;
    let asked_again = proof::field(&at, now);
    if let Some(wrong) = proof::wrong(&at, (&req, &form), (&store, &desk), now).await? {
        let complaint = (Field::sent("name", &form), "", Some(wrong));
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown(&at, view, (store, now), Some((&scopes, days)), complaint).await?);
    }
    let wish = NewToken { name: form.text("name").to_owned(), scopes: scopes.clone(), days };
    let principal = at.principal.clone();
    let error = match at.blocking(move |org| api_token::issue(org, &principal, &wish, now)).await {
        Ok((token, made)) => {
            let zone = at.blocking(Teams::of).await?.common_zone();
            let created = Created {
                frame: view.frame("Token made"),
                name: made.name,
                token: token.reveal().to_owned(),
                scopes: words(&made.scopes),
                ends: format::moment(made.expires_at, &zone),
            };
            return page_with(StatusCode::CREATED, &created);
        }
        Err(error) => error,
    };
    let sent = Field::sent("name", &form);
    let complaint = match error {
        TokenError::Fault(fault) => return Err(fault.into()),
        TokenError::BadLifetime => return Err(BAD_LIFETIME),
        TokenError::TooMany => return Err(TOO_MANY),
        TokenError::NotHeld => {
            let principal = at.principal.clone();
            at.blocking(move |org| refusal::write_down(org, &desk, &principal, "A token with more rights than its maker", now)).await?;
            return Err(NOT_HELD);
        }
        TokenError::NameMissing => (sent.refused(NO_NAME), "", asked_again),
        TokenError::NameTooLong => (sent.refused(LONG_NAME), "", asked_again),
        TokenError::NoScope => (sent, NO_SCOPE, asked_again),
    };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown(&at, view, (store, now), Some((&scopes, days)), complaint).await?)
}

/// `POST /profile/tokens/{id}/removal`.
pub async fn revoke(at: At, id: Path<String>, _form: Form, (_, _, clock): Wired) -> Answer {
    let id: ApiTokenId = id.parse().map_err(|_| Problem::not_found())?;
    let (principal, now) = (at.principal.clone(), clock.now());
    let is_revoked = at.blocking(move |org| api_token::revoke(org, &principal, id, now)).await?;
    if is_revoked { Ok(see_other("/profile/tokens")) } else { Err(Problem::not_found()) }
}

fn field_of(scope: Scope) -> String {
    format!("may-{}", scope.as_str().replace(':', "-"))
}

fn words(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ")
}

async fn shown(
    at: &At,
    view: View,
    (store, now): (Data<Store>, Instant),
    chosen: Option<(&[Scope], i64)>,
    (name, scopes_error, password): (Field, &'static str, Option<Field>),
) -> Result<Index, Fault> {
    let (org, shows_all, oneself) = (at.org.clone(), at.may(Scope::WriteMembers), at.principal.member());
    let (tokens, members) = blocking(move || {
        let tokens = api_token::list(&org, (!shows_all).then_some(oneself), now)?;
        Ok::<_, Fault>((tokens, if shows_all { roster::list(&store, &org)? } else { Vec::new() }))
    })
    .await?;
    let zone = at.blocking(Teams::of).await?.common_zone();
    let (scopes, days) = chosen.unwrap_or((&[], LIFETIME_DAYS));
    let of = |token: &ApiToken| match members.iter().find(|member| member.id == token.member && member.id != oneself) {
        Some(member) => member.name.clone(),
        None => String::new(),
    };
    Ok(Index {
        frame: view.frame("API tokens"),
        csrf: at.form_token.to_string(),
        tokens: tokens.iter().map(|token| row(token, of(token), &zone, now)).collect(),
        name,
        scopes: Scope::ALL
            .into_iter()
            .filter(|scope| at.may(*scope))
            .map(|scope| ScopeChoice {
                field: field_of(scope),
                id: field_of(scope),
                word: scope.as_str(),
                note: scope_note(scope),
                is_chosen: scopes.contains(&scope),
            })
            .collect(),
        scopes_error,
        days: LIFETIMES.into_iter().map(|(of, words)| Days { days: of, words, is_chosen: of == days }).collect(),
        password,
        shows_all,
    })
}

fn row(token: &ApiToken, of: String, zone: &TimeZone, now: Instant) -> Row {
    let used = match token.last_used_at {
        Some(at) => format!("last used {}", format::ago(at, now)),
        None => "never used".to_owned(),
    };
    Row {
        name: token.name.clone(),
        of,
        scopes: words(&token.scopes),
        note: format!("Made {} · {used} · ends {}", format::day(token.created_at, zone), format::day(token.expires_at, zone)),
        action: format!("/profile/tokens/{}/removal", token.id),
    }
}

impl Index {
    fn complaints(&self) -> Vec<&Field> {
        [&self.name].into_iter().chain(&self.password).filter(|field| field.is_bad()).collect()
    }
}
