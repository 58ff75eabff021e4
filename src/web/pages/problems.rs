//! A problem, as a page.

use crate::web::layout::Frame;
use askama::Template;

/// What is wrong, and what to do.
#[derive(Template)]
#[template(path = "errors/problem.html")]
pub struct Show {
    pub frame: Frame,
    pub status: u16,
    pub title: &'static str,
    pub detail: &'static str,
    pub href: &'static str,
    pub verb: &'static str,
    pub request_id: String,
}
