//! Who may pass: the session behind the cookie, and the right that a route needs.
//!
//! A handler that asks for [`At`] stands behind a [`Gate`] that is not open; behind an open one it answers a fault, never a page.

use crate::auth::{Human, Principal, Scope, account, session};
use crate::base::clock::Clock;
use crate::base::error::{Code, Fault};
use crate::http::blocking::{at_hand_or_blocking, in_turn};
use crate::http::cookies;
use crate::http::csrf::FormToken;
use crate::http::map::Gate;
use crate::http::problem::Problem;
use crate::http::request_id::IsKnown;
use crate::http::{pace, refused};
use crate::orgs::organisation;
use crate::store::{OrgDb, Store};
use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::Data;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError, Route};
use std::future::{Ready, ready};

const NOT_ALLOWED: Problem =
    Problem::forbidden("Your role in this organisation does not include this page. An owner or admin can do it for you.");

/// Where a signed-in member stands: in one organisation, with what they may do there.
#[derive(Clone)]
pub struct At {
    pub org: OrgDb,
    pub principal: Principal,
    /// What the header of each page says.
    pub member_name: String,
    pub org_name: String,
    /// For every form on the page.
    pub form_token: FormToken,
}

impl At {
    /// Runs `work` in the rooms, with the organisation's file.
    pub async fn blocking<T, E>(&self, work: impl FnOnce(&OrgDb) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        let org = self.org.clone();
        in_turn(move || work(&org)).await
    }

    /// Runs `work` where it stands, by what the store has at hand, as is mostly enough; else in the rooms. For what asks only what the store remembers.
    pub async fn at_hand_or_blocking<T>(
        &self,
        store: &Store,
        work: impl Fn(&Store, &OrgDb) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault>
    where
        T: Send + 'static,
    {
        match work(&store.at_hand(), &self.org.at_hand()) {
            Err(fault) if fault.code() == Code::NotAtHand => {
                let (store, org) = (store.clone(), self.org.clone());
                in_turn(move || work(&store, &org)).await
            }
            answer => answer,
        }
    }

    /// The person who is deciding.
    pub fn human(&self) -> Result<Human, Problem> {
        self.principal.human().ok_or(NOT_ALLOWED)
    }

    pub fn may(&self, scope: Scope) -> bool {
        self.principal.may(scope)
    }
}

impl FromRequest for At {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let at = req.extensions().get::<Self>().cloned();
        ready(at.ok_or_else(|| Fault::new(Code::Internal, "A route that needs a session was mounted without one").into()))
    }
}

/// The route behind its gate.
pub fn guarded(gate: Gate, route: Route) -> Route {
    let scope = match gate {
        Gate::Open => return route,
        Gate::SignedIn => None,
        Gate::Needs(scope) => Some(scope),
    };
    route.wrap(from_fn(move |req: ServiceRequest, next: Next<BoxBody>| admit(req, next, scope)))
}

/// A route for whoever comes, that knows a member where one is signed in.
pub fn perhaps_signed_in(route: Route) -> Route {
    route.wrap(from_fn(|req: ServiceRequest, next: Next<BoxBody>| async move {
        if let Ok(Some(at)) = resume(req.request()).await {
            req.extensions_mut().insert(IsKnown);
            req.extensions_mut().insert(at);
        }
        next.call(req).await
    }))
}

async fn admit(req: ServiceRequest, next: Next<BoxBody>, scope: Option<Scope>) -> Result<ServiceResponse, Error> {
    match resume(req.request()).await {
        Ok(Some(at)) if scope.is_none_or(|scope| at.may(scope)) => {
            let is_paced = pace::bound(req.request(), &at.principal, true);
            req.extensions_mut().insert(IsKnown);
            req.extensions_mut().insert(at);
            match is_paced {
                Ok(()) => next.call(req).await,
                Err(problem) => Ok(req.into_response(problem.error_response())),
            }
        }
        Ok(Some(at)) => {
            req.extensions_mut().insert(IsKnown);
            let written = refused::write_down(req.request(), &at.org, &at.principal, scope, true).await;
            let problem = written.map_or_else(Problem::from, |()| NOT_ALLOWED);
            // Who is signed in keeps the navigation on the page that says so.
            req.extensions_mut().insert(at);
            Ok(req.into_response(problem.error_response()))
        }
        Ok(None) => {
            let to_sign_in = to_sign_in(req.request());
            Ok(req.into_response(to_sign_in))
        }
        Err(problem) => Ok(req.into_response(problem.error_response())),
    }
}

async fn resume(req: &HttpRequest) -> Result<Option<At>, Problem> {
    let Some(cookie) = cookies::read(req, cookies::SESSION) else {
        return Ok(None);
    };
    let (Some(store), Some(clock)) = (req.app_data::<Data<Store>>().cloned(), req.app_data::<Data<Clock>>().cloned()) else {
        return Err(Fault::new(Code::Internal, "The console was mounted without its store or clock").into());
    };
    let form_token = FormToken::of(&cookie);
    let resumed = at_hand_or_blocking(&store, move |store| {
        let Some((principal, org)) = session::resume(store, &cookie, clock.now())? else {
            return Ok(None);
        };
        let member_name = account::name_of(store.main(), principal.member())?.unwrap_or_default();
        let org_name = organisation::name(&org)?;
        Ok(Some(At { org: org.in_rooms(), principal, member_name, org_name, form_token: form_token.clone() }))
    })
    .await?;
    Ok(resumed)
}

/// Sends a visitor to the sign-in page, and back to where they wanted to go: a page, never an act.
fn to_sign_in(req: &HttpRequest) -> HttpResponse {
    let wanted = if req.method() == Method::GET { local_path(req.path()) } else { None };
    let target = match wanted {
        Some("/") | None => "/sign-in".to_owned(),
        Some(path) => format!("/sign-in?next={path}"),
    };
    HttpResponse::SeeOther().insert_header((header::LOCATION, target)).finish()
}

/// A path of this console that may follow a sign-in, made of plain characters; anything that a browser could read as
/// another host is none.
pub fn local_path(path: &str) -> Option<&str> {
    let is_plain = path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_".contains(&b));
    (path.starts_with('/') && !path.starts_with("//") && is_plain).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_nobody_is_sent_elsewhere() {
        assert_eq!(local_path("/patterns/0190-ab"), Some("/patterns/0190-ab"));
        for bad in ["//evil.example", "/\\evil.example", "https://evil.example", "/x?next=//evil", "/a%2f%2fb", "", "/a\r\nset-cookie:x"] {
            assert_eq!(local_path(bad), None, "{bad}");
        }
    }
}
