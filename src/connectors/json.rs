//! Bytes of a delivery to allow-listed structs: the one way in which a connector reads JSON.
//!
//! Never: a tree of everything ([`serde_json::Value`]), or a tagged enum that buffers what it does not know; what a struct
//! does not name is skipped without becoming a value. Stricter than `serde_json` alone, because a peek and a later parse
//! read the same bytes with different structs and must agree on what they mean: a struct is only ever read from an object
//! (derived ones also take arrays, by position), and a named field may be given once (derived ones see to that).

use super::delivery::Delivery;
use crate::signals::refusal::Refusal;
use memchr::{memchr2, memchr2_iter};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

/// Deepest nesting of a delivery that is read: the deepest one of the corpus has 9 levels, the deepest answer of an API 17.
/// `serde_json` bounds what it builds, but skips over unnamed fields at any depth.
const DEPTH_MAX: usize = 64;

/// The struct that the body of `delivery` holds, or [`Refusal::Malformed`]: not UTF-8, not one JSON object, deeper than [`DEPTH_MAX`], a
/// named field missing, doubled or of another type.
///
/// The reason stays here: an error of the parser may quote what it stumbled over.
pub(super) fn read<'de, T: Deserialize<'de>>(delivery: &'de Delivery) -> Result<T, Refusal> {
    read_text(delivery.text().ok_or(Refusal::Malformed)?)
}

/// The same of bytes that are no delivery.
pub(super) fn read_bytes<'de, T: Deserialize<'de>>(body: &'de [u8]) -> Result<T, Refusal> {
    let text = std::str::from_utf8(body).ok().filter(|text| !is_deep(text.as_bytes()));
    read_text(text.ok_or(Refusal::Malformed)?)
}

fn read_text<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Refusal> {
    serde_json::from_str::<Object<T>>(text).map(|object| object.0).map_err(|_| Refusal::Malformed)
}

/// Whether brackets outside of strings nest deeper than [`DEPTH_MAX`]. Exact for valid JSON; for anything else the parser
/// has the last word.
pub(super) fn is_deep(body: &[u8]) -> bool {
    opens_more_than(body, DEPTH_MAX) && nests_deeper_than(body, DEPTH_MAX)
}

/// Whether there are more brackets than this that may open something: a bound that hardly any body reaches, ten times as fast to know as the
/// nesting itself. What opens an object is followed by a name, a blank or its end; the addresses with gaps that fill some payloads
/// (`/keys{/key_id}`, RFC 6570) are none.
fn opens_more_than(body: &[u8], most: usize) -> bool {
    let opens = |at: &usize| {
        body.get(*at) == Some(&b'[') || body.get(at + 1).is_none_or(|next| matches!(next, b'"' | b'}' | b' ' | b'\t' | b'\n' | b'\r'))
    };
    memchr2_iter(b'{', b'[', body).filter(opens).nth(most).is_some()
}

fn nests_deeper_than(body: &[u8], most: usize) -> bool {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = body.get(at) {
        at += 1;
        match byte {
            b'"' => at = end_of_string(body, at),
            b'{' | b'[' => {
                depth += 1;
                if depth > most {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// Behind the quotation mark that ends the string whose first byte is at `from`.
fn end_of_string(body: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(length) = body.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += length + 1;
        if body.get(at - 1) == Some(&b'"') {
            return at;
        }
        // What is escaped is part of the string.
        at += 1;
    }
    body.len()
}

/// A value that is there and not decoded: bytes of the delivery, until [`Later::read`]. What is found in one pass need not be read in it.
pub(super) struct Later<'d, T>(&'d str, PhantomData<T>);

impl<'d, T: Deserialize<'d>> Later<'d, T> {
    /// Its value, or [`Refusal::Malformed`] where it is of another type.
    pub(super) fn read(&self) -> Result<T, Refusal> {
        serde_json::from_str(self.0).map_err(|_| Refusal::Malformed)
    }
}

impl<'de: 'd, 'd, T> Deserialize<'de> for Later<'d, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(|raw| Self(raw.get(), PhantomData))
    }
}

/// A struct that is written as a JSON object; an array of its fields is an error.
pub(super) struct Object<T>(pub(super) T);

impl<T> Deref for Object<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OnlyMap<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for OnlyMap<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_map(OnlyMap(PhantomData)).map(Self)
    }
}

/// A struct where there is an object; nothing where there is anything else. For what tools fill in carelessly and we can
/// do without.
pub(super) struct Loose<T>(pub(super) Option<T>);

impl<T> Default for Loose<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Loose<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MapOrNothing<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for MapOrNothing<T> {
            type Value = Option<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Some)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Option<T>, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(None)
            }

            fn visit_unit<E>(self) -> Result<Option<T>, E> {
                Ok(None)
            }

            fn visit_bool<E>(self, _: bool) -> Result<Option<T>, E> {
                Ok(None)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Option<T>, E> {
                Ok(None)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Option<T>, E> {
                Ok(None)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Option<T>, E> {
                Ok(None)
            }

            fn visit_str<E>(self, _: &str) -> Result<Option<T>, E> {
                Ok(None)
            }
        }

        deserializer.deserialize_any(MapOrNothing(PhantomData)).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(serde::Deserialize)]
    struct Outer {
        kind: String,
        #[serde(default)]
        inner: Loose<Inner>,
    }

    #[derive(serde::Deserialize)]
    struct Inner {
        id: u64,
    }

    fn kind(body: &str) -> Result<String, Refusal> {
        read_bytes::<Outer>(body.as_bytes()).map(|outer| outer.kind)
    }

    #[test]
    fn one_object_with_each_field_once_is_read() {
        assert_eq!(kind(r#"{"kind":"a","other":{"kind":"b"},"other":1}"#), Ok("a".to_owned()));
        for bad in [
            "",
            "{",
            "[]",
            "null",
            r#"["a"]"#,
            r#"{"kind":"a","kind":"a"}"#,
            r#"{"kind":"a","\u006bind":"b"}"#,
            r#"{"kind":1}"#,
            r#"{"kind":null}"#,
            r#"{"kind":"a"} {}"#,
            r#"{"kind":"\ud800"}"#,
            r#"{"kind":"a","inner":{"id":1e400}}"#,
        ] {
            assert_eq!(kind(bad), Err(Refusal::Malformed), "{bad}");
        }
    }

    #[test]
    fn invalid_utf8_is_malformed_even_where_nothing_is_read() {
        let mut body = br#"{"kind":"a","other":"x"}"#.to_vec();
        let place = body.iter().position(|b| *b == b'x').unwrap();
        body[place] = 0xFF;
        assert!(read_bytes::<Outer>(&body).is_err());
    }

    #[test]
    fn depth_is_bounded_outside_of_strings() {
        let nested = |levels: usize| format!(r#"{{"kind":"a","other":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
        assert!(kind(&nested(DEPTH_MAX - 1)).is_ok());
        assert!(kind(&nested(DEPTH_MAX)).is_err());
        assert!(kind(&nested(1_000_000)).is_err());
        let quoted = format!(r#"{{"kind":"a","other":"\"{}"}}"#, "[".repeat(1000));
        assert!(kind(&quoted).is_ok());
    }

    proptest! {
        #[test]
        fn what_opens_few_brackets_is_never_deep(pieces in prop::collection::vec(0_usize..9, 0..200), most in 0_usize..6) {
            let body: Vec<u8> = pieces.iter().flat_map(|piece| PIECES[*piece].bytes()).collect();
            if serde_json::from_slice::<IgnoredAny>(&body).is_ok() && nests_deeper_than(&body, most) {
                prop_assert!(opens_more_than(&body, most), "{}", String::from_utf8_lossy(&body));
            }
        }

        #[test]
        fn a_tree_of_some_depth_is_told_exactly(tree in tree(), most in 0_usize..8) {
            let body = tree.to_string();
            let is_deep = depth_of(&tree) > most;
            prop_assert_eq!(opens_more_than(body.as_bytes(), most) && nests_deeper_than(body.as_bytes(), most), is_deep, "{}", body);
        }
    }

    const PIECES: [&str; 9] = ["{", "}", "[", "]", "\"{/a}[\"", ":", ",", " ", "1"];

    fn tree() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::json!("{/gap}[{\"{")),
            Just(serde_json::json!(7)),
            Just(serde_json::json!({})),
            Just(serde_json::json!([]))
        ];
        leaf.prop_recursive(8, 40, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(serde_json::Value::from),
                prop::collection::btree_map("[a{\\[\"]{0,3}", inner, 0..3).prop_map(serde_json::Value::from_iter),
            ]
        })
    }

    fn depth_of(tree: &serde_json::Value) -> usize {
        match tree {
            serde_json::Value::Array(items) => 1 + items.iter().map(depth_of).max().unwrap_or(0),
            serde_json::Value::Object(fields) => 1 + fields.values().map(depth_of).max().unwrap_or(0),
            _ => 0,
        }
    }

    #[test]
    fn a_careless_field_reads_as_nothing() {
        for (inner, expected) in [
            (r#"{"id":7}"#, Some(7)),
            ("[]", None),
            ("[1,[2]]", None),
            ("null", None),
            ("-1", None),
            ("1.5", None),
            ("true", None),
            (r#""x""#, None),
        ] {
            let body = format!(r#"{{"kind":"a","inner":{inner}}}"#);
            assert_eq!(
                read_bytes::<Outer>(body.as_bytes()).ok().and_then(|outer| outer.inner.0).map(|inner| inner.id),
                expected,
                "{inner}"
            );
        }
    }
}
