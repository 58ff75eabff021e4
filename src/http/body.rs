//! Reading a body into memory: no more than is allowed, no sooner than it comes, and wiped afterwards.
//!
//! Never reserves more than a little of what a client merely announces.

use crate::base::error::{Code, Fault};
use crate::http::limits::{JSON_BYTES_MAX, Limits};
use crate::http::patience;
use crate::http::problem::Problem;
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_core::Stream as _;
use std::future::{Future, poll_fn};
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use zeroize::Zeroizing;

/// What is made room for when the first byte of a body comes: most deliveries are smaller.
const FIRST_BYTES: usize = 16 * 1024;
/// What is made room for then at most, where more was announced: a body that is moved is copied, and wiped twice.
const ANNOUNCED_BYTES_MAX: usize = 32 * 1024;

/// How many bytes of bodies may still be taken in, by all requests together.
#[derive(Debug)]
pub struct Budget {
    free: AtomicUsize,
}

impl Budget {
    pub const fn new(limits: &Limits) -> Self {
        Self { free: AtomicUsize::new(limits.delivery_bytes) }
    }

    fn take(&self, bytes: usize) -> bool {
        self.free.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |free| free.checked_sub(bytes)).is_ok()
    }
}

/// The bytes of one body, held against the budget until dropped.
#[derive(Debug)]
pub struct Body {
    bytes: Zeroizing<Vec<u8>>,
    budget: Arc<Budget>,
    held: usize,
}

impl Body {
    /// Reads at most `most` bytes; a body that announces or turns out to be more is not read to its end.
    pub async fn read(req: &HttpRequest, mut payload: Payload, most: usize) -> Result<Self, Problem> {
        let budget = req.app_data::<Data<Budget>>().map(|budget| Arc::clone(budget));
        let budget = budget.ok_or_else(|| Fault::new(Code::Internal, "A route that reads a body was mounted without a budget"))?;
        let announced = req.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > most) {
            return Err(Problem::too_large());
        }
        let first = announced.map_or(FIRST_BYTES, |length| length.clamp(FIRST_BYTES, ANNOUNCED_BYTES_MAX));
        let mut body = Self { bytes: Zeroizing::default(), budget, held: 0 };
        while let Some(chunk) = poll_fn(|cx| Pin::new(&mut payload).poll_next(cx)).await {
            let chunk = chunk.map_err(|error| {
                if patience::is_over(&error) { Problem::too_slow() } else { Problem::malformed("The body broke off before its end.") }
            })?;
            body.append(&chunk, (first, most))?;
        }
        Ok(body)
    }

    fn append(&mut self, chunk: &[u8], (first, most): (usize, usize)) -> Result<(), Problem> {
        let needed = self.bytes.len() + chunk.len();
        if needed > most {
            return Err(Problem::too_large());
        }
        if needed > self.bytes.capacity() {
            self.grow(needed.max(self.bytes.capacity() * 2).max(first).min(most.max(needed)))?;
        }
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }

    /// Moves to a larger place. The smaller one is wiped, which a vector that grows by itself would not do.
    fn grow(&mut self, capacity: usize) -> Result<(), Problem> {
        let more = capacity - self.held;
        if !self.budget.take(more) {
            return Err(Fault::new(Code::Overloaded, "The bodies that are being read take all the room there is for them").into());
        }
        self.held = capacity;
        let mut larger = Zeroizing::new(Vec::with_capacity(capacity));
        larger.extend_from_slice(&self.bytes);
        self.bytes = larger;
        Ok(())
    }

    /// The bytes, without a copy. The budget is held until the [`Body`] itself is dropped.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut *self.bytes)
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        self.budget.free.fetch_add(self.held, Ordering::Relaxed);
    }
}

impl Deref for Body {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

/// A body of the API.
impl FromRequest for Body {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move { Self::read(&req, payload, JSON_BYTES_MAX).await })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::StatusCode;
    use actix_web::test::TestRequest;

    const MOST: usize = 100_000;

    async fn read(budget: &Arc<Budget>, bytes: usize, announced: usize) -> Result<Body, Problem> {
        let (req, payload) = TestRequest::post()
            .app_data(Data::from(Arc::clone(budget)))
            .set_payload(vec![b'x'; bytes])
            .insert_header((CONTENT_LENGTH, announced))
            .to_http_parts();
        Body::read(&req, payload, MOST).await
    }

    fn budget(delivery_bytes: usize) -> Arc<Budget> {
        Arc::new(Budget::new(&Limits { delivery_bytes, ..Limits::default() }))
    }

    #[actix_web::test]
    async fn bodies_together_take_no_more_than_the_budget_and_give_it_back() {
        let budget = budget(100_000);
        let mut first = read(&budget, 60_000, 60_000).await.unwrap_or_else(|problem| panic!("{problem}"));
        let taken = first.take();
        let refused = read(&budget, 60_000, 60_000).await.err();
        assert_eq!(refused.as_ref().map(Problem::status), Some(StatusCode::SERVICE_UNAVAILABLE), "held until the delivery is done with");
        assert!(refused.and_then(|problem| problem.retry_after_s()).is_some());
        drop(first);
        assert_eq!(read(&budget, 60_000, 60_000).await.map(|body| body.len()).ok(), Some(taken.len()));
        assert_eq!(budget.free.load(Ordering::Relaxed), 100_000, "nothing is lost on any way out");
    }

    #[actix_web::test]
    async fn what_is_announced_is_not_believed_and_hardly_reserved() {
        let budget = budget(usize::MAX);
        let few = read(&budget, 3, MOST).await.map(|body| (body.len(), body.held)).ok();
        assert_eq!(few, Some((3, ANNOUNCED_BYTES_MAX)));
        for (bytes, announced) in [(MOST + 1, 3), (3, MOST + 1)] {
            let refused = read(&budget, bytes, announced).await.err();
            assert_eq!(refused.map(|problem| problem.status()), Some(StatusCode::PAYLOAD_TOO_LARGE), "{bytes} {announced}");
        }
        assert_eq!(budget.free.load(Ordering::Relaxed), usize::MAX);
    }
}
