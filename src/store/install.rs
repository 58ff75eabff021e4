//! `install.json`: what must be known before the first database can be opened. In the open, so it holds no secret in the open.

use crate::base::clock::Instant;
use crate::base::error::{Code, Fault};
use crate::crypto::keys::{Kek, KeyPlace, Purpose};
use crate::crypto::{Key, random};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The layout of the data directory that this program knows.
const FORMAT: u32 = 1;
/// What stands for an organisation where a key belongs to `main.db`. Whether the directory is for trials takes part in the wrap: else whoever
/// can write to `install.json` could have a directory that holds real data served over plain HTTP, at a time of their choosing.
const fn owner(sandbox: bool) -> &'static str {
    if sandbox { "main of a sandbox" } else { "main" }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Install {
    format: u32,
    /// Takes part in every wrap, so that a key cannot be carried to another installation.
    pub(super) id: Uuid,
    pub(super) created_at: Instant,
    /// Marked for trials at `init`; cannot be taken back or given later, see [`owner`].
    pub(super) sandbox: bool,
    /// Which master key (a check value).
    kek_id: String,
    main: Wrapped,
}

/// The wrapped keys of `main.db`, in hex.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrapped {
    version: u32,
    file: String,
    root: String,
}

/// The two keys of one database.
pub(super) struct Keys {
    /// What SQLCipher encrypts the file with.
    pub(super) file: Key,
    /// What sub-keys are derived from.
    pub(super) root: Key,
}

impl Keys {
    pub(super) fn generate() -> Result<Self, Fault> {
        Ok(Self { file: random::key()?, root: random::key()? })
    }
}

/// The part of the file that every format has.
#[derive(Deserialize)]
struct Head {
    format: u32,
}

impl Install {
    /// A new installation and the keys of its `main.db`.
    pub(super) fn new(kek: &Kek, at: Instant, sandbox: bool) -> Result<(Self, Keys), Fault> {
        let id = uuid::Builder::from_random_bytes(random::bytes()?).into_uuid();
        let keys = Keys::generate()?;
        let name = id.to_string();
        let place = |purpose| KeyPlace { install: &name, owner: owner(sandbox), version: 1, purpose };
        let main = Wrapped {
            version: 1,
            file: hex::encode(kek.wrap(&place(Purpose::File), &keys.file)?),
            root: hex::encode(kek.wrap(&place(Purpose::Root), &keys.root)?),
        };
        Ok((Self { format: FORMAT, id, created_at: at, sandbox, kek_id: kek.id(&name)?.to_string(), main }, keys))
    }

    /// Reads the file; `at` names it in messages.
    pub(super) fn parse(text: &str, at: &str) -> Result<Self, Fault> {
        let damaged = |error| Fault::new(Code::Damaged, format!("{at}/install.json is damaged; restore it from a backup")).because(error);
        let head: Head = serde_json::from_str(text).map_err(damaged)?;
        if head.format > FORMAT {
            return Err(Fault::new(
                Code::NewerSchema,
                format!(
                    "{at} was made by a newer version of this program (layout {}, this one knows {FORMAT}); install that version again, or restore a backup from before the upgrade",
                    head.format
                ),
            ));
        }
        serde_json::from_str(text).map_err(damaged)
    }

    pub(super) fn to_text(&self) -> Result<String, Fault> {
        let text = serde_json::to_string_pretty(self);
        text.map(|text| text + "\n").map_err(|error| Fault::new(Code::Internal, "install.json could not be composed").because(error))
    }

    /// The keys of `main.db`, or which of its two reasons keeps them shut.
    pub(super) fn main_keys(&self, kek: &Kek, at: &str) -> Result<Keys, Fault> {
        self.recognise(kek, &self.kek_id, at)?;
        let name = self.id.to_string();
        let unwrap = |purpose, text: &str| {
            let place = KeyPlace { install: &name, owner: owner(self.sandbox), version: self.main.version, purpose };
            kek.unwrap(&place, &hex::decode(text).unwrap_or_default())
        };
        Ok(Keys { file: unwrap(Purpose::File, &self.main.file)?, root: unwrap(Purpose::Root, &self.main.root)? })
    }

    /// Whether `kek` is the one that made `kek_id` in this installation.
    pub(super) fn recognise(&self, kek: &Kek, kek_id: &str, at: &str) -> Result<(), Fault> {
        if kek.id(&self.id.to_string())?.to_string() == kek_id {
            return Ok(());
        }
        Err(Fault::new(
            Code::WrongKey,
            format!("the master key is not the one of {at}; name the key file that was made with it (--key-file). Nothing was changed"),
        ))
    }
}
