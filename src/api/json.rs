//! JSON bodies, in and out.

use crate::http::problem::Problem;
use actix_web::HttpResponse;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads a body; an unknown member is an error, so that a slip of the pen does not pass in silence.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            Problem::senseless("A member of the JSON object is missing, unknown or of the wrong type. The OpenAPI document names them.")
        } else {
            Problem::malformed("The body is not JSON.")
        }
    })
}

pub(super) fn ok(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(body)
}

pub(super) fn created(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Created().insert_header(("cache-control", "no-store")).json(body)
}
