//! What is read of a generic delivery: an allow-list. A field that is not named here does not become a value, and one that is does so only once its
//! place was found open ([`Later`]); kind and place alone are decoded before.

use crate::base::clock::Instant;
use crate::connectors::json::Later;
use serde::Deserialize;

/// One deploy or incident. What each kind must have is said where it is read ([`super::parse`]).
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Notice<'d> {
    pub(super) kind: Option<Later<'d, String>>,
    pub(super) repository: Option<Later<'d, String>>,
    pub(super) service: Option<Later<'d, String>>,
    pub(super) id: Option<Later<'d, String>>,
    pub(super) state: Option<Later<'d, String>>,
    pub(super) at: Option<Later<'d, Instant>>,
    pub(super) url: Option<Later<'d, String>>,
    pub(super) environment: Option<Later<'d, String>>,
    pub(super) sha: Option<Later<'d, String>>,
    #[serde(rename = "ref")]
    pub(super) reference: Option<Later<'d, String>>,
    pub(super) title: Option<Later<'d, String>>,
    pub(super) deploy: Option<Later<'d, String>>,
}
