//! Which door stands where.

use crate::http::blocking::blocking;
use crate::http::{headers, problem::Problem, request_id};
use crate::ops::health::{self, Readiness};
use crate::store::Store;
use crate::{api, hooks, web};
use actix_web::HttpResponse;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig, get, post, scope};

/// Mounts every door. The console is last, since it answers whatever no other door knows.
pub(super) fn mount(config: &mut ServiceConfig) {
    config.service(
        scope("")
            .wrap(from_fn(headers::harden))
            .wrap(from_fn(request_id::number))
            .route("/livez", get().to(live))
            .route("/readyz", get().to(ready))
            .route("/hooks/{connector}/{connection}", post().to(hooks::receive))
            .configure(api::routes::mount)
            .configure(web::routes::mount),
    );
}

/// The process runs.
async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("live\n")
}

/// The process can take deliveries; otherwise why not, for the operator.
async fn ready(store: Data<Store>) -> Result<HttpResponse, Problem> {
    Ok(match blocking(move || Ok::<_, Problem>(health::readiness(&store))).await? {
        Readiness::Ready => HttpResponse::Ok().content_type("text/plain").body("ready\n"),
        Readiness::NotReady(why) => {
            HttpResponse::ServiceUnavailable().content_type("text/plain; charset=utf-8").body(format!("not ready: {why}\n"))
        }
    })
}
