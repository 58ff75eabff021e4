//! Making it, and keeping it alive: the first installation, health, logs, memory, metrics, and a doctor.

pub mod doctor;
pub mod founding;
pub mod health;
pub mod log;
pub mod metrics;
pub mod process;
pub mod set_up;
pub mod traces;
