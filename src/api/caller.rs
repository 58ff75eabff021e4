//! Who calls: the principal behind `Authorization: Bearer TOKEN`.

use crate::auth::{Human, Principal, Scope, api_token};
use crate::base::clock::Clock;
use crate::http::blocking::blocking;
use crate::http::problem::Problem;
use crate::store::{OrgDb, Store};
use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use std::future::Future;
use std::pin::Pin;

/// A proven caller, and the one organisation it may ask about.
pub(super) struct Caller {
    pub principal: Principal,
    pub org: OrgDb,
}

impl Caller {
    /// Goes on only where role and token allow `scope`.
    pub(super) fn needs(&self, scope: Scope) -> Result<(), Problem> {
        if self.principal.may(scope) {
            return Ok(());
        }
        Err(Problem::forbidden("This token, or the role of its member, does not allow that. Make a token with the scope it needs."))
    }

    /// The person behind the token, where it may decide.
    pub(super) fn human(&self) -> Result<Human, Problem> {
        self.principal.human().ok_or_else(|| Problem::forbidden("This token may not decide for its member: it lacks the scope “decide”."))
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = bearer(req);
        let (store, clock) = (req.app_data::<Data<Store>>().cloned(), req.app_data::<Data<Clock>>().cloned());
        Box::pin(async move {
            let (Some(token), Some(store), Some(clock)) = (token, store, clock) else {
                return Err(Problem::unproven());
            };
            let found = blocking(move || api_token::resume(&store, &token, clock.now())).await?;
            found.map(|(principal, org)| Self { principal, org }).ok_or_else(Problem::unproven)
        })
    }
}

fn bearer(req: &HttpRequest) -> Option<String> {
    let header = req.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}
