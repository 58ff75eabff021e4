//! No word about one person: no name, handle or address, and no pronoun for one human.
//!
//! The scope's own name is left out of the check: a repository may be called after its owner, and it must be named.

use super::Dropped;
use crate::analysis::finding::Finding;

/// Words that speak of one human. The product's own words never need them.
const ONE_HUMAN: &[&str] = &["he", "she", "him", "his", "her", "hers", "himself", "herself"];
/// A label that a model is given in place of a person: `person-a`.
const LABEL: &str = "person-";
/// Names shorter than this are left to the other rules: they would match ordinary words.
const NAME_CHARS_MIN: usize = 3;

pub(super) fn check(finding: &Finding, names: &[&str]) -> Result<(), Dropped> {
    let scope = finding.candidate.scope.external_id();
    let parts = [&finding.title, &finding.statement, &finding.why, &finding.goes_away].into_iter().map(String::as_str);
    let mut parts = parts.chain(finding.options.iter().map(|option| option.words));
    if parts.any(|words| speaks_of_a_person(&words.replace(scope, " "), names)) { Err(Dropped::SpeaksOfAPerson) } else { Ok(()) }
}

fn speaks_of_a_person(words: &str, names: &[&str]) -> bool {
    let folded = words.to_lowercase();
    if folded.contains('@') || folded.contains(LABEL) {
        return true;
    }
    let tokens = tokens(&folded);
    tokens.iter().any(|token| ONE_HUMAN.contains(token)) || names.iter().any(|name| holds(&tokens, name))
}

/// Whether the words of `name` stand in `tokens`, one after the other.
fn holds(tokens: &[&str], name: &str) -> bool {
    let folded = name.to_lowercase();
    let name = self::tokens(&folded);
    folded.chars().count() >= NAME_CHARS_MIN && !name.is_empty() && tokens.windows(name.len()).any(|window| window == name)
}

fn tokens(folded: &str) -> Vec<&str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_handles_addresses_and_pronouns_are_seen() {
        let names = ["ana.lima", "Åsa Öberg", "bo"];
        for words in ["ask ana.lima", "ask Ana Lima", "mail x@example.org", "so says ÅSA öberg", "she was late", "by Person-C", "cc @ana"]
        {
            assert!(speaks_of_a_person(words, &names), "{words}");
        }
        for words in ["Analog signals", "6 of 14 open changes", "there is a bottleneck", "the sheet of the other team", "boats and both"] {
            assert!(!speaks_of_a_person(words, &names), "{words}");
        }
    }
}
