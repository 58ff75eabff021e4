//! What stands around each page: title, navigation, the sandbox's banner.

use crate::auth::Scope;
use crate::base::error::{Code, Fault};
use crate::http::headers::Nonce;
use crate::http::problem::Problem;
use crate::store::Store;
use crate::web::admission::At;
use crate::web::files::{Files, Links};
use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};
use askama::Template;
use std::future::{Ready, ready};

/// What a handler of the console answers.
pub type Answer = Result<HttpResponse, Problem>;

/// The entries of the navigation, with the right that each needs, if it needs one.
const NAV: [(&str, &str, Option<Scope>); 6] = [
    ("/patterns", "Patterns", Some(Scope::ReadPatterns)),
    ("/connections", "Connections", Some(Scope::ReadConnections)),
    ("/teams", "Teams", Some(Scope::ReadTeams)),
    ("/members", "Members", Some(Scope::ReadMembers)),
    ("/opt-outs", "Stepping out", Some(Scope::StepOut)),
    ("/trust", "Trust", None),
];

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

/// What a page has room for before it has to be moved: more than most need.
const PAGE_BYTES: usize = 64 * 1024;

/// What is known of the page before its content is.
pub struct View(Frame);

impl View {
    /// The frame of a page with this title.
    pub fn frame(self, title: impl Into<String>) -> Frame {
        Frame { title: title.into(), ..self.0 }
    }

    /// The view of a request, signed in or not.
    pub fn of(req: &HttpRequest) -> Result<Self, Problem> {
        let extensions = req.extensions();
        let (Some(nonce), Some(files)) = (extensions.get::<Nonce>(), req.app_data::<Data<Files>>()) else {
            return Err(Fault::new(Code::Internal, "A page was mounted outside the console").into());
        };
        let chrome = extensions.get::<At>().map(|at| chrome(at, req.path()));
        let is_sandbox = req.app_data::<Data<Store>>().is_some_and(|store| store.sandbox());
        Ok(Self(Frame { title: String::new(), nonce: nonce.to_string(), links: files.links(), is_sandbox, chrome }))
    }
}

impl FromRequest for View {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req))
    }
}

fn chrome(at: &At, path: &str) -> Chrome {
    let is_current = |href: &str| path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let nav = NAV.into_iter().filter(|(.., scope)| scope.is_none_or(|scope| at.may(scope)));
    Chrome {
        org: at.org_name.clone(),
        member: at.member_name.clone(),
        csrf: at.form_token.to_string(),
        nav: nav.map(|(href, label, _)| NavLink { href, label, is_current: is_current(href) }).collect(),
    }
}

/// A page that was asked for.
pub fn page(template: &impl Template) -> Answer {
    page_with(StatusCode::OK, template)
}

/// A page with a status of its own: a form that is shown again, a thing that was made.
pub fn page_with(status: StatusCode, template: &impl Template) -> Answer {
    let mut body = String::with_capacity(PAGE_BYTES);
    template.render_into(&mut body).map_err(|error| Fault::new(Code::Internal, "A page could not be put together").because(error))?;
    Ok(HttpResponse::build(status).insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8")).body(body))
}

/// Sends the browser on with a GET, so that a reload repeats nothing.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, path)).finish()
}
