//! One configuration, read once and passed by value: flags, then environment, then the file, then defaults.

mod load;
mod settings;

pub use load::{ConfigError, load};
pub use settings::{Overrides, SETTINGS, Settings};
