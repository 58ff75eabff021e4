//! The whole map of `/api/v1`, with the right that each route needs.

use crate::api::caller::guarded;
use crate::api::openapi;
use crate::api::v1::{
    connections, invitations, members, notices, opt_outs, patterns, production, promises, sandbox, signals, sources, teams, tokens,
};
use crate::auth::Scope::{
    Decide, LeadTeams, ReadConnections, ReadMembers, ReadOptOuts, ReadPatterns, ReadSignals, ReadTeams, SetClock, StepOut,
    WriteConnections, WriteMembers, WriteSources, WriteTeams, WriteTokens,
};
use crate::http::map::Gate::{Needs, SignedIn};
use crate::http::map::{Map, delete, get, post, put};
use crate::http::problem::Problem;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, ResponseError};

/// `GET /api/openapi.json`: open to whoever asks, since it says nothing about anybody.
pub async fn document() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(openapi::text())
}

/// Where the API stands.
pub const DOOR: &str = "/api/v1";

/// Every route of the API.
pub fn map() -> Map {
    Map::default()
        .route("/connections", Needs(ReadConnections), get(connections::list))
        .route("/connections", Needs(WriteConnections), post(connections::create))
        .route("/connections/{id}", Needs(WriteConnections), delete(connections::delete))
        .route("/connections/{id}/secret", Needs(WriteConnections), put(connections::put_secret))
        .route("/connections/{id}/sources", Needs(ReadConnections), get(sources::list))
        .route("/connections/{id}/sources/{external_id:.+}", Needs(WriteSources), put(sources::put))
        .route("/notices", Needs(ReadConnections), get(notices::list))
        .route("/notices/{connection}/{external_id:.+}", Needs(WriteSources), put(notices::put))
        .route("/signals/summary", Needs(ReadSignals), get(signals::summary))
        .route("/patterns", Needs(ReadPatterns), get(patterns::list))
        .route("/patterns/{id}", Needs(ReadPatterns), get(patterns::show))
        .route("/patterns/{id}/status", Needs(Decide), put(patterns::put_status))
        .route("/people/opt-outs", Needs(ReadOptOuts), get(opt_outs::count))
        .route("/people/opt-outs", Needs(StepOut), post(opt_outs::create))
        .route("/members", Needs(ReadMembers), get(members::list))
        .route("/members/{id}", Needs(WriteMembers), delete(members::delete))
        .route("/members/{id}/role", Needs(WriteMembers), put(members::put_role))
        .route("/teams", Needs(ReadTeams), get(teams::list))
        .route("/teams", Needs(WriteTeams), post(teams::create))
        .route("/teams/{id}", Needs(LeadTeams), put(teams::put))
        .route("/teams/{id}/members", Needs(ReadTeams), get(teams::members))
        .route("/teams/{id}/members/{member}", Needs(LeadTeams), put(teams::put_member))
        .route("/teams/{id}/members/{member}", Needs(LeadTeams), delete(teams::delete_member))
        .route("/invitations", Needs(WriteMembers), get(invitations::list))
        .route("/invitations", Needs(WriteMembers), post(invitations::create))
        .route("/invitations/{id}", Needs(WriteMembers), delete(invitations::delete))
        .route("/tokens", Needs(WriteTokens), get(tokens::list))
        .route("/tokens", Needs(WriteTokens), post(tokens::create))
        .route("/tokens/{id}", Needs(WriteTokens), delete(tokens::delete))
        .route("/production", Needs(ReadConnections), get(production::show))
        .route("/production", Needs(WriteConnections), put(production::put))
        .route("/promises", SignedIn, get(promises::list))
        .route("/sandbox/clock", Needs(SetClock), put(sandbox::put_clock))
}

/// Mounts the API.
pub fn mount(config: &mut ServiceConfig) {
    let api = map().into_iter().fold(web::scope(DOOR), |api, (row, route)| api.route(&row.path, guarded(row.gate, route)));
    config.service(api.default_service(web::to(nothing_here)));
}

/// Nothing is there; or something, and not for this method (RFC 9110, 15.5.6): what stands where is no secret.
async fn nothing_here(req: HttpRequest) -> HttpResponse {
    let methods = openapi::methods_at(req.path());
    if methods.is_empty() {
        return Problem::not_found().error_response();
    }
    let mut answer = Problem::wrong_method().error_response();
    if let Ok(methods) = HeaderValue::from_str(&methods.join(", ")) {
        answer.headers_mut().insert(ALLOW, methods);
    }
    answer
}
