//! How long a request's body is waited for: one bound for every route, whatever reads the body there.
//!
//! A head has its own bound, set where the program listens. While a body is waited for, the connection's seat may be given away.

use crate::http::limits::Limits;
use crate::http::seats::Seats;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::middleware::Next;
use actix_web::rt::time::{Sleep, sleep};
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage as _, HttpRequest};
use futures_core::Stream;
use std::cell::RefCell;
use std::future::Future as _;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

/// Middleware, outermost: bounds the time of the body, and says in the connection's seat whether a request is being worked on.
pub async fn bound(mut req: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse, Error> {
    let work = Work::begin(&req);
    let unread = bound_body(&mut req, work.clone());
    let answer = next.call(req).await.map(|answer| {
        let is_unread = |unread: &Rest| unread.borrow().is_some();
        match unread.filter(is_unread) {
            Some(unread) => answer.map_body(|_, body| BoxBody::new(Answer { body: body.boxed(), _unread: unread })),
            None => answer.map_into_boxed_body(),
        }
    });
    if let Some(work) = work {
        work.set(false);
    }
    answer
}

/// Lets whoever came while there was too much to do wait before they are told so. Meanwhile their seat is the first to be given to somebody else.
pub async fn rest(req: &HttpRequest) {
    if let Some(work) = Work::of(req) {
        work.set(false);
    }
    sleep(req.app_data::<Data<Limits>>().map_or(Duration::ZERO, |limits| limits.overload_pause)).await;
}

/// Whether a body ended because its time was over.
pub fn is_over(error: &PayloadError) -> bool {
    matches!(error, PayloadError::Io(error) if error.kind() == io::ErrorKind::TimedOut)
}

/// The seat of a connection whose request is being worked on.
#[derive(Clone)]
struct Work {
    seats: Arc<Seats>,
    address: SocketAddr,
}

impl Work {
    fn begin(req: &ServiceRequest) -> Option<Self> {
        let work = Self::of(req.request())?;
        work.set(true);
        Some(work)
    }

    fn of(req: &HttpRequest) -> Option<Self> {
        Some(Self { seats: req.app_data::<Data<Seats>>()?.clone().into_inner(), address: req.peer_addr()? })
    }

    fn set(&self, is_served: bool) {
        self.seats.set_served(self.address, is_served);
    }
}

/// What is left of a request's body: nothing once it was read to its end.
type Rest = Rc<RefCell<Option<Payload>>>;

/// Puts the body of `req` under the bound; `None` where it has none.
fn bound_body(req: &mut ServiceRequest, work: Option<Work>) -> Option<Rest> {
    let time = req.app_data::<Data<Limits>>()?.body_time;
    let payload = match req.take_payload() {
        Payload::None => return None,
        payload => Rc::new(RefCell::new(Some(payload))),
    };
    let bounded = Bounded { payload: Rc::clone(&payload), end: Box::pin(sleep(time)), work };
    req.set_payload(Payload::Stream { payload: Box::pin(bounded) });
    Some(payload)
}

/// An answer to a request whose body was not read to its end.
///
/// Actix reads on through a chunked body that was dropped, however long that takes. One that is held until the answer is written makes
/// it close the connection instead, as it does for a body of known length.
struct Answer {
    body: BoxBody,
    _unread: Rest,
}

impl MessageBody for Answer {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}

/// A body that ends in an error when its time is over.
struct Bounded {
    payload: Rest,
    end: Pin<Box<Sleep>>,
    work: Option<Work>,
}

impl Stream for Bounded {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut next = match self.payload.borrow_mut().as_mut() {
            Some(payload) => Pin::new(payload).poll_next(cx),
            None => Poll::Ready(None),
        };
        if next.is_pending() && self.end.as_mut().poll(cx).is_ready() {
            next = Poll::Ready(Some(Err(PayloadError::Io(io::Error::new(io::ErrorKind::TimedOut, "the body took too long")))));
        }
        if matches!(next, Poll::Ready(None)) {
            self.payload.take();
        }
        if let Some(work) = &self.work {
            work.set(next.is_ready());
        }
        next
    }
}
