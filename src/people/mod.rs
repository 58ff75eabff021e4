//! Who a handle belongs to, and what they asked of us.
