//! Who calls: the principal behind `Authorization: Bearer TOKEN`.

use crate::auth::{Human, Principal, Scope, api_token};
use crate::base::clock::Clock;
use crate::base::error::{Code, Fault};
use crate::http::blocking::at_hand_or_blocking;
use crate::http::map::Gate;
use crate::http::problem::Problem;
use crate::http::request_id::IsKnown;
use crate::http::{pace, refused};
use crate::store::{OrgDb, Store};
use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::{Next, from_fn};
use actix_web::web::Data;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, ResponseError, Route};
use std::future::{Ready, ready};

const NOT_ALLOWED: Problem =
    Problem::forbidden("This token, or the role of its member, does not allow that. Make a token with the scope it needs.");

/// A proven caller, and the one organisation it may ask about.
#[derive(Clone)]
pub(super) struct Caller {
    pub principal: Principal,
    pub org: OrgDb,
}

impl Caller {
    /// Goes on only where role and token allow `scope` too: for a route that takes more than its gate asks for.
    pub(super) fn needs(&self, scope: Scope) -> Result<(), Problem> {
        if self.principal.may(scope) { Ok(()) } else { Err(NOT_ALLOWED) }
    }

    /// The person behind the token, where it may decide.
    pub(super) fn human(&self) -> Result<Human, Problem> {
        self.principal.human().ok_or_else(|| Problem::forbidden("This token may not decide for its member: it lacks the scope “decide”."))
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = req.extensions().get::<Self>().cloned();
        ready(caller.ok_or_else(|| Fault::new(Code::Internal, "A route that needs a token was mounted without one").into()))
    }
}

/// The route behind its gate.
pub(super) fn guarded(gate: Gate, route: Route) -> Route {
    let scope = match gate {
        Gate::Open => return route,
        Gate::SignedIn => None,
        Gate::Needs(scope) => Some(scope),
    };
    route.wrap(from_fn(move |req: ServiceRequest, next: Next<BoxBody>| admit(req, next, scope)))
}

async fn admit(req: ServiceRequest, next: Next<BoxBody>, scope: Option<Scope>) -> Result<ServiceResponse, Error> {
    match resume(req.request()).await {
        Ok(caller) if scope.is_none_or(|scope| caller.principal.may(scope)) => {
            req.extensions_mut().insert(IsKnown);
            if let Err(problem) = pace::bound(req.request(), &caller.principal, false) {
                return Ok(req.into_response(problem.error_response()));
            }
            req.extensions_mut().insert(caller);
            next.call(req).await
        }
        Ok(caller) => {
            req.extensions_mut().insert(IsKnown);
            let written = refused::write_down(req.request(), &caller.org, &caller.principal, scope, false).await;
            Ok(req.into_response(written.map_or_else(Problem::from, |()| NOT_ALLOWED).error_response()))
        }
        Err(problem) => Ok(req.into_response(problem.error_response())),
    }
}

async fn resume(req: &HttpRequest) -> Result<Caller, Problem> {
    let (store, clock) = (req.app_data::<Data<Store>>().cloned(), req.app_data::<Data<Clock>>().cloned());
    let (Some(token), Some(store), Some(clock)) = (bearer(req), store, clock) else {
        return Err(Problem::unproven());
    };
    let found = at_hand_or_blocking(&store, move |store| api_token::resume(store, &token, clock.now())).await?;
    found.map(|(principal, org)| Caller { principal, org: org.in_rooms() }).ok_or_else(Problem::unproven)
}

fn bearer(req: &HttpRequest) -> Option<String> {
    let header = req.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}
