//! What `--fix` does: takes away rights that nobody but the owner should have. Nothing else is safe to do unasked.
//!
//! Never follows a link, never gives a right, never touches what belongs to another user.

use super::facts::{Entry, EntryKind, Facts};
use super::place::{OTHERS, OTHERS_WRITE};
use std::fs::{self, Permissions};
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
    // Another thing may stand there by now.
    let meta = fs::symlink_metadata(&entry.path).ok().filter(|meta| !meta.is_symlink() && meta.uid() == entry.owner)?;
    let mode = meta.mode() & 0o7777 & !rights;
    let done = fs::set_permissions(&entry.path, Permissions::from_mode(mode));
    let path = entry.path.display();
    Some(match done {
        Ok(()) => format!("{path}: mode {:04o} became {mode:04o}", entry.mode),
        Err(error) => format!("{path}: its mode could not be changed ({error})"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
