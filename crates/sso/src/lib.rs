//! Single sign-on: who somebody is, as an identity provider or an app's own signed word says.
//!
//! OpenID Connect Core 1.0 by the authorization code with PKCE, over our own dialer, and JSON Web Tokens that an app signs
//! for its users. What a token claims is believed only once its signature, issuer, audience and times have been checked;
//! the arithmetic and the protocol are `openidconnect`'s.
//!
//! # Layout
//! - [`Provider`] (`provider.rs`): an identity provider as an operator names it
//! - [`RelyingParty`] (`relying_party.rs`): signs people in at it, and renews their tokens; begin here
//! - [`Pending`] (`pending.rs`): what a sign-in needs when the browser comes back
//! - `discovery.rs`: the provider's own description and keys, kept for a while
//! - `id_token.rs`: whether an id_token may be believed
//! - [`Assertions`], [`AssertionRules`] (`assertion.rs`): the same for what an app signs
//! - [`Identity`] (`identity.rs`): the result: tokens and claims; the only way from it to bytes
//! - `revocation.rs`: giving tokens back
//! - `http_client.rs`: requests by our own client
//! - [`SsoError`] (`error.rs`)

mod assertion;
mod discovery;
mod error;
mod http_client;
mod id_token;
mod identity;
mod pending;
mod provider;
mod relying_party;
mod revocation;

pub use assertion::{AssertionKeys, AssertionRules, Assertions};
pub use error::SsoError;
pub use identity::Identity;
pub use pending::Pending;
pub use provider::Provider;
pub use relying_party::RelyingParty;
