//! Promises about what is at rest: P7, P9, P12.

use super::trial::{Trial, holds, needle};
use super::{Audience, Held, Scene, must, sql};
use crate::audit;
use crate::base::error::Fault;
use crate::base::text::counted;
use crate::store::Sealed;
use std::collections::BTreeSet;

/// Characters of a head that are shown: 64 bits, enough to compare by eye.
const HEAD_CHARS: usize = 16;

/// Columns that name a person, whatever their table.
const OF_A_PERSON: [&str; 7] = ["person_id", "member_id", "by_member", "lookup", "posted_by", "invited_by", "email"];

/// Numbers that stand beside a person and are none about them: the table, the column, and what it is.
const NO_MEASURE: &[(&str, &str)] = &[
    // The row's own number, and what the pre-filter says of the words of one message.
    ("signal", "id"),
    ("signal", "question"),
    ("signal", "score"),
    ("signal", "attempt"),
    ("signal", "production"),
    ("team_member", "is_facilitator"),
];

/// P7.
pub(super) fn a_log_that_stands(scene: &Scene<'_>) -> Result<Held, Fault> {
    let trial = Trial::begin(scene.now)?;
    drop(trial.connect("github")?);
    for statement in sql::TAMPERING {
        let refused = trial.org.write(move |tx| tx.run(statement, ()).map(drop)).is_err();
        must!(refused, "A change of the log was not refused.");
    }
    let whole = trial.org.read(|reader| audit::verify(reader))?;
    must!(whole.size > 0 && whole.problem.is_none(), "The trial’s log does not stand: {}.", whole.problem.unwrap_or_default());
    let mut heads = Vec::new();
    for seen in scene.files()? {
        let verdict = seen.read(|reader| audit::verify(reader))?;
        must!(verdict.problem.is_none(), "The log of {} is not whole: {}.", seen.name(), verdict.problem.unwrap_or_default());
        let head = verdict.root.split_at(HEAD_CHARS.min(verdict.root.len())).0;
        // How much is done in the installation as a whole is the operator's.
        if scene.to == Audience::Operator || seen.path() != scene.glance.main().path() {
            heads.push(format!("{}: {}, head {head}", seen.name(), counted(verdict.size, "entry", "entries")));
        }
    }
    Ok(Held::Yes(format!(
        "Every leaf was hashed anew and is the one that was written, none is missing, and each detail is the one that its leaf commits to. {}. Keep the heads: whoever holds the master key could write a whole new log, and only another copy of a head would show it.",
        heads.join("; ")
    )))
}

/// P9.
pub(super) fn no_measure_of_a_person(scene: &Scene<'_>) -> Result<Held, Fault> {
    let mut looked_at = 0;
    for seen in scene.files()? {
        let columns = seen.read(|reader| sql::columns(reader))?;
        let of_people: BTreeSet<&str> =
            columns.iter().filter(|(_, column, _)| OF_A_PERSON.contains(&column.as_str())).map(|(table, ..)| table.as_str()).collect();
        looked_at += columns.len();
        let measure = columns
            .iter()
            .filter(|(table, ..)| of_people.contains(table.as_str()))
            .find(|(table, column, kind)| is_measure(table, column, kind));
        must!(
            measure.is_none(),
            "There is a number beside a person: {} in {}.",
            measure.map_or_else(String::new, |(table, column, _)| format!("{table}.{column}")),
            seen.name()
        );
    }
    Ok(Held::Yes(format!("{looked_at} columns were looked at: none holds a number about a person.")))
}

/// A number that is no instant, no yes or no, and not on the list.
fn is_measure(table: &str, column: &str, kind: &str) -> bool {
    let is_number = ["INTEGER", "REAL", "NUMERIC", "ANY", ""].contains(&kind);
    is_number && !column.ends_with("_at") && !column.starts_with("is_") && !NO_MEASURE.contains(&(table, column))
}

/// P12.
pub(super) fn encrypted(scene: &Scene<'_>) -> Result<Held, Fault> {
    let trial = Trial::begin(scene.now)?;
    let word = needle()?;
    let named = word.clone();
    trial.org.write(move |tx| crate::capture::count(tx, &named, "trial"))?;
    must!(holds(&trial.pages()?, &word), "The trial’s search does not see what is kept.");
    must!(!holds(&trial.end()?, &word), "A word that was written is in the open on the disk.");
    let files = scene.files()?;
    for seen in &files {
        match seen.sealed()? {
            Sealed::Yes => {}
            Sealed::OpensWithoutKey => return Ok(Held::No(format!("{} opens without a key.", seen.name()))),
            Sealed::OpensWithAnyKey => return Ok(Held::No(format!("{} opens with any key.", seen.name()))),
        }
    }
    for (number, one) in files.iter().enumerate() {
        let twin = files.iter().skip(number + 1).find(|other| one.shares_key_with(other));
        must!(twin.is_none(), "{} and {} have one key.", one.name(), twin.map_or_else(String::new, |twin| twin.name()));
    }
    // To open each with each would take the square of their number; that the keys are not the same is known by now.
    for (one, other) in files.iter().zip(files.iter().skip(1)) {
        must!(!one.opens_with_key_of(other)?, "The key of {} opens {}.", other.name(), one.name());
    }
    Ok(Held::Yes(format!(
        "A word that was written into a trial organisation is in its decrypted pages and nowhere on the disk. Of {} here none opens without a key or with another’s. Plain HTTP is bound to this machine: another address is refused at the start.",
        counted(files.len() as u64, "database", "databases")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_answers_of_yes_or_no_are_no_measures() {
        for (table, column, kind, expected) in [
            ("role", "granted_at", "INTEGER", false),
            ("role", "is_active", "INTEGER", false),
            ("role", "role", "TEXT", false),
            ("signal", "score", "REAL", false),
            ("identity", "score", "REAL", true),
            ("role", "rank", "INTEGER", true),
            ("role", "anything", "", true),
        ] {
            assert_eq!(is_measure(table, column, kind), expected, "{table}.{column}");
        }
    }
}
