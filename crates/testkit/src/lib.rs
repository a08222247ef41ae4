//! Development only: upstreams with awkward behaviour, and a fixed clock.
//!
//! Every upstream listens on a free port of 127.0.0.1, runs on a thread of its own (so that it
//! works in blocking tests and in any runtime), and stops when it is dropped. Nothing here
//! depends on another crate of the workspace.
//!
//! ```
//! use testkit::{Received, Reply, Upstream};
//!
//! let upstream = Upstream::start(|request| match request.uri().path() {
//!     "/login" => Reply::json(serde_json::json!({ "name": request.form_value("user") })),
//!     _ => Reply::status(404),
//! });
//! assert!(upstream.url("/login").starts_with("http://127.0.0.1:"));
//! assert!(upstream.requests().is_empty());
//! ```
//!
//! # Layout
//! - [`Upstream`], [`UpstreamBuilder`]: a server that a closure answers for; records requests
//! - [`Reply`]: what it answers, from JSON to endless headers
//! - [`Received`]: reading a recorded request
//! - [`Routes`], [`in_turn`]: a handler put together from paths and replies, in turn or always
//! - [`Gate`]: holds a reply back until a test lets it go
//! - [`Authority`]: a certificate authority made on the spot
//! - [`AuthorizationServer`]: OAuth 2 with PKCE, rotation and replay detection
//! - [`IdentityProvider`]: OpenID Connect, with id_tokens that a test may forge
//! - [`SessionSite`]: a site with a form, a CSRF token, a second factor and a session cookie
//! - [`DpopSite`], [`proof_claims`]: an authorization server and an API whose tokens are bound to a key
//! - [`GraphqlSite`]: a GraphQL API at one address, with errors in replies of status 200
//! - [`NtlmSite`]: a site that NTLM signs connections in to
//! - [`Proxy`]: an HTTP proxy that records what went through it
//! - [`redirect`], [`set_cookie`]: chains of redirects, cookies that should not be kept
//! - [`FixedClock`], [`FixedRandom`]: time and chance that a test decides
#![allow(
    clippy::expect_used,
    reason = "an upstream that cannot start must fail the test, loudly and at once"
)]

mod authority;
mod authorization_server;
mod clock;
mod connection;
mod dpop_site;
mod gate;
mod graphql_site;
mod handler;
mod identity_provider;
mod ntlm_site;
mod proxy;
mod random;
mod received;
pub mod redirect;
mod reply;
mod reply_body;
mod routes;
mod session_site;
pub mod set_cookie;
mod takeover;
mod upstream;

pub use authority::Authority;
pub use authorization_server::{
    AuthorizationServer, AuthorizationServerBuilder, ClientAuth, Pkce, TokenFormat,
};
pub use clock::FixedClock;
pub use dpop_site::{DpopSite, proof_claims};
pub use gate::Gate;
pub use graphql_site::GraphqlSite;
pub use handler::Handler;
pub use identity_provider::{Forgery, IdentityProvider};
pub use ntlm_site::{NtlmRules, NtlmSite};
pub use proxy::Proxy;
pub use random::FixedRandom;
pub use received::Received;
pub use reply::Reply;
pub use routes::{Routes, in_turn};
pub use session_site::SessionSite;
pub use upstream::{Upstream, UpstreamBuilder};
