//! What this process asks of the kernel for itself.

use rustix::io;
use rustix::process::{DumpableBehavior, Resource, Rlimit, dumpable_behavior, getrlimit, set_dumpable_behavior, setrlimit};

/// Files that the process may have open, where the system lets it: each seat is one, and each database some more.
const FILES: u64 = 4_096;

/// Keeps the memory, which holds the keys, out of core dumps and from other processes of the same user.
///
/// A core that is handed to a program ignores the limit of its size, and an undumpable process may be started anew as another user's: so both.
pub fn protect() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let done = setrlimit(Resource::Core, none).and_then(|()| set_dumpable_behavior(DumpableBehavior::NotDumpable));
    if let Err(error) = done {
        tracing::warn!(%error, "the memory of this process may end up in a core dump; forbid dumps where it is started (LimitCORE=0)");
    }
}

/// Whether the memory may end up in a core dump.
pub fn is_dumpable() -> bool {
    let may_be_large = getrlimit(Resource::Core).current != Some(0);
    may_be_large || !matches!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable))
}

/// Raises the number of files that may be open, and answers it.
pub fn open_files() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.unwrap_or(FILES).min(FILES);
    let present = limit.current.unwrap_or(FILES);
    let raised = present < wanted && raise_files(wanted, limit.maximum).is_ok();
    usize::try_from(if raised { wanted } else { present }).unwrap_or(usize::MAX)
}

fn raise_files(wanted: u64, maximum: Option<u64>) -> io::Result<()> {
    setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_the_process_is_not_dumped() {
        protect();
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        assert!(matches!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable)));
        assert!(!is_dumpable());
    }

    #[test]
    fn files_are_as_many_as_the_system_lets_it_have() {
        let files = open_files();
        assert_eq!(getrlimit(Resource::Nofile).current, u64::try_from(files).ok());
        assert_eq!(open_files(), files);
    }
}
