//! Secrets that words give away: `password=…`, `the passcode is …`, `hunter2 is the password`, a line `password` and the value below.
//!
//! Each row of the table is one way in which people hand each other a secret, and a test of the value, for the same words
//! also stand in talk: "the password is wrong", "we set the token to expire". Where a sign says that a value follows, nearly
//! all is a value; where only a sentence does, what could be a word of that sentence stays.

use super::shelf::{Case, Shelf};
use super::values::{
    any, is_code, is_drawn_phrase, is_key_like, is_mixed, is_no_word, is_pair, is_phrase, is_quoted, is_typed, is_typed_or_key, is_unlisted,
};
use super::{is_placeholder, placeholder};
use crate::capture::redact::Removed;
use regex::Captures;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Words for a password, in the languages of the teams we know of. They count inside a longer name too: `DB_PASSWORD`.
const PASSWORD: &str = concat!(
    r"(?i-u:pass(?:w[o0]rd|wd|code|phrase|[ _-]phrase)|passwort|kennwort|zugangscode|mot de passe|contrase(?:ñ|n\x{303}?)a|wachtwoord|lösenord",
    r"|p[ ._*-]a[ ._*-]s[ ._*-]s[ ._*-]w[ ._*-]o[ ._*-]r[ ._*-]d|(?:wi-?fi|wlan|wpa2?|hotspot)[ _-]?(?:key|code|pass|schlüssel))",
    r"|(?i:şifre|пароль)|密码|密碼|パスワード|비밀번호",
);
#[rustfmt::skip]
const PASSWORD_HINTS: &[&str] = &[
    "passw", "passcode", "passphrase", "pass phrase", "pass_phrase", "pass-phrase", "kennwort", "zugangscode", "mot de passe", "contrase",
    "wachtwoord", "senord", "a s s w", "a.s.s.w", "a_s_s_w", "a*s*s*w", "a-s-s-w", "wifi", "wi-fi", "wlan", "wpa", "hotspot", "şifre", "Şifre",
    "ŞIFRE", "пароль", "Пароль", "ПАРОЛЬ", "密码", "密碼", "パスワード", "비밀번호",
];
/// Short words for the same, which count only on their own: `pin` is in `shipping`.
const SHORT: &str = r"(?i-u:pw|pwd|psw|pass|mdp|clave|senha|hasło|parola|pin|pin[ _-]code|otp|tan)";
const SHORT_HINTS: &[&str] =
    &["<pw>", "<pwd>", "<psw>", "<pass>", "<mdp>", "<clave>", "<senha>", "<hasło>", "<parola>", "<pin>", "<otp>", "<tan>"];
/// Words with other uses.
const KEY: &str = concat!(
    r"(?i-u:secret|token|api[ _-]?key|credentials?|authorization|bearer|cookie|session[ _-]?id|(?:2fa|login|verification)[ _-]code|zugangsdaten",
    r"|(?:access|private|client|signing|encryption|license|account|shared|auth|app|host|service|deploy)[ _-]?(?:key|secret|token))",
);

/// The ways to write each word with `key` behind it.
macro_rules! keys {
    ($($word:literal),+) => {
        &[$(concat!($word, "key"), concat!($word, " key"), concat!($word, "_key"), concat!($word, "-key")),+]
    };
}
#[rustfmt::skip]
const KEY_HINTS: &[&str] = &[
    "secret", "token", "credential", "authorization", "bearer", "cookie", "sessionid", "session id", "session_id", "session-id", "2fa code",
    "2fa_code", "2fa-code", "login code", "login_code", "login-code", "verification", "zugangsdaten",
];
const KEYS_HINTS: &[&str] = keys!(
    "api",
    "access",
    "private",
    "client",
    "signing",
    "encryption",
    "license",
    "account",
    "shared",
    "auth",
    "app",
    "host",
    "service",
    "deploy"
);

/// One way to hand over a secret.
struct Row {
    /// Pieces of which one is in every text of the shape.
    hints: &'static [&'static [&'static str]],
    /// `<P>`, `<S>` and `<K>` stand for the lists of words above, `<W>` for some words of the same
    /// sentence, `<O>` for what may open a quotation, `<V>` for a word as the value.
    shape: &'static str,
    is_secret: fn(&str) -> bool,
}

const fn row(hints: &'static [&'static [&'static str]], shape: &'static str, is_secret: fn(&str) -> bool) -> Row {
    Row { hints, shape, is_secret }
}

/// In this order. To add one, add a row, and an example to the test below.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    // Words for a passphrase. They go first: behind a sign all other rows see but one word.
    row(
        &[&["phrase", "seed words", "recovery words", "mnemonic", "mot de passe"]],
        r"(?P<before>\b(?:pass[ _-]?phrase|(?:recovery|seed)[ -](?:phrase|words)|mnemonic(?: phrase)?|mot de passe)s?<W>(?:[ \t]*[:=]+|[ \t]+is)[ \t]+<O>)(?P<value>[A-Za-z]+(?:[ -][A-Za-z]+){2,30})",
        is_drawn_phrase,
    ),
    row(&[PASSWORD_HINTS], r"(?P<before>(?:<P>)s?[ \t]*[:=]+[ \t]*<O>)(?P<value>[A-Za-z]+(?: [A-Za-z]+){2,8})", is_phrase),
    row(
        &[PASSWORD_HINTS],
        r"(?m)(?P<before>^[ \t]*|[.!?:;][ \t]+)(?P<value>[A-Za-z]+(?:[ -][A-Za-z]+){2,7})(?P<after>[ \t]+(?:is|was|ist|war)[ \t]+(?:[A-Za-z0-9'’-]+[ \t]+){0,3}?(?:<P>)s?\b)",
        is_phrase,
    ),
    // `hunter2 is the password`.
    row(
        &[PASSWORD_HINTS, SHORT_HINTS, KEY_HINTS, KEYS_HINTS],
        r"(?P<before>)<V>(?P<after><O>[ \t]+(?:is|was|ist|war)[ \t]+(?:[A-Za-z0-9'’-]+[ \t]+){0,3}?(?:<P>|<S>|<K>)s?\b)",
        is_typed_or_key,
    ),
    // `creds are admin/admin123`, `creds: b@x / Winter2024!`.
    row(
        &[&["cred", "<login>", "<account>", "zugang"]],
        r#"(?P<before>\b(?:creds?|credentials?|logins?|login (?:details|data)|zugang(?:sdaten)?|accounts?)\b<W>(?:[ \t]*[:=]+|[ \t]+(?:are|is|sind|ist|lauten))[ \t]+<O>)(?P<value>[^\s"'`,;/|:]+[ \t]*[/|:][ \t]*[^\s"'`,;]+)"#,
        is_pair,
    ),
    // `log in with bob and Winter2024!`.
    row(
        &[&["log in", "login", "log-in", "logged in", "sign in", "signed in", "sign-in", "anmeld", "einlogg"]],
        r"(?P<before>\b(?:log(?:ged)?[ -]?in|sign(?:ed)?[ -]?in|anmelden|einloggen)\b<W>[ \t]+(?:with|as|using|mit|als)[ \t]+[^\s,]+[ \t]*(?:and|und|/|\+|,|with|mit)[ \t]*<O>)<V>",
        is_typed,
    ),
    // Codes to type.
    row(
        &[&[
            "recovery", "backup", "one time", "one-time", "onetime", "2fa", "mfa", "otp", "verification", "security", "unlock", "door", "gate",
            "access", "alarm", "wiederherstellungs", "sicherheits",
        ]],
        r"(?P<before>\b(?:recovery|backup|one[ -]?time|2fa|mfa|otp|verification|security|unlock|door|gate|access|alarm|wiederherstellungs|sicherheits)[ -]?(?:codes?|pins?|keys?)\b(?:<W>(?:[ \t]*[:=]+|[ \t]+(?:are|is|sind|ist|lautet)))?\s{1,3}<O>)(?P<value>[A-Za-z0-9]*[0-9][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*(?:[\s,;]+[A-Za-z0-9]*[0-9][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*){0,20})",
        is_code,
    ),
    row(
        &[&["cvv", "cvc", "csc", "prüfziffer"]],
        r"(?P<before>\b(?:cvv2?|cvc2?|csc|prüfziffer)\b[^\w\n]{0,4}(?:(?:is|ist|code|number)[ \t:]*)?)(?P<value>[0-9]{3,4})\b",
        |_| true,
    ),
    row(
        &[&["<pin>", "pin-", "pinnum", "<tan>", "tan-", "<otp>", "otp-", "<puk>", "passcode"]],
        r"(?P<before>\b(?:pin|tan|otp|puk|passcode)(?:[ -]?(?:code|number|nummer))?\b[ \t]*(?:[:=#]|is|ist|lautet)?[ \t]*<O>)(?P<value>[0-9]{4,10})\b",
        |_| true,
    ),
    row(
        &[&["heroku", "licen", "lizenz", "activation"]],
        r"(?P<before>\b(?:heroku|licen[sc]e|lizenz|activation)<W>[ \t:=]+)(?P<value>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)",
        |_| true,
    ),
    row(&[&["<key>"]], r"(?P<before>\bkeys?<O>(?:[ \t]*(?:[:=]+>?|->|→)|[ \t]+(?:is|are))[ \t]*<O>)<V>", is_mixed),
    // `the password is "correct-horse-battery"`.
    row(
        &[PASSWORD_HINTS, SHORT_HINTS],
        r#"(?P<before>\b(?:<P>|<S>)s?\b<W>[ \t]+(?:is|was|ist|lautet|war)[ \t]+["“'«„`])(?P<value>[^"“”'«»„`\n]{3,60})(?P<after>["“”'»`])"#,
        is_quoted,
    ),
    // `the password was changed to monkeybars`, `we set the password to monkeybars`.
    row(
        &[PASSWORD_HINTS, SHORT_HINTS],
        r"(?P<before>\b(?:<P>|<S>)s?\b<W>[ \t]+(?:changed|set|reset|updated|rotated|switched|geändert|gesetzt)[ \t]+(?:back[ \t]+)?(?:to|auf)[ \t]+<O>)<V>",
        is_unlisted,
    ),
    row(
        &[PASSWORD_HINTS, SHORT_HINTS],
        r"(?P<before>\b(?:change|set|reset|update|rotate|switch)(?:d|ed)?\b<W>[ \t]+(?:<P>|<S>)s?[ \t]+(?:back[ \t]+)?(?:to|auf)[ \t]+<O>)<V>",
        is_unlisted,
    ),
    // The word on one line, the value on the next.
    row(
        &[PASSWORD_HINTS, SHORT_HINTS],
        r"(?m)(?P<before>^[ \t>*_-]*(?:[A-Za-z0-9_'’./-]+[ \t]+){0,2}(?:<P>|<S>)s?<O>[ \t]*[:=]?<O>[ \t]*\n(?:[ \t]*\n)?[ \t>]*<O>)(?P<value>\S{4,})(?P<after>[ \t]*$)",
        is_unlisted,
    ),
    row(
        &[PASSWORD_HINTS, SHORT_HINTS, KEY_HINTS, KEYS_HINTS],
        r"(?m)(?P<before>\b(?:<P>|<S>|<K>)s?<O>[ \t]*[:=?]?<O>[ \t]*\n(?:[ \t]*\n)?[ \t>]*<O>)(?P<value>\S{4,})(?P<after>[ \t]*$)",
        is_typed_or_key,
    ),
    // `password: …`: whatever follows; `SECRET=…` likewise, but `token: …` may go on as a sentence.
    row(
        &[PASSWORD_HINTS, SHORT_HINTS],
        r#"(?P<before>(?:[A-Za-z0-9_.-]*(?:<P>)[A-Za-z0-9_-]*|\b(?:[A-Za-z0-9_.-]*[_.-])?(?:<S>))(?:\([^()\n]{0,30}\))?["'*_`]{0,3}[ \t]*(?:[:=]+>?|->|→|：)[ \t]*<O>)(?P<value>[^\s"'`,;]{3,})"#,
        any,
    ),
    row(
        &[KEY_HINTS, KEYS_HINTS],
        r#"(?P<before>[A-Za-z0-9_.-]*(?:<K>)[A-Za-z0-9_-]*(?:\([^()\n]{0,30}\))?["'*_`]{0,3}[ \t]*:?=>?[ \t]*<O>)(?P<value>[^\s"'`,;]{3,})"#,
        any,
    ),
    row(
        &[KEY_HINTS, KEYS_HINTS],
        r#"(?P<before>[A-Za-z0-9_.-]*(?:<K>)[A-Za-z0-9_-]*(?:\([^()\n]{0,30}\))?["'*_`]{0,3}[ \t]*(?::+|->|→|：)[ \t]*<O>)(?P<value>[^\s"'`,;]{3,})"#,
        is_no_word,
    ),
    // `the passcode is …`, `bobs password hunter2`.
    row(
        &[PASSWORD_HINTS, SHORT_HINTS, KEY_HINTS, KEYS_HINTS],
        r"(?P<before>\b(?:<P>|<S>|<K>)s?\b<W>[ \t]+(?:is|was|ist|lautet|est|es|è|é|to|are|будет|—|-)[ \t]+<O>)<V>",
        is_no_word,
    ),
    row(&[PASSWORD_HINTS, SHORT_HINTS], r"(?P<before>\b(?:<P>|<S>)s?[ \t]+<O>)<V>", is_typed_or_key),
    row(&[KEY_HINTS, KEYS_HINTS, &["basic"]], r"(?P<before>\b(?:<K>|basic)[ \t]+<O>)<V>", is_key_like),
];

static SHELF: LazyLock<Shelf> = LazyLock::new(|| {
    let compose = |shape: &str| {
        let shape = shape.replace("<P>", PASSWORD).replace("<S>", SHORT).replace("<K>", KEY);
        let shape = shape.replace("<W>", r"(?:[ \t]+[^\s.?!:=]+){0,8}?").replace("<O>", r#"["'*_`]{0,3}"#);
        format!("(?i){}", shape.replace("<V>", r#"(?P<value>[^\s"'`,;]{4,})"#))
    };
    Shelf::new(ROWS.iter().map(|row| (row.hints.concat(), compose(row.shape))), Case::Ignored)
});

/// Whether any of the words is in `text`.
pub(super) fn is_mentioned(text: &str) -> bool {
    SHELF.is_hinted(text)
}

pub(super) fn cut<'a>(text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
    let mut text = Cow::Borrowed(text);
    for (at, shape) in SHELF.shapes_for(&text) {
        let Some(row) = ROWS.get(at) else { continue };
        if let Cow::Owned(changed) = shape.replace_all(&text, |found: &Captures<'_>| replace(found, removed, row.is_secret)) {
            text = Cow::Owned(changed);
        }
    }
    text
}

fn replace(found: &Captures<'_>, removed: &mut Removed, is_secret: fn(&str) -> bool) -> String {
    let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
    let (before, value, after) = (part("before"), part("value"), part("after"));
    let bare = value.trim_end_matches(['.', '!', '?', ')', ']', '}', '*', '_']);
    let is_shortcode = value.len() > 2 && value.starts_with(':') && value.ends_with(':');
    if is_placeholder(value) || value.starts_with("removed]") || value.starts_with("http") || is_shortcode || !is_secret(bare) {
        return format!("{before}{value}{after}");
    }
    let marks = value.get(bare.len()..).unwrap_or_default();
    format!("{before}{}{marks}{after}", placeholder(removed))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One for each row, in the same order; the secret stands between brackets.
    const EXAMPLES: [&str; ROWS.len()] = [
        "new passphrase: {purple monkey about dishwasher}",
        "the password: {purple monkey dishwasher}",
        "{correct horse battery staple} is the vault passphrase",
        "{hunter2} is the password",
        "creds are {admin/admin123}",
        "log in with bob and {Winter2024}!",
        "recovery codes: {1234-5678 8765-4321}",
        "cvv {123}",
        "PIN {4821} for the office door",
        "heroku {01234567-89ab-cdef-0123-456789abcdef}",
        "key: {AbCd1234EfGh5678}",
        "my wifi key is \"{correct-horse-battery}\"",
        "the password was changed to {monkeybars}",
        "I changed the admin password to {monkeybars}",
        "Password:\n\n{monkeybars}",
        "can somebody tell me the password\n{monkeybars1}",
        "pwd → {monkeybars}",
        "client_secret={abcdef}",
        "token: {abcdef12} works",
        "the admin pw is {hunter2}!",
        "bobs password {hunter2}",
        "use token {abcdef12}",
    ];

    #[test]
    fn each_way_to_hand_over_a_secret_is_seen() {
        let mut wrong = Vec::new();
        for example in EXAMPLES {
            let (before, rest) = example.split_once('{').expect("a secret");
            let (_, after) = rest.split_once('}').expect("an end");
            let answer = cut(&example.replace(['{', '}'], ""), &mut Removed::default()).into_owned();
            if answer != format!("{before}[secret removed]{after}") {
                wrong.push(answer);
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn each_row_sees_its_own_example() {
        for ((at, example), row) in EXAMPLES.iter().enumerate().zip(ROWS) {
            let text = example.replace(['{', '}'], "");
            let shape = SHELF.shapes_for(&text).find(|(found, _)| *found == at).map(|(_, shape)| shape);
            let values =
                shape.map(|shape| shape.captures_iter(&text).filter(|found| (row.is_secret)(found["value"].trim_end_matches('!'))).count());
            assert!(values.is_some_and(|values| values > 0), "row {at} does not see {text:?}");
        }
    }

    #[test]
    fn more_secrets_in_common_writing_are_cut() {
        let mut wrong = Vec::new();
        for (raw, secret) in [
            ("password\nmonkeybars1", "monkeybars1"),
            ("creds: b@x / Winter2024!", "Winter2024"),
            ("login is root:toor123", "toor123"),
            ("passw0rd: abcdef1", "abcdef1"),
            ("p a s s w o r d: abcdef1", "abcdef1"),
            ("пароль qwerty123", "qwerty123"),
            ("passphrase is purple monkey dishwasher", "monkey"),
            ("set the pw to swordfish", "swordfish"),
            ("Das Passwort ist Sommer2023", "Sommer2023"),
            ("the wlan code is sunny-side-upwards", "sunny"),
            ("backup codes are 83920184 and 84920183", "83920184"),
        ] {
            let answer = cut(raw, &mut Removed::default()).into_owned();
            if answer.contains(secret) {
                wrong.push(answer);
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn talk_about_secrets_stays() {
        let talk = [
            "the password reset flow is broken",
            "the password is wrong again, can someone reset it?",
            "password rotation is due on Friday",
            "we changed the password to be longer",
            "the password was changed to the new one",
            "we set the token to expire after a week",
            "who has the password?",
            "can you reset my password\nthanks",
            "the password page is case-sensitive and up-to-date",
            "the login page password is \"wrong\"",
            "credentials are stored in the vault",
            "creds are in 1Password, ask me",
            "login: see the wiki",
            "accounts are read/write",
            "the key is to talk early",
            "key: we ship on Friday",
            "key PROJ-1234 was closed",
            "key: PROJ-12345678",
            "secret santa is on Friday",
            "password step2 uses argon2id and sha256",
            "OAuth2 is the token flow we use",
            "the access code path was slow in 2024",
            "please pin the version to 3",
            "pass v2.1 through review",
            "our security codes of conduct",
            "log in with the new account and tell me",
            "the passphrase dialog is shown to everyone on the team",
        ];
        let changed: Vec<_> =
            talk.iter().map(|text| cut(text, &mut Removed::default())).filter(|answer| !talk.contains(&answer.as_ref())).collect();
        assert!(changed.is_empty(), "{changed:#?}");
    }
}
