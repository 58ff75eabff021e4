//! What stands around each page: title, navigation, the sandbox's banner.

use crate::web::files::Links;

/// The parts of a page that every template places.
#[derive(Clone, Debug)]
pub struct Frame {
    pub title: String,
    pub nonce: String,
    pub links: Links,
    pub is_sandbox: bool,
    /// What only a signed-in member sees.
    pub chrome: Option<Chrome>,
}

/// Navigation and who is signed in.
#[derive(Clone, Debug)]
pub struct Chrome {
    pub org: String,
    pub member: String,
    pub csrf: String,
    pub nav: Vec<NavLink>,
}

/// One entry of the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavLink {
    pub href: &'static str,
    pub label: &'static str,
    pub is_current: bool,
}
