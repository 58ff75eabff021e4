//! `/promises`: the rows of `verify`, as far as they concern the caller's organisation. They say nothing about anybody, so any token may ask.

use crate::api::caller::Caller;
use crate::api::json;
use crate::base::clock::Clock;
use crate::http::blocking::blocking;
use crate::http::problem::Problem;
use crate::privacy::commitments::Latest;
use crate::store::Store;
use actix_web::HttpResponse;
use actix_web::web::Data;

pub(in crate::api) async fn list(
    caller: Caller,
    (store, clock, latest): (Data<Store>, Data<Clock>, Data<Latest>),
) -> Result<HttpResponse, Problem> {
    let rows = blocking(move || latest.rows(&store, caller.org.id(), &clock)).await?;
    Ok(json::ok(&serde_json::json!({ "promises": rows })))
}
