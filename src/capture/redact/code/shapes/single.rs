//! Lines of code and of files that stand alone in a message, each with an example.
//!
//! To add a shape, add a row; the test sees to it that the example is cut, and that no sentence of talk is.

/// A shape, and a line that no other shape has.
#[rustfmt::skip]
pub(super) const ROWS: &[(&str, &str)] = &[
    // Functions without a name, sections of operators.
    (r"^lambda\b[\w, *]*: *\S", "lambda x: x.price * 0.9"),
    (r"^[a-z]\w* \((?:[-+*/<>=&|$.^]{1,3}|[-+*/<>=&|$.^]{1,3} ?\w+|\w+ ?[-+*/<>=&|$.^]{1,3})\)(?: [\w\[(]\S*)+$", "foldr (+) 0 xs"),
    (r"^\\\w+(?: \w+)* -> \S", r"\x y -> x"),
    // Conditions behind a statement.
    (r"^return +(?:if|unless) +!?\w+[._?(]\S*$", "return unless user.paid"),
    (r"^\w+(?:[._]\w+)+[?!]? +(?:unless|if) +!?\w+[._?(]\S*$", "user.plan unless user.trial"),
    // SQL.
    (r"(?i)^with +(?:recursive +)?\w+(?: *\([\w, ]*\))? +as *\( *select\b", "with gold as (select 1) select * from gold"),
    // Basic, COBOL, pseudocode in capitals.
    (r"(?i)^dim +\w+(?:\(.*\))? +as +(?:new +)?[\w.]+$", "Dim total As Integer"),
    (r"^(?:MOVE|ADD|SUBTRACT|MULTIPLY|DIVIDE) +[A-Z0-9'-]+ +(?:TO|FROM|BY|INTO|GIVING) +[A-Z0-9-]+(?: +GIVING +[A-Z0-9-]+)?\.?$", "MOVE A TO B."),
    (r"^PERFORM +[A-Z0-9]+(?:-[A-Z0-9]+)+(?: +(?:UNTIL|THRU|VARYING|TIMES) .*)?\.?$|^STOP RUN\.?$|^EVALUATE +[A-Z0-9-]+$", "PERFORM CHARGE-USER."),
    (r"^IF +\S+ *(?:=|<|>|<>|IS|NOT|AND|OR)+ *.*\bTHEN\b", "IF plan = gold THEN discount ELSE none"),
    (r"^(?:END|end) (?:FOR|for|EACH|each|WHILE|while|LOOP|loop|SUB|sub|CASE|case|FUNCTION|function|PROCEDURE|procedure)$", "end for"),
    (r"^for each \w+ in \w+$", "for each order in orders"),
    // Files of systems.
    (r"^(?:[0-9][0-9*/,-]* +|\*(?:/[0-9]+)? +){4}(?:\*(?:/[0-9]+)?|[0-7](?:[-,/][0-7])*|(?:MON|TUE|WED|THU|FRI|SAT|SUN)\S*)(?: +[./~$\w@].*)?$", "0 3 * * * /usr/bin/backup.sh"),
    (r"^@(?:reboot|hourly|daily|weekly|monthly|yearly|annually|midnight) +[./~$\w]", "@daily /usr/bin/backup.sh"),
    (r"^[a-z_][\w.-]*:[^:\s]*:[0-9]*:[0-9]*:[^:]*:[^:]*(?::[^:]*)*$", "root:x:0:0:root:/root:/bin/bash"),
    (r"^(?:[0-9a-fA-F]{2} ){7,}(?:[0-9a-fA-F]{2})?", "48 65 6c 6c 6f 20 77 6f 72 6c"),
    // A comment begins small; a heading begins with a capital. `# of people` is a number.
    (r"^# (?:[a-np-z]|o[^f\W])\w*(?: \S+){2,}$", "# charge the card twice because gateway lies"),
    // Shells.
    (r"^(?:echo|printf|cat|ls|grep|awk|sed|sort|head|tail|find|ps|env|date|diff|git|python3?|node|kubectl|docker|curl|npm|make)\b.* [012&]?>>? *(?:[~.$]?/|\.\.?/|~/|\$|\w+\.\w)\S*$", "echo hello > /tmp/x"),
    (r"^sudo +(?:-\w+ +)*[a-z][\w./-]*$", "sudo reboot"),
    // Configuration in a row of its own.
    (r"^(?:replicas|retries|maxSurge|maxUnavailable|timeout(?:Seconds|_ms|_s)?|containerPort|targetPort|nodePort|[a-z]+[A-Z]\w*|[a-z]+_\w+): *(?:[0-9.]+[a-zA-Z%]{0,2}|true|false|null|~)$", "retries: 5"),
];

#[cfg(test)]
mod tests {
    use crate::capture::redact::{Names, code};

    #[test]
    fn each_shape_is_cut() {
        for (shape, example) in super::ROWS {
            let set = crate::capture::redact::shape::shapes(&[shape]);
            assert!(set.is_match(example.as_bytes()), "{shape} does not see {example:?}");
            let answer = crate::capture::redact::text(example, &Names::none(|_| String::new())).text;
            assert!(
                answer.starts_with('[') && answer.ends_with(" removed]") && answer.split(' ').count() == 2,
                "{example:?} became {answer:?}"
            );
        }
    }

    #[test]
    fn talk_that_begins_alike_stays() {
        for text in [
            "return if you can",
            "config.yaml if needed",
            "with gold as the base we should select a plan",
            "MOVE IT, please",
            "IF you see this THEN tell me",
            "for each team in turn we ask the same",
            "with 3 of 5 people out we stop",
            "# of people who said so",
            "# What we decided today",
            "echo that, we should go > 5 times",
            "note: 5",
            "Attendees: 12",
        ] {
            assert_eq!(code::cut(text, &mut crate::capture::redact::Removed::default()), text);
        }
    }
}
