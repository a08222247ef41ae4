//! The provider's own description and keys (OpenID Connect Discovery 1.0), kept for a while.

use model::Clock;
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{AdditionalProviderMetadata, DiscoveryError, IssuerUrl, ProviderMetadata};
use outbound::{Client, OutboundError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use crate::error::SsoError;
use crate::http_client;

/// How long a description is believed, in seconds.
const KEPT: i64 = 60 * 60;

/// How soon it is asked for again where a token names a key that is not in it: a made-up key must not make us ask each time.
const AGAIN: i64 = 60;

/// A provider's description.
pub(crate) type Metadata = ProviderMetadata<
    Further,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What stands in a description beyond OpenID Connect's own. What cannot be read of it is as if it were not there: nobody
/// is kept out by what a sign-in does not need.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Further {
    /// Whether every redirect names the issuer (RFC 9207, section 3).
    #[serde(default, deserialize_with = "readable")]
    authorization_response_iss_parameter_supported: Option<bool>,
    /// Where tokens are given back (RFC 8414, section 2).
    #[serde(default, deserialize_with = "readable")]
    pub(crate) revocation_endpoint: Option<Url>,
}

impl AdditionalProviderMetadata for Further {}

fn readable<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}

impl Further {
    /// Whether a redirect without an issuer is not the provider's.
    pub(crate) fn names_itself(&self) -> bool {
        self.authorization_response_iss_parameter_supported == Some(true)
    }
}

/// The description that is kept.
#[derive(Default)]
pub(crate) struct Discovery(Mutex<Option<Known>>);

struct Known {
    metadata: Metadata,
    at: i64,
}

impl Discovery {
    /// The description and the keys; of many who ask at once one fetches them.
    pub(crate) async fn get(
        &self,
        issuer: &IssuerUrl,
        client: &Client,
        clock: &Clock,
    ) -> Result<Metadata, SsoError> {
        self.younger_than(KEPT, issuer, client, clock).await
    }

    /// The same, asked for anew unless that was done a moment ago: a key may have been added.
    pub(crate) async fn anew(
        &self,
        issuer: &IssuerUrl,
        client: &Client,
        clock: &Clock,
    ) -> Result<Metadata, SsoError> {
        self.younger_than(AGAIN, issuer, client, clock).await
    }

    async fn younger_than(
        &self,
        age: i64,
        issuer: &IssuerUrl,
        client: &Client,
        clock: &Clock,
    ) -> Result<Metadata, SsoError> {
        let mut known = self.0.lock().await;
        let now = clock.unix();
        if let Some(known) = &*known
            && (0..age).contains(&(now - known.at))
        {
            return Ok(known.metadata.clone());
        }
        let send = |request| http_client::send(client.clone(), clock.clone(), request);
        let metadata = Metadata::discover_async(issuer.clone(), &send)
            .await
            .map_err(unusable)?;
        *known = Some(Known {
            metadata: metadata.clone(),
            at: now,
        });
        Ok(metadata)
    }
}

/// What went wrong when keys or a description were fetched.
pub(crate) fn unusable(error: DiscoveryError<OutboundError>) -> SsoError {
    match error {
        DiscoveryError::Request(error @ OutboundError::Refused { .. }) => SsoError::Discovery(
            format!("{error}; where it is yours, allow its range by --allow-private"),
        ),
        DiscoveryError::Request(error) => SsoError::Passing(error.to_string()),
        DiscoveryError::Response(status, _, said) if status.is_server_error() => {
            SsoError::Passing(said)
        }
        DiscoveryError::Response(_, _, said) => SsoError::Discovery(said),
        DiscoveryError::Parse(error) => SsoError::Discovery(error.to_string()),
        DiscoveryError::UrlParse(error) => SsoError::Discovery(error.to_string()),
        DiscoveryError::Validation(said) | DiscoveryError::Other(said) => SsoError::Discovery(said),
        other => SsoError::Discovery(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::Further;
    use serde_json::json;

    #[test]
    fn what_no_sign_in_needs_keeps_nobody_out() {
        let readable = json!({
            "authorization_response_iss_parameter_supported": true,
            "revocation_endpoint": "https://id.test/revoke",
        });
        let read: Further = serde_json::from_value(readable).unwrap();
        assert!(read.names_itself() && read.revocation_endpoint.is_some());
        for odd in [
            json!({}),
            json!({ "revocation_endpoint": "", "authorization_response_iss_parameter_supported": "true" }),
            json!({ "revocation_endpoint": "/revoke", "authorization_response_iss_parameter_supported": null }),
        ] {
            let read: Further = serde_json::from_value(odd).unwrap();
            assert!(!read.names_itself() && read.revocation_endpoint.is_none());
        }
    }
}
