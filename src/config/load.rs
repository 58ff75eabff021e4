//! Reads flags, the environment, the file and systemd's credentials, and remembers which of them said what. The only place that looks at the
//! environment.
//!
//! Never prints a secret: the one there is, the master key, is never a value here, only the name of its file.

use crate::config::settings::KEY_FILE_NAME;
use crate::config::{Overrides, SETTINGS, Setting, Settings};
use serde::Deserialize;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// Names that are likelier than this to be a slip of the pen are suggested (Jaro-Winkler, 0 to 1).
const LIKENESS_MIN: f64 = 0.7;

/// Where systemd puts the credentials of a unit (systemd.exec(5), `LoadCredential=`).
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";
/// Names the file; it is no setting of the file itself.
const CONFIG: &str = "SMARTRETRO_CONFIG";
/// What every variable of ours begins with.
const PREFIX: &str = "SMARTRETRO_";
/// A key in the environment would be seen by every child and in every dump.
const KEY_ITSELF: &str = "SMARTRETRO_KEY";

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

/// Where a setting's value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Flag,
    /// The variable.
    Environment(&'static str),
    /// The file that systemd handed over.
    Credential(PathBuf),
    /// The configuration file and the line, from 1.
    File(PathBuf, usize),
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Credential(path) => write!(f, "systemd credential {}", path.display()),
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// One setting as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub setting: &'static str,
    pub value: String,
    pub origin: Origin,
}

/// The configuration with where each value came from.
#[derive(Debug)]
pub struct Loaded {
    pub settings: Settings,
    /// Every setting, in the order of [`SETTINGS`].
    pub shown: Vec<Shown>,
    /// Variables that begin like ours and mean nothing here.
    pub unknown_variables: Vec<String>,
}

/// The configuration: `flags`, then environment, then the file, then defaults.
pub fn load(flags: Overrides) -> Result<Settings, ConfigError> {
    load_with_origins(flags).map(|loaded| loaded.settings)
}

/// The same, with where each value came from.
pub fn load_with_origins(flags: Overrides) -> Result<Loaded, ConfigError> {
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let unknown_variables = names.filter(|name| is_unknown(name)).collect();
    let environment = environment(|name| std::env::var_os(name))?;
    let chosen = flags.config.clone().or_else(|| environment.config.clone());
    let file = match &chosen {
        Some(path) => read_file(path)?,
        None if Settings::default_config().exists() => read_file(&Settings::default_config())?,
        None => Written::default(),
    };
    let path = chosen.unwrap_or_else(Settings::default_config);
    let credential = std::env::var_os(CREDENTIALS).map(|folder| PathBuf::from(folder).join(KEY_FILE_NAME)).filter(|file| file.exists());
    let layers = Layers { flags, environment, file, path, credential };
    layers.refuse_two_keys()?;
    let rows = SETTINGS.iter().map(|setting| layers.show(setting)).collect();
    let settings = Settings::complete(layers.together())?;
    Ok(Loaded { settings, shown: rows, unknown_variables })
}

/// Everyone who may say something.
struct Layers {
    flags: Overrides,
    environment: Overrides,
    file: Written,
    /// The file's name.
    path: PathBuf,
    /// The master key, where systemd handed it over.
    credential: Option<PathBuf>,
}

impl Layers {
    fn together(self) -> Overrides {
        let credential = Overrides { key_file: self.credential, ..Overrides::default() };
        self.flags.or(self.environment).or(self.file.said()).or(credential)
    }

    /// Two sources for one secret would leave it to their order which one opens the data.
    fn refuse_two_keys(&self) -> Result<(), ConfigError> {
        let Some(credential) = &self.credential else { return Ok(()) };
        let shown = SETTINGS.iter().filter(|setting| setting.key == "key_file").map(|setting| self.show(setting));
        match shown.into_iter().find(|shown| shown.origin != Origin::Credential(credential.clone())) {
            Some(other) if Path::new(&other.value) != credential => Err(ConfigError::new(format!(
                "two master keys are named: the systemd credential {} and key_file = {} ({}); take one of them away",
                credential.display(),
                other.value,
                other.origin
            ))),
            _ => Ok(()),
        }
    }

    fn show(&self, setting: &'static Setting) -> Shown {
        let (key, env) = (setting.key, setting.env);
        let said_in_file = || self.file.clone().said().said(key);
        let found = None
            .or_else(|| Some((self.flags.said(key)?, Origin::Flag)))
            .or_else(|| Some((self.environment.said(key)?, Origin::Environment(env))))
            .or_else(|| Some((said_in_file()?, Origin::File(self.path.clone(), self.file.line(key)))))
            .or_else(|| {
                let credential = self.credential.as_ref().filter(|_| key == "key_file")?;
                Some((credential.display().to_string(), Origin::Credential(credential.clone())))
            });
        let (value, origin) = found.unwrap_or_else(|| (self.default_of(setting), Origin::Default));
        Shown { setting: key, value, origin }
    }

    fn default_of(&self, setting: &'static Setting) -> String {
        match setting.key {
            "key_file" => self.path.with_file_name(KEY_FILE_NAME).display().to_string(),
            _ => setting.default.to_owned(),
        }
    }
}

fn is_unknown(name: &str) -> bool {
    name.starts_with(PREFIX) && name != CONFIG && SETTINGS.iter().all(|setting| setting.env != name)
}

/// A value that is no text is refused, or a path: to pass it over would serve what a weaker source says.
fn environment(read: impl Fn(&str) -> Option<OsString>) -> Result<Overrides, ConfigError> {
    if read(KEY_ITSELF).is_some() {
        return Err(ConfigError::new(
            "SMARTRETRO_KEY is set: the master key is never taken from the environment, which other processes can see; write it into a file of mode 0400 and name that in SMARTRETRO_KEY_FILE",
        ));
    }
    let text = |name: &str| {
        let value = read(name).map(|value| value.into_string().map_err(|_| ConfigError::new(format!("{name} is not text (UTF-8)"))));
        value.transpose()
    };
    let behind_proxy = match text("SMARTRETRO_BEHIND_PROXY")?.as_deref() {
        None => None,
        Some("true" | "1") => Some(true),
        Some("false" | "0") => Some(false),
        Some(_) => return Err(ConfigError::new("SMARTRETRO_BEHIND_PROXY must be true or false")),
    };
    Ok(Overrides {
        config: read(CONFIG).map(PathBuf::from),
        data: read("SMARTRETRO_DATA").map(PathBuf::from),
        key_file: read("SMARTRETRO_KEY_FILE").map(PathBuf::from),
        listen: text("SMARTRETRO_LISTEN")?,
        behind_proxy,
        public_url: text("SMARTRETRO_PUBLIC_URL")?,
        metrics_listen: text("SMARTRETRO_METRICS_LISTEN")?,
        log: text("SMARTRETRO_LOG")?,
        log_format: text("SMARTRETRO_LOG_FORMAT")?,
    })
}

/// What the file says, with the line of each value.
#[derive(Clone, Debug, Default)]
struct Written {
    keys: Keys,
    /// Where each key stands, from 1.
    lines: Vec<(&'static str, usize)>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    data: Option<Spanned<PathBuf>>,
    key_file: Option<Spanned<PathBuf>>,
    listen: Option<Spanned<String>>,
    behind_proxy: Option<Spanned<bool>>,
    public_url: Option<Spanned<String>>,
    metrics_listen: Option<Spanned<String>>,
    log: Option<Spanned<String>>,
    log_format: Option<Spanned<String>>,
}

impl Keys {
    /// Where each value begins, in bytes.
    fn starts(&self) -> Vec<(&'static str, usize)> {
        let path = |value: &Option<Spanned<PathBuf>>| value.as_ref().map(|value| value.span().start);
        let text = |value: &Option<Spanned<String>>| value.as_ref().map(|value| value.span().start);
        [
            ("data", path(&self.data)),
            ("key_file", path(&self.key_file)),
            ("listen", text(&self.listen)),
            ("behind_proxy", self.behind_proxy.as_ref().map(|value| value.span().start)),
            ("public_url", text(&self.public_url)),
            ("metrics_listen", text(&self.metrics_listen)),
            ("log", text(&self.log)),
            ("log_format", text(&self.log_format)),
        ]
        .into_iter()
        .filter_map(|(key, start)| Some((key, start?)))
        .collect()
    }
}

impl Written {
    fn said(self) -> Overrides {
        Overrides {
            config: None,
            data: self.keys.data.map(Spanned::into_inner),
            key_file: self.keys.key_file.map(Spanned::into_inner),
            listen: self.keys.listen.map(Spanned::into_inner),
            behind_proxy: self.keys.behind_proxy.map(Spanned::into_inner),
            public_url: self.keys.public_url.map(Spanned::into_inner),
            metrics_listen: self.keys.metrics_listen.map(Spanned::into_inner),
            log: self.keys.log.map(Spanned::into_inner),
            log_format: self.keys.log_format.map(Spanned::into_inner),
        }
    }

    fn line(&self, key: &str) -> usize {
        self.lines.iter().find(|(known, _)| *known == key).map_or(1, |(_, line)| *line)
    }
}

fn read_file(path: &Path) -> Result<Written, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        ConfigError::new(format!(
            "The configuration file {} cannot be read ({error}); check --config and SMARTRETRO_CONFIG",
            path.display()
        ))
    })?;
    parse_file(&text).map_err(|error| ConfigError::new(format!("{}: {error}", path.display())))
}

fn parse_file(text: &str) -> Result<Written, ConfigError> {
    let table: toml::Table = text.parse().map_err(|error| located(&error, text))?;
    if let Some(unknown) = table.keys().find(|key| SETTINGS.iter().all(|setting| setting.key != key.as_str())) {
        return Err(unknown_key(unknown, text));
    }
    let keys: Keys = toml::from_str(text).map_err(|error| located(&error, text))?;
    let lines = keys.starts().into_iter().map(|(key, start)| (key, line_of(text, start))).collect();
    Ok(Written { keys, lines })
}

fn located(error: &toml::de::Error, text: &str) -> ConfigError {
    let line = error.span().map_or(1, |span| line_of(text, span.start));
    ConfigError::new(format!("line {line}: {}", error.message()))
}

fn line_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|b| *b == b'\n').count() + 1
}

fn unknown_key(key: &str, text: &str) -> ConfigError {
    let names_it = |line: &str| {
        let rest = line.trim_start().trim_start_matches(['[', '"', '\'']).strip_prefix(key);
        // Another key may begin like it.
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-'))
    };
    let line = text.lines().position(names_it).map_or(1, |index| index + 1);
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

    fn layers(flags: Overrides, environment: Overrides, file: &str, credential: Option<&str>) -> Layers {
        let (file, path) = (parse_file(file).unwrap(), PathBuf::from("/etc/x.toml"));
        Layers { flags, environment, file, path, credential: credential.map(PathBuf::from) }
    }

    fn shown(layers: &Layers, key: &str) -> (String, Origin) {
        let shown = layers.show(SETTINGS.iter().find(|setting| setting.key == key).unwrap());
        (shown.value, shown.origin)
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_its_neighbour() {
        let error = parse_file("log = \"info\"\nlistn = \"127.0.0.1:1\"\n").unwrap_err();
        assert_eq!(error.to_string(), "line 2: there is no setting “listn”. Did you mean “listen”?");
    }

    #[test]
    fn an_unknown_key_is_found_where_it_stands_and_not_where_another_begins_like_it() {
        for (text, line) in [
            ("log = \"info\"\nlo = \"x\"\n", 2),
            ("# lo = 1\n\n\"lo\" = 1\n", 3),
            ("listen = \"lo = 1\"\nlo=1\n", 2),
            ("log_format = \"text\"\n[lo]\nx = 1\n", 2),
            ("log = \"info\"\nlo.x = 1\n", 2),
        ] {
            let error = parse_file(text).unwrap_err().to_string();
            assert!(error.starts_with(&format!("line {line}: there is no setting “lo”")), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_value_of_the_wrong_type_is_named_with_its_line() {
        let error = parse_file("\n\nbehind_proxy = 3\n").unwrap_err();
        assert!(error.to_string().starts_with("line 3: "), "{error}");
    }

    #[test]
    fn flags_win_over_environment_over_file_and_each_is_named() {
        let flags = Overrides { listen: Some("a".into()), ..Overrides::default() };
        let env = environment(|name| (name == "SMARTRETRO_LISTEN" || name == "SMARTRETRO_LOG").then(|| "warn".into())).unwrap();
        let layers = layers(flags, env, "# where\nlisten = \"c\"\nlog = \"c\"\n\ndata = \"\"\"\nc\"\"\"", None);
        assert_eq!(shown(&layers, "listen"), ("a".to_owned(), Origin::Flag));
        assert_eq!(shown(&layers, "log"), ("warn".to_owned(), Origin::Environment("SMARTRETRO_LOG")));
        assert_eq!(shown(&layers, "data"), ("c".to_owned(), Origin::File("/etc/x.toml".into(), 5)));
        assert_eq!(shown(&layers, "key_file"), ("/etc/smartretro.key".to_owned(), Origin::Default));
        assert_eq!(shown(&layers, "public_url"), ("none".to_owned(), Origin::Default));
        let settings = Settings::complete(layers.together()).unwrap();
        assert_eq!((settings.listen.as_str(), settings.log.as_str(), settings.data().unwrap().to_str()), ("a", "warn", Some("c")));
    }

    #[test]
    fn a_credential_is_the_key_and_a_second_key_beside_it_is_refused() {
        let credential = Some("/run/credentials/smartretro.key");
        let alone = layers(Overrides::default(), Overrides::default(), "", credential);
        assert!(alone.refuse_two_keys().is_ok());
        assert_eq!(shown(&alone, "key_file").1.to_string(), "systemd credential /run/credentials/smartretro.key");
        let said = |path: &str| Overrides { key_file: Some(path.into()), ..Overrides::default() };
        assert!(layers(said("/run/credentials/smartretro.key"), Overrides::default(), "", credential).refuse_two_keys().is_ok());
        for two in [
            layers(said("/a"), Overrides::default(), "", credential),
            layers(Overrides::default(), said("/a"), "", credential),
            layers(Overrides::default(), Overrides::default(), "key_file = \"/a\"", credential),
        ] {
            assert!(two.refuse_two_keys().is_err_and(|error| error.to_string().contains("/a")));
        }
    }

    #[test]
    fn the_key_itself_is_never_taken_from_the_environment() {
        let refused = environment(|name| (name == "SMARTRETRO_KEY").then(|| "5ecre7".into())).unwrap_err().to_string();
        assert!(refused.contains("SMARTRETRO_KEY_FILE") && !refused.contains("5ecre7"), "{refused}");
    }

    #[test]
    fn a_variable_that_is_no_text_is_not_passed_over() {
        use std::os::unix::ffi::OsStringExt as _;
        let bytes = || OsString::from_vec(vec![b'/', 0xff]);
        let only = |wanted: &'static str| environment(move |name| (name == wanted).then(bytes));
        assert_eq!(only("SMARTRETRO_DATA").unwrap().data, Some(PathBuf::from(bytes())), "a path may be of any bytes");
        for name in ["SMARTRETRO_LISTEN", "SMARTRETRO_BEHIND_PROXY", "SMARTRETRO_PUBLIC_URL", "SMARTRETRO_LOG", "SMARTRETRO_KEY"] {
            assert!(only(name).is_err_and(|error| error.to_string().contains(name)), "{name}");
        }
    }

    #[test]
    fn a_variable_that_means_nothing_is_found() {
        assert!(is_unknown("SMARTRETRO_LISTN") && !is_unknown("SMARTRETRO_LISTEN") && !is_unknown(CONFIG) && !is_unknown("PATH"));
    }

    #[test]
    fn a_value_that_makes_no_sense_is_refused_with_what_would() {
        for (said, words) in [
            (Overrides { log: Some("loud".into()), ..Overrides::default() }, "error, warn, info, debug"),
            (Overrides { log_format: Some("xml".into()), ..Overrides::default() }, "text or json"),
            (Overrides { public_url: Some("retro.example".into()), ..Overrides::default() }, "https://retro.example.org"),
            (Overrides { metrics_listen: Some("0.0.0.0:1".into()), ..Overrides::default() }, "127.0.0.1:9464"),
        ] {
            assert!(Settings::complete(said).is_err_and(|error| error.to_string().contains(words)), "{words}");
        }
        assert!(Settings::complete(Overrides { log: Some("debug".into()), ..Overrides::default() }).is_ok());
    }
}
