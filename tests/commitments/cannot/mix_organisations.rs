//! A function that is given one organisation's file cannot be given the installation's, nor a bare connection.

use smartretro::orgs::organisation;
use smartretro::store::MainDb;

fn name(main: &MainDb, number: u64) {
    let _ = organisation::name(main); //~ E0308 expected `&OrgDb`, found `&MainDb`
    let _ = organisation::name(&number); //~ E0308 expected `&OrgDb`, found `&u64`
}

fn main() {}
