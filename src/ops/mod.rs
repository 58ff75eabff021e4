//! Making it, and keeping it alive: the first installation, health, logs, memory.

pub mod founding;
pub mod health;
pub mod log;
pub mod process;
pub mod set_up;
pub mod traces;
