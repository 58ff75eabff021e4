//! Every setting there is.

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

/// The list that the file reader, the documentation and the tests read.
pub static SETTINGS: &[Setting] = &[
    Setting { key: "data", env: "SMARTRETRO_DATA", default: "none", doc: "The data directory." },
    Setting {
        key: "key_file",
        env: "SMARTRETRO_KEY_FILE",
        default: "smartretro.key beside the configuration file",
        doc: "The master key, readable by its owner only. It must not lie in the data directory.",
    },
    Setting { key: "listen", env: "SMARTRETRO_LISTEN", default: "127.0.0.1:8443", doc: "Where the appliance listens." },
    Setting {
        key: "behind_proxy",
        env: "SMARTRETRO_BEHIND_PROXY",
        default: "false",
        doc: "Speak plain HTTP to a proxy on the same machine, which speaks TLS to the world.",
    },
    Setting { key: "log", env: "SMARTRETRO_LOG", default: "info", doc: "How much is logged: error, warn, info, debug." },
];

/// Where the configuration file is looked for unless `--config` names one.
const CONFIG_FILE_DEFAULT: &str = "/etc/smartretro/smartretro.toml";
const LISTEN_DEFAULT: &str = "127.0.0.1:8443";
const LOG_DEFAULT: &str = "info";
/// The master key's name, beside the configuration file or, in a sandbox, inside the data directory.
pub(super) const KEY_FILE_NAME: &str = "smartretro.key";

/// What one source (flags, environment, file) says. `None`: it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    pub config: Option<PathBuf>,
    pub data: Option<PathBuf>,
    pub key_file: Option<PathBuf>,
    pub listen: Option<String>,
    pub behind_proxy: Option<bool>,
    pub log: Option<String>,
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
            log: self.log.or(weaker.log),
        }
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
    pub log: String,
}

impl Settings {
    pub(super) fn complete(said: Overrides) -> Self {
        Self {
            config: said.config,
            data: said.data,
            key_file: said.key_file,
            listen: said.listen.unwrap_or_else(|| LISTEN_DEFAULT.to_owned()),
            behind_proxy: said.behind_proxy.unwrap_or(false),
            log: said.log.unwrap_or_else(|| LOG_DEFAULT.to_owned()),
        }
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
            None => Ok(self.config.clone().unwrap_or_else(Self::default_config).with_file_name(KEY_FILE_NAME)),
        }
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
