//! A secret has no words for people and no form for a wire, and a raw delivery neither.

use smartretro::base::secret::Secret;
use smartretro::connectors::delivery::Delivery;

fn main() {
    let secret = Secret::new("x".to_owned());
    println!("{secret}"); //~ E0277 doesn't implement `std::fmt::Display`
    let _ = serde_json::to_string(&secret); //~ E0277 serde
    let delivery = Delivery::new(Vec::new(), Vec::new());
    println!("{delivery}"); //~ E0277 doesn't implement `std::fmt::Display`
    let _ = serde_json::to_string(&delivery); //~ E0277 serde
    let _ = Delivery::clone(&delivery); //~ E0277 Delivery: Clone
}
