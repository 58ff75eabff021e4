//! `/production`: what the environments are called that are production.

use crate::api::caller::Caller;
use crate::api::json;
use crate::base::clock::Clock;
use crate::detection::history;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::orgs::production::{self, Names};
use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    environments: Vec<String>,
}

const NO_NAMES: Problem =
    Problem::senseless("Name 1 to 20 environments, each in at most 100 letters, digits, signs (no comma) and inner spaces.");

pub(in crate::api) async fn show(caller: Caller) -> Result<HttpResponse, Problem> {
    let given = blocking(move || caller.org.read(|reader| production::names(reader))).await?;
    let environments = given.map_or_else(|| history::PRODUCTION.map(str::to_owned).to_vec(), |given| given.as_slice().to_vec());
    Ok(json::ok(&serde_json::json!({ "environments": environments })))
}

pub(in crate::api) async fn put(caller: Caller, body: Body, clock: Data<Clock>) -> Result<HttpResponse, Problem> {
    let wish: Wish = json::read(&body)?;
    let names = Names::parse(&wish.environments).ok_or(NO_NAMES)?;
    let (given, actor, now) = (names.clone(), caller.principal.actor(), clock.now());
    blocking(move || production::give(&caller.org, given, actor, now)).await?;
    Ok(json::ok(&serde_json::json!({ "environments": names.as_slice() })))
}
