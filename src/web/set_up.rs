//! The console before there is anything: the page behind the link that the log names, and nothing else.

use crate::http::forms;
use crate::http::map::Gate::Open;
use crate::http::map::{Map, get, post};
use crate::web::files::{self, Files};
use crate::web::pages::{problems, set_ups};
use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig, scope, to};

/// Every page there is before the set-up.
pub fn map() -> Map {
    Map::default().route("/assets/{name}", Open, get(files::show)).route("/set-up/{token}", Open, get(set_ups::new)).route(
        "/set-up/{token}",
        Open,
        post(set_ups::create),
    )
}

/// Mounts them.
pub fn mount(config: &mut ServiceConfig) {
    let console = scope("").wrap(from_fn(problems::as_pages)).app_data(forms::config()).app_data(Data::new(Files::default()));
    // What guards these is the token in the path.
    let console = map().into_iter().fold(console, |console, (row, route)| console.route(&row.path, route));
    config.service(console.default_service(to(set_ups::elsewhere)));
}
