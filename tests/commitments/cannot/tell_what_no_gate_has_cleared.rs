//! What a team sees went through the gate: a finding cannot call itself cleared.

use smartretro::analysis::finding::Finding;
use smartretro::analysis::gate::cleared::Cleared;

fn tell(finding: Finding) {
    let _ = Cleared(finding); //~ E0423 private fields
}

fn main() {}
