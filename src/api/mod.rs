//! JSON for machines; the same domain calls as the console.
