//! Flows against upstreams: every test drives a run from outside, as its callers do.
#![allow(
    clippy::unwrap_used,
    reason = "what a test's surroundings lack must fail it at once"
)]

mod callback;
mod client_certificate;
mod client_key;
mod device_code;
mod dpop;
mod form;
mod form_resend;
mod form_show;
mod graphql_request;
mod js_code;
mod jwt_bearer;
mod logout;
mod ntlm;
mod oauth1;
mod oauth2;
mod oauth2_refresh;
mod passing;
mod refresh;
mod reply;
mod request;
mod secrecy;
mod session;
mod sign_in;
mod sso_token;
mod token_exchange;
mod totp;
mod world;
