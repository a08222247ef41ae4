//! The connector definition: types, reading, checking, JSON Schema, conditions, and the states of
//! a credential. Pure: no clock, no randomness, no I/O of its own.
//!
//! # Layout
//! - [`connector`]: the whole definition; start here
//! - [`flow`], [`step`], [`form`], [`oauth1`], [`oauth2`], [`request`], [`extract`]: what a sign-in is made of
//! - [`session`], [`step_up`], [`endpoint`], [`sign_in`], [`origin`]: what a call is made of
//! - [`condition`], [`value_template`]: tests and values over what a run knows
//! - [`credential_state`]: the states of a credential and their transitions
//! - [`read`](mod@read): text in, connector and problems out
//! - `graphql_text`: the operations of a GraphQL text; [`graphql_types`]: against the types that an API tells
//! - [`image`]: an image that a form shows
//! - `mention`: which templates stand where, and so what must be kept
//! - [`in_scope`](mod@in_scope): what a template may name in a place
//! - [`place`]: where something stands in the text, for faults that only a run finds
//! - [`problem`]: what is wrong, where, and what to do
//! - [`said`]: what Stepgate itself says to whoever signs in, by kind; [`words`]: that, or what others say
//! - [`clock`]: the clock and the randomness that others pass in
//! - [`error`]: errors that are no problem of a definition

mod build;
mod check;
pub mod clock;
pub mod code;
pub mod condition;
pub mod connector;
pub mod credential_state;
pub mod duration;
pub mod endpoint;
pub mod error;
pub mod extract;
pub mod flow;
pub mod form;
pub mod graphql;
mod graphql_text;
pub mod graphql_types;
pub mod image;
pub mod in_scope;
pub mod jws;
mod mention;
pub mod oauth1;
pub mod oauth2;
pub mod origin;
mod overrides;
pub mod place;
pub mod problem;
pub mod read;
pub mod reference;
pub mod render;
mod report;
pub mod request;
pub mod said;
pub mod schema;
pub mod session;
mod shape;
pub mod sign_in;
pub mod sso;
pub mod step;
pub mod step_up;
mod text;
pub mod totp;
mod tree;
pub mod value_template;
pub mod words;

pub use clock::{Clock, Random};
pub use code::{Code, Rule};
pub use condition::{Condition, Test, Verdict};
pub use connector::{
    ClientCertificate, ConnectionSettings, Connector, ConnectorKind, Cookies, DoubleSubmit,
    Environment, KeepIn, Location, Owner, RequestParameter, SendAs,
};
pub use credential_state::{
    CLOCKS_DIFFER, CredentialState, Event, StateRecord, passing_wait, transition,
};
pub use duration::parse_duration;
pub use endpoint::{Endpoint, Parameter, ParameterKind, Resend};
pub use error::TransitionError;
pub use extract::{Extract, ExtractKind};
pub use flow::{Flow, Otherwise, RefreshFlow, Renewal, UpdateVariable};
pub use form::{
    Choice, Exhibit, ExhibitKind, Field, FieldKind, FormStep, Misfit, Options, TextRule,
};
pub use graphql::{GraphqlErrors, GraphqlOperation, GraphqlRequestStep};
pub use graphql_types::{GraphqlTypes, TYPES_QUERY};
pub use image::{Image, ImageError, ImageFormat};
pub use in_scope::{InScope, Readable, ReadableKind, Whereabouts, in_scope};
pub use jws::{JwsAlgorithm, KeyEncoding};
pub use oauth1::{OAuth1Client, OAuth1SignIn, OAuth1Step, SignatureMethod};
pub use oauth2::{
    ClientAuth, DeviceCodeStep, ExchangedToken, OAuth2ClientCredentialsStep, OAuth2RefreshStep,
    OAuth2Settings, OAuth2Step, OAuth2TokenExchangeStep, PkceMode, token_type_uri,
};
pub use origin::Origin;
pub use place::{Place, place_of};
pub use problem::{Problem, Severity};
pub use read::{Overrides, Reading, Source, read, read_value, read_with};
pub use reference::reference;
pub use render::render;
pub use report::nearest;
pub use request::{Body, DEFAULT_TIMEOUT, Redirects, Request};
pub use said::Said;
pub use schema::schema;
pub use session::{Life, Session};
pub use sign_in::{
    AssumeRoleSettings, AwsSigV4SignIn, HawkSignIn, HmacAlgorithm, HmacSignIn, NtlmSignIn, SignIn,
    SignatureEncoding,
};
pub use sso::{SsoTokenStep, TokenExchange};
pub use step::{
    ApiRequestStep, BasicStep, CallbackStep, JsCodeStep, JwtBearerStep, NtlmStep, OnFail, Poll,
    Step, StepKind,
};
pub use step_up::StepUp;
pub use totp::{TotpAlgorithm, TotpStep};
pub use value_template::ValueTemplate;
pub use words::Words;
