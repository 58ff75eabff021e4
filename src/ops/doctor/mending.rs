//! What `--fix` does: takes away rights that nobody but the owner should have. Nothing else is safe to do unasked.
//!
//! Never follows a link, never gives a right, never touches what has another owner by now than when it was looked at.

use super::facts::{Entry, EntryKind, Facts};
use super::place::{OTHERS, OTHERS_WRITE};
use rustix::fs::{Mode, OFlags};
use std::fs::{self, File, Permissions};
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

/// Mends what may be mended, and answers a line for each thing that was.
pub fn mend(facts: &Facts) -> Vec<String> {
    let below = facts.data.root.iter().chain(&facts.data.entries).map(|entry| (entry, OTHERS));
    let key = facts.key.entry.iter().map(|entry| (entry, OTHERS));
    let configuration = facts.configuration.file.iter().map(|entry| (entry, OTHERS_WRITE));
    below.chain(key).chain(configuration).filter_map(|(entry, rights)| take_away(entry, rights)).collect()
}

fn take_away(entry: &Entry, rights: u32) -> Option<String> {
    if entry.kind == EntryKind::Link || entry.mode & rights == 0 {
        return None;
    }
    let (file, mode) = hold(entry)?;
    let mode = mode & !rights;
    let done = set_mode(&file, mode);
    let path = entry.path.display();
    Some(match done {
        Ok(()) => format!("{path}: mode {:04o} became {mode:04o}", entry.mode),
        Err(error) => format!("{path}: its mode could not be changed ({error})"),
    })
}

/// The thing itself with its mode, held: whatever others put in its place meanwhile, in a directory that they may write to, is another.
fn hold(entry: &Entry) -> Option<(File, u32)> {
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(&entry.path, flags, Mode::empty()).ok()?);
    let meta = file.metadata().ok().filter(|meta| !meta.is_symlink() && meta.uid() == entry.owner)?;
    Some((file, meta.mode() & 0o7777))
}

/// Through the name that the kernel gives to what is held (proc(5)): its path may lead elsewhere by now.
fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    fs::set_permissions(format!("/proc/self/fd/{}", file.as_raw_fd()), Permissions::from_mode(mode))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_the_place_of_a_file_meanwhile_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (file, aside, victim) = (folder.path().join("file"), folder.path().join("aside"), folder.path().join("victim"));
        for path in [&file, &victim] {
            fs::write(path, "x").unwrap();
            fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
        }
        let owner = fs::metadata(&file).unwrap().uid();
        let entry = Entry { path: file.clone(), mode: 0o644, owner, device: 0, kind: EntryKind::File };
        let (held, mode) = hold(&entry).unwrap();
        fs::rename(&file, &aside).unwrap();
        std::os::unix::fs::symlink(&victim, &file).unwrap();
        set_mode(&held, mode & !OTHERS).unwrap();
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().mode() & 0o7777;
        assert_eq!((mode(&aside), mode(&victim)), (0o600, 0o644));
    }

    #[test]
    fn rights_are_taken_and_never_given_and_links_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "x").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let owner = fs::metadata(&file).unwrap().uid();
        let entry = |path: &std::path::Path, mode, kind| Entry { path: path.to_owned(), mode, owner, device: 0, kind };
        let mode = || fs::metadata(&file).unwrap().mode() & 0o7777;
        fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        assert_eq!(take_away(&entry(&link, 0o777, EntryKind::Link), OTHERS), None);
        assert_eq!(take_away(&entry(&link, 0o777, EntryKind::File), OTHERS), None, "a link that came in between");
        assert_eq!(mode(), 0o644);
        assert!(take_away(&entry(&file, 0o644, EntryKind::File), OTHERS).unwrap().ends_with("mode 0644 became 0600"));
        fs::set_permissions(&file, Permissions::from_mode(0o464)).unwrap();
        assert!(take_away(&entry(&file, 0o464, EntryKind::File), OTHERS_WRITE).is_some());
        assert_eq!(mode(), 0o444);
    }
}
