//! The composition root: builds everything once and hands it down.
