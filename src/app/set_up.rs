//! The server of a first start: the set-up page, and whether the process lives. It goes when the appliance is set up.

use crate::app::doors::live;
use crate::app::{Listening, Wire, listen, tls};
use crate::base::clock::Clock;
use crate::base::error::{Code, Fault};
use crate::http::headers::IsEncrypted;
use crate::http::limits::Limits;
use crate::http::map::Gate::Open;
use crate::http::map::{Map, get};
use crate::http::peer::IsProxied;
use crate::http::problem::Problem;
use crate::http::seats::Seats;
use crate::http::{headers, patience, request_id};
use crate::ops::founding::Place;
use crate::ops::process;
use crate::ops::set_up::SetUp;
use crate::store::Store;
use crate::web;
use crate::web::pages::set_ups::Finish;
use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig, scope};
use actix_web::{App, HttpResponse};
use std::net::TcpListener;
use std::sync::{Arc, OnceLock};

/// What is said when the page is there.
pub struct Announced<'a> {
    pub url: &'a str,
    pub fingerprint: Option<&'a str>,
    /// The one-time link.
    pub link: &'a str,
}

/// Serves the set-up page until somebody has set the appliance up: the answer is the new installation. `None` where the process was told
/// to stop before.
pub fn serve_until_set_up(
    place: Place,
    clock: &Clock,
    listening: &Listening,
    announce: impl FnOnce(&Announced<'_>),
) -> Result<Option<Store>, Fault> {
    let (set_up, token) = SetUp::new(place, clock.clone())?;
    let set_up = Data::new(set_up);
    let certificate = if listening.way.wire == Wire::Tls { Some(tls::fresh(listening.way.public.0.as_ref(), clock.now())?) } else { None };
    let identity = certificate.as_ref().map(tls::ready).transpose()?;
    let listener = listening
        .listener
        .try_clone()
        .map_err(|error| Fault::new(Code::Io, "The address to listen on could not be shared; start again").because(error))?;
    let url = format!("{}://{}", if identity.is_some() { "https" } else { "http" }, listening.address);
    announce(&Announced {
        url: &url,
        fingerprint: identity.as_ref().map(|identity| identity.fingerprint.as_str()),
        link: &format!("{url}/set-up/{}", token.reveal()),
    });
    let served = actix_web::rt::System::new().block_on(serve(set_up.clone(), listener, identity, listening.way.wire));
    served.map_err(|error| Fault::new(Code::Io, "The server of the set-up stopped").because(error))?;
    let store = set_up.take();
    if let (Some(store), Some(certificate)) = (&store, &certificate) {
        // A browser that was told to trust it need not be told again.
        tls::keep(store.main(), certificate)?;
    }
    Ok(store)
}

async fn serve(set_up: Data<SetUp>, listener: TcpListener, identity: Option<tls::Identity>, wire: Wire) -> std::io::Result<()> {
    let limits = Limits::default().within(process::open_files());
    let seats = Arc::new(Seats::new(&limits, wire == Wire::BehindProxy));
    let (shared, handle) = (Arc::clone(&seats), Arc::new(OnceLock::<ServerHandle>::new()));
    let ends = Arc::clone(&handle);
    // The answer that is being given is given to its end; nobody waits for it here.
    let finish = Data::new(Finish(Box::new(move || ends.get().into_iter().for_each(|handle| drop(handle.stop(true))))));
    let app = move || {
        App::new()
            .app_data(set_up.clone())
            .app_data(finish.clone())
            .app_data(Data::new(limits))
            .app_data(Data::from(Arc::clone(&shared)))
            .app_data(Data::new(IsEncrypted(wire != Wire::Insecure)))
            .app_data(Data::new(IsProxied(wire == Wire::BehindProxy)))
            .configure(mount)
    };
    let (server, _) = listen::server(listener, identity.map(|identity| identity.config), (seats, limits), app)?;
    // A server has one handle, and is given it once.
    let _ = handle.set(server.handle());
    server.await
}

/// What answers beside the set-up page.
fn map() -> Map {
    Map::default().route("/livez", Open, get(live)).route("/readyz", Open, get(not_ready))
}

fn mount(config: &mut ServiceConfig) {
    let house = scope("").wrap(from_fn(headers::harden)).wrap(from_fn(request_id::number)).wrap(from_fn(patience::bound));
    let house = map().into_iter().fold(house, |house, (row, route)| house.route(&row.path, route));
    config.service(house.configure(web::set_up::mount));
}

async fn not_ready() -> Result<HttpResponse, Problem> {
    Err(Problem::not_ready(Fault::new(Code::Config, "The appliance is not set up yet: open the link that its log names")))
}
