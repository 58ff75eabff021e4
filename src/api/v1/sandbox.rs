//! `/sandbox/clock`: only a sandbox has it; anywhere else it does not exist.

use crate::api::caller::Caller;
use crate::api::json;
use crate::base::clock::{Clock, Instant, SignedDuration};
use crate::base::error::{Code, Fault};
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::jobs::pipeline::Ran;
use crate::jobs::worker::Jobs;
use crate::store::Store;
use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Deserialize;

/// Furthest that the clock is set at once, forward or back: twice as long as anything is kept and some more. Every day on the way has its look,
/// and whoever set the clock waits for all of them.
const STEP_MAX: SignedDuration = SignedDuration::from_hours(1_000 * 24);

const TOO_FAR: Problem = Problem::senseless(
    "That is more than 1,000 days away, and every day on the way has its look. Set the clock in steps of at most 1,000 days, or start the sandbox anew with --as-of.",
);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    at: Instant,
}

/// Sets the clock, and does everything that has become due by then before it answers.
pub(in crate::api) async fn put_clock(
    _caller: Caller,
    body: Body,
    (store, jobs, clock): (Data<Store>, Data<Jobs>, Data<Clock>),
) -> Result<HttpResponse, Problem> {
    if !store.sandbox() {
        return Err(Problem::not_found());
    }
    let wish: Wish = json::read(&body)?;
    if clock.now().duration_until(wish.at).abs() > STEP_MAX {
        return Err(TOO_FAR);
    }
    if !clock.set(wish.at) {
        return Err(Problem::not_found());
    }
    match blocking(move || jobs.run_due(true)).await? {
        Ran::ToTheEnd => Ok(json::ok(&serde_json::json!({ "at": wish.at.to_string() }))),
        Ran::Stopped => Err(Fault::new(Code::Overloaded, "The server was told to stop before everything was done that is due").into()),
    }
}
