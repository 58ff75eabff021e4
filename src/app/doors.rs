//! Which door stands where.

use crate::http::blocking::blocking;
use crate::http::map::Gate::Open;
use crate::http::map::{Map, Row, get, post};
use crate::http::{headers, patience, problem::Problem, request_id, traffic};
use crate::ops::health::{self, Readiness};
use crate::store::Store;
use crate::{api, hooks, web};
use actix_web::HttpResponse;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig, scope};

/// The doors that are no console and no API.
fn map() -> Map {
    Map::default()
        .route("/livez", Open, get(live))
        .route("/readyz", Open, get(ready))
        .route("/hooks/{connector}/{connection}", Open, post(hooks::receive))
        .route("/api/openapi.json", Open, get(api::routes::document))
}

/// Every route there is, with what it asks of whoever comes.
pub fn routes() -> Vec<Row> {
    [map().rows(""), api::routes::map().rows(api::routes::DOOR), web::routes::map().rows("")].concat()
}

/// Mounts every door. The console is last, since it answers whatever no other door knows.
pub(super) fn mount(config: &mut ServiceConfig) {
    let house = scope("")
        .wrap(from_fn(headers::harden))
        .wrap(from_fn(request_id::number))
        .wrap(from_fn(traffic::count))
        .wrap(from_fn(patience::bound));
    // Each of these gates is open: a delivery proves itself by its signature.
    let house = map().into_iter().fold(house, |house, (row, route)| house.route(&row.path, route));
    config.service(house.configure(api::routes::mount).configure(web::routes::mount));
}

/// The process runs.
pub(super) async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("live\n")
}

/// The process can take deliveries; otherwise the code of what is wrong, whose words go to the log.
async fn ready(store: Data<Store>) -> Result<HttpResponse, Problem> {
    match blocking(move || Ok::<_, Problem>(health::readiness(&store))).await? {
        Readiness::Ready => Ok(HttpResponse::Ok().content_type("text/plain").body("ready\n")),
        Readiness::NotReady(fault) => Err(Problem::not_ready(fault)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Clock;
    use crate::base::error::Fault;
    use crate::crypto::keys::Kek;
    use actix_web::body::to_bytes;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, http::StatusCode};

    /// A store with one organisation whose file is spoiled.
    fn damaged(folder: &std::path::Path) -> Store {
        let (data, kek) = (folder.join("data"), Kek::generate().unwrap());
        let store = Store::create(&data, &kek, &Clock::System, true).unwrap();
        let id = store.create_org::<Fault>(&Clock::System, |_, _| Ok(()), |_, _| Ok(())).unwrap().id();
        drop(store);
        std::fs::write(data.join("orgs").join(format!("{id}.db")), vec![7; 8192]).unwrap();
        Store::open(&data, &kek).unwrap()
    }

    #[actix_web::test]
    async fn a_stranger_learns_that_it_is_not_ready_and_not_where_its_files_are() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::new().app_data(Data::new(damaged(folder.path()))).configure(mount);
        let answer = call_service(&init_service(app).await, TestRequest::get().uri("/readyz").to_request()).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        let body = to_bytes(answer.into_body()).await.unwrap();
        let body = String::from_utf8_lossy(&body);
        assert!(body.contains(r#""code":"#), "{body}");
        assert!(!body.contains("orgs") && !body.contains(folder.path().to_str().unwrap()), "{body}");
    }
}
