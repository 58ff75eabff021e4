//! Counts answers for `/metrics`: by door and status, never by path or query.

use crate::base::clock::Stopwatch;
use crate::ops::metrics::{Door, Traffic};
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;

/// Middleware: counts each answer and how long it took.
pub async fn count(req: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let (traffic, watch) = (req.app_data::<Data<Traffic>>().cloned(), Stopwatch::start());
    let answered = next.call(req).await?;
    if let Some(traffic) = traffic {
        let route = answered.request().match_pattern().unwrap_or_default();
        traffic.count(Door::of(&route), answered.status().as_u16(), watch.elapsed());
    }
    Ok(answered)
}
