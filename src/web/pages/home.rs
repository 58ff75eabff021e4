//! The first page after signing in: what is new, and what to do next.

use crate::web::layout::Frame;
use askama::Template;

/// The overview.
#[derive(Template)]
#[template(path = "home/show.html")]
pub struct Show {
    pub frame: Frame,
    pub greeting: String,
    pub lead: &'static str,
    pub tiles: Vec<Tile>,
    pub steps: Vec<Step>,
}

/// One number that leads to its page.
pub struct Tile {
    pub href: &'static str,
    pub number: String,
    pub label: &'static str,
    pub note: String,
}

/// One step of getting started.
pub struct Step {
    pub title: &'static str,
    pub note: &'static str,
    pub verb: &'static str,
    pub href: String,
    pub is_done: bool,
    pub is_next: bool,
}
