//! Where deliveries come in.
