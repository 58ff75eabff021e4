//! What is stored went through the redactor: nothing else makes a `Redacted`, and a `Redacted` lets no text be put back.

use smartretro::capture::redact::gate::Redacted;
use smartretro::signals::Event;

fn put_back(redacted: &mut Redacted, raw: Event) {
    redacted.event = raw; //~ E0616 private
}

fn main() {}
