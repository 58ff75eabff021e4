//! Reads columns into the words of the house.
//!
//! How each is kept: an id as its sixteen bytes, an instant as microseconds since the Unix epoch, a closed word as its text.

use crate::base::clock::{Instant, micros};
use rusqlite::Row;
use rusqlite::types::{FromSqlError, Type};

/// A column of exactly `N` bytes: an id (`PersonId::from_bytes(row::array(found, 0)?)`) or a digest.
pub fn array<const N: usize>(row: &Row<'_>, column: usize) -> rusqlite::Result<[u8; N]> {
    row.get(column)
}

/// A column of exactly `N` bytes, or null.
pub fn array_or_null<const N: usize>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<[u8; N]>> {
    row.get(column)
}

/// A count, which is never negative.
pub fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::unsigned_abs)
}

/// An instant; kept as [`Instant::as_microsecond`].
pub fn instant(row: &Row<'_>, column: usize) -> rusqlite::Result<Instant> {
    row.get(column).map(micros)
}

/// An instant, or null.
pub fn instant_or_null(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Instant>> {
    row.get::<_, Option<i64>>(column).map(|us| us.map(micros))
}

/// A word of a closed list, read by its own `parse`. A word that is not on the list is an error that does not repeat it.
pub fn word<T>(row: &Row<'_>, column: usize, parse: impl FnOnce(&str) -> Option<T>) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    parse(text).ok_or_else(|| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(FromSqlError::InvalidType)))
}
