//! One delivery at the door.
//!
//! Never: a raw body on disk or in a log. Whether a genuine delivery was kept or refused, the sender learns nothing: both
//! answer 202, after whatever had to be durable is durable.

use crate::base::clock::Clock;
use crate::base::id::ConnectionId;
use crate::capture::{self, Desk, Outcome};
use crate::connectors::connector;
use crate::connectors::delivery::{BODY_BYTES_MAX, Delivery};
use crate::http::blocking::blocking;
use crate::http::problem::Problem;
use crate::signals::refusal::Refusal;
use crate::store::Store;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use futures_core::Stream as _;
use std::future::poll_fn;
use std::pin::Pin;
use zeroize::Zeroize as _;

/// `POST /hooks/{connector}/{connection}`.
pub async fn receive(
    req: HttpRequest,
    path: Path<(String, String)>,
    payload: Payload,
    (store, desk, clock): (Data<Store>, Data<Desk>, Data<Clock>),
) -> Result<HttpResponse, Problem> {
    let (tool, connection) = path.into_inner();
    let connection: ConnectionId = connection.parse().map_err(|_| Problem::not_found())?;
    if connector(&tool).is_none() {
        return Err(Problem::not_found());
    }
    if !is_json(req.headers()) {
        return Err(Problem::wrong_kind(
            "Send the delivery as application/json: in the tool's webhook settings, choose JSON as content type.",
        ));
    }
    let headers = text_headers(req.headers());
    let body = read_body(&req, payload).await?;
    let delivery = Delivery::new(headers, body);
    let outcome = blocking(move || {
        let Some(org) = store.org(connection.org())? else {
            return Ok(Outcome::UnknownConnection);
        };
        capture::capture(&desk, &org, &clock, (&tool, connection), &delivery)
    })
    .await?;
    answer(outcome)
}

fn answer(outcome: Outcome) -> Result<HttpResponse, Problem> {
    match outcome {
        Outcome::Handshake(body) => Ok(HttpResponse::Ok().content_type("application/json").body(body)),
        Outcome::Refused(Refusal::Malformed) => Err(Problem::malformed("The delivery cannot be read as what it says it is.")),
        Outcome::Captured(_) | Outcome::Duplicate | Outcome::Refused(_) => Ok(HttpResponse::Accepted().finish()),
        Outcome::Unverified(_) => Err(Problem::new(
            actix_web::http::StatusCode::UNAUTHORIZED,
            "The signature does not fit. Check that the tool and this connection hold the same secret.",
        )),
        Outcome::UnknownConnection => Err(Problem::not_found()),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

fn text_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    headers.iter().filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))).collect()
}

/// Reads at most [`BODY_BYTES_MAX`] bytes; a body that announces or turns out to be more is not read to its end.
async fn read_body(req: &HttpRequest, payload: Payload) -> Result<Vec<u8>, Problem> {
    let announced = req.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > BODY_BYTES_MAX) {
        return Err(Problem::too_large());
    }
    let mut stream = payload.into_inner();
    let mut body = Vec::with_capacity(announced.unwrap_or(0));
    while let Some(chunk) = poll_fn(|cx| Pin::new(&mut stream).poll_next(cx)).await {
        let chunk = chunk.map_err(|_| Problem::malformed("The delivery broke off before its end."))?;
        if body.len() + chunk.len() > BODY_BYTES_MAX {
            body.zeroize();
            return Err(Problem::too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
