//! How much a request may bring.

/// Largest form, in bytes: several times the longest note (500 characters of four bytes, percent-encoded).
pub const FORM_BYTES_MAX: usize = 32 * 1024;
/// Most fields of one form: the largest form has five.
pub const FORM_FIELDS_MAX: usize = 32;
/// Largest JSON body of the API, in bytes: every one of them is a handful of short strings.
pub const JSON_BYTES_MAX: usize = 32 * 1024;
/// What an overloaded program asks its callers to wait, in seconds: queues drain in less.
pub const OVERLOAD_RETRY_S: u64 = 2;
