//! Joining by an invitation's link: the one page that a stranger may do something on.

use crate::auth::account::AccountError;
use crate::auth::sign_in::{Desk, Visitor};
use crate::base::clock::Clock;
use crate::http::blocking::blocking;
use crate::http::forms::{Field, Form};
use crate::http::problem::Problem;
use crate::http::{cookies, device, peer};
use crate::members::join::{self, Found, JoinError, Joining, Offer};
use crate::store::Store;
use crate::web::layout::{Answer, Frame, View, see_other};
use crate::web::pages::members::role_title;
use crate::web::pages::sessions::{entered, on_visit};
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use zeroize::Zeroizing;

/// What is offered, and what is asked for.
#[derive(Template)]
#[template(path = "joins/new.html")]
pub struct New {
    pub frame: Frame,
    pub csrf: String,
    pub action: String,
    pub organisation: String,
    pub role: &'static str,
    pub team: String,
    pub name: Field,
    pub email: Field,
    pub password: Field,
    pub refusal: &'static str,
}

const OVER: Problem = Problem::gone("This invitation was used, revoked, or is older than 7 days. Ask whoever sent it for another.");
const OTHER_EMAIL: Problem = Problem::forbidden(
    "This invitation is for another address. Go back, and type the one that it was sent to; or ask for one of your own.",
);
const WRONG_PASSWORD: &str =
    "There is an account of this address already, and this is not its password. Type the password of that account.";
const NO_NAME: &str = "Write the name by which your team knows you.";
/// What is wrong with a new password.
pub const SHORT: &str = "Choose a password of at least 12 characters. A few words that nobody would guess are best.";
pub const LONG: &str = "Choose a shorter password: at most 1,024 bytes.";

/// What is wrong with a new password, in the words of a form.
pub const fn password_complaint(error: &AccountError) -> &'static str {
    match error {
        AccountError::PasswordTooLong => LONG,
        _ => SHORT,
    }
}

/// `GET /join/{token}`.
pub async fn new(req: HttpRequest, view: View, token: Path<String>, (store, clock): (Data<Store>, Data<Clock>)) -> Answer {
    let (offer, fields) = (look(&token, store, &clock).await?, ["name", "email", "password"].map(Field::empty));
    on_visit(&req, StatusCode::OK, |csrf| shown(view, csrf, (&token, offer), fields, ""))
}

/// `POST /join/{token}`.
pub async fn create(
    req: HttpRequest,
    view: View,
    token: Path<String>,
    form: Form,
    (desk, store, clock): (Data<Desk>, Data<Store>, Data<Clock>),
) -> Answer {
    let typed = ["name", "email"].map(|name| form.text(name).to_owned());
    let (network, device) = (peer::network(&req), device::words(&req));
    let (text, main, at_desk, now) = (token.clone(), store.clone(), desk.clone(), clock.now());
    let password = Zeroizing::new(form.raw("password").to_owned());
    let before = cookies::read(&req, cookies::SESSION);
    let joined = blocking(move || {
        let [name, email] = &typed;
        join::join((&main, &at_desk), &text, Joining { name, email, password: &password }, &network, now)?;
        let session = at_desk.sign_in(main.main(), (email, &password), Visitor { network: &network, device: &device }, now).ok();
        Ok::<_, JoinError>(session)
    });
    let fields = || [Field::sent("name", &form), Field::sent("email", &form), Field::empty("password")];
    let (fields, refusal) = match joined.await {
        Ok(Some(session)) => return entered(&store, "/", session, before).await,
        // They are a member; signing in is for them to try.
        Ok(None) => return Ok(see_other("/sign-in")),
        Err(JoinError::NoSuchInvitation) => return Err(Problem::not_found()),
        Err(JoinError::Over) => return Err(OVER),
        Err(JoinError::OtherEmail) => return Err(OTHER_EMAIL),
        Err(JoinError::ComeBack { after_s }) => return Err(Problem::too_often(after_s)),
        Err(JoinError::Account(AccountError::Fault(fault)) | JoinError::Fault(fault)) => return Err(fault.into()),
        Err(JoinError::WrongPassword) => (fields(), WRONG_PASSWORD),
        Err(JoinError::NameMissing) => {
            let [name, email, password] = fields();
            ([name.refused(NO_NAME), email, password], "")
        }
        Err(JoinError::Account(error)) => {
            let [name, email, password] = fields();
            ([name, email, password.refused(password_complaint(&error))], "")
        }
    };
    let offer = look(&token, store, &clock).await?;
    on_visit(&req, StatusCode::UNPROCESSABLE_ENTITY, |csrf| shown(view, csrf, (&token, offer), fields, refusal))
}

async fn look(token: &str, store: Data<Store>, clock: &Clock) -> Result<Offer, Problem> {
    let (token, now) = (token.to_owned(), clock.now());
    match blocking(move || Ok::<_, Problem>(join::look(&store, &token, now)?)).await? {
        Some(Found::Open(offer)) => Ok(offer),
        Some(Found::Over) => Err(OVER),
        None => Err(Problem::not_found()),
    }
}

fn shown(view: View, csrf: String, (token, offer): (&str, Offer), [name, email, password]: [Field; 3], refusal: &'static str) -> New {
    New {
        frame: view.frame(format!("Join {}", offer.organisation)),
        csrf,
        action: format!("/join/{token}"),
        organisation: offer.organisation,
        role: role_title(offer.role),
        team: offer.team.unwrap_or_default(),
        name,
        email,
        password,
        refusal,
    }
}

impl New {
    fn complaints(&self) -> Vec<&Field> {
        [&self.name, &self.email, &self.password].into_iter().filter(|field| field.is_bad()).collect()
    }
}
