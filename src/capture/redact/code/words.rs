//! Words that tell prose from code.
//!
//! Only words that are frequent in talk and rare in code count as talk. Words of both worlds (`if`, `for`, `not`, `with`)
//! are kept apart, since they prove nothing.

/// Longest word that is looked up, in bytes: no word of the lists is longer.
const WORD_BYTES_MAX: usize = 16;

/// What a word says about the line it is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::capture::redact) enum Word {
    /// Frequent in talk, rare in code.
    Talk,
    /// Frequent in both.
    Both,
    /// Neither list has it.
    Other,
}

/// Looks up `word`, in any case, with a straight apostrophe if it has one.
pub(in crate::capture::redact) fn look_up(word: &str) -> Word {
    let mut buffer = [0_u8; WORD_BYTES_MAX];
    let Some(lower) = buffer.get_mut(..word.len()) else { return Word::Other };
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    let Ok(lower) = std::str::from_utf8(lower) else { return Word::Other };
    if is_talk(lower) {
        Word::Talk
    } else if is_both(lower) {
        Word::Both
    } else {
        Word::Other
    }
}

/// English, then the words of German, French, Spanish, Portuguese, Italian and Dutch that are not words of code.
#[rustfmt::skip]
fn is_talk(word: &str) -> bool {
    matches!(word,
        "a" | "an" | "the" | "i" | "you" | "he" | "she" | "it" | "we" | "they" | "me" | "him" | "her" | "us" | "them" | "my"
        | "your" | "his" | "its" | "our" | "their" | "mine" | "yours" | "there" | "these" | "those" | "that" | "which" | "who"
        | "whom" | "whose" | "why" | "how" | "what" | "here" | "am" | "are" | "was" | "were" | "been" | "being" | "be" | "does" | "did"
        | "doing" | "had" | "having" | "will" | "would" | "could" | "should" | "may" | "might" | "must" | "shall" | "can"
        | "but" | "because" | "although" | "though" | "so" | "than" | "of" | "about" | "into" | "onto" | "through" | "during"
        | "again" | "once" | "very" | "too" | "just" | "also" | "only" | "even" | "still" | "already" | "yet" | "ever" | "never"
        | "always" | "often" | "sometimes" | "maybe" | "perhaps" | "probably" | "actually" | "really" | "basically" | "currently"
        | "think" | "know" | "guess" | "hope" | "want" | "wanted" | "need" | "needs" | "needed" | "like" | "looks" | "look" | "looking"
        | "seems" | "seem" | "going" | "gonna" | "got" | "getting" | "trying" | "tried" | "work" | "works" | "working" | "worked"
        | "thanks" | "thank" | "thx" | "ty" | "please" | "pls" | "sorry" | "hi" | "hello" | "hey" | "ok" | "okay" | "yeah" | "yep"
        | "yes" | "nope" | "sure" | "cool" | "nice" | "great" | "good" | "well" | "lol" | "haha" | "hmm" | "ah" | "oh" | "hm"
        | "wait" | "wow" | "people" | "someone" | "anyone" | "everyone" | "somebody" | "anybody" | "something" | "anything"
        | "everything" | "nothing" | "much" | "many" | "few" | "some" | "such" | "both" | "another" | "other" | "others" | "same"
        | "more" | "most" | "less" | "better" | "best" | "now" | "today" | "tomorrow" | "yesterday" | "soon" | "later" | "ago"
        | "while" | "until" | "before" | "after" | "since" | "however" | "therefore" | "instead" | "anyway" | "either" | "neither"
        | "see" | "saw" | "seen" | "say" | "says" | "said" | "tell" | "told" | "mean" | "means" | "meant" | "make" | "makes"
        | "made" | "thing" | "things" | "stuff" | "way" | "lot" | "bit" | "kind" | "sort" | "one" | "ones" | "out" | "up" | "down"
        | "over" | "off" | "away" | "back" | "around" | "don't" | "doesn't" | "didn't" | "isn't" | "aren't" | "wasn't" | "weren't"
        | "can't" | "cannot" | "couldn't" | "won't" | "wouldn't" | "shouldn't" | "haven't" | "hasn't" | "i'm" | "i've" | "i'll"
        | "i'd" | "you're" | "you've" | "you'll" | "it's" | "that's" | "there's" | "what's" | "let's" | "we're" | "we've" | "we'll"
        | "they're" | "he's" | "she's" | "dont" | "doesnt" | "cant" | "im" | "ive" | "thats" | "has" | "have" | "question" | "btw"
        | "fyi" | "imo" | "afaik" | "iirc" | "etc" | "morning" | "meeting" | "week" | "month" | "idea" | "point" | "agree"
        // German
        | "der" | "das" | "und" | "oder" | "aber" | "ich" | "wir" | "ihr" | "sie" | "ist" | "sind" | "nicht" | "kein" | "keine"
        | "ein" | "eine" | "einen" | "einem" | "einer" | "mit" | "von" | "auf" | "zu" | "zum" | "zur" | "dem" | "den" | "des"
        | "bei" | "nach" | "wie" | "wenn" | "dass" | "auch" | "noch" | "nur" | "schon" | "mal" | "bitte" | "danke" | "hier"
        | "kann" | "haben" | "hat" | "wird" | "werden" | "habe" | "jetzt" | "dann" | "weil" | "hallo" | "ja" | "nein" | "doch"
        // French
        | "le" | "les" | "un" | "une" | "et" | "ou" | "mais" | "je" | "tu" | "nous" | "vous" | "est" | "sont" | "pas" | "ne" | "que"
        | "qui" | "dans" | "pour" | "avec" | "sur" | "ce" | "cette" | "merci" | "bonjour" | "oui" | "c'est" | "j'ai" | "il"
        // Spanish and Portuguese
        | "el" | "los" | "las" | "una" | "pero" | "yo" | "por" | "para" | "muy" | "gracias" | "hola" | "esta" | "os" | "um"
        | "uma" | "mas" | "eu" | "com" | "muito" | "obrigado" | "isso" | "como" | "tengo" | "hay" | "porque"
        // Italian and Dutch
        | "gli" | "che" | "di" | "sono" | "grazie" | "ciao" | "della" | "het" | "een" | "ik" | "je'" | "niet" | "voor" | "maar"
        | "zijn" | "dat" | "heb" | "hebben" | "wel" | "ook" | "bedankt" | "naar"
    )
}

#[rustfmt::skip]
fn is_both(word: &str) -> bool {
    matches!(word,
        "and" | "or" | "not" | "no" | "if" | "then" | "else" | "for" | "in" | "is" | "as" | "at" | "by" | "with" | "from" | "to"
        | "on" | "do" | "this" | "all" | "any" | "each" | "where" | "when" | "use" | "using" | "used" | "get" | "set" | "new" | "end"
        | "time" | "data" | "file" | "files" | "name" | "value" | "error" | "run" | "running" | "test" | "start" | "stop" | "open"
        | "add" | "added" | "find" | "found" | "first" | "last" | "next" | "between" | "without" | "none"
        | "case" | "default" | "try" | "under" | "per" | "via" | "version" | "update" | "updated" | "line"
    )
}

/// Programs that are called at the start of a line.
#[rustfmt::skip]
pub(super) fn is_command(word: &str) -> bool {
    matches!(word,
        "git" | "svn" | "hg" | "gh" | "glab" | "docker" | "docker-compose" | "podman" | "kubectl" | "helm" | "terraform" | "ansible"
        | "ansible-playbook" | "vagrant" | "aws" | "az" | "gcloud" | "gsutil" | "heroku" | "npm" | "npx" | "yarn" | "pnpm" | "node"
        | "deno" | "bun" | "ng" | "tsc" | "webpack" | "vite" | "jest" | "eslint" | "prettier" | "pip" | "pip3" | "pipx" | "python"
        | "python2" | "python3" | "ipython" | "jupyter" | "conda" | "mamba" | "poetry" | "pytest" | "tox" | "cargo" | "rustc"
        | "rustup" | "go" | "gofmt" | "java" | "javac" | "mvn" | "gradle" | "./gradlew" | "ant" | "sbt" | "scala" | "kotlinc" | "ruby"
        | "gem" | "bundle" | "rake" | "rails" | "php" | "composer" | "perl" | "cpan" | "lua" | "luarocks" | "ghc" | "ghci" | "stack"
        | "cabal" | "gcc" | "g++" | "cc" | "clang" | "clang++" | "gfortran" | "ifort" | "mpif90" | "mpirun" | "mpiexec" | "srun"
        | "sbatch" | "squeue" | "scancel" | "salloc" | "qsub" | "qstat" | "qdel" | "qselect" | "bsub" | "make" | "cmake" | "ninja"
        | "meson" | "autoconf" | "./configure" | "configure" | "ls" | "ll" | "cd" | "cp" | "mv" | "rm" | "mkdir" | "rmdir" | "touch"
        | "cat" | "less" | "head" | "tail" | "grep" | "egrep" | "zgrep" | "rg" | "find" | "xargs" | "sed" | "awk" | "cut" | "sort"
        | "uniq" | "wc" | "tr" | "tee" | "diff" | "patch" | "chmod" | "chown" | "chgrp" | "ln" | "du" | "df" | "tar" | "zip" | "unzip"
        | "gzip" | "gunzip" | "xz" | "ssh" | "scp" | "sftp" | "rsync" | "curl" | "wget" | "ping" | "dig" | "nslookup" | "netstat"
        | "ss" | "ip" | "ifconfig" | "iptables" | "nc" | "nmap" | "traceroute" | "telnet" | "openssl" | "gpg" | "sudo" | "su"
        | "systemctl" | "service" | "journalctl" | "dmesg" | "mount" | "umount" | "ps" | "top" | "htop" | "kill" | "killall" | "pkill"
        | "nohup" | "screen" | "tmux" | "crontab" | "export" | "unset" | "alias" | "source" | "echo" | "printf" | "which" | "env"
        | "apt" | "apt-get" | "apt-cache" | "dpkg" | "yum" | "dnf" | "rpm" | "pacman" | "brew" | "port" | "snap" | "apk" | "nix"
        | "nix-shell" | "module" | "ml" | "ncdump" | "ncks" | "ncrename" | "ncatted" | "ncrcat" | "cdo" | "ncl" | "gdb" | "lldb"
        | "valgrind" | "strace" | "ltrace" | "ldd" | "nm" | "objdump" | "psql" | "mysql" | "sqlite3" | "mongo" | "redis-cli"
        | "vi" | "vim" | "nano" | "emacs" | "code" | "man" | "time" | "exec" | "chroot" | "tmutil" | "powershell" | "pwsh" | "cmd"
        | "dotnet" | "nuget" | "msbuild" | "choco" | "winget" | "swift" | "xcodebuild" | "pod" | "flutter" | "dart" | "adb"
        | "fastlane" | "mix" | "iex" | "elixir" | "erl" | "rebar3" | "julia" | "octave" | "matlab" | "idl" | "root" | "monerod"
        | "monero-wallet-cli" | "bitcoind" | "hub" | "pre-commit" | "black" | "flake8" | "mypy" | "ruff" | "uv" | "xmlchange"
        | "xmlquery" | "create_newcase" | "case.setup" | "case.build" | "case.submit" | "setenv" | "bash" | "sh" | "zsh" | "set"
    )
}

/// Second words that make a command of a first word which is also a word of talk (`git push`, `make install`).
#[rustfmt::skip]
pub(super) fn is_subcommand(word: &str) -> bool {
    matches!(word,
        "add" | "apply" | "audit" | "bisect" | "blame" | "branch" | "build" | "bump" | "cat" | "check" | "checkout" | "cherry-pick"
        | "clean" | "clone" | "commit" | "compose" | "config" | "create" | "delete" | "deploy" | "describe" | "diff" | "down" | "edit"
        | "env" | "exec" | "export" | "fetch" | "fmt" | "freeze" | "fsck" | "gc" | "generate" | "get" | "grep" | "help" | "images"
        | "import" | "info" | "init" | "inspect" | "install" | "lab" | "lint" | "list" | "load" | "log" | "login" | "logs" | "ls"
        | "merge" | "mod" | "mv" | "new" | "notebook" | "outdated" | "plan" | "prune" | "ps" | "publish" | "pull" | "purge" | "push"
        | "rebase" | "reflog" | "release" | "reload" | "remote" | "remove" | "reset" | "restart" | "restore" | "revert" | "rm" | "rmi"
        | "run" | "search" | "serve" | "set" | "show" | "start" | "stash" | "status" | "stop" | "submodule" | "switch" | "sync"
        | "tag" | "test" | "tidy" | "tree" | "unload" | "up" | "update" | "upgrade" | "use" | "version" | "vet" | "volume" | "watch"
        | "worktree" | "avail" | "spider" | "swap" | "activate" | "deactivate" | "rollout" | "scale" | "port-forward" | "top"
    )
}

/// Words with which a statement begins in one language or another.
#[rustfmt::skip]
pub(super) fn is_statement_start(word: &str) -> bool {
    matches!(word,
        "abstract" | "alter" | "allocate" | "assert" | "async" | "await" | "begin" | "begin;" | "break" | "call" | "case" | "catch" | "class" | "const"
        | "constexpr" | "continue" | "create" | "data" | "deallocate" | "declare" | "def" | "default:" | "defer" | "defmodule" | "delete" | "deriving"
        | "dim" | "do" | "done" | "drop" | "elif" | "else" | "else:" | "elseif" | "elsif" | "end" | "end;" | "enddo" | "endif" | "endfor" | "enum"
        | "esac" | "except" | "except:" | "export" | "extends" | "extern" | "fi" | "final" | "finally" | "finally:" | "fn" | "for" | "foreach" | "from" | "fun"
        | "func" | "function" | "global" | "goto" | "grant" | "if" | "implements" | "implicit" | "import" | "include" | "inline" | "insert"
        | "instance" | "integer" | "interface" | "internal" | "lambda" | "let" | "local" | "logical" | "module" | "mut" | "my"
        | "namespace" | "new" | "newtype" | "object" | "open" | "override" | "package" | "pass" | "print" | "private" | "procedure"
        | "program" | "protected" | "pub" | "public" | "raise" | "real" | "require" | "rescue" | "return" | "return;" | "sealed" | "select"
        | "static" | "struct" | "sub" | "subroutine" | "super" | "switch" | "template" | "then" | "throw" | "throws" | "trait"
        | "try" | "try:" | "type" | "typedef" | "union" | "unless" | "unsafe" | "until" | "update" | "use" | "using" | "val" | "var"
        | "virtual" | "void" | "where" | "while" | "with" | "yield" | "void*" | "int" | "float" | "double" | "char" | "bool"
        | "boolean" | "string" | "long" | "short" | "unsigned" | "auto" | "byte" | "double-precision" | "character" | "echo" | "puts"
        | "printf" | "values" | "group" | "order" | "having" | "join" | "inner" | "left" | "limit"
    )
}
