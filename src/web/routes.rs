//! The whole map of the console, with the right that each route needs.

use crate::auth::Scope::{
    Decide, LeadTeams, ReadAudit, ReadConnections, ReadMembers, ReadPatterns, ReadTeams, StepOut, WriteConnections, WriteMembers,
    WriteSources, WriteTeams, WriteTokens,
};
use crate::http::forms;
use crate::http::map::Gate::{Needs, Open, SignedIn};
use crate::http::map::{Map, get, post};
use crate::http::problem::Problem;
use crate::web::admission::{guarded, perhaps_signed_in};
use crate::web::files::{self, Files};
use crate::web::layout::Answer;
use crate::web::pages::{
    audit, checklist, connection_removals, connection_secrets, connections, home, invitations, joins, members, new_connections, notices,
    opt_outs, pattern_statuses, patterns, problems, production, profile, sessions, sources, teams, tokens, trust,
};
use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig, scope, to};

/// Every route of the console.
pub fn map() -> Map {
    Map::default()
        .route("/assets/{name}", Open, get(files::show))
        .route("/sign-in", Open, get(sessions::new))
        .route("/sign-in", Open, post(sessions::create))
        .route("/sign-out", Open, post(sessions::delete))
        .route("/", SignedIn, get(home::show))
        .route("/checklist", Needs(WriteMembers), get(checklist::show))
        .route("/checklist/key-copy", Needs(WriteMembers), post(checklist::confirm_key_copy))
        .route("/connections", Needs(ReadConnections), get(connections::index))
        .route("/connections", Needs(WriteConnections), post(new_connections::create))
        .route("/connections/new", Needs(WriteConnections), get(new_connections::show))
        .route("/connections/{id}", Needs(ReadConnections), get(connections::show))
        .route("/connections/{id}/secret", Needs(WriteConnections), get(connection_secrets::show))
        .route("/connections/{id}/secret", Needs(WriteConnections), post(connection_secrets::create))
        .route("/connections/{id}/removal", Needs(WriteConnections), get(connection_removals::show))
        .route("/connections/{id}/removal", Needs(WriteConnections), post(connection_removals::create))
        .route("/connections/{id}/sources", Needs(WriteSources), get(sources::index))
        .route("/connections/{id}/sources", Needs(WriteSources), post(sources::create))
        .route("/connections/production", Needs(WriteConnections), post(production::update))
        .route("/notices", Needs(WriteSources), get(notices::index))
        .route("/notices", Needs(WriteSources), post(notices::create))
        .route("/patterns", Needs(ReadPatterns), get(patterns::index))
        .route("/patterns/{id}", Needs(ReadPatterns), get(patterns::show))
        .route("/patterns/{id}/status", Needs(Decide), post(pattern_statuses::create))
        .route("/trust", SignedIn, get(trust::show))
        .route("/audit", Needs(ReadAudit), get(audit::index))
        .route("/opt-outs", Needs(StepOut), get(opt_outs::index))
        .route("/opt-outs", Needs(StepOut), post(opt_outs::create))
        .route("/teams", Needs(ReadTeams), get(teams::index))
        .route("/teams", Needs(WriteTeams), post(teams::create))
        .route("/teams/{id}", Needs(ReadTeams), get(teams::show))
        .route("/teams/{id}", Needs(LeadTeams), post(teams::update))
        .route("/teams/{id}/members", Needs(LeadTeams), post(teams::put_member))
        // Anybody may leave a team; taking out somebody else is asked for in `team_members`.
        .route("/teams/{id}/members/removal", Needs(ReadTeams), post(teams::remove_member))
        .route("/members", Needs(ReadMembers), get(members::index))
        .route("/members/{id}", Needs(ReadMembers), get(members::show))
        .route("/members/{id}/role", Needs(WriteMembers), post(members::set_role))
        .route("/members/{id}/removal", Needs(WriteMembers), post(members::remove))
        .route("/invitations", Needs(WriteMembers), post(invitations::create))
        .route("/invitations/{id}/removal", Needs(WriteMembers), post(members::revoke_invitation))
        .route("/join/{token}", Open, get(joins::new))
        .route("/join/{token}", Open, post(joins::create))
        .route("/profile", SignedIn, get(profile::show))
        .route("/profile", SignedIn, post(profile::rename))
        .route("/profile/email", SignedIn, post(profile::change_email))
        .route("/profile/password", SignedIn, post(profile::change_password))
        .route("/profile/sessions/removal", SignedIn, post(profile::end_other_sessions))
        .route("/profile/sessions/{id}/removal", SignedIn, post(profile::end_session))
        .route("/profile/removal", SignedIn, post(profile::leave))
        .route("/profile/tokens", Needs(WriteTokens), get(tokens::index))
        .route("/profile/tokens", Needs(WriteTokens), post(tokens::create))
        .route("/profile/tokens/{id}/removal", Needs(WriteTokens), post(tokens::revoke))
}

/// Mounts the console. It answers whatever no other door knows, so it is mounted last.
pub fn mount(config: &mut ServiceConfig) {
    let console = scope("").wrap(from_fn(problems::as_pages)).app_data(forms::config()).app_data(Data::new(Files::default()));
    let console = map().into_iter().fold(console, |console, (row, route)| console.route(&row.path, guarded(row.gate, route)));
    config.service(console.default_service(perhaps_signed_in(to(nothing_here))));
}

async fn nothing_here() -> Answer {
    Err(Problem::not_found())
}
