//! Tries to change what one may not: answered with 403 by the door, and written down here.

use crate::auth::sign_in::Desk;
use crate::auth::{Principal, Scope, refusal};
use crate::base::clock::Clock;
use crate::base::error::Fault;
use crate::http::blocking::blocking;
use crate::http::origin;
use crate::store::OrgDb;
use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::web::Data;

/// Leaves a leaf that `who` tried this route, where they themselves did: looking is no try, and what another site made a browser send is
/// none of its holder's doing. A call with a token says nothing of its origin, and is its holder's own. Who tried to step somebody out would
/// mostly be who wants to leave, and is not written down.
pub async fn write_down(req: &HttpRequest, org: &OrgDb, who: &Principal, needed: Option<Scope>, is_browser: bool) -> Result<(), Fault> {
    let is_their_own = !is_browser || origin::require_same(req).is_ok();
    let (Some(desk), Some(clock)) = (req.app_data::<Data<Desk>>().cloned(), req.app_data::<Data<Clock>>().cloned()) else {
        return Ok(());
    };
    if req.method() == Method::GET || !is_their_own || needed == Some(Scope::StepOut) {
        return Ok(());
    }
    let what = format!("{} {}", req.method(), req.match_pattern().unwrap_or_default());
    let (org, who) = (org.clone(), who.clone());
    blocking(move || refusal::write_down(&org, &desk, &who, &what, clock.now())).await
}
