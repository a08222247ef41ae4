//! OAuth 1.0a: the client of a sign-in type or a step, with its key read.

use model::{Location, OAuth1Client, OAuth1SignIn, SignatureMethod};
use outbound::{OAuth1, OAuth1Method, OAuth1Place};
use secret::SecretString;
use template::{Place, Template};

use crate::request::BuildError;
use crate::scope::CallScope;

/// What signs each hop for the token that a definition names.
pub(super) fn oauth1(settings: &OAuth1SignIn, scope: &CallScope<'_>) -> Result<OAuth1, BuildError> {
    let secret = |template: &Option<Template>| match template {
        Some(template) => text(template, scope).map(SecretString::new),
        None => Ok(SecretString::new(String::new())),
    };
    let token = (secret(&settings.token)?, secret(&settings.token_secret)?);
    signs(&settings.client, Some(token), scope)
}

/// What signs for a client and a token.
///
/// # Errors
/// A template that cannot be resolved, or a secret that does not fit the method.
pub(crate) fn signs(
    client: &OAuth1Client,
    token: Option<(SecretString, SecretString)>,
    scope: &CallScope<'_>,
) -> Result<OAuth1, BuildError> {
    let key = text(&client.consumer_key, scope)?;
    let secret = SecretString::new(text(&client.consumer_secret, scope)?);
    let method = match client.signature_method {
        SignatureMethod::HmacSha1 => OAuth1Method::HmacSha1,
        SignatureMethod::HmacSha256 => OAuth1Method::HmacSha256,
        SignatureMethod::RsaSha1 => OAuth1Method::RsaSha1,
        SignatureMethod::Plaintext => OAuth1Method::Plaintext,
    };
    let place = match client.location {
        Location::Header => OAuth1Place::Header,
        Location::Query => OAuth1Place::Query,
        Location::Body => OAuth1Place::Body,
    };
    OAuth1::new(key, &secret, token, method, place).map_err(|error| BuildError::SignIn {
        field: "consumer_secret",
        problem: error.to_string(),
        help: error.help().to_owned(),
    })
}

fn text(template: &Template, scope: &CallScope<'_>) -> Result<String, BuildError> {
    Ok(template.resolve_text(scope, Place::Text)?)
}
