//! Reads the environment and the file. The only place that looks at the environment.

use crate::config::{Overrides, SETTINGS, Settings};
use serde::Deserialize;
use std::fmt;
use std::path::{Path, PathBuf};

/// Names that are likelier than this to be a slip of the pen are suggested (Jaro-Winkler, 0 to 1).
const LIKENESS_MIN: f64 = 0.7;

/// How much can be logged, from little to much.
const LOG_LEVELS: [&str; 4] = ["error", "warn", "info", "debug"];

/// Something in the configuration is wrong: what, where, and what to do.
#[derive(Debug)]
pub struct ConfigError(String);

impl ConfigError {
    pub(super) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

/// The configuration: `flags`, then environment, then the file, then defaults.
pub fn load(flags: Overrides) -> Result<Settings, ConfigError> {
    let said = flags.or(environment(|name| std::env::var(name).ok())?);
    let file = match &said.config {
        Some(path) => read_file(path)?,
        None if Settings::default_config().exists() => read_file(&Settings::default_config())?,
        None => Overrides::default(),
    };
    let settings = Settings::complete(said.or(file));
    if LOG_LEVELS.contains(&settings.log.as_str()) {
        Ok(settings)
    } else {
        Err(ConfigError::new(format!("log (SMARTRETRO_LOG) must be one of {}, not “{}”", LOG_LEVELS.join(", "), settings.log)))
    }
}

fn environment(read: impl Fn(&str) -> Option<String>) -> Result<Overrides, ConfigError> {
    let behind_proxy = match read("SMARTRETRO_BEHIND_PROXY").as_deref() {
        None => None,
        Some("true" | "1") => Some(true),
        Some("false" | "0") => Some(false),
        Some(_) => return Err(ConfigError::new("SMARTRETRO_BEHIND_PROXY must be true or false")),
    };
    Ok(Overrides {
        config: read("SMARTRETRO_CONFIG").map(PathBuf::from),
        data: read("SMARTRETRO_DATA").map(PathBuf::from),
        key_file: read("SMARTRETRO_KEY_FILE").map(PathBuf::from),
        listen: read("SMARTRETRO_LISTEN"),
        behind_proxy,
        log: read("SMARTRETRO_LOG"),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    data: Option<PathBuf>,
    key_file: Option<PathBuf>,
    listen: Option<String>,
    behind_proxy: Option<bool>,
    log: Option<String>,
}

fn read_file(path: &Path) -> Result<Overrides, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        ConfigError::new(format!(
            "The configuration file {} cannot be read ({error}); check --config and SMARTRETRO_CONFIG",
            path.display()
        ))
    })?;
    parse_file(&text).map_err(|error| ConfigError::new(format!("{}: {error}", path.display())))
}

fn parse_file(text: &str) -> Result<Overrides, ConfigError> {
    let table: toml::Table = text.parse().map_err(|error| located(&error, text))?;
    if let Some(unknown) = table.keys().find(|key| SETTINGS.iter().all(|setting| setting.key != key.as_str())) {
        return Err(unknown_key(unknown, text));
    }
    let file: Written = toml::from_str(text).map_err(|error| located(&error, text))?;
    Ok(Overrides {
        config: None,
        data: file.data,
        key_file: file.key_file,
        listen: file.listen,
        behind_proxy: file.behind_proxy,
        log: file.log,
    })
}

fn located(error: &toml::de::Error, text: &str) -> ConfigError {
    let line = error.span().map_or(1, |span| line_of(text, span.start));
    ConfigError::new(format!("line {line}: {}", error.message()))
}

fn line_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|b| *b == b'\n').count() + 1
}

fn unknown_key(key: &str, text: &str) -> ConfigError {
    let line = text.lines().position(|line| line.trim_start().trim_start_matches('[').starts_with(key)).map_or(1, |index| index + 1);
    let nearest = SETTINGS
        .iter()
        .map(|setting| (strsim::jaro_winkler(setting.key, key), setting.key))
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .filter(|(likeness, _)| *likeness >= LIKENESS_MIN);
    let hint = nearest.map_or_else(String::new, |(_, name)| format!(" Did you mean “{name}”?"));
    ConfigError::new(format!("line {line}: there is no setting “{key}”.{hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_its_neighbour() {
        let error = parse_file("log = \"info\"\nlistn = \"127.0.0.1:1\"\n").unwrap_err();
        assert_eq!(error.to_string(), "line 2: there is no setting “listn”. Did you mean “listen”?");
    }

    #[test]
    fn a_value_of_the_wrong_type_is_named_with_its_line() {
        let error = parse_file("\n\nbehind_proxy = 3\n").unwrap_err();
        assert!(error.to_string().starts_with("line 3: "), "{error}");
    }

    #[test]
    fn flags_win_over_environment_over_file() {
        let flags = Overrides { listen: Some("a".into()), ..Overrides::default() };
        let env = environment(|name| (name == "SMARTRETRO_LISTEN" || name == "SMARTRETRO_LOG").then(|| "b".into())).unwrap();
        let file = parse_file("listen = \"c\"\nlog = \"c\"\ndata = \"c\"").unwrap();
        let settings = Settings::complete(flags.or(env).or(file));
        assert_eq!((settings.listen.as_str(), settings.log.as_str(), settings.data().unwrap().to_str()), ("a", "b", Some("c")));
    }

    #[test]
    fn an_unknown_level_of_the_log_is_refused_with_those_that_there_are() {
        let said = |log: &str| load(Overrides { log: Some(log.to_owned()), ..Overrides::default() });
        assert!(said("debug").is_ok());
        assert!(said("loud").is_err_and(|error| error.to_string().contains("error, warn, info, debug")));
    }
}
