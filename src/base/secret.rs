//! A value that must not be printed, and is wiped when dropped.

use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// Holds a secret: no `Display`, no `Serialize`, a `Debug` that says nothing, memory wiped on drop.
pub struct Secret<T: Zeroize>(Zeroizing<T>);

impl<T: Zeroize> Secret<T> {
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The value itself. Hand it straight to what needs it.
    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl<T: Zeroize + Clone> Clone for Secret<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}
