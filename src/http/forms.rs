//! Reading a form. There is no way to its fields around the two defences against forged requests.

use crate::http::cookies;
use crate::http::csrf;
use crate::http::limits::{FORM_BYTES_MAX, FORM_FIELDS_MAX};
use crate::http::origin;
use crate::http::patience;
use crate::http::problem::Problem;
use actix_web::dev::Payload;
use actix_web::error::UrlencodedError;
use actix_web::{FromRequest, HttpRequest, web};
use std::future::Future;
use std::pin::Pin;
use zeroize::Zeroize;

/// The field that carries the [`csrf::FormToken`].
pub const TOKEN_FIELD: &str = "csrf";

const STALE: &str = "This form was not made for your present session, so nothing was changed. Open the page again and send it once more.";

/// A form's fields, sent by a page of ours in the browser that holds the cookie. Wiped when dropped: one holds a password.
pub struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    /// The value of a field, trimmed; empty where it is absent.
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The value of a field as it was typed: a password may begin with a space.
    pub fn raw(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    fn accept(fields: Vec<(String, String)>, cookie: Option<&str>) -> Result<Self, Problem> {
        let form = Self { fields };
        if form.fields.len() > FORM_FIELDS_MAX {
            return Err(Problem::too_large());
        }
        let is_doubled =
            |(index, (name, _)): (usize, &(String, String))| form.fields.iter().skip(index + 1).any(|(other, _)| other == name);
        if form.fields.iter().enumerate().any(is_doubled) {
            return Err(Problem::malformed("A field was sent twice. Open the page again and send it once more."));
        }
        if !cookie.is_some_and(|cookie| csrf::is_token_of(cookie, form.raw(TOKEN_FIELD))) {
            return Err(Problem::forbidden(STALE));
        }
        Ok(form)
    }
}

impl Drop for Form {
    fn drop(&mut self) {
        for (_, value) in &mut self.fields {
            value.zeroize();
        }
    }
}

impl FromRequest for Form {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let same_origin = origin::require_same(req);
        let cookie = cookies::binding(req);
        let body = web::Form::<Vec<(String, String)>>::from_request(req, payload);
        Box::pin(async move {
            same_origin?;
            let fields = body.await.map_err(|error| unreadable(&error))?.into_inner();
            Self::accept(fields, cookie.as_deref())
        })
    }
}

/// What an app that reads forms must be given.
pub fn config() -> web::FormConfig {
    web::FormConfig::default().limit(FORM_BYTES_MAX)
}

fn unreadable(error: &actix_web::Error) -> Problem {
    match error.as_error::<UrlencodedError>() {
        Some(UrlencodedError::Overflow { .. }) => Problem::too_large(),
        Some(UrlencodedError::Payload(error)) if patience::is_over(error) => Problem::too_slow(),
        Some(UrlencodedError::ContentType) => Problem::wrong_kind("Send a form as application/x-www-form-urlencoded."),
        _ => Problem::malformed("This form could not be read. Open the page again and send it once more."),
    }
}

/// One input of a form as a template shows it: what was typed, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// Of the input on its page; its label and its error are tied to it.
    pub id: &'static str,
    pub name: &'static str,
    pub value: String,
    /// One sentence, empty where nothing is wrong.
    pub error: &'static str,
}

impl Field {
    pub const fn empty(name: &'static str) -> Self {
        Self { id: name, name, value: String::new(), error: "" }
    }

    /// The field as it was sent.
    pub fn sent(name: &'static str, form: &Form) -> Self {
        Self { value: form.text(name).to_owned(), ..Self::empty(name) }
    }

    /// The same field with what is wrong with it.
    #[must_use]
    pub fn refused(mut self, error: &'static str) -> Self {
        self.error = error;
        self
    }

    pub const fn is_bad(&self) -> bool {
        !self.error.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::csrf::FormToken;
    use actix_web::http::{StatusCode, header};
    use actix_web::test::TestRequest;

    const COOKIE: &str = "a-cookie-value";

    async fn read(origin: &str, token: &str, body: &str) -> Result<Form, StatusCode> {
        let (req, mut payload) = TestRequest::post()
            .cookie(cookies::cookie(cookies::SESSION, COOKIE.to_owned()))
            .insert_header((header::HOST, "retro.example"))
            .insert_header((header::ORIGIN, origin))
            .insert_header((header::CONTENT_TYPE, "application/x-www-form-urlencoded"))
            .app_data(config())
            .set_payload(format!("csrf={token}{body}"))
            .to_http_parts();
        Form::from_request(&req, &mut payload).await.map_err(|problem| problem.status())
    }

    #[actix_web::test]
    async fn a_form_is_read_only_from_our_own_page_in_the_same_browser() {
        let token = FormToken::of(COOKIE).to_string();
        let form = read("https://retro.example", &token, "&name=+Ana+&password=+x").await.unwrap_or_else(|status| panic!("{status}"));
        assert_eq!((form.text("name"), form.raw("password"), form.text("missing")), ("Ana", " x", ""));
        let refused = |result: Result<Form, StatusCode>| result.err();
        assert_eq!(refused(read("https://evil.example", &token, "").await), Some(StatusCode::FORBIDDEN));
        assert_eq!(refused(read("https://retro.example", &FormToken::of("another").to_string(), "").await), Some(StatusCode::FORBIDDEN));
        assert_eq!(refused(read("https://retro.example", "", "").await), Some(StatusCode::FORBIDDEN));
    }

    #[actix_web::test]
    async fn a_doubled_field_and_a_form_without_measure_are_refused() {
        let token = FormToken::of(COOKIE).to_string();
        let refused = |result: Result<Form, StatusCode>| result.err();
        assert_eq!(refused(read("https://retro.example", &token, "&a=1&a=2").await), Some(StatusCode::BAD_REQUEST));
        let long = format!("&a={}", "x".repeat(FORM_BYTES_MAX));
        assert_eq!(refused(read("https://retro.example", &token, &long).await), Some(StatusCode::PAYLOAD_TOO_LARGE));
        let many: String = (0..=FORM_FIELDS_MAX).map(|n| n.to_string()).flat_map(|n| ["&f".to_owned(), n, "=1".to_owned()]).collect();
        assert_eq!(refused(read("https://retro.example", &token, &many).await), Some(StatusCode::PAYLOAD_TOO_LARGE));
    }

    #[actix_web::test]
    async fn bytes_that_are_no_text_do_not_become_a_field() {
        let token = FormToken::of(COOKIE).to_string();
        let form = read("https://retro.example", &token, "&name=%FF%FE").await;
        assert!(form.is_err() || form.is_ok_and(|form| form.text("name").chars().all(|c| c == char::REPLACEMENT_CHARACTER)));
    }
}
