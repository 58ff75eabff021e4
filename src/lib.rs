//! SmartRetro: patterns about how a team works, from the signals it agreed to share, for its retrospective.
//!
//! # The way of a delivery
//!
//! 1. [`hooks`] takes the bytes of a webhook, bounded, and finds its connection.
//! 2. [`connectors`] checks the signature on those bytes and peeks at kind and place; a direct message, a diff or a place
//!    that is none ends here. Nothing has been written anywhere.
//! 3. [`capture`] asks for consent (is the source switched on, did its author step out), cuts code, logs, secrets and names
//!    out of the text, has it scored by [`prefilter`], and stores a [`signals::Signal`] in one durable commit of [`store`].
//!    Only then the sender is answered. Whatever is refused leaves a count and its reason.
//! 4. On a working day's look, [`jobs`] shows each team's signals to the detectors of [`detection`], pure functions that
//!    know no person. What they find is worded in [`analysis`], and its gate alone makes a [`analysis::gate::cleared::Cleared`] of it.
//! 5. [`patterns`] keeps it with every source, for the team alone, until a person decides.
//! 6. [`surfacing`] finds the words that go where people read them; today, the notice that a source is listened to.
//! 7. [`web`] and [`api`] show it; [`auth`] says to whom, and [`audit`] writes down what they change.
//!
//! # The house
//!
//! Rule, whole: **a module may import only modules above it in this list.** `tests/tidy` reads these very lines, and these
//! walls beside them:
//!
//! | what | only in |
//! |---|---|
//! | SQL | `store`, a folder's own `sql.rs`, `migrations/` |
//! | sockets, `async` | [`http`], [`hooks`], [`web`], [`api`], [`app`] |
//! | the wall clock | [`base::clock`] |
//! | randomness, ciphers | [`crypto`] |
//! | the environment | [`config`] |
//! | templates | [`web`] |
//!
//! # Where to add
//!
//! | a new | goes to |
//! |---|---|
//! | tool | a folder in `connectors/` and a line in [`connectors::CONNECTORS`]; the conformance kit says what is missing |
//! | detector | a file in `detection/` and a line in [`detection::DETECTORS`], its words in [`analysis::provider`] |
//! | page | a file in `web/pages/`, a folder in `templates/`, a line in `web/routes.rs` |
//! | route for machines | a file in `api/v1/` and a line in its `routes.rs` |
//! | table | a numbered file in `migrations/`, read and written by the `sql.rs` of the room that owns it |
//! | command | a file in `cli/` |

// 0 words
pub mod base;
// 1 machinery
pub mod crypto;
pub mod config;
pub mod store;
// 2 trust
pub mod audit;
pub mod auth;
pub mod orgs;
pub mod members;
pub mod people;
// 3 listening
pub mod signals;
pub mod connectors;
pub mod prefilter;
pub mod capture;
pub mod detection;
pub mod analysis;
// 4 rooms
pub mod patterns;
pub mod surfacing;
// 5 care
pub mod privacy;
pub mod jobs;
pub mod ops;
// 6 doors kit
pub mod http;
pub mod hooks;
// 7 doors
pub mod web;
pub mod api;
// 8 assembly
pub mod app;
// 9 hands
pub mod cli;
