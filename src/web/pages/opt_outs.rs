//! Stepping out. Shows a count, never a person.

use crate::http::forms::Field;
use crate::web::format::Moment;
use crate::web::layout::Frame;
use crate::web::pages::connections::Tool;
use askama::Template;

/// How many stepped out, and the form to do so.
#[derive(Template)]
#[template(path = "opt_outs/index.html")]
pub struct Index {
    pub frame: Frame,
    pub csrf: String,
    pub count: String,
    pub count_words: &'static str,
    pub tools: Vec<Tool>,
    pub connector: Field,
    pub handle: Field,
}

impl Index {
    fn complaints(&self) -> Vec<&Field> {
        [&self.connector, &self.handle].into_iter().filter(|field| field.is_bad()).collect()
    }
}

/// The receipt for the person.
#[derive(Template)]
#[template(path = "opt_outs/created.html")]
pub struct Created {
    pub frame: Frame,
    pub receipt: String,
    pub at: Moment,
}
