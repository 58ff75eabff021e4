//! How often one member may change things, whichever door they come by.
//!
//! Every change leaves rows, and a leaf in a log that never forgets: a script gone astray must not fill the disk with them.

use crate::auth::Principal;
use crate::auth::sign_in::Desk;
use crate::base::clock::Clock;
use crate::http::origin;
use crate::http::problem::Problem;
use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::web::Data;

/// Counts a request that changes something. What another site made a browser send counts for nobody: it is going to be refused.
pub fn bound(req: &HttpRequest, who: &Principal, is_browser: bool) -> Result<(), Problem> {
    let (Some(desk), Some(clock)) = (req.app_data::<Data<Desk>>(), req.app_data::<Data<Clock>>()) else {
        return Ok(());
    };
    if req.method() == Method::GET || (is_browser && origin::require_same(req).is_err()) {
        return Ok(());
    }
    desk.may_change(who, clock.now()).map_err(Problem::too_often)
}
