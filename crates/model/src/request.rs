//! A request as the definition writes it, before any template in it is resolved.

use std::time::Duration;

use indexmap::IndexMap;
use template::Template;

use crate::graphql::GraphqlOperation;
use crate::sign_in::SignIn;
use crate::value_template::ValueTemplate;

/// The time a request may take where the definition says nothing.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// What is sent in a step of a flow, to an endpoint or to the test API.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// `GET`, `POST`, ...; in upper case.
    pub method: String,
    /// The whole address.
    pub url: Template,
    /// Added to the address's own query; a list stands for the key several times.
    pub query: IndexMap<String, ValueTemplate>,
    /// Header name (as written) and value.
    pub headers: IndexMap<String, Template>,
    /// The body.
    pub body: Body,
    /// How long the request may take from the first byte sent to the last one received.
    pub timeout: Duration,
    /// How this request alone is signed; none: unsigned in a flow, the connector's own in a call.
    pub sign_in: Option<SignIn>,
}

/// The body of a request; the variant decides the content type.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// No body.
    None,
    /// `application/json`.
    Json(ValueTemplate),
    /// `application/x-www-form-urlencoded`; a list stands for the key several times.
    Form(IndexMap<String, ValueTemplate>),
    /// `multipart/form-data`, each value a part of text.
    Multipart(IndexMap<String, ValueTemplate>),
    /// `text/plain` unless the headers say otherwise.
    Text(Template),
    /// A GraphQL operation, as `application/json`.
    Graphql(Box<GraphqlOperation>),
}

/// Whether a reply that points elsewhere is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirects {
    /// Goes where the reply points.
    Follow,
    /// Takes the reply as it is.
    Stop,
}
