//! What every door shares: how a request is numbered, admitted, read and answered.
//!
//! Here async ends: everything below is plain, blocking Rust, reached over the one bridge in [`blocking`].

pub mod limits;
pub mod request_id;
pub mod blocking;
pub mod problem;
pub mod headers;
pub mod origin;
pub mod way_out;
pub mod peer;
pub mod seats;
pub mod patience;
pub mod body;
pub mod cookies;
pub mod csrf;
pub mod forms;
pub mod assets;
pub mod map;
pub mod device;
pub mod refused;
pub mod pace;
pub mod traffic;
