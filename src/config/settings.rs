//! Every setting there is.

use crate::base::url::WebAddress;
use crate::config::ConfigError;
use std::path::{Path, PathBuf};

/// One setting: its key in the file, its environment variable, what it does.
#[derive(Debug)]
pub struct Setting {
    pub key: &'static str,
    pub env: &'static str,
    pub default: &'static str,
    pub doc: &'static str,
}

/// The list that the file reader, `config show`, the documentation and the tests read.
pub static SETTINGS: &[Setting] = &[
    Setting { key: "data", env: "SMARTRETRO_DATA", default: "none", doc: "The data directory." },
    Setting {
        key: "key_file",
        env: "SMARTRETRO_KEY_FILE",
        default: "smartretro.key beside the configuration file",
        doc: "The master key, readable by its owner only. It must not lie in the data directory. A systemd credential of the name smartretro.key is found by itself.",
    },
    Setting { key: "listen", env: "SMARTRETRO_LISTEN", default: "127.0.0.1:8443", doc: "Where the appliance listens." },
    Setting {
        key: "behind_proxy",
        env: "SMARTRETRO_BEHIND_PROXY",
        default: "false",
        doc: "Speak plain HTTP to a proxy on the same machine, which speaks TLS to the world.",
    },
    Setting {
        key: "public_url",
        env: "SMARTRETRO_PUBLIC_URL",
        default: "none",
        doc: "The address that people and tools use, such as https://retro.example.org. Without it, the name is believed by which a page was asked for.",
    },
    Setting {
        key: "metrics_listen",
        env: "SMARTRETRO_METRICS_LISTEN",
        default: "none",
        doc: "Where /metrics is answered: an address of this machine, such as 127.0.0.1:9464, or unix:/run/smartretro/metrics.sock.",
    },
    Setting { key: "log", env: "SMARTRETRO_LOG", default: "info", doc: "How much is logged: error, warn, info, debug." },
    Setting { key: "log_format", env: "SMARTRETRO_LOG_FORMAT", default: "text", doc: "How it is logged: text, or json for machines." },
];

/// Where the configuration file is looked for unless `--config` names one.
const CONFIG_FILE_DEFAULT: &str = "/etc/smartretro/smartretro.toml";
const LISTEN_DEFAULT: &str = "127.0.0.1:8443";
const LOG_DEFAULT: &str = "info";
/// The master key's name, beside the configuration file or, in a sandbox, inside the data directory; also as a systemd credential.
pub(super) const KEY_FILE_NAME: &str = "smartretro.key";

/// How much can be logged, from little to much.
const LOG_LEVELS: [&str; 4] = ["error", "warn", "info", "debug"];

/// What one source (flags, environment, file) says. `None`: it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    pub config: Option<PathBuf>,
    pub data: Option<PathBuf>,
    pub key_file: Option<PathBuf>,
    pub listen: Option<String>,
    pub behind_proxy: Option<bool>,
    pub public_url: Option<String>,
    pub metrics_listen: Option<String>,
    pub log: Option<String>,
    pub log_format: Option<String>,
}

impl Overrides {
    /// Fills what is not said here from a weaker source.
    pub(super) fn or(self, weaker: Self) -> Self {
        Self {
            config: self.config.or(weaker.config),
            data: self.data.or(weaker.data),
            key_file: self.key_file.or(weaker.key_file),
            listen: self.listen.or(weaker.listen),
            behind_proxy: self.behind_proxy.or(weaker.behind_proxy),
            public_url: self.public_url.or(weaker.public_url),
            metrics_listen: self.metrics_listen.or(weaker.metrics_listen),
            log: self.log.or(weaker.log),
            log_format: self.log_format.or(weaker.log_format),
        }
    }

    /// What it says about the setting of this key, as it would be written.
    pub(super) fn said(&self, key: &str) -> Option<String> {
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        match key {
            "data" => path(&self.data),
            "key_file" => path(&self.key_file),
            "listen" => self.listen.clone(),
            "behind_proxy" => self.behind_proxy.map(|is_on| is_on.to_string()),
            "public_url" => self.public_url.clone(),
            "metrics_listen" => self.metrics_listen.clone(),
            "log" => self.log.clone(),
            "log_format" => self.log_format.clone(),
            _ => None,
        }
    }
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// A JSON object a line.
    Json,
}

/// Where `/metrics` is answered: on this machine only, since it is answered without a password and in plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetricsAddress {
    Loopback(std::net::SocketAddr),
    Unix(PathBuf),
}

impl MetricsAddress {
    fn parse(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("unix:") {
            return path.starts_with('/').then(|| Self::Unix(PathBuf::from(path)));
        }
        text.parse().ok().filter(|address: &std::net::SocketAddr| address.ip().is_loopback()).map(Self::Loopback)
    }
}

/// The configuration, complete.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The configuration file, where one was named.
    config: Option<PathBuf>,
    data: Option<PathBuf>,
    key_file: Option<PathBuf>,
    pub listen: String,
    pub behind_proxy: bool,
    pub public_url: Option<WebAddress>,
    pub metrics_listen: Option<MetricsAddress>,
    pub log: String,
    pub log_format: LogFormat,
}

impl Settings {
    /// # Errors
    /// Where a value makes no sense; says which, and by what names it can be given.
    pub(super) fn complete(said: Overrides) -> Result<Self, ConfigError> {
        let log = said.log.unwrap_or_else(|| LOG_DEFAULT.to_owned());
        if !LOG_LEVELS.contains(&log.as_str()) {
            return Err(senseless("log", &format!("must be one of {}, not “{log}”", LOG_LEVELS.join(", "))));
        }
        let log_format = match said.log_format.as_deref() {
            None | Some("text") => LogFormat::Text,
            Some("json") => LogFormat::Json,
            Some(other) => return Err(senseless("log_format", &format!("must be text or json, not “{other}”"))),
        };
        let public_url = said.public_url.map(|url| {
            let no_address =
                || format!("must be the address of a site, such as https://retro.example.org, and “{url}” is none: no path, and https");
            WebAddress::parse(&url).ok_or_else(|| senseless("public_url", &no_address()))
        });
        let metrics_listen = said.metrics_listen.map(|text| {
            let not_here = || {
                format!("must be an address of this machine alone, such as 127.0.0.1:9464, or unix:/PATH, and “{text}” is none: it is answered in plain text, to whoever asks")
            };
            MetricsAddress::parse(&text).ok_or_else(|| senseless("metrics_listen", &not_here()))
        });
        Ok(Self {
            config: said.config,
            data: said.data,
            key_file: said.key_file,
            listen: said.listen.unwrap_or_else(|| LISTEN_DEFAULT.to_owned()),
            behind_proxy: said.behind_proxy.unwrap_or(false),
            public_url: public_url.transpose()?,
            metrics_listen: metrics_listen.transpose()?,
            log,
            log_format,
        })
    }

    /// The data directory, or an error that says how to name one.
    pub fn data(&self) -> Result<PathBuf, ConfigError> {
        self.data.clone().ok_or_else(|| {
            ConfigError::new(
                "No data directory is named: give --data DIR, set SMARTRETRO_DATA, or write data = \"DIR\" in the configuration file",
            )
        })
    }

    /// Where the master key lies: as configured; else inside a sandbox's data directory; else beside the configuration file.
    pub fn key_file(&self, is_sandbox: bool) -> Result<PathBuf, ConfigError> {
        match &self.key_file {
            Some(file) => Ok(file.clone()),
            None if is_sandbox => Ok(self.data()?.join(KEY_FILE_NAME)),
            None => Ok(self.config_file().with_file_name(KEY_FILE_NAME)),
        }
    }

    /// What cannot be served as it stands, a sentence each.
    pub fn contradictions(&self) -> Vec<String> {
        let mut found = Vec::new();
        match self.listen.parse::<std::net::SocketAddr>() {
            Err(_) => found.push(format!("listen (SMARTRETRO_LISTEN): “{}” is no address; write an IP address and a port, such as 127.0.0.1:8443", self.listen)),
            Ok(address) if self.behind_proxy && !address.ip().is_loopback() => found.push(format!(
                "behind_proxy (SMARTRETRO_BEHIND_PROXY): plain HTTP is spoken on this machine only, and {address} is reachable from others; listen on 127.0.0.1"
            )),
            Ok(_) => {}
        }
        found
    }

    /// The configuration file that was read, or would be if it were there.
    pub fn config_file(&self) -> PathBuf {
        self.config.clone().unwrap_or_else(Self::default_config)
    }

    /// The flags by which another command finds the same installation, whatever the environment says by then: the data
    /// directory, and what else was named.
    pub fn flags(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        let named = [("--data", &self.data), ("--config", &self.config), ("--key-file", &self.key_file)];
        named.into_iter().filter_map(|(flag, path)| path.as_deref().map(|path| (flag, path)))
    }

    /// The default place of the configuration file.
    pub(super) fn default_config() -> PathBuf {
        PathBuf::from(CONFIG_FILE_DEFAULT)
    }
}

fn senseless(key: &str, words: &str) -> ConfigError {
    let env = SETTINGS.iter().find(|setting| setting.key == key).map_or("", |setting| setting.env);
    ConfigError::new(format!("{key} ({env}) {words}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_answered_on_this_machine_alone() {
        assert_eq!(MetricsAddress::parse("unix:/run/m.sock"), Some(MetricsAddress::Unix("/run/m.sock".into())));
        assert!(MetricsAddress::parse("127.0.0.1:9464").is_some() && MetricsAddress::parse("[::1]:0").is_some());
        for open in ["0.0.0.0:9464", "10.0.0.7:9464", "[::]:9464", "localhost:9464", "unix:relative", "9464", ""] {
            assert_eq!(MetricsAddress::parse(open), None, "{open}");
        }
    }

    #[test]
    fn what_every_source_can_say_is_every_setting() {
        let text = || Some("x".to_owned());
        let all = Overrides {
            config: None,
            data: Some("x".into()),
            key_file: Some("x".into()),
            listen: text(),
            behind_proxy: Some(true),
            public_url: text(),
            metrics_listen: text(),
            log: text(),
            log_format: text(),
        };
        for setting in SETTINGS {
            assert!(all.said(setting.key).is_some(), "{}", setting.key);
        }
    }
}
