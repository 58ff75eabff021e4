//! What is read of CDEvents: allow-lists. A field that is not named here does not become a value. Type, version and what names the place are decoded
//! first; all else once its place was found open ([`Later`]).
//!
//! The fields are those of the specification and its conformance examples: `context.version` up to 0.4 is `context.specversion` from 0.5 on,
//! `subject.type` went with 0.5, `context.links` came with 0.4, and `content.url` of runs is `content.uri` since 0.2.
//!
//! Never: descriptions, error texts, tickets' and tests' words, tags, creators, approvers; the customer's own data but for three fields.

use crate::base::clock::Instant;
use crate::connectors::json::{Later, Loose, Object};
use serde::Deserialize;

/// A body: an event itself (CloudEvents' binary mode), or an envelope with an event inside (its structured mode).
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Body<'d> {
    /// Of the envelope, which an event by itself does not have.
    #[serde(rename = "type")]
    pub(super) kind: Option<Later<'d, String>>,
    pub(super) data: Option<Later<'d, Object<Event<'d>>>>,
    pub(super) context: Option<Later<'d, Object<Context<'d>>>>,
    pub(super) subject: Option<Later<'d, Object<Subject<'d>>>>,
    #[serde(rename = "customData")]
    pub(super) custom: Option<Later<'d, Loose<Custom<'d>>>>,
}

/// What stands in an envelope.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Event<'d> {
    pub(super) context: Later<'d, Object<Context<'d>>>,
    pub(super) subject: Later<'d, Object<Subject<'d>>>,
    #[serde(rename = "customData")]
    pub(super) custom: Option<Later<'d, Loose<Custom<'d>>>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Context<'d> {
    pub(super) version: Option<Later<'d, String>>,
    pub(super) specversion: Option<Later<'d, String>>,
    #[serde(rename = "type")]
    pub(super) kind: Later<'d, String>,
    pub(super) id: Option<Later<'d, String>>,
    pub(super) timestamp: Option<Later<'d, Instant>>,
    pub(super) links: Option<Later<'d, Vec<Object<Link<'d>>>>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Link<'d> {
    #[serde(rename = "linkType")]
    pub(super) sort: Option<Later<'d, String>>,
    #[serde(rename = "linkKind")]
    pub(super) kind: Option<Later<'d, String>>,
    pub(super) target: Option<Object<Target<'d>>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Target<'d> {
    #[serde(rename = "contextId")]
    pub(super) context_id: Option<Later<'d, String>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Subject<'d> {
    pub(super) id: Option<Later<'d, String>>,
    pub(super) content: Option<Object<Content<'d>>>,
}

/// The contents of all subjects that are read; each has a few of these.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Content<'d> {
    pub(super) environment: Option<Object<Reference<'d>>>,
    pub(super) service: Option<Object<Reference<'d>>>,
    pub(super) repository: Option<Object<Reference<'d>>>,
    #[serde(rename = "artifactId")]
    pub(super) artifact: Option<Later<'d, String>>,
    #[serde(rename = "pipelineName")]
    pub(super) pipeline: Option<Later<'d, String>>,
    #[serde(rename = "taskName")]
    pub(super) task: Option<Later<'d, String>>,
    pub(super) outcome: Option<Later<'d, String>>,
    pub(super) uri: Option<Later<'d, String>>,
    #[serde(rename = "ticketURI")]
    pub(super) ticket: Option<Later<'d, String>>,
}

/// Another thing that an event speaks of.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Reference<'d> {
    pub(super) id: Option<Later<'d, String>>,
}

/// What CDEvents have no field for, in the one that is the sender's own: the repository that was deployed or run, the commit, and a page of it.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'd"))]
pub(super) struct Custom<'d> {
    pub(super) repository: Option<Later<'d, String>>,
    pub(super) sha: Option<Later<'d, String>>,
    pub(super) url: Option<Later<'d, String>>,
}
