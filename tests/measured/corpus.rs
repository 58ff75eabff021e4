//! The labelled data beside the project.
//!
//! Never a copy of it in here: where it is absent, a measurement prints 'skipped' and ends.

use std::fs;
use std::path::PathBuf;

/// A file of the corpus, or `None` where the corpus is absent.
pub(crate) fn read(file: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(file);
    let text = fs::read_to_string(path).ok();
    if text.is_none() {
        println!("skipped: no ../shared/corpus/{file}");
    }
    text
}
