//! Configuration, data directory and key file: what lies where, and who may see it.

use super::facts::{Entry, EntryKind, Facts};
use super::{Check, Found, listed, none_of};
use crate::base::text::shell_word;

/// Free space below which writing is about to stop: a busy day of deliveries and the largest write-ahead log.
const FREE_BYTES_MIN: u64 = 256 * 1024 * 1024;
/// Free space below which it is time to look for more.
const FREE_BYTES_WANTED: u64 = 1024 * 1024 * 1024;
/// Of the files that a file system can hold, the share that should be free.
const FREE_INODES_PERCENT_MIN: u64 = 1;
/// Longest path of a socket (unix(7)); a longer one is reached through /proc.
const SOCKET_PATH_BYTES_MAX: usize = 107;
/// The rights of others.
pub(super) const OTHERS: u32 = 0o077;
/// The rights of others to change.
pub(super) const OTHERS_WRITE: u32 = 0o022;
/// The name of the local socket in the data directory.
const SOCKET: &str = "control.sock";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "config.values",
        remedy: "Change the setting that is named: `smartretro config show --origin` says where it comes from.",
        look: |facts| none_of("the settings make sense together", facts.configuration.contradictions.clone(), Found::Problem),
    },
    Check {
        id: "config.variables",
        remedy: "Correct the variable's name or take it away; the README's table of settings names them all.",
        look: |facts| none_of("every SMARTRETRO_ variable means something", facts.configuration.unknown_variables.clone(), Found::Hint),
    },
    Check {
        id: "config.file_mode",
        remedy: "Whoever can change the configuration decides what is served: `chmod go-w` the file, or run `smartretro doctor --fix`.",
        look: config_file_mode,
    },
    Check {
        id: "config.log",
        remedy: "Set log = \"info\" once you have found what you looked for: `debug` writes a line for each refused delivery.",
        look: |facts| match facts.configuration.log.as_str() {
            "debug" => Found::Hint("log = debug".to_owned()),
            level => Found::Good(format!("log = {level}")),
        },
    },
    Check {
        id: "data.directory",
        remedy: "Make an installation with `smartretro init`, or name the right directory (--data, SMARTRETRO_DATA).",
        look: |facts| match &facts.data.root {
            Some(root) if root.kind == EntryKind::Directory => Found::Good(root.path.display().to_string()),
            Some(root) => Found::Problem(format!("{} is no directory", root.path.display())),
            None => Found::Problem(format!("{} is not there", facts.data.path.display())),
        },
    },
    Check {
        id: "data.mode",
        remedy: "`chmod 0700` the data directory, or run `smartretro doctor --fix`.",
        look: |facts| match &facts.data.root {
            Some(root) if root.mode & OTHERS != 0 => {
                Found::Problem(format!("others may enter {} (mode {:04o})", root.path.display(), root.mode))
            }
            Some(root) => Found::Good(format!("mode {:04o}", root.mode)),
            None => Found::Skipped("there is no data directory".to_owned()),
        },
    },
    Check {
        id: "data.owner",
        remedy: "Run as the user whom the data directory belongs to (`User=` of the unit), or give it to the user who serves it (chown -R).",
        look: data_owner,
    },
    Check {
        id: "data.file_modes",
        remedy: "Take the rights of others away: `chmod -R go= DIR`, or run `smartretro doctor --fix`.",
        look: |facts| {
            let open = below(facts).filter(|entry| entry.kind != EntryKind::Link && entry.mode & OTHERS != 0);
            none_of(
                "every file is its owner's alone",
                open.map(|entry| format!("{} ({:04o})", entry.path.display(), entry.mode)),
                Found::Problem,
            )
        },
    },
    Check {
        id: "data.links",
        remedy: "Put the file itself in the place of the link: databases are opened without following links.",
        look: |facts| {
            let links = below(facts).filter(|entry| entry.kind == EntryKind::Link);
            none_of("no link stands in the place of a file", links.map(|entry| entry.path.display().to_string()), Found::Problem)
        },
    },
    Check {
        id: "data.space",
        remedy: "Free space, or move the data directory to a larger disk: when it is full, deliveries are answered with 503 and tools give up after some tries.",
        look: space,
    },
    Check {
        id: "data.inodes",
        remedy: "Remove small files that are no longer needed from this file system.",
        look: |facts| match &facts.data.space {
            Some(space) if space.inodes > 0 && space.free_inodes * 100 < space.inodes * FREE_INODES_PERCENT_MIN => {
                Found::Problem(format!("{} of {} files may still be made", space.free_inodes, space.inodes))
            }
            Some(_) => Found::Good("files may be made".to_owned()),
            None => Found::Skipped("the file system cannot be asked".to_owned()),
        },
    },
    Check {
        id: "data.file_system",
        remedy: "Keep the data directory on a local disk: locks and durable commits do not hold on network file systems, and memory forgets.",
        look: |facts| match &facts.data.space {
            Some(space) => match space.beware {
                Some(kind @ ("tmpfs" | "ramfs")) if is_sandbox(facts) => Found::Hint(format!("it lies in memory ({kind})")),
                Some(kind) => Found::Problem(format!("it lies on {kind}")),
                None => Found::Good("a local file system".to_owned()),
            },
            None => Found::Skipped("the file system cannot be asked".to_owned()),
        },
    },
    Check {
        id: "data.socket",
        remedy: "Choose a shorter path for the data directory, or see to it that /proc is mounted where the server runs.",
        look: |facts| {
            let length = facts.data.path.join(SOCKET).as_os_str().len();
            if length > SOCKET_PATH_BYTES_MAX {
                Found::Hint(format!("the path of the local socket has {length} bytes, more than {SOCKET_PATH_BYTES_MAX}"))
            } else {
                Found::Good(format!("the path of the local socket has {length} bytes"))
            }
        },
    },
    Check {
        id: "key.file",
        remedy: "Name the key file that `init` made (--key-file, SMARTRETRO_KEY_FILE), or restore it from your copy: without it nothing can be read.",
        look: |facts| match &facts.key.entry {
            Some(entry) if entry.kind == EntryKind::File => Found::Good(entry.path.display().to_string()),
            Some(entry) => Found::Problem(format!("{} is no file", entry.path.display())),
            None => Found::Problem(format!("{} is not there, or not to be seen by this user", facts.key.path.display())),
        },
    },
    Check {
        id: "key.mode",
        remedy: "`chmod 0400` the key file, or run `smartretro doctor --fix`; if others could read it for long, think of it as known.",
        look: |facts| match &facts.key.entry {
            Some(entry) if entry.mode & OTHERS != 0 => {
                Found::Problem(format!("others may read {} (mode {:04o})", shell_word(&entry.path), entry.mode))
            }
            Some(entry) => Found::Good(format!("mode {:04o}", entry.mode)),
            None => Found::Skipped("there is no key file".to_owned()),
        },
    },
    Check {
        id: "key.owner",
        remedy: "Give the key file to the user who serves (chown), and to nobody else.",
        look: |facts| match (&facts.key.entry, &facts.data.root) {
            (Some(key), Some(data)) if key.owner != data.owner && key.owner != 0 => {
                Found::Problem(format!("it belongs to user {}, the data directory to user {}", key.owner, data.owner))
            }
            (Some(key), _) => Found::Good(format!("it belongs to user {}", key.owner)),
            (None, _) => Found::Skipped("there is no key file".to_owned()),
        },
    },
    Check {
        id: "key.place",
        remedy: "Move the key file out of the data directory and name its place (key_file): whoever copies the directory would copy the key.",
        look: |facts| match (facts.key.is_inside_data, is_sandbox(facts)) {
            (true, true) => Found::Good("inside the data directory, as a sandbox may have it".to_owned()),
            (true, false) => Found::Problem(format!("{} lies in the data directory", facts.key.path.display())),
            (false, _) => Found::Good("outside the data directory".to_owned()),
        },
    },
    Check {
        id: "key.disk",
        remedy: "Keep the key on another disk, in a systemd credential or on a token: encryption at rest protects a lost disk only if the key is not on it.",
        look: |facts| match (&facts.key.entry, &facts.data.root) {
            (Some(key), Some(data)) if key.device == data.device && !is_sandbox(facts) => {
                Found::Hint("key and data lie on one file system".to_owned())
            }
            (Some(_), Some(_)) => Found::Good("key and data lie apart, or this is a sandbox".to_owned()),
            _ => Found::Skipped("there is no key file or no data directory".to_owned()),
        },
    },
];

fn below(facts: &Facts) -> impl Iterator<Item = &Entry> {
    facts.data.entries.iter()
}

pub(super) fn is_sandbox(facts: &Facts) -> bool {
    facts.installation.as_ref().is_ok_and(|installation| installation.is_sandbox)
}

fn config_file_mode(facts: &Facts) -> Found {
    match &facts.configuration.file {
        Some(file) if file.mode & OTHERS_WRITE != 0 => {
            Found::Problem(format!("others may change {} (mode {:04o})", file.path.display(), file.mode))
        }
        Some(file) => Found::Good(format!("{} has mode {:04o}", file.path.display(), file.mode)),
        None => Found::Good("there is no configuration file, and none is needed".to_owned()),
    }
}

fn data_owner(facts: &Facts) -> Found {
    let Some(root) = &facts.data.root else { return Found::Skipped("there is no data directory".to_owned()) };
    let strangers = below(facts).filter(|entry| entry.owner != root.owner).map(|entry| entry.path.display().to_string());
    let strangers = listed(strangers);
    if !strangers.is_empty() {
        return Found::Problem(format!("the directory belongs to user {}, and these to others: {strangers}", root.owner));
    }
    // Root may look at everybody's.
    if facts.host.user != root.owner && facts.host.user != 0 {
        return Found::Problem(format!("it belongs to user {}, and this is user {}", root.owner, facts.host.user));
    }
    Found::Good(format!("it belongs to user {}", root.owner))
}

fn space(facts: &Facts) -> Found {
    let Some(space) = &facts.data.space else { return Found::Skipped("the file system cannot be asked".to_owned()) };
    let free = format!("{} MiB are free", space.free_bytes / (1024 * 1024));
    match space.free_bytes {
        ..FREE_BYTES_MIN => Found::Problem(free),
        FREE_BYTES_MIN..FREE_BYTES_WANTED => Found::Hint(free),
        _ => Found::Good(free),
    }
}
