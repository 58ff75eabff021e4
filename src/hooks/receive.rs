//! One delivery at the door.
//!
//! Never: a raw body on disk or in a log. Whether a genuine delivery was kept or refused, the sender learns nothing: both
//! answer 202, after whatever had to be durable is durable.

use crate::base::clock::Clock;
use crate::base::error::{Code, Fault};
use crate::base::id::ConnectionId;
use crate::capture::{self, Desk, Kept, Outcome};
use crate::connectors::connector;
use crate::connectors::delivery::{BODY_BYTES_MAX, Delivery};
use crate::hooks::admission::{Admission, Turn};
use crate::http::blocking::{at_hand_or_blocking, blocking};
use crate::http::body::Body;
use crate::http::patience;
use crate::http::problem::Problem;
use crate::orgs::connections;
use crate::signals::refusal::Refusal;
use crate::store::{OrgDb, Store};
use actix_web::http::header::{CONTENT_TYPE, HeaderMap};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use std::sync::Arc;
use tokio::sync::oneshot;

/// Largest body, in bytes, that is judged on the thread it came in by, in a fifth of a millisecond; every other connection of that thread waits
/// meanwhile. Most deliveries have less than half of it.
const QUICK_BYTES_MAX: usize = 64 * 1024;

/// `POST /hooks/{connector}/{connection}`.
pub async fn receive(
    req: HttpRequest,
    path: Path<(String, String)>,
    payload: Payload,
    (store, desk, clock, admission): (Data<Store>, Data<Desk>, Data<Clock>, Data<Admission>),
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
    // Before a byte of the body is read: who does not know a connection costs no memory.
    let org = at_hand_or_blocking(&store, move |store| org_of(store, connection)).await?.ok_or_else(Problem::not_found)?;
    let mut body = Body::read(&req, payload.into_inner(), BODY_BYTES_MAX).await?;
    let turn = match admission.admit(connection.org()).await {
        Ok(turn) => turn,
        Err(fault) => {
            drop(body);
            patience::rest(&req).await;
            return Err(fault.into());
        }
    };
    let delivery = Delivery::new(text_headers(req.headers()), body.take());
    let parts = (desk.into_inner(), org, clock.into_inner());
    // A task of its own: what is begun is settled also where the sender has gone meanwhile.
    let outcome = actix_web::rt::spawn(take(parts, (tool, connection), (delivery, body, turn))).await;
    answer(
        outcome.map_err(|lost| {
            Fault::new(Code::Internal, "A piece of work was lost; try again, and see the log if it stays").because(lost)
        })??,
    )
}

/// Takes a delivery; no thread waits for its commit. Whom it comes to, and what they agreed to, is mostly remembered: then it is judged where it
/// came in, on the processor that holds its bytes.
async fn take(
    (desk, org, clock): (Arc<Desk>, OrgDb, Arc<Clock>),
    (tool, connection): (String, ConnectionId),
    // The room that the body takes, and its place among those that are at work, are its own until the end.
    (delivery, _room, _turn): (Delivery, Body, Turn),
) -> Result<Outcome, Fault> {
    let is_quick = delivery.body().len() <= QUICK_BYTES_MAX;
    let at_once = is_quick.then(|| begin(&desk, &org.at_hand(), &clock, (&tool, connection), &delivery));
    let (delivery, begun) = match at_once {
        Some(Err(fault)) if fault.code() != Code::NotAtHand => return Err(fault),
        Some(Ok(begun)) => (delivery, begun),
        _ => {
            let work = (Arc::clone(&desk), org.clone(), Arc::clone(&clock), tool.clone());
            blocking(move || {
                let (desk, org, clock, tool) = work;
                let begun = begin(&desk, &org, &clock, (&tool, connection), &delivery)?;
                Ok::<_, Fault>((delivery, begun))
            })
            .await?
        }
    };
    let kept = match begun {
        Begun::Decided(outcome) => return Ok(outcome),
        Begun::Stored(told) => told.await.map_err(|_| Fault::new(Code::Fenced, "The writer has ended; restart the program"))?,
    };
    let settled = if kept.may_wait() {
        let (desk, org) = (Arc::clone(&desk), org.clone());
        blocking(move || kept.settle(&desk, &org)).await?
    } else {
        kept.settle(&desk, &org)?
    };
    match settled {
        Some(outcome) => Ok(outcome),
        None => blocking(move || capture::capture(&desk, &org, &clock, (&tool, connection), &delivery)).await,
    }
}

/// How far a delivery came before its commit.
enum Begun {
    Decided(Outcome),
    /// Its commit is on its way.
    Stored(oneshot::Receiver<Kept>),
}

fn begin(desk: &Desk, org: &OrgDb, clock: &Clock, to: (&str, ConnectionId), delivery: &Delivery) -> Result<Begun, Fault> {
    let (tell, told) = oneshot::channel();
    let decided = capture::begin(desk, org, clock, to, delivery, move |kept| drop(tell.send(kept)))?;
    Ok(decided.map_or(Begun::Stored(told), Begun::Decided))
}

/// The organisation of a connection that exists.
fn org_of(store: &Store, connection: ConnectionId) -> Result<Option<OrgDb>, Fault> {
    let Some(org) = store.org(connection.org())? else {
        return Ok(None);
    };
    Ok(connections::find(&org, connection)?.map(|_| org.in_rooms()))
}

fn answer(outcome: Outcome) -> Result<HttpResponse, Problem> {
    match outcome {
        Outcome::Handshake(body) => Ok(HttpResponse::Ok().content_type("application/json").body(body)),
        Outcome::Refused(Refusal::Malformed) => Err(Problem::malformed("The delivery cannot be read as what it says it is.")),
        Outcome::Captured(_) | Outcome::Duplicate | Outcome::Refused(_) | Outcome::Unseen => Ok(HttpResponse::Accepted().finish()),
        Outcome::Unverified(_) => Err(Problem::new(
            actix_web::http::StatusCode::UNAUTHORIZED,
            "The signature does not fit. Check that the tool and this connection hold the same secret.",
        )),
        Outcome::UnknownConnection => Err(Problem::not_found()),
    }
}

/// JSON, or a format of its own that is written in it: `application/cloudevents+json` (RFC 6839, 3.1).
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.strip_prefix("application/").is_some_and(|format| format == "json" || format.ends_with("+json"))
}

fn text_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    headers.iter().filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))).collect()
}
