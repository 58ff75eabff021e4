//! What the sources of a pattern are called: titles, workflows and the first words of messages, as far as they are kept.
//!
//! Read when a page is shown and copied nowhere, so that it ends with the retention of what it was read from. All of it was
//! redacted before it was stored.

use crate::base::error::Fault;
use crate::base::id::ConnectionId;
use crate::base::text::one_line;
use crate::capture::sql;
use crate::store::Read;

/// Most characters of a message or title that are shown: a line of a list.
const CHARS_MAX: usize = 90;

/// What is kept of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glimpse {
    /// Of a change.
    pub title: Option<String>,
    /// Of a run.
    pub workflow: Option<String>,
    /// Of a message.
    pub first_words: Option<String>,
}

/// What is kept of a thing by its key ([`crate::signals::Signal::key`]) on a connection; all is `None` of what is gone.
pub fn glimpse(reader: &impl Read, connection: ConnectionId, key: &str) -> Result<Glimpse, Fault> {
    let mut parts = key.splitn(3, ':');
    let (Some(kind), Some(place), Some(id)) = (parts.next(), parts.next(), parts.next()) else {
        return Ok(Glimpse::default());
    };
    let mut glimpse = Glimpse::default();
    for seen in sql::seen(reader, connection, (kind, place, id))? {
        if seen.is_deleted {
            return Ok(Glimpse::default());
        }
        glimpse.title = seen.title.map(|title| shortened(&title)).or(glimpse.title);
        glimpse.workflow = seen.workflow.map(|workflow| shortened(&workflow)).or(glimpse.workflow);
        glimpse.first_words = seen.text.map(|text| shortened(&text)).or(glimpse.first_words);
    }
    Ok(glimpse)
}

/// One line, cut between words.
fn shortened(text: &str) -> String {
    let line = one_line(text, CHARS_MAX + 1);
    if line.chars().count() <= CHARS_MAX {
        return line;
    }
    let whole_words = line.rsplit_once(' ').map_or(line.as_str(), |(words, _)| words);
    format!("{whole_words}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_words() {
        assert_eq!(shortened("Who knows\nwhy the build is red?"), "Who knows why the build is red?");
        let long = shortened(&"word ".repeat(40));
        assert!(long.ends_with("word…") && long.chars().count() <= CHARS_MAX + 1, "{long}");
    }
}
