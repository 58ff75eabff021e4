//! What the environments are called that are production: a form on the page of connections.

use crate::base::clock::Clock;
use crate::base::error::Fault;
use crate::capture::Desk;
use crate::detection::history;
use crate::http::forms::{Field, Form};
use crate::orgs::production::{self, BETWEEN, Names};
use crate::store::OrgDb;
use crate::web::admission::At;
use crate::web::layout::{Answer, View, page_with, see_other};
use crate::web::pages::connections::shown_all;
use actix_web::http::StatusCode;
use actix_web::web::Data;

const NO_NAMES: &str = "Name 1 to 20 environments, each in at most 100 plain letters, digits and signs, with commas between them.";

/// The field as it stands: the names that were given, else those that hold by themselves.
pub fn field(org: &OrgDb) -> Result<Field, Fault> {
    let given = org.read(|reader| production::names(reader))?;
    let value = given.map_or_else(|| history::PRODUCTION.join(", "), |given| given.line());
    Ok(Field { value, ..Field::empty("environments") })
}

/// `POST /connections/production`.
pub async fn update(at: At, view: View, form: Form, (desk, clock): (Data<Desk>, Data<Clock>)) -> Answer {
    let typed: Vec<&str> = form.text("environments").split(BETWEEN).map(str::trim).filter(|name| !name.is_empty()).collect();
    let Some(names) = Names::parse(&typed) else {
        let wrong = Field::sent("environments", &form).refused(NO_NAMES);
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown_all(&at, view, (desk, clock), Some(wrong)).await?);
    };
    let (actor, now) = (at.principal.actor(), clock.now());
    at.blocking(move |org| production::give(org, names, actor, now)).await?;
    Ok(see_other("/connections"))
}
