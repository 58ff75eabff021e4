//! `/sandbox/clock`: only a sandbox has it; anywhere else it does not exist.

use crate::api::caller::Caller;
use crate::api::json;
use crate::base::clock::{Clock, Instant};
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::jobs::worker::Jobs;
use crate::store::Store;
use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Deserialize;

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
    if !clock.set(wish.at) {
        return Err(Problem::not_found());
    }
    blocking(move || jobs.run_due(true)).await?;
    Ok(json::ok(&serde_json::json!({ "at": wish.at.to_string() })))
}
