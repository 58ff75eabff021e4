//! The composition root: opens everything once, hands it down, and listens.

mod control;
mod doors;
mod listen;
mod metrics;
mod set_up;
mod sql;
mod tls;

pub use crate::api::routes::DOOR as API;
pub use control::{ask, health};
pub use doors::routes;
pub use set_up::{Announced, serve_until_set_up};

use control::{Control, Standing};

use crate::auth::sign_in;
use crate::base::clock::Clock;
use crate::base::error::{Code, Fault};
use crate::base::url::WebAddress;
use crate::capture;
use crate::config::MetricsAddress;
use crate::hooks::Admission;
use crate::http::body::Budget;
use crate::http::headers::IsEncrypted;
use crate::http::limits::Limits;
use crate::http::origin::PublicAddress;
use crate::http::peer::IsProxied;
use crate::http::seats::Seats;
use crate::jobs::worker::{Jobs, Worker};
use crate::ops::metrics::Traffic;
use crate::ops::process;
use crate::patterns::{self, PatternIds};
use crate::privacy::commitments::Latest;
use crate::store::Store;
use actix_web::App;
use actix_web::web::Data;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

/// How the appliance speaks to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// TLS with the installation's own certificate.
    Tls,
    /// Plain HTTP to a proxy on this machine.
    BehindProxy,
    /// Plain HTTP in a sandbox.
    Insecure,
}

/// An address that is this process's own, before anything is served there.
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
    way: Way,
}

/// How the world reaches the appliance.
#[derive(Clone, Debug)]
struct Way {
    wire: Wire,
    public: PublicAddress,
    /// Where metrics are answered.
    metrics: Option<MetricsAddress>,
    traffic: Arc<Traffic>,
}

impl Way {
    fn over(wire: Wire) -> Self {
        Self { wire, public: PublicAddress::default(), metrics: None, traffic: Arc::default() }
    }
}

/// Tries whether the address could be listened on over TLS, and gives it back.
///
/// # Errors
/// As [`Listening::on`].
pub fn try_address(listen: &str) -> Result<(), Fault> {
    bind(listen, Wire::Tls).map(drop)
}

impl Listening {
    /// Takes the address (`ADDR:PORT`; port 0 is any free one).
    ///
    /// # Errors
    /// [`Code::Config`] where it is none, or plain HTTP would be reachable from other machines; [`Code::Io`] where it is taken.
    pub fn on(listen: &str, wire: Wire) -> Result<Self, Fault> {
        let listener = bind(listen, wire)?;
        let address = listener.local_addr().map_err(|error| cannot_listen(listen).because(error))?;
        Ok(Self { listener, address, way: Way::over(wire) })
    }

    /// The same, known to people and tools under this address.
    #[must_use]
    pub fn known_as(mut self, public: Option<WebAddress>) -> Self {
        self.way.public = PublicAddress(public);
        self
    }

    /// The same, with metrics answered there.
    #[must_use]
    pub fn with_metrics(mut self, metrics: Option<MetricsAddress>) -> Self {
        self.way.metrics = metrics;
        self
    }
}

/// Everything that runs, by reference.
#[derive(Clone)]
pub struct Parts {
    pub store: Store,
    pub clock: Clock,
    pub desk: Arc<capture::Desk>,
    pub jobs: Arc<Jobs>,
}

impl Parts {
    pub fn new(store: Store, clock: Clock) -> Self {
        Self::naming_patterns(store, clock, PatternIds::Random)
    }

    /// The same, with patterns named otherwise than at random.
    pub fn naming_patterns(store: Store, clock: Clock, ids: PatternIds) -> Self {
        let desk = Arc::new(capture::Desk::new(patterns::forget));
        let jobs = Arc::new(Jobs::new(store.clone(), Arc::clone(&desk), clock.clone(), ids));
        Self { store, clock, desk, jobs }
    }
}

/// Says where it listens through `announce`, and serves until the process is told to stop.
pub fn run_until_stopped(parts: &Parts, listening: Listening, announce: impl FnOnce(&str, Option<&str>)) -> Result<(), Fault> {
    let Listening { listener, address, way } = listening;
    let identity = match way.wire {
        Wire::Tls => Some(tls::identity(parts.store.main(), way.public.0.as_ref(), parts.clock.now())?),
        Wire::BehindProxy | Wire::Insecure => None,
    };
    let worker = Worker::start(Arc::clone(&parts.jobs))?;
    let scheme = if identity.is_some() { "https" } else { "http" };
    let (url, started_at) = (format!("{scheme}://{address}"), Clock::System.now());
    let told = metrics::Told { parts: parts.clone(), traffic: Arc::clone(&way.traffic), started_at };
    let metrics = way.metrics.as_ref().map(|wanted| metrics::Metrics::start(wanted, &told)).transpose()?;
    let metrics_url = metrics.as_ref().map(|metrics| metrics.url.clone());
    let _control = Control::start(parts, &Standing { url: url.clone(), metrics: metrics_url.clone(), started_at })?;
    let (version, organisations) = (env!("CARGO_PKG_VERSION"), parts.store.orgs().len());
    tracing::info!(version, organisations, data = %parts.store.root().display(), %address, metrics = metrics_url, "started");
    announce(&url, identity.as_ref().map(|identity| identity.fingerprint.as_str()));
    let served = actix_web::rt::System::new().block_on(serve(
        parts.clone(),
        listener,
        identity,
        way,
        Limits::default().within(process::open_files()),
    ));
    drop(worker);
    flush_counts(parts)?;
    tracing::info!("stopped");
    served.map_err(|error| Fault::new(Code::Io, "The server stopped").because(error))
}

async fn serve(parts: Parts, listener: TcpListener, identity: Option<tls::Identity>, way: Way, limits: Limits) -> std::io::Result<()> {
    let Way { wire, public, traffic, .. } = way;
    let seats = Arc::new(Seats::new(&limits, wire == Wire::BehindProxy));
    let (sign_in_desk, budget) = (Data::new(sign_in::Desk::default()), Data::new(Budget::new(&limits)));
    let admission = Data::new(Admission::new(&limits));
    let (shared, promises) = (Arc::clone(&seats), Data::new(Latest::default()));
    let jobs = Arc::clone(&parts.jobs);
    let app = move || {
        App::new()
            .app_data(Data::new(parts.store.clone()))
            .app_data(Data::from(Arc::clone(&parts.desk)))
            .app_data(Data::from(Arc::clone(&parts.jobs)))
            .app_data(Data::new(parts.clock.clone()))
            .app_data(sign_in_desk.clone())
            .app_data(budget.clone())
            .app_data(admission.clone())
            .app_data(Data::new(limits))
            .app_data(Data::from(Arc::clone(&shared)))
            .app_data(Data::new(IsEncrypted(wire != Wire::Insecure)))
            .app_data(Data::new(IsProxied(wire == Wire::BehindProxy)))
            .app_data(Data::new(public.clone()))
            .app_data(Data::from(Arc::clone(&traffic)))
            .app_data(promises.clone())
            .configure(doors::mount)
    };
    let (server, stopping) = listen::server(listener, identity.map(|identity| identity.config), (seats, limits), app)?;
    // A request that waits for looks is over with them, and not only after the time that requests are given to end.
    actix_web::rt::spawn(async move {
        stopping.await;
        jobs.stop();
    });
    server.await
}

fn bind(listen: &str, wire: Wire) -> Result<TcpListener, Fault> {
    let address: SocketAddr = listen.parse().map_err(|_| {
        Fault::new(Code::Config, format!("“{listen}” is no address to listen on. Write an IP address and a port, such as 127.0.0.1:8443"))
    })?;
    if wire != Wire::Tls && !address.ip().is_loopback() {
        return Err(Fault::new(
            Code::Config,
            format!("Plain HTTP is spoken on this machine only, and {address} is reachable from others. Listen on 127.0.0.1, or use TLS"),
        ));
    }
    listen::bind(address).map_err(|error| cannot_listen(listen).because(error))
}

fn cannot_listen(listen: &str) -> Fault {
    Fault::new(
        Code::Io,
        format!("It is not possible to listen on {listen}. Is another program there? Choose another with --listen ADDR:PORT"),
    )
}

fn flush_counts(parts: &Parts) -> Result<(), Fault> {
    for id in parts.store.orgs() {
        if let Some(org) = parts.store.org(id)? {
            parts.desk.refusals.flush(&org)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
