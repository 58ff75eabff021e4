//! What a door says when it cannot do what was asked (RFC 9457).
//!
//! A [`Problem`] answers as `application/problem+json`; the console turns the same value into a page. It carries words
//! that were written in this program, never a caller's input; of a [`Fault`] the caller learns the code alone, and its
//! words go to the log (once, in `request_id.rs`).

use crate::base::error::{Code, Fault};
use crate::http::limits::OVERLOAD_RETRY_S;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use std::fmt;
use std::sync::Arc;

/// An answer that is not what was asked for.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    detail: &'static str,
    retry_after_s: Option<u64>,
    fault: Option<Arc<Fault>>,
}

impl Problem {
    pub const fn new(status: StatusCode, detail: &'static str) -> Self {
        Self { status, detail, retry_after_s: None, fault: None }
    }

    /// 400: it cannot be read.
    pub const fn malformed(detail: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 401: nobody is signed in, or the token is unknown or over.
    pub const fn unproven() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Send a token of this organisation in the header Authorization: Bearer.")
    }

    /// 403: signed in, but not allowed.
    pub const fn forbidden(detail: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    /// 404: not there, or nothing that the caller may know of. The two answers are the same, to the byte.
    pub const fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is nothing here, or nothing that you may see.")
    }

    /// 405: something is there, and not for this method.
    pub const fn wrong_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "This address answers other methods; the header Allow names them.")
    }

    /// 408: the client did not send it in time.
    pub const fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "The body did not come in time. Send it again, without a pause.")
    }

    /// 409: it clashes with what is.
    pub const fn conflict(detail: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    /// 410: it was there, and is over.
    pub const fn gone(detail: &'static str) -> Self {
        Self::new(StatusCode::GONE, detail)
    }

    /// 413: too large.
    pub const fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "That is more than this address takes.")
    }

    /// 415: not the kind of body that is read here.
    pub const fn wrong_kind(detail: &'static str) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
    }

    /// 422: readable, but it does not make sense.
    pub const fn senseless(detail: &'static str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    /// 429: too often.
    pub const fn too_often(after_s: u64) -> Self {
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many tries. Wait a while, then try again.");
        problem.retry_after_s = Some(after_s);
        problem
    }

    /// 503: the whole installation cannot do its work.
    pub fn not_ready(fault: Fault) -> Self {
        let detail = "This installation cannot take deliveries. Whoever runs it finds the reason in its log.";
        Self { fault: Some(Arc::new(fault)), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, detail) }
    }

    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// One sentence for the person who asked.
    pub const fn detail(&self) -> &'static str {
        self.detail
    }

    pub const fn retry_after_s(&self) -> Option<u64> {
        self.retry_after_s
    }

    /// What went wrong inside, for the log.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_deref()
    }

    /// The status in words, as RFC 9457 wants the title of a problem without a type of its own.
    pub fn title(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("Problem")
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let mut problem = match fault.code() {
            Code::Overloaded => Self {
                retry_after_s: Some(OVERLOAD_RETRY_S),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "More is waiting than may wait. Try again in a moment.")
            },
            Code::Fenced | Code::Io => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "The disk takes or gives nothing at the moment, so take this as not done and try again later. Whoever runs this installation finds the reason in its log.",
            ),
            _ => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong on our side. Whoever runs this installation finds the reason in its log.",
            ),
        };
        problem.fault = Some(Arc::new(fault));
        problem
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.detail)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    /// The machine's form. The value itself travels along in the response's extensions: for the log, and for the console.
    fn error_response(&self) -> HttpResponse {
        let mut body = serde_json::json!({ "title": self.title(), "status": self.status.as_u16(), "detail": self.detail });
        if let (Some(fault), Some(object)) = (&self.fault, body.as_object_mut()) {
            object.insert("code".to_owned(), fault.code().as_str().into());
        }
        let mut builder = HttpResponse::build(self.status);
        builder.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        builder.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(after_s) = self.retry_after_s {
            builder.insert_header((header::RETRY_AFTER, after_s));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            builder.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        let mut response = builder.body(body.to_string());
        response.extensions_mut().insert(self.clone());
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::body::to_bytes;

    #[actix_web::test]
    async fn a_fault_answers_its_code_and_keeps_its_words() {
        let fault = Fault::new(Code::Store, "the file /var/lib/x could not be written");
        let response = Problem::from(fault).error_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(response.extensions().get::<Problem>().is_some_and(|problem| problem.fault().is_some()), "the log finds it");
        let body = to_bytes(response.into_body()).await.unwrap_or_default();
        let body = String::from_utf8_lossy(&body);
        assert!(body.contains(r#""code":"store""#), "{body}");
        assert!(!body.contains("/var/lib"), "{body}");
    }

    #[test]
    fn an_overloaded_program_says_when_to_come_back() {
        let response = Problem::from(Fault::new(Code::Overloaded, "full")).error_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(response.headers().contains_key(header::RETRY_AFTER));
    }
}
