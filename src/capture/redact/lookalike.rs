//! Letters that only look Latin become the Latin letters a reader takes them for.
//!
//! `pаssword` with a Cyrillic `а` reads like any other, and no shape would see it. What is foreign in earnest stays: a word is
//! rewritten only where Latin and look-alikes stand in one word, where every one of its letters is a look-alike and one of
//! them is rare in the languages it could be of, or where the letters are but another drawing of the Latin ones (full width,
//! mathematical, circled, small capitals). Umlauts and accents are letters of their own.
//!
//! Source of the pairs: Unicode Technical Standard 39, `confusables.txt`, the pairs of single letters.

use std::borrow::Cow;

/// Foreign letters, and the Latin letters they look like: Cyrillic, Greek, Armenian.
#[rustfmt::skip]
const FOREIGN: &[(char, char)] = &[
    ('а', 'a'), ('в', 'b'), ('с', 'c'), ('ԁ', 'd'), ('е', 'e'), ('һ', 'h'), ('і', 'i'), ('ј', 'j'), ('к', 'k'), ('ӏ', 'l'),
    ('о', 'o'), ('р', 'p'), ('ԛ', 'q'), ('ѕ', 's'), ('т', 't'), ('ѵ', 'v'), ('ԝ', 'w'), ('х', 'x'), ('у', 'y'),
    ('А', 'A'), ('В', 'B'), ('С', 'C'), ('Е', 'E'), ('Н', 'H'), ('І', 'I'), ('Ј', 'J'), ('К', 'K'), ('М', 'M'), ('О', 'O'),
    ('Р', 'P'), ('Ѕ', 'S'), ('Т', 'T'), ('Ԝ', 'W'), ('Х', 'X'), ('У', 'Y'),
    ('α', 'a'), ('ι', 'i'), ('κ', 'k'), ('ν', 'v'), ('ο', 'o'), ('ρ', 'p'), ('τ', 't'), ('υ', 'u'), ('χ', 'x'), ('ϲ', 'c'), ('ϳ', 'j'),
    ('Α', 'A'), ('Β', 'B'), ('Ε', 'E'), ('Ζ', 'Z'), ('Η', 'H'), ('Ι', 'I'), ('Κ', 'K'), ('Μ', 'M'), ('Ν', 'N'), ('Ο', 'O'), ('Ρ', 'P'),
    ('Τ', 'T'), ('Υ', 'Y'), ('Χ', 'X'),
    ('օ', 'o'), ('ս', 'u'), ('հ', 'h'), ('ո', 'n'), ('ց', 'g'), ('զ', 'q'),
];

/// Letters of [`FOREIGN`] that no text in Russian, Ukrainian or Greek has: a word of look-alikes with one of them is a disguise.
const RARE: &str = "ԁһӏԛѕѵԝЅԜϲϳ";

/// Other drawings of Latin letters.
#[rustfmt::skip]
const DRAWN: &[(char, char)] = &[
    ('ɑ', 'a'), ('ɡ', 'g'), ('ſ', 's'), ('ᴀ', 'a'), ('ʙ', 'b'), ('ᴄ', 'c'), ('ᴅ', 'd'), ('ᴇ', 'e'), ('ꜰ', 'f'), ('ɢ', 'g'), ('ʜ', 'h'),
    ('ɪ', 'i'), ('ᴊ', 'j'), ('ᴋ', 'k'), ('ʟ', 'l'), ('ᴍ', 'm'), ('ɴ', 'n'), ('ᴏ', 'o'), ('ᴘ', 'p'), ('ʀ', 'r'), ('ꜱ', 's'), ('ᴛ', 't'),
    ('ᴜ', 'u'), ('ᴠ', 'v'), ('ᴡ', 'w'), ('ʏ', 'y'), ('ᴢ', 'z'),
    ('ℬ', 'B'), ('ℂ', 'C'), ('ℭ', 'C'), ('ℯ', 'e'), ('ℰ', 'E'), ('ℱ', 'F'), ('ℊ', 'g'), ('ℎ', 'h'), ('ℋ', 'H'), ('ℌ', 'H'), ('ℍ', 'H'),
    ('ℐ', 'I'), ('ℑ', 'I'), ('ℒ', 'L'), ('ℳ', 'M'), ('ℕ', 'N'), ('ℴ', 'o'), ('ℙ', 'P'), ('ℚ', 'Q'), ('ℛ', 'R'), ('ℜ', 'R'), ('ℝ', 'R'),
    ('ℤ', 'Z'), ('ℨ', 'Z'),
];

/// The signs of full width that stand in code and keys; those of Chinese and Japanese sentences stay.
const FULL_WIDTH_SIGNS: &str = "＂＃＄％＆＇＊＋－／＜＝＞＠［＼］＿｀｛｜｝";
/// How far full width is from ASCII.
const FULL_WIDTH_OFFSET: u32 = 0xFEE0;
/// The mathematical alphabets: thirteen of 52 letters each, and five rows of digits.
const MATHEMATICAL_LETTERS: std::ops::RangeInclusive<u32> = 0x1D400..=0x1D6A3;
const MATHEMATICAL_DIGITS: std::ops::RangeInclusive<u32> = 0x1D7CE..=0x1D7FF;
/// Circled capitals, then circled small letters.
const CIRCLED_LETTERS: std::ops::RangeInclusive<u32> = 0x24B6..=0x24E9;

/// `text` with every look-alike that hides something become what it looks like.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(|c| drawn(c).is_some() || foreign(c).is_some() || is_overlay(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars().filter(|c| !is_overlay(*c)) {
        let c = drawn(c).unwrap_or(c);
        if is_of_word(c) {
            word.push(c);
        } else {
            end_word(&mut out, &mut word);
            out.push(c);
        }
    }
    end_word(&mut out, &mut word);
    Cow::Owned(out)
}

fn end_word(out: &mut String, word: &mut String) {
    if is_disguise(word) {
        out.extend(word.chars().filter(|c| !is_joiner(*c)).map(|c| foreign(c).unwrap_or(c)));
    } else {
        out.push_str(word);
    }
    word.clear();
}

/// Whether what is foreign in `word` is there only for its looks.
fn is_disguise(word: &str) -> bool {
    let mut strange = word.chars().filter(|c| !c.is_ascii() && !is_joiner(*c)).peekable();
    strange.peek().is_some()
        && strange.all(|c| foreign(c).is_some())
        && (word.contains(|c: char| c.is_ascii_alphabetic()) || word.contains(|c| RARE.contains(c)))
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_joiner(c)
}

const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// Lines and strokes that are laid over or under a letter: strikethrough is written with them.
const fn is_overlay(c: char) -> bool {
    matches!(c, '\u{0332}'..='\u{0338}')
}

fn foreign(c: char) -> Option<char> {
    pair(FOREIGN, c)
}

fn pair(pairs: &[(char, char)], c: char) -> Option<char> {
    if c.is_ascii() { None } else { pairs.iter().find(|(foreign, _)| *foreign == c).map(|(_, latin)| *latin) }
}

/// The ASCII character that `c` is another drawing of.
fn drawn(c: char) -> Option<char> {
    const LETTERS: u32 = 26;
    let letter = |index: u32| {
        let index = index % (2 * LETTERS);
        char::from_u32(if index < LETTERS { u32::from('A') + index } else { u32::from('a') + index - LETTERS })
    };
    let code = u32::from(c);
    match c {
        '\0'..='\u{7F}' => None,
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '０'..='９' => char::from_u32(code - FULL_WIDTH_OFFSET),
        _ if FULL_WIDTH_SIGNS.contains(c) => char::from_u32(code - FULL_WIDTH_OFFSET),
        _ if MATHEMATICAL_LETTERS.contains(&code) => letter(code - MATHEMATICAL_LETTERS.start()),
        _ if MATHEMATICAL_DIGITS.contains(&code) => char::from_digit((code - MATHEMATICAL_DIGITS.start()) % 10, 10),
        _ if CIRCLED_LETTERS.contains(&code) => letter(code - CIRCLED_LETTERS.start()),
        _ => pair(DRAWN, c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disguised_word_is_read_as_it_looks() {
        for (raw, expected) in [
            ("pаssword: hunter2x", "password: hunter2x"),
            ("раѕѕԝоrԁ", "password"),
            ("ѕесrеt tоken", "secret token"),
            ("раѕѕ\u{200D}w", "passw"),
            ("p\u{336}a\u{336}s\u{336}s\u{336}word", "password"),
            ("ｇｈｐ＿16C7", "ghp_16C7"),
            ("＠maria ｀x｀", "@maria `x`"),
            ("𝐩𝐚𝐬𝐬𝐰𝐨𝐫𝐝 𝟏𝟐 𝙰𝙱 ⓟⓦ ᴘᴀssᴡᴏʀᴅ", "password 12 AB pw password"),
        ] {
            assert_eq!(fold(raw), expected);
        }
    }

    #[test]
    fn what_is_foreign_in_earnest_stays() {
        for text in [
            "пароль от сервера, а также сосок роса хор",
            "καλημέρα, το αυτό",
            "Dockerом, 5с, git'ом",
            "密码：ａ",
            "İstanbul ılık über Straße naïve",
            "Δx = 3 µm, 10 Ω",
        ] {
            let folded = fold(text);
            assert_eq!(folded, text.replace('ａ', "a"));
        }
    }
}
