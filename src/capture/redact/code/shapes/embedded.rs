//! Code that begins in the middle of a sentence: from there to the end of the line all goes.
//!
//! What is cut by [`super::super::inline`] is one call or one expression; behind `def f(x):` or `lambda x:` there is more of
//! it, and no shape tells where it ends.

/// A shape, and a sentence with it. What stands before the first bracket of the example stays.
#[rustfmt::skip]
pub(in super::super) const ROWS: &[(&str, &str)] = &[
    (
        r"\b(?:(?:async|pub(?:\([a-z]+\))?|static|public|private|protected|export|abstract|final|override|inline|const|unsafe) +)*(?:def|defp|defn|fn|func) +[A-Za-z_$][\w.:$!?]*[(<]",
        "fixed {def charge(user): return user.plan.price",
    ),
    (r"\b(?:(?:export|default|async) +)*function\b *\*? *[\w$]* *\([^()\n]*\) *\{", "so {async function charge(user) { return 1 }"),
    (r"\bfun +\w+ *\([^()\n]*\) *(?::[^=\n{]*)?[={]", "so {fun total(items: List) = items.size"),
    (r"\bclass +[A-Z]\w* *(?:\([\w., =]*\) *:|(?:(?:extends|implements) +[\w., ]+ *)?\{|< *[A-Z]\w*)", "so {class Order(Base): pass"),
    (r"\blambda(?: +\*{0,2}\w+(?: *, *\*{0,2}\w+)*)? *: *\S", "sort by {lambda x: x.price * 0.9"),
    (r"\breturn +[\w.\[\]]+ +if +[\w.\[\]]+ +else\b", "the fix is {return x if x else default_value(user, region)"),
    (r"\b(?:if|elif|while) +(?:not +)?[\w.\[\]()]+ *(?:==|!=|<=|>=|<|>|&&|\|\|) *[^\s:{][^:{\n]*[:{]", "X {if user.plan == \"gold\": discount = 0.2"),
    (r"\bfor +\w+(?: *, *\w+)* +in +[\w.]+(?:\([^)\n]*\))?: *\S", "then {for item in cart.items: total += item.price"),
    (r"(?i)\bselect +(?:(?:\*|[0-9]+|count *\(|distinct +\w)[^\n]*?\bfrom|[\w.]+(?:, *[\w.]+)+ +from) +\w", "can you run {select email, phone from customers where plan is null"),
    (r"(?i)\bwith +(?:recursive +)?\w+ +as *\( *select\b", "run {with gold as (select 1) select * from gold"),
    (r"(?i)\b(?:insert +into +\w+ *(?:\(|values)|delete +from +\w+ +where\b|update +\w+ +set +\w+ *=)", "so I ran {update accounts set balance=0 where id=42"),
    (r"\breplicas: *[0-9]+|\bimage: *[\w./-]+:[\w.-]+", "we have {replicas: 3 and image: acme/api:1.2.3"),
];

#[cfg(test)]
mod tests {
    use crate::capture::redact::code;

    #[test]
    fn each_shape_is_cut_to_the_end_of_its_line() {
        for (shape, example) in super::ROWS {
            let (before, _) = example.split_once('{').expect("a mark");
            let raw = format!("We talked and {}\nthanks", example.replacen('{', "", 1));
            let answer = code::inline::cut(&raw, &mut crate::capture::redact::Removed::default()).into_owned();
            assert_eq!(answer, format!("We talked and {before}[code removed]\nthanks"), "{shape}");
        }
    }

    #[test]
    fn sentences_with_the_same_words_stay() {
        for text in [
            "we select a plan from the list",
            "with gold as the default we return to the plan",
            "the class Order is fun to read",
            "def not what I meant (sorry)",
            "please select one, two or three people from the team",
        ] {
            assert_eq!(code::cut(text, &mut crate::capture::redact::Removed::default()), text);
        }
    }
}
