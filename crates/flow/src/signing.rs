//! From a sign-in type to what signs each hop of a request: its templates resolved, its keys read.
//!
//! # Layout
//! - [`signing`]: the one way in; one file for each type that needs more than a few lines
//! - `signing/ntlm.rs`: an account for NTLM
//! - `signing/oauth1.rs`: OAuth 1.0a, for its step too
//! - [`bound_token_signing`] (`signing/dpop.rs`): proofs for tokens that are bound to a key, whatever the sign-in type
//! - `signing/aws_sigv4.rs`, `signing/hawk.rs`: the schemes of these names
//! - `signing/hmac.rs`, `signing/facts.rs`: a signature that the definition declares, and what its templates see

mod aws_sigv4;
pub(crate) mod dpop;
mod facts;
mod hawk;
mod hmac;
mod ntlm;
mod oauth1;

use model::SignIn;
use outbound::{Digest, Fresh, Signer, Signing};
use secret::SecretString;
use template::{Place, Template};

use crate::engine::Engine;
use crate::request::BuildError;
use crate::scope::CallScope;

pub use dpop::bound_token_signing;
pub(crate) use oauth1::signs;

/// What signs each hop of a request by this sign-in type; none for those that are a header which stays the same.
///
/// # Errors
/// A template that cannot be resolved, or a key that cannot be read.
pub fn signing(sign_in: &SignIn, scope: &CallScope<'_>) -> Result<Option<Signing>, BuildError> {
    let signer = match sign_in {
        SignIn::None | SignIn::Basic { .. } | SignIn::Bearer { .. } => return Ok(None),
        SignIn::Ntlm(settings) => Signer::Ntlm(ntlm::ntlm(settings, scope)?),
        SignIn::Digest { username, password } => Signer::Digest(Digest {
            username: text(username, scope)?,
            password: SecretString::new(text(password, scope)?),
        }),
        SignIn::AwsSigV4(settings) => Signer::AwsSigV4(aws_sigv4::aws_sigv4(settings, scope)?),
        SignIn::Hawk(settings) => Signer::Hawk(hawk::hawk(settings, scope)?),
        SignIn::Hmac(settings) => Signer::Hmac(hmac::hmac(settings, scope)?),
        SignIn::OAuth1(settings) => Signer::OAuth1(oauth1::oauth1(settings, scope)?),
    };
    Ok(Some(afresh(signer, scope.engine())))
}

/// Signs each hop with the time and randomness of that moment.
pub(crate) fn afresh(signer: Signer, engine: &Engine) -> Signing {
    let (clock, random) = (engine.clock.clone(), engine.random.clone());
    Signing::new(signer, move || Fresh {
        at: clock.now(),
        random: random.bytes(),
    })
}

fn text(template: &Template, scope: &CallScope<'_>) -> Result<String, BuildError> {
    Ok(template.resolve_text(scope, Place::Text)?)
}
