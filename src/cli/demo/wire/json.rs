//! JSON, written in the order of its fields.
//!
//! Why not a tree of values: a delivery repeats the same large objects (a repository, an account) several times, and a
//! finished piece is copied whole.

use std::fmt::{Display, Write as _};

/// A finished piece of JSON.
#[derive(Clone, Debug)]
pub(in crate::cli::demo) struct Json(String);

/// An object that takes more fields.
pub(in crate::cli::demo) struct Object(String);

impl Json {
    pub(super) fn null() -> Self {
        Self("null".to_owned())
    }

    pub(super) fn text(text: &str) -> Self {
        Self(serde_json::Value::from(text).to_string())
    }

    pub(super) fn text_or_null(text: Option<&str>) -> Self {
        text.map_or_else(Self::null, Self::text)
    }

    pub(super) fn list(items: impl IntoIterator<Item = Self>) -> Self {
        let items: Vec<String> = items.into_iter().map(|item| item.0).collect();
        Self(format!("[{}]", items.join(",")))
    }

    pub(in crate::cli::demo) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

impl Object {
    pub(super) fn new() -> Self {
        Self(String::from("{"))
    }

    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        // Names are constants of this folder, or the tools' own words: nothing in them needs escaping.
        let _ = write!(self.0, "\"{name}\":");
    }

    pub(super) fn put(mut self, name: &str, piece: &Json) -> Self {
        self.name(name);
        self.0.push_str(&piece.0);
        self
    }

    pub(super) fn text(self, name: &str, text: &str) -> Self {
        self.put(name, &Json::text(text))
    }

    /// A number, a truth value: what is written without quotes.
    pub(super) fn plain(mut self, name: &str, value: impl Display) -> Self {
        self.name(name);
        let _ = write!(self.0, "{value}");
        self
    }

    pub(super) fn null(self, name: &str) -> Self {
        self.plain(name, "null")
    }

    pub(super) fn end(mut self) -> Json {
        self.0.push('}');
        Json(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_object_reads_back_as_what_was_put_in() {
        let inner = Object::new().plain("n", 3).plain("yes", true).end();
        let outer = Object::new().text("words", "a \"quoted\"\n\u{1F6A2} line\\").null("none").put("in", &inner).end();
        let list = Json::list([outer.clone(), Json::null(), Json::text_or_null(Some("x")), Object::new().end()]);
        let read: serde_json::Value = serde_json::from_slice(&list.into_bytes()).unwrap();
        let expected = serde_json::json!([
            { "words": "a \"quoted\"\n\u{1F6A2} line\\", "none": null, "in": { "n": 3, "yes": true } },
            null,
            "x",
            {}
        ]);
        assert_eq!(read, expected);
    }
}
