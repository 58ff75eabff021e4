//! The console: pages for people.
//!
//! One file of [`pages`] per noun, each beside a folder of `templates/`. A handler is a sentence: the role is in
//! [`routes`], the rule in the room it calls, the words in the view struct, their place in the template. Every page works
//! without JavaScript.

pub mod admission;
pub mod chart;
pub mod files;
pub mod format;
pub mod layout;
pub mod pages;
pub mod proof;
pub mod routes;
pub mod set_up;
pub mod words;

#[cfg(test)]
mod gallery;
#[cfg(test)]
mod tests;
