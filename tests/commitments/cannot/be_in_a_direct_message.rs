//! A signal lies in a channel or a repository: there is no place that is a conversation between people.

use smartretro::signals::place::Place;

fn main() {
    let _ = Place::Direct("D024BE91L".to_owned()); //~ E0599 no variant
    let _ = Place::Group("G024BE91L".to_owned()); //~ E0599 no variant
}
