//! The map of a door: each route with what it asks of whoever comes.
//!
//! No route is mounted without a [`Gate`], and the table of who may do what is read off the very rows that are mounted.

use crate::auth::{Role, Scope};
use actix_web::web;
use actix_web::{FromRequest, Handler, Responder, Route};
use std::borrow::Cow;

/// What a route asks of whoever comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// It answers anybody.
    Open,
    /// Somebody of this organisation, whatever their role.
    SignedIn,
    /// A role that allows this; and where a token is used, a token that does too.
    Needs(Scope),
}

impl Gate {
    /// Whether somebody of this role passes.
    pub const fn admits(self, role: Role) -> bool {
        match self {
            Self::Open | Self::SignedIn => true,
            Self::Needs(scope) => role.allows(scope),
        }
    }
}

/// One line of the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub method: &'static str,
    pub path: Cow<'static, str>,
    pub gate: Gate,
}

/// A method with the handler that answers it.
pub struct Call {
    method: &'static str,
    route: Route,
}

macro_rules! call {
    ($verb:ident, $method:literal) => {
        #[doc = concat!("What answers `", $method, "`.")]
        pub fn $verb<F, Args>(handler: F) -> Call
        where
            F: Handler<Args>,
            Args: FromRequest + 'static,
            F::Output: Responder + 'static,
        {
            Call { method: $method, route: web::$verb().to(handler) }
        }
    };
}

call!(get, "GET");
call!(post, "POST");
call!(put, "PUT");
call!(delete, "DELETE");

/// Every route of a door, in the order in which they are tried.
#[derive(Default)]
pub struct Map(Vec<(Row, Route)>);

impl Map {
    /// The map with one more route.
    #[must_use]
    pub fn route(mut self, path: &'static str, gate: Gate, call: Call) -> Self {
        self.0.push((Row { method: call.method, path: Cow::Borrowed(path), gate }, call.route));
        self
    }

    /// The rows alone, as seen from outside: each path after that of the door.
    pub fn rows(self, door: &str) -> Vec<Row> {
        self.0.into_iter().map(|(row, _)| Row { path: Cow::Owned(format!("{door}{}", row.path)), ..row }).collect()
    }
}

impl IntoIterator for Map {
    type Item = (Row, Route);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
