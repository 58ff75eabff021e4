//! The hierarchy of keys: a master key wraps random keys, random keys have named sub-keys.
//!
//! ```text
//! Kek (a file of its own, outside the data directory)
//!  └─ wraps, per database:  the file's key   (what SQLCipher encrypts with; rotating it rewrites the file)
//!                           the root key     (what sub-keys are derived from; outlives a rotation of the file's key)
//! ```
//!
//! The master key never encrypts anything itself: a wrapping key and a check value are derived from it, each under its
//! own label. Nothing here can be printed.

use super::{KEY_BYTES, Key, hash, random, seal};
use crate::base::error::{Code, Fault};
use crate::base::text::shell_word;
use ring::hkdf;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use zeroize::Zeroizing;

/// Mode of a new key file: its owner may read it, nobody may write it.
const KEY_FILE_MODE: u32 = 0o400;
/// Any of these bits on a key file lets someone else at it.
const OTHERS_MODE: u32 = 0o077;
/// A key file holds 64 hex digits and a line break.
const KEY_FILE_BYTES_MAX: u64 = 80;

const WRAP_LABEL: &str = "wrap";
const CHECK_LABEL: &str = "check";

/// The master key (key-encryption key).
#[derive(Clone)]
pub struct Kek(Key);

impl Kek {
    /// A new random master key.
    ///
    /// # Errors
    /// Where there is no randomness.
    pub fn generate() -> Result<Self, Fault> {
        Ok(Self(random::key()?))
    }

    /// Makes a new key file, readable by its owner only and durable on return.
    ///
    /// # Errors
    /// [`Code::Io`] where the file exists already or cannot be written. An existing key is never overwritten.
    pub fn create_file(path: &Path) -> Result<Self, Fault> {
        let kek = Self::generate()?;
        kek.save(path)?;
        Ok(kek)
    }

    /// Writes this master key to a new file, readable by its owner only and durable on return.
    ///
    /// # Errors
    /// As [`Kek::create_file`].
    pub fn save(&self, path: &Path) -> Result<(), Fault> {
        let mut text = Zeroizing::new([0_u8; KEY_BYTES * 2 + 1]);
        if let Some((digits, end)) = text.split_at_mut_checked(KEY_BYTES * 2) {
            hex::encode_to_slice(self.0.reveal(), digits).map_err(|_| Fault::new(Code::Internal, "a key has an impossible length"))?;
            end.fill(b'\n');
        }
        write_key_file(path, text.as_slice()).map_err(|error| {
            Fault::new(
                Code::Io,
                format!("the key file {} could not be made; name a new file in a place that may be written (--key-file)", path.display()),
            )
            .because(error)
        })
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`Code::Config`] where it cannot be read, others may read it, or it does not hold 64 hex digits.
    pub fn read_file(path: &Path) -> Result<Self, Fault> {
        let unreadable = |error| {
            let words = "could not be read; name the key file made by `init` (--key-file or SMARTRETRO_KEY_FILE), and run as its owner";
            Fault::new(Code::Config, format!("the key file {} {words}", path.display())).because(error)
        };
        let file = File::open(path).map_err(unreadable)?;
        let meta = file.metadata().map_err(unreadable)?;
        if !meta.is_file() {
            return Err(Fault::new(Code::Config, format!("{} is not a file; name the key file that `init` made", path.display())));
        }
        let mode = meta.mode() & 0o7777;
        if mode & OTHERS_MODE != 0 {
            return Err(Fault::new(
                Code::Config,
                format!(
                    "the key file {0} may be read by others (mode {mode:04o}); run `chmod 0400 {1}` and start again",
                    path.display(),
                    shell_word(path)
                ),
            ));
        }
        // One byte more than allowed, so that a longer file is seen to be longer.
        let mut text = Zeroizing::new(Vec::with_capacity(128));
        file.take(KEY_FILE_BYTES_MAX + 1).read_to_end(&mut text).map_err(unreadable)?;
        let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
        hex::decode_to_slice(text.trim_ascii(), bytes.as_mut_slice()).map_err(|_| {
            Fault::new(
                Code::Config,
                format!("the key file {} does not hold 64 hexadecimal digits; restore it from your copy", path.display()),
            )
        })?;
        Ok(Self(Key::new(*bytes)))
    }

    /// What tells this master key from another without helping to find it: stored in the open, compared before anything is unwrapped.
    ///
    /// # Errors
    /// Never in practice; the derivation reports impossible lengths.
    pub fn id(&self, install: &str) -> Result<KekId, Fault> {
        let key = subkey(&self.0, CHECK_LABEL)?;
        let digest = hash::in_domain("smartretro/kek-id/v1", &[install.as_bytes(), key.reveal()]);
        let mut id = [0_u8; KEK_ID_BYTES];
        id.copy_from_slice(digest.first_chunk::<KEK_ID_BYTES>().unwrap_or(&[0; KEK_ID_BYTES]));
        Ok(KekId(id))
    }

    /// Wraps `key`, to be stored beside what it encrypts.
    ///
    /// # Errors
    /// Where there is no randomness.
    pub fn wrap(&self, place: &KeyPlace<'_>, key: &Key) -> Result<Vec<u8>, Fault> {
        seal::seal(&subkey(&self.0, WRAP_LABEL)?, place.to_string().as_bytes(), key.reveal())
    }

    /// Unwraps what [`Kek::wrap`] made for the same place.
    ///
    /// # Errors
    /// [`Code::WrongKey`]: another master key, a wrapped key moved from elsewhere, or a changed byte.
    pub fn unwrap(&self, place: &KeyPlace<'_>, wrapped: &[u8]) -> Result<Key, Fault> {
        let opened = seal::open(&subkey(&self.0, WRAP_LABEL)?, place.to_string().as_bytes(), wrapped).ok();
        let bytes = opened.as_ref().and_then(|opened| opened.reveal().as_array::<KEY_BYTES>());
        bytes.map(|bytes| Key::new(*bytes)).ok_or_else(|| {
            Fault::new(
                Code::WrongKey,
                format!("the wrapped {} key of {} does not open with this master key; use the key file of this installation, or restore what holds the wrapped key from a backup", place.purpose, place.owner),
            )
        })
    }
}

/// Length of a [`KekId`]: enough that two master keys of one operator never share one.
const KEK_ID_BYTES: usize = 16;

/// Which master key: a public check value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KekId([u8; KEK_ID_BYTES]);

impl fmt::Display for KekId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// Where a wrapped key belongs. Its text is the additional data of the wrap (`install-id|owner|key-version|purpose`), so that a wrapped key
/// cannot be moved to another organisation, version or use.
#[derive(Clone, Copy)]
pub struct KeyPlace<'a> {
    /// The installation's id.
    pub install: &'a str,
    /// The organisation's id, or `main`.
    pub owner: &'a str,
    /// Counts from 1; a rotation adds one.
    pub version: u32,
    pub purpose: Purpose,
}

impl fmt::Display for KeyPlace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}|{}|{}", self.install, self.owner, self.version, self.purpose)
    }
}

/// What a wrapped key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// SQLCipher's raw key of one file.
    File,
    /// The root of one database's sub-keys.
    Root,
}

impl Purpose {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Root => "root",
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The sub-key of `root` for one use: HKDF-SHA256 (RFC 5869) with the label as its info. `root` is uniformly random, so no salt is needed.
///
/// # Errors
/// Never in practice; `ring` reports lengths over 8160 bytes and this asks for 32.
pub fn subkey(root: &Key, label: &str) -> Result<Key, Fault> {
    let impossible = |_| Fault::new(Code::Internal, "a sub-key could not be derived");
    let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
        .extract(root.reveal())
        .expand(&[b"smartretro/subkey/v1/", label.as_bytes()], hkdf::HKDF_SHA256)
        .map_err(impossible)?
        .fill(bytes.as_mut_slice())
        .map_err(impossible)?;
    Ok(Key::new(*bytes))
}

fn write_key_file(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(KEY_FILE_MODE).open(path)?;
    // The umask only takes bits away: set them as they must be.
    file.set_permissions(fs::Permissions::from_mode(KEY_FILE_MODE))?;
    file.write_all(text)?;
    file.sync_all()?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: KeyPlace<'static> = KeyPlace { install: "i", owner: "o", version: 1, purpose: Purpose::File };

    #[test]
    fn a_key_file_is_made_once_for_its_owner_only_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        let kek = Kek::create_file(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o400);
        assert_eq!(Kek::read_file(&path).unwrap().0.reveal(), kek.0.reveal());
        let again = Kek::create_file(&path).err().unwrap();
        assert_eq!(again.code(), Code::Io, "a key is never overwritten");
        assert_eq!(Kek::read_file(&path).unwrap().0.reveal(), kek.0.reveal());
    }

    #[test]
    fn a_key_file_that_others_may_read_is_refused_with_the_remedy() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        Kek::create_file(&path).unwrap();
        for mode in [0o440, 0o404, 0o644, 0o620] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let fault = Kek::read_file(&path).err().unwrap();
            assert_eq!(fault.code(), Code::Config);
            assert!(fault.words().contains("chmod 0400"), "{fault}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(Kek::read_file(&path).is_ok());
    }

    #[test]
    fn a_key_file_of_another_shape_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        for text in [String::new(), "00".repeat(31), "00".repeat(33), "zz".repeat(32), "0".repeat(4096)] {
            fs::write(&path, &text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            let fault = Kek::read_file(&path).err().unwrap();
            assert!(fault.words().contains("64 hexadecimal digits") && (text.is_empty() || !fault.to_string().contains(&text)), "{fault}");
        }
        assert_eq!(Kek::read_file(dir.path()).err().unwrap().code(), Code::Config);
    }

    #[test]
    fn a_wrapped_key_opens_only_where_it_belongs() {
        let kek = Kek::generate().unwrap();
        let key = random::key().unwrap();
        let wrapped = kek.wrap(&PLACE, &key).unwrap();
        assert_eq!(kek.unwrap(&PLACE, &wrapped).unwrap().reveal(), key.reveal());
        let elsewhere = [
            KeyPlace { install: "j", ..PLACE },
            KeyPlace { owner: "p", ..PLACE },
            KeyPlace { version: 2, ..PLACE },
            KeyPlace { purpose: Purpose::Root, ..PLACE },
        ];
        for place in elsewhere {
            assert_eq!(kek.unwrap(&place, &wrapped).err().unwrap().code(), Code::WrongKey, "{place}");
        }
        let other = Kek::generate().unwrap();
        assert_eq!(other.unwrap(&PLACE, &wrapped).err().unwrap().code(), Code::WrongKey);
        assert_ne!(other.id("i").unwrap(), kek.id("i").unwrap());
        assert_ne!(kek.id("i").unwrap(), kek.id("j").unwrap(), "ids of two installations cannot be linked");
    }

    #[test]
    fn each_label_has_its_own_sub_key_and_keeps_it() {
        let root = Key::new([7; 32]);
        // HKDF-SHA256(ikm = 07 x 32, salt = "", info = "smartretro/subkey/v1/person"), computed with Python's hmac.
        assert_eq!(
            hex::encode(subkey(&root, "person").unwrap().reveal()),
            "45348ec9c51474ce83e41540ed03ccad1822ee571a27d9a6f1122989bdf422cc"
        );
        assert_ne!(subkey(&root, "person").unwrap().reveal(), subkey(&root, "column").unwrap().reveal());
    }
}
