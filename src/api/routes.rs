//! Every route under `/api/v1`.

use crate::api::v1::{connections, notices, opt_outs, patterns, sandbox, signals, sources};
use crate::http::problem::Problem;
use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};

/// Mounts the API.
pub fn mount(config: &mut ServiceConfig) {
    config.service(
        web::scope("/api/v1")
            .route("/connections", web::get().to(connections::list))
            .route("/connections", web::post().to(connections::create))
            .route("/connections/{id}", web::delete().to(connections::delete))
            .route("/connections/{id}/secret", web::put().to(connections::put_secret))
            .route("/connections/{id}/sources", web::get().to(sources::list))
            .route("/connections/{id}/sources/{external_id:.+}", web::put().to(sources::put))
            .route("/notices", web::get().to(notices::list))
            .route("/notices/{connection}/{external_id:.+}", web::put().to(notices::put))
            .route("/signals/summary", web::get().to(signals::summary))
            .route("/patterns", web::get().to(patterns::list))
            .route("/patterns/{id}", web::get().to(patterns::show))
            .route("/patterns/{id}/status", web::put().to(patterns::put_status))
            .route("/people/opt-outs", web::get().to(opt_outs::count))
            .route("/people/opt-outs", web::post().to(opt_outs::create))
            .route("/sandbox/clock", web::put().to(sandbox::put_clock))
            .default_service(web::to(nothing_here)),
    );
}

async fn nothing_here() -> Result<HttpResponse, Problem> {
    Err(Problem::not_found())
}
