//! Keeping it alive: health, logs, memory.

pub mod health;
pub mod log;
pub mod process;
