//! The machine, and what it grants: memory, files, and where keys could leak to.

use super::facts::Server;
use super::place::OTHERS_WRITE;
use super::{Check, Found, none_of};

/// Files that the process should be allowed to have open: each connection is one, each database some more.
const OPEN_FILES_MIN: u64 = 2_048;
/// What the process takes in its worst hour: itself, the bodies that are held at once, and the hashing of passwords.
const MEMORY_BYTES_MIN: u64 = 128 * 1024 * 1024;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "process.user",
        remedy: "Serve as a user of its own, who owns the data directory and nothing else (`User=` of the unit, `--user` of a container).",
        look: |facts| {
            let owner = facts.data.root.as_ref().map_or(facts.host.user, |root| root.owner);
            if owner == 0 {
                Found::Hint("the data belongs to root, so root serves it".to_owned())
            } else {
                Found::Good(format!("user {owner} serves it"))
            }
        },
    },
    Check {
        id: "process.umask",
        remedy: "Set `umask 077` (`UMask=` of the unit) where the program is started: other files that it or you make there would be open to others.",
        look: |facts| match facts.host.umask {
            Some(umask) if umask & OTHERS_WRITE != OTHERS_WRITE => Found::Hint(format!("umask {umask:04o} lets others change new files")),
            Some(umask) => Found::Good(format!("umask {umask:04o}")),
            None => Found::Skipped("/proc is not mounted".to_owned()),
        },
    },
    Check {
        id: "process.dumps",
        remedy: "Forbid core dumps where the program is started (`LimitCORE=0`): they would hold the keys.",
        look: |facts| {
            let is_dumpable = match &facts.server {
                Server::Running(health) => health.is_dumpable,
                _ => facts.host.is_dumpable,
            };
            if is_dumpable {
                Found::Problem("its memory may be dumped".to_owned())
            } else {
                Found::Good("its memory is not dumped".to_owned())
            }
        },
    },
    Check {
        id: "process.files",
        remedy: "Raise the number of open files where the program is started (`LimitNOFILE=4096`): with fewer it takes fewer connections at once.",
        look: |facts| {
            let files = match &facts.server {
                Server::Running(health) => health.open_files,
                _ => facts.host.open_files,
            };
            if files < OPEN_FILES_MIN {
                Found::Hint(format!("{files} files may be open"))
            } else {
                Found::Good(format!("{files} files may be open"))
            }
        },
    },
    Check {
        id: "host.memory",
        remedy: "Give the program at least 128 MiB (`MemoryMax=` of the unit, or the container's limit).",
        look: |facts| match facts.host.memory_bytes {
            Some(bytes) if bytes < MEMORY_BYTES_MIN => Found::Problem(format!("{} MiB", bytes / (1024 * 1024))),
            Some(bytes) => Found::Good(format!("{} MiB", bytes / (1024 * 1024))),
            None => Found::Skipped("the machine does not say".to_owned()),
        },
    },
    Check {
        id: "host.swap",
        remedy: "Forbid swapping of the service (`MemorySwapMax=0`), encrypt the swap space, or switch it off: memory holds keys and text.",
        look: |facts| none_of("memory is written to no disk", facts.host.swap.clone(), Found::Hint),
    },
];
