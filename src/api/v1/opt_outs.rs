//! `/people/opt-outs`. The answer to `GET` is a count: who stepped out is nobody's business.

use crate::api::caller::Caller;
use crate::api::json;
use crate::auth::sign_in::Desk;
use crate::base::clock::Clock;
use crate::connectors::connector;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::people::opt_out;
use crate::privacy::{self, Asked};
use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    connector: String,
    handle: String,
}

pub(in crate::api) async fn count(caller: Caller) -> Result<HttpResponse, Problem> {
    let count = blocking(move || caller.org.read(|reader| opt_out::count(reader))).await?;
    Ok(json::ok(&serde_json::json!({ "count": count })))
}

pub(in crate::api) async fn create(caller: Caller, body: Body, (desk, clock): (Data<Desk>, Data<Clock>)) -> Result<HttpResponse, Problem> {
    let wish: Wish = json::read(&body)?;
    let tool = connector(&wish.connector).ok_or(Problem::senseless("There is no such connector. The OpenAPI document names them all."))?;
    let asked = Asked::parse(tool, &wish.handle).ok_or(Problem::senseless(tool.account_hint()))?;
    let now = clock.now();
    desk.may_step_out(&caller.principal, now).map_err(Problem::too_often)?;
    let receipt = blocking(move || privacy::step_out(&caller.org, asked, now)).await?;
    Ok(json::created(&serde_json::json!({ "receipt": receipt.reveal() })))
}
