//! A channel is made by its parser alone, which refuses the id of a direct message.

use smartretro::signals::place::{Channel, Repository};

fn main() {
    let _ = Channel("D024BE91L".to_owned()); //~ E0423 private fields
    let _ = Repository("D024BE91L".to_owned()); //~ E0423 private fields
}
