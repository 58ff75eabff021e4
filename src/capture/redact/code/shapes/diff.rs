//! Lines of diffs: unified, context and normal format, with git's headers.

/// By format. The changed lines themselves are judged together with their neighbours.
pub(super) const SHAPES: &[&str] = &[
    r"^diff (?:--git|--cc|-[a-zA-Z])",
    r"^index [0-9a-f]{6,}\.\.[0-9a-f]{6,}",
    r"^(?:---|\+\+\+) (?:a/|b/|/dev/null|\S+\t|\S+\.\w+(?:\s|$))",
    r"^@@+ -[0-9]+(?:,[0-9]+)? \+[0-9]+(?:,[0-9]+)? @@",
    r"^(?:new|deleted|old) (?:file )?mode [0-9]{6}",
    r"^(?:similarity|dissimilarity) index [0-9]+%",
    r"^(?:rename|copy) (?:from|to) \S",
    r"^Binary files .* differ$|^GIT binary patch|^Only in \S+: ",
    r"^\\ No newline at end of file",
    r"^[0-9]+(?:,[0-9]+)?[acd][0-9]+(?:,[0-9]+)?$",
    r"^\*{3} [0-9]+,[0-9]+ \*{4}|^-{3} [0-9]+,[0-9]+ -{4}|^\*{15}$",
    r"^<{7} |^>{7} |^={7}$|^\|{7} ",
    r"^Index: \S+$",
];
