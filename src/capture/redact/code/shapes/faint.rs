//! Shapes that a person could also write by chance: they count only in a line without one word of talk.

/// A shape, and a line that has it.
#[rustfmt::skip]
pub(super) const ROWS: &[(&str, &str)] = &[
    // A level in capitals and what happened.
    (r"^(?:ERROR|FATAL|CRITICAL|SEVERE|WARN|WARNING|DEBUG)[ \t]+[a-z]\S*(?:[ \t]+\S+){2,}$", "ERROR checkout failed for user 42"),
    (r"^(?:INFO|NOTICE|TRACE)[ \t]+[a-z]\S*[ \t].*[0-9=:/_]", "INFO listening on 8080"),
    // Commands of one word.
    (r"^(?:print|puts|goto|gosub) \w+$", "goto 10"),
    (r"^return (?:if|unless) \w+$", "return unless paid"),
    (r"^raise [A-Z]\w+(?: +(?:if|unless) +\S+)?$", "raise StripeError unless paid"),
    // A row of a table without spaces.
    (r"^[^\s,]+(?:,[^\s,]*){2,}$", "1,gold,active"),
];

#[cfg(test)]
mod tests {
    use crate::capture::redact::{Names, text};

    #[test]
    fn each_shape_is_cut() {
        for (shape, example) in super::ROWS {
            assert!(crate::capture::redact::shape::shapes(&[shape]).is_match(example.as_bytes()), "{shape} does not see {example:?}");
            let answer = text(example, &Names::none(|_| String::new())).text;
            assert_eq!(answer, "[code removed]", "{example:?}");
        }
    }

    #[test]
    fn the_same_shape_with_a_word_of_talk_stays() {
        for talk in ["ERROR handling is what we should talk about", "WARNING this will break the build", "return if you like"] {
            assert_eq!(text(talk, &Names::none(|_| String::new())).text, talk);
        }
    }
}
