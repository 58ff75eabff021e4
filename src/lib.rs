//! SmartRetro: patterns about how a team works, from the signals it agreed to share, for its retrospective.
//!
//! # The house
//!
//! Rule, whole: **a module may import only modules above it in this list.** `tests/tidy` reads these very lines.

// 0 words
pub mod base;
// 1 machinery
pub mod crypto;
pub mod config;
pub mod store;
// 2 trust
pub mod audit;
pub mod auth;
pub mod orgs;
pub mod people;
// 3 listening
pub mod signals;
pub mod connectors;
pub mod prefilter;
pub mod capture;
pub mod detection;
pub mod analysis;
// 4 rooms
pub mod patterns;
pub mod surfacing;
// 5 care
pub mod privacy;
pub mod jobs;
pub mod ops;
// 6 doors kit
pub mod http;
pub mod hooks;
// 7 doors
pub mod web;
pub mod api;
// 8 assembly
pub mod app;
// 9 hands
pub mod cli;
