//! The whole map of the console, with the right that each route needs.

use crate::auth::Scope::{Decide, ReadConnections, ReadPatterns, StepOut, WriteConnections, WriteSources};
use crate::http::forms;
use crate::http::problem::Problem;
use crate::web::admission::{needs, perhaps_signed_in, signed_in};
use crate::web::files::{self, Files};
use crate::web::layout::Answer;
use crate::web::pages::{
    connection_removals, connection_secrets, connections, home, new_connections, notices, opt_outs, pattern_statuses, patterns, problems,
    sessions, sources,
};
use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig, get, post, scope, to};

/// Mounts the console. It answers whatever no other door knows, so it is mounted last.
pub fn mount(config: &mut ServiceConfig) {
    config.service(
        scope("")
            .wrap(from_fn(problems::as_pages))
            .app_data(forms::config())
            .app_data(Data::new(Files::default()))
            .route("/assets/{name}", get().to(files::show))
            .route("/sign-in", get().to(sessions::new))
            .route("/sign-in", post().to(sessions::create))
            .route("/sign-out", post().to(sessions::delete))
            .route("/", signed_in(get().to(home::show)))
            .route("/connections", needs(ReadConnections, get().to(connections::index)))
            .route("/connections", needs(WriteConnections, post().to(new_connections::create)))
            .route("/connections/new", needs(WriteConnections, get().to(new_connections::show)))
            .route("/connections/{id}", needs(ReadConnections, get().to(connections::show)))
            .route("/connections/{id}/secret", needs(WriteConnections, get().to(connection_secrets::show)))
            .route("/connections/{id}/secret", needs(WriteConnections, post().to(connection_secrets::create)))
            .route("/connections/{id}/removal", needs(WriteConnections, get().to(connection_removals::show)))
            .route("/connections/{id}/removal", needs(WriteConnections, post().to(connection_removals::create)))
            .route("/connections/{id}/sources", needs(WriteSources, get().to(sources::index)))
            .route("/connections/{id}/sources", needs(WriteSources, post().to(sources::create)))
            .route("/notices", needs(WriteSources, get().to(notices::index)))
            .route("/notices", needs(WriteSources, post().to(notices::create)))
            .route("/patterns", needs(ReadPatterns, get().to(patterns::index)))
            .route("/patterns/{id}", needs(ReadPatterns, get().to(patterns::show)))
            .route("/patterns/{id}/status", needs(Decide, post().to(pattern_statuses::create)))
            .route("/opt-outs", needs(StepOut, get().to(opt_outs::index)))
            .route("/opt-outs", needs(StepOut, post().to(opt_outs::create)))
            .default_service(perhaps_signed_in(to(nothing_here))),
    );
}

async fn nothing_here() -> Answer {
    Err(Problem::not_found())
}
