//! Detectors: pure functions of signals and an instant.
