//! Logs: one line an event, to standard error, with fields and never content.

use crate::config::LogFormat;
use tracing_subscriber::EnvFilter;

/// What speaks below its warnings of nothing but itself, and what calls a stranger's malformed request an error: whoever can reach the port
/// could fill the log with it.
const QUIET: &str = "actix_server=warn,actix_http=off";

/// Starts logging at a level, such as `info`, for people or a JSON object a line. A second call does nothing.
pub fn start(level: &str, format: LogFormat) {
    let filter = if level == "debug" { level.to_owned() } else { format!("{level},{QUIET}") };
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false);
    let started = match format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init(),
    };
    drop(started);
}
