//! The key to an administrative table comes with the audit leaf of the act, and from nowhere else.

use smartretro::audit::Audited;
use smartretro::store::Tx;

fn act<'tx>(tx: &'tx Tx<'tx>) {
    let _ = Audited(tx); //~ E0423 private fields
}

fn main() {}
