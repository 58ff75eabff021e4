//! What is promised, and whether it holds: each promise with what holds it, its live check, and what is read and kept.
//!
//! Never: a claim that nothing was looked at for. What is not built yet says so in the same list.

use crate::auth::Scope;
use crate::base::clock::Clock;
use crate::connectors::CONNECTORS;
use crate::http::blocking::blocking;
use crate::privacy::commitments::{Latest, Row};
use crate::store::Store;
use crate::web::admission::At;
use crate::web::format::{self, Moment};
use crate::web::layout::{Answer, Frame, View, page};
use crate::web::pages::patterns::Teams;
use crate::web::pages::sources::{Disclosed, disclosed};
use actix_web::web::Data;
use askama::Template;

/// What a promise names in place of a test that there is not.
const NO_TEST: &str = "none yet";

/// The promises, and what is read and kept.
#[derive(Template)]
#[template(path = "trust/show.html")]
pub struct Show {
    pub frame: Frame,
    pub lead: String,
    /// Whether one was found broken.
    pub is_broken: bool,
    pub checked: Moment,
    pub promises: Vec<Promise>,
    pub disclosures: Vec<Disclosed>,
    pub may_read_log: bool,
}

/// One promise.
pub struct Promise {
    pub id: &'static str,
    pub sentence: &'static str,
    pub word: &'static str,
    pub tone: &'static str,
    pub evidence: Vec<Piece>,
    pub held_by: &'static str,
    /// Where its test lies in the source; empty where there is none.
    pub test: &'static str,
    pub how: Vec<Piece>,
}

/// A piece of a sentence: words, or something to be typed as it stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub is_code: bool,
}

/// `GET /trust`.
pub async fn show(at: At, view: View, (store, clock, latest): (Data<Store>, Data<Clock>, Data<Latest>)) -> Answer {
    let (now, org) = (clock.now(), at.org.id());
    let rows = blocking(move || latest.rows(&store, org, &clock)).await?;
    let zone = at.blocking(Teams::of).await?.common_zone();
    let checked = rows.iter().filter_map(|row| row.checked_at.parse().ok()).max().unwrap_or(now);
    page(&shown(view.frame("Trust"), &rows, format::moment(checked, &zone), at.may(Scope::ReadAudit)))
}

/// The page of these rows.
pub fn shown(frame: Frame, rows: &[Row], checked: Moment, may_read_log: bool) -> Show {
    let of = |holds: Option<bool>| rows.iter().filter(|row| row.holds == holds).count();
    Show {
        frame,
        lead: lead(of(Some(true)), of(Some(false)), of(None)),
        is_broken: of(Some(false)) > 0,
        checked,
        promises: rows.iter().map(promise).collect(),
        disclosures: CONNECTORS.iter().map(|tool| disclosed(*tool)).collect(),
        may_read_log,
    }
}

fn lead(kept: usize, broken: usize, unbuilt: usize) -> String {
    let broken = match broken {
        0 => String::new(),
        1 => " 1 is broken.".to_owned(),
        broken => format!(" {broken} are broken."),
    };
    let unbuilt = match unbuilt {
        0 => String::new(),
        1 => " 1 is not built yet.".to_owned(),
        unbuilt => format!(" {unbuilt} are not built yet."),
    };
    let kept = if kept == 1 { "1 holds".to_owned() } else { format!("{kept} hold") };
    format!("Of the promises below, {kept} on this very installation.{broken}{unbuilt}")
}

fn promise(row: &Row) -> Promise {
    let (word, tone) = match row.holds {
        Some(true) => ("Holds", "good"),
        Some(false) => ("Broken", "bad"),
        None => ("Not built yet", "off"),
    };
    Promise {
        id: row.id,
        sentence: row.promise,
        word,
        tone,
        evidence: pieces(&row.evidence),
        held_by: row.held_by,
        test: if row.test == NO_TEST { "" } else { row.test },
        how: pieces(row.how),
    }
}

/// What stands between backticks is to be typed as it stands.
fn pieces(text: &str) -> Vec<Piece> {
    let pieces = text.split('`').enumerate().map(|(number, text)| Piece { text: text.to_owned(), is_code: number % 2 == 1 });
    pieces.filter(|piece| !piece.text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_counts_and_hides_nothing() {
        assert_eq!(lead(12, 0, 2), "Of the promises below, 12 hold on this very installation. 2 are not built yet.");
        assert_eq!(lead(1, 1, 1), "Of the promises below, 1 holds on this very installation. 1 is broken. 1 is not built yet.");
        assert_eq!(lead(14, 0, 0), "Of the promises below, 14 hold on this very installation.");
    }

    #[test]
    fn a_broken_promise_is_called_broken_and_one_that_is_not_built_is_not_said_to_hold() {
        let row = |holds| Row {
            id: "P1",
            holds,
            evidence: "What was found.".to_owned(),
            checked_at: String::new(),
            promise: "A promise.",
            held_by: "a wall",
            test: NO_TEST,
            how: "Look.",
        };
        let words = [Some(true), Some(false), None].map(|holds| promise(&row(holds)).word);
        assert_eq!(words, ["Holds", "Broken", "Not built yet"]);
        assert_eq!(promise(&row(None)).test, "");
    }

    #[test]
    fn what_is_to_be_typed_is_set_apart() {
        let piece = |text: &str, is_code| Piece { text: text.to_owned(), is_code };
        assert_eq!(pieces("Run `a b`, then look."), [piece("Run ", false), piece("a b", true), piece(", then look.", false)]);
        assert_eq!(pieces("`a`"), [piece("a", true)]);
    }
}
