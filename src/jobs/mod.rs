//! What runs when nobody is watching.
