//! One configuration, read once and passed by value: flags, then environment, then the file, then defaults.

mod load;
mod settings;

pub use load::{ConfigError, Loaded, Origin, Shown, load, load_with_origins};
pub use settings::{LogFormat, MetricsAddress, Overrides, SETTINGS, Setting, Settings};
