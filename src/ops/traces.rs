//! What a command has made before it failed, and how it is taken away again.

use std::fs;
use std::path::{Path, PathBuf};

/// What was made so far. Unless it is kept, it is removed: half an installation would only be in the way of the next try.
#[derive(Debug, Default)]
pub struct Traces(Vec<Trace>);

#[derive(Debug)]
enum Trace {
    File(PathBuf),
    Directory(PathBuf),
    /// What lies in a directory that was there, and empty.
    Contents(PathBuf),
}

impl Traces {
    /// A file that was not there before.
    pub fn file(&mut self, path: &Path) {
        self.0.push(Trace::File(path.to_owned()));
    }

    /// A directory whose whole content was made just now, and maybe the directory itself.
    pub fn directory(&mut self, path: &Path, was_there: bool) {
        self.0.push(if was_there { Trace::Contents(path.to_owned()) } else { Trace::Directory(path.to_owned()) });
    }

    /// All is well: what was made stays.
    pub fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for Traces {
    /// What cannot be removed stays: the error that led here is the one to tell.
    fn drop(&mut self) {
        for trace in self.0.drain(..).rev() {
            match trace {
                Trace::File(path) => drop(fs::remove_file(path)),
                Trace::Directory(path) => drop(fs::remove_dir_all(path)),
                Trace::Contents(path) => empty(&path),
            }
        }
    }
}

fn empty(directory: &Path) {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        drop(if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) });
    }
}
