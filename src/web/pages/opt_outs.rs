//! Stepping out. Shows a count, never a person.

use crate::auth::sign_in::Desk;
use crate::base::clock::Clock;
use crate::connectors::connector;
use crate::http::forms::{Field, Form};
use crate::http::problem::Problem;
use crate::people::opt_out;
use crate::privacy::{self, Asked};
use crate::web::admission::At;
use crate::web::format::{self, Moment};
use crate::web::layout::{Answer, Frame, View, page, page_with};
use crate::web::pages::new_connections::{Tool, tools};
use crate::web::pages::patterns::Teams;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

/// How many stepped out, and the form to do so.
#[derive(Template)]
#[template(path = "opt_outs/index.html")]
pub struct Index {
    pub frame: Frame,
    pub csrf: String,
    pub count: String,
    pub count_words: &'static str,
    pub tools: Vec<Tool>,
    pub connector: Field,
    pub handle: Field,
}

/// The receipt for the person.
#[derive(Template)]
#[template(path = "opt_outs/created.html")]
pub struct Created {
    pub frame: Frame,
    pub receipt: String,
    pub at: Moment,
}

/// `GET /opt-outs`.
pub async fn index(at: At, view: View) -> Answer {
    page(&shown(&at, view, "", [Field::empty("connector"), Field::empty("handle")]).await?)
}

/// `POST /opt-outs`. Answers the page itself: the receipt is shown once.
pub async fn create(at: At, view: View, form: Form, (desk, clock): (Data<Desk>, Data<Clock>)) -> Answer {
    let tool = connector(form.text("connector"));
    let Some(asked) = tool.and_then(|tool| Asked::parse(tool, form.text("handle"))) else {
        let (chosen, written) = (Field::sent("connector", &form), Field::sent("handle", &form));
        let fields = match tool {
            None => [chosen.refused("Choose one of the tools."), written],
            Some(tool) => [chosen, written.refused(tool.account_hint())],
        };
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown(&at, view, form.text("connector"), fields).await?);
    };
    let now = clock.now();
    desk.may_step_out(&at.principal, now).map_err(Problem::too_often)?;
    let receipt = at.blocking(move |org| privacy::step_out(org, asked, now)).await?;
    let zone = at.blocking(Teams::of).await?.common_zone();
    let created = Created { frame: view.frame("Stepped out"), receipt: receipt.reveal().clone(), at: format::moment(now, &zone) };
    page_with(StatusCode::CREATED, &created)
}

async fn shown(at: &At, view: View, chosen: &str, [connector, handle]: [Field; 2]) -> Result<Index, Problem> {
    let count = at.blocking(|org| org.read(|reader| opt_out::count(reader))).await?;
    Ok(Index {
        frame: view.frame("Stepping out"),
        csrf: at.form_token.to_string(),
        count: format::grouped(count),
        count_words: if count == 1 { "request to step out so far" } else { "requests to step out so far" },
        tools: tools(chosen),
        connector,
        handle,
    })
}

impl Index {
    fn complaints(&self) -> Vec<&Field> {
        [&self.connector, &self.handle].into_iter().filter(|field| field.is_bad()).collect()
    }
}
