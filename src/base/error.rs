//! [`Fault`]: what nobody expected, with a stable code and words that say what to do.
//!
//! What a caller can answer is an enum of the verb itself (`CastError`); a [`Fault`] is everything else.

use std::error::Error;
use std::fmt;

/// A stable name for each way in which something unexpected goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// A file or directory could not be read or written.
    Io,
    /// The data directory is in use by another process.
    DirectoryInUse,
    /// The master key does not belong to this data directory.
    WrongKey,
    /// A write-ahead log beside a database belongs to another state of it.
    StaleWal,
    /// A database file is damaged.
    Damaged,
    /// A database was made by a newer version of this program.
    NewerSchema,
    /// A commit failed; the file takes no more writes until the process starts anew.
    Fenced,
    /// More is waiting than may wait.
    Overloaded,
    /// It is not in memory, and whoever asked may not wait for it.
    NotAtHand,
    /// A statement failed.
    Store,
    /// A seal did not open, or could not be made.
    Seal,
    /// Something in the configuration is wrong.
    Config,
    /// A promise of the code to itself was broken.
    Internal,
}

impl Code {
    /// The code as it is printed and documented.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Io => "io",
            Self::DirectoryInUse => "directory_in_use",
            Self::WrongKey => "wrong_key",
            Self::StaleWal => "stale_wal",
            Self::Damaged => "damaged",
            Self::NewerSchema => "newer_schema",
            Self::Fenced => "fenced",
            Self::Overloaded => "overloaded",
            Self::NotAtHand => "not_at_hand",
            Self::Store => "store",
            Self::Seal => "seal",
            Self::Config => "config",
            Self::Internal => "internal",
        }
    }
}

/// Something unexpected: a code, one sentence for a person (what is wrong, where, what to do), and its cause.
#[derive(Debug)]
pub struct Fault {
    code: Code,
    words: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    pub fn new(code: Code, words: impl Into<String>) -> Self {
        Self { code, words: words.into(), source: None }
    }

    /// The same fault with its cause. A cause must never carry content of a delivery.
    #[must_use]
    pub fn because(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    pub const fn code(&self) -> Code {
        self.code
    }

    pub fn words(&self) -> &str {
        &self.words
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)?;
        if let Some(source) = &self.source {
            write!(f, " ({source})")?;
        }
        Ok(())
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as &(dyn Error + 'static))
    }
}
