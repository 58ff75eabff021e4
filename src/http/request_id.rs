//! A number for each request, and the one place where one that failed or was refused is logged.
//!
//! The log line has the route's pattern, never the path or query: those carry ids.

use crate::base::error::Fault;
use crate::crypto::random;
use crate::http::problem::Problem;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, ResponseError};
use std::fmt;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Names one request in an answer and in the log. Random: it tells nothing about other requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    fn new() -> Result<Self, Fault> {
        random::bytes::<8>().map(|bytes| Self(hex::encode(bytes)))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Marks a request as one of somebody who is known, so that its refusal is worth a line.
#[derive(Clone, Copy, Debug)]
pub struct IsKnown;

/// Middleware, outermost: numbers the request, answers the number in `x-request-id`, logs what failed.
pub async fn number(req: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse, Error> {
    let id = match RequestId::new() {
        Ok(id) => id,
        Err(fault) => return Ok(req.into_response(Problem::from(fault).error_response())),
    };
    req.extensions_mut().insert(id.clone());
    let mut res = next.call(req).await?.map_into_boxed_body();
    log_refusal(&id, &res);
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        res.headers_mut().insert(HEADER, value);
    }
    Ok(res)
}

fn log_refusal(id: &RequestId, res: &ServiceResponse) {
    let extensions = res.response().extensions();
    let route = res.request().match_pattern().unwrap_or_default();
    let status = res.status();
    let is_known = res.request().extensions().contains::<IsKnown>();
    match extensions.get::<Problem>().and_then(Problem::fault) {
        Some(fault) => tracing::error!(request.id = %id, route, status = status.as_u16(), code = fault.code().as_str(), "{fault}"),
        // What strangers are refused is counted; a line for each would let anybody fill the log.
        None if !is_known && status.is_client_error() => {
            tracing::debug!(request.id = %id, route, status = status.as_u16(), "refused");
        }
        None if status.is_client_error() || status.is_server_error() => {
            tracing::info!(request.id = %id, route, status = status.as_u16(), "refused");
        }
        None => {}
    }
}
