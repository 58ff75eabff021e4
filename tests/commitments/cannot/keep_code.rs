//! A change has a title, times and states; a body, a diff or a patch has no field to be kept in.

use smartretro::signals::Change;

fn keep(change: &Change) {
    let _ = &change.body; //~ E0609 no field `body`
    let _ = &change.diff; //~ E0609 no field `diff`
    let _ = &change.patch; //~ E0609 no field `patch`
    let _ = &change.files; //~ E0609 no field `files`
}

fn main() {}
