//! The members of the organisation, and the invitations that are open.

use crate::auth::{Principal, Role, Scope, refusal, sign_in};
use crate::base::clock::{Clock, Instant};
use crate::base::error::Fault;
use crate::base::id::{InvitationId, MemberId, TeamId};
use crate::http::blocking::blocking;
use crate::http::forms::{Field, Form};
use crate::http::problem::Problem;
use crate::members::invitations;
use crate::members::roster::{self, Member, RosterError};
use crate::orgs::team_members;
use crate::orgs::teams::{self, Team};
use crate::store::{OrgDb, Store};
use crate::web::admission::At;
use crate::web::format;
use crate::web::layout::{Answer, Frame, View, page, page_with, see_other};
use crate::web::proof;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use std::collections::HashMap;

/// Everybody, and how to invite more.
#[derive(Template)]
#[template(path = "members/index.html")]
pub struct Index {
    pub frame: Frame,
    pub csrf: String,
    pub members: Vec<Row>,
    pub may_invite: bool,
    pub invitations: Vec<Invited>,
    pub roles: Vec<RoleChoice>,
    pub teams: Vec<TeamChoice>,
    pub email: Field,
    pub role: Field,
    pub team: Field,
    /// The password once more, where the sign-in is not fresh.
    pub password: Option<Field>,
}

/// One member in the list.
pub struct Row {
    pub href: String,
    pub name: String,
    pub email: String,
    pub role: &'static str,
    pub note: String,
    pub is_oneself: bool,
}

/// One open invitation.
pub struct Invited {
    pub email: String,
    pub note: String,
    pub action: String,
    pub may_revoke: bool,
}

/// A role that may be given.
#[derive(Clone, Debug)]
pub struct RoleChoice {
    pub word: &'static str,
    pub title: &'static str,
    pub note: &'static str,
    pub is_chosen: bool,
}

/// A team that somebody may be put into.
#[derive(Clone, Debug)]
pub struct TeamChoice {
    pub id: String,
    pub name: String,
    pub is_chosen: bool,
}

/// One member, and what they are.
#[derive(Template)]
#[template(path = "members/show.html")]
pub struct Show {
    pub frame: Frame,
    pub csrf: String,
    pub name: String,
    pub email: String,
    pub role: &'static str,
    pub is_oneself: bool,
    /// Whether there is no team that whoever looks may not know of.
    pub sees_all_teams: bool,
    pub teams: Vec<TeamLink>,
    /// Empty where whoever looks may not change it.
    pub roles: Vec<RoleChoice>,
    pub may_remove: bool,
    pub action: String,
    pub refusal: &'static str,
}

/// A team that somebody is in.
pub struct TeamLink {
    pub name: String,
    pub href: String,
    pub note: &'static str,
}

/// What a role means, in a line.
pub const fn role_note(role: Role) -> &'static str {
    match role {
        Role::Owner => "Everything. Only owners make and unmake owners.",
        Role::Admin => "Runs the appliance: connections, sources, members, teams.",
        Role::PrivacyOfficer => "Sees what is connected, what is taken in, who can sign in and what was done. Changes none of it.",
        Role::Facilitator => "Holds retrospectives: may facilitate teams, and looks after who is in them.",
        Role::Member => "Sees the patterns of their teams, and decides on them with the others.",
    }
}

/// The role as the heading of a choice.
pub const fn role_title(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Admin => "Admin",
        Role::PrivacyOfficer => "Privacy officer",
        Role::Facilitator => "Facilitator",
        Role::Member => "Member",
    }
}

/// The roles that one of `by` may give, with one of them chosen; the least first.
pub fn choices(by: Role, chosen: &str) -> Vec<RoleChoice> {
    let choice =
        |role: Role| RoleChoice { word: role.as_str(), title: role_title(role), note: role_note(role), is_chosen: role.as_str() == chosen };
    Role::ALL.into_iter().rev().filter(|role| by.may_give(*role)).map(choice).collect()
}

/// Where a member's page is.
pub fn href(id: MemberId) -> String {
    format!("/members/{id}")
}

/// `GET /members`.
pub async fn index(at: At, view: View, (store, clock): (Data<Store>, Data<Clock>)) -> Answer {
    let role = Field { value: Role::Member.as_str().to_owned(), ..Field::empty("role") };
    let now = clock.now();
    page(&shown(&at, view, (store, now), ([Field::empty("email"), role, Field::empty("team")], proof::field(&at, now))).await?)
}

/// What the page knows of the organisation.
struct Known {
    members: Vec<Member>,
    teams: Vec<Team>,
    in_teams: HashMap<MemberId, Vec<String>>,
    open: Vec<invitations::Invitation>,
}

/// The teams that whoever looks may know of.
fn visible_teams(org: &OrgDb, who: &Principal) -> Result<Vec<Team>, Fault> {
    let mut visible = Vec::new();
    for team in teams::list(org)?.iter() {
        if org.read(|reader| team_members::may_see(reader, who, team.id))? {
            visible.push(team.clone());
        }
    }
    Ok(visible)
}

async fn known(at: &At, store: Data<Store>, now: Instant) -> Result<Known, Fault> {
    let (org, who) = (at.org.clone(), at.principal.clone());
    blocking(move || {
        let teams = visible_teams(&org, &who)?;
        let mut in_teams: HashMap<MemberId, Vec<String>> = HashMap::new();
        for team in &teams {
            for in_it in org.read(|reader| team_members::list(reader, team.id))? {
                in_teams.entry(in_it.member).or_default().push(team.slug.to_string());
            }
        }
        let open = org.read(|reader| invitations::list(reader, now))?;
        Ok(Known { members: roster::list(&store, &org)?, teams, in_teams, open })
    })
    .await
}

/// The page, with a form as it was sent.
pub async fn shown(
    at: &At,
    view: View,
    (store, now): (Data<Store>, Instant),
    (fields, password): ([Field; 3], Option<Field>),
) -> Result<Index, Problem> {
    let known = known(at, store, now).await?;
    let [email, role, team] = fields;
    let by = at.principal.role();
    let nowhere = if at.may(Scope::WriteTeams) { "In no team" } else { "In no team of yours" };
    let in_teams = |id: &MemberId| known.in_teams.get(id).map_or_else(|| nowhere.to_owned(), |teams| in_words(teams));
    let team_name = |id: TeamId| known.teams.iter().find(|team| team.id == id).map(|team| team.slug.to_string());
    Ok(Index {
        frame: view.frame("Members"),
        csrf: at.form_token.to_string(),
        may_invite: at.may(Scope::WriteMembers),
        roles: choices(by, &role.value),
        teams: known
            .teams
            .iter()
            .map(|of| TeamChoice { id: of.id.to_string(), name: of.slug.to_string(), is_chosen: of.id.to_string() == team.value })
            .collect(),
        invitations: known
            .open
            .iter()
            .map(|open| Invited {
                email: open.email.as_str().to_owned(),
                note: format!(
                    "{}{} · ends in {}",
                    role_title(open.role),
                    open.team.and_then(team_name).map(|team| format!(", team {team}")).unwrap_or_default(),
                    format::duration(now.duration_until(open.expires_at).as_secs().unsigned_abs()),
                ),
                action: format!("/invitations/{}/removal", open.id),
                may_revoke: by.may_give(open.role),
            })
            .collect(),
        members: known
            .members
            .iter()
            .map(|member| Row {
                href: href(member.id),
                name: member.name.clone(),
                email: member.email.clone(),
                role: role_title(member.role),
                note: in_teams(&member.id),
                is_oneself: member.id == at.principal.member(),
            })
            .collect(),
        email,
        role,
        team,
        password,
    })
}

fn in_words(teams: &[String]) -> String {
    format!("{} {}", if teams.len() == 1 { "Team" } else { "Teams" }, teams.join(", "))
}

/// `GET /members/{id}`.
pub async fn show(at: At, view: View, id: Path<String>, store: Data<Store>) -> Answer {
    page(&found(&at, view, &id, store, "").await?)
}

async fn found(at: &At, view: View, id: &str, store: Data<Store>, refusal: &'static str) -> Result<Show, Problem> {
    let id: MemberId = id.parse().map_err(|_| Problem::not_found())?;
    let (org, who) = (at.org.clone(), at.principal.clone());
    let (member, in_teams) = blocking(move || {
        let mut in_teams = Vec::new();
        for team in visible_teams(&org, &who)? {
            let all = org.read(|reader| team_members::list(reader, team.id))?;
            in_teams.extend(all.into_iter().find(|in_it| in_it.member == id).map(|in_it| (team, in_it.is_facilitator)));
        }
        Ok::<_, Fault>((roster::find(&store, &org, id)?, in_teams))
    })
    .await?;
    let member = member.ok_or_else(Problem::not_found)?;
    let by = at.principal.role();
    let governs = at.may(Scope::WriteMembers) && by.may_give(member.role);
    Ok(Show {
        frame: view.frame(member.name.clone()),
        csrf: at.form_token.to_string(),
        role: role_title(member.role),
        is_oneself: member.id == at.principal.member(),
        sees_all_teams: at.may(Scope::WriteTeams),
        teams: in_teams
            .into_iter()
            .map(|(team, is_facilitator)| TeamLink {
                name: team.slug.to_string(),
                href: super::teams::href(team.id),
                note: if is_facilitator { "facilitator" } else { "member" },
            })
            .collect(),
        roles: if governs { choices(by, member.role.as_str()) } else { Vec::new() },
        // Leaving has a place of its own, on one's own page.
        may_remove: governs && member.id != at.principal.member(),
        action: href(member.id),
        name: member.name,
        email: member.email,
        refusal,
    })
}

/// Why it was refused, in words, or as a problem where our own page would not have offered it.
fn refused(error: RosterError) -> Result<&'static str, Problem> {
    match error {
        RosterError::LastOwner => {
            Ok("This is the only owner, so nothing was changed. Make somebody else an owner first: an organisation needs one.")
        }
        RosterError::NotAllowed => Err(NOT_ALLOWED),
        RosterError::NoSuchMember => Err(Problem::not_found()),
        RosterError::Fault(fault) => Err(fault.into()),
    }
}

/// A right that whoever asks does not have over this member.
pub const NOT_ALLOWED: Problem = Problem::forbidden("Only an owner may do that. Nothing was changed, and the try is in the log.");

/// `POST /members/{id}/role`.
pub async fn set_role(at: At, view: View, id: Path<String>, form: Form, (store, desk, clock): Wired) -> Answer {
    let member: MemberId = id.parse().map_err(|_| Problem::not_found())?;
    let to = Role::parse(form.text("role")).ok_or(Problem::malformed("Choose one of the roles on the page before."))?;
    let (principal, now) = (at.principal.clone(), clock.now());
    let done = at.blocking(move |org| roster::set_role(org, &principal, member, to, now)).await;
    answer(&at, view, (&id, store), (done, "A change of role"), (desk, now), &href(member)).await
}

/// `POST /members/{id}/removal`.
pub async fn remove(at: At, view: View, id: Path<String>, _form: Form, (store, desk, clock): Wired) -> Answer {
    let member: MemberId = id.parse().map_err(|_| Problem::not_found())?;
    let (principal, org, now, main) = (at.principal.clone(), at.org.clone(), clock.now(), store.clone());
    let done = blocking(move || roster::remove(&main, &org, &principal, member, now)).await;
    answer(&at, view, (&id, store), (done, "A removal of a member"), (desk, now), "/members").await
}

/// What a handler that changes somebody's standing is wired to.
pub type Wired = (Data<Store>, Data<sign_in::Desk>, Data<Clock>);

async fn answer(
    at: &At,
    view: View,
    (id, store): (&str, Data<Store>),
    (done, what): (Result<(), RosterError>, &'static str),
    (desk, now): (Data<sign_in::Desk>, Instant),
    next: &str,
) -> Answer {
    let Err(error) = done else {
        return Ok(see_other(next));
    };
    if matches!(error, RosterError::NotAllowed) {
        note(at, desk, what, now).await?;
    }
    let words = refused(error)?;
    page_with(StatusCode::CONFLICT, &found(at, view, id, store, words).await?)
}

/// Writes down that a form of ours was sent with what it never offered.
pub async fn note(at: &At, desk: Data<sign_in::Desk>, what: &'static str, now: Instant) -> Result<(), Fault> {
    let principal = at.principal.clone();
    at.blocking(move |org| refusal::write_down(org, &desk, &principal, what, now)).await
}

/// `POST /invitations/{id}/removal`.
pub async fn revoke_invitation(at: At, id: Path<String>, _form: Form, (_, desk, clock): Wired) -> Answer {
    let id: InvitationId = id.parse().map_err(|_| Problem::not_found())?;
    let (principal, now) = (at.principal.clone(), clock.now());
    match at.blocking(move |org| invitations::revoke(org, &principal, id, now)).await {
        Ok(true) => Ok(see_other("/members")),
        Ok(false) => Err(Problem::not_found()),
        Err(RosterError::Fault(fault)) => Err(fault.into()),
        Err(_) => {
            note(&at, desk, "The end of an invitation", now).await?;
            Err(NOT_ALLOWED)
        }
    }
}

impl Index {
    fn complaints(&self) -> Vec<&Field> {
        [&self.email, &self.role, &self.team].into_iter().chain(&self.password).filter(|field| field.is_bad()).collect()
    }
}
