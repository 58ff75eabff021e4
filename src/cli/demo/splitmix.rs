//! Numbers that look like chance and are none: a hash of what an item is.
//!
//! Never: the system's randomness, or a sequence that is shared between items. Each item of the half-year draws from its
//! own name, so that taking one episode out moves nothing else.

use std::fmt::Write as _;

/// The name of an item, hashed. Not a cryptographic hash: it decides when an invented message was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key(u64);

/// The increment of `SplitMix64` (Steele, Lea and Flood, 'Fast splittable pseudorandom number generators', 2014).
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finaliser of `SplitMix64`.
const fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Key {
    pub(super) fn of(word: &str) -> Self {
        Self(GAMMA).with(word)
    }

    /// The same item, seen under one more word.
    #[must_use]
    pub(super) fn with(self, word: &str) -> Self {
        word.bytes().fold(self, |key, byte| key.at(u64::from(byte))).at(u64::MAX)
    }

    /// The `n`-th of what this names.
    #[must_use]
    pub(super) const fn at(self, n: u64) -> Self {
        Self(mixed(self.0.wrapping_add(GAMMA) ^ mixed(n.wrapping_add(GAMMA))))
    }

    /// A number below `limit`; 0 where `limit` is 0.
    pub(super) const fn below(self, limit: u64) -> u64 {
        match self.0.checked_rem(limit) {
            Some(rest) => rest,
            None => 0,
        }
    }

    /// A number in `[0, 1)`.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a double holds")]
    pub(super) fn unit(self) -> f64 {
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True for a share `p` of all items.
    pub(super) fn chance(self, p: f64) -> bool {
        self.unit() < p
    }

    /// A standard normal number (Box and Muller, 1958).
    pub(super) fn normal(self) -> f64 {
        let radius = (-2.0 * (1.0 - self.with("radius").unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.with("angle").unit()).cos()
    }

    /// A log-normal number with this median: how waiting times are spread.
    pub(super) fn spread(self, median: f64, sigma: f64) -> f64 {
        median * (sigma * self.normal()).exp()
    }

    /// One of `items`.
    pub(super) fn pick<T>(self, items: &[T]) -> Option<&T> {
        let n = self.below(items.len() as u64);
        items.get(usize::try_from(n).unwrap_or(0))
    }

    /// `digits` hexadecimal digits: the look of a commit.
    pub(super) fn hex(self, digits: usize) -> String {
        let mut text = String::with_capacity(digits + 16);
        let mut n = 0;
        while text.len() < digits {
            let _ = write!(text, "{:016x}", self.at(n).0);
            n += 1;
        }
        text.truncate(digits);
        text
    }

    /// `count` letters and digits of the alphabet of a tool's ids.
    pub(super) fn letters(self, alphabet: &[u8], count: u64) -> String {
        (0..count).filter_map(|n| self.at(n).pick(alphabet)).map(|byte| char::from(*byte)).collect()
    }

    /// The numbers below `count`, in an order of this item's own.
    pub(super) fn shuffled(self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|n| self.at(*n as u64).0);
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_draws_the_same_whoever_else_draws() {
        let first = Key::of("change").with("harbour").at(3);
        let _ = Key::of("change").with("harbour").at(2).unit();
        assert_eq!(first, Key::of("change").with("harbour").at(3));
        assert_ne!(first, Key::of("change").with("harbour").at(4));
        assert_ne!(Key::of("ab").with("c"), Key::of("a").with("bc"));
    }

    #[test]
    fn draws_are_spread_over_their_range() {
        let units: Vec<f64> = (0..10_000).map(|n| Key::of("unit").at(n).unit()).collect();
        let mean = units.iter().sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
        let below = (0..10_000).filter(|n| Key::of("spread").at(*n).spread(3.0, 1.0) < 3.0).count();
        assert!((4_700..5_300).contains(&below), "half of a log-normal lies below its median: {below}");
    }

    #[test]
    fn a_shuffled_deck_holds_each_card_once() {
        let mut deck = Key::of("deck").shuffled(50);
        assert_ne!(deck, (0..50).collect::<Vec<_>>());
        deck.sort_unstable();
        assert_eq!(deck, (0..50).collect::<Vec<_>>());
    }
}
