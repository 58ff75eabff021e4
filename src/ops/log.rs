//! Logs: one line an event, to standard error, with fields and never content.

use tracing_subscriber::EnvFilter;

/// Starts logging. `filter` is a level or a list of directives, such as `info` or `smartretro=debug`. A second call does nothing.
pub fn start(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let started = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).try_init();
    drop(started);
}
