//! The client: its id, its secret, and how it proves itself (RFC 6749, section 2.3).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;
use model::{ClientAuth, OAuth2Settings, ValueTemplate};
use template::{Place, Template};

use crate::failure::Failure;
use crate::judge::unusable;
use crate::learned;
use crate::request::pairs;
use crate::step::StepContext;

/// A client with its templates resolved.
pub(crate) struct Client {
    pub(crate) id: String,
    secret: String,
    auth: ClientAuth,
}

impl Client {
    pub(crate) fn resolve(
        cx: &mut StepContext<'_>,
        step: &str,
        settings: &OAuth2Settings,
    ) -> Result<Self, Failure> {
        let id = resolve_text(cx, step, settings.client_id.as_ref())?.ok_or_else(|| {
            Failure::definition(
                "value_missing",
                format!("Step `{step}` has no `client_id`."),
            )
        })?;
        let secret = resolve_text(cx, step, settings.client_secret.as_ref())?.unwrap_or_default();
        let client = Self {
            id,
            secret,
            auth: settings.client_auth(),
        };
        learned::text(&client.secret, cx.observer);
        Ok(client)
    }

    /// The Authorization header, where the client proves itself there. Both parts are
    /// form-encoded before they are joined, which many clients forget.
    pub(crate) fn authorization(&self) -> Option<String> {
        let encode =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        match self.auth {
            ClientAuth::ClientSecretBasic => {
                let pair = format!("{}:{}", encode(&self.id), encode(&self.secret));
                Some(format!("Basic {}", STANDARD.encode(pair)))
            }
            ClientAuth::ClientSecretPost | ClientAuth::None => None,
        }
    }

    /// What the client puts into the form.
    pub(crate) fn parameters(&self) -> Vec<(String, String)> {
        let id = ("client_id".to_owned(), self.id.clone());
        match self.auth {
            ClientAuth::ClientSecretBasic => Vec::new(),
            ClientAuth::ClientSecretPost => {
                vec![id, ("client_secret".to_owned(), self.secret.clone())]
            }
            ClientAuth::None => vec![id],
        }
    }
}

/// The settings of a refresh: those written at the step, else those it inherits.
pub(crate) fn inherit(own: &OAuth2Settings, of: &OAuth2Settings) -> OAuth2Settings {
    let either = |own: &Option<Template>, of: &Option<Template>| own.clone().or(of.clone());
    OAuth2Settings {
        token_url: either(&own.token_url, &of.token_url),
        issuer: either(&own.issuer, &of.issuer),
        client_id: either(&own.client_id, &of.client_id),
        client_secret: either(&own.client_secret, &of.client_secret),
        // The same style for exchange and refresh, or the server knows the client by one only.
        client_auth: own.client_auth.or(of.client_auth),
        // What was granted is asked for again by not naming it (RFC 6749, section 6).
        scope: own.scope.clone(),
        resource: match own.resource.as_slice() {
            [] => of.resource.clone(),
            written => written.to_vec(),
        },
        token_parameters: match own.token_parameters.is_empty() {
            true => of.token_parameters.clone(),
            false => own.token_parameters.clone(),
        },
        revocation_url: either(&own.revocation_url, &of.revocation_url),
    }
}

/// The text of a setting that is there.
pub(crate) fn resolve_text(
    cx: &StepContext<'_>,
    step: &str,
    template: Option<&Template>,
) -> Result<Option<String>, Failure> {
    template
        .map(|template| template.resolve_text(&cx.scope(), Place::Text))
        .transpose()
        .map_err(|error| unusable(cx, step, error.into()))
}

/// Further parameters as keys and texts.
pub(crate) fn resolve_pairs(
    cx: &StepContext<'_>,
    step: &str,
    entries: &IndexMap<String, ValueTemplate>,
) -> Result<Vec<(String, String)>, Failure> {
    pairs(entries, "parameter", &cx.scope()).map_err(|error| unusable(cx, step, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_form_encoded_before_it_is_joined() {
        let client = |auth| Client {
            id: "s6BhdRkqt3".to_owned(),
            secret: "a:b c/d".to_owned(),
            auth,
        };
        let basic = client(ClientAuth::ClientSecretBasic);
        let expected = format!("Basic {}", STANDARD.encode("s6BhdRkqt3:a%3Ab+c%2Fd"));
        assert_eq!(basic.authorization(), Some(expected));
        assert!(basic.parameters().is_empty());
        let post = client(ClientAuth::ClientSecretPost);
        assert_eq!(post.authorization(), None);
        assert_eq!(post.parameters().len(), 2);
        assert_eq!(client(ClientAuth::None).parameters().len(), 1);
    }
}
