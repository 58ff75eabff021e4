//! The server: accepts connections, gives each a seat, and bounds how long each may take.
//!
//! actix-web's own `HttpServer` stops accepting when its connections are all taken, so that whoever holds them shuts everybody out. Here
//! it accepts always, and the seats decide who stays.

use crate::http::limits::Limits;
use crate::http::seats::{Seat, Seats};
use actix_http::body::{BoxBody, MessageBody};
use actix_http::{HttpServiceBuilder, Request, Response};
use actix_service::{IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt as _, apply_fn_factory, map_config};
use actix_web::dev::{AppConfig, Server};
use actix_web::rt::net::TcpStream;
use rustls::ServerConfig;
use std::fmt;
use std::future::{Future, poll_fn};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::task::yield_now;

/// Threads that serve requests: the machines this runs on have two cores, and the work is done on blocking threads.
const WORKERS: usize = 2;
/// Connections that one worker holds at most before accepting stops for a moment: more than there are seats, so that it is only reached by a crowd that has
/// yet to be looked at, and for both workers fewer than the files that the process may open.
const ACCEPTED_PER_WORKER: usize = 1_500;
/// Connections that may wait to be accepted. Where more come at once the kernel drops them and they try again a second later: the standard library asks for 128,
/// which two thousand clients fill while the one who accepts is off the processor. The kernel bounds it by `net.core.somaxconn`, 4,096 by default.
const WAITING_MAX: i32 = 4_096;
/// How long a client that is being closed may go on sending, so that it still reads the answer it was given.
const LEAVE_TIME: Duration = Duration::from_secs(1);
/// How long a local door waits after it could not accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How long requests may take to end once the process is told to stop, in seconds.
const SHUTDOWN_S: u64 = 10;

/// A socket on `address` where a crowd finds room to wait.
pub(super) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    // Listening again changes how many may wait (`listen(2)`).
    rustix::net::listen(&listener, WAITING_MAX)?;
    Ok(listener)
}

/// A server of `app` on `listener`, through TLS where an identity is given; and what is ready once it is told to stop.
pub(super) fn server<A, I, S, B>(
    listener: TcpListener,
    tls: Option<ServerConfig>,
    (seats, limits): (Arc<Seats>, Limits),
    app: A,
) -> std::io::Result<(Server, impl Future<Output = ()> + 'static)>
where
    A: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Error: Into<actix_web::Error> + 'static,
    S::InitError: fmt::Debug,
    S::Response: Into<Response<B>> + 'static,
    S::Service: 'static,
    B: MessageBody + 'static,
{
    let builder = Server::build().workers(WORKERS).max_concurrent_connections(ACCEPTED_PER_WORKER).shutdown_timeout(SHUTDOWN_S);
    let stopping = builder.graceful_shutdown_signal();
    let stopping = move || {
        let stopping = stopping.clone();
        async move { stopping.notified().await }
    };
    let told = stopping();
    let app = move || map_config(app().into_factory().map_err(|error| error.into().error_response()), |()| AppConfig::default());
    let server = match tls {
        Some(tls) => builder.listen("https", listener, move || {
            seated(rules(&limits, stopping.clone()).finish(app()).rustls_0_23(tls.clone()), Arc::clone(&seats))
        })?,
        None => {
            builder.listen("http", listener, move || seated(rules(&limits, stopping.clone()).finish(app()).tcp(), Arc::clone(&seats)))?
        }
    };
    Ok((server.run(), told))
}

/// What holds of HTTP on every connection.
fn rules<T, S, F>(limits: &Limits, stopping: impl Fn() -> F + 'static) -> HttpServiceBuilder<T, S>
where
    S: ServiceFactory<Request, Config = ()>,
    S::Error: Into<Response<BoxBody>> + 'static,
    S::InitError: fmt::Debug,
    <S::Service as Service<Request>>::Future: 'static,
    F: Future<Output = ()> + 'static,
{
    HttpServiceBuilder::default()
        .graceful_shutdown_signal(stopping)
        .client_request_timeout(limits.head_time)
        .client_disconnect_timeout(LEAVE_TIME)
        .keep_alive(limits.idle_time)
}

/// The same service for those connections that find a seat, as long as they keep it. A seat is taken once it is known what has come over the connection, and
/// that is looked at before anybody else may take the seat: of a crowd that comes at once over plain HTTP, whoever asks something is answered.
fn seated<F>(
    service: F,
    seats: Arc<Seats>,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = F::Error, InitError = F::InitError>
where
    F: ServiceFactory<TcpStream, Config = (), Response = ()>,
{
    apply_fn_factory(service, move |stream: TcpStream, service: &F::Service| {
        let (seats, address) = (Arc::clone(&seats), stream.peer_addr());
        let served = service.call(stream);
        async move {
            yield_now().await;
            match address.ok().and_then(|address| seats.take(address)) {
                Some(seat) => while_seated(&seat, served).await.unwrap_or(Ok(())),
                None => Ok(()),
            }
        }
    })
}

/// Whoever comes to a local door. A process that has no file left to accept with is told so at once, again and again: then it waits a moment.
pub(super) fn patient<S>(incoming: impl Iterator<Item = io::Result<S>>) -> impl Iterator<Item = S> {
    with_pauses(incoming, || std::thread::sleep(ACCEPT_PAUSE))
}

fn with_pauses<S>(incoming: impl Iterator<Item = io::Result<S>>, pause: impl Fn()) -> impl Iterator<Item = S> {
    incoming.filter_map(move |stream| stream.inspect_err(|_| pause()).ok())
}

/// Goes on with `served` until it ends or its seat is lost; then the connection is closed by dropping it.
async fn while_seated<T>(seat: &Seat, served: impl Future<Output = T>) -> Option<T> {
    let mut served = pin!(served);
    poll_fn(|cx| match served.as_mut().poll(cx) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => seat.poll_lost(cx).map(|()| None),
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::error::Fault;
    use crate::http::blocking::blocking;
    use crate::http::patience;
    use actix_web::middleware::from_fn;
    use actix_web::web::{Data, get};
    use actix_web::{App, HttpResponse};
    use std::cell::Cell;
    use std::io::{Read as _, Write as _};
    use std::sync::Barrier;

    #[test]
    fn a_door_that_cannot_accept_waits_before_it_tries_again() {
        let pauses = Cell::new(0);
        let full = || Err(io::Error::from_raw_os_error(24));
        let came: Vec<i32> = with_pauses([full(), Ok(1), full(), full(), Ok(2)].into_iter(), || pauses.set(pauses.get() + 1)).collect();
        assert_eq!((came, pauses.get()), (vec![1, 2], 3));
    }

    /// More than the standard library's 128, and fewer than the files that a process may open.
    const AT_ONCE: usize = 400;
    /// Longer than anything here takes; whoever found no room would wait for ever.
    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn a_crowd_that_comes_at_once_finds_room_to_wait() {
        let room = std::fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap();
        if room.trim().parse::<usize>().unwrap() < AT_ONCE {
            return println!("skipped: this kernel lets only {} wait", room.trim());
        }
        let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let crowd: Vec<_> = (0..AT_ONCE).map(|_| std::net::TcpStream::connect_timeout(&address, PATIENCE).unwrap()).collect();
        assert_eq!(crowd.len(), AT_ONCE);
    }

    /// Connections that say nothing: on each worker more than there are seats.
    const CROWD: usize = 32;

    #[test]
    fn whoever_asked_is_answered_though_a_crowd_comes_before_anybody_was_looked_at() {
        let limits = Limits { connections_per_network: WORKERS + 3, ..Limits::default() };
        let seats = Arc::new(Seats::new(&limits, false));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (busy, free) = (Arc::new(Barrier::new(WORKERS + 1)), Arc::new(Barrier::new(WORKERS + 1)));
        let barriers = (Arc::clone(&busy), Arc::clone(&free));
        let at_seats = Arc::clone(&seats);
        let app = move || {
            let (busy, free) = barriers.clone();
            let hold = move || {
                busy.wait();
                free.wait();
                async { HttpResponse::Ok().finish() }
            };
            let ask = async || blocking(|| Ok::<_, Fault>(())).await.map(|()| HttpResponse::Ok().finish()).unwrap();
            let app = App::new().app_data(Data::from(Arc::clone(&at_seats))).app_data(Data::new(limits));
            app.wrap(from_fn(patience::bound)).route("/hold", get().to(hold)).route("/ask", get().to(ask))
        };
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async { server(listener, None, (seats, limits), app).unwrap().0.await })
        });
        let connect = |request: &str| {
            let mut stream = std::net::TcpStream::connect_timeout(&address, PATIENCE).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            stream
        };
        let waited_for: Vec<_> = (0..WORKERS).map(|_| connect("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n")).collect();
        busy.wait();
        let mut asking = connect("GET /ask HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let crowd: Vec<_> = (0..CROWD).map(|_| connect("")).collect();
        free.wait();
        let mut answer = String::new();
        asking.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer:?}");
        drop((waited_for, crowd));
    }
}
