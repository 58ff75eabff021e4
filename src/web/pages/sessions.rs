//! Signing in and out.

use crate::http::forms::Field;
use crate::web::layout::Frame;
use askama::Template;

/// Says neither whether the address is known nor whether the password was close.
pub const REFUSED: &str = "That e-mail and password do not match an account here. Check both and try again.";

/// The sign-in form.
#[derive(Template)]
#[template(path = "sessions/new.html")]
pub struct New {
    pub frame: Frame,
    pub csrf: String,
    pub next: String,
    pub email: Field,
    pub password: Field,
    pub refusal: Option<&'static str>,
}
