//! The flow run: resumable data and the runner that advances it.
//!
//! One runner takes the steps of every flow: signing in, renewing, signing out. Where a person
//! is needed it stops, and all that it knows is in the [`Run`], which can be sealed and go on
//! elsewhere. A [`Credential`] comes into being only at the end, so a run that fails changes
//! nothing.
//!
//! # Layout
//! - [`Run`] (`run.rs`): the run as data, what makes it go on and where it stands; begin here
//! - `runner.rs`: takes one step after the other; `setback.rs`: when one fails; `ending.rs`:
//!   when all are taken
//! - `step/`: one file for each step kind; `oauth/`: what those of OAuth 2 share
//! - `jose/`: JSON Web Signatures
//! - `judge.rs`, `exchange.rs`: a step's conditions and extracts, its request and reply
//! - [`build_request`] (`request.rs`, `multipart.rs`, `value.rs`), `destination.rs`: from a
//!   definition's request to one that can be sent, and where it may go
//! - `oauth1.rs`: OAuth 1.0a beneath its step
//! - [`signing`] (`signing.rs`): from a sign-in type to what signs each hop
//! - [`CallScope`] (`scope.rs`): everything that a template may name
//! - [`client_certificate`] (`client_certificate.rs`): what a client proves itself by while it connects
//! - `graphql.rs`: the body of an operation, and the errors of a reply
//! - [`parse_body`] (`body.rs`), `extract.rs`: reading replies
//! - [`Prompt`], [`Open`], [`Show`] (`prompt.rs`), [`qr_text`] (`qr.rs`), [`Answers`] (`answers.rs`), `field.rs`, `stored.rs`,
//!   `exhibit.rs`, `resend.rs`, `redirect_back.rs`: what passes between a run and a person
//! - [`Credential`] (`credential.rs`), [`Outputs`] (`outputs.rs`), `expiry.rs`: the result
//! - [`PackedCredential`] (`packed.rs`): a credential while nobody reads it
//! - [`seal_run`], [`seal_credential`] (`seal.rs`): the only way from these to bytes
//! - [`revoke`] (`oauth/revoke.rs`): gives the tokens of a credential back
//! - [`DoubleSubmit`] (`double_submit.rs`): the cookie that goes along twice
//! - `totp.rs`, [`ClockDifference`] (`drift.rs`): one-time passwords, and the API's time that they and signatures are made
//!   for
//! - [`Event`] (`timeline.rs`), `learned.rs`: what a run tells, and which values are secret; [`Shown`] (`shown.rs`): how
//!   they are shown; [`Watched`] (`watched.rs`): what goes over the wire
//! - `spoiled.rs`: a credential that an API refuses, for tests
//! - [`Failure`] (`failure.rs`), [`SealError`] (`error.rs`)

mod answers;
mod body;
mod client_certificate;
mod credential;
mod destination;
mod double_submit;
mod drift;
mod ending;
mod engine;
mod error;
mod exchange;
mod exhibit;
mod expiry;
mod extract;
mod failure;
mod field;
mod graphql;
mod jose;
mod judge;
mod learned;
mod multipart;
mod oauth;
mod oauth1;
mod outputs;
mod packed;
mod prompt;
mod qr;
mod redirect_back;
mod request;
mod resend;
mod run;
mod runner;
mod scope;
mod seal;
mod setback;
mod shown;
mod signing;
mod spoiled;
mod step;
mod stored;
mod timeline;
mod totp;
mod value;
mod watched;

pub use answers::{Answers, Source};
pub use body::{BodyKind, body_kind, body_text, content_type_parameter, parse_body};
pub use client_certificate::client_certificate;
pub use credential::Credential;
pub use destination::DestinationError;
pub use double_submit::DoubleSubmit;
pub use drift::ClockDifference;
pub use engine::{Context, Engine, Secrets};
pub use error::SealError;
pub use exchange::headers_value;
pub use failure::{Failure, FailureKind};
pub use learned::learn_credential;
pub use oauth::{Revocation, revoke};
pub use outputs::Outputs;
pub use packed::PackedCredential;
pub use prompt::{Exhibited, Open, Prompt, PromptChoice, PromptExhibit, PromptField, Show};
pub use qr::{qr_svg, qr_text};
pub use request::{BuildError, authorization, build_request};
pub use run::{FlowKind, Input, Progress, Run};
pub use scope::CallScope;
pub use seal::{open_credential, open_run, seal_credential, seal_run};
pub use shown::{Shown, masked_of_length};
pub use signing::{bound_token_signing, signing};
pub use timeline::{Event, Exchange, Kept, Observer, Silent};
pub use value::resolve_value;
pub use watched::{SeenHop, Watched};
