//! `/signals/summary`.

use crate::api::caller::Caller;
use crate::api::json;
use crate::base::error::Fault;
use crate::capture::{self, Desk, refusals};
use crate::http::blocking::blocking;
use crate::http::problem::Problem;
use actix_web::HttpResponse;
use actix_web::web::Data;
use std::collections::BTreeMap;

pub(in crate::api) async fn summary(caller: Caller, desk: Data<Desk>) -> Result<HttpResponse, Problem> {
    let body = blocking(move || {
        let tally = |what: &str| -> Result<BTreeMap<String, u64>, Fault> {
            Ok(caller.org.read(|reader| capture::tally(reader, what))?.into_iter().collect())
        };
        let mut refused: BTreeMap<String, u64> = BTreeMap::new();
        for line in desk.refusals.lines(&caller.org)? {
            if line.reason != refusals::CAPTURED {
                *refused.entry(line.reason).or_default() += line.n;
            }
        }
        Ok::<_, Fault>(serde_json::json!({
            "captured": tally("captured")?,
            "refused": refused,
            "scored": tally("scored")?.values().sum::<u64>(),
            "stopped_locally": tally("stopped_locally")?.values().sum::<u64>(),
            // The only provider there is words patterns inside this process.
            "sent_to_model": 0,
        }))
    })
    .await?;
    Ok(json::ok(&body))
}
