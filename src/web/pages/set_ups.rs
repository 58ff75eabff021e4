//! Setting the appliance up: three questions behind the link that its log names.

use crate::auth::account::AccountError;
use crate::auth::sign_in::Visitor;
use crate::base::error::{Code, Fault};
use crate::http::blocking::blocking;
use crate::http::forms::{Field, Form};
use crate::http::problem::Problem;
use crate::http::{cookies, device, peer};
use crate::ops::set_up::{Answers, SetUp, SetUpError};
use crate::web::admission::local_path;
use crate::web::layout::{Answer, Frame, View, see_other};
use crate::web::pages::joins::password_complaint;
use crate::web::pages::sessions::{on_visit, with_cookie};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use std::time::Duration;
use zeroize::Zeroizing;

/// The three questions.
#[derive(Template)]
#[template(path = "set_ups/new.html")]
pub struct New {
    pub frame: Frame,
    pub csrf: String,
    pub action: String,
    pub organisation: Field,
    pub email: Field,
    pub password: Field,
}

/// Ends the server of the set-up: the appliance takes its place.
pub struct Finish(pub Box<dyn Fn() + Send + Sync>);

/// How long whoever comes between the two servers is held before they are told to ask again: longer than the change takes.
const CHANGE_TIME: Duration = Duration::from_millis(500);
const OVER: Problem = Problem::gone("This link is more than 30 minutes old. Start the appliance again: its log then names a new one.");
const BAD_PLACE: Problem = Problem::new(
    StatusCode::INTERNAL_SERVER_ERROR,
    "The data directory or the file of the master key cannot be made where they should lie. The log says why. Nothing was made.",
);
const NO_NAME: &str = "Write what your organisation is called.";
const NO_EMAIL: &str = "Write the address you will sign in with, such as ana@example.org.";

/// `GET /set-up/{token}`.
pub async fn new(req: HttpRequest, view: View, token: Path<String>, set_up: Data<SetUp>) -> Answer {
    let (link, network) = (token.clone(), peer::network(&req));
    blocking(move || set_up.admit(&link, &network)).await.map_err(problem)?;
    let fields = ["organisation", "email", "password"].map(Field::empty);
    on_visit(&req, StatusCode::OK, |csrf| shown(view, csrf, &token, fields))
}

/// `POST /set-up/{token}`. Leads to what is left to do, signed in.
pub async fn create(
    req: HttpRequest,
    view: View,
    token: Path<String>,
    form: Form,
    (set_up, finish): (Data<SetUp>, Data<Finish>),
) -> Answer {
    let typed = ["organisation", "email"].map(|name| form.text(name).to_owned());
    let password = Zeroizing::new(form.raw("password").to_owned());
    let (link, network, device) = (token.clone(), peer::network(&req), device::words(&req));
    let made = blocking(move || {
        let [organisation, email] = &typed;
        let answers = Answers { organisation, email, password: &password };
        set_up.found(&link, answers, Visitor { network: &network, device: &device })
    });
    let fields = || [Field::sent("organisation", &form), Field::sent("email", &form), Field::empty("password")];
    let fields = match made.await {
        Ok(session) => {
            (finish.0)();
            let mut next = see_other("/checklist");
            // The server that gives this answer is about to go.
            next.head_mut().set_connection_type(actix_web::http::ConnectionType::Close);
            let next = with_cookie(next, &cookies::cookie(cookies::SESSION, session.reveal().to_owned()))?;
            return with_cookie(next, &cookies::removal(cookies::VISIT));
        }
        Err(SetUpError::OrganisationMissing) => {
            let [organisation, email, password] = fields();
            [organisation.refused(NO_NAME), email, password]
        }
        Err(SetUpError::NoEmail) => {
            let [organisation, email, password] = fields();
            [organisation, email.refused(NO_EMAIL), password]
        }
        Err(SetUpError::Account(error @ (AccountError::PasswordTooShort | AccountError::PasswordTooLong))) => {
            let [organisation, email, password] = fields();
            [organisation, email, password.refused(password_complaint(&error))]
        }
        Err(error) => return Err(problem(error)),
    };
    on_visit(&req, StatusCode::UNPROCESSABLE_ENTITY, |csrf| shown(view, csrf, &token, fields))
}

/// Whatever else is asked for. Nothing is there before the set-up; once it is done, the appliance will answer in a moment.
pub async fn elsewhere(req: HttpRequest, set_up: Data<SetUp>) -> Answer {
    if !blocking(move || Ok::<_, Problem>(set_up.is_done())).await? {
        return Err(Problem::not_found());
    }
    actix_web::rt::time::sleep(CHANGE_TIME).await;
    let mut again: HttpResponse = see_other(local_path(req.path()).unwrap_or("/"));
    again.head_mut().set_connection_type(actix_web::http::ConnectionType::Close);
    Ok(again)
}

fn problem(error: SetUpError) -> Problem {
    match error {
        SetUpError::NoSuchLink => Problem::not_found(),
        SetUpError::LinkOver => OVER,
        SetUpError::ComeBack { after_s } => Problem::too_often(after_s),
        SetUpError::Place(words) => {
            tracing::error!("{words}");
            BAD_PLACE
        }
        SetUpError::Account(AccountError::Fault(fault)) | SetUpError::Fault(fault) => fault.into(),
        SetUpError::Account(_) | SetUpError::OrganisationMissing | SetUpError::NoEmail => {
            Fault::new(Code::Internal, "A set-up was refused without words").into()
        }
    }
}

fn shown(view: View, csrf: String, token: &str, [organisation, email, password]: [Field; 3]) -> New {
    New { frame: view.frame("Set up"), csrf, action: format!("/set-up/{token}"), organisation, email, password }
}

impl New {
    fn complaints(&self) -> Vec<&Field> {
        [&self.organisation, &self.email, &self.password].into_iter().filter(|field| field.is_bad()).collect()
    }
}
