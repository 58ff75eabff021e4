//! Proving who is at the keyboard.
//!
//! Accounts and sessions live in `main.db`; roles and API tokens in the organisation's own file.

pub mod account;
pub mod allowance;
pub mod api_token;
pub mod human;
pub mod principal;
pub mod profile;
pub mod refusal;
pub mod roles;
pub mod session;
pub mod sign_in;
pub mod throttle;
mod ledger;
mod sql;

pub use human::Human;
pub use principal::{Principal, Role, Scope};
