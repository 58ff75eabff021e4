//! Looks the installation over: [`CHECKS`], each with a stable id, what it found, and what to do.
//!
//! Never changes anything, unless [`mend`] is asked to take rights away that nobody but the owner should have. Names no person.
//!
//! A check is a pure function of [`Facts`]; [`gather()`] reads those from the files, beside a running server or without one.

mod facts;
mod files;
mod gather;
mod hearing;
mod host;
mod mending;
mod place;
mod serving;
mod sql;
#[cfg(test)]
mod tests;

pub use facts::{Facts, Port, Server};
pub use gather::{Depth, gather, is_held};
pub use mending::mend;

use serde::Serialize;

/// What a check found, in words that name the thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Good(String),
    /// It works, and could be better.
    Hint(String),
    Problem(String),
    /// It cannot be known here, or was not asked for.
    Skipped(String),
}

/// One thing that is looked at.
pub struct Check {
    /// Stable: scripts may rest on it.
    pub id: &'static str,
    /// What to do where it is not good.
    pub remedy: &'static str,
    pub look: fn(&Facts) -> Found,
}

/// A line of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub id: &'static str,
    /// Whether there is no problem; a hint is none.
    pub ok: bool,
    /// `good`, `hint`, `problem` or `skipped`.
    pub level: &'static str,
    pub detail: String,
    /// Empty where nothing is to be done.
    pub remedy: &'static str,
}

/// Every check, in the order of the report.
pub static CHECKS: &[&[Check]] = &[place::CHECKS, files::CHECKS, serving::CHECKS, hearing::CHECKS, host::CHECKS];

/// All checks.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    CHECKS.iter().flat_map(|checks| checks.iter())
}

/// Judges the facts.
pub fn judge(facts: &Facts) -> Vec<Finding> {
    checks().map(|check| finding(check, (check.look)(facts))).collect()
}

fn finding(check: &Check, found: Found) -> Finding {
    let (ok, level, detail, remedy) = match found {
        Found::Good(detail) => (true, "good", detail, ""),
        Found::Hint(detail) => (true, "hint", detail, check.remedy),
        Found::Problem(detail) => (false, "problem", detail, check.remedy),
        Found::Skipped(detail) => (true, "skipped", detail, ""),
    };
    Finding { id: check.id, ok, level, detail, remedy }
}

/// How many things a detail names before it says how many more there are.
const NAMED_MAX: usize = 5;

/// `a, b and 3 more`.
fn listed(names: impl IntoIterator<Item = String>) -> String {
    let names: Vec<String> = names.into_iter().collect();
    let shown = names.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED_MAX) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Good where nothing of `wrong` is there; else a problem that names it.
fn none_of(good: &str, wrong: impl IntoIterator<Item = String>, is: impl Fn(String) -> Found) -> Found {
    let names = listed(wrong);
    if names.is_empty() { Found::Good(good.to_owned()) } else { is(names) }
}
